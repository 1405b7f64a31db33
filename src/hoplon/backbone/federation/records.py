"""What goes over the wire: records of one size, numbers only. Nothing is ever executed.

A record is a mark, a kind, who sent it to whom, a counter of the sender, and nine whole numbers. CURVE encrypts and
authenticates it, and refuses what is sent again; what is not of the right size, not marked, or not the next of its
sender is dropped.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MANAGER: Final = 0xFFFF
"""Number of the time manager, which no element has."""

HELLO: Final = 1  # an element is there (its process; from elsewhere the raid's digest, two numbers)
EVENT: Final = 2  # an event for an element
GRANT: Final = 3  # handle what is before a time
HANDLED: Final = 4  # an event that was handled, with its outcome
DONE: Final = 5  # all handled; the time of the next event, or NO_EVENT
STOP: Final = 6  # the raid is over
WELCOME: Final = 7  # an element from elsewhere is let in (seed, replication)
REFUSED: Final = 8  # it is not (why)
KINDS: Final = range(HELLO, REFUSED + 1)

NO_EVENT: Final = (1 << 63) - 1

_MARK: Final = b"HPLN"
_VERSION: Final = 2
_FORM: Final = struct.Struct("<4sHHHHQ9q")
SIZE: Final = _FORM.size
NUMBERS: Final = 9
MOST_BYTES: Final = 4096
"""A longer message closes the connection that it came by, before it is held in memory."""


@dataclass(frozen=True, slots=True)
class Record:
    """One message: kind, sender, receiver, the sender's counter, nine numbers."""

    kind: int
    source: int
    destination: int
    counter: int
    numbers: tuple[int, ...]


def packed(kind: int, source: int, destination: int, counter: int, numbers: Sequence[int] = ()) -> bytes:
    """Return a record as bytes; missing numbers are 0."""
    filled = (*map(int, numbers), *(0,) * (NUMBERS - len(numbers)))
    return _FORM.pack(_MARK, _VERSION, kind, source, destination, counter, *filled)


def unpacked(content: bytes) -> Record | None:
    """Return a record, or None for what is none."""
    if len(content) != SIZE:
        return None
    mark, version, kind, source, destination, counter, *numbers = _FORM.unpack(content)
    if mark != _MARK or version != _VERSION or kind not in KINDS:
        return None
    return Record(kind, source, destination, counter, tuple(numbers))
