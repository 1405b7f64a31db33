"""The time manager's side of the wire: which element is on a connection, by its key, and what it may say there."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterator
from typing import Any, Final

from hoplon.backbone.federation.event_rules import EventRules
from hoplon.backbone.federation.keys import DOMAIN, ElementKey, be_manager, new_secret, public_of, zmq_with_curve
from hoplon.backbone.federation.raid_mark import raid_mark
from hoplon.backbone.federation.records import (
    DONE,
    EVENT,
    HANDLED,
    HELLO,
    MANAGER,
    REFUSED,
    WELCOME,
    Record,
    packed,
    unpacked,
)
from hoplon.backbone.layout import ELEMENTS
from hoplon.backbone.messages import DESTINATION, EVENT_COLUMNS, SEQUENCE, TIME
from hoplon.backbone.raid_model import RaidModel
from hoplon.errors import OutputError

OTHER_RAID, THERE_ALREADY = 1, 2
"""Why an element from elsewhere is not let in."""
_LINGER: Final = 2000  # [ms] for the last word to elements elsewhere


class AllowedKeys:
    """The keys of a run's elements, as ZeroMQ's ZAP handler asks for them: it lets nobody else in.

    Parameters
    ----------
    publics : iterable of (int, bytes)
        Of each element its public key.
    """

    def __init__(self, publics: Iterator[tuple[int, bytes]]) -> None:
        zmq_with_curve()
        from zmq.utils import z85

        self._elements = {z85.encode(public): element for element, public in publics}
        self.refused = 0

    def callback(self, domain: str, key: bytes) -> bool:
        """Tell whether the holder of a key may connect."""
        known = domain == DOMAIN and key in self._elements
        self.refused += not known
        return known

    def element(self, user: str) -> int | None:
        """Return the element whose key a message came under; None for nobody's."""
        return self._elements.get(user.encode())


