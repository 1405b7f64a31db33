"""Which coalitions of players defend each place: learned flight by flight, and merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.flights import flights_of, flown_against, kept_flights
from hoplon.analysis.subsets.restrictions import presence_of
from hoplon.analysis.subsets.tables import (
    SimpleGame,
    bits_of,
    both,
    expanded,
    game_of_family,
    mask_of,
    places_in,
    reduced,
)
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
    from hoplon.defence.coalitions import Game, Presence
    from hoplon.progress import Progress
    from hoplon.scenario.model import Scenario

MOST_COALITIONS: Final = 2_000_000  # that are asked for one by one
_PLACES_A_PIECE: Final = 2_500
_SLOTS: Final = 3  # cover intervals of one sensor that a flight rarely exceeds
_FAMILY: Final = 16  # minimal winning coalitions that a flight rarely exceeds
_LARGEST_FAMILY: Final = 4096
_TABLE_BYTES: Final = 64_000_000  # [byte] of tables at a time
_FEW: Final = 100_000  # places times coalitions: judged one by one where a player may harm
_MOST_SUBSTITUTED: Final = 6  # players whose presence and absence are gone through
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
    store: Store, scope: Scope, roster: Roster, progress: Progress = silent, *, tabulated: bool = True
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
    judge = _Judge(store, scope, roster, tabulated)
    flown = flown_against(scope.scenario, roster.whole)
    threatened = np.zeros(len(scope), dtype=np.bool_)
    needs: list[tuple[int, ...] | None] = [None] * len(scope)
    flights_flown = 0
    for first in range(0, len(scope), _PLACES_A_PIECE):
        progress(first, len(scope), "subsets of the players")
        places = np.arange(first, min(len(scope), first + _PLACES_A_PIECE))
        flights = _flights(store, flown, scope, places)
        threatened[places[flights.points]] = True
        flights_flown += len(flights)
        kinds = judge.kinds_of(flights)
        pairs = np.unique(np.stack([flights.points.astype(np.int64), kinds]), axis=1)
        starts = np.searchsorted(pairs[0], np.arange(len(places) + 1))
        for place, begin, end in zip(places, starts[:-1], starts[1:], strict=True):
            if end > begin:
                needs[place] = tuple(pairs[1, begin:end].tolist())
    progress(len(scope), len(scope), "")
    if judge.tabulated:
        kind, together, decisive = _merged(needs, judge.games, judge.families)
    else:
        (kind, decisive), together = _alike(needs, judge.families), ()
    families = tuple(judge.families)
    return DefendedBy(scope, roster, threatened, kind, together, decisive, families, judge.judged, flights_flown)


def _flights(store: Store, flown: Scenario, scope: Scope, places: NDArray[np.intp]) -> Flights:
    """Return the flights to some of the places; those of a scope of few places are kept for other architectures."""
    if len(places) == len(scope):
        return kept_flights(store, flown, scope.points, scope.threats, scope.areas)
    return flights_of(flown, scope.points.subset(places), scope.threats, scope.areas)


class _Judge:
    """Finds the games that flights are, and keeps each once.

    Attributes
    ----------
    games : list of SimpleGame
    families : list of tuple of int
        The minimal winning coalitions of each; empty where flights are judged by every coalition.
    judged : int
        Coalitions judged so far.
    tabulated : bool
        Whether games are tabulated; else there are families alone.
    """

    def __init__(self, store: Store, scope: Scope, roster: Roster, tabulated: bool) -> None:
        defence, presence = presence_of(scope.scenario, roster, scope.level)
        self.games: list[SimpleGame] = []
        self.families: list[tuple[int, ...]] = []
        self.judged = 0
        self._known: dict[object, int] = {}
        self._slots, self._family = _SLOTS, _FAMILY
        self._required, self._everyone = defence.shots_required, roster.everyone
        self._game = game_of(defence, presence, lambda kind: stages.reach(store, kind)) if defence.batteries else None
        # With one shot required no sensor, alert or battery takes a window away. A predecessor that goes may; and an
        # earlier track may look at other moments, which a prediction can feel: judged one by one where that is cheap.
        few = len(scope) << len(roster.players) <= _FEW
        self._harmless = self._required == 1 and not (defence.timing.handover_error is not None and few)
        self._substituted = roster.substituted
        self._one_by_one = not self._harmless or (
            self._substituted != 0 and (few or len(bits_of(self._substituted)) > _MOST_SUBSTITUTED)
        )
        self.tabulated = tabulated or (self._game is not None and (self._one_by_one or self._substituted != 0))

    def kinds_of(self, flights: Flights) -> NDArray[np.int64]:
        """Return the place in ``games`` of each flight."""
        if self._game is None:
            return np.full(len(flights), self._by_family(()), dtype=np.int64)
        if self._one_by_one:
            return self._tabulated(flights, self._game)
        if not self._substituted:
            return self._learned(flights, self._game)
        return self._learned_in_parts(flights, self._game)

    def _by_family(self, family: tuple[int, ...]) -> int:
        if family not in self._known:
            self._known[family] = len(self.families)
            if self.tabulated:
                self.games.append(game_of_family(family))
            self.families.append(family)
        return self._known[family]

    def _by_table(self, game: SimpleGame) -> int:
        simple = reduced(game)
        key = (simple.players, simple.table.tobytes())
        if key not in self._known:
            self._known[key] = len(self.games)
            self.games.append(simple)
        return self._known[key]

    def _learned(self, flights: Flights, game: Game) -> NDArray[np.int64]:
        """Return the kind of each flight by its minimal winning coalitions."""
        families, place_of = self._families(flights, game)
        kinds = np.array([self._by_family(family) for family in families], dtype=np.int64)
        return kinds[place_of]

    def _families(self, flights: Flights, game: Game) -> tuple[list[tuple[int, ...]], NDArray[np.intp]]:
        """Return the different families of minimal winning coalitions, and which is that of each flight."""
        while True:
            found = winning_coalitions(
                flights.elements, flights.classes, game, self._everyone, stages.MAP_STEP, self._slots, self._family
            )
            if found.most > self._slots:
                self._slots = found.most
            elif (found.sizes == NO_ROOM).any():
                if self._family >= _LARGEST_FAMILY:
                    raise InputError(
                        f"a flight has more than {_LARGEST_FAMILY:,} minimal winning coalitions: make fewer players of "
                        "the elements (--players site or owner)"
                    )
                self._family *= 4
            else:
                break
        self.judged += found.judged
        valid = np.arange(self._family) < found.sizes[:, np.newaxis]
        rows = np.sort(np.where(valid, found.families, np.int64(-1)), axis=1)
        unique, place_of = np.unique(rows, axis=0, return_inverse=True)
        return [tuple(int(mask) for mask in row if mask >= 0) for row in unique], place_of.ravel()

    def _learned_in_parts(self, flights: Flights, game: Game) -> NDArray[np.int64]:
        """Return the kind of each flight where some players, whose absence brings an element, may harm.

        With those fixed, nobody harms: the minimal winning coalitions of the others are learned for each way of fixing
        them.
        """
        fixed = bits_of(self._substituted)
        parts = []
        for subset in range(1 << len(fixed)):
            present = sum(1 << player for rank, player in enumerate(fixed) if subset >> rank & 1)
            families, place_of = self._families(flights, game._replace(presence=_pinned(game.presence, fixed, present)))
            parts.append(([game_of_family(family) for family in families], place_of))
        combined, place_of = np.unique(np.stack([places for _, places in parts]), axis=1, return_inverse=True)
        kinds = np.empty(combined.shape[1], dtype=np.int64)
        for column in range(combined.shape[1]):
            games = [parts[row][0][place] for row, place in enumerate(combined[:, column])]
            players = tuple(sorted({*fixed, *(player for each in games for player in each.players)}))
            ranks = [players.index(player) for player in fixed]
            chosen = places_in(np.arange(1 << len(players), dtype=np.int64), ranks)
            tables = np.array([expanded(each, players) for each in games])
            kinds[column] = self._by_table(SimpleGame(players, tables[chosen, np.arange(1 << len(players))]))
        return kinds[place_of.ravel()]

    def _tabulated(self, flights: Flights, game: Game) -> NDArray[np.int64]:
        """Return the kind of each flight by the answer to every coalition of the players that matter to it."""
        kinds = np.empty(len(flights), dtype=np.int64)
        first, room = 0, 1 << min(6, len(bits_of(self._everyone)))
        while first < len(flights):
            some = slice(first, first + max(1, _TABLE_BYTES // room))
            found = tabulated_coalitions(
                *(flights.elements[some], flights.classes[some], game, self._everyone, self._required),
                *(stages.MAP_STEP, self._slots, room),
            )
            masks = np.unique(np.where(found.matters >= 0, found.matters, -1 - found.matters))
            most = max((len(bits_of(int(mask))) for mask in masks), default=0)
            if 1 << most > MOST_COALITIONS:
                raise InputError(
                    f"{most} players matter to one flight, and {1 << most:,} coalitions of them would have to be "
                    f"judged one by one, {MOST_COALITIONS:,} at most: make fewer players of the elements "
                    "(--players site or owner)"
                )
            if found.most > self._slots or 1 << most > room:
                self._slots, room = max(self._slots, found.most), max(room, 1 << most)
                continue
            self.judged += found.judged
            for matter in masks:
                players = bits_of(int(matter))
                mine = np.flatnonzero(found.matters == matter)
                tables = found.tables[mine, : 1 << len(players)]
                packed = np.packbits(tables, axis=1)
                _, samples, place_of = np.unique(packed, axis=0, return_index=True, return_inverse=True)
                mapped = np.array([self._by_table(SimpleGame(players, tables[sample])) for sample in samples])
                kinds[first + mine] = mapped[place_of.ravel()]
            first = some.stop
        return kinds


def _pinned(presence: Presence, players: Sequence[int], present: int) -> Presence:
    """Return with which of the other players each thing stands where some are fixed, those present and the others."""
    fixed = mask_of(players)

    def pin(rows: NDArray[np.int64]) -> NDArray[np.int64]:
        stands = ((rows[:, 0] & present) != 0) | ((rows[:, 1] & fixed & ~present) != 0)
        return np.where(stands[:, np.newaxis], np.int64(1), rows & ~np.int64(fixed))

    return presence._replace(
        sensors=pin(presence.sensors), batteries=pin(presence.batteries), alerts=pin(presence.alerts)
    )


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
                decisive.append(_undominated(need, families) if len(families) == len(games) else need)
            kinds[need] = by_game[key]
        kind[place] = kinds[need]
    return kind, tuple(found), tuple(decisive)


def _alike(
    needs: Sequence[tuple[int, ...] | None], families: list[tuple[int, ...]]
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
