"""Strategic trajectories by burnout speed: the package held against the oracle on random small scenarios."""

import itertools
import math

import numpy as np
import pytest
from ruamel.yaml import YAML

import oracle
from hoplon import api
from hoplon.analysis.stability.speeds import GRID_KM_S
from oracle import cases, stability

SLACK = 0.6  # [s] the page's tolerance of a fly-out, and a tenth of the reach tables
ANGLE = 0.5  # [deg] of a fly-out that takes half a second more or less


def scenario(seed, folder, **doctrine):
    """Return a random scenario of two batteries, two radars and three strategic trajectories: its path and text."""
    rng = np.random.default_rng([60012, seed])

    def near(lat, lon, spread):
        return [float(lat + rng.uniform(-spread, spread)), float(lon + rng.uniform(-spread, spread))]

    def kind():
        slowest = cases.pick(rng, [1.0, 3.0])
        return {
            "burnout_speed_km_s": {"value": float(rng.uniform(4.0, 8.0)), "low": 3.5, "high": 8.5},
            "min_burnout_speed_km_s": slowest,
            "burn_time_s": float(rng.integers(60, 140)),
            "intercept_altitude_km": [float(rng.integers(80, 220)), float(rng.integers(400, 900))],
            "max_flight_time_s": float(rng.integers(300, 700)),
        }

    made = {
        "hoplon": 1,
        "name": f"strategic-{seed}",
        "title": "random",
        "nations": ["POL", "ROU"],
        "launch_areas": {"east": {"at": [36.0, 50.0]}},
        "threats": {
            "long": {
                "max_range_km": 10000,
                "min_range_km": 5000,
                "burn_time_s": {"value": float(rng.integers(150, 280)), "low": 145, "high": 290},
                "burnout_altitude_km": 200,
                "burnout_ground_range_km": 450,
                "rcs_m2": {"X": 0.05},
                "launch_areas": [],
            }
        },
        "radars": {
            "eye": {
                "band": "X",
                "search": {"reference_range_km": float(rng.integers(2500, 6000)), "reference_rcs_m2": 0.05},
                "track": {"reference_range_km": float(rng.integers(6000, 9000)), "reference_rcs_m2": 0.05},
                "max_range_km": 9000,
                "update_s": 1,
                "range_sigma_m": 10,
                "angle_sigma_mrad": 0.5,
                "elevation_deg": [0, 90],
                "acquisition_s": 10,
                "cued_acquisition_s": 5,
            }
        },
        "satellites": {"warn": {"alert_s": 60, "detect_s": 40}},
        "interceptors": {"one": kind(), "two": kind()},
        "elements": {
            "sat": {"satellite": "warn"},
            "north": {"radar": "eye", "at": near(55, 18, 3)},
            "south": {"radar": "eye", "at": near(46, 27, 3)},
            "site-1": {"battery": "one", "at": near(54, 17, 3), "radars": ["north"], "count": 10},
            "site-2": {"battery": "two", "at": near(47, 25, 4), "radars": ["south"], "count": 10},
        },
        "network": {"latency_s": 2},
        "doctrine": {
            "mode": cases.pick(rng, ["launch_on_remote", "engage_on_remote"]),
            "firm_track_s": 20,
            "decision_s": float(rng.integers(10, 60)),
            "reaction_s": 5,
            "handover_s": 10,
            "kill_assessment_s": 20,
            **doctrine,
        },
        "architectures": {"both": {"elements": ["sat", "north", "south", "site-1", "site-2"]}},
        "strategic": [
            {"name": f"way {k}", "from": near(54, 40, 5), "aim": near(40, -80, 8), "threat": "long"} for k in range(3)
        ],
    }
    path = folder / f"strategic-{seed}.yaml"
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(made, stream)
    return path


def margin_of(written, speed, way, view):
    """Return by how many seconds the answer of a view hangs: how much later or sooner a launch would turn it."""
    moved = stability.at_speed(written, speed)
    for seconds in (-2.0, 2.0):
        shifted = stability.at_speed(moved, speed)
        if view == "judged":
            shifted["doctrine"]["decision_s"] += seconds
            yield stability.judged(shifted, "both", way)
        else:
            for kind in shifted["interceptors"].values():
                kind["burn_time_s"] += seconds
            yield stability.kinematic(shifted, "both", way)


