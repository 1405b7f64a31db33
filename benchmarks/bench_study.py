"""Time and greatest memory of `hoplon study nato-europe`, Numba's cache warm, nothing else kept."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOPLON = str(Path(sys.executable).parent / "hoplon")


def run(scenario: str) -> tuple[float, float, float]:
    """Run a study into a temporary folder; return wall time [s], CPU time [s], greatest resident memory [MB]."""
    with tempfile.TemporaryDirectory(prefix="hoplon-study-") as folder:
        start = time.perf_counter()
        process = subprocess.Popen(
            [HOPLON, "study", scenario, "-o", str(Path(folder) / "study")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        elapsed = time.perf_counter() - start
    if process.returncode != 0:
        raise SystemExit(f"hoplon study {scenario} ended with {process.returncode}")
    return elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024.0


def measure(*, once: bool) -> None:
    """Print what the study takes; the first run warms the cache and is not counted."""
    scenario = "toy" if once else "nato-europe"
    if not once:
        run(scenario)
    elapsed, cpu, memory = run(scenario)
    print(
        f"hoplon study {scenario}: {elapsed:.1f} s on {os.cpu_count()} cores ({cpu:.1f} s CPU), at most {memory:.0f} MB"
    )
