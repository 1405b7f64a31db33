"""Time of `hoplon --help`, `list` and `check nato-europe` against `python -c "import numpy"`, in turn, medians."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

HOPLON = str(Path(sys.executable).parent / "hoplon")
REFERENCE = (sys.executable, "-c", "import numpy")
COMMANDS = {"--help": ("--help",), "list": ("list",), "check nato-europe": ("check", "nato-europe")}


def seconds(command: tuple[str, ...]) -> float:
    """Return the wall time of a command [s]."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def measure(*, once: bool) -> None:
    """Print the medians and their ratios to the reference."""
    commands = {"import numpy": REFERENCE} | {name: (HOPLON, *rest) for name, rest in COMMANDS.items()}
    for command in commands.values():
        seconds(command)  # files into the page cache, modules compiled
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(1 if once else 21):
        for name, command in commands.items():
            times[name].append(seconds(command))
    reference = statistics.median(times["import numpy"])
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"{name:18} {1e3 * median:6.0f} ms, {median / reference:5.2f} x import numpy")
