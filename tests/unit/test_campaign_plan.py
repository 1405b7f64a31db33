"""The plan of a campaign: what it reads, what it refuses and where, how cells and chunks are numbered."""

from __future__ import annotations

from pathlib import Path

import pytest

from hoplon.campaigns.driver import Shard, duration
from hoplon.campaigns.plan import Plan, read_plan
from hoplon.errors import InputError, ScenarioError

NAMES = {"architectures": ("fast", "slow"), "raids": ("four",), "elements": ("hub", "kurecik")}
HEAD = "hoplon_campaign: 1\narchitectures: [fast]\nraids: [four]\nreplications: 10\n"


def read(folder: Path, text: str) -> Plan:
    file = folder / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    return read_plan(file, NAMES)


def test_every_list_is_crossed_and_the_last_varies_fastest(tmp_path: Path) -> None:
    more = "doctrines: [scenario, salvo-2]\nc2: [hub-hot]\nlosses: [[], [kurecik/link@10-20, hub@5]]\n"
    more += "parameters: {decision_s: [0, 30]}\n"
    more += "samples: [{false_kill: 0.1, common_raid: 0}, {common_raid: 1, false_kill: 0}]\n"
    plan = read(tmp_path, HEAD + more)
    assert plan.cells == 1 * 1 * 2 * 1 * 2 * 2 * 2
    first, second, last = plan.cell(0), plan.cell(1), plan.cell(15)
    assert (first.doctrine, first.c2, first.losses) == (None, "hub_hot", ())
    assert first.parameters == {"decision_s": 0.0, "false_kill": 0.1, "common_raid": 0.0}
    assert second.parameters == {"decision_s": 0.0, "false_kill": 0.0, "common_raid": 1.0}
    assert last.losses == ("kurecik/link@10-20", "hub@5")
    assert (last.doctrine, last.parameters["decision_s"]) == ("salvo-2", 30.0)


def test_comments_order_and_ways_of_writing_numbers_do_not_change_a_plan(tmp_path: Path) -> None:
    one = read(tmp_path, HEAD + "seed: 7\nchunk: 5\n")
    other = read(tmp_path, "# the same\nchunk: 5.0\nseed: 7\n" + HEAD + "title: Another title\n")
    assert one.sha256 == other.sha256
    assert one.sha256 != read(tmp_path, HEAD + "seed: 8\nchunk: 5\n").sha256


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (HEAD.replace("[fast]", "[fats]"), "plan.yaml:2:17:", "did you mean 'fast'?"),
        (HEAD.replace("[four]", "[]"), "plan.yaml:3:8:", "a list of at least 1 was expected"),
        (HEAD + "doctrines: [salvo]\n", "plan.yaml:5:13:", "is no doctrine; did you mean"),
        (HEAD + "c2: [hubb]\n", "plan.yaml:5:6:", "did you mean 'hub'?"),
        (HEAD + "losses: [[kurecick@3]]\n", "plan.yaml:5:11:", "did you mean 'kurecik'?"),
        (HEAD + "losses: [[kurecick/link@3]]\n", "plan.yaml:5:11:", "did you mean 'kurecik'?"),
        (HEAD + "losses: [[kurecik@-3]]\n", "plan.yaml:5:11:", "before the first launch"),
        (HEAD + "losses: [[kurecik@30-20]]\n", "plan.yaml:5:11:", "repaired at 20 s"),
        (HEAD + "parameters: {decision: [3]}\n", "plan.yaml:5:14:", "did you mean 'decision_s'?"),
        (HEAD + "parameters: {false_kill: [1.5]}\n", "plan.yaml:5:27:", "must be from 0 to 1"),
        (HEAD + "parameters: {false_kill: [.nan]}\n", "plan.yaml:5:27:", "a finite number was expected"),
        (HEAD + "parameters: {reports_per_second: [5.0e-324]}\n", "plan.yaml:5:35:", "must be from 0.001 to 1e+06 1/s"),
        (HEAD + "samples: [{false_kill: 0}, {common_raid: 0}]\n", "plan.yaml:5:28:", "the first gives false_kill"),
        (
            HEAD + "parameters: {false_kill: [0]}\nsamples: [{false_kill: 0}]\n",
            "plan.yaml:6:11:",
            "false_kill is in `parameters` already",
        ),
        (HEAD.replace("10", "0"), "plan.yaml:4:15:", "from 1 to"),
        (HEAD + "replication: 5\n", "plan.yaml:5:1:", "did you mean 'replications'?"),
        (HEAD.replace("raids: [four]\n", ""), "plan.yaml:1:1:", "`raids` is missing"),
        (HEAD.replace("campaign: 1", "campaign: 2"), "plan.yaml:1:18:", "format version 1"),
        ("[1", "plan.yaml:", "not well-formed YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, text: str, place: str, message: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        read(tmp_path, text)
    assert place in str(refused.value)
    assert message in str(refused.value)


def test_a_plan_of_a_million_cells_is_read_at_once(tmp_path: Path) -> None:
    values = ", ".join(str(number) for number in range(100))
    grid = f"parameters: {{decision_s: [{values}], hot_switch_s: [{values}], cold_switch_s: [{values}]}}\n"
    plan = read(tmp_path, HEAD + grid)
    assert plan.cells == 1_000_000
    assert plan.cell(999_999).parameters == {"decision_s": 99.0, "hot_switch_s": 99.0, "cold_switch_s": 99.0}


def test_more_cells_than_are_numbered_are_refused(tmp_path: Path) -> None:
    values = ", ".join(str(number) for number in range(1000))
    grid = f"parameters: {{decision_s: [{values}], hot_switch_s: [{values}], cold_switch_s: [{values}]}}\n"
    with pytest.raises(InputError, match="1,000,000,000 cells"):
        read(tmp_path, HEAD + grid)


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/2/3"])
def test_a_shard_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="I/N was expected"):
        Shard.parse(text)


def test_times_are_said_as_a_person_says_them() -> None:
    assert [duration(seconds) for seconds in (5.2, 300.0, 36_000.0)] == ["5 s", "5 min", "10.0 h"]


def test_levels_of_kill_probability_are_crossed_with_all_else(tmp_path: Path) -> None:
    plan = read(tmp_path, HEAD + "levels: [low, base, high]\ndoctrines: [scenario, share]\n")
    assert [(cell.doctrine, cell.level) for cell in plan] == [
        (doctrine, level) for doctrine in (None, "share") for level in ("low", "base", "high")
    ]
    assert plan.cell(0).as_json()["level"] == "low"
    with pytest.raises(ScenarioError, match=r"plan.yaml:5:10: .*one of low, base, high was expected"):
        read(tmp_path, HEAD + "levels: [lower]\n")
