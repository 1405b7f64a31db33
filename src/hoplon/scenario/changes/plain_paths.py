"""Values of a scenario as plain data, by their path in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hoplon.errors import InputError, UnknownNameError
from hoplon.scenario.numbers import path_text

_OPEN: Final = ("network", "doctrine", "costs", "questions", "headline", "robustness", "adapt")
"""Top keys below which a name need not be there to be set: what is left out has the format's default."""


def put(plain: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path of plain data; a number replaces all that is cited under it.

    Parameters
    ----------
    plain : dict
        What a file says (:func:`hoplon.scenario.written.as_plain`); changed in place.
    path : str
        Keys and places in lists, as ``elements.ship-east.at``; a name that the data holds may have points in it.
    value : object
        Plain data; None takes the key away.

    Raises
    ------
    InputError
        If it is no path, or leads below a text or a number, or beyond a list.
    UnknownNameError
        If it leads through a name that a section does not hold.
    """
    steps = _steps(plain, path)
    holder: Any = plain
    for place, step in enumerate(steps[:-1]):
        if isinstance(holder, list) and not (isinstance(step, int) and step < len(holder)):
            raise InputError(f"{path}: the list has {len(holder)} entries, counted from 0; got [{step}]")
        if isinstance(holder, dict) and step not in holder:
            _known(plain, steps[: place + 1], path)
            holder[step] = {}
        below = holder[step]
        if not isinstance(below, (dict, list)):
            raise InputError(f"{path}: nothing stands below {_text(steps[: place + 1])}, which is {below!r:.60}")
        holder = below
    last = steps[-1]
    if isinstance(holder, list):
        if not (isinstance(last, int) and last < len(holder)):
            raise InputError(f"{path}: the list has {len(holder)} entries, counted from 0; got [{last}]")
        holder[last] = value
    elif value is None:
        holder.pop(last, None)
    else:
        holder[last] = value


def _known(plain: Mapping[str, Any], steps: Sequence[str | int], path: str) -> None:
    """Refuse the name of nothing in a section; the rules of the file refuse a section that is none."""
    if len(steps) == 2 and steps[0] not in _OPEN and plain.get(str(steps[0])):
        raise UnknownNameError(f"name in {steps[0]}", str(steps[1]), plain.get(str(steps[0]), ()))


def _steps(plain: Any, path: str) -> list[str | int]:
    """Return the keys and places of a path; a name that the data holds may itself have points in it."""
    steps: list[str | int] = []
    rest, holder = path, plain
    while rest:
        step: str | int
        if rest.startswith("["):
            digits, closed, rest = rest[1:].partition("]")
            if not closed or not digits.isdecimal():
                raise InputError(f"{path}: a place in a list is written [0], [1], ...")
            step = int(digits)
        else:
            ends = min((at for at in (rest.find("."), rest.find("[")) if at >= 0), default=len(rest))
            known = [key for key in holder if _begins(rest, key)] if isinstance(holder, dict) else []
            step = max(known, key=len, default=rest[:ends])
            rest = rest[len(step) :]
        if step == "":
            raise InputError(f"{path!r} is no path; keys as in the file were expected, as elements.NAME.at")
        steps.append(step)
        holder = _below(holder, step)
        if rest and rest[0] not in ".[":
            raise InputError(f"{path!r} is no path; a point or [ was expected after {_text(steps)}")
        if rest == ".":
            raise InputError(f"{path!r} is no path; it ends with a point")
        rest = rest.removeprefix(".")
    if not steps:
        raise InputError("an empty path; keys as in the file were expected, as elements.NAME.at")
    return steps


def _begins(rest: str, key: Any) -> bool:
    return isinstance(key, str) and rest.startswith(key) and rest[len(key) : len(key) + 1] in ("", ".", "[")


def _below(holder: Any, step: str | int) -> Any:
    if isinstance(holder, dict):
        return holder.get(step)
    return holder[step] if isinstance(holder, list) and isinstance(step, int) and step < len(holder) else None


def _text(steps: Sequence[str | int]) -> str:
    return path_text(tuple(steps))
