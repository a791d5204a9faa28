"""Reads the network of a model that `kaldi_files` wrote: its graphs can be made anew without training it again."""

import re
import struct
from pathlib import Path

import numpy as np

from scripts.training.vosk_layers import Affine, Floats

_OFFSET = re.compile(r"Offset\([^,]+, (-?\d+)\)")


def layers(path: Path) -> list[Affine]:
    """The affine layers of a final.mdl, in order. ValueError for one that this project did not write."""
    data = path.read_bytes()
    config, _, body = data.partition(b"<Nnet3> \n")[2].partition(b"\n\n")
    nodes = [line for line in config.decode("ascii").splitlines() if line.startswith("component-node")]
    lines = [line for line in nodes if _name(line).endswith(".affine")]
    relus = {_name(line) for line in nodes if _name(line).endswith(".relu")}
    weights = list(_matrices(body, b"<LinearParams> FM ", 2))
    biases = list(_matrices(body, b"<BiasParams> FV ", 1))
    if not lines or not len(lines) == len(weights) == len(biases):
        raise ValueError(f"{path}: no network of this project's layers")
    return [
        Affine(weight, bias.reshape(-1), _offsets(line), _name(line).replace(".affine", ".relu") in relus)
        for line, weight, bias in zip(lines, weights, biases, strict=True)
    ]


def _name(line: str) -> str:
    return line.split()[1].removeprefix("name=")


def _offsets(line: str) -> tuple[int, ...]:
    places = line.partition("input=")[2]
    inside = re.findall(r"Offset\([^)]+\)|[\w.]+", places.removeprefix("Append"))
    return tuple(int(found.group(1)) if (found := _OFFSET.match(part)) else 0 for part in inside)


def _matrices(data: bytes, tag: bytes, dimensions: int) -> list[Floats]:
    found, at = [], 0
    while (at := data.find(tag, at)) >= 0:
        at += len(tag)
        sizes = [struct.unpack_from("<xi", data, at + 5 * index)[0] for index in range(dimensions)]
        at += 5 * dimensions
        values = np.frombuffer(data, "<f4", int(np.prod(sizes)), at)
        found.append(values.reshape(sizes).astype(np.float32))
        at += 4 * len(values)
    return found
