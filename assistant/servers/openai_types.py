"""What OpenAI's API takes and gives, as far as it is served: types that also are the OpenAPI document.

What is not served stands here with the one value that is (`n: Literal[1]`), or not at all: both are refused by name.
"""

from typing import Annotated, Any, Literal

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field

MAX_MESSAGES = 512
Nothing = Annotated[list[Any], Field(max_length=0)]
Text = str


class Taken(BaseModel):
    """Base of what comes in: what is unknown is refused."""

    model_config = ConfigDict(extra="forbid")


class Error(BaseModel):
    """What went wrong."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorBody(BaseModel):
    """Every answer that is no success."""

    error: Error


class TextPart(Taken):
    """A piece of a message; only text is served."""

    type: Literal["text"]
    text: Text


class CalledFunction(Taken):
    """A function and its arguments, JSON as text."""

    name: str = Field(min_length=1, max_length=64)
    arguments: Text


class ToolCall(Taken):
    """A call that a reply asked for."""

    id: str = Field(max_length=100)
    type: Literal["function"] = "function"
    function: CalledFunction


Content = Text | Annotated[list[TextPart], Field(min_length=1, max_length=64)]


class SystemMessage(Taken):
    """Who the assistant is."""

    role: Literal["system", "developer"]
    content: Content
    name: str | None = None


class UserMessage(Taken):
    """What the user said."""

    role: Literal["user"]
    content: Content
    name: str | None = None


class AssistantMessage(Taken):
    """What was replied."""

    role: Literal["assistant"]
    content: Content | None = None
    tool_calls: list[ToolCall] | None = None
    refusal: None = None
    annotations: Nothing | None = None
    audio: None = None
    function_call: None = None
    name: str | None = None


class ToolMessage(Taken):
    """What a called function gave."""

    role: Literal["tool"]
    content: Content
    tool_call_id: str = Field(max_length=100)


Message = Annotated[SystemMessage | UserMessage | AssistantMessage | ToolMessage, Field(discriminator="role")]


class Function(Taken):
    """A function that may be called."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    description: Text | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Tool(Taken):
    """A tool; only functions are served."""

    type: Literal["function"]
    function: Function


class NamedFunction(Taken):
    """The name alone."""

    name: str


class NamedTool(Taken):
    """The tool that must be called."""

    type: Literal["function"]
    function: NamedFunction


class PlainFormat(Taken):
    """Text, or any JSON object."""

    type: Literal["text", "json_object"]


class JsonSchema(Taken):
    """A schema and its name."""

    name: str = Field(min_length=1, max_length=64)
    description: Text | None = None
    schema_: dict[str, Any] | None = Field(None, alias="schema")
    strict: bool | None = None


class SchemaFormat(Taken):
    """JSON that a schema describes."""

    type: Literal["json_schema"]
    json_schema: JsonSchema


class StreamOptions(Taken):
    """Options of a stream."""

    include_usage: bool = False
    include_obfuscation: Literal[False] = False


Share = Annotated[float, Field(ge=-100, le=100)]


class ChatRequest(Taken):
    """`/v1/chat/completions`."""

    model: str = Field(max_length=200)
    messages: list[Message] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    max_tokens: int | None = Field(None, ge=1, le=1_000_000)
    max_completion_tokens: int | None = Field(None, ge=1, le=1_000_000)
    stop: str | Annotated[list[str], Field(max_length=4)] | None = None
    seed: int | None = Field(None, ge=-(2**63), lt=2**63)
    logit_bias: Annotated[dict[str, Share], Field(max_length=300)] | None = None
    response_format: Annotated[PlainFormat | SchemaFormat, Field(discriminator="type")] | None = None
    tools: Annotated[list[Tool], Field(max_length=64)] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedTool | None = None
    parallel_tool_calls: bool | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    metadata: dict[str, str] | None = None
    n: Literal[1] | None = 1
    logprobs: Literal[False] | None = None
    top_logprobs: Literal[0] | None = None
    presence_penalty: Literal[0] | None = None
    frequency_penalty: Literal[0] | None = None
    modalities: Annotated[list[Literal["text"]], Field(min_length=1, max_length=1)] | None = None
    service_tier: Literal["auto", "default"] | None = None
    store: Literal[False] | None = None


class PromptDetails(BaseModel):
    """Of the prompt's tokens."""

    cached_tokens: int
    """Those that did not have to be computed."""
    audio_tokens: int = 0


class CompletionDetails(BaseModel):
    """Of the reply's tokens."""

    reasoning_tokens: int = 0
    audio_tokens: int = 0


class Usage(BaseModel):
    """Tokens that were read and written."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptDetails
    completion_tokens_details: CompletionDetails = CompletionDetails()


class Reply(BaseModel):
    """The assistant's message."""

    role: Literal["assistant"] = "assistant"
    content: str | None
    refusal: None = None
    tool_calls: list[ToolCall] | None = None


class Choice(BaseModel):
    """A reply and why it ended."""

    index: int = 0
    message: Reply
    logprobs: None = None
    finish_reason: Literal["stop", "length", "tool_calls"]


class Completion(BaseModel):
    """The answer of `/v1/chat/completions`."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage


class Model(BaseModel):
    """A model that is served."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str


class Models(BaseModel):
    """All of them."""

    object: Literal["list"] = "list"
    data: list[Model]


class SpeechRequest(Taken):
    """`/v1/audio/speech`."""

    model: str = Field(max_length=200)
    input: str = Field(min_length=1, max_length=4096)
    voice: str = Field(max_length=100)
    response_format: Literal["wav", "pcm"] = "wav"
    speed: Literal[1] = 1
    stream_format: Literal["audio"] = "audio"


class TranscriptionRequest(Taken):
    """`/v1/audio/transcriptions`, a form."""

    file: UploadFile
    model: str = Field(max_length=200)
    language: str | None = Field(None, max_length=20)
    response_format: Literal["json", "text"] = "json"
    temperature: Literal["0", "0.0"] | None = None
    stream: Literal["false", "False"] | None = None


class Transcription(BaseModel):
    """The words."""

    text: str
