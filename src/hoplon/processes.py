"""Processes that Ctrl-C does not reach: it goes to every process of a terminal, and the first alone decides."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from multiprocessing import resource_tracker


@contextlib.contextmanager
def without_interrupts() -> Iterator[None]:
    """Keep SIGINT from the processes that are begun here, from their first instruction on."""
    # Python's tracker of resources begins with the first process and lets SIGINT through again, which that process
    # would inherit: it is begun beforehand.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
