"""The command raid: Monte Carlo of a raid against an architecture."""

from __future__ import annotations

import argparse
from typing import Any

from hoplon import api
from hoplon.cli.options import add_decision, add_forms
from hoplon.cli.options import add_raid as add_named_raid
from hoplon.cli.output import cell, note, print_json, refuse_unwritable, say, shown_progress, table
from hoplon.cli.raid_options import add_command_and_control, add_level, add_losses, flown_of, network_of

_TITLES = {
    "leakage": "share of threats that leak",
    "p_no_leaker": "probability that none leaks",
    "shots_per_threat": "interceptors launched per threat",
    "shots_per_kill": "interceptors launched per kill",
    "inventory_left": "interceptors left",
    "leakers": "leakers",
    "threats_shot_at": "share of threats shot at",
    "duplicate_shots": "shots while another battery's were in flight",
    "wasted_shots": "shots that met nothing",
    "unsupported_shots": "shots that lost their track",
    "launch_slack_s": "slack from order to latest launch, s",
    "track_completeness": "share of flight time with a track at a node",
    "track_ambiguity": "tracks per tracked threat",
    "track_latency_s": "latency of a new track, s",
}


def add_raid(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_named_raid(command)
    command.add_argument("--replications", type=int, metavar="N", default=1000, help="how often it runs; default: 1000")
    add_losses(command)
    add_command_and_control(command)
    add_forms(command)
    add_decision(command)
    add_level(command)
    command.add_argument("--until-width", type=float, metavar="W", help="stop when the leakage is known to this width")
    command.add_argument(
        "--workers", type=int, metavar="N", default=1, help="number of threads; does not affect results; default: 1"
    )
    command.add_argument("--log", metavar="FILE.parquet", help="write the events of the first replication")


def answer_raid(arguments: argparse.Namespace) -> int:
    """Run a raid; one of which no missile can reach its aim is a refusal."""
    scenario = api.load(arguments.scenario)
    if arguments.log is not None:
        refuse_unwritable(arguments.log)
    conditions, links = network_of(arguments)
    with shown_progress() as progress:
        answer = api.raid(
            scenario,
            arguments.architecture,
            arguments.raid,
            replications=arguments.replications,
            seed=arguments.seed,
            lose=arguments.lose,
            c2=arguments.c2,
            doctrine=arguments.doctrine,
            decision_s=arguments.decision_s,
            level=arguments.level,
            bounds=not arguments.no_bounds,
            links=links,
            until_width=arguments.until_width,
            workers=arguments.workers,
            log=arguments.log,
            progress=progress,
            **conditions,
        )
    if arguments.log is not None:
        note(f"{answer.logged_events} events of the first replication written to {arguments.log}")
    if arguments.json:
        print_json({**api.provenance(scenario, arguments.seed), **answer.as_json()})
    else:
        _print(answer.as_json())
    return 0 if answer.reachable else 1


def _print(found: dict[str, Any]) -> None:
    for line in (*found["refused"], *found["notes"]):
        say(line)
    if not found["reachable"]:
        say("no missile of the raid reaches its aim: nothing to simulate")
        return
    say(
        f"{flown_of(found)}, {found['magazine']} interceptors, {found['c2']}, "
        f"{found['replications']} replications; mean (95 % interval of sampling)"
        + ("; [bounds of kill probability]" if "bounds" in found else "")
        + (f"; kill probability at its {found['level']} bounds" if found["level"] != "base" else "")
    )
    say()
    bounds = found.get("bounds", {})
    rows = []
    for name, title in _TITLES.items():
        estimate, ends = found[name], bounds.get(name)
        row = [title, cell(estimate["mean"]), f"({cell(estimate['low'])} to {cell(estimate['high'])})"]
        if bounds:
            row.append(f"[{cell(ends['low'])} to {cell(ends['high'])}]" if ends else "")
        rows.append(tuple(row))
    heads = ("measure", "mean", "95 % interval of sampling", "bounds of kill probability")
    table(heads[: 4 if bounds else 3], rows)
    say()
    perfect = found["perfect_command"]
    say(
        f"perfect command: {cell(perfect['leakage'])} leak if every shot is fired at once, no less than "
        f"{cell(perfect['leakage_with_looks'])} with looks; the simulated command lets through "
        f"{cell(perfect['gap']['mean'])} more than its doctrine must "
        f"({cell(perfect['gap']['low'])} to {cell(perfect['gap']['high'])})"
    )
    say("kill probabilities, sensing errors and delays are assumed: see `assumed` in --json")
