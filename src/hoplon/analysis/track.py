"""One flight as the sensor network sees it: which radar looks when, how well it is known, what a battery may use."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.defence import defence_of, fusion_of
from hoplon.analysis.engagement import refusal
from hoplon.analysis.records import Answer, Row
from hoplon.analysis.stages import SINGLE_STEP
from hoplon.constants import MEAN_RADIUS
from hoplon.earth.geodesy import ground_range
from hoplon.errors import InputError
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS, solve_flights
from hoplon.flight.flight_time import STATUS_REASONS
from hoplon.flight.path import path_normal
from hoplon.flight.sensitivity import inertial_sensitivity, most_arc_nodes, perifocal_axes, place_arc_nodes
from hoplon.intercept.battery import batteries_of
from hoplon.intercept.closing import closing_velocity
from hoplon.intercept.flyout import least_flyout_time
from hoplon.intercept.launch import Weapon, weapon_of
from hoplon.intercept.predicted_point import heard_from
from hoplon.intercept.reach import Reach, reach_of
from hoplon.scenario.model import known_name
from hoplon.sensing.cover import NEVER, cover_of
from hoplon.sensing.quality import (
    FUSIONS,
    Ellipse,
    Fusion,
    impact_ellipse,
    information_history,
    launch_ellipse,
    sigma_across,
    state_covariance,
)
from hoplon.sensing.radar import sensor_rows
from hoplon.sensing.track import tracks_of
from hoplon.units import DEGREE, KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hoplon.defence.assembly import Defence
    from hoplon.intercept.battery import Batteries
    from hoplon.scenario.model import Level, ResolvedArchitecture, Scenario, Threat

_ALWAYS: Final = -1  # where path_normal takes a flight's place from its elements


@dataclass(frozen=True)
class GroundEllipse:
    """A one-sigma ellipse on the ground: semi-axes [km], azimuth of the greater one from north [deg]."""

    semi_major_km: float
    semi_minor_km: float
    azimuth_deg: float


@dataclass(frozen=True)
class Knowledge:
    """What is known of the flight at a time; None where the looks heard so far fix no arc.

    Sigmas are roots of the traces of the position and velocity covariances (Cramer-Rao bound).
    """

    time_s: float
    looks: int
    position_sigma_m: float | None
    velocity_sigma_m_s: float | None
    launch_ellipse: GroundEllipse | None
    impact_ellipse: GroundEllipse | None


@dataclass(frozen=True)
class RadarTrack:
    """What one radar or tracking satellite sees by itself; None for never. ``lost_s`` is when it was switched off."""

    cue_s: float | None
    track_s: tuple[tuple[float, float], ...]
    first_look_s: float | None
    firm_s: float | None
    lost_s: float | None
    samples: tuple[Knowledge, ...]


@dataclass(frozen=True)
class NetTrack:
    """What the sensor network knows, latencies included; None for never."""

    first_look_s: float | None
    firm_s: float | None
    samples: tuple[Knowledge, ...]


@dataclass(frozen=True)
class Candidate:
    """A time at which a battery's fly-out could meet the flight, and the predicted-intercept error at handover."""

    intercept_s: float
    looks: int
    pip_sigma_m: float | None


@dataclass(frozen=True, repr=False)
class TrackAnswer(Answer):
    """The answer to one flight; ``reason`` says why when it is not reachable, ``never_seen`` that no sensor looks.

    ``radars`` holds the tracking satellites too, after the radars.
    """

    architecture: str
    area: str
    threat: str
    reachable: bool
    reason: str | None
    flight_time_s: float | None
    burnout_s: float | None
    fusion: str
    networked: bool
    never_seen: bool
    handover_error_km: float | None
    radars: dict[str, RadarTrack]
    net: NetTrack | None
    batteries: dict[str, tuple[Candidate, ...]]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        answer = asdict(self)
        answer["from"] = answer.pop("area")
        return answer

    def line(self) -> str:
        """Return the flight and how many radars track it, in one line."""
        seen = sum(radar.firm_s is not None for radar in self.radars.values())
        told = f"{seen} sensors with a firm track" if self.reachable else f"out of reach: {self.reason}"
        return f"{self.threat} from {self.area} against {self.architecture}: {told}"

    def rows(self) -> list[Row]:
        """Return a row for each radar."""
        return [
            {
                "radar": name,
                "cue_s": radar.cue_s,
                "first_look_s": radar.first_look_s,
                "firm_s": radar.firm_s,
                "lost_s": radar.lost_s,
                "position_sigma_m": radar.samples[-1].position_sigma_m if radar.samples else None,
            }
            for name, radar in self.radars.items()
        ]


