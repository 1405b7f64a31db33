"""How much of a value's variance one factor alone explains, from the samples that there are (given-data estimate).

Samples are put in groups in order of the factor; what the group means vary by, corrected for what they would vary by
chance, is the first-order index of the factor.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.statistics import beta_quantile

_FEWEST_GROUPS: Final = 2
_MOST_GROUPS: Final = 16
_SAMPLES_A_GROUP: Final = 32
_RESAMPLES: Final = 200
_ENDS: Final = (0.025, 0.975)
_FALSE_ALARMS: Final = 0.05  # chance that any factor without an effect is above the noise floor
_NO_VARIANCE: Final = 1e-18  # a sample
_AT_A_TIME: Final = 1 << 22  # numbers that are resampled together


@dataclass(frozen=True)
class FactorIndex:
    """The index of a factor for one value, or one difference of two.

    Attributes
    ----------
    factor : str
    index, low, high : float or None
        Share of the variance, with its interval of 95 %; None where the value does not vary.
    counts : bool
        Whether it is above what factors without an effect reach.
    """

    factor: str
    index: float | None
    low: float | None
    high: float | None
    counts: bool

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {"factor": self.factor, "index": self.index, "low": self.low, "high": self.high, "counts": self.counts}


def groups_of(samples: int) -> int:
    """Return in how many groups samples are put."""
    return max(_FEWEST_GROUPS, min(_MOST_GROUPS, samples // _SAMPLES_A_GROUP))


def noise_floor(samples: int, factors: int) -> float | None:
    """Return the index that a factor without an effect exceeds with a chance of 5 % shared by all factors.

    Parameters
    ----------
    samples : int
    factors : int
        How many, with the one that moves nothing.

    Notes
    -----
    Without an effect, between and within groups vary alike: their ratio follows Fisher's F, the share of the variance
    between groups a beta distribution of half as many degrees of freedom.
    """
    groups = groups_of(samples)
    if samples <= groups:
        return None
    quantile = beta_quantile(1.0 - _FALSE_ALARMS / factors, 0.5 * (groups - 1), 0.5 * (samples - groups))
    return 1.0 - (samples - 1) / (samples - groups) * (1.0 - quantile)


def resamples(seed: int, samples: int) -> NDArray[np.intp]:
    """Return the rows of the bootstrap, shape (200, samples).

    Notes
    -----
    Row i of resample b is the floor of N u, with u the first eight bytes of the SHA-256 digest of ``seed/boot/b/i``
    over 2^64.
    """
    rows = np.empty((_RESAMPLES, samples), dtype=np.intp)
    for resample in range(_RESAMPLES):
        for row in range(samples):
            digest = hashlib.sha256(f"{seed}/boot/{resample}/{row}".encode("ascii")).digest()
            rows[resample, row] = int.from_bytes(digest[:8], "big") * samples >> 64
    return rows


def indices_of(
    coordinates: NDArray[np.float64], values: NDArray[np.float64], rows: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the indices of factors for values, and the ends of their intervals.

    Parameters
    ----------
    coordinates : ndarray, shape (n, factors)
    values : ndarray, shape (n, m)
    rows : ndarray, shape (resamples, n)
        Of the bootstrap.

    Returns
    -------
    index, low, high : ndarray, shape (factors, m)
        NaN where a value does not vary, or there are no more samples than groups.

    References
    ----------
    .. [1] Plischke, Borgonovo, Smith 2013, Eur. J. Oper. Res. 226, 536 (estimates from given data, by partition).
    .. [2] Kelley 1935, Proc. Natl. Acad. Sci. 21, 554 (the correlation ratio corrected for chance, epsilon squared).
    """
    samples, factors, width = len(values), coordinates.shape[1], values.shape[1]
    shape = (factors, width)
    index, low, high = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    if samples <= groups_of(samples):
        return index, low, high
    centred = values - values.mean(axis=0)
    piece = max(1, _AT_A_TIME // max(1, samples * width))
    for factor in range(factors):
        order = np.argsort(coordinates[:, factor], kind="stable")
        ordered = centred[order]
        index[factor] = _explained(ordered[None])[0]
        rank = np.empty(samples, dtype=np.intp)
        rank[order] = np.arange(samples)
        ranked = np.sort(rank[rows], axis=1)
        found = np.concatenate([_explained(ordered[ranked[at : at + piece]]) for at in range(0, len(rows), piece)])
        for column in range(width):
            there = found[~np.isnan(found[:, column]), column]
            if len(there) and not np.isnan(index[factor, column]):
                low[factor, column], high[factor, column] = np.quantile(there, _ENDS, method="linear")
    return index, low, high


def _explained(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the index of some resamples in order of a factor; values (resamples, n, m), indices (resamples, m)."""
    samples = values.shape[1]
    groups = groups_of(samples)
    size, more = divmod(samples, groups)
    sizes = np.array([size + 1] * more + [size] * (groups - more))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    means = np.add.reduceat(values, starts, axis=1) / sizes[:, None]
    mean = values.mean(axis=1, keepdims=True)
    deviation = values - mean
    total = np.einsum("bnm,bnm->bm", deviation, deviation)
    between = (sizes[:, None] * (means - mean) ** 2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        within = np.maximum(total - between, 0.0) / total
        found = 1.0 - (samples - 1) / (samples - groups) * within
    found[total <= _NO_VARIANCE * samples] = np.nan
    return np.asarray(found)
