"""Long work: who does it, where its chunks are kept, and what is said when it is broken off."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hoplon import api
from hoplon.cli.options import add_work
from hoplon.cli.output import note, print_json, refuse_file, say, shown_progress
from hoplon.cli.values import file_name
from hoplon.errors import UsageError, is_interrupt


def add_kept_work(command: argparse.ArgumentParser, *, processes: bool = False) -> None:
    """Add where chunks are kept and who does them: --folder, --executor, --scheduler, --workers, --shard.

    Parameters
    ----------
    command : ArgumentParser
    processes : bool
        Whether processes do the work where nothing is said of who does.
    """
    command.add_argument(
        "--folder", type=file_name, metavar="DIR", help="keep finished chunks there; the same command goes on"
    )
    add_work(command, "process" if processes else "this process, with --folder or --workers process")


@dataclass
class Work:
    """Long work under way.

    Attributes
    ----------
    options : dict
        Arguments of the function that does it.
    state : State or None
        How far it is, once it has begun.
    """

    options: dict[str, Any]
    state: Any = field(default=None)


@contextlib.contextmanager
def long_work(arguments: argparse.Namespace, folder: Path | None) -> Iterator[Work]:
    """Yield work in chunks with its progress shown; broken off, it says what is whole in the folder.

    Raises
    ------
    UsageError
        For a scheduler with another executor than Dask's.
    """
    if arguments.scheduler and arguments.executor not in (None, "dask"):
        raise UsageError(f"--scheduler is Dask's; it does not go with --executor {arguments.executor}")
    work = Work({name: getattr(arguments, name) for name in ("executor", "workers", "scheduler", "shard")})

    def watch(now: Any) -> None:
        work.state = now

    try:
        with shown_progress() as progress:
            work.options |= {"progress": progress, "watch": watch}
            yield work
    except (KeyboardInterrupt, SystemError) as error:
        if is_interrupt(error) and work.state is not None and folder is not None:
            state = work.state
            note(f"{state.done} of {state.chunks} chunks are whole in {folder}; the same command resumes there")
        raise


@contextlib.contextmanager
def kept_work(arguments: argparse.Namespace) -> Iterator[Work]:
    """Yield long work whose chunks are kept where --folder says; damaged ones are told of at the end."""
    folder = None if arguments.folder is None else refuse_file(arguments.folder)
    with long_work(arguments, folder) as work:
        work.options["folder"] = folder
        yield work
    tell_damaged(work)


def tell_damaged(work: Work) -> None:
    """Say how many chunks were found damaged."""
    if work.state is not None and work.state.damaged:
        many = work.state.damaged > 1
        note(f"{work.state.damaged} damaged chunk{'s were' if many else ' was'} found and done again")


def say_shard(arguments: argparse.Namespace, scenario: Any, state: Any, seed: int | None = None) -> int:
    """Say how far a shard is."""
    if arguments.json:
        counts = {"shard": arguments.shard, "chunks": state.chunks, "chunks_done": state.done}
        print_json({**api.provenance(scenario, seed), **counts})
    else:
        say(f"shard {arguments.shard}: {state.done} chunks done; the same command without --shard goes on with them")
    return 0
