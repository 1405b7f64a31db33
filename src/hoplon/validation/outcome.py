"""The outcome of a case: what hoplon got, and whether that is within the tolerance, outside as known, or a failure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from hoplon.errors import HoplonError

if TYPE_CHECKING:
    from hoplon.validation.case import Case

PASSED: Final = "passed"
EXPLAINED: Final = "outside, explained"
FAILED: Final = "failed"
NOT_RUN: Final = "not run"
OUTCOMES: Final = (PASSED, EXPLAINED, FAILED, NOT_RUN)
_DIGITS: Final = 9


@dataclass(frozen=True)
class CaseOutcome:
    """A case with its outcome; numbers as text of up to nine digits, empty where there is none.

    Parameters
    ----------
    id, model, kind, quantity, unit : str
    expected, got : str
        The value from outside, and what hoplon computes.
    tolerance : str
        How far they may lie apart, in the unit of the quantity.
    reason : str
        Why that far.
    outcome : str
        One of :data:`OUTCOMES`.
    explanation : str
        Why a value lies outside, or why a case was not run.
    source, url : str
        Where the expected value stands; never hoplon.
    """

    id: str
    model: str
    kind: str
    quantity: str
    unit: str
    expected: str
    got: str
    tolerance: str
    reason: str
    outcome: str
    explanation: str
    source: str
    url: str

    @property
    def passed(self) -> bool | None:
        """Whether the value lies within the tolerance of the expected one; None for a case that was not run."""
        return None if self.outcome == NOT_RUN else self.outcome == PASSED

    def as_json(self) -> dict[str, Any]:
        """Return the row as the command prints it."""
        return {
            **{"case": self.id, "model": self.model, "kind": self.kind, "quantity": self.quantity, "unit": self.unit},
            **{"source": self.source, "url": self.url or None, "expected": float(self.expected)},
            **{"got": float(self.got) if self.got else None, "tolerance": float(self.tolerance)},
            **{"tolerance_reason": self.reason, "passed": self.passed, "outcome": self.outcome},
            "explanation": self.explanation or None,
        }


HEAD: Final = tuple(field.name for field in fields(CaseOutcome))
"""Columns of the file."""


def outcome_of(case: Case) -> CaseOutcome:
    """Compute one case and return its outcome."""
    missing = [name for name in case.needs if find_spec(name) is None]
    got, why = math.nan, ""
    if missing:
        outcome, why = NOT_RUN, f"needs {' and '.join(missing)}"
    else:
        try:
            got = float(case.compute())
        except HoplonError as error:
            why = str(error)
        outcome = PASSED if case.tolerance.holds(case.expected, got) else FAILED
        if outcome == FAILED and case.known is not None:
            if case.known.tolerance.holds(case.known.got, got):
                outcome, why = EXPLAINED, case.known.explanation
            else:
                why = f"no longer the known difference, which was explained at {case.known.got:g} {case.unit}"
    number = f"{got:.{_DIGITS}g}" if math.isfinite(got) else ""
    width = f"{case.tolerance.width(case.expected):.3g}"
    return CaseOutcome(
        *(case.id, case.model, case.kind, case.quantity, case.unit, f"{case.expected:.{_DIGITS}g}", number, width),
        *(case.tolerance.reason, outcome, why, case.source, case.url),
    )


def counts(outcomes: Sequence[CaseOutcome]) -> str:
    """Return how many cases have each outcome, in words; outcomes that none has are left out but the first."""
    many = {name: sum(one.outcome == name for one in outcomes) for name in OUTCOMES}
    words = {PASSED: "within their tolerance", EXPLAINED: "outside, explained", FAILED: "failed", NOT_RUN: "not run"}
    return ", ".join(f"{many[name]:,} {words[name]}" for name in OUTCOMES if many[name] or name == PASSED)
