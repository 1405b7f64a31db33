"""Who does the chunks: this process, processes of this machine, or Dask; the same chunk files come of each.

An executor is given orders, each a cell laid out and the numbers of a chunk, and says which are done. A worker that
dies is replaced and its chunk given to another; only a chunk that kills every worker ends the campaign.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection, wait
from typing import Any, Final, Protocol

from hoplon.campaigns.certificate import temporary_security
from hoplon.errors import HoplonError, InputError, OutputError, UsageError
from hoplon.extras import extra
from hoplon.processes import begin_forking, begin_no_more, beginning_processes
from hoplon.scenario.model import known_name

MOST_DEATHS: Final = 10
"""Workers that one chunk may cost."""
_READY: Final = "hoplon.campaigns.ready"  # what a worker of raids imports before its first order
_PIECES: Final = 16  # of each of the last chunks
_MOST_CUT: Final = 100_000  # replications of a chunk that is cut, for this process to hold
_BREATH: Final = 0.05  # [s] before another process is begun to fork from
_IN_FLIGHT: Final = 4  # chunks a worker that Dask knows of at one time
_PATIENCE: Final = "5s"


class WorkCell(Protocol):
    """A cell laid out, which can be pickled."""

    def rows(self, first: int, count: int) -> Any:
        """Return the rows of ``count`` replications from ``first``."""

    def keep(self, number: int, first: int, parts: Sequence[Any]) -> None:
        """Write the file of chunk ``number``, which begins at ``first``, its rows in parts."""


@dataclass(frozen=True)
class Order:
    """A chunk to be done, or a piece of one.

    Attributes
    ----------
    cell : WorkCell
    number : int
        Of the chunk.
    first, count : int
        Replications.
    pieces : int
        In how many the chunk is cut; the rows of a piece are handed back.
    """

    cell: WorkCell
    number: int
    first: int
    count: int
    pieces: int = 1

    def do(self) -> Any:
        """Do it here: write the chunk's file, or return the rows of a piece."""
        rows = self.cell.rows(self.first, self.count)
        if self.pieces > 1:
            return rows
        self.cell.keep(self.number, self.first, [rows])
        return None

    def cut(self, pieces: int) -> list[Order]:
        """Return so many orders that make this one, if there are as many replications."""
        pieces = min(pieces, self.count)
        edges = [self.first + self.count * piece // pieces for piece in range(pieces + 1)]
        return [Order(self.cell, self.number, low, high - low, pieces) for low, high in itertools.pairwise(edges)]


Task = Callable[[int], Order]
"""Gives the order of a chunk by its number."""


class Executor(Protocol):
    """Does chunks."""

    def begin(self) -> None:
        """Let what takes long to begin do so, while the driver makes itself ready."""

    def run(self, orders: Iterator[Order], chunks: int) -> Generator[int, None, None]:
        """Do some orders, so many chunks in all, and yield the number of each that is done, in any order."""

    def close(self) -> None:
        """End every worker."""


class _AtOnce:
    """An executor that has nothing to begin beforehand, and leaves nothing behind."""

    def begin(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class Serial(_AtOnce):
    """Does chunks in this process, one after the other."""

    def run(self, orders: Iterator[Order], chunks: int) -> Generator[int, None, None]:
        """Do the chunks in order."""
        for order in orders:
            order.do()
            yield order.number


@dataclass
class _Worker:
    """A process, the line to it, whether it is ready for orders, what it does, and the cell it was sent last."""

    process: Any
    line: Connection
    ready: bool = False
    doing: Order | None = None
    cell: WorkCell | None = None


class Processes:
    """Does chunks on processes of this machine, forked from one that has imported what all of them need.

    Parameters
    ----------
    workers : int
    ready : str
        Module that holds all that the first chunk would wait for.
    """

    def __init__(self, workers: int, ready: str = _READY) -> None:
        self._count, self._ready = workers, ready
        self._workers: list[_Worker] = []
        self._waiting: deque[Order] = deque()
        self._uncut = 0
        self._parts: dict[int, dict[int, Any]] = {}  # of chunks in pieces, rows by their first replication
        self._deaths: dict[int | None, int] = {}

    def begin(self) -> None:
        """Begin the process that workers will be forked from."""
        begin_forking(self._ready, __name__)

    def _replenish(self, chunks: int) -> None:
        """Let there be as many workers as there is work for."""
        while len(self._workers) < min(self._count, chunks):
            try:
                self._workers.append(_begin(self._ready))
            except (EOFError, OSError):  # what they are forked from has died, or is dying
                self._count_death(None)
                time.sleep(_BREATH)

    def run(self, orders: Iterator[Order], chunks: int) -> Generator[int, None, None]:
        """Do the chunks; at the end, or when it is given up, no worker is left.

        Raises
        ------
        HoplonError
            What a worker refused.
        OutputError
            If one chunk has ended MOST_DEATHS workers.
        """
        left = self._uncut = chunks
        self.begin()
        try:
            while left:
                self._look_ahead(orders)  # while workers begin, or work
                self._replenish(left)
                finished = self._finished()
                self._hand_out(orders)  # before anybody looks at what is finished, so that no worker waits for it
                left -= len(finished)
                yield from finished
        finally:
            self.close()

    def _hand_out(self, orders: Iterator[Order]) -> None:
        """Give every worker that has nothing to do a chunk."""
        for worker in [worker for worker in self._workers if worker.ready and worker.doing is None]:
            self._look_ahead(orders)
            if self._waiting:
                self._give(worker, self._waiting.popleft())

    def _look_ahead(self, orders: Iterator[Order]) -> None:
        """Have an order at hand, if there is one: its cell may have to be laid out.

        The last chunks are cut in pieces, so that no worker waits long for the others at the end.
        """
        if self._waiting:
            return
        for order in itertools.islice(orders, 1):
            alone = self._count == 1 or self._uncut > self._count or order.count > _MOST_CUT
            self._waiting.extend(order.cut(1 if alone else _PIECES))
            self._uncut -= 1

    def _give(self, worker: _Worker, order: Order) -> None:
        known = worker.cell is order.cell
        try:
            worker.line.send((None if known else order.cell, order.number, order.first, order.count, order.pieces))
            worker.doing, worker.cell = order, order.cell
        except OSError:  # it has died meanwhile
            self._waiting.appendleft(order)
            self._bury(worker)

    def _finished(self) -> list[int]:
        """Wait until a worker has something to say, or is no more; return the chunks that are done."""
        by_line: dict[Any, _Worker] = {worker.line: worker for worker in self._workers}
        finished = []
        for line in wait(list(by_line)):
            worker = by_line[line]
            try:
                refused, rows = worker.line.recv()
            except (EOFError, OSError):
                self._bury(worker)
                continue
            _raise(refused)
            worker.ready = True
            if worker.doing is not None:
                done, worker.doing = worker.doing, None
                self._deaths.pop(None, None)
                if done.pieces == 1 or self._put_together(done, rows):
                    finished.append(done.number)
        return finished

    def _put_together(self, piece: Order, rows: Any) -> bool:
        """Take the rows of a piece; write the chunk's file and say so when it was the last."""
        parts = self._parts.setdefault(piece.number, {})
        parts[piece.first] = rows
        if len(parts) < piece.pieces:
            return False
        del self._parts[piece.number]
        piece.cell.keep(piece.number, min(parts), [parts[first] for first in sorted(parts)])
        return True

    def _bury(self, worker: _Worker) -> None:
        """Forget a worker that has died; another does its chunk."""
        self._workers.remove(worker)
        worker.line.close()
        worker.process.join()
        chunk = None if worker.doing is None else worker.doing.number
        if worker.doing is not None:
            self._waiting.append(worker.doing)
        self._count_death(chunk)

    def _count_death(self, chunk: int | None) -> None:
        self._deaths[chunk] = self._deaths.get(chunk, 0) + 1
        if self._deaths[chunk] >= MOST_DEATHS:
            what = "beginning" if chunk is None else f"chunk {chunk}"
            raise OutputError(
                f"{what} has ended {MOST_DEATHS} worker processes; too little memory? Smaller chunks in the plan, or "
                "fewer workers, may help"
            )

    def close(self) -> None:
        """End every worker."""
        for worker in self._workers:
            worker.line.close()
            worker.process.kill()  # a chunk's file is whole or not there
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()


def _begin(ready: str) -> _Worker:
    context = begin_forking(ready, __name__)
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, ready), daemon=True)
    with theirs, beginning_processes():
        process.start()
    return _Worker(process, ours)


