"""Random draws of a raid: keyed by what they decide, and whole numbers throughout.

A draw is a comparison of 53 bits with a threshold, or an exponential time from a table of whole numbers: no logarithm
is taken at run time, so that the digits do not depend on the machine's mathematics library.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.layout import AT_EXPONENTIAL, KEY, LINK, LINK_CHANCE, LOSSY, RETRY, element_at
from hoplon.backbone.messages import LOOKAHEAD
from hoplon.compiled import borrowing_kernel
from hoplon.streams import key_of

CERTAIN: Final = 1 << 53
LOOK_CERTAIN: Final = 1 << 30

# What a draw decides.
OF_KILL, OF_COMMON_THREAT, OF_COMMON_RAID, OF_LOOK, OF_HOP, OF_ASSESSMENT, OF_AVAILABILITY, OF_MOMENT = range(1, 9)
OF_ASSOCIATION: Final = 9

_BITS: Final = 12
_BINS: Final = 1 << _BITS
_SCALE: Final = 20
_LAST_BIN: Final = round(math.log(_BINS) * 2**_SCALE)
_MOST_RETRIES: Final = 60
_11, _34, _52 = np.uint64(11), np.uint64(34), np.uint64(52)
_FRACTION = np.uint64(0xFFFFF)
_32 = np.uint64(32)


def threshold_of(probability: float) -> int:
    """Return the 53-bit threshold of a probability."""
    return round(probability * CERTAIN)


@cache
def exponential_table() -> NDArray[np.int64]:
    """Return -ln(1 - i / 4096) for i = 0 to 4095 in units of 2^-20, rounded."""
    table = np.array([round(-math.log1p(-i / _BINS) * 2**_SCALE) for i in range(_BINS)], dtype=np.int64)
    table.flags.writeable = False
    return table


@borrowing_kernel
def drawn(draw_key: Any, a: int, b: int, c: int, d: int) -> Any:
    """Return the key of a draw, a uint64 in compiled code and out of it."""
    return np.uint64(key_of(draw_key, a, b, c, d))


@borrowing_kernel
def chance(key: Any, threshold: int) -> bool:
    """Tell whether a draw falls below a threshold of 53 bits."""
    return bool(np.int64(np.uint64(key) >> _11) < threshold)


@borrowing_kernel
def look_chance(key: Any, threshold: int) -> bool:
    """Tell whether a draw falls below a threshold of 30 bits."""
    return bool(np.int64(np.uint64(key) >> _34) < threshold)


@borrowing_kernel
def part_of(key: Any, whole: int) -> int:
    """Return a whole number from 0 to below ``whole``, evenly drawn; ``whole`` below 2^33."""
    return int((np.int64(np.uint64(key) >> _34) * whole) >> 30)


@borrowing_kernel
def exponential_of(fixed: NDArray[np.int64], key: Any) -> int:
    """Return an exponential number of mean 1 in units of 2^-20.

    Twelve bits choose a bin of equal probability, twenty more a place in it, linearly; the last bin begins the
    distribution anew, which has no memory. The mean is right to 2 parts in 10^4.
    """
    base = 0
    at = fixed[AT_EXPONENTIAL]
    while True:
        bin_ = np.int64(np.uint64(key) >> _52)
        if bin_ < _BINS - 1:
            low, high = fixed[at + bin_], fixed[at + bin_ + 1]
            place = np.int64((np.uint64(key) >> _32) & _FRACTION)
            return int(base + low + (((high - low) * place) >> _SCALE))
        base += _LAST_BIN
        key = drawn(key, 1, 0, 0, 0)


@borrowing_kernel
def hop_time(
    fixed: NDArray[np.int64],
    draw_key: Any,
    mean: int,
    spread: int,
    source: int,
    destination: int,
    threat_key: int,
    what: int,
) -> int:
    """Return how long a message takes [us]: a fixed part, an exponential part of mean ``spread``, repeats when lost."""
    if mean + spread == 0 and fixed[LOSSY] == 0:
        return LOOKAHEAD
    keys = (element_at(fixed, source, KEY) << 31) | element_at(fixed, destination, KEY)
    key = drawn(draw_key, OF_HOP, keys, threat_key, what)
    time = mean
    if spread > 0:
        time += (spread * exponential_of(fixed, key)) >> _SCALE
    if fixed[LOSSY] == 1:
        for attempt in range(_MOST_RETRIES):
            if _passes(fixed, key, attempt, source, destination):
                break
            time += fixed[RETRY]
    return max(time, LOOKAHEAD)


@borrowing_kernel
def _passes(fixed: NDArray[np.int64], key: Any, attempt: int, source: int, destination: int) -> bool:
    """Draw whether a transmission passes the network, the link of its source and that of its destination."""
    for part, threshold in enumerate(
        (fixed[LINK_CHANCE], element_at(fixed, source, LINK), element_at(fixed, destination, LINK))
    ):
        if threshold < CERTAIN and not chance(drawn(key, 2, attempt, part, 0), threshold):
            return False
    return True
