"""Question 9 on the page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from hoplon.presentation.wording import MARKED, SAME
from hoplon.questions.contributions.answer import ContributionsAnswer
from hoplon.questions.question import Commands, FigureRef, FindingList, Prose, Section, TableRef
from hoplon.questions.study import Study

_COLUMNS = (
    "architecture",
    "level",
    "population_share_without",
    "population_share_with",
    "difference",
    "additional_population",
)


def _changes(row: Mapping[str, Any]) -> bool:
    return any(abs(row[key] or 0.0) >= SAME for key in ("difference", "difference_low", "difference_high"))


def _takes_part(row: Mapping[str, Any]) -> bool:
    return bool(row["owen"] >= SAME or row["added"])


def _serves(row: Mapping[str, Any]) -> bool:
    return bool(row["population_share"] >= MARKED)


def section(study: Study, answer: ContributionsAnswer) -> Section:
    """Return the section of the page."""
    lines = tuple(
        shlex.join(["hoplon", "coverage", study.scenario.name, "--architecture", item.architecture])
        for item in answer.contributions
    )
    attributed = tuple(
        shlex.join(["hoplon", "attribute", study.scenario.name, "--architecture", item.architecture])
        for item in answer.owners[-1:]
    )
    return Section(
        (
            Prose("Each architecture is compared with the same architecture with national contributions added."),
            FindingList(),
            FigureRef("contributions"),
            TableRef("contributions", columns=_COLUMNS),
        ),
        (
            TableRef(
                "contributions_owners", folded=True, optional=True, keep=_takes_part, kept="owners who contribute"
            ),
            TableRef(
                "contributions_nations",
                folded=True,
                keep=_changes,
                kept="nations whose share changes by half a point or more at some level",
            ),
            Prose(
                "Coverage alone: contributions that add radars or batteries where people are defended already show no "
                "gain here, but may add shots against a raid.",
                note=True,
            ),
            TableRef(
                "contributions_served",
                folded=True,
                optional=True,
                keep=_serves,
                kept="parts of 5 % or more",
            ),
            Prose(
                "An owner's Owen value is the mean of what its sites add over every order in which owners, and then "
                "the sites of each, may have come; the values sum to what is defended. They are of a weighted subset "
                "of places. A site added where people are defended already takes part of the credit, though nobody "
                "more is defended: it can stand in for another.",
                note=True,
            ),
            Commands((*lines, *attributed)),
        ),
    )
