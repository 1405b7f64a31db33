"""Commands about scenario files: check, schema, list."""

from __future__ import annotations

import argparse
from typing import Any

from hoplon import api
from hoplon.cli.output import note, print_json, say, table
from hoplon.cli.values import one_of
from hoplon.errors import UnknownNameError, UsageError


def add_check(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    command.add_argument("scenario", metavar="FILE", help="a scenario file, or the name of a bundled scenario")


def answer_check(arguments: argparse.Namespace) -> int:
    """Check a scenario file; 1 when it is refused."""
    found = api.check(arguments.scenario)
    if not found.passed:
        note(found.message)
        if arguments.json:
            nothing = {"scenario": None, "scenario_sha256": None, "seed": None}
            print_json({**api.provenance(), **nothing, **found.as_json()})
        else:
            say(found.line())
        return 1
    if arguments.json:
        print_json({**api.provenance(found.scenario), **found.as_json()})
        return 0
    elsewhere = found.warnings_elsewhere()
    for item in found.warnings:
        if item.file.removesuffix(".yaml") not in elsewhere:
            say(f"{item.file}:{item.line}:{item.column}: warning: {item.message}")
    for other, many in elsewhere.items():
        warnings = f"{many} warning{'' if many == 1 else 's'}"
        say(f"{warnings} in {other}, which it extends: hoplon check {other} shows them")
    say(found.line())
    return 0


def add_schema(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    command.add_argument(
        "of",
        metavar="FORMAT",
        nargs="?",
        type=one_of(api.FORMATS),
        default=api.FORMATS[0],
        help=f"{' (default) or '.join(api.FORMATS)}: the scenario file, or the plan of a campaign",
    )


def answer_schema(arguments: argparse.Namespace) -> int:
    """Print the JSON Schema of a format."""
    print_json({**api.schema(arguments.of), **api.provenance()})
    return 0


def add_list(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    command.add_argument("scenario", metavar="SCENARIO", nargs="?", help=f"default: {api.DEFAULT_SCENARIO}")
    command.add_argument("what", metavar="WHAT", nargs="?", help=f"one of {', '.join(api.kinds())}")


def answer_list(arguments: argparse.Namespace) -> int:
    """List the bundled scenarios, or what a scenario holds."""
    name, what, kinds = arguments.scenario, arguments.what, api.kinds()
    if what is None and name in kinds:
        name, what = None, name
    if what is not None and what not in kinds:
        raise UsageError(str(UnknownNameError("list", what, kinds)))
    overview = name is None and what is None
    answer: dict[str, list[dict[str, Any]]] = {}
    if overview:
        answer |= api.scenarios().as_json()
    scenario = api.load(name or api.DEFAULT_SCENARIO)
    answer |= api.contents(scenario, what).as_json()
    if arguments.json:
        print_json({**api.provenance(scenario), **answer})
        return 0
    for kind in ("scenarios", "architectures") if overview else tuple(answer):
        if len(answer) > 1:
            say("Bundled scenarios" if kind == "scenarios" else f"{kind.capitalize()} of {scenario.name}")
        table(tuple(answer[kind][0]) if answer[kind] else ("none",), [tuple(row.values()) for row in answer[kind]])
        if len(answer) > 1:
            say()
    if overview:
        say(f"hoplon list SCENARIO [WHAT] shows more; WHAT is one of {', '.join(kinds)}.")
    return 0
