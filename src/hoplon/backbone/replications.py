"""Many replications of a raid: chunks of rows of measures, each a pure function of (raid, seed, numbers)."""

from __future__ import annotations

import hashlib
import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.arena import (
    FATE_CHANCE,
    FATE_ELEMENT,
    FATE_HEIR,
    FATE_KEY,
    FATE_LINK,
    FATE_REPAIR,
    FATE_SPAN,
    FATE_SWITCH,
    FATE_TIME,
    Arena,
)
from hoplon.backbone.kernel import OVERFLOW, run
from hoplon.backbone.layout import COMMANDS, ELEMENTS, FALLBACK_TIME, FIRST_NODE, NODES, TRACKS
from hoplon.backbone.luck import OF_AVAILABILITY, OF_MOMENT, chance, drawn, part_of
from hoplon.backbone.measures import MEASURES, measure
from hoplon.backbone.messages import (
    CUT,
    EVENT_COLUMNS,
    FAIL,
    FALLBACK,
    LOG_COLUMNS,
    MENDED,
    NEVER,
    REPAIR,
    SECOND,
    SEQUENCE,
    SWITCH,
)
from hoplon.compiled import borrowing_kernel

_MEASURE_COUNT: Final = len(MEASURES)
CHUNK: Final = 1024
"""Replications a chunk; results do not depend on it."""


@borrowing_kernel
def fate(luck: Any, fixed: NDArray[np.int64], fates: NDArray[np.int64], begun: int, extra: NDArray[np.int64]) -> int:
    """Write the failures, repairs and changes of command of a replication; return how many events they are.

    ``begun`` such events were written before.
    """
    count, first_node, source = 0, fixed[FIRST_NODE], fixed[ELEMENTS]
    for index in range(fates.shape[0]):
        row = fates[index]
        if row[FATE_CHANCE] >= 0:
            key = drawn(luck, OF_AVAILABILITY, row[FATE_KEY], 0, 0)
            if chance(key, row[FATE_CHANCE]):
                continue
        time = row[FATE_TIME]
        if row[FATE_SPAN] > 0:
            time += part_of(drawn(luck, OF_MOMENT, row[FATE_KEY], row[FATE_TIME], row[FATE_LINK]), row[FATE_SPAN])
        link, repair = row[FATE_LINK] == 1, row[FATE_REPAIR]
        count = _write(extra, count, time, row[FATE_ELEMENT], source, CUT if link else FAIL, 0)
        # A node that is heard again before the time to switch is over stays in command.
        passes = row[FATE_HEIR] >= 0 and not (link and 0 <= repair <= time + row[FATE_SWITCH])
        if passes:
            silent = row[FATE_ELEMENT] - first_node
            count = _write(extra, count, time + row[FATE_SWITCH], row[FATE_HEIR], source, SWITCH, silent)
        if first_node <= row[FATE_ELEMENT] < first_node + fixed[COMMANDS]:
            for unit in range(fixed[COMMANDS], fixed[NODES]):
                late = time + fixed[FALLBACK_TIME]
                count = _write(extra, count, late, first_node + unit, source, FALLBACK, time)
                extra[count - 1, SECOND] = row[FATE_ELEMENT] - first_node
        if repair >= 0:
            first = 1 if link and passes else 0
            count = _write(extra, count, repair, row[FATE_ELEMENT], source, MENDED if link else REPAIR, first)
    for index in range(count):
        extra[index, SEQUENCE] = begun + index
    return count


@borrowing_kernel
def _write(
    extra: NDArray[np.int64], count: int, time: int, destination: int, source: int, kind: int, first: int
) -> int:
    extra[count, 0], extra[count, 1], extra[count, 2], extra[count, 3] = time, destination, source + 1, count
    extra[count, 4], extra[count, 5], extra[count, 6], extra[count, 7] = kind, NEVER, first, 0
    return count + 1


@borrowing_kernel
def replicate(
    seed: int,
    first: int,
    fixed: NDArray[np.int64],
    looks: NDArray[np.int32],
    launches: NDArray[np.int32],
    schedule: NDArray[np.int64],
    fates: NDArray[np.int64],
    begin: NDArray[np.int64],
    magazine: int,
    rows: NDArray[np.int64],
    log: NDArray[np.int64],
    state: NDArray[np.int64],
    heap: NDArray[np.int64],
    pool: NDArray[np.int64],
    out: NDArray[np.int64],
    extra: NDArray[np.int64],
    plans: NDArray[np.int64],
    held: NDArray[np.int64],
    since: NDArray[np.int64],
    flying: NDArray[np.int64],
) -> int:
    """Run replications ``first``, ``first + 1``, ... and write a row of measures each.

    Returns
    -------
    int
        Events in the log of the last, or OVERFLOW.
    """
    logged = 0
    for index in range(rows.shape[0]):
        luck = drawn(seed, first + index, 0, 0, 0)
        for place in range(begin.shape[0]):
            state[place] = begin[place]
        extras = fate(luck, fixed, fates, 0, extra)
        logged = run(luck, fixed, looks, launches, schedule, extra, extras, state, heap, pool, out, plans, log)
        if logged == OVERFLOW:
            return OVERFLOW
        measure(log, logged, fixed, magazine, held, since, flying, rows[index])
    return logged


