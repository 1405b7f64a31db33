"""The time manager: it grants windows of time, carries events between elements, and keeps the log.

A window ends one lookahead after the earliest event that anyone has: no message of the window can arrive within it
(Chandy and Misra's conservative rule, with the grants of the High Level Architecture's time management). An element
whose process is missed is lost from then on: a stand-in, given every event that the element ever had, takes its state
up, and the loss is an event like any other, so that the run is the one in a single process with that loss.

References
----------
.. [1] Chandy and Misra, "Distributed simulation: a case study in design and verification of distributed programs", IEEE
   Transactions on Software Engineering SE-5 (1979) 440; IEEE 1516.1-2010, section 8.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.federation.element import Event, FederatedElement
from hoplon.backbone.federation.event_rules import EventRules
from hoplon.backbone.federation.joining import Door
from hoplon.backbone.federation.launcher import Run, write_run
from hoplon.backbone.federation.records import (
    DONE,
    EVENT,
    GRANT,
    HANDLED,
    HELLO,
    MANAGER,
    MOST_BYTES,
    NO_EVENT,
    STOP,
    Record,
    packed,
    unpacked,
)
from hoplon.backbone.layout import ELEMENTS, FIRST_NODE, FIRST_RADAR, NODES, SUCCESSOR, node_at
from hoplon.backbone.messages import (
    DESTINATION,
    EVENT_COLUMNS,
    LOG_COLUMNS,
    LOOKAHEAD,
    NEVER,
    SECOND_US,
    TIME,
)
from hoplon.backbone.raid_model import FAILURE_COLUMNS, RaidModel
from hoplon.backbone.replications import most_failure_events, write_failures
from hoplon.errors import InputError, OutputError
from hoplon.extras import extra
from hoplon.processes import without_interrupts

LOOPBACK: Final = "tcp://127.0.0.1:*"
_START: Final = 120.0  # [s] for every element of this machine to be there
_LINGER: Final = 2000  # [ms] for the last word to elements elsewhere


@dataclass(frozen=True)
class Lost:
    """An element whose process was missed, and the simulated time from which it is lost [us]; NEVER for a threat.

    A threat flies on without its process: nothing shot it down.
    """

    element: int
    time: int


@dataclass
class Outcome:
    """What a run came to.

    Attributes
    ----------
    log : ndarray, shape (events, 9)
        Merged, in the order of a single process.
    model : RaidModel
        With the losses that happened.
    lost : list of Lost
    dropped, windows, records : int
        Messages that were none of the run; windows granted; records carried.
    late : float
        Greatest lag behind the pace asked for [s].
    """

    log: NDArray[np.int64]
    model: RaidModel
    lost: list[Lost] = field(default_factory=list)
    dropped: int = 0
    windows: int = 0
    records: int = 0
    late: float = 0.0


class Manager:
    """Runs one replication over as many processes as there are elements.

    Parameters
    ----------
    model : RaidModel
    seed, replication : int
    switch : float
        From the loss of a node to command by its successor [s].
    bind : str
        Where elements reach the manager; on this machine alone unless told otherwise.
    pace : float, optional
        Simulated seconds a second; as fast as it goes when left out.
    patience : float
        How long an element may take over a window before it is missed [s].
    watch : callable, optional
        Called with the manager and the window's number before each window; with -1 before the elements are there.
    remote : collection of int
        Elements that join from elsewhere, by :func:`hoplon.backbone.federation.joining.join`; none is begun here.
    token : bytes
        Who holds it may join.
    patience_to_join : float
        How long elements that join from elsewhere are waited for [s].
    """

    def __init__(
        self,
        model: RaidModel,
        seed: int,
        replication: int = 0,
        *,
        switch: float = 10.0,
        bind: str = LOOPBACK,
        pace: float | None = None,
        patience: float = 10.0,
        watch: Callable[[Manager, int], None] | None = None,
        remote: Collection[int] = (),
        token: bytes = b"",
        patience_to_join: float = 300.0,
    ) -> None:
        if model.threats == 0:
            raise InputError("no missile of the raid reaches its aim: there is nothing to run")
        if pace is not None and not 0.0 < pace < 1e9:
            raise InputError(f"a pace is simulated seconds a second, above 0; got {pace}")
        self._seed, self._replication, self._bind = seed, replication, bind
        self._draw_key = Run("", b"", seed, replication).draw_key
        self._switch, self._pace, self._patience, self._watch = round(switch * SECOND_US), pace, patience, watch
        self._elements, self._rules = int(model.fixed[ELEMENTS]), EventRules(model)
        self.address, self.processes = "", dict[int, int]()
        self._key = secrets.token_bytes(32)
        self._door, self._patience_to_join = Door(model, token, remote, seed, replication), patience_to_join
        self._identity: dict[int, bytes] = {}
        self._counter_in, self._counter_out = [0] * self._elements, [0] * self._elements
        self._next = [NO_EVENT] * self._elements
        self._delivered: list[list[Event]] = [[] for _ in range(self._elements)]
        self._handled: list[list[Event]] = [[] for _ in range(self._elements)]
        self._reached = [0] * self._elements
        self._outbox: list[Event] = []
        self._stand_ins: dict[int, FederatedElement] = {}
        self._horizon = 0
        self._extras = 0
        self._result = Outcome(np.zeros((0, LOG_COLUMNS), dtype=np.int64), model)
        self._socket: Any = None

    def run(self) -> Outcome:
        """Begin the processes, run the raid, end them.

        Raises
        ------
        OutputError
            If pyzmq is not installed, the address cannot be bound, or an element never comes.
        """
        with extra("federation", "a federation"):
            import zmq
        context = zmq.Context()
        self._socket = context.socket(zmq.ROUTER)
        self._socket.setsockopt(zmq.LINGER, _LINGER if self._door.awaited else 0)
        self._socket.setsockopt(zmq.MAXMSGSIZE, MOST_BYTES)
        try:
            with tempfile.TemporaryDirectory(prefix="hoplon-federation-") as folder:
                self._open(Path(folder), zmq.ZMQError)
                if self._watch is not None:
                    self._watch(self, -1)
                with self._launched(folder) as launcher:
                    self._gather(launcher)
                    self._schedule()
                    self._windows()
                    self._stop()
        finally:
            self._socket.close()
            context.term()
        self._result.log = self._merged()
        return self._result

    def _open(self, folder: Path, error: type[Exception]) -> None:
        try:
            self._socket.bind(self._bind)
        except error as failed:
            raise OutputError(f"{self._bind}: cannot be bound ({failed}); tcp://ADDRESS:PORT was expected") from None
        self.address = self._socket.last_endpoint.decode().rstrip("\0")
        write_run(folder, self._result.model, Run(self.address, self._key, self._seed, self._replication))

    @contextlib.contextmanager
    def _launched(self, folder: str) -> Any:
        """Begin the processes, and see that none is left at the end."""
        package = str(Path(__file__).parents[3])
        search = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH", ""))))
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        command = [sys.executable, "-m", "hoplon.backbone.federation.launcher", folder]
        with without_interrupts():
            begun = subprocess.Popen(
                [*command, *(str(number) for number in range(self._elements) if number not in self._door.awaited)],
                stdin=subprocess.PIPE,
                env={**os.environ, **threads, "PYTHONPATH": search},
            )
        with begun as launcher:
            yield launcher

    def _gather(self, launcher: subprocess.Popen[bytes]) -> None:
        """Wait until every element is there."""
        begun = time.monotonic()
        while missing := {*range(self._elements)} - {*self._identity}:
            self._receive(100)
            waited, here = time.monotonic() - begun, missing - self._door.awaited
            if launcher.poll() is not None or (here and waited > _START):
                raise OutputError(
                    f"{len(here)} of {self._elements} elements did not come up; is the machine out of memory?"
                )
            if not here and waited > self._patience_to_join:
                raise OutputError(
                    f"{len(missing)} elements from elsewhere did not join within {self._patience_to_join:g} s; is "
                    f"their token the same, and does the way lead to {self.address}?"
                )

    def _schedule(self) -> None:
        """Deliver what is known beforehand: the raid's schedule, and what fails in this replication."""
        model = self._result.model
        for row in model.schedule:
            self._deliver(tuple(row.tolist()))
        for event in self._failures(model.failures):
            self._deliver(event)

    def _windows(self) -> None:
        begun, origin = time.monotonic(), min(self._next)
        while (earliest := min(self._next)) != NO_EVENT:
            if self._watch is not None:
                self._watch(self, self._result.windows)
            if self._pace is not None and self._wait(begun, origin, earliest):
                continue  # an element was missed meanwhile
            self._horizon = earliest + LOOKAHEAD
            granted = [number for number in range(self._elements) if self._next[number] < self._horizon]
            for number in granted:
                if number in self._stand_ins:
                    self._advance(number)
                else:
                    self._send(number, GRANT, (self._horizon,))
            self._collect({number for number in granted if number not in self._stand_ins})
            self._deliver_all()
            self._result.windows += 1

    def _wait(self, begun: float, origin: int, earliest: int) -> bool:
        """Wait until a window is due; tell whether an element was missed meanwhile."""
        assert self._pace is not None
        due = begun + (earliest - origin) / SECOND_US / self._pace
        while (left := due - time.monotonic()) > 0.0:
            self._receive(round(min(1000.0 * left, 100.0)))
            now = origin + round((time.monotonic() - begun) * self._pace * SECOND_US)
            missed = [number for number in range(self._elements) if self._gone(number)]
            for number in missed:
                self._lose(number, max(min(now, earliest), self._horizon))
            if missed:
                self._deliver_all()
                return True
        self._result.late = max(self._result.late, -left)
        return False

    def _collect(self, awaited: set[int]) -> None:
        """Take in what a window brings; an element that says nothing for too long is missed."""
        until = time.monotonic() + self._patience
        parts: dict[int, tuple[list[Event], list[Event]]] = {number: ([], []) for number in awaited}
        while awaited:
            record = self._receive(50)
            if record is not None and record.source in awaited:
                handled, sent = parts[record.source]
                if record.kind == HANDLED:
                    handled.append(record.numbers)
                elif record.kind == EVENT:
                    sent.append(record.numbers[:EVENT_COLUMNS])
                elif record.kind == DONE:
                    awaited.discard(record.source)
                    self._commit(record.source, handled, sent, record.numbers[0])
            late = time.monotonic() > until  # whatever else the element says meanwhile
            if record is None or late:
                for number in sorted(awaited):
                    if late or self._gone(number):
                        awaited.discard(number)
                        self._lose(number, self._horizon)

    def _commit(self, number: int, handled: list[Event], sent: list[Event], next_time: int) -> None:
        """Take in a whole window of an element."""
        self._handled[number].extend(handled)
        self._reached[number] = self._horizon
        self._next[number] = next_time
        self._outbox.extend(sent)

    def _deliver(self, event: Event) -> None:
        """Hand an event to its destination, between two windows."""
        number = event[DESTINATION]
        self._delivered[number].append(event)
        self._next[number] = min(self._next[number], event[TIME])
        if number in self._stand_ins:
            self._stand_ins[number].take(event)
        else:
            self._send(number, EVENT, event)

    def _deliver_all(self) -> None:
        for event in self._outbox:
            self._deliver(event)
        self._outbox.clear()

    def _advance(self, number: int) -> None:
        """Let a stand-in do its window."""
        handled, sent = self._stand_ins[number].advance(self._horizon)
        self._commit(number, handled, sent, self._stand_ins[number].next_time)

    def _gone(self, number: int) -> bool:
        """Tell whether an element's process on this machine is no more."""
        if number in self._stand_ins or number not in self.processes:
            return False
        try:
            os.kill(self.processes[number], 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False

    def _lose(self, number: int, moment: int) -> None:
        """Put a stand-in in a missed element's place, and let the element fail at a time.

        The stand-in handles again what the element handled in the windows it finished, which has been carried already;
        what the element did in a window that it did not finish is forgotten and done by the stand-in.
        """
        model = self._result.model
        stand_in = FederatedElement(model, self._draw_key, number)
        for event in self._delivered[number]:
            stand_in.take(event)
        stand_in.advance(self._reached[number])
        self._stand_ins[number] = stand_in
        self._advance(number)
        if number < int(model.fixed[FIRST_RADAR]):
            self._result.lost.append(Lost(number, NEVER))
            return
        self._result.lost.append(Lost(number, moment))
        node = number - int(model.fixed[FIRST_NODE])
        successor = int(node_at(model.fixed, node, SUCCESSOR)) if 0 <= node < int(model.fixed[NODES]) else -1
        takes_over = int(model.fixed[FIRST_NODE]) + successor if successor >= 0 else NEVER
        row = np.array([[number, moment, NEVER, NEVER, 0, takes_over, self._switch, 0, 0]], dtype=np.int64)
        assert row.shape[1] == FAILURE_COLUMNS
        self._result.model = replace(model, failures=np.concatenate([model.failures.reshape(-1, FAILURE_COLUMNS), row]))
        self._outbox.extend(self._failures(row))

    def _failures(self, rows: NDArray[np.int64]) -> list[Event]:
        """Return the events that rows of failures come to, numbered after those before."""
        model = self._result.model
        extra = np.zeros((most_failure_events(model, len(rows)), EVENT_COLUMNS), dtype=np.int64)
        count = int(write_failures(self._draw_key, model.fixed, rows, self._extras, extra))
        self._extras += count
        return [tuple(row.tolist()) for row in extra[:count]]

    def _send(self, number: int, kind: int, numbers: tuple[int, ...]) -> None:
        guest = self._door.guest(self._identity[number])
        key = self._key if guest is None else guest.key
        content = packed(key, kind, MANAGER, number, self._counter_out[number], numbers)
        self._counter_out[number] += 1
        self._result.records += 1
        self._socket.send_multipart([self._identity[number], content])

    def _receive(self, wait: int) -> Record | None:
        """Return the next record of the run, None when none comes; what is no record of it is dropped and counted."""
        until = time.monotonic() + wait / 1000.0
        while self._socket.poll(max(0, round(1000.0 * (until - time.monotonic())))):
            frames = self._socket.recv_multipart()
            record = self._checked(frames)
            if record is not None:
                self._result.records += 1
                return record
            if not self._let_in(frames):
                self._result.dropped += 1
            if time.monotonic() > until:  # somebody may send without end
                break
        return None

    def _let_in(self, frames: list[bytes]) -> bool:
        """Answer an element from elsewhere that asks to join; tell whether the message was that."""
        if len(frames) != 2 or frames[0] in self._identity.values():
            return False
        answer = self._door.answer(frames[0], frames[1], self._identity)
        if answer is not None:
            self._socket.send_multipart([frames[0], answer])
        return answer is not None

    def _checked(self, frames: list[bytes]) -> Record | None:
        if len(frames) != 2:
            return None
        guest = self._door.guest(frames[0])
        record = unpacked(self._key if guest is None else guest.key, frames[1])
        if record is None or record.destination != MANAGER or not record.source < self._elements:
            return None
        if (record.source in self._door.awaited) if guest is None else (record.source != guest.element):
            return None
        if record.source in self._stand_ins or record.counter != self._counter_in[record.source]:
            return None
        known = self._identity.get(record.source)
        if (known is None) != (record.kind == HELLO) or known not in (None, frames[0]):
            return None
        if not self._sound(record):
            return None
        self._counter_in[record.source] += 1
        if known is None:
            self._identity[record.source] = frames[0]
            if guest is None:
                self.processes[record.source] = record.numbers[0]
        return record

    def _sound(self, record: Record) -> bool:
        """Tell whether a record's numbers are what an element may say."""
        numbers = record.numbers
        if record.kind == EVENT:
            return numbers[TIME] >= self._horizon and self._rules.allow(numbers[:EVENT_COLUMNS], record.source)
        if record.kind == HANDLED:
            return numbers[DESTINATION] == record.source and numbers[TIME] < self._horizon
        return record.kind == HELLO or (record.kind == DONE and numbers[0] >= self._horizon)

    def _stop(self) -> None:
        for number in range(self._elements):
            if number not in self._stand_ins:
                self._send(number, STOP, ())

    def _merged(self) -> NDArray[np.int64]:
        """Return every handled event in the total order; each element's own order is kept where times are equal."""
        events = [event for element in self._handled for event in element]
        log = np.array(events, dtype=np.int64).reshape(-1, LOG_COLUMNS)
        return log[np.lexsort((log[:, DESTINATION], log[:, TIME]))]
