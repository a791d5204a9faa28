"""A Vosk folder of vosk-model-small-en-us-0.15's size and cost, random weights: for measuring only. What it hears is nonsense.

What is known of the real one: 70.9 MB in 15 files (Gr.fst 24.0 with its table of 152,217 words in it, HCLr.fst 22.4, final.mdl
16.0 MB; the rest fits an i-vector extractor of 512 Gaussians, 40 features, 30 dimensions), 10,014 transition ids, 166 phones, its
model.conf. Not known: the network's layers; here they are a factorised TDNN of that size. Silence is heard as silence: a
unit that carries the loudness through all layers decides it. Sources: vosk-api issue 2057, public lists of its files and copies
of its text files; formats: Kaldi's nnet3, ivector-extractor and diag-gmm.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scripts.bench_models import recogniser_graph as graph
from scripts.training import kaldi_files
from scripts.training.kaldi_files import Stream, transition_model
from scripts.training.words_lexicon import Pronunciation

Floats = npt.NDArray[np.float32]
MFCC = 40
MFCC_CONF = """\
--sample-frequency=16000
--use-energy=false
--num-mel-bins=40
--num-ceps=40
--low-freq=20
--high-freq=7600
--allow-upsample=true
"""
QUIET, LOUD = 55.0, 75.0
"""c0 of sound that is silence for certain (noise of a deviation of 6 of 32,768), and of sound that is speech (of 30)."""
SHARPNESS, SILENCE_SCORE = 3.0, 12.0
"""Deviation of the phones' scores (some three words a second are heard in speech); the score of silence when it is quiet."""
RELU_VARIANCE = 0.34
"""Of the positive part of what has the deviation one."""


@dataclass(frozen=True)
class Size:
    """What the folder is to weigh."""

    words: int = 152_216
    bigrams: int = 811_000
    width: int = 512
    bottleneck: int = 128
    strides: tuple[int, ...] = (1, 1, 1, 0, 3, 3, 3, 3, 3, 3, 3, 3)
    prefinal: int = 192
    gaussians: int = 512
    ivector: int = 30


