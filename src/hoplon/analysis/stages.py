"""The stages between flights and answers, each kept under the content it depends on.

flights -> cover per radar -> tracks of a set of radars -> shots per battery. Moving or switching one battery
recomputes that battery alone; moving a radar leaves the flights and the other radars' cover.
"""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.store import Store
from hoplon.defence.assembly import best_shots
from hoplon.intercept.battery import batteries_of
from hoplon.intercept.engagement import engage
from hoplon.intercept.obstacle import OUT_OF_REACH, obstacles
from hoplon.intercept.reach import Interceptor, Reach, reach_of
from hoplon.progress import silent
from hoplon.sensing.cover import cover_of
from hoplon.sensing.radar import sensor_rows
from hoplon.sensing.track import Tracks, tracks_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from hoplon.analysis.flights import Flights
    from hoplon.defence.assembly import Defence
    from hoplon.intercept.battery import Battery
    from hoplon.progress import Progress

MAP_STEP: Final = 20.0  # [s] nodes of a map; events between them are found on the second
_CAUSE_STEP: Final = 15.0  # [s] a flight is within reach of an upper-layer battery for minutes
_FLIGHTS_A_PIECE: Final = 40_000
EVERY: Final = 127  # shots: more than any battery has at one flight
SINGLE_STEP: Final = 1.0  # [s] nodes when one flight is asked about


def covers(store: Store, flights: Flights, defence: Defence, step: float = MAP_STEP) -> list[NDArray[np.int16]]:
    """Return the cover of each sensor of a defence, computing in one pass those that are not kept."""
    keys = [("cover", flights.key, step, sensor.cover_key()) for sensor in defence.sensors]
    found: dict[Hashable, NDArray[np.int16] | None] = {key: store.find(key) for key in keys}
    missing = {key: sensor for key, sensor in zip(keys, defence.sensors, strict=True) if found[key] is None}
    made = dict(zip(missing, cover_of(flights.elements, flights.classes, list(missing.values()), step), strict=True))
    for key, cover in made.items():
        store.keep(key, cover)
    kept = {key: cover for key, cover in found.items() if cover is not None} | made
    return [kept[key] for key in keys]


def tracks(store: Store, flights: Flights, defence: Defence, step: float = MAP_STEP) -> Tracks:
    """Return the tracks of the sensors of a defence."""
    return store.get(
        _tracks_key(flights, defence, step),
        lambda: tracks_of(
            covers(store, flights, defence, step),
            defence.sensors,
            flights.classes,
            np.array(defence.alerts),
            networked=defence.networked,
        ),
    )


def _tracks_key(flights: Flights, defence: Defence, step: float) -> Hashable:
    return ("tracks", flights.key, step, defence.sensors, defence.alerts, defence.networked)


def reach(store: Store, interceptor: Interceptor) -> Reach:
    """Return the reach table of an interceptor."""
    return store.get(("reach", interceptor), lambda: reach_of(interceptor))


def shots(
    store: Store, flights: Flights, defence: Defence, step: float = MAP_STEP, enough: int = EVERY
) -> NDArray[np.int8]:
    """Return the shot opportunities of each battery at each flight, counted up to enough; shape (batteries, n)."""
    kept = kept_shots(store, flights, defence, step, enough)
    missing = [index for index, row in enumerate(kept) if row is None]
    if missing:
        everyone = np.arange(len(flights))
        made = _engaged(
            store, flights, everyone, defence, [defence.batteries[index] for index in missing], step, enough
        )
        for index, row in zip(missing, made, strict=True):
            kept[index] = row.copy()
            store.keep(_shots_key(flights, defence, index, step, enough), kept[index])
    return np.array(kept, dtype=np.int8).reshape(len(kept), len(flights))


def _shots_key(flights: Flights, defence: Defence, index: int, step: float, enough: int) -> Hashable:
    battery = defence.batteries[index]
    base = (_tracks_key(flights, defence, step), astuple(defence.timing), enough)
    return ("shots", base, defence.interceptors[battery.reach], astuple(battery)[:2], astuple(battery)[3:])


def kept_shots(
    store: Store, flights: Flights, defence: Defence, step: float, enough: int
) -> list[NDArray[np.int8] | None]:
    """Return what is kept of each battery's shots, counted up to enough."""
    found: list[NDArray[np.int8] | None] = []
    for index in range(len(defence.batteries)):
        row = store.find(_shots_key(flights, defence, index, step, enough))
        if row is None and enough != EVERY:
            every = store.find(_shots_key(flights, defence, index, step, EVERY))
            row = None if every is None else np.minimum(every, enough)
        found.append(row)
    return found


def enough_shots(
    store: Store, flights: Flights, defence: Defence, enough: int, step: float = MAP_STEP
) -> NDArray[np.int8]:
    """Return what :func:`most_shots` does, from what each battery does alone, and keep that; shape (n,).

    Dearer than :func:`most_shots`, once; asked again with a battery moved, switched on or off, that battery alone is
    asked, about the flights that no other meets.
    """
    key = _settled_key(flights, defence, enough, step)
    best: NDArray[np.int8] | None = store.find(key)
    if best is not None:
        return best
    kept = kept_shots(store, flights, defence, step, enough)
    known = [row for row in kept if row is not None]
    if known and len(known) < len(kept):
        best = np.max(known, axis=0)
        left = np.flatnonzero(best < enough)
        missing = [battery for battery, row in zip(defence.batteries, kept, strict=True) if row is None]
        made = _engaged(store, flights, left, defence, missing, step, enough)
        best[left] = np.maximum(best[left], made.max(axis=0, initial=0))
    else:
        best = shots(store, flights, defence, step, enough).max(axis=0, initial=0)
    store.keep(key, best)
    return best


