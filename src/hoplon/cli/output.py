"""What a command prints and writes: one JSON object, or tables; files whole or not at all."""

from __future__ import annotations

import contextlib
import math
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from hoplon import api
from hoplon.errors import OutputError
from hoplon.files import json_text, refuse_other_than_file
from hoplon.progress import Progress, progress_bar

_NUMERIC: Final = re.compile(r"-|-?[0-9][0-9.,e+-]*( %)?")


def print_json(answer: Mapping[str, Any]) -> None:
    """Print one JSON object; numbers that are not finite become null."""
    sys.stdout.write(json_text(answer))


def say(text: str = "") -> None:
    """Print one line of an answer."""
    sys.stdout.write(f"{text}\n")


def print_document(content: bytes) -> None:
    """Print a document that says it is UTF-8 as it is, whatever the terminal knows."""
    sys.stdout.flush()
    below = getattr(sys.stdout, "buffer", None)  # a stream of text alone, as a notebook's, has none
    if below is None:
        sys.stdout.write(content.decode("utf-8"))
    else:
        below.write(content)


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


def points(number: float | None) -> str:
    """Return a number of points."""
    return "-" if number is None or not math.isfinite(number) else f"{number:.0f}"


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


def refuse_output(path: str | None) -> None:
    """Refuse a file of -o that could not be written, before the work that fills it; nothing where none is asked for.

    Raises
    ------
    InputError
        If its ending is no format.
    OutputError
        If it could not be written, or the format needs a package that is not installed.
    """
    if path is not None:
        api.check_ending(path)
        refuse_unwritable(path)


def write_output(answer: Any, path: str | None) -> dict[str, str]:
    """Write an answer to the file of -o and say so; return what JSON says of it, nothing where none is asked for."""
    if path is None:
        return {}
    answer.to_file(path)
    note(f"{path}: written")
    return {"path": path}


def refuse_file(folder: str | Path) -> Path:
    """Return the path of a folder; refuse one that is a file.

    Raises
    ------
    OutputError
    """
    path = Path(folder)
    if path.exists() and not path.is_dir():
        raise OutputError(f"{path}: is a file; a folder was expected")
    return path


@contextlib.contextmanager
def shown_progress() -> Iterator[Progress]:
    """Yield a progress that draws a bar on standard error, from the first step on that is not the last one."""
    with contextlib.ExitStack() as open_:
        bar: Progress | None = None

        def tell(done: int, total: int, text: str) -> None:
            nonlocal bar
            if bar is None and done < total:
                bar = open_.enter_context(progress_bar())
            if bar is not None:
                bar(done, total, text)

        yield tell
