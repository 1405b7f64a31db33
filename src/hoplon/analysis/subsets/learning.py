"""What coalitions meet the flights to places, learned in pieces of the places: the long part of what subsets are worth.

A piece is a pure function of the question and its number, so that anybody may do it, and the pieces are the same
whoever does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.flights import flights_of, flown_against, kept_flights
from hoplon.analysis.store import Store
from hoplon.analysis.subsets.restrictions import presence_of
from hoplon.analysis.subsets.tables import SimpleGame, bits_of, expanded, game_of_family, mask_of, places_in, reduced
from hoplon.campaigns.chunked import json_bytes
from hoplon.defence.assembly import game_of
from hoplon.defence.winning_sets import NO_ROOM, tabulated_coalitions, winning_coalitions
from hoplon.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.flights import Flights
    from hoplon.analysis.subsets.restrictions import Roster
    from hoplon.analysis.subsets.scope import Scope
    from hoplon.defence.coalitions import Game, Presence

MOST_COALITIONS: Final = 2_000_000  # that are asked for one by one
PLACES_A_PIECE: Final = 1_000
_MOST_KEPT: Final = 2_500  # places whose flights are kept for other architectures
_SLOTS: Final = 3  # cover intervals of one sensor that a flight rarely exceeds
_FAMILY: Final = 16  # minimal winning coalitions that a flight rarely exceeds
_LARGEST_FAMILY: Final = 4096
_TABLE_BYTES: Final = 64_000_000  # [byte] of tables at a time
_FEW: Final = 100_000  # places times coalitions: judged one by one where a player may harm
_MOST_SUBSTITUTED: Final = 6  # players whose presence and absence are gone through

Family = tuple[int, ...]
"""Minimal winning coalitions, bits of the players."""


@dataclass(frozen=True)
class FlightKinds:
    """The games that flights are, each kept once: by its minimal winning coalitions, or as a table.

    Attributes
    ----------
    games : list of (tuple of int) or SimpleGame
        In the order in which they were found.
    """

    games: list[Family | SimpleGame] = field(default_factory=list)
    _known: dict[object, int] = field(default_factory=dict)

    def place_of(self, game: Family | SimpleGame) -> int:
        """Return the place of a game in ``games``, where it is put if it is new."""
        key = (game.players, game.table.tobytes()) if isinstance(game, SimpleGame) else game
        if key not in self._known:
            self._known[key] = len(self.games)
            self.games.append(game)
        return self._known[key]


@dataclass(frozen=True)
class LearnedPlaces:
    """What is known of a piece of the places.

    Attributes
    ----------
    reached : tuple of int
        Places of the piece that a flight reaches, from 0.
    needs : tuple of tuple of int
        Of each of them, the kinds of the flights that reach it: places in ``games``.
    games : tuple of (tuple of int) or SimpleGame
        The kinds of flights, as :class:`FlightKinds` has them.
    judged, flown : int
        Coalitions that were judged, and flights.
    """

    reached: tuple[int, ...]
    needs: tuple[tuple[int, ...], ...]
    games: tuple[Family | SimpleGame, ...]
    judged: int
    flown: int


@dataclass(frozen=True)
class LearnedCoalitions:
    """The question by which coalitions of players the places of a scope are defended, in pieces of the places.

    Parameters
    ----------
    scope : Scope
    roster : Roster
        An architecture whose elements belong to at most 62 players.
    store : Store, optional
        Keeps the reach tables, and the flights to few places; another process has its own.
    """

    unit = "places"

    scope: Scope
    roster: Roster
    store: Store | None = field(default=None, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs."""
        return {"scope": self.scope, "roster": self.roster, "store": None}

    @property
    def chunks(self) -> int:
        """Return the number of pieces."""
        return -(-len(self.scope) // PLACES_A_PIECE)

    def _places(self, number: int) -> NDArray[np.intp]:
        return np.arange(number * PLACES_A_PIECE, min(len(self.scope), (number + 1) * PLACES_A_PIECE))

    def count(self, number: int) -> int:
        """Return the number of places of a piece."""
        return len(self._places(number))

    def content(self) -> list[Any]:
        """Return all that decides what is learned beside hoplon itself, as plain data."""
        return ["coalitions", PLACES_A_PIECE, *self.scope.content(), *self.roster.content()]

    @cached_property
    def judge(self) -> _Judge:
        """Finds the games that flights are."""
        return _Judge(own_store() if self.store is None else self.store, self.scope, self.roster)

    @property
    def by_table(self) -> bool:
        """Whether flights are judged by every coalition, as where players may harm."""
        return self.judge.by_table

    def chunk(self, number: int) -> LearnedPlaces:
        """Return what is known of a piece of the places."""
        judge, places = self.judge, self._places(number)
        judge.kinds, judge.judged = FlightKinds(), 0
        flights = self._flights(places)
        kinds = judge.kinds_of(flights)
        pairs = np.unique(np.stack([flights.points.astype(np.int64), kinds]), axis=1)
        reached, starts = np.unique(pairs[0], return_index=True)
        needs = tuple(tuple(each.tolist()) for each in np.split(pairs[1], starts)[1:])
        games = tuple(judge.kinds.games)
        return LearnedPlaces(tuple(reached.tolist()), needs, games, judge.judged, len(flights))

    def _flights(self, places: NDArray[np.intp]) -> Flights:
        """Return the flights to some of the places; those of a scope of few places are kept for other architectures."""
        scope, flown = self.scope, flown_against(self.scope.scenario, self.roster.whole)
        if self.store is None or len(scope) > _MOST_KEPT:
            return flights_of(flown, scope.points.subset(places), scope.threats, scope.areas)
        every = kept_flights(self.store, flown, scope.points, scope.threats, scope.areas)
        if len(places) == len(scope):
            return every
        mine = every.chosen(np.flatnonzero((every.points >= places[0]) & (every.points <= places[-1])))
        return mine.renumbered(int(places[0]))

    def encoded(self, chunk: LearnedPlaces) -> bytes:
        """Return a piece as bytes."""
        games = [
            {"players": game.players, "wins": np.packbits(game.table).tobytes().hex()}
            if isinstance(game, SimpleGame)
            else game
            for game in chunk.games
        ]
        return json_bytes([chunk.reached, chunk.needs, games, chunk.judged, chunk.flown])

    def decoded(self, number: int, body: bytes) -> LearnedPlaces:
        """Return the piece that bytes are."""
        reached, needs, games, judged, flown = json.loads(body)
        return LearnedPlaces(
            tuple(reached), tuple(map(tuple, needs)), tuple(_game_from(one) for one in games), judged, flown
        )


def _game_from(plain: Any) -> Family | SimpleGame:
    if isinstance(plain, list):
        return tuple(plain)
    players = tuple(plain["players"])
    packed = np.frombuffer(bytes.fromhex(plain["wins"]), dtype=np.uint8)
    return SimpleGame(players, np.unpackbits(packed, count=1 << len(players)).astype(np.bool_))


@cache
def own_store() -> Store:
    """Return what a worker keeps between chunks."""
    return Store()


class _Judge:
    """Finds the games that flights are, and keeps each once.

    Attributes
    ----------
    kinds : FlightKinds
        Found so far; those of one piece of the places.
    judged : int
        Coalitions judged so far.
    by_table : bool
        Whether flights are judged by every coalition; else there are families of minimal winning coalitions.
    """

    def __init__(self, store: Store, scope: Scope, roster: Roster) -> None:
        defence, presence = presence_of(scope.scenario, roster, scope.level)
        self.kinds = FlightKinds()
        self.judged = 0
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
        self.by_table = self._game is not None and (self._one_by_one or self._substituted != 0)

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
        return self.kinds.place_of(family)

    def _by_table(self, game: SimpleGame) -> int:
        return self.kinds.place_of(reduced(game))

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
        rows = np.ascontiguousarray(rows[:, self._family - max(1, int(found.sizes.max(initial=0))) :])
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
