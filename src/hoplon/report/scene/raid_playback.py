"""A raid that was played, as a map with a clock draws it: paths, tracks, shots, messages on links, losses, events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.raid.links import UNIT
from hoplon.analysis.raid.paths import interceptor_track, path_over_ground, sample_times, threat_track
from hoplon.analysis.raid.playback import SHOT_OUTCOMES, STAGES
from hoplon.analysis.raid.setup import event_log
from hoplon.backbone import messages as on
from hoplon.backbone.layout import ELEMENTS, FIRST_RADAR
from hoplon.errors import InputError
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hoplon.analysis.raid.playback import Moment, PlayedRaid, Shot, ThreatStory
    from hoplon.analysis.raid.setup import RaidSetup

_SENT: Final = (
    on.CUE,
    on.ALERT,
    on.TRACK_ON,
    on.TRACK_OFF,
    on.UPDATE,
    on.ORDER,
    on.ACCEPTED,
    on.REFUSED,
    on.SUPPORT,
    on.CLAIM,
    on.RELEASE,
    on.REPORT_TO,
)
"""Kinds of event that are messages from one element to another."""
_ENDS: Final = {on.FAIL: (on.REPAIR, "lost"), on.CUT: (on.MENDED, "link")}
_DECIMALS: Final = 4  # of degrees: about ten metres


def playback_document(played: PlayedRaid) -> dict[str, Any]:
    """Return a raid that was played as plain data; times are seconds after its first launch.

    A path is columns of time [s], latitude, longitude [deg] and altitude [km]. Threats fly as the simulation has them,
    interceptors as they are drawn. ``messages`` are columns too, with the numbers of ``names`` and ``kinds``; when a
    message was sent is drawn: one mean hop of the network before it was heard.

    Raises
    ------
    InputError
        If the raid is not one that :func:`hoplon.play` returned.
    """
    setup, story = played.setup, played.played
    if setup is None:
        raise InputError("only what hoplon.play returns can be shown; this answer does not know its raid")
    log = event_log(setup, story.seed, story.replication)
    placed = {name: element for name, element in setup.source.architecture.elements.items() if element.at is not None}
    return {
        **{key: getattr(story, key) for key in ("architecture", "raid", "c2", "seed", "replication")},
        "line": played.line(),
        "leakers": story.leakers,
        "shots": story.shots,
        "begins_s": 0.0,
        "ends_s": story.ends_s,
        "refused": list(played.refused),
        "notes": list(played.notes),
        "stages": list(STAGES),
        "outcomes": list(SHOT_OUTCOMES),
        "threats": [_threat(setup, threat) for threat in story.threats],
        "elements": [
            {
                "name": name,
                "title": element.title or name,
                "form": element.form,
                "lat": element.at.latitude_deg,
                "lon": element.at.longitude_deg,
                "altitude_m": float(element.at.altitude_m),
                "plays": name in setup.elements,
            }
            for name, element in placed.items()
            if element.at is not None
        ],
        "losses": _losses(setup, log),
        "messages": _messages(setup, log, placed),
        "events": _events(story.threats, story.lost),
    }


def _threat(setup: RaidSetup, threat: ThreatStory) -> dict[str, Any]:
    missile = setup.flights.missiles[threat.number]
    times = sample_times(threat.launched_s, threat.ends_s)
    return {
        "number": threat.number,
        "name": threat.name,
        "threat": missile.threat,
        "area": missile.area,
        "aim": threat.aim,
        "aim_deg": [float(degrees) for degrees in missile.aim_deg],
        "launched_s": threat.launched_s,
        "ends_s": threat.ends_s,
        "leaked": threat.leaked,
        "path": _path(times, threat_track(setup, threat.number, times)),
        "tracks": [dict(vars(track)) for track in threat.tracks],
        "shots": [_shot(setup, threat.number, shot) for shot in threat.shots],
    }


def _shot(setup: RaidSetup, number: int, shot: Shot) -> dict[str, Any]:
    place = setup.source.architecture.elements[shot.battery].at
    path = None
    if place is not None:
        times = sample_times(shot.launch_s, shot.intercept_s)
        meets = threat_track(setup, number, np.array([shot.intercept_s]))[0]
        path = _path(times, interceptor_track(place, meets, shot.launch_s, shot.intercept_s, times))
    return {**vars(shot), "path": path}


def _path(times: NDArray[np.float64], positions: NDArray[np.float64]) -> dict[str, list[float]]:
    path = path_over_ground(times, positions)
    return {
        "time_s": path[:, 0].round(2).tolist(),
        "lat": path[:, 1].round(_DECIMALS).tolist(),
        "lon": path[:, 2].round(_DECIMALS).tolist(),
        "altitude_km": (path[:, 3] / KILOMETRE).round(3).tolist(),
    }


def _losses(setup: RaidSetup, log: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Return which element, or its link, was lost from when to when; without an end where it was not mended."""
    found: list[dict[str, Any]] = []
    for event in log:
        kind, element = int(event[on.KIND]), setup.names[int(event[on.DESTINATION])]
        time = int(event[on.TIME]) / on.SECOND_US
        if kind in _ENDS:
            found.append({"element": element, "what": _ENDS[kind][1], "begins_s": time, "ends_s": None})
        for ends, what in _ENDS.values():
            if kind == ends:
                for loss in found:
                    if loss["element"] == element and loss["what"] == what and loss["ends_s"] is None:
                        loss["ends_s"] = time
    return found


