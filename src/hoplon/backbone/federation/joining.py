"""Elements that join from elsewhere: who holds the run's token, and has laid out the same raid, is let in.

The token never goes over the wire, and no record of one run is of use in another: the element sends two random numbers
under the token's key, the manager answers with two of its own, and from then on both speak under a key made of the
token, the element and all four numbers. The raid is not sent either: both sides lay it out, and compare its digest.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hoplon.backbone.federation.element import FederatedElement
from hoplon.backbone.federation.launcher import Federate, Run
from hoplon.backbone.federation.records import JOIN, MANAGER, MOST_BYTES, REFUSED, WELCOME, packed, unpacked
from hoplon.backbone.raid_model import RaidModel
from hoplon.errors import InputError, OutputError
from hoplon.extras import extra

SHORTEST_TOKEN: Final = 16
"""Bytes of a token."""
_MOST_ASKING: Final = 256
_MOST_NONCES: Final = 65_536
_NONCE: Final = 1 << 62
_OTHER_RAID, _NOT_AWAITED = 1, 2
_HEARTBEAT: Final = (2_000, 10_000)  # [ms] between two, and until the manager is taken for gone


def raid_mark(model: RaidModel) -> tuple[int, int]:
    """Return the digest of what an element's handlers read, as two whole numbers."""
    digest = hashlib.blake2b(digest_size=16)
    for array in (model.fixed, model.looks, model.launches, model.state):
        digest.update(np.array(array.shape, dtype="<i8").tobytes())
        digest.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
    first, second = np.frombuffer(digest.digest(), dtype="<i8").tolist()
    return first, second


def token_key(token: bytes) -> bytes:
    """Return the key of a token's first records.

    Raises
    ------
    InputError
        If the token is too short to be one.
    """
    if len(token) < SHORTEST_TOKEN:
        raise InputError(f"a token of {SHORTEST_TOKEN} bytes or more was expected, got {len(token)}")
    return hashlib.blake2b(token, digest_size=32, person=b"hoplon-join").digest()


def _session_key(key: bytes, element: int, nonces: tuple[int, ...]) -> bytes:
    content = np.array([element, *nonces], dtype="<i8").tobytes()
    return hashlib.blake2b(content, key=key, digest_size=32, person=b"hoplon-session").digest()


@dataclass(frozen=True)
class Guest:
    """Whoever speaks by one connection: the element it is, and the key of its records."""

    element: int
    key: bytes


class Door:
    """Lets elements in.

    Parameters
    ----------
    model : RaidModel
    token : bytes
    awaited : collection of int
        Elements that join from elsewhere.
    seed, replication : int
        What a guest is told of the run.
    """

    def __init__(self, model: RaidModel, token: bytes, awaited: Collection[int], seed: int, replication: int) -> None:
        self.awaited = frozenset(awaited)
        self._key = token_key(token) if self.awaited else b""
        self._mark = raid_mark(model) if self.awaited else (0, 0)
        self._run = (seed, replication)
        self._guests: OrderedDict[bytes, Guest] = OrderedDict()
        self._nonces: OrderedDict[tuple[int, ...], bytes] = OrderedDict()

    def guest(self, connection: bytes) -> Guest | None:
        """Return who was let in by a connection."""
        return self._guests.get(connection)

    def answer(self, connection: bytes, content: bytes, there: Collection[int]) -> bytes | None:
        """Return the answer to a request to join, None to what is none, or a recording of another connection's.

        Parameters
        ----------
        connection, content : bytes
        there : collection of int
            Elements that have joined already.
        """
        record = unpacked(self._key, content) if self.awaited else None
        if record is None or (record.kind, record.destination, record.counter) != (JOIN, MANAGER, 0):
            return None
        element, theirs = record.source, record.numbers[:2]
        if self._nonces.setdefault((element, *theirs), connection) != connection:
            return None
        if len(self._nonces) > _MOST_NONCES:
            self._nonces.popitem(last=False)
        if element not in self.awaited or element in there:
            return packed(self._key, REFUSED, MANAGER, element, 0, (*theirs, _NOT_AWAITED))
        if record.numbers[2:4] != self._mark:
            return packed(self._key, REFUSED, MANAGER, element, 0, (*theirs, _OTHER_RAID))
        ours = (secrets.randbelow(_NONCE), secrets.randbelow(_NONCE))
        self._guests[connection] = Guest(element, _session_key(self._key, element, (*theirs, *ours)))
        if len(self._guests) > _MOST_ASKING:
            self._forget_one(there)
        return packed(self._key, WELCOME, MANAGER, element, 0, (*theirs, *ours, *self._run))

    def _forget_one(self, there: Collection[int]) -> None:
        """Forget whoever asked first and never came: a request that was recorded elsewhere and is sent again."""
        for connection, guest in self._guests.items():
            if guest.element not in there:
                del self._guests[connection]
                return


