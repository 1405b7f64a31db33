"""The parts of values of subsets one by one: units, ties, rooms that grow, limits, and who is a player."""

from __future__ import annotations

import inspect
import math
from dataclasses import replace
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

import hoplon
from hoplon.analysis.subsets import family_values, learning, values, winning
from hoplon.analysis.subsets.asked import SubsetsAsked, attribute, survive
from hoplon.analysis.subsets.attribution import ORDERS, PlayerContribution, attribution, ranked
from hoplon.analysis.subsets.family_values import FamilyValues
from hoplon.analysis.subsets.judged import share_of
from hoplon.analysis.subsets.learning import LearnedCoalitions, _Judge
from hoplon.analysis.subsets.place_shares import PlaceShares
from hoplon.analysis.subsets.players import Player, player_title, players_of
from hoplon.analysis.subsets.restrictions import Roster
from hoplon.analysis.subsets.scope import scope_of
from hoplon.analysis.subsets.shares import mean_of_pairs, owen_values
from hoplon.analysis.subsets.survivability import _cut_sets, _first, survival
from hoplon.analysis.subsets.tables import SimpleGame
from hoplon.analysis.subsets.values import CoalitionValues
from hoplon.analysis.subsets.winning import DefendedBy, _all_won
from hoplon.defence.coalitions import Presence
from hoplon.defence.winning_sets import NO_ROOM, Tabulated, Winning
from hoplon.errors import InputError
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Cited, Place
from subset_cases import EQUAL, NATIONS, Case

# --- values -----------------------------------------------------------------------------------------------------------


def in_units(case: Case, unit: float) -> CoalitionValues:
    """Return the values of a case with its weights in another unit, and a nation that nothing threatens."""
    scope = replace(case.values.by.scope, weight=case.weight * unit, nations=(*NATIONS, "DDD"))
    return CoalitionValues(replace(case.values.by, scope=scope))


@pytest.mark.parametrize("value", ["population", "worst_nation"])
def test_shares_do_not_depend_on_the_unit_of_weight_or_on_nations_that_nothing_threatens(value: str) -> None:
    case = Case(3, 5, value)
    told = survival(case.values, case.group)
    for unit in (1e-6, 10.0):
        scaled = in_units(case, unit)
        found = survival(scaled, case.group)
        for row, other in zip(found.by_losses, told.by_losses, strict=True):
            assert row.mean == pytest.approx(other.mean, abs=EQUAL)
            assert row.worst is not None
            assert other.worst is not None
            assert row.worst.value == pytest.approx(other.worst.value, abs=EQUAL)
        assert found.cut_sets == told.cut_sets
        shares = attribution(scaled, case.group, support="held").contributions
        for one, expected in zip(
            shares, attribution(case.values, case.group, support="held").contributions, strict=True
        ):
            assert one.shapley == pytest.approx(expected.shapley, abs=EQUAL)
        assert scaled.table() == pytest.approx(case.values.table(), abs=EQUAL)
        assert scaled.values(np.arange(32)) == pytest.approx(case.values.table(), abs=EQUAL)
        assert [code for code, _ in scaled.tables_by_nation()] == list(NATIONS)
        everyone = np.array(case.values.by.threatened) & scaled.by.defended(31)
        share = share_of(scaled.by.scope, scaled.by.threatened, everyone)
        assert share == pytest.approx(case.v(frozenset(range(5))), abs=EQUAL)


def test_a_share_is_never_more_than_all_or_less_than_nothing() -> None:
    """What sums of a different order exceed by rounding is cut off: here by far more."""
    for value in ("population", "worst_nation"):
        case = Case(3, 3, value)
        whole = case.values.threatened
        assert case.values.valued(np.array([1.05 * whole, 0.5 * whole])) == pytest.approx([1.0, 0.5])
        vars(case.values)["dividends"] = np.array([0, 1]), np.array([1.05 * whole, -2.0 * whole])
        assert case.values.table().tolist() == [1.0, 0.0] * 4
        assert all(shares.tolist() == [1.0, 0.0] * 4 for _, shares in case.values.tables_by_nation())


