"""Writes the weights of a BERT that embeds sentences as a GGUF file for llama.cpp: mean pooling, WordPiece vocabulary.

Rules: nothing is computed, only named anew; matrices take the asked type, vectors and the small tables of positions and segments
stay float32. The pooler of the original is left out: the embedding is the mean over the tokens. Sources: the GGUF specification,
llama.cpp's bert graph, the safetensors format (eight bytes of length, a JSON table, the data).
"""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
TYPES = ("f16", "f32", "q8_0")
WORD_START = "\u2581"
"""llama.cpp marks a piece that begins a word; BERT's own file marks one that does not, with ##."""

_WHOLE = {
    "embeddings.word_embeddings.weight": "token_embd.weight",
    "embeddings.position_embeddings.weight": "position_embd.weight",
    "embeddings.token_type_embeddings.weight": "token_types.weight",
    "embeddings.LayerNorm": "token_embd_norm",
}
_OF_LAYER = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
_STAY_FLOAT32 = ("position_embd.weight", "token_types.weight")
_SPECIAL = {"[PAD]": "padding", "[UNK]": "unknown", "[CLS]": "cls", "[SEP]": "seperator", "[MASK]": "mask"}
"""Pieces that stand for no text, and how the GGUF specification spells the keys of their ids."""


@dataclass(frozen=True)
class Shape:
    """What a BERT's config.json says of its size."""

    layers: int
    width: int
    inner: int
    heads: int
    positions: int
    segments: int
    epsilon: float

    @classmethod
    def of(cls, config: Mapping[str, object]) -> "Shape":
        """From a config.json. Raises `ValueError` where it is no BERT that this room knows."""
        for key, wanted in (("model_type", "bert"), ("hidden_act", "gelu"), ("position_embedding_type", "absolute")):
            if config.get(key) != wanted:
                raise ValueError(f"{key} is {config.get(key)!r} in its config.json, not {wanted!r}")

        def number(key: str) -> int:
            return int(str(config[key]))

        return cls(
            layers=number("num_hidden_layers"),
            width=number("hidden_size"),
            inner=number("intermediate_size"),
            heads=number("num_attention_heads"),
            positions=number("max_position_embeddings"),
            segments=number("type_vocab_size"),
            epsilon=float(str(config["layer_norm_eps"])),
        )


def read_safetensors(data: bytes) -> dict[str, Floats]:
    """The float32 tensors of a safetensors file. Raises `ValueError` where the file is not whole."""
    if len(data) < 8 or 8 + (size := struct.unpack_from("<Q", data)[0]) > len(data):
        raise ValueError("is no whole safetensors file")
    found = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = (8 + size + offset for offset in entry["data_offsets"])
            if end > len(data):
                raise ValueError(f"ends within the tensor {name}")
            found[name] = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
    return found


def renamed(name: str) -> str | None:
    """The name that llama.cpp gives a tensor; None for one that it has no use for."""
    if name in _WHOLE:
        return _WHOLE[name]
    stem, _, kind = name.rpartition(".")
    if stem in _WHOLE:
        return f"{_WHOLE[stem]}.{kind}"
    if not stem.startswith("encoder.layer."):
        return None
    number, _, part = stem.removeprefix("encoder.layer.").partition(".")
    return f"blk.{number}.{_OF_LAYER[part]}.{kind}"


def pieces(vocabulary: Sequence[str]) -> list[str]:
    """BERT's vocabulary as llama.cpp wants it: a word's first piece marked, the others bare, [names] as they are."""
    return [
        token if token.startswith("[") and token.endswith("]") else token[2:] if token.startswith("##") else WORD_START + token
        for token in vocabulary
    ]


def write(
    path: Path, tensors: Mapping[str, Floats], shape: Shape, vocabulary: Sequence[str], name: str, kind: str = "f16"
) -> None:
    """Write `path`; `tensors` by their names in the original, `kind` one of `TYPES`. Raises `ValueError` where one is missing."""
    import gguf

    quant, file_type = {
        "f16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
        "f32": (gguf.GGMLQuantizationType.F32, gguf.LlamaFileType.ALL_F32),
        "q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
    }[kind]
    named = {new: tensor for old, tensor in tensors.items() if (new := renamed(old))}
    norms = ("attn_output_norm", "layer_output_norm")
    wanted = {*(n for n in _WHOLE.values() if n.endswith(".weight")), "token_embd_norm.weight", "token_embd_norm.bias"}
    wanted |= {f"blk.{i}.{part}.{end}" for i in range(shape.layers) for part in _OF_LAYER.values() for end in ("weight", "bias")}
    if named.keys() != wanted:
        raise ValueError(f"its tensors are not a BERT's of {shape.layers} layers: {sorted(named.keys() ^ wanted)[:3]} ...")
    if len(vocabulary) != len(named["token_embd.weight"]):
        raise ValueError(f"{len(vocabulary)} pieces in its vocabulary, {len(named['token_embd.weight'])} in its weights")

    out = gguf.GGUFWriter(path, "bert")
    out.add_name(name)
    out.add_license("Apache-2.0")
    out.add_file_type(file_type)
    out.add_context_length(shape.positions)
    out.add_embedding_length(shape.width)
    out.add_block_count(shape.layers)
    out.add_feed_forward_length(shape.inner)
    out.add_head_count(shape.heads)
    out.add_layer_norm_eps(shape.epsilon)
    out.add_causal_attention(False)
    out.add_pooling_type(gguf.PoolingType.MEAN)
    out.add_tokenizer_model("bert")
    out.add_token_list(pieces(vocabulary))
    normal, control, unknown = gguf.TokenType.NORMAL, gguf.TokenType.CONTROL, gguf.TokenType.UNKNOWN
    out.add_token_types([unknown if t == "[UNK]" else control if t in _SPECIAL else normal for t in vocabulary])
    out.add_token_type_count(shape.segments)
    for token, role in {**_SPECIAL, "[CLS]": "bos"}.items():
        out.add_uint32(f"tokenizer.ggml.{role}_token_id", list(vocabulary).index(token))
    out.add_uint32("tokenizer.ggml.cls_token_id", list(vocabulary).index("[CLS]"))  # what older versions read instead of bos
    for new, tensor in named.items():
        whole = np.ascontiguousarray(tensor, np.float32)
        if whole.ndim == 1 or new in _STAY_FLOAT32 or new.split(".")[-2] in norms:
            out.add_tensor(new, whole)
        else:
            out.add_tensor(new, gguf.quants.quantize(whole, quant), raw_dtype=quant)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
