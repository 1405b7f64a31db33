"""Coverage of every subset of an architecture is what coverage says of the file with the other elements left out."""

from __future__ import annotations

import pickle
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from hoplon.analysis.architectures import with_doctrine
from hoplon.analysis.coverage import aim_points, coverage, headline_nations, headline_threats, summarise
from hoplon.analysis.store import Store
from hoplon.analysis.subsets import judged as judging
from hoplon.analysis.subsets import learning, winning
from hoplon.analysis.subsets.players import Player, players_of
from hoplon.analysis.subsets.restrictions import roster_of
from hoplon.analysis.subsets.scope import scope_of
from hoplon.analysis.subsets.tables import SimpleGame, minimal_winning
from hoplon.analysis.subsets.values import CoalitionValues
from hoplon.analysis.subsets.winning import DefendedBy, defended_by
from hoplon.errors import InputError
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Scenario

STORE = Store()
NATO = "nato-europe"


def thinned(scenario: Scenario, most: int, first: int = 0) -> AimPoints:
    points = aim_points(scenario)
    return points.subset(np.unique(np.linspace(first, len(points) - 1, most).round().astype(int)))


def with_elements(scenario: Scenario, architecture: str, elements: tuple[str, ...]) -> Scenario:
    """Return the scenario as its file would be with the architecture listing these elements and extending nothing."""
    resolved = scenario.architecture(architecture)
    written = replace(
        scenario.architectures[architecture],
        extends=None,
        elements=elements,
        without=(),
        year=resolved.year,
        c2=None if resolved.c2 == "organic" else resolved.c2,
        doctrine=MappingProxyType(
            {key: getattr(resolved.doctrine, key) for key in type(resolved.doctrine).__dataclass_fields__}
        ),
    )
    return replace(scenario, architectures=MappingProxyType({**scenario.architectures, architecture: written}))


def judged(scenario: Scenario, architecture: str, left_out: set[str], points: AimPoints, **scope: Any) -> np.ndarray:
    """Return whether each point is defended by the file without some elements."""
    kept = tuple(name for name in scenario.architecture(architecture).elements if name not in left_out)
    asked = with_elements(scenario, architecture, kept)
    found = coverage(STORE, asked, architecture, points, enough=1, **scope)
    return np.asarray(found.threatened.any(axis=1) & (found.defended | ~found.threatened).all(axis=1))


def check(scenario: Scenario, architecture: str, found: DefendedBy, coalitions: list[int], points: AimPoints) -> int:
    """Compare subsets with coverages of files; return how many places differ between the subsets."""
    scope: dict[str, Any] = {"threats": found.scope.threats, "level": found.scope.level, "areas": found.scope.areas}
    answers = []
    for coalition in coalitions:
        out = {
            name
            for place, player in enumerate(found.roster.players)
            if not coalition >> place & 1
            for name in player.elements
        }
        answers.append(judged(scenario, architecture, out, points, **scope))
        np.testing.assert_array_equal(found.defended(coalition), answers[-1])
    return int((np.any(answers, axis=0) & ~np.all(answers, axis=0)).sum())


def random_case(number: int) -> tuple[Scenario, str, AimPoints, str, str]:
    """Return a random architecture of the bundled study with a random doctrine, points, players and level."""
    random = np.random.default_rng(number)
    scenario = load_scenario(NATO)
    base = str(random.choice(["phase-2-allied", "phase-3-allied", "phase-4-allied"]))
    everything = list(scenario.architecture(base).elements)
    chosen = tuple(name for name in everything if random.random() < 0.45 or name in ("sbirs", "deveselu-iia"))
    scenario = with_elements(scenario, base, chosen)
    doctrine: dict[str, Any] = {"mode": str(random.choice(["organic", "launch_on_remote", "engage_on_remote"]))}
    if random.random() < 0.4:
        doctrine["shots_required"] = Cited(2.0)
    if random.random() < 0.4:
        doctrine |= {"support": "predicted", "handover_error_km": Cited(float(random.choice([0.03, 0.3, 3.0])))}
    scenario = with_doctrine(scenario, base, doctrine)
    c2 = str(random.choice(["hub_hot", "mesh"]))
    written = replace(scenario.architectures[base], c2=c2)
    scenario = replace(scenario, architectures=MappingProxyType({**scenario.architectures, base: written}))
    points = thinned(scenario, 40, int(random.integers(0, 500)))
    return scenario, base, points, str(random.choice(["site", "element", "owner"])), str(random.choice(["low", "base"]))


