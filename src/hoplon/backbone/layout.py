"""Where each number of a raid is: one array that never changes, one array of state cut in a slice for each element.

``fixed`` begins with a head of counts, times [us], thresholds and offsets (the constants below), then tables. The state
of an element is ``state[fixed[fixed[AT_STATE] + e] : fixed[fixed[AT_STATE] + e + 1]]``: a handler is given that slice
alone, so that it cannot touch another element. Elements are numbered threats, radars, satellites, nodes, batteries.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel

# Head: counts and numbering.
THREATS, RADARS, SATELLITES, NODES, BATTERIES, FLIGHTS, SLOTS, SECONDS = range(8)
FIRST_RADAR, FIRST_SATELLITE, FIRST_NODE, FIRST_BATTERY, ELEMENTS = range(8, 13)
# Head: architecture and doctrine; times in microseconds.
FORM, REMOTE_SUPPORT, NETWORKED, LOOKS, SALVO = range(13, 18)
FIRM_TIME, DECISION, REACTION, SUPPORT_TIME, HANDOVER, ASSESSMENT = range(18, 24)
# Head: network and errors; chances are thresholds of 53 bits.
HOP, HOP_SPREAD, RETRY, LINK_CHANCE, REPORT_GAP, STALE, ANSWER_TIME = range(24, 31)
FALSE_KILL, FALSE_SURVIVAL, COMMON_THREAT, COMMON_RAID, EVERY_LOOK = range(31, 36)
# Head: offsets of tables.
AT_STATE, AT_THREATS, AT_RADARS, AT_SATELLITES, AT_NODES, AT_BATTERIES = range(36, 42)
AT_COVER, AT_OWN, AT_HEARS, AT_SCOPE, AT_LISTENS, AT_KILL, AT_ELEMENTS, AT_EXPONENTIAL = range(42, 50)
# Head: whether any message may need repeating; nodes that are no unit waiting to fall back; after what time it does.
LOSSY, COMMANDS, FALLBACK_TIME = range(50, 53)
# Head: track numbers, a second one a threat where association may err; the chance that it does.
TRACKS, WRONG_ASSOCIATION = 53, 54
HEAD: Final = 55

# Information architectures.
ORGANIC, HUB, HUB_HOT, HUB_COLD, REGIONAL, MESH = range(6)

# Columns of the tables.
KEY: Final = 0  # first in each: the element's own key for draws
IGNITION, FLIGHT, BURNOUT, FLIGHT_END = range(1, 5)
THREAT_COLUMNS: Final = 5
LOOK_INTERVAL, ACQUISITION, CUED_ACQUISITION, ACQUISITION_LOOKS, ACQUISITION_HITS = range(1, 6)
CUED_LOOKS, CUED_HITS, CAPACITY, REQUIRES_CUE, TASKED, RADAR_HOP, RADAR_HOP_SPREAD, RADAR_HOME, MARGIN = range(6, 15)
SUPPORTS, AFTER_BURNOUT = 15, 16  # whether its track supports intercepts; a satellite's wait for a track, -1 for none
RADAR_COLUMNS: Final = 17
SATELLITE_HOP, SATELLITE_HOP_SPREAD = 1, 2
SATELLITE_COLUMNS: Final = 3
ROLE, SUCCESSOR = 1, 2  # the node that takes over from this one, -1 for none
NODE_COLUMNS: Final = 3
COUNT, LAUNCH_INTERVAL, HOME = 1, 2, 3
BATTERY_COLUMNS: Final = 4
COVER_FIRST, COVER_LAST, COVER_SEARCH = 0, 1, 2
LINK: Final = 1  # of any element, after its key: the chance that a message passes its own link
ELEMENT_COLUMNS: Final = 2

# How a report or an answer reaches a node: not at all, over the network, over the network if the sender is bound to
# that node, or at once (same place).
DEAF, NETWORK, IF_BOUND, AT_ONCE = range(4)

# State of every element; since when its link is lost [us], NEVER while it works.
SEQUENCE_NUMBER, ALIVE, LINK_LOST = range(3)
# State of a threat.
SHOTS_MET: Final = 3
THREAT_STATE: Final = 4
# State of a radar.
TRACKS_HELD, BOUND_TO, LINK_FREE = 3, 4, 5
RADAR_STATE: Final = 6
STATUS, SLOT, CUE_TIME, ORDINAL, READY, SINCE, HITS_SEARCH, FROM_SEARCH, HITS_CUED, FROM_CUED, UNTOLD = range(11)
RADAR_THREAT_STATE: Final = 11
# State of a satellite.
SATELLITE_STATE: Final = 3
# State of a node.
ACTIVE, COMMANDER, HEARD_TIME = 3, 4, 5  # the last two a unit's: who commands it, when it was last heard
NODE_STATE: Final = 6
IN_SCOPE, INVENTORY_SEEN, FREE_SEEN = range(3)
NODE_BATTERY_STATE: Final = 3
N_STATUS, N_CUED, N_READY, N_OWNER, N_ROUND, N_INTERCEPT, N_EXCLUDED, N_HELD, N_GONE, N_LAST_HELD = range(10)
N_VERSION, N_SUPPORTING, N_CLAIM = 10, 11, 12
NODE_THREAT_STATE: Final = 13
# State of a battery.
INVENTORY, BATTERY_BOUND_TO = 3, 4
BATTERY_STATE: Final = 5
MOST_PENDING: Final = 64  # launches that a battery may have planned at one time
BUSY_UNTIL, OWN_HELD, OWN_SINCE, OWN_UNTIL, REMOTE_HELD, REMOTE_SINCE, REMOTE_UNTIL = range(7)
BATTERY_THREAT_STATE: Final = 7


@borrowing_kernel
def element_at(fixed: NDArray[np.int64], element: int, column: int) -> int:
    """Return a number that every element has."""
    return int(fixed[fixed[AT_ELEMENTS] + element * ELEMENT_COLUMNS + column])


@borrowing_kernel
def threat_at(fixed: NDArray[np.int64], threat: int, column: int) -> int:
    """Return a number of a threat."""
    return int(fixed[fixed[AT_THREATS] + threat * THREAT_COLUMNS + column])


@borrowing_kernel
def radar_at(fixed: NDArray[np.int64], radar: int, column: int) -> int:
    """Return a number of a radar."""
    return int(fixed[fixed[AT_RADARS] + radar * RADAR_COLUMNS + column])


@borrowing_kernel
def node_at(fixed: NDArray[np.int64], node: int, column: int) -> int:
    """Return a number of a node."""
    return int(fixed[fixed[AT_NODES] + node * NODE_COLUMNS + column])


@borrowing_kernel
def battery_at(fixed: NDArray[np.int64], battery: int, column: int) -> int:
    """Return a number of a battery."""
    return int(fixed[fixed[AT_BATTERIES] + battery * BATTERY_COLUMNS + column])


@borrowing_kernel
def cover_at(fixed: NDArray[np.int64], radar: int, flight: int, slot: int, column: int) -> int:
    """Return a whole second of a cover interval, -1 for none."""
    return int(fixed[fixed[AT_COVER] + ((radar * fixed[FLIGHTS] + flight) * fixed[SLOTS] + slot) * 3 + column])


@borrowing_kernel
def owns(fixed: NDArray[np.int64], battery: int, radar: int) -> bool:
    """Tell whether a radar is a battery's own."""
    return bool(fixed[fixed[AT_OWN] + battery * fixed[RADARS] + radar] != 0)


