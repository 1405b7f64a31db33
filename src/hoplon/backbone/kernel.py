"""The driver: a heap of events in a total order, one handler an event, a log of what was handled.

The static events of a raid (impacts, entries into cover, launches seen from space) come sorted beforehand and are
merged with the heap, so that they cost no insertion.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.batteries import handle_battery
from hoplon.backbone.layout import (
    AT_STATE,
    FIRST_BATTERY,
    FIRST_NODE,
    FIRST_RADAR,
    FIRST_SATELLITE,
    LINK_LOST,
    SEQUENCE_NUMBER,
)
from hoplon.backbone.links import kept, over_network
from hoplon.backbone.messages import (
    DESTINATION,
    EVENT_COLUMNS,
    KIND,
    OUTCOME,
    QUIET,
    SEQUENCE,
    SOURCE,
    TIME,
    UNHEARD,
)
from hoplon.backbone.nodes import handle_node
from hoplon.backbone.radars import handle_radar
from hoplon.backbone.threats import handle_satellite, handle_threat
from hoplon.compiled import borrowing_kernel, inlined_kernel

_PART_BITS: Final = 12  # destination and source; the sequence number has 38 bits
_SEQUENCE_BITS: Final = 38
MOST_ELEMENTS: Final = (1 << _PART_BITS) - 1

OVERFLOW: Final = -1
_FOREVER: Final = (1 << 62) + 1


@borrowing_kernel
def rank_of(destination: int, source: int, sequence: int) -> int:
    """Return what orders events of one time: destination, then source, then the source's sequence number."""
    return (((destination << _PART_BITS) | source) << _SEQUENCE_BITS) | sequence


@borrowing_kernel
def push(heap: NDArray[np.int64], size: int, time: int, rank: int, place: int) -> int:
    """Add an entry (time, rank, place of the record) to a binary heap; return its new size."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[above, 0] < time or (heap[above, 0] == time and heap[above, 1] < rank):
            break
        heap[at, 0], heap[at, 1], heap[at, 2] = heap[above, 0], heap[above, 1], heap[above, 2]
        at = above
    heap[at, 0], heap[at, 1], heap[at, 2] = time, rank, place
    return size + 1


@borrowing_kernel
def pop(heap: NDArray[np.int64], size: int) -> int:
    """Remove the first entry of a heap; return its new size."""
    size -= 1
    at = 0
    while True:  # the hole goes down to a leaf, where the last entry nearly always belongs
        below = 2 * at + 1
        if below >= size:
            break
        other = below + 1
        if other < size and (
            heap[other, 0] < heap[below, 0] or (heap[other, 0] == heap[below, 0] and heap[other, 1] < heap[below, 1])
        ):
            below = other
        heap[at, 0], heap[at, 1], heap[at, 2] = heap[below, 0], heap[below, 1], heap[below, 2]
        at = below
    if at < size:
        push(heap, at, heap[size, 0], heap[size, 1], heap[size, 2])
    return size


@inlined_kernel
def handle(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    looks: NDArray[np.int32],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Let the destination of an event handle it: return the number of events in ``out`` and the outcome.

    Pure but for ``mine``, the destination's own state, and ``out``: the same call serves one process or many. An
    element whose link is lost gets nothing over the network, and what it sends over it is dropped.
    """
    destination = event[DESTINATION]
    if mine[LINK_LOST] >= 0 and over_network(fixed, event[SOURCE], destination):
        return 0, UNHEARD
    sent, outcome = _handled(event, draw_key, fixed, looks, launches, mine, out, plans)
    if mine[LINK_LOST] >= 0:
        sent = kept(fixed, destination, out, sent, event[KIND] == QUIET and destination < fixed[FIRST_SATELLITE])
    return sent, outcome


