"""A GGUF with Qwen2.5-0.5B's shape, tokenizer and cost, random weights (Q4_0, 429 MB): for measuring only.

The vocabulary is the public Qwen one (qwen.tiktoken), which the PyPI package dashscope carries; pip downloads that archive and
nothing of it is installed or kept. Weights are made in F16 (1.3 GB of disk while it works) and quantised to Q4_0 by llama.cpp.
What it says is plain words in any order, with a full stop or a comma as often as in talk, so that clauses and their speech are as
long as real ones. A reply never ends by itself.
"""

import base64
import ctypes
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.engines.llama.library import cause, library

PACKAGE, RESOURCE = "dashscope", "dashscope/resources/qwen.tiktoken"
Floats = npt.NDArray[np.float32]
SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
DEVIATION, ADDED, LOUD = 0.02, 0.25, 4.0
"""Of a weight; how much smaller those are by which a layer adds to what flows through; how much larger the output's for words."""
WORDS = 1000
"""That it says: those whose token is most usual."""
MARKS = {b".": 0.10, b",": 0.06}
"""Share of the words after which it says one."""
MARK = 1.0
"""How surely."""


@dataclass(frozen=True)
class Size:
    """Qwen2.5-0.5B's."""

    width: int = 896
    heads: int = 14
    kv_heads: int = 2
    inner: int = 4864
    layers: int = 24
    vocabulary: int = 151936


def vocabulary() -> dict[bytes, int]:
    """The byte strings of Qwen's vocabulary and their merge ranks. Raises `OSError`."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
        got = subprocess.run([*command, "--dest", folder, PACKAGE], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        wheels = list(Path(folder).glob(f"{PACKAGE}*.whl"))
        if got.returncode or not wheels:
            errors = [line for line in got.stderr.splitlines() if line.startswith("ERROR:")]
            raise OSError(f"pip could not download {PACKAGE}{': ' + errors[-1] if errors else ''}")
        with zipfile.ZipFile(wheels[0]) as wheel:
            lines = wheel.read(RESOURCE).splitlines()
    pairs = (line.split() for line in lines if line)
    return {base64.b64decode(text): int(rank) for text, rank in pairs}


def split(token: bytes, ranks: dict[bytes, int]) -> tuple[bytes, bytes]:
    """The two parts whose merge makes `token`: byte-pair encoding of it with only the merges that come before its own."""
    parts = [token[i : i + 1] for i in range(len(token))]
    while len(parts) > 2:
        joined = [(ranks.get(a + b, len(ranks)), i) for i, (a, b) in enumerate(pairwise(parts))]
        _, best = min(joined)
        parts[best : best + 2] = [parts[best] + parts[best + 1]]
    return parts[0], parts[1]


def printable() -> list[str]:
    """The character that stands for each byte in a byte-level vocabulary file."""
    plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
    spare = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(spare)) for byte in range(256)]


def spoken(ordered: Sequence[bytes], words: Container[str]) -> list[int]:
    """The tokens that it may say: those of the most usual of `words`, with the space before."""
    found = [i for i, token in enumerate(ordered) if token[:1] == b" " and token[1:].decode("ascii", "replace") in words]
    return found[:WORDS]


def tune(output: Floats, embeddings: Floats, ordered: Sequence[bytes], words: Container[str]) -> None:
    """Make the output prefer words, and marks after some of them: a mark's row is the sum of those words' embeddings."""
    said = spoken(ordered, words)
    output[said] *= LOUD
    first = 0
    for mark, share in MARKS.items():
        count = round(share * len(said))
        output[ordered.index(mark)] = MARK * embeddings[said[first : first + count]].sum(0)
        first += count


def write(path: Path, ranks: dict[bytes, int], size: Size, words: Container[str]) -> None:
    """Write the model in F16."""
    import gguf

    table = printable()
    ordered = sorted(ranks, key=ranks.__getitem__)

    def text(token: bytes) -> str:
        return "".join(table[byte] for byte in token)

    tokens = [*map(text, ordered), *SPECIALS]
    known = len(tokens)
    tokens += [f"[unused{i}]" for i in range(known, size.vocabulary)]
    kinds = [gguf.TokenType.NORMAL] * len(ordered) + [gguf.TokenType.CONTROL] * len(SPECIALS)
    kinds += [gguf.TokenType.UNUSED] * (size.vocabulary - known)

    out = gguf.GGUFWriter(str(path), "qwen2")
    out.add_name("Qwen2.5-0.5B's shape, random weights")
    out.add_context_length(32768)
    out.add_embedding_length(size.width)
    out.add_block_count(size.layers)
    out.add_feed_forward_length(size.inner)
    out.add_head_count(size.heads)
    out.add_head_count_kv(size.kv_heads)
    out.add_rope_freq_base(1e6)
    out.add_layer_norm_rms_eps(1e-6)
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("qwen2")
    out.add_token_list(tokens)
    out.add_token_types(kinds)
    out.add_token_merges([" ".join(map(text, split(token, ranks))) for token in ordered if len(token) > 1])
    out.add_eos_token_id(tokens.index("<|im_end|>"))
    out.add_add_bos_token(False)

    random = np.random.default_rng(0)

    def draw(rows: int, columns: int, factor: float = 1.0) -> Floats:
        return random.standard_normal((rows, columns), dtype=np.float32) * np.float32(factor * DEVIATION)

    def matrix(name: str, values: Floats) -> None:
        out.add_tensor(f"{name}.weight", values.astype(np.float16))

    def vector(name: str, length: int, value: float) -> None:
        out.add_tensor(name, np.full(length, value, np.float32))

    shared = size.width // size.heads * size.kv_heads
    embeddings, output = draw(size.vocabulary, size.width), draw(size.vocabulary, size.width)
    tune(output, embeddings, ordered, words)
    matrix("token_embd", embeddings)
    matrix("output", output)  # the published small files carry it apart from the embeddings
    vector("output_norm.weight", size.width, 1)
    for layer in range(size.layers):
        at = f"blk.{layer}."
        vector(at + "attn_norm.weight", size.width, 1)
        vector(at + "ffn_norm.weight", size.width, 1)
        for part, rows in (("q", size.width), ("k", shared), ("v", shared)):
            matrix(f"{at}attn_{part}", draw(rows, size.width))
            vector(f"{at}attn_{part}.bias", rows, 0)
        matrix(at + "attn_output", draw(size.width, size.width, ADDED))
        matrix(at + "ffn_gate", draw(size.inner, size.width))
        matrix(at + "ffn_up", draw(size.inner, size.width))
        matrix(at + "ffn_down", draw(size.width, size.inner, ADDED))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def quantise(whole: Path, out: Path) -> None:
    """Q4_0 of an F16 model, by llama.cpp. Raises `OSError`."""
    lib = library()
    params = lib.llama_model_quantize_default_params()
    params.ftype = lib.LLAMA_FTYPE_MOSTLY_Q4_0
    params.nthread = max(1, (os.cpu_count() or 2) - 1)
    code = lib.llama_model_quantize(os.fsencode(whole), os.fsencode(out), ctypes.byref(params))
    if code:
        raise OSError(f"llama.cpp could not quantise {whole}: code {code}, {cause[0] or 'no reason given'}")
