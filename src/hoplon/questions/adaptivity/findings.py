"""Sentences of question 15."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hoplon.analysis.adaptivity.plan import Waiting
from hoplon.analysis.adaptivity.response import Response
from hoplon.analysis.architectures import sentence_title
from hoplon.presentation.wording import SAME, listed
from hoplon.questions.adaptivity.answer import AdaptivityFound
from hoplon.questions.question import Finding
from hoplon.questions.study import Study

_QUESTION: Final = "Q15"
_TOLD_WAITS: Final = (1, 5)  # years


def findings(study: Study, found: AdaptivityFound) -> list[Finding]:
    """Return what waiting costs, what it saves, and how fast which moves answer each surprise."""
    told = [_lead(study, found)]
    told += _prices(found)
    told += _surprised_waiting(study, found)
    told += [_response(study, found, name) for name in found.answer.as_deployed]
    if found.error is not None and found.answer.subset is not None:
        subset = found.answer.subset
        text = (
            f"Judged at {subset.points:,} weighted places that stand for {subset.of:,}: "
            f"{100.0 * found.error:+.1f} points off all of them for the last stage."
        )
        told.append(Finding(_QUESTION, text, {"subset_error": found.error}, rank=1))
    return told


def waits(found: AdaptivityFound, surprise: str | None, pace: str) -> dict[int, Waiting]:
    """Return what waiting costs in a world, by years."""
    return {item.wait_years: item for item in found.answer.waiting if item.surprise == surprise and item.pace == pace}


def _lead(study: Study, found: AdaptivityFound) -> Finding:
    plan = listed([sentence_title(study.scenario, stage.architecture) for stage in found.answer.plan.stages])
    parts: list[str] = []
    numbers: dict[str, float] = {}
    for years in _TOLD_WAITS:
        base = waits(found, None, "base").get(years)
        if base is None:
            continue
        others = [
            row.regret_million_person_years for pace in ("slow", "fast") if (row := waits(found, None, pace).get(years))
        ]
        band = f" ({min(others):,.0f} to {max(others):,.0f} slow to fast)" if others else ""
        parts.append(
            f"{_years(years)} {base.regret_million_person_years:,.0f} million person-years undefended{band} and saves "
            f"USD {base.saving_musd / 1e3:,.1f} bn"
        )
        numbers |= {
            f"regret_{years}_million_person_years": base.regret_million_person_years,
            f"saving_{years}_musd": base.saving_musd,
        }
    horizon = found.answer.plan.years
    quickest = _quickest(found)
    moved = "" if quickest is None else f" {quickest}"
    text = (
        f"Waiting with {plan} costs, in the {len(horizon)} years from {horizon[0]}, {'; '.join(parts)}.{moved}"
        if parts
        else f"The plan is {plan}."
    )
    return Finding(_QUESTION, text, numbers, lead=True)


def _quickest(found: AdaptivityFound) -> str | None:
    """Return how soon any move helps against any surprise, base pace, as a sentence."""
    gains = [
        (row.days, row.surprise, (row.value or 0.0) - (found.answer.as_deployed[row.surprise] or 0.0))
        for row in found.answer.response
        if row.pace == "base"
    ]
    helped = [item for item in gains if item[2] >= SAME]
    if not helped:
        return "No move adds half a point of the people defended within three years of any surprise." if gains else None
    days = min(item[0] for item in helped)
    soonest = sum(item[0] == days for item in helped)
    every = len(found.answer.as_deployed)
    return f"The first moves to add half a point help within {days} days, against {soonest} of {every} surprises."


def _prices(found: AdaptivityFound) -> list[Finding]:
    rows = [row for row in waits(found, None, "base").values() if row.usd_per_person_year is not None]
    if not rows:
        return []
    first, last = rows[0], rows[-1]
    prices = [f"{row.usd_per_person_year or 0.0:,.1f} ({_years(row.wait_years)})" for row in (first, last)]
    text = (
        f"Waiting would pay only where a person-year undefended counts for less than USD {' to '.join(prices)}: its "
        "saving over its regret."
    )
    numbers = {f"usd_per_person_year_{row.wait_years}": row.usd_per_person_year or 0.0 for row in (first, last)}
    return [Finding(_QUESTION, text, numbers)]


def _surprised_waiting(study: Study, found: AdaptivityFound) -> list[Finding]:
    """Return in which surprise waiting costs most and least."""
    most_wait = max((row.wait_years for row in found.answer.waiting), default=0)
    rows = [
        row
        for row in found.answer.waiting
        if row.surprise is not None and row.pace == "base" and row.wait_years == most_wait
    ]
    planned = waits(found, None, "base").get(most_wait)
    if not rows or planned is None or most_wait == 0:
        return []
    least = min(rows, key=lambda row: row.regret_million_person_years)
    most = max(rows, key=lambda row: row.regret_million_person_years)
    text = (
        f"Waiting {_years(most_wait)} costs {_amount(planned)} million person-years as planned, "
        f"most where {_title(study, most.surprise)} ({_amount(most)}), least where "
        f"{_title(study, least.surprise)} ({_amount(least)})."
    )
    numbers = {f"{row.surprise}_regret_million_person_years": row.regret_million_person_years for row in (most, least)}
    return [Finding(_QUESTION, text, numbers)]


def _response(study: Study, found: AdaptivityFound, surprise: str) -> Finding:
    steps = steps_of(found.answer.response, surprise)
    deployed, planned = found.answer.as_deployed[surprise], found.answer.planned
    last = found.answer.plan.stages[-1]
    title = sentence_title(study.scenario, last.architecture)
    if deployed is None:
        return Finding(_QUESTION, f"{_capital(_title(study, surprise))}: nobody is threatened.", {})
    parts = []
    for row in steps:
        moves = listed([_move(study, move) for move in row.moves])
        parts.append(f"within {row.days} days {_percent(row.value)} by {moves} (USD {row.cost_musd:,.0f} M)")
    moved = "; ".join(parts) if parts else "no move defends more"
    against = "" if planned is None else f" (as planned {_percent(planned)})"
    text = f"{_capital(_title(study, surprise))}: {title} as deployed defends {_percent(deployed)}{against}; {moved}."
    numbers = {"as_deployed": deployed, **{f"value_{row.days}_days": row.value or 0.0 for row in steps}}
    return Finding(_QUESTION, text, numbers, subject=surprise)


def steps_of(response: Sequence[Response], surprise: str, pace: str = "base") -> list[Response]:
    """Return the responses at which the moves change, from none on."""
    steps: list[Response] = []
    before: tuple[str, ...] = ()
    for row in response:
        if row.surprise == surprise and row.pace == pace and row.moves != before:
            steps.append(row)
            before = row.moves
    return steps


def _title(study: Study, surprise: str | None) -> str:
    adapt = study.scenario.adapt
    given = None if adapt is None or surprise is None else adapt.surprises[surprise].title
    return given[0].lower() + given[1:] if given else str(surprise)


def _move(study: Study, move: str) -> str:
    adapt = study.scenario.adapt
    given = None if adapt is None else adapt.moves[move].title
    return given or move


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _amount(row: Waiting) -> str:
    return f"{row.regret_million_person_years:,.0f}"


def _percent(share: float | None) -> str:
    """Return a share to a tenth of a per cent: moves change tenths."""
    return "–" if share is None else f"{100.0 * share:.1f} %"


def _years(number: int) -> str:
    return "one year" if number == 1 else f"{number} years"
