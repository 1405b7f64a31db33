"""The record of validation: every outside case, what was expected, where from, what hoplon got, and the verdict.

:func:`validate` computes every case anew. ``hoplon validate -o`` writes what it got as the page ``VALIDATION.md``, and
as the record that the package carries, which the comprehensive report shows; a test fails when either is not what
hoplon computes.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.records import Answer, Row
from hoplon.errors import HoplonError, InputError
from hoplon.files import write_text
from hoplon.presentation.tables import Column, Table
from hoplon.progress import Progress, silent
from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.validation.case import Case

PASSED: Final = "passed"
EXPLAINED: Final = "outside, explained"
FAILED: Final = "failed"
NOT_RUN: Final = "not run"
OUTCOMES: Final = (PASSED, EXPLAINED, FAILED, NOT_RUN)
MODULES: Final = (
    *("geodesy", "flight", "lofted", "dynamic", "horizon", "detection", "closed_forms", "lethality", "raids"),
    *("picture", "public_statements", "published_costs"),
)
"""Where the cases are, in the order of the record."""
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


def cases() -> tuple[Case, ...]:
    """Return every outside case, in the order of the record."""
    return tuple(case for name in MODULES for case in import_module(f"hoplon.validation.{name}").CASES)


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


@dataclass(frozen=True, repr=False)
class Validation(Answer):
    """Every outside case with its outcome.

    Parameters
    ----------
    outcomes : tuple of CaseOutcome
    whole : bool
        Whether every case was computed, and not some that were named.
    """

    outcomes: tuple[CaseOutcome, ...]
    whole: bool = True

    def count(self, outcome: str) -> int:
        """Return how many cases have an outcome."""
        return sum(one.outcome == outcome for one in self.outcomes)

    @property
    def passed(self) -> bool:
        """Whether no case failed; one that is outside and explained, or was not run, does not fail."""
        return self.count(FAILED) == 0

    def line(self) -> str:
        """Return how many cases lie within their tolerance, and how many do not, in one line."""
        return f"{len(self.outcomes):,} outside cases: {counts(self.outcomes)}"

    def rows(self) -> Sequence[Row]:
        """Return the cases, one row each."""
        return [one.as_json() for one in self.outcomes]

    def as_json(self) -> dict[str, Any]:
        """Return what the command prints."""
        from hoplon.validation.page import without_case

        return {
            "passed": self.passed,
            "cases": len(self.outcomes),
            "outcomes": {name.replace(",", "").replace(" ", "_"): self.count(name) for name in OUTCOMES},
            "rows": self.rows(),
            "models_without_case": [
                {"model": one.name, "code": one.code, "page": one.page, "held_by": one.held_by}
                for one in without_case(self.outcomes)
            ]
            if self.whole
            else None,
        }

    def page(self) -> str:
        """Return the page ``VALIDATION.md``."""
        from hoplon.validation.page import page_of

        return page_of(self.outcomes)

    def csv(self) -> str:
        """Return the record that the package carries."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([HEAD, *map(astuple, self.outcomes)])
        return text.getvalue()

    def write(self, path: str | Path) -> Path:
        """Write the record, a file ``.csv``, or else the page.

        Raises
        ------
        InputError
            If only some of the cases were computed.
        OutputError
            If it cannot be written.
        """
        if not self.whole:
            raise InputError(f"{path}: a part of the cases is no record; leave out the names of cases")
        path = Path(path)
        return write_text(path, self.csv() if path.suffix == ".csv" else self.page())


def counts(outcomes: Sequence[CaseOutcome]) -> str:
    """Return how many cases have each outcome, in words; outcomes that none has are left out but the first."""
    many = {name: sum(one.outcome == name for one in outcomes) for name in OUTCOMES}
    words = {PASSED: "within their tolerance", EXPLAINED: "outside, explained", FAILED: "failed", NOT_RUN: "not run"}
    return ", ".join(f"{many[name]:,} {words[name]}" for name in OUTCOMES if many[name] or name == PASSED)


def validate(ids: Sequence[str] | str = (), *, progress: Progress = silent) -> Validation:
    """Compute every outside case: literature, closed forms, other codes, observed flights.

    Parameters
    ----------
    ids : sequence of str or str
        Only cases whose number begins so, as ``BAL`` or ``COV-01``; all by default.
    progress : callable
        Told of each case.

    Returns
    -------
    Validation
        ``passed``, ``outcomes``; ``page()`` is the text of ``VALIDATION.md``.

    Raises
    ------
    InputError
        If no case has such a number.
    """
    every = cases()
    wanted = (ids,) if isinstance(ids, str) else tuple(ids)
    for name in wanted:
        if not any(case.id.startswith(name) for case in every):
            known = ", ".join(dict.fromkeys(case.id.split("-")[0] for case in every))
            raise InputError(f"validate: no case has a number that begins with {name!r}; they begin with {known}")
    chosen = [case for case in every if not wanted or case.id.startswith(wanted)]
    found = []
    for done, case in enumerate(chosen):
        progress(done, len(chosen), case.id)
        found.append(outcome_of(case))
    progress(len(chosen), len(chosen), "")
    return Validation(tuple(found), whole=not wanted)


@cache
def outcomes() -> tuple[CaseOutcome, ...]:
    """Return the record that the package carries: every case with its outcome."""
    text = files("hoplon.validation").joinpath("record.csv").read_text(encoding="utf-8")
    return tuple(CaseOutcome(**row) for row in csv.DictReader(io.StringIO(text)))


def validation_table() -> Table:
    """Return the record as a table; its caption tells how many cases lie within their tolerance."""
    heads = tuple(
        Column(key, title)
        for key, title in (
            ("id", "case"),
            ("model", "model"),
            ("quantity", "quantity"),
            ("unit", "unit"),
            ("expected", "expected"),
            ("got", "got"),
            ("tolerance", "tolerance"),
            ("reason", "why that far"),
            ("outcome", "outcome"),
            ("source", "source"),
        )
    )
    rows = tuple(
        tuple(
            f"{item.outcome}: {item.explanation}"
            if column.key == "outcome" and item.explanation
            else getattr(item, column.key)
            for column in heads
        )
        for item in outcomes()
    )
    title = f"Values from outside, and what hoplon {VERSION} gets: of {len(rows):,}, {counts(outcomes())}"
    return Table("validation", title, heads, rows)
