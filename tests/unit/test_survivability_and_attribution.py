"""Losses, Shapley values, interactions, Owen values: against sums over orders and subsets written out here."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hoplon import api
from hoplon.analysis.architectures import with_doctrine
from hoplon.analysis.coverage import aim_points
from hoplon.analysis.subsets import sampled
from hoplon.analysis.subsets.asked import SubsetsAsked
from hoplon.analysis.subsets.attribution import attribution
from hoplon.analysis.subsets.place_shares import PlaceTable, place_shares
from hoplon.analysis.subsets.survivability import survival
from hoplon.analysis.subsets.values import CoalitionValues
from hoplon.errors import InputError
from hoplon.scenario.model import Cited
from subset_cases import EQUAL, NATIONS, PLACES, Case, by_orders, subsets


@pytest.mark.parametrize("value", ["population", "worst_nation"])
@pytest.mark.parametrize("number", range(4))
def test_shapley_first_last_and_by_nation_are_means_over_orders(number: int, value: str) -> None:
    case = Case(number, 5, value, harmless=number < 2)
    found = attribution(case.values, case.group, support="held")
    everyone = frozenset(range(5))
    for item, expected in zip(found.contributions, by_orders(case.v, 5), strict=True):
        assert item.shapley == pytest.approx(expected, abs=EQUAL)
    for place, item in enumerate(found.contributions):
        assert item.first_in == pytest.approx(case.v(frozenset({place})) - case.v(frozenset()), abs=EQUAL)
        assert item.last_in == pytest.approx(case.v(everyone) - case.v(everyone - {place}), abs=EQUAL)
    for nation, code in enumerate(NATIONS):
        expected = by_orders(lambda coalition, nation=nation: case.people(coalition, nation), 5)
        assert [item.by_nation[code] for item in found.contributions] == pytest.approx(expected, abs=1e-7)
    assert found.method == "exact"
    assert found.residual == pytest.approx(0.0, abs=EQUAL)
    assert found.threatened == pytest.approx(case.threatened(), rel=1e-12)
    if value == "population":
        for item in found.contributions:
            assert sum(item.by_nation.values()) == pytest.approx(item.shapley * found.threatened, abs=1e-6)


@pytest.mark.parametrize("value", ["population", "worst_nation"])
@pytest.mark.parametrize("number", range(4))
def test_interactions_are_sums_over_subsets(number: int, value: str) -> None:
    count = 5
    case = Case(number, count, value, harmless=number < 2)
    found = attribution(case.values, case.group, support="held")
    told = {(a, b): amount for a, b, amount in found.interactions}
    assert len(told) == 10
    for i, j in combinations(range(count), 2):
        expected = 0.0
        for s in subsets([player for player in range(count) if player not in (i, j)]):
            factor = math.factorial(len(s)) * math.factorial(count - len(s) - 2) / math.factorial(count - 1)
            expected += factor * (case.v(s | {i, j}) - case.v(s | {i}) - case.v(s | {j}) + case.v(s))
        assert told[f"p{i}", f"p{j}"] == pytest.approx(expected, abs=EQUAL)


@pytest.mark.parametrize("value", ["population", "worst_nation"])
@pytest.mark.parametrize("number", range(4))
def test_owen_values_are_sums_over_unions_and_their_players(number: int, value: str) -> None:
    count = 6
    case = Case(number, count, value, harmless=number < 2)
    found = attribution(case.values, case.group, support="held")
    owners = list(dict.fromkeys(player.owner for player in case.players))
    unions = [[place for place, player in enumerate(case.players) if player.owner == owner] for owner in owners]
    m = len(unions)
    for k, union in enumerate(unions):
        for i in union:
            expected = 0.0
            for others in subsets([each for each in range(m) if each != k]):
                quotient = frozenset(player for each in others for player in unions[each])
                for t in subsets([player for player in union if player != i]):
                    factor = math.factorial(len(others)) * math.factorial(m - len(others) - 1) / math.factorial(m)
                    factor *= math.factorial(len(t)) * math.factorial(len(union) - len(t) - 1)
                    factor /= math.factorial(len(union))
                    expected += factor * (case.v(quotient | t | {i}) - case.v(quotient | t))
            assert found.contributions[i].owen == pytest.approx(expected, abs=EQUAL)
    between = by_orders(lambda chosen: case.v(frozenset(p for each in chosen for p in unions[each])), m)
    assert [found.owners[str(owner)] for owner in owners] == pytest.approx(between, abs=EQUAL)


@pytest.mark.parametrize("value", ["population", "worst_nation"])
@pytest.mark.parametrize("number", range(4))
def test_losses_are_those_of_every_set(number: int, value: str) -> None:
    count = 6
    case = Case(number, count, value, harmless=number < 2)
    found = survival(case.values, case.group)
    everyone = frozenset(range(count))
    hits = [player.location_probability for player in case.players]
    assert found.exact
    assert found.coalitions == 64
    assert [row.losses for row in found.by_losses] == list(range(count + 1))
    for row in found.by_losses:
        sets = list(combinations(range(count), row.losses))
        left = [case.v(everyone - set(lost)) for lost in sets]
        assert row.subsets == len(sets)
        assert row.mean == pytest.approx(sum(left) / len(left), abs=EQUAL)
        for extreme, told in ((min(left), row.worst), (max(left), row.best)):
            tied = [lost for lost, amount in zip(sets, left, strict=True) if abs(amount - extreme) <= EQUAL]
            assert told is not None
            assert told.value == pytest.approx(extreme, abs=EQUAL)
            assert told.lost == tuple(f"p{player}" for player in tied[0])
            assert told.ties == len(tied)
        aimed = []
        for lost in sets:
            amount = 0.0
            for struck in subsets(list(lost)):
                chance = math.prod(hits[player] if player in struck else 1.0 - hits[player] for player in lost)
                amount += chance * case.v(everyone - struck)
            aimed.append(amount)
        assert row.located is not None
        assert row.located[0] == pytest.approx(min(aimed), abs=EQUAL)
        first = next(lost for lost, amount in zip(sets, aimed, strict=True) if amount - min(aimed) <= EQUAL)
        assert row.located[1] == tuple(f"p{player}" for player in first)
    for place in range(count):
        assert found.single[f"p{place}"] == pytest.approx(case.v(everyone - {place}), abs=EQUAL)


@pytest.mark.parametrize("number", range(4))
def test_what_is_available_is_the_distribution_over_every_set(number: int) -> None:
    case = Case(number, 6, harmless=number < 2)
    found = survival(case.values, case.group).available
    outcomes = []
    for here in subsets(list(range(6))):
        chance = math.prod(
            player.availability if place in here else 1.0 - player.availability
            for place, player in enumerate(case.players)
        )
        outcomes.append((case.v(here), chance))
    assert found is not None
    assert found.value == pytest.approx(sum(amount * chance for amount, chance in outcomes), abs=EQUAL)
    for told, part in ((found.p05, 0.05), (found.p50, 0.5), (found.p95, 0.95)):
        at_most = {amount: sum(chance for other, chance in outcomes if other <= amount) for amount, _ in outcomes}
        least = min(amount for amount, chance in at_most.items() if chance >= part - EQUAL)
        assert told == pytest.approx(least, abs=EQUAL)


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8])
def test_cut_sets_are_the_minimal_losses_that_uncover_a_nation(threshold: float) -> None:
    seen = 0
    for number in range(4):
        case = Case(number, 6)
        found = survival(case.values, case.group, uncovered_share=threshold).cut_sets
        everyone = frozenset(range(6))
        for nation, code in enumerate(NATIONS):
            threatened = case.threatened(nation)
            if case.people(everyone, nation) / threatened < threshold - EQUAL:
                assert code not in found
                continue
            expected: list[tuple[int, ...]] = []
            for size in (1, 2, 3):
                for lost in combinations(range(6), size):
                    below = case.people(everyone - set(lost), nation) / threatened < threshold - EQUAL
                    if below and not any(set(cut) <= set(lost) for cut in expected):
                        expected.append(lost)
            assert found[code] == tuple(tuple(f"p{player}" for player in cut) for cut in expected)
            seen += len(expected)
    assert seen > 0


def test_the_pivot_of_a_place_is_the_player_with_most_of_it() -> None:
    case = Case(3, 5)
    shares = place_shares(case.values, case.group)
    rows = PlaceTable(case.values.by.scope.points, shares).csv_text().splitlines()
    assert rows[0] == "name,nation,lat,lon,population,pivot,share.p0,share.p1,share.p2,share.p3,share.p4"
    pivots = set()
    for place in range(PLACES):
        cells = rows[1 + place].split(",")
        if case.kind[place] < 0:
            assert cells[5:] == ["", *["0.0"] * 5]
            continue
        expected = by_orders(lambda coalition, place=place: float(case.defended(coalition, place)), 5)
        assert [float(cell) for cell in cells[6:]] == pytest.approx(expected, abs=EQUAL)
        most = max(expected)
        first = next((f"p{player}" for player in range(5) if most > EQUAL and expected[player] >= most - EQUAL), "")
        assert cells[5] == first
        pivots.add(first)
    assert len(pivots) > 2


def test_many_players_are_sampled_and_the_intervals_hold() -> None:
    """Against the exact values of the same places, which few players decide."""
    case = Case(11, 30)
    found = attribution(case.values, case.group, support="held", orders=64, seed=3)
    assert found.method == "sampled"
    masks, dividends = case.values.dividends
    held = 0
    for place, item in enumerate(found.contributions):
        mine = [
            (int(mask), amount) for mask, amount in zip(masks, dividends.sum(axis=1), strict=True) if mask >> place & 1
        ]
        exact = sum(amount / mask.bit_count() for mask, amount in mine) / case.threatened()
        assert item.low is not None
        assert item.high is not None
        held += item.low - EQUAL <= exact <= item.high + EQUAL
        assert sum(item.by_nation.values()) == pytest.approx(item.shapley * found.threatened, abs=1e-6)
    assert held >= 27
    assert found.residual == pytest.approx(0.0, abs=EQUAL)
    again = attribution(case.values, case.group, support="held", orders=64, seed=3)
    assert again.as_json() == found.as_json()
    other = attribution(case.values, case.group, support="held", orders=64, seed=4)
    assert other.as_json() != found.as_json()


def test_sampled_values_are_the_means_over_orders_by_their_digests() -> None:
    """Orders of 20 pairs, more than one chunk holds, drawn and gone through here one by one."""
    case = Case(11, 30)
    found = attribution(case.values, case.group, support="held", orders=20, seed=3)
    names = [player.name for player in case.players]
    gains = np.zeros((20, 30))
    for pair in range(20):
        order = sorted(range(30), key=lambda p: hashlib.sha256(f"3/order/{pair}/{names[p]}".encode()).hexdigest())
        for each in (order, order[::-1]):
            for place, player in enumerate(each):
                before, after = (frozenset(each[:stop]) for stop in (place, place + 1))
                gains[pair, player] += (case.v(after) - case.v(before)) / 2.0
    half = 1.96 * gains.std(axis=0, ddof=1) / math.sqrt(20)
    for place, item in enumerate(found.contributions):
        assert item.shapley == pytest.approx(gains[:, place].mean(), abs=EQUAL)
        assert item.high == pytest.approx(gains[:, place].mean() + half[place], abs=EQUAL)


def test_losses_of_many_players_are_few_exactly_and_more_by_sampling() -> None:
    case = Case(12, 24)
    found = survival(case.values, case.group, most_losses=5, seed=2)
    assert not found.exact
    assert [row.losses for row in found.by_losses] == [0, 1, 2, 3, 4, 5]
    everyone = frozenset(range(24))
    for row in found.by_losses[:4]:
        left = [case.v(everyone - set(lost)) for lost in combinations(range(24), row.losses)]
        assert row.mean == pytest.approx(sum(left) / len(left), abs=EQUAL)
        assert row.worst is not None
        assert row.worst.value == pytest.approx(min(left), abs=EQUAL)
    row = found.by_losses[4]
    left = [case.v(everyone - set(lost)) for lost in combinations(range(24), 4)]
    assert row.interval is not None
    assert row.interval[0] <= sum(left) / len(left) <= row.interval[1]
    assert set(row.as_json()["mean"]) == {"mean", "low", "high"}
    assert [item.losses for item in survival(case.values, case.group).by_losses] == [0, 1, 2, 3]


def test_every_loss_of_20_players_is_judged_and_losses_of_three_at_most_of_one_more() -> None:
    """Of 20 players, 1 + 20 of them with one lost at most; of 21, 1 + 21 + 210 + 1,330 with three lost."""
    few, many = Case(13, 20), Case(13, 21)
    assert (survival(few.values, few.group, most_losses=1).exact, survival(many.values, many.group).exact) == (
        True,
        False,
    )
    assert survival(few.values, few.group, most_losses=1).coalitions == 21
    found = survival(many.values, many.group)
    assert (found.coalitions, len(found.by_losses)) == (1 + 21 + 210 + 1330, 4)
    assert survival(many.values, many.group, most_losses=2).coalitions == 1 + 21 + 210
    assert len(survival(few.values, few.group).by_losses) == 21


def test_a_line_and_rows_say_what_the_worst_loss_leaves() -> None:
    case = Case(4, 5)
    found, everyone = survival(case.values, case.group), frozenset(range(5))
    left = [case.v(everyone - {player}) for player in range(5)]
    worst = next(player for player in range(5) if left[player] <= min(left) + EQUAL)
    told = (
        f"fast: {100 * case.v(everyone):.1f} % with all 5 players; {100 * min(left):.1f} % after the worst loss of one"
    )
    assert found.line() == f"{told} (p{worst})"
    assert survival(case.values, case.group, most_losses=0).line() == told.partition(";")[0]
    assert [row["worst_share"] for row in found.rows()][:2] == pytest.approx([case.v(everyone), min(left)], abs=EQUAL)
    for player, (_, row) in enumerate(found.placed_rows()):
        assert row["value_left_share"] == pytest.approx(left[player], abs=EQUAL)
        assert row["loss_share"] == pytest.approx(case.v(everyone) - left[player], abs=EQUAL)
    losses = [row["loss"] for row in found.as_json()["single"]]
    assert losses == pytest.approx([case.v(everyone) - one for one in left], abs=EQUAL)


@pytest.mark.parametrize("count", [20, 21, 24])
def test_the_expected_value_of_many_players_that_may_be_away_is_a_sum_over_dividends(count: int) -> None:
    """Of 20 the whole distribution is told, of more the mean: place by place over the few players that decide it."""
    case = Case(14, count)
    players = tuple(replace(player, availability=0.5 + 0.02 * place) for place, player in enumerate(case.players))
    found = survival(case.values, replace(case.group, players=players), most_losses=0).available
    expected = 0.0
    for place in range(PLACES):
        if case.kind[place] >= 0:
            mine, _ = case.games[case.kind[place]]
            for here in subsets(list(mine)):
                chances = (
                    players[each].availability if each in here else 1.0 - players[each].availability for each in mine
                )
                expected += case.weight[place] * math.prod(chances) * case.defended(here, place)
    assert found is not None
    assert found.value == pytest.approx(expected / case.threatened(), abs=EQUAL)
    assert (found.p50 is None) == (count > 20)


@pytest.mark.parametrize("chunk", [1, 1000, 2325, 2326])
def test_losses_of_many_players_are_the_same_in_any_chunks(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 24 players 1 + 24 + 276 + 2,024 sets of three at most, and 2,000 of those of four."""
    case = Case(12, 24)
    whole = survival(case.values, case.group, most_losses=4)  # by the seed 1
    monkeypatch.setattr(sampled, "_LOSSES_A_CHUNK", chunk)
    if chunk > 1:
        assert survival(case.values, case.group, most_losses=4).as_json() == whole.as_json()
    asked = sampled.LossAmounts(case.values, 3, 4, 1)
    counts = [asked.count(number) for number in range(asked.chunks)]
    assert sum(counts) == 1 + 24 + 276 + 2024 + 2000
    assert set(counts[:-1]) == {chunk}
    assert 0 < counts[-1] <= chunk
    everyone = frozenset(range(24))
    drawn = [
        sorted(range(24), key=lambda p, at=at: hashlib.sha256(f"1/losses/4/{at}/p{p}".encode()).hexdigest())[:4]
        for at in range(2000)
    ]
    left = [case.v(everyone - set(lost)) for lost in drawn]
    row = whole.by_losses[4]
    assert row.mean == pytest.approx(sum(left) / 2000, abs=EQUAL)
    assert row.subsets == math.comb(24, 4)
    half = 1.96 * float(np.std(left, ddof=1)) / math.sqrt(2000)
    assert row.interval == pytest.approx((row.mean - half, row.mean + half), abs=EQUAL)


