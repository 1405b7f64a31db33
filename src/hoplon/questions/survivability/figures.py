"""The figure of question 6."""

from __future__ import annotations

from functools import partial

from hoplon.analysis.architectures import figure_title
from hoplon.presentation.charts.degradation import DegradationCurve, degradation_curve, degradation_curves
from hoplon.presentation.picture import Picture, source_line
from hoplon.questions.question import FigureSpec
from hoplon.questions.study import Study
from hoplon.questions.survivability.answer import SurvivabilityAnswer


def figures(study: Study, answer: SurvivabilityAnswer) -> tuple[FigureSpec, ...]:
    """Return the curves of graceful degradation."""
    curves = tuple(
        degradation_curve(figure_title(study.scenario, blow.architecture), blow.survival) for blow in answer.blows
    )
    source = source_line(study.scenario.name, study.scenario.sha256)
    draw = partial(survivability_figure, curves, f"{study.region}, {study.classes_title}", source)
    return (FigureSpec("survivability", "figures", draw),)


def survivability_figure(curves: tuple[DegradationCurve, ...], counted: str, source: str) -> Picture:
    """Draw what each architecture defends after every number of losses."""
    heads = (
        "What is left after losses of sites",
        f"Share of the threatened people of {counted}, base values; over every set of so many sites",
    )
    return degradation_curves(curves, heads, source, "survivability")
