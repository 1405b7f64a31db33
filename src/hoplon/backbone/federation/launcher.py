"""Begin processes, one an element: ``python -m hoplon.backbone.federation.launcher FOLDER ELEMENT ...``.

The folder holds the raid and the run's address and key. The kernels are loaded once; each element is a fork. When the
launcher's standard input closes, its elements end.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from hoplon.backbone.federation.element import FederatedElement
from hoplon.backbone.federation.event_rules import EventRules
from hoplon.backbone.federation.records import (
    DONE,
    EVENT,
    GRANT,
    HANDLED,
    HELLO,
    MANAGER,
    MOST_BYTES,
    STOP,
    Record,
    packed,
    unpacked,
)
from hoplon.backbone.messages import DESTINATION, EVENT_COLUMNS, NEVER
from hoplon.backbone.raid_model import RaidModel
from hoplon.streams import key_of

ARENA: Final = "raid.npz"
RUN: Final = "run.json"
_LOOK_UP_EVERY: Final = 500  # [ms]


@dataclass(frozen=True)
class Run:
    """What an element's process must know: where the manager is, the key of the records, the key of the draws."""

    address: str
    key: bytes
    seed: int
    replication: int

    @property
    def draw_key(self) -> np.uint64:
        """Return the key of the replication's draws."""
        return np.uint64(key_of(self.seed, self.replication, 0, 0, 0))


def write_run(folder: Path, model: RaidModel, run: Run) -> None:
    """Write a raid and its run for the processes of the elements; none but the owner may read them."""
    arrays: dict[str, Any] = {field.name: np.asarray(getattr(model, field.name)) for field in fields(RaidModel)}
    np.savez(folder / ARENA, **arrays)  # numbers alone: read without pickle
    said = {"address": run.address, "key": run.key.hex(), "seed": run.seed, "replication": run.replication}
    descriptor = os.open(folder / RUN, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(said, stream)


def read_run(folder: Path) -> tuple[RaidModel, Run]:
    """Read what :func:`write_run` wrote."""
    said = json.loads((folder / RUN).read_text(encoding="utf-8"))
    run = Run(said["address"], bytes.fromhex(said["key"]), said["seed"], said["replication"])
    with np.load(folder / ARENA, allow_pickle=False) as kept:
        values: dict[str, Any] = {name: kept[name] for name in kept.files}
    return RaidModel(**{name: value if value.ndim else value.item() for name, value in values.items()}), run


class Federate:
    """An element that speaks to the time manager.

    Parameters
    ----------
    element : FederatedElement
    socket : zmq.Socket
        Connected to the manager.
    key : bytes
        Of the records.

    Attributes
    ----------
    handled, dropped, taken : int
        Events that the element handled; messages that were none of the run, or what no element may be told; the
        manager's records that were taken.
    """

    def __init__(self, element: FederatedElement, socket: Any, key: bytes) -> None:
        self._element, self._socket, self._key = element, socket, key
        self._rules = EventRules(element.model)
        self._sent, self.taken = 0, 0
        self.handled, self.dropped = 0, 0

    def serve(self, process: int, goes_on: Callable[[], bool]) -> bool:
        """Handle events window by window; tell whether the raid came to its end.

        Parameters
        ----------
        process : int
            Number of this process on the manager's machine, 0 elsewhere.
        goes_on : callable
            Asked when nothing of the run came for a while: whether the other side is there.
        """
        self._send(HELLO, (process,))
        while True:
            record = None
            if self._socket.poll(_LOOK_UP_EVERY):
                frames = self._socket.recv_multipart()
                record = unpacked(self._key, frames[0]) if len(frames) == 1 else None
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
        self._socket.send(packed(self._key, kind, self._element.number, MANAGER, self._sent, numbers))
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
        socket.setsockopt(zmq.MAXMSGSIZE, MOST_BYTES)
        socket.connect(run.address)
        Federate(FederatedElement(model, run.draw_key, number), socket, run.key).serve(
            os.getpid(), lambda: os.getppid() == launcher
        )


def launch(folder: Path, numbers: Sequence[int]) -> None:
    """Fork a process for each element and wait until standard input closes."""
    model, run = read_run(folder)
    warm(model, run)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not kept
    children = []
    for number in numbers:
        child = os.fork()
        if child == 0:
            with contextlib.suppress(KeyboardInterrupt):
                serve(model, run, number)
            os._exit(0)
        children.append(child)
    with contextlib.suppress(KeyboardInterrupt):
        sys.stdin.buffer.read()
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    launch(Path(sys.argv[1]), [int(text) for text in sys.argv[2:]])
