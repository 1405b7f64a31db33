"""The samples of a study: every input with bounds drawn at once, for its bands and for the choice of question 13."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.architectures import decided_architectures, sampled_architectures
from hoplon.analysis.robustness.run import robustness_from
from hoplon.analysis.sampling.band import KEYS, SEED, band_of, sampling_of_study
from hoplon.analysis.sampling.factors import factors_of
from hoplon.analysis.sampling.sampled_values import sampled_values
from hoplon.analysis.sampling.scope import common_nations
from hoplon.questions.requests import LEVELS

if TYPE_CHECKING:
    from pathlib import Path

    from hoplon.analysis.robustness.answer import RobustnessAnswer
    from hoplon.analysis.sampling.band import Band
    from hoplon.analysis.sampling.sampled_values import Sampling
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario


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

    def band(self, study: Study, architecture: str, key: str) -> Band | None:
        """Return what :meth:`Study.band` does."""
        together = _together(study.scenario)
        names = together if architecture in together else (architecture,)
        found = self._of(study, names)
        if found is None:
            return None
        share = study.count(architecture, key=key).population_share
        return band_of(found[1][:, names.index(architecture), KEYS.index(key)], share, SEED)

    def robustness(self, study: Study) -> RobustnessAnswer | None:
        """Return what :attr:`Study.robustness` is."""
        if self._robustness is None:
            self._robustness = self._choice(study)
        return self._robustness

    def _choice(self, study: Study) -> RobustnessAnswer | None:
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
        answer = robustness_from(
            *found,
            names,
            shares,
            study.solver,
            of=int(counted.sum()),
            seed=SEED,
            folder=self._folder,
            progress=study.progress,
        )
        self.notes += answer.notes
        return answer

    def _of(self, study: Study, names: tuple[str, ...]) -> tuple[Sampling, NDArray[np.float64]] | None:
        if names not in self._found:
            self._found[names] = self._sampled(study, names)
        return self._found[names]

    def _sampled(self, study: Study, names: tuple[str, ...]) -> tuple[Sampling, NDArray[np.float64]] | None:
        """Return the samples of some architectures with their values; None where no input has bounds."""
        threatened = _threatened(study)
        sampling = sampling_of_study(study.scenario, names, study.points, threatened)
        if len(sampling.factors) == 1 or not threatened.any():  # the one that moves nothing
            return None
        values, notes = sampled_values(sampling, study.solver, self._folder, progress=study.progress)
        self.notes += notes
        return sampling, values


def _together(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures that are sampled together: those with a band, and those that are chosen between."""
    return tuple(dict.fromkeys((*sampled_architectures(scenario), *decided_architectures(scenario))))


def _threatened(study: Study) -> NDArray[np.bool_]:
    """Return which points a class of the headline reaches, base values."""
    first = study.coverage(_together(study.scenario)[0])
    chosen = [first.threats.index(name) for name in study.headline_threats(first.architecture)]
    return np.asarray(first.threatened[:, chosen].any(axis=1))
