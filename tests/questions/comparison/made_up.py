"""Studies of the made-up sample in which some architectures defend everything that is threatened, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

import report_samples as samples
from hoplon.analysis.coverage import Coverage
from hoplon.analysis.coverage_solver import Asked
from hoplon.questions.question import Finding
from hoplon.questions.study import LEVELS, Study
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Level, Scenario

OUT_OF_REACH = 3  # the cause given to everything that is undefended
States = Mapping[tuple[str, Level], bool]


class Turned(samples.Covers):
    """Made-up coverages, some of which defend everything that is threatened (True), or nothing (False)."""

    def __init__(self, states: States) -> None:
        self.states = states

    def __call__(self, asked: Asked, points: AimPoints) -> Coverage:
        made = super().__call__(asked, points)
        defended = self.states.get((asked.architecture, asked.level))
        if defended is None:
            return made
        return replace(
            made,
            defended=made.threatened & defended,
            shots_min=np.where(made.threatened, 2 if defended else 0, -1).astype(np.int16),
            cause=np.where(made.threatened & (not defended), OUT_OF_REACH, 0).astype(np.int8),
        )


def made_up(states: States | None = None, scenario: Scenario | None = None) -> Study:
    """Return a study with some coverages turned."""
    return Study(scenario or samples.scenario(), samples.aim_points(), cover=Turned(states or {}))


def at_all_levels(architecture: str, defended: bool) -> dict[tuple[str, Level], bool]:
    return {(architecture, level): defended for level in LEVELS}


def turned(architecture: str, defended: bool) -> Study:
    """Return a study in which one architecture defends everything or nothing at every level."""
    return made_up(at_all_levels(architecture, defended))


def text(found: list[Finding] | tuple[Finding, ...]) -> str:
    return " ".join(item.sentence for item in found)
