"""A number that a user gives to a function beside the scenario."""

from __future__ import annotations

import operator
from numbers import Real
from typing import Any

from hoplon.errors import InputError


def number_of(what: str, given: Any) -> float:
    """Return a number, refused if it is none; its limits are judged where it is used.

    Parameters
    ----------
    what : str
        The argument, for messages.
    given : float
        Of Python or NumPy.

    Raises
    ------
    InputError
        If it is a text, or nothing of one value.
    """
    if not isinstance(given, Real) or isinstance(given, bool):
        raise InputError(f"{what}: a number was expected, got {given!r:.60}")
    return float(given)


def whole_number_of(what: str, given: Any) -> int:
    """Return a whole number, refused if it is none; parameters and refusals as of :func:`number_of`."""
    try:
        if isinstance(given, bool):
            raise TypeError
        return operator.index(given)
    except TypeError:
        raise InputError(f"{what}: a whole number was expected, got {given!r:.60}") from None
