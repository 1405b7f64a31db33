"""The exception tree: what a user can mend, said with place and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, Final

_MOST_LISTED: Final = 40


class HoplonError(Exception):
    """Any refusal by hoplon; the command line prints it and exits with 1."""


class ScenarioError(HoplonError):
    """A scenario that is refused: file, line, column, what is wrong, what was expected.

    Parameters
    ----------
    message : str
        One line for each error, ``file:line:column: what is wrong``.
    findings : tuple
        The errors as records with ``file``, ``line``, ``column`` and ``message``; empty when the file could not be
        parsed at all.
    """

    def __init__(self, message: str, findings: tuple[Any, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


class UnknownNameError(HoplonError):
    """A name that the scenario does not hold, with the nearest one it does."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        listed = ", ".join(self.known[:_MOST_LISTED]) or "none"
        if len(self.known) > _MOST_LISTED:
            listed += f" and {len(self.known) - _MOST_LISTED} more"
        near = difflib.get_close_matches(name.casefold(), self.known, n=1)
        hint = f"; did you mean {near[0]!r}? Known: {listed}." if near else f"; known: {listed}."
        super().__init__(f"unknown {kind} {name!r}{hint}")


class InputError(HoplonError):
    """A value or a file given beside the scenario that is refused: a place off the Earth, a bad row of points."""


class UsageError(HoplonError):
    """A command or call put wrongly; the command line exits with 2."""


class OutputError(HoplonError):
    """A result that could not be written (full disk, no permission)."""
