"""The report as one page that needs nothing but itself: page one is the answer, then the sections of the questions."""

from __future__ import annotations

import base64
import hashlib
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hoplon.analysis.raid.sweeps import SEED
from hoplon.extras import missing_packages
from hoplon.presentation.tables import Table
from hoplon.presentation.wording import CAUSE_NAMES, CAUSE_PHRASES, bounds, percent
from hoplon.questions.question import TableRef
from hoplon.questions.study import Study
from hoplon.report.based_on import BasedOn
from hoplon.report.drawings import Drawings
from hoplon.report.page_blocks import MOST_MORE_FIGURES, Numbering, QuestionOnPage, SectionOnPage, rendered
from hoplon.report.page_names import PageNames
from hoplon.report.page_one import PageOne, page_one
from hoplon.scenario import geography
from hoplon.version import VERSION

_BEFORE: Final = (("summary", "Summary"), ("reading", "How to read it"))
_AFTER: Final = (("assumptions", "Assumptions and sources"), ("provenance", "Provenance"))
CHANGED: Final = ("changed", "Based on, and changed")


def report_page(
    study: Study,
    shown: Sequence[QuestionOnPage],
    tables: Mapping[str, Table],
    missing: Sequence[str] = (),
    changes: BasedOn | None = None,
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
    changes : BasedOn, optional
        What the scenario changes of the one that it extends.

    Raises
    ------
    LookupError
        If a section names a table that its question has not, or shows a figure twice or not at all.
    """
    fields = page_fields(study, shown, tables, missing, changes)
    script = template_source("page.js").strip()
    contents = [
        *_BEFORE,
        *((item.question.key, item.question.contents) for item in shown),
        *(() if changes is None else (CHANGED,)),
        *_AFTER,
    ]
    return (
        page_templates()
        .get_template("page.html.j2")
        .render(
            **fields,
            script=Markup(script),
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
            contents=contents,
            table_names=list(tables),
            netcdf=not missing_packages("netcdf"),
            most_figures=MOST_MORE_FIGURES,
        )
    )


def page_fields(
    study: Study,
    shown: Sequence[QuestionOnPage],
    tables: Mapping[str, Table],
    missing: Sequence[str] = (),
    changes: BasedOn | None = None,
    whole: bool = False,
) -> dict[str, Any]:
    """Return what the templates of the report and of the comprehensive report need both.

    Parameters
    ----------
    study, shown, tables, missing, changes
        As of :func:`report_page`.
    whole : bool
        Every section shows everything.

    Returns
    -------
    dict
        The last numbers of figures and tables among it, as ``numbering``.
    """
    drawings, numbering, names = Drawings(), Numbering(), PageNames(study.scenario)
    findings = [finding for item in shown for finding in item.findings]
    answer = page_one(study, findings, len(tables["cited_values"].rows), len(tables["assumptions"].rows), missing)
    headline_number = numbering.table(more=False)
    laid_out = [SectionOnPage(item, drawings, numbering, names, whole) for item in shown]
    lead_figures = [figure for item in laid_out for figure in item.lead_figures()]
    sections = [item.fields() for item in laid_out]
    changed = None if changes is None else numbered_table(changes.table(), numbering, whole)
    inputs = {name: numbered_table(table, numbering, whole) for name, table in tables.items() if name in _INPUTS}
    return {
        "title": study.scenario.title,
        "version": VERSION,
        "raid_seed": SEED,
        "scenario": study.scenario,
        "region": study.region,
        "classes_title": study.classes_title,
        "style": Markup(template_source("style.css")),
        "drawing_styles": drawings.styles(),
        "shapes": drawings.shapes(),
        "command": shlex.join(["hoplon", "study", study.scenario.name, "-o", "study"]),
        "answer": answer,
        "headline": _headline(answer),
        "headline_number": headline_number,
        "changes": changes,
        "changed": changed,
        "lead_figures": lead_figures,
        "sections": sections,
        "inputs": inputs,
        "sources": frozenset(study.scenario.sources),
        "causes": [(CAUSE_NAMES[key], phrase) for key, phrase in CAUSE_PHRASES.items()],
        "attributions": (
            geography.NATURAL_EARTH_ATTRIBUTION,
            geography.GEONAMES_ATTRIBUTION,
            geography.PEOPLE_ATTRIBUTION,
            f"Made by hoplon {VERSION} (Apache License 2.0).",
        ),
        "numbering": numbering,
    }


_INPUTS: Final = ("assumptions", "cited_values", "sources", "people", "provenance")
_SHOWN: Final = {"assumptions": ("path", "value", "low", "high", "note")}  # all of one kind, and without a source


@cache
def page_templates() -> Environment:
    """Return the templates."""
    return Environment(
        loader=PackageLoader("hoplon.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )


def template_source(name: str) -> str:
    """Return the text of a style sheet or a script beside the templates."""
    loader = page_templates().loader
    assert loader is not None
    return loader.get_source(page_templates(), name)[0]


def numbered_table(table: Table, numbering: Numbering, whole: bool = False) -> dict[str, object]:
    """Return a table of the inputs, or of methods, as the templates walk it; printed however long where all is."""
    block = TableRef(table.name, columns=_SHOWN.get(table.name, ()))
    shown = rendered(table, block=block) if not whole else rendered(table, len(table.rows) + 1, block=block)
    return {"shown": shown, "label": numbering.table(more=True)}


def _headline(answer: PageOne) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return the rows of the table of page one: title, and of each set of classes the base, the corners, the band."""
    rows = []
    for row in answer.rows:
        cells = []
        for cell in row.cells:
            if cell.share is None:
                cells.append(("–", "", ""))
                continue
            band = "" if cell.band is None else f"{percent(cell.band.low)} to {percent(cell.band.high)}"
            cells.append((percent(cell.share[1]), bounds(cell.share), band))
        rows.append((row.title, cells))
    return rows
