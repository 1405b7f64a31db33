"""The one thread that computes: order, mailboxes, what is interrupted and what is never lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hoplon.progress import Progress
from hoplon.web import work
from hoplon.web.work import MOST_WAITING, BusyError, ClosingError, Computing, Purpose, SupersededError

PATIENCE_S = 20.0


@pytest.fixture
def computing() -> Iterator[Computing]:
    made = Computing()
    made.begin()
    yield made
    assert made.close(PATIENCE_S)


class Told:
    """What came of jobs, in order."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, Any]] = []
        self._changed = threading.Condition()

    def hear(self, name: str) -> Callable[[Any, BaseException | None], None]:
        def done(result: Any, error: BaseException | None) -> None:
            with self._changed:
                self.rows.append((name, type(error).__name__ if error else result))
                self._changed.notify_all()

        return done

    def wait(self, count: int) -> list[tuple[str, Any]]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.rows) >= count, PATIENCE_S), self.rows
            return list(self.rows)


class Held:
    """Work in pieces that waits, in its first piece, until it is let go."""

    def __init__(self, pieces: int = 3) -> None:
        self.begun, self.go, self.pieces, self.runs = threading.Event(), threading.Event(), pieces, 0

    def __call__(self, progress: Progress) -> int:
        self.runs += 1
        for piece in range(self.pieces):
            progress(piece, self.pieces, "")
            self.begun.set()
            assert self.go.wait(PATIENCE_S)
        return self.runs


def test_the_most_urgent_is_done_first(computing: Computing) -> None:
    told, first = Told(), Held(1)
    computing.put(Purpose.DRAG, ("x",), first, told.hear("first"))
    assert first.begun.wait(PATIENCE_S)
    for purpose in (Purpose.PRECOMPUTE, Purpose.EXACT, Purpose.ASKED, Purpose.DRAG):
        computing.put(purpose, ("page",), lambda progress, name=purpose.name: name, told.hear(purpose.name))
    first.go.set()
    assert [name for name, _ in told.wait(5)] == ["first", "DRAG", "EXACT", "ASKED", "PRECOMPUTE"]


def test_of_a_drag_the_newest_waits_and_the_last_is_never_lost(computing: Computing) -> None:
    told, held = Told(), Held(1)
    computing.put(Purpose.DRAG, ("other page",), held, told.hear("other"))
    assert held.begun.wait(PATIENCE_S)
    for number in range(50):
        computing.put(Purpose.DRAG, ("page",), lambda progress, n=number: n, told.hear(str(number)))
    held.go.set()
    rows = told.wait(51)
    assert ("49", 49) in rows
    assert [row for row in rows if row[1] == "SupersededError"] == [(str(n), "SupersededError") for n in range(49)]


def test_two_pages_do_not_take_each_others_place(computing: Computing) -> None:
    told, held = Told(), Held(1)
    computing.put(Purpose.DRAG, ("x",), held, told.hear("x"))
    assert held.begun.wait(PATIENCE_S)
    for page in ("one", "two"):
        computing.put(Purpose.EXACT, (page,), lambda progress, n=page: n, told.hear(page))
    held.go.set()
    assert told.wait(3)[1:] == [("one", "one"), ("two", "two")]


def test_something_more_urgent_interrupts_between_pieces_and_what_it_interrupts_is_done_after(
    computing: Computing,
) -> None:
    told, exact = Told(), Held(3)
    computing.put(Purpose.EXACT, ("page",), exact, told.hear("exact"))
    assert exact.begun.wait(PATIENCE_S)
    computing.put(Purpose.DRAG, ("page",), lambda progress: "drag", told.hear("drag"))
    exact.go.set()
    assert told.wait(2) == [("drag", "drag"), ("exact", 2)]  # begun twice


def test_what_was_interrupted_often_is_done_to_its_end(computing: Computing) -> None:
    told = Told()
    runs = 0

    def exact(progress: Progress) -> int:
        nonlocal runs
        runs += 1
        computing.put(Purpose.DRAG, (f"page {runs}",), lambda p: runs, told.hear(f"drag {runs}"))
        progress(0, 1, "")
        return runs

    computing.put(Purpose.EXACT, ("page",), exact, told.hear("exact"))
    rows = told.wait(5)
    assert ("exact", 4) in rows
    assert [name for name, _ in rows] == ["drag 1", "drag 2", "drag 3", "exact", "drag 4"]


def test_a_newer_request_ends_the_one_that_is_under_way(computing: Computing) -> None:
    told, old = Told(), Held(3)
    computing.put(Purpose.EXACT, ("page",), old, told.hear("old"))
    assert old.begun.wait(PATIENCE_S)
    computing.put(Purpose.EXACT, ("page",), lambda progress: "new", told.hear("new"))
    old.go.set()
    assert sorted(told.wait(2)) == [("new", "new"), ("old", "SupersededError")]


def test_a_step_of_a_drag_is_done_to_its_end_though_a_newer_one_waits(computing: Computing) -> None:
    told, step = Told(), Held(3)
    computing.put(Purpose.DRAG, ("page",), step, told.hear("step"))
    assert step.begun.wait(PATIENCE_S)
    computing.put(Purpose.DRAG, ("page",), lambda progress: "next", told.hear("next"))
    step.go.set()
    assert told.wait(2) == [("step", 1), ("next", "next")]


