"""Cells of a campaign: what each parameter changes, what cells share, and that memory does not grow with the work."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from hoplon.analysis.raid import campaign as study
from hoplon.analysis.raid import setup as raid_study
from hoplon.analysis.raid.campaign import ChunkTask, begin, campaign, conditions_of, set_up_cell
from hoplon.analysis.raid.setup import raid, set_up
from hoplon.backbone.doctrine import Conditions
from hoplon.backbone.raid_model import RaidModel
from hoplon.campaigns import results
from hoplon.campaigns.executors import Serial
from hoplon.campaigns.plan import PARAMETERS, Plan
from hoplon.campaigns.results import columns_of, write_results
from hoplon.errors import InputError
from hoplon.scenario.load import load_scenario

PLAN = Plan(
    ("fast", "slow"),
    ("four",),
    doctrines=("scenario", "salvo-2"),
    c2=("scenario", "organic", "mesh"),
    losses=((), ("kurecik@200",)),
    parameters={"decision_s": (0.0, 240.0)},
    replications=3,
)


@pytest.mark.parametrize("name", sorted({*PARAMETERS} - {"decision_s"}))
def test_every_parameter_of_a_plan_is_one_condition_of_the_raid(name: str) -> None:
    usual, value = Conditions(), 3 if PARAMETERS[name].whole else 0.77
    changed = {
        field.name
        for field in fields(Conditions)
        if getattr(conditions_of({name: value}), field.name) != getattr(usual, field.name)
    }
    assert changed == {name.removesuffix("_s")}
    assert getattr(conditions_of({name: value}), name.removesuffix("_s")) == value


def test_the_time_to_decide_is_the_doctrines() -> None:
    setup = set_up_cell(load_scenario("toy"), PLAN.cell(1))
    assert setup.doctrine.decision == 240.0
    assert setup.conditions == Conditions()


def test_a_cell_laid_out_after_others_is_the_one_laid_out_alone(tmp_path: Path) -> None:
    scenario = load_scenario("toy")
    task = ChunkTask.of(scenario, PLAN, tmp_path)
    for number in (0, 3, 5, 10, 12, 23, 7):
        cell = PLAN.cell(number)
        losses, doctrine, c2 = cell.losses, cell.doctrine, cell.c2
        alone = set_up(
            scenario,
            cell.architecture,
            cell.raid,
            losses=losses,
            doctrine=doctrine,
            c2=c2,
            decision_s=cell.parameters["decision_s"],
        )
        found = task.setup(number)
        for field in fields(RaidModel):
            np.testing.assert_array_equal(getattr(found.model, field.name), getattr(alone.model, field.name))
        assert (found.doctrine, found.kill, found.notes) == (alone.doctrine, alone.kill, alone.notes)


def test_each_cell_is_laid_out_once_for_all_its_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laid: list[int] = []

    def counted(scenario: Any, cell: Any, like: Any = None) -> Any:
        laid.append(cell.number)
        return set_up_cell(scenario, cell, like)

    monkeypatch.setattr(study, "set_up_cell", counted)
    plan = Plan(("fast",), ("four",), c2=("hub", "mesh"), replications=40, chunk=4)
    campaign(begin(ChunkTask.of(load_scenario("toy"), plan, tmp_path)), Serial())
    assert laid == [0, 1]


def most_memory(call: Callable[[], object]) -> int:
    """Return the most bytes that a call held at one time."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_four_times_the_replications_take_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raid_study, "BLOCK", 1024)
    setup = set_up(load_scenario("toy"), "fast", "four")
    raid(setup, 2048, 1)
    once, more = (most_memory(lambda count=count: raid(setup, count, 1)) for count in (2048, 8192))
    assert more < 1.1 * once


def test_four_times_the_chunks_take_no_more_memory(tmp_path: Path) -> None:
    scenario = load_scenario("toy")

    def run(replications: int) -> Callable[[], object]:
        plan = Plan(("fast",), ("four",), replications=replications, chunk=512)
        task = begin(ChunkTask.of(scenario, plan, tmp_path / str(replications)))
        return lambda: campaign(task, Serial())

    run(512)()
    once, more = most_memory(run(2048)), most_memory(run(8192))
    assert more < 1.1 * once


