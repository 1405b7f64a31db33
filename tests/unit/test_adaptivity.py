"""Waiting and responses, held against coverages of files written by hand for every year, world and set of moves."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from hoplon import api
from hoplon.analysis.adaptivity import response
from hoplon.analysis.adaptivity.response import sets_of_moves, value_of
from hoplon.errors import InputError, UnknownNameError
from hoplon.scenario.geography import AimPoints

DAYS = (0, 7, 30, 90, 365, 1095)
PACES = {"slow": "high", "base": "value", "fast": "low"}


def number(value: Any, bound: str = "value") -> float:
    return float(value.get(bound, value["value"]) if isinstance(value, dict) else value)


def threat(most: float, first: Any, areas: list[str]) -> dict[str, Any]:
    return {
        "max_range_km": most,
        "min_range_km": 200,
        "burn_time_s": 110,
        "burnout_altitude_km": 90,
        "burnout_ground_range_km": 110,
        "rcs_m2": {"X": 0.05},
        "launch_areas": areas,
        **({} if first is None else {"from": first}),
    }


def written() -> dict[str, Any]:
    """Return a scenario of two classes, a plan of two stages, and moves of which some stand in each other's place."""
    radar = {
        "band": "X",
        "search": {"reference_range_km": 1500, "reference_rcs_m2": 0.05},
        "track": {"reference_range_km": 2000, "reference_rcs_m2": 0.05},
        "max_range_km": 3000,
        "elevation_deg": [2, 85],
        "update_s": 1,
        "range_sigma_m": 10,
        "angle_sigma_mrad": 0.5,
        "acquisition_s": 10,
        "cued_acquisition_s": 5,
    }
    round_ = {"burnout_speed_km_s": {"value": 3.0, "low": 2.7}, "burn_time_s": 60, "intercept_altitude_km": [80, 600]}
    sites = {"south": [38.0, 24.0], "north": [44.0, 25.0], "west": [42.0, 13.0]}
    elements: dict[str, Any] = {"sat": {"satellite": "warn"}}
    for name, at in sites.items():
        elements[f"{name}-radar"] = {"radar": "eye", "at": at, "acquisition_musd": 100, "annual_musd": 10}
        elements[name] = {
            **{"battery": "round", "at": at, "radars": [f"{name}-radar"], "count": 10},
            **{"acquisition_musd": 300, "annual_musd": 20, "ships_per_station": 2 if name == "south" else 1},
        }
    return {
        "hoplon": 1,
        "name": "waiting",
        "title": "made up",
        "nations": ["GRC", "ROU", "ITA", "BGR"],
        "launch_areas": {"near": {"at": [38.0, 46.0]}, "far": {"at": [34.0, 52.0]}, "south": {"at": [33.5, 37.0]}},
        "threats": {
            "short": threat(2100, None, ["near", "far"]),
            "long": threat(3600, {"value": 2014, "low": 2012, "high": 2017}, ["near", "far"]),
            "later": threat(3700, {"value": 2030, "low": 2016, "high": 2040}, ["far"]),
        },
        "radars": {"eye": radar},
        "satellites": {"warn": {"alert_s": 60, "detect_s": 40}},
        "interceptors": {"round": {**round_, "max_flight_time_s": 500}},
        "elements": elements,
        "network": {"latency_s": 2},
        "doctrine": {
            **{"mode": "engage_on_remote", "firm_track_s": 20, "decision_s": 30, "reaction_s": 5},
            **{"handover_s": 10, "kill_assessment_s": 20},
        },
        "architectures": {
            "one": {"year": 2011, "elements": ["sat", "south-radar", "south"]},
            "two": {"year": 2015, "extends": "one", "elements": ["north-radar", "north"]},
        },
        "costs": {"base_year": 2009, "discount_rate": 0.03, "years": 9},
        "adapt": {
            "surprises": {
                "sooner": {"threats": {"long": {"shift_years": -2}, "later": {"shift_years": -14}}},
                "elsewhere": {"threats": {"short": {"launch_areas": ["south", "near"]}}},
            },
            "moves": {
                "swap": {"without": ["south", "south-radar"], "elements": ["west", "west-radar"], "lead_days": 5},
                "build": {"elements": ["west", "west-radar"], "lead_days": 30, "cost_musd": {"value": 70, "high": 90}},
                "dearer": {"elements": ["west", "west-radar"], "lead_days": 7, "cost_musd": 71},
                "nothing": {"without": ["sat"], "lead_days": 0, "cost_musd": 1},
            },
        },
        "questions": {"Q15": {"title": "Waiting?", "architectures": ["one", "two"]}},
    }


