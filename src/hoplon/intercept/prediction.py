"""When a battery may rely on the network's prediction of a flight (model section 7, ``support: predicted``).

Support at t holds when the predicted-intercept error, from every look that has reached the battery by t less the
handover time, is within the handover error. The prediction is the network's in every networked mode: it stands in for
the track that the battery's own radar would have to hold in ``launch_on_remote``. The error is taken across the closing
velocity: the threat's velocity less that of the interceptor that meets it there after the least fly-out time. Looks are
fused in one place, or each radar's own track is intersected with the others (:mod:`hoplon.flight.intersection`); a
battery's own radars make one track.

Nothing is sampled. A stretch of seconds is decided at once where bounds allow it: looks only ever add information, so
the looks that have arrived at the start of a stretch bound its error from above and those of its end from below; the
greatest eigenvalue of the covariance bounds what any closing direction can hide. What the bounds leave open is halved,
down to single seconds, which are computed. Central fusion is never worse than the intersection: where it gives no
support nothing is intersected.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, embedded_kernel, inlined_kernel, kernel, separate_kernel
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME
from hoplon.flight.information import (
    PACKED,
    STRETCH_COLUMNS,
    STRETCH_FIRST,
    STRETCH_SENSOR,
    factor,
    gather_information,
    most_runs,
    place_covariance,
    sigma_across,
    sigma_bounds,
    stretches_of,
)
from hoplon.flight.intersection import FusionScratch, fusion_scratch, place_rows, projected_trace, search_weights
from hoplon.flight.sensitivity import most_arc_nodes, place_arc_nodes
from hoplon.intercept.battery import REMOTE_COMMIT, TimingRow
from hoplon.intercept.closing import closing_velocity
from hoplon.intercept.launch import Weapon
from hoplon.intercept.predicted_point import heard_from, local_tracks, rows_across

_LONGEST_STRETCH: Final = 256  # [s] the error of an arc bends little within
_SHORT_STRETCH: Final = 32  # [s] within which the closing direction turns little
_LONG_MARGIN: Final = 0.05  # of the error, for its bend within a long stretch
_SHORT_MARGIN: Final = 0.01
_FIRST_LOOKS: Final = 60.0  # [s] of looks that are tried first
_MORE_LOOKS: Final = 4.0  # times as long, where they do not suffice


class PredictionScratch(NamedTuple):
    """Working arrays of predictions from up to m radars.

    Attributes
    ----------
    total, root : ndarray, shape (PACKED,)
        Information of looks, and its factor.
    heard : ndarray, shape (m, m)
        Delays of the radars behind each local track [s].
    totals : ndarray, shape (m, PACKED)
        Information of each local track.
    rows, spread : ndarray, shape (3, 6)
        Derivative of the place by the parameters, and what :func:`projected_trace` writes.
    fusion : FusionScratch
    """

    total: NDArray[np.float64]
    root: NDArray[np.float64]
    heard: NDArray[np.float64]
    totals: NDArray[np.float64]
    rows: NDArray[np.float64]
    spread: NDArray[np.float64]
    fusion: FusionScratch


@kernel
def prediction_scratch(radars: int) -> PredictionScratch:
    """Return working arrays of predictions from up to so many radars."""
    return PredictionScratch(
        np.empty(PACKED),
        np.empty(PACKED),
        np.empty((radars, radars)),
        np.empty((radars, PACKED)),
        np.empty((3, 6)),
        np.empty((3, 6)),
        fusion_scratch(radars, 3),
    )


class Looks(NamedTuple):
    """The looks of a set of radars at a flight, found and summed as far as some prediction was requested.

    Attributes
    ----------
    arc : ndarray, shape (k, 5)
        From :func:`hoplon.flight.sensitivity.place_arc_nodes`.
    stretches : ndarray, shape (m, STRETCH_COLUMNS)
        From :func:`hoplon.flight.information.stretches_of`.
    found : ndarray, shape (1,)
        Valid stretches; -1 while the flight's are not found, nor its arc placed.
    sensors : ndarray, shape (radars, SENSOR_COLUMNS)
    latencies : ndarray, shape (radars,)
        Of the radars' reports [s].
    delays : ndarray, shape (radars,)
        How long each radar's looks take to the battery requested [s].
    sums : ndarray, shape (m, runs, PACKED)
        As :func:`hoplon.flight.information.gather_information`.
    scratch : PredictionScratch
    """

    arc: NDArray[np.float64]
    stretches: NDArray[np.float64]
    found: NDArray[np.int64]
    sensors: NDArray[np.float64]
    latencies: NDArray[np.float64]
    delays: NDArray[np.float64]
    sums: NDArray[np.float64]
    scratch: PredictionScratch


@kernel
def looks_for(sensors: NDArray[np.float64], latencies: NDArray[np.float64], room: tuple[int, int, int]) -> Looks:
    """Return looks of a set of radars, none found, with the room that :func:`room_for_prediction` gives."""
    (arc_nodes, stretches, runs), radars = room, sensors.shape[0]
    return Looks(
        np.empty((arc_nodes, 5)),
        np.empty((stretches, STRETCH_COLUMNS)),
        np.full(1, -1),
        sensors,
        latencies,
        np.empty(radars),
        np.empty((stretches, runs, PACKED)),
        prediction_scratch(radars),
    )


@embedded_kernel
def look_at(row: NDArray[np.float64], tracks: NDArray[np.float32], flight: int, looks: Looks) -> None:
    """Find the looks at a flight that its tracks tell of, unless they are found."""
    if looks.found[0] < 0:
        place_arc_nodes(row, looks.arc)
        looks.found[0] = stretches_of(row, tracks, flight, looks.sensors, looks.stretches)


@borrowing_kernel
def _gather(
    row: NDArray[np.float64], looks: Looks, delays: NDArray[np.float64], until: float, total: NDArray[np.float64]
) -> None:
    """Write the information of every look that has arrived by a time, summed by Gauss's rule."""
    gather_information(
        row, looks.arc, looks.stretches, looks.found[0], looks.sensors, delays, until, looks.sums, False, total
    )


