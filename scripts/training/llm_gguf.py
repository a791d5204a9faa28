"""Writes a trained dialogue model as a GGUF file that llama.cpp loads: architecture qwen2, byte-level BPE, ChatML.

Keys and tensor names: the GGUF specification and llama.cpp's qwen2 graph. Matrices go in as PyTorch holds them (rows are outputs;
the rotary halves are those of rotate_half, so nothing is permuted). Two-dimensional tensors become Q8_0, vectors stay float32.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from scripts.training.llm_tokenizer import CONTROLS, LlmTokenizer

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write(
    path: Path, tensors: Mapping[str, Any], shape: Mapping[str, Any], tokenizer: LlmTokenizer, about: str, half: bool = False
) -> None:
    """Write `path`: `tensors` by their GGUF names as float32 arrays; `half` keeps matrices as float16 instead of Q8_0."""
    import gguf

    writer = gguf.GGUFWriter(path, "qwen2")
    kind = gguf.GGMLQuantizationType.F16 if half else gguf.GGMLQuantizationType.Q8_0
    writer.add_name("starter-llm")
    writer.add_description(about)
    writer.add_license("Apache-2.0")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16 if half else gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_context_length(shape["context"])
    writer.add_embedding_length(shape["width"])
    writer.add_block_count(shape["layers"])
    writer.add_feed_forward_length(shape["inner"])
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["kv_heads"])
    writer.add_rope_freq_base(shape["theta"])
    writer.add_layer_norm_rms_eps(shape["epsilon"])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokenizer.tokens)
    normal, control = gguf.TokenType.NORMAL, gguf.TokenType.CONTROL
    writer.add_token_types([control if token in CONTROLS else normal for token in tokenizer.tokens])
    writer.add_token_merges([f"{left} {right}" for left, right in tokenizer.merges])
    writer.add_eos_token_id(tokenizer.im_end)
    writer.add_bos_token_id(tokenizer.end_of_text)
    writer.add_pad_token_id(tokenizer.end_of_text)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for name, tensor in tensors.items():
        array = np.ascontiguousarray(tensor, dtype=np.float32)
        if array.ndim == 2:
            writer.add_tensor(name, gguf.quants.quantize(array, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, array)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def read(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The tensors of such a file as float32 arrays, and its pieces."""
    import gguf

    reader = gguf.GGUFReader(path)
    tensors = {tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type) for tensor in reader.tensors}
    field = reader.get_field("tokenizer.ggml.tokens")
    if field is None:
        raise ValueError(f"{path}: no tokens in it")
    return tensors, list(field.contents())


def tokenizer(path: Path) -> LlmTokenizer:
    """The tokenizer of such a file."""
    import gguf

    reader = gguf.GGUFReader(path)
    tokens, merges = reader.get_field("tokenizer.ggml.tokens"), reader.get_field("tokenizer.ggml.merges")
    if tokens is None or merges is None:
        raise ValueError(f"{path}: no tokenizer in it")
    pieces = [str(piece) for piece in tokens.contents()][: -len(CONTROLS)]
    pairs = [str(merge).split(" ") for merge in merges.contents()]
    return LlmTokenizer({piece: number for number, piece in enumerate(pieces)}, [(left, right) for left, right in pairs])
