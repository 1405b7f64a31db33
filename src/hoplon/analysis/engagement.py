"""One engagement, explained: who sees the flight when, who may launch when, which intercepts follow."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import flown_against, may_launch, one_flight, turning_note
from hoplon.analysis.margins.explanation import BatteryOutcome, explained
from hoplon.analysis.placed.engagement_layers import flight_layers, intercept_layer
from hoplon.analysis.placed.sites import element_layer, radar_range_layer
from hoplon.analysis.reach_tables import reach_of
from hoplon.analysis.records import Answer, FeatureLayer, PlacedRow, Row, provenance_of
from hoplon.analysis.stages import SINGLE_STEP
from hoplon.analysis.trajectory import require_one_way
from hoplon.earth.geodesy import ground_range
from hoplon.errors import InputError
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.flight_time import STATUS_REASONS
from hoplon.flight.integrate import WORK_ROWS
from hoplon.flight.motion import coasting, drag_of_ballistic_coefficient
from hoplon.flight.path import ROWS, TIME, most_nodes, sample_path
from hoplon.flight.powered import REENTRY_ALTITUDE
from hoplon.flight.reentry import slow_path
from hoplon.intercept.battery import MOST_SHOTS, batteries_of
from hoplon.intercept.launch import Weapon, weapon_of
from hoplon.intercept.margins import battery_margins
from hoplon.intercept.prediction import look_at, looks_for, predicted_support, room_for_prediction
from hoplon.intercept.shots import SHOT_TIME, Course, Launches, Tables, count_shots, last_intercept, latest_launch
from hoplon.intercept.windows import Windows, commit_time, firm_times, gather_windows
from hoplon.scenario.model import known_name
from hoplon.sensing.cover import cover_of
from hoplon.sensing.radar import sensor_rows
from hoplon.sensing.track import tracks_of
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.defence.assembly import Defence
    from hoplon.scenario.model import Level, ResolvedArchitecture, Scenario, Threat
    from hoplon.sensing.track import Tracks

_WINDOWS: Final = 4096  # of predicted support: more than half the seconds of any flight


@dataclass(frozen=True)
class Intercept:
    """One shot opportunity: times [s after ignition], altitude and ground range from the battery [km]."""

    launch_s: float
    intercept_s: float
    altitude_km: float
    ground_range_km: float


@dataclass(frozen=True)
class BatteryAnswer:
    """What one battery can do: earliest launch, shots in order, last feasible intercept [s]; None for never.

    ``margin_s`` and ``margin_km`` are its time margin and its reach margin (:mod:`hoplon.intercept.margins`), ``cause``
    is why it has too few shots, None where it has enough, ``explanation`` says either in words.
    """

    commit_s: float | None
    intercepts: tuple[Intercept, ...]
    last_intercept_s: float | None
    margin_s: float | None = None
    margin_km: float | None = None
    cause: str | None = None
    explanation: str = ""


@dataclass(frozen=True)
class RadarAnswer:
    """When a cue reaches a radar or satellite, None for never, and the (start, end) of each of its tracks [s]."""

    cue_s: float | None
    track_s: tuple[tuple[float, float], ...]


@dataclass(frozen=True, repr=False)
class Engagement(Answer):
    """The answer to one flight; ``reason`` says why when it is not reachable, ``note`` what is odd about it.

    ``radars`` holds the tracking satellites too, after the radars; ``sites_deg`` the places of batteries. ``scenario``,
    ``level`` and ``flown``, the row of the flight, are what files are made from.
    """

    architecture: str
    area: str
    threat: str
    reachable: bool
    reason: str | None
    flight_time_s: float | None
    warning_s: float | None
    radars: dict[str, RadarAnswer]
    batteries: dict[str, BatteryAnswer]
    defended: bool
    note: str = ""
    sites_deg: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    scenario: Scenario | None = field(default=None, repr=False, compare=False)
    level: Level = field(default="base", repr=False, compare=False)
    flown: NDArray[np.float64] | None = field(default=None, repr=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "architecture": self.architecture,
            "from": self.area,
            "threat": self.threat,
            "reachable": self.reachable,
            "reason": self.reason,
            "flight_time_s": self.flight_time_s,
            "warning_s": self.warning_s,
            "radars": {
                name: {"cue_s": radar.cue_s, "track_s": [list(track) for track in radar.track_s]}
                for name, radar in self.radars.items()
            },
            "batteries": {
                name: {
                    "commit_s": battery.commit_s,
                    "shots": len(battery.intercepts),
                    "intercepts": [dict(vars(intercept)) for intercept in battery.intercepts],
                    "last_intercept_s": battery.last_intercept_s,
                    "margin_s": battery.margin_s,
                    "margin_km": battery.margin_km,
                    "cause": battery.cause,
                    "explanation": battery.explanation,
                }
                for name, battery in self.batteries.items()
            },
            "defended": self.defended,
        }

    def line(self) -> str:
        """Return the flight and whether it is defended against, in one line."""
        found = "defended" if self.defended else "not defended"
        told = found if self.reachable else f"out of reach: {self.reason}"
        return f"{self.threat} from {self.area} against {self.architecture}: {told}"

    def rows(self) -> list[Row]:
        """Return a row for each battery."""
        return [
            {
                "battery": name,
                "commit_s": battery.commit_s,
                "shots": len(battery.intercepts),
                "first_intercept_s": battery.intercepts[0].intercept_s if battery.intercepts else None,
                "last_intercept_s": battery.last_intercept_s,
                "margin_s": battery.margin_s,
                "margin_km": battery.margin_km,
            }
            for name, battery in self.batteries.items()
        ]

    def placed_rows(self) -> list[PlacedRow]:
        """Return the site of each battery with its row."""
        places = {name: shapely.Point(longitude, latitude) for name, (latitude, longitude) in self.sites_deg.items()}
        return [(places.get(row["battery"]), row) for row in self.rows()]

    def provenance(self) -> dict[str, Any]:
        """Return version, scenario and digest."""
        if self.scenario is None:
            return super().provenance()
        return provenance_of(self.scenario.name, self.scenario.sha256)

    def layers(self) -> tuple[FeatureLayer, ...]:
        """Return the batteries, the flight with its samples, intercepts, elements, and ranges against the class.

        Raises
        ------
        InputError
            If the class does not fly there.
        """
        if self.flown is None or self.scenario is None:
            raise InputError(f"there is no engagement to write: {self.reason}")
        architecture = self.scenario.architecture(self.architecture)
        kinds = dict.fromkeys(("commit_s", "first_intercept_s", "last_intercept_s", "margin_s", "margin_km"), float)
        shots = {
            name: [(one.launch_s, one.intercept_s, one.altitude_km, one.ground_range_km) for one in battery.intercepts]
            for name, battery in self.batteries.items()
        }
        told = {"threat": self.threat, "launch_area": self.area, "defended": self.defended}
        return (
            FeatureLayer("batteries", self.line(), self.placed_rows(), kinds),
            *flight_layers(self.flown, told),
            intercept_layer(self.flown, shots),
            element_layer(architecture.elements),
            radar_range_layer(self.scenario, architecture, (self.threat,), self.level),
        )


def _sites_deg(architecture: ResolvedArchitecture, batteries: Sequence[str]) -> dict[str, tuple[float, float]]:
    places = {name: architecture.elements[name].at for name in batteries}
    return {name: (at.latitude_deg, at.longitude_deg) for name, at in places.items() if at is not None}


def refusal(
    threat_name: str, threat: Threat, area: str, distance: float, loft_deg: float | None, year: int | None
) -> str | None:
    """Say why a class does not fly from an area over a ground distance [m] in a year; None when it does.

    A loft of None is not judged: the flight is given by its apogee.
    """
    nearest, farthest = float(threat.min_range_km), float(threat.max_range_km)
    kilometres = distance / KILOMETRE
    if not may_launch(threat, area):
        return f"{threat_name} is not launched from {area}"
    if year is not None and threat.from_ is not None and year < float(threat.from_):
        return f"{threat_name} exists from {float(threat.from_):.0f}, after {year}"
    if loft_deg is not None and not any(math.isclose(loft_deg, loft, abs_tol=1e-9) for loft in threat.lofts_deg):
        flown = ", ".join(f"{loft:g}" for loft in threat.lofts_deg)
        return f"{threat_name} does not fly at a loft of {loft_deg:g} degrees; it flies at {flown}"
    if kilometres > farthest:
        return f"{kilometres:.0f} km away, beyond the greatest range of {threat_name}, {farthest:.0f} km"
    if kilometres < nearest:
        return f"{kilometres:.0f} km away, within the least range of {threat_name}, {nearest:.0f} km"
    return None


def engagement(
    scenario: Scenario,
    architecture: str,
    area: str,
    aim_deg: tuple[float, float],
    threat: str,
    loft_deg: float = 0.0,
    year: int | None = None,
    level: Level = "base",
    drag: bool = False,
    apogee_km: float | None = None,
    explain: bool = True,
) -> Engagement:
    """Judge one flight by an architecture.

    Parameters
    ----------
    scenario : Scenario
    architecture, area, threat : str
        Names in the scenario.
    aim_deg : tuple of float
        Latitude and longitude [deg].
    loft_deg : float
        One of the lofts that the class flies.
    year : int, optional
        In place of the architecture's year when asking whether the class exists yet.
    level : {"low", "base", "high"}
        Of the disputed inputs.
    drag : bool
        Let the air slow the flight below 100 km (model section 2.2) before the batteries that intercept there alone.
        Flight time, tracks and all other batteries keep the arc without drag, as maps have it.
    apogee_km : float, optional
        Greatest altitude of the flight, in place of a loft; any that an arc has, whatever the lofts of the class.
    explain : bool
        With each battery's margins and its cause in words; without, in a fraction of the time.

    Raises
    ------
    UnknownNameError
        If the scenario lacks a name. An aim out of reach is an answer.
    InputError
        If drag is asked for and the class has no ballistic coefficient.
    """
    resolved = scenario.architecture(architecture)
    area = known_name("launch area", area, scenario.launch_areas)
    threat = known_name("threat", threat, scenario.threats)
    kind, launch = flown_against(scenario, resolved).threats[threat], scenario.launch_areas[area].at
    distance = float(ground_range(launch.latitude_deg, launch.longitude_deg, *aim_deg))
    require_one_way(loft_deg, apogee_km)
    flown = loft_deg if apogee_km is None else None
    reason = refusal(threat, kind, area, distance, flown, resolved.year if year is None else year)
    row = np.empty((1, 1))
    if reason is None:
        row = one_flight(
            (launch.latitude_deg, launch.longitude_deg),
            aim_deg,
            burn_time_s=float(kind.burn_time_s),
            burnout_altitude_km=float(kind.burnout_altitude_km),
            burnout_ground_range_km=float(kind.burnout_ground_range_km),
            loft_deg=loft_deg,
            apogee_km=apogee_km,
        )[np.newaxis]
        reason = STATUS_REASONS[int(row[0, STATUS])] or None
    if reason is not None:
        return Engagement(resolved.name, area, threat, False, reason, None, None, {}, {}, False)
    defence = defence_of(scenario, resolved, level)
    place = list(scenario.threats).index(threat)
    tracks = tracks_of_flight(row[0], place, defence)
    coefficient = kind.ballistic_coefficient_kg_m2
    if drag and coefficient is None:
        raise InputError(
            f"threats.{threat}: drag needs ballistic_coefficient_kg_m2, which this class does not give; state it"
        )
    slowed_by = float(coefficient) if drag and coefficient is not None else None
    batteries = battery_answers(row[0], tracks, defence, slowed_by, explain=explain)
    alert = defence.alerts[place]
    return Engagement(
        architecture=resolved.name,
        area=area,
        threat=threat,
        reachable=True,
        reason=None,
        flight_time_s=float(row[0, IMPACT_TIME]),
        warning_s=float(row[0, IMPACT_TIME] - alert) if alert < math.inf and defence.networked else None,
        radars=_radars(tracks, defence),
        batteries=batteries,
        defended=any(len(battery.intercepts) >= defence.shots_required for battery in batteries.values()),
        note=turning_note(distance / KILOMETRE, float(kind.burnout_ground_range_km)),
        sites_deg=_sites_deg(resolved, list(batteries)),
        scenario=scenario,
        level=level,
        flown=row[0],
    )


def tracks_of_flight(row: NDArray[np.float64], threat: int, defence: Defence) -> Tracks:
    """Return the tracks of one flight by the sensors of a defence.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of the flight.
    threat : int
        Index of its class in the scenario.
    defence : Defence
    """
    classes = np.array([threat], dtype=np.int16)
    covers = cover_of(row[np.newaxis], classes, defence.sensors, SINGLE_STEP)
    return tracks_of(covers, defence.sensors, classes, np.array(defence.alerts), networked=defence.networked)


def _radars(tracks: Tracks, defence: Defence) -> dict[str, RadarAnswer]:
    answers = {}
    for index, name in enumerate(defence.sensor_names):
        intervals = tracks.intervals[index, 0]
        answers[name] = RadarAnswer(
            cue_s=_finite(float(tracks.cues[index, 0])),
            track_s=tuple((float(start), float(end)) for start, end in intervals if start >= 0.0),
        )
    return answers


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


class _Prediction:
    """What the looks at one flight say about its future, for the windows of predicted support."""

    def __init__(self, row: NDArray[np.float64], tracks: Tracks, defence: Defence) -> None:
        self._row, self._timing = row, defence.timing.row()
        sensors, slots = sensor_rows(defence.sensors), tracks.intervals.shape[2]
        room = room_for_prediction(row[np.newaxis], sensors, slots, True)
        self._looks = looks_for(sensors, defence.latencies, room)
        look_at(row, tracks.intervals, 0, self._looks)

    def windows(
        self,
        battery: NDArray[np.float64],
        own: NDArray[np.bool_],
        commit: float,
        weapon: Weapon,
        fan: NDArray[np.float64],
        support: NDArray[np.float64],
    ) -> int:
        """Write the windows of predicted support of one battery; return their number."""
        begin = max(math.floor(self._row[BURN_TIME]) + 1, math.ceil(max(0.0, commit + weapon.burn_time)))
        return predicted_support(self._row, self._looks, own, battery, self._timing, begin, weapon, fan, support)


def battery_answers(
    row: NDArray[np.float64],
    tracks: Tracks,
    defence: Defence,
    ballistic_coefficient: float | None = None,
    *,
    explain: bool = True,
) -> dict[str, BatteryAnswer]:
    """Return each battery's answer to one flight, from the kernels that judge maps.

    With a ballistic coefficient [kg m-2] those that intercept below 100 km alone meet the flight that drag slows.
    """
    low = {
        name
        for name, battery in zip(defence.battery_names, defence.batteries, strict=True)
        if ballistic_coefficient is not None and defence.interceptors[battery.reach].altitude_high <= REENTRY_ALTITUDE
    }
    high = [name for name in defence.battery_names if name not in low]
    answers = _answers(_course(row), tracks, defence, high, explain) if high else {}
    if low and ballistic_coefficient is not None:
        slowed = _slowed(row, ballistic_coefficient)
        answers |= _answers(slowed, _watched(slowed, tracks, row), defence, sorted(low), explain)
    return {name: answers[name] for name in defence.battery_names}


def _course(row: NDArray[np.float64]) -> Course:
    path = np.empty((ROWS, most_nodes(row[np.newaxis], SINGLE_STEP)))
    return Course(row, path, *sample_path(row, SINGLE_STEP, path))


def _slowed(row: NDArray[np.float64], ballistic_coefficient: float) -> Course:
    """Return the flight that drag slows below 100 km."""
    course = _course(row)
    forces = coasting(*drag_of_ballistic_coefficient(ballistic_coefficient))
    later = row.copy()
    later[IMPACT_TIME] = slow_path(row, forces, course.boost, course.nodes, course.path, np.empty((WORK_ROWS, 6)))
    return course._replace(row=later)


def _watched(course: Course, tracks: Tracks, arc: NDArray[np.float64]) -> Tracks:
    """Return the tracks of the arc, those held to its impact held to this flight's."""
    ends = tracks.intervals[..., 1]
    held = ends >= math.floor(arc[IMPACT_TIME])
    intervals = tracks.intervals.copy()
    intervals[..., 1] = np.where(held, math.floor(course.row[IMPACT_TIME]), ends)
    return replace(tracks, intervals=intervals)


