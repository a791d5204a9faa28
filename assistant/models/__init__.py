"""Where models are found: folders of models, newest place first; nothing is loaded here.

The rooms of this package get models and keep them: `catalog` (what there is), `advice` (what fits a board), `board` (this one),
`download`, `unpack`, `store` (the folder that models are put into), `pull` and `imports` (which join them).

A Vosk model is a folder with `am/final.mdl`; its language is in its name (`vosk-model-small-en-us-0.15`, `vosk-zh`). A language
model is a `.gguf` file; so is an embedder, of a BERT. A Piper voice is an `.onnx` file with its `.onnx.json` beside it.
`starter/` holds the small ones that ship with the program: they are taken last, since anything downloaded is better.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.folders import cache_folder, data_folder

SHIPPED = Path(__file__).resolve().parent.parent.parent / "models"
RESEARCH_SPEAKERS = frozenset({"alan", "hfc_female", "hfc_male", "l2arctic", "lessac", "ryan"})
"""Speakers of Piper voices whose recordings' licences forbid commercial use (their model cards)."""
_LATER_PART = re.compile(r"-(?!00001)\d{5}-of-\d{5}\.gguf$")  # llama.cpp is pointed at the first part and finds the others
_BERT = re.compile(rb"general\.architecture\x08\0\0\0.{8}[a-z0-9-]*bert", re.DOTALL)
_LANGUAGE_MARKS = {"en": ("en",), "zh": ("zh", "cn")}


@dataclass(frozen=True)
class Models:
    """The folders that are searched, in order."""

    roots: tuple[Path, ...]

    def vosk(self, language: str) -> list[Path]:
        """Vosk folders of a language, the largest first, the starter last."""
        found = [p.parent.parent for root in self.roots for p in sorted(root.glob("*/am/final.mdl"))]
        found.sort(key=folder_bytes, reverse=True)
        found += [p.parent.parent for root in self.roots for p in sorted(root.glob("starter/*/am/final.mdl"))]
        return [folder for folder in found if vosk_language(folder) == language]

    def gguf(self) -> list[Path]:
        """GGUF files of language models, the largest first, the starter last."""
        found = [p for root in self.roots for p in root.glob("*.gguf") if not _LATER_PART.search(p.name) and not embeds(p)]
        found.sort(key=lambda p: p.stat().st_size, reverse=True)
        return found + [p for root in self.roots for p in sorted(root.glob("starter/*.gguf"))]

    def embedders(self, language: str = "") -> list[Path]:
        """GGUF files of embedders (of a language): here, in folders of their own, then what scripts/make_embedder.py made."""
        places = [root.glob(pattern) for root in self.roots for pattern in ("*.gguf", "*/*.gguf")]
        places.append((cache_folder() / "embedder").glob("*.gguf"))
        return [p for found in places for p in sorted(found) if embeds(p) and language in ("", *embedder_languages(p))]

    def piper(self, language: str) -> list[Path]:
        """Piper voices of a language (`en_US-amy-low.onnx`), by name."""
        found = [p for root in self.roots for p in sorted(root.glob(f"{language}_*.onnx"))]
        return [p for p in found if p.with_name(p.name + ".json").is_file()]

    def find(self, name: str) -> Path | None:
        """A model by path, or by its name in one of the folders."""
        places = [Path(name).expanduser(), *(root / sub / name for root in self.roots for sub in ("", "starter"))]
        return next((place for place in places if place.exists()), None)


def model_roots(configured: str, environ: Mapping[str, str] = os.environ) -> Models:
    """The folders in force: the configured one alone, else the user's data folder, then what ships with the program."""
    if configured:
        return Models((Path(configured).expanduser(), SHIPPED))
    return Models((data_folder(environ) / "models", SHIPPED))


def research_only(voice: Path) -> bool:
    """Whether a Piper voice (`en_US-lessac-medium.onnx`) may be used for research only."""
    return "".join(voice.stem.split("-")[1:2]) in RESEARCH_SPEAKERS


def embeds(path: Path) -> bool:
    """Whether a GGUF holds an embedder: its architecture, which stands first in the file, is a BERT's."""
    try:
        with path.open("rb") as file:
            return _BERT.search(file.read(4096)) is not None
    except OSError:
        return False


def embedder_languages(path: Path) -> tuple[str, ...]:
    """The languages that an embedder's name says it knows; English where it says nothing."""
    parts = path.stem.lower().replace("_", "-").split("-")
    if "multilingual" in parts:
        return tuple(_LANGUAGE_MARKS)
    return tuple(code for code, marks in _LANGUAGE_MARKS.items() if any(mark in parts for mark in marks)) or ("en",)


def vosk_language(folder: Path) -> str:
    """The language in a Vosk folder's name, "" when there is none."""
    parts = folder.name.lower().replace("_", "-").split("-")
    return next((code for code, marks in _LANGUAGE_MARKS.items() if any(mark in parts for mark in marks)), "")


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
