"""Processes that Ctrl-C does not reach, for the first alone decides, and that begin and end sooner."""

from __future__ import annotations

import atexit
import contextlib
import gc
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


@contextlib.contextmanager
def without_collections() -> Iterator[None]:
    """Collect no garbage while much is imported, which makes none: a tenth of the time.

    The interpreter's last collection is spared what is there by then: it took a third of a second for all that Numba
    makes, to no end.
    """
    atexit.register(gc.freeze)
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
