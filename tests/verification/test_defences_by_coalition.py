"""Whole defences, and every coalition of their players, against each of them judged second by second on its own."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.defence import assembly
from hoplon.defence.assembly import Defence, best_shots, game_of, is_subset
from hoplon.defence.coalitions import Presence
from hoplon.defence.winning_sets import NO_ROOM, tabulated_coalitions, winning_coalitions
from hoplon.intercept.battery import Battery, batteries_of
from hoplon.intercept.engagement import engage
from hoplon.sensing.cover import cover_of
from hoplon.sensing.radar import Radar, Sensor, sensor_rows
from hoplon.sensing.satellite import TrackingSatellite
from hoplon.sensing.track import tracks_of
from verification import every_second as drawn

STEP, SLOTS = 20.0, 3
# Each flight of the samples and one beside it: a neighbour's answer is where a defence begins.
PARAMETERS = [
    (launch, (aim[0] + beside, aim[1]), *shape)
    for launch, aim, *shape in drawn.FLIGHTS.values()
    for beside in (0.0, 0.2)
]
CLASSES = np.array([0, 0, 1, 1, 0, 1, 1, 0], dtype=np.int16)


@cache
def elements() -> NDArray[np.float64]:
    return drawn.elements_of(PARAMETERS)  # type: ignore[arg-type]


def flight(index: int) -> drawn.Seconds:
    return drawn.seconds_along(PARAMETERS[index])  # type: ignore[arg-type]


@cache
def meetings(battery: tuple[float, float], kind: int, index: int) -> drawn.Meetings:
    return drawn.Meetings(flight(index), drawn.KINDS[kind], *battery)


@cache
def cover(sensor: Sensor) -> NDArray[np.int16]:
    return cover_of(elements(), CLASSES, [sensor], STEP)[0]


def tracks_by_themselves(defence: Defence) -> NDArray[np.float32]:
    covers = [cover(sensor) for sensor in defence.sensors]
    alerts = np.array(defence.alerts)
    return tracks_of(covers, defence.sensors, CLASSES, alerts, networked=defence.networked).intervals


def shots_alone(defence: Defence, required: int) -> NDArray[np.int64]:
    """Return the shots of a defence's best battery at each flight, counted up to those required; -1 if not sure."""
    tracks = tracks_by_themselves(defence)
    found = np.zeros(len(PARAMETERS), dtype=np.int64)
    for index in range(len(PARAMETERS)):
        counts = []
        for battery in defence.batteries:
            kind = drawn.KINDS.index(defence.interceptors[battery.reach])
            its = meetings((battery.latitude, battery.longitude), kind, index)
            outlook = drawn.outlook_of(
                battery, defence.timing, tracks[:, index], defence.latencies, flight(index).burn_time
            )
            taken = drawn.shots_by_second(its, outlook, defence.timing, min(battery.shots, required))
            counts.append(-1 if taken is None else len(taken))
        best = max(counts, default=0)
        found[index] = -1 if best < required and -1 in counts else best
    return found


def drawn_radar(random: np.random.Generator) -> Radar:
    latitude, longitude = drawn.drawn_place(random, flight(int(random.integers(8))), 0.08)
    reach = float(random.uniform(600e3, 1800e3))
    sector = bool(random.random() < 0.4)
    return Radar(
        *(latitude, longitude, 100.0),
        *((reach, 0.6 * reach), (1.2 * reach, 0.8 * reach)),
        *(10e3, math.radians(3.0), math.radians(85.0)),
        *((float(random.uniform(0.0, 6.0)),) if sector else (), 1.0 if sector else None),
        acquisition=float(random.uniform(5.0, 40.0)),
        cued_acquisition=float(random.uniform(1.0, 5.0)),
        requires_cue=bool(random.random() < 0.25),
        tasked=bool(random.random() < 0.7),
        latency=float(random.uniform(0.0, 20.0)),
        **{"update": 2.0, "range_sigma": 20.0, "angle_sigma": 1e-3},
    )


