"""Who engages what: the earliest feasible intercept, and the battery of greatest marginal return."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.draws import CERTAIN
from hoplon.backbone.layout import (
    ACQUISITION,
    AFTER_BURNOUT,
    ASSESSMENT,
    AT_ONCE,
    BATTERIES,
    BURNOUT,
    COMMANDS,
    COVER_FIRST,
    COVER_LAST,
    COVER_SEARCH,
    CUED_ACQUISITION,
    DEAF,
    FLIGHT,
    FORM,
    FREE_SEEN,
    HANDOVER,
    HOP,
    HOP_SPREAD,
    IGNITION,
    IN_SCOPE,
    INVENTORY_SEEN,
    LOOKS,
    MARGIN,
    MESH,
    N_CUED,
    N_EXCLUDED,
    NETWORKED,
    RADAR_HOP,
    RADAR_HOP_SPREAD,
    RADARS,
    REACTION,
    REMOTE_SUPPORT,
    REQUIRES_CUE,
    SALVO,
    SLOTS,
    SUPPORT_TIME,
    SUPPORTS,
    TASKED,
    cover_at,
    down_at,
    kill_chance,
    listens,
    node_battery_at,
    node_threat_at,
    owns,
    picture_at,
    radar_at,
    threat_at,
)
from hoplon.backbone.messages import SECOND_US, UNASSIGNED
from hoplon.compiled import borrowing_kernel, kernel

LAUNCH_TIMES, LATEST_BEFORE, LATEST_AFTER = range(3)  # tables of a (flight, battery)
_NONE = -1


@borrowing_kernel
def earliest_intercept(
    launches: NDArray[np.int32], flight: int, battery: int, available: int, opens: int, closes: int
) -> int:
    """Return the first second in [opens, closes] whose intercept need not be launched before ``available``, or -1.

    Parameters
    ----------
    launches : ndarray, shape (flights, batteries, 3, seconds)
        Launch time of an intercept at each second of the flight [ms], its running maximum from the front and from the
        back; the least number where there is no intercept.
    available : int
        Earliest launch [ms since ignition].
    opens, closes : int
        Window of support [s since ignition].
    """
    last = launches.shape[3] - 1
    low, high = max(opens, 0), min(closes, last)
    if high < low or launches[flight, battery, LATEST_BEFORE, last] < available:
        return _NONE
    if launches[flight, battery, LATEST_BEFORE, low] < available:
        top = last
        while top - low > 1:  # the first second with any launch late enough at or before it
            middle = (low + top) // 2
            if launches[flight, battery, LATEST_BEFORE, middle] < available:
                low = middle
            else:
                top = middle
        low = top
    for second in range(low, high + 1):
        if launches[flight, battery, LAUNCH_TIMES, second] >= available:
            return second
        if launches[flight, battery, LATEST_AFTER, second] < available:
            return _NONE
    return _NONE


@borrowing_kernel
def support_window(
    fixed: NDArray[np.int64], mine: NDArray[np.int64], radar: int, slot: int, threat: int, own: bool, now: int
) -> tuple[int, int]:
    """Return when a radar, as the node knows or expects it, supports intercepts [s since ignition]; (0, -1) for never.

    A radar that holds the track supports from ``support_s`` after it began; one that does not yet hold it is expected
    to after the cue and its acquisition time, with some looks to spare.
    """
    flight, ignition = threat_at(fixed, threat, FLIGHT), threat_at(fixed, threat, IGNITION)
    first = cover_at(fixed, radar, flight, slot, COVER_FIRST) * SECOND_US
    wait = radar_at(fixed, radar, AFTER_BURNOUT)
    last = cover_at(fixed, radar, flight, slot, COVER_LAST) * SECOND_US
    after, since = now - ignition, mine[picture_at(fixed, threat, radar)]
    if first < 0 or last < after or mine[down_at(fixed, radar)] == 1:
        return 0, -1
    late = 0
    if not own:
        late = radar_at(fixed, radar, RADAR_HOP) + radar_at(fixed, radar, RADAR_HOP_SPREAD)
        late += fixed[HOP] + fixed[HOP_SPREAD]
    if since >= 0 and first <= since - ignition:
        start = since - ignition
    else:
        start = -1
        search = cover_at(fixed, radar, flight, slot, COVER_SEARCH) * SECOND_US
        if wait >= 0:
            start = max(first, threat_at(fixed, threat, BURNOUT) + wait)
        elif search >= 0 and radar_at(fixed, radar, REQUIRES_CUE) == 0:
            start = search + radar_at(fixed, radar, ACQUISITION)
        cued = mine[node_threat_at(fixed, threat) + N_CUED]
        if radar_at(fixed, radar, TASKED) == 1 and fixed[NETWORKED] == 1 and cued >= 0:
            pointed = max(first, cued - ignition) + radar_at(fixed, radar, CUED_ACQUISITION)
            start = pointed if start < 0 else min(start, pointed)
        if start < 0:
            return 0, -1
        start = max(start + radar_at(fixed, radar, MARGIN), after)
    opens = start + fixed[SUPPORT_TIME] + late
    return (opens + SECOND_US - 1) // SECOND_US, (last + fixed[HANDOVER]) // SECOND_US


@borrowing_kernel
def planned_intercept(
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    threat: int,
    battery: int,
    available: int,
    remote: bool,
    now: int,
) -> tuple[int, int, int]:
    """Return the earliest intercept that a node may expect of a battery, and its window of support [s]; -1 for none.

    ``available`` is the earliest launch [us since ignition]; with ``remote`` any sensor whose role it is supports,
    else its own radars whose role it is.
    """
    flight = threat_at(fixed, threat, FLIGHT)
    best, opens, closes = _NONE, 0, -1
    earliest = (available + 999) // 1000
    last = launches.shape[3] - 1
    if launches[flight, battery, LATEST_BEFORE, last] < earliest:
        return best, opens, closes
    for radar in range(fixed[RADARS]):
        own = owns(fixed, battery, radar)
        if (not own and not remote) or radar_at(fixed, radar, SUPPORTS) == 0:
            continue
        for slot in range(fixed[SLOTS]):
            start, end = support_window(fixed, mine, radar, slot, threat, own, now)
            if end < start or (best >= 0 and start > best):
                continue
            second = earliest_intercept(launches, flight, battery, earliest, start, end)
            if second >= 0 and (best < 0 or second < best or (second == best and end > closes)):
                best, opens, closes = second, start, end
    return best, opens, closes


@borrowing_kernel
def order_time(fixed: NDArray[np.int64], node: int, battery: int) -> int:
    """Return how long an order to a battery takes, as a node expects it [us]."""
    if listens(fixed, node, battery) == AT_ONCE:
        return 0
    return int(fixed[HOP] + fixed[HOP_SPREAD])


@borrowing_kernel
def choose_battery(
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    threat: int,
    now: int,
    plans: NDArray[np.int64],
) -> int:
    """Return the battery whose engagement of a threat has the greatest marginal return, or UNASSIGNED.

    The return of an engagement is its chance of a kill with the salvo, and, where a look follows, with the best further
    salvo that would still be in time after it. Ties go to the earlier intercept, then to the fuller magazine, then to
    the battery named first. Each candidate's intercept and window are left in ``plans`` (battery, 3).
    """
    row, flight = node_threat_at(fixed, threat), threat_at(fixed, threat, FLIGHT)
    ignition, batteries = threat_at(fixed, threat, IGNITION), fixed[BATTERIES]
    remote = fixed[REMOTE_SUPPORT] == 1 and node < fixed[COMMANDS]
    for battery in range(batteries):
        plans[battery, 0] = _NONE
        if listens(fixed, node, battery) == DEAF or (mine[row + N_EXCLUDED] >> battery) & 1:
            continue
        if fixed[FORM] != MESH and mine[node_battery_at(fixed, battery, IN_SCOPE)] == 0:
            continue
        if mine[node_battery_at(fixed, battery, INVENTORY_SEEN)] <= 0:
            continue
        ready = now + order_time(fixed, node, battery) + fixed[REACTION]
        ready = max(ready, mine[node_battery_at(fixed, battery, FREE_SEEN)]) - ignition
        plan = planned_intercept(fixed, launches, mine, threat, battery, ready, remote, now)
        plans[battery, 0], plans[battery, 1], plans[battery, 2] = plan[0], plan[1], plan[2]
    best, best_return = UNASSIGNED, -1.0
    for battery in range(batteries):
        if plans[battery, 0] < 0:
            continue
        missed = _missed(fixed, mine, battery, flight)
        if fixed[LOOKS] == 1:
            again = (plans[battery, 0] * SECOND_US + fixed[ASSESSMENT] + fixed[REACTION]) // 1000
            further = 1.0
            for other in range(batteries):
                stock = mine[node_battery_at(fixed, other, INVENTORY_SEEN)] - (fixed[SALVO] if other == battery else 0)
                last = launches.shape[3] - 1
                if plans[other, 0] >= 0 and stock > 0 and launches[flight, other, LATEST_BEFORE, last] >= again:
                    further = min(further, _missed(fixed, mine, other, flight))
            missed *= further
        gained = 1.0 - missed
        better = best < 0 or gained > best_return + 1e-12
        if not better and gained > best_return - 1e-12:
            earlier = plans[battery, 0] - plans[best, 0]
            fuller = mine[node_battery_at(fixed, battery, INVENTORY_SEEN)]
            fuller -= mine[node_battery_at(fixed, best, INVENTORY_SEEN)]
            better = earlier < 0 or (earlier == 0 and fuller > 0)
        if better:
            best, best_return = battery, gained
    return best


@borrowing_kernel
def _missed(fixed: NDArray[np.int64], mine: NDArray[np.int64], battery: int, flight: int) -> float:
    """Return the chance that a salvo of a battery misses."""
    missed, each = 1.0, 1.0 - kill_chance(fixed, battery, flight) / CERTAIN
    for _ in range(min(fixed[SALVO], mine[node_battery_at(fixed, battery, INVENTORY_SEEN)])):
        missed *= each
    return missed


@kernel
def maximum_marginal_return(
    values: NDArray[np.float64],
    kill: NDArray[np.float64],
    inventory: NDArray[np.int64],
    most: int,
) -> NDArray[np.int64]:
    """Return the shots of each battery at each threat that greedy assignment gives, shape (threats, batteries).

    Each shot goes to the pair whose expected value saved is greatest (den Broeder, Ellison and Emerling 1959; Manne
    1958), until nothing is gained or the magazines are empty.

    Parameters
    ----------
    values : ndarray, shape (threats,)
        What each threat destroys if it leaks.
    kill : ndarray, shape (threats, batteries)
        Single-shot kill probabilities, 0 where a battery cannot engage.
    inventory : ndarray, shape (batteries,)
    most : int
        Greatest number of shots of one battery at one threat.
    """
    threats, batteries = kill.shape
    shots = np.zeros((threats, batteries), dtype=np.int64)
    left, surviving = inventory.copy(), values.copy()
    while True:
        best, at, of = 0.0, -1, -1
        for threat in range(threats):
            for battery in range(batteries):
                gain = surviving[threat] * kill[threat, battery]
                if left[battery] > 0 and shots[threat, battery] < most and gain > best:
                    best, at, of = gain, threat, battery
        if at < 0:
            return shots
        shots[at, of] += 1
        left[of] -= 1
        surviving[at] *= 1.0 - kill[at, of]
