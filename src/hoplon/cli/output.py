"""What a command prints and writes: one JSON object, or tables; files whole or not at all."""

from __future__ import annotations

import json
import math
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.errors import OutputError
from hoplon.files import refuse_other_than_file
from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario


_NUMERIC: Final = re.compile(r"-|-?[0-9][0-9.,e+-]*( %)?")


def provenance(scenario: Scenario | None = None, seed: int | None = None) -> dict[str, Any]:
    """Return what every JSON answer carries: version, and the scenario with its hash and the seed where one is used."""
    if scenario is None:
        return {"version": VERSION}
    return {"version": VERSION, "scenario": scenario.name, "scenario_sha256": scenario.sha256, "seed": seed}


def print_json(answer: Mapping[str, Any]) -> None:
    """Print one JSON object; numbers that are not finite become null."""
    sys.stdout.write(json_text(answer))


def json_text(answer: Mapping[str, Any]) -> str:
    """Return an answer as JSON text."""
    return json.dumps(_finite(answer), indent=1, allow_nan=False) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if hasattr(value, "tolist"):  # arrays and scalars of NumPy
        return _finite(value.tolist())
    return value


def say(text: str = "") -> None:
    """Print one line of an answer."""
    sys.stdout.write(f"{text}\n")


def print_document(text: str) -> None:
    """Print a document that says it is UTF-8 as UTF-8, whatever the terminal knows."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))


def note(text: str) -> None:
    """Print one line that is no part of the answer, to standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under a head in aligned columns; columns of numbers to the right."""
    cells = [[cell(value) for value in row] for row in rows]
    right = [all(map(_NUMERIC.fullmatch, column)) for column in zip(*cells, strict=True)] or [False] * len(head)
    widths = [max(len(text) for text in column) for column in zip(head, *cells, strict=True)]
    for line in (head, *cells):
        aligned = (
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(line, widths, right, strict=True)
        )
        say("  ".join(aligned).rstrip())


def cell(value: Any) -> str:
    """Return a value as a person reads it."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if abs(value) < 1e-6:
            return "0"
        return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value)


def percent(share: float | None) -> str:
    """Return a share as a percentage."""
    return "-" if share is None or not math.isfinite(share) else f"{100 * share:.1f} %"


def people(number: float | None) -> str:
    """Return a number of people in millions."""
    return "-" if number is None or not math.isfinite(number) else f"{number / 1e6:.2f}"


def refuse_unwritable(path: str | Path) -> None:
    """Refuse a file that could not be written, before the work that fills it.

    Raises
    ------
    OutputError
        If its folder does not exist or cannot be written, or the file is a folder or a device.
    """
    path = Path(path)
    refuse_other_than_file(path)
    if not path.parent.is_dir():
        raise OutputError(f"{path}: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise OutputError(f"{path}: no permission to write in {path.parent}")
