"""The figure of question 10."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from hoplon.analysis.architectures import figure_title
from hoplon.presentation.charts.losses import loss_bars
from hoplon.presentation.picture import Picture, source_line
from hoplon.questions.elements.answer import ElementsAnswer
from hoplon.questions.question import FigureSpec
from hoplon.questions.study import Study
from hoplon.scenario.titles import element_short_title


def figures(study: Study, answer: ElementsAnswer) -> tuple[FigureSpec, ...]:
    """Return the figure of first-out losses."""
    wholes = [item.share() or 0.0 for item in answer.losses]
    losses = [
        {title: item.loss(name) or 0.0 for name, title in _titles(study, item.elements).items()}
        for item in answer.losses
    ]
    titles = [figure_title(study.scenario, item.architecture) for item in answer.losses]
    source = source_line(study.scenario.name, study.scenario.sha256)
    draw = partial(losses_figure, titles, wholes, losses, f"{study.region}, {study.classes_title}", source)
    return (FigureSpec("elements", "figures", draw),)


def _titles(study: Study, elements: Sequence[str]) -> dict[str, str]:
    """Return what the figure calls elements, each by another name: the key too where two have one title."""
    titles = {
        name: study.scenario.elements[name].title or element_short_title(study.scenario, name) for name in elements
    }
    shared = [title for title, number in Counter(titles.values()).items() if number > 1]
    return {name: f"{title} ({name})" if title in shared else title for name, title in titles.items()}


def losses_figure(
    titles: Sequence[str], wholes: Sequence[float], losses: Sequence[Mapping[str, float]], counted: str, source: str
) -> Picture:
    """Draw the share of people defended by each architecture, and what is lost with each element alone."""
    heads = (
        "First-out loss of each element",
        f"Share of the threatened people of {counted}, base values;\n"
        "losses do not add up, because elements stand in for each other and need each other",
    )
    return loss_bars(titles, wholes, losses, heads, source, "elements")