def _answers(
    course: Course, tracks: Tracks, defence: Defence, names: Sequence[str], explain: bool
) -> dict[str, BatteryAnswer]:
    row = course.row
    stacked = batteries_of(
        list(defence.batteries), [reach_of(item) for item in defence.interceptors], len(defence.sensors)
    )
    timing, latencies = defence.timing.row(), defence.latencies
    firm = np.empty(len(defence.sensors))
    firm_times(tracks.intervals, 0, row[BURN_TIME], timing.firm_track, firm)
    length, step = course.path.shape[1], float(np.diff(course.path[TIME, : course.nodes]).max())
    prediction = _Prediction(row, tracks, defence)
    windows = max(tracks.intervals.shape[0] * tracks.intervals.shape[2] + 1, _WINDOWS)
    support, assessment, found = np.empty((windows, 2)), np.empty((windows, 2)), np.empty((MOST_SHOTS, 4))
    scratch = (np.empty(length), np.empty(length), np.empty(length, dtype=np.bool_))
    answers = {}
    for name in names:
        index = defence.battery_names.index(name)
        battery, own, kind = stacked.rows[index], stacked.own[index], defence.batteries[index].reach
        commit = commit_time(battery, own, firm, latencies, timing)
        helpers = stacked.supporters[index]
        supports, looks = gather_windows(
            tracks.intervals, 0, battery, own, helpers, latencies, timing, support, assessment
        )
        weapon = weapon_of(battery, stacked.interceptors[kind])
        if defence.timing.handover_error is not None and commit < math.inf:
            supports = prediction.windows(battery, own, commit, weapon, stacked.fans[kind], support)
        tables = Tables(stacked.fans[kind], stacked.times[kind], stacked.floors[kind])
        held, seen = Windows(support, supports), Windows(assessment, looks)
        most = min(defence.batteries[index].shots, MOST_SHOTS)
        _, first, end = latest_launch(course, weapon, tables.floors, step, *scratch)
        site = Launches(first, end, *scratch)
        shots = count_shots(course, commit, held, seen, timing, most, weapon, tables, step, site, True, found)
        last = last_intercept(course, commit, held, weapon, tables)
        answers[name] = BatteryAnswer(
            commit_s=_finite(commit),
            intercepts=tuple(
                Intercept(float(launch), float(time), float(altitude) / KILOMETRE, float(distance) / KILOMETRE)
                for launch, time, altitude, distance in found[:shots]
            ),
            last_intercept_s=_finite(last),
        )
        if not explain:
            continue
        if defence.timing.handover_error is not None and commit < math.inf:  # before the earliest launch too
            held = Windows(support, prediction.windows(battery, own, -math.inf, weapon, tables.fan, support))
        margins = (-math.inf, -math.inf)
        if commit < math.inf and most >= defence.shots_required:
            some = (timing, defence.shots_required, weapon, tables, step, site, True, -math.inf, -math.inf)
            margins = battery_margins(course, commit, held, seen, *some, np.empty((1, 4)))
        outcome = BatteryOutcome(
            shots,
            defence.shots_required,
            float(commit),
            float(found[0, SHOT_TIME]) if shots else None,
            _finite(float(margins[0])),
            _finite(float(margins[1]) / KILOMETRE),
        )
        cause, words = explained(
            outcome, course, tracks, defence, index, weapon, tables, reach_of(defence.interceptors[kind])
        )
        answers[name] = replace(
            answers[name], margin_s=outcome.margin_s, margin_km=outcome.margin_km, cause=cause, explanation=words
        )
    return answers
