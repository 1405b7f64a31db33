"""The figures of question 15."""

from __future__ import annotations

from functools import partial

from hoplon.analysis.adaptivity.response import DAYS
from hoplon.presentation.charts.waiting import ResponseSteps, WaitingLine, response_figure, waiting_figure
from hoplon.presentation.picture import source_line
from hoplon.questions.adaptivity.answer import AdaptivityFound
from hoplon.questions.adaptivity.findings import waits
from hoplon.questions.question import FigureSpec
from hoplon.questions.study import Study


def figures(study: Study, found: AdaptivityFound) -> tuple[FigureSpec, ...]:
    """Return regret against years of waiting, and the step curves of the responses."""
    source = source_line(study.scenario.name, study.scenario.sha256)
    adapt = study.scenario.adapt
    titles = {} if adapt is None else {name: item.title or name for name, item in adapt.surprises.items()}
    moves = {} if adapt is None else {name: item.title or name for name, item in adapt.moves.items()}
    lines = [_line(found, None, "as planned")]
    lines += [_line(found, name, titles[name]) for name in found.answer.as_deployed]
    years = found.answer.plan.years
    heads = (
        "What waiting with the whole plan costs",
        f"People of {study.region} undefended beyond those if it comes on time, summed over {years[0]} to {years[-1]}; "
        "band: slow to fast pace",
    )
    specs = [FigureSpec("adaptivity-waiting", "figures", partial(waiting_figure, lines, heads, source))]
    panels = [
        ResponseSteps(
            titles[name],
            tuple(row.value for row in rows),
            tuple(tuple(moves[move] for move in row.moves) for row in rows),
            found.answer.planned,
        )
        for name in found.answer.as_deployed
        if (rows := [row for row in found.answer.response if row.surprise == name and row.pace == "base"])
        and all(row.value is not None for row in rows)
    ]
    if panels:
        last = found.answer.plan.stages[-1]
        heads = (
            "What can be moved how fast after a surprise",
            f"Share of the threatened people of {study.region} defended by the last stage ({last.year}) after the best "
            "moves within so many days, base pace",
        )
        specs.append(
            FigureSpec("adaptivity-response", "figures", partial(response_figure, panels, DAYS, heads, source))
        )
    return tuple(specs)


def _line(found: AdaptivityFound, surprise: str | None, title: str) -> WaitingLine:
    by_pace = {pace: waits(found, surprise, pace) for pace in ("slow", "base", "fast")}
    years = sorted(by_pace["base"])
    regret = {
        pace: tuple(rows[wait].regret_million_person_years for wait in years) for pace, rows in by_pace.items() if rows
    }
    price = tuple(by_pace["base"][wait].usd_per_person_year for wait in years)
    return WaitingLine(title, tuple(years), regret, price)