def test_a_line_and_rows_say_what_players_contribute() -> None:
    case = Case(6, 4)
    found, expected = attribution(case.values, case.group, support="held"), by_orders(case.v, 4)
    most, everyone = max(range(4), key=lambda player: expected[player]), frozenset(range(4))
    total = case.v(everyone) - case.v(frozenset())
    points = f"{100 * expected[most]:.1f} of {100 * total:.1f} points of per cent"
    assert found.line() == f"fast: p{most} contributes most, {points}"
    assert found.total == pytest.approx(total, abs=EQUAL)
    for player, row in enumerate(found.rows()):
        assert (row["name"], row["owner"]) == (f"p{player}", case.players[player].owner)
        assert row["shapley_share"] == pytest.approx(expected[player], abs=EQUAL)
        assert row["first_in_share"] == pytest.approx(case.v(frozenset({player})) - case.v(frozenset()), abs=EQUAL)
        assert row["last_in_share"] == pytest.approx(case.v(everyone) - case.v(everyone - {player}), abs=EQUAL)
    assert [row["name"] for _, row in found.placed_rows()] == [f"p{player}" for player in range(4)]
    assert replace(found, contributions=()).line() == "fast: no players"
    assert replace(found, whole=None, none=None).line() == "fast: nothing is threatened"


