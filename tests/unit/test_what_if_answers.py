"""What an open scenario answers to what-ifs: as if every flight were judged anew, only sooner."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hoplon
from hoplon.analysis import stages
from hoplon.analysis.coverage import CoverageQuestion, coverage, headline_threats, settle, summarise
from hoplon.analysis.defence import LEVELS, defence_of
from hoplon.analysis.flights import flights_key, flights_of, flown_against, kept_flights
from hoplon.analysis.margins.places import flight_margins
from hoplon.analysis.store import Store
from hoplon.analysis.what_if import bound
from hoplon.analysis.what_if.decision_margin import decision_margins
from hoplon.analysis.what_if.point_sets import SETS, coarse_set
from hoplon.api import WhatIfs, apply, saved
from hoplon.cli import main
from hoplon.errors import InputError, UnknownNameError, UsageError
from hoplon.scenario.geography import AimPoints, land_grid, places
from hoplon.scenario.model import Scenario

SHIP = "ship-east-iia"


@pytest.fixture(scope="module")
def nato() -> Scenario:
    return hoplon.load("nato-europe")


@pytest.fixture(scope="module")
def some(nato: Scenario) -> AimPoints:
    everywhere = places(tuple(nato.nations), nato.population_year).concat(land_grid(tuple(nato.nations)))
    return everywhere.subset(np.arange(len(everywhere)) % 131 == 0)


@pytest.fixture(scope="module")
def gulf() -> WhatIfs:
    return WhatIfs("gulf")


@pytest.fixture(scope="module")
def pacific() -> WhatIfs:
    return WhatIfs("pacific")


@pytest.fixture(scope="module")
def europe(nato: Scenario, some: AimPoints) -> WhatIfs:
    """Return the open scenario of the first fixture, judged at few points."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hoplon.analysis.coverage.aim_points", lambda scenario: some)
        asked = WhatIfs(nato)
        asked.points("exact")
    return asked


