"""The parts of judging defences one by one, as Python: which are judged in what order, what games are learned from."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hoplon.defence import coalitions, evaluation, winning_sets
from hoplon.defence.assembly import (
    _battery_table,
    _bits,
    _defence_table,
    _group,
    _padded,
    _sensor_arrays,
    _sensor_table,
    _size,
    best_shots,
    game_of,
)
from hoplon.defence.coalitions import Presence, stands
from hoplon.defence.evaluation import MET, UNMET, _evaluate_flight, _evaluate_flights, _implied
from hoplon.defence.winning_sets import (
    MOST_PLAYERS,
    NO_ROOM,
    _decide,
    _families_for,
    _learn,
    _learn_flights,
    _tabulate,
    _tabulate_flights,
    tabulated_coalitions,
)
from hoplon.flight.arc import COLUMNS, IMPACT_TIME, STATUS
from hoplon.flight.information import PACKED, STRETCH_COLUMNS
from hoplon.intercept.battery import HANDOVER_ERROR, timing_of
from hoplon.sensing.track import LATENCY
from hoplon.sensing.volume import PARAMETERS
from verification import every_second as drawn
from verification.test_defences_by_coalition import CLASSES, SLOTS, STEP, drawn_defence, elements, kept, organic


def plain(kernel: Any) -> Callable[..., Any]:
    """Return a kernel as the Python that it was written in."""
    python: Callable[..., Any] = getattr(kernel, "py_func", kernel)
    return python


# --- tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 63, 64, 130])
def test_places_are_bits_of_words_of_64(count: int) -> None:
    random = np.random.default_rng(count)
    rows = [sorted(random.permutation(count)[: int(random.integers(count + 1))].tolist()) for _ in range(count)]
    rows[-1] = list(range(count))
    found = _bits(rows)
    assert found.shape == (count, count // 64 + 1)
    for row, words in zip(rows, found.view(np.uint64).tolist(), strict=True):
        whole = sum(word << 64 * place for place, word in enumerate(words))
        assert [place for place in range(64 * len(words)) if whole >> place & 1] == row


def test_rows_of_different_lengths_are_padded() -> None:
    assert _padded([[3], [], [1, 2]]).tolist() == [[3, -1], [-1, -1], [1, 2]]
    assert _padded([[], []]).tolist() == [[-1], [-1]]
    assert _padded([]).shape == (0, 1)


def test_tables_hold_what_the_defences_have() -> None:
    whole = drawn_defence(np.random.default_rng(1))
    slower = replace(whole, timing=replace(whole.timing, decision=whole.timing.decision + 30.0))
    less = kept(whole, [2, 0], [1, 0])
    alone = organic(whole)
    defences = [whole, slower, less, alone]
    groups = list(dict.fromkeys(map(_group, defences)))
    assert len(groups) == 3
    sensors = _sensor_table(groups)
    assert sensors.radars.shape[0] == 5
    assert sensors.members.tolist() == [[0, 1, 2, 3, 4], [2, 0, 0, 0, 0], [0, 1, 2, 3, 0]]
    assert sensors.sizes.tolist() == [5, 2, 4]
    assert sensors.networked.tolist() == [True, True, False]
    assert sensors.alerts.tolist() == [list(group[1]) for group in groups]
    batteries = _battery_table(defences, drawn.straight_reach)
    assert batteries.rows.shape[0] == 3 + 3 + 2 + 3
    assert batteries.own.shape == batteries.supporters.shape == (11, 5)
    order = [0, 1, 2, 0, 1, 2, 1, 0, 0, 1, 2]  # of the sites of the whole
    first = [batteries.sites[:3].tolist().index(site) for site in batteries.sites.tolist()]
    assert first == [order.index(order[place]) for place in range(11)]
    table = _defence_table(defences, [1, 1, 2, 1], [1, 0, 2, 1], groups)
    assert table.radar_sets.tolist() == [0, 0, 1, 2]
    assert table.first_batteries.tolist() == [0, 3, 6, 8, 11]
    assert table.required_shots.tolist() == [1, 1, 2, 1]
    assert table.opened_below.tolist() == [1, 0, 2, 1]
    subsets = [[place for place in range(4) if int(row[0]) >> place & 1] for row in table.subsets]
    supersets = [[place for place in range(4) if int(row[0]) >> place & 1] for row in table.supersets]
    assert subsets[:3] == [[1, 2, 3], [], []]  # the third requires two shots
    assert supersets == [[], [0], [0], [0]]
    none = kept(whole, [], [0])
    assert _sensor_table([_group(none)]).members.shape == (1, 1)
    assert _battery_table([none], drawn.straight_reach).own.shape == (1, 1)
    shapes = [array.shape for array in _sensor_arrays([], 2)]
    assert [shapes[0], shapes[1][2], shapes[2][1], shapes[3][1]] == [(0, PARAMETERS), 3, 2, 2]


def test_a_larger_defence_has_more_sensors_batteries_and_ways_to_use_them() -> None:
    whole = drawn_defence(np.random.default_rng(1))
    one = replace(whole.batteries[0], remote_commit=True, supporters=(0, 1, 2))
    two = replace(whole.batteries[1], remote_commit=False, supporters=(4,))
    made = replace(whole, batteries=(one, two), battery_names=("x", "y"))
    assert _size(made) == 5 + 2 + (1 + 3) + (0 + 1) + 1
    assert _size(replace(made, networked=False)) == _size(made) - 1


def test_a_thing_stands_with_any_of_its_players_and_without_any_of_others() -> None:
    stand = plain(stands)
    for mine, without, coalition in itertools.product(range(4), repeat=3):
        expected = any(coalition >> player & mine >> player & 1 for player in range(2))
        expected |= any(not coalition >> player & 1 and without >> player & 1 for player in range(2))
        assert stand(coalition, np.array([mine, without])) == expected


# --- which defences are judged ----------------------------------------------------------------------------------------


def test_a_met_subset_or_an_unmet_superset_decides_in_any_word() -> None:
    implied = plain(_implied)
    known = np.zeros((2, 2), dtype=np.int64)
    known[MET], known[UNMET] = (0b0100, 0b0001), (0b0010, 0b1000)
    nothing = np.zeros(2, dtype=np.int64)
    for word, (met, unmet) in enumerate(((0b0100, 0b0010), (0b0001, 0b1000))):
        for bit in range(4):
            row = np.zeros(2, dtype=np.int64)
            row[word] = 1 << bit
            assert (implied(row, nothing, known) == MET) == (row[word] == met)
            assert (implied(nothing, row, known) == UNMET) == (row[word] == unmet)
            assert implied(row, nothing, known) != UNMET
            assert implied(nothing, row, known) != MET


def chain(count: int) -> tuple[Any, Any]:
    """Return bits of the subsets and supersets of defences each of which holds those before it of its own remainder."""
    parts = [[other for other in range(place) if (place - other) % 3 == 0] for place in range(count)]
    wholes = [[other for other in range(count) if place in parts[other]] for place in range(count)]
    return parts, wholes


def works(memory: Any) -> Any:
    looks = SimpleNamespace(found=np.zeros((3, 1), dtype=np.int64))
    return SimpleNamespace(memory=memory, looks=looks, scratch=SimpleNamespace(path=None))


@pytest.mark.parametrize("seed", range(6))
def test_those_that_met_before_are_judged_first_and_what_is_implied_is_not_judged(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seventy defences, of which each has a shot from some place of its chain on; the first to have it is drawn."""
    count, random = 70, np.random.default_rng(seed)
    parts, wholes = chain(count)
    begins = random.integers(0, count + 10, 3)
    truth = [2 if place >= begins[place % 3] else 0 for place in range(count)]
    required = random.integers(1, 3, count).tolist()
    told = [min(shots, required[place]) for place, shots in enumerate(truth)]
    subsets = _bits([mine if required[place] == 1 else [] for place, mine in enumerate(parts)])
    table = SimpleNamespace(
        radar_sets=np.zeros(count, dtype=np.int16),
        subsets=subsets,
        supersets=_bits(wholes),
        required_shots=np.array(required, dtype=np.int16),
    )
    expected = set(np.flatnonzero(random.random(count) < 0.5).tolist())
    opened = random.random(count) < 0.3 if seed % 2 else np.zeros(0, dtype=np.bool_)
    left_out = set(np.flatnonzero(opened).tolist())
    words = count // 64 + 1
    memory = SimpleNamespace(
        known=np.full((2, words), -1, dtype=np.int64), expected=_bits([sorted(expected)] * count)[0].copy()
    )
    judged: list[int] = []

    def shots_of(course: Any, number: int, threat: int, defence: int, *_: Any) -> int:
        judged.append(defence)
        return int(told[defence])

    monkeypatch.setattr(evaluation, "_shots_of_defence", shots_of)
    monkeypatch.setattr(evaluation, "sample_positions", lambda *_: (1, 2))
    work, shots = works(memory), np.full(count, -7, dtype=np.int8)
    plain(_evaluate_flight)(np.zeros(COLUMNS), 5, 0, None, None, table, 20.0, work, opened, shots)
    met: set[int] = set()
    unmet: set[int] = set()
    order = []
    for turn in [*sorted(expected), *reversed(range(count))]:
        if turn in left_out or turn in met | unmet:
            continue
        if required[turn] == 1 and met & set(parts[turn]):
            met.add(turn)
        elif unmet & set(wholes[turn]):
            unmet.add(turn)
        else:
            order.append(turn)
            (met if told[turn] else unmet).add(turn)
    assert judged == order
    assert len(order) < count - len(left_out)
    for place in range(count):
        assert shots[place] == (-7 if place in left_out else told[place])
    assert _bits([sorted(met)] * count)[0].tolist() == memory.expected.tolist() == memory.known[MET].tolist()
    assert _bits([sorted(unmet)] * count)[0].tolist() == memory.known[UNMET].tolist()
    assert work.looks.found.tolist() == [[-1]] * 3


