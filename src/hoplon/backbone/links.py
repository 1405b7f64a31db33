"""The link of an element: what passes without it, and what is lost with it.

An element whose link is lost works on. What it sends over the network does not arrive, and nothing reaches it; what
needs no network passes: between the elements of one place (a battery, its unit and its own radars), between threats and
radars, and the raid's own clock. The rule is applied to every event and every outbox by the driver, so that no handler
can forget it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.layout import (
    AT_ONCE,
    ELEMENTS,
    FIRST_BATTERY,
    FIRST_NODE,
    FIRST_RADAR,
    FIRST_SATELLITE,
    LINK_LOST,
    STALE,
    hears,
    listens,
)
from hoplon.backbone.messages import (
    DESTINATION,
    EVENT_COLUMNS,
    KIND,
    NEVER,
    QUIET,
    SECOND,
    SILENT,
    TIME,
    TRACK_OFF,
    send,
)
from hoplon.compiled import borrowing_kernel


@borrowing_kernel
def over_network(fixed: NDArray[np.int64], source: int, destination: int) -> bool:
    """Tell whether a message from one element to another needs the link of either."""
    low, high = min(source, destination), max(source, destination)
    if source == destination or low < fixed[FIRST_RADAR] or high >= fixed[ELEMENTS]:
        return False
    if low < fixed[FIRST_SATELLITE] and high >= fixed[FIRST_BATTERY]:
        return False  # a radar speaks to its own batteries alone
    if low < fixed[FIRST_SATELLITE] and high >= fixed[FIRST_NODE]:
        return hears(fixed, high - fixed[FIRST_NODE], low - fixed[FIRST_RADAR]) != AT_ONCE
    if fixed[FIRST_NODE] <= low < fixed[FIRST_BATTERY] <= high:
        return listens(fixed, low - fixed[FIRST_NODE], high - fixed[FIRST_BATTERY]) != AT_ONCE
    return True


@borrowing_kernel
def kept(fixed: NDArray[np.int64], me: int, out: NDArray[np.int64], sent: int, far: bool) -> int:
    """Keep of an outbox what needs no network, or (``far``) what does; return how much is kept.

    A radar's silence is no message: others notice it whether its link works or not.
    """
    count = 0
    for index in range(sent):
        silence = me < fixed[FIRST_SATELLITE] and out[index, KIND] == TRACK_OFF and out[index, SECOND] >= SILENT
        if over_network(fixed, me, out[index, DESTINATION]) == far or (silence and not far):
            for column in range(EVENT_COLUMNS):
                out[count, column] = out[index, column]
            count += 1
    return count


@borrowing_kernel
def lose_link(
    event: NDArray[np.int64], fixed: NDArray[np.int64], mine: NDArray[np.int64], out: NDArray[np.int64]
) -> int:
    """Note since when the link is lost; the silence is noticed after a while."""
    if mine[LINK_LOST] >= 0:
        return 0
    mine[LINK_LOST] = event[TIME]
    return send(out, 0, event[TIME] + fixed[STALE], event[DESTINATION], QUIET, NEVER, event[TIME], 0)
