# torch has no types where it is not installed, so its classes and decorators are Any:
# mypy: disable-error-code="misc,untyped-decorator,no-any-return"
"""The dialogue model in PyTorch: Qwen2's architecture at a size that two cores can train.

Two choices make facts copyable after a few million tokens: the embeddings of a piece's forms (capital, with a space) start beside
it, and some heads of the first two layers start as previous-token heads (set through Qwen2's own QKV biases), so that "the token
after the last occurrence of this one" can be learnt at once.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """Sizes of the model."""

    vocabulary: int
    layers: int = 7
    width: int = 256
    heads: int = 8
    kv_heads: int = 4
    inner: int = 640
    theta: float = 1e4
    epsilon: float = 1e-6
    context: int = 2048

    @property
    def head_width(self) -> int:
        """Size of one attention head."""
        return self.width // self.heads

    def as_dict(self) -> dict[str, Any]:
        """For the checkpoint."""
        return asdict(self)


class Norm(nn.Module):
    """RMS norm."""

    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        """Normalise the last axis."""
        return F.rms_norm(x, (x.shape[-1],), self.weight, self.epsilon)


def _rotate(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    one, two = x.chunk(2, -1)
    return torch.cat([one * cosine - two * sine, two * cosine + one * sine], -1)


class Block(nn.Module):
    """Attention and feed-forward."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, head = shape.width, shape.head_width
        self.shape = shape
        self.attn_norm = Norm(width, shape.epsilon)
        self.attn_q = nn.Linear(width, shape.heads * head)
        self.attn_k = nn.Linear(width, shape.kv_heads * head)
        self.attn_v = nn.Linear(width, shape.kv_heads * head)
        self.attn_output = nn.Linear(width, width, bias=False)
        self.ffn_norm = Norm(width, shape.epsilon)
        self.ffn_gate = nn.Linear(width, shape.inner, bias=False)
        self.ffn_up = nn.Linear(width, shape.inner, bias=False)
        self.ffn_down = nn.Linear(shape.inner, width, bias=False)

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        """One layer over (batch, time, width)."""
        batch, time, width = x.shape
        shape, head = self.shape, self.shape.head_width
        y = self.attn_norm(x)
        q = _rotate(self.attn_q(y).view(batch, time, shape.heads, head).transpose(1, 2), cosine, sine)
        k = _rotate(self.attn_k(y).view(batch, time, shape.kv_heads, head).transpose(1, 2), cosine, sine)
        v = self.attn_v(y).view(batch, time, shape.kv_heads, head).transpose(1, 2)
        group = shape.heads // shape.kv_heads
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.attn_output(mixed.transpose(1, 2).reshape(batch, time, width))
        y = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(y)) * self.ffn_up(y))


