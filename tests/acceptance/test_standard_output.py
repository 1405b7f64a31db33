"""Standard output holds the answer alone, whoever else writes to it from whatever code."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

BANNER = "Running a solver: its own words"
LOUD = f"""
import os, sys, subprocess
import highspy
class Loud(highspy.Highs):  # as highspy 1.16, which prints from C++ as a solver is made
    def __init__(self):
        os.write(1, b"{BANNER}\\n")
        subprocess.run([sys.executable, "-c", "print('from a process')"], check=True)
        super().__init__()
highspy.Highs = Loud
from hoplon.cli import main
sys.exit(main(sys.argv[1:]))
"""
RAID = ("raid", "toy", "--architecture", "fast", "--raid", "four", "--replications", "2", "--json")


def loud(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LOUD, *arguments], capture_output=True, text=True, check=False, timeout=300
    )


def test_a_solver_that_prints_leaves_one_json_object_on_standard_output() -> None:
    done = loud(*RAID)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["version"]
    assert BANNER in done.stderr
    assert "from a process" in done.stderr


@pytest.mark.parametrize(("reader", "code"), [("head -c 5", 141), ("cat >/dev/null", 0)])
def test_the_reader_may_leave(reader: str, code: int) -> None:
    command = f'"$1" -m hoplon schema | {reader}; exit "${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", command, "bash", sys.executable], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (code, "")


def test_a_full_disk_and_a_closed_output_are_told() -> None:
    for place, code in (("/dev/full", 1), ("&-", 0)):
        done = subprocess.run(
            ["bash", "-c", f'"$1" -m hoplon list toy >{place}', "bash", sys.executable],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == code
        assert ("free disk space" in done.stderr) == (code == 1)
