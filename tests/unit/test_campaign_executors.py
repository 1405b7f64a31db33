"""Processes that do chunks: what is sent to them, what is heard of them, and when they are given up."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hoplon.campaign import executors
from hoplon.campaign.executors import Order, Processes
from hoplon.errors import InputError, OutputError

sent: list[str] = []


@dataclass(frozen=True)
class Noting:
    """A cell whose chunks are empty files; counts how often it is pickled."""

    folder: Path
    name: str

    def do(self, number: int, first: int, count: int) -> None:
        (self.folder / f"{self.name} {number} {first} {count}").touch()

    def __reduce__(self) -> Any:
        sent.append(self.name)
        return Noting, (self.folder, self.name)


@dataclass(frozen=True)
class Deadly:
    """A cell whose chunk ends whoever does it."""

    def do(self, number: int, first: int, count: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Refusing:
    """A cell whose chunk is refused."""

    def do(self, number: int, first: int, count: int) -> None:
        raise InputError(f"chunk {number}: no")


def test_a_cell_is_sent_to_a_worker_once_for_all_its_chunks(tmp_path: Path) -> None:
    sent.clear()
    one, other = Noting(tmp_path, "one"), Noting(tmp_path, "other")
    orders = [Order(one, number, 10 * number, 10) for number in range(3)]
    orders += [Order(other, number, 0, 10) for number in range(3, 5)]
    assert list(Processes(1).run(iter(orders), 5)) == [0, 1, 2, 3, 4]
    assert sent == ["one", "other"]
    names = {"one 0 0 10", "one 1 10 10", "one 2 20 10", "other 3 0 10", "other 4 0 10"}
    assert {file.name for file in tmp_path.iterdir()} == names


def test_no_more_workers_begin_than_there_are_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []
    begin = executors._begin
    monkeypatch.setattr(executors, "_begin", lambda: begun.append(begin()) or begun[-1])
    assert list(Processes(8).run(iter([Order(Noting(tmp_path, "x"), 4, 0, 1)]), 1)) == [4]
    assert len(begun) == 1
    assert not begun[0].process.is_alive()


def test_a_chunk_that_ends_every_worker_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "MOST_DEATHS", 2)
    with pytest.raises(OutputError, match="chunk 7 has ended 2 worker processes"):
        list(Processes(1).run(iter([Order(Deadly(), 7, 0, 1)]), 1))


def test_workers_that_end_before_they_do_anything_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    begin = executors._begin

    def stillborn() -> Any:
        worker = begin()
        worker.process.kill()
        return worker

    monkeypatch.setattr(executors, "_begin", stillborn)
    with pytest.raises(OutputError, match="beginning has ended 10 worker processes"):
        list(Processes(2).run(iter([Order(Deadly(), 0, 0, 1)]), 1))


def test_what_a_worker_refuses_is_refused_and_no_worker_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []
    begin = executors._begin
    monkeypatch.setattr(executors, "_begin", lambda: begun.append(begin()) or begun[-1])
    with pytest.raises(InputError, match="chunk 3: no"):
        list(Processes(1).run(iter([Order(Refusing(), 3, 0, 1)]), 1))
    assert not begun[0].process.is_alive()