class Model(nn.Module):
    """Token ids to logits at chosen positions; the embedding is also the output matrix."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        self.blk: Any = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = Norm(shape.width, shape.epsilon)
        half = shape.head_width // 2
        rates = shape.theta ** (-torch.arange(half).float() / half)
        angles = torch.outer(torch.arange(shape.context).float(), rates)
        self.cosine: Tensor
        self.sine: Tensor
        self.register_buffer("cosine", angles.cos(), persistent=False)
        self.register_buffer("sine", angles.sin(), persistent=False)

    def forward(self, ids: Tensor, where: Tensor | None = None) -> Tensor:
        """Logits of (batch, time) ids; with `where` only at those positions of the flattened batch."""
        x = self.token_embd(ids)
        cosine, sine = self.cosine[: ids.shape[1]], self.sine[: ids.shape[1]]
        for block in self.blk:
            x = block(x, cosine, sine)
        if where is not None:
            x = x.reshape(-1, x.shape[-1]).index_select(0, where)
        return F.linear(self.output_norm(x), self.token_embd.weight)


def build(shape: Shape, forms: list[tuple[int, int, int]], seed: int) -> Model:
    """A model with its starting weights; `forms` are (id, id of its form, kind of form)."""
    torch.manual_seed(seed)
    model = Model(shape)
    with torch.no_grad():
        nn.init.normal_(model.token_embd.weight, std=0.02)
        for block in model.blk:
            for name, layer in block.named_children():
                if isinstance(layer, nn.Linear):
                    gain = 0.3 / math.sqrt(shape.layers) if name in ("attn_output", "ffn_down") else 0.5
                    nn.init.normal_(layer.weight, std=gain / math.sqrt(layer.in_features))
                    if layer.bias is not None:
                        nn.init.zeros_(layer.bias)
        towards = torch.randn(2, shape.width) * 0.012
        weight = model.token_embd.weight
        for base, form, kind in forms:
            weight[form] = 0.8 * weight[base] + 0.3 * weight[form] + towards[kind]
        _look_back(model, 0, {0: 1, 1: 2, 2: 1, 3: 3})
        _look_back(model, 1, {0: 1, 1: 2})
    return model


def adopt(model: Model, stored: tuple[Mapping[str, Any], Sequence[str]], pieces: Sequence[str]) -> int:
    """Take over the weights of a stored model of the same shape; of the embedding the rows of pieces that both have.

    `stored` is what llm_gguf.read returns, `pieces` are the model's own. Returns how many rows were taken.
    """
    tensors, theirs = stored
    layers = sum(name.endswith("attn_norm.weight") for name in tensors)
    if layers != model.shape.layers:
        raise SystemExit(
            f"--init has {layers} layers, the model is to have {model.shape.layers}: leave --init or add --layers {layers}"
        )
    place = {piece: row for row, piece in enumerate(theirs)}
    rows = [(mine, place[piece]) for mine, piece in enumerate(pieces) if piece in place]
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            values = torch.from_numpy(tensors[name].copy()).to(parameter)
            if name == "token_embd.weight":
                mine, other = zip(*rows, strict=True)
                parameter[list(mine)] = values[list(other)]
            else:
                parameter.copy_(values)
    return len(rows)


def _look_back(model: Model, layer: int, heads: dict[int, int], strength: float = 4.0, pairs: int = 8) -> None:
    """Make query heads of a layer attend to the token so many places back, by their biases alone."""
    shape, block = model.shape, model.blk[layer]
    width, half, group = shape.head_width, shape.head_width // 2, shape.heads // shape.kv_heads
    rates = shape.theta ** (-torch.arange(half).float() / half)
    for head, back in heads.items():
        q, k = head * width, head // group * width
        block.attn_q.weight[q : q + width] *= 0.2
        block.attn_q.bias[q : q + pairs] = strength * torch.cos(back * rates[:pairs])
        block.attn_q.bias[q + half : q + half + pairs] = -strength * torch.sin(back * rates[:pairs])
        block.attn_k.bias[k : k + pairs] = strength
    for kv in {head // group for head in heads}:
        block.attn_k.weight[kv * width : (kv + 1) * width] *= 0.2


class Muon:
    """Momentum whose update is orthogonalised (Newton-Schulz); for the matrices of the blocks, those of one shape at once.

    Method: Keller Jordan's Muon; step size matched to AdamW's (0.2 * sqrt(max side)).
    """

    def __init__(self, parameters: list[nn.Parameter], decay: float, momentum: float = 0.95) -> None:
        self.parameters, self.decay, self.momentum = parameters, decay, momentum
        self.buffers = [torch.zeros_like(parameter) for parameter in parameters]
        shapes = dict.fromkeys(tuple(parameter.shape) for parameter in parameters)
        self._alike = [[i for i, parameter in enumerate(parameters) if tuple(parameter.shape) == shape] for shape in shapes]

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """One update from the parameters' gradients."""
        for places in self._alike:
            parameters = [self.parameters[i] for i in places]
            grads = [parameter.grad for parameter in parameters if parameter.grad is not None]
            buffers = [self.buffers[i] for i in places]
            torch._foreach_lerp_(buffers, grads, 1 - self.momentum)
            updates = orthogonal(torch.stack(torch._foreach_lerp(grads, buffers, self.momentum)))
            torch._foreach_mul_(parameters, 1 - rate * self.decay)
            torch._foreach_add_(parameters, list(updates.unbind()), alpha=-rate * 0.2 * math.sqrt(max(updates.shape[1:])))


def orthogonal(matrices: Tensor, rounds: int = 5) -> Tensor:
    """The nearest orthogonal matrices, roughly (singular values 0.7 to 1.2)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.mT if tall else matrices
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(rounds):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.mT if tall else x
