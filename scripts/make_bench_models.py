"""Write a GGUF with Qwen2.5-0.5B's shape, tokenizer and cost, and random weights, into the user's cache: for measuring only.

    python scripts/make_bench_models.py [--out FILE] [--layers N]

The vocabulary is the public Qwen one (qwen.tiktoken), which the PyPI package dashscope carries; pip downloads that archive and
nothing of it is installed or kept. Weights are made in F16 and quantised to Q4_0 by llama.cpp. Needs the extra [dev] (gguf).
Takes a few minutes and 1.3 GB of disk while it works; the file is 429 MB.
"""

import argparse
import base64
import ctypes
import os
import subprocess
import sys
import tempfile
import zipfile
from itertools import pairwise
from pathlib import Path

import gguf
import numpy as np

EMBD, HEADS, KV_HEADS, FF, LAYERS, VOCAB = 896, 14, 2, 4864, 24, 151936
SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
FILE = "qwen2.5-0.5b-shaped-q4_0.gguf"


def cache_folder() -> Path:
    """The user's cache folder for models that are only measured."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "edge-assistant" / "bench"


def vocabulary() -> dict[bytes, int]:
    """The byte strings of Qwen's vocabulary and their merge ranks."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "dashscope"]
        subprocess.run(command, check=True)
        with zipfile.ZipFile(next(Path(folder).glob("dashscope*.whl"))) as wheel:
            lines = wheel.read("dashscope/resources/qwen.tiktoken").splitlines()
    pairs = (line.split() for line in lines if line)
    return {base64.b64decode(text): int(rank) for text, rank in pairs}


def split(token: bytes, ranks: dict[bytes, int]) -> tuple[bytes, bytes]:
    """The two parts whose merge makes `token`: byte-pair encoding of it with only the merges that come before its own."""
    parts = [token[i : i + 1] for i in range(len(token))]
    while len(parts) > 2:
        joined = [(ranks.get(a + b, VOCAB), i) for i, (a, b) in enumerate(pairwise(parts))]
        _, best = min(joined)
        parts[best : best + 2] = [parts[best] + parts[best + 1]]
    return parts[0], parts[1]


def printable() -> list[str]:
    """The character that stands for each byte in a byte-level vocabulary file."""
    plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
    spare = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(spare)) for byte in range(256)]


def write(path: Path, layers: int) -> None:
    """Write the model in F16."""
    ranks, table = vocabulary(), printable()
    ordered = sorted(ranks, key=ranks.__getitem__)

    def text(token: bytes) -> str:
        return "".join(table[byte] for byte in token)

    tokens = [*map(text, ordered), *SPECIALS]
    known = len(tokens)
    tokens += [f"[unused{i}]" for i in range(known, VOCAB)]
    kinds = [gguf.TokenType.NORMAL] * len(ordered) + [gguf.TokenType.CONTROL] * len(SPECIALS)
    kinds += [gguf.TokenType.UNUSED] * (VOCAB - known)

    out = gguf.GGUFWriter(str(path), "qwen2")
    out.add_name("Qwen2.5-0.5B's shape, random weights")
    out.add_context_length(32768)
    out.add_embedding_length(EMBD)
    out.add_block_count(layers)
    out.add_feed_forward_length(FF)
    out.add_head_count(HEADS)
    out.add_head_count_kv(KV_HEADS)
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

    def matrix(name: str, rows: int, columns: int) -> None:
        values = random.standard_normal((rows, columns), dtype=np.float32) * np.float32(0.02)
        out.add_tensor(f"{name}.weight", values.astype(np.float16))

    def vector(name: str, size: int, value: float) -> None:
        out.add_tensor(name, np.full(size, value, np.float32))

    shared = EMBD // HEADS * KV_HEADS
    matrix("token_embd", VOCAB, EMBD)
    matrix("output", VOCAB, EMBD)  # the published small files carry it apart from the embeddings
    vector("output_norm.weight", EMBD, 1)
    for layer in range(layers):
        at = f"blk.{layer}."
        vector(at + "attn_norm.weight", EMBD, 1)
        vector(at + "ffn_norm.weight", EMBD, 1)
        for part, rows in (("q", EMBD), ("k", shared), ("v", shared)):
            matrix(f"{at}attn_{part}", rows, EMBD)
            vector(f"{at}attn_{part}.bias", rows, 0)
        matrix(at + "attn_output", EMBD, EMBD)
        matrix(at + "ffn_gate", FF, EMBD)
        matrix(at + "ffn_up", FF, EMBD)
        matrix(at + "ffn_down", EMBD, FF)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def main() -> int:
    """Make the file unless it is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=cache_folder() / FILE)
    parser.add_argument("--layers", type=int, default=LAYERS)
    arguments = parser.parse_args()
    path: Path = arguments.out
    if path.is_file():
        print(f"{path} is there")
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    whole, part = path.with_suffix(".f16"), path.with_suffix(".part")
    try:
        print("writing random weights ...", flush=True)
        write(whole, arguments.layers)
        print("quantising to Q4_0 ...", flush=True)
        from llama_cpp import llama_cpp as lib

        params = lib.llama_model_quantize_default_params()
        params.ftype = lib.LLAMA_FTYPE_MOSTLY_Q4_0
        params.nthread = max(1, (os.cpu_count() or 2) - 1)
        code = lib.llama_model_quantize(os.fsencode(whole), os.fsencode(part), ctypes.byref(params))
        if code:
            print(f"quantising failed with code {code}", file=sys.stderr)
            return 1
        part.rename(path)
    finally:
        whole.unlink(missing_ok=True)
        part.unlink(missing_ok=True)
    print(f"{path}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
