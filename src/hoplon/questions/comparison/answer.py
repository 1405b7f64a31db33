"""What question 3 computes: the disputed inputs one at a time, and the verdicts on public statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hoplon.analysis.architectures import baseline, compared_architectures
from hoplon.questions.comparison.disputed import OneAtATime, one_at_a_time
from hoplon.questions.comparison.public_record import statements
from hoplon.questions.comparison.statements import Verdict, testable, verdicts
from hoplon.questions.study import CoverageRequest, Study, at_every_level
from hoplon.scenario.model import Scenario


@dataclass(frozen=True)
class ComparisonAnswer:
    """What the comparison of architectures rests on, beside their coverages.

    Parameters
    ----------
    disputed : OneAtATime or None
        The disputed inputs one at a time; None if nothing threatens a city.
    verdicts : tuple of Verdict
        Public statements about architectures of the scenario, each held against the results.
    """

    disputed: OneAtATime | None
    verdicts: tuple[Verdict, ...]


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the compared architectures and those that statements are about, at every level."""
    told = [name for item in testable(scenario, statements(scenario)) for name in item.architectures]
    return at_every_level(tuple(dict.fromkeys((*compared_architectures(scenario), *told))))


def answer(study: Study) -> ComparisonAnswer | None:
    """Return the answer; None for a scenario without a baseline, statements or a disputed input that moves anything."""
    scenario = study.scenario
    assert study.cover is not None
    moved = one_at_a_time(scenario, study.cover, study.points)
    found = verdicts(study, statements(scenario))
    if baseline(scenario) is None and not moved.moves and not found:
        return None
    return ComparisonAnswer(moved if moved.base else None, found)
