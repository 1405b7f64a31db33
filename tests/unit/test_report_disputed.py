"""Disputed inputs, one at a time."""

import pytest
import report_samples as samples

from hoplon.analysis.bounds import one_at_a_time, with_bound
from hoplon.analysis.coverage import Coverage
from hoplon.analysis.coverage_solver import Asked
from hoplon.scenario.geography import AimPoints


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


def test_the_input_that_moves_most_decides() -> None:
    sample = samples.scenario()

    class Later(samples.Covers):
        def __call__(self, asked: Asked, points: AimPoints) -> Coverage:
            stretch = 0.5 if asked.scenario.doctrine.decision_s.value == 200.0 else 1.0
            return samples.coverage(asked.scenario, asked.architecture, asked.level, points, stretch)

    found = one_at_a_time(sample, Later(), samples.aim_points())
    assert found.decisive("phase-1")[:2] == ("decision_time", "worse")
    assert found.moved["phase-1", "cross_section", "worse"] == found.base["phase-1"]
    assert found.cities == (samples.aim_points().population >= 100_000.0).sum()
