"""The figure of question 3."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from hoplon.analysis.architectures import figure_title
from hoplon.analysis.bounds import INPUTS
from hoplon.presentation.charts.tornado import tornado
from hoplon.presentation.picture import Picture, source_line
from hoplon.questions.comparison.answer import ComparisonAnswer
from hoplon.questions.comparison.disputed import OneAtATime
from hoplon.questions.question import FigureSpec
from hoplon.questions.study import Study


def figures(study: Study, answer: ComparisonAnswer) -> tuple[FigureSpec, ...]:
    """Return the figure of the disputed inputs one at a time, where something threatens a city."""
    if answer.disputed is None:
        return ()
    titles = [figure_title(study.scenario, name) for name in answer.disputed.base]
    source = source_line(study.scenario.name, study.scenario.sha256)
    return (FigureSpec("disputed", "figures", partial(disputed_figure, answer.disputed, titles, source)),)


def disputed_figure(disputed: OneAtATime, titles: Sequence[str], source: str) -> Picture:
    """Draw what each disputed input does alone at its bounds."""
    moved = {
        words: [(disputed.moved[name, key, "worse"], disputed.moved[name, key, "better"]) for name in disputed.base]
        for key, words in INPUTS.items()
    }
    heads = (
        "Which disputed input decides",
        f"Each alone at its bounds; threatened people of {disputed.cities:,} European places of 100,000 and more",
    )
    return tornado(titles, list(disputed.base.values()), moved, heads, source, "disputed")
