"""What happens to a threat: interceptors meet it, or it reaches the ground. Satellites, which see it burn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.draws import OF_COMMON_RAID, OF_COMMON_THREAT, OF_KILL, chance, drawn, hop_time
from hoplon.backbone.layout import (
    ALIVE,
    AT_SATELLITES,
    COMMANDS,
    COMMON_RAID,
    COMMON_THREAT,
    COVER_FIRST,
    FIRST_NODE,
    FIRST_RADAR,
    FIRST_SATELLITE,
    FLIGHT,
    FORM,
    KEY,
    LINK_LOST,
    MESH,
    RADARS,
    SATELLITE_COLUMNS,
    SATELLITE_HOP,
    SATELLITE_HOP_SPREAD,
    SHOTS_MET,
    TASKED,
    cover_at,
    kill_chance,
    radar_at,
    threat_at,
)
from hoplon.backbone.messages import (
    ALERT,
    CUE,
    CUT,
    DESTINATION,
    FAIL,
    FIRST,
    GONE,
    IMPACT,
    INTERCEPT,
    KILLED,
    KIND,
    LEAKED,
    LOOKAHEAD,
    MENDED,
    MISSED,
    NEVER,
    NO_SUPPORT,
    REPAIR,
    SECOND,
    THREAT,
    TIME,
    WASTED,
    send,
)
from hoplon.compiled import borrowing_kernel


@borrowing_kernel
def handle_threat(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    out: NDArray[np.int64],
) -> tuple[int, int]:
    """Handle an intercept or the impact of a threat; return the number of events sent and the outcome."""
    if event[KIND] == IMPACT:
        outcome = LEAKED if mine[ALIVE] == 1 else 0
        mine[ALIVE] = 0
        return 0, outcome
    if event[KIND] != INTERCEPT:
        return 0, 0
    if mine[ALIVE] == 0:
        return 0, WASTED
    shot = mine[SHOTS_MET]
    mine[SHOTS_MET] += 1
    if event[SECOND] == 0:
        return 0, NO_SUPPORT
    threat, flight = event[THREAT], threat_at(fixed, event[THREAT], FLIGHT)
    if not _killed(draw_key, fixed, threat, shot, kill_chance(fixed, event[FIRST], flight)):
        return 0, MISSED
    mine[ALIVE] = 0
    count = 0
    for radar in range(fixed[RADARS]):
        if cover_at(fixed, radar, flight, 0, COVER_FIRST) >= 0:
            count = send(out, count, event[TIME] + LOOKAHEAD, fixed[FIRST_RADAR] + radar, GONE, threat, 0, 0)
    return count, KILLED


@borrowing_kernel
def _killed(draw_key: Any, fixed: NDArray[np.int64], threat: int, shot: int, threshold: int) -> bool:
    """Draw whether the ``shot``-th interceptor that meets a threat kills it; the draw is that of every architecture."""
    key = threat_at(fixed, threat, KEY)
    if fixed[COMMON_RAID] > 0 and chance(drawn(draw_key, OF_COMMON_RAID, 0, 0, 0), fixed[COMMON_RAID]):
        return False
    if fixed[COMMON_THREAT] > 0 and chance(drawn(draw_key, OF_COMMON_THREAT, key, 0, 0), fixed[COMMON_THREAT]):
        return False
    return chance(drawn(draw_key, OF_KILL, key, shot, 0), threshold)


@borrowing_kernel
def warn(
    draw_key: Any,
    fixed: NDArray[np.int64],
    me: int,
    threat: int,
    hop: int,
    spread: int,
    now: int,
    out: NDArray[np.int64],
) -> int:
    """Send a satellite's report of a launch to every node, in a mesh to the radars; return the events sent."""
    key, count = threat_at(fixed, threat, KEY), 0
    if fixed[FORM] == MESH:
        flight = threat_at(fixed, threat, FLIGHT)
        for radar in range(fixed[RADARS]):
            if radar_at(fixed, radar, TASKED) == 1 and cover_at(fixed, radar, flight, 0, COVER_FIRST) >= 0:
                delay = hop_time(fixed, draw_key, hop, spread, me, fixed[FIRST_RADAR] + radar, key, ALERT)
                count = send(out, count, now + delay, fixed[FIRST_RADAR] + radar, CUE, threat, 0, 0)
        return count
    for node in range(fixed[COMMANDS]):
        delay = hop_time(fixed, draw_key, hop, spread, me, fixed[FIRST_NODE] + node, key, ALERT)
        count = send(out, count, now + delay, fixed[FIRST_NODE] + node, ALERT, threat, 0, 0)
    return count


@borrowing_kernel
def handle_satellite(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    out: NDArray[np.int64],
) -> tuple[int, int]:
    """Report a launch to every node; in a mesh, to the radars as well."""
    if event[KIND] == FAIL or event[KIND] == REPAIR:
        mine[ALIVE] = 1 if event[KIND] == REPAIR else 0
        return 0, 0
    if event[KIND] == CUT or event[KIND] == MENDED:
        mine[LINK_LOST] = event[TIME] if event[KIND] == CUT else NEVER
        return 0, 0
    if mine[ALIVE] == 0:
        return 0, 0
    me = event[DESTINATION]
    row = fixed[AT_SATELLITES] + (me - fixed[FIRST_SATELLITE]) * SATELLITE_COLUMNS
    hop, spread = fixed[row + SATELLITE_HOP], fixed[row + SATELLITE_HOP_SPREAD]
    return warn(draw_key, fixed, me, event[THREAT], hop, spread, event[TIME], out), 1
