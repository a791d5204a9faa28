"""Writers of Kaldi's binary files: a stream of tagged values, the transition model, the nnet3 network.

Rules: binary only, little-endian. Every integer and float has its size before it, but an integer vector's length (in the
topology) has not. Source: Kaldi's io-funcs, hmm-topology, transition-model and nnet-component-itf.
"""

import io
import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scripts.training.phones import Inventory
from scripts.training.vosk_layers import Affine

MFCC_CONF = """\
--use-energy=false
--num-mel-bins=40
--num-ceps=40
--low-freq=20
--high-freq=-400
--sample-frequency=16000
--dither=0.0
--snip-edges=true
--allow-upsample=true
--cepstral-lifter=0
"""
_MODEL_CONF = """\
--min-active={min_active}
--max-active=3000
--beam={beam:.1f}
--lattice-beam=2.0
--acoustic-scale=1.0
--frame-subsampling-factor=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""


def model_conf(min_active: int, beam: float) -> str:
    """conf/model.conf: the decoder keeps so many states however improbable, and those within `beam` of the best."""
    return _MODEL_CONF.format(min_active=min_active, beam=beam)


class Stream:
    """Kaldi's binary stream, in memory."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        self._out.write(b"\0B")

    def written(self) -> bytes:
        """What was written."""
        return self._out.getvalue()

    def raw(self, data: bytes) -> None:
        """Bytes as they are."""
        self._out.write(data)

    def token(self, *names: str) -> None:
        """Tags, each with a space behind it."""
        for name in names:
            self.raw(name.encode("ascii") + b" ")

    def integer(self, *values: int) -> None:
        """32-bit integers, each with its size."""
        for value in values:
            self.raw(b"\x04" + struct.pack("<i", value))

    def single(self, value: float) -> None:
        """A 32-bit float with its size."""
        self.raw(b"\x04" + struct.pack("<f", value))

    def double(self, value: float) -> None:
        """A 64-bit float with its size."""
        self.raw(b"\x08" + struct.pack("<d", value))

    def integers(self, values: Sequence[int]) -> None:
        """A vector of integers."""
        self.raw(b"\x04" + struct.pack(f"<i{len(values)}i", len(values), *values))

    def vector(self, values: npt.ArrayLike) -> None:
        """A vector of 32-bit floats."""
        array = np.asarray(values, "<f4")
        self.token("FV")
        self.integer(len(array))
        self.raw(array.tobytes())

    def matrix(self, values: npt.ArrayLike) -> None:
        """A matrix of 32-bit floats, row by row."""
        array = np.ascontiguousarray(values, "<f4")
        self.token("FM")
        self.integer(*array.shape)
        self.raw(array.tobytes())


def transition_model(out: Stream, sounds: Inventory) -> None:
    """The phones of a language on one shared topology: a state with a self-loop and an exit, half and half."""
    phones = max(sounds.id.values())
    out.token("<TransitionModel>", "<Topology>")
    out.integers(range(1, phones + 1))
    out.integers([-1] + [0] * phones)  # every phone's entry; there is no phone 0
    out.integer(1)  # entries
    out.integer(2)  # its states
    out.integer(0, 2, 0)  # state 0: pdf class 0, two transitions, to itself
    out.single(0.5)
    out.integer(1)  # and out
    out.single(0.5)
    out.integer(-1, 0)  # the final state: no pdf, no transitions
    out.token("</Topology>", "<Triples>")
    out.integer(len(sounds.triples))
    for phone, pdf in sounds.triples:
        out.integer(phone, 0, pdf)
    out.token("</Triples>", "<LogProbs>")
    out.vector([0.0] + [float(np.log(0.5))] * (2 * len(sounds.triples)))
    out.token("</LogProbs>", "</TransitionModel>")


def network(out: Stream, inputs: int, layers: Sequence[Affine], priors: Sequence[float]) -> None:
    """The affine layers, ReLUs between them and a log-softmax at the end; `priors` are divided out while decoding."""
    config = [f"input-node name=input dim={inputs}"]
    components: list[tuple[str, Affine, str]] = []
    before = "input"

    def node(name: str, kind: str, layer: Affine, source: str) -> str:
        config.append(f"component-node name={name} component={name} input={source}")
        components.append((name, layer, kind))
        return name

    for index, layer in enumerate(layers, 1):
        places = [before if offset == 0 else f"Offset({before}, {offset})" for offset in layer.offsets]
        source = places[0] if len(places) == 1 else f"Append({', '.join(places)})"
        before = node(f"l{index}.affine", "", layer, source)
        if layer.relu:
            before = node(f"l{index}.relu", "RectifiedLinearComponent", layer, before)
    before = node("output.log-softmax", "LogSoftmaxComponent", layers[-1], before)
    config.append(f"output-node name=output input={before} objective=linear")
    out.token("<Nnet3>")
    out.raw(("\n" + "\n".join(config) + "\n\n").encode("ascii"))
    out.token("<NumComponents>")
    out.integer(len(components))
    for name, layer, kind in components:
        out.token("<ComponentName>", name)
        if kind:
            out.token(f"<{kind}>", "<Dim>")
            out.integer(len(layer.bias))
            out.token("<ValueAvg>")
            out.vector([])
            out.token("<DerivAvg>")
            out.vector([])
            for count in ("<Count>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>"):
                out.token(count)
                out.double(0.0)
            out.token(f"</{kind}>")
        else:
            out.token("<FixedAffineComponent>", "<LinearParams>")
            out.matrix(layer.weights)
            out.token("<BiasParams>")
            out.vector(layer.bias)
            out.token("</FixedAffineComponent>")
    out.token("</Nnet3>", "<LeftContext>")
    out.integer(-sum(min(layer.offsets) for layer in layers))
    out.token("<RightContext>")
    out.integer(sum(max(layer.offsets) for layer in layers))
    out.token("<Priors>")
    out.vector(priors)
