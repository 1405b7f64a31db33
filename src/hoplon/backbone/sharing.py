"""How many interceptors an engagement gets: the salvo of the doctrine, or a share of a magazine that may run short."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.assignment import LATEST_BEFORE, planned_intercept
from hoplon.backbone.layout import (
    ASSESSMENT,
    BATTERIES,
    CLAIMED,
    COMMANDS,
    DEAD,
    DEAF,
    ENGAGED,
    FLIGHT,
    FORM,
    GIVEN_UP,
    IGNITION,
    IN_SCOPE,
    INVENTORY_SEEN,
    LAST_LOOK_SALVO,
    LOOKS,
    MESH,
    N_CUED,
    N_GONE,
    N_INTERCEPT,
    N_STATUS,
    ORDERED,
    REACTION,
    REMOTE_SUPPORT,
    SALVO,
    TRACKS,
    UNKNOWN,
    listens,
    node_battery_at,
    node_threat_at,
    threat_at,
)
from hoplon.backbone.messages import SECOND_US
from hoplon.compiled import borrowing_kernel


@borrowing_kernel
def shots_of(
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    threat: int,
    battery: int,
    now: int,
    plans: NDArray[np.int64],
) -> int:
    """Return how many interceptors a battery is ordered to launch at a threat.

    Where magazines are not shared it is the salvo. Where they are, it is a share of what the battery has left, rounded
    down and at least 1: over the threats that wait for it, and over this look and the next while another look at the
    threat would be in time. The share is at most the salvo, and at the last look at most ``LAST_LOOK_SALVO``.

    Parameters
    ----------
    plans : ndarray, shape (batteries, 3)
        Of :func:`hoplon.backbone.assignment.choose_battery`.
    """
    salvo = int(fixed[SALVO])
    most = int(fixed[LAST_LOOK_SALVO])
    if most == 0:
        return salvo
    stock = int(mine[node_battery_at(fixed, battery, INVENTORY_SEEN)])
    waiting = waiting_for(fixed, launches, mine, threat, battery, now)
    if looks_again(fixed, launches, mine, node, threat, battery, now, plans):
        return min(salvo, max(1, stock // (2 * waiting)))
    return min(most, max(1, stock // waiting))


@borrowing_kernel
def waiting_for(
    fixed: NDArray[np.int64], launches: NDArray[np.int32], mine: NDArray[np.int64], threat: int, battery: int, now: int
) -> int:
    """Return how many threats a battery may still have to meet, ``threat`` among them.

    Those that the node has an alert or a track of, that are neither claimed by another node nor given up nor believed
    dead, and that the battery could still launch at. An engaged threat waits from its intercept on, until it is
    reported gone; nothing is held back for what an engagement still in flight may leave.
    """
    count, last = 1, launches.shape[3] - 1
    for other in range(fixed[TRACKS]):
        row = node_threat_at(fixed, other)
        status = mine[row + N_STATUS]
        if other == threat or (status == UNKNOWN and mine[row + N_CUED] < 0):
            continue
        if status in (ORDERED, CLAIMED, GIVEN_UP, DEAD):
            continue
        if status == ENGAGED and (mine[row + N_INTERCEPT] > now or mine[row + N_GONE] >= 0):
            continue
        flight, ignition = threat_at(fixed, other, FLIGHT), threat_at(fixed, other, IGNITION)
        latest = np.int64(launches[flight, battery, LATEST_BEFORE, last])
        if latest >= 0 and ignition + latest * 1000 >= now + fixed[REACTION]:
            count += 1
    return count


@borrowing_kernel
def looks_again(
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    threat: int,
    battery: int,
    now: int,
    plans: NDArray[np.int64],
) -> bool:
    """Tell whether, as the node expects, a further engagement would be in time after the look at this one."""
    if fixed[LOOKS] == 0:
        return False
    remote = fixed[REMOTE_SUPPORT] == 1 and node < fixed[COMMANDS]
    again = plans[battery, 0] * SECOND_US + fixed[ASSESSMENT] + fixed[REACTION]
    planned = False
    for other in range(fixed[BATTERIES]):
        if planned or listens(fixed, node, other) == DEAF:
            continue
        if fixed[FORM] != MESH and mine[node_battery_at(fixed, other, IN_SCOPE)] == 0:
            continue
        left = mine[node_battery_at(fixed, other, INVENTORY_SEEN)] - (1 if other == battery else 0)
        if left > 0:
            planned = planned_intercept(fixed, launches, mine, threat, other, again, remote, now)[0] >= 0
    return planned
