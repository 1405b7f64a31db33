"""How long work of a question is done: by whom, where its chunks are kept, which part of them, and who is told."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from hoplon.campaigns.chunked import ChunkedQuestion, QuestionWork
from hoplon.campaigns.driver import Running, Shard, State
from hoplon.campaigns.executors import Executor, Serial, executor_asked
from hoplon.campaigns.provenance import claim, question_identity
from hoplon.errors import UsageError
from hoplon.files import writable_folder
from hoplon.progress import Progress, silent

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario

Chunk = TypeVar("Chunk")

READY: Final = "hoplon.analysis.ready"  # what a worker of analyses imports before its first order


class MissingChunksError(Exception):
    """Chunks of other shards are missing, so that nothing can be made of those that are there."""


@dataclass
class Execution:
    """Who does the chunks of questions, and where they are kept.

    Parameters
    ----------
    folder : Path, optional
        Where finished chunks are kept; in memory without one, which only this process can do.
    executor : Executor
        This process by default.
    shard : Shard, optional
        Do these chunks of each question alone.
    progress, watch : callable
        Told of each step; of the state, summed over the questions so far, after each chunk.
    """

    folder: Path | None = None
    executor: Executor = field(default_factory=Serial)
    shard: Shard | None = None
    progress: Progress = silent
    watch: Callable[[State], None] = lambda state: None
    state: State = field(default_factory=lambda: State(0), init=False)

    def chunks(self, question: ChunkedQuestion[Chunk]) -> list[Chunk]:
        """Do every chunk of a question that is not kept, and return all of them in order.

        Raises
        ------
        MissingChunksError
            If those of other shards are not there.
        OutputError
            If a chunk cannot be kept; those that are stay.
        """
        work, before = QuestionWork(question, self.folder), self.state

        def watch(now: State) -> None:
            self.state = State(*(a + b for a, b in zip(_counts(before), _counts(now), strict=True)))
            self.watch(self.state)

        self.progress(0, work.chunks, work.unit)
        running = Running(work, work.order, self.executor, self.shard or Shard(), self.progress, watch)
        with contextlib.closing(running):
            running.finish()
        self.progress(work.chunks, work.chunks, "")
        found = work.found()
        if found is None:
            raise MissingChunksError
        return found


def _counts(state: State) -> tuple[int, int, int, int]:
    return state.chunks, state.kept, state.damaged, state.done


@dataclass(frozen=True)
class WorkAsked:
    """How the work of a question is asked to be done, by a command or a notebook.

    Parameters
    ----------
    folder : Path, optional
        Finished chunks are kept there; the same question goes on with them.
    executor : {"serial", "process", "dask"}, optional
        dask with a scheduler, by default; else what the question says. It does not affect results.
    workers : int, optional
        One per core by default.
    scheduler : str, optional
        Address of a Dask scheduler.
    shard : str, optional
        ``I/N``: do part I of N alone, in the folder.
    progress, watch : callable
        Told of each step; of the state after each chunk.
    """

    folder: Path | None = None
    executor: str | None = None
    workers: int | None = None
    scheduler: str | None = None
    shard: str | None = None
    progress: Progress = silent
    watch: Callable[[State], None] = lambda state: None

    @property
    def spread(self) -> bool:
        """Whether a folder or a number of workers is given, so that processes are worth their beginning."""
        return self.folder is not None or self.workers is not None

    @contextlib.contextmanager
    def execution(
        self, question: str, scenario: Scenario, asked: Mapping[str, Any], *, processes: bool = False
    ) -> Iterator[Execution]:
        """Yield who does the work.

        Parameters
        ----------
        question : str
            The command.
        scenario : Scenario
        asked : mapping
            All that decides the answer, as plain data: a folder that holds another question is refused.
        processes : bool
            Whether processes do the work where nothing is said of who does; else this process does, unless there is
            a folder or a number of workers.

        Raises
        ------
        UsageError
            For a scheduler with another executor than Dask's, or a shard without a folder.
        InputError
            If the folder holds another question.
        OutputError
            If the folder cannot be written.
        """
        folder, default = self.folder, "process" if processes or self.spread else "serial"
        chosen, _ = executor_asked(self.executor, self.workers, self.scheduler, READY, default=default)
        if self.shard is not None and folder is None:
            raise UsageError("a shard needs a folder that its chunks are kept in: --folder DIR")
        part = None if self.shard is None else Shard.parse(self.shard)
        with contextlib.ExitStack() as open_:
            if folder is not None:
                claim(writable_folder(folder), question_identity(question, scenario.name, scenario.sha256, asked))
            elif not isinstance(chosen, Serial):
                folder = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="hoplon-chunks-")))
            yield Execution(folder, open_.enter_context(contextlib.closing(chosen)), part, self.progress, self.watch)
