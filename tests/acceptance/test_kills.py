"""Long work killed a few times at random moments: resumed, it makes the same bytes; fifty times in `make fuzz`."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

import kills


@pytest.mark.parametrize("name", ["campaign", "robust", pytest.param("study", marks=pytest.mark.slow)])
def test_what_is_killed_and_resumed_makes_the_same_bytes(tmp_path: Path, name: str) -> None:
    work = kills.WORKS[name]
    kills.written(tmp_path)
    expected = kills.finished(work, tmp_path, tmp_path / "undisturbed-kept")
    assert kills.killed(work, tmp_path, tmp_path / "killed-kept", expected, 3, Random(7)) == []


def test_a_file_of_other_bytes_too_much_or_missing_is_told() -> None:
    assert kills.compared({"a": b"1", "b": b"2"}, {"a": b"1", "b": b"3", "c": b""}) == [
        "b: other bytes",
        "c: not there",
    ]
    assert kills.compared({"a": b""}, {}) == ["a: too much"]
