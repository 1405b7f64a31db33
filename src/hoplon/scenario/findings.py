"""What a check finds: errors and warnings with their place, collected so that one pass reports them all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Literal, NoReturn, Protocol

from hoplon.errors import ScenarioError, nearest

MOST_ERRORS: Final = 50
MOST_WARNINGS: Final = 100
"""As many are listed; the last line counts the rest."""
_MOST_COMPARED: Final = 10_000_000  # pairs of characters of wrong and known names in one pass: half a second of work
__all__ = ["Diagnostic", "Findings", "Placed", "expected", "nearest", "shown"]


class Placed(Protocol):
    """Anything with a place in a file."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning, with the place in the file (counting from 1; 0 for a scenario that no file holds).

    It stands for ``many`` of them where it counts those that are not listed.
    """

    severity: Literal["error", "warning"]
    file: str
    line: int
    column: int
    message: str
    many: int = 1

    def __str__(self) -> str:
        """Return ``file:line:column: message``."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}"


class Findings:
    """Errors and warnings of one pass; after MOST_ERRORS errors the pass ends, after MOST_WARNINGS they are counted."""

    def __init__(self) -> None:
        self.errors: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []
        self._compared = 0

    def error(self, place: Placed, message: str) -> None:
        """Note an error.

        Raises
        ------
        ScenarioError
            When there are more than the most that one pass reports.
        """
        self.errors.append(Diagnostic("error", place.file, place.line, place.column, shown(message)))
        if len(self.errors) >= MOST_ERRORS:
            self.refuse()

    def stop(self, file: str, line: int, column: int, message: str) -> NoReturn:
        """Note an error that nothing can be read after, and raise the ScenarioError with all noted so far."""
        self.errors.append(Diagnostic("error", file, line, column, shown(message)))
        raise self.refusal()

    def warning(self, place: Placed, message: str) -> None:
        """Note a warning."""
        self.warn_of(place, 1, iter((message,)))

    def warn_of(self, place: Placed, many: int, messages: Iterator[str]) -> None:
        """Note so many warnings; those beyond the most that are listed are counted, and their messages not made."""
        room = max(0, MOST_WARNINGS - len(self.warnings))
        for message in islice(messages, room):
            self.warnings.append(Diagnostic("warning", place.file, place.line, place.column, shown(message)))
        if many <= room:
            return
        if len(self.warnings) == MOST_WARNINGS:
            self.warnings.append(Diagnostic("warning", place.file, place.line, place.column, "", 0))
        rest = self.warnings[-1].many + many - room
        what = f"{rest:,} warning{'' if rest == 1 else 's'} more, from here on; the first {MOST_WARNINGS} are listed"
        self.warnings[-1] = replace(self.warnings[-1], message=what, many=rest)

    def expected(self, name: str, known: Collection[str]) -> str:
        """Say what was expected in place of an unknown name, as :func:`expected`.

        Many wrong names held against many long ones take seconds: after the first few the nearest is not sought.
        """
        if self._compared > _MOST_COMPARED:
            return _those_of(known)
        self._compared += len(name) * sum(map(len, known))
        return expected(name, known)

    def refuse(self) -> None:
        """Raise a ScenarioError that lists every error; do nothing if there is none."""
        if self.errors:
            raise self.refusal()

    def refusal(self) -> ScenarioError:
        """Return the exception that lists every error in the order of the file."""
        ordered = sorted(self.errors, key=lambda finding: (finding.file, finding.line, finding.column))
        text = "\n".join(map(str, ordered))
        if len(ordered) >= MOST_ERRORS:
            text += f"\n(stopped after {MOST_ERRORS} errors)"
        return ScenarioError(text, tuple(ordered))


def shown(text: str) -> str:
    """Return a text with what a terminal would obey, as a key of the file may hold it, written out."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def expected(name: str, known: Collection[str]) -> str:
    """Say what was expected in place of an unknown name: the nearest known one, or those there are."""
    near = nearest(name, known)
    if near is not None:
        return f"did you mean {near!r}?"
    return _those_of(known)


def _those_of(known: Collection[str]) -> str:
    if not known:
        return "none is defined"
    listed = ", ".join(list(known)[:12])
    return f"known: {listed}" + (", ..." if len(known) > 12 else "")