def write(folder: Path, dictionary: Mapping[str, Sequence[Pronunciation]], size: Size, say: Callable[[str], None]) -> None:
    """Write every file of the folder."""
    for name in ("am", "conf", "graph/phones", "ivector"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    say("network ...")
    out = Stream()
    transition_model(out, graph.CONTEXTS)
    _network(out, size, rng)
    (folder / "am/final.mdl").write_bytes(out.written())
    say("i-vector extractor ...")
    _ivector_extractor(folder / "ivector", size, rng)
    say("graph ...")
    words = graph.vocabulary(dictionary, size.words - 1)
    said = [*words.values(), (graph.GARBAGE,)]
    states, arcs = graph.words_graph(folder / "graph/HCLr.fst", enumerate(said, 1))
    more_states, more_arcs = graph.bigram_graph(folder / "graph/Gr.fst", size.words, size.bigrams, seed=1)
    say(f"HCLr: {states:,} states, {arcs:,} arcs; Gr: {more_states:,} states, {more_arcs:,} arcs")
    lines = [f"{word} {number}\n" for number, word in enumerate(["<eps>", *words, graph.UNKNOWN])]
    (folder / "graph/words.txt").write_text("".join(lines), encoding="utf-8")
    (folder / "graph/phones/word_boundary.int").write_text(graph.CONTEXTS.word_boundaries(), encoding="ascii")
    (folder / "graph/disambig_tid.int").write_text(f"{2 * len(graph.CONTEXTS.triples) + 1}\n", encoding="ascii")
    (folder / "conf/mfcc.conf").write_text(MFCC_CONF, encoding="ascii")
    (folder / "conf/model.conf").write_text(kaldi_files.model_conf(200, 10.0), encoding="ascii")


def _network(out: Stream, size: Size, rng: np.random.Generator) -> None:
    """Splice of three frames and the i-vector, factorised layers, a narrow layer before the output.

    The first unit of every layer is the loudness, 0 to 1; no other unit reads it, but the output.
    """
    config = [f"input-node name=input dim={MFCC}", f"input-node name=ivector dim={size.ivector}"]
    components: list[tuple[str, Floats | None, Floats]] = []
    span = [0, 0]

    def affine(name: str, source: str, weights: Floats, bias: Floats, relu: bool = False) -> str:
        config.append(f"component-node name={name} component={name} input={source}")
        components.append((name, weights, bias))
        if relu:
            config.append(f"component-node name={name}.relu component={name}.relu input={name}")
            components.append((f"{name}.relu", None, bias))
        return f"{name}.relu" if relu else name

    def random(rows: int, columns: int, after_relu: bool, loudness_at: int | None, parts: int = 1) -> Floats:
        """Keeps the deviation at one; row 0 copies the loudness out of one column of `parts` that hold it.

        Behind a ReLU the rows sum to nothing: through many layers all sounds would become one otherwise.
        """
        weights = rng.standard_normal((rows, columns), np.float32)
        weights *= np.float32(((RELU_VARIANCE if after_relu else 1.0) * columns) ** -0.5)
        if after_relu:
            weights -= weights.mean(1, keepdims=True)
        if loudness_at is not None:
            weights[:, :: columns // parts] = 0.0
            weights[0] = 0.0
            weights[0, loudness_at] = 1.0
        return weights

    spread = np.tile(25.0 * np.exp(-np.arange(MFCC) / 15.0) + 3.0, 3)
    first = random(size.width, 3 * MFCC + size.ivector, False, None)
    first[:, : 3 * MFCC] /= spread.astype(np.float32)
    first[:, [0, MFCC, 2 * MFCC]] = 0.0  # c0 would be the loudness for every unit
    first[0] = 0.0
    first[0, MFCC] = 1.0 / (LOUD - QUIET)
    bias = np.zeros(size.width, np.float32)
    bias[0] = -QUIET / (LOUD - QUIET)
    spliced = "Append(Offset(input, -1), input, Offset(input, 1), ReplaceIndex(ivector, t, 0))"
    last = affine("tdnn1", spliced, first, bias, relu=True)
    zeros = np.zeros(size.width, np.float32)
    for number, stride in enumerate(size.strides, 2):
        before, after = (f"Offset({{0}}, {by})" if by else "{0}" for by in (-stride, stride))
        left, right = f"Append({before}, {{0}})", f"Append({{0}}, {after})"
        narrow = random(size.bottleneck, 2 * size.width, True, size.width, parts=2)
        small = affine(f"tdnnf{number}.linear", left.format(last), narrow, zeros[: size.bottleneck])
        wide = random(size.width, 2 * size.bottleneck, False, 0, parts=2)
        last = affine(f"tdnnf{number}.affine", right.format(small), wide, zeros, relu=True)
        span = [span[0] + stride, span[1] + stride]
    last = affine("prefinal.linear", last, random(size.prefinal, size.width, True, 0), zeros[: size.prefinal])
    last = affine("prefinal.affine", last, random(size.width, size.prefinal, False, 0), zeros, relu=True)
    last = affine("prefinal.small", last, random(size.prefinal, size.width, True, 0), zeros[: size.prefinal])
    scores = random(graph.CONTEXTS.outputs, size.prefinal, False, None) * np.float32(SHARPNESS)
    scores[:, 0] = 0.0
    silence = np.zeros(graph.CONTEXTS.outputs, np.float32)
    scores[0], silence[0] = 0.0, SILENCE_SCORE
    scores[0, 0] = -2 * SILENCE_SCORE  # when it is loud, the negative
    last = affine("output.affine", last, scores, silence)
    config.append(f"component-node name=output.log-softmax component=output.log-softmax input={last}")
    components.append(("output.log-softmax", None, silence))
    config.append("output-node name=output input=output.log-softmax objective=linear")

    out.token("<Nnet3>")
    out.raw(("\n" + "\n".join(config) + "\n\n").encode("ascii"))
    out.token("<NumComponents>")
    out.integer(len(components))
    for name, weights, biases in components:
        out.token("<ComponentName>", name)
        if weights is None:
            _nonlinear(out, "LogSoftmaxComponent" if "softmax" in name else "RectifiedLinearComponent", len(biases))
        else:
            out.token("<FixedAffineComponent>", "<LinearParams>")
            out.matrix(weights)
            out.token("<BiasParams>")
            out.vector(biases)
            out.token("</FixedAffineComponent>")
    out.token("</Nnet3>", "<LeftContext>")
    out.integer(span[0] + 1)
    out.token("<RightContext>")
    out.integer(span[1] + 1)
    out.token("<Priors>")
    out.vector([])


def _nonlinear(out: Stream, kind: str, size: int) -> None:
    out.token(f"<{kind}>", "<Dim>")
    out.integer(size)
    out.token("<ValueAvg>")
    out.vector([])
    out.token("<DerivAvg>")
    out.vector([])
    for count in ("<Count>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>"):
        out.token(count)
        out.double(0.0)
    out.token(f"</{kind}>")


def _doubles(out: Stream, kind: str, values: Any, *shape: int) -> None:
    """A vector (DV), matrix (DM) or packed symmetric matrix (DP) of 64-bit floats."""
    out.token(kind)
    out.integer(*shape)
    out.raw(np.ascontiguousarray(values, "<f8").tobytes())


def _ivector_extractor(folder: Path, size: Size, rng: np.random.Generator) -> None:
    """Speaker vectors: the extractor, its Gaussians, the splice and its transform, and the features' mean."""
    count, dim, spliced = size.gaussians, MFCC, 7 * MFCC
    out = Stream()
    out.token("<IvectorExtractor>", "<w>")
    _doubles(out, "DM", [], 0, 0)
    out.token("<w_vec>")
    _doubles(out, "DV", np.full(count, 1.0 / count), count)
    out.token("<M>")
    out.integer(count)
    for _ in range(count):
        _doubles(out, "DM", rng.standard_normal((dim, size.ivector)) * 0.1, dim, size.ivector)
    out.token("<SigmaInv>")
    packed = np.zeros(dim * (dim + 1) // 2)
    packed[[row * (row + 3) // 2 for row in range(dim)]] = 1.0  # the diagonal
    for _ in range(count):
        _doubles(out, "DP", packed, dim)
    out.token("<IvectorOffset>")
    out.double(10.0)
    out.token("</IvectorExtractor>")
    (folder / "final.ie").write_bytes(out.written())

    out = Stream()
    means = rng.standard_normal((count, dim))
    constants = -0.5 * (dim * np.log(2 * np.pi) + (means**2).sum(1)) - np.log(count)
    out.token("<DiagGMM>", "<GCONSTS>")
    out.vector(constants)
    out.token("<WEIGHTS>")
    out.vector(np.full(count, 1.0 / count))
    out.token("<MEANS_INVVARS>")
    out.matrix(means)
    out.token("<INV_VARS>")
    out.matrix(np.ones((count, dim)))
    out.token("</DiagGMM>")
    (folder / "final.dubm").write_bytes(out.written())

    out = Stream()
    out.matrix(rng.standard_normal((dim, spliced + 1)) * (0.05 / spliced**0.5))
    (folder / "final.mat").write_bytes(out.written())
    out = Stream()
    frames = 1e6
    _doubles(out, "DM", [[0.0] * dim + [frames], [400.0 * frames] * dim + [0.0]], 2, dim + 1)
    (folder / "global_cmvn.stats").write_bytes(out.written())
    (folder / "online_cmvn.conf").write_text("# the defaults\n", encoding="ascii")
    (folder / "splice.conf").write_text("--left-context=3\n--right-context=3\n", encoding="ascii")
