"""Margins of launch time and of reach: by how much a place is defended, or is not.

:mod:`hoplon.intercept.margins` defines both for one battery and one flight. A flight's margins are those of its best
battery; a place's are those of the flight that has the least time margin of all that reach it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.city_sample import capitals_among
from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import flights_of
from hoplon.analysis.store import Store
from hoplon.intercept.battery import batteries_of
from hoplon.intercept.margins import REACH_BATTERY, REACH_MARGIN, TIME_BATTERY, TIME_MARGIN, margins_of
from hoplon.sensing.radar import sensor_rows
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.analysis.flights import Flights
    from hoplon.defence.assembly import Defence
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario

LARGE_PLACE: Final = 0.01
"""A place of at least this share of the people of its nation counts in the nation's least margin; assumed."""
_FLIGHTS_A_PIECE: Final = 40_000  # whose tracks are held at a time
_NONE: Final = -1


@dataclass(frozen=True)
class FlightMargins:
    """Margins of the best battery at each flight; see :mod:`hoplon.intercept.margins`.

    Attributes
    ----------
    seconds : ndarray, shape (n,)
        Time margin [s]: negative where the flight is not met, -infinity where no earlier release would help.
    seconds_battery : ndarray, shape (n,)
        Index of the battery that has it, -1 for none.
    kilometres : ndarray, shape (n,)
        Reach margin [km], likewise; -infinity too where it was not asked for.
    kilometres_battery : ndarray, shape (n,)
    """

    seconds: NDArray[np.float64]
    seconds_battery: NDArray[np.int16]
    kilometres: NDArray[np.float64]
    kilometres_battery: NDArray[np.int16]


def flight_margins(
    store: Store, flights: Flights, defence: Defence, *, reach: bool, step: float = stages.MAP_STEP
) -> FlightMargins:
    """Return the margins of a defence at each flight.

    Parameters
    ----------
    store : Store
        Keeps the reach tables.
    flights : Flights
    defence : Defence
    reach : bool
        Whether reach margins are wanted, which take most of the time.
    step : float
        Node spacing along flights [s]; that of the coverage that they are the margins of.
    """
    count = len(flights)
    found = np.full((count, 4), -np.inf)
    found[:, [TIME_BATTERY, REACH_BATTERY]] = _NONE
    if count and defence.batteries:
        reaches = [stages.reach(store, kind) for kind in defence.interceptors]
        stacked = batteries_of(list(defence.batteries), reaches, len(defence.sensors))
        for first in range(0, count, _FLIGHTS_A_PIECE):
            piece = np.arange(first, min(count, first + _FLIGHTS_A_PIECE))
            part = flights.chosen(piece)
            found[piece] = margins_of(
                part.elements,
                stages.tracks(Store(), part, defence, step).intervals,
                sensor_rows(defence.sensors),
                defence.latencies,
                defence.timing.row(),
                stacked,
                defence.shots_required,
                step,
                reach,
            )
    return FlightMargins(
        found[:, TIME_MARGIN],
        found[:, TIME_BATTERY].astype(np.int16),
        found[:, REACH_MARGIN] / KILOMETRE,
        found[:, REACH_BATTERY].astype(np.int16),
    )


@dataclass(frozen=True)
class PointMargins:
    """Margins of aim points against each class.

    Attributes
    ----------
    points : AimPoints
        n aim points.
    areas, threats, batteries : tuple of str
    seconds : ndarray, shape (n, threats)
        Least time margin [s] of the flights of a class that reach a point: -infinity where no earlier release would
        help against one of them, NaN where the class does not reach the point.
    kilometres : ndarray, shape (n, threats)
        Reach margin [km] of that same flight, of the first by launch area where several have the least.
    area, battery : ndarray, shape (n, threats)
        Its launch area, and the battery that has its time margin, or else its reach margin; -1 for none.
    """

    points: AimPoints
    areas: tuple[str, ...]
    threats: tuple[str, ...]
    batteries: tuple[str, ...]
    seconds: NDArray[np.float64]
    kilometres: NDArray[np.float64]
    area: NDArray[np.int16]
    battery: NDArray[np.int16]

    def together(self, threats: Sequence[str]) -> Margins:
        """Return the margins against some classes at once: those of the class with the least time margin."""
        chosen = [self.threats.index(name) for name in threats if name in self.threats]
        rows = np.arange(len(self.points))
        if not chosen:
            none = np.full(len(rows), np.nan)
            return Margins(none, none, *(np.full(len(rows), _NONE, dtype=np.int16) for _ in range(3)))
        seconds = np.where(np.isnan(self.seconds[:, chosen]), np.inf, self.seconds[:, chosen])
        column = np.array(chosen)[seconds.argmin(axis=1)]
        threatened = np.isfinite(seconds.min(axis=1)) | (seconds.min(axis=1) < 0.0)
        return Margins(
            np.where(threatened, self.seconds[rows, column], np.nan),
            np.where(threatened, self.kilometres[rows, column], np.nan),
            np.where(threatened, column, _NONE).astype(np.int16),
            np.where(threatened, self.area[rows, column], _NONE).astype(np.int16),
            np.where(threatened, self.battery[rows, column], _NONE).astype(np.int16),
        )


@dataclass(frozen=True)
class Margins:
    """Margins of aim points against some classes at once; fields as :class:`PointMargins`, shape (n,) each."""

    seconds: NDArray[np.float64]
    kilometres: NDArray[np.float64]
    threat: NDArray[np.int16]
    area: NDArray[np.int16]
    battery: NDArray[np.int16]