@inlined_kernel
def _handled(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    looks: NDArray[np.int32],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    destination = event[DESTINATION]
    if destination >= fixed[FIRST_BATTERY]:
        return handle_battery(event, draw_key, fixed, launches, mine, out)
    if destination >= fixed[FIRST_NODE]:
        return handle_node(event, draw_key, fixed, launches, mine, out, plans)
    if destination >= fixed[FIRST_SATELLITE]:
        return handle_satellite(event, draw_key, fixed, mine, out)
    if destination >= fixed[FIRST_RADAR]:
        return handle_radar(event, draw_key, fixed, looks, mine, out)
    return handle_threat(event, draw_key, fixed, mine, out)


@borrowing_kernel
def run(
    draw_key: Any,
    fixed: NDArray[np.int64],
    looks: NDArray[np.int32],
    launches: NDArray[np.int32],
    schedule: NDArray[np.int64],
    extra: NDArray[np.int64],
    extras: int,
    state: NDArray[np.int64],
    heap: NDArray[np.int64],
    pool: NDArray[np.int64],
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
    log: NDArray[np.int64],
) -> int:
    """Run one replication to its end; return the number of events in the log, OVERFLOW if a buffer is too small.

    Parameters
    ----------
    draw_key : uint64
        Key of the replication's draws.
    fixed, looks, launches : ndarray
        The raid, of :class:`hoplon.backbone.raid_model.RaidModel`.
    schedule : ndarray, shape (n, 8)
        Static events in the total order.
    extra : ndarray, shape (m, 8)
        The first ``extras`` are events of this replication: failures.
    state : ndarray
        Of every element, at its beginning.
    heap, pool, out, plans : ndarray
        Scratch.
    log : ndarray, shape (k, 9)
        Filled with the handled events and their outcomes.
    """
    size, used, free, taken, logged = 0, 0, -1, 0, 0
    for index in range(extras):
        for column in range(EVENT_COLUMNS):
            pool[used, column] = extra[index, column]
        rank = rank_of(extra[index, DESTINATION], extra[index, SOURCE], extra[index, SEQUENCE])
        size = push(heap, size, extra[index, TIME], rank, used)
        used += 1
    states, planned = fixed[AT_STATE], schedule.shape[0]
    next_time, next_rank = _FOREVER, _FOREVER
    if planned > 0:
        next_time = schedule[0, TIME]
        next_rank = rank_of(schedule[0, DESTINATION], schedule[0, SOURCE], schedule[0, SEQUENCE])
    while size > 0 or taken < planned:
        if logged >= log.shape[0]:
            return OVERFLOW
        event = log[logged]
        if size == 0 or next_time < heap[0, 0] or (next_time == heap[0, 0] and next_rank < heap[0, 1]):
            for column in range(EVENT_COLUMNS):
                event[column] = schedule[taken, column]
            taken += 1
            next_time, next_rank = _FOREVER, _FOREVER
            if taken < planned:
                next_time = schedule[taken, TIME]
                next_rank = rank_of(schedule[taken, DESTINATION], schedule[taken, SOURCE], schedule[taken, SEQUENCE])
        else:
            place = heap[0, 2]
            for column in range(EVENT_COLUMNS):
                event[column] = pool[place, column]
            pool[place, 0] = free
            free = place
            size = pop(heap, size)
        destination = event[DESTINATION]
        mine = state[fixed[states + destination] : fixed[states + destination + 1]]
        sent, outcome = handle(event, draw_key, fixed, looks, launches, mine, out, plans)
        event[OUTCOME] = outcome
        logged += 1
        if used + sent >= pool.shape[0]:
            return OVERFLOW
        for index in range(sent):
            sequence = mine[SEQUENCE_NUMBER]
            mine[SEQUENCE_NUMBER] = sequence + 1
            if free >= 0:
                place, free = free, pool[free, 0]
            else:
                place = used
                used += 1
            for column in range(EVENT_COLUMNS):
                pool[place, column] = out[index, column]
            pool[place, SOURCE], pool[place, SEQUENCE] = destination, sequence
            size = push(heap, size, out[index, TIME], rank_of(out[index, DESTINATION], destination, sequence), place)
    return logged
