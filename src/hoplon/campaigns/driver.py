"""Running work in chunks: what is done is kept, what is damaged is done again, what is whole is added up in order."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.statistics import ReplicationTally
from hoplon.campaigns.executors import Executor, Task
from hoplon.campaigns.plan import Plan, PlanCell
from hoplon.campaigns.store import Chunk, path_of, read_chunk, sweep_chunks
from hoplon.errors import InputError, OutputError

Progress = Callable[[int, int, str], None]

_SHOWN_EVERY: Final = 0.5  # [s]


class ChunkedWork(Protocol):
    """Work cut in numbered chunks, each of which is kept when it is done.

    Attributes
    ----------
    unit : str
        What chunks are made of, in the plural.
    """

    unit: str

    @property
    def chunks(self) -> int:
        """Return how many chunks there are."""

    def count(self, number: int) -> int:
        """Return how many units a chunk holds."""

    def begun(self, number: int) -> bool:
        """Tell whether there is anything of a chunk."""

    def whole(self, number: int) -> bool:
        """Tell whether a chunk is there and whole; its digest is compared."""

    def sweep(self) -> None:
        """Remove what is half-written."""


@dataclass(frozen=True)
class Campaign:
    """A plan and the folder of its chunks, which bear the campaign's name."""

    unit = "replications"

    plan: Plan
    folder: Path
    name: str

    @property
    def chunks(self) -> int:
        """Return how many chunks there are."""
        return self.plan.chunks

    def count(self, number: int) -> int:
        """Return the replications of a chunk."""
        return self.plan.part(number)[2]

    def begun(self, number: int) -> bool:
        """Tell whether a chunk has a file."""
        return path_of(self.folder, number).exists()

    def whole(self, number: int) -> bool:
        """Tell whether a chunk has a file that is whole."""
        return _read(self, number) is not None

    def sweep(self) -> None:
        """Remove half-written chunks."""
        sweep_chunks(self.folder)


