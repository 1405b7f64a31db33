"""The exception tree: what a user can mend, said with place and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class HoplonError(Exception):
    """Any refusal by hoplon; the command line prints it and exits with 1."""


class ScenarioError(HoplonError):
    """A scenario that is refused: file, line, column, what is wrong, what was expected."""


class UnknownNameError(HoplonError):
    """A name that the scenario does not hold, with the nearest one it does."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        near = difflib.get_close_matches(name, self.known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        listed = ", ".join(self.known) or "none"
        super().__init__(f"unknown {kind} {name!r}{hint} Known: {listed}." if hint else f"unknown {kind} {name!r}; known: {listed}.")


class UsageError(HoplonError):
    """A command or call put wrongly; the command line exits with 2."""


class OutputError(HoplonError):
    """A result that could not be written (full disk, no permission)."""