def sensors_of(architecture: ResolvedArchitecture, defence: Defence) -> NDArray[np.float64]:
    """Return how the sensors of a defence look, shape (sensors, SENSOR_COLUMNS), in its order.

    Raises
    ------
    InputError
        For a type whose update time or sigmas are not positive.
    """
    rows = []
    for name, sensor in zip(defence.sensor_names, defence.sensors, strict=True):
        try:
            rows.append(sensor_rows([sensor]))
        except InputError as error:
            element = architecture.elements[name]
            path = f"radars.{element.radar}" if element.radar else f"satellites.{element.satellite}.tracking"
            raise InputError(f"{path}: {error}") from None
    return np.concatenate(rows) if rows else sensor_rows([])


def track(
    scenario: Scenario,
    architecture: str,
    area: str,
    aim_deg: tuple[float, float],
    threat: str,
    *,
    loft_deg: float = 0.0,
    year: int | None = None,
    level: Level = "base",
    lose: Mapping[str, float] | None = None,
    fusion: str | None = None,
    step_s: float = 10.0,
) -> TrackAnswer:
    """Say how well the radars and tracking satellites of an architecture, and its net, know one flight.

    Parameters
    ----------
    scenario : Scenario
    architecture, area, threat : str
        Names in the scenario.
    aim_deg : tuple of float
        Latitude and longitude [deg].
    loft_deg, year, level
        As :func:`hoplon.analysis.engagement.engagement`.
    lose : mapping, optional
        Sensors by name, and when each is switched off for good [s after ignition].
    fusion : {"central", "covariance_intersection", "single_best"}, optional
        In place of the one that the architecture's form of command has.
    step_s : float
        Between samples.

    Raises
    ------
    UnknownNameError
        If the scenario lacks a name, or the architecture a sensor to be lost.
    InputError
        For a time or a sigma out of range. A flight that nobody sees is an answer.
    """
    if not (math.isfinite(step_s) and step_s > 0.0):
        raise InputError(f"step_s must be positive, got {step_s:g}")
    resolved = scenario.architecture(architecture)
    fusion = fusion_of(resolved) if fusion is None else known_name("fusion", fusion, FUSIONS)
    area = known_name("launch area", area, scenario.launch_areas)
    threat = known_name("threat", threat, scenario.threats)
    defence = defence_of(scenario, resolved, level)
    lost = _lost(defence, lose or {})
    row, reason = _flight(scenario, area, aim_deg, threat, loft_deg, resolved.year if year is None else year)
    networked = defence.networked
    if row is None:
        return TrackAnswer(
            resolved.name, area, threat, False, reason, None, None, fusion, networked, False, None, {}, None, {}
        )
    seen = _Seen(scenario, resolved, defence, row, list(scenario.threats).index(threat), lost, step_s)
    limit = resolved.doctrine.handover_error_km
    radars = {name: seen.radar(index, lost.get(name)) for index, name in enumerate(defence.sensor_names)}
    return TrackAnswer(
        architecture=resolved.name,
        area=area,
        threat=threat,
        reachable=True,
        reason=None,
        flight_time_s=float(row[IMPACT_TIME]),
        burnout_s=float(row[BURN_TIME]),
        fusion=fusion,
        networked=networked,
        never_seen=all(radar.first_look_s is None for radar in radars.values()),
        handover_error_km=float(limit) if limit is not None else None,
        radars=radars,
        net=seen.net(fusion) if networked else None,
        batteries=seen.batteries(fusion),
    )


def _lost(defence: Defence, lose: Mapping[str, float]) -> dict[str, float]:
    lost = {known_name("sensor", name, defence.sensor_names): time for name, time in lose.items()}
    for name, time in lost.items():
        if not (math.isfinite(time) and time >= 0.0):
            raise InputError(f"{name} cannot be lost at {time:g} s: a time from ignition on was expected")
    return lost


