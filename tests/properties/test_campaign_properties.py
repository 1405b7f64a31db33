"""Chunks cover a campaign once, a damaged file is never taken for a whole one, order counts for nothing."""

from __future__ import annotations

import pickle
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hoplon.backbone.measures import MEASURES
from hoplon.campaigns.driver import Aggregate, Campaign, Shard
from hoplon.campaigns.plan import Plan
from hoplon.campaigns.store import Chunk, path_of, read_chunk, write_chunk
from hoplon.scenario.model import Level

LEVELS: tuple[Level, ...] = ("low", "base", "high")


@given(cells=st.integers(1, 5), replications=st.integers(1, 200), chunk=st.integers(1, 70), parts=st.integers(1, 7))
def test_the_chunks_of_all_shards_hold_every_replication_once(
    cells: int, replications: int, chunk: int, parts: int
) -> None:
    plan = Plan(("a",) * cells, ("r",), replications=replications, chunk=chunk)
    numbers = [number for shard in range(1, parts + 1) for number in Shard(shard, parts).chunks(plan)]
    found = []
    for number in numbers:
        cell, first, count = plan.part(number)
        found += [(cell, replication) for replication in range(first, first + count)]
    assert sorted(found) == [(cell, number) for cell in range(cells) for number in range(replications)]


@given(sizes=st.lists(st.integers(1, 4), min_size=7, max_size=7), levels=st.integers(1, 3))
def test_every_cell_is_another_combination(sizes: list[int], levels: int) -> None:
    names = [tuple(str(number) for number in range(size)) for size in sizes[:4]]
    plan = Plan(
        names[0],
        names[1],
        names[2],
        names[3],
        LEVELS[:levels],
        tuple((f"e@{number}",) for number in range(sizes[4])),
        {"decision_s": tuple(float(number) for number in range(sizes[5]))},
        tuple({"false_kill": number / 10} for number in range(sizes[6])),
    )
    combinations = {str({**cell.as_json(), "cell": None}) for cell in plan}  # the number alone would tell all apart
    assert len(combinations) == plan.cells == levels * int(np.prod(sizes))
    assert pickle.loads(pickle.dumps(plan)) == plan


def chunk_of(number: int, count: int, seed: int) -> Chunk:
    rows = np.random.default_rng(seed).integers(0, 1000, (count, len(MEASURES)), dtype=np.int64)
    rows[:, 0] %= 4
    return Chunk(number, number * count, 4, 20, rows)


@settings(max_examples=200, deadline=None)
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), cut=st.booleans())
def test_a_damaged_file_is_never_taken_for_another_content(at: float, bit: int, cut: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, chunk = Path(name), chunk_of(3, 20, 1)
        write_chunk(folder, "campaign", chunk)
        file = path_of(folder, 3)
        content = bytearray(file.read_bytes())
        place = int(at * len(content))
        if cut:
            content = content[:place]
        else:
            content[place] ^= 1 << bit
        file.write_bytes(content)
        found = read_chunk(folder, "campaign", 3)
        assert found is None or found.digest == chunk.digest


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(6)))
def test_the_order_in_which_chunks_were_done_counts_for_nothing(order: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        campaign = Campaign(Plan(("a", "b"), ("r",), replications=15, chunk=5), Path(name), "campaign")
        for number in order:
            write_chunk(
                campaign.folder, campaign.name, Chunk(number, number % 3 * 5, 4, 20, chunk_of(0, 5, number).rows)
            )
        found = Aggregate(campaign)
        sums = [result.tally.sums for result in found]
        expected = [sum(chunk_of(0, 5, cell * 3 + part).rows.sum(axis=0) for part in range(3)) for cell in range(2)]
        assert sums == [total.tolist() for total in expected]
        again = Aggregate(Campaign(campaign.plan, campaign.folder, campaign.name))
        list(again)
        assert again.digest == found.digest


def test_a_chunk_of_another_campaign_or_number_is_no_chunk(tmp_path: Path) -> None:
    write_chunk(tmp_path, "campaign", chunk_of(3, 20, 1))
    assert read_chunk(tmp_path, "campaign", 3) is not None
    assert read_chunk(tmp_path, "another", 3) is None
    path_of(tmp_path, 3).rename(path_of(tmp_path, 4))
    assert read_chunk(tmp_path, "campaign", 4) is None
    assert read_chunk(tmp_path, "campaign", 3) is None
