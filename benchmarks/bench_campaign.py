"""Campaigns: the digest on every executor, and two workers against one, from command to prompt and once begun.

The whole command runs in processes of its own, with one worker, with two, and twice side by side with one worker each,
in turn; its wall time is what a user waits. What the last form does more than the first is what the machine gives two
campaigns that share nothing: on a machine that others use, not twice as much. Two workers are held against both. The
rate once begun counts from the first chunk of every worker, so that beginning (imports, loading kernels) is left out.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hoplon.analysis.raid.campaign import ChunkTask, begin, campaign
from hoplon.campaigns.driver import State
from hoplon.campaigns.executors import executor_asked
from hoplon.campaigns.plan import Plan
from hoplon.scenario.load import load_scenario

_PLAN = "hoplon_campaign: 1\narchitectures: [phase-3]\nraids: [bundled]\nreplications: {}\nchunk: {}\n"


def from_command_to_prompt(plan: Path, workers: int, commands: int = 1) -> float:
    """Run the command in a new folder, or several at once; print and return the wall time until all are done [s]."""
    with tempfile.TemporaryDirectory() as folder:
        base = [sys.executable, "-m", "hoplon.cli", "campaign", "nato-europe", "--plan", str(plan), "--json"]
        options = ["--executor", "process", "--workers", str(workers)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        start = time.perf_counter()
        running = [
            subprocess.Popen(
                [*base, *options, "-o", f"{folder}/{number}"],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            for number in range(commands)
        ]
        digests = {json.loads(command.communicate()[0])["digest"] for command in running}
        waited = time.perf_counter() - start
    print(f"{commands} command(s), {workers} worker(s) each: {waited:6.2f} s, digest {', '.join(sorted(digests))}")
    return waited


def two_against_one(*, once: bool) -> None:
    """Print the wall time of the whole command with one worker, with two, and twice side by side; and the ratios."""
    forms = {"one": (1, 1), "two": (2, 1), "side by side": (1, 2)}
    waited: dict[str, list[float]] = {name: [] for name in forms}
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as plan:
        plan.write(_PLAN.format(*((4_000, 500) if once else (480_000, 10_000))))
        plan.flush()
        for _ in range(1 if once else 3):
            for name, (workers, commands) in forms.items():
                waited[name].append(from_command_to_prompt(Path(plan.name), workers, commands))
    for which, pick in (("shortest", min), ("median", statistics.median)):
        one, two, side = (pick(seen) for seen in waited.values())
        print(
            f"from command to prompt, {which}: {one:.2f} s, {two:.2f} s: {one / two:.2f} x; "
            f"two campaigns that share nothing: {2.0 * one / side:.2f} x; of that {side / (2.0 * two):.0%}"
        )


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
            start = time.perf_counter()
            answer = campaign(task, executor_asked(name, workers, None)[0], watch=watch)
            spent = time.perf_counter() - start
        (first, done), (last, all_done) = seen[workers], seen[-1]
        rates[name, workers] = (all_done - done) * plan.chunk / (last - first)
        print(
            f"{name:8} {workers}  digest {answer.digest}  {spent:6.2f} s  "
            f"{rates[name, workers]:8,.0f} replications/s once begun"
        )
    print(f"two processes against one, once begun: {rates['process', 2] / rates['process', 1]:.2f} x")


def measure(*, once: bool) -> None:
    """Print both."""
    two_against_one(once=once)
    once_begun(once=once)
