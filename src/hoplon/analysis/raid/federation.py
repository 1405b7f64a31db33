"""A raid with every element its own process, and what one process makes of the same raid."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.raid.element_keys import key_of, key_path, keys_written
from hoplon.analysis.raid.setup import RaidSetup
from hoplon.analysis.records import Answer, Row
from hoplon.backbone.federation.joining import join
from hoplon.backbone.federation.manager import LOOPBACK, Manager, Outcome
from hoplon.backbone.messages import IMPACT, KIND, LAUNCH, LAUNCHED, LEAKED, NEVER, OUTCOME, SECOND_US
from hoplon.backbone.replications import log_of
from hoplon.errors import InputError, OutputError
from hoplon.scenario.model import known_name


@dataclass(frozen=True, repr=False)
class FederationAnswer(Answer):
    """What a raid over many processes came to.

    Attributes
    ----------
    setup : RaidSetup
    outcome : Outcome
    digest, digest_in_one_process : str
        BLAKE2b of the merged log, and of the log of one process with the losses that happened.
    """

    setup: RaidSetup
    outcome: Outcome
    digest: str
    digest_in_one_process: str

    @property
    def same(self) -> bool:
        """Tell whether both logs are equal, bit for bit."""
        return self.digest == self.digest_in_one_process

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        log, names = self.outcome.log, self.setup.names
        return {
            "architecture": self.setup.architecture,
            "raid": self.setup.raid,
            "c2": self.setup.c2,
            "threats": len(self.setup.flights.missiles),
            "threats_of_raid": self.setup.threats_of_raid,
            "refused": list(self.setup.flights.refused),
            "notes": list(self.setup.notes),
            "processes": len(names) - 2,
            "events": len(log),
            "windows": self.outcome.windows,
            "records": self.outcome.records,
            "dropped": self.outcome.dropped,
            "late_s": self.outcome.late,
            "lost": [
                {"element": names[lost.element], "time_s": None if lost.time == NEVER else lost.time / SECOND_US}
                for lost in self.outcome.lost
            ],
            "leakers": int(((log[:, KIND] == IMPACT) & (log[:, OUTCOME] == LEAKED)).sum()),
            "shots": int(((log[:, KIND] == LAUNCH) & (log[:, OUTCOME] == LAUNCHED)).sum()),
            "digest": self.digest,
            "digest_in_one_process": self.digest_in_one_process,
            "same": self.same,
        }

    def line(self) -> str:
        """Return how many processes took part, and whether their log is that of one process, in one line."""
        found = "the same log as in one process" if self.same else "ANOTHER log than in one process"
        processes = len(self.setup.names) - 2
        return f"{self.setup.raid} against {self.setup.architecture}, {processes} processes: {found}"

    def rows(self) -> list[Row]:
        """Return one row: what the run came to."""
        found = {key: value for key, value in self.as_json().items() if key not in ("lost", "notes")}
        return [{**found, "refused": "; ".join(self.setup.flights.refused)}]


@dataclass(frozen=True, repr=False)
class JoinAnswer(Answer):
    """What one element of a raid did whose time manager is elsewhere."""

    element: str
    events: int
    dropped: int

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return dict(vars(self))

    def line(self) -> str:
        """Return the record in one line."""
        return f"{self.element}: {self.events} events handled, {self.dropped} messages dropped"

    def rows(self) -> list[Row]:
        """Return one row."""
        return [self.as_json()]


def federate(
    setup: RaidSetup,
    seed: int,
    replication: int = 0,
    *,
    pace: float | None = None,
    bind: str = LOOPBACK,
    patience: float = 10.0,
    watch: Callable[[Manager, int], None] | None = None,
    remote: Sequence[str] = (),
    keys: Path | None = None,
    patience_to_join: float = 300.0,
) -> FederationAnswer:
    """Run one replication with every element its own process, then again in one.

    Parameters
    ----------
    setup : RaidSetup
    seed, replication : int
    pace : float, optional
        Simulated seconds per second; as fast as it goes when left out.
    bind : str
        Where the elements reach the time manager.
    patience : float
        How long an element may take over a window before it is missed [s].
    watch : callable, optional
        Called with the manager and the window's number before each window; with -1 before the elements are there.
    remote : sequence of str
        Elements that join from elsewhere, by :func:`join_federation`.
    keys : Path, optional
        Folder that their keys are written to, for this run.
    patience_to_join : float
        How long they are waited for [s].

    Raises
    ------
    UnknownNameError
        If there is no such element.
    InputError
        If no missile of the raid flies, a number is out of its range, or ``remote`` and ``keys`` do not go together.
    OutputError
        If the processes cannot be begun, as on Windows, which has no forks.
    """
    if not hasattr(os, "fork"):
        raise OutputError(
            "federate begins its elements as forks of one process, which this system does not have: use the Windows "
            "Subsystem for Linux, or hoplon play, which logs the same events from one process"
        )
    if not (0 <= seed < 1 << 63 and 0 <= replication < 1 << 63):
        raise InputError(
            f"a seed from 0 to 2^63 - 1 and a replication from 0 to 2^63 - 1 were expected, got {seed}, {replication}"
        )
    if not 0.0 < patience < 1e6:
        raise InputError(f"patience must be above 0 s, got {patience}")
    if bool(remote) != (keys is not None):
        raise InputError("remote and keys go together: a folder for the keys of the elements from elsewhere")
    switch = setup.conditions.cold_switch if setup.c2 == "hub_cold" else setup.conditions.hot_switch
    manager = Manager(
        setup.model,
        seed,
        replication,
        switch=switch,
        bind=bind,
        pace=pace,
        patience=patience,
        watch=watch,
        remote={number_of(setup, name) for name in remote},
        patience_to_join=patience_to_join,
    )
    with contextlib.ExitStack() as open_:
        if remote and keys is not None:
            named = {setup.names[number]: key for number, key in manager.keys.items()}
            open_.enter_context(keys_written(keys, named))
        outcome = manager.run()
    return FederationAnswer(setup, outcome, _digest(outcome.log), _digest(log_of(outcome.model, seed, replication)))


def join_federation(
    setup: RaidSetup, element: str, address: str, key_file: Path | None = None, wait: float = 60.0
) -> JoinAnswer:
    """Be one element of a raid whose time manager is elsewhere.

    Parameters
    ----------
    setup : RaidSetup
        The same as the manager's.
    element : str
    address : str
        ``tcp://HOST:PORT``.
    key_file : Path, optional
        The element's key; what the environment holds when left out.
    wait : float
        For the manager's first answer [s].

    Raises
    ------
    HoplonError
        If there is no such element, the key is another's, or the manager is not there or does not let it in.
    """
    number, key = number_of(setup, element), key_of(key_file)
    if key.element != number:
        owner = setup.names[key.element] if key.element < len(setup.names) - 2 else "another raid"
        raise InputError(f"this is the key of {owner}, not of {element}")
    return JoinAnswer(element, *join(setup.model, key, address, wait))


def notes_of(
    setup: RaidSetup, remote: Sequence[str], keys: Path | None, pace: float | None, note: Callable[[str], None]
) -> Callable[[Manager, int], None]:
    """Return what says where the time manager is, for those that join it, and which process is which element."""

    def watch(manager: Manager, window: int) -> None:
        if window == -1 and remote and keys is not None:
            files = ", ".join(str(key_path(keys, name)) for name in remote)
            note(f"time manager at {manager.address}; waits for {', '.join(remote)}; their keys, for this run: {files}")
        if window == 0 and pace is not None:
            note(f"time manager at {manager.address}")
            for element, process in sorted(manager.processes.items()):
                note(f"process {process}: {setup.names[element]}")

    return watch


def number_of(setup: RaidSetup, name: str) -> int:
    """Return the number of an element, a missile included, by its name.

    Raises
    ------
    UnknownNameError
    """
    names = setup.names[:-2]  # the last two are the raid's own clock
    return names.index(known_name(f"element of {setup.architecture}", name, dict.fromkeys(names)))


def _digest(log: NDArray[np.int64]) -> str:
    return hashlib.blake2b(np.ascontiguousarray(log, dtype="<i8").tobytes(), digest_size=16).hexdigest()
