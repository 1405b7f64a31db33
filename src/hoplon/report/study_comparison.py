"""Two folders of studies side by side: inputs that differ, and every number of their tables that moved."""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.records import Answer, Row
from hoplon.errors import InputError
from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import percent
from hoplon.report.comparison import inputs_table
from hoplon.report.comparison_page import ComparisonPage, write_comparison
from hoplon.scenario.differences import Difference
from hoplon.scenario.given.file import content_of
from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.presentation.picture import Picture

_INPUTS: Final = ("assumptions", "cited_values")
_NOT_ANSWERS: Final = frozenset({*_INPUTS, "sources", "provenance", "findings"})
_NATIONS: Final = "coverage_nations"
_HEADLINE: Final = "coverage_headline"
_MOST: Final = 1 << 26  # [byte] read of a table
_MOST_SHOWN: Final = 200  # rows of a table on the page; the file holds all
_MOST_MAPS: Final = 6
_ROW: Final = "row"  # stands for the column of a row that one study alone has
_EQUAL: Final = 5e-7  # of numbers that tables give to six decimals
_BASE, _HEADLINE_SET = "base", "headline"


@dataclass(frozen=True)
class CsvTable:
    """A table of a study's folder as text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def records(self) -> list[dict[str, str]]:
        """Return each row by its heads."""
        return [dict(zip(self.head, row, strict=False)) for row in self.rows]


@dataclass(frozen=True)
class StudyTables:
    """What is read of a study's folder.

    Attributes
    ----------
    folder : Path
    provenance : dict
        What made it: ``hoplon version``, ``scenario``, ``scenario sha256``.
    tables : dict
        Name to table.
    """

    folder: Path
    provenance: dict[str, str]
    tables: dict[str, CsvTable]

    @property
    def inputs(self) -> dict[str, dict[str, Any]]:
        """Every number of the inputs by its path, as the scenario file writes it."""
        found: dict[str, dict[str, Any]] = {}
        for name in _INPUTS:
            for row in self.tables.get(name, CsvTable((), ())).records():
                number = {key: _number(row.get(key, "")) for key in ("value", "low", "high")}
                told = {key: row.get(key, "") for key in ("source", "kind")}
                found[row.get("path", "")] = {
                    key: item for key, item in (number | told).items() if item not in ("", None)
                }
        return found


@dataclass(frozen=True)
class Moved:
    """A cell of a table that differs, a number or words; a side is None for a row that the other study alone has."""

    table: str
    row: str
    column: str
    first: float | str | None
    second: float | str | None

    @property
    def difference(self) -> float | None:
        """The first less the second; None for text."""
        if isinstance(self.first, float) and isinstance(self.second, float):
            return self.first - self.second
        return None


def read_study(folder: Path) -> StudyTables:
    """Read the tables of a study's folder.

    Raises
    ------
    InputError
        If it is no folder that a study was written to.
    """
    tables = folder / "tables"
    if not folder.is_dir():
        raise InputError(f"{folder}: a folder of a study was expected; hoplon study SCENARIO -o {folder} writes one")
    if not (folder / "manifest.csv").is_file() or not tables.is_dir():
        raise InputError(f"{folder}: holds no finished study; hoplon study SCENARIO -o {folder} writes one")
    found = {path.stem: _read(path) for path in sorted(tables.glob("*.csv")) if path.is_file()}
    if "provenance" not in found:
        raise InputError(f"{folder}: tables/provenance.csv is missing; hoplon study SCENARIO -o {folder} writes it")
    made = {row[0]: row[1] for row in found["provenance"].rows if len(row) > 1}
    return StudyTables(folder, made, found)


def _read(path: Path) -> CsvTable:
    try:
        content = content_of(path, _MOST + 1)
        if len(content) > _MOST:
            raise InputError(f"{path}: is larger than {_MOST >> 20} MiB; a table of a study was expected")
        rows = [tuple(row) for row in csv.reader(io.StringIO(content.decode("utf-8")), strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: a table of a study was expected: {error}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    uneven = next((row for row in rows if len(row) != len(rows[0])), None)
    if uneven is not None or (rows and len(set(rows[0])) < len(rows[0])):
        wrong = (
            "a column stands twice" if uneven is None else f"a row has {len(uneven)} cells in place of {len(rows[0])}"
        )
        raise InputError(f"{path}: a table of a study was expected: {wrong}")
    return CsvTable(rows[0], tuple(rows[1:])) if rows else CsvTable((), ())


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def moved_cells(name: str, first: CsvTable, second: CsvTable) -> list[Moved]:
    """Return the cells of a table that differ, numbers and words.

    Parameters
    ----------
    name : str
        Of the table.
    first, second : CsvTable
        Columns that one of them alone has are left out.

    Notes
    -----
    Rows are matched by the columns that tell them apart (:func:`key_columns`): the sites lost, the budget, the wait and
    the speed tell rows apart though they are numbers; the set that is lost or chosen is an answer though it is words.
    """
    shared = [key for key in first.head if key in second.head]
    numeric = {key for key in shared if _all_numbers(first, key) and _all_numbers(second, key)}
    keys = key_columns(first, second, shared)
    mine, theirs = _by_key(first, keys), _by_key(second, keys)
    found = []
    for key in dict.fromkeys((*mine, *theirs)):
        parts = [
            f"{column} {part}" if column in numeric else part for column, part in zip(keys, key[0], strict=True) if part
        ]
        label = " · ".join(parts) + (f" ({key[1] + 1})" if key[1] else "")
        a, b = mine.get(key), theirs.get(key)
        if a is None or b is None:
            found.append(Moved(name, label, _ROW, None if a is None else "there", None if b is None else "there"))
            continue
        for column in shared:
            if column in numeric and not _same(a[column], b[column]):
                found.append(Moved(name, label, column, _number(a[column]), _number(b[column])))
            elif column not in numeric and a[column] != b[column]:
                found.append(Moved(name, label, column, a[column] or None, b[column] or None))
    return found


def key_columns(first: CsvTable, second: CsvTable, shared: Sequence[str]) -> list[str]:
    """Return the columns that tell the rows of both tables apart: from the left, each that tells more of them apart.

    What a row is of stands left of what was found of it, in every table of a study; so the last column is no key,
    unless it is words, and words left of a key are taken with it.
    """
    sides = [table.records() for table in (first, second)]
    words = {key for key in shared if not (_all_numbers(first, key) and _all_numbers(second, key))}
    keys: list[str] = []
    apart = 0
    for column in shared:
        if keys and apart == sum(map(len, sides)):
            break
        wider = sum(len({tuple(row.get(key, "") for key in (*keys, column)) for row in rows}) for rows in sides)
        if (not keys or wider > apart) and (column in words or column != shared[-1]):
            keys, apart = [*keys, column], wider
    last = shared.index(keys[-1]) if keys else -1
    return [key for key in shared[: last + 1] if key in keys or key in words]


def _all_numbers(table: CsvTable, column: str) -> bool:
    cells = [row.get(column, "") for row in table.records()]
    return any(cells) and all(not cell or _number(cell) is not None for cell in cells)


def _by_key(table: CsvTable, keys: Sequence[str]) -> dict[tuple[tuple[str, ...], int], dict[str, str]]:
    """Return rows by their cells in some columns, and by which of those alike they are."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = {}
    for row in table.records():
        key = tuple(row.get(name, "") for name in keys)
        found[key, seen[key]] = row
        seen[key] += 1
    return found