@embedded_kernel
def _decide(
    row: NDArray[np.float64],
    looks: Looks,
    handover: float,
    limit: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    first: int,
    last: int,
) -> int:
    """Return 1 when every second from ``first`` to ``last`` has support, 0 when none has, -1 when that is open."""
    total, root = looks.scratch.total, looks.scratch.root
    margin = 0.0 if first == last else (_SHORT_MARGIN if last - first <= _SHORT_STRETCH else _LONG_MARGIN)
    _gather(row, looks, looks.delays, first - handover, total)
    known = factor(total, root)
    if not known and first == last:
        return 0
    if known:
        at_first = place_covariance(row, looks.arc, root, float(first))
        at_last = place_covariance(row, looks.arc, root, float(last))
        least, most = sigma_bounds(at_first)
        least_last, most_last = sigma_bounds(at_last)
        most = max(most, most_last) * (1.0 + margin)
        if most <= limit:
            return 1
        if last - first <= _SHORT_STRETCH and max(least, least_last) * (1.0 + margin) <= limit:
            x, y, z = closing_velocity(row, looks.arc, weapon, fan, float(first))
            worst = sigma_across(at_first, x, y, z)
            if first == last:
                return 1 if worst <= limit else 0
            if worst * (1.0 + margin) <= limit:
                x, y, z = closing_velocity(row, looks.arc, weapon, fan, float(last))
                if sigma_across(at_last, x, y, z) * (1.0 + margin) <= limit:
                    return 1
        elif first == last:
            return 0
    return _decide_outside(row, looks, handover, limit, weapon, fan, first, last, margin)


