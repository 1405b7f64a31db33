"""What question 3 computes: one-at-a-time sensitivity to the disputed inputs, and verdicts on public statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hoplon.analysis.architectures import baseline, compared_architectures
from hoplon.analysis.bounds import has_bounds
from hoplon.questions.comparison.agreement import architectures_of
from hoplon.questions.comparison.disputed import OneAtATime, one_at_a_time
from hoplon.questions.comparison.statements import Verdict, applicable, verdicts
from hoplon.questions.requests import CoverageRequest, at_every_level
from hoplon.questions.study import Study
from hoplon.scenario.model import Scenario


@dataclass(frozen=True)
class ComparisonAnswer:
    """What the comparison of architectures needs beside their coverages.

    Parameters
    ----------
    disputed : OneAtATime or None
        Sensitivity to each disputed input alone; None if nothing threatens a city.
    verdicts : tuple of Verdict
        Public statements about architectures of the scenario, each compared with the results.
    """

    disputed: OneAtATime | None
    verdicts: tuple[Verdict, ...]


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the compared architectures and those that statements are about, at every level."""
    named = [name for item in applicable(scenario, scenario.statements) for name in architectures_of(item)]
    return at_every_level(tuple(dict.fromkeys((*compared_architectures(scenario), *named))))


def answer(study: Study) -> ComparisonAnswer | None:
    """Return the answer; None without a baseline, statements and disputed inputs that change a share."""
    scenario = study.scenario
    if baseline(scenario) is None and not scenario.statements and not has_bounds(scenario):
        return None
    assert study.cover is not None  # only a study that was sent to a process that draws has none
    disputed = one_at_a_time(scenario, study.cover, study.points)
    found = verdicts(study, scenario.statements)
    if baseline(scenario) is None and not disputed.changes_any_share and not found:
        return None
    return ComparisonAnswer(disputed if disputed.base else None, found)
