"""The command attribute: what each site, element or owner contributes, and whose people it defends."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hoplon import api
from hoplon.cli.options import add_architecture, add_file, add_players, add_scope, scope_given
from hoplon.cli.output import (
    note,
    people,
    percent,
    print_json,
    refuse_output,
    refuse_unwritable,
    say,
    table,
    write_output,
)
from hoplon.cli.values import file_name, one_of, whole
from hoplon.cli.work import add_kept_work, kept_work, say_shard
from hoplon.files import write_text

_ABSENT = ("nothing", "predecessor")
_SUPPORTS = ("held", "predicted")
_MOST_PAIRS = 8
_MOST_NATIONS = 4


def add_attribute(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_architecture(command)
    add_scope(command)
    add_players(command)
    command.add_argument(
        "--absent",
        type=one_of(_ABSENT),
        metavar="WHAT",
        default="nothing",
        help="what stands for an absent element: nothing (default), or its predecessor, which it is an upgrade of",
    )
    command.add_argument(
        "--support", type=one_of(_SUPPORTS), metavar="RULE", help="held or predicted; default: the architecture's"
    )
    command.add_argument(
        "--orders", type=whole(2, 100_000), metavar="M", default=256, help="pairs sampled beyond 25 players"
    )
    command.add_argument("--seed", type=int, metavar="K", default=1, help="of the orders; default: 1")
    command.add_argument(
        "--points-out", type=file_name, metavar="FILE.csv", help="write each point with its pivotal player and shares"
    )
    add_kept_work(command)
    add_file(command)


def answer_attribute(arguments: argparse.Namespace) -> int:
    """Say who contributes what."""
    if arguments.points_out is not None:
        refuse_unwritable(arguments.points_out)
    refuse_output(arguments.output)
    scenario = api.load(arguments.scenario)
    with kept_work(arguments) as work:
        found: Any = api.attribute(
            scenario,
            arguments.architecture,
            **scope_given(arguments),
            players=arguments.players,
            with_satellites=arguments.with_satellites,
            absent=arguments.absent,
            support=arguments.support,
            orders=arguments.orders,
            seed=arguments.seed,
            **work.options,
        )
    if arguments.shard is not None:
        return say_shard(arguments, scenario, found, arguments.seed)
    for told in found.notes:
        note(told)
    answer = {**found.as_json(), **write_output(found, arguments.output)}
    if answer["total"] is None:
        note("nothing in scope is threatened: there is no value")
    if arguments.points_out is not None and found.places is not None:
        write_text(Path(arguments.points_out), found.places.csv_text())
        note(f"{arguments.points_out}: written")
    if arguments.json:
        print_json({**api.provenance(scenario, arguments.seed), **answer})
        return 0
    _print(scenario.name, answer)
    return 0


def _print(scenario: str, answer: Mapping[str, Any]) -> None:
    told = f"{len(answer['players'])} players add {percent(answer['total'])}, support {answer['support']}"
    say(f"{answer['architecture']} of {scenario}: {told}")
    rows = sorted(answer["players"], key=lambda row: -row["shapley"])
    table(
        ("player", "owner", "Shapley", "first in", "last in", "Owen", "serves most"),
        [
            (
                row["name"],
                row["owner"] or "-",
                _with_interval(row),
                percent(row["first_in"]),
                percent(row["last_in"]),
                percent(row["owen"]),
                _nations(row["by_nation"]),
            )
            for row in rows
        ],
    )
    pairs = sorted(answer["interactions"], key=lambda pair: -abs(pair["value"]))[:_MOST_PAIRS]
    if pairs:
        say()
        table(
            ("pair", "interaction", ""),
            [
                (
                    f"{pair['a']} : {pair['b']}",
                    percent(pair["value"]),
                    "need each other" if pair["value"] > 0.0 else "stand in for each other",
                )
                for pair in pairs
                if abs(pair["value"]) > 0.0
            ],
        )
    if answer["owners"]:
        say()
        table(("owner", "share"), [(owner, percent(value)) for owner, value in answer["owners"].items()])
    if len(answer["by_support"]) > 1:
        say()
        say("Shapley values by rule of support:")
        rules = answer["by_support"]
        names = [row["name"] for row in answer["players"]]
        columns = {rule: {row["name"]: row["shapley"] for row in rules[rule]} for rule in rules}
        table(
            ("player", *columns),
            [(name, *(percent(column[name]) for column in columns.values())) for name in names],
        )


def _with_interval(row: Mapping[str, Any]) -> str:
    if "shapley_low" not in row:
        return percent(row["shapley"])
    return f"{percent(row['shapley'])} ({percent(row['shapley_low'])} to {percent(row['shapley_high'])})"


def _nations(served: Mapping[str, float]) -> str:
    """Return the nations of which a player serves most people, with millions."""
    most = sorted(served.items(), key=lambda item: -item[1])[:_MOST_NATIONS]
    return ", ".join(f"{code} {people(amount)}" for code, amount in most if amount > 0.0) or "-"