def _same(first: str, second: str) -> bool:
    a, b = _number(first), _number(second)
    if a is None or b is None:
        return a is b
    return abs(a - b) <= _EQUAL * max(1.0, abs(a), abs(b))


@dataclass(frozen=True, repr=False)
class StudyComparison(Answer):
    """Two folders of studies compared.

    Attributes
    ----------
    first, second : StudyTables
    inputs : tuple of Difference
        Numbers of the scenarios that differ, or that one of them alone has.
    moved : tuple of Moved
        Cells of the tables that differ.
    only_first, only_second : tuple of str
        Tables that one of them alone has.
    """

    first: StudyTables
    second: StudyTables
    inputs: tuple[Difference, ...]
    moved: tuple[Moved, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]

    def line(self) -> str:
        """Return how much differs in one line."""
        return f"{len(self.inputs):,} inputs differ; {len(self.moved):,} cells of the tables moved"

    def rows(self) -> list[Row]:
        """Return one row a cell that moved."""
        return [
            {"table": item.table, "row": item.row, "column": item.column, "a": item.first, "b": item.second}
            for item in self.moved
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line."""
        return {
            "a": {"folder": str(self.first.folder), **self.first.provenance},
            "b": {"folder": str(self.second.folder), **self.second.provenance},
            "headline": [
                {"architecture": name, "a": a, "b": b, "difference": None if a is None or b is None else a - b}
                for name, (a, b) in self.headline().items()
            ],
            "nations": {
                code: {name: {"a": a, "b": b} for name, (a, b) in shares.items()}
                for code, shares in self.by_nation().items()
            },
            "inputs": [{"path": item.path, "a": item.first, "b": item.second} for item in self.inputs],
            "moved": list(self.rows()),
            "only_a": list(self.only_first),
            "only_b": list(self.only_second),
        }

    def headline(self) -> dict[str, tuple[float | None, float | None]]:
        """Return each architecture's share of threatened people defended in both studies, base values."""
        mine, theirs = (_headline(side) for side in (self.first, self.second))
        return {name: (mine.get(name), theirs.get(name)) for name in dict.fromkeys((*mine, *theirs))}

    def by_nation(self) -> dict[str, dict[str, tuple[float | None, float | None]]]:
        """Return by nation and architecture both shares of threatened people defended, where they differ."""
        mine, theirs = (_nation_shares(side) for side in (self.first, self.second))
        found: dict[str, dict[str, tuple[float | None, float | None]]] = {}
        for key in dict.fromkeys((*mine, *theirs)):
            a, b = mine.get(key), theirs.get(key)
            if a != b:
                found.setdefault(key[0], {})[key[1]] = (a, b)
        return found

    def sentences(self) -> tuple[str, ...]:
        """Return what differs, in words."""
        told = [f"{len(self.inputs):,} inputs differ, and {len(self.moved):,} cells of the tables."]
        known = {name: (a, b) for name, (a, b) in self.headline().items() if a is not None and b is not None}
        moves = sorted(known, key=lambda name: -abs(known[name][0] - known[name][1]))
        told += [
            f"{name}: {percent(known[name][0])} of the threatened people defended in the first, "
            f"{percent(known[name][1])} in the second."
            for name in moves[:_MOST_MAPS]
            if abs(known[name][0] - known[name][1]) > _EQUAL
        ]
        if len(told) == 1:
            told.append("The share of threatened people defended is the same for every architecture that both hold.")
        for words, names in (("first", self.only_first), ("second", self.only_second)):
            if names:
                told.append(f"Tables of the {words} alone: {', '.join(names)}.")
        return tuple(told)

    def tables(self) -> tuple[Table, ...]:
        """Return the headline, the tables with how much moved in each, all cells that moved, and the inputs."""
        heads = (
            Column("architecture", "architecture"),
            Column("a", "first", "share"),
            Column("b", "second", "share"),
            Column("difference", "first less second", "difference"),
        )
        rows = tuple(
            (name, a, b, None if a is None or b is None else a - b) for name, (a, b) in self.headline().items()
        )
        headline = Table("comparison_headline", "Share of threatened people defended, base values", heads, rows)
        cells = (
            Column("table", "table"),
            Column("row", "row"),
            Column("column", "column"),
            Column("a", "first"),
            Column("b", "second"),
        )
        changed = [item for item in self.moved if item.column != _ROW]
        alone = [item for item in self.moved if item.column == _ROW]  # behind what changed: an architecture fills pages
        moved = tuple(
            (item.table, item.row, item.column, _cell(item.first), _cell(item.second)) for item in (*changed, *alone)
        )
        counts = [
            Counter(item.table for item in changed),
            Counter(item.table for item in alone if item.second is None),
            Counter(item.table for item in alone if item.first is None),
        ]
        by_table = Table(
            "comparison_tables",
            "What moved, by table",
            (
                Column("table", "table"),
                Column("moved", "numbers and words that moved", "given"),
                Column("only_first", "rows of the first alone", "given"),
                Column("only_second", "rows of the second alone", "given"),
            ),
            tuple(
                (name, *(float(count[name]) for count in counts))
                for name, _ in Counter(item.table for item in self.moved).most_common()
            ),
        )
        every = Table("comparison_moved", f"Every number that moved, and words: {len(moved):,}", cells, moved)
        return headline, by_table, every, inputs_table(self.inputs, ("first", "second"))

    def picture(self) -> Picture | None:
        """Return maps of the change by nation for the architectures with the largest changes; None without any."""
        from hoplon.presentation.maps.changes import change_maps

        changes: dict[str, dict[str, float]] = {}
        for code, shares in self.by_nation().items():
            for name, (a, b) in shares.items():
                if a is not None and b is not None:
                    changes.setdefault(name, {})[code] = a - b
        if not changes:
            return None
        chosen = sorted(changes, key=lambda name: -max(map(abs, changes[name].values())))[:_MOST_MAPS]
        known = sorted({key[0] for side in (self.first, self.second) for key in _nation_shares(side)})
        return change_maps(
            {name: changes[name] for name in chosen},
            known,
            ("Change of the share of threatened people defended", "First study less second, by nation; base values"),
            self._made(),
            "comparison",
        )

    def _made(self) -> str:
        sides = (
            f"{name} {side.provenance.get('scenario', '')} {side.provenance.get('scenario sha256', '')[:12]} "
            f"(hoplon {side.provenance.get('hoplon version', '')})"
            for name, side in (("first", self.first), ("second", self.second))
        )
        return " · ".join((f"hoplon {VERSION}", *sides))

    def page(self) -> ComparisonPage:
        """Return what the page says; a long table is cut there, and whole in its file."""
        shown = self.picture()
        return ComparisonPage(
            title="Two studies compared",
            asked=f"First: {self.first.folder.name}. Second: {self.second.folder.name}.",
            sentences=self.sentences(),
            tables=self.tables(),
            pictures=() if shown is None else (shown,),
            provenance=self._made(),
            most_rows=_MOST_SHOWN,
        )

    def write(self, folder: Path) -> dict[str, str]:
        """Write ``comparison.html``, ``comparison.json``, the map and the tables to a folder; return the paths.

        Raises
        ------
        OutputError
            If something cannot be written.
        """
        return write_comparison(
            folder, self.page(), json.dumps({"version": VERSION, **self.as_json()}, indent=2, allow_nan=False) + "\n"
        )


def _cell(value: float | str | None) -> str | None:
    return f"{value:.10g}" if isinstance(value, float) else value


def _headline(side: StudyTables) -> dict[str, float | None]:
    rows = side.tables.get(_HEADLINE, CsvTable((), ())).records()
    return {
        row.get("architecture", ""): _number(row.get("population_share", ""))
        for row in rows
        if row.get("level") == _BASE
    }


def _nation_shares(side: StudyTables) -> dict[tuple[str, str], float | None]:
    return {
        (row.get("nation", ""), row.get("architecture", "")): _number(row.get("population_share", ""))
        for row in side.tables.get(_NATIONS, CsvTable((), ())).records()
        if row.get("level") == _BASE and row.get("class_set") == _HEADLINE_SET
    }


def compare_studies(first: Path, second: Path) -> StudyComparison:
    """Compare the folders of two studies.

    Raises
    ------
    InputError
        If one of them is no folder of a finished study, or both are the same folder.
    """
    if first.resolve() == second.resolve():
        raise InputError(f"two folders of studies were expected, got {first} twice")
    mine, theirs = read_study(first), read_study(second)
    return StudyComparison(
        first=mine,
        second=theirs,
        inputs=tuple(_inputs(mine, theirs)),
        moved=tuple(
            item
            for name in mine.tables
            if name in theirs.tables and name not in _NOT_ANSWERS
            for item in moved_cells(name, mine.tables[name], theirs.tables[name])
        ),
        only_first=tuple(name for name in mine.tables if name not in theirs.tables),
        only_second=tuple(name for name in theirs.tables if name not in mine.tables),
    )


def _inputs(first: StudyTables, second: StudyTables) -> Iterator[Difference]:
    mine, theirs = first.inputs, second.inputs
    for path in dict.fromkeys((*mine, *theirs)):
        if mine.get(path) != theirs.get(path):
            yield Difference(path, mine.get(path), theirs.get(path))
