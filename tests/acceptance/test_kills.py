"""Long work killed a few times at random moments: resumed, it makes the same bytes; fifty times in `make fuzz`."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

import kills


@pytest.mark.parametrize(
    ("name", "times"), [("campaign", 2), ("robust", 2), pytest.param("study", 1, marks=pytest.mark.slow)]
)
def test_what_is_killed_and_resumed_makes_the_same_bytes(tmp_path: Path, name: str, times: int) -> None:
    work = kills.WORKS[name]
    kills.written(tmp_path)
    begun = time.monotonic()
    expected = kills.finished(work, tmp_path, tmp_path / "undisturbed-kept")
    span = time.monotonic() - begun
    assert b"gives nothing to answer from" not in expected.get("report.html", b"")  # every question is in it
    assert kills.killed(work, tmp_path, tmp_path / "killed-kept", expected, times, Random(7), span) == []


def test_a_file_of_other_bytes_too_much_or_missing_is_told() -> None:
    assert kills.compared({"a": b"1", "b": b"2"}, {"a": b"1", "b": b"3", "c": b""}) == [
        "b: other bytes",
        "c: not there",
    ]
    assert kills.compared({"a": b""}, {}) == ["a: too much"]