class Connections:
    """Connections between the time manager and its elements, each under the key of one element.

    Parameters
    ----------
    model : RaidModel
    remote : collection of int
        Elements that join from elsewhere.
    seed, replication : int
        What those are told of the run.

    Attributes
    ----------
    keys : dict of int to ElementKey
        Of every element, made anew.
    address : str
        Where elements reach the manager.
    processes : dict of int to int
        Numbers of the processes of this machine.
    records, dropped : int
        Records carried; messages that were none of the run.
    horizon : int
        End of the window that was granted last.
    """

    def __init__(self, model: RaidModel, remote: Collection[int], seed: int, replication: int) -> None:
        self._elements, self.remote = int(model.fixed[ELEMENTS]), frozenset(remote)
        self._secret = new_secret()
        manager = public_of(self._secret)
        self.keys = {number: ElementKey(number, manager, new_secret()) for number in range(self._elements)}
        self._allowed = AllowedKeys((number, public_of(key.secret)) for number, key in self.keys.items())
        self._mark = raid_mark(model) if remote else (0, 0)
        self._run, self._rules = (seed, replication), EventRules(model)
        self.address, self.processes = "", dict[int, int]()
        self.records, self.dropped, self.horizon = 0, 0, 0
        self._begun = False
        self._identity: dict[int, bytes] = {}
        self._silent: set[int] = set()
        self._counter_in, self._counter_out = [0] * self._elements, [0] * self._elements
        self._sequence = [-1] * self._elements
        self._socket: Any = None

    @contextlib.contextmanager
    def opened(self, bind: str) -> Iterator[None]:
        """Take connections at an address; none is left at the end.

        Raises
        ------
        OutputError
            If the address cannot be bound, or pyzmq has no CURVE.
        """
        zmq = zmq_with_curve()
        from zmq.auth.thread import ThreadAuthenticator

        with contextlib.ExitStack() as open_:
            context = open_.enter_context(zmq.Context())
            gate = ThreadAuthenticator(context)
            gate.configure_curve_callback(DOMAIN, self._allowed)
            gate.start()
            open_.callback(gate.stop)
            self._socket = open_.enter_context(context.socket(zmq.ROUTER))
            self._socket.setsockopt(zmq.LINGER, _LINGER if self.remote else 0)
            be_manager(self._socket, self._secret)
            try:
                self._socket.bind(bind)
            except zmq.ZMQError as error:
                raise OutputError(f"{bind}: cannot be bound ({error}); tcp://ADDRESS:PORT was expected") from None
            self.address = self._socket.last_endpoint.decode().rstrip("\0")
            yield

    @property
    def refused(self) -> int:
        """Return how often somebody was turned away who knew the manager's key and had none of the run's."""
        return self._allowed.refused

    def missing(self) -> set[int]:
        """Return the elements that are not there yet."""
        return {*range(self._elements)} - {*self._identity}

    def begin(self) -> None:
        """Let no element in any more: the raid begins."""
        self._begun = True

    def leave(self, number: int) -> None:
        """Take nothing more from an element, and send it nothing."""
        self._silent.add(number)

    def send(self, number: int, kind: int, numbers: tuple[int, ...]) -> None:
        """Send an element its next record."""
        content = packed(kind, MANAGER, number, self._counter_out[number], numbers)
        self._counter_out[number] += 1
        self.records += 1
        self._socket.send_multipart([self._identity[number], content])

    def receive(self, wait: int) -> Record | None:
        """Return the next record of the run, None when none comes; what is no record of it is dropped and counted.

        Parameters
        ----------
        wait : int
            At most so long [ms].
        """
        until = time.monotonic() + wait / 1000.0
        while self._socket.poll(max(0, round(1000.0 * (until - time.monotonic())))):
            record = self._taken(self._socket.recv_multipart(copy=False))
            if record is not None:
                self.records += 1
                return record
            if time.monotonic() > until:  # somebody may send without end
                break
        return None

    def _taken(self, frames: list[Any]) -> Record | None:
        """Return the record that a message is, None for one of no use; a request to join is answered here."""
        element = self._allowed.element(frames[0].get("User-Id"))
        record = unpacked(frames[1].bytes) if len(frames) == 2 else None
        if record is None or (record.source, record.destination) != (element, MANAGER):
            self.dropped += 1
            return None
        connection, number = frames[0].bytes, record.source
        if record.kind == HELLO:
            return self._greeted(record, connection)
        known = self._identity.get(number) == connection and number not in self._silent
        if not known or record.counter != self._counter_in[number] or not self._sound(record):
            self.dropped += 1
            return None
        self._counter_in[number] += 1
        if record.kind == EVENT:
            self._sequence[number] = record.numbers[SEQUENCE]
        return record

    def _greeted(self, record: Record, connection: bytes) -> Record | None:
        """Take a first record, or say why not. Until the raid begins an element from elsewhere may come again."""
        number, remote = record.source, record.source in self.remote
        if remote and (self._begun or record.numbers[1:3] != self._mark):
            why = THERE_ALREADY if self._begun else OTHER_RAID
            if self._identity.get(number) == connection:
                self.dropped += 1
            else:
                self._socket.send_multipart([connection, packed(REFUSED, MANAGER, number, 0, (why,))])
            return None
        if record.counter != 0 or self._identity.get(number) == connection or (not remote and number in self._identity):
            self.dropped += 1
            return None
        self._identity[number] = connection
        self._counter_in[number], self._counter_out[number] = 1, 0
        if remote:
            self.send(number, WELCOME, self._run)
        else:
            self.processes[number] = record.numbers[0]
        return record

    def _sound(self, record: Record) -> bool:
        """Tell whether a record's numbers are what an element may say."""
        numbers, number = record.numbers, record.source
        if record.kind == EVENT:
            if numbers[TIME] < self.horizon or numbers[SEQUENCE] <= self._sequence[number]:
                return False
            return self._rules.allow(numbers[:EVENT_COLUMNS], number)
        if record.kind == HANDLED:
            return numbers[DESTINATION] == number and numbers[TIME] < self.horizon
        return record.kind == DONE and numbers[0] >= self.horizon
