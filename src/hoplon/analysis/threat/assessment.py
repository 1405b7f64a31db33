"""Who is within whose reach, from which year, and how long a warning there is (question 1)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.flights import flights_between
from hoplon.analysis.footprints.outline import nation_outlines
from hoplon.analysis.records import Answer, FeatureLayer, PlacedRow, Row, provenance_of
from hoplon.analysis.threat.growth import NOWHERE, ReachedPlaces
from hoplon.flight.arc import IMPACT_TIME
from hoplon.scenario.geography import AimPoints, land_grid, places
from hoplon.scenario.people import people_notes

if TYPE_CHECKING:
    from hoplon.analysis.threat.growth import FieldedYear, Pace, ThreatGrowth
    from hoplon.scenario.model import Cited, Scenario

RULE: Final = (
    "The shortest flight of a class, from any area that launches it, to any populated place of the nation, or to its "
    "land where no place of it is known. Warning: "
    "impact less the first satellite alert and its latency, with the satellites of the class's first year, or of the "
    "year asked for."
)


@dataclass(frozen=True)
class ThreatReach:
    """What one class can do to one nation.

    Parameters
    ----------
    first_year, first_year_low, first_year_high : float or None
        The class's first year with its bounds; None for one that has always been there.
    flight_time_s : float
        Of the shortest flight, ignition to impact [s].
    warning_s : float or None
        Impact less alert and latency [s]; None if no satellite sees the class.
    launch_area, place : str
        Where that flight starts and ends.
    population_in_reach : float
        People of the nation whom some area reaches with the class.
    population : float
        People of the nation.
    """

    first_year: float | None
    first_year_low: float | None
    first_year_high: float | None
    flight_time_s: float
    warning_s: float | None
    launch_area: str
    place: str
    population_in_reach: float
    population: float

    def as_json(self) -> dict[str, Any]:
        """Return the record with plain numbers, years whole."""
        return {
            "first_year": _whole(self.first_year),
            "first_year_low": _whole(self.first_year_low),
            "first_year_high": _whole(self.first_year_high),
            "flight_time_s": round(self.flight_time_s, 1),
            "warning_s": None if self.warning_s is None else round(self.warning_s, 1),
            "launch_area": self.launch_area,
            "place": self.place,
            "population_share_in_reach": self.population_in_reach / self.population if self.population else None,
        }


@dataclass(frozen=True, repr=False)
class ThreatAssessment(Answer):
    """Reach of every class against every nation.

    Parameters
    ----------
    scenario_name, scenario_sha256 : str
        What was assessed.
    year : int or None
        The year asked for; None: every class, each in its own first year.
    reach : mapping
        Nation to class to :class:`ThreatReach`; a class that reaches no place of a nation is not there.
    notes : tuple of str
        Sentences on nations whose people are not counted region by region in the year asked for.
    places : ReachedPlaces
        Place by place.
    growth : mapping
        By pace; empty where it was not asked for (:mod:`hoplon.analysis.threat.growth`).
    fielded : mapping
        By pace, what the architectures of a plan defend year by year; empty where it was not asked for.
    """

    scenario_name: str
    scenario_sha256: str
    year: int | None
    reach: Mapping[str, Mapping[str, ThreatReach]]
    notes: tuple[str, ...] = ()
    places: ReachedPlaces = field(default=NOWHERE, repr=False, compare=False)
    growth: Mapping[Pace, ThreatGrowth] = field(default_factory=dict)
    fielded: Mapping[Pace, tuple[FieldedYear, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the assessment under the keys of the command line."""
        answer: dict[str, Any] = {
            "scenario": self.scenario_name,
            "scenario_sha256": self.scenario_sha256,
            "year": self.year,
            "rule": RULE,
            "nations": {
                nation: {"threats": {threat: reach.as_json() for threat, reach in by_threat.items()}}
                for nation, by_threat in self.reach.items()
            },
        }
        if self.growth:
            answer["paces"] = {pace: growth.as_json() for pace, growth in self.growth.items()}
        if self.notes:
            answer["notes"] = list(self.notes)
        return answer

    def line(self) -> str:
        """Return how many nations are within reach, in one line."""
        within = sum(bool(by_threat) for by_threat in self.reach.values())
        asked = "" if self.year is None else f" in {self.year}"
        return f"{self.scenario_name}{asked}: {within} of {len(self.reach)} nations within reach"

    def rows(self) -> list[Row]:
        """Return a row for each nation and class that reaches it."""
        return [
            {"nation": nation, "threat": threat, **reach.as_json()}
            for nation, by_threat in self.reach.items()
            for threat, reach in by_threat.items()
        ]

    def provenance(self) -> dict[str, Any]:
        """Return version, scenario and digest."""
        return provenance_of(self.scenario_name, self.scenario_sha256)

    def layers(self) -> tuple[FeatureLayer, ...]:
        """Return the nations, a feature for each class that reaches one."""
        kinds = dict.fromkeys(("warning_s", "population_share_in_reach"), float)
        years = dict.fromkeys(("first_year", "first_year_low", "first_year_high"), int)
        return (FeatureLayer("nations", self.line(), self.placed_rows(), {**kinds, **years}),)

    def placed_rows(self) -> list[PlacedRow]:
        """Return the outline of the nation with each row; none where the maps have no such nation."""
        outlines = nation_outlines(tuple(self.reach))
        return [(outlines.get(row["nation"]), row) for row in self.rows()]

    def first_within_reach(self, nation: str) -> float | None:
        """Return the first year in which any class reaches a nation; None if none does, minus infinity if always."""
        by_threat = self.reach.get(nation, {})
        return min((_since(reach.first_year) for reach in by_threat.values()), default=None)


