"""A chat completion, to and fro: OpenAI's request as a turn of the brain, the turn's events as OpenAI's answer.

Tools stand in the system block as Qwen's template writes them; a reply that calls one is `<tool_call>` and JSON, held to that by
a grammar. The arguments go out and come back as the very text that was generated: a talk that goes on is known by its words.
"""

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import uuid4

from assistant import events
from assistant.dialogue import json_grammar
from assistant.dialogue.kit import TurnRequest
from assistant.dialogue.shelf import Message
from assistant.errors import UsageError
from assistant.protocols import Sampling
from assistant.servers import openai_types as api

_CALL = re.compile(r'<tool_call>\n\{"name": ("(?:[^"\\]|\\.)*"), "arguments": (.*)\}\n</tool_call>', re.DOTALL)
_OPEN = "<tool_call>"
_TOOLS = """# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
{listed}
</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{{"name": <function-name>, "arguments": <args-json-object>}}
</tool_call>"""
"""Qwen2.5's chat template."""
Finish = Literal["stop", "length", "tool_calls"]


def turn(request: api.ChatRequest, house: Sampling, count: int) -> TurnRequest:
    """The turn that answers a request. `count` tells apart what asks for no seed. Raises `UsageError`."""
    tools = {tool.function.name: tool.function for tool in request.tools or ()}
    messages = list(_messages(request.messages))
    if tools:
        own = messages.pop(0).text if messages[0].role == "system" else ""
        messages.insert(0, Message("system", f"{own}\n\n{_listed(request.tools or ())}".strip()))
    if all(message.role == "system" for message in messages):
        raise UsageError("messages: there must be one of the user")
    grammar = _grammar(request, tools)
    limit = request.max_completion_tokens or request.max_tokens or house.max_tokens
    stop = [request.stop] if isinstance(request.stop, str) else request.stop or []
    sampling = replace(
        house,
        temperature=house.temperature if request.temperature is None else request.temperature,
        top_p=house.top_p if request.top_p is None else request.top_p,
        max_tokens=limit,
        seed=house.seed + count if request.seed is None else request.seed,
        grammar=grammar,
        repetition_penalty=1.0 if grammar else house.repetition_penalty,  # JSON repeats its quotes
        stop=tuple(text for text in stop if text),
        logit_bias=tuple(_biases(request.logit_bias or {})),
    )
    return TurnRequest("", f"request {count}", messages=tuple(messages), sampling=sampling)


def _messages(messages: Sequence[Any]) -> Iterator[Message]:
    for message in messages:
        text = _text(message.content)
        if isinstance(message, api.ToolMessage):
            yield Message("user", f"<tool_response>\n{text}\n</tool_response>")
        elif isinstance(message, api.AssistantMessage):
            calls = [_written(call) for call in message.tool_calls or ()]
            yield Message("assistant", "\n".join([*([text] if text else []), *calls]))
        else:
            yield Message("user" if message.role == "user" else "system", text)


def _text(content: Any) -> str:
    """The text of a message."""
    if content is None or isinstance(content, str):
        return (content or "").strip()
    return "\n".join(part.text for part in content).strip()


def _written(call: api.ToolCall) -> str:
    name = json.dumps(call.function.name, ensure_ascii=False)
    return f'<tool_call>\n{{"name": {name}, "arguments": {call.function.arguments.strip() or "{}"}}}\n</tool_call>'


def _listed(tools: Sequence[api.Tool]) -> str:
    lines = (
        json.dumps(tool.model_dump(exclude_none=True, exclude={"function": {"strict"}}), ensure_ascii=False) for tool in tools
    )
    return _TOOLS.format(listed="\n".join(lines))


