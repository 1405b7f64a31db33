"""Which coalitions of players defend each place: learned flight by flight, and merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.subsets.learning import PLACES_A_PIECE, FlightKinds, LearnedCoalitions
from hoplon.analysis.subsets.tables import SimpleGame, both, game_of_family
from hoplon.campaigns.execution import Execution
from hoplon.defence.winning_sets import MOST_PLAYERS
from hoplon.errors import InputError
from hoplon.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hoplon.analysis.store import Store
    from hoplon.analysis.subsets.restrictions import Roster
    from hoplon.analysis.subsets.scope import Scope
    from hoplon.progress import Progress

_MOST_TOGETHER: Final = 22  # players on whom one place may depend


@dataclass(frozen=True)
class DefendedBy:
    """By which coalitions of players each place is defended.

    Attributes
    ----------
    scope : Scope
        n places.
    roster : Roster
        Its players, bits of a coalition in their order.
    threatened : ndarray, shape (n,)
        Whether a flight in scope reaches the place.
    kind : ndarray, shape (n,)
        Index in ``kinds``; -1 where nothing reaches the place.
    kinds : tuple of SimpleGame
        The games that places are: places alike share one. None where they were not tabulated.
    flights : tuple of tuple of int
        Of each kind, the flights that decide it: indices in ``families``. The place is defended where every one of
        them is met.
    families : tuple of tuple of int
        The minimal winning coalitions of each kind of flight; empty for one that nobody meets. Where players may harm
        there are none, and ``families`` is empty.
    judged : int
        Coalitions that were judged, over all flights.
    flown : int
        Flights.
    """

    scope: Scope
    roster: Roster
    threatened: NDArray[np.bool_] = field(repr=False)
    kind: NDArray[np.intp] = field(repr=False)
    kinds: tuple[SimpleGame, ...] = field(repr=False)
    flights: tuple[tuple[int, ...], ...] = field(repr=False)
    families: tuple[tuple[int, ...], ...] = field(repr=False)
    judged: int
    flown: int

    def defended(self, coalition: int) -> NDArray[np.bool_]:
        """Return whether each place is defended by a coalition, bits of the players; shape (n,)."""
        if self.kinds or not self.flights:
            met = [_wins(game, coalition) for game in self.kinds]
        else:
            decisive = sorted({flight for flights in self.flights for flight in flights})
            flown = {each: any(least & ~coalition == 0 for least in self.families[each]) for each in decisive}
            met = [all(flown[each] for each in flights) for flights in self.flights]
        return np.array([*met, False], dtype=np.bool_)[self.kind]

    def weights(self) -> NDArray[np.float64]:
        """Return the threatened weight of each kind of place in each nation, shape (kinds, nations)."""
        nations, kinds = len(self.scope.nations), max(len(self.kinds), len(self.flights))
        cells = self.kind[self.threatened] * nations + self.scope.nation[self.threatened]
        weight = self.scope.weight[self.threatened]
        summed = np.zeros(kinds * nations)
        np.add.at(summed, cells, weight)
        return summed.reshape(kinds, nations)


def _wins(game: SimpleGame, coalition: int) -> bool:
    place = sum(1 << rank for rank, player in enumerate(game.players) if coalition >> player & 1)
    return bool(game.table[place])


def defended_by(
    store: Store,
    scope: Scope,
    roster: Roster,
    progress: Progress = silent,
    *,
    tabulated: bool = True,
    execution: Execution | None = None,
) -> DefendedBy:
    """Return by which coalitions of players each place is defended.

    Parameters
    ----------
    store : Store
        Keeps the reach tables, and the flights to few places.
    scope : Scope
    roster : Roster
        An architecture whose elements belong to at most 62 players.
    progress : callable
        Told of each piece of the places.
    tabulated : bool
        Tabulate the games of places; False leaves them as their flights' minimal winning coalitions wherever nobody
        harms, so that a place may depend on any number of players.
    execution : Execution, optional
        Does the pieces, and tells its own progress; this process by default, with nothing kept.

    Raises
    ------
    InputError
        For more players, or where more than 2,000,000 coalitions would have to be judged at one flight one by one.
    """
    if len(roster.players) > MOST_PLAYERS:
        raise InputError(
            f"{roster.whole.name} has {len(roster.players)} players, and {MOST_PLAYERS} is the most that subsets are "
            "judged of: make players of sites or of owners (--players)"
        )
    question = LearnedCoalitions(scope, roster, store)
    learned = (execution or Execution(progress=progress)).chunks(question)
    threatened = np.zeros(len(scope), dtype=np.bool_)
    needs: list[tuple[int, ...] | None] = [None] * len(scope)
    kinds = FlightKinds()
    for number, piece in enumerate(learned):
        first, places = number * PLACES_A_PIECE, [kinds.place_of(game) for game in piece.games]
        for place, need in zip(piece.reached, piece.needs, strict=True):
            threatened[first + place] = True
            needs[first + place] = tuple(sorted(places[index] for index in need))
    families = tuple(game for game in kinds.games if not isinstance(game, SimpleGame))
    judged, flown = sum(piece.judged for piece in learned), sum(piece.flown for piece in learned)
    if tabulated or question.by_table:
        games = [game if isinstance(game, SimpleGame) else game_of_family(game) for game in kinds.games]
        kind, together, decisive = _merged(needs, games, families)
    else:
        (kind, decisive), together = _alike(needs, families), ()
    return DefendedBy(scope, roster, threatened, kind, together, decisive, families, judged, flown)


def _merged(
    needs: Sequence[tuple[int, ...] | None], games: list[SimpleGame], families: Sequence[tuple[int, ...]]
) -> tuple[NDArray[np.intp], tuple[SimpleGame, ...], tuple[tuple[int, ...], ...]]:
    """Return the kind of each place, the game of each kind, and the flights that decide each."""
    kinds: dict[tuple[int, ...], int] = {}
    by_game: dict[tuple[tuple[int, ...], bytes], int] = {}
    found: list[SimpleGame] = []
    decisive: list[tuple[int, ...]] = []
    kind = np.full(len(needs), -1, dtype=np.intp)
    for place, need in enumerate(needs):
        if need is None:
            continue
        if need not in kinds:
            together = _all_won(need, games)
            key = (together.players, together.table.tobytes())
            if key not in by_game:
                by_game[key] = len(found)
                found.append(together)
                decisive.append(_undominated(need, families) if len(families) == len(games) else need)
            kinds[need] = by_game[key]
        kind[place] = kinds[need]
    return kind, tuple(found), tuple(decisive)


def _alike(
    needs: Sequence[tuple[int, ...] | None], families: Sequence[tuple[int, ...]]
) -> tuple[NDArray[np.intp], tuple[tuple[int, ...], ...]]:
    """Return the kind of each place by the flights that decide it, and those flights of each kind."""
    decisive: dict[tuple[int, ...], tuple[int, ...]] = {}
    kinds: dict[tuple[int, ...], int] = {}
    kind = np.full(len(needs), -1, dtype=np.intp)
    for place, need in enumerate(needs):
        if need is not None:
            if need not in decisive:
                decisive[need] = _undominated(need, families)
            kind[place] = kinds.setdefault(decisive[need], len(kinds))
    return kind, tuple(kinds)


def _all_won(need: Iterable[int], games: list[SimpleGame]) -> SimpleGame:
    """Return the game that is won where each of some is."""
    mine = sorted((games[index] for index in need), key=lambda game: len(game.players))
    together = mine[0]
    for game in mine[1:]:
        if not together.table.any():
            break
        if len({*together.players, *game.players}) > _MOST_TOGETHER:
            raise InputError(
                f"a place depends on more than {_MOST_TOGETHER} players at once: make fewer players of the elements "
                "(--players site or owner)"
            )
        together = both(together, game)
    return together


def _undominated(need: Sequence[int], families: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the flights of a place that no other one of it implies: whoever meets the other meets them too."""

    def implies(one: int, other: int) -> bool:
        return all(any(least & ~mask == 0 for least in families[other]) for mask in families[one])

    return tuple(flight for flight in need if not any(other != flight and implies(other, flight) for other in need))
