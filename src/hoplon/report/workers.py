"""A study's figures drawn on every core: each in one process, the same to the byte wherever; files written there."""

from __future__ import annotations

import contextlib
import os
import pickle
import re
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypeVar

import numpy as np

from hoplon.errors import OutputError
from hoplon.files import runs
from hoplon.presentation.picture import Picture
from hoplon.processes import beginning_processes, end_with_parent
from hoplon.questions.figure_process import begin_drawing_process, drawing_workers
from hoplon.questions.question import FigureSpec, Question
from hoplon.questions.study import Study

_Result = TypeVar("_Result")
_EXCHANGE: Final = re.compile(r"hoplon-(?P<host>.+)-(?P<process>[0-9]+)-[^-]+\Z")  # folders of what workers read

_opened: dict[Path, Any] = {}  # of a worker process: what it has read


class PictureDrawing:
    """Processes that draw a study's figures; a context that ends them.

    Parameters
    ----------
    workers : int, optional
        As many as there are cores by default, up to four. One draws in this process.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = drawing_workers() if workers is None else workers
        self._begun: list[tuple[str, FigureSpec, Future[Picture] | None]] = []
        self._study: Path | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._folder: Path | None = None

    def __enter__(self) -> PictureDrawing:
        """Return itself; what the processes need is imported meanwhile, and they start with the first figure."""
        if self._workers > 1:
            begin_drawing_process()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes; a figure that is not begun is not drawn."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def begin(self, study: Study, question: Question, answer: Any, figures: Sequence[FigureSpec]) -> None:
        """Begin the figures of a question in the background.

        Parameters
        ----------
        study : Study
            With every coverage that the study needs computed.
        question : Question
        answer : object
            Of the question.
        figures : sequence of FigureSpec
            Those of the question, in order.
        """
        if self._workers == 1:
            self._begun += [(question.name, figure, None) for figure in figures]
            return
        if not figures:
            return
        if self._folder is None:
            self._folder = _exchange()
        if self._pool is None:
            context = begin_drawing_process()
            self._pool = ProcessPoolExecutor(self._workers, context, end_with_parent, (self._folder,))
        if self._study is None:
            self._study = self._folder / "study"
            _write(study, self._study)
        path = self._folder / question.name
        _write(answer, path)
        with beginning_processes():  # each of the first figures begins a process
            for place, figure in enumerate(figures):
                future = self._submitted(_draw, self._study, path, question.name, place)
                self._begun.append((question.name, figure, future))

    def begin_file(
        self, name: str, write: Callable[[Study, Any, Path], Path], study: Study, content: Any
    ) -> Callable[[], bytes]:
        """Begin to write a file of the study in the background, after the figures that are begun.

        Parameters
        ----------
        name : str
            Of the file.
        write : callable
            Of a module; writes it from the study and other content.
        study : Study
        content : object

        Returns
        -------
        callable
            Waits for the file and returns what is in it.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        if self._folder is None:
            self._folder = _exchange()
        path = self._folder / name
        if self._pool is None or self._study is None:
            return lambda: write(study, content, path).read_bytes()
        read = path.with_suffix(".content")
        _write(content, read)
        written = self._submitted(_write_file, write, self._study, read, path)

        def result() -> bytes:
            try:
                return written.result().read_bytes()
            except BrokenProcessPool:
                raise _ended() from None

        return result

    def _submitted(self, function: Callable[..., _Result], *arguments: Any) -> Future[_Result]:
        assert self._pool is not None
        try:
            return self._pool.submit(function, *arguments)
        except BrokenProcessPool:
            raise _ended() from None

    def pictures(self) -> Iterator[tuple[int, int, str, str, Picture]]:
        """Yield every picture in the order begun: place, number of pictures, question, folder, picture.

        Raises
        ------
        OutputError
            If a process that draws was ended.
        """
        for place, (question, figure, future) in enumerate(self._begun, start=1):
            try:
                picture = figure.draw() if future is None else future.result()
            except BrokenProcessPool:
                raise _ended() from None
            if picture.name != figure.name:
                raise LookupError(f"{question}: the figure {figure.name} was drawn as {picture.name}")
            yield place, len(self._begun), question, figure.folder, picture


def _ended() -> OutputError:
    return OutputError("a process that draws figures was ended; too little memory? The same command goes on")


def _exchange() -> Path:
    """Make the folder of what the processes read, whose name tells this process; remove those left by others."""
    host = socket.gethostname()
    for entry in Path(tempfile.gettempdir()).glob("hoplon-*"):
        found = _EXCHANGE.match(entry.name)
        with contextlib.suppress(OSError):
            user = os.getuid() if hasattr(os, "getuid") else entry.lstat().st_uid  # Windows knows no numbers of users
            mine = found is not None and found["host"] == host and entry.lstat().st_uid == user
            if found is not None and mine and not runs(int(found["process"])):
                shutil.rmtree(entry, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"hoplon-{host}-{os.getpid()}-"))


def _write(content: object, path: Path) -> None:
    """Write an object so that processes share its arrays: a pickle, and beside it the arrays one after another."""
    buffers: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL, buffer_callback=buffers.append)
    sizes = []
    with path.with_suffix(".arrays").open("wb") as stream:
        for buffer in buffers:
            sizes.append(stream.write(buffer.raw()))
    path.write_bytes(pickle.dumps((sizes, pickled)))


def _read(path: Path) -> Any:
    """Read an object, its arrays mapped from the file and read-only."""
    sizes, content = pickle.loads(path.read_bytes())
    if not sum(sizes):
        return pickle.loads(content, buffers=[b""] * len(sizes))
    arrays = np.memmap(path.with_suffix(".arrays"), np.uint8, "r")
    ends = np.cumsum(sizes)
    parts = [arrays[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    return pickle.loads(content, buffers=parts)


def _once(path: Path, read: Callable[[], Any]) -> Any:
    if path not in _opened:
        _opened[path] = read()
    return _opened[path]


def _draw(study_path: Path, answer_path: Path, name: str, place: int) -> Picture:
    study = _once(study_path, lambda: _read(study_path))
    figures = _once(answer_path, lambda: Question(name).figures(study, _read(answer_path)))
    drawn: Picture = figures[place].draw()
    return drawn


def _write_file(write: Callable[[Study, Any, Path], Path], study_path: Path, content_path: Path, path: Path) -> Path:
    return write(_once(study_path, lambda: _read(study_path)), _read(content_path), path)
