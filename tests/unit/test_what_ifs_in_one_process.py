"""Hundreds of what-ifs in one process: what is kept between them has a bound, and the oldest goes first."""

from __future__ import annotations

import gc
import random
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import hoplon
from hoplon import api
from hoplon.analysis.store import DEFAULT_BYTES, Store
from hoplon.scenario.model import Scenario

WHAT_IFS = 300
FULL = 60  # what-ifs after which a store of so many bytes is full
LIMIT = 260_000
UNDER_WAY = 400_000_000  # [byte] what one of them takes as it is computed: the reach of an interceptor takes 270 MB
POINTS = "lat,lon,population\n" + "".join(f"{36 + n % 10:.1f},{15 + n // 10:.1f},{1000 + n}\n" for n in range(100))


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
def points(tmp_path: Path) -> str:
    file = tmp_path / "points.csv"
    file.write_text(POINTS, encoding="utf-8")
    return str(file)


def test_300_different_what_ifs_take_no_more_memory_than_60(monkeypatch: pytest.MonkeyPatch, points: str) -> None:
    store = Store(LIMIT)
    monkeypatch.setattr(api, "_store", lambda: store)
    scenario = hoplon.load("toy")
    tracemalloc.start()
    try:
        early, _ = held_after(scenario, range(FULL), points)
        kept = len(store)
        tracemalloc.reset_peak()
        late, most = held_after(scenario, range(FULL, WHAT_IFS), points)
    finally:
        tracemalloc.stop()
    assert len(store) <= kept + 5  # it was full
    assert late - early < 0.5 * LIMIT  # 240 what-ifs more, each keeping some ten kilobytes, leave nothing behind
    assert most - early < UNDER_WAY


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