def drawn_defence(random: np.random.Generator, batteries: int = 3, kinds: tuple[int, ...] = (0, 1, 2, 3)) -> Defence:
    """Return four radars, a satellite and some batteries on a network."""
    radars = tuple(drawn_radar(random) for _ in range(4))
    wait = float(random.uniform(20.0, 300.0))
    satellite = TrackingSatellite((150.5 + wait, 100.0 + wait), wait, 100e3, 6.0, 4.0, 300.0)
    timing = replace(drawn.drawn_timing(random), look=True, decision=float(random.uniform(0.0, 40.0)))
    placed = []
    for number in range(batteries):
        kind = int(random.integers(len(kinds)))
        chord = drawn.straight_reach(drawn.KINDS[kinds[kind]]).chord
        spot = drawn.drawn_place(random, flight((3 * number) % 8), 0.3 * chord)
        own, helps = (tuple(np.flatnonzero(random.random(5) < share).tolist()) for share in (0.4, 0.8))
        own = tuple(place for place in own if place < 4)
        placed.append(Battery(*spot, kind, own, bool(random.random() < 0.7), helps, int(random.choice([1, 2, 70]))))
    return Defence(
        *("drawn", "base", tuple("abcd"), tuple(f"battery-{number}" for number in range(batteries))),
        *(radars, tuple(placed), tuple(drawn.KINDS[kind] for kind in kinds)),
        timing=timing,
        alerts=(float(random.uniform(40.0, 90.0)), math.inf),
        networked=True,
        shots_required=1,
        salvo=1,
        satellites=(satellite,),
        satellite_names=("s",),
    )


def kept(whole: Defence, sensors: list[int], batteries: list[int]) -> Defence:
    """Return what is left of a defence of some of its sensors and batteries."""
    return replace(
        whole,
        radar_names=tuple(whole.radar_names[place] for place in sensors if place < 4),
        radars=tuple(whole.radars[place] for place in sensors if place < 4),
        satellites=whole.satellites if 4 in sensors else (),
        satellite_names=whole.satellite_names if 4 in sensors else (),
        battery_names=tuple(whole.battery_names[place] for place in batteries),
        batteries=tuple(
            replace(
                whole.batteries[place],
                own_radars=tuple(sensors.index(own) for own in whole.batteries[place].own_radars if own in sensors),
                supporters=tuple(sensors.index(one) for one in whole.batteries[place].supporters if one in sensors),
            )
            for place in batteries
        ),
    )


def organic(whole: Defence) -> Defence:
    """Return a defence without its network: each battery has its own radars alone."""
    batteries = tuple(replace(one, remote_commit=False, supporters=one.own_radars) for one in whole.batteries)
    without = replace(whole, satellites=(), satellite_names=(), batteries=batteries)
    return replace(without, networked=False, alerts=(math.inf, math.inf))


def family(seed: int) -> list[Defence]:
    """Return a defence, some that hold less of it or decide later, and another one."""
    random = np.random.default_rng(seed)
    whole = drawn_defence(random)
    slower = replace(whole, timing=replace(whole.timing, decision=whole.timing.decision + 30.0))
    parts = [
        kept(whole, sorted(random.permutation(5)[:3].tolist()), sorted(random.permutation(3)[:2].tolist()))
        for _ in range(3)
    ]
    return [slower, whole, *parts, organic(whole), kept(slower, [0, 1, 2, 4], [1]), drawn_defence(random)]


def judged(defences: list[Defence], required: list[int], by_aim: object = None) -> NDArray[np.int8]:
    given = (elements(), CLASSES, defences, required, drawn.straight_reach, STEP, [slice(0, len(CLASSES))])
    return best_shots(*given, by_aim)  # type: ignore[arg-type]


def test_defences_judged_together_have_the_shots_of_each_by_itself() -> None:
    met, missed, compared = 0, 0, 0
    for seed in range(6):
        defences = family(seed)
        for enough in (1, 2):
            required = [enough] * len(defences)
            alone = np.array([shots_alone(defence, enough) for defence in defences])
            found = judged(defences, required)
            assert (found == alone)[alone >= 0].all()
            met, missed = met + int((alone > 0).sum()), missed + int((alone == 0).sum())
            compared += int((alone >= 0).sum())
        mixed = [1 + place % 2 for place in range(len(defences))]
        alone = np.array([shots_alone(defence, enough) for defence, enough in zip(defences, mixed, strict=True)])
        assert (judged(defences, mixed) == alone)[alone >= 0].all()
    assert met > 60
    assert missed > 60
    assert compared > 700


