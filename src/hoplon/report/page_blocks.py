"""A question's blocks with their figures, tables and findings put in, numbered in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, Final

from markupsafe import Markup, escape

from hoplon.presentation.picture import Picture
from hoplon.presentation.tables import Table
from hoplon.questions.question import (
    Block,
    Commands,
    FigureRef,
    Finding,
    FindingList,
    Grid,
    Heading,
    Prose,
    Question,
    Section,
    TableRef,
)
from hoplon.report.drawings import Drawings
from hoplon.report.page_names import PageNames
from hoplon.report.shortening import shortened_sentence

MOST_FINDINGS: Final = 6
MOST_MORE_FIGURES: Final = 6
"""Figures in the folded part of a section; the others stand in the comprehensive report."""
LONGEST: Final = 300  # [characters] of a finding: three lines
_LONG_TABLE: Final = 30  # rows from which a table is not printed
_LONG_IN_WHOLE: Final = 250  # and in a report that shows everything
_PRINTED: Final = frozenset({"sources"})  # however long
_MARKS: Final = re.compile(r"\*\*(?P<bold>[^*]+)\*\*|`(?P<code>[^`]+)`")


@dataclass(frozen=True)
class QuestionOnPage:
    """A question that the scenario asks, with all that the page shows of it.

    Parameters
    ----------
    question : Question
    findings : tuple of Finding
    tables : tuple of Table
    section : Section
    lead : tuple of str
        Names of the figures that stand on page one.
    pictures : tuple of tuple
        Folder (``maps`` or ``figures``) and picture.
    """

    question: Question
    findings: tuple[Finding, ...]
    tables: tuple[Table, ...]
    section: Section
    lead: tuple[str, ...]
    pictures: tuple[tuple[str, Picture], ...]


@dataclass(frozen=True)
class FigureOnPage:
    """A picture as the page holds it."""

    name: str
    title: str
    drawing: Markup
    folder: str
    label: str


class Numbering:
    """Numbers of figures and tables in the order of the page: ``3``, and ``A3`` in the part that is folded."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, bool], int] = {}

    def _next(self, kind: str, more: bool) -> str:
        number = self._last[kind, more] = self._last.get((kind, more), 0) + 1
        return f"{kind} {'A' if more else ''}{number}"

    def figure(self, more: bool) -> str:
        """Return the label of the next figure."""
        return self._next("Figure", more)

    def table(self, more: bool) -> str:
        """Return the label of the next table."""
        return self._next("Table", more)


@dataclass(frozen=True)
class NumberedFinding:
    """A finding with its address on the page, its label, and what the section says of it."""

    finding: Finding
    address: str
    label: str
    brief: str

    @property
    def cut(self) -> bool:
        """Whether the section says less than the finding."""
        return self.brief != self.finding.sentence


def numbered(question: Question, findings: Sequence[Finding]) -> list[NumberedFinding]:
    """Return the findings of a question that its section lists, numbered in their order."""
    listed = [item for item in findings if item.listed]
    return [
        NumberedFinding(
            item,
            f"{question.key}-{place}",
            f"{question.number}.{place}".lstrip("."),
            item.short or shortened_sentence(item.sentence, LONGEST),
        )
        for place, item in enumerate(listed, start=1)
    ]


def chosen(findings: Sequence[NumberedFinding], lead: str = "") -> tuple[NumberedFinding | None, list[NumberedFinding]]:
    """Return the finding that leads a section, and at most six more, in the order of their numbers.

    Parameters
    ----------
    findings : sequence of NumberedFinding
    lead : str
        Name of a number of the finding that leads; without it, the first of those that lead.

    Notes
    -----
    A finding that follows another on the same subject says "it", and is not shown without that one.
    """
    if not findings:
        return None, []
    first = next(
        (item for item in findings if lead and lead in item.finding.numbers),
        next((item for item in findings if item.finding.lead), findings[0]),
    )
    order = [
        (item.finding.rank, not item.finding.lead, place)
        for place, item in enumerate(findings)
        if item is not first and not _follows(findings, place)
    ]
    places = sorted(place for *_, place in sorted(order)[:MOST_FINDINGS])
    return first, [findings[place] for place in places]