def what_ifs(scenario: Scenario, number: int, seed: int) -> list[tuple[dict[str, Any], str]]:
    """Return random what-ifs, each with the element that is in the hand: moved in steps, doctrines of all kinds."""
    rng, found = random.Random(seed), []
    doctrines: list[dict[str, Any]] = [
        {},
        {"decision_s": 100},
        {"mode": "organic"},
        {"shots_required": 2},
        {"support": "predicted", "handover_error_km": 5},
    ]
    armed = [name for name, one in scenario.architectures.items() if _batteries(scenario, name)]
    while len(found) < number:
        name = rng.choice(armed)
        placed = [n for n, e in scenario.architecture(name).elements.items() if e.at and e.form in ("radar", "battery")]
        mover, doctrine = rng.choice(placed), doctrines[len(found) // 3 % len(doctrines)]
        at = scenario.elements[mover].at
        assert at is not None
        for _ in range(3):
            spot = [at.latitude_deg + rng.uniform(-6, 6), (at.longitude_deg + rng.uniform(-9, 9) + 180) % 360 - 180]
            found.append(({"architecture": name, "move": {mover: spot}, "doctrine": doctrine}, mover))
    return found[:number]


def _batteries(scenario: Scenario, name: str) -> bool:
    return any(element.form == "battery" for element in scenario.architecture(name).elements.values())


def fresh(scenario: Scenario, document: dict[str, Any], points: AimPoints, level: Any = "base") -> Any:
    """Return a what-if judged with nothing kept, as the command judges it."""
    return coverage(Store(), apply(scenario, document), "what-if", points, level=level, enough=1)


def judged_anew(asked: WhatIfs, document: dict[str, Any], level: Any) -> Any:
    """Return a what-if judged with no judgement kept; the flights themselves are."""
    made, store = apply(asked.scenario, document), Store()
    points, names = asked.points("exact").points, (tuple(asked.scenario.threats), tuple(asked.scenario.launch_areas))
    kept = kept_flights(asked.store, flown_against(made, made.architecture("what-if")), points, *names)
    store.keep(flights_key(flown_against(made, made.architecture("what-if")), points, *names), kept)
    settle(
        store, [CoverageQuestion(made, "what-if", each) for each in LEVELS], points
    )  # together, as the command judges them
    return coverage(store, made, "what-if", points, level=level, enough=1)


@pytest.mark.parametrize(
    ("study", "number", "methods"),
    [
        ("europe", 12, {("bound", ""), ("full", bound.SEVERAL_SHOTS)}),
        ("gulf", 3, {("bound", "")}),
        ("pacific", 3, {("bound", "")}),
    ],
)
def test_random_what_ifs_are_answered_as_if_judged_anew(
    study: str, number: int, methods: set[tuple[str, str]], request: pytest.FixtureRequest
) -> None:
    asked: WhatIfs = request.getfixturevalue(study)
    found_by = set()
    for place, (document, hand) in enumerate(what_ifs(asked.scenario, number, seed=5)):
        level = LEVELS[place % 3]
        found = asked.verdict(document, level=level, hand=[hand])
        alone = judged_anew(asked, document, level)
        assert np.array_equal(found.defended, alone.defended)
        assert np.array_equal(found.shots_min, alone.shots_min)
        assert np.array_equal(found.coverage.hardest, alone.hardest)
        assert found.summary == summarise(alone, found.threats, found.nations)
        assert (found.why != "") == (found.method == "full")
        found_by.add((found.method, found.why))
    assert found_by >= methods


def test_a_ship_moved_with_its_radar_is_bounded_by_the_rest(nato: Scenario, some: AimPoints) -> None:
    first = hoplon.coverage(nato, "phase-3", points=some, levels="base")
    assert first.base.method == "full"
    for degrees in (1.0, 2.0, 3.0):
        moved = nato.move(SHIP, (37.0, 18.0 + degrees))
        found = hoplon.coverage(moved, "phase-3", points=some, levels="base").base
        assert (found.method, found.why) == ("bound", "")
        alone = coverage(Store(), moved, "phase-3", some, enough=1)
        assert np.array_equal(found.defended, alone.defended)
        assert np.array_equal(found.hardest, alone.hardest)
    again = hoplon.coverage(moved, "phase-3", points=some, levels="base").base
    assert again.method == "kept"


@pytest.mark.parametrize("piece", [bound.FLIGHTS_A_PIECE, 7])
def test_of_a_ship_that_is_dragged_cells_that_the_rest_leaves_open_are_judged_up_to_the_first_unmet_flight(
    nato: Scenario, some: AimPoints, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, flights = Store(), flights_of(nato, some, tuple(nato.threats), tuple(nato.launch_areas))
    for step in range(2):
        moved = nato.move(SHIP, (36.0 + step, 20.0))
        resolved = moved.architecture("phase-3")
        kept = {name: item for name, item in resolved.elements.items() if not name.startswith("ship-east")}
        rest = defence_of(moved, replace(resolved, elements=kept))
        found = bound.judge(store, flights, defence_of(moved, resolved), 1, rest=rest)
        monkeypatch.setattr(bound, "FLIGHTS_A_PIECE", piece)  # of the second alone, in which the rest is known
    expected = stages.most_shots(Store(), flights, defence_of(moved, resolved), 1)
    by_rest, opened, judged = stages.most_shots(Store(), flights, rest, 1), set(), 0
    for place in range(len(flights)):
        if by_rest[place] == 0:
            cell = int(flights.points[place]), int(flights.classes[place])
            judged += cell not in opened
            if cell in opened:
                expected[place] = 0  # it may be met: nobody asked
            elif expected[place] == 0:
                opened.add(cell)
    assert np.array_equal(found.best, expected)
    assert found.judged == judged < 0.05 * len(flights)


def test_flights_that_were_left_out_are_judged_for_a_defence_that_other_questions_are_asked_of(
    nato: Scenario, some: AimPoints
) -> None:
    store, flights = Store(), flights_of(nato, some, tuple(nato.threats), tuple(nato.launch_areas))
    first, moved = (one.architecture("phase-3") for one in (nato, nato.move("redzikowo", (70.0, -30.0))))
    bound.judge(store, flights, defence_of(nato, first), 1)
    whole = defence_of(nato, moved)
    found = bound.judge(store, flights, whole, 1)
    assert found.method == "bound"
    assert (stages.most_shots(Store(), flights, whole, 1) > found.best).any()  # met, had they been judged
    assert stages.settled_shots(store, flights, whole, 1) is None  # of some flights nothing is known
    elements = {name: item for name, item in moved.elements.items() if name != "fylingdales"}
    rest = defence_of(nato, replace(moved, elements=elements))
    bound.learn(store, flights, [whole, rest], 1)
    assert np.array_equal(stages.settled_shots(store, flights, rest, 1), stages.most_shots(Store(), flights, rest, 1))


def test_what_the_end_of_a_drag_needs_is_learnt_between_its_steps(europe: WhatIfs) -> None:
    document: dict[str, Any] = {"architecture": "phase-3", "doctrine": {"decision_s": 29}, "move": {SHIP: [37.0, 20.0]}}
    told: list[int] = []

    def interrupted(done: int, total: int, text: str) -> None:
        told.append(total)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        europe.prepare(document, progress=interrupted, set="exact", hand=[SHIP])
    europe.prepare({**document, "move": {SHIP: [36.0, 21.0]}}, progress=interrupted, set="exact", hand=[SHIP])
    assert len(told) == 1 + told[0]  # smaller pieces than of the whole; the one that was begun is gone on with
    assert told[0] == 2
    found = europe.verdict({**document, "move": {SHIP: [35.0, 21.0]}}, hand=[SHIP])
    assert found.judged < 0.05 * found.flights


def test_of_positions_that_were_judged_the_nearest_bounds_the_next(europe: WhatIfs) -> None:
    document: dict[str, Any] = {"architecture": "phase-3", "doctrine": {"decision_s": 23}}
    europe.verdict(document)
    europe.prepare(document, set="exact")
    for moved in ({SHIP: [37.0, 20.0]}, {"deveselu-iia": [43.0, 24.0]}, {"kurecik": [38.0, 37.0]}):
        found = europe.verdict({**document, "move": moved})  # each from the beginning: the one before is moved back
        assert found.method == "bound"
        assert found.judged < 0.05 * found.flights


@pytest.mark.parametrize(
    ("doctrine", "why"),
    [({"shots_required": 2}, bound.SEVERAL_SHOTS), ({"support": "predicted"}, bound.NO_CENTRE)],
)
def test_where_no_bound_holds_every_flight_is_judged_and_it_says_so(
    nato: Scenario, some: AimPoints, doctrine: dict[str, Any], why: str
) -> None:
    few = some.subset(np.arange(len(some)) % 10 == 0)
    mesh = nato.set("architectures.phase-3.c2", "mesh")
    for degrees in (0.0, 1.0):
        asked = mesh.with_("phase-3", move={SHIP: (36.0 + degrees, 20.0)}, doctrine=doctrine)
        found = hoplon.coverage(asked, "what-if", points=few, levels="base").base
        assert (found.method, found.why) == ("full", why)
        assert np.array_equal(found.shots_min, coverage(Store(), asked, "what-if", few, enough=1).shots_min)


def test_work_that_is_ended_goes_on_from_there(
    nato: Scenario, some: AimPoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bound, "FLIGHTS_A_PIECE", 1000)
    flights = flights_of(nato, some, tuple(nato.threats), tuple(nato.launch_areas))
    defence, store, told = defence_of(nato, nato.architecture("phase-3")), Store(), []

    def ended(done: int, total: int, text: str) -> None:
        told.append(done)
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bound.judge(store, flights, defence, 1, progress=ended)
    assert told == [0, 1, 2]
    found = bound.judge(store, flights, defence, 1, progress=ended)
    assert told[3:] == list(range(2, -(-len(flights) // 1000)))
    assert np.array_equal(found.best, stages.most_shots(Store(), flights, defence, 1))


def test_what_is_prepared_answers_the_first_move(europe: WhatIfs) -> None:
    document: dict[str, Any] = {"architecture": "phase-3", "doctrine": {"decision_s": 17}}
    pieces: list[int] = []
    europe.prepare(document, progress=lambda done, total, text: pieces.append(done))
    assert pieces
    assert europe.verdict(document).method == "kept"
    for points in SETS:
        for place in ([37.0, 20.0], [36.0, 21.0]):
            found = europe.verdict({**document, "move": {SHIP: place}}, points, hand=[SHIP])
            assert found.method == "bound"
            assert found.judged < 0.2 * found.flights


def test_the_saved_file_has_the_headline_of_the_what_if_to_the_last_digit(
    gulf: WhatIfs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for place, (document, hand) in enumerate(what_ifs(gulf.scenario, 6, seed=9)[::4]):
        file = tmp_path / f"{place}.yaml"
        file.write_text(saved(gulf.scenario, document))
        assert main(["coverage", str(file), "--architecture", "what-if", "--json"]) == 0
        printed = json.loads(capsys.readouterr().out)
        for level in LEVELS:
            found = gulf.verdict(document, level=level, hand=[hand])
            assert json.loads(json.dumps(found.summary.as_json())) == printed["headline"][level]
        assert list(found.threats) == printed["headline_threats"]


def test_the_margin_is_the_time_margin_of_the_hardest_flight(nato: Scenario, some: AimPoints) -> None:
    flights = flights_of(nato, some, headline_threats(nato), tuple(nato.launch_areas))
    for name in ("phase-2", "phase-3"):
        defence = defence_of(nato, nato.architecture(name))
        found = decision_margins(Store(), flights, defence, len(some))
        least = np.full(len(some), np.inf)
        margins = flight_margins(Store(), flights, defence, reach=False)  # another kernel, which bisects nothing
        np.minimum.at(least, flights.points, margins.seconds + defence.timing.decision)
        expected = np.where(least < 0.0, 255, np.minimum(np.floor(least), 254))
        expected[np.isinf(least)] = 255
        assert found.dtype == np.uint8
        assert np.array_equal(found, expected)
        assert len(np.unique(found)) > 6


def test_the_margin_tells_who_is_defended_at_any_decision_time(pacific: WhatIfs) -> None:
    name = next(name for name in pacific.scenario.architectures if _batteries(pacific.scenario, name))
    classes = headline_threats(pacific.scenario)
    found = pacific.margin({"architecture": name}, "coarse")
    for seconds in (0, 40, 130):
        document = {"architecture": name, "doctrine": {"decision_s": seconds}}
        judged = pacific.verdict(document, "coarse", classes=classes)
        defended = judged.threatened.any(axis=1) & (judged.defended | ~judged.threatened).all(axis=1)
        assert np.array_equal((found != 255) & (found >= seconds), defended)
        again = pacific.margin(document, "coarse")
        assert np.array_equal(again, found)
        again[:] = 0  # the caller's own: the next is asked for all the same
    with pytest.raises(InputError, match="shots_required is 2"):
        pacific.margin({"architecture": name, "doctrine": {"shots_required": 2}}, "coarse")


def test_plans_are_the_verdicts_one_by_one(gulf: WhatIfs) -> None:
    (document, _), *_ = what_ifs(gulf.scenario, 1, seed=3)
    found = gulf.plans(document, "coarse")
    assert document["architecture"] in found
    assert len(found) > 1
    for name, verdict in list(found.items())[:2]:
        alone = WhatIfs(gulf.scenario).verdict({**document, "architecture": name}, "coarse")
        assert verdict.summary == alone.summary
        assert verdict.id == alone.id


def test_the_coarse_set_stands_for_every_point(gulf: WhatIfs) -> None:
    coarse, exact = gulf.points("coarse"), gulf.points("exact")
    assert 0.05 * len(exact.points) < len(coarse.points) < 0.7 * len(exact.points)
    assert coarse.nearest.shape == exact.nearest.shape == (len(exact.points),)
    assert coarse.nearest.dtype == np.int32
    for column in ("nation", "kind"):
        mine, theirs = getattr(exact.points, column), getattr(coarse.points, column)
        assert np.array_equal(theirs[coarse.nearest], mine)
    assert np.array_equal(exact.points.name[coarse.chosen], coarse.points.name)
    assert np.array_equal(coarse.nearest[coarse.chosen], np.arange(len(coarse.points)))
    document = what_ifs(gulf.scenario, 1, seed=2)[0][0]
    of_all, of_some = gulf.verdict(document), gulf.verdict(document, "coarse")
    assert np.array_equal(of_all.defended[coarse.chosen], of_some.defended)  # judged as exactly, where it is judged
    with pytest.raises(UnknownNameError, match="did you mean 'coarse'"):
        gulf.points("coarce")  # type: ignore[arg-type]


def test_the_coarse_set_has_no_seam_at_the_antimeridian_or_the_pole() -> None:
    everywhere = places(("FJI", "RUS", "NZL")).concat(land_grid(("FJI", "RUS", "NZL")))
    assert everywhere.longitude_deg.min() < -170.0 < 170.0 < everywhere.longitude_deg.max()
    coarse = coarse_set(everywhere, set(everywhere.nation.tolist()))
    stands = coarse.points.subset(coarse.nearest)
    latitude, there = np.radians(everywhere.latitude_deg), np.radians(stands.latitude_deg)
    between = np.radians(everywhere.longitude_deg - stands.longitude_deg)
    cosine = np.sin(latitude) * np.sin(there) + np.cos(latitude) * np.cos(there) * np.cos(between)
    kilometres = 6371.0 * np.arccos(np.clip(cosine, -1.0, 1.0))
    assert kilometres.max() < 71.0  # the diagonal of a cell of 50 km: no point's own cell lies farther away


def test_a_nation_across_the_antimeridian_is_answered() -> None:
    toy = hoplon.load("toy")
    changed = toy.set(
        {"nations": ["FJI"], "headline": None, "launch_areas.northwest.at": [-10.0, 170.0], "statements": None}
    )
    asked = WhatIfs(changed)
    found = asked.verdict({"architecture": "fast", "move": {"deveselu-fast": [-17.5, 180.0]}})
    alone = fresh(changed, {"architecture": "fast", "move": {"deveselu-fast": [-17.5, 180.0]}}, found.coverage.points)
    assert found.threatened.any()
    assert np.array_equal(found.defended, alone.defended)


ODD: list[tuple[dict[str, Any], str]] = [
    ({"move": {SHIP: [39.0, 33.0]}}, "ship-east-radar, ship-east-iia: based at sea, and stands on land here, in Tur"),
    ({"move": {"kurecik": [36.0, 20.0]}}, "kurecik: based on land, and stands at sea here"),
    ({"move": {SHIP: [90.0, 0.0]}}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("change", "note"), ODD)
def test_a_site_may_stand_anywhere_with_a_note(
    nato: Scenario, some: AimPoints, change: dict[str, Any], note: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = some.subset(np.arange(len(some)) % 20 == 0)
    monkeypatch.setattr("hoplon.analysis.coverage.aim_points", lambda scenario: few)
    asked = WhatIfs(nato)
    found = asked.verdict({"architecture": "phase-3", **change})
    assert " ".join(found.notes).startswith(note)
    assert bool(found.notes) == bool(note)
    alone = fresh(nato, {"architecture": "phase-3", **change}, few)
    assert np.array_equal(found.defended, alone.defended)


def test_two_hundred_elements_are_answered(nato: Scenario, some: AimPoints, monkeypatch: pytest.MonkeyPatch) -> None:
    few = some.subset(np.arange(len(some)) % 80 == 0)
    monkeypatch.setattr("hoplon.analysis.coverage.aim_points", lambda scenario: few)
    new = {
        f"b{n}": {"battery": "sm3-ia", "at": [30.0 + n % 20, -10.0 + n // 20], "count": 4, "radars": [f"r{n}"]}
        for n in range(100)
    }
    radars = {f"r{n}": {"radar": "spy-1d", "at": [30.0 + n % 20, -10.0 + n // 20]} for n in range(100)}
    document = {"architecture": "phase-3", "add": new | radars}
    found = WhatIfs(nato).verdict(document)
    assert np.array_equal(found.defended, fresh(nato, document, few).defended)
    moved = {**document, "move": {"b7": [50.0, 0.0]}}
    asked = WhatIfs(nato)
    assert np.array_equal(asked.verdict(moved, hand=["b7"]).defended, fresh(nato, moved, few).defended)


def test_a_place_is_explained(nato: Scenario, some: AimPoints, monkeypatch: pytest.MonkeyPatch) -> None:
    few = some.subset(np.arange(len(some)) % 40 == 0)
    monkeypatch.setattr("hoplon.analysis.coverage.aim_points", lambda scenario: few)
    asked, document = WhatIfs(nato), {"architecture": "phase-2", "move": {"ship-east-ib": [38.0, 19.0]}}
    made = apply(nato, document)
    ankara = asked.explain(document, place=(39.93, 32.85)).as_json()
    assert (ankara["threatened"], ankara["defended"]) == (True, False)
    hardest = ankara["hardest"]
    engaged = hoplon.engage(made, "what-if", hardest["from"], (39.93, 32.85), hardest["threat"], year=2030)
    assert not engaged.defended
    assert {key: hardest[key] for key in engaged.as_json()} == engaged.as_json()
    assert ankara["obstacle"].split(":")[0] in engaged.batteries
    for flight in ankara["flights"]:
        alone = hoplon.engage(made, "what-if", flight["from"], (39.93, 32.85), flight["threat"], year=2030)
        assert alone.defended == flight["met"]
    for remedy in ankara["remedies"]:
        change = (
            {"add": remedy["elements"]}
            if remedy["change"] == "add"
            else {"move": {remedy["elements"][0]: remedy["at"]}}
        )
        mended = asked.explain({**document, **change}, place=(39.93, 32.85)).as_json()
        assert mended["defended"], remedy
    far = asked.explain(document, place=(-60.0, -150.0))
    assert far.as_json()["threatened"] is False
    assert "no class reaches it" in far.line()
    with pytest.raises(UsageError, match="either place or element was expected"):
        asked.explain(document)


def test_an_element_is_explained_by_what_is_lost_without_it(gulf: WhatIfs) -> None:
    name = next(name for name in gulf.scenario.architectures if _batteries(gulf.scenario, name))
    document = {"architecture": name}
    losses = gulf.first_out(document)
    assert losses.elements
    for element in losses.elements[:6]:
        told = gulf.explain(document, element=element).as_json()
        assert told["first_out_loss"] == pytest.approx(losses.loss(element), abs=1e-12)
        assert told["stands"] is True
    other = next(n for n, e in gulf.scenario.elements.items() if e.form == "battery" and n not in losses.elements)
    assert gulf.explain(document, element=other).as_json()["stands"] is False


Refused = Callable[[], Any]


def test_a_what_if_of_another_scenario_is_refused_whatever_is_asked(gulf: WhatIfs) -> None:
    name = next(iter(gulf.scenario.architectures))
    document = {"architecture": name, "scenario": "0" * 64}
    asked: list[Refused] = [
        lambda: gulf.verdict(document),
        lambda: gulf.margin(document),
        lambda: gulf.plans(document),
        lambda: gulf.prepare(document),
        lambda: gulf.explain(document, place=(25.0, 55.0)),
    ]
    gulf.verdict({"architecture": name}, "coarse")  # the same what-if, known already, is no excuse
    for each in asked:
        with pytest.raises(InputError, match="made for another scenario"):
            each()
    document["scenario"] = gulf.scenario.sha256
    assert gulf.verdict(document, "coarse").method == "kept"
