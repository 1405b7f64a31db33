"""Print the table of digests of docs/campaigns.md: ``python tools/digest_table.py``.

Every line is a run of the command in processes of its own. Within a part of the table every digest has to be the same;
if one is not, the exit code is 1. ``--full DIR`` names a small file system to be filled, such as
``mount -t tmpfs -o size=2m none DIR`` makes; else a limit on the size of files stands for a full disk. It needs Linux.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TINY = "hoplon_campaign: 1\narchitectures: [fast]\nraids: [four]\nreplications: 20\nchunk: 5\n"
PLAN = """
hoplon_campaign: 1
architectures: [fast]
raids: [four]
doctrines: [scenario, salvo-2]
parameters: {decision_s: [0, 240]}
replications: 16000
chunk: 1000
seed: 5
"""
CHUNKS = 64
ROOM = 64 * 1024  # [bytes] left on a file system that is filled


@dataclass(frozen=True)
class Line:
    """What ran, what happened to it, and the digest it came to."""

    ran: str
    happened: str
    digest: str


class Runs:
    """Runs of one plan, each in a folder of its own.

    Parameters
    ----------
    folder : Path
    plan : str
    moments : random.Random
        When something is killed.
    """

    def __init__(self, folder: Path, plan: str, moments: random.Random) -> None:
        folder.mkdir()
        self._folder, self._moments, self._count = folder, moments, 0
        self._plan = folder / "plan.yaml"
        self._plan.write_text(plan, encoding="utf-8")

    def new(self) -> Path:
        """Return a folder that nothing is in."""
        self._count += 1
        return self._folder / f"out-{self._count}"

    def begin(self, out: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
        """Begin the command."""
        return begin("campaign", "toy", "--plan", str(self._plan), "-o", str(out), *options, **environment)

    def digest(self, out: Path, *options: str, **environment: str) -> str:
        """Run what is left of a campaign and return its digest."""
        return str(answer(self.begin(out, *options, **environment))["digest"])

    def killed_workers(self, kills: int, *options: str) -> Line:
        """Kill -9 a worker at random moments, and let the driver end."""
        out, done = self.new(), 0
        driver = self.begin(out, *options)
        for kill in range(kills):
            self._wait(out, 1 + kill * (CHUNKS - 8) // kills, driver)
            while not (victims := workers_of(driver.pid)) and driver.poll() is None:
                time.sleep(0.01)
            if driver.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._moments.choice(victims), signal.SIGKILL)
                    done += 1
        digest = str(answer(driver)["digest"])
        return Line(words(options), f"kill -9 of a worker, {done} time{'s' if done != 1 else ''}", digest)

    def killed_drivers(self, kills: int, *options: str) -> Line:
        """Kill -9 the driver at random moments, begin it again, and let the last one end."""
        out, seen = self.new(), []
        for _ in range(kills):
            driver = self.begin(out, *options)
            self._wait(out, len(whole(out)) + self._moments.randrange(1, CHUNKS // (kills + 1)), driver)
            driver.kill()
            driver.communicate()
            seen.append(len(whole(out)))
        found = answer(self.begin(out, *options))
        there = ", ".join(map(str, seen))
        return Line(words(options), f"kill -9 of the driver after {there} of {CHUNKS} chunks", str(found["digest"]))

    def full_disk(self, disk: Path | None, *options: str) -> Line:
        """Let the disk be full, make room, and go on."""
        out = self.new() if disk is None else disk / "out"
        with files_of_at_most(4096) if disk is None else filled(disk):
            driver = self.begin(out, *options)
            _, messages = driver.communicate()
        if driver.returncode != 1 or "make room" not in messages:
            raise SystemExit(f"a full disk was not said: exit code {driver.returncode}\n{messages}")
        there = len(whole(out))
        reason = "files limited to 4096 bytes" if disk is None else "disk full"
        digest = self.digest(out, *options)
        shutil.rmtree(out)
        return Line(words(options), f"{reason} after {there} of {CHUNKS} chunks, cleared", digest)

    def shards(self, *parts: str) -> Line:
        """Do the parts in some order and add up."""
        out = self.new()
        for part in parts:
            answer(self.begin(out, "--executor", "serial", "--shard", part))
        return Line("serial", f"shards {', then '.join(parts)}", self.digest(out, "--executor", "serial"))

    def _wait(self, out: Path, chunks: int, driver: subprocess.Popen[str]) -> None:
        while len(whole(out)) < chunks and driver.poll() is None:
            time.sleep(0.005)
        time.sleep(self._moments.uniform(0.0, 0.05))


def begin(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Begin a command of hoplon with ``--json``."""
    search = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH", ""))))
    command = [sys.executable, "-W", "ignore", "-m", "hoplon.cli", *arguments, "--json"]
    return subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": search, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer(process: subprocess.Popen[str]) -> dict[str, object]:
    """Return what a command answers."""
    out, messages = process.communicate()
    if process.returncode:
        raise SystemExit(f"{process.args}: exit code {process.returncode}\n{messages}")
    found: dict[str, object] = json.loads(out)
    return found


