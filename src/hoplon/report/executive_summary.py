"""The executive summary: the answer to each question in one sentence, from the findings that lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hoplon.questions.question import Question
from hoplon.report.page_blocks import NumberedFinding, QuestionOnPage, led_by, numbered
from hoplon.report.shortening import shortened_sentence

_LINES: Final = 62  # of the summary's page that answers may fill
_PER_LINE: Final = 100  # [characters]
_MOST: Final = 420  # [characters] of an answer, however much room there is
_STEP: Final = 10  # [characters]
_LEAST: Final = 120  # [characters] that an answer always has


@dataclass(frozen=True)
class AnswerLine:
    """A question with its answer in one sentence.

    Parameters
    ----------
    number, title : str
        Of the question; the title is the short one.
    key : str
        Address of its section.
    label, address : str
        Of the finding that the sentence comes from; empty where the question has none.
    sentence : str
    """

    number: str
    title: str
    key: str
    label: str
    address: str
    sentence: str


@dataclass(frozen=True)
class ExecutiveSummary:
    """What stands on the page of the summary.

    Parameters
    ----------
    answers : tuple of AnswerLine
        One for each numbered question that the study answers, in the order of the numbers.
    not_asked : tuple of str
        Number and title of each question that it does not answer.
    """

    answers: tuple[AnswerLine, ...]
    not_asked: tuple[str, ...]


def executive_summary(shown: Sequence[QuestionOnPage], questions: Sequence[Question]) -> ExecutiveSummary:
    """Return the summary of a study.

    Parameters
    ----------
    shown : sequence of QuestionOnPage
        The questions that the study answers.
    questions : sequence of Question
        Every one.

    Notes
    -----
    A sentence that leads stands whole up to 420 characters, and fewer where all of them together would fill more than
    their page; a longer one is cut at the end of a clause, as the sections cut them.
    """
    found = [(item.question, _lead(item)) for item in in_order(shown) if item.question.number]
    most = _longest([lead.finding.summary or lead.finding.sentence for _, lead in found if lead is not None])
    answers = tuple(
        AnswerLine(
            question.number,
            question.short_title,
            question.key,
            "" if lead is None else lead.label,
            "" if lead is None else lead.address,
            "" if lead is None else _told(lead, most),
        )
        for question, lead in found
    )
    asked = {item.question.name for item in shown}
    left = sorted((item for item in questions if item.number and item.name not in asked), key=_place)
    return ExecutiveSummary(answers, tuple(item.heading for item in left))


def in_order(shown: Sequence[QuestionOnPage]) -> list[QuestionOnPage]:
    """Return questions in the order of their numbers; one without stays behind the one that it follows."""
    places, last = {}, 0
    for item in shown:
        last = _place(item.question) if item.question.number else last
        places[item.question.name] = last
    return sorted(shown, key=lambda item: places[item.question.name])


def _place(question: Question) -> int:
    """Return the number of a question as a number: 7 of ``Q7``."""
    return int("".join(filter(str.isdigit, question.number)) or 0)


def _lead(item: QuestionOnPage) -> NumberedFinding | None:
    return led_by(item.section, numbered(item.question, item.findings))[0]


def _told(lead: NumberedFinding, most: int) -> str:
    sentence = lead.finding.summary or lead.finding.sentence
    if len(sentence) <= most:
        return sentence
    short = lead.finding.short
    return short if short and len(short) <= most else shortened_sentence(sentence, most)


def _longest(sentences: Sequence[str]) -> int:
    """Return the greatest length with which the sentences fit their page together."""
    for most in range(_MOST, _LEAST, -_STEP):
        if sum(-(-min(len(text), most) // _PER_LINE) for text in sentences) <= _LINES:
            return most
    return _LEAST
