"""Which seconds a prediction supports, of errors that are given: stretches decided at once, halved, and added up."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hoplon.flight.arc import BURN_TIME, COLUMNS, IMPACT_TIME
from hoplon.flight.information import STRETCH_COLUMNS, STRETCH_FIRST, STRETCH_SENSOR
from hoplon.intercept import prediction
from hoplon.intercept.battery import BATTERY_COLUMNS, REMOTE_COMMIT, Timing

LIMIT, HANDOVER = 100.0, 10.0  # [m], [s]
Errors = Callable[[float, float], float]  # of the last look that counts [s] and the second asked


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def constant(value: float) -> Errors:
    return lambda until, second: value


class Given:
    """What the looks until some time say about seconds of a flight; of local tracks the weakest one is heard last."""

    def __init__(
        self, least: Errors, most: Errors, across: Errors, known_from: float = -math.inf, later: float = 0.0
    ) -> None:
        self.least, self.most, self.across, self.known_from, self.later = least, most, across, known_from, later

    def put(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("_gather", "factor", "place_covariance", "sigma_bounds", "closing_velocity", "sigma_across"):
            monkeypatch.setattr(prediction, name, getattr(self, name))
        for name in ("_decide_outside", "_decide", "_decide_intersected"):
            monkeypatch.setattr(prediction, name, plain(getattr(prediction, name)))
        for name in ("place_rows", "rows_across", "search_weights", "projected_trace"):
            monkeypatch.setattr(prediction, name, getattr(self, name))

    def _gather(self, row: Any, looks: Any, delays: Any, until: float, total: Any) -> None:
        total[0] = until - delays[0]

    def factor(self, total: Any, root: Any) -> bool:
        root[0] = total[0]
        return bool(total[0] >= self.known_from)

    def place_covariance(self, row: Any, arc: Any, root: Any, second: float) -> tuple[float, float]:
        return float(root[0]), second

    def sigma_bounds(self, covariance: tuple[float, float]) -> tuple[float, float]:
        return self.least(*covariance), self.most(*covariance)

    def closing_velocity(self, row: Any, arc: Any, weapon: Any, fan: Any, second: float) -> tuple[float, float, float]:
        return second, 1.0, 2.0

    def sigma_across(self, covariance: tuple[float, float], x: float, y: float, z: float) -> float:
        assert (x, y, z) == (covariance[1], 1.0, 2.0)  # of the second itself
        return self.across(*covariance)

    def place_rows(self, row: Any, arc: Any, second: float, rows: Any) -> None:
        rows[0, 0] = second

    def rows_across(self, row: Any, arc: Any, weapon: Any, fan: Any, second: float, rows: Any) -> int:
        rows[0, 0] = second
        return 2

    def search_weights(
        self, totals: Any, tracks: int, rows: Any, lines: int, enough: float, fusion: Any
    ) -> tuple[float, float]:
        fusion.root[0] = min(totals[track, 0] for track in range(tracks))
        return self.projected_trace(fusion.root, rows, lines, None), 2.0 * self.least(fusion.root[0], rows[0, 0]) ** 2

    def projected_trace(self, root: Any, rows: Any, lines: int, spread: Any) -> float:
        error = {2: self.across, 3: self.most}[lines]
        return 2.0 * error(root[0], rows[0, 0]) ** 2


def looks_of(tracks: int = 1) -> Any:
    scratch = SimpleNamespace(
        total=np.zeros(1),
        root=np.zeros(1),
        heard=np.arange(float(tracks))[:, np.newaxis],
        totals=np.zeros((tracks, 1)),
        rows=np.zeros((3, 6)),
        spread=np.zeros((3, 6)),
        fusion=SimpleNamespace(root=np.zeros(1)),
    )
    return SimpleNamespace(arc=None, delays=np.zeros(1), scratch=scratch)


def decided(first: int, last: int) -> int:
    given = (HANDOVER, LIMIT, None, None, first, last)
    return int(prediction._decide(None, looks_of(), *given))


def decided_intersected(first: int, last: int, tracks: int = 2) -> int:
    given = (HANDOVER, LIMIT, None, None, first, last)
    return int(prediction._decide_intersected(None, looks_of(tracks), tracks, *given))


@pytest.mark.parametrize(
    ("least", "most", "across", "known_from", "expected"),
    [
        (100.0, 100.0, 100.0, 290.0, 1),
        (100.0, 100.0, 100.0, 290.1, 0),  # of looks until the handover
        (100.0, 100.1, 100.0, 0.0, 1),
        (50.0, 100.1, 100.0, 0.0, 1),
        (50.0, 100.1, 100.1, 0.0, 0),
        (100.1, 200.0, 150.0, 0.0, 0),
    ],
)
def test_a_second_is_decided_by_the_error_across_the_closing_velocity(
    least: float, most: float, across: float, known_from: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    Given(constant(least), constant(most), constant(across), known_from).put(monkeypatch)
    assert decided(300, 300) == expected


def two_ends(first: float, last: float) -> Errors:
    """Return errors of second 300, and of later ones."""
    return lambda until, second: first if second == 300.0 else last


@pytest.mark.parametrize(
    ("seconds", "first", "last", "expected"),
    [
        (1, 99.0, 99.0, 1), (32, 99.0, 99.0, 1), (32, 99.1, 99.0, -1), (32, 99.0, 99.1, -1),
        (33, 99.0, 99.0, -1), (33, 95.2, 95.2, 1), (256, 95.2, 95.2, 1), (33, 95.3, 95.2, -1), (33, 95.2, 95.3, -1),
    ],
)  # fmt: skip
def test_a_stretch_has_support_where_the_greatest_error_leaves_one_percent_and_five_beyond_half_a_minute(
    seconds: int, first: float, last: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 100 m by 1.01 and by 1.05 there are 99.01 and 95.24 m; across the closing velocity nothing is known here."""
    Given(constant(50.0), two_ends(first, last), constant(150.0)).put(monkeypatch)
    assert decided(300, 300 + seconds) == expected