@pytest.mark.parametrize("seed", range(2))
def test_the_same_trajectories_are_engaged_at_every_speed(seed, tmp_path):
    path = scenario(seed, tmp_path)
    written, speeds = oracle.load(path), [4.5, 6.5]
    answer = api.stability(path, "both", speeds_km_s=speeds).as_json()
    compared = 0
    for row in answer["speeds"]:
        moved = stability.at_speed(written, row["burnout_speed_km_s"])
        for view, judge in (("judged", stability.judged), ("kinematic", stability.kinematic)):
            mine = [way["name"] for way in written["strategic"] if judge(moved, "both", way)]
            for way in written["strategic"]:
                same = (way["name"] in mine) == (way["name"] in row[view]["trajectories"])
                edge = len(set(margin_of(written, row["burnout_speed_km_s"], way, view))) > 1 if not same else False
                assert same or edge, (row["burnout_speed_km_s"], view, way["name"])
                compared += same
            assert row[view]["share"] == len(row[view]["trajectories"]) / 3
    assert compared >= 11  # of 12: an edge of the page's tolerance is rare


def test_the_first_intercept_is_the_one_that_every_second_gives(tmp_path):
    compared = 0
    for seed in range(8):
        path = scenario(seed, tmp_path, decision_s=5, firm_track_s=5)
        written = oracle.load(path)
        for row in api.stability(path, "both", speeds_km_s=[9.0]).as_json()["engaged"]:
            way = next(item for item in written["strategic"] if item["name"] == row["trajectory"])
            mine = stability.first_intercept(written, "both", way)
            assert row["intercept_s"] == pytest.approx(mine["intercept_s"], abs=2.0)  # section 7 of the page
            if row["battery"] == mine["battery"] and row["intercept_s"] == mine["intercept_s"]:
                assert row["altitude_km"] == pytest.approx(mine["altitude_km"], abs=0.2)
                assert row["slack_s"] == pytest.approx(mine["slack_s"], abs=SLACK)
                assert row["crossing_angle_deg"] == pytest.approx(mine["angle_deg"], abs=ANGLE)
                compared += 1
        if compared >= 3:
            break
    assert compared >= 3


@pytest.mark.parametrize("seed", range(4))
def test_a_faster_interceptor_engages_whatever_a_slower_one_does(seed, tmp_path):
    path = scenario(seed, tmp_path)
    answer = api.stability(path, "both", speeds_km_s=[3.0 + 0.25 * step for step in range(25)])
    for view in ("judged", "kinematic"):
        sets = [set(by_view[view].trajectories) for by_view in answer.answers[0].speeds.values()]
        assert all(slower <= faster for slower, faster in itertools.pairwise(sets))
    for by_view in answer.answers[0].speeds.values():
        assert set(by_view["judged"].trajectories) <= set(by_view["kinematic"].trajectories)
    stated = answer.answers[0].stated
    assert all(item.low <= item.engaged.share <= item.high for item in stated.values())


@pytest.mark.parametrize(("seed", "slowest"), [(0, 1.0), (1, 2.5), (2, 2.5)])
def test_the_first_speed_is_the_least_of_the_grid_at_which_any_is_engaged(seed, slowest, tmp_path):
    path = scenario(seed, tmp_path)
    written = oracle.load(path)
    for kind in written["interceptors"].values():
        kind["min_burnout_speed_km_s"] = slowest
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(written, stream)
    each = api.stability(path, "both", speeds_km_s=GRID_KM_S).answers[0]
    alone = api.stability(path, "both", speeds_km_s=[2.0]).answers[0]
    for view in ("judged", "kinematic"):
        first = next((speed for speed, by_view in each.speeds.items() if by_view[view].trajectories), None)
        assert alone.first_speed_km_s[view] == each.first_speed_km_s[view] == first
    assert alone.first_speed_km_s["kinematic"] is not None
    assert math.isclose(alone.first_speed_km_s["kinematic"] / 0.05, round(alone.first_speed_km_s["kinematic"] / 0.05))


@pytest.mark.parametrize("seed", range(3))
def test_nothing_but_speed_burn_time_elevation_and_floor_limits_the_kinematic_view(seed, tmp_path):
    path = scenario(seed, tmp_path)
    before = api.stability(path, "both", speeds_km_s=[4.5, 6.0, 8.0]).answers[0]
    written = oracle.load(path)
    for kind in written["interceptors"].values():
        kind["intercept_altitude_km"][1] = kind["intercept_altitude_km"][0] + 1.0
        kind["max_flight_time_s"] = kind["burn_time_s"] + 10.0
    written["doctrine"]["decision_s"] = 3000
    for mode in ("search", "track"):
        written["radars"]["eye"][mode]["reference_range_km"] = 1.0
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(written, stream)
    after = api.stability(path, "both", speeds_km_s=[4.5, 6.0, 8.0]).answers[0]
    assert {v: s["kinematic"] for v, s in after.speeds.items()} == {v: s["kinematic"] for v, s in before.speeds.items()}
    assert any(by_view["kinematic"].trajectories for by_view in after.speeds.values())
    assert not any(by_view["judged"].trajectories for by_view in after.speeds.values())
    stated = after.stated["kinematic"].engaged.trajectories
    assert {after.binding[name] for name in stated} <= {"flight_time", "never_seen"}
