"""Campaigns of raids: a plan put to a scenario, cut in chunks, done by whoever is there, added up in order."""

from __future__ import annotations

import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.backbone.doctrine import Conditions
from hoplon.backbone.losses import loss_of
from hoplon.backbone.replications import rows_of
from hoplon.campaign.driver import Aggregate, Campaign, Shard, State, duration, run
from hoplon.campaign.executors import Dask, Executor, Processes, Serial
from hoplon.campaign.plan import Cell, Plan, read_plan
from hoplon.campaign.provenance import claim, identity_of, name_of, sources_digest
from hoplon.campaign.results import estimates_of, make_ready, row_of, write_results
from hoplon.campaign.store import Chunk, write_chunk
from hoplon.errors import HoplonError, InputError
from hoplon.scenario.load import load_scenario
from hoplon.study.progress import Progress, silent
from hoplon.study.raid import RaidSetup, set_up

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario

MOST_CELLS_LISTED: Final = 10_000
_FREE_CELLS: Final = 10_000
_FREE_HOURS: Final = 1.0
_LIKELY_CHEAP: Final = 200_000  # replications; a plan of fewer, in few cells, is not timed beforehand
_SETUPS_KEPT: Final = 8


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
    usual = Conditions()
    return replace(
        usual,
        hop_share=given.get("hop_share", usual.hop_share),
        link_availability=given.get("link_availability", usual.link_availability),
        reports_per_second=given.get("reports_per_second", usual.reports_per_second),
        hot_switch=given.get("hot_switch_s", usual.hot_switch),
        cold_switch=given.get("cold_switch_s", usual.cold_switch),
        fallback=given.get("fallback_s", usual.fallback),
        false_kill=given.get("false_kill", usual.false_kill),
        false_survival=given.get("false_survival", usual.false_survival),
        wrong_association=given.get("wrong_association", usual.wrong_association),
        common_threat=given.get("common_threat", usual.common_threat),
        common_raid=given.get("common_raid", usual.common_raid),
    )


def set_up_cell(scenario: Scenario, cell: Cell, like: RaidSetup | None = None) -> RaidSetup:
    """Lay out the raid of a cell.

    Parameters
    ----------
    scenario : Scenario
    cell : Cell
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
            like=like,
        )
    except HoplonError as error:
        raise InputError(f"{cell}: {error}") from None


@lru_cache(maxsize=2)
def _scenario(source: str, sha256: str) -> Scenario:
    """Load the scenario of a campaign, on whatever machine a worker runs."""
    scenario = load_scenario(source)
    if scenario.sha256 != sha256:
        raise InputError(f"{source}: has changed since the campaign was begun; put it back, or begin another folder")
    return scenario


_setups: OrderedDict[tuple[str, int], RaidSetup] = OrderedDict()
_first: dict[tuple[str, str, str], RaidSetup] = {}  # what the cells of one architecture and raid share


@dataclass(frozen=True)
class ChunkTask:
    """Does a chunk by its number: a pure function of scenario, plan and number, whoever calls it.

    Attributes
    ----------
    source : str
        File or bundled name of the scenario.
    scenario : str
    scenario_sha256, sources : str
        What the scenario and hoplon's sources must be.
    campaign : Campaign
    """

    source: str
    scenario: str
    scenario_sha256: str
    sources: str
    campaign: Campaign

    @classmethod
    def of(cls, scenario: Scenario, source: str, plan: Plan, folder: Path) -> ChunkTask:
        """Return the task of a plan put to a scenario, its chunks in a folder; nothing is written yet."""
        where = str(Path(source).resolve()) if Path(source).is_file() else source
        identity = identity_of(plan, scenario.name, scenario.sha256)
        campaign = Campaign(plan, folder.resolve(), name_of(identity))
        return cls(where, scenario.name, scenario.sha256, sources_digest(), campaign)

    def __call__(self, number: int) -> None:
        """Run the chunk's replications and write its file."""
        if sources_digest() != self.sources:
            raise InputError("a worker has other sources of hoplon than the driver: install the same version on both")
        cell, first, count = self.campaign.plan.part(number)
        setup = self.setup(cell)
        rows = rows_of(setup.arena, self.campaign.plan.seed, first, count)
        chunk = Chunk(number, first, len(setup.flights.missiles), setup.arena.magazine, rows)
        write_chunk(self.campaign.folder, self.campaign.name, chunk)

    def setup(self, cell: int) -> RaidSetup:
        """Return the raid of a cell, laid out once for the chunks that follow."""
        key = (self.campaign.name, cell)
        if key not in _setups:
            scenario, wanted = _scenario(self.source, self.scenario_sha256), self.campaign.plan.cell(cell)
            family = (self.campaign.name, wanted.architecture, wanted.raid)
            setup = set_up_cell(scenario, wanted, _first.get(family))
            if family not in _first:
                _first.clear()
                _first[family] = setup
            _setups[key] = setup
            while len(_setups) > _SETUPS_KEPT:
                _setups.popitem(last=False)
        return _setups[key]


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
    """Time the layout and some replications of the first cell, and say what the plan will cost."""
    plan, scenario = task.campaign.plan, _scenario(task.source, task.scenario_sha256)
    task.setup(0)  # compiled and read once
    begin = time.monotonic()
    setup = set_up_cell(scenario, plan.cell(0))
    first, begin = time.monotonic() - begin, time.monotonic()
    set_up_cell(scenario, plan.cell(0), setup)
    layout, count, spent = time.monotonic() - begin, 16, 0.0
    rows_of(setup.arena, plan.seed, 0, 1)
    while spent < 0.1 and count < 100_000:
        count *= 2
        begin = time.monotonic()
        rows_of(setup.arena, plan.seed, 0, count)
        spent = time.monotonic() - begin
    layouts = (plan.cells * layout + len(plan.architectures) * len(plan.raids) * first) * min(
        plan.chunks_of_cell, workers
    )
    seconds = (layouts + plan.cells * plan.replications * spent / count) / workers
    return Cost(plan.cells, plan.cells * plan.replications, workers, seconds / 3600)


