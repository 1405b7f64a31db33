"""The command threat: who is within whose reach."""

from __future__ import annotations

import argparse
from typing import Final

from hoplon import api
from hoplon.cli.options import add_file, add_scenario, add_year
from hoplon.cli.output import note, people, print_json, refuse_output, say, table, write_output
from hoplon.cli.values import file_name, one_of

PACES: Final = ("slow", "base", "fast")


def add_threat(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_scenario(command)
    add_year(command)
    add_file(command)
    command.add_argument("--threat", metavar="T", action="append", help="only this class; may be repeated")
    command.add_argument("--from", dest="area", metavar="AREA", action="append", help="only this launch area")
    command.add_argument(
        "--points", type=file_name, metavar="FILE.csv", help="these points: lat, lon [, name, population, nation]"
    )
    command.add_argument(
        "--pace",
        type=one_of(PACES),
        metavar="{slow,base,fast}",
        action="append",
        help="classes begin late, as stated, or early, by their bounds; may be repeated; default: each",
    )


def answer_threat(arguments: argparse.Namespace) -> int:
    """Say who is within whose reach, with flight and warning times."""
    refuse_output(arguments.output)
    scenario = api.load(arguments.scenario)
    answer = api.threat(
        scenario,
        year=arguments.year,
        threats=arguments.threat,
        areas=arguments.area,
        points=arguments.points,
        paces=arguments.pace,
    )
    for told in answer.notes:
        note(told)
    written = write_output(answer, arguments.output)
    if arguments.json:
        print_json({**api.provenance(scenario), **answer.as_json(), **written})
        return 0
    if not answer.rows():
        say(answer.line())
        return 0
    heads = ("nation", "threat", "first_year", "flight_time_s", "warning_s")
    table(heads, [tuple(row[head] for head in heads) for row in answer.rows()])
    paces = list(answer.growth)
    years = list(zip(*(answer.growth[pace].years for pace in paces), strict=True))
    if years:
        say()
        table(
            ("year", *(f"{pace}: nations, people in reach (million)" for pace in paces)),
            [
                (row[0].year, *(f"{item.nations_in_reach}, {people(item.population_in_reach)}" for item in row))
                for row in years
            ],
        )
    return 0
