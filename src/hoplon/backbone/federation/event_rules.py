"""What may be said between elements: who may send which event to whom, and the range of its numbers.

Handlers index tables with the numbers of an event and check nothing: within one process they come from handlers alone.
Over the wire they come from whoever holds the token, so that each is checked before a handler sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hoplon.backbone import messages as on
from hoplon.backbone.layout import (
    AFTER_BURNOUT,
    AT_BATTERIES,
    AT_RADARS,
    BATTERIES,
    BATTERY_COLUMNS,
    COUNT,
    ELEMENTS,
    FIRST_BATTERY,
    FIRST_NODE,
    FIRST_RADAR,
    FIRST_SATELLITE,
    NODES,
    RADAR_COLUMNS,
    RADARS,
    SALVO,
    SLOTS,
    THREATS,
    TRACKS,
)

if TYPE_CHECKING:
    from hoplon.backbone.raid_model import RaidModel

_Ranges = tuple[range, range, range]
"""Of the threat, and of the first and second number that the kind gives a meaning."""

_THREAT, _RADAR, _SATELLITE, _NODE, _BATTERY, _SCHEDULE, _FAILURES = range(7)
_TIMES: Final = range(on.NEVER, 1 << 60)  # [us]
_SEQUENCES: Final = range(1 << 38)
_NONE: Final = range(on.NEVER, 0)
_ZERO: Final = range(1)
_FLAG: Final = range(2)


class EventRules:
    """The events of one raid that an element may be given from outside its process.

    Parameters
    ----------
    model : RaidModel
    """

    def __init__(self, model: RaidModel) -> None:
        fixed = model.fixed
        self._firsts = [0, *(int(fixed[key]) for key in (FIRST_RADAR, FIRST_SATELLITE, FIRST_NODE, FIRST_BATTERY))]
        self._elements = int(fixed[ELEMENTS])
        self._ranges = dict(_ranges(model))
        first, many = int(fixed[AT_RADARS]), int(fixed[RADARS])
        waits = fixed[first : first + many * RADAR_COLUMNS].reshape(many, RADAR_COLUMNS)[:, AFTER_BURNOUT]
        self._tracking = {self._firsts[_RADAR] + int(place) for place in (waits >= 0).nonzero()[0]}

    def _form(self, element: int) -> int:
        """Return the form of an element; the two beyond the last are the raid's schedule and its failures."""
        if element >= self._elements:
            return _SCHEDULE + element - self._elements
        return sum(element >= first for first in self._firsts[1:])

    def allow(self, event: tuple[int, ...], sender: int | None = None) -> bool:
        """Tell whether an event may be handed to its destination.

        Parameters
        ----------
        event : tuple of int
            EVENT_COLUMNS numbers.
        sender : int, optional
            Who sent it, when that is known: nobody speaks in another's name.
        """
        time, destination, source, sequence, kind, threat, first, second = event
        if not (0 <= destination < self._elements and 0 <= source < self._elements + 2 and source != destination):
            return False
        if time not in _TIMES or sequence not in _SEQUENCES or sender not in (None, source):
            return False
        ranges = self._ranges.get((self._form(source), self._form(destination), kind))
        numbers = (threat, first, second)
        if ranges is None or not all(number in kept for number, kept in zip(numbers, ranges, strict=True)):
            return False
        return self._agrees(destination, source, kind, threat, first, second)

    def _agrees(self, destination: int, source: int, kind: int, threat: int, first: int, second: int) -> bool:
        """Tell whether the numbers of an event agree with one another."""
        if kind in (on.IMPACT, on.INTERCEPT) and threat != destination:
            return False
        if kind in (on.BURNING, on.ALERT):  # a radar sees no launch
            warns = destination if kind == on.BURNING else source
            return self._form(warns) == _SATELLITE or warns in self._tracking
        if kind == on.INTERCEPT:
            return first == source - self._firsts[_BATTERY]
        if kind == on.GONE:
            return threat == source
        reports = kind in (on.TRACK_ON, on.TRACK_OFF, on.UPDATE) and self._form(source) == _RADAR
        if reports and first != source - self._firsts[_RADAR]:
            return False
        if kind == on.TRACK_OFF:
            return (threat < 0) == (second == on.RADAR_DOWN)
        return True


