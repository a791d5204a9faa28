"""The head of a GGUF file: read before the file is loaded, so that a bad one is refused in one line.

Format: GGUF version 2 and 3, little endian, as ggml's docs/gguf.md describes it. Tensor data are never read.
"""

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ModelDamaged, ModelNotFound, ModelUnsupported

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
# ggml type -> (elements in a block, bytes of a block)
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36), 10: (256, 84),
    11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66), 17: (256, 74),
    18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2),
    26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip
REPACKED = frozenset({2, 8, 10, 12, 20})
"""Types whose weights ggml's CPU code may copy into another layout: Q4_0, Q8_0, Q2_K, Q4_K, IQ4_NL."""


@dataclass(frozen=True)
class Header:
    """What the checks need of a GGUF file."""

    values: Mapping[str, object]
    """Scalar and string metadata by key; of arrays, those of numbers only."""
    tokens: list[bytes]
    types: frozenset[int]
    """ggml types of the tensors."""
    weights: int
    """Bytes of tensor data."""

    def number(self, key: str, default: int = 0) -> int:
        """An integer of the model's architecture (`key` without its prefix); the largest where it is given per layer."""
        value = self.values.get(f"{self.values.get('general.architecture')}.{key}", default)
        if isinstance(value, tuple):
            return max((int(v) for v in value), default=default)
        return int(value) if isinstance(value, int | float) else default


class _Reader:
    def __init__(self, data: mmap.mmap) -> None:
        self.data, self.at = data, 0

    def unpack(self, form: str) -> tuple[object, ...]:
        out = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return out

    def u32(self) -> int:
        (value,) = struct.unpack_from("<I", self.data, self.at)
        self.at += 4
        return int(value)

    def size(self) -> int:
        (value,) = struct.unpack_from("<Q", self.data, self.at)
        if value > len(self.data):  # no count or length in the head can exceed the file's bytes
            raise ValueError("a length beyond the end")
        self.at += 8
        return int(value)

    def string(self) -> bytes:
        length = self.size()
        self.at += length
        return self.data[self.at - length : self.at]

    def value(self, kind: int) -> object:
        if kind == _STRING:
            return self.string().decode("utf-8", "replace")
        if kind != _ARRAY:
            return self.unpack(_SCALARS[kind])[0]
        inner, count = self.u32(), self.size()
        return [self.string() for _ in range(count)] if inner == _STRING else self.unpack(f"{count}{_SCALARS[inner]}")


def read(path: Path) -> Header:
    """Read the head of `path`.

    Raises `ModelNotFound` (no such file), `ModelUnsupported` (no GGUF, or of a version or byte order that is not read)
    and `ModelDamaged` (shorter than its own table of tensors says, or a head that makes no sense).
    """
    if not path.is_file():
        raise ModelNotFound(f"{path}: there is no such file; set llm.model to a .gguf file")
    with path.open("rb") as file:
        start = file.read(8)
        if start[:4] != b"GGUF":
            raise ModelUnsupported(f"{path}: not a GGUF file; a Qwen2, Qwen2.5 or Qwen3 model in GGUF format works")
        if len(start) == 8 and struct.unpack("<I", start[4:])[0] not in (2, 3):
            raise ModelUnsupported(f"{path}: a GGUF of an unknown version; convert the model again (version 3, little endian)")
        try:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return _parse(path, data)
        except (struct.error, ValueError, KeyError, OverflowError, MemoryError) as error:
            raise ModelDamaged(f"{path}: the file is damaged or cut off in its head; copy or download it again") from error


def _parse(path: Path, data: mmap.mmap) -> Header:
    reader = _Reader(data)
    reader.at = 8
    tensors, pairs = reader.size(), reader.size()
    values: dict[str, object] = {}
    tokens: list[bytes] = []
    for _ in range(pairs):
        key = reader.string().decode()
        value = reader.value(reader.u32())
        if key == "tokenizer.ggml.tokens" and isinstance(value, list):
            tokens = value
        elif not isinstance(value, list):
            values[key] = value
    ends, types = 0, set()
    for _ in range(tensors):
        reader.string()
        dims = reader.u32()
        *shape, kind, offset = struct.unpack_from(f"<{dims}QIQ", data, reader.at)
        reader.at += 8 * dims + 12
        count = 1
        for side in shape:
            count *= side
        block, size = _BLOCKS.get(kind, (count or 1, 1))  # a type newer than this table: its offset still counts
        ends = max(ends, offset + count // block * size)
        types.add(kind)
    align = values.get("general.alignment", 32)
    if not isinstance(align, int) or align < 1:
        raise ValueError("alignment")
    need = -(-reader.at // align) * align + ends
    if len(data) < need:
        raise ModelDamaged(f"{path}: cut off: {len(data):,} bytes of at least {need:,}; copy or download it again")
    return Header(values, tokens, frozenset(types), ends)