def test_four_times_the_cells_take_no_more_memory_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "_ROWS_KEPT", 100)
    values = tuple(float(number) for number in range(2000))
    columns = columns_of(Plan(("fast",), ("four",), parameters={"decision_s": values}))
    usual = {name: "words" if kind is str else kind(1) for name, kind in columns.items()}

    def rows(cells: int) -> Iterator[dict[str, Any]]:
        return ({**usual, "cell": number} for number in range(cells))

    def write(cells: int) -> Callable[[], object]:
        plan = Plan(("fast",), ("four",), parameters={"decision_s": values[:cells]})
        return lambda: write_results(tmp_path, plan, rows(cells))

    write(100)()
    once, more = most_memory(write(400)), most_memory(write(1600))
    assert more < 1.1 * once
    table = pq.read_table(tmp_path / "results.parquet")
    assert table.column("cell").to_pylist() == list(range(1600))
    lines = (tmp_path / "results.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].split(",") == table.column_names
    assert len(lines) == 1601
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_the_table_holds_words_numbers_and_what_has_no_value(tmp_path: Path) -> None:
    plan = Plan(("fast",), ("four",), parameters={"decision_s": (0.0, 1.5)})
    columns = columns_of(plan)
    usual = {name: "häfen" if kind is str else kind(1) for name, kind in columns.items()}
    rows = [{**usual, "losses": "", "leakage_mean": None}, {**usual, "raid": "x", "cell": 2**40, "leakage_low": 0.1}]
    write_results(tmp_path, plan, iter(rows))
    assert pq.read_table(tmp_path / "results.parquet").to_pylist() == rows
    named = {int: "int64", float: "double", str: "string"}
    found = {field.name: str(field.type) for field in pq.read_schema(tmp_path / "results.parquet")}
    assert found == {name: named[kind] for name, kind in columns.items()}


def test_cells_are_added_up_as_their_chunks_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(("fast",), ("four",), c2=("hub", "mesh"), replications=8, chunk=4)
    seen: list[tuple[int, int]] = []
    done: list[int] = []

    def row(result: Any) -> dict[str, Any]:
        seen.append((result.cell.number, done[-1]))
        return results.row_of(result)

    monkeypatch.setattr(study, "row_of", row)
    task = begin(ChunkTask.of(load_scenario("toy"), plan, tmp_path))
    campaign(task, Serial(), watch=lambda state: done.append(state.done))
    assert seen == [(0, 2), (1, 4)]


def test_few_cells_that_take_long_need_a_yes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(("fast",), ("four",), replications=10**9)
    task = ChunkTask.of(load_scenario("toy"), plan, tmp_path)
    hours = 1.01
    monkeypatch.setattr(study, "cost_of", lambda task, workers: study.Cost(1, 10**9, workers, hours))
    with pytest.raises(InputError, match="1 cells, 1,000,000,000 replications: about 61 min on 2 workers"):
        study.refuse_costly(task, 2, agreed=False)
    assert study.refuse_costly(task, 2, agreed=True) is not None
    hours = 0.99
    assert study.refuse_costly(task, 2, agreed=False) is not None


def test_the_table_and_the_folder_say_which_groups_of_a_raid_do_not_fly(tmp_path: Path) -> None:
    plan = Plan(("phase-3", "phase-4"), ("spread",), replications=2)
    found = campaign(begin(ChunkTask.of(load_scenario("nato-europe"), plan, tmp_path)), Serial())
    reasons = [f"group {group} of the raid: irbm-5500 exists from 2020, after 2018" for group in (5, 6)]
    rows = pq.read_table(tmp_path / "results.parquet").to_pylist()
    assert [(row["threats"], row["threats_of_raid"]) for row in rows] == [(8, 12), (12, 12)]
    assert [row["groups_left_out"] for row in rows] == ["; ".join(reasons), ""]
    assert [cell["groups_left_out"] for cell in found.as_json()["cells"]] == ["; ".join(reasons), ""]
    flown = json.loads((tmp_path / "campaign.json").read_text(encoding="utf-8"))["raids_flown"]
    assert [raid["groups_left_out"] for raid in flown] == [reasons, []]