def _ranges(model: RaidModel) -> Iterator[tuple[tuple[int, int, int], _Ranges]]:
    """Yield (form of the sender, form of the destination, kind) with the ranges of the numbers."""
    fixed = model.fixed
    objects, tracks = range(int(fixed[THREATS])), range(int(fixed[TRACKS]))
    radars, nodes, slots = (range(int(fixed[key])) for key in (RADARS, NODES, SLOTS))
    at, many = int(fixed[AT_BATTERIES]), int(fixed[BATTERIES])
    magazine = max((int(fixed[at + battery * BATTERY_COLUMNS + COUNT]) for battery in range(many)), default=0)
    left, salvo, either = range(magazine + 1), range(1, int(fixed[SALVO]) + 1), range(on.NEVER, objects.stop)
    reasons, windows = range(on.RADAR_DOWN + 1), range(on.WINDOW * on.WINDOW)
    yield (_SCHEDULE, _THREAT, on.IMPACT), (objects, _ZERO, _ZERO)
    yield (_SCHEDULE, _RADAR, on.ENTER), (objects, slots, _ZERO)
    for form in (_SATELLITE, _RADAR):
        yield (_SCHEDULE, form, on.BURNING), (objects, _ZERO, _ZERO)
        yield (form, _NODE, on.ALERT), (objects, _ZERO, _ZERO)
    for form in (_THREAT, _RADAR, _SATELLITE, _NODE, _BATTERY):
        for kind in (on.FAIL, on.REPAIR, on.CUT):
            yield (_FAILURES, form, kind), (_NONE, _ZERO, _ZERO)
        yield (_FAILURES, form, on.MENDED), (_NONE, _FLAG, _ZERO)
    yield (_FAILURES, _NODE, on.SWITCH), (_NONE, nodes, _ZERO)
    yield (_FAILURES, _NODE, on.FALLBACK), (_NONE, _TIMES, range(on.NEVER, nodes.stop))
    yield (_BATTERY, _THREAT, on.INTERCEPT), (objects, range(many), _FLAG)
    yield (_THREAT, _RADAR, on.GONE), (objects, _ZERO, _ZERO)
    for form in (_SATELLITE, _NODE, _RADAR):
        yield (form, _RADAR, on.CUE), (objects, _ZERO, _ZERO)
    for form in (_RADAR, _BATTERY):
        yield (_NODE, form, on.REPORT_TO), (_NONE, _ZERO, _ZERO)
    for ends in ((_RADAR, _NODE), (_RADAR, _BATTERY), (_NODE, _NODE)):
        threats = objects if ends == (_NODE, _NODE) else either
        yield (*ends, on.TRACK_ON), (threats, radars, _TIMES)
        yield (*ends, on.TRACK_OFF), (threats, radars, reasons)
    yield (_RADAR, _NODE, on.UPDATE), (objects, radars, _TIMES)
    yield (_BATTERY, _NODE, on.ACCEPTED), (tracks, _TIMES, left)
    yield (_BATTERY, _NODE, on.REFUSED), (tracks, range(on.EMPTY, on.BUSY + 1), _TIMES)
    yield (_BATTERY, _NODE, on.HEARD), (_NONE, range(max(left.stop, nodes.stop)), _ZERO)
    for kind in (on.CLAIM, on.RELEASE):
        yield (_NODE, _NODE, kind), (tracks, _TIMES, _ZERO)
    yield (_NODE, _BATTERY, on.ORDER), (tracks, windows, salvo)
    yield (_NODE, _BATTERY, on.SUPPORT), (tracks, _FLAG, _TIMES)
