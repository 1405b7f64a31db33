"""The record of validation: every outside case, what was expected, where from, what hoplon got, and the verdict.

:func:`validate` computes every case anew. ``hoplon validate -o`` writes what it got as the page ``VALIDATION.md``, and
as the record that the package carries, which the comprehensive report shows; a test fails when either is not what
hoplon computes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.records import Answer, Row
from hoplon.errors import InputError
from hoplon.extras import require
from hoplon.files import write_text
from hoplon.presentation.tables import Column, Table
from hoplon.progress import Progress, silent
from hoplon.validation.outcome import FAILED, HEAD, OUTCOMES, CaseOutcome, counts, outcome_of
from hoplon.validation.page import page_of, without_case
from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.validation.case import Case

MODULES: Final = (
    *("geodesy", "flight", "lofted", "dynamic", "horizon", "detection", "closed_forms", "lethality", "raids"),
    *("picture", "public_statements", "published_costs"),
)
"""Where the cases are, in the order of the record."""


def cases() -> tuple[Case, ...]:
    """Return every outside case, in the order of the record."""
    return tuple(case for name in MODULES for case in import_module(f"hoplon.validation.{name}").CASES)


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
    OutputError
        If scipy is not installed.
    """
    require("validation", "validate")
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
