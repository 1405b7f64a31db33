"""What is in a campaign's folder: chunks that are not what they say, files that were not finished, other campaigns."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hoplon.backbone.measures import MEASURES
from hoplon.campaigns.driver import Aggregate, Campaign, Shard, whole_chunks
from hoplon.campaigns.plan import Plan
from hoplon.campaigns.provenance import claim, identity_of
from hoplon.campaigns.store import Chunk, path_of, read_chunk, sweep, temporary_of, write_chunk
from hoplon.errors import InputError, OutputError
from hoplon.progress import silent

PLAN = Plan(("fast",), ("four",), replications=20, chunk=10)


def chunk(number: int, first: int, count: int = 10) -> Chunk:
    return Chunk(number, first, 4, 24, np.ones((count, len(MEASURES)), dtype=np.int64))


@pytest.mark.parametrize("wrong", [chunk(1, 0), chunk(1, 11), chunk(1, 10, 9)])
def test_a_chunk_that_holds_other_replications_than_the_plan_says_is_done_again(tmp_path: Path, wrong: Chunk) -> None:
    campaign = Campaign(PLAN, tmp_path, "name")
    write_chunk(tmp_path, "name", chunk(0, 0))
    write_chunk(tmp_path, "name", wrong)
    there, state = whole_chunks(campaign, Shard(), silent)
    assert (there.tolist(), state.damaged) == ([True, False], 1)
    with pytest.raises(OutputError, match="was damaged or removed meanwhile"):
        list(Aggregate(campaign))


def test_a_chunk_whose_replications_are_numbered_otherwise_is_none(tmp_path: Path) -> None:
    write_chunk(tmp_path, "name", chunk(1, 10))
    file = path_of(tmp_path, 1)
    table = pq.read_table(file)
    assert read_chunk(tmp_path, "name", 1) is not None
    numbers = pa.array(np.arange(11, 21))
    pq.write_table(table.set_column(0, "replication", numbers), file)
    assert read_chunk(tmp_path, "name", 1) is None


def test_only_what_a_process_of_this_machine_that_is_no_more_left_is_swept_away(tmp_path: Path) -> None:
    path = path_of(tmp_path, 3)
    path.parent.mkdir(parents=True)
    own = temporary_of(path)
    assert own.parent == path.parent
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    stem = own.name.removesuffix(f".{socket.gethostname()}.{os.getpid()}.tmp")
    host = socket.gethostname()
    left = [path.parent / f"{stem}.{host}.{ended.pid}.tmp", tmp_path / f".results-csv.{host}.{ended.pid}.tmp", own]
    kept = [
        path.parent / f"{stem}.{host}.{os.getppid()}.tmp",
        path.parent / f"{stem}.another.host.{ended.pid}.tmp",
        tmp_path / ".something.tmp",
    ]
    for file in (*left, *kept):
        file.write_bytes(b"half")
    assert sweep(tmp_path) == len(left)
    assert [file.exists() for file in (*left, *kept)] == [False] * 3 + [True] * 3


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("measures", "measures: other there"),
        ("format", "format of the folder: other there"),
        ("scenario", "scenario: other there"),
    ],
)
def test_whatever_differs_of_a_campaign_is_named_and_refused(tmp_path: Path, key: str, said: str) -> None:
    identity = identity_of(PLAN, "toy", "0" * 64)
    claim(tmp_path, {**identity, key: "other"})
    with pytest.raises(InputError, match=said):
        claim(tmp_path, identity)


def forged(tmp_path: Path, rows: int, threats: int = 4) -> Path:
    """Put a file that bears the campaign's name in the place of the chunk 0, of zeros, which compress to nothing."""
    write_chunk(tmp_path, "name", chunk(0, 0))
    file = path_of(tmp_path, 0)
    said = {**pq.read_schema(file).metadata, b"hoplon.threats": str(threats).encode()}
    column = pa.array(np.zeros(rows, dtype=np.int64))
    names = pq.read_schema(file).names
    pq.write_table(pa.table([column] * len(names), names=names, metadata=said), file, compression="zstd")
    return file


def test_a_small_file_that_decodes_to_gigabytes_is_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert forged(tmp_path, 5_000_000).stat().st_size < 1_000_000  # which decode to 640 MB and more

    def read(file: pq.ParquetFile, **options: object) -> None:
        raise AssertionError

    monkeypatch.setattr(pq.ParquetFile, "read", read)
    assert read_chunk(tmp_path, "name", 0) is None
    there, state = whole_chunks(Campaign(PLAN, tmp_path, "name"), Shard(), silent)
    assert (there.tolist(), state.damaged) == ([False, False], 1)


@pytest.mark.parametrize(
    "wrong", [{"threats": -1}, {"threats": 0}, {"threats": 200_000_000}, {"magazine": -1}, {"threats": 2, "leakers": 3}]
)
def test_a_chunk_that_no_raid_can_come_to_is_done_again(tmp_path: Path, wrong: dict[str, int]) -> None:
    rows = np.ones((10, len(MEASURES)), dtype=np.int64)
    rows[:, 0] = wrong.get("leakers", 1)
    write_chunk(tmp_path, "name", Chunk(0, 0, wrong.get("threats", 4), wrong.get("magazine", 24), rows))
    assert read_chunk(tmp_path, "name", 0, 10) is None