@borrowing_kernel
def hears(fixed: NDArray[np.int64], node: int, radar: int) -> int:
    """Return how a radar's reports reach a node."""
    return int(fixed[fixed[AT_HEARS] + node * fixed[RADARS] + radar])


@borrowing_kernel
def commands(fixed: NDArray[np.int64], node: int, battery: int) -> int:
    """Return how a node's orders reach a battery at the beginning of a raid, DEAF if it may give none."""
    return int(fixed[fixed[AT_SCOPE] + node * fixed[BATTERIES] + battery])


@borrowing_kernel
def listens(fixed: NDArray[np.int64], node: int, battery: int) -> int:
    """Return how a battery's answers reach a node."""
    return int(fixed[fixed[AT_LISTENS] + node * fixed[BATTERIES] + battery])


@borrowing_kernel
def kill_chance(fixed: NDArray[np.int64], battery: int, flight: int) -> int:
    """Return the threshold of a kill by a battery's interceptor."""
    return int(fixed[fixed[AT_KILL] + battery * fixed[FLIGHTS] + flight])


@borrowing_kernel
def pending_at(fixed: NDArray[np.int64], index: int) -> int:
    """Return where a planned launch is in a battery's state."""
    return int(BATTERY_STATE + fixed[TRACKS] * BATTERY_THREAT_STATE + index)


@borrowing_kernel
def down_at(fixed: NDArray[np.int64], radar: int) -> int:
    """Return where a node notes that a radar is down."""
    return NODE_STATE + radar


@borrowing_kernel
def node_battery_at(fixed: NDArray[np.int64], battery: int, column: int) -> int:
    """Return where a node keeps a number of a battery."""
    return int(NODE_STATE + fixed[RADARS] + battery * NODE_BATTERY_STATE + column)


@borrowing_kernel
def node_threat_at(fixed: NDArray[np.int64], threat: int) -> int:
    """Return where a node keeps the numbers of a threat, or of a track number beyond the threats."""
    return int(NODE_STATE + fixed[RADARS] + fixed[BATTERIES] * NODE_BATTERY_STATE + threat * NODE_THREAT_STATE)


@borrowing_kernel
def picture_at(fixed: NDArray[np.int64], threat: int, radar: int) -> int:
    """Return where a node keeps since when a radar holds a threat, -1 for not."""
    return int(node_threat_at(fixed, fixed[TRACKS]) + threat * fixed[RADARS] + radar)