def points() -> AimPoints:
    rng = np.random.default_rng(15)
    latitude, longitude = rng.uniform(36.0, 47.0, 60), rng.uniform(8.0, 29.0, 60)
    nation = np.where(longitude < 18.0, "ITA", np.where(latitude > 43.5, "ROU", "GRC"))
    people = np.round(rng.uniform(1e4, 4e6, 60))
    return AimPoints(
        np.array([f"place {k}" for k in range(60)]),
        nation,
        latitude,
        longitude,
        people,
        people / 1e3,
        np.full(60, "place"),
    )


def loaded(content: dict[str, Any], folder: Path) -> Any:
    path = folder / "waiting.yaml"
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(content, stream)
    return api.load(path)


class ByHand:
    """Exposures, costs and responses from one coverage of a file for each world and architecture."""

    def __init__(self, folder: Path, places: AimPoints) -> None:
        self.folder, self.places = folder, places
        self.kept: dict[Any, Any] = {}

    def world(self, surprise: str | None) -> dict[str, Any]:
        content = written()
        if surprise is not None:
            for name, change in content["adapt"]["surprises"][surprise]["threats"].items():
                content["threats"][name]["launch_areas"] = change.get(
                    "launch_areas", content["threats"][name]["launch_areas"]
                )
        return content

    def first_year(self, name: str, pace: str, surprise: str | None) -> float:
        content = written()
        first = content["threats"][name].get("from")
        shift = content["adapt"]["surprises"].get(surprise, {"threats": {}})["threats"].get(name, {})
        return -np.inf if first is None else number(first, PACES[pace]) + shift.get("shift_years", 0)

    def states(self, elements: tuple[str, ...], surprise: str | None, classes: tuple[str, ...]) -> Any:
        """Return threatened and undefended places of an architecture of some elements, "" for one of nothing."""
        key = elements, surprise
        if key not in self.kept:
            content = self.world(surprise)
            content["architectures"] = {"by-hand": {"year": 2011, "elements": list(elements) or ["sat"]}}
            content["adapt"], content["questions"] = {}, {}
            every = list(content["threats"])
            scenario = loaded(content, self.folder)
            self.kept[key] = api.coverage(scenario, "by-hand", threats=every, points=self.places, levels="base").base
        found = self.kept[key]
        columns = [found.threats.index(name) for name in classes]
        threatened, defended = found.threatened[:, columns], found.defended[:, columns]
        return threatened.any(axis=1), (threatened & ~defended).any(axis=1)

    def exposure(self, pace: str, surprise: str | None, wait: int) -> float:
        stages = [(2011 + wait, ("sat", "south-radar", "south"))]
        stages.append((2015 + wait, (*stages[0][1], "north-radar", "north")))
        total = 0.0
        for year in range(2011, 2020):
            classes = tuple(name for name in written()["threats"] if self.first_year(name, pace, surprise) <= year)
            stood: tuple[str, ...] = ()
            for begun, elements in stages:
                stood = elements if begun <= year else stood
            total += float(self.places.population[self.states(stood, surprise, classes)[1]].sum())
        return total / 1e6

    def value(self, moves: tuple[str, ...], pace: str, surprise: str) -> float:
        content = written()
        elements = dict.fromkeys(("sat", "south-radar", "south", "north-radar", "north"))
        for move in moves:
            elements |= dict.fromkeys(content["adapt"]["moves"][move].get("elements", ()))
        for move in moves:
            for gone in content["adapt"]["moves"][move].get("without", ()):
                elements.pop(gone, None)
        classes = tuple(name for name in content["threats"] if self.first_year(name, pace, surprise) <= 2015)
        threatened, undefended = self.states(tuple(elements), surprise, classes)
        people = self.places.population
        return 1.0 - float(people[undefended].sum()) / float(people[threatened].sum())


