"""Which coalitions of players defend each place: learned flight by flight, and merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.flights import flights_of, flown_against
from hoplon.analysis.subsets.restrictions import presence_of
from hoplon.analysis.subsets.tables import SimpleGame, bits_of, both, game_of_family, reduced
from hoplon.defence.assembly import game_of
from hoplon.defence.winning_sets import MOST_PLAYERS, NO_ROOM, tabulated_coalitions, winning_coalitions
from hoplon.errors import InputError
from hoplon.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hoplon.analysis.flights import Flights
    from hoplon.analysis.store import Store
    from hoplon.analysis.subsets.restrictions import Roster
    from hoplon.analysis.subsets.scope import Scope
    from hoplon.defence.coalitions import Game
    from hoplon.progress import Progress

MOST_COALITIONS: Final = 2_000_000  # that are asked for one by one
_PLACES_A_PIECE: Final = 2_000
_SLOTS: Final = 3  # cover intervals of one sensor that a flight rarely exceeds
_FAMILY: Final = 16  # minimal winning coalitions that a flight rarely exceeds
_LARGEST_FAMILY: Final = 4096
_TABLE_BYTES: Final = 64_000_000  # [byte] of tables at a time
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
        The games that places are: places alike share one.
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
        met = np.array([_wins(game, coalition) for game in self.kinds] + [False], dtype=np.bool_)
        return met[self.kind]

    def weights(self) -> NDArray[np.float64]:
        """Return the threatened weight of each kind of place in each nation, shape (kinds, nations)."""
        nations = len(self.scope.nations)
        cells = self.kind[self.threatened] * nations + self.scope.nation[self.threatened]
        weight = self.scope.weight[self.threatened]
        return np.bincount(cells, weight, len(self.kinds) * nations).reshape(len(self.kinds), nations)


def _wins(game: SimpleGame, coalition: int) -> bool:
    place = sum(1 << rank for rank, player in enumerate(game.players) if coalition >> player & 1)
    return bool(game.table[place])


def defended_by(store: Store, scope: Scope, roster: Roster, progress: Progress = silent) -> DefendedBy:
    """Return by which coalitions of players each place is defended.

    Parameters
    ----------
    store : Store
        Keeps the reach tables.
    scope : Scope
    roster : Roster
        An architecture whose elements belong to at most 62 players.
    progress : callable
        Told of each piece of the places.

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
    defence, presence = presence_of(scope.scenario, roster, scope.level)
    flown = flown_against(scope.scenario, roster.whole)
    # With one shot required no sensor, alert or battery takes a window away; a predecessor that goes may.
    harmless = defence.shots_required == 1 and not roster.substituted
    game = game_of(defence, presence, lambda kind: stages.reach(store, kind)) if defence.batteries else None
    known: dict[object, int] = {}
    games: list[SimpleGame] = []
    families: list[tuple[int, ...]] = []
    threatened = np.zeros(len(scope), dtype=np.bool_)
    needs: list[tuple[int, ...] | None] = [None] * len(scope)
    judged = flights_flown = 0
    for first in range(0, len(scope), _PLACES_A_PIECE):
        progress(first, len(scope), "subsets of the players")
        places = np.arange(first, min(len(scope), first + _PLACES_A_PIECE))
        flights = flights_of(flown, scope.points.subset(places), scope.threats, scope.areas)
        threatened[places[flights.points]] = True
        flights_flown += len(flights)
        if game is None:
            kinds, count = _same(len(flights), (), known, games, families), 0
        elif harmless:
            kinds, count = _learned(flights, game, roster.everyone, known, games, families)
        else:
            kinds, count = _tabulated(flights, game, roster.everyone, defence.shots_required, known, games)
        judged += count
        pairs = np.unique(np.stack([flights.points.astype(np.int64), kinds]), axis=1)
        starts = np.searchsorted(pairs[0], np.arange(len(places) + 1))
        for place, begin, end in zip(places, starts[:-1], starts[1:], strict=True):
            if end > begin:
                needs[place] = tuple(pairs[1, begin:end].tolist())
    progress(len(scope), len(scope), "")
    kind, together, decisive = _merged(needs, games, families)
    return DefendedBy(scope, roster, threatened, kind, together, decisive, tuple(families), judged, flights_flown)


