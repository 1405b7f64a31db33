"""What an engagement says of itself in words is true of its numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import pytest

from hoplon import api
from hoplon.analysis.engagement import engagement
from hoplon.analysis.margins.named_causes import cause_in_words
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Scenario

BUCHAREST, BERLIN = (44.43, 26.10), (52.52, 13.40)


@pytest.fixture(scope="module")
def toy() -> Scenario:
    return load_scenario("toy")


def seconds(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\b\d+(?= s\b)|\b\d+(?= to )", text)]


def test_without_support_it_says_when_the_intercept_would_be_and_who_holds_the_flight_when(toy: Scenario) -> None:
    found = api.engage(toy, "fast", "northwest", BERLIN, "irbm")
    battery = found.batteries["deveselu-fast"]
    assert battery.cause == "no_support"
    told = battery.explanation
    assert "no radar that may support it follows the flight at the moment of intercept" in told
    begin, end = seconds(told)[:2]
    assert battery.commit_s is not None
    assert battery.commit_s < begin < end < (found.flight_time_s or 0.0)
    own = found.radars["deveselu-radar"].track_s
    assert all(off + 20.0 < begin or on + 10.0 > end for on, off in own)  # the doctrine's handover and support
    assert ("deveselu-radar holds it" in told) == bool(own)
    on, off = found.radars["kurecik"].track_s[0]
    watches = f"kurecik holds it from {on:.0f} to {off:.0f} s, but supports none of its intercepts"
    assert (watches in told) == (on <= end and begin <= off)


def test_too_late_by_as_much_as_the_margin(toy: Scenario) -> None:
    found = api.engage(toy, "fast-organic", "northwest", BUCHAREST, "mrbm").batteries["deveselu-fast"]
    assert found.cause == "seen_too_late"
    assert found.commit_s is not None
    assert f"at {found.commit_s:.0f} s, comes" in found.explanation
    assert found.margin_s is not None
    assert found.margin_s < 0.0
    late = seconds(found.explanation)[1]
    assert late <= -found.margin_s + 1.0  # the last launch of all, supported or not


def test_met_it_says_by_how_much(toy: Scenario) -> None:
    found = api.engage(toy, "slow", "northwest", BUCHAREST, "mrbm").batteries["deveselu"]
    assert found.cause is None
    assert found.margin_s is not None
    assert f"first intercept at {found.intercepts[0].intercept_s:.0f} s" in found.explanation
    assert f"up to {found.margin_s:.0f} s later" in found.explanation


def test_a_release_later_than_the_margin_says_is_too_late(toy: Scenario) -> None:
    margin = api.engage(toy, "slow", "northwest", BUCHAREST, "mrbm").batteries["deveselu"].margin_s
    assert margin is not None
    for shift, defended in ((-0.01, True), (0.01, False)):
        decision = Cited(30.0 + margin + shift, kind="assumed")
        moved = replace(toy, doctrine=replace(toy.doctrine, decision_s=decision))
        assert api.engage(moved, "slow", "northwest", BUCHAREST, "mrbm").defended == defended


def test_the_cause_of_a_place_is_that_of_the_battery_that_comes_nearest(toy: Scenario) -> None:
    told = cause_in_words(toy, "fast", "northwest", BERLIN, "irbm")
    battery = api.engage(toy, "fast", "northwest", BERLIN, "irbm").batteries["deveselu-fast"]
    assert told == f"deveselu-fast: {battery.explanation}"
    assert cause_in_words(toy, "slow", "northwest", BUCHAREST, "mrbm") == ""


def test_nothing_that_sees_the_flight_is_said_so(toy: Scenario) -> None:
    blind = {
        name: replace(kind, rcs_m2=MappingProxyType({band: Cited(1e-12, kind="assumed") for band in kind.rcs_m2}))
        for name, kind in toy.threats.items()
    }
    unseen = replace(toy, threats=MappingProxyType(blind))
    found = api.engage(unseen, "slow", "northwest", BUCHAREST, "mrbm").batteries["deveselu"]
    assert found.cause == "never_seen"
    assert found.explanation == "no radar that may commit it ever follows the flight"
    assert found.margin_s is found.margin_km is None


def test_without_explanation_shots_are_the_same_and_nothing_is_said(toy: Scenario) -> None:
    flight = (toy, "fast", "northwest", BUCHAREST, "mrbm")
    told, plain = engagement(*flight), engagement(*flight, explain=False)
    assert told.batteries["deveselu-fast"].margin_s is not None
    bare = {"margin_s": None, "margin_km": None, "cause": None, "explanation": ""}
    assert plain.batteries == {name: replace(answer, **bare) for name, answer in told.batteries.items()}
    assert plain.batteries["deveselu-fast"].intercepts
