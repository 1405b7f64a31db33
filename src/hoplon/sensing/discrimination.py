"""Which object is the warhead: separations, how they add, and the chance to select it (model section 6).

The score that a sensor gives an object is Gaussian with equal variance for all; the warhead's mean lies d' standard
deviations above that of every look-alike. d' is the sensor's *separation*.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hoplon.compiled import kernel
from hoplon.errors import InputError

MOST_OBJECTS: Final = 1_000_000
_HALFWIDTH: Final = 9.5  # [-] of the integral, in standard deviations: the tails beyond weigh less than 1e-20
_STEP: Final = 0.05
_NODES: Final = 2 * round(_HALFWIDTH / _STEP) + 1
_ROOT_HALF: Final = math.sqrt(0.5)
_SCALE: Final = _STEP / math.sqrt(2.0 * math.pi)


@kernel
def _selection(objects: float, separation: float) -> float:
    others = objects - 1.0
    if others == 0.0:
        return 1.0
    total = 0.0
    for node in range(_NODES):
        deviation = node * _STEP - _HALFWIDTH
        below = 0.5 * math.erfc(-(separation + deviation) * _ROOT_HALF)
        total += math.exp(-0.5 * deviation * deviation) * below**others
    return min(1.0, _SCALE * total)


def selection_probability(objects: float, separation: float) -> float:
    """Return the chance that the warhead scores highest among objects that look like it.

    Parameters
    ----------
    objects : float
        The warhead and its look-alikes, at least 1.
    separation : float
        d' of all sources together, not negative; infinite is allowed.

    Returns
    -------
    float
        1/objects without any separation; 1 for a single object.

    Raises
    ------
    InputError
        For numbers out of range.

    Notes
    -----
    The integral of phi(x - d') Phi(x)^(n-1) over the line, by the trapezoidal rule, which converges faster than any
    power of its step for an analytic integrand that vanishes at both ends: the error is below 1e-12. For two objects
    it is Phi(d'/sqrt 2).

    References
    ----------
    .. [1] D. M. Green and J. A. Swets, *Signal Detection Theory and Psychophysics*, 1966, section 2.6 (forced choice
       among m alternatives).
    """
    if not 1.0 <= objects <= MOST_OBJECTS:
        raise InputError(f"objects must lie in [1, {MOST_OBJECTS}], got {objects:g}")
    if not separation >= 0.0:
        raise InputError(f"separation must not be negative, got {separation:g}")
    return 1.0 if math.isinf(separation) else float(_selection(float(objects), float(separation)))


def combined_separation(separations: ArrayLike) -> float:
    """Return the separation of independent sources together: squares add; 0 without any source.

    Raises
    ------
    InputError
        If a separation is negative or not a number.
    """
    return float(combined_separations(np.asarray(separations, dtype=np.float64).reshape(-1, 1))[0])


def combined_separations(separations: ArrayLike) -> NDArray[np.float64]:
    """Return :func:`combined_separation` of each of many, shape (n,), from shape (sources, n)."""
    values: NDArray[np.float64] = np.asarray(separations, dtype=np.float64)
    if not np.all(values >= 0.0):
        raise InputError(f"separations must not be negative, got {values[~(values >= 0.0)].tolist()}")
    return np.asarray(np.sqrt(np.sum(values * values, axis=0)))
