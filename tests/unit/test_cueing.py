"""Tracks and cues of a net of sensors against what happens event by event."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.sensing.radar import Radar
from hoplon.sensing.satellite import TrackingSatellite
from hoplon.sensing.track import Tracks, tracks_of

FLIGHTS, SENSORS = 60, 5


def radar_of(rng: np.random.Generator) -> Radar:
    """Return a radar of which cueing alone matters."""
    seen = {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0, "search_ranges": (1.0,), "track_ranges": (1.0,)}
    limits = {"minimum_range": 0.0, "elevation_low": 0.0, "elevation_high": 1.5, "boresights": (), "update": 1.0}
    return Radar(
        **seen,
        **limits,
        sector_halfwidth=None,
        range_sigma=1.0,
        angle_sigma=1.0,
        acquisition=float(rng.integers(5, 40)),
        cued_acquisition=float(rng.integers(1, 5)),
        requires_cue=bool(rng.random() < 0.4),
        tasked=bool(rng.random() < 0.8),
        latency=float(rng.integers(1, 30)),
    )


def covers_of(rng: np.random.Generator, slots: int) -> NDArray[np.int16]:
    """Return cover intervals in order, some of them without search cover, some flights with fewer or none."""
    covers = np.full((FLIGHTS, slots, 3), -1, dtype=np.int16)
    for flight in range(FLIGHTS):
        begin = int(rng.integers(0, 120))
        for slot in range(int(rng.integers(0, slots + 1))):
            end = begin + int(rng.integers(0, 90))
            search = int(rng.integers(begin, end + 1)) if rng.random() < 0.7 else -1
            covers[flight, slot] = begin, end, search if search + 40 <= end else -1
            begin = end + int(rng.integers(2, 60))
    return covers


def earliest(cover: NDArray[np.int16], sensor: Radar | TrackingSatellite, cue: float, kind: int) -> float:
    """Return when a track starts in one interval of cover: by searching alone, or by a cue."""
    first, last, search = (int(value) for value in cover)
    if first < 0:
        return math.inf
    if isinstance(sensor, TrackingSatellite):
        start = max(sensor.track_starts[kind], first)
        return start if start <= last else math.inf
    by_cue = max(first, cue) + sensor.cued_acquisition
    alone = search + sensor.acquisition if search >= 0 and not sensor.requires_cue else math.inf
    return min(alone, by_cue if by_cue <= last else math.inf)


def event_by_event(
    covers: list[NDArray[np.int16]],
    sensors: list[Radar | TrackingSatellite],
    flight: int,
    kind: int,
    alert: float,
) -> tuple[list[list[tuple[float, float]]], list[float]]:
    """Return tracks and cues: the earliest report that is under way arrives next, and may start a track elsewhere."""
    listening = [isinstance(sensor, Radar) and sensor.tasked for sensor in sensors]
    cues = [alert if listens else math.inf for listens in listening]

    def first_track(place: int) -> float:
        return min(earliest(cover, sensors[place], cues[place], kind) for cover in covers[place][flight])

    reports = [(first_track(place) + sensors[place].latency, place) for place in range(len(sensors))]
    heapq.heapify(reports)
    while reports:
        arrival, source = heapq.heappop(reports)
        if not arrival < math.inf or arrival > first_track(source) + sensors[source].latency:
            continue
        for place in range(len(sensors)):
            if place != source and listening[place] and arrival < cues[place]:
                cues[place] = arrival
                heapq.heappush(reports, (first_track(place) + sensors[place].latency, place))
    tracks = []
    for place, sensor in enumerate(sensors):
        begins = [(earliest(cover, sensor, cues[place], kind), float(cover[1])) for cover in covers[place][flight]]
        tracks.append([track for track in begins if track[0] < math.inf])
    return tracks, cues


def found(answer: Tracks, place: int, flight: int) -> list[tuple[float, float]]:
    return [(float(on), float(off)) for on, off in answer.intervals[place, flight] if not math.isnan(on)]


@pytest.mark.parametrize("seed", range(4))
def test_tracks_and_cues_are_those_of_reports_that_arrive_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sensors: list[Radar | TrackingSatellite] = [radar_of(rng) for _ in range(SENSORS)]
    sensors.insert(2, TrackingSatellite((90.0, 130.0), 10.0, 0.0, 4.0, 1.0, 100.0))
    covers = [covers_of(rng, 1 + place % 3) for place in range(len(sensors))]
    classes, alerts = rng.integers(0, 2, FLIGHTS).astype(np.int16), np.array([75.0, math.inf])
    cued = 0
    for networked in (True, False):
        answer = tracks_of(covers, sensors, classes, alerts, networked=networked)
        assert answer.cues.shape == (len(sensors), FLIGHTS)
        for flight, kind in enumerate(classes):
            if networked:
                tracks, cues = event_by_event(covers, sensors, flight, int(kind), float(alerts[kind]))
            else:
                cues = [math.inf] * len(sensors)
                tracks = [
                    [
                        (start, float(cover[1]))
                        for cover in covers[place][flight]
                        if (start := earliest(cover, sensor, math.inf, int(kind))) < math.inf
                    ]
                    for place, sensor in enumerate(sensors)
                ]
            assert answer.cues[:, flight].tolist() == cues
            cued += sum(cue < math.inf and cue != alerts[kind] for cue in cues)
            for place in range(len(sensors)):
                assert found(answer, place, flight) == tracks[place]
    assert cued > FLIGHTS
