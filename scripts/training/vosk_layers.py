"""One affine layer of a network, as Kaldi takes it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Affine:
    """`weights` (outputs, inputs * offsets), `bias` (outputs), the input frames it looks at, and whether a ReLU follows."""

    weights: Floats
    bias: Floats
    offsets: tuple[int, ...]
    relu: bool