def words(options: tuple[str, ...]) -> str:
    """Return the executor of a command as the table names it."""
    given = dict(zip(options[::2], options[1::2], strict=True))
    executor, workers = given.get("--executor", "process"), int(given.get("--workers", "1"))
    return executor if executor == "serial" else f"{executor}, {workers} worker{'s' if workers > 1 else ''}"


def whole(out: Path) -> list[Path]:
    """Return the chunks that are there."""
    return list(out.glob("chunks/*/*.parquet"))


def command_of(process: int) -> bytes:
    """Return the command line of a process."""
    return Path(f"/proc/{process}/cmdline").read_bytes()


def workers_of(driver: int) -> list[int]:
    """Return the processes that do chunks: descendants of the driver that were begun for work."""
    found, above = [], [driver]
    while above:
        parent = above.pop()
        with contextlib.suppress(OSError):  # it ended meanwhile
            threads = Path(f"/proc/{parent}/task").glob("*/children")
            for child in [int(text) for thread in threads for text in thread.read_text(encoding="ascii").split()]:
                above.append(child)
                forked = b"forkserver" in command_of(parent) and b"forkserver" in command_of(child)
                if forked or b"spawn_main" in command_of(child):
                    found.append(child)
    return found


@contextlib.contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of a process begun meanwhile grow beyond a size."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Fill a file system but for a little room."""
    ballast = disk / "ballast"
    try:
        with ballast.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
            for _ in range(4096):  # 256 MiB: no more, should DIR be no small file system
                stream.write(bytes(65536))
            raise SystemExit(f"{disk}: is not a small file system")
        os.truncate(ballast, max(0, ballast.stat().st_size - ROOM))
        yield
    finally:
        ballast.unlink(missing_ok=True)


def compiled_and_interpreted(folder: Path, moments: random.Random) -> list[Line]:
    """Return the digests of a tiny plan, compiled and by the interpreter alone."""
    runs, serial = Runs(folder / "tiny", TINY, moments), ("--executor", "serial")
    return [
        Line("compiled", "", runs.digest(runs.new(), *serial)),
        Line("interpreted (`NUMBA_DISABLE_JIT=1`)", "", runs.digest(runs.new(), *serial, NUMBA_DISABLE_JIT="1")),
    ]


def executors(folder: Path, moments: random.Random, kills: int, disk: Path | None) -> list[Line]:
    """Return the digests of one plan on every executor, and after whatever may happen."""
    runs = Runs(folder / "plan", PLAN, moments)
    two, dask = ("--executor", "process", "--workers", "2"), ("--executor", "dask", "--workers", "2")
    quiet = [("--executor", "serial"), ("--executor", "process", "--workers", "1"), two, dask]
    return [
        *(Line(words(options), "", runs.digest(runs.new(), *options)) for options in quiet),
        runs.killed_workers(kills, *two),
        runs.killed_workers(1, *dask),
        runs.killed_drivers(kills, *two),
        runs.full_disk(disk, *two),
        runs.shards("1/2", "2/2"),
        runs.shards("2/2", "1/2"),
    ]


def threads() -> list[Line]:
    """Return the digests of what the command raid answers on one thread and on two."""
    lines = []
    for count in (1, 2):
        raid = ("raid", "nato-europe", "--architecture", "phase-3", "--raid", "bundled", "--replications", "5000")
        found = json.dumps(answer(begin(*raid, "--workers", str(count))), sort_keys=True)
        digest = hashlib.blake2b(found.encode(), digest_size=16).hexdigest()
        lines.append(Line(f"{count} thread{'s' if count > 1 else ''}", "", digest))
    return lines


def federation() -> list[Line]:
    """Return the digests of the log of one replication, in one process and with every element its own."""
    found = answer(begin("federate", "toy", "--architecture", "fast", "--raid", "four"))
    return [
        Line("one process", "", str(found["digest_in_one_process"])),
        Line(f"{found['processes']} processes, one an element", "", str(found["digest"])),
    ]


def main() -> int:
    """Print the table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=3, help="how often a worker, and the driver, is killed")
    parser.add_argument("--seed", type=int, default=1, help="seed of the moments")
    parser.add_argument("--full", type=Path, metavar="DIR", help="a small file system to be filled")
    arguments = parser.parse_args()
    moments = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory(prefix="hoplon-digests-") as name:
        parts = {
            "campaign, 1 cell, 20 replications": compiled_and_interpreted(Path(name), moments),
            "campaign, 4 cells, 64,000 replications": executors(Path(name), moments, arguments.kills, arguments.full),
            "`raid` of the bundled study, 5,000 replications": threads(),
            "log of one replication": federation(),
        }
    print("| what | ran on | what happened | digest |\n|---|---|---|---|")
    for what, lines in parts.items():
        for line in lines:
            print(f"| {what} | {line.ran} | {line.happened or 'nothing'} | `{line.digest}` |")
    return 0 if all(len({line.digest for line in lines}) == 1 for lines in parts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
