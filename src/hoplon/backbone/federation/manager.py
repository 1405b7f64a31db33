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
import heapq
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.federation.connections import Connections
from hoplon.backbone.federation.element import Event, FederatedElement
from hoplon.backbone.federation.keys import ElementKey
from hoplon.backbone.federation.launcher import Run, draw_key_of, write_run
from hoplon.backbone.federation.records import DONE, EVENT, GRANT, HANDLED, NO_EVENT, STOP
from hoplon.backbone.layout import FIRST_NODE, FIRST_RADAR, NODES, SUCCESSOR, node_at
from hoplon.backbone.messages import (
    DESTINATION,
    EVENT_COLUMNS,
    LOG_COLUMNS,
    LOOKAHEAD,
    NEVER,
    SECOND_US,
    SOURCE,
    TIME,
)
from hoplon.backbone.raid_model import FAILURE_COLUMNS, RaidModel
from hoplon.backbone.replications import most_failure_events, write_failures
from hoplon.errors import InputError, OutputError
from hoplon.processes import without_interrupts

LOOPBACK: Final = "tcp://127.0.0.1:*"
_START: Final = 120.0  # [s] for every element of this machine to be there
MOST_IN_A_WINDOW: Final = 1 << 16
"""Events that an element may handle, or send, in one window."""
MOST_IN_A_RUN: Final = 1 << 20
"""Events that an element from elsewhere may handle and send in a run; one that has more to say is missed."""


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
        patience_to_join: float = 300.0,
    ) -> None:
        if model.threats == 0:
            raise InputError("no missile of the raid reaches its aim: there is nothing to run")
        if pace is not None and not 0.0 < pace < 1e9:
            raise InputError(f"a pace is simulated seconds a second, above 0; got {pace}")
        self._seed, self._replication, self._bind = seed, replication, bind
        self._draw_key = draw_key_of(seed, replication)
        self._switch, self._pace, self._patience, self._watch = round(switch * SECOND_US), pace, patience, watch
        self._connections, self._patience_to_join = Connections(model, remote, seed, replication), patience_to_join
        self._elements = len(self._connections.keys)
        self._next = [NO_EVENT] * self._elements
        self._delivered: list[list[Event]] = [[] for _ in range(self._elements)]
        self._due: list[list[Event]] = [[] for _ in range(self._elements)]  # delivered, not handled yet
        self._handled: list[list[Event]] = [[] for _ in range(self._elements)]
        self._said = [0] * self._elements
        self._reached = [0] * self._elements
        self._outbox: list[Event] = []
        self._stand_ins: dict[int, FederatedElement] = {}
        self._extras = 0
        self._result = Outcome(np.zeros((0, LOG_COLUMNS), dtype=np.int64), model)

    @property
    def address(self) -> str:
        """Return where elements reach the manager."""
        return self._connections.address

    @property
    def processes(self) -> Mapping[int, int]:
        """Return the number of each element's process on this machine."""
        return self._connections.processes

    @property
    def keys(self) -> dict[int, ElementKey]:
        """Return the keys of the elements that join from elsewhere, each for that element alone."""
        return {number: self._connections.keys[number] for number in sorted(self._connections.remote)}

    def run(self) -> Outcome:
        """Begin the processes, run the raid, end them.

        Raises
        ------
        OutputError
            If pyzmq has no CURVE, the address cannot be bound, or an element never comes.
        """
        with self._connections.opened(self._bind):
            if self._watch is not None:
                self._watch(self, -1)
            with self._launched() as launcher:
                self._gather(launcher)
                self._connections.begin()
                self._schedule()
                self._windows()
                self._stop()
        self._result.dropped, self._result.records = self._connections.dropped, self._connections.records
        self._result.log = self._merged()
        return self._result

    @contextlib.contextmanager
    def _launched(self) -> Iterator[subprocess.Popen[bytes]]:
        """Begin the processes, and see that none is left at the end."""
        package = str(Path(__file__).parents[3])
        search = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH", ""))))
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        with without_interrupts():
            begun = subprocess.Popen(
                [sys.executable, "-m", "hoplon.backbone.federation.launcher"],
                stdin=subprocess.PIPE,
                env={**os.environ, **threads, "PYTHONPATH": search},
            )
        here = {number: key for number, key in self._connections.keys.items() if number not in self._connections.remote}
        with begun as launcher:
            assert launcher.stdin is not None
            with contextlib.suppress(BrokenPipeError):  # it has ended: nobody will come
                run = Run(self.address, here, self._seed, self._replication)
                write_run(launcher.stdin, self._result.model, run)
            yield launcher

    def _gather(self, launcher: subprocess.Popen[bytes]) -> None:
        """Wait until every element is there."""
        begun = time.monotonic()
        while missing := self._connections.missing():
            self._connections.receive(100)
            waited, here = time.monotonic() - begun, missing - self._connections.remote
            if launcher.poll() is not None or (here and waited > _START):
                raise OutputError(
                    f"{len(here)} of {self._elements} elements did not come up; is the machine out of memory?"
                )
            if not here and waited > self._patience_to_join:
                refused = self._connections.refused
                keys = f" ({refused} connections had the key of no element)" if refused else ""
                raise OutputError(
                    f"{len(missing)} elements from elsewhere did not join within {self._patience_to_join:g} s{keys}; "
                    f"have they the keys of this run, and does the way lead to {self.address}?"
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
            self._connections.horizon = earliest + LOOKAHEAD
            granted = [number for number in range(self._elements) if self._next[number] < self._connections.horizon]
            for number in granted:
                if number in self._stand_ins:
                    self._advance(number)
                else:
                    self._connections.send(number, GRANT, (self._connections.horizon,))
            self._collect({number for number in granted if number not in self._stand_ins})
            self._deliver_all()
            self._result.windows += 1

    def _wait(self, begun: float, origin: int, earliest: int) -> bool:
        """Wait until a window is due; tell whether an element was missed meanwhile."""
        assert self._pace is not None
        due = begun + (earliest - origin) / SECOND_US / self._pace
        while (left := due - time.monotonic()) > 0.0:
            self._connections.receive(round(min(1000.0 * left, 100.0)))
            now = origin + round((time.monotonic() - begun) * self._pace * SECOND_US)
            missed = [number for number in range(self._elements) if self._gone(number)]
            for number in missed:
                self._lose(number, max(min(now, earliest), self._connections.horizon))
            if missed:
                self._deliver_all()
                return True
        self._result.late = max(self._result.late, -left)
        return False

    def _collect(self, awaited: set[int]) -> None:
        """Take in what a window brings; an element that says nothing for too long, or too much, is missed."""
        until = time.monotonic() + self._patience
        parts: dict[int, tuple[list[Event], list[Event]]] = {number: ([], []) for number in awaited}
        while awaited:
            record = self._connections.receive(50)
            broken = False
            if record is not None and record.source in awaited:
                handled, sent = parts[record.source]
                if record.kind == HANDLED:
                    handled.append(record.numbers)
                elif record.kind == EVENT:
                    sent.append(record.numbers[:EVENT_COLUMNS])
                broken = max(len(handled), len(sent)) > MOST_IN_A_WINDOW
                if record.kind == DONE:
                    broken = not self._whole(record.source, handled, sent)
                    if not broken:
                        awaited.discard(record.source)
                        self._commit(record.source, handled, sent, record.numbers[0])
                if broken:
                    awaited.discard(record.source)
                    self._lose(record.source, self._connections.horizon)
            late = time.monotonic() > until  # whatever else the element says meanwhile
            if record is None or late:
                for number in sorted(awaited):
                    if late or self._gone(number):
                        awaited.discard(number)
                        self._lose(number, self._connections.horizon)

    def _whole(self, number: int, handled: list[Event], sent: list[Event]) -> bool:
        """Tell whether an element handled what it was given, in order, something at least, and nothing made up."""
        due, horizon = self._due[number], self._connections.horizon
        given = []
        while due and due[0][TIME] < horizon:
            given.append(heapq.heappop(due))
        times = [event[TIME] for event in handled]
        self._said[number] += len(handled) + len(sent)
        return (
            sorted(event[:EVENT_COLUMNS] for event in handled if event[SOURCE] != number) == given
            and bool(times)
            and times[0] == self._next[number]
            and times == sorted(times)
            and (self._said[number] <= MOST_IN_A_RUN or number not in self._connections.remote)
        )

    def _commit(self, number: int, handled: list[Event], sent: list[Event], next_time: int) -> None:
        """Take in a whole window of an element."""
        self._handled[number].extend(handled)
        self._reached[number] = self._connections.horizon
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
            heapq.heappush(self._due[number], event)
            self._connections.send(number, EVENT, event)

    def _deliver_all(self) -> None:
        for event in self._outbox:
            self._deliver(event)
        self._outbox.clear()

    def _advance(self, number: int) -> None:
        """Let a stand-in do its window."""
        handled, sent = self._stand_ins[number].advance(self._connections.horizon)
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
        self._connections.leave(number)
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

    def _stop(self) -> None:
        for number in range(self._elements):
            if number not in self._stand_ins:
                self._connections.send(number, STOP, ())

    def _merged(self) -> NDArray[np.int64]:
        """Return every handled event in the total order; each element's own order is kept where times are equal."""
        events = [event for element in self._handled for event in element]
        log = np.array(events, dtype=np.int64).reshape(-1, LOG_COLUMNS)
        return log[np.lexsort((log[:, DESTINATION], log[:, TIME]))]