def test_degenerate_games() -> None:
    nobody = Case(1, 3)
    silent = replace(nobody.values.by, threatened=np.zeros(PLACES, bool), kind=np.full(PLACES, -1))
    values = CoalitionValues(silent)
    told: dict[str, Any] = survival(values, nobody.group).as_json()
    assert told["value_whole"] is None
    assert told["by_losses"] == []
    assert attribution(values, nobody.group, support="held").as_json()["total"] is None
    one = Case(2, 1)
    found = attribution(one.values, one.group, support="held")
    assert found.contributions[0].shapley == pytest.approx(one.v(frozenset({0})) - one.v(frozenset()), abs=EQUAL)
    assert found.interactions == ()


def test_fewer_than_two_orders_and_no_mark_are_refused() -> None:
    with pytest.raises(InputError, match="orders: 2 pairs or more"):
        api.attribute("toy", "slow", orders=1)
    with pytest.raises(InputError, match="subset: one mark or more"):
        SubsetsAsked(subset=0).read()
    assert SubsetsAsked(subset=1).read() == (SubsetsAsked(subset=1), None)


def test_too_many_coalitions_are_refused_with_the_remedy() -> None:
    case = Case(5, 62)
    one, everyone = survival(case.values, case.group).by_losses[1], frozenset(range(62))
    left = [case.v(everyone - {player}) for player in range(62)]
    for told, extreme in ((one.worst, min(left)), (one.best, max(left))):
        tied = [player for player in range(62) if abs(left[player] - extreme) <= EQUAL]
        assert told is not None
        assert (told.lost, told.ties) == ((f"p{tied[0]}",), len(tied))
    with pytest.raises(InputError, match="--players site or owner"):
        case.values.table()


