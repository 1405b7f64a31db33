"""Campaigns: the digest on every executor, and two workers against one.

The rate counts from the first chunk that is done, so that beginning a worker (imports, loading kernels) is left out.
On a machine that others use the wall time says little: the CPU time of the driver beside that of the workers bounds
what more workers can bring.
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

from hoplon.campaign.driver import State
from hoplon.campaign.plan import Plan
from hoplon.scenario.load import load_scenario
from hoplon.study.campaign import ChunkTask, begin, campaign, executor_named


def _cpu() -> list[float]:
    """Return the CPU time of this process and of its children that have ended [s]."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return [used.ru_utime + used.ru_stime for used in both]


def measure(*, once: bool) -> None:
    """Print digest, time and rate of each executor, and the ratio of two processes to one."""
    scenario = load_scenario("nato-europe")
    plan = Plan(("phase-3",), ("bundled",), replications=2_000 if once else 40_000, chunk=250 if once else 1_000)
    rates = {}
    for name, workers in (("serial", 1), ("process", 1), ("process", 2), ("dask", 2)):
        seen: list[tuple[float, int]] = []

        def watch(state: State, seen: list[tuple[float, int]] = seen) -> None:
            seen.append((time.perf_counter(), state.done))

        with tempfile.TemporaryDirectory() as folder:
            task = begin(ChunkTask.of(scenario, plan, Path(folder)))
            start, used = time.perf_counter(), _cpu()
            answer = campaign(task, executor_named(name, workers), watch=watch)
            spent, used = time.perf_counter() - start, [now - then for now, then in zip(_cpu(), used, strict=True)]
        (first, done), (last, all_done) = seen[workers], seen[-1]
        rates[name, workers] = (all_done - done) * plan.chunk / (last - first)
        print(
            f"{name:8} {workers}  digest {answer.digest}  {spent:6.2f} s  "
            f"{rates[name, workers]:8,.0f} replications/s once begun; "
            f"CPU {used[0]:.1f} s in the driver, {used[1]:.1f} s in the workers"
        )
    print(f"two processes against one: {rates['process', 2] / rates['process', 1]:.2f} x")
