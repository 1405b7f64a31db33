"""Flights judged by what is known of other defences: only those are judged that such bounds leave open.

What a defence meets, it meets with more sensors and batteries too (:func:`hoplon.defence.assembly.is_subset`). So a
site that is moved changes nothing at the flights that the rest of the defence meets without it, wherever the site
stands: the rest is judged once, and then only the flights that it leaves open. A subset decides the flights that it
meets, a superset those that it does not.

Of an aim point that one flight of a class leaves undefended, further flights of that class need not be judged: of the
flights that bounds leave open, those to one cell (an aim point and a class) are judged up to the first that is not met.

This holds of the first shot alone. Where it does not hold every flight is judged, and :attr:`JudgedFlights.why` says
so. It is exact but for flights that can be met only between two samples: the kernels find such an intercept where the
flight judged before was met at that second. Whether they do depends on the order of the flights, bounded or not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.what_if.rests import common_rest
from hoplon.defence.assembly import best_shots, is_subset
from hoplon.progress import silent

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from hoplon.analysis.flights import Flights
    from hoplon.analysis.store import Store
    from hoplon.defence.assembly import Defence
    from hoplon.progress import Progress

Method = Literal["kept", "bound", "full"]
FLIGHTS_A_PIECE: Final = 10_000  # between two reports of progress, at which work can be ended
# [s] six spacings of the samples of a map. The kernels look for an intercept between two samples that are both out of
# reach only where an altitude limit lies between them, or at the second at which a flight before was met.
_SHORT_FLIGHT: Final = 120.0
_FLIGHTS_A_CHUNK: Final = 500  # about as many flights by cell of one call of a kernel, on any number of threads
_CLASS_BITS: Final = 16
_LEFT_OUT: Final = -1  # shots at a flight that was not judged
_WHOLES, _RESTS = "wholes", "rests"
_MOST_KNOWN: Final = {_WHOLES: 8, _RESTS: 48}  # defences whose answers bound those of others
SEVERAL_SHOTS: Final = (
    "every flight was judged: with more than one shot required, a first intercept that comes earlier can fall where no "
    "radar sees its outcome"
)
NO_CENTRE: Final = (
    "every flight was judged: intercepts are supported by predictions, and no one centre fuses the tracks that they "
    "are made from"
)
SHORT_FLIGHTS: Final = (
    "every flight was judged: an interceptor that flies for less than two minutes can meet a flight between two of the "
    "moments at which it is sampled, and whether it is found to can depend on the flights judged before it"
)
NOTHING_KNOWN: Final = "every flight was judged: nothing that was judged before bounds the answer"
NO_REST: Final = "every flight was judged: what is not moved meets none, or is not a part of this defence"


@dataclass(frozen=True)
class JudgedFlights:
    """The shots of a defence's best battery at each flight, and how they were found.

    Attributes
    ----------
    best : ndarray of int8, shape (n,)
        0 too at flights that were not judged, because one before them, of the same class to the same aim point, is not
        met: of each cell the fewest shots, and the first flight that has them, are those of every flight judged.
    method : {"kept", "bound", "full"}
    why : str
        Why every flight was judged; "" where not.
    judged : int
        Flights that were judged for it.
    """

    best: NDArray[np.int8]
    method: Method
    why: str
    judged: int


def unbounded(defence: Defence, enough: int) -> str:
    """Return why what is known of subsets and supersets of a defence says nothing of it; "" where it does."""
    if enough > 1 or defence.shots_required > 1:
        return SEVERAL_SHOTS
    if any(kind.maximum_flight_time < _SHORT_FLIGHT for kind in defence.interceptors):
        return SHORT_FLIGHTS
    if defence.timing.handover_error is not None and not defence.timing.central:
        return NO_CENTRE
    return ""


def judge(
    store: Store,
    flights: Flights,
    defence: Defence,
    enough: int,
    step: float = stages.MAP_STEP,
    rest: Defence | None = None,
    progress: Progress = silent,
) -> JudgedFlights:
    """Judge the flights by a defence, from what is known of others as far as that decides them.

    Parameters
    ----------
    store : Store
        Keeps the answer, and which defences are known.
    flights : Flights
    defence : Defence
    enough : int
        Shots counted at most, as :func:`hoplon.analysis.stages.most_shots`.
    step : float
        Node spacing [s].
    rest : Defence, optional
        The defence without what is being moved, which is judged first if it is not known; by default what it has in
        common with a defence that was judged and differs from it in the places of some elements alone.
    progress : callable
        Told of each piece. What it raises ends the work, which goes on from there when it is asked for again.
    """
    about = _About(store, flights, enough, step)
    kept = about.settled(defence)
    if kept is not None:
        about.remember(defence, _WHOLES)
        return JudgedFlights(_counted(kept), "kept", "", 0)
    why = unbounded(defence, enough)
    judged = 0
    if not why:
        below = common_rest(defence, about.known(_WHOLES)) if rest is None else rest
        if below is not None and below.batteries and is_subset(below, defence) and not is_subset(defence, below):
            judged = about.learn(below, _RESTS, progress).judged
        elif rest is not None:
            why = NO_REST
    found = about.learn(defence, _WHOLES, progress)
    return replace(found, why=(why or found.why) if found.method == "full" else "", judged=found.judged + judged)


def what_if_shots(
    store: Store, flights: Flights, defence: Defence, enough: int, step: float = stages.MAP_STEP
) -> JudgedFlights:
    """Judge the flights by a defence that may be asked for again with a part of it moved, or without one.

    The first time by what each battery does alone, which is kept (:func:`hoplon.analysis.stages.enough_shots`), so that
    a battery moved, switched on or off is asked alone. What is moved with its radar is bounded by the rest.

    Parameters
    ----------
    store, flights, defence, enough, step
        As :func:`judge`.
    """
    about, why = _About(store, flights, enough, step), unbounded(defence, enough)
    kept = about.settled(defence)
    if kept is not None:
        about.remember(defence, _WHOLES)
        return JudgedFlights(_counted(kept), "kept", "", 0)
    rows = stages.kept_shots(store, flights, defence, step, enough)
    some = any(row is not None for row in rows)
    if not (some or why) and common_rest(defence, about.known(_WHOLES)) is not None:
        return judge(store, flights, defence, enough, step)
    if why == SHORT_FLIGHTS:  # in the order in which a question that is asked once judges them
        return JudgedFlights(stages.most_shots(store, flights, defence, enough, step), "full", why, len(flights))
    best = stages.enough_shots(store, flights, defence, enough, step)
    about.remember(defence, _WHOLES)
    if some:
        return JudgedFlights(best, "bound", "", 0)
    return JudgedFlights(best, "full", why or NOTHING_KNOWN, len(flights))


def learn(
    store: Store,
    flights: Flights,
    defences: Sequence[Defence],
    enough: int,
    step: float = stages.MAP_STEP,
    progress: Progress = silent,
    piece: int | None = None,
) -> None:
    """Judge the flights by what stays when parts of a defence are moved, before it is asked for.

    In one pass while nothing is known, else one after the other, each by what is known of the others.

    Parameters
    ----------
    store, flights, enough, step, progress
        As :func:`judge`.
    defences : sequence of Defence
        The whole first, then what is left of it without each part.
    piece : int, optional
        Flights between two reports of progress, a multiple of 1,000; ``FLIGHTS_A_PIECE`` by default.
    """
    about = _About(store, flights, enough, step, piece)
    asked = [one for one in defences if one.batteries and not unbounded(one, enough)]
    missing = [one for one in asked if about.settled(one) is None]
    if len(missing) == len(asked) > 1:
        about.judge_together(missing, progress)
    for place, one in enumerate(missing):

        def tell(done: int, total: int, text: str, place: int = place) -> None:
            progress(place * total + done, len(missing) * total, text)

        about.learn(one, _RESTS, tell)


def judge_all(
    store: Store,
    flights: Flights,
    defences: Sequence[Defence],
    step: float = stages.MAP_STEP,
    progress: Progress = silent,
) -> None:
    """Judge the flights by several defences, each up to its shots required, in one pass for those that require as many.

    Parameters
    ----------
    store, flights, defences, step, progress
        As :func:`learn`.
    """
    for enough in dict.fromkeys(one.shots_required for one in defences):
        about = _About(store, flights, enough, step)
        asked = [one for one in defences if one.shots_required == enough]
        missing = [one for one in asked if about.settled(one) is None]
        if missing:
            about.judge_together(missing, progress)


class _About:
    """What is known of the flights of a question."""

    def __init__(self, store: Store, flights: Flights, enough: int, step: float, piece: int | None = None) -> None:
        self._store, self._flights, self._enough, self._step = store, flights, enough, step
        self._piece = piece or FLIGHTS_A_PIECE

    def known(self, kind: str) -> tuple[Defence, ...]:
        """Return the defences that were judged lately, the last one first."""
        found: _Known | None = self._store.find((kind, self._flights.key, self._enough, self._step))
        return () if found is None else found.defences

    def learn(self, defence: Defence, kind: str, progress: Progress) -> JudgedFlights:
        """Judge a defence by what is known, and remember it."""
        kept = self.settled(defence)
        if kept is None:
            work = self._store.find(self._key_of_work([defence]))
            if work is None:
                best, left = self._decided(defence)
                if left is not None and kind == _WHOLES:
                    left = left[np.argsort(self._cells(left), kind="stable")]
                work = _Work(best[np.newaxis], left, 0, by_cell=left is not None and kind == _WHOLES)
            self._work([defence], work, progress)
            best, left = work.best[0], work.left
            judged = (len(self._flights) if left is None else len(left)) - int(np.count_nonzero(best == _LEFT_OUT))
            found = JudgedFlights(_counted(best), "full" if left is None else "bound", NOTHING_KNOWN, judged)
        else:
            found = JudgedFlights(_counted(kept), "kept", "", 0)
        self.remember(defence, kind)
        return found

    def judge_together(self, defences: Sequence[Defence], progress: Progress) -> None:
        """Judge several defences in one pass over all flights, and remember them."""
        work = self._store.find(self._key_of_work(defences))
        if work is None:
            work = _Work(np.zeros((len(defences), len(self._flights)), dtype=np.int8), None, 0)
        self._work(defences, work, progress)
        for defence in reversed(defences):
            self.remember(defence, _RESTS)

    def settled(self, defence: Defence) -> NDArray[np.int8] | None:
        """Return what is kept of a defence's shots, ``_LEFT_OUT`` at flights that were not judged; None of others."""
        kept = stages.settled_shots(self._store, self._flights, defence, self._enough, self._step)
        if kept is None:
            kept = self._store.find(self._key_by_cell(defence))
        return kept

    def _key_by_cell(self, defence: Defence) -> Hashable:
        return "settled by cell", self._flights.key, self._enough, self._step, defence.content()

    def _cells(self, chosen: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return a number of the aim point and class of each of some flights."""
        flights = self._flights
        return (flights.points[chosen].astype(np.int64) << _CLASS_BITS) + flights.classes[chosen]

    def _key_of_work(self, defences: Sequence[Defence]) -> Hashable:
        contents = tuple(defence.content() for defence in defences)
        return "under way", self._flights.key, self._enough, self._step, contents

    def remember(self, defence: Defence, kind: str) -> None:
        """Put a defence in front of those that were judged lately."""
        known, content = self.known(kind), defence.content()
        if known and known[0].content() == content:
            return
        others = [one for one in known if one.content() != content]
        found = _Known((defence, *others[: _MOST_KNOWN[kind] - 1]))
        self._store.keep((kind, self._flights.key, self._enough, self._step), found)

    def _decided(self, defence: Defence) -> tuple[NDArray[np.int8], NDArray[np.intp] | None]:
        """Return what is known of a defence's shots, and the flights that this leaves open; None where nothing is."""
        best = np.zeros(len(self._flights), dtype=np.int8)
        if unbounded(defence, self._enough):
            return best, None
        open_ = np.ones(len(self._flights), dtype=np.bool_)
        known = False
        for one in (*self.known(_RESTS), *self.known(_WHOLES)):
            below, above = is_subset(one, defence), is_subset(defence, one)
            shots = self.settled(one) if below or above else None
            if shots is None:
                continue
            known = True
            if below:
                met = shots >= self._enough
                best[met] = self._enough
                open_ &= ~met
            if above:
                open_ &= (shots >= self._enough) | (shots == _LEFT_OUT)
        return best, np.flatnonzero(open_) if known else None

    def _work(self, defences: Sequence[Defence], work: _Work, progress: Progress) -> None:
        """Judge the flights that are left, piece by piece, and keep the answers."""
        store, flights, step = self._store, self._flights, self._step
        key, enough = self._key_of_work(defences), [self._enough] * len(defences)
        total = len(flights) if work.left is None else len(work.left)
        pieces = max(1, -(-total // self._piece))
        firsts = self._firsts_of_cells(work.left) if work.by_cell and work.left is not None else None
        while work.done < total:
            end = min(total, work.done + self._piece)
            if firsts is not None and end < total:  # the flights of one cell are judged in one piece
                end = int(firsts[np.searchsorted(firsts, end, side="right") - 1])
                end = end if end > work.done else int(np.append(firsts, total)[np.searchsorted(firsts, work.done + 1)])
            some: Any = slice(work.done, end)
            progress(work.done // self._piece, pieces, "flights judged")
            by_aim = None if firsts is None else _by_cell(firsts, work.done, end)
            some = some if work.left is None else work.left[some]
            elements, classes = flights.elements[some], flights.classes[some]
            every = [slice(0, len(classes))]
            found = best_shots(
                elements, classes, defences, enough, lambda kind: stages.reach(store, kind), step, every, by_aim
            )
            if by_aim is not None:
                _leave_out(found[0], by_aim[0])
            work.best[:, some] = found
            work.done += len(classes)
            store.keep(key, work)
        for defence, row in zip(defences, work.best, strict=True):
            if work.by_cell:
                store.keep(self._key_by_cell(defence), row.copy())
            else:
                stages.keep_settled(store, flights, defence, self._enough, row.copy(), step)
        store.drop(key)

    def _firsts_of_cells(self, left: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return where, among flights in order of their cells, those of each cell begin."""
        return np.flatnonzero(np.diff(self._cells(left), prepend=-1))


def _by_cell(firsts: NDArray[np.intp], begin: int, end: int) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Return the number of the cell of each flight of a piece, and at which of it a call of a kernel may begin."""
    mine = firsts[(firsts >= begin) & (firsts < end)] - begin
    cells = np.repeat(np.arange(len(mine), dtype=np.int32), np.diff(mine, append=end - begin))
    about = np.searchsorted(mine, np.arange(0, end - begin, _FLIGHTS_A_CHUNK))
    return cells, np.unique(np.append(mine[about[about < len(mine)]], [0, end - begin]))


def _leave_out(shots: NDArray[np.int8], cells: NDArray[np.int32]) -> None:
    """Mark the flights of each cell after the first that is not met: they were not judged."""
    unmet = shots == 0
    so_far = np.cumsum(unmet)
    before_cell = (so_far - unmet)[np.searchsorted(cells, np.arange(cells[-1] + 1))] if len(cells) else so_far
    shots[so_far - unmet > before_cell[cells]] = _LEFT_OUT


def _counted(shots: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return shots with none where a flight was not judged."""
    return np.maximum(shots, 0)


class _Known:
    """Defences that were judged lately; no dataclass, for the store would sum up their few bytes at each step."""

    def __init__(self, defences: tuple[Defence, ...]) -> None:
        self.defences = defences


@dataclass
class _Work:
    """Flights that are being judged: what is known of each, which are left, and how many of those are done.

    With ``by_cell`` those that are left are in order of their cells, and each cell is judged up to the first unmet one.
    """

    best: NDArray[np.int8]
    left: NDArray[np.intp] | None
    done: int
    by_cell: bool = False
