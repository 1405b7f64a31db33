"""The one thread that computes: a mailbox of one for each purpose of each page, the most urgent first.

Numba's kernels may not run in two threads at once where it falls back to the layer ``workqueue``, which ends the
process; so exactly one thread ever computes. A kernel cannot be interrupted, but work is told how far it is between its
pieces, and there it ends when something more urgent waits, when a newer request of the same page and purpose has come,
or when nobody waits for it any more. What was interrupted begins anew; what its pieces have found is kept by content.

A step of a drag is done to its end though a newer one waits, so that something is painted however fast the hand is.
What is learnt ahead, for which nobody waits, gives way to all else; but for what the end of a drag will need, which is
learnt between its steps, it begins when nothing has been asked for a while.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final, TypeVar

from hoplon.errors import HoplonError
from hoplon.progress import Progress

_Result = TypeVar("_Result")
MOST_WAITING: Final = 64
_PATIENCE: Final = 3  # interruptions by more urgent work, after which work that somebody waits for is done to its end
_PAUSE_S: Final = 0.25  # after the last answer until something is learnt ahead: steps of a drag come closer than that


class Purpose(IntEnum):
    """What a request is for; the least is the most urgent."""

    DRAG = 0
    SCENE = 1
    EXACT = 2
    RELEASE = 3
    ASKED = 4
    PRECOMPUTE = 5

    @property
    def awaited(self) -> bool:
        """Whether somebody waits for the answer: what the release of a drag will need, and more, is learnt ahead."""
        return self not in (Purpose.RELEASE, Purpose.PRECOMPUTE)


class SupersededError(Exception):
    """Nobody needs the answer any more: a newer request took its place, or who asked has left."""


class BusyError(HoplonError):
    """More requests wait than the server keeps."""


class ClosingError(HoplonError):
    """The server is ending."""


class _InterruptedError(Exception):
    """Raised between two pieces of work that is to end."""


@dataclass
class Job:
    """One piece of work, and who waits for it."""

    purpose: Purpose
    key: tuple[Any, ...]
    number: int
    call: Callable[[Progress], Any]
    done: Callable[[Any, BaseException | None], None]
    interrupted: int = 0
    dropped: bool = False
    told: bool = field(default=False)


class Computing:
    """Does one job after another in a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._waiting: dict[tuple[Any, ...], Job] = {}
        self._running: Job | None = None
        self._numbers = itertools.count()
        self._closing = False
        self._answered_s = 0.0
        self._thread: threading.Thread | None = None
        self.cpu_s = 0.0
        """Processor time of the thread so far [s]."""

    def begin(self) -> None:
        """Begin the thread."""
        self._thread = threading.Thread(target=self._work, name="hoplon-computing", daemon=True)
        self._thread.start()

    def close(self, patience_s: float = 5.0) -> bool:
        """End after the piece under way; tell whether the thread has ended."""
        with self._lock:
            self._closing = True
            left = list(self._waiting.values())
            self._waiting.clear()
            self._lock.notify_all()
        for job in left:
            self._tell(job, None, ClosingError("the server is ending"))
        if self._thread is None:
            return True
        self._thread.join(patience_s)
        return not self._thread.is_alive()

    def put(
        self,
        purpose: Purpose,
        key: tuple[Any, ...] | None,
        call: Callable[[Progress], Any],
        done: Callable[[Any, BaseException | None], None],
    ) -> Job:
        """Put a job into its mailbox; what waits there is superseded, and but for a drag what is being done for it.

        Parameters
        ----------
        purpose : Purpose
        key : tuple, optional
            Of the mailbox within the purpose, as the page and what is asked; one of its own by default.
        call : callable
            Does the work, with a progress that it tells of its pieces.
        done : callable
            Told of the result or the error, in the thread that computes or in that of whoever supersedes it.

        Raises
        ------
        BusyError
            If too much waits.
        ClosingError
            If the server is ending.
        """
        number = next(self._numbers)
        job = Job(purpose, (purpose, *(("alone", number) if key is None else key)), number, call, done)
        with self._lock:
            if self._closing:
                raise ClosingError("the server is ending")
            before = self._waiting.pop(job.key, None)
            if before is None and len(self._waiting) >= MOST_WAITING:
                raise BusyError(f"{MOST_WAITING} requests wait already; ask again in a moment")
            self._waiting[job.key] = job
            if self._running is not None and self._running.key == job.key and purpose is not Purpose.DRAG:
                self._running.dropped = True
            self._lock.notify_all()
        if before is not None:
            self._tell(before, None, SupersededError())
        return job

    def drop(self, job: Job) -> None:
        """Forget a job that nobody waits for any more."""
        with self._lock:
            job.dropped = True
            if self._waiting.get(job.key) is job:
                del self._waiting[job.key]

    async def ask(
        self, purpose: Purpose, key: tuple[Any, ...] | None, call: Callable[[Progress], _Result], limit_s: float
    ) -> _Result:
        """Do a job and return its result; whoever is cancelled while waiting leaves no work behind.

        Raises
        ------
        SupersededError
            If a newer request took its place.
        TimeoutError
            If it took longer than it may.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_Result] = loop.create_future()

        def settle(result: Any, error: BaseException | None) -> None:
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)

        def done(result: Any, error: BaseException | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(settle, result, error)

        job = self.put(purpose, key, call, done)
        try:
            return await asyncio.wait_for(future, limit_s)
        finally:
            self.drop(job)

    def _work(self) -> None:
        while True:
            with self._lock:
                self._running = None
                while not self._closing and (left_s := self._until_next_s()) is not None:
                    self._lock.wait(left_s or None)
                if self._closing:
                    return
                job = self._next()
                del self._waiting[job.key]
                self._running = job
            self._do(job)
            if job.purpose.awaited:
                self._answered_s = time.monotonic()

    def _next(self) -> Job:
        return min(self._waiting.values(), key=lambda one: (one.purpose, one.number))

    def _until_next_s(self) -> float | None:
        """Return how long to wait before the next job is begun [s], 0.0 until one comes; None for not at all."""
        if not self._waiting:
            return 0.0
        left_s = self._answered_s + _PAUSE_S - time.monotonic()
        return left_s if self._next().purpose is Purpose.PRECOMPUTE and left_s > 0.0 else None

    def _do(self, job: Job) -> None:
        begun = time.thread_time()
        try:
            result = job.call(lambda *_: self._between_pieces(job))
        except _InterruptedError:
            self._put_back(job)
        except BaseException as error:  # whatever it is, whoever waits is told, and the thread goes on
            self._tell(job, None, error)
        else:
            self._tell(job, result, None)
        finally:
            self.cpu_s += time.thread_time() - begun

    def _between_pieces(self, job: Job) -> None:
        """End the job here if nobody needs it, or something more urgent waits."""
        with self._lock:
            patient = job.interrupted < _PATIENCE or not job.purpose.awaited
            urgent = patient and any(other.purpose < job.purpose for other in self._waiting.values())
            if self._closing or job.dropped or urgent:
                raise _InterruptedError

    def _put_back(self, job: Job) -> None:
        """Let an interrupted job wait again, unless nobody needs it."""
        job.interrupted += 1
        error: BaseException | None = None
        with self._lock:
            if self._closing:
                error = ClosingError("the server is ending")
            elif job.dropped or job.key in self._waiting:
                error = SupersededError()
            else:
                self._waiting[job.key] = job
        if error is not None:
            self._tell(job, None, error)

    @staticmethod
    def _tell(job: Job, result: Any, error: BaseException | None) -> None:
        if not job.told:
            job.told = True
            job.done(result, error)
