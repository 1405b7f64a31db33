"""Latin hypercube samples of numbers with bounds: a factor's column depends on the seed and its own name alone."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hoplon.scenario.model import Cited

_DECADES: Final = 4.0  # a number whose upper bound is so many times its lower one is spread along its logarithm


def hypercube_column(seed: int, factor: str, samples: int) -> NDArray[np.float64]:
    """Return the coordinate of a factor in each sample of a Latin hypercube, shape (samples,), in (0, 1).

    Parameters
    ----------
    seed : int
    factor : str
        Its name. Other factors change nothing of the column.
    samples : int
        How many; each of as many strata of equal width holds one of them, at its middle.

    Notes
    -----
    Sample i stands at the place that the SHA-256 digest of ``seed/factor/i`` has among those of all samples.
    """
    digests = [
        hashlib.sha256(f"{seed}/{factor}/{sample}".encode("ascii", "backslashreplace")) for sample in range(samples)
    ]
    order = sorted(range(samples), key=lambda sample: digests[sample].digest())
    ranks = np.empty(samples)
    ranks[order] = np.arange(samples)
    return (ranks + 0.5) / samples


def number_at(number: Cited, coordinate: float, *, whole: bool = False) -> float:
    """Return a number at a coordinate: its lower bound at 0, its value at 1/2, its upper bound at 1.

    Parameters
    ----------
    number : Cited
        A bound left out is the value.
    coordinate : float
        In [0, 1].
    whole : bool
        Round to a whole number, halves to even.

    Notes
    -----
    In each half straight, or along the logarithm if the lower bound is positive and the upper one at least four times
    as large.
    """
    low, value, high = number.at("low"), number.value, number.at("high")
    start, end, part = (low, value, 2.0 * coordinate) if coordinate <= 0.5 else (value, high, 2.0 * coordinate - 1.0)
    if part in (0.0, 1.0):
        found = start if part == 0.0 else end
    elif low > 0.0 and high >= _DECADES * low:
        found = math.exp((1.0 - part) * math.log(start) + part * math.log(end))
    else:
        found = (1.0 - part) * start + part * end
    return float(round(found)) if whole else found
