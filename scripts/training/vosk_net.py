# torch has no types where it is not installed, so its classes are Any:
# mypy: disable-error-code="misc"
"""The starter recogniser's network in PyTorch, its training by CTC, and its folding into plain affine layers for Kaldi.

Five convolutions over 40 log-mels, three frames to an output, then one per phone and blank. No padding inside: Kaldi has none.
"""

import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from scripts.training.speech_features import CONTEXT, MELS, pad
from scripts.training.vosk_layers import Affine

LAYERS = ((9, 3, 1), (3, 1, 1), (3, 1, 1), (3, 1, 2), (3, 1, 2))
"""Kernel, stride, dilation of each convolution."""
Floats = npt.NDArray[np.float32]
_CPU = Path("/proc/cpuinfo")
_QUICK_BFLOAT16 = _CPU.exists() and "amx_bf16" in _CPU.read_text(encoding="utf-8", errors="replace")
"""Without these instructions bfloat16 is slower than float32; with them twice as fast, and as good here."""


class Net(nn.Module):
    """(batch, 40, frames + 2 * CONTEXT) normalised log-mels to (batch, outputs, frames / 3) scores."""

    def __init__(self, outputs: int, width: int = 256) -> None:
        super().__init__()
        inputs = (MELS, *[width] * (len(LAYERS) - 1))
        self.convolutions = nn.ModuleList(
            nn.Conv1d(i, width, k, stride=s, dilation=d) for i, (k, s, d) in zip(inputs, LAYERS, strict=True)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(width) for _ in LAYERS)
        self.output = nn.Conv1d(width, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Scores, not yet normalised."""
        for index, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            x = norm(F.relu(convolution(x)))
            if self.training and index < len(LAYERS) - 1:
                x = F.dropout(x, 0.05)
        scores: Tensor = self.output(x)
        return scores


def fold(net: Net, mean: Floats, deviation: Floats, floor: Floats) -> list[Affine]:
    """The same function of MFCCs (40 of 40, no lifter): the normalisation, the transform and the batch norms folded in.

    Its first layer lifts every log-mel to `floor` (a ReLU above it): digital silence is far below all that training heard, and
    the network would hear words in it.
    """
    order, bins = np.arange(MELS)[:, None], np.arange(MELS)[None, :]
    transform = np.sqrt(2.0 / MELS) * np.cos(np.pi / MELS * (bins + 0.5) * order)
    transform[0] = np.sqrt(1.0 / MELS)
    scale, shift = (1.0 / deviation).astype(float), ((floor - mean) / deviation).astype(float)
    layers, stride = [Affine(transform.T.astype(np.float32), -floor, (0,), relu=True)], 1
    for index, convolution in enumerate([*net.convolutions, net.output]):
        kernel = convolution.weight.detach().double().numpy()  # outputs, inputs, places
        bias = convolution.bias.detach().double().numpy() + np.einsum("oik,i->o", kernel, shift)
        scaled = kernel * scale[None, :, None]
        blocks = [scaled[:, :, k] for k in range(kernel.shape[2])]
        places, dilation = kernel.shape[2], convolution.dilation[0] * stride
        offsets = tuple((k - places // 2) * dilation for k in range(places))
        last = index == len(LAYERS)
        layers.append(Affine(np.concatenate(blocks, 1).astype(np.float32), bias.astype(np.float32), offsets, relu=not last))
        if not last:
            norm: Any = net.norms[index]
            root = (norm.running_var.double() + norm.eps).sqrt().numpy()
            scale = norm.weight.detach().double().numpy() / root
            shift = norm.bias.detach().double().numpy() - norm.running_mean.double().numpy() * scale
            stride *= LAYERS[index][1]
    return layers


def train(
    items: Sequence[tuple[Floats, list[int]]],
    outputs: int,
    steps: int,
    work: Path,
    seed: int = 1,
    batch: int = 32,
    resume: bool = False,
    device: str = "cpu",
    rate: float = 2e-3,
    warm: Sequence[Affine] = (),
    floor: Floats | None = None,
    minutes: float | None = None,
    width: int = 256,
) -> tuple[Net, Floats, Floats]:
    """Train on (features, labels) for so many steps; returns the network and the features' mean and deviation.

    Writes a checkpoint every 250 steps; `resume` goes on from it with another order of the items. `warm` are the folded layers
    of a trained network to begin with, and `floor` the floor they were folded with. With `minutes` as many steps as fit.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    sample = np.concatenate([frames for frames, _ in items[:: max(1, len(items) // 2000)]]).astype(np.float32)
    mean, deviation = sample.mean(0), sample.std(0)
    net = Net(outputs, width)
    if warm and floor is not None:
        unfold(net, warm, mean, deviation, floor, [frames for frames, _ in items[:: max(1, len(items) // 100)]])
    net.to(device)
    checkpoint, first = work / "vosk.pt", 0
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-3)
    if resume and checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
    sounds = Sounds(items, mean, deviation, device)
    rng = np.random.default_rng(seed + first)
    begun, running = time.monotonic(), math.nan
    net.train()
    step = first
    while step < steps:
        if minutes is not None and step % 50 == 49:
            steps = max(step + 1, first + int((step - first) * 60 * minutes / (time.monotonic() - begun)))
        for settings in optimiser.param_groups:
            settings["lr"] = rate * cycle(step / steps)
        loss = sounds.loss(net, batch, rng)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        if (step + 1) % 25 == 0 or step + 1 == steps:
            running = loss.item() if math.isnan(running) else 0.8 * running + 0.2 * loss.item()
            left = (time.monotonic() - begun) / (step + 1 - first) * (steps - step - 1)
            print(f"\rstep {step + 1}/{steps}  loss {running:.3f} a label  {left / 60:.0f} min left ", end="", flush=True)
        if (step + 1) % 250 == 0 or step + 1 >= steps:
            state = {
                "net": net.state_dict(),
                "optimiser": optimiser.state_dict(),
                "step": step + 1,
            }
            torch.save({**state, "mean": torch.tensor(mean), "deviation": torch.tensor(deviation)}, work / "vosk.new")
            (work / "vosk.new").replace(checkpoint)
            print()
        step += 1
    return net.cpu().eval(), mean, deviation


def cycle(done: float) -> float:
    """Share of the full learning rate: up along a cosine for a tenth of the steps, then down along one."""
    return max(1e-4, (1 - math.cos(math.pi * done / 0.1)) / 2 if done < 0.1 else (1 + math.cos(math.pi * (done - 0.1) / 0.9)) / 2)


def unfold(net: Net, layers: Sequence[Affine], mean: Floats, deviation: Floats, floor: Floats, sample: Sequence[Floats]) -> None:
    """Give the network the function of folded layers; the last one only where it has as many outputs.

    Each batch norm is set to undo itself on the sample.
    """
    x = torch.from_numpy(np.concatenate([pad((frames.astype(np.float32) - mean) / deviation) for frames in sample]).T[None])
    net.eval()
    with torch.no_grad():
        for index, convolution in enumerate([*net.convolutions, net.output]):
            layer, places = layers[index + 1], convolution.kernel_size[0]
            if len(layer.bias) != len(convolution.bias):
                return
            kernel = layer.weights.reshape(len(layer.bias), places, -1).transpose(0, 2, 1).astype(float)
            bias = layer.bias.astype(float)
            if index == 0:
                bias = bias + np.einsum("oik,i->o", kernel, mean - floor)
                kernel = kernel * deviation[None, :, None]
            convolution.weight.copy_(torch.from_numpy(kernel))
            convolution.bias.copy_(torch.from_numpy(bias))
            if index == len(LAYERS):
                return
            x = F.relu(convolution(x))
            norm: Any = net.norms[index]
            middle, spread = x.mean((0, 2)), x.var((0, 2), unbiased=False)
            norm.running_mean.copy_(middle)
            norm.running_var.copy_(spread)
            norm.weight.copy_((spread + norm.eps).sqrt())
            norm.bias.copy_(middle)


def load(work: Path, outputs: int) -> tuple[Net, Floats, Floats, int]:
    """The network of the last checkpoint, its mean and deviation, and its step."""
    state = torch.load(work / "vosk.pt", map_location="cpu", weights_only=True)
    net = Net(outputs, state["net"]["output.weight"].shape[1])
    net.load_state_dict(state["net"])
    return net.eval(), state["mean"].numpy(), state["deviation"].numpy(), int(state["step"])


class Sounds:
    """The features of all sentences on the device, and batches of them, each bent in another way."""

    def __init__(self, items: Sequence[tuple[Floats, list[int]]], mean: Floats, deviation: Floats, device: str) -> None:
        self._frames = torch.from_numpy(np.concatenate([frames for frames, _ in items]).astype(np.float16)).to(device)
        self._lengths = np.array([len(frames) for frames, _ in items])
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._goals = [goal for _, goal in items]
        self._by_length = np.argsort(self._lengths, kind="stable")
        self._mean, self._deviation = torch.from_numpy(mean).to(device), torch.from_numpy(deviation).to(device)
        knots = np.linspace(0, MELS - 1, 5)
        self._curves = torch.tensor(np.array([np.interp(np.arange(MELS), knots, row) for row in np.eye(5)])).float().to(device)
        self._device = device

    def loss(self, net: Net, batch: int, rng: np.random.Generator) -> Tensor:
        """CTC's loss of so many sentences of about one length."""
        at = int(rng.integers(0, max(1, len(self._by_length) - batch)))
        chosen = self._by_length[at : at + batch]
        with torch.autocast(self._device, torch.bfloat16, enabled=self._device == "cuda" or _QUICK_BFLOAT16):
            scores = net(self._inputs(chosen, rng))
        log = F.log_softmax(scores.float(), 1).permute(2, 0, 1)
        lengths = torch.from_numpy(-(-self._lengths[chosen] // 3)).clamp(max=log.shape[0])
        labels = torch.tensor([label for i in chosen for label in self._goals[i]])
        counts = torch.tensor([len(self._goals[i]) for i in chosen])
        return F.ctc_loss(log, labels.to(self._device), lengths.to(self._device), counts.to(self._device), zero_infinity=True)

    def _inputs(self, chosen: npt.NDArray[np.int64], rng: np.random.Generator) -> Tensor:
        """(batch, 40, frames + 2 * CONTEXT): normalised, edges repeated, with holes, as another throat and microphone give it."""

        def on(values: npt.NDArray[Any]) -> Tensor:
            return torch.from_numpy(values).to(self._device)

        rows, lengths = len(chosen), self._lengths[chosen]
        places = on(np.arange(lengths.max() + 2 * CONTEXT) - CONTEXT)[None]
        x = self._frames[on(self._starts[chosen])[:, None] + places.clamp(min=0).minimum(on(lengths - 1)[:, None])].float()
        points = rng.normal(0.0, 0.7, (rows, 5)) * (rng.random((rows, 1)) < 0.6)
        curve = on(points).float() @ self._curves
        x = (torch.bmm(x, on(_warps(rows, rng))) - self._mean + curve[:, None]) / self._deviation
        hole, size = (on(rng.integers(0, most, rows)) for most in (lengths, np.full(rows, 10)))
        x = x.masked_fill(((places >= hole[:, None]) & (places < (hole + size)[:, None]))[..., None], 0.0)
        mel, width, mels = on(rng.integers(0, MELS, rows)), on(rng.integers(0, 6, rows)), on(np.arange(MELS))[None]
        x = x.masked_fill(((mels >= mel[:, None]) & (mels < (mel + width)[:, None]))[:, None], 0.0)
        return x.transpose(1, 2)


def _warps(rows: int, rng: np.random.Generator) -> Floats:
    """Matrices that stretch the mel axis by up to a tenth, two in five not at all: other throats."""
    scale = np.where(rng.random(rows) < 0.4, 1.0, rng.uniform(0.9, 1.1, rows))
    places = np.clip(np.arange(MELS)[None] * scale[:, None], 0, MELS - 1)
    low = np.minimum(places.astype(int), MELS - 2)
    matrix = np.zeros((rows, MELS, MELS), np.float32)
    row, mel = np.arange(rows)[:, None], np.arange(MELS)[None]
    matrix[row, low, mel] = 1 - (places - low)
    matrix[row, low + 1, mel] += places - low
    return matrix
