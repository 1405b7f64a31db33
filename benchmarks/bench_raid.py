"""Replications of a raid per CPU second: command and control in both forms of looking, and the kill chain against C.

The raid: 20 missiles, 6 radars, 5 batteries, a hub with a hot alternate, shoot-look-shoot, every delay and error on.
The two forms of looking share every draw, so that their leakers must be equal, replication by replication.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.raid import twenty_missiles
from hoplon.backbone.draws import threshold_of
from hoplon.backbone.killchain import RaidKillChain, run_chain
from hoplon.backbone.measures import EVENTS, LEAKERS
from hoplon.backbone.replications import many_rows


def kill_chain_in_c() -> Path | None:
    """Compile the kernel in C; None without a compiler."""
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    program = Path(tempfile.mkdtemp(prefix="hoplon-raid-")) / "kill_chain"
    source = Path(__file__).parent / "raid" / "kill_chain.c"
    subprocess.run([compiler, "-O3", "-march=native", "-o", str(program), str(source)], check=True)
    return program


def measure(*, once: bool) -> None:
    """Print replications per CPU second, the equality of both forms, and the ratio to C."""
    rows = {}
    for form, count in (("next look", 200 if once else 6000), ("every look", 20 if once else 600)):
        model = twenty_missiles(every_look=form == "every look")
        many_rows(model, 1, 0, 2)
        start = time.process_time()
        rows[form] = many_rows(model, 1, 0, count)
        spent = time.process_time() - start
        events = rows[form][:, EVENTS].sum()
        print(
            f"{form:10} {count / spent:8,.0f} replications per CPU second, {events / count:7,.0f} events each, "
            f"{events / spent / 1e6:.2f} M events per CPU second, leakage {rows[form][:, LEAKERS].mean() / 20:.4f}"
        )
    shared = min(len(found) for found in rows.values())
    same = np.array_equal(rows["next look"][:shared, LEAKERS], rows["every look"][:shared, LEAKERS])
    print(f"leakers of the first {shared} replications equal in both forms: {same}")
    _kill_chain(20_000 if once else 2_000_000)


def _kill_chain(replications: int) -> None:
    chain = RaidKillChain(threats=20, kill=0.7, shots_per_look=1, looks=3, magazine=40)
    run_chain(chain, 10, 1)
    program = kill_chain_in_c()
    best, best_c, found = np.inf, np.inf, {}
    for _ in range(3):
        start = time.process_time()
        totals = run_chain(chain, replications, 1)
        best = min(best, time.process_time() - start)
        if program is not None:
            numbers = (1, replications, 20, threshold_of(0.7), 1, 3, 40)
            run = subprocess.run([program, *map(str, numbers)], capture_output=True, text=True, check=True)
            found = json.loads(run.stdout)
            best_c = min(best_c, found["cpu_s"])
    print(
        f"kill chain {replications / best:12,.0f} replications per CPU second of 20 threats, 3 looks, 40 interceptors"
    )
    if program is None:
        print("no ratio: no C compiler (cc, gcc or $CC)")
        return
    same = (found["leakers"], found["shots"]) == (totals.leakers, totals.shots)
    print(f"in C       {replications / best_c:12,.0f}: {best / best_c:.2f} x its CPU time; the same sums: {same}")
