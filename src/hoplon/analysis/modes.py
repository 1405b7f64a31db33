"""Architectures with another mode: the same sites and interceptors, more or less integrated."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from hoplon.analysis.plans import PROGRAMME, phases, plans
from hoplon.scenario.model import Scenario


def ladder_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures whose integration is varied: the phases, or the plans of a scenario without phases."""
    return phases(scenario) or tuple(name for name in plans(scenario) if name != PROGRAMME)


def with_mode(scenario: Scenario, architecture: str, mode: str) -> Scenario:
    """Return a scenario in which one architecture has another mode, and all else is as it is."""
    written = scenario.architectures[architecture]
    doctrine = MappingProxyType({**written.doctrine, "mode": mode})
    changed = {**scenario.architectures, architecture: replace(written, doctrine=doctrine)}
    return replace(scenario, architectures=MappingProxyType(changed))
