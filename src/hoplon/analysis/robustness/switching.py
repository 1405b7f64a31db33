"""Where along one factor, with all others at base, the better of two architectures changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.robustness.decision import signs_of

STEPS: Final = 256
"""Switching lines are found to one of so many steps of a coordinate."""
_EVERY: Final = 16  # steps between the values that are looked at first
MOST_FACTORS: Final = 5
GRID: Final = 9
"""Values of either factor of a map of two factors."""

Evaluate = Callable[[Sequence[tuple[int, int]]], NDArray[np.float64]]
"""Returns the values of the architectures, shape (asked, architectures), one factor at a step of its range each."""


@dataclass(frozen=True)
class Switch:
    """Where along a factor the better of two architectures changes.

    Attributes
    ----------
    factor : str
    at : float or None
        Coordinate of the factor, the middle of the step in which the sign changes; None where it does not.
    numbers : dict of str to float
        The factor's own numbers there, by path; empty where there is none.
    """

    factor: str
    at: float | None
    numbers: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {"factor": self.factor, "at": self.at, "numbers": self.numbers if self.at is not None else None}


def switching_steps(asked: Sequence[tuple[int, int, int]], evaluate: Evaluate) -> list[float | None]:
    """Return where along factors the better of two architectures changes.

    Parameters
    ----------
    asked : sequence of (factor, a, b)
        Indices of the factor and of the two architectures.
    evaluate : callable
        Judges many places together.

    Returns
    -------
    list of float or None
        Coordinate of each: of 17 equally spaced values the first two between which the sign of the difference changes,
        and between them by bisection the middle of the step of 1/256. Equal values have no sign.
    """
    known: dict[tuple[int, int], NDArray[np.float64]] = {}

    def look(places: Sequence[tuple[int, int]]) -> None:
        new = [place for place in dict.fromkeys(places) if place not in known]
        if new:
            known.update(zip(new, evaluate(new), strict=True))

    def sign(factor: int, step: int, a: int, b: int) -> int:
        values = known[factor, step]
        return int(signs_of(np.array([values[a] - values[b]]))[0])

    look([(factor, step) for factor, _, _ in asked for step in range(0, STEPS + 1, _EVERY)])
    brackets = [_bracket([sign(factor, step, a, b) for step in range(0, STEPS + 1, _EVERY)]) for factor, a, b in asked]
    while middles := {
        at: (bracket[0] + bracket[1]) // 2
        for at, bracket in enumerate(brackets)
        if bracket is not None and bracket[1] - bracket[0] > 1
    }:
        look([(asked[at][0], middle) for at, middle in middles.items()])
        for at, middle in middles.items():
            factor, a, b = asked[at]
            low, high, after = brackets[at] or (0, 0, 0)
            brackets[at] = (low, middle, after) if sign(factor, middle, a, b) == after else (middle, high, after)
    return [None if bracket is None else (bracket[0] + bracket[1]) / 2 / STEPS for bracket in brackets]


def _bracket(signs: Sequence[int]) -> tuple[int, int, int] | None:
    """Return the steps between which the sign changes first, and the sign after; None where it does not."""
    last: int | None = None
    for place, sign in enumerate(signs):
        if not sign:
            continue
        if last is not None and sign != signs[last]:
            return last * _EVERY, place * _EVERY, sign
        last = place
    return None
