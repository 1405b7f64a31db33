"""Coverage of scenarios that are asked about once, as the samples of inputs are: nothing is kept."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.flights import Flights, flights_of
from hoplon.defence.assembly import best_shots
from hoplon.intercept.reach import reach_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.defence.assembly import Defence
    from hoplon.intercept.reach import Interceptor, Reach
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Scenario

_A_PART: Final = 512  # flights that are evaluated together
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
        Of each defence, shape (n, threats) each. A point that is open to a class counts as open to every class that
        exists no earlier, which is not judged there: what is asked is whether it is defended against all that exist.
    """
    flights = flights_of(scenario, points, threats, areas)
    required = [defence.shots_required for defence in defences]
    order, edges = by_aim(scenario, flights, len(points))
    aims, classes = flights.points[order], flights.classes[order]
    table_of = _fine_table if len(flights) > _MANY else _coarse_table
    best = best_shots(
        flights.elements[order],
        classes,
        defences,
        required,
        table_of,
        stages.MAP_STEP,
        [slice(0, len(flights))],
        (aims, edges),
    )
    columns = np.array([list(threats).index(name) if name in threats else -1 for name in scenario.threats], int)
    cells = aims.astype(np.int64) * len(threats) + columns[classes]
    count, shape = len(points) * len(threats), (len(points), len(threats))
    threatened = np.bincount(cells, minlength=count).astype(bool).reshape(shape)
    open_to = [
        np.bincount(cells, shots < least, count).astype(bool) for shots, least in zip(best, required, strict=True)
    ]
    return [(threatened, threatened & ~undefended.reshape(shape)) for undefended in open_to]


def by_aim(scenario: Scenario, flights: Flights, points: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return an order of flights, and where each part of it begins, and ends, that holds all flights to its aim points.

    In a part, classes stand by their first year, so that what is open to one of them is open in every later year.
    """
    first_years = [-np.inf if kind.from_ is None else kind.from_.value for kind in scenario.threats.values()]
    rank = np.argsort(np.argsort(first_years, kind="stable"), kind="stable")
    parts = max(1, min(points, len(flights) // _A_PART))
    part = flights.points.astype(np.int64) * parts // max(1, points)
    order = np.lexsort((rank[flights.classes], part))  # stable: areas, lofts and aim points stay in their order
    edges = np.concatenate([[0], np.cumsum(np.bincount(part, minlength=parts))])
    return order, edges


@lru_cache(maxsize=32)
def _coarse_table(kind: Interceptor) -> Reach:
    """Return the coarse reach table of an interceptor; the last ones are kept, for samples that leave some as it is."""
    return reach_of(kind, coarse=True)


@lru_cache(maxsize=8)
def _fine_table(kind: Interceptor) -> Reach:
    return reach_of(kind)
