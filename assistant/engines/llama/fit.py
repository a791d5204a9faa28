"""Whether a model fits memory, computed from its head before it is loaded.

The figures are sums of what llama.cpp allocates with our settings: weights, KV cells in f16, the compute buffer of one
batch without flash attention. They are upper estimates, good to some 10 %.
"""

from collections.abc import Callable
from pathlib import Path

from assistant.engines.llama.gguf_header import Header
from assistant.errors import ModelTooBig

MIB = 1 << 20
BASE = 32 * MIB
"""What the library, the vocabulary's tables and the graphs take beside."""


def per_cell(head: Header, batch: int) -> int:
    """Bytes that one more KV cell costs: key and value in f16 for each layer, and a column of the attention scores."""
    heads = max(1, head.number("attention.head_count", 1))
    width = head.number("embedding_length") // heads
    key, value = head.number("attention.key_length", width), head.number("attention.value_length", width)
    kv_heads = head.number("attention.head_count_kv", heads)
    return head.number("block_count") * kv_heads * (key + value) * 2 + heads * batch * 4


def fixed(head: Header, batch: int) -> int:
    """Bytes that do not depend on the number of cells."""
    activations = 4 * head.number("embedding_length") + 2 * head.number("feed_forward_length")
    return BASE + head.weights + batch * 4 * (len(head.tokens) + activations)


def check(path: Path, head: Header, cells: int, context: int, batch: int, available: Callable[[], int]) -> None:
    """Raise `ModelTooBig` when weights, `cells` KV cells and buffers exceed what is available.

    When a smaller context would do, the message holds the largest, `cells` shrinking in proportion.
    """
    room, rest, each = available(), fixed(head, batch), per_cell(head, batch)
    need = rest + cells * each
    if need <= room:
        return
    line = f"{path}: needs {need // MIB} MiB with its context, {room // MIB} MiB are available"
    fits = (room - rest) // each * context // cells if room > rest else 0
    fits -= fits % 256
    if fits >= 256:
        raise ModelTooBig(f"{line}; the largest llm.context that fits is {fits}")
    raise ModelTooBig(f"{line}; choose a smaller model or free memory")
