"""The command study: the whole study of a scenario, into a folder."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from hoplon import api
from hoplon.cli.options import add_folder, add_scenario
from hoplon.cli.output import note, percent, print_json, refuse_file, say, shown_progress, table


def add_study(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_scenario(command)
    add_folder(command, "folder for the report and its tables")


def answer_study(arguments: argparse.Namespace) -> int:
    """Run the whole study into a folder."""
    scenario = api.load(arguments.scenario)
    folder = refuse_file(arguments.output)
    with shown_progress() as progress:
        found = api.study(scenario, folder, progress=progress)
    for line in found.notes:
        note(line)
    answer = found.as_json()
    if arguments.json:
        print_json({**api.provenance(scenario), **answer})
        return 0
    rows = [
        {key: percent(value) if "_share" in key else value for key, value in row.items()} for row in answer["headline"]
    ]
    table(tuple(rows[0]) if rows else ("no architecture",), [tuple(row.values()) for row in rows])
    say()
    say_paths(answer["paths"])
    return 0


def say_paths(paths: Mapping[str, str | Sequence[str]]) -> None:
    """Print what was written where."""
    for what, path in paths.items():
        say(f"{what}: {path if isinstance(path, str) else _files(path)}")


def _files(paths: Sequence[str]) -> str:
    folders = sorted({str(Path(path).parent) for path in paths})
    return f"{len(paths)} files in {', '.join(folders)}" if paths else "none"