@pytest.mark.parametrize(
    ("seconds", "first", "last", "expected"),
    [(32, 99.0, 99.0, 1), (32, 99.1, 99.0, -1), (32, 99.0, 99.1, -1), (33, 50.0, 50.0, -1), (5, 99.0, 99.0, 1)],
)
def test_a_short_stretch_has_support_where_both_ends_have_across_the_closing_velocity(
    seconds: int, first: float, last: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    Given(constant(40.0), constant(300.0), two_ends(first, last)).put(monkeypatch)
    assert decided(300, 300 + seconds) == expected


def test_a_stretch_is_supported_by_the_looks_before_its_first_second_and_not_by_those_before_its_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Looks until 300 s leave 120 m; until 310 s 80 m. At 310 s those until 300 s count, 10 s before."""

    def error(until: float, second: float) -> float:
        return 120.0 if until < 300.0 else 80.0

    for seconds in (10, 60):
        Given(error, error, error).put(monkeypatch)
        assert decided(309, 309 + seconds) == -1
        assert decided(310, 310 + seconds) == 1
    assert decided(260, 309) == 0  # long and with what is known at its end
    assert decided(260, 310) == -1
    assert decided(300, 309) == 0
    assert decided(300, 310) == -1
    Given(constant(1.0), constant(2.0), constant(2.0), known_from=300.0).put(monkeypatch)
    assert decided(250, 309) == 0
    assert decided(250, 310) == -1
    assert decided(300, 309) == 0
    assert decided(300, 310) == -1


@pytest.mark.parametrize(
    ("seconds", "first", "last", "expected"),
    [
        (32, 101.1, 101.1, 0), (32, 101.0, 101.1, -1), (32, 101.1, 101.0, -1), (1, 101.1, 101.1, 0),
        (33, 105.3, 105.3, 0), (33, 105.2, 105.3, -1), (33, 105.3, 105.2, -1), (33, 101.1, 101.1, -1),
        (200, 105.3, 105.3, 0),
    ],
)  # fmt: skip
def test_a_stretch_has_none_where_the_least_error_is_beyond_the_margin(
    seconds: int, first: float, last: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """100 m are 101.01 m less one percent, and 105.26 m less five; across the closing velocity nothing is known."""
    Given(two_ends(first, last), constant(900.0), constant(100.0)).put(monkeypatch)
    assert decided(300, 300 + seconds) == expected


@pytest.mark.parametrize(
    ("seconds", "most", "first", "last", "expected"),
    [
        (32, 900.0, 101.1, 101.1, 0), (32, 900.0, 101.0, 101.1, -1), (32, 900.0, 101.1, 101.0, -1),
        (33, 900.0, 200.0, 200.0, -1), (32, 101.0, 101.1, 101.1, -1), (3, 101.1, 101.1, 101.1, 0),
    ],
)  # fmt: skip
def test_a_short_stretch_has_none_where_neither_end_has_across_the_closing_velocity(
    seconds: int, most: float, first: float, last: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    Given(constant(40.0), constant(most), two_ends(first, last)).put(monkeypatch)
    assert decided(300, 300 + seconds) == expected


@pytest.mark.parametrize(
    ("seconds", "most", "across", "least", "expected"),
    [
        (0, 900.0, 100.0, 100.0, 1), (0, 10.0, 100.1, 10.0, 0),
        (32, 900.0, 99.0, 10.0, 1), (32, 10.0, 99.1, 10.0, -1), (32, 10.0, 101.1, 101.1, 0),
        (32, 9.0, 101.1, 101.0, -1),
        (33, 95.2, 900.0, 10.0, 1), (33, 95.3, 10.0, 10.0, -1), (33, 900.0, 900.0, 900.0, -1),
    ],
)  # fmt: skip
def test_local_tracks_are_asked_across_the_closing_velocity_within_half_a_minute_and_as_a_whole_beyond(
    seconds: int, most: float, across: float, least: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    Given(constant(least), constant(most), constant(across)).put(monkeypatch)
    assert decided_intersected(300, 300 + seconds) == expected


@pytest.mark.parametrize("seconds", [20, 50])
def test_local_tracks_have_support_where_either_end_has_and_none_where_neither_has(
    seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for first, last, expected in ((90.0, 90.0, 1), (90.0, 110.0, -1), (110.0, 90.0, -1)):
        Given(two_ends(first, last), two_ends(first, last), two_ends(first, last)).put(monkeypatch)
        assert decided_intersected(300, 300 + seconds) == expected


def test_each_local_track_hears_what_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three tracks the last hears looks two seconds later than the first; it needs those until 300 s."""

    def error(until: float, second: float) -> float:
        return 120.0 if until < 300.0 else 80.0

    Given(error, error, error).put(monkeypatch)
    for seconds in (0, 20, 50):
        assert decided_intersected(312, 312 + seconds, 3) == 1
        assert decided_intersected(311, 311 + seconds, 3) == (-1 if seconds else 0)
        assert decided_intersected(311, 311 + seconds, 2) == 1
    assert decided_intersected(295, 311, 3) == 0
    assert decided_intersected(295, 312, 3) == -1


class Supported:
    """Seconds with support, of which a stretch is decided where all of them agree; some are left open at random."""

    def __init__(self, random: np.random.Generator, end: int) -> None:
        edges = np.sort(random.integers(0, end + 1, int(random.integers(0, 8))))
        self.central = np.searchsorted(edges, np.arange(end + 1), side="right") % 2 == int(random.integers(2))
        self.local = self.central & (random.random(end + 1) < 0.98)
        self.random, self.end = random, end

    def told(self, seconds: Any, first: int, last: int) -> int:
        assert first <= last <= self.end
        some = seconds[first : last + 1]
        if last > first and (len(set(some.tolist())) == 2 or self.random.random() < 0.2):
            return -1
        return int(some[0])

    def _decide(self, row: Any, looks: Any, handover: Any, limit: Any, weapon: Any, fan: Any, *ends: int) -> int:
        return self.told(self.central, *ends)

    def _decide_intersected(
        self, row: Any, looks: Any, tracks: int, handover: Any, limit: Any, weapon: Any, fan: Any, *ends: int
    ) -> int:
        assert self.central[ends[0] : ends[1] + 1].all()
        return self.told(self.local, *ends)


def runs(seconds: Any, begin: int, end: int) -> list[list[float]]:
    """Return the first and the last of the seconds in a row that have support."""
    held = [False, *seconds[begin : end + 1].tolist(), False]
    opens = [begin + place for place in range(len(held) - 1) if held[place + 1] and not held[place]]
    closes = [begin + place - 1 for place in range(len(held) - 1) if held[place] and not held[place + 1]]
    return [[float(first), float(last)] for first, last in zip(opens, closes, strict=True)]


@pytest.mark.parametrize("tracks", [0, 1, 2])
def test_windows_are_the_seconds_in_a_row_that_have_support(tracks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random, several, cut = np.random.default_rng(tracks), 0, 0
    for _ in range(60):
        begin, end = sorted(random.integers(1, 900, 2).tolist())
        given = Supported(random, end)
        for name in ("_decide", "_decide_intersected"):
            monkeypatch.setattr(prediction, name, getattr(given, name))
        expected = runs(given.local if tracks > 1 else given.central, begin, end)
        for room in (1000, 1, 0):
            windows = np.full((room, 2), np.nan)
            asked = (None, None, tracks, HANDOVER, LIMIT, None, None, begin, end, windows)
            found = plain(prediction.predicted_windows)(*asked)
            assert windows[:found].tolist() == expected[:room]
            assert np.isnan(windows[found:]).all()
            cut += len(expected) > room
        several += len(expected) > 1
    assert several > 10
    assert cut > 20


def test_seconds_that_all_have_support_are_asked_a_few_minutes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    def decide(row: Any, looks: Any, handover: Any, limit: Any, weapon: Any, fan: Any, first: int, last: int) -> int:
        asked.append((first, last))
        return 1

    monkeypatch.setattr(prediction, "_decide", decide)
    windows = np.empty((4, 2))
    assert plain(prediction.predicted_windows)(None, None, 0, HANDOVER, LIMIT, None, None, 1, 700, windows) == 1
    assert windows[0].tolist() == [1.0, 700.0]
    assert [last + 1 for _, last in asked[:-1]] == [first for first, _ in asked[1:]]
    assert len(asked) == 3  # of 256 s and the rest


TIMING = Timing(4.0, 30.0, 5.0, 3.0, 20.0, 11.0, True, LIMIT).row()


def flight_ending(impact: float) -> Any:
    row = np.zeros(COLUMNS)
    row[IMPACT_TIME] = impact
    return row


@pytest.mark.parametrize(
    ("impact", "begin", "expected"),
    [(500.0, 498.0, (498, 499)), (500.2, 500.0, (500, 500)), (500.0, 500.0, None), (500.0, 499.0, (499, 499))],
)
def test_support_is_asked_up_to_the_last_second_before_impact(
    impact: float, begin: float, expected: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []

    def windows_of(row: Any, looks: Any, *given: Any) -> int:
        asked.append(given)
        return 7

    monkeypatch.setattr(prediction, "_hear", lambda *_: 3)
    monkeypatch.setattr(prediction, "predicted_windows", windows_of)
    given = (flight_ending(impact), None, None, None, TIMING, begin, "weapon", "fan", "room")
    found = plain(prediction.predicted_support)(*given)
    if expected is None:
        assert found == 0
        assert not asked
    else:
        assert found == 7
        assert asked == [(3, 20.0, LIMIT, "weapon", "fan", *expected, "room")]


@pytest.mark.parametrize("suffices", [335.0, 155.0, 20.0, -1.0])
@pytest.mark.parametrize("central", [True, False])
def test_a_second_is_tried_with_a_minute_of_looks_then_with_four_times_as_many_then_with_all(
    suffices: float, central: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look is heard at 105 s: a minute of looks before 500 s are those 335 s before it and earlier."""
    asked: list[tuple[Any, ...]] = []

    def windows_of(row: Any, looks: Any, tracks: int, handover: float, *given: Any) -> int:
        asked.append((tracks, handover, *given))
        return int(handover <= suffices)

    stretches = np.zeros((3, STRETCH_COLUMNS))
    stretches[:, STRETCH_FIRST], stretches[:, STRETCH_SENSOR] = [90.0, 100.0, 1.0], [1, 0, 0]  # the last is not valid
    looks = SimpleNamespace(
        found=np.array([2]), stretches=stretches, delays=np.empty(2), latencies=np.array([7.0, 30.0])
    )
    looks.scratch = SimpleNamespace(heard=np.empty((2, 2)))
    battery = np.zeros(BATTERY_COLUMNS)
    battery[REMOTE_COMMIT] = 1.0
    monkeypatch.setattr(prediction, "predicted_windows", windows_of)
    monkeypatch.setattr(
        prediction, "heard_from", lambda own, remote, latencies, delays: delays.put([0, 1], [5.0, 30.0])
    )
    monkeypatch.setattr(prediction, "local_tracks", lambda *_: 2)
    monkeypatch.setattr(prediction, "_hear", plain(prediction._hear))
    own, timing = np.array([True, False]), TIMING._replace(central=central)
    told = plain(prediction.predicted_at)(None, looks, own, battery, timing, 500, "weapon", "fan", "room")
    spans = [335.0, 155.0, 20.0]
    tracks = 0 if central else 2
    tried = spans[: spans.index(suffices) + 1] if suffices in spans else spans
    assert told == (suffices in spans)
    assert asked == [(tracks, handover, LIMIT, "weapon", "fan", 500, 500, "room") for handover in tried]
    looks.found[0], asked[:] = 0, []
    assert plain(prediction.predicted_at)(None, looks, own, battery, timing, 500, "w", "f", "r") == (suffices >= 20.0)
    assert [one[1] for one in asked] == [20.0]


@pytest.mark.parametrize("remote", [True, False])
@pytest.mark.parametrize("central", [True, False])
def test_a_battery_hears_others_looks_where_it_is_of_a_network(
    remote: bool, central: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("heard_from", "local_tracks"):
        monkeypatch.setattr(prediction, name, plain(getattr(prediction, name)))
    looks = SimpleNamespace(delays=np.empty(3), latencies=np.array([7.0, 30.0, 4.0]))
    looks.scratch = SimpleNamespace(heard=np.full((3, 3), np.nan))
    battery, own = np.zeros(BATTERY_COLUMNS), np.array([False, True, False])
    battery[REMOTE_COMMIT] = remote
    found = plain(prediction._hear)(looks, own, battery, TIMING._replace(central=central))
    assert looks.delays.tolist() == ([7.0, 0.0, 4.0] if remote else [math.inf, 0.0, math.inf])
    assert found == (0 if central else 3 if remote else 1)
    if central:
        assert np.isnan(looks.scratch.heard).all()


def test_looks_are_found_once_for_a_flight(monkeypatch: pytest.MonkeyPatch) -> None:
    placed: list[Any] = []
    monkeypatch.setattr(prediction, "place_arc_nodes", lambda row, arc: placed.append(row))
    monkeypatch.setattr(prediction, "stretches_of", lambda row, tracks, flight, sensors, stretches: flight)
    looks = SimpleNamespace(found=np.array([-1]), arc=None, sensors=None, stretches=None)
    for flight, expected in ((0, 0), (4, 0)):
        plain(prediction.look_at)("row", None, flight, looks)
        assert looks.found[0] == expected
    assert placed == ["row"]
    looks.found[0] = -1
    plain(prediction.look_at)("row", None, 4, looks)
    assert looks.found[0] == 4


def test_looks_have_room_for_every_radar_and_are_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prediction, "prediction_scratch", lambda radars: radars)
    sensors, latencies = np.zeros((40, 12)), np.zeros(40)
    found = plain(prediction.looks_for)(sensors, latencies, (7, 8, 9))
    assert found.arc.shape == (7, 5)
    assert found.stretches.shape == (8, STRETCH_COLUMNS)
    assert found.sums.shape[:2] == (8, 9)
    assert len(found.delays) == found.scratch == 40
    assert found.found[0] < 0
    assert found.sensors is sensors
    assert found.latencies is latencies


def test_looks_are_gathered_by_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr(prediction, "gather_information", lambda *given: asked.append(given))
    looks = SimpleNamespace(arc="arc", stretches="stretches", found=np.array([4]), sensors="sensors", sums="sums")
    plain(prediction._gather)("row", looks, "delays", 300.0, "total")
    each = False  # not look by look
    assert asked == [("row", "arc", "stretches", 4, "sensors", "delays", 300.0, "sums", each, "total")]


def test_there_is_room_for_the_longest_flight_and_for_every_track(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prediction, "most_arc_nodes", len)
    monkeypatch.setattr(prediction, "most_runs", lambda sensors, longest: int(longest) + len(sensors))
    rows, sensors = np.zeros((60, COLUMNS)), np.zeros((3, 12))
    rows[:, BURN_TIME], rows[:, IMPACT_TIME] = 100.0, 400.0
    rows[59, BURN_TIME], rows[58, IMPACT_TIME], rows[57, BURN_TIME] = 50.0, 440.0, 10.0  # 350, 340 and 390 s
    assert plain(prediction.room_for_prediction)(rows, sensors, 5, True) == (60, 16, 393)
    assert plain(prediction.room_for_prediction)(rows, sensors, 5, False) == (1, 1, 1)
