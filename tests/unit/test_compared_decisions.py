"""What decides between two architectures is what the commands of its parts say of each."""

from __future__ import annotations

import numpy as np
import pytest

from hoplon import api
from hoplon.analysis.coverage import aim_points
from hoplon.report.compared_decisions import decision_differences, less
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