@pytest.mark.parametrize("purpose", [Purpose.RELEASE, Purpose.PRECOMPUTE])
def test_what_is_learnt_ahead_gives_way_however_often(
    computing: Computing, purpose: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_PAUSE_S", 0.0)
    told, runs = Told(), 0

    def learn(progress: Progress) -> int:
        nonlocal runs
        runs += 1
        if runs <= 7:
            computing.put(Purpose.DRAG, None, lambda p: runs, told.hear("drag"))
        progress(0, 1, "")
        return runs

    computing.put(purpose, None, learn, told.hear("learnt"))
    assert told.wait(8) == [*(("drag", run) for run in range(1, 8)), ("learnt", 8)]


def test_nothing_is_learnt_ahead_until_nothing_has_been_asked_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    computing, told = Computing(), Told()
    computing.begin()
    computing.put(Purpose.DRAG, None, lambda progress: 1, told.hear("drag"))
    told.wait(1)
    monkeypatch.setattr(work, "_PAUSE_S", 10 * PATIENCE_S)
    computing.put(Purpose.PRECOMPUTE, None, lambda progress: 2, told.hear("learnt"))
    computing.put(Purpose.DRAG, None, lambda progress: 3, told.hear("drag"))
    computing.put(Purpose.ASKED, None, lambda progress: 4, told.hear("asked"))
    computing.put(Purpose.RELEASE, None, lambda progress: 5, told.hear("for the release"))
    rows = told.wait(4)
    assert sorted(rows) == [("asked", 4), ("drag", 1), ("drag", 3), ("for the release", 5)]
    assert computing.close(PATIENCE_S)
    assert told.wait(5)[4] == ("learnt", "ClosingError")


def test_an_error_is_told_and_the_thread_goes_on(computing: Computing) -> None:
    told = Told()
    computing.put(Purpose.ASKED, None, lambda progress: 1 // 0, told.hear("wrong"))
    computing.put(Purpose.ASKED, None, lambda progress: "well", told.hear("right"))
    assert told.wait(2) == [("wrong", "ZeroDivisionError"), ("right", "well")]


def test_only_one_thread_computes(computing: Computing) -> None:
    told = Told()
    for number in range(20):
        computing.put(Purpose.ASKED, None, lambda progress: threading.current_thread().name, told.hear(str(number)))
    assert {name for _, name in told.wait(20)} == {"hoplon-computing"}


def test_more_than_the_server_keeps_is_refused(computing: Computing) -> None:
    told, held = Told(), Held(1)
    computing.put(Purpose.DRAG, ("x",), held, told.hear("x"))
    assert held.begun.wait(PATIENCE_S)
    for number in range(MOST_WAITING):
        computing.put(Purpose.ASKED, (number,), lambda progress: 0, told.hear("waits"))
    with pytest.raises(BusyError):
        computing.put(Purpose.ASKED, ("one more",), lambda progress: 0, told.hear("refused"))
    computing.put(Purpose.ASKED, (0,), lambda progress: 0, told.hear("takes a place"))
    held.go.set()
    assert len(told.wait(MOST_WAITING + 2)) == MOST_WAITING + 2


def test_who_leaves_has_nothing_computed(computing: Computing) -> None:
    told, held, computed = Told(), Held(1), []

    async def leave() -> None:
        asking = asyncio.ensure_future(computing.ask(Purpose.EXACT, ("page",), computed.append, 10.0))
        await asyncio.sleep(0.05)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    computing.put(Purpose.DRAG, ("x",), held, told.hear("x"))
    assert held.begun.wait(PATIENCE_S)
    asyncio.run(leave())
    computing.put(Purpose.PRECOMPUTE, None, lambda progress: "after", told.hear("after"))
    held.go.set()
    told.wait(2)
    assert not computed


def test_an_answer_that_takes_too_long_is_given_up(computing: Computing) -> None:
    held = Held(2)

    async def ask() -> None:
        await computing.ask(Purpose.EXACT, ("page",), held, 0.05)

    with pytest.raises(TimeoutError):
        asyncio.run(ask())
    held.go.set()


def test_a_server_that_ends_lets_nobody_wait() -> None:
    computing, told, held = Computing(), Told(), Held(3)
    computing.begin()
    computing.put(Purpose.EXACT, ("a",), held, told.hear("under way"))
    assert held.begun.wait(PATIENCE_S)
    computing.put(Purpose.EXACT, ("b",), lambda progress: 0, told.hear("waits"))
    held.go.set()
    assert computing.close(PATIENCE_S)
    assert sorted(told.wait(2)) == [("under way", "ClosingError"), ("waits", "ClosingError")]
    with pytest.raises(ClosingError):
        computing.put(Purpose.EXACT, ("c",), lambda progress: 0, told.hear("late"))


def test_a_superseded_request_is_told_so_at_once(computing: Computing) -> None:
    held = Held(1)

    async def ask() -> list[Any]:
        loop = asyncio.get_running_loop()
        first = asyncio.ensure_future(computing.ask(Purpose.DRAG, ("p",), lambda progress: 1, 10.0))
        await asyncio.sleep(0.05)
        second = asyncio.ensure_future(computing.ask(Purpose.DRAG, ("p",), lambda progress: 2, 10.0))
        await asyncio.sleep(0.05)
        assert isinstance(first.exception() if first.done() else None, SupersededError)
        loop.call_later(0.01, held.go.set)
        return [await second]

    told = Told()
    computing.put(Purpose.DRAG, ("x",), held, told.hear("x"))
    assert held.begun.wait(PATIENCE_S)
    assert asyncio.run(ask()) == [2]
