"""Processes that do chunks: what is sent to them, what is heard of them, and when they are given up."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hoplon.campaigns import executors
from hoplon.campaigns.executors import Order, Processes
from hoplon.errors import InputError, OutputError

sent: list[str] = []


@dataclass(frozen=True)
class Noting:
    """A cell whose rows are the replications' numbers; counts how often it is pickled."""

    folder: Path
    name: str

    def rows(self, first: int, count: int) -> list[int]:
        return list(range(first, first + count))

    def keep(self, number: int, first: int, parts: Sequence[list[int]]) -> None:
        rows = [row for part in parts for row in part]
        assert rows[0] == first
        (self.folder / f"{self.name} {number}").write_text(f"{len(parts)} {rows}", encoding="utf-8")

    def __reduce__(self) -> Any:
        sent.append(self.name)
        return Noting, (self.folder, self.name)


@dataclass(frozen=True)
class Deadly:
    """A cell whose chunk ends whoever does it."""

    def rows(self, first: int, count: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def keep(self, number: int, first: int, parts: Sequence[None]) -> None:
        raise AssertionError


@dataclass(frozen=True)
class DeadlyOnce(Noting):
    """A cell one of whose replications ends the first that does it."""

    def rows(self, first: int, count: int) -> list[int]:
        mark = self.folder / "killed"
        if 13 in range(first, first + count) and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().rows(first, count)

    def __reduce__(self) -> Any:
        return DeadlyOnce, (self.folder, self.name)


@dataclass(frozen=True)
class Refusing:
    """A cell whose chunk is refused."""

    def rows(self, first: int, count: int) -> None:
        raise InputError(f"from {first}: no")

    def keep(self, number: int, first: int, parts: Sequence[None]) -> None:
        raise AssertionError


def test_a_cell_is_sent_to_a_worker_once_for_all_its_chunks(tmp_path: Path) -> None:
    sent.clear()
    one, other = Noting(tmp_path, "one"), Noting(tmp_path, "other")
    orders = [Order(one, number, 10 * number, 10) for number in range(3)]
    orders += [Order(other, number, 0, 10) for number in range(3, 5)]
    assert list(Processes(1).run(iter(orders), 5)) == [0, 1, 2, 3, 4]
    assert sent == ["one", "other"]
    assert {file.name for file in tmp_path.iterdir()} == {"one 0", "one 1", "one 2", "other 3", "other 4"}
    assert (tmp_path / "one 2").read_text(encoding="utf-8") == f"1 {list(range(20, 30))}"


def test_the_last_chunks_are_cut_and_put_together_whoever_did_which_piece(tmp_path: Path) -> None:
    cell = Noting(tmp_path, "x")
    orders = [Order(cell, number, 40 * number, 40) for number in range(3)] + [Order(cell, 3, 120, 5)]
    assert set(Processes(2).run(iter(orders), 4)) == {0, 1, 2, 3}
    for number, pieces, rows in ((1, 1, range(40, 80)), (2, 16, range(80, 120)), (3, 5, range(120, 125))):
        assert (tmp_path / f"x {number}").read_text(encoding="utf-8") == f"{pieces} {list(rows)}"


def test_a_piece_whose_worker_dies_is_done_by_another(tmp_path: Path) -> None:
    assert list(Processes(2).run(iter([Order(DeadlyOnce(tmp_path, "x"), 0, 0, 40)]), 1)) == [0]
    assert (tmp_path / "killed").exists()
    assert (tmp_path / "x 0").read_text(encoding="utf-8") == f"16 {list(range(40))}"


def test_no_more_workers_begin_than_there_are_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []
    begin = executors._begin
    monkeypatch.setattr(executors, "_begin", lambda ready: begun.append(begin(ready)) or begun[-1])
    assert list(Processes(8).run(iter([Order(Noting(tmp_path, "x"), 4, 0, 1)]), 1)) == [4]
    assert len(begun) == 1
    assert not begun[0].process.is_alive()


def test_a_chunk_that_ends_every_worker_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "MOST_DEATHS", 2)
    with pytest.raises(OutputError, match="chunk 7 has ended 2 worker processes"):
        list(Processes(1).run(iter([Order(Deadly(), 7, 0, 1)]), 1))


def test_workers_that_end_before_they_do_anything_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    begin = executors._begin

    def stillborn(ready: str) -> Any:
        worker = begin(ready)
        worker.process.kill()
        return worker

    monkeypatch.setattr(executors, "_begin", stillborn)
    with pytest.raises(OutputError, match=r"(beginning|chunk 0) has ended 10 worker processes"):
        list(Processes(2).run(iter([Order(Deadly(), 0, 0, 1)]), 1))


def test_what_a_worker_refuses_is_refused_and_no_worker_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []
    begin = executors._begin
    monkeypatch.setattr(executors, "_begin", lambda ready: begun.append(begin(ready)) or begun[-1])
    with pytest.raises(InputError, match="from 0: no"):
        list(Processes(1).run(iter([Order(Refusing(), 3, 0, 1)]), 1))
    assert not begun[0].process.is_alive()
