"""What waiting with a plan costs, and what can be moved how fast (question 15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.adaptivity.judged import JudgedPlaces
from hoplon.analysis.adaptivity.plan import FieldingPlan, Waiting, plan_of, waiting
from hoplon.analysis.adaptivity.response import (
    Response,
    moved_architectures,
    responses,
    sets_of_moves,
    value_of,
)
from hoplon.analysis.adaptivity.worlds import World, world_of
from hoplon.analysis.coverage import headline_nations, headline_threats
from hoplon.analysis.records import Answer, Row
from hoplon.analysis.sampling.weighted_subset import weighted_subset
from hoplon.analysis.threat.growth import PACES, Pace
from hoplon.errors import InputError
from hoplon.progress import silent

if TYPE_CHECKING:
    from hoplon.analysis.robustness.run import ChoiceScope
    from hoplon.analysis.store import Store
    from hoplon.progress import Progress
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Scenario

WAIT_YEARS: Final = (0, 1, 2, 3, 4, 5)
MOVES: Final = 2
LONGEST_WAIT: Final = 100  # [years]


@dataclass(frozen=True)
class PointsCounted:
    """The weighted subset of points that was judged.

    Attributes
    ----------
    points, of : int
        How many, and how many they stand for.
    """

    points: int
    of: int


@dataclass(frozen=True, repr=False)
class AdaptivityAnswer(Answer):
    """What waiting costs, and the best responses to surprises.

    Attributes
    ----------
    scenario_name : str
    plan : FieldingPlan
    waiting : tuple of Waiting
    response : tuple of Response
        Of the last architecture of the plan, against the classes of its year.
    as_deployed : mapping
        Surprise to the value of that architecture without any move, at the base pace or the first that was asked for.
    planned : float or None
        Its value without any surprise, at that pace.
    value : {"population", "area", "worst_nation"}
    subset : PointsCounted or None
        None where every point was judged.
    """

    scenario_name: str
    plan: FieldingPlan
    waiting: tuple[Waiting, ...]
    response: tuple[Response, ...]
    as_deployed: Mapping[str, float | None]
    planned: float | None
    value: str
    subset: PointsCounted | None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "plan": [{"architecture": stage.architecture, "year": stage.year} for stage in self.plan.stages],
            "horizon": {"first_year": self.plan.years[0], "years": len(self.plan.years)},
            "value": self.value,
            "subset": None if self.subset is None else dict(vars(self.subset)),
            "waiting": [dict(vars(item)) for item in self.waiting],
            "response": [{**vars(item), "moves": list(item.moves)} for item in self.response],
            "planned": self.planned,
            "as_deployed": dict(self.as_deployed),
        }

    def line(self) -> str:
        """Return the plan and the greatest regret, in one line."""
        plan = ", ".join(f"{stage.architecture} ({stage.year})" for stage in self.plan.stages)
        most = max(self.waiting, key=lambda item: item.regret_million_person_years, default=None)
        told = ""
        if most is not None:
            told = (
                f": waiting {most.wait_years} years costs up to {most.regret_million_person_years:,.0f} million "
                "person-years undefended"
            )
        return f"{self.scenario_name}: {plan}{told}"

    def rows(self) -> list[Row]:
        """Return a row for each pace, surprise and wait."""
        return [dict(vars(item)) for item in self.waiting]


def adaptivity(
    store: Store,
    scenario: Scenario,
    architectures: Sequence[str],
    scope: ChoiceScope,
    *,
    wait_years: Sequence[int] = WAIT_YEARS,
    paces: Sequence[Pace] = PACES,
    surprises: Sequence[str] | None = None,
    moves: int = MOVES,
    progress: Progress = silent,
) -> AdaptivityAnswer:
    """Find what waiting with a plan costs, and the best responses to surprises.

    Parameters
    ----------
    store : Store
    scenario : Scenario
    architectures : sequence of str
        The plan, in the order of its years.
    scope : ChoiceScope
        Points, classes, launch areas, level and value. People count in what waiting exposes, whatever the value.
    wait_years : sequence of int
        Whole years by which every architecture of the plan comes later.
    paces : sequence of {"slow", "base", "fast"}
    surprises : sequence of str, optional
        Of the scenario; every one by default. What waiting costs is found without any surprise too.
    moves : int
        How many a response may have at most.
    progress : callable

    Raises
    ------
    InputError
        For a plan without costs or rising years, a wait that is negative or longer than a century, and more than
        2,000,000 sets of moves.
    """
    for wait in wait_years:
        if not 0 <= wait <= LONGEST_WAIT:
            raise InputError(f"wait_years: from 0 to {LONGEST_WAIT} years were expected, got {wait}")
    plan = plan_of(scenario, architectures)
    known = () if scenario.adapt is None else tuple(scenario.adapt.surprises)
    chosen = known if surprises is None else tuple(name for name in known if name in surprises)
    sets = sets_of_moves(() if scenario.adapt is None else tuple(scenario.adapt.moves), moves)
    threats = headline_threats(scenario) if scope.threats is None else scope.threats
    worlds = {
        (pace, surprise): world_of(scenario, pace, surprise, threats, scope.areas)
        for surprise in (None, *chosen)
        for pace in paces
    }
    counted = _counted(scenario, plan, scope)
    wider, names, resolved = moved_architectures(scenario, plan.stages[-1].architecture, sets if chosen else [()])
    stood = {stage.architecture: scenario.architecture(stage.architecture) for stage in plan.stages}
    by_people = _Judged(store, scenario, list(worlds.values()), counted, counted.population, scope)
    alike = scope.value != "area" or scope.marks is None
    by_value = by_people if alike else _Judged(store, scenario, list(worlds.values()), counted, counted.area_km2, scope)
    if alike:
        by_people.places.judge(wider, {**stood, **resolved}, progress)
    else:
        by_people.places.judge(scenario, stood, progress)
        by_value.places.judge(wider, resolved, progress)
    weight = by_value.points.area_km2 if scope.value == "area" and scope.marks is None else by_value.weight
    _, nation = np.unique(by_value.points.nation, return_inverse=True)
    year = plan.stages[-1].year
    waited = [
        item
        for world in worlds.values()
        for item in waiting(scenario, plan, by_people.places, by_people.weight, world, wait_years)
    ]
    responded = [
        item
        for (_, surprise), world in worlds.items()
        if surprise is not None
        for item in responses(wider, by_value.places, names, year, world, weight, nation, scope.value)
    ]
    first: Pace = "base" if "base" in paces else paces[0]

    def deployed(surprise: str | None) -> float | None:
        state = by_value.places.state(names[()], worlds[first, surprise], year)
        return value_of(state, weight, nation, scope.value)

    return AdaptivityAnswer(
        scenario.name,
        plan,
        tuple(waited),
        tuple(responded),
        {surprise: deployed(surprise) for surprise in chosen},
        deployed(None),
        scope.value,
        None if scope.marks is None else PointsCounted(len(by_value.points), by_value.of),
    )


def _counted(scenario: Scenario, plan: FieldingPlan, scope: ChoiceScope) -> AimPoints:
    """Return the points that count: given ones, or those of the headline's members in the last year of the plan."""
    if scope.given:
        return scope.points
    members = headline_nations(scenario, plan.stages[-1].year)
    weighted = (scope.points.population > 0.0) | (scope.value == "area")
    return scope.points.subset(np.flatnonzero(np.isin(scope.points.nation, members) & weighted))


class _Judged:
    """Judged places, all or a weighted subset of those that some class threatens in some world, and their weights."""

    def __init__(
        self,
        store: Store,
        scenario: Scenario,
        worlds: list[World],
        points: AimPoints,
        weight: NDArray[np.float64],
        scope: ChoiceScope,
    ) -> None:
        self.places = JudgedPlaces(store, scenario, worlds, points, scope.level)
        self.points, self.weight, self.of = points, weight, len(points)
        if scope.marks is not None:
            threatened = np.where(self.places.threatened(), weight, 0.0)
            subset = weighted_subset(points, threatened, scope.marks)
            self.points, self.weight, self.of = subset.points, subset.weight, subset.of
            self.places = JudgedPlaces(store, scenario, worlds, subset.points, scope.level)