@pytest.mark.parametrize("value", ["population", "worst_nation"])
def test_values_are_the_same_in_pieces(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(4, 5, value)
    every = np.arange(32)
    whole = case.values.values(every)
    monkeypatch.setattr(values, "_COALITIONS_A_PIECE", 5)
    assert np.array_equal(case.values.values(every), whole)
    assert case.values.values(every[:0]).shape == (0,)


def families(value: str) -> FamilyValues:
    """Return values of three players: places of two flights each, in two nations, and one that stands anyway."""
    scope: Any = SimpleNamespace(
        weight=np.array([1.0, 2.0, 3.0, 0.25, 5.0]),
        nation=np.array([0, 1, 0, 1, 2]),
        nations=("A", "B", "C"),
        value=value,
    )
    roster: Any = SimpleNamespace(players=(Player("a", ()), Player("b", ()), Player("c", ())))
    flights, known = ((0,), (0, 1), (2,)), ((0b011, 0b100), (0b010,), (0b000,))
    threatened = np.array([True, True, True, True, False])
    return FamilyValues(DefendedBy(scope, roster, threatened, np.array([0, 1, 2, 1, -1]), (), flights, known, 0, 0))


@pytest.mark.parametrize("piece", [3, 1 << 14])
def test_values_of_families_are_those_of_places_looked_up(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(family_values, "_COALITIONS_A_PIECE", piece)
    every = np.arange(8)
    met = [[(c & 3) == 3 or bool(c & 4), (c & 6) == 6 or (c & 3) == 3] for c in range(8)]
    amounts = [[1.0 * one + 3.0, 2.25 * two, 0.0] for one, two in met]
    worst, people = families("worst_nation"), families("population")
    assert worst.amounts_of(every) == pytest.approx(np.array(amounts))
    shares = [min(a / 4.0, b / 2.25) for a, b, _ in amounts]
    for found in (worst.values(every), worst.lattice((0, 1, 2))):
        assert found == pytest.approx(shares)
    for found in (people.values(every), people.lattice((0, 1, 2))):
        assert found == pytest.approx([sum(row) / 6.25 for row in amounts])
    assert [people.value(c) for c in range(8)] == pytest.approx([sum(row) / 6.25 for row in amounts])


def test_every_coalition_of_25_players_is_given_a_value_and_of_no_more() -> None:
    Case(1, 25).values._refuse_many()
    with pytest.raises(InputError, match="26 players have 67,108,864 coalitions; 25 players is the most"):
        Case(1, 26).values._refuse_many()


# --- losses -----------------------------------------------------------------------------------------------------------


def test_values_tie_within_a_billionth_and_the_set_with_the_earlier_player_is_the_first() -> None:
    sets = np.array([0b110, 0b101, 0b011, 0b1001])
    assert _first(sets, np.array([0.5, 0.5 + 0.95e-9, 0.5 + 1.05e-9, 0.6]), 0.5, 4) == (0b101, 2)
    assert _first(sets, np.array([0.5, 0.6, 0.7, 0.8]), 0.5, 4) == (0b110, 1)
    assert _first(sets, np.array([0.5, 0.5, 0.5, 0.5]), 0.5, 4) == (0b011, 4)


def one_nation(tables: list[Any]) -> Case:
    """Return a case of places of weight 1 in one nation, a place for each game."""
    case = Case(1, 3)
    count = len(tables)
    scope = replace(
        case.values.by.scope,
        nations=("AAA",),
        points=case.values.by.scope.points.subset(np.arange(count)),
        weight=np.ones(count),
        nation=np.zeros(count, dtype=np.intp),
    )
    games = tuple(SimpleGame(players, np.array(table)) for players, table in tables)
    by = replace(case.values.by, scope=scope, threatened=np.ones(count, bool), kind=np.arange(count), kinds=games)
    case.values = CoalitionValues(by)
    return case


def test_a_share_of_just_the_threshold_is_not_below_it() -> None:
    """Two places, of players 0 and 1; then two more that nobody defends."""
    both: list[Any] = [((0,), [False, True]), ((1,), [False, True])]
    found = _cut_sets(one_nation(both).values, ("a", "b", "c"), 0.5)
    assert found == {"AAA": (("a", "b"),)}
    assert _cut_sets(one_nation(both).values, ("a", "b", "c"), 0.51) == {"AAA": (("a",), ("b",))}
    never: list[Any] = [((), [False])] * 2
    assert _cut_sets(one_nation(both + never).values, ("a", "b", "c"), 0.5) == {"AAA": (("a",), ("b",))}
    assert _cut_sets(one_nation(both + never).values, ("a", "b", "c"), 0.51) == {}
    every = one_nation([((0, 1, 2), [False] + [True] * 7)]).values  # all three have to be lost
    assert _cut_sets(every, ("a", "b", "c"), 0.5) == {"AAA": (("a", "b", "c"),)}


def test_who_is_always_there_is_not_one_of_the_20_that_may_be_away() -> None:
    case = Case(14, 22)
    often = [1.0, 1.0, *[0.5 + 0.02 * place for place in range(20)]]
    players = tuple(replace(one, availability=often[place]) for place, one in enumerate(case.players))
    found = survival(case.values, replace(case.group, players=players), most_losses=0).available
    assert found is not None
    assert found.p50 is not None
    worst = Case(14, 22, "worst_nation")
    away = tuple(replace(one, availability=0.9) for one in worst.players)
    with pytest.raises(InputError, match="more than 20 players may be away"):
        survival(worst.values, replace(worst.group, players=away), most_losses=0)


def test_the_distribution_of_one_player_that_may_be_away_has_two_values() -> None:
    case = one_nation([((0,), [False, True]), ((), [True])])
    for chance, ends in ((0.9, (0.5, 1.0, 1.0)), (0.5, (0.5, 0.5, 1.0)), (0.04, (0.5, 0.5, 0.5))):
        players = tuple(
            replace(one, availability=chance if place == 0 else 1.0) for place, one in enumerate(case.players)
        )
        found = survival(case.values, replace(case.group, players=players)).available
        assert found is not None
        assert (found.p05, found.p50, found.p95) == pytest.approx(ends)
        assert found.value == pytest.approx(0.5 + 0.5 * chance)


def test_losses_of_half_uncover_and_seeds_are_1_by_default() -> None:
    case = Case(2, 4)
    assert survival(case.values, case.group).uncovered_share == 0.5
    assert survival(case.values, case.group).cut_sets == survival(case.values, case.group, uncovered_share=0.5).cut_sets
    for asked, named in (
        (survive, {"uncovered_share": 0.5, "seed": 1, "most_losses": None}),
        (attribute, {"orders": 256, "seed": 1, "both": True, "absent": "nothing", "support": None}),
        (attribution, {"orders": 256, "seed": 1, "absent": "nothing"}),
        (survival, {"uncovered_share": 0.5, "seed": 1, "most_losses": None}),
    ):
        given = inspect.signature(asked).parameters  # what the manual says of the commands
        assert {name: given[name].default for name in named} == named
    assert ORDERS == 256


# --- contributions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "count", "method"),
    [("population", 25, "exact"), ("population", 26, "sampled"), ("worst_nation", 21, "sampled")],
)
def test_values_of_few_players_are_exact(value: str, count: int, method: str) -> None:
    case = Case(2, count, value)
    found = attribution(case.values, case.group, support="held", orders=2)
    assert found.method == method
    assert (found.contributions[0].low is None) == (method == "exact")
    assert (found.contributions[0].owen is None) == (value == "worst_nation")
    assert bool(found.owners) == bool(found.interactions) == (value != "worst_nation")


def test_contributions_are_ranked_by_size_and_those_alike_in_order() -> None:
    shares = {"a": 0.1, "b": 0.3, "c": 0.3 + 3e-10, "d": 0.2, "e": -0.1}
    made = [PlayerContribution(name, None, share, 0.0, 0.0, None, {}) for name, share in shares.items()]
    assert [one.name for one in ranked(made)] == ["b", "c", "d", "a", "e"]


def test_one_pair_of_orders_has_no_interval_and_no_union_no_value() -> None:
    mean, half = mean_of_pairs(np.array([[[2.0], [4.0]]]))
    assert mean.tolist() == [[2.0], [4.0]]
    assert np.isnan(half).all()
    assert owen_values(np.array([0, 1]), np.array([1.0, 2.0]), []).shape == (0,)


def test_the_pivot_is_the_first_of_those_with_a_billionth_less_than_the_most() -> None:
    rows = [[0.5, 0.5 + 0.95e-9], [0.5, 0.5 + 1.05e-9], [0.95e-9, 0.0], [0.0, 1.05e-9], [-0.5, -0.25]]
    shares = PlaceShares(("a", "b"), np.array(rows), np.array([0, 1, 2, 3, 4, -1]))
    assert [shares.pivot(place) for place in range(6)] == ["a", "b", None, "b", "b", None]
    assert PlaceShares((), np.zeros((1, 0)), np.array([0])).pivot(0) is None


# --- what is learned --------------------------------------------------------------------------------------------------


def judge(**changes: Any) -> _Judge:
    """Return a judge of flights that was not made from a scenario."""
    found = object.__new__(_Judge)
    known = {"kinds": learning.FlightKinds(), "judged": 0, "_slots": 3, "_family": 16, "_required": 1, "_everyone": 7}
    vars(found).update(known | changes)
    return found


class Flown:
    """So many flights, numbered in their elements."""

    def __init__(self, count: int) -> None:
        self.elements, self.classes = np.arange(count)[:, None], np.zeros(count, dtype=np.int16)

    def __len__(self) -> int:
        return len(self.classes)


def test_rooms_for_covers_and_families_grow_until_they_suffice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def told(elements: Any, classes: Any, game: Any, everyone: int, step: float, slots: int, room: int) -> Winning:
        asked.append((everyone, slots, room))
        sizes = np.array([2, NO_ROOM if room < 100 else 3, 0, 2], dtype=np.int16)
        rows = np.zeros((4, room), dtype=np.int64)
        rows[0, :2], rows[1, :3], rows[3, :2] = (6, 1), (1, 2, 4), (1, 6)
        return Winning(sizes, rows, 5 if slots < 5 else slots, 10)

    monkeypatch.setattr(learning, "winning_coalitions", told)
    made = judge()
    found, place_of = made._families(Flown(4), None)  # type: ignore[arg-type]
    assert asked == [(7, 3, 16), (7, 5, 16), (7, 5, 64), (7, 5, 256)]
    assert [found[place] for place in place_of] == [(1, 6), (1, 2, 4), (), (1, 6)]
    assert len(found) == 3
    assert made.judged == 10
    again = made._learned(Flown(4), None)  # type: ignore[arg-type]
    assert again[0] == again[3]
    assert [made.kinds.games[kind] for kind in again] == [(1, 6), (1, 2, 4), (), (1, 6)]
    assert made.judged == 20


def test_a_flight_has_4096_minimal_winning_coalitions_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = []

    def told(*given: Any) -> Winning:
        rooms.append(given[-1])
        return Winning(np.array([NO_ROOM], np.int16), np.zeros((1, given[-1]), np.int64), 1, 1)

    monkeypatch.setattr(learning, "winning_coalitions", told)
    with pytest.raises(InputError, match="more than 4,096 minimal winning coalitions"):
        judge()._families(Flown(1), None)  # type: ignore[arg-type]
    assert rooms == [16, 64, 256, 1024, 4096]


def test_tables_of_flights_are_made_in_pieces_with_the_room_that_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two players matter to the flights but the last, to which a third does too: it needs the room of eight."""
    asked = []

    def told(elements: Any, classes: Any, game: Any, everyone: int, required: int, *rest: Any) -> Tabulated:
        _, slots, room = rest
        numbers = elements[:, 0].tolist()
        asked.append((numbers, required, slots, room))
        matters = np.array([7 if number == 4 else 6 for number in numbers])
        tables = np.zeros((len(numbers), room), dtype=np.bool_)
        for row, number in zip(tables, numbers, strict=True):
            if number == 4:
                row[7:8] = True  # all three
            elif number < 3:
                row[2:4] = True  # the second of the two alone: bit 2
        short = np.array([1 << int(matter).bit_count() > room for matter in matters])
        return Tabulated(np.where(short, -1 - matters, matters), tables, 4, 3)

    monkeypatch.setattr(learning, "tabulated_coalitions", told)
    monkeypatch.setattr(learning, "_TABLE_BYTES", 16)
    made = judge(_everyone=0b110, _required=2)
    kinds = made._tabulated(Flown(5), None)  # type: ignore[arg-type]
    assert asked == [
        ([0, 1, 2, 3], 2, 3, 4), ([0, 1, 2, 3], 2, 4, 4),  # more covers
        ([4], 2, 4, 4), ([4], 2, 4, 8),  # more coalitions
    ]  # fmt: skip
    games = [made.kinds.games[kind] for kind in kinds]
    told_games = [(game.players, game.table.tolist()) for game in games]
    assert told_games[:3] == [((2,), [False, True])] * 3
    assert told_games[3] == ((), [False])
    assert told_games[4] == ((0, 1, 2), [False] * 7 + [True])
    assert made.judged == 6
    monkeypatch.setattr(learning, "MOST_COALITIONS", 7)
    with pytest.raises(InputError, match="3 players matter to one flight, and 8 coalitions of them"):
        judge(_everyone=0b110)._tabulated(Flown(5), None)  # type: ignore[arg-type]
    monkeypatch.setattr(learning, "MOST_COALITIONS", 8)
    assert len(judge(_everyone=0b110)._tabulated(Flown(5), None)) == 5  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("required", "predicted", "places", "substituted", "expected"),
    [
        (1, False, 4, 0b000, (True, False, False)),
        (2, False, 4, 0b000, (False, True, True)),
        (1, True, 12_500, 0b000, (False, True, True)),  # 12,500 places times eight coalitions are few
        (1, True, 12_501, 0b000, (True, False, False)),
        (1, False, 12_500, 0b001, (True, True, True)),
        (1, False, 12_501, 0b001, (True, False, True)),
        (1, True, 12_501, 0b001, (True, False, True)),
    ],
)
def test_coalitions_are_judged_one_by_one_where_a_player_may_harm_and_they_are_few(
    required: int, predicted: bool, places: int, substituted: int, expected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    defence = SimpleNamespace(
        shots_required=required, batteries=(1,), timing=SimpleNamespace(handover_error=5.0 if predicted else None)
    )
    monkeypatch.setattr(learning, "presence_of", lambda *_: (defence, None))
    monkeypatch.setattr(learning, "game_of", lambda *_: "a game")
    scope: Any = type("Places", (), {"__len__": lambda _: places, "scenario": None, "level": "base"})()
    roster: Any = SimpleNamespace(players=(1, 2, 3), everyone=7, substituted=substituted)
    made = _Judge(None, scope, roster)  # type: ignore[arg-type]
    assert (made._harmless, made._one_by_one, made.by_table) == expected
    defence.batteries = ()
    assert not _Judge(None, scope, roster).by_table  # type: ignore[arg-type]


@pytest.mark.parametrize(("replacing", "one_by_one"), [(6, False), (7, True)])
def test_six_players_whose_absence_brings_an_element_are_gone_through(
    replacing: int, one_by_one: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    timing = SimpleNamespace(handover_error=None)
    defence = SimpleNamespace(shots_required=1, batteries=(1,), timing=timing)
    monkeypatch.setattr(learning, "presence_of", lambda *_: (defence, None))
    monkeypatch.setattr(learning, "game_of", lambda *_: "a game")
    scope: Any = type("Places", (), {"__len__": lambda _: 1000, "scenario": None, "level": "base"})()
    roster: Any = SimpleNamespace(players=tuple(range(10)), everyone=1023, substituted=(1 << replacing) - 1)
    assert _Judge(None, scope, roster)._one_by_one == one_by_one  # type: ignore[arg-type]


def test_things_stand_always_or_never_where_their_players_are_fixed() -> None:
    """Players 0 and 2 are fixed, 0 is present: what 0 brings or the absence of 2 stands, what 2 brings is left to 1."""
    rows = np.array([[0b001, 0], [0b100, 0], [0b110, 0], [0, 0b100], [0, 0b001], [0b010, 0b010], [0, 0b011]])
    pinned = learning._pinned(Presence(rows, rows[:2], rows[3:5], np.zeros((2, 1))), (0, 2), 0b001)
    expected = [[1, 1], [0, 0], [0b010, 0], [1, 1], [0, 0], [0b010, 0b010], [0, 0b010]]
    assert pinned.sensors.tolist() == expected
    assert pinned.batteries.tolist() == expected[:2]
    assert pinned.alerts.tolist() == expected[3:5]


def test_flights_to_2500_places_are_kept_and_to_more_solved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "flown_against", lambda *_: "flown")
    monkeypatch.setattr(learning, "flights_of", lambda *_: "solved")
    monkeypatch.setattr(learning, "kept_flights", lambda *_: "kept")
    for count, store, told in ((2500, "store", "kept"), (2501, "store", "solved"), (10, None, "solved")):
        points = SimpleNamespace(subset=lambda _: None)
        scope: Any = SimpleNamespace(scenario=None, points=points, threats=(), areas=())
        scope = type("Places", (), {"__len__": lambda _, count=count: count, **vars(scope)})()
        asked = LearnedCoalitions(scope, SimpleNamespace(whole=None), store)  # type: ignore[arg-type]
        found: Any = asked._flights(np.arange(count))
        assert found == told


def test_a_place_depends_on_22_players_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    assert winning._MOST_TOGETHER == 22
    first, second, third = (SimpleGame(players, np.array([False] * 3 + [True])) for players in ((0, 1), (2, 3), (3, 4)))
    monkeypatch.setattr(winning, "_MOST_TOGETHER", 4)
    assert _all_won((0, 1), [first, second]).players == (0, 1, 2, 3)
    with pytest.raises(InputError, match="depends on more than 4 players at once"):
        _all_won((0, 1, 2), [first, second, third])
    never = SimpleGame((), np.array([False]))
    assert _all_won((0, 1, 2, 3), [first, second, third, never]) == never
    assert _all_won((2,), [first, second, third]) == third


# --- players, scopes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("apart", "count"), [(0.9e-9, 1), (1.2e-9, 2)])
@pytest.mark.parametrize("axis", ["latitude_deg", "longitude_deg"])
def test_elements_of_one_owner_within_a_billionth_of_a_degree_are_one_site(apart: float, count: int, axis: str) -> None:
    toy = hoplon.load("toy")
    resolved, at = toy.architecture("fast"), {"latitude_deg": 0.5, "longitude_deg": 0.5}
    names = ("deveselu-radar", "deveselu-fast")
    first, second = (
        replace(toy.elements[name], owner="X", site=None, at=Place(**{**at, axis: at[axis] + shift}))
        for name, shift in zip(names, (0.0, apart), strict=True)
    )
    elements = dict(zip(names, (first, second), strict=True))
    assert len(players_of(replace(resolved, elements=MappingProxyType(elements)))) == count
    other = {**elements, "deveselu-fast": replace(first, owner="Y")}
    assert len(players_of(replace(resolved, elements=MappingProxyType(other)))) == 2


def test_a_player_is_there_and_found_unless_an_element_says_otherwise() -> None:
    assert (Player("a", ()).availability, Player("a", ()).location_probability) == (1.0, 1.0)
    toy = hoplon.load("toy")
    resolved = toy.architecture("fast")
    radar = toy.elements["kurecik"]
    bare = replace(radar, availability=None, target_location_probability=None, hardness=None)
    hard = replace(bare, hardness=Cited(0.25), availability=Cited(0.75))
    for element, expected in ((bare, (1.0, 1.0)), (hard, (0.75, 0.75))):
        (one,) = players_of(replace(resolved, elements=MappingProxyType({"kurecik": element}))).players
        assert (one.availability, one.location_probability) == expected
    hub = players_of(resolved)
    assert dict(hub.left_out).keys() == {"hub", "watch"}
    assert "a satellite, which stays" in hub.left_out["watch"]
    assert "a node" in hub.left_out["hub"]
    battery = next(one for one in hub.players if "deveselu-fast" in one.elements)
    armed = toy.elements["deveselu-fast"]
    titled = replace(toy, elements=MappingProxyType({**toy.elements, "deveselu-fast": replace(armed, title="Armed")}))
    assert player_title(titled, battery) == "Armed"
    assert player_title(titled, Player("a name of its own", ("kurecik",))) == "a name of its own"


def places() -> AimPoints:
    return AimPoints(
        np.array(["a", "b", "c", "d"]),
        np.array(["ROU", "GRC", "ROU", "XXX"]),
        np.array([45.0, 46.0, 47.0, 48.0]),
        np.full(4, 25.0),
        np.array([0.5, 0.0, 7.0, 9.0]),
        np.array([0.25, 2.0, 0.0, 4.0]),
        np.full(4, "place"),
    )


def test_of_the_scenario_s_own_places_those_of_members_with_weight_count() -> None:
    toy = hoplon.load("toy")
    store: Any = SimpleNamespace(get=lambda *_: places())
    people = scope_of(store, toy, ["fast", "slow"])
    assert people.points.name.tolist() == ["a", "c"]
    assert people.weight.tolist() == [0.5, 7.0]
    land = scope_of(store, toy, ["fast"], value="area")
    assert land.points.name.tolist() == ["a", "b"]
    assert (land.of, len(land)) == (2, 2)
    given = scope_of(store, toy, ["fast"], points=places(), threats=["irbm"], areas=["centre"])
    assert given.nations == ("ROU", "GRC", "XXX")
    assert given.nation.tolist() == [0, 1, 0, 2]
    assert (given.threats, given.areas, given.level) == (("irbm",), ("centre",), "base")
    assert given.of_nations(["GRC", "XXX"]).weight.tolist() == [0.0, 0.0, 0.0, 9.0]


def test_what_a_scope_holds_is_told_by_16_bytes_that_change_with_it() -> None:
    toy = hoplon.load("toy")
    given = scope_of(None, toy, ["fast"], points=places())  # type: ignore[arg-type]
    moved = replace(places(), latitude_deg=places().latitude_deg + 1e-9)
    others = [
        replace(given, weight=given.weight + 1.0),
        replace(given, nation=given.nation[::-1]),
        replace(given, points=moved),
    ]
    told = [one.content()[-1] for one in (given, *others)]
    assert {len(one) for one in told} == {32}
    assert len(set(told)) == 4


def test_what_is_asked_of_subsets_is_told_as_plain_data() -> None:
    plain = SubsetsAsked(subset=7, threats=("mrbm",)).as_plain("fast", seed=3)
    assert (plain["architecture"], plain["seed"], plain["players"]) == ("fast", 3, "site")
    assert plain["with_satellites"] is False
    assert math.isclose(Case(1, 2).values.threatened.sum(), Case(1, 2).threatened())


def test_a_roster_without_players_always_stands() -> None:
    toy = hoplon.load("toy")
    roster = Roster(toy.architecture("fast"), (), MappingProxyType({}))
    assert (roster.everyone, roster.substituted) == (0, 0)
    assert roster.restricted(0).elements == toy.architecture("fast").elements
    some = Roster(toy.architecture("fast"), (Player("a", ()),) * 3, MappingProxyType({"hub": (1, 0), "watch": (0, 6)}))
    assert (some.everyone, some.substituted) == (7, 6)
    assert "hub" not in some.restricted(0b110).elements
    assert "watch" not in some.restricted(0b110).elements
    assert "watch" in some.restricted(0b011).elements
