"""What fits a board: a pure function of its facts. Every choice comes with the reason that is printed.

For each kind there is a list of wishes, the best first; the first that fits the board's memory, storage and processor is taken.
Only models whose licence allows commercial use are wished for, or, where a language has none, those whose licence is unclear.
Needs are estimates from the files' sizes: weights, the cells of two conversations, buffers, an archive beside what it unpacks to.
"""

from dataclasses import dataclass

from assistant.models.catalog import Catalog, Model

MIB = 1 << 20
SYSTEM = 600 * MIB
"""Memory that the system, Python and the small engines take before any of these models."""
UNPACKED = 2.5
"""What an archive of the catalogue unpacks to at most, in sizes of the archive (vosk-model-small-cn-0.22: 1.6)."""
SPARE = 64 * MIB
"""Storage that is left free."""


@dataclass(frozen=True)
class Board:
    """The facts of a machine."""

    name: str
    memory: int
    """Bytes of RAM."""
    cores: int
    dotprod: bool
    """Integer dot products of the processor: asimddp on ARM (a Pi 5 has it, a Pi 4 not), AVX2 on x86."""
    arm: bool
    free: int
    """Bytes of storage free where models are put."""


@dataclass(frozen=True)
class Pick:
    """What was chosen for a kind; `model` None: what ships with the program serves better."""

    kind: str
    model: Model | None
    why: str


@dataclass(frozen=True)
class _Wish:
    id: str
    dotprod: bool = False
    """Too slow to talk with unless the processor has dot products."""
    cores: int = 1
    desktop: bool = False
    """Not measured on small ARM boards."""


_LLM = (_Wish("qwen2.5-1.5b-instruct-q4_0", dotprod=True, cores=4), _Wish("qwen2.5-0.5b-instruct-q4_0", cores=2))
_WISHES = {
    ("asr", "en"): (_Wish("vosk-model-en-us-0.22-lgraph", cores=4, desktop=True), _Wish("vosk-model-small-en-us-0.15")),
    ("asr", "zh"): (_Wish("vosk-model-small-cn-0.22"),),
    ("tts-voice", "en"): (_Wish("piper-en_US-ljspeech-medium", cores=2), _Wish("piper-en_US-kristin-medium", cores=2)),
    ("tts-voice", "zh"): (_Wish("piper-zh_CN-huayan-medium", dotprod=True, cores=4), _Wish("piper-zh_CN-huayan-x_low")),
    ("llm", "en"): _LLM,
    ("llm", "zh"): _LLM,
}
_NONE = {"asr": "the recogniser that ships stays", "llm": "the starter model stays", "tts-voice": "flite or espeak-ng speaks"}
KINDS = ("asr", "tts-voice", "llm")
"""In this order memory is given out: what the language model gets is what the others leave."""


def memory_of(model: Model) -> int:
    """Bytes of RAM a model takes while it works, estimated."""
    match model.kind:
        case "llm":
            return model.bytes + 300 * MIB
        case "asr":
            return max(300 * MIB, 6 * model.bytes)  # Vosk's own page: about 300 MB for the small ones
        case "tts-voice":
            return 2 * model.bytes + 60 * MIB
        case _:
            return 2 * model.bytes


def storage_of(model: Model) -> int:
    """Bytes of storage a pull of it takes at its peak."""
    return round(sum((UNPACKED + 1 if file.archive else 1) * (file.bytes or 0) for file in model.files))


def recommend(catalog: Catalog, board: Board, language: str) -> list[Pick]:
    """Recogniser, voice and language model for a board, each with its reason."""
    memory, storage = board.memory - SYSTEM, board.free - SPARE
    picks = []
    for kind in KINDS:
        pick = _choose(catalog, board, kind, language, memory, storage)
        if pick.model is not None:
            memory -= memory_of(pick.model)
            storage -= storage_of(pick.model)
        picks.append(pick)
    return picks


def _choose(catalog: Catalog, board: Board, kind: str, language: str, memory: int, storage: int) -> Pick:
    passed: list[str] = []
    for wish in _WISHES.get((kind, language), ()):
        model = catalog.models.get(wish.id)
        if model is None:
            continue
        against = _against(model, wish, board, memory, storage)
        if against:
            passed.append(f"not {model.id}: {against}")
            continue
        why = [f"takes about {_mib(memory_of(model))} of the {_mib(memory)} of memory left for it", *passed]
        if model.commercial_use != "yes":
            why.append("its licence is unclear, and the catalogue has no clearer one that fits")
        return Pick(kind, model, "; ".join(why))
    return Pick(
        kind, None, "; ".join([_NONE[kind], *passed]) if passed else f"{_NONE[kind]}: the catalogue has none for {language}"
    )


def _against(model: Model, wish: _Wish, board: Board, memory: int, storage: int) -> str:
    """What speaks against a model on a board; "" when it fits."""
    if model.commercial_use == "no":
        return "its licence forbids commercial use"
    if wish.dotprod and not board.dotprod:
        return "too slow without the processor's dot products"
    if board.cores < wish.cores:
        return f"too slow on {board.cores} core{'s' * (board.cores > 1)}"
    if wish.desktop and board.arm:
        return "too heavy for a small ARM board beside a language model"
    if memory_of(model) > memory:
        return f"needs about {_mib(memory_of(model))} of memory, {_mib(max(memory, 0))} are left"
    if storage_of(model) > storage:
        return f"needs {_mib(storage_of(model))} of storage, {_mib(max(storage, 0))} are left"
    return ""


def _mib(count: int) -> str:
    return f"{count // MIB:,} MiB"
