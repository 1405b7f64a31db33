"""The report as one page that needs nothing but itself: it lays out the sections that the questions give."""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from hoplon.analysis.architectures import compared_architectures, short_title
from hoplon.analysis.raid.sweeps import SEED
from hoplon.presentation.picture import Picture
from hoplon.presentation.tables import Table
from hoplon.presentation.wording import CAUSE_NAMES, CAUSE_PHRASES, bounds, percent
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
from hoplon.questions.study import Study
from hoplon.scenario import geography
from hoplon.version import VERSION

_LARGEST_SVG: Final = 1_400_000  # [byte] a larger drawing goes into the page as PNG
_BEFORE: Final = (("summary", "Summary"), ("reading", "How to read it"))
_AFTER: Final = (("assumptions", "Assumptions and sources"), ("provenance", "Provenance"))
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
        Names of the figures that stand in the summary.
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
class EmbeddedFigure:
    """A picture as the page holds it."""

    name: str
    title: str
    alternative: str
    address: str
    folder: str
    width: int
    height: int


def report_page(
    study: Study, shown: Sequence[QuestionOnPage], tables: Mapping[str, Table], missing: Sequence[str] = ()
) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    study : Study
    shown : sequence of QuestionOnPage
        The questions, in their order.
    tables : mapping
        Name to table: every one that the study writes, those of the inputs among them.
    missing : sequence of str
        Sentences on what the scenario does not hold.

    Raises
    ------
    LookupError
        If a section names a table that its question has not, or shows a figure twice or not at all.
    """
    environment = Environment(
        loader=PackageLoader("hoplon.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    loader = environment.loader
    assert loader is not None
    style, _, _ = loader.get_source(environment, "style.css")
    laid_out = [_LaidOut(item) for item in shown]
    contents = [*_BEFORE, *((item.question.key, item.question.contents) for item in shown), *_AFTER]
    return environment.get_template("page.html.j2").render(
        title=study.scenario.title,
        version=VERSION,
        raid_seed=SEED,
        scenario=study.scenario,
        region=study.region,
        classes_title=study.classes_title,
        style=Markup(style),
        contents=contents,
        command=shlex.join(["hoplon", "study", study.scenario.name, "-o", "study"]),
        summary=[finding for item in shown for finding in item.findings if finding.lead],
        missing=missing,
        tiles=_tiles(study),
        lead_figures=[figure for item in laid_out for figure in item.lead_figures()],
        sections=[
            {"key": item.question.key, "heading": item.question.heading, "blocks": list(laid.blocks())}
            for item, laid in zip(shown, laid_out, strict=True)
        ],
        tables={name: _rendered(table) for name, table in tables.items()},
        table_names=list(tables),
        causes=[(CAUSE_NAMES[key], phrase) for key, phrase in CAUSE_PHRASES.items()],
        attributions=(
            geography.NATURAL_EARTH_ATTRIBUTION,
            geography.GEONAMES_ATTRIBUTION,
            geography.PEOPLE_ATTRIBUTION,
            f"Made by hoplon {VERSION} (Apache License 2.0).",
        ),
    )


class _LaidOut:
    """A question's blocks with their figures, tables and findings put in."""

    def __init__(self, shown: QuestionOnPage) -> None:
        self._shown = shown
        self._figures = {picture.name: _embedded(folder, picture) for folder, picture in shown.pictures}
        self._tables = {table.name: table for table in shown.tables}

    def lead_figures(self) -> list[EmbeddedFigure]:
        """Return the figures of the summary."""
        return [self._figures[name] for name in self._shown.lead]

    def blocks(self) -> Iterator[SimpleNamespace]:
        """Yield each block as the template renders it.

        Raises
        ------
        LookupError
            If a table is not there, or a figure is shown twice or not at all.
        """
        left = dict.fromkeys(name for name in self._figures if name not in self._shown.lead)
        for block in self._shown.section.blocks:
            fields = self._fields(block)
            if isinstance(block, FigureRef) and fields is not None and block.name not in left:
                raise LookupError(f"{self._shown.question.name}: the figure {block.name} is shown twice")
            if isinstance(block, FigureRef):
                left.pop(block.name, None)
            if fields is not None:
                yield SimpleNamespace(kind=type(block).__name__, **fields)
        if left:
            raise LookupError(f"{self._shown.question.name}: its section does not show the figures {', '.join(left)}")

    def _fields(self, block: Block) -> dict[str, Any] | None:
        """Return what the template needs of a block; None for one that is left out."""
        match block:
            case Heading(text):
                return {"text": text}
            case Prose(text, note, items):
                return {"text": marked(text), "note": note, "entries": [marked(item) for item in items]}
            case FindingList(numbers):
                chosen = [
                    item for item in self._shown.findings if item.listed and (not numbers or item.question in numbers)
                ]
                return {"groups": grouped(chosen)} if chosen else None
            case FigureRef(name, heading):
                return {"shown": self._figures[name], "heading": heading} if name in self._figures else None
            case TableRef():
                return self._table_fields(block)
            case Grid():
                return {"grid": block}
            case Commands(lines):
                return {"lines": lines} if lines else None

    def _table_fields(self, block: TableRef) -> dict[str, Any] | None:
        if block.name not in self._tables:
            raise LookupError(f"{self._shown.question.name}: its section shows a table {block.name} that it has not")
        table = self._tables[block.name]
        if block.optional and not table.rows:
            return None
        summary = block.summary or table.title
        shown = _rendered(table)
        return {
            "shown": shown, "folded": block.folded, "opened": block.opened, "turned": block.turned, "summary": summary
        }  # fmt: skip


def marked(text: str) -> Markup:
    """Return a text with ``**bold**`` and code in backticks as HTML."""
    parts, done = [], 0
    for found in _MARKS.finditer(text):
        parts.append(escape(text[done : found.start()]))
        tag = "b" if found["bold"] else "code"
        parts.append(Markup("<{0}>{1}</{0}>").format(Markup(tag), found["bold"] or found["code"]))
        done = found.end()
    return Markup("").join([*parts, escape(text[done:])])


def grouped(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return findings with those of one subject that follow one another together."""
    groups: list[list[Finding]] = []
    for item in findings:
        if item.subject and groups and groups[-1][-1].subject == item.subject:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _embedded(folder: str, picture: Picture) -> EmbeddedFigure:
    if len(picture.svg) <= min(_LARGEST_SVG, 3 * len(picture.png)):
        address = "data:image/svg+xml;base64," + base64.b64encode(picture.svg).decode("ascii")
    else:
        address = "data:image/png;base64," + base64.b64encode(picture.png).decode("ascii")
    return EmbeddedFigure(picture.name, picture.title, picture.alternative, address, folder, *_size(picture.png))


def _size(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG [pixel], so that a browser keeps room for it before it is decoded."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def _rendered(table: Table) -> SimpleNamespace:
    """Return a table as the template walks it."""
    return SimpleNamespace(name=table.name, title=table.title, columns=table.columns, rows=table.cells())


def _tiles(study: Study) -> list[dict[str, str]]:
    tiles = []
    for name in compared_architectures(study.scenario):
        shares = study.people(name)
        if shares is not None:
            year = "" if study.year(name) is None else f", {study.year(name)}"
            tiles.append(
                {
                    "name": f"{short_title(study.scenario, name)}{year}",
                    "share": percent(shares[1]),
                    "bounds": bounds(shares),
                }
            )
    return tiles
