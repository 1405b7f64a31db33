"""Who does the chunks: this process, processes of this machine, or Dask; the same chunk files come of each.

An executor is given a task (a picklable call of a chunk's number) and the numbers, and says which are done. A worker
that dies is replaced and its chunk given to another; only a chunk that kills every worker ends the campaign.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Final, Protocol

from hoplon.errors import HoplonError, InputError, OutputError
from hoplon.processes import without_interrupts

Task = Callable[[int], Any]

MOST_DEATHS: Final = 10
"""Workers that one chunk may cost."""
_IN_FLIGHT: Final = 4  # chunks a worker that Dask knows of at one time
_PATIENCE: Final = "5s"


class Executor(Protocol):
    """Does chunks."""

    def run(self, task: Task, numbers: Iterator[int]) -> Generator[int, None, None]:
        """Do the chunks of some numbers, and yield the number of each that is done, in any order."""


class Serial:
    """Does chunks in this process, one after the other."""

    def run(self, task: Task, numbers: Iterator[int]) -> Generator[int, None, None]:
        """Do the chunks in order."""
        for number in numbers:
            task(number)
            yield number


@dataclass
class _Worker:
    process: Any
    line: Connection
    doing: int | None = None


class Processes:
    """Does chunks on processes of this machine.

    Parameters
    ----------
    workers : int
    """

    def __init__(self, workers: int) -> None:
        self._count = workers
        self._workers: list[_Worker] = []
        self._again: deque[int] = deque()
        self._deaths: dict[int, int] = {}

    @property
    def processes(self) -> list[int]:
        """Return the number of each worker's process."""
        return [worker.process.pid for worker in self._workers]

    def run(self, task: Task, numbers: Iterator[int]) -> Generator[int, None, None]:
        """Do the chunks; at the end, or when it is given up, no worker is left.

        Raises
        ------
        HoplonError
            What a worker refused.
        OutputError
            If one chunk has ended MOST_DEATHS workers.
        """
        try:
            while True:
                self._fill(task, numbers)
                if not any(worker.doing is not None for worker in self._workers):
                    return
                yield from self._finished()
        finally:
            self._stop()

    def _next(self, numbers: Iterator[int]) -> int | None:
        return self._again.popleft() if self._again else next(numbers, None)

    def _fill(self, task: Task, numbers: Iterator[int]) -> None:
        """Give every worker that has nothing to do a chunk; begin workers while there are chunks for them."""
        for worker in [worker for worker in self._workers if worker.doing is None]:
            self._give(worker, numbers)
        while len(self._workers) < self._count:
            number = self._next(numbers)
            if number is None:
                return
            self._again.appendleft(number)
            worker = _begin(task)
            self._workers.append(worker)
            self._give(worker, numbers)

    def _give(self, worker: _Worker, numbers: Iterator[int]) -> None:
        number = self._next(numbers)
        if number is None:
            return
        try:
            worker.line.send_bytes(number.to_bytes(8, "little"))
            worker.doing = number
        except OSError:  # it has died meanwhile
            self._again.appendleft(number)
            self._bury(worker)

    def _finished(self) -> Iterator[int]:
        """Wait until a worker has something to say, or is no more."""
        by_line: dict[Any, _Worker] = {worker.line: worker for worker in self._workers}
        for line in wait(list(by_line)):
            worker = by_line[line]
            try:
                refused = worker.line.recv_bytes().decode()
            except (EOFError, OSError):
                self._bury(worker)
                continue
            _raise(refused)
            assert worker.doing is not None
            number, worker.doing = worker.doing, None
            yield number

    def _bury(self, worker: _Worker) -> None:
        """Forget a worker that has died; another does its chunk."""
        self._workers.remove(worker)
        worker.line.close()
        worker.process.join()
        if worker.doing is None:
            return
        self._again.append(worker.doing)
        self._deaths[worker.doing] = self._deaths.get(worker.doing, 0) + 1
        if self._deaths[worker.doing] >= MOST_DEATHS:
            raise OutputError(
                f"chunk {worker.doing} has ended {MOST_DEATHS} worker processes; too little memory? Smaller chunks in "
                "the plan, or fewer workers, may help"
            )

    def _stop(self) -> None:
        for worker in self._workers:
            worker.line.close()
            worker.process.kill()  # a chunk's file is whole or not there
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()


