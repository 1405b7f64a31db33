"""Question 9 on the page."""

from __future__ import annotations

import shlex

from hoplon.questions.contributions.answer import ContributionsAnswer
from hoplon.questions.question import Commands, FigureRef, FindingList, Prose, Section, TableRef
from hoplon.questions.study import Study


def section(study: Study, answer: ContributionsAnswer) -> Section:
    """Return the section of the page."""
    lines = tuple(
        shlex.join(["hoplon", "coverage", study.scenario.name, "--architecture", item.architecture])
        for item in answer.contributions
    )
    return Section(
        (
            Prose("Each architecture is compared with the same architecture with national contributions added."),
            FindingList(),
            FigureRef("contributions"),
            TableRef("contributions"),
        ),
        (
            TableRef("contributions_nations", folded=True),
            Prose(
                "Coverage alone: contributions that add radars or batteries where people are defended already show no "
                "gain here, but may add shots against a raid.",
                note=True,
            ),
            Commands(lines),
        ),
    )