# M USD a year: south is two ships, (300 + 20) and a radar of 100 + 10 at every site.
BOUGHT = {"one": 2 * 300 + 100, "two": 300 + 100}
RUN = {"one": 2 * 20 + 10, "two": 2 * 20 + 10 + 20 + 10}


def spent(wait: int) -> float:
    total = 0.0
    for year in range(2011, 2020):
        money = BOUGHT["one"] * (year == 2011 + wait) + BOUGHT["two"] * (year == 2015 + wait)
        money += RUN["two"] if year >= 2015 + wait else RUN["one"] if year >= 2011 + wait else 0
        total += money / 1.03 ** (year - 2011)
    return total


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return api.adapt(loaded(written(), tmp_path_factory.mktemp("plan")), points=points()).as_json()


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> ByHand:
    return ByHand(tmp_path_factory.mktemp("hand"), points())


@pytest.mark.parametrize("surprise", [None, "sooner", "elsewhere"])
def test_exposure_is_that_of_the_files_of_each_year(answer: Any, by_hand: ByHand, surprise: str | None) -> None:
    rows = [row for row in answer["waiting"] if row["surprise"] == surprise]
    assert len(rows) == 3 * 6
    for row in rows:
        mine = by_hand.exposure(row["pace"], row["surprise"], row["wait_years"])
        at_once = by_hand.exposure(row["pace"], row["surprise"], 0)
        assert row["exposure_million_person_years"] == pytest.approx(mine, rel=1e-9)
        assert row["regret_million_person_years"] == pytest.approx(mine - at_once, rel=1e-9, abs=1e-9)


def test_worlds_and_waits_differ(answer: Any) -> None:
    assert len(answer["waiting"]) == 3 * 3 * 6
    assert len({round(row["exposure_million_person_years"], 6) for row in answer["waiting"]}) > 25


def test_saving_is_the_roll_out_less_the_later_one(answer: Any) -> None:
    for row in answer["waiting"]:
        saving = spent(0) - spent(row["wait_years"])
        assert row["saving_musd"] == pytest.approx(saving, rel=1e-9, abs=1e-9)
        regret = row["regret_million_person_years"]
        if regret == 0.0:
            assert row["usd_per_person_year"] is None
        else:
            assert row["usd_per_person_year"] == pytest.approx(saving / regret, rel=1e-9)
    assert any(row["usd_per_person_year"] is None for row in answer["waiting"])


@pytest.mark.parametrize("surprise", ["sooner", "elsewhere"])
def test_the_best_response_is_that_of_every_set_of_moves(answer: Any, by_hand: ByHand, surprise: str) -> None:
    moves = written()["adapt"]["moves"]
    sets = [chosen for size in range(3) for chosen in itertools.combinations(moves, size)]
    rows = [row for row in answer["response"] if row["surprise"] == surprise]
    assert len(rows) == 3 * len(DAYS)
    for row in rows:
        ready = [chosen for chosen in sets if all(moves[move]["lead_days"] <= row["days"] for move in chosen)]
        values = {chosen: by_hand.value(chosen, row["pace"], row["surprise"]) for chosen in ready}
        cost = {chosen: sum(number(moves[move].get("cost_musd", 0)) for move in chosen) for chosen in ready}
        best = max(values.values())
        cheapest = min(cost[chosen] for chosen in ready if values[chosen] >= best - 1e-9)
        assert row["value"] == pytest.approx(best, abs=1e-9)
        assert row["cost_musd"] == pytest.approx(cheapest)
        assert values[tuple(row["moves"])] >= best - 1e-9
    assert {row["days"] for row in rows} == set(DAYS)
    assert answer["as_deployed"][surprise] == pytest.approx(by_hand.value((), "base", surprise), abs=1e-9)


def test_moves_are_made_and_not_the_same_everywhere(answer: Any) -> None:
    assert len(answer["response"]) == 2 * 3 * len(DAYS)
    assert len({(row["days"], tuple(row["moves"])) for row in answer["response"]}) > len(DAYS)
    assert set(answer["as_deployed"]) == {"sooner", "elsewhere"}