def _begin(task: Task) -> _Worker:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_work, args=(task, theirs), daemon=True)
    with without_interrupts():
        process.start()
    theirs.close()
    return _Worker(process, ours)


def _work(task: Task, line: Connection) -> None:
    """Do chunks as they come; an empty answer says done, another says what was refused."""
    with contextlib.suppress(EOFError, OSError):  # the driver is no more
        while True:
            number = int.from_bytes(line.recv_bytes(), "little")
            line.send_bytes(_attempt(task, number).encode())


def _attempt(task: Task, number: int) -> str:
    try:
        task(number)
    except HoplonError as error:
        return f"{type(error).__name__}:{error}"
    except Exception as error:
        return f"HoplonError:chunk {number}: {type(error).__name__}: {error}"
    return ""


def _raise(refused: str) -> None:
    """Raise what a worker refused, if it did."""
    if refused:
        kind, _, text = refused.partition(":")
        raise {"OutputError": OutputError, "InputError": InputError}.get(kind, HoplonError)(text)


class Dask:
    """Does chunks on a Dask cluster: one of this machine's, or the one of a scheduler.

    Parameters
    ----------
    workers : int
        Of this machine's cluster.
    scheduler : str or None
        Address of another one, ``tcp://host:8786``.
    """

    def __init__(self, workers: int, scheduler: str | None = None) -> None:
        self._count, self._scheduler = workers, scheduler
        self.processes: list[int] = []

    def run(self, task: Task, numbers: Iterator[int]) -> Generator[int, None, None]:
        """Do the chunks; no more than a few a worker are submitted at one time.

        Raises
        ------
        InputError
            If no scheduler answers.
        OutputError
            If Dask is not installed, or gives a chunk up.
        HoplonError
            What a worker refused.
        """
        try:
            import dask
            import distributed
        except ImportError:
            raise OutputError("the executor dask needs Dask: pip install 'hoplon[dask]'") from None
        quiet = {
            "distributed.scheduler.allowed-failures": MOST_DEATHS,
            "distributed.logging.distributed": "critical",
            "distributed.comm.timeouts.connect": _PATIENCE,
            "distributed.admin.large-graph-warning-threshold": "1GB",
        }
        with dask.config.set(quiet), contextlib.ExitStack() as open_:
            client = open_.enter_context(self._client(distributed, open_))
            self.processes = list(client.run(os.getpid).values())
            width = _IN_FLIGHT * max(1, len(self.processes))
            yield from self._submit(distributed, client, task, numbers, width)

    def _client(self, distributed: Any, open_: contextlib.ExitStack) -> Any:
        try:
            if self._scheduler is not None:
                return distributed.Client(self._scheduler, timeout=_PATIENCE, set_as_default=False)
            with without_interrupts():
                cluster = distributed.LocalCluster(
                    n_workers=self._count, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
                )
        except (OSError, ValueError, TimeoutError) as error:
            where = self._scheduler or "this machine's cluster"
            raise InputError(
                f"no Dask scheduler answers at {where} ({type(error).__name__}); nothing is lost: start one "
                "(dask scheduler), put the address right (tcp://host:8786), or leave --scheduler out"
            ) from None
        return distributed.Client(open_.enter_context(cluster), timeout=_PATIENCE, set_as_default=False)

    def _submit(self, distributed: Any, client: Any, task: Task, numbers: Iterator[int], width: int) -> Iterator[int]:
        known: dict[Any, int] = {}
        ready = distributed.as_completed(loop=client.loop)
        for number in numbers:
            self._one(client, task, number, known, ready)
            while len(known) >= width:
                yield self._taken(distributed, next(ready), known)
        while known:
            yield self._taken(distributed, next(ready), known)

    def _one(self, client: Any, task: Task, number: int, known: dict[Any, int], ready: Any) -> None:
        future = client.submit(_attempt, task, number, pure=False)
        known[future] = number
        ready.add(future)

    def _taken(self, distributed: Any, future: Any, known: dict[Any, int]) -> int:
        number = known.pop(future)
        try:
            refused = future.result()
        except distributed.KilledWorker:
            raise OutputError(f"chunk {number} has ended {MOST_DEATHS} workers; too little memory?") from None
        except (OSError, TimeoutError) as error:  # a closed connection is an OSError
            raise OutputError(f"the Dask scheduler is gone: {error}; the same command goes on") from None
        _raise(refused)
        return number
