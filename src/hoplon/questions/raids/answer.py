"""How a defence holds under a raid, from the event simulation of command and control."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from hoplon.analysis.raid.sweeps import raid_sweeps

if TYPE_CHECKING:
    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.questions.requests import CoverageRequest
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return none: a raid is simulated flight by flight."""
    return ()


def beside(study: Study) -> tuple[Callable[..., Any], tuple[Any, ...]] | None:
    """Return the Monte Carlo of raids, to be done beside; None for a scenario without raids."""
    return (raid_sweeps, (study.scenario,)) if study.scenario.raids else None


def answer(study: Study) -> RaidSweeps | None:
    """Return the Monte Carlo of raids; None for a scenario without raids."""
    return study.raid_sweeps
