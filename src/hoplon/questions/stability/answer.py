"""What question 12 computes: which strategic trajectories each architecture could engage, by burnout speed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hoplon.analysis.architectures import compared_architectures, counterpart, other_readings
from hoplon.analysis.defence import defence_of
from hoplon.analysis.stability.answer import StabilityAnswer, stability
from hoplon.analysis.stability.speeds import DEFAULT_KM_S

if TYPE_CHECKING:
    from hoplon.questions.requests import CoverageRequest
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario

FASTEST_KM_S = DEFAULT_KM_S[-1]


@dataclass(frozen=True)
class StabilityFound:
    """The architectures that the question names, and other readings of them under which another number is engaged.

    Attributes
    ----------
    answers : tuple of StabilityAnswer
    readings : mapping
        Variant of one of the architectures, that fields the same, to its answer.
    speeds : mapping
        Burnout speed of each interceptor type of an architecture as the scenario states it, low to high [km/s].
    """

    answers: tuple[StabilityAnswer, ...]
    readings: Mapping[str, StabilityAnswer]
    speeds: Mapping[str, Mapping[str, tuple[float, float, float]]]

    @property
    def trajectories(self) -> tuple[str, ...]:
        """The names of the trajectories."""
        return tuple(name for name, _, _ in self.answers[0].trajectories)


def coverages(_scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the coverages that the question needs: none."""
    return ()


def asked_architectures(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures that the scenario's question names, or those compared; those with a battery."""
    named = scenario.questions["Q12"].architectures if "Q12" in scenario.questions else ()
    every = named or compared_architectures(scenario)
    return tuple(name for name in every if _armed(scenario, name))


def answer(study: Study) -> StabilityFound | None:
    """Return the answer; None for a scenario without strategic trajectories or batteries."""
    scenario = study.scenario
    names = asked_architectures(scenario) if scenario.strategic else ()
    if not names:
        return None
    others = [
        name
        for name in other_readings(scenario)
        if (stem := counterpart(scenario, name)) in names and _content(scenario, name) != _content(scenario, stem)
    ]
    found = stability(study.store, scenario, (*names, *sorted(others)), progress=study.progress).answers
    by_name = {item.architecture: item for item in found}
    readings = {
        name: by_name[name] for name in sorted(others) if _differs(by_name[name], by_name[_stem(scenario, name)])
    }
    return StabilityFound(
        tuple(by_name[name] for name in names), readings, {name: _speeds(scenario, name) for name in names}
    )


def _stem(scenario: Scenario, name: str) -> str:
    stem = counterpart(scenario, name)
    assert stem is not None
    return stem


def _armed(scenario: Scenario, name: str) -> bool:
    elements = scenario.architecture(name).elements.values()
    return any(item.battery is not None and not item.partner for item in elements)


def _content(scenario: Scenario, name: str) -> tuple[object, ...]:
    return defence_of(scenario, scenario.architecture(name)).content()


def _differs(reading: StabilityAnswer, stem: StabilityAnswer) -> bool:
    return [row["judged_share"] for row in reading.rows()] != [row["judged_share"] for row in stem.rows()]


def _speeds(scenario: Scenario, name: str) -> dict[str, tuple[float, float, float]]:
    elements = scenario.architecture(name).elements.values()
    types = dict.fromkeys(str(item.battery) for item in elements if item.battery is not None and not item.partner)
    numbers = {kind: scenario.interceptors[kind].burnout_speed_km_s for kind in types}
    return {kind: (number.at("low"), number.value, number.at("high")) for kind, number in numbers.items()}
