"""Campaigns with real processes and real signals: whatever is killed, full or damaged, the digits are the same."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from hoplon.analysis.raid.setup import raid, set_up
from hoplon.campaigns.store import path_of, read_chunk
from hoplon.cli import main
from hoplon.scenario.load import load_scenario

SOURCES = Path(__file__).parents[2] / "src"
PLAN = """
hoplon_campaign: 1
architectures: [fast]
raids: [four]
doctrines: [scenario, salvo-2]
parameters: {decision_s: [0, 240]}
replications: 2000
chunk: 250
seed: 5
"""
CHUNKS = 32


def words(folder: Path, options: tuple[str, ...], plan: str) -> list[str]:
    file = folder.parent / "plan.yaml"
    file.write_text(plan, encoding="utf-8")
    return ["campaign", "toy", "--plan", str(file), "-o", str(folder), "--json", *options]


def begin(folder: Path, *options: str) -> subprocess.Popen[str]:
    """Begin the command in a process group of its own; warnings are errors in it."""
    command = [sys.executable, "-W", "error", "-m", "hoplon.cli", *words(folder, options, PLAN)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def campaign(folder: Path, *options: str, plan: str = PLAN) -> tuple[int, str, str]:
    """Run the command in this process: exit status, output, messages."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words(folder, options, plan))
    return code, out.getvalue(), err.getvalue()


def answer(folder: Path, *options: str) -> dict[str, Any]:
    code, out, err = campaign(folder, *(options or ("--executor", "serial")))
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def whole(folder: Path) -> list[Path]:
    return sorted(folder.glob("chunks/*/*.parquet"))


def left_over(folder: Path) -> list[Path]:
    return [*folder.glob(".*"), *folder.glob("chunks/*/.*")]


def wait_for(folder: Path, chunks: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 100.0
    while len(whole(folder)) < chunks and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)


