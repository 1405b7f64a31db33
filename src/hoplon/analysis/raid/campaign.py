"""Campaigns of raids: a plan run on a scenario, cut in chunks, done by whoever is there, added up in order."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.raid.inputs import missiles_of, raid_flights
from hoplon.analysis.raid.setup import RaidSetup, set_up
from hoplon.analysis.records import Answer, Row
from hoplon.backbone.losses import loss_of
from hoplon.backbone.replications import rows_of
from hoplon.campaigns.driver import Aggregate, Campaign, Running, Shard, State, duration
from hoplon.campaigns.executors import Executor, Order
from hoplon.campaigns.plan import Plan, PlanCell, read_plan
from hoplon.campaigns.provenance import claim, identity_of, name_of, sources_digest
from hoplon.campaigns.results import RaidFlown, estimates_of, row_of, write_results
from hoplon.campaigns.store import sweep
from hoplon.campaigns.work import LaidCell
from hoplon.errors import HoplonError, InputError
from hoplon.extras import require
from hoplon.progress import Progress, silent
from hoplon.scenario.conditions import ASSUMPTIONS, Conditions

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario

MOST_CELLS_LISTED: Final = 10_000
_FREE_CELLS: Final = 10_000
_FREE_HOURS: Final = 1.0
_SHORT_TRIAL: Final = 0.02  # [s]
_LONG_TRIAL: Final = 0.1  # [s]
_LIKELY_CHEAP: Final = 200_000  # replications; a plan of fewer, in few cells, is not timed beforehand


def plan_for(scenario: Scenario, path: str | Path) -> Plan:
    """Read a plan and check it against a scenario.

    Raises
    ------
    ScenarioError, InputError
        With every error found, and its place.
    """
    names = {"architectures": scenario.architectures, "raids": scenario.raids, "elements": scenario.elements}
    plan = read_plan(path, names)
    for architecture in plan.architectures:
        active = scenario.architecture(architecture).elements
        for loss in {loss for losses in plan.losses for loss in losses}:
            element = loss_of(loss).element
            if element in scenario.elements and element not in active:
                raise InputError(
                    f"{path}: losses: {element} is no element of {architecture}; a plan crosses every loss with every "
                    "architecture: make two plans"
                )
    return plan


def conditions_of(given: Mapping[str, float]) -> Conditions:
    """Return the conditions of a raid with the parameters that a plan gives; what it does not give stays."""
    found: dict[str, Any] = {
        name: given[assumption.parameter] for name, assumption in ASSUMPTIONS.items() if assumption.parameter in given
    }
    return Conditions(**found)


def set_up_cell(scenario: Scenario, cell: PlanCell, like: RaidSetup | None = None) -> RaidSetup:
    """Lay out the raid of a cell.

    Parameters
    ----------
    scenario : Scenario
    cell : PlanCell
    like : RaidSetup, optional
        The same raid against the same architecture: flights and sites are taken from it.

    Raises
    ------
    HoplonError
        If the raid cannot be laid out; the message names the cell.
    """
    try:
        return set_up(
            scenario,
            cell.architecture,
            cell.raid,
            losses=cell.losses,
            doctrine=cell.doctrine,
            c2=cell.c2,
            conditions=conditions_of(cell.parameters),
            decision_s=cell.parameters.get("decision_s"),
            level=cell.level,
            like=like,
        )
    except HoplonError as error:
        raise InputError(f"{cell}: {error}") from None


@dataclass
class _Laid:
    """What was laid out last: a cell, and the first one of its architecture and raid, whose layout the others share."""

    number: int = -1
    cell: LaidCell | None = None
    setup: RaidSetup | None = None
    family: tuple[str, str] | None = None
    first: RaidSetup | None = None


@dataclass(frozen=True)
class ChunkTask:
    """Gives the order of a chunk by its number: a pure function of scenario, plan and number.

    Attributes
    ----------
    scenario : Scenario
    campaign : Campaign
    """

    scenario: Scenario
    campaign: Campaign
    _laid: _Laid = field(default_factory=_Laid, repr=False, compare=False)
    _flown: dict[tuple[str, int | None], RaidFlown] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, scenario: Scenario, plan: Plan, folder: Path) -> ChunkTask:
        """Return the task of a plan run on a scenario, its chunks in a folder; nothing is written yet."""
        identity = identity_of(plan, scenario.name, scenario.sha256)
        return cls(scenario, Campaign(plan, folder.resolve(), name_of(identity)))

    def __call__(self, number: int) -> Order:
        """Return the order of a chunk; its cell is laid out, once for the chunks that follow."""
        cell, first, count = self.campaign.plan.part(number)
        self.setup(cell)
        assert self._laid.cell is not None
        return Order(self._laid.cell, number, first, count)

    def setup(self, cell: int) -> RaidSetup:
        """Return the raid of a cell, laid out once for the chunks that follow."""
        laid, campaign = self._laid, self.campaign
        if laid.setup is None or laid.number != cell:
            wanted = campaign.plan.cell(cell)
            family = (wanted.architecture, wanted.raid)
            setup = set_up_cell(self.scenario, wanted, laid.first if laid.family == family else None)
            if laid.family != family:
                laid.family, laid.first = family, setup
            laid.number, laid.setup = cell, setup
            threats, seed = len(setup.flights.missiles), campaign.plan.seed
            laid.cell = LaidCell(campaign.folder, campaign.name, sources_digest(), seed, setup.model, threats)
        return laid.setup

    def flown(self, architecture: str, raid: str) -> RaidFlown:
        """Return which missiles of a raid fly against an architecture, found once for each raid and year."""
        year = self.scenario.architecture(architecture).year
        if (raid, year) not in self._flown:
            asked = self.scenario.raids[raid]
            flights = raid_flights(self.scenario, asked, year)
            self._flown[raid, year] = RaidFlown(len(flights.missiles), missiles_of(asked.threats), flights.refused)
        return self._flown[raid, year]

    def raids_flown(self) -> list[dict[str, Any]]:
        """Return, for each architecture and raid of the plan, which missiles fly."""
        plan = self.campaign.plan
        return [
            {"architecture": architecture, "raid": raid, **self.flown(architecture, raid).as_json()}
            for architecture in plan.architectures
            for raid in plan.raids
        ]


@dataclass(frozen=True)
class Cost:
    """What a plan comes to: cells, replications in all, and hours on so many workers, from a short trial."""

    cells: int
    replications: int
    workers: int
    hours: float

    def __str__(self) -> str:
        """Return the cost in words."""
        return (
            f"{self.cells:,} cells, {self.replications:,} replications: about {duration(3600 * self.hours)} "
            f"on {self.workers} worker{'s' if self.workers > 1 else ''}"
        )


def cost_of(task: ChunkTask, workers: int) -> Cost:
    """Time the layout and some replications of the first cell, and say what the plan will cost.

    The trial is short, for others wait for it; a longer one follows only where the answer could be that it costs much.
    """
    plan, setup = task.campaign.plan, task.setup(0)
    rows_of(setup.model, plan.seed, 0, 1)  # compiled and read once
    layouts = 0.0
    if plan.cells > 1:
        begin = time.monotonic()
        set_up_cell(task.scenario, plan.cell(0))
        first, begin = time.monotonic() - begin, time.monotonic()
        set_up_cell(task.scenario, plan.cell(0), setup)
        layouts = plan.cells * (time.monotonic() - begin) + len(plan.architectures) * len(plan.raids) * first
    replications, count, spent, seconds = plan.cells * plan.replications, 16, 0.0, 0.0
    while spent < _SHORT_TRIAL or (spent < _LONG_TRIAL and seconds > 900.0 * _FREE_HOURS):
        if count >= 100_000:
            break
        count *= 2
        begin = time.monotonic()
        rows_of(setup.model, plan.seed, 0, count)
        spent = time.monotonic() - begin
        seconds = max(layouts, (layouts + replications * spent / count) / workers)  # one process lays all of them out
    return Cost(plan.cells, replications, workers, seconds / 3600)


@dataclass(frozen=True, repr=False)
class CampaignAnswer(Answer):
    """What a campaign came to.

    Attributes
    ----------
    plan : Plan
    state : State
    shard : Shard
    digest : str or None
        Of every number of the campaign; None for a shard alone.
    raids_flown : tuple of dict
        For each architecture and raid how many of its missiles fly, and which groups do not, with the reason.
    cells : tuple of dict
        The first MOST_CELLS_LISTED cells.
    files : tuple of str
    """

    plan: Plan
    state: State
    shard: Shard
    digest: str | None
    raids_flown: tuple[dict[str, Any], ...]
    cells: tuple[dict[str, Any], ...]
    files: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "plan_sha256": self.plan.sha256,
            "replications": self.plan.replications,
            "chunks": self.plan.chunks,
            "shard": f"{self.shard.number}/{self.shard.parts}",
            **{f"chunks_{key}": value for key, value in asdict(self.state).items() if key != "chunks"},
            "digest": self.digest,
            "raids_flown": list(self.raids_flown),
            "cells_in_all": self.plan.cells,
            "cells": list(self.cells),
            "files": list(self.files),
        }

    def line(self) -> str:
        """Return how much of the campaign is done, in one line."""
        done = f"{self.state.done} of {self.state.chunks} chunks done"
        part = (
            f"shard {self.shard.number}/{self.shard.parts}: " if self.digest is None else f"{self.plan.cells} cells, "
        )
        return f"{part}{done}"

    def rows(self) -> list[Row]:
        """Return a row for each cell: what is varied, and each measure with its interval."""
        rows: list[Row] = []
        for cell in self.cells:
            row: dict[str, Any] = {}
            for key, value in cell.items():
                row |= {f"{key}_{end}": value[end] for end in value} if isinstance(value, dict) else {key: value}
            rows.append(row)
        return rows


def begin(task: ChunkTask) -> ChunkTask:
    """Make the task's folder its campaign's, or resume the campaign it holds.

    Raises
    ------
    InputError
        If it holds another campaign.
    OutputError
        If it cannot be written, or pyarrow is not installed.
    """
    require("parquet", "a campaign")
    plan, folder = task.campaign.plan, task.campaign.folder
    identity = identity_of(plan, task.scenario.name, task.scenario.sha256)
    claim(folder, {**identity, "raids_flown": task.raids_flown()})
    return task


def refuse_costly(task: ChunkTask, workers: int, agreed: bool) -> Cost | None:
    """Return what a large plan will cost; refuse one that nobody agreed to.

    Raises
    ------
    InputError
        With the cost, unless ``agreed``.
    """
    plan = task.campaign.plan
    if plan.cells <= 1000 and plan.cells * plan.replications <= _LIKELY_CHEAP:
        return None
    cost = cost_of(task, workers)
    if not agreed and (plan.cells > _FREE_CELLS or cost.hours > _FREE_HOURS):
        raise InputError(f"{cost}. Nothing was begun: --yes runs it; fewer cells or replications make it smaller.")
    return cost


def campaign(
    task: ChunkTask,
    executor: Executor,
    *,
    shard: Shard | None = None,
    progress: Progress = silent,
    watch: Callable[[State], None] = lambda state: None,
) -> CampaignAnswer:
    """Run what is left of a campaign and add it up.

    Parameters
    ----------
    task : ChunkTask
        Of :func:`begin`.
    executor : Executor
    shard : Shard, optional
        Do only these chunks and add nothing up.
    progress : callable
    watch : callable, optional
        Told how far it is after each chunk.

    Raises
    ------
    HoplonError
        Whatever stopped it; what is done stays, and the same call resumes it.
    """
    part = shard or Shard()
    plan, folder = task.campaign.plan, task.campaign.folder
    sweep(folder)
    flown = tuple(task.raids_flown())
    running = Running(task.campaign, task, executor, part, progress, watch)
    with contextlib.closing(running):
        if shard is not None:
            running.finish()
            return CampaignAnswer(plan, running.state, part, None, flown, (), ())
        found = Aggregate(task.campaign, running.until)
        listed: list[dict[str, Any]] = []
        with contextlib.closing(_rows(task, found, listed)) as rows:
            files = write_results(folder, plan, rows)  # which takes the rows as the chunks come
        running.finish()
    named = tuple(str(file) for file in files)
    return CampaignAnswer(plan, running.state, part, found.digest, flown, tuple(listed), named)


def _rows(task: ChunkTask, found: Aggregate, listed: list[dict[str, Any]]) -> Generator[dict[str, Any], None, None]:
    """Return the table's rows, and list the first of them as the command's answer has them."""
    for result in found:
        row = {**row_of(result), **task.flown(result.cell.architecture, result.cell.raid).columns()}
        if len(listed) < MOST_CELLS_LISTED:
            measures = {name: estimate.as_json() for name, estimate in estimates_of(result).items()}
            known = {key: value for key, value in row.items() if not key.endswith(("_mean", "_low", "_high"))}
            listed.append({**known, **measures})
        yield row