def led_by(
    section: Section, findings: Sequence[NumberedFinding]
) -> tuple[NumberedFinding | None, list[NumberedFinding]]:
    """Return the finding that leads a section, as its list of findings says, and at most six more."""
    list_ = next((block for block in section.every if isinstance(block, FindingList)), FindingList())
    return chosen(findings, list_.lead)


def _follows(findings: Sequence[NumberedFinding], place: int) -> bool:
    subject = findings[place].finding.subject
    return bool(subject) and place > 0 and findings[place - 1].finding.subject == subject


class SectionOnPage:
    """A question's section as the template renders it.

    Parameters
    ----------
    shown : QuestionOnPage
    drawings : Drawings
        Of the page.
    numbering : Numbering
        Of the page.
    names : PageNames
        Of the scenario.
    whole : bool
        Everything is shown: every finding in full, every figure, long tables, commands, nothing folded.
    """

    def __init__(
        self, shown: QuestionOnPage, drawings: Drawings, numbering: Numbering, names: PageNames, whole: bool = False
    ) -> None:
        self._shown, self._drawings, self._numbering, self._names = shown, drawings, numbering, names
        self._whole = whole
        self._more_figures = 0
        self._pictures = {picture.name: (folder, picture) for folder, picture in shown.pictures}
        self._tables = {table.name: table for table in shown.tables}
        self._findings = numbered(shown.question, shown.findings)
        self._lead, self._six = led_by(shown.section, self._findings)
        if whole:
            self._findings = [replace(item, brief=item.finding.sentence) for item in self._findings]
            first = next((item for item in self._findings if self._lead and item.address == self._lead.address), None)
            self._lead, self._six = first, [item for item in self._findings if item is not first]
        self._left = dict.fromkeys(name for name in self._pictures if name not in shown.lead)

    def lead_figures(self) -> list[FigureOnPage]:
        """Return the figures of page one."""
        return [self._figure(name, more=False) for name in self._shown.lead]

    def fields(self) -> dict[str, Any]:
        """Return what the template needs of the section.

        Raises
        ------
        LookupError
            If a table is not there, or a figure is shown twice or not at all.
        """
        question, section = self._shown.question, self._shown.section
        blocks = list(self._blocks(section.blocks, more=False))
        more = list(self._blocks(section.more, more=True))
        if self._left:
            raise LookupError(f"{question.name}: its section does not show the figures {', '.join(self._left)}")
        seen = {item.address for item in (self._lead, *self._six) if item is not None}
        rest = [item for item in self._findings if item.address not in seen or item.cut]
        return {
            "key": question.key,
            "heading": question.heading,
            "name": question.contents,
            "blocks": blocks,
            "rest": [
                [(item, item.address + ("-whole" if item.address in seen else "")) for item in group]
                for group in grouped(rest)
            ],
            "more": more,
            "holds": _holds(len(rest), more),
        }

    def _blocks(self, blocks: Sequence[Block], more: bool) -> Iterator[SimpleNamespace]:
        """Yield each block as the template renders it."""
        for block in blocks:
            fields = self._fields(block, more)
            if fields is not None:
                yield SimpleNamespace(**{"kind": type(block).__name__, **fields})

    def _fields(self, block: Block, more: bool) -> dict[str, Any] | None:
        """Return what the template needs of a block; None for one that is left out."""
        match block:
            case Heading(text):
                return {"text": text}
            case Prose(text, note, items):
                return {"text": marked(text), "note": note, "entries": [marked(item) for item in items]}
            case FindingList():
                return {"lead": self._lead, "six": self._six} if self._findings else None
            case FigureRef(name, heading):
                return self._figure_fields(name, heading, more)
            case TableRef():
                return self._table_fields(block, more)
            case Grid():
                return {"grid": block, "label": self._numbering.table(more)}
            case Commands(lines):
                return {"lines": lines, "folded": not self._whole} if lines else None

    def _figure_fields(self, name: str, heading: str, more: bool) -> dict[str, Any] | None:
        if name not in self._pictures:
            return None
        if name not in self._left:
            raise LookupError(f"{self._shown.question.name}: the figure {name} is shown twice")
        del self._left[name]
        self._more_figures += more
        if not self._whole and self._more_figures > MOST_MORE_FIGURES:
            folder, picture = self._pictures[name]
            label = self._numbering.figure(more)  # the same as in the comprehensive report
            return {"kind": "FigureElsewhere", "shown": FigureOnPage(name, picture.title, Markup(), folder, label)}
        return {"shown": self._figure(name, more), "heading": heading}

    def _figure(self, name: str, more: bool) -> FigureOnPage:
        folder, picture = self._pictures[name]
        drawing = self._drawings.inline(picture.svg, picture.title, picture.alternative)
        return FigureOnPage(name, picture.title, drawing, folder, self._numbering.figure(more))

    def _table_fields(self, block: TableRef, more: bool) -> dict[str, Any] | None:
        if block.name not in self._tables:
            raise LookupError(f"{self._shown.question.name}: its section shows a table {block.name} that it has not")
        table = self._tables[block.name]
        if block.optional and not table.rows:
            return None
        return {
            "shown": rendered(table, _LONG_IN_WHOLE if self._whole else _LONG_TABLE, self._names, block),
            "label": self._numbering.table(more),
            "folded": block.folded and not self._whole,
            "opened": block.opened,
            "turned": block.turned,
            "summary": block.summary or table.title,
        }


