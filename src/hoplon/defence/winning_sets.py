"""Which coalitions of players meet each flight: the game that a flight is, learned by judging coalitions.

Where a player never harms, the coalitions that meet a flight are those that hold one of its minimal winning coalitions.
They are learned from judged coalitions alone, with their proof: every maximal losing coalition was judged too
(Gainanov 1984; Bioch and Ibaraki 1995). Elsewhere every coalition of the players that matter is judged.

References
----------
.. [1] Gainanov, On one criterion of the optimality of an algorithm for evaluating monotonic Boolean functions, USSR
   Computational Mathematics and Mathematical Physics 24 (4), 1984.
.. [2] Bioch and Ibaraki, Complexity of identification and dualization of positive Boolean functions, Information and
   Computation 123, 1995.
.. [3] Berge, Hypergraphs, 1989, chapter 2: minimal transversals one edge at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, embedded_kernel, kernel, separate_kernel, side_by_side
from hoplon.defence.coalitions import (
    Game,
    Gathered,
    Room,
    gathered_room,
    in_reach,
    room_for,
    see,
    shots_of_coalition,
    space_for,
)
from hoplon.flight.arc import STATUS
from hoplon.flight.path import sample_positions
from hoplon.intercept.shots import Course

MOST_PLAYERS = 62  # a bit each
NO_ROOM = -1  # minimal winning coalitions of a flight that has more than there was room for
_CHUNK = 1000  # flights of one call of a kernel, on any number of threads: a neighbour's answer is where one begins
_WINNING, _LOSING, _HITTING = range(3)


class Families(NamedTuple):
    """What is known of the coalitions at a flight, bits of their players.

    Attributes
    ----------
    counts : ndarray, shape (3,)
        How many of each are valid.
    winning, losing : ndarray, shape (w,), (l,)
        Minimal winning coalitions, and losing ones.
    hitting : ndarray, shape (l,)
        Minimal sets of players that every one of ``winning`` has a player in; whom they leave may be a losing one.
    """

    counts: NDArray[np.int64]
    winning: NDArray[np.int64]
    losing: NDArray[np.int64]
    hitting: NDArray[np.int64]


@borrowing_kernel
def _known(coalition: int, known: Families) -> int:
    """Return whether a coalition wins (1) or loses (0) by those that are known, -1 where that is open."""
    for index in range(known.counts[_WINNING]):
        if known.winning[index] & ~coalition == 0:
            return 1
    for index in range(known.counts[_LOSING]):
        if coalition & ~known.losing[index] == 0:
            return 0
    return -1


@borrowing_kernel
def _hit(players: int, known: Families) -> bool:
    """Take a minimal winning coalition into the sets that hit them all; return False where there is no room."""
    kept, total = 0, known.counts[_HITTING]
    added = total
    for index in range(total):  # those that hit it stay; the others each grow by one of its players
        if known.hitting[index] & players:
            continue
        for bit in range(MOST_PLAYERS):
            one = np.int64(1) << bit
            if not players & one:
                continue
            grown, minimal = known.hitting[index] | one, True
            for other in range(total):
                if known.hitting[other] & players and known.hitting[other] & ~grown == 0:
                    minimal = False
                    break
            if minimal:
                if added == known.hitting.shape[0]:
                    return False
                known.hitting[added] = grown
                added += 1
    for index in range(added):
        if index >= total or known.hitting[index] & players:
            known.hitting[kept] = known.hitting[index]
            kept += 1
    known.counts[_HITTING] = kept
    return True


@embedded_kernel
def _decide(
    course: Course,
    number: int,
    threat: int,
    coalition: int,
    game: Game,
    step: float,
    gathered: Gathered,
    room: Room,
    known: Families,
) -> bool:
    """Tell whether a coalition meets a flight, judging it unless those known decide; keep it if it does not."""
    found = _known(coalition, known)
    if found < 0:
        found = shots_of_coalition(course, number, threat, coalition, 1, game, step, gathered, room)
        if found == 0 and known.counts[_LOSING] < known.losing.shape[0]:
            known.losing[known.counts[_LOSING]] = coalition
            known.counts[_LOSING] += 1
    return found > 0


@separate_kernel
def _learn(
    course: Course,
    number: int,
    threat: int,
    everyone: int,
    guessed: Families,
    game: Game,
    step: float,
    gathered: Gathered,
    room: Room,
    known: Families,
) -> bool:
    """Find the minimal winning coalitions among some players who win together; return False without room for them.

    ``guessed`` is what was found at the flight before, mostly a neighbour: judged first, it is mostly all.
    """
    known.counts[:] = 0
    known.hitting[0], known.counts[_HITTING] = 0, 1
    for index in range(guessed.counts[_HITTING]):
        without = everyone & ~guessed.hitting[index]
        _decide(course, number, threat, without, game, step, gathered, room, known)
    index, open_ones = 0, guessed.counts[_WINNING]
    while True:
        if index < open_ones:
            coalition = guessed.winning[index] & everyone
            index += 1
            if _known(coalition, known) == 1:
                continue
        else:
            coalition = -1
            for place in range(known.counts[_HITTING]):
                if _known(everyone & ~known.hitting[place], known) != 0:
                    coalition = everyone & ~known.hitting[place]
                    break
            if coalition < 0:
                return True
        if not _decide(course, number, threat, coalition, game, step, gathered, room, known):
            if index >= open_ones and known.counts[_LOSING] == known.losing.shape[0]:
                return False
            continue
        for bit in range(MOST_PLAYERS):
            less = coalition & ~(np.int64(1) << bit)
            if less != coalition and _decide(course, number, threat, less, game, step, gathered, room, known):
                coalition = less
        if known.counts[_WINNING] == known.winning.shape[0]:
            return False
        known.winning[known.counts[_WINNING]] = coalition
        known.counts[_WINNING] += 1
        if not _hit(coalition, known):
            return False


@separate_kernel
def _tabulate(
    course: Course,
    number: int,
    threat: int,
    matter: int,
    required: int,
    game: Game,
    step: float,
    gathered: Gathered,
    room: Room,
    table: NDArray[np.bool_],
) -> bool:
    """Write whether each coalition of the players that matter has the required shots; return False without room.

    Place s of the table is that of the coalition whose players are those of the bits of s, in order.
    """
    count = 0
    for bit in range(MOST_PLAYERS):
        if matter >> bit & 1:
            count += 1
    if np.int64(1) << count > table.shape[0]:
        return False
    for place in range(np.int64(1) << count):
        coalition, left = 0, place
        for bit in range(MOST_PLAYERS):
            if matter >> bit & 1:
                coalition |= (left & 1) << bit
                left >>= 1
        found = shots_of_coalition(course, number, threat, coalition, required, game, step, gathered, room)
        table[place] = found >= required
    return True


@kernel
def _families_for(winning: int, losing: int) -> Families:
    """Return room for families, with nothing in them."""
    return Families(
        np.zeros(3, dtype=np.int64),
        np.empty(winning, dtype=np.int64),
        np.empty(losing, dtype=np.int64),
        np.empty(losing, dtype=np.int64),
    )


@borrowing_kernel
def _learn_flights(
    elements: NDArray[np.float64],
    classes: NDArray[np.int16],
    players: int,
    game: Game,
    step: float,
    gathered: Gathered,
    room: Room,
    known: Families,
    guessed: Families,
    sizes: NDArray[np.int16],
    families: NDArray[np.int64],
) -> None:
    """Write the minimal winning coalitions of some flights, shapes (n,) and (n, winning), and their number."""
    for number in range(elements.shape[0]):
        if elements[number, STATUS] != 0.0:
            continue
        row, threat = elements[number], classes[number]
        boost, nodes = sample_positions(row, step, room.scratch.path)
        course = Course(row, room.scratch.path, boost, nodes)
        matter = see(course, threat, game, room)
        if shots_of_coalition(course, number, threat, players, 1, game, step, gathered, room) == 0:
            continue
        matter = (matter | in_reach(course, number, game, step, gathered, room)) & players
        if not _learn(course, number, threat, matter, guessed, game, step, gathered, room, known):
            sizes[number] = NO_ROOM
            continue
        sizes[number] = known.counts[_WINNING]
        for index in range(3):
            guessed.counts[index] = known.counts[index]
        for index in range(known.counts[_WINNING]):
            families[number, index] = guessed.winning[index] = known.winning[index]
        for index in range(known.counts[_HITTING]):
            guessed.hitting[index] = known.hitting[index]


@borrowing_kernel
def _tabulate_flights(
    elements: NDArray[np.float64],
    classes: NDArray[np.int16],
    players: int,
    required: int,
    game: Game,
    step: float,
    gathered: Gathered,
    room: Room,
    matters: NDArray[np.int64],
    tables: NDArray[np.bool_],
) -> None:
    """Write the players that matter to some flights, -1 - them without room for their table, and the tables."""
    for number in range(elements.shape[0]):
        if elements[number, STATUS] != 0.0:
            continue
        row, threat = elements[number], classes[number]
        boost, nodes = sample_positions(row, step, room.scratch.path)
        course = Course(row, room.scratch.path, boost, nodes)
        matter = see(course, threat, game, room)
        matter = (matter | in_reach(course, number, game, step, gathered, room)) & players
        matters[number] = matter
        if not _tabulate(course, number, threat, matter, required, game, step, gathered, room, tables[number]):
            matters[number] = -1 - matter


class Winning(NamedTuple):
    """The coalitions that meet each of some flights.

    Attributes
    ----------
    sizes : ndarray, shape (n,)
        How many minimal winning coalitions there are; -1 where there was no room for them.
    families : ndarray, shape (n, winning)
        They, bits of the players; zero pads.
    most : int
        Cover intervals that some flight has of some sensor; the rest means nothing where it exceeds the slots.
    judged : int
        Coalitions judged.
    """

    sizes: NDArray[np.int16]
    families: NDArray[np.int64]
    most: int
    judged: int


def winning_coalitions(
    elements: NDArray[np.float64],
    classes: NDArray[np.int16],
    game: Game,
    players: int,
    step: float,
    slots: int,
    room: int,
) -> Winning:
    """Return the minimal coalitions that have a shot at each flight, where no player ever harms.

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
    classes : ndarray, shape (n,)
    game : Game
    players : int
        Bits of all players.
    step : float
        Node spacing [s].
    slots : int
        Cover intervals that a flight may have of one sensor.
    room : int
        For minimal winning coalitions of a flight.
    """
    sizes = np.zeros(len(elements), dtype=np.int16)
    families = np.zeros((len(elements), room), dtype=np.int64)
    chunks = _chunks(len(elements))
    most, judged = (np.zeros((len(chunks) + 1, 1), dtype=np.int64) for _ in range(2))
    nodes, space = space_for(elements, game, step, slots)

    def learn(number: int) -> None:
        some = chunks[number]
        work = room_for(game, slots, nodes, space, most[number])._replace(judged=judged[number])
        gathered, known, guessed = gathered_room(game), _families_for(room, 16 * room), _families_for(room, 16 * room)
        _learn_flights(
            elements[some],
            classes[some],
            players,
            game,
            step,
            gathered,
            work,
            known,
            guessed,
            sizes[some],
            families[some],
        )

    side_by_side(learn, len(chunks))
    return Winning(sizes, families, int(most.max()), int(judged.sum()))


class Tabulated(NamedTuple):
    """Which coalitions meet each of some flights, one by one.

    Attributes
    ----------
    matters : ndarray, shape (n,)
        Bits of the players that matter to each flight; -1 less them where there was no room.
    tables : ndarray, shape (n, room)
        Whether each coalition of them has the required shots, in the order of its bits among theirs.
    most, judged : int
        As of :class:`Winning`.
    """

    matters: NDArray[np.int64]
    tables: NDArray[np.bool_]
    most: int
    judged: int


def tabulated_coalitions(
    elements: NDArray[np.float64],
    classes: NDArray[np.int16],
    game: Game,
    players: int,
    required: int,
    step: float,
    slots: int,
    room: int,
) -> Tabulated:
    """Return which coalitions have the required shots at each flight, every one judged.

    Parameters
    ----------
    elements, classes, game, players, step, slots
        As :func:`winning_coalitions`.
    required : int
        Shots of one battery.
    room : int
        For coalitions of the players that matter to a flight.
    """
    matters = np.zeros(len(elements), dtype=np.int64)
    tables = np.zeros((len(elements), room), dtype=np.bool_)
    chunks = _chunks(len(elements))
    most, judged = (np.zeros((len(chunks) + 1, 1), dtype=np.int64) for _ in range(2))
    nodes, space = space_for(elements, game, step, slots)

    def tabulate(number: int) -> None:
        some = chunks[number]
        work = room_for(game, slots, nodes, space, most[number])._replace(judged=judged[number])
        _tabulate_flights(
            elements[some],
            classes[some],
            players,
            required,
            game,
            step,
            gathered_room(game),
            work,
            matters[some],
            tables[some],
        )

    side_by_side(tabulate, len(chunks))
    return Tabulated(matters, tables, int(most.max()), int(judged.sum()))


def _chunks(count: int) -> list[slice]:
    """Return the pieces of some flights that threads take one by one."""
    return [slice(first, first + _CHUNK) for first in range(0, count, _CHUNK)]
