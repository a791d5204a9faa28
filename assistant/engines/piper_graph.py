"""A Piper voice in two graphs: one makes frames out of phonemes and tells how long each sounds, the other sound out of frames.

The other (HiFi-GAN) takes five sixths of the time and looks at a few neighbours of each frame only, so that it can be run
window by window: the first sound comes early, a stop waits for one window, and memory is bounded by one. Both are cut out of the
voice once, in a process of its own (`python -m assistant.engines.piper_graph VOICE FOLDER`) that gives back what it took of
memory, and kept beside the caches: the size of the voice. Needs the package onnx (extra [alignment]).
"""

import logging
import math
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import children

if TYPE_CHECKING:
    import onnx

_log = logging.getLogger(__name__)
LIMIT_S = 120.0
FRAMES, SOUND = "frames.onnx", "sound.onnx"
LATENT, NEIGHBOURS = "latent", "neighbours"
"""What `SOUND` says of itself: the name of its input, and how many frames on either side of one matter."""
_LOCAL = frozenset(["Add", "Conv", "ConvTranspose", "Div", "LeakyRelu", "Mul", "Squeeze", "Sum", "Tanh", "Unsqueeze"])
_ALIKE = 1e-3
"""Windows may differ so much from the whole, of 1."""


def parts(voice: Path, cache: Path | None) -> Path | None:
    """The folder of a voice's two graphs; None where they cannot be had: the voice is run whole then."""
    if cache is None:
        return None
    stat = voice.stat()
    folder = cache / "voices" / f"{voice.stem}.{stat.st_size}-{stat.st_mtime_ns}"
    if (folder / SOUND).is_file():
        return folder
    if find_spec("onnx") is None:
        return None
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    try:
        part.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in folder.parent.glob(f"{voice.stem}.*-*"):
            if old.is_file():
                old.unlink()  # a whole copy, as it was kept before
            elif old != part:
                shutil.rmtree(old)
        command = children.command("assistant.engines.piper_graph", str(voice), str(part))
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S)
        if done.returncode == 0:
            part.replace(folder)
            return folder
        why = (done.stderr.strip().splitlines() or ["nothing was made"])[-1]
    except (OSError, subprocess.TimeoutExpired) as error:
        why = str(error)
    with suppress(OSError):
        shutil.rmtree(part)
    _log.info("%s: cannot be cut in two (%s); it is run whole, and what is broken off is kept by its played time", voice, why)
    return None


def cut(voice: Path, folder: Path) -> None:
    """Write the two graphs of a voice. Raises `ValueError` where its graph is none that can be cut, or onnx's errors."""
    import onnx
    from onnx.utils import Extractor

    model = onnx.load(str(voice))
    made = {name: node for node in model.graph.node for name in node.output}
    shapes = {table.name: table.dims for table in model.graph.initializer}
    first = _first(model.graph, made)
    latent, width = first.input[0], shapes[first.input[1]][1]
    output = model.graph.output[0].name
    given = {value.name for value in model.graph.input}
    needed = _needed(output, latent, made) & given  # a voice of several speakers asks again who speaks
    neighbours = _neighbours(model.graph, shapes, latent)
    lengths = [name for node in model.graph.node if node.op_type == "Ceil" for name in node.output]
    if len(lengths) != 1:
        raise ValueError(f"{len(lengths)} tensors may be the phonemes' lengths")
    for name in (latent, *lengths):
        model.graph.value_info.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    extractor = Extractor(model)
    onnx.save(extractor.extract_model([value.name for value in model.graph.input], [latent, *lengths]), str(folder / FRAMES))
    sound = extractor.extract_model([latent, *sorted(needed)], [output])
    onnx.helper.set_model_props(sound, {LATENT: latent, NEIGHBOURS: str(neighbours)})
    onnx.save(sound, str(folder / f"{SOUND}.part"))
    _check(folder / f"{SOUND}.part", latent, width, neighbours)
    (folder / f"{SOUND}.part").replace(folder / SOUND)


def _first(graph: "onnx.GraphProto", made: dict[str, Any]) -> Any:
    """The convolution before the first upsampling: it takes the frames."""
    node = next((node for node in graph.node if node.op_type == "ConvTranspose"), None)
    while node is not None and node.op_type != "Conv":
        node = made.get(node.input[0])
    if node is None:
        raise ValueError("no upsampling behind a convolution was found")
    return node


def _needed(output: str, latent: str, made: dict[str, Any]) -> set[str]:
    """All that the sound is made from, but for the frames' own."""
    found: set[str] = set()
    left = [output]
    while left:
        name = left.pop()
        if name in found or name == latent:
            continue
        found.add(name)
        if name in made:
            left += made[name].input
    return found


def _neighbours(graph: "onnx.GraphProto", shapes: dict[str, Any], latent: str) -> int:
    """Frames on either side of one that its sound depends on: along the longest way through the convolutions."""
    from onnx.helper import get_attribute_value

    reach = {latent: (0.0, 1)}  # name -> (frames, samples a frame)
    for node in graph.node:
        known = [reach[name] for name in node.input if name in reach]
        if not known:
            continue
        if node.op_type not in _LOCAL:
            raise ValueError(f"{node.op_type} stands behind its frames")
        frames, scale = max(known)
        if node.op_type in ("Conv", "ConvTranspose"):
            kept = {attribute.name: get_attribute_value(attribute) for attribute in node.attribute}
            kernel = kept.get("kernel_shape") or shapes[node.input[1]][2:]
            stride, dilation = kept.get("strides", [1])[0], kept.get("dilations", [1])[0]
            if node.op_type == "Conv":
                frames += (kernel[0] - 1) * dilation / 2 / scale
            else:
                frames += kernel[0] / (2 * stride) / scale
                scale *= stride
        for name in node.output:
            reach[name] = (frames, scale)
    return math.ceil(max(frames for frames, _ in reach.values()))


def _check(sound: Path, latent: str, width: int, neighbours: int) -> None:
    """Raises `ValueError` where the middle of the sound is another than that of its window alone."""
    import numpy as np
    import onnxruntime

    model = onnxruntime.InferenceSession(str(sound), providers=["CPUExecutionProvider"])
    others = {value.name: np.zeros([1] * len(value.shape), np.int64) for value in model.get_inputs() if value.name != latent}
    rng = np.random.default_rng(1)
    z = rng.normal(size=(1, width, 4 * neighbours + 8)).astype(np.float32)
    whole = model.run(None, {latent: z, **others})[0].ravel()
    hop, at = len(whole) // z.shape[2], 2 * neighbours
    window = model.run(None, {latent: z[:, :, at - neighbours : at + 8 + neighbours], **others})[0].ravel()
    difference = np.abs(window[neighbours * hop : (neighbours + 8) * hop] - whole[at * hop : (at + 8) * hop]).max()
    if difference > _ALIKE * max(1.0, float(np.abs(whole).max())):
        raise ValueError(f"a window of it sounds otherwise than the whole ({difference:.3f})")


if __name__ == "__main__":
    cut(Path(sys.argv[1]), Path(sys.argv[2]))
