"""Write a Piper voice for tests: a real ONNX graph with Piper's inputs, in which every phoneme is a tone of its own.

As in Piper's own, frames come first and a convolution and an upsampling make sound of them (here they change nothing).

    python scripts/make_test_voice.py OUT.onnx [--language en-us]

It is nobody's voice and nobody's data. `length_scale` stretches it; pads and stops are silent. Needs onnx and piper-tts (for
its table of phonemes), the `[dev]` extra.
"""

import argparse
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

RATE = 16_000
SAMPLES = 1_024
"""Of one phoneme id at length scale one."""
HOP = 256
"""Samples that Piper counts as one step."""
LOWEST, HIGHEST = 150.0, 3_000.0
_SYMBOLS = 256


def frequency(number: int) -> float:
    """Hertz of a phoneme id's tone."""
    return float(LOWEST * (HIGHEST / LOWEST) ** (number / (_SYMBOLS - 1)))


def write(path: Path, language: str = "en-us") -> None:
    """Write the voice and its `.json`."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    silent = {number for symbol in "_^$ .,!?;:" for number in DEFAULT_PHONEME_ID_MAP.get(symbol, [])}
    turns = np.array([2 * math.pi * frequency(number) / RATE for number in range(_SYMBOLS)], np.float32)
    loud = np.array([0.0 if number in silent else 0.3 for number in range(_SYMBOLS)], np.float32)
    constants: dict[str, np.ndarray[Any, Any]] = {
        "turns": turns,
        "loud": loud,
        "hops": np.array(SAMPLES / HOP, np.float32),
        "hop": np.array(HOP, np.float32),
        "nothing": np.array(0, np.int64),
        "one": np.array(1, np.int64),
        "zero": np.array(0.0, np.float32),
        "step": np.array(1.0, np.float32),
        "last": np.array([-1], np.int64),
        "one_axis": np.array([1], np.int64),
        "shape": np.array([1, -1, HOP], np.int64),
        "same": np.eye(HOP, dtype=np.float32)[:, :, None],
        "unfold": np.eye(HOP, dtype=np.float32)[:, None, :],
    }
    nodes = [
        helper.make_node("Gather", ["scales", "one"], ["stretch"]),
        helper.make_node("Mul", ["hops", "stretch"], ["exact"]),
        helper.make_node("Mul", ["input", "nothing"], ["each"]),
        helper.make_node("Cast", ["each"], ["each_float"], to=TensorProto.FLOAT),
        helper.make_node("Add", ["each_float", "exact"], ["each_exact"]),
        helper.make_node("Ceil", ["each_exact"], ["w_ceil"]),  # the lengths of the phonemes are looked for here
        helper.make_node("ReduceMax", ["w_ceil"], ["longest"], keepdims=0),
        helper.make_node("Mul", ["longest", "hop"], ["length"]),
        helper.make_node("Range", ["zero", "length", "step"], ["time"]),
        helper.make_node("Gather", ["turns", "input"], ["turn"]),
        helper.make_node("Unsqueeze", ["turn", "last"], ["turn_column"]),
        helper.make_node("Mul", ["turn_column", "time"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["tone"]),
        helper.make_node("Gather", ["loud", "input"], ["level"]),
        helper.make_node("Unsqueeze", ["level", "last"], ["level_column"]),
        helper.make_node("Mul", ["tone", "level_column"], ["sound"]),
        helper.make_node("Reshape", ["sound", "shape"], ["folded"]),
        helper.make_node("Transpose", ["folded"], ["frames"], perm=[0, 2, 1]),
        helper.make_node("Conv", ["frames", "same"], ["same_frames"]),
        helper.make_node("ConvTranspose", ["same_frames", "unfold"], ["unfolded"], strides=[HOP]),
        helper.make_node("Unsqueeze", ["unfolded", "one_axis"], ["output"]),
    ]
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "time"])
    tables = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "tones", inputs, [output], tables)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    sheet = {
        "audio": {"sample_rate": RATE, "quality": "test"},
        "espeak": {"voice": language},
        "phoneme_type": "espeak",
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "num_symbols": _SYMBOLS,
        "num_speakers": 1,
        "speaker_id_map": {},
    }
    path.with_name(path.name + ".json").write_text(json.dumps(sheet), encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--language", default="en-us", help="espeak-ng's name of the language whose phonemes it speaks")
    args = parser.parse_args()
    write(args.out, args.language)
    print(f"{args.out} and {args.out}.json: a voice of tones, for tests")


if __name__ == "__main__":
    main()
