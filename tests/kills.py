"""Long work killed at random moments, resumed, and held byte for byte against work that nobody disturbed.

``python -m tests.kills --times 50`` kills each of study, campaign and robust so often; the checks kill each of them a
few times.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

SOURCES: Final = Path(__file__).parents[1] / "src"
_PLAN: Final = """
hoplon_campaign: 1
architectures: [fast]
raids: [four]
doctrines: [scenario, salvo-2]
parameters: {decision_s: [0, 240]}
replications: 2000
chunk: 250
seed: 5
"""
_POINTS: Final = "lat,lon,population\n" + "".join(f"{36 + n},{20 + n * 5 % 11},{1000 + n}\n" for n in range(12))
_BOUNDED: Final = """
hoplon: 1
name: bounded
extends: toy
interceptors:
  exo-3: {burnout_speed_km_s: {value: 3.0, low: 2.7, high: 3.5}}
  exo-45: {burnout_speed_km_s: {value: 4.5, low: 4.0, high: 5.0}}
doctrine: {decision_s: {value: 30, low: 10, high: 200}}
"""
EVERY_QUESTION: Final = Path(__file__).parent / "data" / "every-question.yaml"
_ENDED_WITHIN_S: Final = 20.0  # [s] of the clock, in which the workers of a killed driver are gone
_TAG: Final = "HOPLON_KILLED_RUN"


@dataclass(frozen=True)
class Work:
    """A command whose finished parts are kept in a folder."""

    name: str
    words: Callable[[Path, Path], list[str]]


def study_of(scenario: str | Path) -> Work:
    """Return the whole study of a scenario: a file, or a bundled one by name."""
    return Work("study", lambda inputs, folder: ["study", str(scenario), "-o", str(folder)])


WORKS: Final = {
    work.name: work
    for work in (
        study_of(EVERY_QUESTION),
        Work(
            "campaign",
            lambda inputs, folder: [
                *("campaign", "toy", "--plan", str(inputs / "plan.yaml"), "-o", str(folder)),
                *("--workers", "2", "--json"),
            ],
        ),
        Work(
            "robust",
            lambda inputs, folder: [
                *("robust", str(inputs / "bounded.yaml"), "--architecture", "slow", "--architecture", "fast"),
                *("--points", str(inputs / "points.csv"), "--samples", "192", "--folder", str(folder)),
                *("--samples-out", str(folder / "samples.csv"), "--workers", "2", "--json"),
            ],
        ),
    )
}


@dataclass
class Run:
    """One process of a command, with all that it begins."""

    words: list[str]
    tag: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __post_init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(SOURCES), "HOPLON_BROWSER": "", _TAG: self.tag}
        self.said, self.told = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hoplon", *self.words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self.said,
            stderr=self.told,
            start_new_session=True,
        )

    def others(self) -> list[int]:
        """Return the processes that it began and that are still there, those of them that are dead left out."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self.tag.encode() in (place / "environ").read_bytes() and int(place.name) != self.process.pid:
                    found.append(int(place.name))
        return found

    def output(self) -> tuple[bytes, str]:
        """Return what it said, and what it told beside, once."""
        with self.said, self.told:
            self.said.seek(0)
            self.told.seek(0)
            return self.said.read(), self.told.read().decode(errors="replace")

    def alone(self) -> bool:
        """Wait until none of its processes is left; False if they stay."""
        until = time.monotonic() + _ENDED_WITHIN_S
        while self.others() and time.monotonic() < until:
            time.sleep(0.05)
        left = self.others()
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return not left


def written(folder: Path) -> None:
    """Write the inputs of every work."""
    for name, text in (("plan.yaml", _PLAN), ("points.csv", _POINTS), ("bounded.yaml", _BOUNDED)):
        (folder / name).write_text(text, encoding="utf-8")


