"""A better input never uncovers a point: faster interceptors, launched lower, decided sooner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import hoplon
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Scenario

ARCHITECTURES = ("slow", "fast", "fast-remote", "fast-organic")


def grid() -> AimPoints:
    """Return points over south-eastern Europe and Turkey, near the batteries and far."""
    latitude, longitude = np.meshgrid(np.arange(36.0, 56.0, 1.3), np.arange(8.0, 44.0, 2.1))
    count = latitude.size
    return AimPoints(
        name=np.array([f"point-{index}" for index in range(count)]),
        nation=np.full(count, "ROU"),
        latitude_deg=latitude.ravel(),
        longitude_deg=longitude.ravel(),
        population=np.ones(count),
        area_km2=np.zeros(count),
        kind=np.full(count, "place"),
    )


def interceptors(change: Callable[[Any], dict[str, float]]) -> Callable[[Scenario], Scenario]:
    """Return a change of every interceptor type; ``change`` gives the new values of a type."""

    def changed(scenario: Scenario) -> Scenario:
        kinds = {
            name: replace(
                kind, **{key: replace(getattr(kind, key), value=value) for key, value in change(kind).items()}
            )
            for name, kind in scenario.interceptors.items()
        }
        return replace(scenario, interceptors=MappingProxyType(kinds))

    return changed


def prompter(scenario: Scenario) -> Scenario:
    """Return the scenario with half the time to a decision, in its doctrine and in those of its architectures."""

    def sooner(number: Any) -> Any:
        return replace(number, value=0.5 * number.value)

    architectures = {
        name: replace(
            written,
            doctrine=MappingProxyType(
                {key: sooner(value) if key == "decision_s" else value for key, value in written.doctrine.items()}
            ),
        )
        for name, written in scenario.architectures.items()
    }
    doctrine = replace(scenario.doctrine, decision_s=sooner(scenario.doctrine.decision_s))
    return replace(scenario, doctrine=doctrine, architectures=MappingProxyType(architectures))


BETTER = {
    "a tenth faster": interceptors(lambda kind: {"burnout_speed_km_s": 1.1 * float(kind.burnout_speed_km_s)}),
    "twice as fast": interceptors(lambda kind: {"burnout_speed_km_s": 2.0 * float(kind.burnout_speed_km_s)}),
    "gives up more speed": interceptors(lambda kind: {"min_burnout_speed_km_s": 0.5}),
    "launched lower": interceptors(lambda kind: {"min_elevation_deg": 5.0}),
    "decided sooner": prompter,
}


def defended(scenario: Scenario, architecture: str) -> NDArray[np.bool_]:
    found = hoplon.coverage(scenario, architecture, points=grid(), levels="base").base
    return np.asarray(found.defended | ~found.threatened)


@pytest.mark.parametrize("better", BETTER.values(), ids=list(BETTER))
def test_a_better_input_never_uncovers_a_point(better: Callable[[Scenario], Scenario]) -> None:
    scenario = hoplon.load("toy")
    for architecture in ARCHITECTURES:
        before, after = defended(scenario, architecture), defended(better(scenario), architecture)
        assert before.any()
        assert not before.all()
        assert not np.any(before & ~after), architecture
