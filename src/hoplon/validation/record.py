"""The record of the verification cases: what was expected, where from, what hoplon got, and the tolerance.

The tests compute the cases (``tests/verification/``), which takes some fifteen seconds of one core; the package carries
the record that ``python tools/verification_table.py --record`` writes. A test fails when a row of it is not what the
cases say and hoplon computes.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from hoplon.presentation.tables import Column, Table


@dataclass(frozen=True)
class CaseOutcome:
    """A verification case with its outcome, numbers as text of up to nine digits.

    Parameters
    ----------
    id, quantity, unit : str
    expected, got : str
        The value from outside, and what hoplon computes.
    tolerance : str
        How far they may lie apart, in the unit of the quantity.
    reason : str
        Why that far.
    source : str
        Where the expected value stands; never hoplon.
    """

    id: str
    quantity: str
    unit: str
    expected: str
    got: str
    tolerance: str
    reason: str
    source: str

    @property
    def within(self) -> bool:
        """Whether the outcome lies within the tolerance of the expected value."""
        return abs(float(self.got) - float(self.expected)) <= float(self.tolerance) * (1.0 + 1e-6)


HEAD = tuple(field.name for field in fields(CaseOutcome))
"""Columns of the file."""


@cache
def outcomes() -> tuple[CaseOutcome, ...]:
    """Return every verification case with its outcome."""
    text = files("hoplon.validation").joinpath("record.csv").read_text(encoding="utf-8")
    return tuple(CaseOutcome(**row) for row in csv.DictReader(io.StringIO(text)))


def validation_table() -> Table:
    """Return the record as a table; its caption tells how many cases lie within their tolerance."""
    found = outcomes()
    within = sum(item.within for item in found)
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
            ("source", "source"),
        )
    )
    rows = tuple(tuple(getattr(item, key) for key in HEAD) for item in found)
    title = f"Values from outside, and what hoplon gets: {within:,} of {len(found):,} within their tolerance"
    return Table("validation", title, heads, rows)
