"""The inputs of a raid model from a scenario: flights, cover, looks, launch times."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.engagement import refusal
from hoplon.analysis.flights import one_flight
from hoplon.analysis.raid.kill import Flown
from hoplon.analysis.raid.links import UNIT, linked
from hoplon.analysis.raid.sensors import (
    availability_of,
    key_of_name,
    looks_of,
    radar_entry,
    satellite_entry,
    tracking_entry,
)
from hoplon.analysis.reach_tables import reach_of
from hoplon.analysis.stages import SINGLE_STEP
from hoplon.backbone.doctrine import Conditions, RaidDoctrine
from hoplon.backbone.layout import HUB, HUB_COLD, HUB_HOT, MESH, ORGANIC, REGIONAL
from hoplon.backbone.raid_model import (
    BatteryEntry,
    NodeEntry,
    RaidInputs,
    ThreatEntry,
)
from hoplon.earth.geodesy import ground_range
from hoplon.errors import InputError
from hoplon.flight.arc import (
    BURN_TIME,
    COLUMNS,
    IMPACT_TIME,
    STATUS,
)
from hoplon.flight.flight_time import STATUS_REASONS
from hoplon.flight.path import ROWS, most_nodes, sample_path
from hoplon.intercept.battery import batteries_of
from hoplon.intercept.launch import launch_times, weapon_of
from hoplon.scenario.check import MOST_MISSILES
from hoplon.sensing.cover import cover_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hoplon.defence.assembly import Defence
    from hoplon.intercept.reach import Reach
    from hoplon.scenario.model import Place, Raid, RaidThreat, ResolvedArchitecture, Scenario

NO_LAUNCH: Final = -(1 << 31)
LONGEST_FLIGHT: Final = 10_000.0  # [s] the looks of one stay in cover have 20 bits of their numbers


@dataclass(frozen=True)
class Missile:
    """One missile of a raid: class, area, aim [deg], ignition [s], key for draws, index of its flight."""

    threat: str
    area: str
    aim_deg: tuple[float, float]
    ignition: float
    key: int
    flight: int


@dataclass(frozen=True)
class RaidFlights:
    """The missiles of a raid and the flights they fly, each flight once; refused groups with the reason.

    Attributes
    ----------
    missiles : tuple of Missile
    elements : ndarray, shape (flights, COLUMNS)
    classes : ndarray, shape (flights,)
    refused : tuple of str
        One line a group that does not fly.
    flown : tuple of (str, str, (float, float))
        Class, launch area, aim [deg] and way of each flight.
    """

    missiles: tuple[Missile, ...]
    elements: NDArray[np.float64]
    classes: NDArray[np.int16]
    refused: tuple[str, ...]
    flown: tuple[Flown, ...] = ()


def missiles_of(groups: Iterable[RaidThreat]) -> int:
    """Return how many missiles groups of a raid have, whether they can fly or not."""
    return sum(max(0, round(float(group.count))) for group in groups)


def raid_flights(scenario: Scenario, raid: Raid, year: int | None, known: RaidFlights | None = None) -> RaidFlights:
    """Solve the flights of a raid; a group out of reach, or that does not exist yet, is refused with the reason.

    Parameters
    ----------
    scenario : Scenario
    raid : Raid
    year : int or None
        Of the architecture; classes that come later do not fly.
    known : RaidFlights, optional
        Of the same threat classes and launch areas: flights solved there are not solved again.
    """
    refused: dict[int, str] = {}
    flying: dict[int, Flown] = {}
    for number, group in enumerate(raid.threats):
        kind, place = scenario.threats[group.threat], scenario.launch_areas[group.from_].at
        flight = flight_of(scenario, group)
        distance = float(ground_range(place.latitude_deg, place.longitude_deg, *flight.aim_deg))
        loft = flight.loft_deg if flight.apogee_km is None else None
        reason = refusal(group.threat, kind, group.from_, distance, loft, year)
        if reason is None:
            flying[number] = flight
        else:
            refused[number] = reason
    solved = _solved(scenario, list(flying.values()), known)
    for number, flight in list(flying.items()):
        reason = STATUS_REASONS[int(solved[flight][STATUS])]
        if not reason and solved[flight][IMPACT_TIME] > LONGEST_FLIGHT:
            reason = (
                f"{flight[0]} flies {solved[flight][IMPACT_TIME]:,.0f} s; a raid holds {LONGEST_FLIGHT:,.0f} s at most"
            )
        if reason:
            refused[number] = reason
            del flying[number]
    names = list(scenario.threats)
    total = sum(max(0, round(float(raid.threats[number].count))) for number in flying)
    if total > MOST_MISSILES:
        raise InputError(f"{total:,} missiles; a raid takes at most {MOST_MISSILES:,}: make its groups smaller")
    missiles = [
        Missile(
            flight.threat, flight.area, flight.aim_deg, index * float(group.interval_s), (number << 16) | index, order
        )
        for order, (number, flight) in enumerate(flying.items())
        for group in (raid.threats[number],)
        for index in range(missiles_of([group]))
    ]
    flown = tuple(flying.values())
    return RaidFlights(
        tuple(missiles),
        np.array([solved[flight] for flight in flown]) if flown else np.empty((0, COLUMNS)),
        np.array([names.index(flight.threat) for flight in flown], dtype=np.int16),
        tuple(f"group {number + 1} of the raid: {refused[number]}" for number in sorted(refused)),
        flown,
    )


def flight_of(scenario: Scenario, group: RaidThreat) -> Flown:
    """Return the flight of a group of a raid: at its loft or apogee, else at the first loft of the class."""
    aim = (group.aim.latitude_deg, group.aim.longitude_deg)
    if group.apogee_km is not None:
        return Flown(group.threat, group.from_, aim, apogee_km=group.apogee_km)
    loft = scenario.threats[group.threat].lofts_deg[0] if group.loft_deg is None else group.loft_deg
    return Flown(group.threat, group.from_, aim, loft)


def _solved(
    scenario: Scenario, flights: Sequence[Flown], known: RaidFlights | None
) -> dict[Flown, NDArray[np.float64]]:
    """Return the elements of flights; those that are known are not solved again."""
    rows = {} if known is None else dict(zip(known.flown, known.elements, strict=True))
    for flight in dict.fromkeys(flights):
        if flight not in rows:
            kind, place = scenario.threats[flight.threat], scenario.launch_areas[flight.area].at
            rows[flight] = one_flight(
                (place.latitude_deg, place.longitude_deg),
                flight.aim_deg,
                burn_time_s=float(kind.burn_time_s),
                burnout_altitude_km=float(kind.burnout_altitude_km),
                burnout_ground_range_km=float(kind.burnout_ground_range_km),
                loft_deg=flight.loft_deg,
                apogee_km=flight.apogee_km,
            )
    return rows


def raid_inputs(
    scenario: Scenario,
    architecture: ResolvedArchitecture,
    defence: Defence,
    flights: RaidFlights,
    form: int,
    doctrine: RaidDoctrine,
    conditions: Conditions,
    kill: NDArray[np.float64],
    known: RaidInputs | None = None,
    links: Mapping[str, float] = MappingProxyType({}),
) -> tuple[RaidInputs, tuple[str, ...], tuple[str, ...]]:
    """Gather what a raid model is built from.

    Parameters
    ----------
    scenario, architecture, defence
        The defence is the architecture's, in SI.
    flights : RaidFlights
    form : int
        Information architecture.
    doctrine, conditions
    kill : ndarray, shape (batteries, flights)
        Single-shot kill probabilities.
    known : RaidInputs, optional
        Of the same elements, flights and sensing: cover, looks and launch times are taken from it.
    links : mapping of str to float
        Chance that a message passes the link of an element; 1 for those left out.

    Returns
    -------
    inputs : RaidInputs
    names : tuple of str
        Of the elements in the raid model's order, threats left out.
    notes : tuple of str
        What was assumed for want of nodes.
    """
    if known is None:
        cover, looks, launches = _flight_inputs(scenario, architecture, defence, flights, conditions)
    else:
        cover, looks, launches = known.cover, known.looks, known.launches
    node_names, nodes, notes = _nodes(architecture, defence, form, conditions.fallback is not None)
    placed = [name for name, node in zip(node_names, nodes, strict=True) if node.role != "unit"]
    homes = _homes(architecture, placed) if form == REGIONAL else {}
    satellites = {
        name: element
        for name, element in architecture.elements.items()
        if element.form == "satellite" and name not in defence.satellite_names
    }
    burn_times = [float(scenario.threats[missile.threat].burn_time_s) for missile in flights.missiles]
    inputs = RaidInputs(
        threats=[
            ThreatEntry(
                missile.key,
                missile.ignition,
                missile.flight,
                float(flights.elements[missile.flight, BURN_TIME]),
                float(flights.elements[missile.flight, IMPACT_TIME]),
            )
            for missile in flights.missiles
        ],
        radars=[
            *(
                radar_entry(scenario, architecture.elements[name], name, radar, homes.get(name, 0))
                for name, radar in zip(defence.radar_names, defence.radars, strict=True)
            ),
            *(
                tracking_entry(scenario, architecture.elements[name], name, satellite, homes.get(name, 0), burn_times)
                for name, satellite in zip(defence.satellite_names, defence.satellites, strict=True)
            ),
        ],
        satellites=[
            satellite_entry(scenario, architecture, name, element, burn_times) for name, element in satellites.items()
        ],
        nodes=nodes,
        batteries=[
            BatteryEntry(
                key_of_name(name),
                int(float(architecture.elements[name].count)),
                float(architecture.elements[name].launch_interval_s),
                battery.own_radars,
                homes.get(name, 0),
                availability_of(architecture.elements[name]),
            )
            for name, battery in zip(defence.battery_names, defence.batteries, strict=True)
        ],
        cover=cover,
        looks=looks,
        launches=launches,
        kill=kill,
        form=form,
        doctrine=doctrine,
        conditions=conditions,
        latency=float(architecture.network.latency_s),
    )
    names = (*defence.sensor_names, *satellites, *node_names, *defence.battery_names)
    return linked(inputs, names, links), names, tuple(notes)


def _flight_inputs(
    scenario: Scenario,
    architecture: ResolvedArchitecture,
    defence: Defence,
    flights: RaidFlights,
    conditions: Conditions,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Return cover, looks and launch times of a raid's flights."""
    end = _seconds(flights.elements)
    covers = cover_of(flights.elements, flights.classes, defence.sensors, SINGLE_STEP)
    slots = max((cover.shape[1] for cover in covers), default=1)
    cover = np.full((len(covers), len(flights.elements), slots, 3), -1, dtype=np.int64)
    for index, found in enumerate(covers):
        cover[index, :, : found.shape[1]] = found
    looks = looks_of(scenario, architecture, defence, flights.elements, flights.classes, conditions, end)
    return (
        cover,
        looks,
        launch_tables(flights.elements, defence, [reach_of(item) for item in defence.interceptors], end),
    )


