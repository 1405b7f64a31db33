"""The stages between flights and answers, each kept under the content it depends on.

flights -> cover per radar -> tracks of a set of radars -> shots per battery. Moving or switching one battery
recomputes that battery alone; moving a radar leaves the flights and the other radars' cover.
"""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.intercept.engagement import MOST_SHOTS, batteries_of, engage
from hoplon.intercept.obstacle import OUT_OF_REACH, obstacles
from hoplon.intercept.reach import Interceptor, Reach, reach_of
from hoplon.sensing.radar import cover_of
from hoplon.sensing.track import Tracks, tracks_of

if TYPE_CHECKING:
    from collections.abc import Hashable

    from hoplon.intercept.engagement import Battery
    from hoplon.study.architecture import Defence
    from hoplon.study.flights import Flights
    from hoplon.study.store import Store

MAP_STEP: Final = 20.0  # [s] nodes of a map; events between them are found on the second
_CAUSE_STEP: Final = 3.0  # [s] fine enough for the few seconds a flight takes through a low battery's altitudes
SINGLE_STEP: Final = 1.0  # [s] nodes when one flight is asked about


def covers(store: Store, flights: Flights, defence: Defence, step: float = MAP_STEP) -> list[NDArray[np.int16]]:
    """Return the cover of each radar of a defence, computing in one pass those that are not kept."""
    keys = [("cover", flights.key, step, radar.cover_key()) for radar in defence.radars]
    missing = {key: radar for key, radar in zip(keys, defence.radars, strict=True) if store.find(key) is None}
    made = dict(zip(missing, cover_of(flights.elements, flights.classes, list(missing.values()), step), strict=True))
    for key, cover in made.items():
        store.keep(key, cover)
    return [made[key] if key in made else store.find(key) for key in keys]


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

    Cheaper than :func:`shots`: a flight is left as soon as one battery has enough.
    """
    if not defence.batteries:
        return np.zeros(len(flights), dtype=np.int8)
    made = _engaged(store, flights, defence, list(defence.batteries), step, enough)
    return np.asarray(np.minimum(made.max(axis=0), enough), dtype=np.int8)


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
    reaches = [reach(store, interceptor) for interceptor in defence.interceptors]
    stacked = batteries_of(list(defence.batteries), reaches, len(defence.radars))
    return obstacles(
        np.ascontiguousarray(flights.elements[chosen]),
        np.ascontiguousarray(tracks(store, flights, defence, step).intervals[:, chosen]),
        defence.latencies,
        defence.timing.row(),
        stacked.rows,
        stacked.own,
        stacked.interceptors,
        stacked.times,
        stacked.floors,
        _CAUSE_STEP,
    )