def settle(
    store: Store,
    flights: Flights,
    defences: Sequence[Defence],
    enough: Sequence[int],
    step: float = MAP_STEP,
    progress: Progress = silent,
) -> None:
    """Judge the flights by several defences in one pass, and keep what :func:`most_shots` returns of each.

    Parameters
    ----------
    enough : sequence of int
        Shots at which each defence is settled.
    progress : callable
        Told of each piece of the pass.
    """
    keys = [_settled_key(flights, defence, number, step) for defence, number in zip(defences, enough, strict=True)]
    asked = {
        key: (defence, number)
        for key, defence, number in zip(keys, defences, enough, strict=True)
        if store.find(key) is None
    }
    if not asked:
        return
    pieces = max(1, len(flights) // _FLIGHTS_A_PIECE)
    edges = [len(flights) * piece // pieces for piece in range(pieces + 1)]

    def slices() -> Iterator[slice]:
        for piece in range(pieces):
            progress(piece, pieces, "")
            yield slice(edges[piece], edges[piece + 1])

    found = best_shots(
        flights.elements,
        flights.classes,
        [defence for defence, _ in asked.values()],
        [number for _, number in asked.values()],
        lambda kind: reach(store, kind),
        step,
        slices(),
    )
    for key, row in zip(asked, found, strict=True):
        store.keep(key, row.copy())


def settled_shots(
    store: Store, flights: Flights, defence: Defence, enough: int, step: float = MAP_STEP
) -> NDArray[np.int8] | None:
    """Return what :func:`most_shots` does where that is kept, which needs no elements of the flights; else None."""
    found: NDArray[np.int8] | None = store.find(_settled_key(flights, defence, enough, step))
    return found


def keep_settled(
    store: Store, flights: Flights, defence: Defence, enough: int, best: NDArray[np.int8], step: float = MAP_STEP
) -> None:
    """Keep what :func:`most_shots` returns, found in another way."""
    store.keep(_settled_key(flights, defence, enough, step), best)


def most_shots(
    store: Store, flights: Flights, defence: Defence, enough: int, step: float = MAP_STEP
) -> NDArray[np.int8]:
    """Return the shots of the best battery at each flight, counted up to ``enough``; shape (n,).

    Cheaper than :func:`shots`: a flight is left as soon as one battery has enough.
    """
    settle(store, flights, [defence], [enough], step)
    return np.asarray(store.find(_settled_key(flights, defence, enough, step)))


def _settled_key(flights: Flights, defence: Defence, enough: int, step: float) -> Hashable:
    return ("settled", flights.key, step, enough, defence.content())


def _stages_of_part(
    store: Store, flights: Flights, part: Flights, indices: NDArray[np.intp], defence: Defence, step: float
) -> Store:
    """Return a store for some of the flights that holds what the store of all of them already knows."""
    kept = Store()
    for interceptor in defence.interceptors:
        kept.keep(("reach", interceptor), reach(store, interceptor))
    for sensor in defence.sensors:
        cover = store.find(("cover", flights.key, step, sensor.cover_key()))
        if cover is not None:
            kept.keep(("cover", part.key, step, sensor.cover_key()), np.ascontiguousarray(cover[indices]))
    return kept


def _engaged(
    store: Store,
    flights: Flights,
    asked: NDArray[np.intp],
    defence: Defence,
    batteries: list[Battery],
    step: float,
    enough: int,
) -> NDArray[np.int8]:
    reaches = [reach(store, interceptor) for interceptor in defence.interceptors]
    stacked = batteries_of(batteries, reaches, len(defence.sensors))
    return engage(
        flights.elements,
        asked,
        tracks(store, flights, defence, step).intervals,
        sensor_rows(defence.sensors),
        defence.latencies,
        defence.timing.row(),
        stacked,
        step,
        enough,
        True,
    )


def causes(
    store: Store, flights: Flights, defence: Defence, chosen: NDArray[np.intp], step: float = MAP_STEP
) -> NDArray[np.int8]:
    """Return why some flights meet no shot, an index in :data:`hoplon.intercept.obstacle.OBSTACLES` each.

    Parameters
    ----------
    chosen : ndarray, shape (m,)
        Indices of the flights asked about.
    """
    if not len(chosen):
        return np.empty(0, dtype=np.int8)
    if not defence.batteries:
        return np.full(len(chosen), OUT_OF_REACH, dtype=np.int8)
    asked = flights.chosen(chosen)
    kept: Tracks | None = store.find(_tracks_key(flights, defence, step))
    if kept is None:
        part = _stages_of_part(store, flights, asked, chosen, defence, step)
        intervals = tracks(part, asked, defence, step).intervals
    else:
        intervals = np.ascontiguousarray(kept.intervals[:, chosen])
    reaches = [reach(store, interceptor) for interceptor in defence.interceptors]
    stacked = batteries_of(list(defence.batteries), reaches, len(defence.sensors))
    return obstacles(
        asked.elements,
        intervals,
        defence.latencies,
        defence.timing.row(),
        stacked,
        _CAUSE_STEP,
    )
