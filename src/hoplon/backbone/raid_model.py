"""A raid against an architecture, laid out in the arrays that the handlers read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone import layout as at
from hoplon.backbone.doctrine import Conditions, RaidDoctrine
from hoplon.backbone.draws import CERTAIN, exponential_table, threshold_of
from hoplon.backbone.kernel import MOST_ELEMENTS
from hoplon.backbone.messages import BURNING, ENTER, EVENT_COLUMNS, IMPACT, NEVER, SECOND_US
from hoplon.backbone.wiring import Wiring, wiring_of
from hoplon.errors import InputError

MOST_BATTERIES: Final = 62  # a node marks excluded batteries in the bits of one number
_SECOND_NUMBER: Final = 1 << 40  # beyond every threat's key
FAILURE_COLUMNS: Final = 9
(
    FAILURE_ELEMENT,
    FAILURE_TIME,
    FAILURE_REPAIR,
    FAILURE_CHANCE,
    FAILURE_KEY,
    FAILURE_SUCCESSOR,
    FAILURE_SWITCH,
    FAILURE_SPAN,
    FAILURE_LINK,
) = range(FAILURE_COLUMNS)


@dataclass(frozen=True)
class ThreatEntry:
    """A missile of a raid: its key for draws, ignition [s], flight, and burnout and impact after ignition [s]."""

    key: int
    ignition: float
    flight: int
    burnout: float
    impact: float


@dataclass(frozen=True)
class RadarEntry:
    """A radar: times in seconds; ``latency`` of its reports in all; ``capacity`` 0 for no limit; ``home`` its node.

    ``link``, as in the entries below, is the chance that a message passes the element's own link. ``supports`` tells
    whether its track supports intercepts. A tracking satellite is one too: ``after_burnout`` is its wait for a track,
    ``seen`` when it warns of each threat [s after ignition], or None; empty where it does not warn.
    """

    key: int
    update: float
    acquisition: float
    cued_acquisition: float
    capacity: int
    requires_cue: bool
    tasked: bool
    latency: float
    home: int = 0
    availability: float = 1.0
    link: float = 1.0
    supports: bool = True
    after_burnout: float | None = None
    seen: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class SatelliteEntry:
    """An infrared satellite that warns and does not track: latency of its alerts [s].

    ``seen`` tells when it has seen each threat [s after ignition], or None.
    """

    key: int
    latency: float
    seen: tuple[float | None, ...]
    availability: float = 1.0
    link: float = 1.0


@dataclass(frozen=True)
class NodeEntry:
    """A node: ``role`` hub, alternate, regional or unit, ``battery`` the unit's."""

    key: int
    role: str
    battery: int = -1
    availability: float = 1.0
    link: float = 1.0


@dataclass(frozen=True)
class BatteryEntry:
    """A battery: magazine, launch interval [s], home node, own radars."""

    key: int
    count: int
    launch_interval: float
    own_radars: tuple[int, ...]
    home: int = 0
    availability: float = 1.0
    link: float = 1.0


@dataclass(frozen=True)
class Loss:
    """An element (its number in the raid model) lost at a time, and repaired at another [s]; None for never.

    With ``until`` it is lost at a moment drawn evenly between ``time`` and then, another one each replication. With
    ``link`` the element works on, and its link alone is lost.
    """

    element: int
    time: float
    repair: float | None = None
    until: float | None = None
    link: bool = False


@dataclass(frozen=True)
class RaidModel:
    """Everything that a replication reads; built by :func:`build_raid_model`."""

    fixed: NDArray[np.int64]
    looks: NDArray[np.int32]
    launches: NDArray[np.int32]
    schedule: NDArray[np.int64]
    failures: NDArray[np.int64]
    state: NDArray[np.int64]
    threats: int
    batteries: int
    magazine: int
    every_look: bool

    def first(self, form: int) -> int:
        """Return the number of the first element of a form: FIRST_RADAR and so on."""
        return int(self.fixed[form])


