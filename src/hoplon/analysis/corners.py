"""The corners of the disputed inputs: a scenario with all of them at the worse or at the better bounds.

A corner is a scenario like any other. Only inputs of which it is known which bound is worse are moved, so that nothing
that is defended in the worst corner is open at base values, and nothing defended there is open in the best corner. An
input without a worse end, as an azimuth is (it uncovers one place and covers another), stays at its base value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hoplon.scenario.paths import SameScenario, bounded_numbers, is_named, with_values

if TYPE_CHECKING:
    from hoplon.scenario.model import Level, ResolvedArchitecture, Scenario, Steps

DEFAULT: Final = ("threats.*.rcs_m2", "interceptors.*.burnout_speed_km_s", "doctrine.decision_s")
"""The disputed inputs of a scenario that names none."""
OPPOSITE: Final[Mapping[Level, Level]] = MappingProxyType({"low": "high", "base": "base", "high": "low"})
MORE, LESS, NEITHER = 1, -1, 0

# Which way each number is better for the defence, by its path with names and places of the scenario left out. With all
# else equal, more of the first never makes a track, a commitment or an intercept later, or takes one away; the same of
# less of the second (model, sections 3, 5 and 7). Whatever is not here has no such way.
_REFERENCE_MORE = ("reference_range_km", "average_power_kw", "aperture_m2", "efficiency", "dwell_s")
_REFERENCE_LESS = ("reference_rcs_m2", "system_temperature_k", "losses_db", "required_snr_db")
_OF_DOCTRINE = ("firm_track_s", "decision_s", "reaction_s", "support_s", "shots_required", "salvo")
BETTER_WITH_MORE: Final = frozenset(
    {
        ("threats", "rcs_m2"),
        *(("radars", mode, key) for mode in ("search", "track") for key in _REFERENCE_MORE),
        *(("radars", key) for key in ("max_range_km", "sector_halfwidth_deg", "elevation_deg[1]")),
        *(("interceptors", key) for key in ("burnout_speed_km_s", "max_flight_time_s", "intercept_altitude_km[1]")),
        ("elements", "count"),
        ("doctrine", "handover_error_km"),
    }
)
BETTER_WITH_LESS: Final = frozenset(
    {
        *(("radars", mode, key) for mode in ("search", "track") for key in _REFERENCE_LESS),
        *(("radars", key) for key in ("min_range_km", "elevation_deg[0]", "acquisition_s", "cued_acquisition_s")),
        *(("radars", key) for key in ("range_sigma_m", "angle_sigma_mrad")),
        *(("satellites", key) for key in ("alert_s", "detect_s")),
        *(("satellites", "tracking", key) for key in ("acquisition_s", "min_altitude_km", "position_sigma_m")),
        ("interceptors", "min_elevation_deg"),
        ("interceptors", "min_burnout_speed_km_s"),
        ("interceptors", "intercept_altitude_km[0]"),
        ("elements", "latency_s"),
        ("network", "latency_s"),
        *(("doctrine", key) for key in _OF_DOCTRINE),
    }
)


def kind_of(steps: Steps) -> tuple[str, ...]:
    """Return what a number is, whatever it belongs to: its path without the names that the scenario gives."""
    if steps[0] == "architectures":
        steps = steps[2:]
    elif len(steps) > 2:
        steps = (steps[0], *steps[2:])
    words: list[str] = []
    for step in steps:
        if isinstance(step, int) and words[-1] != "boresights_deg":
            words[-1] += f"[{step}]"
        elif isinstance(step, str):
            words.append(step)
    return tuple(words[:2]) if words[:2] == ["threats", "rcs_m2"] else tuple(words)


def better_with(steps: Steps) -> int:
    """Return whether the defence is better with more of a number (1), with less of it (-1), or neither (0)."""
    kind = kind_of(steps)
    return MORE if kind in BETTER_WITH_MORE else LESS if kind in BETTER_WITH_LESS else NEITHER


def disputed_paths(scenario: Scenario) -> tuple[str, ...]:
    """Return the paths of the disputed inputs of a scenario, its own or those of the format."""
    return DEFAULT if scenario.disputed is None else scenario.disputed


def disputed_numbers(scenario: Scenario, path: str | None = None) -> tuple[Steps, ...]:
    """Return the numbers with bounds that one path, or any path of the disputed inputs, names."""
    return _disputed_numbers(SameScenario(scenario), path)


@lru_cache(maxsize=256)
def _disputed_numbers(same: SameScenario, path: str | None) -> tuple[Steps, ...]:
    paths = disputed_paths(same.scenario) if path is None else (path,)
    return tuple(steps for steps in bounded_numbers(same.scenario) if any(is_named(each, steps) for each in paths))


def corner(scenario: Scenario, level: Level) -> Scenario:
    """Return a scenario with the disputed inputs at their worse bounds (low), base values, or better bounds (high).

    Parameters
    ----------
    scenario : Scenario
    level : {"low", "base", "high"}
    """
    if level == "base":
        return scenario
    return _corner(SameScenario(scenario), level)


@lru_cache(maxsize=16)
def _corner(same: SameScenario, level: Level) -> Scenario:
    scenario = same.scenario
    bounded = bounded_numbers(scenario)
    ends: dict[int, Level] = {MORE: level, LESS: OPPOSITE[level], NEITHER: "base"}
    return with_values(
        scenario, {steps: bounded[steps].at(ends[better_with(steps)]) for steps in disputed_numbers(scenario)}
    )


def at_corner(
    scenario: Scenario, architecture: ResolvedArchitecture, level: Level
) -> tuple[Scenario, ResolvedArchitecture]:
    """Return a scenario and one of its architectures at a corner.

    Parameters
    ----------
    scenario : Scenario
    architecture : ResolvedArchitecture
        Of the scenario; what a question changed in its elements, network or doctrine stays as it was changed.
    level : {"low", "base", "high"}
    """
    if level == "base":
        return scenario, architecture
    there = corner(scenario, level)
    before, after = scenario.architecture(architecture.name), there.architecture(architecture.name)
    elements = {
        name: _with_changes(element, scenario.elements.get(name), there.elements.get(name))
        for name, element in architecture.elements.items()
    }
    network = _with_changes(architecture.network, before.network, after.network)
    doctrine = _with_changes(architecture.doctrine, before.doctrine, after.doctrine)
    return there, replace(architecture, elements=MappingProxyType(elements), network=network, doctrine=doctrine)


def _with_changes(given: Any, before: Any, after: Any) -> Any:
    """Return a record at a corner, with whatever of it was not as the scenario has it."""
    if given is before or given == before:
        return after
    if before is None or after is None:
        return given
    changed = {
        entry.name: value
        for entry in fields(given)
        if (value := getattr(given, entry.name)) != getattr(before, entry.name)
    }
    return replace(after, **changed)
