"""What decides between two architectures, in sentences and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import billions, percent

if TYPE_CHECKING:
    from hoplon.report.compared_decisions import DecisionSide

_MOST_LOSSES = 3
_STAYS: Final = {
    "population": "the threatened people",
    "area": "the threatened land",
    "worst_nation": "the threatened people of the nation defended least",
}


def decision_sentences(titles: tuple[str, str], sides: Sequence[DecisionSide]) -> tuple[str, ...]:
    """Return what losses leave, what both cost, and which strategic trajectories they engage, in words.

    Parameters
    ----------
    titles : tuple of str
    sides : sequence of DecisionSide
        Two, or none.
    """
    if not sides:
        return ()
    told = []
    losses = [(title, side.survival) for title, side in zip(titles, sides, strict=True)]
    parts = [
        f"{title} {percent(found.by_losses[1].worst.value)} (of {percent(found.whole)})"
        for title, found in losses
        if found is not None and len(found.by_losses) > 1 and found.by_losses[1].worst is not None
    ]
    if len(parts) == len(sides):
        value = next(found.value for _, found in losses if found is not None)
        what = _STAYS[value]
        told.append(f"After the worst loss of one site {' and '.join(parts)} of {what} stay defended.")
    costs = [
        f"{title} costs USD {billions(side.cost.total.base)} ({billions(side.cost.total.low)} to "
        f"{billions(side.cost.total.high)})"
        for title, side in zip(titles, sides, strict=True)
        if side.cost is not None
    ]
    if len(costs) == len(sides):
        told.append(f"{' and '.join(costs)}, bought at once and run, discounted; {_interceptors(titles, sides)}.")
    engaged = [
        f"{title} {len(side.stability.stated['judged'].engaged.trajectories)} of {len(side.stability.trajectories)}"
        for title, side in zip(titles, sides, strict=True)
        if side.stability is not None
    ]
    if len(engaged) == len(sides):
        told.append(f"Strategic trajectories that could be engaged at stated speeds: {', '.join(engaged)}.")
    return tuple(told)


def _interceptors(titles: tuple[str, str], sides: Sequence[DecisionSide]) -> str:
    return " and ".join(
        f"{title} has {side.interceptors} interceptors" for title, side in zip(titles, sides, strict=True)
    )


def decisions_table(titles: tuple[str, str], sides: Sequence[DecisionSide]) -> Table:
    """Return what decides as a table of words: losses, availability, cost, interceptors, stability."""
    rows = [("least share of a nation", *(percent(side.worst_nation_share) for side in sides))]
    for losses in range(1, _MOST_LOSSES + 1):
        cells = [_after(side, losses) for side in sides]
        if any(cells):
            rows.append((f"left after {losses} lost: worst, mean, best", *(cell or "–" for cell in cells)))
    rows += [
        ("expected as available", *(_available(side) for side in sides)),
        ("sites", *(str(0 if side.survival is None else len(side.survival.players)) for side in sides)),
        ("interceptors", *(str(side.interceptors) for side in sides)),
    ]
    if any(side.cost is not None for side in sides):
        rows += [
            ("cost, undiscounted, USD (5 to 95 %)", *(_cost(side, "undiscounted") for side in sides)),
            ("cost, discounted, USD (5 to 95 %)", *(_cost(side, "total") for side in sides)),
            ("a defended person, USD (5 to 95 %)", *(_person(side) for side in sides)),
        ]
    if any(side.stability is not None for side in sides):
        rows.append(("strategic trajectories engaged, judged", *(_engaged(side, "judged") for side in sides)))
        rows.append(("the same, kinematic bound", *(_engaged(side, "kinematic") for side in sides)))
        rows.append(("least speed that engages any, km/s", *(_first(side) for side in sides)))
    heads = (Column("answer", "answer"), Column("a", titles[0]), Column("b", titles[1]))
    return Table("comparison_decisions", "What decides: losses, cost, interceptors, stability", heads, tuple(rows))


def _after(side: DecisionSide, losses: int) -> str:
    if side.survival is None or len(side.survival.by_losses) <= losses:
        return ""
    row = side.survival.by_losses[losses]
    if row.worst is None or row.best is None:
        return percent(row.mean)
    return f"{percent(row.worst.value)}, {percent(row.mean)}, {percent(row.best.value)}"


def _available(side: DecisionSide) -> str:
    found = None if side.survival is None else side.survival.available
    return "–" if found is None else percent(found.value)


def _cost(side: DecisionSide, key: str) -> str:
    if side.cost is None:
        return "–"
    spread = getattr(side.cost, key)
    return f"{billions(spread.base)} ({billions(spread.low)} to {billions(spread.high)})"


def _person(side: DecisionSide) -> str:
    spread = None if side.cost is None else side.cost.per_defended_person
    return "–" if spread is None else f"{spread.base:,.0f} ({spread.low:,.0f} to {spread.high:,.0f})"


def _engaged(side: DecisionSide, view: str) -> str:
    if side.stability is None:
        return "–"
    stated = side.stability.stated[view]
    return f"{percent(stated.engaged.share)} ({percent(stated.low)} to {percent(stated.high)})"


def _first(side: DecisionSide) -> str:
    if side.stability is None:
        return "–"
    speed = side.stability.first_speed_km_s["judged"]
    return "none up to 10.95" if speed is None else f"{speed:g}"