def executor_named(name: str, workers: int, scheduler: str | None = None) -> Executor:
    """Return an executor by name: serial, process or dask."""
    if name == "dask":
        return Dask(workers, scheduler)
    return Serial() if name == "serial" else Processes(workers)


@dataclass(frozen=True)
class CampaignAnswer:
    """What a campaign came to.

    Attributes
    ----------
    plan : Plan
    state : State
    shard : Shard
    digest : str or None
        Of every number of the campaign; None for a shard alone.
    cells : tuple of dict
        The first MOST_CELLS_LISTED cells.
    files : tuple of str
    """

    plan: Plan
    state: State
    shard: Shard
    digest: str | None
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
            "cells_in_all": self.plan.cells,
            "cells": list(self.cells),
            "files": list(self.files),
        }


def begin(task: ChunkTask) -> ChunkTask:
    """Make the task's folder its campaign's, or go on with the one it holds.

    Raises
    ------
    InputError
        If it holds another campaign.
    OutputError
        If it cannot be written.
    """
    plan, folder = task.campaign.plan, task.campaign.folder
    claim(folder, identity_of(plan, task.scenario, task.scenario_sha256))
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
    watch: Callable[[State], None] | None = None,
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
        Whatever stopped it; what is done stays, and the same call goes on.
    """
    part = shard or Shard()
    plan, folder = task.campaign.plan, task.campaign.folder
    state = State(0)
    with contextlib.closing(run(task.campaign, task, executor, part, progress)) as states:
        for state in states:
            if watch is not None:
                watch(state)
            if state.done > state.kept:
                make_ready()  # while others work
    if shard is not None:
        return CampaignAnswer(plan, state, part, None, (), ())
    found = Aggregate(task.campaign)
    listed: list[dict[str, Any]] = []

    def rows() -> Any:
        for result in found:
            row = row_of(result)
            if len(listed) < MOST_CELLS_LISTED:
                measures = {name: estimate.as_json() for name, estimate in estimates_of(result).items()}
                known = {key: value for key, value in row.items() if not key.endswith(("_mean", "_low", "_high"))}
                listed.append({**known, **measures})
            yield row

    files = write_results(folder, plan, rows())
    return CampaignAnswer(plan, state, part, found.digest, tuple(listed), tuple(str(file) for file in files))