def _grammar(request: api.ChatRequest, tools: dict[str, api.Function]) -> str:
    """What the reply may be; "" for anything."""
    wanted, choice = request.response_format, request.tool_choice
    if tools and choice == "none" and (wanted is None or wanted.type == "text"):
        return json_grammar.calls({})  # they stand in the prompt as before, and talk is all that is left
    if choice != "none" and (tools or choice not in (None, "auto")):
        if wanted is not None and wanted.type != "text":
            raise UsageError(f"response_format: {wanted.type} beside tools is not served")
        if isinstance(choice, api.NamedTool):
            if choice.function.name not in tools:
                raise UsageError("tool_choice: it names no tool of the request")
            tools = {choice.function.name: tools[choice.function.name]}
        elif not tools:
            raise UsageError("tool_choice: there are no tools to call")
        schemas = {name: function.parameters or {} for name, function in tools.items()}
        return json_grammar.calls(schemas) if choice in (None, "auto") else json_grammar.calls(schemas, talk="")
    if isinstance(wanted, api.SchemaFormat):
        return json_grammar.of_schema(wanted.json_schema.schema_ or {})
    return json_grammar.any_object() if wanted is not None and wanted.type == "json_object" else ""


def _biases(asked: dict[str, float]) -> Iterator[tuple[int, float]]:
    for token, bias in asked.items():
        if not re.fullmatch(r"\d{1,9}", token):
            raise UsageError("logit_bias: its keys are token numbers")
        yield int(token), float(bias) if bias > -100 else float("-inf")


@dataclass
class Answer:
    """A reply as it comes: pieces of text go out, a call of a tool is held back until it is whole."""

    model: str
    limit: int
    """Most tokens of the reply."""
    context: int
    tools: bool

    def __post_init__(self) -> None:
        self.id = f"chatcmpl-{uuid4().hex}"
        self.created = int(time.time())
        self._text = ""
        self._told = 0

    def more(self, token: str) -> str:
        """The text that may go out now."""
        self._text += token
        if self.tools and _OPEN.startswith(self._text[: len(_OPEN)]):
            return ""
        new, self._told = self._text[self._told :], len(self._text)
        return new

    def calls(self) -> list[api.ToolCall] | None:
        """The call that the whole reply is; None: it is talk."""
        found = _CALL.fullmatch(self._text.strip()) if self.tools else None
        if found is None:
            return None
        function = api.CalledFunction(name=json.loads(found[1]), arguments=found[2])
        return [api.ToolCall(id=f"call_{uuid4().hex[:24]}", function=function)]

    def rest(self) -> str:
        """What was held back and is no call after all: one that was cut off."""
        return self._text[self._told :]

    def finish(self, done: events.Completed) -> Finish:
        """Why it ended."""
        if done.completion_tokens >= self.limit or done.prompt_tokens + done.completion_tokens >= self.context:
            return "length"
        return "tool_calls" if self.calls() else "stop"

    def usage(self, done: events.Completed) -> api.Usage:
        """Tokens."""
        return api.Usage(
            prompt_tokens=done.prompt_tokens,
            completion_tokens=done.completion_tokens,
            total_tokens=done.prompt_tokens + done.completion_tokens,
            prompt_tokens_details=api.PromptDetails(cached_tokens=done.prompt_tokens - done.prompt_tokens_evaluated),
        )

    def whole(self, done: events.Completed) -> api.Completion:
        """The answer that is no stream."""
        calls = self.calls()
        reply = api.Reply(content=None if calls else self._text, tool_calls=calls)
        choice = api.Choice(message=reply, finish_reason=self.finish(done))
        return api.Completion(id=self.id, created=self.created, model=self.model, choices=[choice], usage=self.usage(done))

    def chunk(self, delta: dict[str, Any], finish: Finish | None = None, usage: bool = False) -> str:
        """An event of the stream; `usage`: the others have it as null."""
        return self._event(
            [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}], {"usage": None} if usage else {}
        )

    def end(self, done: events.Completed, usage: bool) -> Iterator[str]:
        """The stream's last events."""
        if calls := self.calls():
            yield self.chunk({"tool_calls": [{"index": n} | call.model_dump() for n, call in enumerate(calls)]}, usage=usage)
        elif rest := self.rest():
            yield self.chunk({"content": rest}, usage=usage)
        yield self.chunk({}, self.finish(done), usage)
        if usage:
            yield self._event([], {"usage": self.usage(done).model_dump()})
        yield "data: [DONE]\n\n"

    def _event(self, choices: list[Any], more: dict[str, Any]) -> str:
        head = {"id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": self.model}
        return f"data: {json.dumps({**head, 'choices': choices, **more})}\n\n"
