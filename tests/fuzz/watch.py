"""One input watched: how it ended, how long it took, how much memory it took."""

from __future__ import annotations

import gc
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MOST_SECONDS: Final = 2.0  # [s] of processor time
MOST_BYTES: Final = 500_000_000  # above what the process held before


class TooLongError(BaseException):
    """Raised in the midst of an input that takes too long; no handler of exceptions takes it for one of its own."""


@dataclass(frozen=True)
class Outcome:
    """How one input ended.

    Attributes
    ----------
    answer : object
        What the call returned; None when it failed.
    failure : str
        Why it is a failure, with the traceback where there is one; empty when it is none.
    seconds : float
        Processor time [s].
    grown : int
        Greatest memory above what the process held before [byte].
    """

    answer: Any
    failure: str
    seconds: float
    grown: int


def watched(call: Callable[[], Any], most_seconds: float = MOST_SECONDS) -> Outcome:
    """Call a function, and say how it ended: an exception, too much time and too much memory are failures."""
    answer, failure = None, ""
    before, begun = _held(), time.process_time()
    try:
        with _time_limit(most_seconds), _memory_limit():
            answer = call()
    except TooLongError as error:
        failure = f"more than {most_seconds:g} s of processor time\n{_where(error)}"
    except BaseException as error:
        failure = f"{type(error).__name__}: {str(error)[:300]}\n{_where(error)}"
    seconds = time.process_time() - begun
    if not failure and seconds > most_seconds:  # in code that Python does not interrupt
        failure = f"{seconds:.1f} s of processor time"
    grown = max(0, _most() - before)
    if not failure and grown > MOST_BYTES:
        failure = f"{grown / 1e6:.0f} MB above what was held before"
    return Outcome(answer, failure, seconds, grown)


def _where(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)[-12:])


@contextmanager
def _time_limit(most_seconds: float) -> Iterator[None]:
    def end(*_: object) -> None:
        raise TooLongError

    previous = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, most_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


@contextmanager
def _memory_limit() -> Iterator[None]:
    """Let no input take the machine's memory: four times what is allowed is refused by the system."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    reserved = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (reserved + 4 * MOST_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _held() -> int:
    """Return what the process holds now [byte], from which the greatest is counted anew."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _most() -> int:
    """Return the most that the process has held since [byte]."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return 0


def most_held() -> int:
    """Return the most that the process has ever held [byte]."""
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