def test_in_more_slots_in_pieces_and_in_any_order_the_shots_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    defences = family(2)
    before = judged(defences, [1] * len(defences))
    assert before.any()
    backwards = judged(defences[::-1], [1] * len(defences))
    assert np.array_equal(before, backwards[::-1])
    pieces = [slice(0, 3), slice(3, 8)]
    given = (elements(), CLASSES, defences, [1] * len(defences), drawn.straight_reach, STEP, pieces)
    assert np.array_equal(best_shots(*given), before)
    monkeypatch.setattr(assembly, "_SLOTS", 1)
    assert np.array_equal(judged(defences, [1] * len(defences)), before)
    none = replace(defences[0], batteries=(), battery_names=())
    assert not judged([none], [1]).any()
    assert not judged([kept(defences[1], [], [0, 1, 2])], [1]).any()
    assert np.array_equal(judged([none, *defences], [1] * (len(defences) + 1))[1:], before)


def test_after_an_aim_point_is_opened_no_further_flight_to_it_is_met() -> None:
    opened = 0
    for seed in range(6):
        defences = family(seed)
        aims = np.array([0, 0, 1, 1, 1, 2, 3, 3], dtype=np.int32)
        for enough in (1, 2):
            required = [enough] * len(defences)
            every = judged(defences, required)
            found = judged(defences, required, (aims, np.array([0, 2, 5, 8])))
            expected = every.copy()
            for aim in range(4):
                flights = np.flatnonzero(aims == aim)
                for row in expected:
                    lost = np.flatnonzero(row[flights] < enough)
                    if len(lost):
                        opened += int((row[flights[lost[0] + 1 :]] > 0).sum())
                        row[flights[lost[0] + 1 :]] = 0
            assert np.array_equal(found, expected)
    assert opened > 3


def test_which_defences_meet_whatever_another_meets() -> None:
    whole = drawn_defence(np.random.default_rng(1))
    one, two, three = whole.batteries
    placed = replace(whole, batteries=(replace(one, own_radars=(0,), supporters=(0, 1), shots=2), two, three))
    one = placed.batteries[0]

    def with_first(**changes: object) -> Defence:
        return replace(placed, batteries=(replace(one, **changes), two, three))  # type: ignore[arg-type]

    def with_timing(**changes: object) -> Defence:
        return replace(placed, timing=replace(placed.timing, **changes))  # type: ignore[arg-type]

    assert is_subset(placed, placed)
    less = [
        with_timing(decision=placed.timing.decision + 1.0),
        replace(placed, alerts=(placed.alerts[0] + 1.0, math.inf)),
        organic(placed),
        kept(placed, [0, 1, 2, 4], [0, 1, 2]),
        kept(placed, [0, 1, 2, 3], [0, 1, 2]),
        kept(placed, [0, 1, 2, 3, 4], [0, 2]),
        with_first(own_radars=()),
        with_first(supporters=(0,)),
        with_first(shots=0),
    ]
    for part in less:
        assert is_subset(part, placed)
        assert not is_subset(placed, part)
    empty = with_first(shots=0)
    assert is_subset(empty, empty)
    remote = with_first(remote_commit=True)
    assert is_subset(with_first(remote_commit=False), remote)
    assert not is_subset(remote, with_first(remote_commit=False))
    assert is_subset(with_first(shots=5), placed)  # of the first shot alone
    assert is_subset(placed, with_first(shots=1))
    for name in ("firm_track", "reaction", "support", "handover"):
        for shift in (-1.0, 1.0):
            moved = with_timing(**{name: getattr(placed.timing, name) + shift})
            assert not is_subset(moved, placed)
            assert not is_subset(placed, moved)
    assert is_subset(with_timing(kill_assessment=99.0), placed)
    other = with_timing(handover_error=100.0)
    assert not is_subset(other, placed)
    apart = replace(other, timing=replace(other.timing, central=False))
    assert is_subset(apart, other)
    assert not is_subset(other, apart)
    assert is_subset(other, other)
    assert is_subset(apart, apart)
    assert is_subset(with_timing(central=False), placed)  # held tracks are fused with nothing
    assert is_subset(placed, with_timing(central=False))
    for moved in (with_first(latitude=one.latitude + 0.01), with_first(longitude=0.0), with_first(reach=3 - one.reach)):
        assert not is_subset(moved, placed)
        assert not is_subset(placed, moved)


