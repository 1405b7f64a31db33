"""Sentences of question 9."""

from __future__ import annotations

from typing import Final

from hoplon.analysis.architectures import sentence_title
from hoplon.presentation.wording import MARKED, addition_sentences, listed, nation, nation_in_text, percent, points
from hoplon.questions.contributions.answer import Contribution, ContributionsAnswer
from hoplon.questions.question import Finding
from hoplon.questions.requests import LEVELS
from hoplon.questions.study import Study

_QUESTION: Final = "Q9"
_LEVELS: Final = {
    1: "at base values",
    0: "at the worse bounds of the disputed inputs",
    2: "at the better bounds of the disputed inputs",
}


def findings(study: Study, answer: ContributionsAnswer) -> list[Finding]:
    """Return what contributions add in all, and to which nations under each architecture."""
    steps = {item.architecture: (item.without, item.added) for item in answer.contributions}
    stems = [item.counterpart for item in answer.contributions]
    titles = {
        item.architecture: sentence_title(
            study.scenario, item.counterpart if stems.count(item.counterpart) == 1 else item.architecture
        )
        for item in answer.contributions
    }
    found = []
    for level, (text, _) in zip((1, 0), addition_sentences("the national contributions", steps, titles), strict=True):
        numbers: dict[str, float] = {}
        for name, (without, added) in steps.items():
            numbers |= {f"{name}_without": without[level], f"{name}_with": added[level]}
            numbers[f"{name}_gain"] = added[level] - without[level]
        found.append(Finding(_QUESTION, text, numbers))
    return found + [nations_finding(item, titles[item.architecture]) for item in answer.contributions]


def nations_finding(item: Contribution, title: str) -> Finding:
    """Return for which nations contributions change the share of people defended by 5 points or more, level by level.

    Parameters
    ----------
    item : Contribution
        What they add to one architecture.
    title : str
        What a sentence calls that architecture; that with the contributions, if several are varied from one.
    """
    parts = []
    numbers: dict[str, float] = {}
    for level, words in _LEVELS.items():
        marked = sorted(item.marked(level), key=nation)
        if marked:
            parts.append(f"{words} in {listed([_step(item, code, level) for code in marked])}")
        for code in marked:
            without, added = item.nations[code]
            numbers |= {f"{code}_without_{LEVELS[level]}": without[level], f"{code}_with_{LEVELS[level]}": added[level]}
    if parts:
        text = (
            f"{title}: the contributions change the share of people defended by {points(MARKED)} or more "
            f"{'; '.join(parts)}."
        )
    else:
        text = f"{title}: the contributions change the share of no nation by {points(MARKED)} or more at any level."
    return Finding(_QUESTION, text, numbers, item.architecture)


def _step(item: Contribution, code: str, level: int) -> str:
    without, added = item.nations[code]
    return f"{nation_in_text(code)} ({percent(without[level])} to {percent(added[level])})"
