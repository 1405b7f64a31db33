"""The report as one page that needs nothing but itself."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hoplon.analysis.architectures import compared_architectures
from hoplon.analysis.raid.sweeps import SEED
from hoplon.analysis.threat import RULE
from hoplon.presentation.picture import Picture
from hoplon.presentation.tables import Table, plain
from hoplon.presentation.wording import CAUSE_NAMES, CAUSE_PHRASES, bounds, percent
from hoplon.questions.commands import commands
from hoplon.questions.comparison.statements import Verdict
from hoplon.questions.question import Finding
from hoplon.questions.study import StudyResults
from hoplon.scenario import geography
from hoplon.version import VERSION

CONTENTS: Final = (
    ("summary", "Summary"),
    ("reading", "How to read it"),
    ("q1", "Q1 Threat"),
    ("road-map", "Road map"),
    ("q2", "Q2 Coverage"),
    ("q3", "Q3 Phases against programme"),
    ("q4", "Q4 Integration"),
    ("q7", "Q7 Partner radars"),
    ("q8", "Q8 Discrimination"),
    ("q14", "Q14 Under a raid"),
    ("assumptions", "Assumptions and sources"),
    ("provenance", "Provenance"),
)
_LARGEST_SVG: Final = 1_400_000  # [byte] a larger drawing goes into the page as PNG
FOLDERS: Final = {"maps": "maps", "figures": "figures"}


@dataclass(frozen=True)
class Shown:
    """A picture as the page shows it."""

    name: str
    title: str
    alternative: str
    address: str
    folder: str
    width: int
    height: int


def report_page(
    results: StudyResults,
    findings: Sequence[Finding],
    verdicts: Sequence[Verdict],
    tables: Mapping[str, Table],
    pictures: Sequence[tuple[str, Picture]],
) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    results : StudyResults
        What the study computed.
    findings : sequence of Finding
        The sentences.
    verdicts : sequence of Verdict
        Public statements held against the results.
    tables : mapping
        Name to table.
    pictures : sequence of tuple
        Folder (``maps`` or ``figures``) and picture, in the order of the page.
    """
    environment = Environment(
        loader=PackageLoader("hoplon.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    loader = environment.loader
    assert loader is not None
    style, _, _ = loader.get_source(environment, "style.css")
    shown = {picture.name: _shown(folder, picture) for folder, picture in pictures}
    return environment.get_template("report.html.j2").render(
        title=results.scenario.title,
        version=VERSION,
        raid_seed=SEED,
        scenario=results.scenario,
        style=Markup(style),
        contents=CONTENTS,
        commands=commands(results),
        findings=grouped(findings),
        summary=summary(findings),
        tiles=_tiles(results),
        verdicts=verdicts,
        tables={name: _Rendered(table) for name, table in tables.items()},
        table_names=list(tables),
        plans_table=_plans_table(tables["coverage_plans_by_nation"]),
        pictures=_Pictures(shown),
        coverage_maps=[item for name, item in shown.items() if name.startswith("coverage-")],
        footprint_maps=[item for name, item in shown.items() if name.startswith("footprints-")],
        causes=[(CAUSE_NAMES[key], phrase) for key, phrase in CAUSE_PHRASES.items()],
        threat_rule=RULE,
        attributions=(
            geography.NATURAL_EARTH_ATTRIBUTION,
            geography.GEONAMES_ATTRIBUTION,
            f"Made by hoplon {VERSION} (Apache License 2.0).",
        ),
    )


def grouped(findings: Sequence[Finding]) -> dict[str, list[list[Finding]]]:
    """Return findings by question, those of one subject that follow one another together."""
    groups: dict[str, list[list[Finding]]] = {}
    for item in findings:
        of_question = groups.setdefault(item.question, [])
        if item.subject and of_question and of_question[-1][-1].subject == item.subject:
            of_question[-1].append(item)
        else:
            of_question.append([item])
    return groups


def summary(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that stand in front, by question: of each question and plan the first, every statement."""
    chosen: list[Finding] = []
    asked: set[str] = set()
    for item in findings:
        told = set(item.numbers)
        opens = item.question in {"Q7", "Q14"} and item.question not in asked
        asked.add(item.question)
        lead = item.question in {"Q1", "Q4"} or bool({"people", "phases_closed", "gain"} & told)
        lead = lead and "raid_threats" not in told
        net = item.question in {"Q7", "Q8"} and bool({"plans_worse", "objects"} & told)
        net = net or bool({"release_decision_s", "full integration"} & told)
        if net or opens or (lead and item.question in {"Q1", "Q2", "Q3", "Q4"}):
            chosen.append(item)
        elif item.sentence.startswith("“"):
            chosen.append(Finding(item.question, item.sentence.split(": ")[0] + f": {_outcome(item.sentence)}."))
    return sorted(chosen, key=lambda item: int(item.question[1:]))


def _outcome(sentence: str) -> str:
    return sentence.split("): ", 1)[1].split(".", 1)[0]


def _shown(folder: str, picture: Picture) -> Shown:
    if len(picture.svg) <= min(_LARGEST_SVG, 3 * len(picture.png)):
        address = "data:image/svg+xml;base64," + base64.b64encode(picture.svg).decode("ascii")
    else:
        address = "data:image/png;base64," + base64.b64encode(picture.png).decode("ascii")
    return Shown(picture.name, picture.title, picture.alternative, address, folder, *_size(picture.png))


def _size(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG [pixel], so that a browser keeps room for it before it is decoded."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


class _Pictures:
    """Pictures by name with ``-`` written as ``_``; None for one that was not drawn."""

    def __init__(self, shown: Mapping[str, Shown]) -> None:
        self._shown = {name.replace("-", "_"): item for name, item in shown.items()}

    def __getattr__(self, name: str) -> Shown | None:
        return self._shown.get(name)


class _Rendered:
    """A table as the template walks it."""

    def __init__(self, table: Table) -> None:
        self.name, self.title, self.columns = table.name, table.title, table.columns
        self.rows = table.cells()


def _tiles(results: StudyResults) -> list[dict[str, str]]:
    tiles = []
    for name in compared_architectures(results.scenario):
        shares = results.people(name)
        resolved = results.scenario.architecture(name)
        if shares is not None:
            year = "" if resolved.year is None else f", {resolved.year}"
            tiles.append(
                {
                    "name": f"{resolved.title.split(',')[0].split(' (')[0]}{year}",
                    "share": percent(shares[1]),
                    "bounds": bounds(shares),
                }
            )
    return tiles


def _plans_table(table: Table) -> dict[str, Any]:
    """Return the table of plans by nation with three columns of a plan in one cell."""
    rows = []
    for row in table.rows:
        cells = []
        for place in range(2, len(row), 3):
            base, low, high = row[place : place + 3]
            cells.append(
                {
                    "plain": plain(base, "share"),
                    "low": plain(low, "share"),
                    "high": plain(high, "share"),
                    "words": "–" if base is None else percent(base),
                    "bounds": "" if base is None else bounds((low, base, high)),
                }
            )
        rows.append({"name": row[1], "total": row[0] == "EUROPE", "cells": cells})
    heads = [column.title for column in table.columns[2::3]]
    return {"title": table.title, "heads": heads, "rows": rows}