@pytest.mark.parametrize("central", [True, False])
def test_with_support_predicted_defences_have_the_shots_of_each_battery_by_itself(central: bool) -> None:
    met = 0
    for seed, error in ((3, 3000.0), (5, 300.0)):
        defences = [
            replace(one, timing=replace(one.timing, handover_error=error, central=central)) for one in family(seed)[1:4]
        ]
        alone = []
        for defence in defences:
            stacked = batteries_of(
                list(defence.batteries),
                [drawn.straight_reach(kind) for kind in defence.interceptors],
                len(defence.sensors),
            )
            tracks = tracks_by_themselves(defence)
            given = (tracks, sensor_rows(defence.sensors), defence.latencies, defence.timing.row(), stacked)
            each = engage(elements(), np.arange(len(CLASSES)), *given, STEP, 2, False)
            alone.append(each.max(axis=0))
        found = judged(defences, [2] * len(defences))
        assert np.array_equal(found, alone)
        assert np.array_equal(judged(defences, [1] * len(defences)), np.minimum(alone, 1))
        met += int((found > 0).sum())
    assert met > 3


PLAYERS = 5


def shared_out(random: np.random.Generator, things: int, absent: bool) -> NDArray[np.int64]:
    """Return whose each of some things is: mostly one player's, or any of two, or always there."""
    bits = np.zeros((things, 2), dtype=np.int64)
    for row in bits:
        draw, player = random.random(), 1 << int(random.integers(PLAYERS))
        if draw < 0.15:
            row[:] = player
        elif draw < 0.3:
            row[0] = player | 1 << int(random.integers(PLAYERS))
        elif absent and draw < 0.5:
            row[1] = player
        else:
            row[0] = player
    return bits


def stand(coalition: int, bits: NDArray[np.int64]) -> list[int]:
    """Return the things that stand in a coalition."""
    present = [{player for player in range(PLAYERS) if coalition >> player & 1}]
    there, found = present[0], []
    for place, (some, without) in enumerate(bits.tolist()):
        brought = any(some >> player & 1 for player in there)
        left = any(without >> player & 1 for player in range(PLAYERS) if player not in there)
        if brought or left:
            found.append(place)
    return found


def drawn_game(seed: int, absent: bool) -> tuple[Defence, Presence]:
    random = np.random.default_rng(100 + seed)
    whole = drawn_defence(random, batteries=4, kinds=(0, 3, 1, 2))
    alerts = shared_out(random, 2, absent)
    arrivals = np.array([[60.0, np.inf], [85.0, 120.0]])
    return whole, Presence(shared_out(random, 5, absent), shared_out(random, 4, absent), alerts, arrivals)


@cache
def outcomes(seed: int, absent: bool, required: int) -> NDArray[np.int64]:
    """Return by coalition and flight whether it has the required shots; -1 if not sure."""
    whole, presence = drawn_game(seed, absent)
    found = np.zeros((1 << PLAYERS, len(CLASSES)), dtype=np.int64)
    for coalition in range(1 << PLAYERS):
        sensors, batteries = stand(coalition, presence.sensors), stand(coalition, presence.batteries)
        alerts = presence.arrivals[stand(coalition, presence.alerts)].min(axis=0, initial=math.inf)
        shots = shots_alone(replace(kept(whole, sensors, batteries), alerts=tuple(alerts.tolist())), required)
        found[coalition] = np.where(shots < 0, -1, shots >= required)
    return found