def _holds(findings: int, blocks: Sequence[SimpleNamespace]) -> str:
    """Return what the folded part of a section holds, in words; empty for nothing."""
    counts = [
        (findings, "finding"),
        (sum(block.kind in {"FigureRef", "FigureElsewhere"} for block in blocks), "figure"),
        (sum(block.kind in {"TableRef", "Grid"} for block in blocks), "table"),
    ]
    told = [f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts if number]
    return ", ".join(told) or ("commands" if blocks else "")


def rendered(
    table: Table, not_printed: int = _LONG_TABLE, names: PageNames | None = None, block: TableRef | None = None
) -> SimpleNamespace:
    """Return a table as the template walks it: with names for keys, and those columns and rows that the page shows.

    Parameters
    ----------
    table : Table
    not_printed : int
        With so many rows it is not printed.
    names : PageNames, optional
        What keys are called; themselves without it.
    block : TableRef, optional
        Which columns and rows are shown; without it all, but for the codes of nations that are named beside them.
    """
    keys = [column.key for column in table.columns]
    chosen = [key for key in block.columns if key in keys] if block is not None else []
    chosen = chosen or [key for key in keys if key != "nation" or "nation_name" not in keys]
    places = [keys.index(key) for key in chosen]
    keep = None if block is None else block.keep
    rows = [
        [
            (plain, words if names is None or kind != "text" else names.titled(keys[place], words), kind)
            for place in places
            for plain, words, kind in (cells[place],)
        ]
        for row, cells in zip(table.rows, table.cells(), strict=True)
        if keep is None or keep(dict(zip(keys, row, strict=True)))
    ]
    part = []
    if len(rows) < len(table.rows):
        told = f", {block.kept}" if block is not None and block.kept else ""
        part.append(f"{len(rows)} of {len(table.rows)} rows{told}")
    if block is not None and block.columns and len(places) < len(keys):
        part.append(f"{len(places)} of {len(keys)} columns")
    return SimpleNamespace(
        name=table.name,
        title=table.title,
        columns=[table.columns[place] for place in places],
        rows=rows,
        long=len(rows) >= not_printed and table.name not in _PRINTED,
        part="; ".join(part),
    )


def marked(text: str) -> Markup:
    """Return a text with ``**bold**`` and code in backticks as HTML."""
    parts, done = [], 0
    for found in _MARKS.finditer(text):
        parts.append(escape(text[done : found.start()]))
        tag = "b" if found["bold"] else "code"
        parts.append(Markup("<{0}>{1}</{0}>").format(Markup(tag), found["bold"] or found["code"]))
        done = found.end()
    return Markup("").join([*parts, escape(text[done:])])


def grouped(findings: Sequence[NumberedFinding]) -> list[list[NumberedFinding]]:
    """Return findings with those of one subject that follow one another together."""
    groups: list[list[NumberedFinding]] = []
    for item in findings:
        if item.finding.subject and groups and groups[-1][-1].finding.subject == item.finding.subject:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups
