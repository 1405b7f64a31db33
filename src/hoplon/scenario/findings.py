"""What a check finds: errors and warnings with their place, collected so that one pass reports them all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, NoReturn, Protocol

from hoplon.errors import ScenarioError, nearest

MOST_ERRORS: Final = 50
__all__ = ["Diagnostic", "Findings", "Placed", "expected", "nearest", "shown"]


class Placed(Protocol):
    """Anything with a place in a file."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning, with the place in the file (counting from 1; 0 for a scenario that no file holds)."""

    severity: Literal["error", "warning"]
    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Return ``file:line:column: message``."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}"


class Findings:
    """Errors and warnings of one pass; after MOST_ERRORS errors the pass ends."""

    def __init__(self) -> None:
        self.errors: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []

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
        self.warnings.append(Diagnostic("warning", place.file, place.line, place.column, shown(message)))

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
    if not known:
        return "none is defined"
    listed = ", ".join(list(known)[:12])
    return f"known: {listed}" + (", ..." if len(known) > 12 else "")
