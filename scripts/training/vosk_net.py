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

WIDTH = 256
LAYERS = ((MELS, 9, 3, 1), (WIDTH, 3, 1, 1), (WIDTH, 3, 1, 1), (WIDTH, 3, 1, 2), (WIDTH, 3, 1, 2))
"""Inputs, kernel, stride, dilation of each convolution."""
Floats = npt.NDArray[np.float32]
_CPU = Path("/proc/cpuinfo")
_QUICK_BFLOAT16 = _CPU.exists() and "amx_bf16" in _CPU.read_text(encoding="utf-8", errors="replace")
"""Without these instructions bfloat16 is slower than float32; with them twice as fast, and as good here."""


class Net(nn.Module):
    """(batch, 40, frames + 2 * CONTEXT) normalised log-mels to (batch, outputs, frames / 3) scores."""

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(nn.Conv1d(i, WIDTH, k, stride=s, dilation=d) for i, k, s, d in LAYERS)
        self.norms = nn.ModuleList(nn.BatchNorm1d(WIDTH) for _ in LAYERS)
        self.output = nn.Conv1d(WIDTH, outputs, 1)

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
            stride *= LAYERS[index][2]
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
) -> tuple[Net, Floats, Floats]:
    """Train on (features, labels) for so many steps; returns the network and the features' mean and deviation.

    Writes a checkpoint every 250 steps; `resume` goes on from it with another order of the items. `warm` are the folded layers
    of a trained network to begin with, and `floor` the floor they were folded with.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    sample = np.concatenate([frames for frames, _ in items[:: max(1, len(items) // 2000)]]).astype(np.float32)
    mean, deviation = sample.mean(0), sample.std(0)
    net = Net(outputs)
    if warm and floor is not None:
        unfold(net, warm, mean, deviation, floor, [frames for frames, _ in items[:: max(1, len(items) // 100)]])
    net.to(device)
    checkpoint, first = work / "vosk.pt", 0
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.1)
    if resume and checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        net.load_state_dict(state["net"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = state["step"]
    by_length = np.argsort([len(frames) for frames, _ in items], kind="stable")
    rng = np.random.default_rng(seed + first)
    begun, running = time.monotonic(), math.nan
    net.train()
    for step in range(first, steps):
        at = int(rng.integers(0, max(1, len(by_length) - batch)))
        loss = _loss(net, [items[i] for i in by_length[at : at + batch]], mean, deviation, rng)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        running = loss.item() if math.isnan(running) else 0.97 * running + 0.03 * loss.item()
        if (step + 1) % 25 == 0 or step + 1 == steps:
            left = (time.monotonic() - begun) / (step + 1 - first) * (steps - step - 1)
            print(f"\rstep {step + 1}/{steps}  loss {running:.3f} a label  {left / 60:.0f} min left ", end="", flush=True)
        if (step + 1) % 250 == 0 or step + 1 == steps:
            state = {
                "net": net.state_dict(),
                "optimiser": optimiser.state_dict(),
                "schedule": schedule.state_dict(),
                "step": step + 1,
            }
            torch.save({**state, "mean": torch.tensor(mean), "deviation": torch.tensor(deviation)}, work / "vosk.new")
            (work / "vosk.new").replace(checkpoint)
            print()
    return net.cpu().eval(), mean, deviation


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
    net = Net(outputs)
    net.load_state_dict(state["net"])
    return net.eval(), state["mean"].numpy(), state["deviation"].numpy(), int(state["step"])


def _warp(rng: np.random.Generator) -> Floats:
    """A matrix that stretches the mel axis by up to a tenth: another throat."""
    if rng.random() < 0.4:
        return np.eye(MELS, dtype=np.float32)
    places = np.clip(np.arange(MELS) * rng.uniform(0.9, 1.1), 0, MELS - 1)
    low = np.minimum(places.astype(int), MELS - 2)
    matrix = np.zeros((MELS, MELS), np.float32)
    matrix[low, np.arange(MELS)] = 1 - (places - low)
    matrix[low + 1, np.arange(MELS)] += places - low
    return matrix


def _curve(rng: np.random.Generator) -> Floats:
    """What a microphone adds to every frame: a level and a smooth curve, in natural logarithms of energy."""
    points = rng.normal(0.0, 0.7, 5) if rng.random() < 0.6 else np.zeros(5)
    return np.interp(np.arange(MELS), np.linspace(0, MELS - 1, 5), points).astype(np.float32)


def _loss(net: Net, chosen: Sequence[tuple[Floats, list[int]]], mean: Floats, deviation: Floats, rng: np.random.Generator) -> Any:
    longest = max(len(frames) for frames, _ in chosen)
    inputs = np.zeros((len(chosen), MELS, longest + 2 * CONTEXT), np.float32)
    for row, (frames, _) in enumerate(chosen):
        normal = (frames.astype(np.float32) @ _warp(rng) - mean + _curve(rng)) / deviation
        at, size = int(rng.integers(0, len(frames))), int(rng.integers(0, 10))  # a hole in time and one in frequency
        normal[at : at + size] = 0.0
        mel, width = int(rng.integers(0, MELS)), int(rng.integers(0, 6))
        normal[:, mel : mel + width] = 0.0
        inputs[row, :, : len(frames) + 2 * CONTEXT] = pad(normal).T
        inputs[row, :, len(frames) + 2 * CONTEXT :] = normal[-1][:, None]
    device = next(net.parameters()).device
    with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda" or _QUICK_BFLOAT16):
        scores = net(torch.from_numpy(inputs).to(device))
    log = F.log_softmax(scores.float(), 1).permute(2, 0, 1)
    lengths = torch.tensor([math.ceil(len(frames) / 3) for frames, _ in chosen]).clamp(max=log.shape[0])
    labels = torch.tensor([label for _, goal in chosen for label in goal])
    counts = torch.tensor([len(goal) for _, goal in chosen])
    return F.ctc_loss(log, labels.to(device), lengths.to(device), counts.to(device), zero_infinity=True)
