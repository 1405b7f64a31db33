"""Which architecture is best in how many samples, with what regret, and whether that decides between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.statistics import clopper_pearson as exact_interval

EQUAL: Final = 1e-9
"""Values that differ by no more are equal."""
DECIDED: Final = 0.95
"""Lower bound of the share of samples from which on the choice is decided."""


@dataclass(frozen=True)
class Rate:
    """A share of samples with its interval of 95 %; None where there is no sample."""

    mean: float | None
    low: float | None
    high: float | None

    def as_json(self) -> dict[str, float | None]:
        """Return the keys of the command line's contract."""
        return {"mean": self.mean, "low": self.low, "high": self.high}

    @property
    def decides(self) -> bool:
        """Whether so many samples agree that the choice is decided."""
        return self.low is not None and self.low >= DECIDED


def clopper_pearson(successes: float, samples: int) -> Rate:
    """Return a rate with the exact interval of Clopper and Pearson.

    Parameters
    ----------
    successes : float
        From 0 to samples; not whole where ties share a sample.
    samples : int

    References
    ----------
    .. [1] Clopper and Pearson 1934, Biometrika 26, 404, by quantiles of the beta distribution.
    """
    if not samples:
        return Rate(None, None, None)
    return Rate(float(successes) / samples, *exact_interval(successes, samples))


@dataclass(frozen=True)
class ValueSpread:
    """The mean of a number over samples, and what 5 and 95 % of them, or all, do not exceed; None without samples."""

    mean: float | None
    p05: float | None
    p95: float | None
    greatest: float | None


def value_spread(values: NDArray[np.float64]) -> ValueSpread:
    """Return the mean and the quantiles, linear between samples, of a number."""
    if not len(values):
        return ValueSpread(None, None, None, None)
    p05, p95 = (float(end) for end in np.quantile(values, (0.05, 0.95), method="linear"))
    return ValueSpread(float(values.mean()), p05, p95, float(values.max()))


@dataclass(frozen=True)
class PairChoice:
    """In how many samples one of two architectures is better than the other.

    Attributes
    ----------
    a, b : str
    a_better, b_better : Rate
        The rest of the samples are ties.
    winner : str
        The better one at base values, the first of equals.
    """

    a: str
    b: str
    a_better: Rate
    b_better: Rate
    winner: str

    @property
    def decided(self) -> bool:
        """Whether the one that is better at base values is so in enough samples."""
        return (self.a_better if self.winner == self.a else self.b_better).decides

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        rates = {"a_better": self.a_better.as_json(), "b_better": self.b_better.as_json()}
        return {"a": self.a, "b": self.b, **rates, "decided": self.decided}


@dataclass(frozen=True)
class ArchitectureChoice:
    """The choice between architectures over samples.

    Attributes
    ----------
    architectures : tuple of str
    values, regrets : tuple of ValueSpread
        By architecture; regret is what the best of a sample has more than it.
    share_best : tuple of Rate
        Samples in which it is best, or one of the best, which share a sample.
    pairs : tuple of PairChoice
        Every two, in order.
    rank_agreement : float or None
        Mean share of pairs that are ordered as at base values.
    winner : str or None
        Best at base values, the first of equals; None where there is no base value.
    """

    architectures: tuple[str, ...]
    values: tuple[ValueSpread, ...]
    regrets: tuple[ValueSpread, ...]
    share_best: tuple[Rate, ...]
    pairs: tuple[PairChoice, ...]
    rank_agreement: float | None
    winner: str | None

    @property
    def decided(self) -> bool:
        """Whether the one that is best at base values is so in enough samples."""
        return self.winner is not None and self.share_best[self.architectures.index(self.winner)].decides


def choice_between(
    architectures: Sequence[str], base: NDArray[np.float64], values: NDArray[np.float64]
) -> ArchitectureChoice:
    """Return how sure the choice between architectures is.

    Parameters
    ----------
    architectures : sequence of str
    base : ndarray, shape (architectures,)
        Values at base values; NaN for none.
    values : ndarray, shape (n, architectures)
        Of the samples that count.
    """
    names, samples = tuple(architectures), len(values)
    best = values.max(axis=1, keepdims=True) if samples else np.zeros((0, 1))
    among = values >= best - EQUAL
    shared = (among / among.sum(axis=1, keepdims=True)).sum(axis=0) if samples else np.zeros(len(names))
    regrets = best - values
    known = not np.isnan(base).any()
    order = signs_of(base[:, None] - base[None, :])
    pairs, agree = [], np.zeros(samples)
    for a, b in combinations(range(len(names)), 2):
        sign = signs_of(values[:, a] - values[:, b])
        first, second = (clopper_pearson(float((sign == way).sum()), samples) for way in (1, -1))
        pairs.append(PairChoice(names[a], names[b], first, second, names[b if order[a, b] < 0 else a]))
        agree += sign == order[a, b]
    return ArchitectureChoice(
        names,
        tuple(value_spread(column) for column in values.T),
        tuple(value_spread(column) for column in regrets.T),
        tuple(clopper_pearson(float(total), samples) for total in shared),
        tuple(pairs),
        float((agree / len(pairs)).mean()) if samples and pairs and known else None,
        names[int(np.argmax(base >= base.max() - EQUAL))] if known else None,
    )


def signs_of(differences: NDArray[np.float64]) -> NDArray[np.int8]:
    """Return which of two values is better: 1 the first, -1 the second, 0 neither."""
    return (differences > EQUAL).astype(np.int8) - (differences < -EQUAL).astype(np.int8)
