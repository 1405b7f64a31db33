"""Looks of a radar: whether each sees its threat, and when an acquisition is confirmed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.draws import OF_LOOK, drawn, look_chance
from hoplon.backbone.layout import (
    ACQUISITION,
    ACQUISITION_HITS,
    ACQUISITION_LOOKS,
    CUED_ACQUISITION,
    CUED_HITS,
    CUED_LOOKS,
    FLIGHT,
    KEY,
    LOOK_INTERVAL,
    radar_at,
    threat_at,
)
from hoplon.backbone.messages import NEVER, SECOND_US
from hoplon.compiled import borrowing_kernel

SEARCH, CUED, HOLDING = range(3)  # beams
EPOCH = 1 << 20  # looks of one stay in cover are numbered from its ordinal times this


@borrowing_kernel
def sees(
    draw_key: Any,
    fixed: NDArray[np.int64],
    looks: NDArray[np.int32],
    radar: int,
    threat: int,
    beam: int,
    number: int,
    after: int,
) -> bool:
    """Draw whether a look sees a threat; ``after`` is the time since its ignition [us]."""
    second = min(after // SECOND_US, looks.shape[3] - 1)
    threshold = int(looks[radar, threat_at(fixed, threat, FLIGHT), 0 if beam == SEARCH else 1, second])
    if threshold <= 0:
        return False
    key = drawn(draw_key, OF_LOOK + 16 * beam, radar_at(fixed, radar, KEY), threat_at(fixed, threat, KEY), number)
    return look_chance(key, threshold)


@borrowing_kernel
def acquired(
    draw_key: Any,
    fixed: NDArray[np.int64],
    looks: NDArray[np.int32],
    radar: int,
    threat: int,
    beam: int,
    epoch: int,
    start: int,
    end: int,
) -> int:
    """Return when an acquisition begun at ``start`` is confirmed; NEVER after ``end``. Times since ignition [us]."""
    column = ACQUISITION if beam == SEARCH else CUED_ACQUISITION
    wait = radar_at(fixed, radar, column)
    most = radar_at(fixed, radar, ACQUISITION_LOOKS if beam == SEARCH else CUED_LOOKS)
    enough = radar_at(fixed, radar, ACQUISITION_HITS if beam == SEARCH else CUED_HITS)
    interval = radar_at(fixed, radar, LOOK_INTERVAL)
    number = 0
    while True:
        time = start + number * interval
        if time + wait > end:
            return NEVER
        if sees(draw_key, fixed, looks, radar, threat, beam, epoch * EPOCH + number, time):
            hits = 1
            for later in range(1, most):
                if sees(
                    draw_key,
                    fixed,
                    looks,
                    radar,
                    threat,
                    beam,
                    epoch * EPOCH + number + later,
                    time + later * interval,
                ):
                    hits += 1
            if hits >= enough:
                return time + wait
            number += most
        else:
            number += 1