@dataclass(frozen=True)
class RaidInputs:
    """What a raid model is built from.

    Attributes
    ----------
    cover : ndarray, shape (radars, flights, slots, 3)
        Cover intervals [s].
    looks : ndarray, shape (radars, flights, 2, seconds)
        Thresholds of 30 bits that a look sees, in search and cued.
    launches : ndarray, shape (flights, batteries, 3, seconds)
        As :func:`hoplon.backbone.assignment.earliest_intercept` takes them.
    kill : ndarray, shape (batteries, flights)
        Single-shot kill probabilities.
    """

    threats: Sequence[ThreatEntry]
    radars: Sequence[RadarEntry]
    satellites: Sequence[SatelliteEntry]
    nodes: Sequence[NodeEntry]
    batteries: Sequence[BatteryEntry]
    cover: NDArray[np.int64]
    looks: NDArray[np.int32]
    launches: NDArray[np.int32]
    kill: NDArray[np.float64]
    form: int
    doctrine: RaidDoctrine
    conditions: Conditions
    latency: float


def microseconds(seconds: float) -> int:
    """Return seconds in whole microseconds."""
    return round(seconds * SECOND_US)


def build_raid_model(inputs: RaidInputs, losses: Sequence[Loss] = ()) -> RaidModel:
    """Lay a raid out.

    Parameters
    ----------
    inputs : RaidInputs
    losses : sequence of Loss
        What fails when.

    Raises
    ------
    InputError
        If there are more batteries or elements than the numbering holds.
    """
    if len(inputs.batteries) > MOST_BATTERIES:
        raise InputError(f"{len(inputs.batteries)} batteries; a raid takes no more than {MOST_BATTERIES}: merge some")
    if len(inputs.radars) > MOST_BATTERIES or len(inputs.nodes) > MOST_BATTERIES:
        raise InputError(f"more than {MOST_BATTERIES} radars or nodes in one raid: leave some out")
    wiring = wiring_of(
        inputs.form,
        [node.role for node in inputs.nodes],
        [node.battery for node in inputs.nodes],
        [radar.home for radar in inputs.radars],
        [battery.home for battery in inputs.batteries],
        [battery.own_radars for battery in inputs.batteries],
    )
    fixed = _fixed(inputs, wiring)
    if fixed[at.ELEMENTS] >= MOST_ELEMENTS:
        raise InputError(f"{fixed[at.ELEMENTS]} elements and threats; a raid takes fewer than {MOST_ELEMENTS}")
    return RaidModel(
        fixed=fixed,
        looks=np.ascontiguousarray(inputs.looks, dtype=np.int32),
        launches=np.ascontiguousarray(inputs.launches, dtype=np.int32),
        schedule=_schedule(inputs, fixed),
        failures=_failures(inputs, wiring, fixed, losses),
        state=_state(inputs, wiring, fixed),
        threats=len(inputs.threats),
        batteries=len(inputs.batteries),
        magazine=sum(battery.count for battery in inputs.batteries),
        every_look=inputs.conditions.every_look,
    )


def _fixed(inputs: RaidInputs, wiring: Wiring) -> NDArray[np.int64]:
    conditions, hop = inputs.conditions, inputs.latency * inputs.conditions.hop_share
    groups = (inputs.threats, inputs.radars, inputs.satellites, inputs.nodes, inputs.batteries)
    counts = [len(group) for group in groups]
    head = np.zeros(at.HEAD, dtype=np.int64)
    head[at.THREATS : at.BATTERIES + 1] = counts
    head[at.FLIGHTS], head[at.SLOTS] = inputs.cover.shape[1:3]
    head[at.SECONDS] = inputs.launches.shape[3]
    head[at.FIRST_RADAR : at.ELEMENTS + 1] = np.cumsum(counts)
    head[at.FORM], head[at.REMOTE_SUPPORT] = inputs.form, inputs.doctrine.remote_support
    head[at.NETWORKED] = inputs.form != at.ORGANIC or conditions.early_warning
    head[at.LOOKS], head[at.SALVO] = inputs.doctrine.look, inputs.doctrine.salvo
    doctrine = inputs.doctrine
    head[at.FIRM_TIME : at.ASSESSMENT + 1] = [
        microseconds(time)
        for time in (
            doctrine.firm_track,
            doctrine.decision,
            doctrine.reaction,
            doctrine.support,
            doctrine.handover,
            doctrine.kill_assessment,
        )
    ]
    head[at.HOP], head[at.HOP_SPREAD] = _hop(hop, conditions)
    head[at.RETRY], head[at.LINK_CHANCE] = microseconds(conditions.repeat), threshold_of(conditions.link_availability)
    rate = conditions.reports_per_second
    head[at.REPORT_GAP] = 0 if rate is None else microseconds(1.0 / rate)
    head[at.STALE] = microseconds(conditions.stale)
    head[at.ANSWER_TIME] = microseconds(conditions.answer + 6.0 * hop)
    head[at.FALSE_KILL], head[at.FALSE_SURVIVAL], head[at.COMMON_THREAT], head[at.COMMON_RAID] = (
        threshold_of(chance)
        for chance in (
            conditions.false_kill,
            conditions.false_survival,
            conditions.common_threat,
            conditions.common_raid,
        )
    )
    head[at.EVERY_LOOK] = conditions.every_look
    head[at.TRACKS] = _tracks(inputs)
    head[at.WRONG_ASSOCIATION] = threshold_of(conditions.wrong_association)
    head[at.COMMANDS] = sum(node.role != "unit" for node in inputs.nodes) if _falls_back(inputs) else len(inputs.nodes)
    head[at.FALLBACK_TIME] = microseconds(conditions.fallback or 0.0) if _falls_back(inputs) else NEVER
    head[at.LOSSY] = min(conditions.link_availability, *(entry.link for entry in _entries(inputs)), 1.0) < 1.0
    return _with_tables(head, _tables(inputs, wiring))


