"""The command survive: what an architecture still defends after the loss of any of its sites."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from hoplon import api
from hoplon.cli.options import add_architecture, add_file, add_players, add_scope, scope_given
from hoplon.cli.output import note, percent, print_json, refuse_output, say, table, write_output
from hoplon.cli.values import number, whole
from hoplon.cli.work import add_kept_work, kept_work, say_shard

_MOST_SHOWN = 3  # names of players in one cell


def add_survive(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_architecture(command)
    add_scope(command)
    add_players(command)
    command.add_argument(
        "--most-losses", type=whole(0, 1000), metavar="R", help="of so many players at most; default: all, 3 beyond 20"
    )
    command.add_argument(
        "--uncovered-share",
        type=number(0, 1, "(a share)"),
        metavar="X",
        default=0.5,
        help="a nation with a smaller share is uncovered; default: 0.5",
    )
    command.add_argument("--seed", type=int, metavar="K", default=1, help="of sampled losses, beyond 20 players")
    add_kept_work(command)
    add_file(command)


def answer_survive(arguments: argparse.Namespace) -> int:
    """Say what is left after losses."""
    refuse_output(arguments.output)
    scenario = api.load(arguments.scenario)
    with kept_work(arguments) as work:
        found: Any = api.survive(
            scenario,
            arguments.architecture,
            **scope_given(arguments),
            players=arguments.players,
            with_satellites=arguments.with_satellites,
            most_losses=arguments.most_losses,
            uncovered_share=arguments.uncovered_share,
            seed=arguments.seed,
            **work.options,
        )
    if arguments.shard is not None:
        return say_shard(arguments, scenario, found, arguments.seed)
    for told in found.notes:
        note(told)
    answer = {**found.as_json(), **write_output(found, arguments.output)}
    if answer["value_whole"] is None:
        note("nothing in scope is threatened: there is no value")
    if arguments.json:
        print_json({**api.provenance(scenario, arguments.seed), **answer})
        return 0
    say(f"{answer['architecture']} of {scenario.name}: {len(answer['players'])} players, {arguments.value} defended")
    _print(answer, arguments.uncovered_share)
    return 0


def _print(answer: Mapping[str, Any], uncovered_share: float) -> None:
    table(
        ("lost", "sets", "worst", "of which", "ties", "mean", "best", "located attack"),
        [
            (
                row["losses"],
                row["subsets"],
                "-" if row["worst"] is None else percent(row["worst"]["value"]),
                "-" if row["worst"] is None else _few(row["worst"]["lost"]),
                "-" if row["worst"] is None else row["worst"]["ties"],
                _mean(row["mean"]),
                "-" if row["best"] is None else percent(row["best"]["value"]),
                "-" if row["located"] is None else percent(row["located"]["value"]),
            )
            for row in answer["by_losses"]
        ],
    )
    if answer["single"]:
        say()
        table(
            ("player lost alone", "left", "loss"),
            [(row["name"], percent(row["value"]), percent(row["loss"])) for row in answer["single"]],
        )
    available = answer["available"]
    if available is not None:
        say()
        ends = f"5 to 95 %: {percent(available['p05'])} to {percent(available['p95'])}"
        say(f"as available: {percent(available['value'])} expected, {ends}")
    if answer["cut_sets"]:
        say()
        say(f"losses of at most three that bring a nation below {percent(uncovered_share)}:")
        table(
            ("nation", "losses", "smallest"),
            [(code, len(sets), "-" if not sets else " + ".join(sets[0])) for code, sets in answer["cut_sets"].items()],
        )
    for entry in answer["left_out"]:
        note(f"{entry['name']}: {entry['reason']}")


def _mean(mean: Any) -> str:
    if isinstance(mean, Mapping):
        return f"{percent(mean['mean'])} ({percent(mean['low'])} to {percent(mean['high'])})"
    return percent(mean)


def _few(names: list[str]) -> str:
    """Return names, the first few where there are many."""
    shown = ", ".join(names[:_MOST_SHOWN])
    return f"{shown}, and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else shown
