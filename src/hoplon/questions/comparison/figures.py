"""The figure of question 3."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from hoplon.analysis.architectures import figure_title
from hoplon.presentation.charts.tornado import tornado
from hoplon.presentation.picture import Picture, source_line
from hoplon.questions.comparison.answer import ComparisonAnswer
from hoplon.questions.comparison.disputed import OneAtATime
from hoplon.questions.question import FigureSpec
from hoplon.questions.study import Study


def figures(study: Study, answer: ComparisonAnswer) -> tuple[FigureSpec, ...]:
    """Return the figure of one-at-a-time sensitivity, where something threatens a city."""
    if answer.disputed is None:
        return ()
    titles = [figure_title(study.scenario, name) for name in answer.disputed.base]
    source = source_line(study.scenario.name, study.scenario.sha256)
    return (FigureSpec("disputed", "figures", partial(disputed_figure, answer.disputed, titles, study.region, source)),)


def disputed_figure(disputed: OneAtATime, titles: Sequence[str], region: str, source: str) -> Picture:
    """Draw the share of city people defended with each disputed input at its bounds alone."""
    moved = {
        item.title: [
            (disputed.moved[name, key, "worse"], disputed.moved[name, key, "better"]) for name in disputed.base
        ]
        for key, item in disputed.inputs.items()
    }
    heads = (
        "Sensitivity to each disputed input",
        f"One input at a time at its bounds, the others at base; share of the threatened people defended in "
        f"{disputed.cities:,} places of {region} with 100,000 people or more",
    )
    return tornado(titles, list(disputed.base.values()), moved, heads, source, "disputed")