def _seconds(elements: NDArray[np.float64]) -> int:
    return math.ceil(float(elements[:, IMPACT_TIME].max())) + 1 if len(elements) else 1


def _nodes(
    architecture: ResolvedArchitecture, defence: Defence, form: int, falls_back: bool
) -> tuple[list[str], list[NodeEntry], list[str]]:
    """Return the nodes of an information architecture; one that it needs and the scenario lacks never fails."""
    if form in (ORGANIC, MESH):
        names = [f"{name}{UNIT}" for name in defence.battery_names]
        return names, [NodeEntry(key_of_name(name), "unit", index) for index, name in enumerate(names)], []
    placed = {name: element for name, element in architecture.elements.items() if element.form == "node"}
    by_role = {
        role: [name for name, element in placed.items() if element.node == role]
        for role in ("hub", "alternate", "regional")
    }
    chosen = {
        HUB: by_role["hub"][:1],
        HUB_HOT: by_role["hub"][:1] + (by_role["alternate"] + by_role["hub"][1:])[:1],
        HUB_COLD: by_role["hub"][:1] + (by_role["alternate"] + by_role["hub"][1:])[:1],
        REGIONAL: by_role["regional"] if len(by_role["regional"]) > 1 else list(placed),
    }[form]
    needed = {HUB: 1, HUB_HOT: 2, HUB_COLD: 2, REGIONAL: 2}[form]
    entries = [
        NodeEntry(key_of_name(name), str(placed[name].node), availability=availability_of(placed[name]))
        for name in chosen
    ]
    notes = []
    for number in range(len(chosen), needed):
        role = "regional" if form == REGIONAL else ("hub", "alternate")[number]
        chosen.append(f"assumed {role} {number + 1}")
        entries.append(NodeEntry(key_of_name(chosen[-1]), role))
        notes.append(f"{architecture.name} has no {role} node of its own: one that never fails is assumed")
    for index, (name, battery) in enumerate(zip(defence.battery_names, defence.batteries, strict=True)):
        if falls_back and battery.own_radars:
            chosen.append(f"{name}{UNIT}")
            entries.append(NodeEntry(key_of_name(chosen[-1]), "unit", index))
    return chosen, entries, notes