def _tracks(inputs: RaidInputs) -> int:
    """Return how many track numbers there are: a second one a threat where association may err."""
    return len(inputs.threats) * (2 if inputs.conditions.wrong_association > 0.0 else 1)


def _numbered(inputs: RaidInputs) -> list[ThreatEntry]:
    """Return the threat of every track number; a second number has draws of its own."""
    second = [replace(threat, key=threat.key + _SECOND_NUMBER) for threat in inputs.threats]
    return [*inputs.threats, *second][: _tracks(inputs)]


def _falls_back(inputs: RaidInputs) -> bool:
    """Tell whether there are units that wait for the silence of a node."""
    return inputs.form not in (at.ORGANIC, at.MESH) and any(node.role == "unit" for node in inputs.nodes)


def _with_tables(head: NDArray[np.int64], tables: dict[int, NDArray[np.int64]]) -> NDArray[np.int64]:
    offset = at.HEAD
    for column, table in tables.items():
        head[column] = offset
        offset += table.size
    return np.concatenate([head, *(table.ravel() for table in tables.values())]).astype(np.int64)


def _tables(inputs: RaidInputs, wiring: Wiring) -> dict[int, NDArray[np.int64]]:
    own = np.zeros((len(inputs.batteries), len(inputs.radars)), dtype=np.int64)
    for row, battery in zip(own, inputs.batteries, strict=True):
        row[list(battery.own_radars)] = 1
    kill = np.array([[threshold_of(chance) for chance in row] for row in inputs.kill], dtype=np.int64).ravel()
    return {
        at.AT_STATE: _offsets(inputs),
        at.AT_THREATS: np.array(
            [
                (t.key, microseconds(t.ignition), t.flight, microseconds(t.burnout), microseconds(t.impact))
                for t in _numbered(inputs)
            ],
            dtype=np.int64,
        ),
        at.AT_RADARS: np.array([_radar(radar, inputs.conditions) for radar in inputs.radars], dtype=np.int64),
        at.AT_SATELLITES: np.array(
            [(s.key, *_hop(s.latency * inputs.conditions.hop_share, inputs.conditions)) for s in inputs.satellites],
            dtype=np.int64,
        ),
        at.AT_NODES: np.array(
            [(node.key, 0, successor) for node, successor in zip(inputs.nodes, wiring.successors, strict=True)],
            dtype=np.int64,
        ),
        at.AT_BATTERIES: np.array(
            [(b.key, b.count, microseconds(b.launch_interval), b.home) for b in inputs.batteries], dtype=np.int64
        ),
        at.AT_COVER: np.ascontiguousarray(inputs.cover, dtype=np.int64),
        at.AT_OWN: own,
        at.AT_HEARS: wiring.hears,
        at.AT_SCOPE: wiring.scope,
        at.AT_LISTENS: wiring.listens,
        at.AT_KILL: kill,
        at.AT_ELEMENTS: np.array(
            [(threat.key, CERTAIN) for threat in inputs.threats]
            + [(entry.key, threshold_of(entry.link)) for entry in _entries(inputs)],
            dtype=np.int64,
        ),
        at.AT_EXPONENTIAL: exponential_table(),
    }


def _entries(inputs: RaidInputs) -> list[RadarEntry | SatelliteEntry | NodeEntry | BatteryEntry]:
    """Return what has a link, in the order of the elements."""
    return [*inputs.radars, *inputs.satellites, *inputs.nodes, *inputs.batteries]


