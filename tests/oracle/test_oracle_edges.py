"""The comparison itself: it passes the oracle's own answers and catches each kind of error."""

import copy

import pytest

import oracle
from oracle import cases, edges


@pytest.fixture(scope="module")
def shot():
    """Return a case with at least two shots by one battery, its scenario, the oracle's answer and that battery."""
    for seed in range(20, 200):
        case = cases.engage_case(seed)
        scenario = oracle.load(case.text)
        answer = oracle.engage(scenario, case.architecture, case.area, case.aim, case.threat, case.loft_deg)
        for name, battery in answer["batteries"].items():
            if battery["shots"] >= 2 and battery["last_intercept_s"] - battery["intercepts"][0]["intercept_s"] > 40:
                return case, scenario, answer, name
    raise AssertionError("no case with two shots among 200")


def test_the_oracle_agrees_with_itself(shot):
    case, scenario, answer, _ = shot
    assert edges.differences(scenario, case, answer) == ([], [])


def spoiled(answer, name, change):
    other = copy.deepcopy(answer)
    change(other["batteries"][name], other)
    return other


def later(battery, _):
    for intercept in battery["intercepts"]:
        intercept["intercept_s"] += 20.0
        intercept["launch_s"] += 20.0


@pytest.mark.parametrize(
    "change",
    [
        lambda b, _: (b.update(shots=b["shots"] - 1), b["intercepts"].pop()),
        lambda b, _: b.update(last_intercept_s=b["last_intercept_s"] - 20),
        lambda b, _: b.update(commit_s=b["commit_s"] + 1),
        later,
        lambda b, _: b["intercepts"][0].update(launch_s=b["intercepts"][0]["launch_s"] - 5),
        lambda b, _: b["intercepts"][0].update(altitude_km=b["intercepts"][0]["altitude_km"] + 1),
        lambda _, a: a.update(flight_time_s=a["flight_time_s"] + 0.1),
        lambda _, a: a.update(defended=not a["defended"]),
        lambda _, a: next(r for r in a["radars"].values() if r["track_s"])["track_s"].append([1e4, 1.1e4]),
        lambda _, a: next(iter(a["radars"].values())).update(cue_s=12345.0),
        lambda _, a: a["radars"].popitem(),
    ],
)
def test_each_kind_of_error_is_caught(shot, change):
    case, scenario, answer, name = shot
    found, _ = edges.differences(scenario, case, spoiled(answer, name, change))
    assert found


def test_a_hair_is_no_error(shot):
    case, scenario, answer, name = shot
    moved = spoiled(answer, name, lambda b, _: b.update(last_intercept_s=b["last_intercept_s"] - 1))
    assert edges.differences(scenario, case, moved)[0] == []


def test_the_same_seed_gives_the_same_case():
    assert cases.engage_case(5) == cases.engage_case(5)
    assert cases.engage_case(5).text != cases.engage_case(6).text
    assert cases.flight_case(5) == cases.flight_case(5)
    assert cases.flyout_case(5) == cases.flyout_case(5)
