"""What question 13 computes: the choice between architectures over samples of every input with bounds."""

from __future__ import annotations

from collections.abc import Sequence

from hoplon.analysis.architectures import decided_architectures
from hoplon.analysis.robustness.answer import RobustnessAnswer
from hoplon.questions.requests import CoverageRequest, at_every_level
from hoplon.questions.study import Study
from hoplon.scenario.model import Scenario

_FEWEST = 2  # architectures of a choice


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the architectures that are chosen between, at every level."""
    names = decided_architectures(scenario)
    return at_every_level(names) if len(names) >= _FEWEST else ()


def answer(study: Study) -> RobustnessAnswer | None:
    """Return the answer; None where the scenario names no choice, or no input that decides it has bounds."""
    return study.robustness if len(decided_architectures(study.scenario)) >= _FEWEST else None
