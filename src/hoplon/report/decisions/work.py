"""How the work of a question is asked to be done, from the arguments of the functions of :mod:`hoplon.api`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hoplon.progress import Progress, silent

if TYPE_CHECKING:
    from hoplon.campaigns.driver import State
    from hoplon.campaigns.execution import WorkAsked


def work_asked(
    folder: str | Path | None,
    executor: str | None,
    workers: int | None,
    scheduler: str | None,
    shard: str | None,
    progress: Progress | None,
    watch: Callable[[State], None],
) -> WorkAsked:
    """Return who is asked to do the work, and where it is kept."""
    from hoplon.campaigns.execution import WorkAsked

    kept = None if folder is None else Path(folder)
    return WorkAsked(kept, executor, workers, scheduler, shard, progress or silent, watch)