def test_a_plan_of_one_stage_counts_land_where_land_is_asked_for(by_hand: ByHand, tmp_path: Path) -> None:
    places = replace(points(), area_km2=np.random.default_rng(3).uniform(1.0, 900.0, 60))
    asked = {"paces": "base", "surprises": ["elsewhere"], "wait_years": [0], "moves": 1, "value": "area"}
    found = api.adapt(loaded(written(), tmp_path), ["one"], points=places, **asked).as_json()
    threatened, undefended = by_hand.states(("sat", "south-radar", "south"), "elsewhere", ("short",))
    land = places.area_km2
    value = 1.0 - float(land[undefended].sum()) / float(land[threatened].sum())
    people = 1.0 - float(places.population[undefended].sum()) / float(places.population[threatened].sum())
    assert found["as_deployed"]["elsewhere"] == pytest.approx(value, abs=1e-12)
    assert abs(value - people) > 0.001  # else it would show nothing


def test_more_days_never_defend_less(answer: Any) -> None:
    for key, rows in itertools.groupby(answer["response"], lambda row: (row["surprise"], row["pace"])):
        values = [row["value"] for row in rows]
        assert values == sorted(values), key


def test_the_value_of_a_response_is_worked_by_hand() -> None:
    threatened, undefended = np.array([True, True, True, True, False]), np.array([False, True, True, False, False])
    weight, nation = np.array([3.0, 1.0, 2.0, 2.0, 9.0]), np.array([0, 0, 1, 1, 2])
    assert value_of((threatened, undefended), weight, nation, "population") == pytest.approx(1 - 3 / 8)
    assert value_of((threatened, undefended), weight, nation, "worst_nation") == pytest.approx(2 / 4)  # 3/4 the other
    nobody = np.zeros(5, dtype=bool)
    for kind in ("population", "area", "worst_nation"):
        assert value_of((nobody, nobody), weight, nation, kind) is None


def test_sets_stand_in_the_order_of_their_places() -> None:
    assert sets_of_moves(("a", "b", "c"), 2) == [(), ("a",), ("a", "b"), ("a", "c"), ("b",), ("b", "c"), ("c",)]
    with pytest.raises(InputError, match="ask for fewer"):
        sets_of_moves([str(k) for k in range(60)], 6)


@pytest.mark.parametrize(("most", "refused"), [(7, False), (6, True)])
def test_as_many_sets_as_the_most_are_taken(most: int, refused: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response, "MOST_SETS", most)
    if refused:
        with pytest.raises(InputError, match="moves: 7 sets of at most 2 of 3 moves"):
            sets_of_moves(("a", "b", "c"), 2)
    else:
        assert len(sets_of_moves(("a", "b", "c"), 2)) == 7


def test_the_plan_and_its_horizon_are_told(answer: Any) -> None:
    assert answer["plan"] == [{"architecture": "one", "year": 2011}, {"architecture": "two", "year": 2015}]
    assert answer["horizon"] == {"first_year": 2011, "years": 9}
    assert answer["subset"] is None
    assert answer["value"] == "population"


def test_a_subset_of_every_mark_counts_as_its_points_do(tmp_path: Path) -> None:
    scenario = loaded(written(), tmp_path)
    whole = api.adapt(scenario, points=points(), paces="base", wait_years=[2], surprises=[])
    marked = api.adapt(scenario, points=points(), paces="base", wait_years=[2], surprises=[], subset=20_000)
    assert marked.subset is not None
    assert marked.subset.of <= 60
    # A mark stands for a twenty-thousandth of the people: each place is off by one of them at most.
    slack = 60 / 20_000 * float(points().population.sum()) / 1e6 * 9
    assert marked.waiting[0].exposure_million_person_years == pytest.approx(
        whole.waiting[0].exposure_million_person_years, abs=slack
    )


