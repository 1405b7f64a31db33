"""Work on every core that Numba may use."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numba
import pytest

from hoplon.compiled import side_by_side


@pytest.fixture(params=[1, 2])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    """Allow Numba so many threads, as far as there are cores."""
    before = numba.get_num_threads()
    numba.set_num_threads(min(request.param, before))
    yield min(request.param, before)
    numba.set_num_threads(before)


def test_every_number_is_worked_on_once(threads: int) -> None:
    done: list[int] = []
    side_by_side(done.append, 20)
    assert sorted(done) == list(range(20))


def test_as_many_numbers_are_worked_on_at_a_time_as_there_are_threads(threads: int) -> None:
    together = threading.Barrier(threads, timeout=60.0)
    side_by_side(lambda _: together.wait() and None, threads)


def test_nothing_to_work_on_is_no_work(threads: int) -> None:
    side_by_side(lambda _: pytest.fail("called"), 0)


def test_an_error_is_raised_where_the_work_was_asked_for(threads: int) -> None:
    def fail(number: int) -> None:
        if number == 3:
            raise ValueError(number)

    with pytest.raises(ValueError, match="3"):
        side_by_side(fail, 6)
