"""A plan run on a scenario: what is left of the campaign is done by an executor, and added up when nothing is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hoplon.campaigns.executors import executor_asked
from hoplon.processes import without_collections
from hoplon.progress import Progress, silent

if TYPE_CHECKING:
    from hoplon.analysis.raid.campaign import CampaignAnswer
    from hoplon.campaigns.driver import State
    from hoplon.campaigns.executors import Executor
    from hoplon.scenario.model import Scenario


def run_plan(
    scenario: Scenario,
    plan: str | Path,
    folder: Path,
    *,
    executor: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    shard: str | None = None,
    agreed: bool = False,
    progress: Progress = silent,
    note: Callable[[str], None] = lambda text: None,
    watch: Callable[[State], None] = lambda state: None,
) -> CampaignAnswer:
    """Run a plan on a scenario; the parameters are those of :func:`hoplon.api.campaign`."""
    chosen, many = executor_asked(executor, workers, scheduler)
    begun = (folder / "campaign.json").exists()
    with contextlib.closing(chosen):
        if not begun:
            chosen.begin()  # while this process imports what it needs, and lays the first cell out
        return _run(scenario, plan, folder, begun, chosen, many, shard, agreed, progress, note, watch)


def _run(
    scenario: Scenario,
    path: str | Path,
    folder: Path,
    begun: bool,
    executor: Executor,
    workers: int,
    shard: str | None,
    agreed: bool,
    progress: Progress,
    note: Callable[[str], None],
    watch: Callable[[State], None],
) -> CampaignAnswer:
    with without_collections():
        from hoplon.analysis.raid import campaign as raids
        from hoplon.campaigns.driver import Shard, State

    part = None if shard is None else Shard.parse(shard)
    plan = raids.plan_for(scenario, path)
    watch(State(plan.chunks))
    unbegun = raids.ChunkTask.of(scenario, plan, folder)
    cost = None if begun else raids.refuse_costly(unbegun, workers, agreed)
    if cost is not None:
        note(str(cost))
    return raids.campaign(raids.begin(unbegun), executor, shard=part, progress=progress, watch=watch)