def most_fates(arena: Arena, fates: int) -> int:
    """Return how many events so many rows of fates can come to."""
    return (3 + int(arena.fixed[NODES]) - int(arena.fixed[COMMANDS])) * fates + 1


def _buffers(arena: Arena) -> int:
    """Return a first guess of how many events a replication has."""
    looks = 400 if arena.every_look else 1
    elements = int(arena.fixed[ELEMENTS])
    return 4096 + 48 * arena.threats * (elements - arena.threats + 2) * looks // (20 if arena.every_look else 1)


def _scratch(arena: Arena, size: int) -> tuple[NDArray[np.int64], ...]:
    """Return state, heap, pool, outbox, failures, plans, and what measuring needs."""
    elements, nodes, tracks = (int(arena.fixed[column]) for column in (ELEMENTS, NODES, TRACKS))
    shapes = (
        arena.state.shape,
        (size, 3),
        (size, EVENT_COLUMNS),
        (4 * elements * (tracks + 2) + 256, EVENT_COLUMNS),
        (most_fates(arena, len(arena.fates)), EVENT_COLUMNS),
        (arena.batteries + 1, 3),
        (nodes + 2, tracks),
        (2, arena.threats),
        (arena.batteries, tracks),
    )
    return tuple(np.zeros(shape, dtype=np.int64) for shape in shapes)


def rows_of(arena: Arena, seed: int, first: int, count: int) -> NDArray[np.int64]:
    """Return the measures of ``count`` replications from number ``first``, shape (count, len(MEASURES))."""
    rows, _ = _run(arena, seed, first, count)
    return rows


def log_of(arena: Arena, seed: int, replication: int) -> NDArray[np.int64]:
    """Return the log of one replication, shape (events, 9)."""
    return _run(arena, seed, replication, 1)[1]


def _run(arena: Arena, seed: int, first: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows = np.zeros((count, _MEASURE_COUNT), dtype=np.int64)
    if arena.threats == 0:
        rows[:, MEASURES.index("inventory_left")] = arena.magazine
        return rows, np.zeros((0, LOG_COLUMNS), dtype=np.int64)
    size = _buffers(arena)
    while True:
        log = np.empty((size, LOG_COLUMNS), dtype=np.int64)
        logged = replicate(
            seed,
            first,
            arena.fixed,
            arena.looks,
            arena.launches,
            arena.schedule,
            arena.fates,
            arena.state,
            arena.magazine,
            rows,
            log,
            *_scratch(arena, size),
        )
        if logged != OVERFLOW:
            return rows, log[:logged]
        size *= 2


def chunks_of(first: int, count: int, chunk: int = CHUNK) -> list[tuple[int, int]]:
    """Return (first, number) of the chunks of a stretch of replications, whole ones at multiples of ``chunk``."""
    edges = [first, *range((first // chunk + 1) * chunk, first + count, chunk), first + count]
    return [(low, high - low) for low, high in itertools.pairwise(edges) if high > low]


def many_rows(arena: Arena, seed: int, first: int, count: int, workers: int = 1) -> NDArray[np.int64]:
    """Return the measures of many replications, on one thread or several; the digits are the same."""
    chunks = chunks_of(first, count)
    if workers <= 1:
        parts = [rows_of(arena, seed, low, number) for low, number in chunks]
    else:
        with ThreadPoolExecutor(workers) as pool:
            parts = list(pool.map(lambda part: rows_of(arena, seed, *part), chunks))
    return np.concatenate(parts) if parts else np.zeros((0, _MEASURE_COUNT), dtype=np.int64)


def digest_of(arena: Arena, seed: int, replications: range) -> str:
    """Return the BLAKE2b digest of the logs of some replications, in their order."""
    digest = hashlib.blake2b(digest_size=16)
    for replication in replications:
        digest.update(np.ascontiguousarray(log_of(arena, seed, replication), dtype="<i8").tobytes())
    return digest.hexdigest()
