"""The kernels of raids, compiled on another core while a study computes its coverages: on a new machine alone."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, Final

from hoplon.compiled import first_compilation
from hoplon.processes import begin_forking, beginning_processes, end_with_parent

if TYPE_CHECKING:
    from hoplon.progress import Progress
    from hoplon.scenario.model import Scenario

_SAID: Final = "compiling for this machine, once; "


@contextlib.contextmanager
def compiling_beside(scenario: Scenario) -> Iterator[BaseProcess | None]:
    """Yield a process that compiles what raids need, and end it; None where that is done, or of no use.

    Parameters
    ----------
    scenario : Scenario
        One without raids needs nothing of it.
    """
    if not (first_compilation() and scenario.raids) or (os.cpu_count() or 1) < 2:
        yield None
        return
    context: Any = begin_forking()
    process: BaseProcess = context.Process(target=_compile_raids, daemon=True)
    with beginning_processes():
        process.start()
    try:
        yield process
    finally:
        process.terminate()
        process.join()


def said(progress: Progress) -> Progress:
    """Return a progress that says so while kernels are compiled: nothing moves for a minute."""

    def tell(done: int, total: int, text: str) -> None:
        progress(done, total, f"{_SAID}{text}")

    return tell


def _compile_raids() -> None:
    """Run a raid of the small bundled scenario once; its kernels are kept, whatever comes of it."""
    end_with_parent()
    from hoplon.report.raids import raid

    with contextlib.suppress(Exception):  # the study compiles what is missing, and says what is wrong
        raid("toy", "fast-remote", "four", replications=1, bounds=False)
