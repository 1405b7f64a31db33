"""Tables of the report: one record each, written as CSV and shown on the page from the same rows."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.extras import extra
from hoplon.files import no_formula, write_text
from hoplon.presentation.wording import billions, percent
from hoplon.units import unit_of

if TYPE_CHECKING:
    import pandas as pd

_DECIMALS: Final = {
    "date": 2,
    "share": 6,
    "difference": 6,
    "people": 0,
    "km2": 0,
    "seconds": 1,
    "degrees": 3,
    "number": 6,
    "given": 6,
    "musd": 3,
    "usd": 4,
}
_UNITS: Final = {
    "year": "year",
    "date": "year",
    "share": "1",
    "difference": "1",
    "people": "1",
    "km2": "km2",
    "seconds": "s",
    "degrees": "degree",
    "musd": "million USD",
    "usd": "USD",
}


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    key : str
        Its head in the CSV, with the unit in it.
    title : str
        Its head on the page.
    kind : str
        ``text``, ``year``, ``date`` (a year with its fraction), ``share``, ``difference`` (of shares), ``people``,
        ``km2``, ``seconds``, ``degrees``, ``number`` (three digits on the page), ``given`` (as the scenario has it),
        ``musd`` (million USD; on the page in billions) or ``usd``.
    """

    key: str
    title: str
    kind: str = "text"

    @property
    def unit(self) -> str | None:
        """Return the unit of its values; None for text."""
        return None if self.kind == "text" else _UNITS.get(self.kind) or unit_of_number(self.key)


@dataclass(frozen=True)
class Table:
    """A table.

    Parameters
    ----------
    name : str
        Stem of its file.
    title : str
        Caption.
    columns : tuple of Column
        Heads.
    rows : tuple of tuple
        Values, None where there is none.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    def csv_text(self) -> str:
        """Return the table as CSV (RFC 4180, lines end in a newline alone).

        No cell of text is a formula to a spreadsheet (:func:`no_formula`).
        """
        lines = [_csv_line([no_formula(column.key) for column in self.columns])]
        for row in self.rows:
            cells = [(plain(value, column.kind), column.kind) for value, column in zip(row, self.columns, strict=True)]
            lines.append(_csv_line([no_formula(cell) if kind == "text" else cell for cell, kind in cells]))
        return "".join(lines)

    def cells(self) -> list[list[tuple[str, str, str]]]:
        """Return each cell for the page: value as in the CSV, words, and kind."""
        return [
            [
                (plain(value, column.kind), worded(value, column.kind), column.kind)
                for value, column in zip(row, self.columns, strict=True)
            ]
            for row in self.rows
        ]

    def as_json(self) -> dict[str, Any]:
        """Return name, title, columns (key, title, kind, unit) and rows; what is not there or not finite is None."""
        columns = [
            {"key": column.key, "title": column.title, "kind": column.kind, "unit": column.unit}
            for column in self.columns
        ]
        rows = [[_or_none(value) for value in row] for row in self.rows]
        return {"name": self.name, "title": self.title, "columns": columns, "rows": rows}

    def frame(self) -> pd.DataFrame:
        """Return the table as one of pandas, its columns by their keys."""
        with extra("frames", "as_frame"):
            import pandas as pd

        keys = [column.key for column in self.columns]
        return pd.DataFrame([[_or_none(value) for value in row] for row in self.rows], columns=keys)


def _or_none(value: Any) -> Any:
    if hasattr(value, "item"):  # a scalar of NumPy
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def unit_of_number(name: str) -> str:
    """Return the unit that the end of a name gives, of money too: ``total_musd`` million USD; ``1`` without one."""
    return _UNITS[name.rpartition("_")[2]] if name.endswith(("_musd", "_usd")) else unit_of(name)


class Year(float):
    """A calendar year among other numbers: shown without a separator of thousands."""


def plain(value: Any, kind: str) -> str:
    """Return a value as the CSV holds it; nothing for None."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if kind == "text":
        return str(value)
    if kind == "year":
        return f"{value:.0f}"
    return f"{float(value):.{_DECIMALS[kind]}f}".rstrip("0").rstrip(".") if _DECIMALS[kind] else f"{float(value):.0f}"


def _csv_line(cells: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerow(cells)  # what holds one of the two is quoted
    return stream.getvalue().removesuffix("\r\n") + "\n"


def worded(value: Any, kind: str) -> str:
    """Return a value as the page shows it; a dash for None."""
    if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    if kind == "share":
        return percent(float(value))
    if kind == "difference":
        step = 100.0 * float(value)
        return f"{step:+.0f} points" if abs(step) >= 9.95 else f"{step:+.1f} points" if round(step, 1) else "0"
    if kind == "people":
        return f"{float(value) / 1e6:,.2f} M"
    if kind == "km2":
        return f"{float(value) / 1e3:,.0f} thousand km²"
    if kind == "seconds":
        return f"{float(value):,.0f} s"
    if kind == "musd":
        return billions(float(value))
    if kind == "usd":
        return f"{float(value):,.0f}" if abs(float(value)) >= 99.5 else f"{float(value):.3g}"
    if kind == "date":
        return f"{math.floor(float(value))}"
    if kind == "number":
        return f"{float(value):,.0f}" if abs(float(value)) >= 99.95 else f"{float(value):.3g}"
    if kind == "given" and not isinstance(value, Year) and abs(float(value)) >= 1000.0:
        return f"{float(value):,.10g}"
    return plain(value, kind)


def write_tables(tables: Sequence[Table], folder: Path, *, within: Path | None = None) -> list[Path]:
    """Write each table as CSV, whole or not at all; return the paths.

    Parameters
    ----------
    tables : sequence of Table
    folder : Path
    within : Path, optional
        A folder under which no link is followed (:func:`hoplon.files.replacing`).

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    return [write_text(folder / f"{table.name}.csv", table.csv_text(), within=within) for table in tables]