def join(model: RaidModel, number: int, address: str, token: bytes, wait: float = 60.0) -> tuple[int, int]:
    """Be one element of a run that a time manager elsewhere has begun, until the raid is over.

    Parameters
    ----------
    model : RaidModel
        The same as the manager's.
    number : int
    address : str
        ``tcp://HOST:PORT`` of the manager.
    token : bytes
        The same as the manager's.
    wait : float
        For the manager's first answer, and again for the beginning of the raid [s].

    Returns
    -------
    handled, dropped : int
        Events that the element handled; messages that were none of the run.

    Raises
    ------
    InputError
        If the manager has another raid, or does not await the element.
    OutputError
        If no manager answers, or begins the raid, in time, it is gone before the end, or pyzmq is not installed.
    """
    with extra("federation", "a federation"):
        import zmq
    key = token_key(token)
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.setsockopt(zmq.LINGER, 2000)
        socket.setsockopt(zmq.MAXMSGSIZE, MOST_BYTES)
        socket.setsockopt(zmq.HEARTBEAT_IVL, _HEARTBEAT[0])
        socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, _HEARTBEAT[1])
        with socket.get_monitor_socket(zmq.EVENT_DISCONNECTED) as monitor:
            try:
                socket.connect(address)
            except zmq.ZMQError as error:
                raise InputError(f"{address}: {error}; tcp://HOST:PORT was expected") from None
            session, run = _let_in(socket, key, number, raid_mark(model), wait, address)

            federate = Federate(FederatedElement(model, run.draw_key, number), socket, session)
            until = time.monotonic() + wait

            def goes_on() -> bool:
                return not monitor.poll(0) and (federate.taken > 0 or time.monotonic() < until)

            over = federate.serve(0, goes_on)
            socket.disable_monitor()
    if not over and federate.taken == 0:
        raise OutputError(
            f"{address}: the time manager let this element in and began no raid within {wait:g} s; does it await other "
            "elements, or does somebody else take the line up? --wait-s gives it longer"
        )
    if not over:
        raise OutputError(f"{address}: the time manager was gone before the raid was over")
    return federate.handled, federate.dropped


def _let_in(
    socket: Any, key: bytes, number: int, mark: tuple[int, int], wait: float, address: str
) -> tuple[bytes, Run]:
    """Ask to be let in; return the key of what follows, and the run."""
    mine = (secrets.randbelow(_NONCE), secrets.randbelow(_NONCE))
    socket.send(packed(key, JOIN, number, MANAGER, 0, (*mine, *mark)))
    until = time.monotonic() + wait
    while socket.poll(max(0, round(1000.0 * (until - time.monotonic())))):
        frames = socket.recv_multipart()
        record = unpacked(key, frames[0]) if len(frames) == 1 else None
        if record is None or record.numbers[:2] != mine or (record.source, record.destination) != (MANAGER, number):
            continue
        if record.kind == REFUSED:
            raise InputError(f"{address}: {_reason(record.numbers[2])}")
        if record.kind == WELCOME:
            _, _, first, second, seed, replication, *_ = record.numbers
            return _session_key(key, number, (*mine, first, second)), Run(address, key, seed, replication)
    raise OutputError(
        f"{address}: no time manager answers within {wait:g} s; is it there, does the way lead to it, and is the token "
        "the same?"
    )


def _reason(number: int) -> str:
    if number == _OTHER_RAID:
        return (
            "the time manager has laid out another raid; the same scenario, version of hoplon and options were "
            "expected on both sides"
        )
    return "the time manager does not await this element, or has it already"
