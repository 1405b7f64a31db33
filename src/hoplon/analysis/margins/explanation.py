"""Why a battery meets a flight or misses it, in words, with the names and times of the engagement itself."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.flight.arc import IMPACT_TIME
from hoplon.intercept.battery import batteries_of
from hoplon.intercept.launch import launch_times
from hoplon.intercept.obstacle import OBSTACLES, obstacles
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.defence.assembly import Defence
    from hoplon.intercept.launch import Weapon
    from hoplon.intercept.reach import Reach
    from hoplon.intercept.shots import Course, Tables
    from hoplon.sensing.track import Tracks

_NO_LAUNCH: Final = -1  # [ms]
_OBSTACLE_STEP: Final = 1.0  # [s]

Span = tuple[float, float]


@dataclass(frozen=True)
class BatteryOutcome:
    """What one battery does about one flight, and what that depends on.

    Attributes
    ----------
    shots, required : int
        Shots that it has, and that it needs.
    commit_s : float
        Earliest launch [s]; infinite for never.
    first_s : float or None
        Its first intercept [s].
    margin_s, margin_km : float or None
        Time margin and reach margin; None where there is none.
    """

    shots: int
    required: int
    commit_s: float
    first_s: float | None
    margin_s: float | None
    margin_km: float | None


def explained(
    outcome: BatteryOutcome,
    course: Course,
    tracks: Tracks,
    defence: Defence,
    index: int,
    weapon: Weapon,
    tables: Tables,
    reach: Reach,
) -> tuple[str | None, str]:
    """Return the cause for which a battery misses a flight, None where it does not, and a sentence that says why.

    Parameters
    ----------
    outcome : BatteryOutcome
    course : Course
        The flight, its normals placed.
    tracks : Tracks
        Of the defence's radars, of this flight alone.
    defence : Defence
    index : int
        The battery's place among those of the defence.
    weapon, tables, reach
        Of the battery.
    """
    if outcome.shots >= outcome.required:
        return None, _met(outcome)
    if outcome.shots > 0:
        return "too_few_shots", (
            f"{outcome.shots} of the {outcome.required} shots required: no later intercept has track, time and support"
        )
    alone = replace(defence.batteries[index], reach=0)
    found = obstacles(
        course.row[np.newaxis],
        tracks.intervals,
        defence.latencies,
        defence.timing.row(),
        batteries_of([alone], [reach], len(defence.sensors)),
        _OBSTACLE_STEP,
    )
    cause = OBSTACLES[int(found[0])]
    if cause == "never_seen":
        return cause, _never_seen(tracks, defence, index)
    if cause == "seen_too_late":
        return cause, _too_late(outcome, _launches(course, weapon, tables))
    if cause == "no_support":
        return cause, _no_support(outcome, _launches(course, weapon, tables), tracks, defence, index)
    if cause == "too_low":
        limit = f"below {weapon.altitude_low / KILOMETRE:g} km, its lowest intercept"
        return cause, f"what it could reach of the flight, on whatever track, lies {limit}"
    if cause == "too_high":
        limit = f"above {weapon.altitude_high / KILOMETRE:g} km, its highest intercept"
        return cause, f"what it could reach of the flight, on whatever track, lies {limit}"
    return cause, _out_of_reach(outcome)


def _met(outcome: BatteryOutcome) -> str:
    first = f"first intercept at {outcome.first_s:.0f} s" if outcome.first_s is not None else "met"
    if outcome.margin_s is None:
        return first
    return f"{first}; a release up to {outcome.margin_s:.0f} s later would still do"


def _launches(course: Course, weapon: Weapon, tables: Tables) -> NDArray[np.float64]:
    """Return the launch time of an intercept at each whole second [s], NaN where none is within reach."""
    launches = np.full(math.ceil(course.row[IMPACT_TIME]) + 1, _NO_LAUNCH, dtype=np.int32)
    launch_times(*course, weapon, *tables, launches)
    return np.where(launches == _NO_LAUNCH, np.nan, launches / 1000.0)


def _never_seen(tracks: Tracks, defence: Defence, index: int) -> str:
    battery = defence.batteries[index]
    admitted = range(len(defence.sensors)) if battery.remote_commit else battery.own_radars
    held, kind = _held(tracks, defence, admitted), _kind(defence)
    if not held:
        return f"no {kind} that may commit it ever follows the flight"
    firm = defence.timing.firm_track
    return f"no {kind} that may commit it holds a firm track, {firm:g} s after burnout and start of track; {held}"


def _too_late(outcome: BatteryOutcome, launches: NDArray[np.float64]) -> str:
    last = float(np.nanmax(launches)) if np.isfinite(launches).any() else math.nan
    if not last < outcome.commit_s:
        return f"the earliest launch, at {outcome.commit_s:.0f} s, comes too late"
    return (
        f"the earliest launch, at {outcome.commit_s:.0f} s, comes {outcome.commit_s - last:.0f} s after the last one "
        "that reaches the flight"
    )


def _no_support(
    outcome: BatteryOutcome, launches: NDArray[np.float64], tracks: Tracks, defence: Defence, index: int
) -> str:
    seconds = np.flatnonzero(launches >= outcome.commit_s)
    moment = "the moment of intercept"
    if len(seconds):
        moment += f", {seconds[0]} to {seconds[-1]} s" if len(seconds) > 1 else f", {seconds[0]} s"
    limit = defence.timing.handover_error
    if limit is not None:
        return f"the intercept point is not predicted to within {limit / KILOMETRE:g} km at {moment}"
    battery = defence.batteries[index]
    heard = range(len(defence.sensors)) if battery.remote_commit else battery.own_radars
    others = [s for s in heard if s not in battery.supporters and _follows(tracks, s, seconds)]
    held = [_held(tracks, defence, battery.supporters)]
    held += [f"{_held(tracks, defence, [sensor])}, but supports none of its intercepts" for sensor in others]
    told = f"no {_kind(defence)} that may support it follows the flight at {moment}"
    if any(_follows(tracks, sensor, seconds) for sensor in battery.supporters):
        told = (
            f"no {_kind(defence)} that may support it has followed the flight for the {defence.timing.support:g} s "
            f"(and its report's latency) that support takes at {moment}"
        )
    return "; ".join([told, *filter(None, held)])


def _follows(tracks: Tracks, sensor: int, seconds: NDArray[np.intp]) -> bool:
    """Tell whether a sensor holds the flight at some of the seconds."""
    return any(((on <= seconds) & (seconds <= off)).any() for on, off in tracks.intervals[sensor, 0] if on >= 0.0)


def _kind(defence: Defence) -> str:
    return "sensor" if defence.satellites else "radar"


def _out_of_reach(outcome: BatteryOutcome) -> str:
    told = "no part of the flight after burnout is within reach, on whatever track"
    if outcome.margin_km is None or outcome.margin_km >= 0.0:
        return told
    return f"{told}: it would have to pass {-outcome.margin_km:.0f} km nearer"


def _held(tracks: Tracks, defence: Defence, sensors: Sequence[int]) -> str:
    """Return which of some sensors hold the flight when: ``deveselu holds it from 572 to 642 s``; "" for none."""
    parts = []
    for sensor in sensors:
        spans = [(float(on), float(off)) for on, off in tracks.intervals[sensor, 0] if on >= 0.0]
        if spans:
            parts.append(f"{defence.sensor_names[sensor]} holds it {_spans(spans)}")
    return "; ".join(parts)


def _spans(spans: Sequence[Span]) -> str:
    return " and ".join(f"from {on:.0f} to {off:.0f} s" for on, off in spans)
