"""Language models through llama.cpp: any GGUF with a ChatML vocabulary (Qwen2, Qwen2.5, Qwen3 with thinking off).

Rooms: gguf_header (what a file says of itself), fit (whether it fits memory), library (llama.cpp, its log and threads),
model (loading, vocabulary, cells), session (one conversation), sampler (the next token), stops (texts that end a reply),
kv_files and talk_files (computed beginnings and whole conversations on disk), disk (how they are written), tuning (threads that
were measured), embed (texts as directions: another kind of model, through the same library).
A chat template in a file is never used.
"""

from pydantic import Field

from assistant.config import Section, parse_section
from assistant.engines.base import LlmSpec, unavailable
from assistant.protocols import ChatModel


class Settings(Section):
    """Settings of this engine alone (`llm.options`)."""

    prefill_threads: int = Field(0, ge=0, le=64, description="threads that read the prompt; 0: as llm.threads, or chosen")


def make(spec: LlmSpec) -> ChatModel:
    """Check and load a model.

    Raises `ModelNotFound`, `ModelUnsupported`, `ModelDamaged`, `ModelTooBig`, `ConfigError` and `EngineUnavailable`.
    """
    settings = parse_section(Settings, spec.options, ("llm", "options"))
    from assistant.engines.llama.model import LlamaModel

    try:
        return LlamaModel(spec, settings.prefill_threads)
    except ImportError as error:
        raise unavailable("llm", "llama", error) from error