def _work(line: Connection, ready: str) -> None:
    """Do chunks as they come; an answer is what was refused, empty for ready or done, and the rows of a piece."""
    begin_no_more()
    import_module(ready)
    with contextlib.suppress(EOFError, OSError):  # the driver is no more
        line.send(("", None))
        known: WorkCell | None = None
        while True:
            cell, *numbers = line.recv()
            known = cell or known
            assert known is not None
            line.send(_attempt(Order(known, *numbers)))


def _attempt(order: Order) -> tuple[str, Any]:
    """Do an order; return what was refused, if anything was, and the rows of a piece."""
    try:
        return "", order.do()
    except HoplonError as error:
        return f"{type(error).__name__}:{error}", None
    except Exception as error:
        return f"HoplonError:chunk {order.number}: {type(error).__name__}: {error}", None


def _raise(refused: str) -> None:
    """Raise what a worker refused, if it did."""
    if refused:
        kind, _, text = refused.partition(":")
        raise {"OutputError": OutputError, "InputError": InputError}.get(kind, HoplonError)(text)


class Dask(_AtOnce):
    """Does chunks on a Dask cluster: one of this machine's, or the one of a scheduler.

    Scheduler, workers and client unpickle what they are sent. The cluster of this machine therefore takes part with
    nobody but those who have its certificate, made anew; who may reach another scheduler is its owner's to settle.

    Parameters
    ----------
    workers : int
        Of this machine's cluster.
    scheduler : str or None
        Address of another one, ``tcp://host:8786``.
    """

    def __init__(self, workers: int, scheduler: str | None = None) -> None:
        self._count, self._scheduler = workers, scheduler

    def run(self, orders: Iterator[Order], chunks: int) -> Generator[int, None, None]:
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
        with extra("dask", "the executor dask"):
            import dask
            import distributed
        quiet = {
            "distributed.scheduler.allowed-failures": MOST_DEATHS,
            "distributed.logging.distributed": "critical",
            "distributed.comm.timeouts.connect": _PATIENCE,
            "distributed.admin.large-graph-warning-threshold": "1GB",
            "distributed.scheduler.http.routes": [],  # its pages, which ask nobody who they are
            "distributed.worker.http.routes": [],
        }
        with dask.config.set(quiet), contextlib.ExitStack() as open_:
            client = open_.enter_context(self._client(distributed, open_))
            width = _IN_FLIGHT * max(1, len(client.run(os.getpid)))
            yield from self._submit(distributed, client, orders, width)

    def _client(self, distributed: Any, open_: contextlib.ExitStack) -> Any:
        try:
            if self._scheduler is not None:
                return distributed.Client(self._scheduler, timeout=_PATIENCE, set_as_default=False)
            security = temporary_security(distributed.Security)
            with beginning_processes():
                cluster = distributed.LocalCluster(
                    n_workers=self._count,
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    protocol="tls://",
                    security=security,
                    dashboard_address="127.0.0.1:0",
                    silence_logs=50,
                )
        except (OSError, ValueError, TimeoutError) as error:
            where = self._scheduler or "this machine's cluster"
            raise InputError(
                f"no Dask scheduler answers at {where} ({type(error).__name__}); nothing is lost: start one "
                "(dask scheduler), put the address right (tcp://host:8786), or leave --scheduler out"
            ) from None
        open_.enter_context(cluster)
        return distributed.Client(cluster, security=security, timeout=_PATIENCE, set_as_default=False)

    def _submit(self, distributed: Any, client: Any, orders: Iterator[Order], width: int) -> Iterator[int]:
        known: dict[Any, int] = {}
        ready = distributed.as_completed(loop=client.loop)
        for order in orders:
            self._one(client, order, known, ready)
            while len(known) >= width:
                yield self._taken(distributed, next(ready), known)
        while known:
            yield self._taken(distributed, next(ready), known)

    def _one(self, client: Any, order: Order, known: dict[Any, int], ready: Any) -> None:
        future = client.submit(_attempt, order, pure=False)
        known[future] = order.number
        ready.add(future)

    def _taken(self, distributed: Any, future: Any, known: dict[Any, int]) -> int:
        number = known.pop(future)
        try:
            refused, _ = future.result()
        except distributed.KilledWorker:
            raise OutputError(f"chunk {number} has ended {MOST_DEATHS} workers; too little memory?") from None
        except (OSError, TimeoutError) as error:  # a closed connection is an OSError
            raise OutputError(f"the Dask scheduler is gone: {error}; the same command goes on") from None
        _raise(refused)
        return number


def executor_asked(
    executor: str | None,
    workers: int | None,
    scheduler: str | None,
    ready: str = _READY,
    *,
    default: str = "process",
) -> tuple[Executor, int]:
    """Return the executor that a command or a notebook asks for, and the number of its workers on this machine.

    Parameters
    ----------
    executor : {"serial", "process", "dask"}, optional
        dask with a scheduler, else the default.
    workers : int, optional
        One per core by default.
    scheduler : str, optional
        Address of a Dask scheduler.
    ready : str
        Module that the processes import first.
    default : str

    Raises
    ------
    UsageError
        For a scheduler with another executor than Dask's.
    UnknownNameError
        For another executor.
    """
    name = known_name("executor", executor or ("dask" if scheduler else default), ("serial", "process", "dask"))
    if scheduler and name != "dask":
        raise UsageError(f"a scheduler is Dask's: it does not go with the executor {name}")
    many = 1 if name == "serial" else workers or os.cpu_count() or 1
    if name == "dask":
        return Dask(many, scheduler), many
    return (Serial() if name == "serial" else Processes(many, ready)), many
