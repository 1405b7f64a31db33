"""Correlation of the tracks of different radars: a node may take one for that of another object.

Threat ``j`` has the track number ``j`` and, where association may err, a second one, ``j`` plus the number of threats.
What a node knows under the second number it keeps beside the first, and treats as one more threat.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.draws import OF_ASSOCIATION, chance, drawn
from hoplon.backbone.layout import (
    KEY,
    N_HELD,
    THREATS,
    TRACKS,
    WRONG_ASSOCIATION,
    node_threat_at,
    picture_at,
    radar_at,
    threat_at,
)
from hoplon.compiled import borrowing_kernel


@borrowing_kernel
def associated(draw_key: Any, fixed: NDArray[np.int64], mine: NDArray[np.int64], threat: int, radar: int) -> int:
    """Return the number under which a node keeps a radar's track of a threat.

    A track that no other radar's is there to be compared with gets the first number; so does one that is recognised.
    Radar and threat decide, so that the same report is taken in the same way each time and by every node.
    """
    if fixed[TRACKS] == fixed[THREATS]:
        return threat
    known = number_of(fixed, mine, threat, radar)
    alone = mine[node_threat_at(fixed, threat) + N_HELD] == 0
    if known != threat or alone or mine[picture_at(fixed, threat, radar)] >= 0:
        return known
    key = drawn(draw_key, OF_ASSOCIATION, radar_at(fixed, radar, KEY), threat_at(fixed, threat, KEY), 0)
    wrong = chance(key, fixed[WRONG_ASSOCIATION])
    return int(threat + fixed[THREATS]) if wrong else threat


@borrowing_kernel
def number_of(fixed: NDArray[np.int64], mine: NDArray[np.int64], threat: int, radar: int) -> int:
    """Return the number under which a node holds a radar's track of a threat, the first if it holds none."""
    second = threat + fixed[THREATS]
    if second < fixed[TRACKS] and mine[picture_at(fixed, second, radar)] >= 0:
        return int(second)
    return threat
