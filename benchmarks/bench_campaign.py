"""Campaigns: the digest on every executor, and two workers against one, from command to prompt and once begun.

The whole command runs in processes of its own, one worker and two in turn, and its wall time is what a user waits. The
rate once begun counts from the first chunk of every worker, so that beginning (imports, loading kernels) is left out.
What two workers can bring is what the machine gives two processes at once: a control, the digest of the same bytes over
and over, runs alone and side by side before and after. On a machine that others use all of it says little.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hoplon.campaign.driver import State
from hoplon.campaign.executors import executor_named
from hoplon.campaign.plan import Plan
from hoplon.scenario.load import load_scenario
from hoplon.study.campaign import ChunkTask, begin, campaign

_PLAN = "hoplon_campaign: 1\narchitectures: [phase-3]\nraids: [bundled]\nreplications: {}\nchunk: {}\n"
_CONTROL = "import hashlib\nblock = bytes(65536)\nfor _ in range({}): hashlib.blake2b(block).digest()\n"


def _cpu() -> list[float]:
    """Return the CPU time of this process and of its children that have ended [s]."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return [used.ru_utime + used.ru_stime for used in both]


def control(rounds: int) -> float:
    """Return how much more two processes that share nothing do than one, in the same time."""
    command, waited = [sys.executable, "-c", _CONTROL.format(rounds)], []
    for together in (1, 2):
        start = time.perf_counter()
        for process in [subprocess.Popen(command) for _ in range(together)]:
            process.wait()
        waited.append(time.perf_counter() - start)
    return 2.0 * waited[0] / waited[1]


def from_command_to_prompt(plan: Path, workers: int) -> float:
    """Run the command in a new folder; print and return its wall time [s]."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hoplon.cli", "campaign", "nato-europe", "--plan", str(plan), "-o", folder]
        start, used = time.perf_counter(), _cpu()[1]
        ended = subprocess.run(
            [*command, "--executor", "process", "--workers", str(workers), "--json"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=True,
            capture_output=True,
        )
        waited, used = time.perf_counter() - start, _cpu()[1] - used
    print(
        f"command, {workers} worker(s): {waited:6.2f} s, CPU {used:6.2f} s, digest {json.loads(ended.stdout)['digest']}"
    )
    return waited


def two_against_one(*, once: bool) -> None:
    """Print the wall time of the whole command with one worker and with two, in turn, and the ratio."""
    waited: dict[int, list[float]] = {1: [], 2: []}
    print(f"control, two processes against one: {control(2_000 if once else 40_000):.2f} x")
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as plan:
        plan.write(_PLAN.format(*((4_000, 500) if once else (480_000, 10_000))))
        plan.flush()
        for _ in range(1 if once else 3):
            for workers, seen in waited.items():
                seen.append(from_command_to_prompt(Path(plan.name), workers))
    print(f"control, two processes against one: {control(2_000 if once else 40_000):.2f} x")
    for name, pick in (("shortest", min), ("median", statistics.median)):
        one, two = pick(waited[1]), pick(waited[2])
        print(f"from command to prompt, {name}: {one:.2f} s, {two:.2f} s: {one / two:.2f} x")


def once_begun(*, once: bool) -> None:
    """Print digest, time and rate of each executor, and the ratio of two processes to one."""
    scenario = load_scenario("nato-europe")
    plan = Plan(("phase-3",), ("bundled",), replications=2_000 if once else 60_000, chunk=250 if once else 1_000)
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
    print(f"two processes against one, once begun: {rates['process', 2] / rates['process', 1]:.2f} x")


def measure(*, once: bool) -> None:
    """Print both."""
    two_against_one(once=once)
    once_begun(once=once)