@pytest.mark.parametrize("architecture", ["slow", "fast"])
def test_the_commands_tell_what_coverage_tells_of_files(architecture: str, tmp_path: Path) -> None:
    """Every subset of the toy, as a file that leaves the others out, judged by the coverage command alone."""
    toy = api.load("toy")
    names = [
        name for name, item in toy.architecture(architecture).elements.items() if item.form in ("radar", "battery")
    ]
    value = {}
    for lost in subsets(list(range(len(names)))):
        out = [names[place] for place in lost]
        file = tmp_path / f"{architecture}-{len(value)}.yaml"
        listed = f"without: [{', '.join(out)}]"
        text = f"hoplon: 1\nname: cut\nextends: toy\narchitectures: {{cut: {{extends: {architecture}, {listed}}}}}\n"
        file.write_text(text, encoding="utf-8")
        told = api.coverage(file, "cut", levels="base").summary()
        value[frozenset(range(len(names))) - lost] = told.population_share
    found = api.survive("toy", architecture, players="element").as_json()
    everyone = frozenset(range(len(names)))
    assert [player["name"] for player in found["players"]] == names
    assert found["value_whole"] == pytest.approx(value[everyone], abs=1e-12)
    assert [row["value"] for row in found["single"]] == pytest.approx(
        [value[everyone - {place}] for place in range(len(names))], abs=1e-12
    )
    for row in found["by_losses"]:
        left = [amount for here, amount in value.items() if len(here) == len(names) - row["losses"]]
        assert row["worst"]["value"] == pytest.approx(min(left), abs=1e-12)
        assert row["mean"] == pytest.approx(sum(left) / len(left), abs=1e-12)
    shares = api.attribute("toy", architecture, players="element", orders=2).as_json()
    expected = by_orders(lambda coalition: value[coalition], len(names))
    assert [row["shapley"] for row in shares["players"]] == pytest.approx(expected, abs=EQUAL)
    assert max(expected) > 0.01


def test_what_players_add_at_places_sums_to_what_they_add_by_the_rule_of_support_asked_for() -> None:
    """The value is a sum over places; by the other rule, told beside, it is another."""
    toy = with_doctrine(api.load("toy"), "fast", {"handover_error_km": Cited(0.02)})
    every = aim_points(toy)
    points = every.subset(np.unique(np.linspace(0, len(every) - 1, 300).round().astype(int)))
    for rule, other in (("held", "predicted"), ("predicted", "held")):
        found = api.attribute(toy, "fast", players="element", points=points, support=rule)
        places = found.places.shares
        for player, item in enumerate(found.contributions):
            added = sum(points.population[place] * places.of(place)[player] for place in range(len(points)))
            assert added == pytest.approx(item.shapley * found.threatened, abs=1e-3)
        told, beside = ([one.shapley for one in found.by_support[name]] for name in (rule, other))
        assert told == [item.shapley for item in found.contributions]
        assert told != pytest.approx(beside, abs=0.01)
