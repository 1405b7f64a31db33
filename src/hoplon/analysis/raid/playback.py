"""One replication of a raid told again from its log of events: who knew what when, who fired, what leaked."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.placed.lines import flight_line
from hoplon.analysis.placed.sites import element_layer
from hoplon.analysis.raid.paths import interceptor_track, path_over_ground, sample_times, threat_track
from hoplon.analysis.raid.setup import MOST_REPLICATIONS, aim_titles, event_log
from hoplon.analysis.records import Answer, FeatureLayer, PlacedRow, Row, provenance_of
from hoplon.backbone import messages as on
from hoplon.backbone.layout import ELEMENTS, FIRST_BATTERY, FIRST_NODE, FIRST_RADAR, FIRST_SATELLITE, THREATS
from hoplon.errors import InputError
from hoplon.flight.arc import IMPACT_TIME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hoplon.analysis.raid.setup import RaidSetup

SHOT_OUTCOMES: Final = ("missed", "killed", "nothing left to hit", "lost its track")
_REFUSALS: Final = {on.EMPTY: "no interceptor left", on.INFEASIBLE: "cannot reach it in time", on.BUSY: "busy with it"}
_ASSESSED: Final = {
    on.NO_ASSESSMENT: "no radar sees the place",
    on.BELIEVED_ALIVE: "believed alive",
    on.BELIEVED_KILLED: "believed killed",
}
_FAILURES: Final = {
    on.FAIL: "lost",
    on.REPAIR: "works again",
    on.CUT: "its link is lost",
    on.MENDED: "its link works again",
}
_COMMAND: Final = {on.FALLBACK: "falls back to its own radars", on.HEARD: "hears its node again"}
STAGES: Final = ("alert", "track", "firm", "assigned", "order", "launch", "intercept", "assessment", "leak")


@dataclass(frozen=True)
class Moment:
    """Something that an element did or came to know about a threat.

    Attributes
    ----------
    time_s : float
        After the first launch of the raid.
    stage : str
        One of :data:`STAGES`, or "launched", "lost", "mistaken" and "refused".
    who, text : str
    """

    time_s: float
    stage: str
    who: str
    text: str


@dataclass(frozen=True)
class Held:
    """A radar's track of a threat, from when to when [s after the first launch]."""

    radar: str
    begins_s: float
    ends_s: float


@dataclass(frozen=True)
class Shot:
    """An interceptor: battery, launch and intercept [s after the first launch], and what came of it."""

    battery: str
    launch_s: float
    intercept_s: float
    outcome: str


@dataclass(frozen=True)
class ThreatStory:
    """What happened to one threat.

    Attributes
    ----------
    number : int
    name, aim : str
    launched_s, ends_s : float
        Ignition; the kill or the impact [s after the first launch].
    leaked : bool
    moments : tuple of Moment
        In order of time.
    tracks : tuple of Held
    shots : tuple of Shot
    """

    number: int
    name: str
    aim: str
    launched_s: float
    ends_s: float
    leaked: bool
    moments: tuple[Moment, ...]
    tracks: tuple[Held, ...]
    shots: tuple[Shot, ...]

    def first(self, stage: str) -> Moment | None:
        """Return the first moment of a stage, or None if it never came."""
        return next((moment for moment in self.moments if moment.stage == stage), None)


@dataclass(frozen=True)
class Playback:
    """One replication.

    Attributes
    ----------
    architecture, raid, c2 : str
    seed, replication : int
    threats : tuple of ThreatStory
    lost : tuple of Moment
        Elements lost and repaired.
    events : int
    threats_of_raid : int
        Missiles of the raid, those included that do not fly.
    refused : tuple of str
        Groups of the raid that do not fly, with the reason.
    """

    architecture: str
    raid: str
    c2: str
    seed: int
    replication: int
    threats: tuple[ThreatStory, ...]
    lost: tuple[Moment, ...]
    events: int
    threats_of_raid: int
    refused: tuple[str, ...]

    @property
    def leakers(self) -> int:
        """Return how many threats leaked."""
        return sum(threat.leaked for threat in self.threats)

    @property
    def shots(self) -> int:
        """Return how many interceptors were launched."""
        return sum(len(threat.shots) for threat in self.threats)

    @property
    def ends_s(self) -> float:
        """Return when the last threat is killed or falls [s]."""
        return max((threat.ends_s for threat in self.threats), default=0.0)


