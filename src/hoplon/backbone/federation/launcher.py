"""Begin processes, one an element: ``python -m hoplon.backbone.federation.launcher``.

The raid, the run's address and the elements' keys come through standard input, so that no file holds them. The kernels
are loaded once; each element is a fork. When standard input closes, the elements end.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import IO, Any, Final

import numpy as np

from hoplon.backbone.federation.element import FederatedElement
from hoplon.backbone.federation.event_rules import EventRules
from hoplon.backbone.federation.keys import ElementKey, be_element
from hoplon.backbone.federation.records import (
    DONE,
    EVENT,
    GRANT,
    HANDLED,
    HELLO,
    MANAGER,
    STOP,
    Record,
    packed,
    unpacked,
)
from hoplon.backbone.messages import DESTINATION, EVENT_COLUMNS, NEVER
from hoplon.backbone.raid_model import RaidModel
from hoplon.errors import OutputError
from hoplon.streams import key_of

MOST_WAITING: Final = 1 << 20
"""Events that an element holds at most."""
_LENGTH: Final = struct.Struct("<Q")
_LOOK_UP_EVERY: Final = 500  # [ms]


def draw_key_of(seed: int, replication: int) -> np.uint64:
    """Return the key of a replication's draws."""
    return np.uint64(key_of(seed, replication, 0, 0, 0))


@dataclass(frozen=True)
class Run:
    """What the processes of a machine must know: where the manager is, their keys, the key of the draws."""

    address: str
    keys: Mapping[int, ElementKey] = field(repr=False)
    seed: int
    replication: int

    @property
    def draw_key(self) -> np.uint64:
        """Return the key of the replication's draws."""
        return draw_key_of(self.seed, self.replication)


def write_run(stream: IO[bytes], model: RaidModel, run: Run) -> None:
    """Write a raid and its run for the processes of the elements."""
    arrays: dict[str, Any] = {field.name: np.asarray(getattr(model, field.name)) for field in fields(RaidModel)}
    raid = io.BytesIO()
    np.savez(raid, **arrays)  # numbers alone: read without pickle
    said = {
        "address": run.address,
        "keys": [key.text for key in run.keys.values()],
        "seed": run.seed,
        "replication": run.replication,
    }
    for part in (json.dumps(said).encode(), raid.getvalue()):
        stream.write(_LENGTH.pack(len(part)) + part)
    stream.flush()


def read_run(stream: IO[bytes]) -> tuple[RaidModel, Run]:
    """Read what :func:`write_run` wrote."""
    texts, raid = (stream.read(_LENGTH.unpack(stream.read(_LENGTH.size))[0]) for _ in range(2))
    said = json.loads(texts)
    keys = [ElementKey.read(text) for text in said["keys"]]
    run = Run(said["address"], {key.element: key for key in keys}, said["seed"], said["replication"])
    with np.load(io.BytesIO(raid), allow_pickle=False) as kept:
        values: dict[str, Any] = {name: kept[name] for name in kept.files}
    return RaidModel(**{name: value if value.ndim else value.item() for name, value in values.items()}), run


class Federate:
    """An element that speaks to the time manager.

    Parameters
    ----------
    element : FederatedElement
    socket : zmq.Socket
        Connected to the manager.
    said : int
        Records that each side has sent already.

    Attributes
    ----------
    handled, dropped, taken : int
        Events that the element handled; messages that were none of the run, or what no element may be told; the
        manager's records that were taken.
    """

    def __init__(self, element: FederatedElement, socket: Any, said: int = 0) -> None:
        self._element, self._socket = element, socket
        self._rules = EventRules(element.model)
        self._sent, self.taken = said, said
        self.handled, self.dropped = 0, 0

    def greet(self, process: int) -> None:
        """Say that the element is there, and the number of its process on the manager's machine."""
        self._send(HELLO, (process,))

    def serve(self, goes_on: Callable[[], bool]) -> bool:
        """Handle events window by window; tell whether the raid came to its end.

        Parameters
        ----------
        goes_on : callable
            Asked when nothing of the run came for a while: whether the other side is there.

        Raises
        ------
        OutputError
            If the manager sends more events than an element can have waiting.
        """
        while True:
            record = None
            if self._socket.poll(_LOOK_UP_EVERY):
                frames = self._socket.recv_multipart()
                record = unpacked(frames[0]) if len(frames) == 1 else None
                if record is None or (record.source, record.counter) != (MANAGER, self.taken):
                    self.dropped += 1
                    record = None
            if record is None:
                if not goes_on():
                    return False
                continue
            self.taken += 1
            if record.kind == STOP:
                return True
            self._obey(record)

    def _obey(self, record: Record) -> None:
        if record.kind == EVENT:
            event = record.numbers[:EVENT_COLUMNS]
            if event[DESTINATION] == self._element.number and self._rules.allow(event):
                self._element.take(event)
                if self._element.waiting > MOST_WAITING:
                    raise OutputError(
                        f"the time manager sent more than {MOST_WAITING} events at once; the element ends"
                    )
            else:
                self.dropped += 1
        elif record.kind == GRANT:
            handled, sent = self._element.advance(record.numbers[0])
            self.handled += len(handled)
            for event in handled:
                self._send(HANDLED, event)
            for event in sent:
                self._send(EVENT, event)
            self._send(DONE, (self._element.next_time,))

    def _send(self, kind: int, numbers: Sequence[int]) -> None:
        self._socket.send(packed(kind, self._element.number, MANAGER, self._sent, numbers))
        self._sent += 1


def warm(model: RaidModel, run: Run) -> None:
    """Load the compiled handlers, so that every fork has them."""
    element = FederatedElement(model, run.draw_key, 0)
    element.take((0, 0, 0, 0, NEVER, 0, 0, 0))  # an event of no kind
    element.advance(1)


def serve(model: RaidModel, run: Run, number: int) -> None:
    """Be one element until the raid is over or the launcher is no more."""
    import zmq

    launcher = os.getppid()
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.setsockopt(zmq.LINGER, 2000)
        be_element(socket, run.keys[number])
        socket.connect(run.address)
        federate = Federate(FederatedElement(model, run.draw_key, number), socket)
        federate.greet(os.getpid())
        federate.serve(lambda: os.getppid() == launcher)


def launch(stream: IO[bytes]) -> None:
    """Fork a process for each element and wait until the stream that says what they are closes.

    Parameters
    ----------
    stream : binary file
        As :func:`write_run` wrote it, and then open for as long as the run goes on.
    """
    model, run = read_run(stream)
    warm(model, run)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not kept
    children = []
    for number in run.keys:
        child = os.fork()
        if child == 0:
            with contextlib.suppress(KeyboardInterrupt):
                serve(model, run, number)
            os._exit(0)
        children.append(child)
    with contextlib.suppress(KeyboardInterrupt):
        stream.read()
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    launch(sys.stdin.buffer)
