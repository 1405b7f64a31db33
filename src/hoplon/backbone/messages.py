"""The one event record that every message is, and what its numbers mean.

An event is eight whole numbers: time [us], destination, source, sequence number of the source, kind, threat, and two
more that the kind gives a meaning. Events are handled in the total order (time, destination, source, sequence), so that
the run does not depend on who inserted what first. A handled event gets a ninth number, its outcome: what the
destination made of it. The log of handled events is the only source of results.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel

TIME, DESTINATION, SOURCE, SEQUENCE, KIND, THREAT, FIRST, SECOND, OUTCOME = range(9)
EVENT_COLUMNS: Final = 8
LOG_COLUMNS: Final = 9

SECOND_US: Final = 1_000_000
LOOKAHEAD: Final = 1_000  # [us] no message between two elements takes less
NEVER: Final = -1

# Kinds of event. ``first`` and ``second`` in brackets.
IMPACT: Final = 0  # a threat that still flies leaks
INTERCEPT: Final = 1  # an interceptor meets its threat (battery, supported)
ENTER: Final = 2  # a threat enters a radar's cover (slot)
CUE: Final = 3  # a radar is told where to look
CONFIRM: Final = 4  # an acquisition ends (ordinal of the stay in cover)
EXIT: Final = 5  # a threat leaves a radar's cover (ordinal)
GONE: Final = 6  # a radar sees a threat destroyed
LOOK: Final = 7  # one look of a radar (beam, number)
BURNING: Final = 8  # an infrared satellite has seen a launch
ALERT: Final = 9  # its report
TRACK_ON: Final = 10  # a radar's report: track held (radar, since)
TRACK_OFF: Final = 11  # a radar's report: track ended (radar, reason)
UPDATE: Final = 12  # a radar's report: still held (radar, look)
FIRM: Final = 13  # a track becomes firm (radar)
DECIDE: Final = 14  # the time to decide is over
ORDER: Final = 15  # engage (window of support, salvo)
ACCEPTED: Final = 16  # a battery will engage (last intercept, inventory left)
REFUSED: Final = 17  # a battery will not (reason, busy until)
TIMEOUT: Final = 18  # an order got no answer (version)
SUPPORT: Final = 19  # remote track held or lost (held, since)
LAUNCH: Final = 20  # an interceptor leaves (intercept time, shot of the salvo)
ARRIVE: Final = 21  # its flight ends
ASSESS: Final = 22  # kill assessment (version)
CLAIM: Final = 23  # a node has taken a threat (since)
RELEASE: Final = 24  # a node hands a threat over
SWITCH: Final = 25  # a node finds another one silent (the silent node)
REPORT_TO: Final = 26  # a new node asks for reports
FAIL: Final = 27  # an element is lost
REPAIR: Final = 28  # and works again
CUT: Final = 29  # the link of an element is lost
MENDED: Final = 30  # and works again (whether another node commands since)
QUIET: Final = 31  # a link has been lost for so long that the silence is noticed (since)
HEARD: Final = 32  # a battery's first word after its link was lost (inventory left); a node's, to a unit (the node)
FALLBACK: Final = 33  # a unit has heard nothing for too long (since, the silent node)
MISTAKEN: Final = 34  # a node takes a radar's track for that of another object (radar); the threat is its second number

KIND_NAMES: Final = [
    "impact",
    "intercept",
    "enter",
    "cue",
    "confirm",
    "exit",
    "gone",
    "look",
    "burning",
    "alert",
    "track_on",
    "track_off",
    "update",
    "firm",
    "decide",
    "order",
    "accepted",
    "refused",
    "timeout",
    "support",
    "launch",
    "arrive",
    "assess",
    "claim",
    "release",
    "switch",
    "report_to",
    "fail",
    "repair",
    "cut",
    "mended",
    "quiet",
    "heard",
    "fallback",
    "mistaken",
]

WINDOW: Final = 1 << 16  # an order carries its window of support as two numbers in one [s]

# Why a track ended, in TRACK_OFF.
COVER_ENDED, DESTROYED, SILENT, RADAR_DOWN = range(4)
# Outcome of an intercept.
MISSED, KILLED, WASTED, NO_SUPPORT = range(4)
# Outcome of an impact.
LEAKED: Final = 1
# Why a battery refuses, in REFUSED and as the (negative) outcome of an order.
EMPTY, INFEASIBLE, BUSY = 1, 2, 3
# Outcome of an assessment.
NO_ASSESSMENT, BELIEVED_ALIVE, BELIEVED_KILLED = 1, 2, 3
# Outcome of a launch.
LAUNCHED: Final = 1
# Outcome of a decision or assignment: 1 + battery, or
UNASSIGNED: Final = -1
# Outcome of whatever came over a link that is lost.
UNHEARD: Final = -9


@borrowing_kernel
def send(
    out: NDArray[np.int64],
    count: int,
    time: int,
    destination: int,
    kind: int,
    threat: int,
    first: int,
    second: int,
) -> int:
    """Write an event to the outbox; source and sequence are the driver's to add. Return the number in the outbox."""
    out[count, 0] = time
    out[count, 1] = destination
    out[count, 2] = 0
    out[count, 3] = 0
    out[count, 4] = kind
    out[count, 5] = threat
    out[count, 6] = first
    out[count, 7] = second
    return count + 1
