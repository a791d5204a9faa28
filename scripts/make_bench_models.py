"""Make models of the real ones' shape, size and cost, with random weights, in the user's cache folder: for measuring only.

    python scripts/make_bench_models.py [--only llm|voice|vosk] [--out FOLDER] [--again]

    llm    a GGUF of Qwen2.5-0.5B's shape and tokenizer, Q4_0, 429 MB (1.3 GB of disk while it works)
    voice  a Piper voice of a medium one's shape, 63 MB
    vosk   a Vosk folder of vosk-model-small-en-us-0.15's size, 70 MB

What is there already is not made again. Needs the extra [dev] (gguf, onnx, pocketsphinx for its dictionary) and, for the GGUF's
vocabulary, PyPI. Exit code 1: one could not be made.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.bench_models import llm, recogniser, voice  # noqa: E402

LLM = "qwen2.5-0.5b-shaped-q4_0.gguf"
VOICE = "en_US-shaped-medium.onnx"
VOSK = "vosk-model-small-en-us-shaped"


def cache_folder() -> Path:
    """The user's cache folder for models that are only measured."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "edge-assistant" / "bench"


def say(text: str) -> None:
    """One line of progress."""
    print(f"  {text}", flush=True)


def make_llm(path: Path, size: llm.Size | None = None) -> None:
    """The dialogue model; `path` appears whole or not at all."""
    from scripts.training.words_lexicon import dictionary

    whole, part = path.with_suffix(".f16"), path.with_suffix(".part")
    try:
        say("Qwen's vocabulary, from PyPI ...")
        ranks = llm.vocabulary()
        say("random weights ...")
        llm.write(whole, ranks, size or llm.Size(), {word for word in dictionary() if word.isalpha() and len(word) > 1})
        say("quantising to Q4_0 ...")
        llm.quantise(whole, part)
        part.replace(path)
    finally:
        whole.unlink(missing_ok=True)
        part.unlink(missing_ok=True)


def make_voice(path: Path, size: voice.Size | None = None) -> None:
    """The voice and its `.json`; `path` appears last, whole or not at all."""
    part = path.with_name(path.stem + ".part")
    sheet = part.with_name(part.name + ".json")
    try:
        say("random weights ...")
        say(f"{voice.write(part, size=size):,} parameters")
        sheet.replace(path.with_name(path.name + ".json"))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
        sheet.unlink(missing_ok=True)


def make_vosk(path: Path, size: recogniser.Size | None = None) -> None:
    """The recogniser's folder; it appears whole or not at all."""
    from scripts.training.words_lexicon import dictionary

    part = path.with_name(f".{path.name}.part")  # hidden, and without am/ below a visible name: not found while it grows
    try:
        shutil.rmtree(part, ignore_errors=True)
        recogniser.write(part, dictionary(), size or recogniser.Size(), say)
        part.replace(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


MAKERS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "llm": (LLM, make_llm),
    "voice": (VOICE, make_voice),
    "vosk": (VOSK, make_vosk),
}


def weight(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) if path.is_dir() else path.stat().st_size


def remove(path: Path) -> None:
    """A file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def main(arguments: list[str] | None = None) -> int:
    """Make what is missing, and say how it is used."""
    description, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=description, epilog=rest.partition("\n\n")[2], formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=MAKERS, action="append", help="make this one alone; may be given more than once")
    parser.add_argument("--out", type=Path, help="the folder; without it, the user's cache folder")
    parser.add_argument("--again", action="store_true", help="make what is there already anew")
    args = parser.parse_args(arguments)
    folder: Path = args.out or cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind in args.only or MAKERS:
            name, make = MAKERS[kind]
            path = folder / name
            if args.again:
                remove(path)
            if not path.exists():
                print(f"{kind}:", flush=True)
                make(path)
            print(f"{path}: {weight(path) / 1e6:.1f} MB", flush=True)
    except ImportError as error:
        print(f"make_bench_models: the package {error.name} is missing; scripts/setup --dev installs it", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"make_bench_models: {error}", file=sys.stderr)
        return 1
    print(f"Use them: .venv/bin/assistant bench stages --set models={folder} --set llm.max_tokens=32")
    print("(or one alone: --set llm.model=FILE, --set tts.voice=FILE, --set stt.model=FOLDER; random weights never end a reply)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