@pytest.mark.parametrize(
    ("seed", "absent", "required"),
    [(7, False, 1), (9, True, 1), (10, True, 1), (16, True, 2), (20, True, 2), (16, False, 2)],
)
def test_every_coalition_has_the_shots_of_the_defence_that_it_is(seed: int, absent: bool, required: int) -> None:
    whole, presence = drawn_game(seed, absent)
    game, expected = game_of(whole, presence, drawn.straight_reach), outcomes(seed, absent, required)
    everyone = (1 << PLAYERS) - 1
    found = tabulated_coalitions(elements(), CLASSES, game, everyone, required, STEP, SLOTS, 1 << PLAYERS)
    assert found.most <= SLOTS
    assert found.judged == sum(1 << int(matter).bit_count() for matter in found.matters)
    for index, matter in enumerate(found.matters.tolist()):
        players = [player for player in range(PLAYERS) if matter >> player & 1]
        for coalition in range(1 << PLAYERS):
            place = sum((coalition >> player & 1) << rank for rank, player in enumerate(players))
            if expected[coalition, index] >= 0:
                assert found.tables[index, place] == expected[coalition, index]
    differs = (expected.max(axis=0) == 1) & (expected.min(axis=0) == 0)
    assert differs.any()
    few = tabulated_coalitions(elements(), CLASSES, game, everyone, required, STEP, SLOTS, 4)
    for short, matter, table in zip(few.matters.tolist(), found.matters.tolist(), few.tables, strict=True):
        assert short == (-1 - matter if matter.bit_count() > 2 else matter)
        assert len(table) == 4


@pytest.mark.parametrize("seed", [2, 3, 7, 10, 17, 18])
def test_the_minimal_winning_coalitions_are_those_of_every_coalition_judged(seed: int) -> None:
    whole, presence = drawn_game(seed, False)
    game, expected = game_of(whole, presence, drawn.straight_reach), outcomes(seed, False, 1)
    everyone = (1 << PLAYERS) - 1
    found = winning_coalitions(elements(), CLASSES, game, everyone, STEP, SLOTS, 16)
    assert found.most <= SLOTS
    compared = 0
    for index, (size, masks) in enumerate(zip(found.sizes.tolist(), found.families.tolist(), strict=True)):
        wins = [coalition for coalition in range(1 << PLAYERS) if expected[coalition, index] == 1]
        if -1 in expected[:, index]:
            continue
        minimal = {one for one in wins if not any(other != one and other & ~one == 0 for other in wins)}
        assert size == len(minimal)
        assert set(masks[:size]) == minimal
        assert not any(masks[size:])
        compared += len(minimal)
    assert compared > 1
    widest = int(found.sizes.max())
    if widest > 1:
        short = winning_coalitions(elements(), CLASSES, game, everyone, STEP, SLOTS, widest - 1)
        assert ((short.sizes == NO_ROOM) == (found.sizes == widest)).all()
        fits = found.sizes < widest
        assert np.array_equal(short.sizes[fits], found.sizes[fits])
        for one, other in itertools.compress(zip(short.families, found.families, strict=True), fits):
            assert set(one.tolist()) == set(other[: widest - 1].tolist())
    fewer = winning_coalitions(elements(), CLASSES, game, everyone & ~1, STEP, SLOTS, 16)
    for index, size in enumerate(fewer.sizes.tolist()):
        wins = {mask for mask in range(0, 1 << PLAYERS, 2) if expected[mask, index] == 1}
        if -1 not in expected[:, index]:
            assert (size > 0) == bool(wins)


def test_where_nobody_plays_the_coalition_of_nobody_meets_what_the_defence_meets() -> None:
    whole, _ = drawn_game(7, False)
    always = Presence(*(np.ones((count, 2), dtype=np.int64) for count in (5, 4, 1)), np.array([[60.0, 85.0]]))
    expected = shots_alone(replace(whole, alerts=(60.0, 85.0)), 1)
    game = game_of(whole, always, drawn.straight_reach)
    found = winning_coalitions(elements(), CLASSES, game, 0, STEP, SLOTS, 2)
    assert (found.sizes == expected)[expected >= 0].all()
    assert expected.max() == 1
    assert not found.families.any()