def _messages(setup: RaidSetup, log: NDArray[np.int64], placed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the messages between elements that have places; what passes within one place is left out."""
    fixed = setup.model.fixed
    first, last = int(fixed[FIRST_RADAR]), int(fixed[ELEMENTS])
    stands = {number: name.removesuffix(UNIT) for number, name in enumerate(setup.names)}
    names = list(placed)
    rows = []
    for event in log:
        source, heard = int(event[on.SOURCE]), int(event[on.DESTINATION])
        if not (first <= source < last and first <= heard < last) or int(event[on.KIND]) not in _SENT:
            continue
        ends = stands[source], stands[heard]
        if ends[0] != ends[1] and ends[0] in placed and ends[1] in placed:
            rows.append((ends, event))
    hops = _hops(setup)
    heard_s = [int(event[on.TIME]) / on.SECOND_US for _, event in rows]
    threats = [int(event[on.THREAT]) for _, event in rows]
    many = len(setup.flights.missiles)
    return {
        "names": names,
        "kinds": [on.KIND_NAMES[kind] for kind in _SENT],
        "from": [names.index(ends[0]) for ends, _ in rows],
        "to": [names.index(ends[1]) for ends, _ in rows],
        "kind": [_SENT.index(int(event[on.KIND])) for _, event in rows],
        "threat": [number % many if number >= 0 else None for number in threats],
        "sent_s": [
            max(0.0, round(time - hops.get(ends[0], hops[""]), 3))
            for time, (ends, _) in zip(heard_s, rows, strict=True)
        ],
        "heard_s": heard_s,
        "lost": [int(event[on.OUTCOME]) == on.UNHEARD for _, event in rows],
    }


def _hops(setup: RaidSetup) -> dict[str, float]:
    """Return the mean time of a hop from each sensor [s], and of any other element under no name."""
    share = setup.conditions.hop_share
    found = {"": setup.inputs.latency * share}
    latencies = [one.latency for one in setup.inputs.radars] + [one.latency for one in setup.inputs.satellites]
    for name, latency in zip(setup.elements, latencies, strict=False):
        found[name] = latency * share
    return found


def _events(threats: tuple[ThreatStory, ...], lost: tuple[Moment, ...]) -> list[dict[str, Any]]:
    found = [{**vars(moment), "threat": None} for moment in lost]
    found += [{**vars(moment), "threat": threat.number} for threat in threats for moment in threat.moments]
    return sorted(found, key=lambda event: event["time_s"])