def test_a_subset_of_land_values_responses_by_land_and_waits_by_people(tmp_path: Path) -> None:
    """Of every place a mark or more; land that has nothing to do with people, some of it where nobody lives."""
    rng = np.random.default_rng(3)
    people = np.where(rng.random(60) < 0.2, 0.0, points().population)
    places = replace(points(), area_km2=rng.uniform(1.0, 900.0, 60), population=people).subset(np.arange(24))
    asked: dict[str, Any] = {
        "paces": "fast",
        "surprises": ["elsewhere"],
        "wait_years": [2],
        "moves": 1,
        "value": "area",
    }
    whole = api.adapt(loaded(written(), tmp_path), points=places, **asked)
    marked = api.adapt(loaded(written(), tmp_path), points=places, subset=20_000, **asked)
    assert marked.subset is not None
    assert 12 < marked.subset.points <= marked.subset.of <= 24
    slack = 24 / 20_000
    for one, other in zip(marked.response, whole.response, strict=True):
        assert one.value == pytest.approx(other.value, abs=2.0 * slack)
    assert marked.planned == pytest.approx(whole.planned, abs=2.0 * slack)
    assert marked.as_deployed["elsewhere"] == pytest.approx(whole.as_deployed["elsewhere"], abs=2.0 * slack)
    most = float(places.population.sum()) / 1e6 * 9
    for waited, expected in zip(marked.waiting, whole.waiting, strict=True):
        exposed = waited.exposure_million_person_years
        assert exposed == pytest.approx(expected.exposure_million_person_years, abs=slack * most)
        assert exposed > 10.0 * slack * most


@pytest.mark.parametrize(
    ("architectures", "told"), [(("two", "one"), "years of a plan rise"), (("one", "one"), "years of a plan rise")]
)
def test_a_plan_whose_years_do_not_rise_is_refused(architectures: tuple[str, ...], told: str, tmp_path: Path) -> None:
    content = written()
    content["architectures"]["again"] = {"extends": "one", "year": 2011}
    named = [name if place == 0 else name.replace("one", "again") for place, name in enumerate(architectures)]
    with pytest.raises(InputError, match=told):
        api.adapt(loaded(content, tmp_path), named, points=points())


def test_what_is_missing_is_refused_by_its_place(tmp_path: Path) -> None:
    content = written()
    del content["costs"]
    with pytest.raises(InputError, match="no `costs`"):
        api.adapt(loaded(content, tmp_path), points=points())
    content = written()
    del content["architectures"]["one"]["year"]
    with pytest.raises(InputError, match=r"architectures\.one: no year"):
        api.adapt(loaded(content, tmp_path), points=points())
    with pytest.raises(UnknownNameError, match="did you mean 'sooner'"):
        api.adapt(loaded(written(), tmp_path), points=points(), surprises=["soon"])
    content = written()
    del content["questions"]
    with pytest.raises(InputError, match=r"questions\.Q15 names none"):
        api.adapt(loaded(content, tmp_path), points=points())


def test_a_century_is_the_longest_wait_and_the_line_tells_the_greatest_regret(by_hand: ByHand, tmp_path: Path) -> None:
    """A plan that is a century late fields nothing within its horizon."""
    scenario = loaded(written(), tmp_path)
    found = api.adapt(scenario, points=points(), paces="base", wait_years=[0, 3, 100, 2], surprises=[])
    late = by_hand.exposure("base", None, 100)
    assert found.waiting[2].exposure_million_person_years == pytest.approx(late, rel=1e-9)
    assert found.waiting[2].saving_musd == pytest.approx(spent(0), rel=1e-9)
    regret = late - by_hand.exposure("base", None, 0)
    told = (
        f"waiting: one (2011), two (2015): waiting 100 years costs up to {regret:,.0f} million person-years undefended"
    )
    assert found.line() == told
    assert [row["wait_years"] for row in found.rows()] == [0, 3, 100, 2]
    for wait in (-1, 101):
        with pytest.raises(InputError, match=f"from 0 to 100 years were expected, got {wait}"):
            api.adapt(scenario, points=points(), wait_years=[wait])


def test_nobody_threatened_is_null_and_no_refusal(tmp_path: Path) -> None:
    far = points().subset(np.arange(3))
    empty = AimPoints(far.name, far.nation, far.latitude_deg - 80.0, far.longitude_deg, *vars_of(far))
    found = api.adapt(loaded(written(), tmp_path), points=empty).as_json()
    assert {row["value"] for row in found["response"]} == {None}
    assert all(row["moves"] == [] and row["cost_musd"] == 0.0 for row in found["response"])
    assert {row["usd_per_person_year"] for row in found["waiting"]} == {None}


def vars_of(places: AimPoints) -> tuple[Any, Any, Any]:
    return places.population, places.area_km2, places.kind
