"""Processes that Ctrl-C does not reach, for the first alone decides, and that begin and end sooner."""

from __future__ import annotations

import atexit
import contextlib
import gc
import multiprocessing
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from types import ModuleType


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
def beginning_processes() -> Iterator[None]:
    """Begin processes of Python here, with nothing of the program that begins them, and SIGINT kept from them.

    Python imports the main module of the program into every process that it begins; a script without a main guard
    would run again there, and one that came through standard input would not be found.
    """
    main = sys.modules["__main__"]
    with without_interrupts():
        sys.modules["__main__"] = ModuleType("__main__")  # without a file or a name that could be imported
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def begin_forking(*modules: str) -> ForkServerContext | SpawnContext:
    """Begin a process that imports modules, unless it is there, and return the context whose processes are its forks.

    So many processes import as much as one, and not in turn on the cores that they will need. Where a system does not
    fork, every process begins anew.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    with beginning_processes():
        forkserver.ensure_running()
    return context


def end_with_parent(folder: Path | None = None) -> None:
    """Let this process end as soon as the one that began it does, however that ends.

    Parameters
    ----------
    folder : Path, optional
        Of the parent, which is removed then.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


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
