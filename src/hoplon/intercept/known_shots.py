"""Shots already found at a flight: batteries of one site that are asked the same differ in nothing that counts.

The architectures of a study, or the coalitions of a defence, hold the same battery many times over; a radar more seldom
changes when it may launch and when its intercepts have support.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, kernel
from hoplon.intercept.battery import TimingRow
from hoplon.intercept.windows import Windows

_ENTRIES: Final = 8  # of a site and flight; beyond them the oldest is written over
_WINDOWS: Final = 6  # of support, and of assessment, that a question has room for
_HEAD: Final = 6
_COLUMNS: Final = _HEAD + 4 * _WINDOWS


class KnownShots(NamedTuple):
    """The shots found at one flight, by site and by what was asked.

    Attributes
    ----------
    flights, counts : ndarray, shape (sites,)
        Number of the flight that entries are of, and how many were made for it.
    question : ndarray, shape (1, COLUMNS)
        What is asked now.
    questions : ndarray, shape (sites, ENTRIES, COLUMNS)
        Earliest launch, salvos counted, times between them, numbers of windows, and the windows.
    shots, seconds : ndarray, shape (sites, ENTRIES)
        Their number, and a second at which the flight is met.
    firsts : ndarray, shape (sites, ENTRIES, 4)
        The first intercept, as :func:`hoplon.intercept.shots.count_shots` writes it.
    """

    flights: NDArray[np.int64]
    counts: NDArray[np.int64]
    question: NDArray[np.float64]
    questions: NDArray[np.float64]
    shots: NDArray[np.int64]
    seconds: NDArray[np.int64]
    firsts: NDArray[np.float64]


@kernel
def known_shots(sites: int) -> KnownShots:
    """Return room for what is asked of so many sites, with nothing in it."""
    return KnownShots(
        np.full(sites, -1),
        np.zeros(sites, dtype=np.int64),
        np.empty((1, _COLUMNS)),
        np.empty((sites, _ENTRIES, _COLUMNS)),
        np.empty((sites, _ENTRIES), dtype=np.int64),
        np.empty((sites, _ENTRIES), dtype=np.int64),
        np.empty((sites, _ENTRIES, 4)),
    )


@borrowing_kernel
def write_question(
    known: KnownShots,
    site: int,
    number: int,
    commit: float,
    timing: TimingRow,
    limit: int,
    support: Windows,
    assessment: Windows,
) -> bool:
    """Write what is asked of a site about the flight of a number; return False where there is no room for it."""
    if support.number > _WINDOWS or assessment.number > _WINDOWS:
        return False
    if known.flights[site] != number:
        known.flights[site], known.counts[site] = number, 0
    question = known.question[0]
    question[0], question[1], question[2] = commit, float(limit), timing.kill_assessment
    question[3] = timing.reaction if timing.look else -1.0
    question[4], question[5] = float(support.number), float(assessment.number)
    for index in range(support.number):
        question[_HEAD + 2 * index] = support.times[index, 0]
        question[_HEAD + 2 * index + 1] = support.times[index, 1]
    begin = _HEAD + 2 * support.number
    for index in range(assessment.number):
        question[begin + 2 * index] = assessment.times[index, 0]
        question[begin + 2 * index + 1] = assessment.times[index, 1]
    return True


@borrowing_kernel
def recall(known: KnownShots, site: int, first: NDArray[np.float64]) -> int:
    """Return the entry of a site at which the present question was asked before, or -1; its first intercept is written.

    ``first`` has room for one intercept, shape (1, 4).
    """
    question = known.question[0]
    size = _HEAD + 2 * int(question[4]) + 2 * int(question[5])
    for entry in range(min(known.counts[site], _ENTRIES)):
        same = True
        for column in range(size):
            if known.questions[site, entry, column] != question[column]:
                same = False
                break
        if same:
            for column in range(4):
                first[0, column] = known.firsts[site, entry, column]
            return entry
    return -1


@borrowing_kernel
def remember(known: KnownShots, site: int, shots: int, second: int, first: NDArray[np.float64]) -> None:
    """Keep what the present question found, the first intercept as :func:`recall` takes it."""
    entry = known.counts[site] % _ENTRIES
    known.counts[site] += 1
    for column in range(_COLUMNS):
        known.questions[site, entry, column] = known.question[0, column]
    known.shots[site, entry], known.seconds[site, entry] = shots, second
    for column in range(4):
        known.firsts[site, entry, column] = first[0, column]