@dataclass(frozen=True)
class NationMargins:
    """How near a nation is to another answer; None where there is no such place.

    Attributes
    ----------
    least_s, least_place
        Least time margin of the defended places that hold at least :data:`LARGE_PLACE` of the nation's people, and
        which one has it: a release later by more leaves that place open.
    nearest_s, nearest_place
        The time margin nearest to 0 of the undefended ones, and which one has it: a release that much earlier would
        defend it. None too where no earlier release would help any.
    """

    least_s: float | None
    least_place: str | None
    nearest_s: float | None
    nearest_place: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "least_margin_s": self.least_s,
            "least_margin_place": self.least_place,
            "nearest_margin_s": self.nearest_s,
            "nearest_margin_place": self.nearest_place,
        }


def point_margins(
    store: Store,
    scenario: Scenario,
    architecture: str,
    points: AimPoints,
    *,
    level: Level = "base",
    threats: Sequence[str] | None = None,
    areas: Sequence[str] | None = None,
    reach: NDArray[np.bool_] | None = None,
) -> PointMargins:
    """Return the margins of aim points against each class.

    Parameters
    ----------
    store, scenario, architecture, points, level, threats, areas
        As :func:`hoplon.analysis.coverage.coverage`; names as the scenario spells them.
    reach : ndarray of bool, shape (n,), optional
        At which points reach margins are found; at every point by default.

    Notes
    -----
    Reach margins are found of the flight of each point and class that has the least time margin alone.
    """
    defence = defence_of(scenario, scenario.architecture(architecture), level)
    kinds = tuple(scenario.threats) if threats is None else tuple(name for name in scenario.threats if name in threats)
    origins = tuple(scenario.launch_areas) if areas is None else tuple(a for a in scenario.launch_areas if a in areas)
    flights = flights_of(scenario, points, kinds, origins)
    columns = np.array([kinds.index(name) if name in kinds else -1 for name in scenario.threats], dtype=np.int64)
    cells = flights.points.astype(np.int64) * len(kinds) + columns[flights.classes]
    margins = flight_margins(store, flights, defence, reach=False)
    order = np.lexsort((np.arange(len(flights)), flights.areas, margins.seconds, cells))
    first = np.flatnonzero(np.diff(cells[order], prepend=-1))
    chosen = order[first]
    wanted = np.ones(len(points), dtype=np.bool_) if reach is None else reach
    near = wanted[flights.points[chosen]]
    of_cell = flight_margins(store, flights.chosen(chosen[near]), defence, reach=True)
    shape = (len(points), len(kinds))
    seconds, kilometres = np.full(shape[0] * shape[1], np.nan), np.full(shape[0] * shape[1], np.nan)
    area, battery = (np.full(shape[0] * shape[1], _NONE, dtype=np.int16) for _ in range(2))
    seconds[cells[chosen]], area[cells[chosen]] = margins.seconds[chosen], flights.areas[chosen]
    battery[cells[chosen]] = margins.seconds_battery[chosen]
    beyond = cells[chosen[near]]
    kilometres[beyond] = of_cell.kilometres
    battery[beyond] = np.where(battery[beyond] == _NONE, of_cell.kilometres_battery, battery[beyond])
    return PointMargins(
        points,
        origins,
        kinds,
        defence.battery_names,
        seconds.reshape(shape),
        kilometres.reshape(shape),
        area.reshape(shape),
        battery.reshape(shape),
    )


def large_places(points: AimPoints) -> NDArray[np.bool_]:
    """Return which aim points are capitals, or places of a large share of their nation's people; shape (n,)."""
    large = np.zeros(len(points), dtype=np.bool_)
    for code in dict.fromkeys(points.nation.tolist()):
        people = np.where(points.nation == code, points.population, 0.0)
        large |= (people > 0.0) & (people >= LARGE_PLACE * people.sum())
    return np.asarray(capitals_among(points) | (large & (points.kind == "place")))


def nation_margins(
    points: AimPoints, margins: Margins, nations: Sequence[str], everywhere: AimPoints
) -> Mapping[str, NationMargins]:
    """Return how near each nation is to another answer, from its larger places.

    Parameters
    ----------
    points : AimPoints
        The larger places of the nations at least.
    margins : Margins
        Of the points.
    nations : sequence of str
    everywhere : AimPoints
        Every place of the nations, so that the share that one holds is known.
    """
    found = {}
    for code in nations:
        people = np.where(points.nation == code, points.population, 0.0)
        least = LARGE_PLACE * everywhere.population[everywhere.nation == code].sum()
        large = (people > 0.0) & (people >= least)
        met = large & (margins.seconds >= 0.0)
        missed = large & (margins.seconds < 0.0) & np.isfinite(margins.seconds)
        found[code] = NationMargins(
            *_extreme(points, margins.seconds, met), *_extreme(points, -margins.seconds, missed, sign=-1.0)
        )
    return found


def _extreme(
    points: AimPoints, values: NDArray[np.float64], counted: NDArray[np.bool_], sign: float = 1.0
) -> tuple[float | None, str | None]:
    """Return the least of some values at the points counted, times a sign, and the name of the first that has it."""
    if not counted.any():
        return None, None
    place = int(np.where(counted, values, np.inf).argmin())
    return sign * float(values[place]), str(points.name[place])


def finite(value: float) -> float | None:
    """Return a margin as answers give it: None where there is none."""
    return float(value) if np.isfinite(value) else None
