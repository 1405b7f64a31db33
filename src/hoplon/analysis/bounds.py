"""The inputs that the public literature disputes most, and a scenario with one of them at a bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Literal

from hoplon.scenario.model import Cited, Scenario

Bound = Literal["worse", "better"]
INPUTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cross_section": "warhead cross-section",
        "burnout_speed": "interceptor burnout speed",
        "decision_time": "time to a release decision",
    }
)
BOUNDS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("cross_section", "worse"): "smaller warhead cross-sections",
        ("cross_section", "better"): "larger warhead cross-sections",
        ("burnout_speed", "worse"): "slower interceptors",
        ("burnout_speed", "better"): "faster interceptors",
        ("decision_time", "worse"): "later release decisions",
        ("decision_time", "better"): "earlier release decisions",
    }
)
CITY: Final = 100_000.0  # [1] people of a place that counts as a city here
_BOTH: Final[tuple[Bound, ...]] = ("worse", "better")


def with_bound(scenario: Scenario, name: str, bound: Bound) -> Scenario:
    """Return a scenario in which one disputed input stands at the bound worse or better for the defence.

    Parameters
    ----------
    scenario : Scenario
        At base.
    name : str
        A key of :data:`INPUTS`.
    bound : str
        ``worse`` or ``better``. The low end of cross-section and burnout speed is called worse, and the high end of the
        time to a decision; whether it is worse, the coverage tells.
    """
    level: Literal["low", "high"] = "low" if (bound == "worse") != (name == "decision_time") else "high"

    def moved(number: Cited) -> Cited:
        return replace(number, value=number.at(level))

    if name == "cross_section":
        threats = {
            key: replace(threat, rcs_m2=MappingProxyType({band: moved(rcs) for band, rcs in threat.rcs_m2.items()}))
            for key, threat in scenario.threats.items()
        }
        return replace(scenario, threats=MappingProxyType(threats))
    if name == "burnout_speed":
        interceptors = {
            key: replace(kind, burnout_speed_km_s=moved(kind.burnout_speed_km_s))
            for key, kind in scenario.interceptors.items()
        }
        return replace(scenario, interceptors=MappingProxyType(interceptors))

    def overridden(doctrine: Mapping[str, Any]) -> Mapping[str, Any]:
        own = doctrine.get("decision_s")
        return doctrine if own is None else MappingProxyType({**doctrine, "decision_s": moved(own)})

    architectures = {
        key: replace(written, doctrine=overridden(written.doctrine)) for key, written in scenario.architectures.items()
    }
    doctrine = replace(scenario.doctrine, decision_s=moved(scenario.doctrine.decision_s))
    return replace(scenario, doctrine=doctrine, architectures=MappingProxyType(architectures))


def has_bounds(scenario: Scenario) -> bool:
    """Tell whether any disputed input of a scenario has a bound beside its base value."""
    return any(with_bound(scenario, name, bound) != scenario for name in INPUTS for bound in _BOTH)
