"""`assistant eval documents`: what is found in invented documents, asked in other words, and what is asked that they do not
say.

The documents and questions (documents/*.yaml) were written before the search; all are kept in one store, English and Chinese,
and each question is asked of all. Thresholds and word lists were set on others (tests/documents_dev). Since results of these
were looked at in between, two documents were written after the last change: `unseen` are the figures of their questions alone,
few as they are. `reached` counts the first three passages whatever their score; everything else is what a person gets: nothing
below the guard. `refused` is by the guard alone; "refused in the end" by it, or by the language model in force that was given the
passage and says that it does not hold the answer, in the words that the starter was taught.
"""

import tempfile
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from assistant.bench.result import Figure, Result, machine, versions
from assistant.config import Config
from assistant.dialogue.prompt import PERSONA
from assistant.evals.starter import Message, greedy_reply
from assistant.memory.document_store import DocumentStore
from assistant.memory.documents import Documents, Found
from assistant.memory.meaning import Made, Meaning
from assistant.protocols import ChatModel

REACHED, ANSWERED, REFUSED = 0.95, 0.85, 0.9
ABSENT = ("the text does not say that", "这里没有说")
"""What the starter says of a passage that does not hold the answer."""


class Asked(NamedTuple):
    """A question."""

    language: str
    text: str
    document: str
    values: tuple[str, ...] = ()
    """Any of which a right answer holds; none: the documents do not say."""
    unseen: bool = False
    """Its document was written after the last change to the search's rules."""


def measure(config: Config, quick: bool) -> Result:
    """Measure both languages by full text alone and, where there is an embedder, fused; `quick` asks a quarter."""
    from assistant.engines import auto
    from assistant.models import model_roots

    roots = model_roots(config.models)
    choice = auto.embed(config, roots)
    llm, model = auto.first_that_loads(auto.llm(config, roots))
    models = {"documents": "full text alone", "llm": str(llm)}
    try:
        figures = {f"{name}, words": figure for name, figure in _measured(None, model, quick).items()}
        if choice is not None:
            figures |= {f"{name}, fused": figure for name, figure in _measured(choice, model, quick).items()}
            models["embed"] = f"fused with {choice}"
    finally:
        model.close()
    return Result(machine(), versions("pypdf", "beautifulsoup4", "llama-cpp-python"), models, figures)


def _measured(embedder: Made | None, model: ChatModel, quick: bool) -> dict[str, Figure]:
    with tempfile.TemporaryDirectory() as folder:
        found = Documents(DocumentStore(Path(folder) / "data"), Meaning(embedder))  # closes it too
        try:
            asked = list(_kept(found, Path(folder), sets()))
            for _ in found.embed_missing():
                pass
            asked = asked[:: 4 if quick else 1]
            apart = figures(found, [one for one in asked if one.unseen], model)
            told = {f"{name}, unseen": Figure(figure.value, figure.unit) for name, figure in apart.items()}
            return figures(found, asked, model) | told
        finally:
            found.close()


def sets(folder: Path | None = None) -> list[dict[str, Any]]:
    """The documents with their questions, from the package or another folder."""
    places = sorted((folder or files("assistant.evals").joinpath("documents")).iterdir(), key=lambda place: place.name)
    return [yaml.safe_load(place.read_text(encoding="utf-8")) for place in places if place.name.endswith(".yaml")]


def _kept(found: Documents, folder: Path, documents: Sequence[dict[str, Any]]) -> Iterator[Asked]:
    """Keep the documents; yields their questions."""
    for one in documents:
        path = folder / one["name"]
        path.write_text(one["text"], encoding="utf-8")
        found.add(path)
        for text, values, _ in one["asked"]:
            yield Asked(one["language"], text, one["name"], tuple(values.split("|")), one.get("unseen", False))
        for text in one["not_asked"]:
            yield Asked(one["language"], text, one["name"], (), one.get("unseen", False))


def figures(found: Documents, asked: Sequence[Asked], model: ChatModel) -> dict[str, Figure]:
    """The figures for each language."""
    made: dict[str, Figure] = {}
    for code in ("en", "zh"):
        answerable = [one for one in asked if one.language == code and one.values]
        others = [one for one in asked if one.language == code and not one.values]
        got = {one: found.find(one.text) for one in answerable}
        reached = sum(_reached(one, found.find(one.text, guarded=False)) for one in answerable)
        right = sum(bool(got[one]) and _holds(one, got[one][0].sentence) for one in answerable)
        wrong = sum(bool(got[one]) and not _holds(one, got[one][0].sentence) for one in answerable)
        refused = sum(not found.find(one.text) for one in others)
        in_the_end = sum(_refused(found, model, one) for one in others)
        of, never = f"of {len(answerable)}", f"of {len(others)} that no document answers"
        made |= {
            f"reached.{code}": Figure(reached / len(answerable), f"{of}: value in the first 3 passages", REACHED, "higher"),
            f"found.{code}": Figure(
                sum(_reached(one, got[one]) for one in answerable) / len(answerable), f"{of}, past the guard"
            ),
            f"answered.{code}": Figure(right / len(answerable), f"{of}: value in the sentence", ANSWERED, "higher"),
            f"wrong.{code}": Figure(wrong / len(answerable), f"{of}: another sentence"),
            f"refused.{code}": Figure(refused / len(others), f"{never}, by the guard", better="higher"),
            f"refused in the end.{code}": Figure(in_the_end / len(others), never, REFUSED, "higher"),
        }
    return made


def _refused(found: Documents, model: ChatModel, one: Asked) -> bool:
    """Whether no document's sentence is said, and the model that is given a passage says that it is not in it."""
    quote = found.quote(one.text, one.language)
    if quote is None or quote.sure:
        return quote is None
    told = [Message(role="system", content=text) for text in (PERSONA[one.language], quote.passage)]
    said = greedy_reply(model, [*told, Message(role="user", content=one.text)])
    return said.lower().rstrip(".。") in ABSENT


def _reached(one: Asked, found: Sequence[Found]) -> bool:
    return any(passage.document == one.document and _holds(one, passage.text) for passage in found)


def _holds(one: Asked, text: str) -> bool:
    plain = "".join(text.lower().split())
    return any("".join(value.lower().split()) in plain for value in one.values)
