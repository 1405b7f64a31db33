"""The command validate: every outside case, what was expected and what hoplon gets."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from hoplon import api
from hoplon.cli.output import note, print_json, refuse_unwritable, say, shown_progress, table
from hoplon.cli.values import file_name
from hoplon.errors import UsageError


def add_validate(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    command.add_argument("case", metavar="CASE", nargs="*", help="only cases whose number begins so: BAL, COV-01")
    command.add_argument(
        "-o",
        "--output",
        type=file_name,
        metavar="FILE",
        action="append",
        help="write the page VALIDATION.md, or with .csv the record that the package carries; may be repeated",
    )


def answer_validate(arguments: argparse.Namespace) -> int:
    """Compute the cases; 1 when one fails."""
    written: Sequence[str] = arguments.output or ()
    if written and arguments.case:
        raise UsageError("-o writes the whole record; leave out the names of cases")
    for path in written:
        refuse_unwritable(path)
    with shown_progress() as progress:
        found = api.validate(arguments.case, progress=progress)
    for path in written:
        note(f"{found.write(path)} written")
    if arguments.json:
        print_json({**api.provenance(), **found.as_json()})
        return 0 if found.passed else 1
    heads = ("case", "expected", "got", "tolerance", "outcome", "quantity")
    rows = [
        (one.id, one.expected, one.got or "-", one.tolerance, one.outcome, f"{one.quantity}, {one.unit}")
        for one in found.outcomes
    ]
    table(heads, rows)
    say()
    for one in found.outcomes:
        if one.explanation:
            say(f"{one.id} {one.outcome}: {one.explanation}")
    for row in found.as_json()["models_without_case"] or ():
        say(f"no outside case reaches: {row['model']} ({row['code']})")
    say(found.line())
    return 0 if found.passed else 1
