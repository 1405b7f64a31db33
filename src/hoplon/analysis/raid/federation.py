"""A raid with every element its own process, and what one process makes of the same raid."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.raid.setup import RaidSetup
from hoplon.analysis.records import Answer, Row
from hoplon.backbone.federation.joining import SHORTEST_TOKEN, join
from hoplon.backbone.federation.manager import LOOPBACK, Manager, Outcome
from hoplon.backbone.messages import IMPACT, KIND, LAUNCH, LAUNCHED, LEAKED, NEVER, OUTCOME, SECOND_US
from hoplon.backbone.replications import log_of
from hoplon.errors import InputError, OutputError
from hoplon.scenario.given.file import content_of
from hoplon.scenario.model import known_name

_LONGEST_TOKEN: Final = 4096


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
    token: bytes = b"",
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
    token : bytes
        Who holds it may join.
    patience_to_join : float
        How long they are waited for [s].

    Raises
    ------
    UnknownNameError
        If there is no such element.
    InputError
        If no missile of the raid flies, or a number is out of its range.
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
        token=token,
        patience_to_join=patience_to_join,
    )
    outcome = manager.run()
    return FederationAnswer(setup, outcome, _digest(outcome.log), _digest(log_of(outcome.model, seed, replication)))


def join_federation(setup: RaidSetup, element: str, address: str, token: bytes, wait: float = 60.0) -> tuple[int, int]:
    """Be one element of a raid whose time manager is elsewhere; return events handled and messages dropped.

    Parameters
    ----------
    setup : RaidSetup
        The same as the manager's.
    element : str
    address : str
        ``tcp://HOST:PORT``.
    token : bytes
    wait : float
        For the manager's first answer [s].

    Raises
    ------
    HoplonError
        If there is no such element, or the manager is not there or does not let it in.
    """
    return join(setup.model, number_of(setup, element), address, token, wait)


def notes_of(
    setup: RaidSetup, remote: Sequence[str], pace: float | None, note: Callable[[str], None]
) -> Callable[[Manager, int], None]:
    """Return what says where the time manager is, for those that join it, and which process is which element."""

    def watch(manager: Manager, window: int) -> None:
        if window == -1 and remote:
            note(f"time manager at {manager.address}; waits for {', '.join(remote)}")
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


def token_of(path: Path, *, made: bool = False) -> bytes:
    """Return the token that a file holds.

    Parameters
    ----------
    path : Path
    made : bool
        Write a new one, which nobody but its owner can read, if there is no such file.

    Raises
    ------
    InputError
        If it cannot be read, or is too short.
    OutputError
        If it cannot be written.
    """
    if made and not path.exists():
        token = secrets.token_hex(32)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as stream:
                stream.write(token + "\n")
        except OSError as error:
            raise OutputError(f"{path}: {error.strerror or error}") from None
        return token.encode()
    try:
        content = content_of(path, _LONGEST_TOKEN).strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: {reason}; a file with the run's token was expected") from None
    if len(content) < SHORTEST_TOKEN:
        raise InputError(f"{path}: a token of {SHORTEST_TOKEN} characters or more was expected, got {len(content)}")
    return content


def _digest(log: NDArray[np.int64]) -> str:
    return hashlib.blake2b(np.ascontiguousarray(log, dtype="<i8").tobytes(), digest_size=16).hexdigest()