def finished(work: Work, inputs: Path, folder: Path) -> dict[str, bytes]:
    """Run a work to its end, and return every file of it and what it said.

    Raises
    ------
    AssertionError
        If it fails, or a process or a file of passage is left.
    """
    folder.mkdir(exist_ok=True)
    run = Run(work.words(inputs, folder))
    status = run.process.wait(timeout=900)
    said, told = run.output()
    assert status == 0, told[-2000:]
    assert run.alone(), "a process is left of a run that ended"
    stray = [path for path in folder.rglob(".*") if ".store" not in path.parts and path.name != ".lock"]
    assert not stray, f"left behind: {stray}"
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".store" not in path.parts and path.name != ".lock"
    }
    # where the files are, and how many chunks were there already, are no part of the answer
    said = said.replace(os.fsencode(folder), b"")
    said = re.sub(rb'"[^"]*' + re.escape(folder.name.encode()) + rb'[^"]*"', b'""', said)
    return files | {"standard output": re.sub(rb'"chunks_(kept|damaged)": \d+', b"", said)}


def killed(
    work: Work, inputs: Path, folder: Path, expected: dict[str, bytes], times: int, random: Random, span: float
) -> list[str]:
    """Kill a work so many times, wherever it is; each time it ends, hold it against what was expected.

    Parameters
    ----------
    work : Work
    inputs, folder : Path
    expected : dict
        What :func:`finished` returned of a run that nobody disturbed.
    times : int
    random : Random
    span : float
        How long that run took [s].

    Returns
    -------
    list of str
        What went wrong, a line each.
    """
    wrong: list[str] = []
    kills, drivers, rounds = 0, 0, 0
    while kills < times:
        folder.mkdir(exist_ok=True)
        run = Run(work.words(inputs, folder))
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.process.wait(timeout=random.uniform(0.0, span))
        if run.process.poll() is None:
            others = run.others()
            victim = run.process.pid if not others or random.random() < 0.6 else random.choice(others)
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
                kills += 1
                drivers += victim == run.process.pid
            print(
                f"{work.name}: {kills} of {times}, {rounds} finished, {len(wrong)} faults", file=sys.stderr, flush=True
            )
        status = run.process.wait(timeout=900)
        told = without_the_tracker(run.output()[1])
        seen = []
        if "Traceback" in told:
            seen.append(f"kill {kills}: {told[-3000:]}")
        elif status not in (0, 1, -signal.SIGKILL):
            seen.append(f"kill {kills}: status {status}: {told[-500:]}")
        if not run.alone():
            seen.append(f"kill {kills}: workers are left {_ENDED_WITHIN_S:g} s after their driver")
        if kills >= times or random.random() < 0.15:
            seen += compared(finished(work, inputs, folder), expected)
            rounds += 1
            shutil.rmtree(folder)
        for line in seen:
            print(f"  {line}", file=sys.stderr, flush=True)
        wrong += seen
    print(
        f"{work.name}: {kills} kills, {drivers} of them of the driver, over {rounds} runs that were then finished; ",
        end="",
    )
    print(f"undisturbed it takes {span:.1f} s; {len(wrong)} faults", flush=True)
    return wrong


def without_the_tracker(told: str) -> str:
    """Return what a run told, without what Python's tracker of semaphores says when it was killed itself.

    Python begins it anew, and the new one is told of the end of semaphores that it never knew: a KeyError each.
    """
    if "resource_tracker: process died unexpectedly" not in told:
        return told
    of_tracker = r'Traceback \(most recent call last\):\n  File "[^"\n]*resource_tracker\.py".*?\nKeyError: [^\n]*'
    return re.sub(of_tracker, "", told, flags=re.DOTALL)


def compared(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    """Return how two sets of files differ, a line each."""
    return [
        f"{name}: {'not there' if name not in found else 'too much' if name not in expected else 'other bytes'}"
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--times", type=int, metavar="N", default=50)
    parser.add_argument("--seed", type=int, metavar="K", default=1)
    parser.add_argument("--work", choices=list(WORKS), action="append")
    parser.add_argument("--scenario", default=EVERY_QUESTION, help="studied; default: tests/data/every-question.yaml")
    given = parser.parse_args()
    works = WORKS | {"study": study_of(given.scenario)}
    faults = 0
    for name in given.work or works:
        with tempfile.TemporaryDirectory() as text:
            place = Path(text)
            written(place)
            begun = time.monotonic()
            expected = finished(works[name], place, place / "undisturbed-kept")
            span = time.monotonic() - begun
            again = compared(finished(works[name], place, place / "twice-kept"), expected)
            wrong = [f"undisturbed, twice: {line}" for line in again]
            wrong += killed(works[name], place, place / "killed-kept", expected, given.times, Random(given.seed), span)
        faults += len(wrong)
        for line in wrong:
            print(f"  {line}", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
