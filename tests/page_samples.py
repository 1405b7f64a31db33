"""The questions of the made-up sample as a page shows them, their figures made up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import flight_samples
import report_samples as samples
from hoplon.presentation.picture import Picture
from hoplon.presentation.tables import Table
from hoplon.questions.question import Question, every_question
from hoplon.report.inputs import findings_table, input_tables
from hoplon.report.page_blocks import QuestionOnPage

GIVEN = {"partner_radars": flight_samples.partner_radars, "discrimination": flight_samples.warhead_selection}
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
    b'<defs><path id="m1" d="m0 0 1 1"/></defs><g id="axes_1"><use xlink:href="#m1" x="1.23456"/>'
    b'<text style="fill: #fff">Words of a figure</text></g></svg>'
)
LEFT_OUT = {"comparison", "elements", "integration"}  # their answers need flights, not made-up coverages alone


def on_page(question: Question) -> QuestionOnPage | None:
    """Return a question of the sample as the page shows it, its figures made up."""
    study = samples.results()
    made = GIVEN.get(question.name)
    answer = question.answer(study) if made is None else made()
    if answer is None:
        return None
    figures = question.figures(study, answer)
    png = b"\x89PNG\r\n\x1a\n" + bytes(8) + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")
    pictures = tuple(
        (item.folder, Picture(item.name, "A figure", "A map of <nothing> & all", SVG, png)) for item in figures
    )
    return QuestionOnPage(
        question,
        tuple(question.findings(study, answer)),
        tuple(question.tables(study, answer)),
        question.section(study, answer),
        tuple(item.name for item in figures if item.lead),
        pictures,
    )


@cache
def shown() -> tuple[QuestionOnPage, ...]:
    """Return the questions that the sample answers."""
    every = [on_page(item) for item in every_question() if item.name not in LEFT_OUT]
    return tuple(item for item in every if item is not None)


def tables(questions: Sequence[QuestionOnPage]) -> dict[str, Table]:
    """Return every table that a study of some questions writes, by its name."""
    every = [table for item in questions for table in item.tables]
    findings = findings_table([finding for item in questions for finding in item.findings])
    return {table.name: table for table in (findings, *every, *input_tables(samples.scenario()))}
