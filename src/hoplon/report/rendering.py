"""A study's pictures drawn on every core: each in one process, the same to the byte wherever it is drawn."""

from __future__ import annotations

import copyreg
import multiprocessing
import os
import pickle
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from hoplon.report.drawing import Picture
from hoplon.report.pictures import Draw, study_pictures
from hoplon.study.study import StudyResults

_MOST_WORKERS: Final = 4  # a worker holds its own copy of the results

_pictures: list[tuple[str, Draw]] = []  # of a worker process


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _reduced(mapping: MappingProxyType[Any, Any]) -> tuple[Any, tuple[dict[Any, Any]]]:
    return _read_only, (dict(mapping),)


copyreg.pickle(MappingProxyType, _reduced)  # the records of a scenario hold read-only mappings


def drawn_pictures(results: StudyResults, workers: int | None = None) -> Iterator[tuple[int, int, str, Picture]]:
    """Yield a study's pictures in the order of the page: place, number of pictures, folder, picture.

    Parameters
    ----------
    results : StudyResults
    workers : int, optional
        Processes that draw; as many as there are cores by default, up to four. One draws in this process.
    """
    workers = min(_MOST_WORKERS, os.cpu_count() or 1) if workers is None else workers
    if workers <= 1:
        pictures = study_pictures(results)
        for place, (kind, draw) in enumerate(pictures, start=1):
            shown = draw()
            if shown is not None:
                yield place, len(pictures), kind, shown
        return
    with tempfile.TemporaryDirectory(prefix="hoplon-") as folder:
        path = Path(folder) / "results"
        with path.open("wb") as stream:
            pickle.dump(results, stream, protocol=pickle.HIGHEST_PROTOCOL)
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _open_results, (path,))
        try:
            kinds = [kind for kind, _ in study_pictures(results)]
            for place, (kind, shown) in enumerate(zip(kinds, pool.map(_draw, range(len(kinds))), strict=True), start=1):
                if shown is not None:
                    yield place, len(kinds), kind, shown
        finally:
            pool.shutdown(cancel_futures=True)


def _open_results(path: Path) -> None:
    """Prepare a worker; an interrupt is the main process's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with path.open("rb") as stream:
        _pictures[:] = study_pictures(pickle.load(stream))


def _draw(place: int) -> Picture | None:
    return _pictures[place][1]()
