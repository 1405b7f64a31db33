"""The disputed inputs one at a time: which of them decides (part of question 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from hoplon.analysis.architectures import compared_architectures
from hoplon.analysis.coverage_solver import Asked
from hoplon.analysis.tally import class_sets, tally
from hoplon.scenario.geography import NORTH_AMERICA, AimPoints
from hoplon.scenario.model import Cited, Scenario

if TYPE_CHECKING:
    from hoplon.analysis.coverage_solver import Cover

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


@dataclass(frozen=True)
class OneAtATime:
    """Share of the threatened people of European cities defended, with one input at a bound and the others at base.

    Parameters
    ----------
    base : mapping
        Architecture to share with every input at base.
    moved : mapping
        (architecture, input, bound) to share.
    cities : int
        Places of 100,000 people and more that were judged.
    """

    base: Mapping[str, float]
    moved: Mapping[tuple[str, str, Bound], float]
    cities: int

    def decisive(self, architecture: str) -> tuple[str, Bound, float]:
        """Return the input and bound that move an architecture's share most, and the share there."""
        choices = {key: share for key, share in self.moved.items() if key[0] == architecture}
        key = max(choices, key=lambda entry: abs(choices[entry] - self.base[architecture]))
        return key[1], key[2], choices[key]


def one_at_a_time(scenario: Scenario, cover: Cover, points: AimPoints) -> OneAtATime:
    """Move each disputed input to its bounds alone, for every plan, over the cities of Europe.

    Parameters
    ----------
    scenario : Scenario
        Whose plans and bounds.
    cover : callable
        Computes one coverage.
    points : AimPoints
        The study's aim points; its European places of 100,000 people and more are judged.
    """
    cities = points.subset(
        (points.kind == "place") & (points.population >= CITY) & [code not in NORTH_AMERICA for code in points.nation]
    )
    base: dict[str, float] = {}
    moved: dict[tuple[str, str, Bound], float] = {}
    variants: list[tuple[str, Bound, Scenario]] = [
        (name, bound, with_bound(scenario, name, bound)) for name in INPUTS for bound in ("worse", "better")
    ]
    everything = [scenario, *(variant for _, _, variant in variants)]
    cover.prepare(
        [Asked(variant, name, "base") for name in compared_architectures(scenario) for variant in everything], cities
    )
    for architecture in compared_architectures(scenario):
        share = _share(scenario, cover, architecture, cities)
        if share is None:
            continue
        base[architecture] = share
        for name, bound, variant in variants:
            moved[architecture, name, bound] = _share(variant, cover, architecture, cities) or 0.0
    return OneAtATime(base, moved, len(cities))


def _share(scenario: Scenario, cover: Cover, architecture: str, cities: AimPoints) -> float | None:
    covered = cover(Asked(scenario, architecture, "base"), cities)
    headline = class_sets(scenario, covered.year)[:1]
    nations = [code for code in scenario.members(covered.year) if code not in NORTH_AMERICA]
    return tally(covered, headline, nations).count("headline", nations).population_share


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
