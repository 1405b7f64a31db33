"""Figures of question 11."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from hoplon.analysis.architectures import figure_title
from hoplon.presentation.charts.costs import CostBars, CostRow, cost_bars, cost_intervals, cost_years
from hoplon.presentation.picture import Picture, source_line
from hoplon.questions.cost.answer import CostsAnswer
from hoplon.questions.question import FigureSpec
from hoplon.questions.study import Study

_BILLION: Final = 1e-3  # of millions


def figures(study: Study, answer: CostsAnswer) -> tuple[FigureSpec, ...]:
    """Return the figure of totals with their intervals, and that of the cost by year."""
    told = answer.told
    source = source_line(study.scenario.name, study.scenario.sha256)
    titles = {name: figure_title(study.scenario, name) for name in answer.costs}
    rows, bars = [], []
    for name, cost in answer.costs.items():
        person, given = cost.per_defended_person, answer.published.get(name)
        total = cost.undiscounted
        rows.append(
            CostRow(
                titles[name],
                (_BILLION * total.base, _BILLION * total.low, _BILLION * total.high),
                None if given is None else (_BILLION * given.at("low"), _BILLION * given.at("high")),
                None if person is None else (person.base, person.low, person.high),
            )
        )
        bars.append(cost_bars(titles[name], cost))
    prices = f"prices of {told.price_year}"
    counted = f"people of {study.region} defended against {study.classes_title}"
    discount = f"discounted at {100.0 * told.discount_rate:g} % a year"
    return (
        FigureSpec("cost", "figures", partial(_intervals, rows, told.years, prices, counted, discount, source)),
        FigureSpec("cost-years", "figures", partial(_years, bars, prices, source)),
    )


def _intervals(rows: Sequence[CostRow], years: int, prices: str, counted: str, discount: str, source: str) -> Picture:
    heads = (
        "What each architecture costs",
        f"Bought at once and run for {years} years, USD at {prices}; dot: base values, bar: 5 to 95 % of the sampled "
        f"costs.\nRight: {discount}, by {counted}, base values",
    )
    return cost_intervals(rows, heads, source, "cost")


def _years(bars: Sequence[CostBars], prices: str, source: str) -> Picture:
    heads = (
        "Cost by year",
        f"Billion USD at {prices}, not discounted, without development; each architecture after those that it extends: "
        "what is\nreplaced is paid for, and run until then",
    )
    return cost_years(bars, heads, source, "cost-years")
