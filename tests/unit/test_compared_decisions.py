"""What decides between two architectures is what the commands of its parts say of each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hoplon import api
from hoplon.analysis.coverage import aim_points
from hoplon.report.compared_decisions import decision_differences, less
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.load import load_scenario

NAMES = ("programme-of-record", "phase-2")


@pytest.fixture(scope="module")
def answer() -> dict:
    scenario = load_scenario("nato-europe")
    points = aim_points(scenario)
    members = np.flatnonzero((points.population > 0) & np.isin(points.nation, ["DEU", "ROU", "TUR", "ITA"]))
    some = points.subset(members[:: len(members) // 120])
    found = api.compare(scenario, *NAMES, points=some, samples=50).as_json()
    parts = {
        name: (
            api.survive(scenario, name, points=some).as_json(),
            api.cost(scenario, name, samples=50, points=some).as_json(),
            api.stability(scenario, [name], speeds_km_s=[]).as_json(),
        )
        for name in NAMES
    }
    return {"found": found, "parts": parts}


def test_each_side_says_what_survive_cost_and_stability_say(answer: dict) -> None:
    for side, name in zip(("a", "b"), NAMES, strict=True):
        told = answer["found"][side]
        survive, cost, stability = answer["parts"][name]
        assert [row["losses"] for row in told["by_losses"]] == [row["losses"] for row in survive["by_losses"]]
        for mine, theirs in zip(told["by_losses"], survive["by_losses"], strict=True):
            assert mine["worst"]["value"] == pytest.approx(theirs["worst"]["value"], abs=1e-12)
            assert mine["worst"]["lost"] == theirs["worst"]["lost"]
            assert mine["mean"] == pytest.approx(theirs["mean"], abs=1e-12)
        assert told["available"]["value"] == pytest.approx(survive["available"]["value"], abs=1e-12)
        assert told["value"] == pytest.approx(survive["value_whole"], abs=1e-12)
        assert told["cost"] == cost["total"]
        assert told["per_defended_person_usd"]["base"] == pytest.approx(cost["per_defended_person_usd"]["base"])
        assert told["stability"]["judged"] == stability["stated"]["judged"]
        assert told["stability"]["first_speed_km_s"] == stability["first_speed_km_s"]
        scenario = load_scenario("nato-europe").architecture(name)
        counts = [float(item.count) for item in scenario.elements.values() if item.battery is not None]
        assert told["interceptors"] == sum(counts)


@pytest.fixture(scope="module")
def elsewhere() -> AimPoints:
    """Points of members, and of a nation that is none, which count all the same where they are given."""
    points = aim_points(load_scenario("nato-europe"))
    people = np.flatnonzero((points.population > 0) & np.isin(points.nation, ["ROU", "TUR", "ITA"]))
    some = points.subset(people[:: len(people) // 60])
    nation = np.where(some.nation == "ITA", "GEO", some.nation)
    return replace(some, nation=nation, area_km2=np.linspace(10.0, 500.0, len(some)))


@pytest.mark.parametrize(
    "scope",
    [
        {"level": "low"},
        {"level": "high", "value": "area"},
        {"value": "worst_nation", "threats": ["irbm-3500"]},
        {"areas": ["tabriz"], "threats": "mrbm-2000"},
        {"subset": 24},
        {"subset": 24, "value": "area", "level": "low"},
    ],
    ids=lambda scope: " ".join(map(str, scope.values())),
)
def test_the_options_of_a_scope_say_what_survive_and_coverage_say(elsewhere: AimPoints, scope: dict) -> None:
    scenario = load_scenario("nato-europe")
    found = api.compare(scenario, *NAMES, points=elsewhere, samples=10, **scope).as_json()
    level, area = scope.get("level", "base"), scope.get("value") == "area"
    assert found["level"] == level
    for side, name in zip(("a", "b"), NAMES, strict=True):
        told = found[side]
        survive = api.survive(scenario, name, points=elsewhere, **scope).as_json()
        assert found["value"] == survive["value"]
        assert told["value"] == pytest.approx(survive["value_whole"], abs=1e-12)
        assert told["value"] == told[{"low": "value_low", "base": "value", "high": "value_high"}[level]]
        for mine, theirs in zip(told["by_losses"], survive["by_losses"], strict=True):
            assert mine["worst"]["value"] == pytest.approx(theirs["worst"]["value"], abs=1e-12)
            assert mine["worst"]["lost"] == theirs["worst"]["lost"]
            assert mine["mean"] == pytest.approx(theirs["mean"], abs=1e-12)
        assert told["available"]["value"] == pytest.approx(survive["available"]["value"], abs=1e-12)
        if "subset" in scope:
            assert found["subset"]["error"][name] == survive["subset"]["error"][name]
            continue
        which = {key: scope[key] for key in ("threats", "areas") if key in scope}
        whole = api.coverage(scenario, name, points=elsewhere, levels=["low", level], **which)
        headline = whole.as_json()["headline"]
        shares = {
            code: item["area_share" if area else "population_share"]
            for code, item in headline[level]["nations"].items()
        }
        assert {code: pair[side] for code, pair in found["nations"].items()} == pytest.approx(shares, abs=1e-12)
        assert "GEO" in shares
        assert told["area_share"] == pytest.approx(headline[level]["area_share"], abs=1e-12)
        if not area:
            assert told["gini"] == pytest.approx(headline[level]["gini"], abs=1e-12)
            assert told["worst_nation"] == headline[level]["worst_nation"]
        people = told["per_defended_person_usd"]
        defended = headline[level]["defended_population"]
        assert people is None or people["base"] * defended == pytest.approx(
            1e6 * told["cost"]["discounted_musd"]["base"], rel=1e-9
        )
        assert (people is None) == (defended == 0.0)


def test_differences_are_the_first_less_the_second(answer: dict) -> None:
    a, b, difference = (answer["found"][key] for key in ("a", "b", "difference"))
    assert difference["interceptors"] == a["interceptors"] - b["interceptors"]
    base = [side["cost"]["discounted_musd"]["base"] for side in (a, b)]
    assert difference["cost"]["discounted_musd"] == base[0] - base[1]
    worst = [side["by_losses"][1]["worst"]["value"] for side in (a, b)]
    assert difference["by_losses"][1]["worst"] == worst[0] - worst[1]
    shares = [
        min(pair[side] for pair in answer["found"]["nations"].values() if pair[side] is not None) for side in "ab"
    ]
    assert (a["worst_nation_share"], b["worst_nation_share"]) == pytest.approx(tuple(shares))


def test_what_one_side_lacks_has_no_difference() -> None:
    nothing = {
        **dict.fromkeys(("worst_nation_share", "available", "cost", "per_defended_person_usd", "stability")),
        "interceptors": 0,
        "by_losses": [],
    }
    assert decision_differences(nothing, {**nothing, "interceptors": 3, "worst_nation_share": 0.5}) == {
        **dict.fromkeys(("worst_nation_share", "available", "cost", "per_defended_person_usd", "stability")),
        "interceptors": -3,
        "by_losses": [],
    }
    assert less({"p05": 1.0, "p50": None}, {"p05": 0.25, "p50": 1.0}) == {"p05": 0.75, "p50": None}
