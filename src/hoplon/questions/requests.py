"""The coverages that a question asks a study for: an architecture at a corner, or under another reading of doctrine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hoplon.analysis.architectures import judged_architectures, other_readings
from hoplon.scenario.model import Level, Scenario

LEVELS: Final[tuple[Level, ...]] = ("low", "base", "high")
MODES: Final = ("organic", "launch_on_remote", "engage_on_remote")
READINGS: Final = (("held", 1), ("predicted", 1), ("held", 2))
"""Support of an intercept and shots required: the readings of the doctrine that the headline is given for."""


@dataclass(frozen=True)
class CoverageRequest:
    """A coverage that a question needs.

    Parameters
    ----------
    architecture : str
    level : {"low", "base", "high"}
        Of the disputed inputs.
    mode : str or None
        Mode of integration in place of the architecture's own.
    support : str or None
        ``held`` or ``predicted`` in place of the doctrine's own.
    shots : int or None
        Shots required in place of the doctrine's own.
    """

    architecture: str
    level: Level = "base"
    mode: str | None = None
    support: str | None = None
    shots: int | None = None

    @property
    def varied(self) -> bool:
        """Whether it is of another doctrine than the scenario's."""
        return (self.mode, self.support, self.shots) != (None, None, None)

    @property
    def label(self) -> str:
        """What progress calls it."""
        said = [self.mode or "", self.support or "", "" if self.shots is None else f"{self.shots} shots"]
        return f"{self.architecture}, {', '.join(filter(None, said)).replace('_', ' ') or self.level}"


def readings(architectures: Sequence[str]) -> tuple[CoverageRequest, ...]:
    """Return requests for architectures with every reading of their doctrine."""
    return tuple(
        CoverageRequest(name, support=support, shots=shots) for support, shots in READINGS for name in architectures
    )


def levels_of(scenario: Scenario, architecture: str) -> tuple[Level, ...]:
    """Return the levels that an architecture is judged at: base alone for another reading of what is fielded."""
    return ("base",) if architecture in other_readings(scenario) else LEVELS


def of_every_architecture(scenario: Scenario) -> tuple[CoverageRequest, ...]:
    """Return requests for every architecture whose coverage is told, each at the levels that it is judged at."""
    return tuple(
        request
        for request in at_every_level(judged_architectures(scenario))
        if request.level in levels_of(scenario, request.architecture)
    )


def at_every_level(architectures: Sequence[str]) -> tuple[CoverageRequest, ...]:
    """Return requests for architectures at base, low and high values."""
    levels: tuple[Level, ...] = ("base", "low", "high")
    return tuple(CoverageRequest(name, level) for level in levels for name in architectures)
