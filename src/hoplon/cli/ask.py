"""The command ask: one question of the study alone."""

from __future__ import annotations

import argparse

from hoplon import api
from hoplon.cli.options import add_folder, add_scenario
from hoplon.cli.output import note, print_json, refuse_file, say, shown_progress, table
from hoplon.cli.study import say_paths


def add_ask(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_scenario(command)
    command.add_argument(
        "question", metavar="QUESTION", help="its name or number; hoplon list SCENARIO questions shows them"
    )
    add_folder(
        command,
        "folder for answer.json, tables, figures and maps; coverages kept in the folder of a study are used again",
        required=False,
    )


def answer_ask(arguments: argparse.Namespace) -> int:
    """Answer one question; one that the scenario does not ask is a refusal."""
    scenario = api.load(arguments.scenario)
    folder = None if arguments.output is None else refuse_file(arguments.output)
    with shown_progress() as progress:
        answer = api.ask(scenario, arguments.question, folder=folder, progress=progress)
    for line in answer.notes:
        note(line)
    paths = {}
    if folder is not None:
        with shown_progress() as progress:
            paths = answer.write(folder, progress)
    if arguments.json:
        print_json({**answer.as_json(), **({"paths": paths} if paths else {})})
        return 0
    say(f"{answer.number}. {answer.title}" if answer.number else answer.title)
    say()
    for item in answer.findings:
        say(f"- {item.sentence}")
    if answer.tables:
        say()
        table(("table", "rows", "title"), [(item.name, len(item.rows), item.title) for item in answer.tables])
    if answer.commands:
        say()
        for line in answer.commands:
            say(line)
    if paths:
        say()
        say_paths(paths)
    return 0
