"""Question 6 on the page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any, Final

from hoplon.presentation.wording import SAME, points
from hoplon.questions.question import Commands, FigureRef, FindingList, Prose, Section, TableRef
from hoplon.questions.study import Study
from hoplon.questions.survivability.answer import SurvivabilityAnswer

_COLUMNS: Final = (
    "architecture",
    "losses",
    "worst_population_share",
    "lost",
    "ties",
    "mean_population_share",
    "best_population_share",
    "located_population_share",
)
_MOST_LOSSES: Final = 3


def _few(row: Mapping[str, Any]) -> bool:
    return bool(row["losses"] <= _MOST_LOSSES)


def _takes(row: Mapping[str, Any]) -> bool:
    return bool(row["loss"] >= SAME)


def section(study: Study, answer: SurvivabilityAnswer) -> Section:
    """Return the section of the page."""
    name = max(answer.blows, key=lambda blow: blow.whole).architecture
    line = ["hoplon", "survive", study.scenario.name, "--architecture", name]
    error = max(abs(blow.error) for blow in answer.blows)
    return Section(
        (
            Prose(
                "Every set of sites is taken away in turn, and what stands is judged anew: cues, tracks, earliest "
                "launches and support are those of the sites that are left. A site is what one owner has at one place: "
                "a ship is lost with its radar and its magazine."
            ),
            FindingList(),
            FigureRef("survivability"),
            TableRef("survivability", columns=_COLUMNS, keep=_few, kept="losses of three sites or fewer"),
        ),
        (
            TableRef("survivability_sites", folded=True, keep=_takes, kept="losses of half a point or more"),
            TableRef("survivability_nations", folded=True, optional=True),
            TableRef("survivability_available", folded=True),
            Prose(
                "At worst: the attacker chooses. On average: any set of so many sites is as likely. A located attack "
                "is aimed at the sites whose loss is expected to take most, where each blow succeeds with the "
                "probability that its mark is found, and not with certainty. Satellites and command nodes are not "
                "lost here; raids judge the loss of nodes.",
                note=True,
            ),
            Prose(
                f"{answer.points:,} places judged stand for {answer.of:,}; with all sites their shares are within "
                f"{points(error)} of those of all places. The nations are those that are members in the year of every "
                "architecture, the same for each.",
                note=True,
            ),
            Commands((shlex.join(line), shlex.join([*line, "--with-satellites"]))),
        ),
    )
