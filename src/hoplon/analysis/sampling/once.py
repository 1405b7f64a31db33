"""Coverage of scenarios that are asked about once, as the samples of inputs are: nothing is kept."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.flights import flights_of
from hoplon.defence.assembly import best_shots
from hoplon.intercept.reach import reach_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.defence.assembly import Defence
    from hoplon.intercept.reach import Interceptor, Reach
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Scenario

_A_PIECE: Final = 40_000  # flights that are evaluated at a time
_MANY: Final = 60_000  # flights from which on a finer reach table costs less than the cells solved at look-ups


def judged_once(
    scenario: Scenario, defences: Sequence[Defence], points: AimPoints, threats: Sequence[str], areas: Sequence[str]
) -> list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Judge the aim points by some defences with nothing kept, for scenarios that are asked about once.

    Parameters
    ----------
    scenario : Scenario
        Its classes fly the lofts that the architectures are judged against.
    defences : sequence of Defence
        Of its architectures.
    points : AimPoints
        n aim points.
    threats, areas : sequence of str
        Classes, in the scenario's order, and launch areas.

    Returns
    -------
    list of (threatened, defended)
        Of each defence, shape (n, threats) each.
    """
    flights = flights_of(scenario, points, threats, areas)
    required = [defence.shots_required for defence in defences]
    pieces = [slice(first, first + _A_PIECE) for first in range(0, len(flights), _A_PIECE)]
    table_of = _fine_table if len(flights) > _MANY else _coarse_table
    best = best_shots(flights.elements, flights.classes, defences, required, table_of, stages.MAP_STEP, pieces)
    columns = np.array([list(threats).index(name) if name in threats else -1 for name in scenario.threats], int)
    cells = flights.points.astype(np.int64) * len(threats) + columns[flights.classes]
    count, shape = len(points) * len(threats), (len(points), len(threats))
    threatened = np.bincount(cells, minlength=count).astype(bool).reshape(shape)
    open_to = [
        np.bincount(cells, shots < least, count).astype(bool) for shots, least in zip(best, required, strict=True)
    ]
    return [(threatened, threatened & ~undefended.reshape(shape)) for undefended in open_to]


@lru_cache(maxsize=32)
def _coarse_table(kind: Interceptor) -> Reach:
    """Return the coarse reach table of an interceptor; the last ones are kept, for samples that leave some as it is."""
    return reach_of(kind, coarse=True)


@lru_cache(maxsize=8)
def _fine_table(kind: Interceptor) -> Reach:
    return reach_of(kind)