@dataclass(frozen=True, repr=False)
class PlayedRaid(Answer):
    """One replication of a raid, played back.

    Attributes
    ----------
    played : Playback
    refused, notes : tuple of str
        Missiles that do not fly, and what plays no part.
    path : Path or None
        The file that it was written to.
    setup : RaidSetup or None
        What was played, for files.
    """

    played: Playback
    refused: tuple[str, ...]
    notes: tuple[str, ...]
    path: Path | None
    setup: RaidSetup | None = field(default=None, repr=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        played = self.played
        return {
            "architecture": played.architecture,
            "raid": played.raid,
            "c2": played.c2,
            "replication": played.replication,
            "threats": len(played.threats),
            "threats_of_raid": played.threats_of_raid,
            "leakers": played.leakers,
            "shots": played.shots,
            "events": played.events,
            "refused": list(self.refused),
            "notes": list(self.notes),
            "path": None if self.path is None else str(self.path),
        }

    def line(self) -> str:
        """Return threats, leakers and shots in one line."""
        played = self.played
        flown = f"{len(played.threats)}{f' of {played.threats_of_raid}' if self.refused else ''} threats"
        return f"{flown}, {played.leakers} leaked, {played.shots} interceptors launched"

    def rows(self) -> list[Row]:
        """Return a row for each threat."""
        return [
            {
                "threat": threat.name,
                "aim": threat.aim,
                "launched_s": threat.launched_s,
                "ends_s": threat.ends_s,
                "leaked": threat.leaked,
                "tracks": len(threat.tracks),
                "shots": len(threat.shots),
            }
            for threat in self.played.threats
        ]

    def provenance(self) -> dict[str, Any]:
        """Return version, scenario, digest, seed and replication."""
        if self.setup is None:
            return super().provenance()
        made = provenance_of(self.setup.source.scenario.name, self.setup.source.scenario.sha256, self.played.seed)
        return {**made, "replication": self.played.replication}

    def placed_rows(self) -> list[PlacedRow]:
        """Return the path of each threat with its row; its altitudes are those of the simulation."""
        return list(self._threats().rows)

    def layers(self) -> tuple[FeatureLayer, ...]:
        """Return the paths of the threats, those drawn of the interceptors, and the elements that take part."""
        setup = self._played_setup()
        elements = setup.source.architecture.elements
        taking_part = {name: elements[name] for name in setup.elements if name in elements}
        return (self._threats(), self._interceptors(), element_layer(taking_part))

    def _played_setup(self) -> RaidSetup:
        if self.setup is None:
            raise InputError("only what hoplon.play returns can be written; this answer does not know its raid")
        return self.setup

    def _threats(self) -> FeatureLayer:
        setup = self._played_setup()
        paths = []
        for threat in self.played.threats:
            times = sample_times(threat.launched_s, threat.ends_s)
            paths.append(path_over_ground(times, threat_track(setup, threat.number, times)))
        rows = [(flight_line(path), row) for path, row in zip(paths, self.rows(), strict=True)]
        return FeatureLayer("threats", self.line(), rows, paths=tuple(paths))

    def _interceptors(self) -> FeatureLayer:
        setup = self._played_setup()
        elements = setup.source.architecture.elements
        rows: list[PlacedRow] = []
        paths = []
        for threat in self.played.threats:
            for shot in threat.shots:
                place = elements[shot.battery].at
                if place is None:
                    continue
                times = sample_times(shot.launch_s, shot.intercept_s)
                meets = threat_track(setup, threat.number, np.array([shot.intercept_s]))[0]
                path = path_over_ground(times, interceptor_track(place, meets, shot.launch_s, shot.intercept_s, times))
                row = {
                    "battery": shot.battery,
                    "threat": threat.name,
                    "launch_s": shot.launch_s,
                    "intercept_s": shot.intercept_s,
                    "outcome": shot.outcome,
                }
                paths.append(path)
                rows.append((flight_line(path), row))
        title = "Interceptors: their paths are drawn from launch to intercept, not flown"
        return FeatureLayer("interceptors", title, rows, paths=tuple(paths))


def play(setup: RaidSetup, seed: int, replication: int = 0) -> Playback:
    """Run one replication and tell it.

    Raises
    ------
    InputError
        If no missile of the raid reaches its aim, or the seed or the number of the replication is out of range.
    """
    if not setup.flights.missiles:
        raise InputError(f"raid {setup.raid}: no missile reaches its aim: {'; '.join(setup.flights.refused)}")
    if not 0 <= seed < 1 << 63:
        raise InputError(f"a seed from 0 to 2^63 - 1 was expected, got {seed}")
    if not 0 <= replication < MOST_REPLICATIONS:
        raise InputError(f"a replication from 0 to {MOST_REPLICATIONS - 1:,} was expected, got {replication}")
    return told(setup, event_log(setup, seed, replication), seed, replication)


def told(setup: RaidSetup, log: NDArray[np.int64], seed: int, replication: int) -> Playback:
    """Tell a log of events."""
    names, fixed = setup.names, setup.model.fixed
    teller = _Teller(names, fixed)
    for event in log:
        teller.take(event)
    stories = []
    titles = aim_titles(setup.source.raid)
    for number, missile in enumerate(setup.flights.missiles):
        impact = missile.ignition + float(setup.flights.elements[missile.flight, IMPACT_TIME])
        stories.append(teller.story(number, titles[missile.aim_deg], missile.ignition, impact))
    return Playback(
        setup.architecture,
        setup.raid,
        setup.c2,
        seed,
        replication,
        tuple(stories),
        tuple(teller.lost),
        len(log),
        setup.threats_of_raid,
        setup.flights.refused,
    )


class _Teller:
    """What the events of a log come to, threat by threat."""

    def __init__(self, names: Sequence[str], fixed: NDArray[np.int64]) -> None:
        self.names, self.fixed, self.threats = names, fixed, int(fixed[THREATS])
        self.moments: dict[int, list[Moment]] = {}
        self.tracks: dict[int, list[Held]] = {}
        self.open: dict[tuple[int, int], float] = {}  # (threat, radar) to the beginning of a track
        self.shots: dict[int, list[Shot]] = {}
        self.flying: dict[tuple[int, int], list[tuple[float, float]]] = {}
        self.ends: dict[int, tuple[float, bool]] = {}
        self.lost: list[Moment] = []
        self.known: set[tuple[int, int, int]] = set()

    def take(self, event: NDArray[np.int64]) -> None:
        """Take one event in."""
        time, destination, kind = event[on.TIME] / on.SECOND_US, int(event[on.DESTINATION]), int(event[on.KIND])
        if event[on.OUTCOME] == on.UNHEARD:
            return
        if kind in _FAILURES:
            self.lost.append(Moment(time, "lost", self.names[destination], _FAILURES[kind]))
        if kind in (on.FAIL, on.REPAIR):
            for threat, radar in [key for key in self.open if key[1] == destination]:
                self._close(threat, radar, time)
        elif destination < self.fixed[FIRST_RADAR]:
            self._threat(event, time)
        elif destination < self.fixed[FIRST_SATELLITE]:
            self._radar(event, time, destination)
        elif self.fixed[FIRST_NODE] <= destination < self.fixed[FIRST_BATTERY]:
            self._node(event, time, destination)
        elif self.fixed[FIRST_BATTERY] <= destination < self.fixed[ELEMENTS]:
            self._battery(event, time, destination)

    def _say(self, threat: int, time: float, stage: str, who: int, text: str) -> None:
        self.moments.setdefault(threat, []).append(Moment(time, stage, self.names[who], text))

    def _threat(self, event: NDArray[np.int64], time: float) -> None:
        threat = int(event[on.THREAT])
        if event[on.KIND] == on.IMPACT and event[on.OUTCOME] == on.LEAKED:
            self.ends[threat] = time, True
            self._say(threat, time, "leak", threat, "reaches its aim")
        elif event[on.KIND] == on.INTERCEPT:
            battery, outcome = int(self.fixed[FIRST_BATTERY] + event[on.FIRST]), SHOT_OUTCOMES[int(event[on.OUTCOME])]
            waiting = self.flying.get((threat, battery), [])
            launch, meets = min(waiting, key=lambda shot: abs(shot[1] - time), default=(math.nan, time))
            if waiting:
                waiting.remove((launch, meets))
            self.shots.setdefault(threat, []).append(Shot(self.names[battery], launch, meets, outcome))
            self._say(threat, time, "intercept", battery, outcome)
            if event[on.OUTCOME] == on.KILLED:
                self.ends[threat] = time, False

    def _radar(self, event: NDArray[np.int64], time: float, radar: int) -> None:
        threat, kind = int(event[on.THREAT]), event[on.KIND]
        if kind == on.CONFIRM and event[on.OUTCOME] == 1:
            self.open[threat, radar] = time
            self._say(threat, time, "track", radar, "holds a track")
        elif kind in (on.EXIT, on.GONE) and (threat, radar) in self.open:
            self._close(threat, radar, time)

    def _close(self, threat: int, radar: int, time: float) -> None:
        self.tracks.setdefault(threat, []).append(Held(self.names[radar], self.open.pop((threat, radar)), time))

    def _node(self, event: NDArray[np.int64], time: float, node: int) -> None:
        kind, outcome = int(event[on.KIND]), int(event[on.OUTCOME])
        threat = int(event[on.THREAT]) % self.threats if event[on.THREAT] >= 0 else -1
        if threat < 0:
            if kind in _COMMAND and outcome == 1:
                self.lost.append(Moment(time, "lost", self.names[node], _COMMAND[kind]))
            return
        first = (threat, node, kind) not in self.known
        if kind == on.ALERT and first:
            self._say(threat, time, "alert", node, f"alert from {self.names[int(event[on.SOURCE])]}")
        elif kind == on.TRACK_ON and first and int(event[on.SOURCE]) >= self.fixed[FIRST_RADAR]:
            radar = self.names[int(self.fixed[FIRST_RADAR] + event[on.FIRST])]
            self._say(threat, time, "told", node, f"first told of a track, by {radar}")
        elif kind == on.MISTAKEN:
            radar = self.names[int(self.fixed[FIRST_RADAR] + event[on.FIRST])]
            self._say(threat, time, "mistaken", node, f"takes the track of {radar} for another object's")
        elif kind == on.FIRM and outcome == 1:
            self._say(threat, time, "firm", node, "track firm: begins to decide")
        elif kind == on.ASSESS and outcome:
            self._say(threat, time, "assessment", node, _ASSESSED[outcome])
        elif kind in (on.DECIDE, on.TIMEOUT, on.REFUSED, on.RELEASE, on.TRACK_ON) and outcome > 0:
            battery = self.names[int(self.fixed[FIRST_BATTERY]) + outcome - 1]
            self._say(threat, time, "assigned", node, f"assigned to {battery}")
        elif kind in (on.DECIDE, on.REFUSED) and outcome == on.UNASSIGNED:
            self._say(threat, time, "refused", node, "no battery has a shot")
        self.known.add((threat, node, kind))

    def _battery(self, event: NDArray[np.int64], time: float, battery: int) -> None:
        kind, outcome = event[on.KIND], int(event[on.OUTCOME])
        threat = int(event[on.THREAT]) % self.threats
        if kind == on.ORDER and outcome >= 0:
            slack = outcome / on.SECOND_US
            self._say(threat, time, "order", battery, f"ordered to engage, {slack:.0f} s before its latest launch")
        elif kind == on.ORDER:
            self._say(threat, time, "refused", battery, f"refuses: {_REFUSALS[-outcome]}")
        elif kind == on.LAUNCH and outcome == on.LAUNCHED:
            meets = event[on.FIRST] / on.SECOND_US
            self.flying.setdefault((threat, battery), []).append((time, float(meets)))
            self._say(threat, time, "launch", battery, f"launches, to meet it at {meets:.0f} s")

    def story(self, number: int, aim: str, ignition: float, impact: float) -> ThreatStory:
        """Return what happened to a threat."""
        ends, leaked = self.ends.get(number, (impact, True))
        for threat, radar in [key for key in self.open if key[0] == number]:
            self._close(threat, radar, max(ends, self.open[threat, radar]))
        launched = Moment(ignition, "launched", self.names[number], "launched")
        moments = sorted((launched, *self.moments.get(number, ())), key=lambda moment: moment.time_s)
        tracks = sorted(self.tracks.get(number, ()), key=lambda track: (track.begins_s, track.radar))
        shots = sorted(self.shots.get(number, ()), key=lambda shot: shot.launch_s)
        return ThreatStory(
            number, self.names[number], aim, ignition, ends, leaked, tuple(moments), tuple(tracks), tuple(shots)
        )