def command_of(process: int) -> bytes:
    """Return the command line of a process."""
    return Path(f"/proc/{process}/cmdline").read_bytes()


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the processes that do chunks: the driver's descendants that are begun for work."""
    found, above = [], [process.pid]
    while above:
        parent = above.pop()
        try:
            threads = Path(f"/proc/{parent}/task").glob("*/children")  # Dask begins its workers from threads
            for child in [int(text) for thread in threads for text in thread.read_text(encoding="ascii").split()]:
                above.append(child)
                forked = b"forkserver" in command_of(parent) and b"forkserver" in command_of(child)
                if forked or b"spawn_main" in command_of(child):
                    found.append(child)
        except OSError:  # it ended meanwhile
            continue
    return found


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one process makes of the plan."""
    return answer(tmp_path_factory.mktemp("serial") / "out")


@pytest.mark.parametrize(
    "options",
    [("--executor", "process", "--workers", "1"), ("--workers", "2"), ("--executor", "dask", "--workers", "2")],
    ids=["process 1", "process 2", "dask 2"],
)
def test_every_executor_gives_the_same_digest_and_table(
    expected: dict[str, Any], tmp_path: Path, options: tuple[str, ...]
) -> None:
    code, out, err = ended(begin(tmp_path / "out", *options))
    assert code == 0, err
    assert "Warning" not in err
    found = json.loads(out)
    assert found["digest"] == expected["digest"]
    assert found["cells"] == expected["cells"]
    assert found["chunks_done"] == CHUNKS


def test_a_cell_is_what_the_command_raid_says_of_it(expected: dict[str, Any]) -> None:
    cell = expected["cells"][3]
    assert (cell["doctrine"], cell["decision_s"]) == ("salvo-2", 240.0)
    alone = raid(set_up(load_scenario("toy"), "fast", "four", doctrine="salvo-2", decision_s=240.0), 2000, 5)
    assert {name: cell[name] for name in alone.estimates} == {
        name: estimate.as_json() for name, estimate in alone.estimates.items()
    }


def test_the_tables_hold_every_cell(expected: dict[str, Any]) -> None:
    parquet, text = expected["files"]
    table = pq.read_table(parquet).to_pylist()
    assert [row["leakage_mean"] for row in table] == [cell["leakage"]["mean"] for cell in expected["cells"]]
    assert len(Path(text).read_text(encoding="utf-8").splitlines()) == 1 + len(expected["cells"])


def kill_workers(folder: Path, kills: int, *options: str) -> dict[str, Any]:
    """Run a campaign and kill -9 a worker, again and again, at random moments; return its answer."""
    moments, killed = random.Random(kills), 0
    process = begin(folder, *options)
    for kill in range(kills):
        wait_for(folder, 1 + kill * (CHUNKS - 6) // kills, process)
        while not (victims := workers_of(process)) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(moments.uniform(0.0, 0.05))
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(moments.choice(victims), signal.SIGKILL)
                killed += 1
    code, out, err = ended(process)
    assert code == 0, err
    assert killed >= (kills + 1) // 2, "too few were alive to be killed"
    found: dict[str, Any] = json.loads(out)
    return found


def server_of(process: subprocess.Popen[str]) -> int | None:
    """Return the process that workers are forked from, if it is there."""
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split():
            if b"forkserver" in command_of(int(child)):
                return int(child)
    return None


def kill_drivers(folder: Path, kills: int, *options: str) -> int:
    """Begin a campaign and kill -9 its driver, again and again, at random moments; return chunks done."""
    moments = random.Random(kills)
    for _ in range(kills):
        process = begin(folder, *options)
        wait_for(folder, len(whole(folder)) + moments.randrange(0, 2 if kills > 10 else 8), process)
        time.sleep(moments.uniform(0.0, 0.05))
        process.kill()
        process.communicate()
    return len(whole(folder))


def test_killed_workers_change_no_digit(expected: dict[str, Any], tmp_path: Path) -> None:
    found = kill_workers(tmp_path / "out", 3, "--workers", "2")
    assert (found["digest"], found["cells"]) == (expected["digest"], expected["cells"])
    assert left_over(tmp_path / "out") == []


def test_a_killed_worker_of_dask_changes_no_digit(expected: dict[str, Any], tmp_path: Path) -> None:
    found = kill_workers(tmp_path / "out", 1, "--executor", "dask", "--workers", "2")
    assert found["digest"] == expected["digest"]


def test_killed_drivers_change_no_digit(expected: dict[str, Any], tmp_path: Path) -> None:
    kill_drivers(tmp_path / "out", 2, "--workers", "2")
    found = answer(tmp_path / "out")
    assert (found["digest"], found["cells"]) == (expected["digest"], expected["cells"])
    assert left_over(tmp_path / "out") == []


def test_workers_go_on_when_what_they_were_forked_from_is_killed_and_new_ones_begin(
    expected: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    process = begin(folder, "--workers", "2")
    for chunks in (1, 6):
        wait_for(folder, chunks, process)
        server, workers = server_of(process), workers_of(process)
        assert server is not None
        for victim in (server, workers[0]):
            os.kill(victim, signal.SIGKILL)
    code, out, err = ended(process)
    assert code == 0, err
    assert json.loads(out)["digest"] == expected["digest"]
    assert "Traceback" not in err


@pytest.mark.slow
def test_twenty_killed_workers_change_no_digit(expected: dict[str, Any], tmp_path: Path) -> None:
    assert kill_workers(tmp_path / "out", 20, "--workers", "2")["digest"] == expected["digest"]


@pytest.mark.slow
def test_twenty_killed_drivers_change_no_digit(expected: dict[str, Any], tmp_path: Path) -> None:
    kill_drivers(tmp_path / "out", 20, "--executor", "serial")
    assert answer(tmp_path / "out")["digest"] == expected["digest"]
    assert left_over(tmp_path / "out") == []


@pytest.mark.parametrize("executor", ["process", "dask"])
def test_an_interrupt_leaves_whole_files_and_says_how_to_go_on(
    expected: dict[str, Any], tmp_path: Path, executor: str
) -> None:
    folder = tmp_path / "out"
    process = begin(folder, "--workers", "2", "--executor", executor)
    wait_for(folder, 4, process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process
    code, out, err = ended(process)
    assert (code, out) == (130, ""), err
    assert f"of {CHUNKS} chunks are whole in {folder}; the same command resumes there" in err
    assert "Traceback" not in err
    assert left_over(folder) == []
    name = json.loads((folder / "campaign.json").read_text(encoding="utf-8"))
    assert name["scenario"] == "toy"
    done = len(whole(folder))
    found = answer(folder)
    assert found["digest"] == expected["digest"]
    assert found["chunks_kept"] == done > 0


@contextlib.contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file grow beyond a size: what a full disk is to a program."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("options", [("--executor", "serial"), ("--workers", "1")], ids=["serial", "process"])
def test_a_full_disk_is_said_and_once_cleared_nothing_is_lost(
    expected: dict[str, Any], tmp_path: Path, options: tuple[str, ...]
) -> None:
    folder = tmp_path / "out"
    with files_of_at_most(4096):
        process = begin(folder, *options)  # processes inherit the limit from it
    code, out, err = ended(process)
    assert (code, out) == (1, "")
    assert "limit of file sizes is reached" in err
    assert "the same command goes on from there" in err
    assert "Traceback" not in err
    assert whole(folder) == left_over(folder) == []
    assert answer(folder)["digest"] == expected["digest"]


def test_damaged_chunks_are_found_and_done_again(expected: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    answer(folder)
    files = whole(folder)
    files[0].write_bytes(b"")
    files[1].write_bytes(files[1].read_bytes()[:-30])
    content = bytearray(files[2].read_bytes())
    content[len(content) // 3] ^= 4
    files[2].write_bytes(content)
    files[3].write_bytes(files[4].read_bytes())
    files[5].unlink()
    code, out, err = campaign(folder, "--executor", "serial")
    found = json.loads(out)
    assert code == 0
    assert "4 damaged chunks were found and done again" in err
    assert found["digest"] == expected["digest"]
    assert found["chunks_kept"] == CHUNKS - 5


def test_shards_make_the_same_campaign_and_the_last_command_adds_up(expected: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for part in ("2/2", "1/2"):
        assert answer(folder, "--executor", "serial", "--shard", part)["digest"] is None
    found = answer(folder)
    assert (found["chunks_kept"], found["digest"]) == (CHUNKS, expected["digest"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seed: 5", "seed: 6", "seed of the plan: 5 there, 6 now"),
        ("chunk: 250", "chunk: 500", "chunk of the plan: 250 there, 500 now"),
        ("[0, 240]", "[0, 241]", "parameters of the plan"),
    ],
)
def test_another_plan_does_not_go_on_in_the_folder(
    expected: dict[str, Any], tmp_path: Path, old: str, new: str, said: str
) -> None:
    folder = tmp_path / "out"
    answer(folder, "--shard", "1/32", "--executor", "serial")
    code, out, err = campaign(folder, plan=PLAN.replace(old, new))
    assert (code, out) == (1, "")
    assert "holds another campaign" in err
    assert said in err
    assert len(whole(folder)) == 1


def test_another_scenario_version_or_source_does_not_go_on(expected: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert campaign(folder, "--shard", "1/32", "--executor", "serial")[0] == 0
    file = folder / "campaign.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    changes = {
        "scenario_sha256": "SHA-256 of the scenario",
        "version": "version of hoplon",
        "sources": "hoplon's sources",
    }
    file.write_text(json.dumps({**kept, **dict.fromkeys(changes, "another")}), encoding="utf-8")
    code, _, err = campaign(folder)
    assert code == 1
    assert all(f"{text}: another there" in err for text in changes.values())
    file.write_text("{", encoding="utf-8")
    code, _, err = campaign(folder)
    assert code == 1
    assert "is damaged" in err


def test_a_million_cells_are_priced_and_need_a_yes(tmp_path: Path) -> None:
    values = ", ".join(str(number) for number in range(100))
    grid = f"{{decision_s: [{values}], hot_switch_s: [{values}], cold_switch_s: [{values}]}}"
    plan = PLAN.replace("{decision_s: [0, 240]}", grid).replace("doctrines: [scenario, salvo-2]\n", "")
    code, out, err = campaign(tmp_path / "out", plan=plan)
    assert (code, out) == (1, "")
    assert "1,000,000 cells, 2,000,000,000 replications: about" in err
    assert "--yes runs it" in err
    assert not (tmp_path / "out").exists()


def test_a_scheduler_that_is_not_there_is_named_and_nothing_is_lost(expected: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert campaign(folder, "--shard", "1/4", "--executor", "serial")[0] == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    code, out, err = campaign(folder, "--scheduler", address)
    assert (code, out) == (1, "")
    assert f"no Dask scheduler answers at {address}" in err
    assert "Traceback" not in err
    assert len(whole(folder)) == CHUNKS // 4
    assert campaign(folder, "--scheduler", address, "--executor", "process")[0] == 2
    code, _, err = campaign(folder, "--scheduler", "nonsense")
    assert (code, "tcp://host:8786, was expected, got nonsense" in err) == (2, True)


def test_a_raid_that_cannot_be_laid_out_names_the_cell(tmp_path: Path) -> None:
    plan = PLAN.replace("seed: 5", "seed: 5\nlosses: [['assumed hub 9@3']]")
    code, _, err = campaign(tmp_path / "out", "--executor", "serial", plan=plan)
    assert code == 1
    assert "architecture fast, raid four" in err
    assert "assumed hub 9" in err


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "letters.txt").write_text("mine", encoding="utf-8")
    code, _, err = campaign(folder, "--executor", "serial")
    assert code == 1
    assert "an empty or new folder was expected" in err
    assert [file.name for file in folder.iterdir()] == ["letters.txt"]


def test_chunks_hold_the_rows_of_their_replications(expected: dict[str, Any]) -> None:
    folder = Path(expected["files"][0]).parent
    said = pq.read_schema(path_of(folder, 9)).metadata
    chunk = read_chunk(folder, said[b"hoplon.campaigns"].decode(), 9)
    assert chunk is not None
    assert (chunk.first, len(chunk.rows), chunk.threats) == (250, 250, 4)
