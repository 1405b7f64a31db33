"""The figure of question 6."""

from __future__ import annotations

from functools import partial

from hoplon.analysis.architectures import figure_title
from hoplon.presentation.charts.degradation import DegradationCurve, degradation_curves
from hoplon.presentation.picture import Picture, source_line
from hoplon.questions.question import FigureSpec
from hoplon.questions.study import Study
from hoplon.questions.survivability.answer import Blow, SurvivabilityAnswer


def figures(study: Study, answer: SurvivabilityAnswer) -> tuple[FigureSpec, ...]:
    """Return the curves of graceful degradation."""
    curves = tuple(curve(figure_title(study.scenario, blow.architecture), blow) for blow in answer.blows)
    source = source_line(study.scenario.name, study.scenario.sha256)
    draw = partial(survivability_figure, curves, f"{study.region}, {study.classes_title}", source)
    return (FigureSpec("survivability", "figures", draw),)


def curve(title: str, blow: Blow) -> DegradationCurve:
    """Return the shares of one architecture by the number of sites lost."""
    rows = [row for row in blow.survival.by_losses if row.worst is not None and row.best is not None]
    return DegradationCurve(
        title=title,
        losses=tuple(row.losses for row in rows),
        worst=tuple(row.worst.value for row in rows if row.worst is not None),
        mean=tuple(row.mean for row in rows),
        best=tuple(row.best.value for row in rows if row.best is not None),
        located=tuple(row.located[0] for row in rows if row.located is not None),
    )


def survivability_figure(curves: tuple[DegradationCurve, ...], counted: str, source: str) -> Picture:
    """Draw what each architecture defends after every number of losses."""
    heads = (
        "What is left after losses of sites",
        f"Share of the threatened people of {counted}, base values; over every set of so many sites",
    )
    return degradation_curves(curves, heads, source, "survivability")