def _flight(
    scenario: Scenario, area: str, aim_deg: tuple[float, float], threat: str, loft_deg: float, year: int | None
) -> tuple[NDArray[np.float64] | None, str | None]:
    """Return the elements of a flight, or None and why there is none."""
    kind: Threat = scenario.threats[threat]
    launch = scenario.launch_areas[area].at
    distance = float(ground_range(launch.latitude_deg, launch.longitude_deg, *aim_deg))
    reason = refusal(threat, kind, area, distance, loft_deg, year)
    if reason is not None:
        return None, reason
    row = solve_flights(
        np.array([[launch.latitude_deg, launch.longitude_deg]]) * DEGREE,
        np.array([aim_deg], dtype=float) * DEGREE,
        np.array([float(kind.burn_time_s)]),
        np.array([float(kind.burnout_altitude_km) * KILOMETRE]),
        np.array([float(kind.burnout_ground_range_km) * KILOMETRE]),
        np.array([loft_deg * DEGREE]),
    )[0]
    reason = STATUS_REASONS[int(row[STATUS])] or None
    return (row, None) if reason is None else (None, reason)


def cut_cover(cover: NDArray[np.int16], time: float | NDArray[np.float64], acquisition: float) -> NDArray[np.int16]:
    """Return the cover intervals, shape (..., 3), of a radar that is switched off at a time [s].

    A stretch of search cover too short by then to acquire in starts no track. Times of an array, shape (n, 1), are
    those of each flight.
    """
    cut = cover.copy()
    first, last, search = cut[..., 0], cut[..., 1], cut[..., 2]
    end = np.floor(np.minimum(time, 32767.0)).astype(np.int16)
    gone = (first >= 0) & (first > end)
    np.minimum(last, end, out=last, where=first >= 0)
    search[(search >= 0) & (search + acquisition > end)] = NEVER
    cut[gone] = NEVER
    return cut


