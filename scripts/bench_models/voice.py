"""A Piper voice of a medium voice's shape and cost, random weights: it speaks noise of the right length, for measuring only.

A VITS of 22,050 Hz: text encoder of six layers, stochastic duration predictor, flow of four couplings, HiFi-GAN of resblock 2,
written node by node. Two things differ from a voice as exported: a batch is one, so nothing is masked; and the predictor's
splines (some twenty operations on as many numbers as there are phonemes) are an addition. The predictor is paid for, but how
long a phoneme is stands in a table. Needs onnx and piper-tts (for its phonemes), the extra [dev].
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

RATE, HOP = 22_050, 256
SYMBOLS = 256
PAD_FRAMES, PHONEME_FRAMES, PAUSE_FRAMES = 1.0, 4.0, 12.0
"""Of 11.6 ms: of the pad between two phonemes, of a phoneme or mark, of punctuation."""
PADDED, PAUSES = "_", ".,!?;:"


@dataclass(frozen=True)
class Size:
    """A medium voice's."""

    hidden: int = 192
    inner: int = 768
    heads: int = 2
    layers: int = 6
    window: int = 4
    couplings: int = 4
    wave_layers: int = 4
    bins: int = 29
    ups: tuple[tuple[int, int], ...] = ((8, 16), (8, 16), (4, 8))
    widest: int = 256
    resblocks: tuple[tuple[int, tuple[int, int]], ...] = ((3, (1, 2)), (5, (2, 6)), (7, (3, 12)))


