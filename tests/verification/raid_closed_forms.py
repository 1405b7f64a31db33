"""The raids of the record of validation, run by the whole event simulation under ideal conditions too."""

from __future__ import annotations

from hoplon.backbone.measures import LEAKERS, SHOTS
from hoplon.backbone.replications import many_rows
from hoplon.validation.raids import DEVIATE, QUANTITIES, ClosedForm, Counted, by_chain, counted, rounds
from hoplon.validation.raids import RAIDS as CASES
from raid_cases import Case, raid_model

__all__ = ["CASES", "DEVIATE", "QUANTITIES", "ClosedForm", "by_chain", "by_events", "rounds"]
_BLOCK = 16 * 1024


def by_events(case: ClosedForm, replications: int, seed: int = 20) -> Counted:
    """Run a case by the event simulation under ideal conditions, in memory that does not grow."""
    laid_out = raid_model(
        Case(case.threats, case.kill, count=case.magazine, salvo=case.salvo, shots_in_time=case.looks)
    )
    sums, squares = [0, 0, 0], [0, 0, 0]
    for first in range(0, replications, _BLOCK):
        rows = many_rows(laid_out, seed, first, min(_BLOCK, replications - first))
        for place, values in enumerate((rows[:, LEAKERS], rows[:, SHOTS], rows[:, LEAKERS] == 0)):
            sums[place] += int(values.sum())
            squares[place] += int((values.astype(int) ** 2).sum())
    return counted(replications, tuple(sums), tuple(squares))