@borrowing_kernel
def _decide_outside(
    row: NDArray[np.float64],
    looks: Looks,
    handover: float,
    limit: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    first: int,
    last: int,
    margin: float,
) -> int:
    """Return 0 when no second of a stretch can have support with all that has been heard at its end, else -1."""
    total, root = looks.scratch.total, looks.scratch.root
    _gather(row, looks, looks.delays, last - handover, total)
    if not factor(total, root):
        return 0
    at_first = place_covariance(row, looks.arc, root, float(first))
    at_last = place_covariance(row, looks.arc, root, float(last))
    least = min(sigma_bounds(at_first)[0], sigma_bounds(at_last)[0]) * (1.0 - margin)
    if least > limit:
        return 0
    if (
        last - first > _SHORT_STRETCH
        or min(sigma_bounds(at_first)[1], sigma_bounds(at_last)[1]) * (1.0 - margin) <= limit
    ):
        return -1
    x, y, z = closing_velocity(row, looks.arc, weapon, fan, float(first))
    if sigma_across(at_first, x, y, z) * (1.0 - margin) <= limit:
        return -1
    x, y, z = closing_velocity(row, looks.arc, weapon, fan, float(last))
    return 0 if sigma_across(at_last, x, y, z) * (1.0 - margin) > limit else -1


@embedded_kernel
def _decide_intersected(
    row: NDArray[np.float64],
    looks: Looks,
    tracks: int,
    handover: float,
    limit: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    first: int,
    last: int,
) -> int:
    """Return what :func:`_decide` does, of local tracks that are intersected."""
    heard, totals, rows = looks.scratch.heard, looks.scratch.totals, looks.scratch.rows
    spread, fusion = looks.scratch.spread, looks.scratch.fusion
    short = last - first <= _SHORT_STRETCH
    margin = 0.0 if first == last else (_SHORT_MARGIN if short else _LONG_MARGIN)
    for track in range(tracks):
        _gather(row, looks, heard[track], first - handover, totals[track])
    lines = 3
    if short:
        lines = rows_across(row, looks.arc, weapon, fan, float(first), rows)
    else:
        place_rows(row, looks.arc, float(first), rows)
    sufficient = 2.0 * (limit / (1.0 + margin)) ** 2
    value, _ = search_weights(totals, tracks, rows, lines, sufficient, fusion)
    if first == last:
        return 1 if value <= sufficient else 0
    if value <= sufficient:
        if short:
            lines = rows_across(row, looks.arc, weapon, fan, float(last), rows)
        else:
            place_rows(row, looks.arc, float(last), rows)
        if projected_trace(fusion.root, rows, lines, spread) <= sufficient:
            return 1
    if not short:
        return -1
    for track in range(tracks):
        _gather(row, looks, heard[track], last - handover, totals[track])
    never = 2.0 * (limit / (1.0 - margin)) ** 2
    for second in (first, last):
        lines = rows_across(row, looks.arc, weapon, fan, float(second), rows)
        _, bound = search_weights(totals, tracks, rows, lines, never, fusion)
        if not bound > never:
            return -1
    return 0


@separate_kernel
def predicted_windows(
    row: NDArray[np.float64],
    looks: Looks,
    tracks: int,
    handover: float,
    limit: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    begin: int,
    end: int,
    windows: NDArray[np.float64],
) -> int:
    """Write the windows of whole seconds in which the network's prediction supports an intercept; return their number.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of the flight.
    looks : Looks
        At this flight; its delays from :func:`hoplon.intercept.predicted_point.heard_from`.
    tracks : int
        Local tracks to be intersected, the delays behind each among the looks' working arrays; with fewer than two the
        looks are fused centrally.
    handover : float
        A look counts when it was heard this long before the intercept [s].
    limit : float
        Greatest predicted-intercept error [m].
    weapon : Weapon
    fan : ndarray
        Of the interceptor's reach.
    begin, end : int
        The seconds requested, both included; after burnout and before impact.
    windows : ndarray, shape (m, 2)
        Filled; ``m`` of half the seconds requested holds any answer, fewer keep the first ones.
    """
    found, opened, second, size = 0, -1, begin, _LONGEST_STRETCH
    while second <= end:
        size = min(size, end - second)
        last = second + size
        verdict = _decide(row, looks, handover, limit, weapon, fan, second, last)
        if verdict == 1 and tracks > 1:
            verdict = _decide_intersected(row, looks, tracks, handover, limit, weapon, fan, second, last)
        if verdict < 0:
            size //= 2
            continue
        if verdict == 1 and opened < 0:
            opened = second
        elif verdict == 0 and opened >= 0:
            if found < windows.shape[0]:
                windows[found, 0], windows[found, 1] = opened, second - 1
                found += 1
            opened = -1
        second += size + 1
        size = min(2 * size + 1, _LONGEST_STRETCH)
    if opened >= 0 and found < windows.shape[0]:
        windows[found, 0], windows[found, 1] = opened, end
        found += 1
    return found


