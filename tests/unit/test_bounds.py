"""A scenario with one disputed input at a bound."""

import pytest

import report_samples as samples
from hoplon.analysis.bounds import has_bounds, with_bound
from hoplon.scenario.load import load_scenario


def test_each_bound_moves_its_own_input_alone() -> None:
    sample = samples.scenario()
    small = with_bound(sample, "cross_section", "worse")
    assert {threat.rcs_m2["X"].value for threat in small.threats.values()} == {0.005}
    assert small.interceptors == sample.interceptors
    assert small.doctrine == sample.doctrine
    fast = with_bound(sample, "burnout_speed", "better")
    assert fast.interceptors["sm3-iia"].burnout_speed_km_s.value == pytest.approx(4.95)
    assert fast.threats == sample.threats
    slow = with_bound(sample, "decision_time", "worse")
    assert slow.doctrine.decision_s.value == 200.0
    assert slow.interceptors == sample.interceptors
    assert with_bound(sample, "decision_time", "better").doctrine.decision_s.value == 15.0


def test_a_number_without_bounds_stays() -> None:
    sample = samples.scenario()
    assert with_bound(sample, "cross_section", "better").threats["mrbm-2000"].rcs_m2["UHF"].value == 0.5


def test_whether_a_scenario_has_bounds() -> None:
    assert has_bounds(samples.scenario())
    assert not has_bounds(load_scenario("toy"))