@pytest.mark.parametrize("number", range(16))
def test_random_subsets_of_random_architectures_are_coverages_of_files_without_the_rest(number: int) -> None:
    scenario, architecture, points, by, level = random_case(number)
    resolved = scenario.architecture(architecture)
    players = players_of(resolved, by, with_satellites=number % 2 == 0).players
    scope = scope_of(STORE, scenario, [architecture], points=points, level=level)  # type: ignore[arg-type]
    found = defended_by(STORE, scope, roster_of(scenario, resolved, players))
    random = np.random.default_rng(number)
    chosen = [found.roster.everyone, 0, *(found.roster.everyone & ~(1 << place) for place in range(3))]
    chosen += [
        sum(1 << place for place in range(len(players)) if random.random() < share)
        for share in (0.5, 0.6, 0.7, 0.8) * 4
    ]
    check(scenario, architecture, found, chosen, points)


def test_random_architectures_are_of_every_kind_and_answers_differ() -> None:
    cases = [random_case(number) for number in range(16)]
    doctrines = [scenario.architecture(name).doctrine for scenario, name, *_ in cases]
    assert {case[3] for case in cases} == {"site", "element", "owner"}
    assert {item.support for item in doctrines} == {"held", "predicted"}
    assert {float(item.shots_required) for item in doctrines} == {1.0, 2.0}
    assert {item.mode for item in doctrines} == {"organic", "launch_on_remote", "engage_on_remote"}


@pytest.mark.parametrize("architecture", ["slow", "fast", "fast-organic", "fast-remote"])
def test_every_subset_of_the_toy_is_the_coverage_of_a_file(architecture: str) -> None:
    scenario = load_scenario("toy")
    points, resolved = thinned(scenario, 300), scenario.architecture(architecture)
    players = players_of(resolved, "element", with_satellites=True).players
    scope = scope_of(STORE, scenario, [architecture], points=points)
    found = defended_by(STORE, scope, roster_of(scenario, resolved, players))
    differ = check(scenario, architecture, found, list(range(1 << len(players))), points)
    assert differ > 0 or architecture == "fast-organic"  # which defends none of these places


