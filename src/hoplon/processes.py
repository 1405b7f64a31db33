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
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType, ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

_NICENESS: Final = 10  # a tenth of the share of a process that is waited for
_POOLS: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@contextlib.contextmanager
def without_interrupts() -> Iterator[None]:
    """Keep SIGINT from the processes that are begun here, from their first instruction on.

    Where a system has no masks of signals, as Windows, they ignore it themselves: :func:`_ignore_interrupts`.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    # Python's tracker of resources begins with the first process and lets SIGINT through again, which that process
    # would inherit: it is begun beforehand.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ignore_interrupts() -> None:
    """Ignore SIGINT in this process where the one that began it could not keep it away."""
    if not hasattr(signal, "pthread_sigmask"):
        with contextlib.suppress(ValueError):  # of a thread that is not the main one
            signal.signal(signal.SIGINT, signal.SIG_IGN)


_holding_interrupts = False


@contextlib.contextmanager
def interrupts_afterwards() -> Iterator[None]:
    """Hold back a Ctrl-C while a library works that an exception at any line would leave broken; a second is let in.

    LLVM calls back into Python while it loads and links, and aborts the process where that raises.
    """
    global _holding_interrupts
    before = signal.getsignal(signal.SIGINT)
    if _holding_interrupts or threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    held: list[tuple[int, FrameType | None]] = []

    def hold(number: int, frame: FrameType | None) -> None:
        if held:
            before(number, frame)
        held.append((number, frame))

    _holding_interrupts = True
    try:
        signal.signal(signal.SIGINT, hold)
        yield
    finally:
        _holding_interrupts = False
        signal.signal(signal.SIGINT, before)
        if held:
            before(*held[0])


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
    from multiprocessing import forkserver

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
    _ignore_interrupts()
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def begin_no_more() -> None:
    """Tell Numba that this process begins no others, and may be killed.

    Where it could, Numba makes a lock between processes, which one that is killed leaves behind, and its parent warns.
    """
    _ignore_interrupts()
    multiprocessing.set_start_method("spawn", force=True)


def load_for_workers(*modules: str) -> list[ModuleType]:
    """Import what the first chunk of a worker would wait for; a worker is one thread.

    What computes has to know that before it is imported.
    """
    os.environ.update(dict.fromkeys(_POOLS, "1"))
    with without_collections():
        return [import_module(name) for name in modules]


class Beside:
    """A function called in a process of its own, which ends with this context; on a machine with one core, nowhere.

    The process takes what the other ones of the machine leave of its cores.

    Parameters
    ----------
    function : callable
        Of a module; an error in it is left to whoever needs its result, and meets it again.
    arguments : object
        Of the function.
    """

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._call = (function, *arguments)
        self.process: BaseProcess | None = None
        self._result: Connection | None = None

    def __enter__(self) -> Beside:
        """Begin."""
        if (os.cpu_count() or 1) > 1:
            try:
                self._begin()
            except BaseException:  # interrupted once the process had begun
                self._end()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it has done."""
        self._end()

    def _begin(self) -> None:
        context: Any = begin_forking()
        self._result, told = context.Pipe(duplex=False)
        process: BaseProcess = context.Process(target=_tell, args=(told, *self._call), daemon=True)
        self.process = process
        with beginning_processes():
            process.start()
        told.close()

    def _end(self) -> None:
        if self.process is not None and self.process.pid is not None:
            self.process.kill()
            self.process.join()
        if self._result is not None:
            self._result.close()
            self._result = None

    def results(self) -> tuple[Any, ...]:
        """Return the result once it is there; nothing where there is none, and it has to be found here."""
        if self._result is None:
            return ()
        try:
            return (self._result.recv(),)
        except (EOFError, OSError):
            return ()


def first_done(works: Mapping[str, Beside], seconds: float) -> list[str]:
    """Return the names of those works that have ended, waiting for the first up to some seconds."""
    ended = [name for name, work in works.items() if work._result is None]
    if ended:
        return ended
    results = {work._result: name for name, work in works.items() if work._result is not None}
    ready = wait(list(results), seconds)
    return [name for result, name in results.items() if result in ready]


def _tell(told: Connection, function: Callable[..., Any], *arguments: Any) -> None:
    """Call a function and send its result."""
    end_with_parent()
    begin_no_more()
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    try:
        found = function(*arguments)
    except Exception:
        return
    told.send(found)


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
