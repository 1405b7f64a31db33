"""Hundreds of what-ifs in one process: what is kept between them has a bound, and the oldest goes first."""

from __future__ import annotations

import gc
import random
import tracemalloc

import numpy as np
import pytest

import hoplon
from hoplon import api
from hoplon.analysis.store import DEFAULT_BYTES, Store
from hoplon.scenario.model import Scenario

WHAT_IFS = 300
LIMIT = 2_000_000  # [byte] of a store so small that it is full after some ten what-ifs of this scenario
POINTS = "lat,lon,population\n" + "".join(f"{36 + n % 20:.1f},{15 + n // 20:.1f},{1000 + n}\n" for n in range(400))


def held_after(scenario: Scenario, many: range, points: str) -> tuple[int, int]:
    """Ask what-ifs that are all different, and return what Python and NumPy hold then, and held at most [byte]."""
    places = random.Random(1)
    where = [(places.uniform(36, 50), places.uniform(15, 40)) for _ in range(WHAT_IFS)]
    for number in many:
        moved = scenario.move("kurecik" if number % 2 else "deveselu", where[number])
        hoplon.coverage(moved, "fast", levels="base", points=points).as_json()
    gc.collect()
    return tracemalloc.get_traced_memory()


@pytest.fixture
def points(tmp_path) -> str:
    file = tmp_path / "points.csv"
    file.write_text(POINTS, encoding="utf-8")
    return str(file)


def test_300_different_what_ifs_take_no_more_memory_than_30(monkeypatch: pytest.MonkeyPatch, points: str) -> None:
    store = Store(LIMIT)
    monkeypatch.setattr(api, "_store", lambda: store)
    scenario = hoplon.load("toy")
    held_after(scenario, range(0, 2), points) if tracemalloc.is_tracing() else None
    tracemalloc.start()
    try:
        early, _ = held_after(scenario, range(30), points)
        tracemalloc.reset_peak()
        late, most = held_after(scenario, range(30, WHAT_IFS), points)
    finally:
        tracemalloc.stop()
    assert late - early < 0.5 * LIMIT  # 270 what-ifs more leave nothing behind
    assert most < early + 3 * LIMIT


def test_a_store_holds_no_more_than_its_limit_and_drops_the_oldest() -> None:
    store = Store(10_000)
    for number in range(300):
        store.keep(number, np.zeros(1000, dtype=np.uint8))
        store.find(0)  # used again and again, it stays
    assert len(store) == 10
    assert store.find(0) is not None
    assert [number for number in range(1, 300) if store.find(number) is not None] == list(range(291, 300))


def test_the_bound_is_stated() -> None:
    assert DEFAULT_BYTES == 900_000_000
