"""The band of a coverage: the middle of the shares that come out when every input with bounds is sampled.

The corners move the disputed inputs together, which no world need do. The band moves every number with bounds that the
coverage depends on, each within its own, independently but for numbers with one cause (:mod:`.factors`).
The same samples serve every architecture, and the columns of a factor depend on nothing but its name, the seed and the
number of samples: the band of an architecture is the same alone and beside others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import headline_nations, headline_threats, threats_in_year
from hoplon.analysis.coverage_solver import Asked
from hoplon.analysis.kept_coverages import digest_of_points
from hoplon.analysis.sampling.factors import crossed, factors_of, sampled
from hoplon.analysis.sampling.hypercube import hypercube_column
from hoplon.analysis.sampling.kept_shares import KeptShares
from hoplon.analysis.sampling.weighted_subset import weighted_subset
from hoplon.errors import InputError
from hoplon.progress import silent

if TYPE_CHECKING:
    from pathlib import Path

    from hoplon.analysis.coverage_answer import CoverageAnswer
    from hoplon.analysis.coverage_solver import Cover
    from hoplon.progress import Progress
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Scenario

SAMPLES: Final = 256
SEED: Final = 1
MARKS: Final = 512  # of the weighted subset of places
KEYS: Final = ("headline", "in_year")
ENDS: Final = (0.1, 0.5, 0.9)
MOST_SAMPLES: Final = 100_000
_PART: Final = 16  # samples that are kept together


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


@dataclass(frozen=True)
class Sampling:
    """What a band samples.

    Parameters
    ----------
    scenario : Scenario
    architectures : tuple of str
    points : AimPoints
        All of them.
    threatened : ndarray, shape (n,)
        Whether a class that counts reaches the point, base values.
    threats, areas : tuple of str, optional
        Classes that count together, and launch areas; the headline's, and every one, by default.
    nations : tuple of str, optional
        Whom every architecture counts; the headline's in its year by default.
    samples, seed, marks : int
        Of the Latin hypercube, and of the weighted subset of places.
    """

    scenario: Scenario
    architectures: tuple[str, ...]
    points: AimPoints
    threatened: NDArray[np.bool_]
    threats: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None
    nations: tuple[str, ...] | None = None
    samples: int = SAMPLES
    seed: int = SEED
    marks: int = MARKS


class SampledShares:
    """The shares of threatened people whom architectures defend in each sample of the inputs with bounds.

    Parameters
    ----------
    sampling : Sampling
        What is sampled.
    cover : Cover
        Judges the sampled scenarios.
    folder : Path, optional
        Where finished parts of the sample are kept.

    Attributes
    ----------
    factors : tuple of Factor
        What moves; empty where no input has bounds.
    notes : tuple of str
        What was found damaged in the folder.
    """

    def __init__(self, sampling: Sampling, cover: Cover, folder: Path | None = None) -> None:
        scenario = sampling.scenario
        self._sampling, self._cover = sampling, cover
        self._threats = headline_threats(scenario) if sampling.threats is None else sampling.threats
        self.factors = factors_of(scenario, sampling.architectures, self._threats)
        counted = headline_nations(scenario, None) if sampling.nations is None else sampling.nations
        points = sampling.points
        weight = np.where(sampling.threatened & np.isin(points.nation, counted), points.population, 0.0)
        self.subset = weighted_subset(points, weight, sampling.marks)
        self._columns = {
            factor.name: hypercube_column(sampling.seed, factor.name, sampling.samples) for factor in self.factors
        }
        shape = (len(sampling.architectures), len(KEYS))
        areas = None if sampling.areas is None else list(sampling.areas)
        content = [scenario.sha256, digest_of_points(self.subset.points), list(sampling.architectures)]
        more = [list(self._threats), areas, list(counted), sampling.samples, sampling.seed]
        self._kept = KeptShares(folder, [*content, *more], shape)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found damaged in the folder, a sentence each."""
        return self._kept.notes

    def compute(self, progress: Progress = silent) -> NDArray[np.float64]:
        """Return the shares, shape (1 + samples, architectures, keys): base values first, NaN where one does not count.

        Raises
        ------
        OutputError
            If a part cannot be kept.
        """
        total = 1 + self._sampling.samples
        parts = []
        for first in range(0, total, _PART):
            rows = range(first, min(total, first + _PART))
            progress(first, total, "every input with bounds sampled")
            found = self._kept.find(rows)
            if found is None:
                found = np.array([self._row(row) for row in rows])
                self._kept.keep(rows, found)
            parts.append(found)
        progress(total, total, "")
        return np.concatenate(parts)

    def _row(self, row: int) -> NDArray[np.float64]:
        """Return the shares of one sample, of base values for row 0."""
        asked, scenario = self._sampling, self._sampling.scenario
        if row:
            coordinates = {name: float(column[row - 1]) for name, column in self._columns.items()}
            scenario = sampled(scenario, self.factors, coordinates)
        shares = np.full((len(asked.architectures), len(KEYS)), np.nan)
        if crossed(scenario):
            return shares
        points = self.subset.points
        questions = [Asked(scenario, name, "base") for name in asked.architectures]
        judged = self._cover.judge_once(questions, points, self._threats, asked.areas)
        for place, (name, (threatened, defended)) in enumerate(zip(asked.architectures, judged, strict=True)):
            year = asked.scenario.architecture(name).year
            nations = headline_nations(asked.scenario, year) if asked.nations is None else asked.nations
            people = np.where(np.isin(points.nation, nations), points.population, 0.0)
            present = threats_in_year(asked.scenario, year)
            for column, threats in enumerate((self._threats, [key for key in self._threats if key in present])):
                mine = [self._threats.index(key) for key in threats]
                reached = threatened[:, mine].any(axis=1)
                safe = reached & (defended | ~threatened)[:, mine].all(axis=1)
                total = float(people[reached].sum())
                if total > 0.0:
                    shares[place, column] = float(people[safe].sum()) / total
        return shares


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
    if not 1 <= samples <= MOST_SAMPLES:
        raise InputError(f"samples: from 1 to {MOST_SAMPLES:,} were expected, got {samples:,}")
    base, threats = answer.base, tuple(answer.threats)
    chosen = [base.threats.index(name) for name in threats]
    sampling = Sampling(
        answer.scenario,
        (base.architecture,),
        base.points,
        np.asarray(base.threatened[:, chosen].any(axis=1)),
        threats,
        base.areas,
        None if answer.whole else answer.nations,
        samples,
        seed,
        MARKS if answer.whole else len(base.points),
    )
    sample = SampledShares(sampling, cover)
    if not sample.factors:
        return None
    return band_of(sample.compute()[:, 0, 0], answer.summary(level=base.level).population_share, seed)


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
