"""The process that those which draw a study's figures are forked from: it imports while this one imports as much."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from hoplon import questions
from hoplon.processes import begin_forking

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

_MOST_WORKERS: Final = 4
_MODULES: Final = tuple(f"{questions.__name__}.{name}.figures" for name in questions.ORDER)


def drawing_workers() -> int:
    """Return how many processes draw: as many as there are cores, up to four; with one nothing is begun."""
    return min(_MOST_WORKERS, os.cpu_count() or 1)


def begin_drawing_process() -> ForkServerContext | SpawnContext:
    """Begin the process, unless it is there, and return the context whose processes are its forks."""
    return begin_forking(*_MODULES)
