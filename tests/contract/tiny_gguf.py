"""A tiny Qwen2 GGUF with random weights and a byte-level vocabulary: real llama.cpp, known shape, loaded in milliseconds."""

from pathlib import Path

import gguf
import numpy as np

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
MERGES = ["h e", "l l", "he ll", "hell o", "Ġ w", "i n"]
TRAINED = 2048


def byte_alphabet() -> list[str]:
    """The printable stand-in of each byte in a byte-level BPE vocabulary."""
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in keep]
    table = {b: chr(b) for b in keep} | {b: chr(256 + n) for n, b in enumerate(rest)}
    return [table[b] for b in range(256)]


def write(path: Path, *, specials: list[str] = SPECIALS, layers: int = 2, seed: int = 0, architecture: str = "qwen2") -> Path:
    """Write the model. Ids: 0-255 are the bytes, then the merges, then `specials`."""
    embd, heads, kv_heads, ff = 64, 4, 2, 128
    tokens = byte_alphabet() + [m.replace(" ", "") for m in MERGES] + specials
    types = [gguf.TokenType.NORMAL] * (256 + len(MERGES)) + [gguf.TokenType.CONTROL] * len(specials)
    w = gguf.GGUFWriter(str(path), architecture)
    w.add_context_length(TRAINED)
    w.add_embedding_length(embd)
    w.add_block_count(layers)
    w.add_feed_forward_length(ff)
    w.add_head_count(heads)
    w.add_head_count_kv(kv_heads)
    w.add_rope_freq_base(10000.0)
    w.add_layer_norm_rms_eps(1e-6)
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre("qwen2")
    w.add_token_list(tokens)
    w.add_token_types(types)
    w.add_token_merges(MERGES)
    w.add_eos_token_id(len(tokens) - 1)
    w.add_add_bos_token(False)
    rng = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
        return rng.standard_normal((rows, columns), dtype=np.float32) * np.float32(0.3)

    ones = np.ones(embd, np.float32)
    output = matrix(len(tokens), embd)
    output[-len(specials) :] = 0  # control tokens are never the likeliest, so replies go on
    zeros = np.zeros(embd, np.float32)
    w.add_tensor("token_embd.weight", matrix(len(tokens), embd))
    w.add_tensor("output_norm.weight", ones)
    w.add_tensor("output.weight", output)
    for i in range(layers):
        at = f"blk.{i}."
        w.add_tensor(at + "attn_norm.weight", ones)
        w.add_tensor(at + "ffn_norm.weight", ones)
        for name, rows in (("q", embd), ("k", embd * kv_heads // heads), ("v", embd * kv_heads // heads)):
            w.add_tensor(f"{at}attn_{name}.weight", matrix(rows, embd))
            w.add_tensor(f"{at}attn_{name}.bias", zeros[:rows])
        w.add_tensor(at + "attn_output.weight", matrix(embd, embd))
        w.add_tensor(at + "ffn_gate.weight", matrix(ff, embd))
        w.add_tensor(at + "ffn_up.weight", matrix(ff, embd))
        w.add_tensor(at + "ffn_down.weight", matrix(embd, ff))
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()
    return path
