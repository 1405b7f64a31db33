"""The figure of question 9."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import nan

import numpy as np

from hoplon.analysis.architectures import figure_title
from hoplon.presentation.charts.heat import Heat, share_table
from hoplon.presentation.picture import Picture, source_line
from hoplon.presentation.wording import nation
from hoplon.questions.contributions.answer import Contribution, ContributionsAnswer
from hoplon.questions.question import FigureSpec
from hoplon.questions.requests import LEVELS
from hoplon.questions.study import Study


def figures(study: Study, answer: ContributionsAnswer) -> tuple[FigureSpec, ...]:
    """Return the figure of the nations whose share contributions change, where there are any."""
    codes = changed_nations(answer.contributions)
    if not codes:
        return ()
    titles = [figure_title(study.scenario, item.counterpart) for item in answer.contributions]
    source = source_line(study.scenario.name, study.scenario.sha256)
    draw = partial(contributions_figure, codes, answer.contributions, titles, study.classes_title, source)
    return (FigureSpec("contributions", "figures", draw),)


def changed_nations(contributions: Sequence[Contribution]) -> list[str]:
    """Return the nations whose share changes by 5 points or more under some architecture at some level, by name."""
    changed = {code for item in contributions for level in range(len(LEVELS)) for code in item.marked(level)}
    return sorted(changed, key=nation)


def contributions_figure(
    codes: Sequence[str],
    contributions: Sequence[Contribution],
    titles: Sequence[str],
    classes_title: str,
    source: str,
) -> Picture:
    """Draw the shares of some nations without and with contributions, by architecture and level that change any.

    Parameters
    ----------
    codes : sequence of str
        The nations.
    contributions : sequence of Contribution
        What contributions add to each architecture.
    titles : sequence of str
        What the figure calls each architecture.
    classes_title : str
        What the threat classes are called together.
    source : str
        Source line.
    """
    groups, columns, values = [], [], []
    for title, item in zip(titles, contributions, strict=True):
        for place, level in enumerate(LEVELS):
            if item.marked(place):
                groups.append((f"{title}, {level}", 2))
                for side, words in enumerate(("without", "with")):
                    columns.append(f"{title}, {level}, {words}")
                    values.append([item.nations[code][side][place] if code in item.nations else nan for code in codes])
    table = Heat(tuple(map(nation, codes)), tuple(columns), tuple(groups), np.array(values).T, {})
    heads = (
        "Share of people defended without and with national contributions",
        f"Share of threatened people, {classes_title}; the nations, architectures and levels (low, base, high) with a "
        "change of 5 points or more",
    )
    return share_table(table, heads, source, "contributions")
