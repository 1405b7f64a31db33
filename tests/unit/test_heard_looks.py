"""Which looks a battery hears, which of them make a track of their own, and the error that they leave."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hoplon.intercept import predicted_point
from hoplon.intercept.battery import Timing

TIMING = Timing(4.0, 0.0, 0.0, 3.0, 20.0, 11.0, True, 50.0).row()


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def test_own_looks_are_heard_at_once_and_others_after_their_latency_where_a_battery_hears_any() -> None:
    own, latencies, delays = np.array([True, False, True, False]), np.array([7.0, 30.0, 4.0, 2.0]), np.empty(4)
    plain(predicted_point.heard_from)(own, True, latencies, delays)
    assert delays.tolist() == [0.0, 30.0, 0.0, 2.0]
    plain(predicted_point.heard_from)(own, False, latencies, delays)
    assert delays.tolist() == [0.0, math.inf, 0.0, math.inf]


@pytest.mark.parametrize("seed", range(5))
def test_own_radars_make_one_track_and_each_other_one_that_is_heard_its_own(seed: int) -> None:
    random = np.random.default_rng(seed)
    for _ in range(40):
        count = int(random.integers(1, 7))
        own = random.random(count) < 0.4
        delays = np.where(own, 0.0, np.where(random.random(count) < 0.3, np.inf, random.uniform(0.0, 9.0, count)))
        heard = np.full((count, count), np.nan)
        found = plain(predicted_point.local_tracks)(own, delays, heard)
        groups = [[radar] for radar in np.flatnonzero(~own & np.isfinite(delays)).tolist()]
        groups += [np.flatnonzero(own).tolist()] if own.any() else []
        assert found == len(groups)
        told = [{radar: row[radar] for radar in np.flatnonzero(np.isfinite(row)).tolist()} for row in heard[:found]]
        assert sorted(told, key=min) == sorted(({at: delays[at] for at in group} for group in groups), key=min)
        assert np.isnan(heard[found:]).all()


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("central", [True, False])
def test_an_error_is_that_of_every_look_until_the_handover(
    central: bool, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Central fusion adds all looks up; else the mean of the two parts of the trace across is taken."""
    gathered: list[list[float]] = []

    def gather(
        row: Any, nodes: Any, stretches: Any, count: int, sensors: Any, delays: Any, until: float, *given: Any
    ) -> None:
        sums, each, total = given
        assert (row, nodes, stretches, count, sensors, sums, each) == (
            "row",
            "nodes",
            "looks",
            3,
            "sensors",
            "sums",
            True,
        )
        assert until == 480.0
        gathered.append(delays.tolist())
        total[0] = len(gathered)

    def factor(total: Any, root: Any) -> bool:
        root[0] = 10.0 * total[0]
        return known

    def place(row: Any, nodes: Any, root: Any, time: float) -> tuple[float, float]:
        return float(root[0]), time

    def closing(row: Any, nodes: Any, weapon: Any, fan: Any, time: float) -> tuple[float, float, float]:
        assert (weapon, fan) == ("weapon", "fan")
        return time, 2.0, 3.0

    def across(covariance: tuple[float, float], x: float, y: float, z: float) -> float:
        assert (covariance, x, y, z) == ((10.0, 500.0), 500.0, 2.0, 3.0)
        return 77.0

    def turned(rows: Any, x: float, y: float, z: float) -> int:
        assert (rows[0, 0], x, y, z) == (500.0, 500.0, 2.0, 3.0)
        return 2

    def intersected(totals: Any, tracks: int, rows: Any, lines: int, enough: float, *given: Any) -> tuple[float, float]:
        assert (tracks, lines, totals[:, 0].tolist(), rows[0, 0]) == (2, 2, [1.0, 2.0], 500.0)
        assert math.isnan(enough)  # the least of all is wanted
        return (2.0 * 66.0**2 if known else math.inf), 1.0

    def placed(row: Any, nodes: Any, time: float, rows: Any) -> None:
        rows[0, 0] = time

    for name, function in (
        *(("gather_information", gather), ("factor", factor), ("place_covariance", place), ("sigma_across", across)),
        *(("closing_velocity", closing), ("place_rows", placed), ("turn_across", turned), ("intersect", intersected)),
    ):
        monkeypatch.setattr(predicted_point, name, function)
    for name in ("heard_from", "local_tracks", "rows_across"):
        monkeypatch.setattr(predicted_point, name, plain(getattr(predicted_point, name)))
    own, latencies = np.array([True, False, True]), np.array([7.0, 30.0, 4.0])
    given = ("row", "nodes", "looks", 3, "sensors", own, True, latencies, TIMING._replace(central=central))
    found = plain(predicted_point.predicted_error)(*given, "weapon", "fan", 500.0, "sums")
    assert found == pytest.approx((77.0 if central else 66.0) if known else math.inf)
    mine, theirs = [0.0, math.inf, 0.0], [math.inf, 30.0, math.inf]
    assert gathered == ([[0.0, 30.0, 0.0]] if central else [mine, theirs])