@kernel
def room_for_prediction(
    elements: NDArray[np.float64], sensors: NDArray[np.float64], slots: int, predicted: bool
) -> tuple[int, int, int]:
    """Return the arc nodes, the stretches of looks and the runs that predicting any of some flights needs.

    One of each where nothing is predicted: the scratch of :func:`predicted_support` is then not used.
    """
    if not predicted:
        return 1, 1, 1
    longest = 0.0
    for index in range(elements.shape[0]):
        longest = max(longest, elements[index, IMPACT_TIME] - elements[index, BURN_TIME])
    return most_arc_nodes(elements), sensors.shape[0] * slots + 1, most_runs(sensors, longest)


@inlined_kernel
def predicted_support(
    row: NDArray[np.float64],
    looks: Looks,
    own: NDArray[np.bool_],
    battery: NDArray[np.float64],
    timing: TimingRow,
    begin: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    windows: NDArray[np.float64],
) -> int:
    """Write the windows in which a battery's intercepts of a flight are supported by prediction; return their number.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of the flight.
    looks : Looks
        At this flight.
    own : ndarray, shape (radars,)
        The battery's own radars.
    battery : ndarray
        Row of :func:`hoplon.intercept.battery.batteries_of`.
    timing : TimingRow
    begin : float
        The first second requested [s], after burnout.
    weapon, fan
        From :func:`hoplon.intercept.launch.weapon_of`, and of the interceptor's reach.
    windows : ndarray, shape (m, 2)
        Filled.
    """
    end = math.ceil(row[IMPACT_TIME]) - 1
    if begin > end:
        return 0
    tracks = _hear(looks, own, battery, timing)
    return predicted_windows(
        row, looks, tracks, timing.handover, timing.handover_error, weapon, fan, int(begin), end, windows
    )


@inlined_kernel
def predicted_at(
    row: NDArray[np.float64],
    looks: Looks,
    own: NDArray[np.bool_],
    battery: NDArray[np.float64],
    timing: TimingRow,
    second: int,
    weapon: Weapon,
    fan: NDArray[np.float64],
    windows: NDArray[np.float64],
) -> bool:
    """Tell whether an intercept at one second is supported by prediction; arguments as :func:`predicted_support`.

    The first looks alone are tried before all of them: where they suffice the others only add to it.
    """
    tracks = _hear(looks, own, battery, timing)
    earliest = math.inf
    for index in range(looks.found[0]):
        earliest = min(
            earliest, looks.stretches[index, STRETCH_FIRST] + looks.delays[int(looks.stretches[index, STRETCH_SENSOR])]
        )
    span, handover = _FIRST_LOOKS, math.inf
    while handover > timing.handover:
        handover = max(timing.handover, second - earliest - span)
        span *= _MORE_LOOKS
        found = predicted_windows(
            row, looks, tracks, handover, timing.handover_error, weapon, fan, second, second, windows
        )
        if found > 0:
            return True
    return False


@embedded_kernel
def _hear(looks: Looks, own: NDArray[np.bool_], battery: NDArray[np.float64], timing: TimingRow) -> int:
    """Write how long looks take to a battery; return the number of local tracks that are to be intersected."""
    # The prediction is that of the network, wherever there is one.
    heard_from(own, battery[REMOTE_COMMIT] > 0.0, looks.latencies, looks.delays)
    return 0 if timing.central else local_tracks(own, looks.delays, looks.scratch.heard)