def _hop(mean: float, conditions: Conditions) -> tuple[int, int]:
    return microseconds(mean * conditions.fixed_share), microseconds(mean * (1.0 - conditions.fixed_share))


def _radar(radar: RadarEntry, conditions: Conditions) -> tuple[int, ...]:
    update = microseconds(radar.update)
    looks = [1 + microseconds(wait) // update for wait in (radar.acquisition, radar.cued_acquisition)]
    hits = [max(1, int(np.ceil(conditions.hits_of_looks * number - 1e-9))) for number in looks]
    return (
        radar.key,
        update,
        microseconds(radar.acquisition),
        microseconds(radar.cued_acquisition),
        looks[0],
        hits[0],
        looks[1],
        hits[1],
        radar.capacity or 1 << 40,
        int(radar.requires_cue),
        int(radar.tasked),
        *_hop(radar.latency * conditions.hop_share, conditions),
        radar.home,
        0 if conditions.perfect_sensing or radar.after_burnout is not None else conditions.spare_looks * update,
        int(radar.supports),
        NEVER if radar.after_burnout is None else microseconds(radar.after_burnout),
    )


def _sizes(inputs: RaidInputs) -> list[int]:
    """Return how much state each element has."""
    threats, radars, batteries, tracks = len(inputs.threats), len(inputs.radars), len(inputs.batteries), _tracks(inputs)
    node = at.NODE_STATE + radars + batteries * at.NODE_BATTERY_STATE + tracks * (at.NODE_THREAT_STATE + radars)
    return [
        *[at.THREAT_STATE] * threats,
        *[at.RADAR_STATE + threats * at.RADAR_THREAT_STATE] * radars,
        *[at.SATELLITE_STATE] * len(inputs.satellites),
        *[node] * len(inputs.nodes),
        *[at.BATTERY_STATE + tracks * at.BATTERY_THREAT_STATE + at.MOST_PENDING] * batteries,
    ]


def _offsets(inputs: RaidInputs) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(_sizes(inputs), dtype=np.int64)])


