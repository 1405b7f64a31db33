"""Replications added up in whole numbers, and what they say with 95 % intervals.

Sums, sums of products and counts are integers: adding chunks in any order or size gives the same numbers bit for bit,
in memory that does not grow with the replications.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone import measures as of
from hoplon.compiled import kernel

CONFIDENCE: Final = 0.95
_DEVIATE: Final = 1.959963984540054  # normal quantile of 0.975


@dataclass(frozen=True)
class Estimate:
    """A mean with the ends of its interval; ``None`` where there is nothing to take a mean of."""

    mean: float | None
    low: float | None
    high: float | None

    def as_json(self) -> dict[str, float | None]:
        """Return mean, low, high."""
        return {"mean": self.mean, "low": self.low, "high": self.high}

    @property
    def width(self) -> float:
        """Return the width of the interval; infinite for none."""
        return math.inf if self.low is None or self.high is None else self.high - self.low


class ReplicationTally:
    """Sums over replications of one raid.

    Parameters
    ----------
    threats : int
        Missiles of the raid.
    """

    def __init__(self, threats: int) -> None:
        self.threats = threats
        self.replications = 0
        self.sums = [0] * len(of.MEASURES)
        self.products = [[0] * len(of.MEASURES) for _ in of.MEASURES]
        self.leakers = [0] * (threats + 1)

    def add(self, rows: NDArray[np.int64]) -> None:
        """Add replications, shape (n, measures)."""
        for start in range(0, len(rows), 256):  # so that products of milliseconds stay below 2^63
            part = rows[start : start + 256]
            squares = part.T @ part
            self.replications += len(part)
            for index, total in enumerate(part.sum(axis=0)):
                self.sums[index] += int(total)
                for other in range(len(of.MEASURES)):
                    self.products[index][other] += int(squares[index, other])
            for number, count in enumerate(np.bincount(part[:, of.LEAKERS], minlength=self.threats + 1)):
                self.leakers[number] += int(count)

    def merge(self, other: ReplicationTally) -> None:
        """Add another tally of the same raid."""
        self.replications += other.replications
        self.sums = [one + two for one, two in zip(self.sums, other.sums, strict=True)]
        self.products = [
            [one + two for one, two in zip(mine, theirs, strict=True)]
            for mine, theirs in zip(self.products, other.products, strict=True)
        ]
        self.leakers = [one + two for one, two in zip(self.leakers, other.leakers, strict=True)]

    def mean(self, measure: int, scale: float = 1.0, bounds: tuple[float, float] | None = None) -> Estimate:
        """Return the mean of a measure a replication, divided by ``scale``, with its normal interval.

        ``bounds`` are the least and greatest value a replication can have, after scaling: where every replication had
        the same value, the interval is what the rule of Clopper and Pearson gives if the rest had the far bound.
        """
        n = self.replications
        if n == 0:
            return Estimate(None, None, None)
        total, square = self.sums[measure], self.products[measure][measure]
        mean = total / n / scale
        spread = n * square - total * total
        if spread == 0:
            if bounds is None:
                return Estimate(mean, mean, mean)
            unseen = 1.0 - (0.5 * (1.0 - CONFIDENCE)) ** (1.0 / n)
            return Estimate(mean, mean + unseen * (bounds[0] - mean), mean + unseen * (bounds[1] - mean))
        half = _DEVIATE * math.sqrt(spread / n / n / max(n - 1, 1)) / scale
        low, high = mean - half, mean + half
        if bounds is not None:
            low, high = max(low, bounds[0]), min(high, bounds[1])
        return Estimate(mean, low, high)

    def ratio(self, above: int, below: int, scale: float = 1.0) -> Estimate:
        """Return a ratio of totals, divided by ``scale``, with the interval of the delta method.

        References
        ----------
        .. [1] Cochran, *Sampling Techniques*, 3rd ed., 1977, eq. 2.39.
        """
        n, whole, part = self.replications, self.sums[below], self.sums[above]
        if whole == 0:
            return Estimate(None, None, None)
        value = part / whole
        squares = (
            self.products[above][above]
            - 2.0 * value * self.products[above][below]
            + value * value * self.products[below][below]
        )
        half = _DEVIATE * math.sqrt(max(0.0, squares) * n / max(n - 1, 1)) / whole
        return Estimate(value / scale, max(0.0, value - half) / scale, (value + half) / scale)

    def no_leaker(self) -> Estimate:
        """Return the probability that nothing leaks, with the interval of Clopper and Pearson."""
        if self.replications == 0:
            return Estimate(None, None, None)
        low, high = clopper_pearson(self.leakers[0], self.replications)
        return Estimate(self.leakers[0] / self.replications, low, high)

    def estimates(self, magazine: int) -> dict[str, Estimate]:
        """Return every measure of a raid by name."""
        threats = float(self.threats)
        return {
            "leakage": self.mean(of.LEAKERS, threats, (0.0, 1.0)),
            "p_no_leaker": self.no_leaker(),
            "shots_per_threat": self.mean(of.SHOTS, threats, (0.0, magazine / threats)),
            "shots_per_kill": self.ratio(of.SHOTS, of.KILLS),
            "inventory_left": self.mean(of.INVENTORY_LEFT, 1.0, (0.0, float(magazine))),
            "leakers": self.mean(of.LEAKERS, 1.0, (0.0, threats)),
            "threats_shot_at": self.mean(of.THREATS_SHOT_AT, threats, (0.0, 1.0)),
            "duplicate_shots": self.mean(of.DUPLICATE_SHOTS),
            "wasted_shots": self.mean(of.WASTED_SHOTS),
            "unsupported_shots": self.mean(of.UNSUPPORTED_SHOTS),
            "launch_slack_s": self.ratio(of.SLACK_MS, of.ENGAGEMENTS, 1000.0),
            "track_completeness": self.ratio(of.TRACKED_MS, of.FLOWN_MS),
            "track_ambiguity": self.ratio(of.TRACKS_MS, of.TRACKED_MS),
            "track_latency_s": self.ratio(of.REPORT_DELAY_MS, of.REPORTS, 1000.0),
        }


class PairedTally:
    """Sums of the differences of two architectures with common random numbers, replication by replication."""

    def __init__(self, threats: int) -> None:
        self.threats = threats
        self.replications = 0
        self.sums: dict[str, int] = dict.fromkeys(("leakage", "p_no_leaker", "shots_per_threat", "inventory_left"), 0)
        self.squares = dict(self.sums)

    def add(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> None:
        """Add the differences of replications with the same numbers, ``one`` less ``other``."""
        self.replications += len(one)
        for name, measure in (
            ("leakage", of.LEAKERS),
            ("shots_per_threat", of.SHOTS),
            ("inventory_left", of.INVENTORY_LEFT),
        ):
            self._add(name, one[:, measure] - other[:, measure])
        clear = (one[:, of.LEAKERS] == 0).astype(np.int64) - (other[:, of.LEAKERS] == 0)
        self._add("p_no_leaker", clear)

    def _add(self, name: str, difference: NDArray[np.int64]) -> None:
        self.sums[name] += int(difference.sum())
        self.squares[name] += int((difference * difference).sum())

    def estimates(self) -> dict[str, Estimate]:
        """Return the mean difference of each measure with its normal interval."""
        n = self.replications
        found = {}
        for name, total in self.sums.items():
            scale = float(self.threats) if name in ("leakage", "shots_per_threat") else 1.0
            if n < 2:
                found[name] = Estimate(total / n / scale if n else None, None, None)
                continue
            mean = total / n / scale
            half = _DEVIATE * math.sqrt((n * self.squares[name] - total * total) / n / n / (n - 1)) / scale
            found[name] = Estimate(mean, mean - half, mean + half)
        return found


def clopper_pearson(successes: int, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact interval of a proportion.

    References
    ----------
    .. [1] Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
       Biometrika 26 (1934) 404.
    """
    tail = 0.5 * (1.0 - confidence)
    low = 0.0 if successes == 0 else _beta_quantile(tail, successes, trials - successes + 1)
    high = 1.0 if successes == trials else _beta_quantile(1.0 - tail, successes + 1, trials - successes)
    return low, high


def _beta_quantile(probability: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if incomplete_beta(middle, a, b) < probability:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def incomplete_beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function, by its continued fraction.

    References
    ----------
    .. [1] *NIST Digital Library of Mathematical Functions*, eqs. 8.17.4, 8.17.22; evaluated by Lentz's method.
    """
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - incomplete_beta(1.0 - x, b, a)
    front = a * math.log(x) + b * math.log1p(-x) - (math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b))
    return math.exp(front) * float(_fraction(x, float(a), float(b))) / a


@kernel
def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of the incomplete beta function."""
    tiny = 1e-300
    numerator, denominator = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    denominator = 1.0 / (denominator if abs(denominator) > tiny else tiny)
    value = denominator
    for m in range(1, 100_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = 1.0
        for term in (even, odd):
            numerator = 1.0 + term / numerator
            denominator = 1.0 + term * denominator
            numerator = numerator if abs(numerator) > tiny else tiny
            denominator = 1.0 / (denominator if abs(denominator) > tiny else tiny)
            change = numerator * denominator
            value *= change
        if abs(change - 1.0) < 1e-15:
            break
    return value
