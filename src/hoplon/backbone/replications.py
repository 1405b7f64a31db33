"""Many replications of a raid: chunks of rows of measures, each a pure function of (raid, seed, numbers)."""

from __future__ import annotations

import hashlib
import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.draws import OF_AVAILABILITY, OF_MOMENT, chance, drawn, part_of
from hoplon.backbone.kernel import OVERFLOW, run
from hoplon.backbone.layout import COMMANDS, ELEMENTS, FALLBACK_TIME, FIRST_NODE, NODES, TRACKS
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
from hoplon.backbone.raid_model import (
    FAILURE_CHANCE,
    FAILURE_ELEMENT,
    FAILURE_KEY,
    FAILURE_LINK,
    FAILURE_REPAIR,
    FAILURE_SPAN,
    FAILURE_SUCCESSOR,
    FAILURE_SWITCH,
    FAILURE_TIME,
    RaidModel,
)
from hoplon.compiled import borrowing_kernel

_MEASURE_COUNT: Final = len(MEASURES)
CHUNK: Final = 1024
"""Replications a chunk; results do not depend on it."""


@borrowing_kernel
def write_failures(
    draw_key: Any, fixed: NDArray[np.int64], failures: NDArray[np.int64], begun: int, extra: NDArray[np.int64]
) -> int:
    """Write the failures, repairs and changes of command of a replication; return how many events they are.

    ``begun`` such events were written before.
    """
    count, first_node, source = 0, fixed[FIRST_NODE], fixed[ELEMENTS]
    for index in range(failures.shape[0]):
        row = failures[index]
        if row[FAILURE_CHANCE] >= 0:
            key = drawn(draw_key, OF_AVAILABILITY, row[FAILURE_KEY], 0, 0)
            if chance(key, row[FAILURE_CHANCE]):
                continue
        time = row[FAILURE_TIME]
        if row[FAILURE_SPAN] > 0:
            moment = drawn(draw_key, OF_MOMENT, row[FAILURE_KEY], row[FAILURE_TIME], row[FAILURE_LINK])
            time += part_of(moment, row[FAILURE_SPAN])
        link, repair = row[FAILURE_LINK] == 1, row[FAILURE_REPAIR]
        count = _write(extra, count, time, row[FAILURE_ELEMENT], source, CUT if link else FAIL, 0)
        # A node that is heard again before the time to switch is over stays in command.
        passes = row[FAILURE_SUCCESSOR] >= 0 and not (link and 0 <= repair <= time + row[FAILURE_SWITCH])
        if passes:
            silent = row[FAILURE_ELEMENT] - first_node
            count = _write(extra, count, time + row[FAILURE_SWITCH], row[FAILURE_SUCCESSOR], source, SWITCH, silent)
        if first_node <= row[FAILURE_ELEMENT] < first_node + fixed[COMMANDS]:
            for unit in range(fixed[COMMANDS], fixed[NODES]):
                late = time + fixed[FALLBACK_TIME]
                count = _write(extra, count, late, first_node + unit, source, FALLBACK, time)
                extra[count - 1, SECOND] = row[FAILURE_ELEMENT] - first_node
        if repair >= 0:
            first = 1 if link and passes else 0
            count = _write(extra, count, repair, row[FAILURE_ELEMENT], source, MENDED if link else REPAIR, first)
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
    failures: NDArray[np.int64],
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
        draw_key = drawn(seed, first + index, 0, 0, 0)
        for place in range(begin.shape[0]):
            state[place] = begin[place]
        extras = write_failures(draw_key, fixed, failures, 0, extra)
        logged = run(draw_key, fixed, looks, launches, schedule, extra, extras, state, heap, pool, out, plans, log)
        if logged == OVERFLOW:
            return OVERFLOW
        measure(log, logged, fixed, magazine, held, since, flying, rows[index])
    return logged


def most_failure_events(model: RaidModel, failures: int) -> int:
    """Return how many events so many rows of failures can come to."""
    return (3 + int(model.fixed[NODES]) - int(model.fixed[COMMANDS])) * failures + 1


def _buffers(model: RaidModel) -> int:
    """Return a first guess of how many events a replication has."""
    looks = 400 if model.every_look else 1
    elements = int(model.fixed[ELEMENTS])
    return 4096 + 48 * model.threats * (elements - model.threats + 2) * looks // (20 if model.every_look else 1)


def _scratch(model: RaidModel, size: int) -> tuple[NDArray[np.int64], ...]:
    """Return state, heap, pool, outbox, failures, plans, and what measuring needs."""
    elements, nodes, tracks = (int(model.fixed[column]) for column in (ELEMENTS, NODES, TRACKS))
    shapes = (
        model.state.shape,
        (size, 3),
        (size, EVENT_COLUMNS),
        (4 * elements * (tracks + 2) + 256, EVENT_COLUMNS),
        (most_failure_events(model, len(model.failures)), EVENT_COLUMNS),
        (model.batteries + 1, 3),
        (nodes + 2, tracks),
        (2, model.threats),
        (model.batteries, tracks),
    )
    return tuple(np.zeros(shape, dtype=np.int64) for shape in shapes)


def rows_of(model: RaidModel, seed: int, first: int, count: int) -> NDArray[np.int64]:
    """Return the measures of ``count`` replications from number ``first``, shape (count, len(MEASURES))."""
    rows, _ = _run(model, seed, first, count)
    return rows


def log_of(model: RaidModel, seed: int, replication: int) -> NDArray[np.int64]:
    """Return the log of one replication, shape (events, 9)."""
    return _run(model, seed, replication, 1)[1]


def _run(model: RaidModel, seed: int, first: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows = np.zeros((count, _MEASURE_COUNT), dtype=np.int64)
    if model.threats == 0:
        rows[:, MEASURES.index("inventory_left")] = model.magazine
        return rows, np.zeros((0, LOG_COLUMNS), dtype=np.int64)
    size = _buffers(model)
    while True:
        log = np.empty((size, LOG_COLUMNS), dtype=np.int64)
        logged = replicate(
            seed,
            first,
            model.fixed,
            model.looks,
            model.launches,
            model.schedule,
            model.failures,
            model.state,
            model.magazine,
            rows,
            log,
            *_scratch(model, size),
        )
        if logged != OVERFLOW:
            return rows, log[:logged]
        size *= 2


def chunks_of(first: int, count: int, chunk: int = CHUNK) -> list[tuple[int, int]]:
    """Return (first, number) of the chunks of a stretch of replications, whole ones at multiples of ``chunk``."""
    edges = [first, *range((first // chunk + 1) * chunk, first + count, chunk), first + count]
    return [(low, high - low) for low, high in itertools.pairwise(edges) if high > low]


def many_rows(model: RaidModel, seed: int, first: int, count: int, workers: int = 1) -> NDArray[np.int64]:
    """Return the measures of many replications, on one thread or several; the digits are the same."""
    chunks = chunks_of(first, count)
    if workers <= 1:
        parts = [rows_of(model, seed, low, number) for low, number in chunks]
    else:
        with ThreadPoolExecutor(workers) as pool:
            parts = list(pool.map(lambda part: rows_of(model, seed, *part), chunks))
    return np.concatenate(parts) if parts else np.zeros((0, _MEASURE_COUNT), dtype=np.int64)


def digest_of(model: RaidModel, seed: int, replications: range) -> str:
    """Return the BLAKE2b digest of the logs of some replications, in their order."""
    digest = hashlib.blake2b(digest_size=16)
    for replication in replications:
        digest.update(np.ascontiguousarray(log_of(model, seed, replication), dtype="<i8").tobytes())
    return digest.hexdigest()
