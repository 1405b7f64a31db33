"""The command raid: Monte Carlo of a raid against an architecture."""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoplon.cli.output import cell, note, print_json, provenance, refuse_unwritable, say, table
from hoplon.cli.raid_options import add_command_and_control, add_losses, network_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hoplon.cli.arguments import Parser

_TITLES = {
    "leakage": "share of threats that leak",
    "p_no_leaker": "probability that none leaks",
    "shots_per_threat": "interceptors launched a threat",
    "shots_per_kill": "interceptors launched a kill",
    "inventory_left": "interceptors left",
    "leakers": "leakers",
    "threats_shot_at": "share of threats shot at",
    "duplicate_shots": "shots while another battery's were in flight",
    "wasted_shots": "shots that met nothing",
    "unsupported_shots": "shots that lost their track",
    "launch_slack_s": "slack from order to latest launch, s",
    "track_completeness": "share of flight time in a picture",
    "track_ambiguity": "tracks a tracked threat",
    "track_latency_s": "latency of a new track, s",
}


def register(add: Callable[[str, str, str], Parser]) -> None:
    """Add the command with its options.

    Parameters
    ----------
    add : callable
        Adds a command by name, module and summary, and returns its parser.
    """
    command = add("raid", "raid", "what leaks of a raid, and what it costs in interceptors: Monte Carlo")
    command.add_argument("scenario", metavar="SCENARIO", help="a scenario file, or the name of a bundled scenario")
    command.add_argument("--architecture", metavar="A", required=True, help="an architecture of the scenario")
    command.add_argument("--raid", metavar="R", required=True, help="a raid of the scenario")
    command.add_argument("--replications", type=int, metavar="N", default=1000, help="default: 1000")
    command.add_argument("--seed", type=int, metavar="K", default=1, help="default: 1")
    add_losses(command)
    add_command_and_control(command)
    command.add_argument(
        "--doctrine", metavar="D", help="single, salvo-N, shoot-look-shoot, salvo-look-salvo; default: the scenario's"
    )
    command.add_argument("--c2", metavar="FORM", help="organic, hub, hub_hot, hub_cold, regional or mesh")
    command.add_argument("--decision-s", type=float, metavar="S", help="time to decide in place of the scenario's")
    command.add_argument("--until-width", type=float, metavar="W", help="stop when the leakage is known to this width")
    command.add_argument("--workers", type=int, metavar="N", default=1, help="threads; the digits stay the same")
    command.add_argument("--log", metavar="FILE.parquet", help="write the events of the first replication")


def answer_raid(arguments: argparse.Namespace) -> int:
    """Run a raid; one of which no missile can reach its aim is a refusal."""
    from hoplon.scenario.load import load_scenario

    scenario = load_scenario(arguments.scenario)
    if arguments.log is not None:
        refuse_unwritable(arguments.log)
    from hoplon.analysis.raid import setup as study
    from hoplon.analysis.raid.perfect_command import perfect_command
    from hoplon.backbone.doctrine import Conditions
    from hoplon.progress import progress_bar, silent

    whole, links = network_of(arguments)
    setup = study.set_up(
        scenario,
        arguments.architecture,
        arguments.raid,
        losses=arguments.lose,
        doctrine=arguments.doctrine,
        c2=arguments.c2,
        decision_s=arguments.decision_s,
        conditions=Conditions(**whole),
        links=links,
    )
    with progress_bar() if arguments.replications > study.BLOCK else nullcontext(silent) as progress:
        answer = study.raid(
            setup,
            arguments.replications,
            arguments.seed,
            workers=max(1, arguments.workers),
            until_width=arguments.until_width,
            progress=progress,
        )
    if arguments.log is not None:
        written = study.write_log(setup, arguments.seed, Path(arguments.log))
        note(f"{written} events of the first replication written to {arguments.log}")
    perfect = perfect_command(setup, answer.estimates["leakage"]) if answer.estimates else None
    found = {**answer.as_json(), "perfect_command": None if perfect is None else perfect.as_json()}
    if arguments.json:
        print_json({**provenance(scenario, arguments.seed), **found})
    else:
        _print(found)
    return 0 if answer.threats else 1


def _print(found: dict[str, Any]) -> None:
    for line in (*found["refused"], *found["notes"]):
        say(line)
    if not found["reachable"]:
        say("no missile of the raid reaches its aim: nothing to simulate")
        return
    say(
        f"{found['threats']} missiles, {found['magazine']} interceptors, {found['c2']}, "
        f"{found['replications']} replications; 95 % intervals"
    )
    say()
    rows = []
    for name, title in _TITLES.items():
        estimate = found[name]
        rows.append((title, cell(estimate["mean"]), cell(estimate["low"]), cell(estimate["high"])))
    table(("measure", "mean", "low", "high"), rows)
    say()
    perfect = found["perfect_command"]
    say(
        f"perfect command: {cell(perfect['leakage'])} leak if every shot is fired at once, no less than "
        f"{cell(perfect['leakage_with_looks'])} with looks; the simulated command lets through "
        f"{cell(perfect['gap']['mean'])} more than its doctrine must "
        f"({cell(perfect['gap']['low'])} to {cell(perfect['gap']['high'])})"
    )
    say("kill probabilities, sensing errors and delays are assumed: see `assumed` in --json")
