"""A study's pictures drawn on every core: each in one process, the same to the byte wherever it is drawn."""

from __future__ import annotations

import copyreg
import multiprocessing
import os
import pickle
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final

import numpy as np

from hoplon.presentation.picture import Picture
from hoplon.processes import without_interrupts
from hoplon.questions.pictures import Sheet, study_pictures
from hoplon.questions.study import StudyResults

_MOST_WORKERS: Final = 4

_opened: dict[Path, list[Sheet]] = {}  # of a worker process: the results it draws from


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _reduced(mapping: MappingProxyType[Any, Any]) -> tuple[Any, tuple[dict[Any, Any]]]:
    return _read_only, (dict(mapping),)


copyreg.pickle(MappingProxyType, _reduced)  # the records of a scenario hold read-only mappings


class PictureDrawing:
    """Processes that draw a study's pictures; a context that ends them.

    Parameters
    ----------
    workers : int, optional
        As many as there are cores by default, up to four. One draws in this process.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = min(_MOST_WORKERS, os.cpu_count() or 1) if workers is None else workers
        self._begun: list[Future[Picture | None]] = []
        self._written = 0
        self._pool: ProcessPoolExecutor | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="hoplon-")

    def __enter__(self) -> PictureDrawing:
        """Return itself; processes start with the first picture."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes; a picture that is not begun is not drawn."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        self._folder.cleanup()

    def begin(self, results: StudyResults) -> None:
        """Begin, in the background, the pictures that need nothing of :func:`hoplon.questions.study.with_details`."""
        if self._workers > 1:
            self._begun = self._submitted(results, [sheet.early for sheet in study_pictures(results)])

    def pictures(self, results: StudyResults) -> Iterator[tuple[int, int, str, Picture]]:
        """Yield every picture in the order of the page: place, number of pictures, folder, picture.

        Parameters
        ----------
        results : StudyResults
            With details; of the coverages that were given to :meth:`begin`, if anything was.
        """
        sheets = study_pictures(results)
        begun = [bool(self._begun) and sheet.early for sheet in sheets]
        rest = self._submitted(results, [not early for early in begun]) if self._workers > 1 else []
        early, late = iter(self._begun), iter(rest)
        for place, (sheet, known) in enumerate(zip(sheets, begun, strict=True), start=1):
            shown = next(early if known else late).result() if self._workers > 1 else sheet.draw()
            if shown is not None:
                yield place, len(sheets), sheet.folder, shown

    def _submitted(self, results: StudyResults, wanted: list[bool]) -> list[Future[Picture | None]]:
        """Hand the wanted pictures to the processes."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._workers, context)
        path = Path(self._folder.name) / f"results-{self._written}"
        self._written += 1
        _write(results, path)
        with without_interrupts():  # the first picture begins the processes
            return [self._pool.submit(_draw, path, place) for place, asked in enumerate(wanted) if asked]


def _write(results: StudyResults, path: Path) -> None:
    """Write results so that processes share their arrays: a pickle, and beside it the arrays one after another."""
    buffers: list[pickle.PickleBuffer] = []
    content = pickle.dumps(results, protocol=pickle.HIGHEST_PROTOCOL, buffer_callback=buffers.append)
    sizes = []
    with path.with_suffix(".arrays").open("wb") as stream:
        for buffer in buffers:
            sizes.append(stream.write(buffer.raw()))
    path.write_bytes(pickle.dumps((sizes, content)))


def _read(path: Path) -> StudyResults:
    """Read results, their arrays mapped from the file and read-only."""
    sizes, content = pickle.loads(path.read_bytes())
    arrays = np.memmap(path.with_suffix(".arrays"), np.uint8, "r")
    ends = np.cumsum(sizes)
    parts = [arrays[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    results: StudyResults = pickle.loads(content, buffers=parts)
    return results


def _draw(path: Path, place: int) -> Picture | None:
    if path not in _opened:
        _opened.clear()
        _opened[path] = study_pictures(_read(path))
    return _opened[path][place].draw()
