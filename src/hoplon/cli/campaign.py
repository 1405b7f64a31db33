"""The command campaign: a plan of many raids, in chunks, on as many workers as there are."""

from __future__ import annotations

import argparse
from typing import Any

from hoplon import api
from hoplon.cli.options import add_folder, add_scenario, add_work
from hoplon.cli.output import cell, note, print_json, refuse_file, say, table
from hoplon.cli.raid_options import flown_of
from hoplon.cli.values import file_name
from hoplon.cli.work import long_work, tell_damaged

_SHOWN = ("leakage", "p_no_leaker", "shots_per_kill", "inventory_left")
_MOST_SHOWN = 40


def add_campaign(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_scenario(command)
    command.add_argument(
        "--plan", type=file_name, metavar="FILE", required=True, help="what is varied, and how often each runs (YAML)"
    )
    add_folder(command, "folder of the chunks; an existing campaign is resumed")
    add_work(command)
    command.add_argument("--yes", action="store_true", help="run a plan that will take long")


def answer_campaign(arguments: argparse.Namespace) -> int:
    """Run what is left of a campaign, and add it up when nothing is."""
    folder = refuse_file(arguments.output)
    scenario = api.load(arguments.scenario)
    with long_work(arguments, folder) as work:
        answer = api.campaign(scenario, arguments.plan, folder, agreed=arguments.yes, note=note, **work.options)
    tell_damaged(work)
    if arguments.json:
        print_json({**api.provenance(scenario, answer.plan.seed), **answer.as_json()})
    else:
        _print(answer.as_json())
    return 0


def _print(found: dict[str, Any]) -> None:
    if found["digest"] is None:
        say(f"shard {found['shard']}: {found['chunks_done']} chunks done; the same command without --shard adds up")
        return
    names = [name for name in found["cells"][0] if not isinstance(found["cells"][0][name], dict)]
    names = [name for name in names if len({str(row[name]) for row in found["cells"]}) > 1]
    names = [name for name in names if name != "groups_left_out"]  # said below the table
    rows = [
        (*(row[name] for name in names), *(_interval(row[name]) for name in _SHOWN))
        for row in found["cells"][:_MOST_SHOWN]
    ]
    table((*names, *_SHOWN), rows)
    if found["cells_in_all"] > _MOST_SHOWN:
        say(f"... and {found['cells_in_all'] - _MOST_SHOWN} more cells")
    _say_flown(found["raids_flown"])
    say()
    say(f"{found['replications']} replications per cell, 95 % intervals; digest {found['digest']}")
    for file in found["files"]:
        say(file)


def _say_flown(raids: list[dict[str, Any]]) -> None:
    """Say which groups of a raid do not fly against an architecture, and that what leaks then is of different raids."""
    left_out = [raid for raid in raids if raid["groups_left_out"]]
    if left_out:
        say()
    for raid in left_out:
        reasons = "; ".join(raid["groups_left_out"])
        say(f"{raid['architecture']}, {raid['raid']}: {flown_of(raid)} fly: {reasons}")
    for name in dict.fromkeys(raid["raid"] for raid in left_out):
        if len({(raid["threats"], *raid["groups_left_out"]) for raid in raids if raid["raid"] == name}) > 1:
            say(f"{name}: architectures face different missiles, so that their leakage does not compare them")


def _interval(estimate: dict[str, float | None]) -> str:
    if estimate["mean"] is None:
        return "-"
    return f"{cell(estimate['mean'])} ({cell(estimate['low'])} to {cell(estimate['high'])})"
