"""Values of architectures over a scope, from the judge of flights itself: the second way beside learned coalitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.defence import LEVELS, defence_of
from hoplon.analysis.flights import flights_of, flown_against
from hoplon.defence.assembly import best_shots
from hoplon.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hoplon.analysis.flights import Flights
    from hoplon.analysis.store import Store
    from hoplon.analysis.subsets.scope import Scope
    from hoplon.defence.assembly import Defence
    from hoplon.progress import Progress
    from hoplon.scenario.model import ResolvedArchitecture

_PLACES_A_PIECE: Final = 2_000


def threatened_places(
    scope: Scope, architecture: ResolvedArchitecture, progress: Progress = silent
) -> NDArray[np.bool_]:
    """Return whether a flight in scope reaches each place, shape (n,).

    Parameters
    ----------
    scope : Scope
    architecture : ResolvedArchitecture
        Whose lofts are flown.
    progress : callable
    """
    found = np.zeros(len(scope), dtype=np.bool_)
    for places, flights in _pieces(scope, architecture, progress, "places threatened"):
        found[places[flights.points]] = True
    return found


def judged_values(
    store: Store, scope: Scope, architectures: Sequence[ResolvedArchitecture], progress: Progress = silent
) -> list[float | None]:
    """Return the value of each of some architectures over a scope; None where nothing is threatened.

    Parameters
    ----------
    store : Store
        Keeps the reach tables.
    scope : Scope
    architectures : sequence of ResolvedArchitecture
        With the same lofts: their flights are judged in one pass.
    progress : callable
    """
    if not architectures:
        return []
    defences = [defence_of(scope.scenario, one, scope.level) for one in architectures]
    return _judged(store, scope, architectures[0], defences, progress)[1]


def judged_by_level(
    store: Store, scope: Scope, architecture: ResolvedArchitecture, progress: Progress = silent
) -> tuple[NDArray[np.bool_], list[float | None]]:
    """Return which places are threatened, and the value of an architecture over them at each level; as above."""
    defences = [defence_of(scope.scenario, architecture, level) for level in LEVELS]
    return _judged(store, scope, architecture, defences, progress)


def _judged(
    store: Store, scope: Scope, architecture: ResolvedArchitecture, defences: Sequence[Defence], progress: Progress
) -> tuple[NDArray[np.bool_], list[float | None]]:
    """Return which places are threatened, and the value of each defence, judged in one pass."""
    required = [defence.shots_required for defence in defences]
    threatened = np.zeros(len(scope), dtype=np.bool_)
    defended = np.ones((len(defences), len(scope)), dtype=np.bool_)
    for places, flights in _pieces(scope, architecture, progress, "all points judged"):
        threatened[places[flights.points]] = True
        shots = best_shots(
            flights.elements,
            flights.classes,
            defences,
            required,
            lambda kind: stages.reach(store, kind),
            stages.MAP_STEP,
            [slice(0, len(flights))],
        )
        for row, found, least in zip(defended, shots, required, strict=True):
            row[places[flights.points[found < least]]] = False
    return threatened, [share_of(scope, threatened, row) for row in defended & threatened]


def share_of(scope: Scope, threatened: NDArray[np.bool_], defended: NDArray[np.bool_]) -> float | None:
    """Return the value where some places are threatened and some of those defended; None where none is threatened."""
    count = len(scope.nations)
    whole = np.bincount(scope.nation, np.where(threatened, scope.weight, 0.0), count)
    met = np.bincount(scope.nation, np.where(defended, scope.weight, 0.0), count)
    if not whole.sum() > 0.0:
        return None
    if scope.value == "worst_nation":
        return float((met[whole > 0.0] / whole[whole > 0.0]).min())
    return float(met.sum() / whole.sum())


def _pieces(
    scope: Scope, architecture: ResolvedArchitecture, progress: Progress, text: str
) -> Iterator[tuple[NDArray[np.intp], Flights]]:
    """Yield the places in pieces, and the flights at each piece."""
    flown = flown_against(scope.scenario, architecture)
    for first in range(0, len(scope), _PLACES_A_PIECE):
        progress(first, len(scope), text)
        places = np.arange(first, min(len(scope), first + _PLACES_A_PIECE))
        yield places, flights_of(flown, scope.points.subset(places), scope.threats, scope.areas)
    progress(len(scope), len(scope), text)
