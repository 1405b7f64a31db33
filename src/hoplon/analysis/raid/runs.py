"""Settings of raids that are compared: run once each, with common random numbers, and put in rows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from hoplon.analysis.raid.levels import KillBounds, KillTables, bounds_of
from hoplon.backbone.replications import many_rows
from hoplon.backbone.statistics import Estimate, PairedTally, ReplicationTally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hoplon.analysis.raid.setup import RaidSetup
    from hoplon.backbone.raid_model import RaidModel

_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Row:
    """One setting of a comparison.

    Attributes
    ----------
    group, label : str
        What is compared (an architecture, a form), and the setting.
    value : float or None
        Of the setting, where it is a number.
    threats, threats_of_raid : int
        Missiles that fly, and missiles of the raid.
    groups_left_out : tuple of str
        Groups of the raid that do not fly, with the reason.
    magazine, replications : int
    estimates : mapping of str to Estimate
    difference : mapping of str to Estimate or None
        From the first setting of the group, replication by replication with common random numbers; None for that
        setting.
    bounds : mapping of str to KillBounds or None
        Of each measure over the bounds of kill probability; None where it has none.
    """

    group: str
    label: str
    value: float | None
    threats: int
    threats_of_raid: int
    groups_left_out: tuple[str, ...]
    magazine: int
    replications: int
    estimates: Mapping[str, Estimate]
    difference: Mapping[str, Estimate] | None = None
    bounds: Mapping[str, KillBounds] | None = None


def of_group(rows: Sequence[Row], group: str) -> list[Row]:
    """Return the rows of a group in order."""
    return [row for row in rows if row.group == group]


@dataclass(frozen=True)
class Setting:
    """Group, label, value and what is run: raids with weights, between which the replications are divided."""

    group: str
    label: str
    value: float | None
    parts: tuple[tuple[RaidSetup, int], ...]

    @classmethod
    def of(cls, group: str, label: str, value: float | None, setup: RaidSetup) -> Setting:
        """Return the setting of one raid."""
        return cls(group, label, value, ((setup, 1),))

    @property
    def setup(self) -> RaidSetup:
        """Return the first of its raids."""
        return self.parts[0][0]


class Runs:
    """Rows of measures of setups, each run once, so that settings are compared with common random numbers.

    They run on every core while further settings are laid out.
    """

    def __init__(self, replications: int, seed: int) -> None:
        self.replications, self.seed = replications, seed
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1)
        self._begun: dict[tuple[Any, ...], tuple[RaidModel, Future[NDArray[np.int64]]]] = {}
        self._kills = KillTables()

    def __enter__(self) -> Runs:
        """Return itself; nothing runs yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the threads; what is not begun is not run."""
        self._pool.shutdown(cancel_futures=True)

    def begin(
        self, setup: RaidSetup, first: int = 0, count: int | None = None, model: RaidModel | None = None
    ) -> Future[NDArray[np.int64]]:
        """Begin to run a setup, or another model of it; one with the same model as another is that one's run."""
        run, many = model or setup.model, self.replications if count is None else count
        digest = hashlib.blake2b(digest_size=32)
        for part in (run.fixed, run.schedule, run.failures, run.state):
            digest.update(part.tobytes())
        key = (id(run.looks), id(run.launches), first, many, digest.digest())
        if key not in self._begun:  # the model is kept, so that no other array gets its place in memory
            self._begun[key] = run, self._pool.submit(many_rows, run, self.seed, first, many)
        return self._begun[key][1]

    def submit(self, work: Callable[..., _Found], *arguments: Any) -> Future[_Found]:
        """Begin other work beside the runs."""
        return self._pool.submit(work, *arguments)

    def begin_all(self, settings: Iterable[Setting]) -> list[Setting]:
        """Begin to run settings as they are laid out; those that no missile reaches are left out."""
        begun = []
        for setting in settings:
            if setting.setup.flights.missiles:
                for level in self._levels(setting):
                    self._futures(level)
                begun.append(setting)
        return begun

    def _levels(self, setting: Setting) -> list[Setting]:
        """Return a setting at base and, where kill probability has bounds, at both of them."""
        tables = [self._kills.at_bounds(setup) for setup, _ in setting.parts]
        return [
            setting,
            *(
                Setting(
                    setting.group,
                    setting.label,
                    setting.value,
                    tuple((table[level], weight) for table, (_, weight) in zip(tables, setting.parts, strict=True)),
                )
                for level in tables[0]
            ),
        ]

    def _futures(self, setting: Setting) -> list[Future[NDArray[np.int64]]]:
        whole, done, found = sum(weight for _, weight in setting.parts), 0, []
        for setup, weight in setting.parts:
            first, last = (round(part * self.replications / whole) for part in (done, done + weight))
            if last > first:
                found.append(self.begin(setup, first, last - first))
            done += weight
        return found

    def counted(self, setting: Setting) -> NDArray[np.int64]:
        """Return the measures of every replication of a setting."""
        return np.concatenate([future.result() for future in self._futures(setting)])

    def _estimates(self, setting: Setting) -> tuple[NDArray[np.int64], dict[str, Estimate]]:
        counted = self.counted(setting)
        tally = ReplicationTally(len(setting.setup.flights.missiles))
        tally.add(counted)
        return counted, tally.estimates(setting.setup.model.magazine)

    def rows(self, settings: Iterable[Setting]) -> tuple[Row, ...]:
        """Return the rows of settings."""
        first: dict[str, tuple[int, NDArray[np.int64]]] = {}
        found = []
        for setting in self.begin_all(settings):
            setup, group = setting.setup, setting.group
            threats = len(setup.flights.missiles)
            base, *others = self._levels(setting)
            counted, estimates = self._estimates(base)
            difference: Mapping[str, Estimate] | None = None
            if group in first and first[group][0] == threats:
                paired = PairedTally(threats)
                paired.add(counted, first[group][1])
                difference = paired.estimates()
            first.setdefault(group, (threats, counted))
            bounds = bounds_of(estimates, [self._estimates(other)[1] for other in others]) if others else None
            flown = (threats, setup.threats_of_raid, setup.flights.refused)
            found.append(
                Row(
                    group, setting.label, setting.value, *flown, setup.model.magazine, self.replications, estimates,
                    difference, bounds,
                )
            )  # fmt: skip
        return tuple(found)
