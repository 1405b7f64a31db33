"""Studies of the made-up sample in which some architectures defend everything that is threatened, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

import report_samples as samples
from hoplon.questions.question import Finding
from hoplon.questions.requests import LEVELS
from hoplon.questions.study import Study
from hoplon.scenario.model import Level, Scenario

OUT_OF_REACH = 3  # the cause given to everything that is undefended
States = Mapping[tuple[str, Level], bool]


def made_up(states: States | None = None, scenario: Scenario | None = None) -> Study:
    """Return a study with some coverages turned."""
    return Study(scenario or samples.scenario(), samples.aim_points(), cover=samples.Covers(states=states or {}))


def at_all_levels(architecture: str, defended: bool) -> dict[tuple[str, Level], bool]:
    return {(architecture, level): defended for level in LEVELS}


def turned(architecture: str, defended: bool) -> Study:
    """Return a study in which one architecture defends everything or nothing at every level."""
    return made_up(at_all_levels(architecture, defended))


def text(found: list[Finding] | tuple[Finding, ...]) -> str:
    return " ".join(item.sentence for item in found)