@dataclass(frozen=True)
class Shard:
    """Part ``number`` of ``parts``, from 1: every ``parts``-th chunk."""

    number: int = 1
    parts: int = 1

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Return the shard that ``I/N`` says.

        Raises
        ------
        InputError
            If it is not of that form.
        """
        number, _, parts = text.partition("/")
        if not (number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts) <= 1_000_000):
            raise InputError(f"--shard {text[:40]}: I/N was expected, with 1 <= I <= N: part I of N")
        return cls(int(number), int(parts))

    def chunks(self, work: ChunkedWork | Plan) -> range:
        """Return the numbers of its chunks."""
        return range(self.number - 1, work.chunks, self.parts)


@dataclass
class State:
    """How far a campaign is.

    Attributes
    ----------
    chunks : int
        Of this shard.
    kept, damaged, done : int
        Found whole; found damaged and done again; whole now.
    """

    chunks: int
    kept: int = 0
    damaged: int = 0
    done: int = 0


@dataclass(frozen=True)
class CellResult:
    """A cell with its sums."""

    cell: PlanCell
    magazine: int
    tally: ReplicationTally


def whole_chunks(work: ChunkedWork, shard: Shard, progress: Progress) -> tuple[NDArray[np.bool_], State]:
    """Return which chunks of a shard are there and whole; each is read and its digest compared."""
    numbers = shard.chunks(work)
    there = np.zeros(len(numbers), dtype=np.bool_)
    state = State(len(numbers))
    for index, number in enumerate(numbers):
        if not work.begun(number):
            continue
        there[index] = work.whole(number)
        state.damaged += 0 if there[index] else 1
        if index % 100 == 0:
            progress(index + 1, len(numbers), "reading what is there")
    state.kept = state.done = int(there.sum())
    return there, state


def _read(campaign: Campaign, number: int) -> Chunk | None:
    """Return a chunk if it is there, whole, and holds the replications that the plan says."""
    _, first, count = campaign.plan.part(number)
    chunk = read_chunk(campaign.folder, campaign.name, number, count)
    return chunk if chunk is not None and chunk.first == first else None


class Running:
    """Work under way: every chunk of a shard that is not there is done.

    Parameters
    ----------
    work : ChunkedWork
    task : callable
        Gives the order of a chunk by its number.
    executor : Executor
    shard : Shard
    progress : callable
    watch : callable
        Told how far it is, at first and after each chunk.
    """

    def __init__(
        self,
        work: ChunkedWork,
        task: Task,
        executor: Executor,
        shard: Shard,
        progress: Progress,
        watch: Callable[[State], None],
    ) -> None:
        self._work, self._task, self._executor, self._shard = work, task, executor, shard
        self._progress, self._watch = progress, watch
        self._there, self.state = whole_chunks(work, shard, progress)
        watch(self.state)
        self._steps = self._run()

    def _run(self) -> Generator[int, None, None]:
        """Do what is missing; yield the place in the shard of each chunk that is done."""
        state, chunks = self.state, self._shard.chunks(self._work)
        if state.done == state.chunks:
            return
        pace = _Pace(self._work, state, self._progress)
        missing = (chunks[place] for place in np.flatnonzero(~self._there).tolist())
        try:
            with contextlib.closing(
                self._executor.run(map(self._task, missing), state.chunks - state.done)
            ) as finished:
                for number in finished:
                    place = chunks.index(number)
                    self._there[place] = True
                    state.done += 1
                    pace.show(number)
                    self._watch(state)
                    yield place
        finally:
            self._work.sweep()

    def until(self, number: int) -> None:
        """Work until a chunk of the shard is there.

        Raises
        ------
        HoplonError
            What a worker refused; what is done stays.
        """
        place = self._shard.chunks(self._work).index(number)
        while not self._there[place]:
            next(self._steps)

    def finish(self) -> None:
        """Work until every chunk is there."""
        deque(self._steps, maxlen=0)

    def close(self) -> None:
        """Give up what is not done; what is done stays."""
        self._steps.close()


class _Pace:
    """Says how fast work goes and how long it will take, a few times a second."""

    def __init__(self, work: ChunkedWork, state: State, progress: Progress) -> None:
        self._work, self._state, self._progress = work, state, progress
        self._begun = self._shown = time.monotonic()
        self._units = 0

    def show(self, number: int) -> None:
        """Take note of a chunk that is done."""
        self._units += self._work.count(number)
        now, state = time.monotonic(), self._state
        if now - self._shown < _SHOWN_EVERY and state.done < state.chunks:
            return
        self._shown, spent = now, max(now - self._begun, 1e-9)
        left = spent / (state.done - state.kept) * (state.chunks - state.done)
        text = f"{self._units / spent:,.{0 if self._units > spent else 1}f} {self._work.unit}/s, {duration(left)} left"
        self._progress(state.done, state.chunks, text)


def duration(seconds: float) -> str:
    """Return a time as a person says it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


class Aggregate:
    """The cells of a campaign in order, and the digest of all its numbers.

    Sums are of whole numbers and the order is the chunks': nothing depends on who did what when.

    Parameters
    ----------
    campaign : Campaign
    until : callable, optional
        Called with a chunk's number before it is read, of a campaign under way: returns when the chunk is there.
    """

    def __init__(self, campaign: Campaign, until: Callable[[int], None] = lambda number: None) -> None:
        self._campaign, self._until = campaign, until
        self._digest = hashlib.blake2b(campaign.name.encode(), digest_size=16)

    @property
    def digest(self) -> str:
        """Return the digest of what was read so far; of the campaign when every cell was."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[CellResult]:
        """Return every cell.

        Raises
        ------
        OutputError
            If a chunk is missing or damaged.
        """
        for cell in self._campaign.plan:
            yield self._cell(cell)

    def _cell(self, cell: PlanCell) -> CellResult:
        plan, tally, magazine = self._campaign.plan, None, 0
        first = cell.number * plan.chunks_of_cell
        for number in range(first, first + plan.chunks_of_cell):
            self._until(number)
            chunk = _read(self._campaign, number)
            if chunk is None or (tally is not None and (chunk.threats, chunk.magazine) != (tally.threats, magazine)):
                path = path_of(self._campaign.folder, number)
                raise OutputError(f"{path}: was damaged or removed meanwhile; the same command does it again")
            self._digest.update(chunk.digest)
            if tally is None:
                tally, magazine = ReplicationTally(chunk.threats), chunk.magazine
            tally.add(chunk.rows)
        assert tally is not None
        return CellResult(cell, magazine, tally)
