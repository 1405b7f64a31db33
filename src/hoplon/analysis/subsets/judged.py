"""Values of architectures over a scope, from the judge of flights itself: the second way beside learned coalitions."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.defence import LEVELS, defence_of
from hoplon.analysis.flights import flights_of, flown_against
from hoplon.analysis.subsets.learning import own_store
from hoplon.campaigns.chunked import json_bytes
from hoplon.campaigns.execution import Execution
from hoplon.defence.assembly import best_shots
from hoplon.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.store import Store
    from hoplon.analysis.subsets.scope import Scope
    from hoplon.defence.assembly import Defence
    from hoplon.progress import Progress
    from hoplon.scenario.model import Level, ResolvedArchitecture

_PLACES_A_PIECE: Final = 2_000


@dataclass(frozen=True)
class ArchitecturesJudged:
    """The question which places some architectures defend, in pieces of the places.

    Parameters
    ----------
    scope : Scope
    architectures : tuple of (ResolvedArchitecture, {"low", "base", "high"})
        With the same lofts: their flights are judged in one pass. The flights alone count where there is none.
    flown : ResolvedArchitecture
        Whose lofts are flown.
    store : Store, optional
        Keeps the reach tables; another process has its own.
    """

    unit = "places"

    scope: Scope
    architectures: tuple[tuple[ResolvedArchitecture, Level], ...]
    flown: ResolvedArchitecture
    store: Store | None = field(default=None, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs."""
        return {"scope": self.scope, "architectures": self.architectures, "flown": self.flown, "store": None}

    @property
    def chunks(self) -> int:
        """Return the number of pieces."""
        return -(-len(self.scope) // _PLACES_A_PIECE)

    def _places(self, number: int) -> NDArray[np.intp]:
        return np.arange(number * _PLACES_A_PIECE, min(len(self.scope), (number + 1) * _PLACES_A_PIECE))

    def count(self, number: int) -> int:
        """Return the number of places of a piece."""
        return len(self._places(number))

    def content(self) -> list[Any]:
        """Return all that decides the answer beside hoplon itself, as plain data."""
        judged = [[one.name, list(one.elements), level, repr(one.doctrine)] for one, level in self.architectures]
        return ["judged", _PLACES_A_PIECE, *self.scope.content(), judged, self.flown.name]

    @cached_property
    def _defences(self) -> list[Defence]:
        return [defence_of(self.scope.scenario, one, level) for one, level in self.architectures]

    def chunk(self, number: int) -> NDArray[np.bool_]:
        """Return whether a flight reaches each place of a piece, and, of each architecture, whether it is defended.

        Returns
        -------
        ndarray, shape (1 + architectures, places)
            What no flight reaches is not defended.
        """
        scope, store = self.scope, own_store() if self.store is None else self.store
        scenario, points = flown_against(scope.scenario, self.flown), scope.points.subset(self._places(number))
        flights = flights_of(scenario, points, scope.threats, scope.areas)
        found = np.ones((1 + len(self._defences), len(points)), dtype=np.bool_)
        found[0] = False
        found[0, flights.points] = True
        if self._defences:
            required = [defence.shots_required for defence in self._defences]
            shots = best_shots(
                flights.elements,
                flights.classes,
                self._defences,
                required,
                lambda kind: stages.reach(store, kind),
                stages.MAP_STEP,
                [slice(0, len(flights))],
            )
            for row, mine, least in zip(found[1:], shots, required, strict=True):
                row[flights.points[mine < least]] = False
        return np.asarray(found & found[0])

    def encoded(self, chunk: NDArray[np.bool_]) -> bytes:
        """Return a piece as bytes."""
        return json_bytes([np.packbits(row).tobytes().hex() for row in chunk])

    def decoded(self, number: int, body: bytes) -> NDArray[np.bool_]:
        """Return the piece that bytes are."""
        rows = [np.frombuffer(bytes.fromhex(row), dtype=np.uint8) for row in json.loads(body)]
        return np.array([np.unpackbits(row, count=self.count(number)) for row in rows], dtype=np.bool_)


def threatened_places(
    scope: Scope,
    architecture: ResolvedArchitecture,
    progress: Progress = silent,
    execution: Execution | None = None,
) -> NDArray[np.bool_]:
    """Return whether a flight in scope reaches each place, shape (n,).

    Parameters
    ----------
    scope : Scope
    architecture : ResolvedArchitecture
        Whose lofts are flown.
    progress : callable
    execution : Execution, optional
        Does the pieces, and tells its own progress; this process by default, with nothing kept.
    """
    threatened: NDArray[np.bool_] = _judged(ArchitecturesJudged(scope, (), architecture), progress, execution)[0]
    return threatened


def judged_values(
    store: Store,
    scope: Scope,
    architectures: Sequence[ResolvedArchitecture],
    progress: Progress = silent,
    execution: Execution | None = None,
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
    execution : Execution, optional
        As :func:`threatened_places`.
    """
    if not architectures:
        return []
    judged = tuple((one, scope.level) for one in architectures)
    threatened, *defended = _judged(ArchitecturesJudged(scope, judged, architectures[0], store), progress, execution)
    return [share_of(scope, threatened, row) for row in defended]


def judged_by_level(
    store: Store,
    scope: Scope,
    architecture: ResolvedArchitecture,
    progress: Progress = silent,
    execution: Execution | None = None,
) -> tuple[NDArray[np.bool_], list[float | None]]:
    """Return which places are threatened, and the value of an architecture over them at each level; as above."""
    judged = tuple((architecture, level) for level in LEVELS)
    threatened, *defended = _judged(ArchitecturesJudged(scope, judged, architecture, store), progress, execution)
    return threatened, [share_of(scope, threatened, row) for row in defended]


def _judged(question: ArchitecturesJudged, progress: Progress, execution: Execution | None) -> NDArray[np.bool_]:
    """Return which places are threatened, and which each architecture defends; shape (1 + architectures, n)."""
    found = (execution or Execution(progress=progress)).chunks(question)
    empty = np.zeros((1 + len(question.architectures), 0), dtype=np.bool_)
    joined: NDArray[np.bool_] = np.concatenate([empty, *found], axis=1)
    return joined


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
