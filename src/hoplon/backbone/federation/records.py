"""What goes over the wire: records of one size, numbers only, each with a keyed digest. Nothing is ever executed.

A record is a mark, a kind, who sent it to whom, a counter of the sender, nine whole numbers, and the BLAKE2b digest of
all that under the run's key. What is not of the right size, not marked, not of this run, or not the next of its sender
is dropped.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MANAGER: Final = 0xFFFF
"""Number of the time manager, which no element has."""

HELLO: Final = 1  # an element is there (its process)
EVENT: Final = 2  # an event for an element
GRANT: Final = 3  # handle what is before a time
HANDLED: Final = 4  # an event that was handled, with its outcome
DONE: Final = 5  # all handled; the time of the next event, or NO_EVENT
STOP: Final = 6  # the raid is over
JOIN: Final = 7  # an element from elsewhere asks to be let in (two random numbers, the raid's digest)
WELCOME: Final = 8  # it is (its numbers, two of the manager's, seed, replication)
REFUSED: Final = 9  # it is not (its numbers, why)
KINDS: Final = range(HELLO, REFUSED + 1)

NO_EVENT: Final = (1 << 63) - 1

_MARK: Final = b"HPLN"
_VERSION: Final = 1
_HEAD: Final = struct.Struct("<4sHHHHQ9q")
_DIGEST: Final = 16
SIZE: Final = _HEAD.size + _DIGEST
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


def packed(key: bytes, kind: int, source: int, destination: int, counter: int, numbers: Sequence[int] = ()) -> bytes:
    """Return a record as bytes; missing numbers are 0."""
    filled = (*map(int, numbers), *(0,) * (NUMBERS - len(numbers)))
    body = _HEAD.pack(_MARK, _VERSION, kind, source, destination, counter, *filled)
    return body + _digest(key, body)


def unpacked(key: bytes, content: bytes) -> Record | None:
    """Return a record, or None for what is none of this run."""
    if len(content) != SIZE:
        return None
    body = content[: _HEAD.size]
    if not hmac.compare_digest(content[_HEAD.size :], _digest(key, body)):
        return None
    mark, version, kind, source, destination, counter, *numbers = _HEAD.unpack(body)
    if mark != _MARK or version != _VERSION or kind not in KINDS:
        return None
    return Record(kind, source, destination, counter, tuple(numbers))


def _digest(key: bytes, body: bytes) -> bytes:
    return hashlib.blake2b(body, key=key, digest_size=_DIGEST).digest()
