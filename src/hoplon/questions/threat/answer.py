"""Who is within reach of which class (question 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hoplon.analysis.threat import ThreatAssessment
    from hoplon.questions.requests import CoverageRequest
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario


def coverages(_scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the coverages that the question needs: none."""
    return ()


def answer(study: Study) -> ThreatAssessment | None:
    """Return the reach of every class against every nation; None for a scenario without classes or launch areas."""
    scenario = study.scenario
    return study.threat if scenario.threats and scenario.launch_areas else None