@pytest.mark.parametrize("aimed", [True, False])
def test_flights_without_an_arc_and_to_opened_aim_points_are_left_out(
    aimed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {0: [1, 2], 1: [1, 1], 2: [1, 2], 3: [0, 2], 4: [1, 2], 5: [1, 2], 6: [1, 2]}  # shots, of 1 and 2 required
    rows, seen = np.zeros((7, COLUMNS)), []
    rows[2, STATUS] = 1.0

    def judge(row: Any, number: int, threat: int, *rest: Any) -> None:
        opened, shots = rest[-2:]
        seen.append((number, int(threat), opened.tolist()))
        shots[:] = [0 if len(opened) and opened[place] else told[number][place] for place in range(2)]

    monkeypatch.setattr(evaluation, "_evaluate_flight", judge)
    least = np.array([1, 2], dtype=np.int16)
    table = SimpleNamespace(radar_sets=np.zeros(2, np.int16), required_shots=least, opened_below=least)
    aims = np.array([0, 0, 0, 0, 0, 1, 1], dtype=np.int32) if aimed else np.empty(0, dtype=np.int32)
    opened = np.zeros((2, 2) if aimed else (1, 0), dtype=np.bool_)
    shots = np.full((7, 2), 9, dtype=np.int8)
    classes = np.arange(7, dtype=np.int16)
    plain(_evaluate_flights)(rows, classes, None, None, table, 20.0, None, aims, opened, shots)
    if aimed:
        shut, one, both = [False, False], [False, True], [True, True]
        assert seen == [(0, 0, shut), (1, 1, shut), (3, 3, one), (5, 5, shut), (6, 6, shut)]
        assert shots.tolist() == [[1, 2], [1, 1], [9, 9], [0, 0], [9, 9], [1, 2], [1, 2]]
        assert opened.tolist() == [both, shut]
    else:
        assert [number for number, _, _ in seen] == [0, 1, 3, 4, 5, 6]
        assert shots.tolist() == [told[number] if number != 2 else [9, 9] for number in range(7)]


def test_no_flight_has_no_shots() -> None:
    whole = drawn_defence(np.random.default_rng(1))
    given = ([whole, whole], [1, 1], drawn.straight_reach, STEP, [slice(0, 0)])
    assert best_shots(elements()[:0], CLASSES[:0], *given).shape == (2, 0)


# --- what games are learned from --------------------------------------------------------------------------------------


def minimal(wins: Callable[[int], bool], players: int) -> set[int]:
    """Return the minimal winning coalitions by going through every one."""
    found: list[int] = []
    for mask in sorted(range(1 << players), key=int.bit_count):
        if wins(mask) and not any(other & ~mask == 0 for other in found):
            found.append(mask)
    return set(found)


class Games:
    """Monotone games, and which coalitions were judged."""

    def __init__(self, patch: pytest.MonkeyPatch, families: list[list[int]]) -> None:
        self.families, self.asked = families, list[tuple[int, int]]()
        patch.setattr(winning_sets, "shots_of_coalition", self.shots)
        patch.setattr(winning_sets, "_decide", plain(_decide))
        patch.setattr(winning_sets, "_learn", plain(_learn))

    def wins(self, number: int, coalition: int) -> bool:
        return any(least & ~coalition == 0 for least in self.families[number])

    def shots(self, course: Any, number: int, threat: int, coalition: int, required: int, *_: Any) -> int:
        assert required == 1
        self.asked.append((number, int(coalition)))
        return int(self.wins(number, int(coalition)))


def random_families(seed: int, players: int) -> list[int]:
    random = np.random.default_rng(seed)
    return [int(mask) for mask in random.integers(1, 1 << players, 5) if int(mask).bit_count() > 1]


@pytest.mark.parametrize("seed", range(8))
def test_minimal_winning_coalitions_are_learned_with_a_proof_and_none_that_loses_is_judged_twice(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    games = Games(monkeypatch, [random_families(seed, 6), random_families(seed, 6), random_families(seed + 100, 6)])
    known, guessed = _families_for(32, 512), _families_for(32, 512)
    for number in range(3):
        del games.asked[:]
        assert plain(_learn)(None, number, 0, 63, guessed, None, 20.0, None, None, known)
        found = known.winning[: known.counts[0]].tolist()
        wins = [games.wins(number, mask) for mask in range(64)]
        expected = minimal(wins.__getitem__, 6)
        assert len(found) == len(expected)
        assert set(found) == expected
        judged = [mask for _, mask in games.asked]
        losing = [mask for mask in judged if not games.wins(number, mask)]
        assert len(losing) == len(set(losing))
        lost = [mask for mask in range(64) if not games.wins(number, mask)]
        most = [mask for mask in lost if not any(mask != other and mask & ~other == 0 for other in lost)]
        assert set(most) <= set(losing)  # the proof
        if number == 1:  # as its neighbour: what was found there is all
            assert len(judged) <= len(most) + sum(1 + mask.bit_count() for mask in found)
            assert judged[: len(most)] == [63 & ~int(mask) for mask in guessed.hitting[: guessed.counts[2]]]
        guessed.counts[:] = known.counts
        guessed.winning[:], guessed.hitting[:] = known.winning, known.hitting


def test_without_room_for_what_is_learned_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three minimal winning coalitions, and three maximal losing ones: any two of three players win."""
    games = Games(monkeypatch, [[0b011, 0b101, 0b110]])
    for winning, losing, enough in ((3, 8, True), (2, 8, False), (3, 6, True), (3, 2, False)):
        known, guessed = _families_for(winning, losing), _families_for(4, 8)
        assert plain(_learn)(None, 0, 0, 7, guessed, None, 20.0, None, None, known) == enough
        if enough:
            assert sorted(known.winning[: known.counts[0]].tolist()) == [0b011, 0b101, 0b110]
    assert games.asked


def with_room(winning: int, losing: int, hitting: int) -> winning_sets.Families:
    """Return families with nothing in them, and with room of its own for each kind."""
    return winning_sets.Families(
        np.zeros(3, dtype=np.int64), *(np.zeros(room, dtype=np.int64) for room in (winning, losing, hitting))
    )


def test_losing_coalitions_are_kept_while_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    games, known = Games(monkeypatch, [[0b011, 0b101, 0b110]]), with_room(8, 2, 8)

    def decided(coalition: int) -> bool:
        return bool(plain(_decide)(None, 0, 0, coalition, None, 20.0, None, None, known))

    assert [decided(mask) for mask in (0b011, 0b001, 0b001, 0b100)] == [True, False, False, False]
    assert (known.counts.tolist(), known.losing.tolist()) == ([0, 2, 0], [0b001, 0b100])
    assert [mask for _, mask in games.asked] == [0b011, 0b001, 0b100]
    assert not decided(0b010)
    assert not decided(0b010)  # there was no room to keep it
    assert (known.counts.tolist(), known.losing.tolist()) == ([0, 2, 0], [0b001, 0b100])
    assert len(games.asked) == 5
    known.winning[0], known.counts[0] = 0b011, 1
    assert decided(0b111)
    assert len(games.asked) == 5


@pytest.mark.parametrize("guess", [0, 0b001])
@pytest.mark.parametrize(("losing", "enough"), [(1, False), (2, False), (3, True)])
def test_without_room_for_every_maximal_losing_coalition_it_says_so(
    guess: int, losing: int, enough: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    games, known, guessed = Games(monkeypatch, [[0b011, 0b101, 0b110]]), with_room(8, losing, 64), with_room(8, 8, 8)
    guessed.winning[0], guessed.counts[0] = guess, bool(guess)
    assert plain(_learn)(None, 0, 0, 7, guessed, None, 20.0, None, None, known) == enough
    assert len(games.asked) < 20


def tried(order: list[int], commits: list[float], told: list[int], required: int) -> tuple[list[tuple[int, bool]], int]:
    """Return which batteries are tried, whether first by what met an earlier flight, and the most shots."""
    calls, most = [], 0
    for later, place in enumerate(order):
        if commits[place] < 900.0:  # [s] the impact
            calls.append((place, later == 0 and required == 1))
            most = max(most, told[place])
            if told[place] >= required:
                break
    return calls, most


@pytest.mark.parametrize("required", [1, 2])
@pytest.mark.parametrize("seed", range(8))
def test_batteries_that_commit_in_time_are_tried_from_the_favourite_on(
    seed: int, required: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three defences of two, four and one batteries the second is judged, twice at the same flight."""
    random = np.random.default_rng(seed)
    commits = random.choice([100.0, 899.0, 900.0, np.inf], 7).tolist()
    told = np.minimum(random.integers(0, 3, 7), required).tolist()
    calls: list[tuple[int, bool]] = []
    followed: list[int] = []

    def shots(observed: Any, shooter: Any, most: int, retry: bool, step: float, pruned: bool, scratch: Any) -> int:
        assert (most, pruned) == (required, True)
        calls.append((shooter, bool(retry)))
        return int(told[shooter])

    def commit(
        row: Any, timing: Any, tracks: Any, latencies: Any, batteries: Any, first: int, end: int, scratch: Any
    ) -> None:
        assert (first, end, latencies) == (2, 6, "late")
        scratch.commits[first:end] = commits[first:end]

    monkeypatch.setattr(evaluation, "_follow_set", lambda *given: followed.append(given[3]))
    monkeypatch.setattr(evaluation, "_observed", lambda *_: SimpleNamespace(tracks=None))
    monkeypatch.setattr(evaluation, "_commits", commit)
    monkeypatch.setattr(evaluation, "shooter_of", lambda stacked, place, *_: place)
    monkeypatch.setattr(evaluation, "shots_of_battery", shots)
    row = np.zeros(COLUMNS)
    row[IMPACT_TIME] = 900.0
    favourite = int(random.integers(4))
    defences = SimpleNamespace(
        radar_sets=np.array([0, 1, 0]), timings=np.zeros((3, 9)), required_shots=np.array([9, required, 9]),
        first_batteries=np.array([0, 2, 6, 7]),
    )  # fmt: skip
    names = ("rows", "own", "supporters", "interceptors", "fans", "times", "floors")
    batteries = SimpleNamespace(**dict.fromkeys(names), sites=np.zeros(7, dtype=np.int16))
    memory = SimpleNamespace(favourites=np.array([5, favourite, 5]))
    tracks = SimpleNamespace(followed=np.array([-1, -1]))
    work = (tracks, SimpleNamespace(latencies=["soon", "late"]), SimpleNamespace(commits=np.zeros(7)), memory)
    sensors = SimpleNamespace(sizes=np.array([1, 2]))
    for _ in range(2):
        order = [2 + (memory.favourites[1] + later) % 4 for later in range(4)]
        expected, most = tried(order, commits, told, required)
        del calls[:]
        found = plain(evaluation._shots_of_defence)(
            SimpleNamespace(row=row), 7, 0, 1, sensors, batteries, defences, 20.0, work
        )
        assert (calls, found) == (expected, most)
        if most >= required:
            favourite = expected[-1][0] - 2
        assert memory.favourites.tolist() == [5, favourite, 5]
    assert followed == [1]
    assert tracks.followed.tolist() == [-1, 7]


@pytest.mark.parametrize("required", [1, 2])
@pytest.mark.parametrize("seed", range(8))
def test_batteries_of_a_coalition_that_commit_in_time_are_tried_from_the_favourite_on(
    seed: int, required: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(seed)
    commits = random.choice([100.0, 899.0, 900.0, np.inf], 5).tolist()
    told = np.minimum(random.integers(0, 3, 5), required).tolist()
    bits = random.integers(0, 4, (5, 2))
    calls: list[tuple[int, bool]] = []
    seen: dict[str, Any] = {}

    def shots(observed: Any, shooter: Any, most: int, retry: bool, step: float, pruned: bool, scratch: Any) -> int:
        assert (most, pruned) == (required, True)
        calls.append((shooter, bool(retry)))
        return int(told[shooter])

    def gather(coalition: int, every: bool, *_: Any) -> int:
        seen["every"] = bool(every)
        return 2

    monkeypatch.setattr(coalitions, "_gather", gather)
    monkeypatch.setattr(coalitions, "follow", lambda *given: seen.update(alert=float(given[5]), networked=given[4]))
    monkeypatch.setattr(coalitions, "firm_times", lambda *_: None)
    monkeypatch.setattr(coalitions, "commit_time", lambda row, own, firm, late, timing: commits[int(row[0])])
    monkeypatch.setattr(coalitions, "shooter_of", lambda stacked, place, *_: place)
    monkeypatch.setattr(coalitions, "shots_of_battery", shots)
    row = np.zeros(COLUMNS)
    row[IMPACT_TIME] = 900.0
    names = ("interceptors", "fans", "times", "floors")
    alerts = np.array([[1, 0], [2, 0], [0, 2]])
    arrivals = np.array([[np.inf, 80.0], [np.inf, 70.0], [np.inf, 60.0]])
    error, central = ((0.0, 0.0), (300.0, 0.0), (300.0, 1.0), (0.5, 0.0))[seed % 4]
    timing = np.zeros((1, 9))
    timing[0, HANDOVER_ERROR] = error
    timing[0, 8] = central
    assert bool(timing_of(timing[0]).central) == bool(central)
    game: Any = SimpleNamespace(
        sensors=SimpleNamespace(networked=["networked"], cueing=None, track_starts=[0, 1]),
        batteries=SimpleNamespace(
            rows=np.arange(5.0)[:, None], sites=np.zeros(5, dtype=np.int16), **dict.fromkeys(names)
        ),
        presence=SimpleNamespace(alerts=alerts, batteries=bits, arrivals=arrivals),
        timing=timing,
    )
    spare = np.zeros((4, 4))
    gathered: Any = SimpleNamespace(
        members=spare, latencies=spare, looking=spare, own=np.zeros((5, 4)), supporters=None
    )
    room: Any = SimpleNamespace(
        covers=None, first=None, cue=None, tracks=np.zeros((4, 1, 3, 2)), arc=None, stretches=None, found=np.array([5]),
        delays=spare, sums=None, prediction=None, scratch=SimpleNamespace(firm=spare),
        favourite=np.array([int(random.integers(5))]), judged=np.array([3]),
    )  # fmt: skip
    for coalition in range(4):
        stood = [plain(stands)(coalition, bits[place]) for place in range(5)]
        here = [commits[place] if stood[place] else np.inf for place in range(5)]
        order = [(int(room.favourite[0]) + later) % 5 for later in range(5)]
        expected, most = tried(order, here, told, required)
        before = int(room.favourite[0])
        del calls[:]
        room.found[0] = 5
        found = plain(coalitions.shots_of_coalition)(
            SimpleNamespace(row=row), 7, 1, coalition, required, game, 20.0, gathered, room
        )
        assert (calls, found) == (expected, most)
        assert room.favourite.tolist() == [expected[-1][0] if most >= required else before]
        assert seen["alert"] == {0: 60.0, 1: 60.0, 2: 70.0, 3: 70.0}[coalition]
        assert (seen["every"], seen["networked"]) == (error > 0.0 and not central, "networked")
        assert (room.judged.tolist(), room.found.tolist()) == ([4 + coalition], [-1])


def test_working_arrays_have_the_shapes_that_they_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four radars in two sets of three at most, of a path of nine nodes; rooms of predictions of 7, 5 and 2."""
    for module in (evaluation, coalitions):
        monkeypatch.setattr(module, "prediction_scratch", lambda widest: ("predicted", widest))
        monkeypatch.setattr(module, "scratch_for", lambda *given: ("scratch", *(int(one) for one in given)))
    sensors: Any = SimpleNamespace(
        radars=np.zeros((4, 2)), members=np.array([[3, 1, 0], [2, 0, 0]]), sizes=np.array([2, 1]),
        cueing=np.arange(20.0).reshape(4, 5), sensors=np.arange(24.0).reshape(4, 6),
    )  # fmt: skip
    batteries: Any = SimpleNamespace(rows=np.zeros((6, 8)), sites=np.array([0, 2, 1, 2, 4, 0]))
    defences: Any = SimpleNamespace(subsets=np.zeros((70, 2)))
    most, room = np.zeros(1, dtype=np.int64), (7, 5, 2)
    looking, packed = STRETCH_COLUMNS, PACKED
    for name in ("_track_cache", "_look_cache"):
        monkeypatch.setattr(evaluation, name, plain(getattr(evaluation, name)))
    work = plain(evaluation._workspace)(sensors, batteries, defences, 3, 9, room, most)
    tracks, looks, memory = work.tracks, work.looks, work.memory
    assert (tracks.covered.tolist(), tracks.followed.tolist()) == ([-1] * 4, [-1] * 2)  # of no flight
    assert (tracks.covers.shape, tracks.tracks.shape) == ((4, 3, 3), (2, 3, 1, 3, 2))
    assert [one.shape for one in (tracks.states, tracks.clearances, tracks.first, tracks.cue)] == [
        (9,),
        (9,),
        (3,),
        (3,),
    ]
    assert tracks.most is most
    assert (looks.arc.shape, looks.stretches.shape, looks.found.shape) == ((7, 5), (2, 5, looking), (2, 1))
    assert (looks.delays.shape, looks.sums.shape, looks.scratch) == ((3,), (2, 5, 2, packed), ("predicted", 3))
    late = sensors.cueing[:, LATENCY]
    assert looks.latencies.tolist() == [[late[3], late[1], 0.0], [late[2], 0.0, 0.0]]
    assert looks.sensors.tolist() == [
        [[18, 19, 20, 21, 22, 23], [6, 7, 8, 9, 10, 11], [0] * 6],
        [[12, 13, 14, 15, 16, 17], [0] * 6, [0] * 6],
    ]
    assert work.scratch == ("scratch", 9, 3, 3, 6, 5)
    assert (memory.known.tolist(), memory.expected.tolist()) == ([[0, 0], [0, 0]], [-1, -1])  # all may meet the first
    assert memory.favourites.tolist() == [0] * 70
    game: Any = SimpleNamespace(sensors=sensors, batteries=batteries)
    made = plain(coalitions.room_for)(game, 3, 9, room, most)
    assert (made.covers.shape, made.tracks.shape) == ((4, 3, 3), (3, 1, 3, 2))
    assert [one.shape for one in (made.states, made.clearances, made.first, made.cue)] == [(9,), (9,), (3,), (3,)]
    assert (made.arc.shape, made.stretches.shape, made.found.shape) == ((7, 5), (5, looking), (1,))
    assert (made.delays.shape, made.sums.shape, made.prediction) == ((3,), (5, 2, packed), ("predicted", 3))
    assert made.scratch == ("scratch", 9, 3, 3, 6, 5)
    assert (made.favourite.tolist(), made.judged.tolist()) == ([0], [0])
    assert made.most is most
    gathered = plain(coalitions._gathered_for)(3, 6, 4)
    assert [one.shape for one in gathered] == [(3,), (3,), (3, 6), (4, 3), (4, 3)]
    families = plain(_families_for)(5, 8)
    assert (families.counts.tolist(), [one.shape for one in families[1:]]) == ([0, 0, 0], [(5,), (8,), (8,)])


@pytest.mark.parametrize("predicted", [0.0, 0.5])
def test_room_for_predictions_is_asked_for_where_there_are_any(
    predicted: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(coalitions, "most_nodes", lambda *_: 11)
    monkeypatch.setattr(coalitions, "room_for_prediction", lambda *given: (asked.append(given[2:]), (1, 2, 3))[1])
    timing = np.zeros((1, 9))
    timing[0, HANDOVER_ERROR] = predicted
    game: Any = SimpleNamespace(timing=timing, sensors=SimpleNamespace(sensors=None))
    assert coalitions.space_for(np.zeros((1, COLUMNS)), game, 20.0, 3) == (11, (1, 2, 3))
    assert asked == [(3, predicted > 0.0)]


@pytest.mark.parametrize("predicted", [0.0, 0.5])
@pytest.mark.parametrize("aims", [None, [0, 0, 0], [0, 1, 3]])
def test_flights_are_evaluated_in_pieces_that_share_no_aim_point(
    predicted: float, aims: list[int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces: dict[int, Any] = {}

    def flights(rows: Any, classes: Any, *rest: Any) -> None:
        (*_, work, mine, opened, shots) = rest
        pieces[int(rows[0, 0])] = (len(rows), classes.tolist(), mine.tolist(), opened.shape, bool(opened.any()))
        work[0] = 2 + rows[0, 0]
        shots[:] = rows[:, :1].astype(np.int8) + np.array([0, 10], dtype=np.int8)

    rooms: list[Any] = []
    monkeypatch.setattr(evaluation, "_CHUNK", 2)
    monkeypatch.setattr(evaluation, "most_nodes", lambda *_: 9)
    monkeypatch.setattr(evaluation, "room_for_prediction", lambda *given: rooms.append(given[2:]))
    monkeypatch.setattr(evaluation, "_workspace", lambda sensors, batteries, defences, slots, nodes, room, most: most)
    monkeypatch.setattr(evaluation, "_evaluate_flights", flights)
    timings = np.zeros((2, 9))
    timings[1, HANDOVER_ERROR] = predicted
    defences: Any = SimpleNamespace(radar_sets=np.zeros(2, dtype=np.int16), timings=timings)
    rows = np.zeros((3, COLUMNS))
    rows[:, 0] = [0, 1, 2]
    sensors: Any = SimpleNamespace(sensors=None)
    by_aim = None if aims is None else (np.array(aims, dtype=np.int32), np.array([0, 1, 3]))
    found, most = evaluation.evaluate(
        rows, np.array([5, 6, 7], dtype=np.int16), sensors, None, defences, 20.0, 3, by_aim
    )  # type: ignore[arg-type]
    assert found.tolist() == ([[0, 1, 2], [10, 11, 12]])
    assert rooms == [(3, predicted > 0.0)]
    if aims is None:
        assert pieces == {0: (2, [5, 6], [], (1, 0), False), 2: (1, [7], [], (1, 0), False)}
        assert most == 4
    else:
        shape = (max(aims) + 1, 2)
        assert pieces == {0: (1, [5], aims[:1], shape, False), 1: (2, [6, 7], aims[1:], shape, False)}
        assert most == 3


def test_batteries_may_launch_by_the_first_firm_track_and_its_report(monkeypatch: pytest.MonkeyPatch) -> None:
    firm = np.array([70.0, 60.0, np.inf])
    monkeypatch.setattr(
        evaluation, "firm_times", lambda tracks, flight, burnout, least, found: found.__setitem__(slice(None), firm)
    )
    monkeypatch.setattr(evaluation, "commit_by", lambda row, own, found, remote, timing: (row[0], own[0], remote))
    scratch: Any = SimpleNamespace(firm=np.zeros(3), commits={})
    batteries: Any = SimpleNamespace(rows=np.arange(4.0)[:, None], own_radars=np.arange(4)[:, None] + 10)
    timing: Any = SimpleNamespace(firm_track=20.0)
    given = (np.zeros(COLUMNS), timing, np.zeros((3, 1, 2, 2)), np.array([5.0, 20.0, 0.0]), batteries, 1, 3, scratch)
    plain(evaluation._commits)(*given)
    assert scratch.commits == {1: (1.0, 11, 75.0), 2: (2.0, 12, 75.0)}


def test_one_defence_that_is_opened_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "_shots_of_defence", lambda *_: 1)
    monkeypatch.setattr(evaluation, "sample_positions", lambda *_: (1, 2))
    table = SimpleNamespace(
        radar_sets=np.zeros(1, np.int16),
        subsets=_bits([[]]),
        supersets=_bits([[]]),
        required_shots=np.ones(1, np.int16),
    )
    for opened, told in (([True], -7), ([False], 1), ([], 1)):
        memory = SimpleNamespace(known=np.zeros((2, 1), dtype=np.int64), expected=np.full(1, -1, dtype=np.int64))
        shots = np.full(1, -7, dtype=np.int8)
        given = (np.zeros(COLUMNS), 5, 0, None, None, table, 20.0, works(memory), np.array(opened, dtype=np.bool_))
        plain(_evaluate_flight)(*given, shots)
        assert shots.tolist() == [told]


@pytest.mark.parametrize(("required", "room"), [(1, 8), (2, 8), (2, 16), (2, 7)])
def test_a_table_says_of_every_coalition_of_those_that_matter_whether_it_has_the_shots(
    required: int, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter, asked = 0b1010010, []

    def shots(course: Any, number: int, threat: int, coalition: int, enough: int, *_: Any) -> int:
        asked.append((int(coalition), enough))
        return min(enough, int(coalition).bit_count())

    monkeypatch.setattr(winning_sets, "shots_of_coalition", shots)
    table = np.zeros(room, dtype=np.bool_)
    told = plain(_tabulate)(None, 0, 0, matter, required, None, 20.0, None, None, table)
    assert told == (room >= 8)
    if not told:
        assert not asked
        return
    subsets = [0, 0b10, 0b10000, 0b10010, 0b1000000, 0b1000010, 0b1010000, 0b1010010]
    assert asked == [(mask, required) for mask in subsets]
    assert table.tolist() == [mask.bit_count() >= required for mask in subsets] + [False] * (room - 8)


def flights_of(patch: pytest.MonkeyPatch, matters: list[tuple[int, int]]) -> Any:
    """Return flights to which the players of so many sensors and batteries matter; the second has no arc."""
    rows = np.zeros((len(matters), COLUMNS))
    rows[1, STATUS] = 1.0
    patch.setattr(winning_sets, "sample_positions", lambda *_: (1, 2))
    patch.setattr(winning_sets, "see", lambda course, threat, *_: matters[int(threat)][0])
    patch.setattr(winning_sets, "in_reach", lambda course, number, *_: matters[number][1])
    return rows, np.arange(len(matters), dtype=np.int16)


def test_the_games_of_flights_are_learned_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    families = [[0b0011, 0b0100], [0b0001], [0b0011, 0b0101], [], [0b0011, 0b0101, 0b0110]]
    games = Games(monkeypatch, families)
    rows, classes = flights_of(monkeypatch, [(0b0011, 0b1100), (0, 0), (0b10001, 0b0110), (15, 15), (7, 7)])
    sizes, found = np.zeros(5, dtype=np.int16), np.zeros((5, 2), dtype=np.int64)
    known, guessed = _families_for(2, 32), _families_for(2, 32)
    room: Any = SimpleNamespace(scratch=SimpleNamespace(path=None))
    plain(_learn_flights)(rows, classes, 0b1111, None, 20.0, None, room, known, guessed, sizes, found)
    assert sizes.tolist() == [2, 0, 2, 0, NO_ROOM]
    assert [set(row.tolist()) for row in found[[0, 2]]] == [{0b0011, 0b0100}, {0b0011, 0b0101}]
    assert not found[[1, 3]].any()
    assert {number for number, _ in games.asked} == {0, 2, 3, 4}
    assert [mask for number, mask in games.asked if number == 3] == [0b1111]  # all together lose
    assert max(mask for number, mask in games.asked if number == 2) == 0b1111
    asked = [mask for number, mask in games.asked if number == 2]
    assert asked[1:3] == [0b0111 & ~0b0101, 0b0111 & ~0b0110]  # what the flight before leaves of those that matter
    assert sorted(guessed.winning[: guessed.counts[0]].tolist()) == [0b0011, 0b0101]
    assert (NO_ROOM, MOST_PLAYERS) == (-1, 62)


def test_the_tables_of_flights_are_those_of_the_players_that_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, classes = flights_of(monkeypatch, [(0b0001, 0b0100), (0, 0), (0b10001, 0b0110), (0, 0)])
    monkeypatch.setattr(winning_sets, "_tabulate", plain(_tabulate))
    monkeypatch.setattr(
        winning_sets, "shots_of_coalition", lambda c, n, t, coalition, *_: 2 if int(coalition) & 0b100 else 0
    )
    matters, tables = np.full(4, 99, dtype=np.int64), np.zeros((4, 4), dtype=np.bool_)
    room: Any = SimpleNamespace(scratch=SimpleNamespace(path=None))
    plain(_tabulate_flights)(rows, classes, 0b1111, 2, None, 20.0, None, room, matters, tables)
    assert matters.tolist() == [0b0101, 99, -1 - 0b0111, 0]
    assert tables[0].tolist() == [False, False, True, True]
    assert not tables[1:].any()


def test_sensors_that_see_a_flight_from_its_first_node_on_are_gathered() -> None:
    """Of four sensors one never sees it, one does from node 0 on, and one stands without player 1 alone."""
    covers = np.full((4, 2, 3), -1, dtype=np.int16)
    covers[1, 0], covers[2, 0], covers[3, 0] = (0, 0, 4), (2, 2, 5), (3, 4, 6)
    presence = SimpleNamespace(sensors=np.array([[1, 0], [1, 0], [0, 2], [1, 1]]))
    table = SimpleNamespace(cueing=np.arange(20.0).reshape(4, 5), sensors=np.arange(12.0).reshape(4, 3))
    batteries = SimpleNamespace(rows=np.zeros((2, 1)), own=np.eye(2, 4, 2) > 0, supporters=np.eye(2, 4, 1) > 0)
    game: Any = SimpleNamespace(presence=presence, sensors=table, batteries=batteries)
    for coalition, every, expected in (
        (0b01, False, [1, 2, 3]), (0b11, False, [1, 3]), (0b11, True, [0, 1, 3]), (0b10, False, [3]),
        (0b00, True, [2, 3]),
    ):  # fmt: skip
        gathered = SimpleNamespace(
            members=np.full(4, -9), latencies=np.zeros(4), looking=np.zeros((4, 3)),
            own=np.zeros((2, 4), bool), supporters=np.zeros((2, 4), bool),
        )  # fmt: skip
        size = plain(coalitions._gather)(coalition, every, game, covers, gathered)
        assert size == len(expected)
        assert gathered.members[:size].tolist() == expected
        assert gathered.latencies[:size].tolist() == table.cueing[expected, LATENCY].tolist()
        assert np.array_equal(gathered.looking[:size], table.sensors[expected])
        assert np.array_equal(gathered.own[:, :size], batteries.own[:, expected])
        assert np.array_equal(gathered.supporters[:, :size], batteries.supporters[:, expected])


def test_players_matter_whose_sensors_see_a_flight_or_whose_alerts_come(monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = [0, 2, 1, 0], []

    def cover(*given: Any) -> int:
        asked.append(given[6:10])
        return found[len(asked) - 1]

    monkeypatch.setattr(coalitions, "cover_flight", cover)
    presence = SimpleNamespace(
        sensors=np.array([[0b1, 0], [0b10, 0], [0, 0b100], [0b1000, 0b10000]]),
        alerts=np.array([[0b100000, 0], [0, 0b1000000], [0b10000000, 0]]),
        arrivals=np.array([[np.inf, 1.0], [60.0, np.inf], [90.0, 1.0]]),
    )
    squared = np.arange(8.0).reshape(4, 2)
    sensors = SimpleNamespace(
        radars=np.arange(4), boresights=np.arange(4), search_squared=squared, track_squared=-squared, networked=[True]
    )
    room: Any = SimpleNamespace(covers=np.zeros((4, 2, 3), np.int16), states=None, clearances=None, most=np.array([1]))
    course: Any = SimpleNamespace(row=None, path=None, boost=1, nodes=2)
    game: Any = SimpleNamespace(sensors=sensors, presence=presence)
    assert plain(coalitions.see)(course, 0, game, room) == 0b11000110
    assert room.most.tolist() == [2]
    assert asked == [(place, place, squared[place, 0], -squared[place, 0]) for place in range(4)]
    assert (room.covers == -1).all()
    del asked[:]
    sensors.networked = [False]
    assert plain(coalitions.see)(course, 1, game, room) == 0b110


@pytest.mark.parametrize(("central", "error"), [(True, 3000.0), (False, 3000.0), (True, 0.5)])
def test_with_support_predicted_every_coalition_has_the_shots_of_the_defence_that_it_is(
    central: bool, error: float
) -> None:
    """Two players, one with two radars and a battery, one with two others and the satellite; a radar is of both."""
    whole = drawn_defence(np.random.default_rng(16))
    whole = replace(whole, timing=replace(whole.timing, handover_error=error, central=central))
    sensors = np.array([[1, 0], [1, 0], [2, 0], [3, 0], [2, 0]])
    batteries = np.array([[1, 0], [3, 0], [2, 0]])
    presence = Presence(sensors, batteries, np.array([[2, 0]]), np.array([[60.0, 85.0]]))
    game = game_of(whole, presence, drawn.straight_reach)
    some = [0, 4, 7]
    rows, classes = elements()[some], CLASSES[some]
    found = tabulated_coalitions(rows, classes, game, 3, 1, STEP, SLOTS, 4)
    for coalition in range(4):
        here = [place for place in range(5) if sensors[place, 0] & coalition]
        armed = [place for place in range(3) if batteries[place, 0] & coalition]
        alerts = (60.0, 85.0) if coalition & 2 else (math.inf, math.inf)
        mine = replace(kept(whole, here, armed), alerts=alerts)
        met = best_shots(rows, classes, [mine], [1], drawn.straight_reach, STEP, [slice(0, len(some))])[0]
        for index, matter in enumerate(found.matters.tolist()):
            players = [player for player in range(2) if matter >> player & 1]
            place = sum((coalition >> player & 1) << rank for rank, player in enumerate(players))
            assert found.tables[index, place] == met[index]
    assert error < 1.0 or found.tables.any()