@pytest.mark.parametrize("few", [0, 10**9])
def test_players_that_may_harm_are_judged_alike_one_by_one_and_in_parts(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what upgrades replace standing in for them, both ways give what coverage says of the file."""
    scenario = load_scenario(NATO)
    resolved = scenario.architecture("phase-3")
    players = players_of(resolved, "element").players
    points = thinned(scenario, 150)
    monkeypatch.setattr("hoplon.analysis.subsets.learning._FEW", few)
    roster = roster_of(scenario, resolved, players, predecessors=True)
    assert roster.substituted
    scope = scope_of(STORE, scenario, ["phase-3"], points=points)
    found = defended_by(STORE, scope, roster)
    assert (len(found.families) > 0) == (few == 0 and not roster.substituted)
    random = np.random.default_rng(5)
    answers = []
    for coalition in [0, roster.everyone, *random.integers(0, roster.everyone + 1, 20).tolist()]:
        here = [name for place, player in enumerate(players) if coalition >> place & 1 for name in player.elements]
        gone = [name for player in players for name in player.elements if name not in here]
        instead = [scenario.elements[name].upgrade_of for name in gone]
        older = [
            name
            for name in instead
            if name is not None and scenario.elements[name].inactive_reason(resolved.year) is None
        ]
        stays = [
            name for name in resolved.elements if name in here or resolved.elements[name].form in ("satellite", "node")
        ]
        asked = with_elements(scenario, "phase-3", tuple(dict.fromkeys([*stays, *older])))
        told = coverage(STORE, asked, "phase-3", points, enough=1, threats=scope.threats)
        answers.append(told.threatened.any(axis=1) & (told.defended | ~told.threatened).all(axis=1))
        np.testing.assert_array_equal(found.defended(coalition), answers[-1])
    assert not answers[0].all()
    without_any = roster_of(scenario, resolved, players).restricted(0).elements
    assert set(roster.restricted(0).elements) > set(without_any)


def test_whole_and_single_losses_are_the_shares_of_files_to_the_last_digits() -> None:
    scenario = load_scenario(NATO)
    resolved = scenario.architecture("phase-3")
    players = players_of(resolved).players
    everywhere = thinned(scenario, 4000)
    scope = scope_of(STORE, scenario, ["phase-3"])
    near = np.flatnonzero(np.isin(scope.points.name, everywhere.name))
    scope = scope.chosen(near)
    values = CoalitionValues(defended_by(STORE, scope, roster_of(scenario, resolved, players)))
    nations = headline_nations(scenario, resolved.year)
    everyone = values.by.roster.everyone
    for lost in (None, *range(len(players))):
        out = set() if lost is None else set(players[lost].elements)
        asked = with_elements(scenario, "phase-3", tuple(name for name in resolved.elements if name not in out))
        told = summarise(
            coverage(STORE, asked, "phase-3", scope.points, enough=1, threats=scope.threats),
            headline_threats(scenario),
            nations,
        )
        coalition = everyone if lost is None else everyone & ~(1 << lost)
        assert values.value(coalition) == pytest.approx(told.population_share, rel=1e-15)
        amounts = dict(zip(scope.nations, values.amounts(coalition), strict=True))
        for code in nations:
            assert amounts[code] == pytest.approx(told.nations[code].defended_population, rel=1e-15)
    table = values.table()
    coalitions = np.arange(len(table))
    np.testing.assert_allclose(values.values(coalitions), table, atol=1e-12)
    np.testing.assert_allclose([values.value(int(each)) for each in coalitions], table, atol=1e-12)


@pytest.mark.parametrize("value", ["population", "area", "worst_nation"])
def test_values_of_every_kind_are_those_of_coverages(value: str) -> None:
    scenario = load_scenario("toy")
    resolved = scenario.architecture("fast")
    points = thinned(scenario, 300)
    scope = scope_of(STORE, scenario, ["fast"], points=points, value=value)
    values = CoalitionValues(defended_by(STORE, scope, roster_of(scenario, resolved, players_of(resolved).players)))
    everyone = values.by.roster.everyone
    told = summarise(
        coverage(STORE, scenario, "fast", points, enough=1, threats=scope.threats), scope.threats, scope.nations
    )
    shares = [item.population_share for item in told.nations.values() if item.population_share is not None]
    expected = {"population": told.population_share, "area": told.area_share, "worst_nation": min(shares)}[value]
    assert values.value(everyone) == pytest.approx(expected, abs=1e-12)
    assert values.table()[everyone] == pytest.approx(expected, abs=1e-12)


def test_players_are_sites_in_the_order_of_the_architecture() -> None:
    scenario = load_scenario(NATO)
    found = players_of(scenario.architecture("phase-3"))
    ship = next(player for player in found.players if "ship-east-radar" in player.elements)
    assert set(ship.elements) == {"ship-east-radar", "ship-east-iia"}
    assert ship.name == "ship-east-radar"
    assert ship.owner == "USA"
    assert ship.basing == "sea"
    assert set(found.left_out) == {
        name for name, item in scenario.architecture("phase-3").elements.items() if item.form in ("node", "satellite")
    }
    order = list(scenario.architecture("phase-3").elements)
    assert [order.index(player.elements[0]) for player in found.players] == sorted(
        order.index(player.elements[0]) for player in found.players
    )


def test_a_site_by_name_joins_elements_and_the_worst_of_them_counts() -> None:
    scenario = load_scenario(NATO)
    elements = dict(scenario.elements)
    elements["kurecik"] = replace(
        elements["kurecik"],
        site="south",
        availability=Cited(0.7),
        target_location_probability=Cited(0.8),
        hardness=Cited(0.5),
    )
    elements["deveselu-radar"] = replace(
        elements["deveselu-radar"],
        site="south",
        availability=Cited(0.9),
        target_location_probability=Cited(0.6),
        hardness=None,
    )
    changed = replace(scenario, elements=MappingProxyType(elements))
    found = players_of(changed.architecture("phase-3"))
    south = next(player for player in found.players if player.name == "south")
    assert south.elements == ("kurecik", "deveselu-radar")
    assert south.availability == 0.7
    assert south.location_probability == 0.6
    assert [player.name for player in found.players].index("south") == 1


def test_owners_are_players_and_each_satellite_is_one_where_asked() -> None:
    architecture = load_scenario(NATO).architecture("phase-3")
    owners = players_of(architecture, "owner")
    assert owners.names[0] == architecture.elements["fylingdales"].owner
    more = players_of(architecture, "owner", with_satellites=True)
    assert len(more) == len(owners) + sum(item.form == "satellite" for item in architecture.elements.values())
    with pytest.raises(InputError, match="site, element, owner"):
        players_of(architecture, "battery")


def test_candidates_may_be_players_beside_a_base_that_always_stands() -> None:
    """An element of two players stands with either; what is added equals the file that lists it."""
    scenario = load_scenario(NATO)
    base = scenario.architecture("phase-1")
    names = ("deveselu-radar", "deveselu", "ship-east-iia")
    added = {name: scenario.elements[name] for name in names}
    candidates = (
        Player("ashore", ("deveselu-radar", "deveselu")),
        Player("radar alone", ("deveselu-radar",)),
        Player("more at sea", ("ship-east-iia",)),
    )
    points = thinned(scenario, 200)
    scope = scope_of(STORE, scenario, ["phase-1"], points=points)
    found = defended_by(STORE, scope, roster_of(scenario, base, candidates, added=added))
    counts = []
    for coalition in range(8):
        chosen = {name for place, item in enumerate(candidates) if coalition >> place & 1 for name in item.elements}
        listed = (*base.elements, *(name for name in names if name in chosen))
        asked = with_elements(scenario, "phase-1", listed)
        told = coverage(STORE, asked, "phase-1", points, enough=1, threats=scope.threats)
        expected = told.threatened.any(axis=1) & (told.defended | ~told.threatened).all(axis=1)
        np.testing.assert_array_equal(found.defended(coalition), expected)
        counts.append(int(expected.sum()))
    assert counts[7] > counts[0]


def test_families_are_minimal_and_decide_the_places() -> None:
    scenario = load_scenario(NATO)
    resolved = scenario.architecture("phase-3")
    scope = scope_of(STORE, scenario, ["phase-3"], points=thinned(scenario, 400))
    found = defended_by(STORE, scope, roster_of(scenario, resolved, players_of(resolved).players))
    for game, flights in zip(found.kinds, found.flights, strict=True):
        for coalition in range(found.roster.everyone + 1):
            place = sum(1 << rank for rank, player in enumerate(game.players) if coalition >> player & 1)
            won = all(any(mask & ~coalition == 0 for mask in found.families[flight]) for flight in flights)
            assert bool(game.table[place]) == won
        for one in minimal_winning(game):
            for other in minimal_winning(game):
                assert one == other or one & ~other
    for family in found.families:
        assert all(one == other or one & ~other for one in family for other in family)
    assert max(len(family) for family in found.families) > 1


def test_without_batteries_or_players_nothing_is_decided_by_anybody() -> None:
    scenario = load_scenario("toy")
    resolved = scenario.architecture("fast")
    radars = {name: item for name, item in resolved.elements.items() if item.form != "battery"}
    blind = replace(resolved, elements=MappingProxyType(radars))
    scope = scope_of(STORE, scenario, ["fast"], points=thinned(scenario, 100))
    found = defended_by(STORE, scope, roster_of(scenario, blind, players_of(blind).players))
    assert found.threatened.any()
    assert not found.defended(found.roster.everyone).any()
    alone = defended_by(STORE, scope, roster_of(scenario, resolved, ()))
    told = coverage(STORE, scenario, "fast", scope.points, enough=1, threats=scope.threats)
    np.testing.assert_array_equal(
        alone.defended(0), told.threatened.any(axis=1) & (told.defended | ~told.threatened).all(axis=1)
    )
    assert CoalitionValues(alone).table().shape == (1,)


@pytest.mark.parametrize("required", [1.0, 2.0])
def test_places_learned_in_pieces_and_told_as_bytes_are_those_learned_together(
    required: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By families where one shot is required, by tables where two are; 300 places in pieces of 70 and one of 20."""
    scenario = with_doctrine(load_scenario("toy"), "fast", {"shots_required": Cited(required)})
    resolved = scenario.architecture("fast")
    roster = roster_of(scenario, resolved, players_of(resolved, "element").players)
    scope = scope_of(STORE, scenario, ["fast"], points=thinned(scenario, 300))
    whole = defended_by(STORE, scope, roster)
    for module in (learning, winning):
        monkeypatch.setattr(module, "PLACES_A_PIECE", 70)
    pieces = defended_by(Store(), scope, roster)
    np.testing.assert_array_equal(pieces.threatened, whole.threatened)
    for coalition in range(roster.everyone + 1):
        np.testing.assert_array_equal(pieces.defended(coalition), whole.defended(coalition))
    assert whole.defended(roster.everyone).any() or required > 1.0
    asked = learning.LearnedCoalitions(scope, roster, STORE)
    elsewhere = pickle.loads(pickle.dumps(asked))
    assert elsewhere.store is None
    assert [asked.count(number) for number in range(asked.chunks)] == [70, 70, 70, 70, 20]
    for number in range(asked.chunks):
        piece = elsewhere.chunk(number)
        told = asked.decoded(number, elsewhere.encoded(piece))
        for name in ("reached", "needs", "judged", "flown"):
            assert getattr(told, name) == getattr(piece, name) == getattr(asked.chunk(number), name)
        assert [places + 70 * number for places in told.reached] == [
            place for place in np.flatnonzero(whole.threatened).tolist() if place // 70 == number
        ]
        assert [plain(game) for game in told.games] == [plain(game) for game in piece.games]
    assert asked.by_table == (required > 1.0)


def plain(game: Any) -> Any:
    return (game.players, game.table.tolist()) if isinstance(game, SimpleGame) else game


def test_places_judged_in_pieces_and_told_as_bytes_are_those_of_coverages(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario("toy")
    points = thinned(scenario, 300)
    scope = scope_of(STORE, scenario, ["fast"], points=points)
    architectures = [scenario.architecture(name) for name in ("fast", "fast-organic", "slow")]
    monkeypatch.setattr(judging, "_PLACES_A_PIECE", 70)
    threatened, defended = judging.judged_places(STORE, scope, architectures)
    np.testing.assert_array_equal(threatened, judging.threatened_places(scope, architectures[0]))
    for one, row in zip(architectures, defended, strict=True):
        told = coverage(STORE, scenario, one.name, points, enough=1, threats=scope.threats)
        np.testing.assert_array_equal(threatened, told.threatened.any(axis=1))
        np.testing.assert_array_equal(row, threatened & (told.defended | ~told.threatened).all(axis=1))
    assert len({row.sum() for row in defended}) > 1
    asked = judging.ArchitecturesJudged(scope, tuple((one, "base") for one in architectures), architectures[0], STORE)
    assert [asked.count(number) for number in range(asked.chunks)] == [70, 70, 70, 70, 20]
    elsewhere = pickle.loads(pickle.dumps(asked))
    assert elsewhere.store is None
    for number in (0, 4):
        piece = elsewhere.chunk(number)
        np.testing.assert_array_equal(asked.decoded(number, elsewhere.encoded(piece)), piece)
        expected = np.array([threatened, *defended])[:, 70 * number : 70 * number + 70]
        np.testing.assert_array_equal(piece, expected)
    assert judging.judged_places(STORE, scope, [])[1] == []
