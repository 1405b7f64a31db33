"""Kinds of numbers that several records share.

The limits are wide: they catch a wrong unit, a wrong sign and a swapped pair, and leave judgement to the analyst.
"""

from __future__ import annotations

from typing import Final

from hoplon.scenario.containers import ListOf
from hoplon.scenario.quantities import Number

METRES: Final = ((1e-3, "metres"),)
MILLISECONDS: Final = ((1e-3, "milliseconds"),)
RADIANS: Final = ((57.29577951308232, "radians"),)
METRES_PER_SECOND: Final = ((1e-3, "m/s"),)
PERCENT: Final = ((1e-2, "percent"),)


def distance(lowest: float, highest: float) -> Number:
    """Return a distance [km] within limits."""
    return Number("km", lowest, highest, METRES)


def duration(highest: float, lowest: float = 0, open_below: bool = False) -> Number:
    """Return a time [s] within limits."""
    return Number("s", lowest, highest, MILLISECONDS, open_below=open_below)


CROSS_SECTION: Final = Number("m2", 0, 10_000, open_below=True, remedy="dBsm? A cross-section in m2 is 10^(dBsm/10)")
PROBABILITY: Final = Number("", 0, 1, PERCENT)
SEPARATION: Final = Number("", 0, 20)
LOFTS: Final = ListOf(Number("degrees", -60, 60, plain=True), least=1, distinct=True)
