"""The figure of question 5."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hoplon.analysis.architectures import figure_title
from hoplon.presentation.charts.fronts import BesideMark, CostFront, FrontPanel, cost_fronts
from hoplon.presentation.picture import source_line
from hoplon.questions.question import FigureSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.mix.answer import BudgetMix
    from hoplon.questions.mix.answer import MixFound
    from hoplon.questions.study import Study

_BILLION = 1e-3  # of millions


def figures(study: Study, answer: MixFound) -> tuple[FigureSpec, ...]:
    """Return the fronts of what is defended against what it costs: mixed, land and sea alone, and what comes near.

    A panel for the share of the people, one for what the worst loss of a site leaves, one for the nation worst off.
    """
    near = sorted(
        {
            (round(_BILLION * cost, 6), value)
            for one in answer.mixes
            for names, cost, value in zip(one.near.sets, one.near.costs_musd, one.near.values, strict=True)
            if names != one.chosen
        }
    )
    beside = tuple(
        BesideMark(figure_title(study.scenario, item.name), _BILLION * item.cost_musd, item.share)
        for item in answer.beside
        if item.share is not None
    )
    prices = study.scenario.costs
    year = "" if prices is None else f", prices of {prices.base_year}"
    error = "" if answer.error is None else f"; weighted subset of {answer.told.subset_points} points, "
    if answer.error is not None:
        error += f"within {100.0 * answer.error:.1f} points of all points"
    counted = f"Threatened people of {study.region} defended, {study.classes_title}, base values{error}"
    heads = (
        "What the best mix defends for its cost",
        f"{counted}.\nUSD discounted{year}; candidates added to what stands anyway",
    )
    source = source_line(study.scenario.name, study.scenario.sha256, "nothing drawn at random")
    panels = [FrontPanel("", "people defended, %", _fronts(answer.mixes), tuple(near), beside)]
    if answer.after_loss:
        title = "Sites chosen to bear the worst loss of one: what is left"
        panels.append(FrontPanel(title, "people defended, %", _fronts(answer.after_loss)))
    if answer.worst_nation:
        title = "Sites chosen for the nation worst off: its share"
        panels.append(FrontPanel(title, "people defended, %", _fronts(answer.worst_nation)))
    return (FigureSpec("mix", "figures", partial(cost_fronts, tuple(panels), heads, source, "mix")),)


def _fronts(mixes: Sequence[BudgetMix]) -> tuple[CostFront, ...]:
    """Return what the best of all, of land alone and of sea alone give for what they cost."""
    return (
        CostFront("the best of all", tuple((_BILLION * one.cost_musd, one.value or 0.0) for one in mixes)),
        CostFront("land alone", tuple((_BILLION * one.land.cost_musd, one.land.value or 0.0) for one in mixes)),
        CostFront("sea alone", tuple((_BILLION * one.sea.cost_musd, one.sea.value or 0.0) for one in mixes)),
    )
