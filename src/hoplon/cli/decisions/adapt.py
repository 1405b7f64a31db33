"""The command adapt: what waiting with a plan costs, and what can be moved how fast after a surprise."""

from __future__ import annotations

import argparse
from typing import Final

from hoplon import api
from hoplon.cli.options import add_scenario, add_scope, scope_given
from hoplon.cli.output import cell, percent, print_json, say, shown_progress, table
from hoplon.cli.values import one_of, whole

_PACES: Final = ("slow", "base", "fast")


def add_adapt(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_scenario(command)
    command.add_argument(
        "--architecture",
        metavar="A",
        action="append",
        help="of the plan, in the order of their years; may be repeated; default: those of questions.Q15",
    )
    command.add_argument(
        "--wait-years", type=whole(0, 100), metavar="W", action="append", help="may be repeated; default: 0 to 5"
    )
    command.add_argument(
        "--pace",
        type=one_of(_PACES),
        metavar="{slow,base,fast}",
        action="append",
        help="classes begin late, as stated, or early, by their bounds; may be repeated; default: each",
    )
    command.add_argument(
        "--surprise", metavar="NAME", action="append", help="of adapt.surprises; may be repeated; default: each"
    )
    command.add_argument(
        "--moves", type=whole(0, 1000), metavar="M", default=2, help="most moves of a response; default: 2"
    )
    add_scope(command)


def answer_adapt(arguments: argparse.Namespace) -> int:
    """Say what waiting costs and saves, and the best response to each surprise by days."""
    scenario = api.load(arguments.scenario)
    with shown_progress() as progress:
        answer = api.adapt(
            scenario,
            arguments.architecture,
            wait_years=arguments.wait_years,
            paces=arguments.pace,
            surprises=arguments.surprise,
            moves=arguments.moves,
            **scope_given(arguments),
            progress=progress,
        )
    if arguments.json:
        print_json({**api.provenance(scenario), **answer.as_json()})
        return 0
    say(answer.line())
    heads = ("surprise", "pace", "wait", "exposure", "regret (million person-years)", "saving, M USD", "USD each")
    table(
        heads,
        [
            (
                item.surprise or "none",
                item.pace,
                item.wait_years,
                *(
                    cell(amount)
                    for amount in (
                        item.exposure_million_person_years,
                        item.regret_million_person_years,
                        item.saving_musd,
                        item.usd_per_person_year,
                    )
                ),
            )
            for item in answer.waiting
        ],
    )
    if answer.response:
        say()
        table(
            ("surprise", "pace", "days", "defended", "moves", "M USD"),
            [
                (item.surprise, item.pace, item.days, percent(item.value), ", ".join(item.moves), cell(item.cost_musd))
                for item in answer.response
            ],
        )
    return 0
