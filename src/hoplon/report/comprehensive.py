"""The comprehensive report: one document of everything, made to be printed.

Title page with provenance, an executive summary of one page, contents, page one of the report, every question with all
its findings, figures and tables, methods, the record of validation, assumptions, sources, what is not answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from hoplon.presentation.tables import Table
from hoplon.questions.question import Question
from hoplon.questions.study import Study
from hoplon.report.based_on import BasedOn
from hoplon.report.executive_summary import executive_summary, in_order
from hoplon.report.page import CHANGED, numbered_table, page_fields, page_templates, template_source
from hoplon.report.page_blocks import QuestionOnPage, marked
from hoplon.validation.methods import methods
from hoplon.validation.record import validation_table

_BEFORE: Final = (
    ("executive-summary", "Executive summary"),
    ("summary", "The answer on one page"),
    ("reading", "How to read it"),
)
_AFTER: Final = (
    ("methods", "Methods"),
    ("validation", "Record of validation"),
    ("assumptions", "Assumptions"),
    ("cited", "Cited values, people"),
    ("sources", "Sources"),
    ("not-answered", "What is not answered"),
)


def comprehensive_page(
    study: Study,
    shown: Sequence[QuestionOnPage],
    questions: Sequence[Question],
    tables: Mapping[str, Table],
    missing: Sequence[str] = (),
    changes: BasedOn | None = None,
) -> str:
    """Return the comprehensive report as HTML that needs nothing but itself.

    Parameters
    ----------
    study : Study
    shown : sequence of QuestionOnPage
        The questions that the study answers.
    questions : sequence of Question
        Every one.
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
    ordered = in_order(shown)
    fields = page_fields(study, ordered, tables, missing, changes, whole=True)
    told, numbering = methods(), fields.pop("numbering")
    contents = [
        *_BEFORE,
        *((item.question.key, item.question.heading) for item in ordered),
        *(() if changes is None else (CHANGED,)),
        *_AFTER,
    ]
    return (
        page_templates()
        .get_template("comprehensive.html.j2")
        .render(
            **fields,
            print_style=Markup(template_source("comprehensive.css")),
            executive=executive_summary(ordered, questions),
            contents=contents,
            words=[marked(paragraph) for paragraph in told.words],
            equations=numbered_table(told.equations_table(), numbering, whole=True),
            left_out=numbered_table(told.left_out_table(), numbering, whole=True),
            validation=numbered_table(validation_table(), numbering, whole=True),
        )
    )
