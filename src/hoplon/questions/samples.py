"""The samples of a study: every input with bounds drawn at once, for its bands and for the choice of question 13."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.architectures import decided_architectures, sampled_architectures
from hoplon.analysis.coverage_solver import KernelCover
from hoplon.analysis.robustness.run import robustness_from
from hoplon.analysis.sampling.band import KEYS, SEED, band_of, sampling_of_study
from hoplon.analysis.sampling.factors import factors_of
from hoplon.analysis.sampling.sampled_values import sampled_values
from hoplon.analysis.sampling.scope import common_nations
from hoplon.campaigns.executors import Processes
from hoplon.questions.requests import LEVELS

if TYPE_CHECKING:
    from pathlib import Path

    from hoplon.analysis.coverage import Coverage
    from hoplon.analysis.coverage_solver import Cover
    from hoplon.analysis.robustness.answer import RobustnessAnswer
    from hoplon.analysis.sampling.band import Band
    from hoplon.analysis.sampling.sampled_values import Sampling
    from hoplon.analysis.tally import Count, Tally
    from hoplon.progress import Progress
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario

_READY: Final = "hoplon.analysis.ready"
_WORTH_PROCESSES: Final = (
    50_000  # samples times aim points times architectures that take longer than processes to begin
)


class SampledStudy(Protocol):
    """What samples need of a study."""

    scenario: Scenario
    points: AimPoints
    progress: Progress

    @property
    def solver(self) -> Cover:
        """Return what computes coverages."""

    def coverage(self, architecture: str, level: Level = "base") -> Coverage:
        """Return the coverage of an architecture at a level."""

    def tally(self, architecture: str, level: Level = "base") -> Tally:
        """Return the counts of people and land of an architecture at a level."""

    def count(self, architecture: str, level: Level = "base", key: str = "headline") -> Count:
        """Return the count of the nations of the headline against a set of classes."""

    def headline_threats(self, architecture: str) -> tuple[str, ...]:
        """Return the classes of the headline."""


class StudySamples:
    """The samples that a study has, each computed when first needed.

    Parameters
    ----------
    folder : Path, optional
        Where finished chunks are kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._found: dict[tuple[str, ...], tuple[Sampling, NDArray[np.float64]] | None] = {}
        self._robustness: RobustnessAnswer | None = None
        self.notes: tuple[str, ...] = ()

    def band(self, study: SampledStudy, architecture: str, key: str) -> Band | None:
        """Return what :meth:`hoplon.questions.study.Study.band` does."""
        together = _together(study.scenario)
        names = together if architecture in together else (architecture,)
        found = self._of(study, names)
        if found is None:
            return None
        share = study.count(architecture, key=key).population_share
        return band_of(found[1][:, names.index(architecture), KEYS.index(key)], share, SEED)

    def robustness(self, study: SampledStudy) -> RobustnessAnswer | None:
        """Return what :attr:`hoplon.questions.study.Study.robustness` is."""
        if self._robustness is None:
            self._robustness = self._choice(study)
        return self._robustness

    def _choice(self, study: SampledStudy) -> RobustnessAnswer | None:
        scenario = study.scenario
        names = decided_architectures(scenario)
        found = self._of(study, _together(scenario)) if factors_of(scenario, names) else None
        if found is None:
            return None
        common = common_nations(scenario, names)
        shares = {
            name: {level: study.tally(name, level).count("headline", common).population_share for level in LEVELS}
            for name in names
        }
        counted = _threatened(study) & np.isin(study.points.nation, common) & (study.points.population > 0.0)
        with _executor(study, found[0]) as executor:
            answer = robustness_from(
                *found,
                names,
                shares,
                study.solver,
                of=int(counted.sum()),
                seed=SEED,
                folder=self._folder,
                executor=executor,
                progress=study.progress,
            )
        self.notes += answer.notes
        return answer

    def _of(self, study: SampledStudy, names: tuple[str, ...]) -> tuple[Sampling, NDArray[np.float64]] | None:
        if names not in self._found:
            self._found[names] = self._sampled(study, names)
        return self._found[names]

    def _sampled(self, study: SampledStudy, names: tuple[str, ...]) -> tuple[Sampling, NDArray[np.float64]] | None:
        """Return the samples of some architectures with their values; None where no input has bounds."""
        threatened = _threatened(study)
        sampling = sampling_of_study(study.scenario, names, study.points, threatened)
        if len(sampling.factors) == 1 or not threatened.any():  # the one that moves nothing
            return None
        with _executor(study, sampling) as executor:
            values, notes = sampled_values(sampling, study.solver, self._folder, executor, study.progress)
        self.notes += notes
        return sampling, values


def _together(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures that are sampled together: those with a band, and those that are chosen between."""
    return tuple(dict.fromkeys((*sampled_architectures(scenario), *decided_architectures(scenario))))


def _threatened(study: SampledStudy) -> NDArray[np.bool_]:
    """Return which points a class of the headline reaches, base values."""
    first = study.coverage(_together(study.scenario)[0])
    chosen = [first.threats.index(name) for name in study.headline_threats(first.architecture)]
    return np.asarray(first.threatened[:, chosen].any(axis=1))


@contextlib.contextmanager
def _executor(study: SampledStudy, sampling: Sampling) -> Iterator[Processes | None]:
    """Yield what does the samples on every core; None where that is not worth it, or the kernels do not judge."""
    cores, work = os.cpu_count() or 1, len(sampling) * len(sampling.points) * len(sampling.architectures)
    if cores == 1 or work < _WORTH_PROCESSES or not isinstance(study.solver, KernelCover):
        yield None
        return
    with contextlib.closing(Processes(cores, _READY)) as executor:
        yield executor
