"""The band of a coverage: the middle of the shares that come out when every input with bounds is sampled.

The corners move the disputed inputs together, which no world need do. The band moves every number with bounds that the
coverage depends on, each within its own, independently but for numbers with one cause (:mod:`.factors`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import headline_nations, headline_threats
from hoplon.analysis.sampling.factors import NO_EFFECT, factors_of
from hoplon.analysis.sampling.sampled_values import Measure, Sampling, hypercube, sampled_values
from hoplon.analysis.sampling.scope import common_nations, points_for_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.coverage_answer import CoverageAnswer
    from hoplon.analysis.coverage_solver import Cover
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Scenario

SAMPLES: Final = 256
SEED: Final = 1
MARKS: Final = 512  # of the weighted subset of points that a study samples
KEYS: Final = ("headline", "in_year")
ENDS: Final = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Band:
    """The middle of the sampled shares of threatened people who are defended.

    Parameters
    ----------
    low, median, high : float
        10, 50 and 90 % of the samples lie below.
    samples : int
        Those that count: a sample whose bounds cross, or in which nobody is threatened, does not.
    subset_error : float
        Share of the weighted subset of places that was sampled less that of all places, base values.
    seed : int
        Of the Latin hypercube.
    """

    low: float
    median: float
    high: float
    samples: int
    subset_error: float
    seed: int

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "low": self.low,
            "median": self.median,
            "high": self.high,
            "samples": self.samples,
            "subset_error": self.subset_error,
            "seed": self.seed,
        }


def sampling_of_study(
    scenario: Scenario, architectures: Sequence[str], points: AimPoints, threatened: NDArray[np.bool_]
) -> Sampling:
    """Return the samples of a study, for the bands of some architectures and for the robustness of the choice.

    Parameters
    ----------
    scenario : Scenario
    architectures : sequence of str
    points : AimPoints
    threatened : ndarray, shape (n,)
        Whether a class of the headline reaches the point, base values.

    Returns
    -------
    Sampling
        Its measures are those of :data:`KEYS`, the nations each architecture's own, and last the share of the nations
        that are members in the years of all architectures that are compared for robustness.
    """
    names = tuple(architectures)
    subset = points_for_all(scenario, points, threatened, MARKS)
    own = tuple(headline_nations(scenario, scenario.architecture(name).year) for name in names)
    common = common_nations(scenario)
    factors = (*factors_of(scenario, names), NO_EFFECT)
    return Sampling(
        scenario,
        names,
        subset.points,
        subset.weight,
        (Measure(own), Measure(own, in_year=True), Measure((common,) * len(names))),
        factors,
        hypercube(factors, SAMPLES, SEED),
    )


def coverage_band(answer: CoverageAnswer, cover: Cover, samples: int = SAMPLES, seed: int = SEED) -> Band | None:
    """Return the band of a coverage that was judged at base values, against the classes that count together in it.

    Parameters
    ----------
    answer : CoverageAnswer
        Its points, classes, launch areas and nations are those that are sampled; of points that were given, every one.
    cover : Cover
    samples, seed : int
        Of the Latin hypercube.

    Raises
    ------
    InputError
        If there is less than one sample, or more than the most that are allowed.
    """
    scenario, base, threats = answer.scenario, answer.base, tuple(answer.threats)
    factors = factors_of(scenario, (base.architecture,))
    coordinates = hypercube(factors, samples, seed)
    if not factors:
        return None
    points, weight = base.points, base.points.population
    if answer.whole:
        chosen = [base.threats.index(name) for name in threats]
        subset = points_for_all(scenario, points, np.asarray(base.threatened[:, chosen].any(axis=1)), MARKS)
        points, weight = subset.points, subset.weight
    sampling = Sampling(
        scenario,
        (base.architecture,),
        points,
        weight,
        (Measure((answer.nations,)),),
        factors,
        coordinates,
        None if threats == headline_threats(scenario) else threats,
        base.areas,
    )
    values, _ = sampled_values(sampling, cover)
    return band_of(values[:, 0, 0], answer.summary(level=base.level).population_share, seed)


def band_of(shares: NDArray[np.float64], share: float | None, seed: int) -> Band | None:
    """Return the band of the shares of one architecture against one set of classes.

    Parameters
    ----------
    shares : ndarray, shape (1 + samples,)
        Base values first, NaN where a sample does not count.
    share : float or None
        Of all places, base values; None where nobody is threatened.
    seed : int

    Returns
    -------
    Band or None
        None where nobody is threatened, or no sample counts.
    """
    counted = shares[1:][~np.isnan(shares[1:])]
    if share is None or not len(counted) or np.isnan(shares[0]):
        return None
    low, median, high = (float(end) for end in np.quantile(counted, ENDS, method="linear"))
    return Band(low, median, high, len(counted), float(shares[0]) - share, seed)