def _homes(architecture: ResolvedArchitecture, nodes: list[str]) -> dict[str, int]:
    """Return the regional node of each element: the nearest, the first for what has no place."""
    homes = {}
    for name, element in architecture.elements.items():
        distances = [
            _apart(element.at, architecture.elements[node].at) if node in architecture.elements else math.inf
            for node in nodes
        ]
        homes[name] = int(np.argmin(distances)) if min(distances) < math.inf else 0
    return homes


def _apart(one: Place | None, other: Place | None) -> float:
    if one is None or other is None:
        return math.inf
    return float(ground_range(one.latitude_deg, one.longitude_deg, other.latitude_deg, other.longitude_deg))


def launch_tables(
    elements: NDArray[np.float64], defence: Defence, reaches: list[Reach], seconds: int
) -> NDArray[np.int32]:
    """Return launch times [ms] of each battery's intercepts at whole seconds of each flight, with running maxima.

    Returns
    -------
    ndarray, shape (flights, batteries, 3, seconds)
        The launch time, the greatest at or before each second, the greatest at or after it; ``NO_LAUNCH`` for none.
    """
    tables = np.full((len(elements), len(defence.batteries), 3, seconds), NO_LAUNCH, dtype=np.int32)
    if not len(elements) or not defence.batteries:
        return tables
    stacked = batteries_of(list(defence.batteries), reaches, len(defence.sensors))
    for flight, row in enumerate(elements):
        path = np.empty((ROWS, most_nodes(elements[flight : flight + 1], SINGLE_STEP)))
        boost, nodes = sample_path(row, SINGLE_STEP, path)
        for index, battery in enumerate(defence.batteries):
            weapon = weapon_of(stacked.rows[index], stacked.interceptors[battery.reach])
            launch_times(
                row,
                path,
                boost,
                nodes,
                weapon,
                stacked.fans[battery.reach],
                stacked.times[battery.reach],
                stacked.floors[battery.reach],
                tables[flight, index, 0],
            )
    tables[:, :, 1] = np.maximum.accumulate(tables[:, :, 0], axis=2)
    tables[:, :, 2] = np.maximum.accumulate(tables[:, :, 0, ::-1], axis=2)[:, :, ::-1]
    return tables