class _Seen:
    """One flight as one defence tracks it."""

    def __init__(
        self,
        scenario: Scenario,
        architecture: ResolvedArchitecture,
        defence: Defence,
        row: NDArray[np.float64],
        kind: int,
        lost: Mapping[str, float],
        step_s: float,
    ) -> None:
        self.defence, self.row = defence, row
        classes, sensors = np.array([kind], dtype=np.int16), defence.sensors
        covers = cover_of(row[np.newaxis], classes, sensors, SINGLE_STEP)
        for index, name in enumerate(defence.sensor_names):
            if name in lost:
                covers[index] = cut_cover(covers[index], lost[name], sensors[index].acquisition)
        tracks = tracks_of(covers, sensors, classes, np.array(defence.alerts), networked=defence.networked)
        self.intervals = np.ascontiguousarray(tracks.intervals[:, 0])
        self.cues = tracks.cues[:, 0]
        self.sensors = sensors_of(architecture, defence)
        burnout, impact = float(row[BURN_TIME]), float(row[IMPACT_TIME])
        self.times = np.append(np.arange(math.ceil(burnout / step_s) * step_s, impact, step_s), impact)

    def _starts(self, index: int) -> list[tuple[float, float]]:
        return [(float(start), float(end)) for start, end in self.intervals[index] if start >= 0.0]

    def _firm(self, index: int) -> float | None:
        for start, end in self._starts(index):
            ready = max(start, float(self.row[BURN_TIME])) + self.defence.timing.firm_track
            if ready <= end:
                return ready
        return None

    def _history(self, delays: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        return information_history(self.row, self.intervals, self.sensors, delays, self.times)

    def radar(self, index: int, lost: float | None) -> RadarTrack:
        """Return what one radar sees by itself."""
        delays = np.full(len(self.sensors), np.inf)
        delays[index] = 0.0
        history, looks = self._history(delays)
        tracks = self._starts(index)
        cue = float(self.cues[index])
        return RadarTrack(
            cue_s=cue if math.isfinite(cue) else None,
            track_s=tuple(tracks),
            first_look_s=tracks[0][0] if tracks else None,
            firm_s=self._firm(index),
            lost_s=lost,
            samples=self._samples(history[:, index], looks[:, index]) if tracks else (),
        )

    def net(self, fusion: str) -> NetTrack:
        """Return what the sensor network knows when every radar's looks are fused, latencies included."""
        latencies = self.defence.latencies
        history, looks = self._history(latencies)
        fused = np.zeros((len(self.times), 6, 6))
        for index, time in enumerate(self.times):
            if looks[index].any():
                fused[index] = FUSIONS[fusion](history[index], inertial_sensitivity(self.row, float(time))[:3])
        starts = [self._starts(index)[0][0] + latency for index, latency in enumerate(latencies) if self._starts(index)]
        firms = [(self._firm(index), latency) for index, latency in enumerate(latencies)]
        ready = [firm + latency for firm, latency in firms if firm is not None]
        return NetTrack(
            first_look_s=float(min(starts)) if starts else None,
            firm_s=float(min(ready)) if ready else None,
            samples=self._samples(fused, looks.sum(axis=1)) if starts else (),
        )

    def _samples(self, informations: NDArray[np.float64], looks: NDArray[np.int64]) -> tuple[Knowledge, ...]:
        return tuple(
            self._knowledge(information, int(count), float(time))
            for information, count, time in zip(informations, looks, self.times, strict=True)
            if count > 0
        )

    def _knowledge(self, information: NDArray[np.float64], looks: int, time: float) -> Knowledge:
        covariance = state_covariance(self.row, information, time)
        if covariance is None:
            return Knowledge(time, looks, None, None, None, None)
        return Knowledge(
            time_s=time,
            looks=looks,
            position_sigma_m=math.sqrt(float(np.trace(covariance[:3, :3]))),
            velocity_sigma_m_s=math.sqrt(float(np.trace(covariance[3:, 3:]))),
            launch_ellipse=_on_ground(launch_ellipse(self.row, information)),
            impact_ellipse=_on_ground(impact_ellipse(self.row, information)),
        )

    def batteries(self, fusion: str) -> dict[str, tuple[Candidate, ...]]:
        """Return for each battery the sampled times at which its fly-out meets the flight, with the error there."""
        defence = self.defence
        if not defence.batteries:
            return {}
        reaches = [reach_of(item) for item in defence.interceptors]
        stacked = batteries_of(list(defence.batteries), reaches, len(defence.sensors))
        nodes = np.empty((most_arc_nodes(self.row[np.newaxis]), 5))
        place_arc_nodes(self.row, nodes)
        return {
            name: self._candidates(stacked, index, reaches[defence.batteries[index].reach], nodes, FUSIONS[fusion])
            for index, name in enumerate(defence.battery_names)
        }

    def _candidates(
        self, stacked: Batteries, index: int, reach: Reach, nodes: NDArray[np.float64], fuse: Fusion
    ) -> tuple[Candidate, ...]:
        battery = self.defence.batteries[index]
        weapon = weapon_of(stacked.rows[index], stacked.interceptors[battery.reach])
        delays = np.empty(len(self.sensors))
        heard_from(stacked.own[index], battery.remote_commit, self.defence.latencies, delays)
        met = [float(time) for time in self.times[:-1] if self._meets(weapon, reach, float(time))]
        if not met:
            return ()
        until, own = np.array(met) - self.defence.timing.handover, stacked.own[index]
        history, looks = information_history(self.row, self.intervals, self.sensors, delays, until)
        axes, candidates = perifocal_axes(self.row), []
        for time, informations, count in zip(met, history, looks.sum(axis=1), strict=True):
            closing = axes @ np.array(closing_velocity(self.row, nodes, weapon, reach.fan, time))
            across = np.linalg.svd(closing[np.newaxis])[2][1:]
            local = np.concatenate([informations[own].sum(axis=0)[np.newaxis], informations[~own]])
            fused = fuse(local, across @ inertial_sensitivity(self.row, time)[:3])
            covariance = state_covariance(self.row, fused, time)
            error = sigma_across(covariance, closing) if covariance is not None else None
            candidates.append(Candidate(time, int(count), error))
        return tuple(candidates)

    def _meets(self, weapon: Weapon, reach: Reach, time: float) -> bool:
        """Tell whether the fly-out to where the flight is then exists, within its altitudes and flight time."""
        ux, uy, uz, altitude = path_normal(self.row, np.empty((1, 1)), _ALWAYS, time)
        interceptor = reach.interceptor
        if time <= self.row[BURN_TIME] or not interceptor.altitude_low <= altitude <= interceptor.altitude_high:
            return False
        angle = math.acos(min(1.0, max(-1.0, ux * weapon.normal_x + uy * weapon.normal_y + uz * weapon.normal_z)))
        flyout = least_flyout_time(
            interceptor.burnout_speed,
            min(interceptor.slowest_burnout, interceptor.burnout_speed),
            interceptor.burn_time,
            interceptor.minimum_elevation,
            reach.fan,
            angle * MEAN_RADIUS,
            altitude,
        )
        return bool(flyout <= min(interceptor.maximum_flight_time, time))


def _on_ground(ellipse: Ellipse | None) -> GroundEllipse | None:
    if ellipse is None:
        return None
    return GroundEllipse(ellipse.semi_major / KILOMETRE, ellipse.semi_minor / KILOMETRE, ellipse.azimuth / DEGREE)
