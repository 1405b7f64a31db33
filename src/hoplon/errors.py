"""The exception tree: what a user can mend, said with place and remedy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

_MOST_LISTED: Final = 40
_MOST_COMPARED: Final = 2000


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to one that is not known, or None; ``_`` may stand for ``-``."""
    folded = {candidate.casefold().replace("_", "-"): candidate for candidate in known}
    if len(folded) > _MOST_COMPARED or len(name) > 100:
        return None
    import difflib

    close = difflib.get_close_matches(name.casefold().replace("_", "-"), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'NAME'?`` with the known name nearest to one that is not known; nothing without one."""
    near = nearest(name, known)
    return "" if near is None else f"; did you mean {near!r}?"


def is_interrupt(error: BaseException | None) -> bool:
    """Tell whether an exception is Ctrl-C, or what Python makes of it as a compiled kernel returns: a SystemError."""
    while isinstance(error, SystemError):
        error = error.__cause__
    return isinstance(error, KeyboardInterrupt)


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
        near = did_you_mean(name, self.known)
        hint = f"{near} Known: {listed}." if near else f"; known: {listed}."
        super().__init__(f"unknown {kind} {name!r}{hint}")


class InputError(HoplonError):
    """A value or a file given beside the scenario that is refused: a place off the Earth, a bad row of points."""


class UsageError(HoplonError):
    """A command or call put wrongly; the command line exits with 2."""


class OutputError(HoplonError):
    """A result that could not be written (full disk, no permission)."""
