"""Sentences of question 9."""

from __future__ import annotations

from typing import Final

from hoplon.analysis.architectures import sentence_title
from hoplon.presentation.wording import (
    MARKED,
    SAME,
    addition_sentences,
    listed,
    nation,
    nation_in_text,
    percent,
    points,
)
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
    found += owner_findings(study, answer)
    return found + [nations_finding(item, titles[item.architecture]) for item in answer.contributions]


def owner_findings(study: Study, answer: ContributionsAnswer) -> list[Finding]:
    """Return what the contributed sites are credited with, and what would be missed without any of their owners."""
    parts: list[str] = []
    numbers: dict[str, float] = {}
    for item in answer.owners:
        credited = sum(owner.owen_added for owner in item.owners)
        title = sentence_title(study.scenario, item.architecture)
        parts.append(f"{title} {points(credited)} of {percent(item.whole)}")
        numbers |= {f"{item.architecture}_whole": item.whole, f"{item.architecture}_contributed": credited}
    if not parts:
        return []
    text = "Of what is defended, the contributed sites are credited (Owen values, owners as unions) with"
    found = [Finding(_QUESTION, f"{text}: {'; '.join(parts)}.", numbers)]
    last = answer.owners[-1]
    ranked = sorted((owner for owner in last.owners if owner.added), key=lambda owner: -owner.owen_added)
    if ranked and ranked[0].owen_added >= SAME:
        named = [f"{_owner(owner.owner)} ({points(owner.owen_added)})" for owner in ranked[:3]]
        missed = max(ranked, key=lambda owner: owner.last_in)
        own = sum(owner.own_people for owner in ranked)
        share = own / max(own + sum(owner.other_people for owner in ranked), 1.0)
        text = (
            f"In {sentence_title(study.scenario, last.architecture)} most of that goes to {listed(named)}; "
            f"{percent(share)} of the people credited to contributing owners are their own; missed most alone "
            f"would be {_owner(missed.owner)} ({points(missed.last_in)})"
        )
        numbers = {f"{owner.owner}_contributed": owner.owen_added for owner in ranked}
        found.append(Finding(_QUESTION, f"{text}.", numbers | {"own_share": share, "missed": missed.last_in}))
    return found


def _owner(code: str) -> str:
    return nation_in_text(code)


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
