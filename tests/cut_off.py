"""A pytest plugin that ends each test after some seconds of processor time: ``PYTHONPATH=tests pytest -p cut_off``.

Of ``make line-coverage``, where kernels run as Python: what would take minutes there has run its lines long before.
"""

from __future__ import annotations

import signal
from collections.abc import Generator
from typing import Final

import pytest

SECONDS: Final = 5  # [s] of processor time that a test may take


def _cut_off(*_: object) -> None:
    pytest.skip(f"cut off after {SECONDS} s")


def _limited() -> Generator[None, None, None]:
    before = signal.signal(signal.SIGVTALRM, _cut_off)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, None, None]:
    return (yield from _limited())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, None, None]:
    return (yield from _limited())
