"""Replications added up in whole numbers, and what they say with 95 % intervals.

Sums, sums of products and counts are integers: adding chunks in any order or size gives the same numbers bit for bit,
in memory that does not grow with the replications.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone import measures as of
from hoplon.compiled import kernel

CONFIDENCE: Final = 0.95
_DEVIATE: Final = 1.959963984540054  # normal quantile of 0.975
_MANY: Final = 1e6  # degrees of freedom, or trials, from which a distribution is the normal one with its skewness


@dataclass(frozen=True)
class Estimate:
    """A mean with the ends of its interval; ``None`` where there is nothing to take a mean of."""

    mean: float | None
    low: float | None
    high: float | None

    def as_json(self) -> dict[str, float | None]:
        """Return mean, low, high."""
        return {"mean": self.mean, "low": self.low, "high": self.high}

    def divided(self, scale: float) -> Estimate:
        """Return the estimate of the quantity divided by a number above zero."""
        return Estimate(*(None if end is None else end / scale for end in (self.mean, self.low, self.high)))

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
        self.most = [0] * len(of.MEASURES)

    def add(self, rows: NDArray[np.int64]) -> None:
        """Add replications, shape (n, measures)."""
        greatest = int(rows.max(initial=1))
        step = min(256, (1 << 62) // (greatest * greatest))  # so that sums of products stay below 2^63
        numbers = rows if step > 0 else rows.astype(object)
        for start in range(0, len(rows), max(step, 1)):
            part = numbers[start : start + max(step, 1)]
            squares = part.T @ part
            self.replications += len(part)
            for index, total in enumerate(part.sum(axis=0)):
                self.sums[index] += int(total)
                for other in range(len(of.MEASURES)):
                    self.products[index][other] += int(squares[index, other])
            self.most = [max(one, int(two)) for one, two in zip(self.most, part.max(axis=0), strict=True)]
            for number, count in enumerate(
                np.bincount(part[:, of.LEAKERS].astype(np.int64), minlength=self.threats + 1)
            ):
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
        self.most = [max(one, two) for one, two in zip(self.most, other.most, strict=True)]

    def mean(self, measure: int, most: int, scale: float = 1.0) -> Estimate:
        """Return the mean of a measure a replication, from 0 to ``most``, divided by ``scale``, with its interval."""
        most = max(most, self.most[measure])
        found = bounded_mean(self.replications, self.sums[measure], self.products[measure][measure], most)
        return found.divided(scale)

    def count(self, measure: int) -> Estimate:
        """Return the mean of a number with no limit but zero: its range ends at the greatest that was seen, or at 1."""
        return self.mean(measure, max(1, self.most[measure]))

    def share(self, above: int, below: int) -> Estimate:
        """Return a ratio of totals that cannot exceed 1, with the interval of a bounded quantity."""
        n, whole, part = self.replications, self.sums[below], self.sums[above]
        if whole == 0:
            return Estimate(None, None, None)
        squares = self._residuals(above, below)
        if squares == 0 or part >= whole:
            return Estimate(part / whole, *korn_graubard(min(part / whole, 1.0), math.inf, n))
        effective = part * (whole - part) * whole * whole / squares
        return Estimate(part / whole, *korn_graubard(part / whole, effective, n))

    def ratio(self, above: int, below: int, least: float = 0.0, scale: float = 1.0) -> Estimate:
        """Return a ratio of totals, divided by ``scale``, with the interval of the delta method, Student's quantile.

        ``least`` is what the ratio cannot go below, before scaling: the interval ends there. One replication gives no
        interval.

        References
        ----------
        .. [1] Cochran, *Sampling Techniques*, 3rd ed., 1977, eq. 2.39.
        """
        n, whole = self.replications, self.sums[below]
        if whole == 0:
            return Estimate(None, None, None)
        value = self.sums[above] / whole
        if n < 2:
            return Estimate(value / scale, None, None)
        squares = self._residuals(above, below) / (whole * whole)
        half = student_quantile(n - 1) * math.sqrt(squares * n / (n - 1)) / whole
        return Estimate(value / scale, max(least, value - half) / scale, (value + half) / scale)

    def _residuals(self, above: int, below: int) -> int:
        """Return the sum of squares of ``above`` less the ratio times ``below``, times ``below``'s total squared."""
        whole, part = self.sums[below], self.sums[above]
        return (
            whole * whole * self.products[above][above]
            - 2 * whole * part * self.products[above][below]
            + part * part * self.products[below][below]
        )

    def leakage(self) -> Estimate:
        """Return the mean share of the missiles that leak."""
        return self.mean(of.LEAKERS, self.threats, float(self.threats))

    def no_leaker(self) -> Estimate:
        """Return the probability that nothing leaks, with the interval of Clopper and Pearson."""
        if self.replications == 0:
            return Estimate(None, None, None)
        low, high = clopper_pearson(self.leakers[0], self.replications)
        return Estimate(self.leakers[0] / self.replications, low, high)

    def estimates(self, magazine: int) -> dict[str, Estimate]:
        """Return every measure of a raid by name."""
        threats, leakage = float(self.threats), self.leakage()
        return {
            "leakage": leakage,
            "p_no_leaker": self.no_leaker(),
            "shots_per_threat": self.mean(of.SHOTS, magazine, threats),
            "shots_per_kill": self.ratio(of.SHOTS, of.KILLS, 1.0),
            "inventory_left": self.mean(of.INVENTORY_LEFT, magazine),
            "leakers": leakage.divided(1.0 / threats),
            "threats_shot_at": self.mean(of.THREATS_SHOT_AT, self.threats, threats),
            "duplicate_shots": self.count(of.DUPLICATE_SHOTS),
            "wasted_shots": self.count(of.WASTED_SHOTS),
            "unsupported_shots": self.count(of.UNSUPPORTED_SHOTS),
            "launch_slack_s": self.ratio(of.SLACK_MS, of.ENGAGEMENTS, scale=1000.0),
            "track_completeness": self.share(of.TRACKED_MS, of.FLOWN_MS),
            "track_ambiguity": self.ratio(of.TRACKS_MS, of.TRACKED_MS, 1.0),
            "track_latency_s": self.ratio(of.REPORT_DELAY_MS, of.REPORTS, scale=1000.0),
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
        """Return the mean difference of each measure with Student's interval, that of shares within -1 and 1."""
        n = self.replications
        found = {}
        for name, total in self.sums.items():
            scale = float(self.threats) if name in ("leakage", "shots_per_threat") else 1.0
            most = 1.0 if name in ("leakage", "p_no_leaker") else math.inf
            if n < 2:
                found[name] = Estimate(total / n / scale if n else None, None, None)
                continue
            mean = total / n / scale
            spread = math.sqrt((n * self.squares[name] - total * total) / n / n / (n - 1)) / scale
            half = student_quantile(n - 1) * spread
            found[name] = Estimate(mean, max(-most, mean - half), min(most, mean + half))
        return found


def bounded_mean(replications: int, total: int, squares: int, most: int) -> Estimate:
    """Return the mean of a whole number from 0 to ``most``, a replication, with the interval of Korn and Graubard.

    Parameters
    ----------
    replications : int
    total, squares : int
        Sums over the replications of the number and of its square.
    most : int
        The greatest that a replication can have.

    Returns
    -------
    Estimate
        Within 0 and ``most``; no numbers without replications.
    """
    n = replications
    if n == 0 or most == 0:
        return Estimate(None, None, None) if n == 0 else Estimate(0.0, 0.0, 0.0)
    spread = n * squares - total * total
    effective = math.inf if spread == 0 else n * total * (n * most - total) / spread
    low, high = korn_graubard(total / n / most, effective, n, most)
    return Estimate(total / n, low * most, high * most)


def korn_graubard(share: float, effective: float, replications: int, parts: float = math.inf) -> tuple[float, float]:
    """Return the interval of a mean share from 0 to 1: that of Clopper and Pearson for as many independent trials.

    Where every replication is 0 or 1 it is the interval of Clopper and Pearson itself. A share that never varied has no
    variance to go by: the rest, of which nothing was seen, may have had either bound.

    Parameters
    ----------
    share : float
        Mean over the replications.
    effective : float
        Trials whose mean share has the same variance, share (1 - share) / variance; infinite for none.
    replications : int
        From which the variance was found.
    parts : float
        Trials that a replication consists of, infinite for a continuous share.

    References
    ----------
    .. [1] Korn and Graubard, "Confidence intervals for proportions with small expected number of positive counts
       estimated from survey data", Survey Methodology 24 (1998) 193: a replication is a cluster of ``parts`` trials.
    """
    tail = 0.5 * (1.0 - CONFIDENCE)
    if math.isinf(effective):
        unseen = 1.0 - tail ** (1.0 / replications)
        return share * (1.0 - unseen), share + unseen * (1.0 - share)
    few = student_quantile(replications * parts - 1.0) / student_quantile(replications - 1.0)
    trials = effective * few * few
    successes = share * trials
    low = beta_quantile(tail, successes, trials - successes + 1.0)
    return low, beta_quantile(1.0 - tail, successes + 1.0, trials - successes)


@lru_cache(1024)
def student_quantile(freedom: float) -> float:
    """Return the 97.5 % quantile of Student's distribution; that of the normal one for very many degrees of freedom.

    References
    ----------
    .. [1] *NIST Digital Library of Mathematical Functions*, eq. 8.17.5, with y = t^2 / (freedom + t^2).
    """
    if freedom > _MANY:
        return _DEVIATE
    y = beta_quantile(CONFIDENCE, 0.5, 0.5 * freedom)
    return math.sqrt(freedom * y / (1.0 - y))


def clopper_pearson(successes: float, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact interval of a proportion; successes need not be whole where ties share a trial.

    References
    ----------
    .. [1] Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
       Biometrika 26 (1934) 404.
    """
    tail = 0.5 * (1.0 - confidence)
    low = 0.0 if successes <= 0 else beta_quantile(tail, successes, trials - successes + 1)
    high = 1.0 if successes >= trials else beta_quantile(1.0 - tail, successes + 1, trials - successes)
    return low, high


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the quantile of the beta distribution, by Newton's steps within a bracket.

    Above a million of both parameters it is the normal one with its skewness (Cornish and Fisher), where the next term
    is below a millionth of the deviation.
    """
    if min(a, b) > _MANY:
        deviate = NormalDist().inv_cdf(probability)
        spread = math.sqrt(a * b / (a + b + 1.0)) / (a + b)
        skewness = 2.0 * (b - a) * math.sqrt(a + b + 1.0) / ((a + b + 2.0) * math.sqrt(a * b))
        return a / (a + b) + spread * (deviate + skewness * (deviate * deviate - 1.0) / 6.0)
    low, high, x = 0.0, 1.0, a / (a + b)
    scale = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    for _ in range(200):
        excess = incomplete_beta(x, a, b) - probability
        low, high = (x, high) if excess < 0.0 else (low, x)
        density = math.exp(min((a - 1.0) * math.log(x) + (b - 1.0) * math.log1p(-x) - scale, 700.0))
        step = excess / density if density > 0.0 else math.inf
        better = x - step if low < x - step < high else 0.5 * (low + high)
        if better in (low, high) or abs(better - x) <= 4e-16 * x:
            return better
        x = better
    return x


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
