"""The command campaign: a plan of many raids, in chunks, on as many workers as there are."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoplon.cli.output import cell, note, print_json, provenance, say, table
from hoplon.cli.values import file_name
from hoplon.errors import OutputError, UsageError
from hoplon.processes import without_collections

if TYPE_CHECKING:
    from collections.abc import Callable

    from hoplon.campaign.executors import Executor
    from hoplon.cli.arguments import Parser
    from hoplon.scenario.model import Scenario

_SHOWN = ("leakage", "p_no_leaker", "shots_per_kill", "inventory_left")
_MOST_SHOWN = 40


def register(command: Callable[[str, str, str], Parser]) -> None:
    """Add the command and its options; ``command`` takes a name, a module and a summary, and returns a parser."""
    parser = command("campaign", "campaign", "a plan of many raids, in chunks, on as many workers as there are")
    parser.set_defaults(run=lambda: answer_campaign)
    parser.add_argument("scenario", metavar="SCENARIO", help="a scenario file, or the name of a bundled scenario")
    parser.add_argument(
        "--plan", type=file_name, metavar="FILE", required=True, help="what is varied, and how often each runs (YAML)"
    )
    parser.add_argument(
        "-o", "--output", type=file_name, metavar="DIR", required=True,
        help="folder of the chunks; one that was begun is gone on with",
    )  # fmt: skip
    parser.add_argument(
        "--executor", choices=("serial", "process", "dask"), help="default: process; with --scheduler: dask"
    )
    parser.add_argument("--scheduler", type=_scheduler, metavar="ADDRESS", help="a Dask scheduler, tcp://host:8786")
    parser.add_argument("--workers", type=_count, metavar="N", help="default: one a core")
    parser.add_argument("--shard", metavar="I/N", help="do only part I of N, and add nothing up: for batch systems")
    parser.add_argument("--yes", action="store_true", help="run a plan that will take long")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 4096:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to 4096 was expected, got {text[:40]}")
    return int(text)


def _scheduler(text: str) -> str:
    found = re.fullmatch(r"(?:(?:tcp|tls|ws|wss|ucx)://)?[^\s/]+:([0-9]{1,5})", text)
    if found is None or int(found[1]) > 65_535:
        raise argparse.ArgumentTypeError(f"the address of a scheduler, tcp://host:8786, was expected, got {text[:60]}")
    return text


def answer_campaign(arguments: argparse.Namespace) -> int:
    """Run what is left of a campaign, and add it up when nothing is."""
    executor_name = arguments.executor or ("dask" if arguments.scheduler else "process")
    if arguments.scheduler and executor_name != "dask":
        raise UsageError(f"--scheduler is Dask's; it does not go with --executor {executor_name}")
    folder = Path(arguments.output)
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file; a folder was expected")
    from hoplon.campaign.executors import executor_named
    from hoplon.scenario.load import load_scenario

    scenario = load_scenario(arguments.scenario)
    workers = 1 if executor_name == "serial" else arguments.workers or os.cpu_count() or 1
    executor = executor_named(executor_name, workers, arguments.scheduler)
    begun = (folder / "campaign.json").exists()
    with contextlib.closing(executor):
        if not begun:
            executor.begin()  # while this process imports what it needs, and lays the first cell out
        return _answer(arguments, scenario, folder, begun, executor, workers)


def _answer(
    arguments: argparse.Namespace, scenario: Scenario, folder: Path, begun: bool, executor: Executor, workers: int
) -> int:
    with without_collections():
        from hoplon.analysis.raid import campaign as study
        from hoplon.campaign.driver import Shard, State
        from hoplon.progress import progress_bar

    shard = None if arguments.shard is None else Shard.parse(arguments.shard)
    plan = study.plan_for(scenario, arguments.plan)
    state = State(plan.chunks)

    def watch(now: State) -> None:
        nonlocal state
        state = now

    unbegun = study.ChunkTask.of(scenario, plan, folder)
    cost = None if begun else study.refuse_costly(unbegun, workers, arguments.yes)
    if cost is not None:
        note(str(cost))
    task = study.begin(unbegun)
    try:
        with progress_bar() as progress:
            answer = study.campaign(task, executor, shard=shard, progress=progress, watch=watch)
    except KeyboardInterrupt:
        note(f"{state.done} of {state.chunks} chunks are whole in {folder}; the same command goes on from there")
        raise
    if state.damaged:
        many = state.damaged > 1
        note(f"{state.damaged} damaged chunk{'s were' if many else ' was'} found and done again")
    found = answer.as_json()
    if arguments.json:
        print_json({**provenance(scenario, plan.seed), **found})
    else:
        _print(found)
    return 0


def _print(found: dict[str, Any]) -> None:
    if found["digest"] is None:
        say(f"shard {found['shard']}: {found['chunks_done']} chunks done; the same command without --shard adds up")
        return
    names = [name for name in found["cells"][0] if not isinstance(found["cells"][0][name], dict)]
    names = [name for name in names if len({str(row[name]) for row in found["cells"]}) > 1]
    rows = [
        (*(row[name] for name in names), *(_interval(row[name]) for name in _SHOWN))
        for row in found["cells"][:_MOST_SHOWN]
    ]
    table((*names, *_SHOWN), rows)
    if found["cells_in_all"] > _MOST_SHOWN:
        say(f"... and {found['cells_in_all'] - _MOST_SHOWN} more cells")
    say()
    say(f"{found['replications']} replications a cell, 95 % intervals; digest {found['digest']}")
    for file in found["files"]:
        say(file)


def _interval(estimate: dict[str, float | None]) -> str:
    if estimate["mean"] is None:
        return "-"
    return f"{cell(estimate['mean'])} ({cell(estimate['low'])} to {cell(estimate['high'])})"
