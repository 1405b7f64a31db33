"""The command threat: who is within whose reach."""

from __future__ import annotations

import argparse

from hoplon import api
from hoplon.cli.options import add_scenario, add_year
from hoplon.cli.output import note, print_json, say, table


def add_threat(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_scenario(command)
    add_year(command)


def answer_threat(arguments: argparse.Namespace) -> int:
    """Say who is within whose reach, with flight and warning times."""
    scenario = api.load(arguments.scenario)
    answer = api.threat(scenario, year=arguments.year)
    for told in answer.notes:
        note(told)
    if arguments.json:
        print_json({**api.provenance(scenario), **answer.as_json()})
        return 0
    if not answer.rows():
        say(answer.line())
        return 0
    heads = ("nation", "threat", "first_year", "flight_time_s", "warning_s")
    table(heads, [tuple(row[head] for head in heads) for row in answer.rows()])
    return 0
