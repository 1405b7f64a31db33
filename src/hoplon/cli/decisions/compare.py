"""The command compare: two architectures of a scenario, or two folders of studies, side by side."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from hoplon import api
from hoplon.cli.options import add_folder, add_scope
from hoplon.cli.output import percent, print_json, refuse_file, say, shown_progress, table
from hoplon.cli.study import say_paths
from hoplon.cli.values import file_name, whole
from hoplon.errors import InputError, UsageError

_SCOPE: Final = ("threat", "area", "points", "level", "value", "subset", "samples")
_MOST_SHOWN = 12  # inputs, or numbers that moved, that a person is shown


def add_compare(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    command.add_argument(
        "compared",
        metavar="SCENARIO A B | STUDY STUDY",
        nargs="+",
        type=file_name,
        help="a scenario and two of its architectures, or the folders of two studies",
    )
    add_scope(command)
    command.set_defaults(level=None, value=None)  # told apart from those that were given
    command.add_argument("--samples", type=whole(1, 100_000), metavar="N", help="samples of the costs; default: 1000")
    add_folder(command, "folder for comparison.html, comparison.json, the map and the tables", required=False)


def answer_compare(arguments: argparse.Namespace) -> int:
    """Compare two architectures, or two studies."""
    given = arguments.compared
    folder = None if arguments.output is None else refuse_file(arguments.output)
    if len(given) == 3:
        return _architectures(arguments, given, folder)
    if len(given) == 2:
        _refuse_scope(arguments)
        found = api.compare_studies(*given)
        paths = {} if folder is None else found.write(folder)
        if arguments.json:
            print_json({**api.provenance(), **found.as_json(), **({"paths": paths} if paths else {})})
            return 0
        for sentence in found.sentences():
            say(f"- {sentence}")
        _inputs(found.as_json()["inputs"])
        _say_paths(paths)
        return 0
    raise InputError(
        f"compare: a scenario and two of its architectures, or the folders of two studies, were expected; got "
        f"{len(given)} names"
    )


def _refuse_scope(arguments: argparse.Namespace) -> None:
    """Refuse, of two studies, the options of two architectures: a study has counted what it has counted."""
    given = [f"--{'from' if name == 'area' else name}" for name in _SCOPE if getattr(arguments, name) is not None]
    if given:
        raise UsageError(
            f"hoplon compare: {', '.join(given)}: of two architectures alone (compare SCENARIO A B); the folders of "
            "two studies are compared as they were counted"
        )


def _architectures(arguments: argparse.Namespace, given: Sequence[str], folder: Path | None) -> int:
    scenario = api.load(given[0])
    with shown_progress() as progress:
        found = api.compare(
            scenario,
            given[1],
            given[2],
            threats=arguments.threat,
            areas=arguments.area,
            points=arguments.points,
            level=arguments.level or "base",
            value=arguments.value or "population",
            subset=arguments.subset,
            samples=arguments.samples or 1000,
            progress=progress,
        )
    paths = {} if folder is None else found.write(folder)
    if arguments.json:
        print_json({**api.provenance(scenario), **found.as_json(), **({"paths": paths} if paths else {})})
        return 0
    for sentence in found.sentences():
        say(f"- {sentence}")
    say()
    table(
        ("nation", found.first.architecture, found.second.architecture),
        [(code, percent(a), percent(b)) for code, (a, b) in found.by_nation.items()],
    )
    for shown in found.tables():
        if shown.name == "comparison_decisions":
            say()
            table(
                ("what decides", found.first.architecture, found.second.architecture),
                [(row[0], row[1], row[2]) for row in shown.rows],
            )
    _inputs(found.as_json()["inputs"])
    _say_paths(paths)
    return 0


def _inputs(inputs: Sequence[Mapping[str, Any]]) -> None:
    """Print the first of the inputs that differ."""
    say()
    table(
        ("input that differs", "first", "second"),
        [(item["path"], api.in_words(item["a"]), api.in_words(item["b"])) for item in inputs[:_MOST_SHOWN]],
    )
    if len(inputs) > _MOST_SHOWN:
        say(f"and {len(inputs) - _MOST_SHOWN:,} more: --json, or -o DIR")


def _say_paths(paths: Mapping[str, str]) -> None:
    if paths:
        say()
        say_paths(paths)