def assess(
    scenario: Scenario,
    year: int | None = None,
    points: AimPoints | None = None,
    threats: Sequence[str] | None = None,
    areas: Sequence[str] | None = None,
    nations: Sequence[str] | None = None,
) -> ThreatAssessment:
    """Find who is within reach of which class, from when, and with what warning.

    Parameters
    ----------
    scenario : Scenario
        Classes, launch areas, nations, satellites.
    year : int, optional
        Keep the classes that exist in that year, the members and the satellites of that year.
    points : AimPoints, optional
        The places; those of the nations by default. Land cells are left aside, but of a nation without places.
    threats, areas : sequence of str, optional
        Only these classes and launch areas.
    nations : sequence of str, optional
        In place of the scenario's members.

    Returns
    -------
    ThreatAssessment

    Notes
    -----
    The rule is :data:`RULE`. The scenario's base values are used.
    """
    nations = scenario.members(year) if nations is None else tuple(nations)
    notes = people_notes(nations, scenario.population_year) if points is None else ()
    if points is None:
        points = places(nations, scenario.population_year)
        points = points.concat(land_grid([code for code in nations if code not in points.nation]))
    placed = np.unique(points.nation[points.kind == "place"])
    points = points.subset((points.kind == "place") | ~np.isin(points.nation, placed))
    launches = [
        (name, area.at.latitude_deg, area.at.longitude_deg)
        for name, area in scenario.launch_areas.items()
        if areas is None or name in areas
    ]
    people = {nation: float(points.population[points.nation == nation].sum()) for nation in nations}
    reach: dict[str, dict[str, ThreatReach]] = {nation: {} for nation in nations}
    every_reached: dict[str, NDArray[np.bool_]] = {}
    for threat, record in scenario.threats.items():
        if threats is not None and threat not in threats:
            continue
        first = record.from_
        flights = flights_between(scenario, [threat], launches, points.latitude_deg, points.longitude_deg)
        if record.launch_areas != ():
            every_reached[threat] = np.zeros(len(points), dtype=np.bool_)
            every_reached[threat][flights.points] = True
        if not len(flights) or (year is not None and first is not None and first.value > year):
            continue
        alert = _alert_s(scenario, threat, year if year is not None else _year_of(first))
        impact = flights.elements[:, IMPACT_TIME]
        target = points.nation[flights.points]
        reached = every_reached[threat]
        for nation in nations:
            mine = np.flatnonzero(target == nation)
            if not mine.size:
                continue
            shortest = mine[np.argmin(impact[mine])]
            reach[nation][threat] = ThreatReach(
                None if first is None else first.value,
                None if first is None else first.at("low"),
                None if first is None else first.at("high"),
                float(impact[shortest]),
                None if alert is None else float(impact[shortest]) - alert,
                launches[int(flights.areas[shortest])][0],
                str(points.name[flights.points[shortest]]),
                float(points.population[reached & (points.nation == nation)].sum()),
                people[nation],
            )
    there = ReachedPlaces(points.nation, points.population, every_reached)
    return ThreatAssessment(scenario.name, scenario.sha256, year, reach, notes, there)


def _alert_s(scenario: Scenario, threat: str, year: int | None) -> float | None:
    """Return when the first alert of a class reaches every node [s]; None if no satellite of the year sees it."""
    burn = scenario.threats[threat].burn_time_s.value
    times = []
    for element in scenario.elements.values():
        if element.satellite is None or element.partner or element.inactive_reason(year) is not None:
            continue
        alert = scenario.satellites[element.satellite].alert_of(burn)
        if alert is not None:
            latency = element.latency_s if element.latency_s is not None else scenario.network.latency_s
            times.append(alert + latency.value)
    return min(times, default=None)


def _year_of(first: Cited | None) -> int | None:
    return None if first is None else int(first.value)


def _since(year: float | None) -> float:
    return -math.inf if year is None else year


def _whole(year: float | None) -> int | None:
    return None if year is None else int(year)
