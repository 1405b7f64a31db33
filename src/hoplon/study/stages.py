"""The stages between flights and answers, each kept under the content it depends on.

flights -> cover per radar -> tracks of a set of radars -> shots per battery. Moving or switching one battery
recomputes that battery alone; moving a radar leaves the flights and the other radars' cover.
"""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.intercept.battery import MOST_SHOTS, batteries_of
from hoplon.intercept.engagement import engage
from hoplon.intercept.obstacle import OUT_OF_REACH, obstacles
from hoplon.intercept.reach import Interceptor, Reach, reach_of
from hoplon.sensing.radar import cover_of
from hoplon.sensing.track import Tracks, tracks_of
from hoplon.study.store import Store

if TYPE_CHECKING:
    from collections.abc import Hashable

    from hoplon.intercept.battery import Battery
    from hoplon.study.architecture import Defence
    from hoplon.study.flights import Flights

MAP_STEP: Final = 20.0  # [s] nodes of a map; events between them are found on the second
_CAUSE_STEP: Final = 15.0  # [s] a flight is within reach of an upper-layer battery for minutes
SINGLE_STEP: Final = 1.0  # [s] nodes when one flight is asked about


def covers(store: Store, flights: Flights, defence: Defence, step: float = MAP_STEP) -> list[NDArray[np.int16]]:
    """Return the cover of each radar of a defence, computing in one pass those that are not kept."""
    keys = [("cover", flights.key, step, radar.cover_key()) for radar in defence.radars]
    found: dict[Hashable, NDArray[np.int16] | None] = {key: store.find(key) for key in keys}
    missing = {key: radar for key, radar in zip(keys, defence.radars, strict=True) if found[key] is None}
    made = dict(zip(missing, cover_of(flights.elements, flights.classes, list(missing.values()), step), strict=True))
    for key, cover in made.items():
        store.keep(key, cover)
    kept = {key: cover for key, cover in found.items() if cover is not None} | made
    return [kept[key] for key in keys]


def tracks(store: Store, flights: Flights, defence: Defence, step: float = MAP_STEP) -> Tracks:
    """Return the tracks of the radars of a defence."""
    return store.get(
        _tracks_key(flights, defence, step),
        lambda: tracks_of(
            covers(store, flights, defence, step),
            list(defence.radars),
            flights.classes,
            np.array(defence.alerts),
            networked=defence.networked,
        ),
    )


def _tracks_key(flights: Flights, defence: Defence, step: float) -> Hashable:
    return ("tracks", flights.key, step, defence.radars, defence.alerts, defence.networked)


def reach(store: Store, interceptor: Interceptor) -> Reach:
    """Return the reach table of an interceptor."""
    return store.get(("reach", interceptor), lambda: reach_of(interceptor))


def shots(store: Store, flights: Flights, defence: Defence, step: float = MAP_STEP) -> NDArray[np.int8]:
    """Return the shot opportunities of each battery at each flight, shape (batteries, n)."""
    base = (_tracks_key(flights, defence, step), astuple(defence.timing))
    keys = [
        ("shots", base, defence.interceptors[battery.reach], astuple(battery)[:2], astuple(battery)[3:])
        for battery in defence.batteries
    ]
    missing = [index for index, key in enumerate(keys) if store.find(key) is None]
    if missing:
        wanted = [defence.batteries[index] for index in missing]
        made = _engaged(store, flights, defence, wanted, step, MOST_SHOTS)
        for index, row in zip(missing, made, strict=True):
            store.keep(keys[index], row.copy())
    return np.array([store.find(key) for key in keys], dtype=np.int8).reshape(len(keys), len(flights))


def most_shots(
    store: Store, flights: Flights, defence: Defence, enough: int, step: float = MAP_STEP
) -> NDArray[np.int8]:
    """Return the shots of the best battery at each flight, counted up to ``enough``; shape (n,).

    Cheaper than :func:`shots`, for two reasons. A flight is left as soon as one battery has enough. And when a single
    shot is enough, a flight at which a part of this defence has been found to have one is not asked again: another
    radar or battery makes no cue and no track later and takes no window away. (It may cost a second shot: an earlier
    first intercept can fall into a moment at which no radar watches, and then there is no look.)
    """
    if not defence.batteries:
        return np.zeros(len(flights), dtype=np.int8)
    family = ("settled", flights.key, enough, step, _rules(defence))
    known: dict[tuple[frozenset[Hashable], frozenset[Hashable]], NDArray[np.int8]] = store.get(family, dict)
    radars, batteries = _parts(defence)
    best = np.zeros(len(flights), dtype=np.int8)
    for (fewer_radars, fewer_batteries), found in known.items():
        if enough == 1 and fewer_radars <= radars and fewer_batteries <= batteries:
            best = np.maximum(best, found)
    open_flights = np.flatnonzero(best < enough)
    asked, kept = flights, store
    if len(open_flights) < len(flights):
        asked = flights.chosen(open_flights)
        kept = _stages_of_part(store, flights, asked, open_flights, defence, step)
    made = _engaged(kept, asked, defence, list(defence.batteries), step, enough)
    best[open_flights] = np.minimum(made.max(axis=0), enough)
    known[radars, batteries] = best
    return best


def _stages_of_part(
    store: Store, flights: Flights, part: Flights, indices: NDArray[np.intp], defence: Defence, step: float
) -> Store:
    """Return a store for some of the flights that holds what the store of all of them already knows."""
    kept = Store()
    for interceptor in defence.interceptors:
        kept.keep(("reach", interceptor), reach(store, interceptor))
    for radar in defence.radars:
        cover = store.find(("cover", flights.key, step, radar.cover_key()))
        if cover is not None:
            kept.keep(("cover", part.key, step, radar.cover_key()), np.ascontiguousarray(cover[indices]))
    return kept


def forget_tracks(store: Store, flights: Flights, defence: Defence, step: float = MAP_STEP) -> None:
    """Drop the tracks of a defence: large, and of no use to any other set of radars."""
    store.drop(_tracks_key(flights, defence, step))


def _rules(defence: Defence) -> Hashable:
    """Return what two defences must share for one to be a part of the other."""
    return (astuple(defence.timing), defence.alerts, defence.networked)


def _parts(defence: Defence) -> tuple[frozenset[Hashable], frozenset[Hashable]]:
    """Return the radars of a defence, and its batteries with all they depend on, as sets."""
    batteries = frozenset(
        (
            battery.latitude,
            battery.longitude,
            defence.interceptors[battery.reach],
            frozenset(defence.radars[index] for index in battery.own_radars),
            battery.remote_commit,
            battery.remote_support,
            battery.shots,
        )
        for battery in defence.batteries
    )
    return frozenset(defence.radars), batteries


def _engaged(
    store: Store, flights: Flights, defence: Defence, batteries: list[Battery], step: float, enough: int
) -> NDArray[np.int8]:
    reaches = [reach(store, interceptor) for interceptor in defence.interceptors]
    stacked = batteries_of(batteries, reaches, len(defence.radars))
    return engage(
        flights.elements,
        tracks(store, flights, defence, step).intervals,
        defence.latencies,
        defence.timing.row(),
        stacked.rows,
        stacked.own,
        stacked.interceptors,
        stacked.fans,
        stacked.times,
        stacked.floors,
        step,
        True,
        enough,
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
    stacked = batteries_of(list(defence.batteries), reaches, len(defence.radars))
    return obstacles(
        asked.elements,
        intervals,
        defence.latencies,
        defence.timing.row(),
        stacked.rows,
        stacked.own,
        stacked.interceptors,
        stacked.times,
        stacked.floors,
        _CAUSE_STEP,
    )