def _same(
    count: int,
    family: tuple[int, ...],
    known: dict[object, int],
    games: list[SimpleGame],
    families: list[tuple[int, ...]],
) -> NDArray[np.int64]:
    """Return the kind of flights that are all of one family, new among those known or not."""
    if family not in known:
        known[family] = len(games)
        games.append(game_of_family(family))
        families.append(family)
    return np.full(count, known[family], dtype=np.int64)


def _learned(
    flights: Flights,
    game: Game,
    everyone: int,
    known: dict[object, int],
    games: list[SimpleGame],
    families: list[tuple[int, ...]],
) -> tuple[NDArray[np.int64], int]:
    """Return the kind of each flight by its minimal winning coalitions, and how many coalitions were judged."""
    slots, room = _SLOTS, _FAMILY
    while True:
        found = winning_coalitions(flights.elements, flights.classes, game, everyone, stages.MAP_STEP, slots, room)
        if found.most > slots:
            slots = found.most
        elif (found.sizes == NO_ROOM).any() and room < _LARGEST_FAMILY:
            room *= 4
        else:
            break
    if (found.sizes == NO_ROOM).any():
        raise InputError(
            f"a flight has more than {_LARGEST_FAMILY:,} minimal winning coalitions: make fewer players of the "
            "elements (--players site or owner)"
        )
    rows = np.sort(np.where(np.arange(room) < found.sizes[:, np.newaxis], found.families, np.int64(-1)), axis=1)
    kinds = np.empty(len(flights), dtype=np.int64)
    unique, place_of = np.unique(rows, axis=0, return_inverse=True)
    for place, row in enumerate(unique):
        family = tuple(int(mask) for mask in row if mask >= 0)
        kinds[place_of.ravel() == place] = _same(1, family, known, games, families)[0]
    return kinds, found.judged


def _tabulated(
    flights: Flights,
    game: Game,
    everyone: int,
    required: int,
    known: dict[object, int],
    games: list[SimpleGame],
) -> tuple[NDArray[np.int64], int]:
    """Return the kind of each flight by the answer to every coalition that matters, and how many were judged."""
    kinds = np.empty(len(flights), dtype=np.int64)
    slots, judged, first = _SLOTS, 0, 0
    room = 1 << min(6, len(bits_of(everyone)))
    while first < len(flights):
        some = slice(first, first + max(1, _TABLE_BYTES // room))
        elements, classes = flights.elements[some], flights.classes[some]
        found = tabulated_coalitions(elements, classes, game, everyone, required, stages.MAP_STEP, slots, room)
        judged += found.judged
        most = max(
            (len(bits_of(int(mask if mask >= 0 else -1 - mask))) for mask in np.unique(found.matters)), default=0
        )
        if 1 << most > MOST_COALITIONS:
            raise InputError(
                f"{most} players matter to one flight, and {1 << most:,} coalitions of them would have to be judged "
                f"one by one, {MOST_COALITIONS:,} at most: make fewer players of the elements (--players site or owner)"
            )
        if found.most > slots or 1 << most > room:
            slots, room = max(slots, found.most), max(room, 1 << most)
            continue
        for matter in np.unique(found.matters):
            players = bits_of(int(matter))
            mine = np.flatnonzero(found.matters == matter)
            packed = np.packbits(found.tables[mine, : 1 << len(players)], axis=1)
            unique, sample, place_of = np.unique(packed, axis=0, return_index=True, return_inverse=True)
            for place in range(len(unique)):
                table = found.tables[mine[sample[place]], : 1 << len(players)]
                simple = reduced(SimpleGame(players, table))
                key = (simple.players, simple.table.tobytes())
                if key not in known:
                    known[key] = len(games)
                    games.append(simple)
                kinds[first + mine[place_of.ravel() == place]] = known[key]
        first = some.stop
    return kinds, judged


def _merged(
    needs: Sequence[tuple[int, ...] | None], games: list[SimpleGame], families: list[tuple[int, ...]]
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
                decisive.append(_undominated(need, families) if families else need)
            kinds[need] = by_game[key]
        kind[place] = kinds[need]
    return kind, tuple(found), tuple(decisive)


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