class _Graph:
    """Nodes and tables of an ONNX graph as they are made; a value is known by its name."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.tables: list[Any] = []
        self.parameters = 0
        self._random = np.random.default_rng(0)
        self._known: dict[tuple[Any, ...], str] = {}

    def op(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        """A node; its output's name, or the list of them."""
        from onnx import helper

        names = [f"{kind}_{len(self.nodes)}_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=f"{kind}_{len(self.nodes)}", **attributes))
        return names[0] if outputs == 1 else names

    def table(self, values: npt.ArrayLike, kind: Any = np.float32) -> str:
        """A constant; the same small one is kept once."""
        from onnx import numpy_helper

        array = np.asarray(values, kind)
        key = (array.dtype.str, array.shape, array.tobytes()) if array.size < 16 else (len(self.tables),)
        if key not in self._known:
            self._known[key] = f"table_{len(self.tables)}"
            self.tables.append(numpy_helper.from_array(array, self._known[key]))
        return self._known[key]

    def ints(self, *values: int) -> str:
        """A vector of integers."""
        return self.table(values, np.int64)

    def weight(self, *shape: int, scale: float) -> str:
        """Random numbers."""
        self.parameters += int(np.prod(shape))
        return self.table(self._random.standard_normal(shape, np.float32) * np.float32(scale))

    def conv(
        self, x: str, inputs: int, outputs: int, kernel: int = 1, dilation: int = 1, group: int = 1, bias: bool = True
    ) -> str:
        """A convolution over time that keeps its length."""
        fan = inputs // group * kernel
        parts = [self.weight(outputs, inputs // group, kernel, scale=fan**-0.5)]
        parts += [self.weight(outputs, scale=0.01)] if bias else []
        pad = dilation * (kernel - 1) // 2
        return str(self.op("Conv", x, *parts, kernel_shape=[kernel], dilations=[dilation], pads=[pad, pad], group=group))

    def norm(self, x: str, width: int) -> str:
        """A layer norm over the channels."""
        turned = self.op("Transpose", x, perm=[0, 2, 1])
        scale, bias = self.table(np.ones(width)), self.table(np.zeros(width))
        self.parameters += 2 * width
        return str(
            self.op("Transpose", self.op("LayerNormalization", turned, scale, bias, axis=-1, epsilon=1e-5), perm=[0, 2, 1])
        )

    def gelu(self, x: str) -> str:
        """By the error function, as PyTorch's."""
        inner = self.op("Add", self.op("Erf", self.op("Mul", x, self.table(0.5**0.5))), self.table(1.0))
        return str(self.op("Mul", self.op("Mul", x, self.table(0.5)), inner))

    def cut(self, x: str, begin: str, end: str, axis: int, step: int = 1) -> str:
        """From `begin` to before `end` of one axis."""
        return str(self.op("Slice", x, begin, end, self.ints(axis), self.ints(step)))

    def halves(self, x: str, width: int) -> tuple[str, str]:
        """Both halves of `width` channels."""
        one, two = self.op("Split", x, self.ints(width // 2, width // 2), outputs=2, axis=1)
        return one, two

    def length(self, x: str) -> str:
        """Of the last axis, as a vector of one."""
        return str(self.op("Gather", self.op("Shape", x), self.ints(-1)))

    def padded(self, x: str, *before_and_after: str) -> str:
        """Zeros before and after each axis; every one a vector of one."""
        return str(self.op("Pad", x, self.op("Concat", *before_and_after, axis=0)))

    def flipped(self, x: str) -> str:
        """The channels in the opposite order."""
        return self.cut(x, self.ints(-1), self.ints(-(2**31)), 1, -1)


def _attention(g: _Graph, x: str, size: Size) -> str:
    """Attention that also knows how far apart two places are, up to `window`."""
    hidden, heads = size.hidden, size.heads
    depth, near = hidden // heads, 2 * size.window + 1
    none, one = g.ints(0), g.ints(1)
    time = g.length(x)
    less = g.op("Sub", time, one)
    span = g.op("Add", time, less)

    def split(name: str) -> str:
        apart = g.op("Reshape", name, g.ints(1, heads, depth, -1))
        return str(g.op("Transpose", apart, perm=[0, 1, 3, 2]))

    def shifts() -> str:
        """One row for each of the 2 T - 1 distances; zeros where they are too far."""
        rows = g.weight(1, near, depth, scale=depth**-0.5)
        missing = g.op("Max", g.op("Sub", time, g.ints(size.window + 1)), none)
        more = g.padded(rows, none, missing, none, none, missing, none)
        begin = g.op("Max", g.op("Sub", g.ints(size.window + 1), time), none)
        return g.cut(more, begin, g.op("Add", begin, span), 1)

    def shaped(value: str, *last: str) -> str:
        return str(g.op("Reshape", value, g.op("Concat", one, g.ints(heads), *last, axis=0)))

    q, k, v = (split(g.conv(x, hidden, hidden)) for _ in range(3))
    q = g.op("Mul", q, g.table(depth**-0.5))
    scores = g.op("MatMul", q, g.op("Transpose", k, perm=[0, 1, 3, 2]))
    far = g.op("MatMul", q, g.op("Transpose", shifts(), perm=[0, 2, 1]))  # heads, T, 2 T - 1: by distance
    far = shaped(g.padded(far, none, none, none, none, none, none, none, one), g.ints(-1))
    far = shaped(g.padded(far, none, none, none, none, none, less), g.op("Add", time, one), span)
    far = g.cut(g.cut(far, none, time, 2), less, span, 3)  # by place
    weights = g.op("Softmax", g.op("Add", scores, far), axis=-1)
    seen = g.op("MatMul", weights, v)
    near_weights = shaped(g.padded(weights, *[none] * 7, less), g.ints(-1))
    near_weights = shaped(g.padded(near_weights, none, none, time, none, none, none), time, g.op("Add", span, one))
    near_weights = g.cut(near_weights, one, g.op("Add", span, one), 3)
    seen = g.op("Add", seen, g.op("MatMul", near_weights, shifts()))
    joined = g.op("Reshape", g.op("Transpose", seen, perm=[0, 1, 3, 2]), g.ints(1, hidden, -1))
    return g.conv(joined, hidden, hidden)


def _text_encoder(g: _Graph, ids: str, size: Size) -> str:
    hidden = size.hidden
    looked_up = g.op("Gather", g.weight(SYMBOLS, hidden, scale=hidden**-0.5), ids)
    x = g.op("Transpose", g.op("Mul", looked_up, g.table(hidden**0.5)), perm=[0, 2, 1])
    for _ in range(size.layers):
        x = g.norm(g.op("Add", x, _attention(g, x, size)), hidden)
        inner = g.conv(g.op("Relu", g.conv(x, hidden, size.inner, 3)), size.inner, hidden, 3)
        x = g.norm(g.op("Add", x, inner), hidden)
    return str(x)


def _separable(g: _Graph, x: str, width: int) -> str:
    """Three dilated convolutions by channel, each followed by one over the channels."""
    for dilation in (1, 3, 9):
        y = g.gelu(g.norm(g.conv(x, width, width, 3, dilation, group=width), width))
        x = g.op("Add", x, g.gelu(g.norm(g.conv(y, width, width), width)))
    return x


def _durations(g: _Graph, ids: str, x: str, size: Size) -> str:
    """Frames of each phoneme: the predictor's answer times nothing, added to the table's."""
    hidden = size.hidden
    known = g.conv(_separable(g, g.conv(x, hidden, hidden), hidden), hidden, hidden)
    noise_w = g.cut("scales", g.ints(2), g.ints(3), 0)
    both = g.op("Concat", g.ints(1, 2), g.length(x), axis=0)
    z = g.op("Mul", g.op("RandomNormalLike", g.op("Expand", g.table(0.0), both), seed=1.0), noise_w)
    for _ in range(3):  # of four flows, one is left out when speaking
        one, two = g.halves(g.flipped(z), 2)
        inside = g.op("Add", g.conv(one, 1, hidden), known)
        spline = g.conv(_separable(g, inside, hidden), hidden, size.bins)
        two = g.op("Add", two, g.cut(spline, g.ints(0), g.ints(1), 1))
        z = g.op("Concat", one, two, axis=1)
    z = g.op("Add", g.op("Mul", z, g.weight(2, 1, scale=0.1)), g.weight(2, 1, scale=0.1))
    unused = g.op("Mul", g.op("Clip", g.halves(z, 2)[0], g.table(-9.0), g.table(9.0)), g.table(0.0))
    length_scale = g.cut("scales", g.ints(1), g.ints(2), 0)
    frames = g.op("Unsqueeze", g.op("Gather", g.table(_frames()), ids), g.ints(1))
    return str(g.op("Ceil", g.op("Mul", g.op("Add", frames, unused), length_scale)))  # the one Ceil: piper finds it by that


def _frames() -> npt.NDArray[np.float32]:
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    found = np.full(SYMBOLS, PHONEME_FRAMES, np.float32)
    for symbols, frames in ((PADDED, PAD_FRAMES), (PAUSES, PAUSE_FRAMES)):
        for symbol in symbols:
            found[list(DEFAULT_PHONEME_ID_MAP[symbol])] = frames
    return found


def _stretched(g: _Graph, x: str, frames: str, size: Size) -> str:
    """What is known of each phoneme, said as often as it has frames, with noise: the flow's input."""
    means_and_deviations = g.op("Transpose", g.conv(x, size.hidden, 2 * size.hidden), perm=[0, 2, 1])
    ends = g.op("CumSum", frames, g.table(2, np.int64))
    total = g.op("ReduceMax", g.op("Cast", ends, to=7), keepdims=0)
    places = g.op("Unsqueeze", g.op("Range", g.table(0, np.int64), total, g.table(1, np.int64)), g.ints(1))
    places = g.op("Cast", places, to=1)  # frames, 1
    begun = g.op("Less", places, ends)
    before = g.op("Less", places, g.op("Sub", ends, frames))
    path = g.op("Cast", g.op("Xor", begun, before), to=1)  # 1, frames, phonemes
    both = g.op("Transpose", g.op("MatMul", path, means_and_deviations), perm=[0, 2, 1])
    mean, deviation = g.halves(both, 2 * size.hidden)
    noise = g.op("Mul", g.op("RandomNormalLike", mean, seed=2.0), g.cut("scales", g.ints(0), g.ints(1), 0))
    small = g.op("Exp", g.op("Clip", deviation, g.table(-9.0), g.table(1.0)))
    return str(g.op("Add", mean, g.op("Mul", noise, small)))


def _flow(g: _Graph, z: str, size: Size) -> str:
    hidden, half = size.hidden, size.hidden // 2
    for _ in range(size.couplings):
        one, two = g.halves(g.flipped(z), hidden)
        x, told = g.conv(one, half, hidden), ""
        for layer in range(size.wave_layers):
            last = layer == size.wave_layers - 1
            left, right = g.halves(g.conv(x, hidden, 2 * hidden, 5), 2 * hidden)
            gated = g.op("Mul", g.op("Tanh", left), g.op("Sigmoid", right))
            out = g.conv(gated, hidden, hidden if last else 2 * hidden)
            if not last:
                more, out = g.halves(out, 2 * hidden)
                x = g.op("Add", x, more)
            told = g.op("Add", told, out) if told else out
        z = g.op("Concat", one, g.op("Sub", two, g.conv(told, hidden, half)), axis=1)
    return z


def _decoder(g: _Graph, z: str, size: Size) -> str:
    """From frames to samples."""
    width = size.widest
    x = g.conv(z, size.hidden, width, 7)
    for rate, kernel in size.ups:
        x = g.op("LeakyRelu", x, alpha=0.1)
        weights = g.weight(width, width // 2, kernel, scale=(width * kernel / rate) ** -0.5)
        edge = (kernel - rate) // 2
        shape: dict[str, Any] = {"kernel_shape": [kernel], "strides": [rate], "pads": [edge, edge]}
        x = g.op("ConvTranspose", x, weights, g.weight(width // 2, scale=0.01), **shape)
        width //= 2
        sums = []
        for size_of, dilations in size.resblocks:
            y = x
            for dilation in dilations:
                y = g.op("Add", y, g.conv(g.op("LeakyRelu", y, alpha=0.1), width, width, size_of, dilation))
            sums.append(y)
        x = g.op("Mul", g.op("Sum", *sums), g.table(1 / len(sums)))
    return str(g.op("Tanh", g.op("Mul", g.conv(g.op("LeakyRelu", x, alpha=0.01), width, 1, 7, bias=False), g.table(0.2))))


def write(path: Path, language: str = "en-us", size: Size | None = None) -> int:
    """Write the voice and its `.json`; returns how many parameters it has."""
    import onnx
    from onnx import TensorProto, helper
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    size = size or Size()
    g = _Graph()
    known = _text_encoder(g, "input", size)
    frames = _durations(g, "input", known, size)
    sound = _decoder(g, _flow(g, _stretched(g, known, frames, size), size), size)
    g.nodes.append(helper.make_node("Unsqueeze", [sound, g.ints(1)], ["output"]))
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "time"])
    graph = helper.make_graph(g.nodes, "noise", inputs, [output], g.tables)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    sheet = {
        "audio": {"sample_rate": RATE, "quality": "medium"},
        "espeak": {"voice": language},
        "phoneme_type": "espeak",
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "num_symbols": SYMBOLS,
        "num_speakers": 1,
        "speaker_id_map": {},
        "hop_length": HOP,
    }
    path.with_name(path.name + ".json").write_text(json.dumps(sheet), encoding="utf-8")
    path.write_bytes(model.SerializeToString())
    return g.parameters
