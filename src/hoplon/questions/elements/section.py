"""Question 10 on the page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from hoplon.presentation.wording import MARKED, SAME, points
from hoplon.questions.elements.answer import ElementsAnswer
from hoplon.questions.question import Commands, FigureRef, FindingList, Prose, Section, TableRef
from hoplon.questions.study import Study

_COLUMNS = ("architecture", "element", "form", "population_share_without", "loss", "lost_population")


def _carries(row: Mapping[str, Any]) -> bool:
    return bool(abs(row["loss"] or 0.0) >= SAME)


def _contributes(row: Mapping[str, Any]) -> bool:
    return bool(row["shapley"] >= SAME)


def _interacts(row: Mapping[str, Any]) -> bool:
    return bool(abs(row["value"]) >= 2.0 * SAME)


def _serves(row: Mapping[str, Any]) -> bool:
    return bool(row["population_share"] >= MARKED)


def section(study: Study, answer: ElementsAnswer) -> Section:
    """Return the section of the page."""
    first = answer.losses[0].architecture
    error = max((abs(item.error) for item in answer.shares), default=0.0)
    lines = (shlex.join(["hoplon", "coverage", study.scenario.name, "--architecture", first, "--explain"]),)
    return Section(
        (
            Prose(
                "Each architecture is judged again with one element left out and nothing else changed: cues, tracks, "
                "earliest launches and support are worked out anew."
            ),
            FindingList(),
            FigureRef("elements_sites"),
            TableRef(
                "elements_sites", optional=True, keep=_contributes, kept="sites credited with half a point or more"
            ),
        ),
        (
            FigureRef("elements_served"),
            FigureRef("elements"),
            TableRef("elements", columns=_COLUMNS, keep=_carries, kept="losses of half a point or more"),
            TableRef("elements_pairs", folded=True, optional=True, keep=_interacts, kept="pairs of a point or more"),
            TableRef("elements_served", folded=True, optional=True, keep=_serves, kept="parts of 5 % or more"),
            Prose(
                "A Shapley value is the mean of what a site adds over every order in which the sites may have come; "
                "the values sum to what the architecture defends. First in: the site alone. Last in: what is missed "
                "without it alone. A pair's interaction is positive where the two need each other, negative where they "
                "stand in for each other. A site is what one owner has at one place; satellites always stand. Judged "
                "over a weighted subset of places, whose share with every site is within "
                f"{points(error)} of that of all places.",
                note=True,
            ),
            TableRef(
                "elements_nations",
                folded=True,
                columns=(
                    "architecture",
                    "element",
                    "nation_name",
                    "population_share",
                    "population_share_without",
                    "loss",
                ),
                keep=lambda row: abs(row["loss"]) >= MARKED,
                kept=f"losses of {points(MARKED)} or more",
            ),
            TableRef("flips", folded=True, optional=True),
            TableRef("flips_nations", folded=True, optional=True),
            Prose(
                "A margin of launch time is how much later a release may come and the place still be defended against "
                "every flight of every class; negative, how much earlier it would have to come; none where no earlier "
                "release would help. A margin of reach is how much farther away over the ground the hardest flight "
                "could pass, or, negative, how much nearer it would have to.",
                note=True,
            ),
            Commands((*lines, shlex.join(["hoplon", "attribute", study.scenario.name, "--architecture", first]))),
        ),
    )