def _state(inputs: RaidInputs, wiring: Wiring, fixed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the state of every element before the raid."""
    offsets = _offsets(inputs)
    state = np.zeros(offsets[-1], dtype=np.int64)
    state[offsets[:-1] + at.ALIVE], state[offsets[:-1] + at.LINK_LOST] = 1, NEVER
    threats, radars, tracks = len(inputs.threats), len(inputs.radars), _tracks(inputs)
    for index, radar in enumerate(inputs.radars):
        mine = state[offsets[fixed[at.FIRST_RADAR] + index] :]
        mine[at.BOUND_TO] = fixed[at.FIRST_NODE] + wiring.bound(radar.home)
        end = at.RADAR_STATE + threats * at.RADAR_THREAT_STATE
        rows = mine[at.RADAR_STATE : end].reshape(threats, at.RADAR_THREAT_STATE)
        rows[:, [at.CUE_TIME, at.READY]] = NEVER
    for index in range(len(inputs.nodes)):
        mine = state[offsets[fixed[at.FIRST_NODE] + index] :]
        mine[at.ACTIVE], mine[at.HEARD_TIME] = wiring.active[index], NEVER
        home = inputs.batteries[inputs.nodes[index].battery].home if inputs.nodes[index].battery >= 0 else 0
        mine[at.COMMANDER] = wiring.bound(home)
        for number, battery in enumerate(inputs.batteries):
            row = at.NODE_STATE + radars + number * at.NODE_BATTERY_STATE
            mine[row + at.IN_SCOPE] = wiring.scope[index, number] != at.DEAF
            mine[row + at.INVENTORY_SEEN] = battery.count
        begin = at.NODE_STATE + radars + len(inputs.batteries) * at.NODE_BATTERY_STATE
        end = begin + tracks * at.NODE_THREAT_STATE
        rows = mine[begin:end].reshape(tracks, at.NODE_THREAT_STATE)
        rows[:, [at.N_CUED, at.N_READY, at.N_OWNER, at.N_INTERCEPT, at.N_GONE, at.N_LAST_HELD]] = NEVER
        mine[end : end + tracks * radars] = NEVER
    for index, battery in enumerate(inputs.batteries):
        mine = state[offsets[fixed[at.FIRST_BATTERY] + index] :]
        mine[at.INVENTORY] = battery.count
        mine[at.BATTERY_BOUND_TO] = fixed[at.FIRST_NODE] + wiring.bound(battery.home)
        end = at.BATTERY_STATE + tracks * at.BATTERY_THREAT_STATE
        rows = mine[at.BATTERY_STATE : end].reshape(tracks, at.BATTERY_THREAT_STATE)
        rows[:, [at.BUSY_UNTIL, at.OWN_SINCE, at.OWN_UNTIL, at.REMOTE_SINCE, at.REMOTE_UNTIL]] = NEVER
        mine[end : end + at.MOST_PENDING] = NEVER
    return state


def _schedule(inputs: RaidInputs, fixed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the events that are known beforehand, in the total order."""
    events: list[tuple[int, int, int, int, int]] = []
    for index, threat in enumerate(inputs.threats):
        ignition = microseconds(threat.ignition)
        events.append((ignition + microseconds(threat.impact), index, IMPACT, index, 0))
        for radar in range(len(inputs.radars)):
            for slot, (first, _, _) in enumerate(inputs.cover[radar, threat.flight]):
                if first >= 0:
                    time = ignition + int(first) * SECOND_US
                    events.append((time, int(fixed[at.FIRST_RADAR]) + radar, ENTER, index, slot))
        warning: list[RadarEntry | SatelliteEntry] = [*inputs.radars, *inputs.satellites]  # as they are numbered
        for number, entry in enumerate(warning):
            seen = entry.seen[index] if entry.seen else None
            if seen is not None and fixed[at.NETWORKED] == 1:
                events.append((ignition + microseconds(seen), int(fixed[at.FIRST_RADAR]) + number, BURNING, index, 0))
    events.sort(key=lambda event: (event[0], event[1], event[3], event[4]))
    rows = np.zeros((len(events), EVENT_COLUMNS), dtype=np.int64)
    for sequence, (time, destination, kind, threat_index, first) in enumerate(events):
        rows[sequence] = (time, destination, fixed[at.ELEMENTS], sequence, kind, threat_index, first, 0)
    return rows


def _failures(
    inputs: RaidInputs, wiring: Wiring, fixed: NDArray[np.int64], losses: Sequence[Loss]
) -> NDArray[np.int64]:
    """Return what may fail: given losses, and elements whose availability is drawn."""
    rows: list[tuple[int, ...]] = []
    switch = microseconds(inputs.conditions.cold_switch if inputs.form == at.HUB_COLD else inputs.conditions.hot_switch)
    groups: tuple[tuple[int, Sequence[RadarEntry | SatelliteEntry | NodeEntry | BatteryEntry]], ...] = (
        (at.FIRST_RADAR, inputs.radars),
        (at.FIRST_SATELLITE, inputs.satellites),
        (at.FIRST_NODE, inputs.nodes),
        (at.FIRST_BATTERY, inputs.batteries),
    )
    keys = {int(fixed[base]) + index: entry.key for base, entries in groups for index, entry in enumerate(entries)}
    for loss in losses:
        successor = wiring.successor_of(loss.element - int(fixed[at.FIRST_NODE]))
        takes_over = int(fixed[at.FIRST_NODE]) + successor if successor >= 0 else NEVER
        repair = NEVER if loss.repair is None else microseconds(loss.repair)
        time, span = microseconds(loss.time), 0 if loss.until is None else microseconds(loss.until - loss.time)
        for element in (loss.element, *_units(inputs, fixed, loss.element)):
            key = keys.get(loss.element, 0)
            rows.append((element, time, repair, NEVER, key, takes_over, switch, span, int(loss.link)))
    for base, entries in groups:
        for index, entry in enumerate(entries):
            if not inputs.conditions.availability or entry.availability >= 1.0:
                continue
            element = int(fixed[base]) + index
            successor = wiring.successor_of(index) if base == at.FIRST_NODE else -1
            takes_over = int(fixed[at.FIRST_NODE]) + successor if successor >= 0 else NEVER
            for lost in (element, *_units(inputs, fixed, element)):
                rows.append((lost, 0, NEVER, threshold_of(entry.availability), entry.key, takes_over, 0, 0, 0))
    return np.array(rows, dtype=np.int64).reshape(-1, FAILURE_COLUMNS)


def _units(inputs: RaidInputs, fixed: NDArray[np.int64], element: int) -> list[int]:
    """Return the unit node that is lost together with a battery."""
    battery = element - int(fixed[at.FIRST_BATTERY])
    first = int(fixed[at.FIRST_NODE])
    return [first + index for index, node in enumerate(inputs.nodes) if node.role == "unit" and node.battery == battery]
