"""Long work of survive, attribute and optimise: the same bytes by anybody, and nothing lost when it is broken off."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hoplon.cli import main

RADARS, BATTERIES, CANDIDATES = 13, 14, 30
SHIP = "owner: USA, basing: sea, acquisition_musd: {cost}, annual_musd: 10"


def written(folder: Path) -> Path:
    """Write a scenario with 27 sites beside those of the bundled one, and with 30 candidates."""
    lines = ["extends: toy", "hoplon: 1", "name: many-sites", "elements:"]
    for place in range(RADARS):
        at = f"[{36 + 1.1 * place:.2f}, {22 + 1.3 * (place * 5 % RADARS):.2f}]"
        lines.append(f"  radar-{place}: {{radar: ship-s, at: {at}, owner: USA, basing: land}}")
    for place in range(BATTERIES):
        kind, at = ("exo-3", "exo-45")[place % 2], f"[{37 + place:.2f}, {21 + 1.2 * (place * 3 % BATTERIES):.2f}]"
        lines.append(
            f"  battery-{place}: {{battery: {kind}, count: 8, launch_interval_s: 2, at: {at}, "
            f"radars: [radar-{place % RADARS}], owner: {('USA', 'DEU')[place % 3 == 0]}, basing: land}}"
        )
    lines.append(f"  ship-radar: {{radar: ship-s, at: [36, 30], {SHIP.format(cost=300)}}}")
    lines.append(
        "  ship-battery: {battery: exo-3, count: 8, launch_interval_s: 2, at: [36, 30], radars: [ship-radar], "
        f"{SHIP.format(cost=500)}}}"
    )
    every = ["watch", "kurecik", *(f"radar-{n}" for n in range(RADARS)), *(f"battery-{n}" for n in range(BATTERIES))]
    lines.append(f"architectures: {{many: {{title: Many sites, year: 2020, elements: [{', '.join(every)}]}},")
    lines.append("  bare: {title: A radar, year: 2020, elements: [watch, kurecik]}}")
    lines.append("costs: {base_year: 2020, years: 20, discount_rate: 0.02}")
    lines.append("candidates:")
    for place in range(CANDIDATES):
        at = f"[{36 + 0.5 * place:.2f}, {20 + 0.6 * (place * 7 % CANDIDATES):.2f}]"
        price = 700 + 37 * (place * 5 % CANDIDATES)
        lines.append(f"  c{place}: {{like: [ship-radar, ship-battery], at: {at}, cost_musd: {price}}}")
    file = folder / "many-sites.yaml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("points") / "points.csv"
    rows = [f"{36.5 + 0.8 * n},{20 + 1.1 * (n * 5 % 16)},{1000 + 137 * n}" for n in range(16)]
    file.write_text("lat,lon,population\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


class Said:
    """What a command says on standard output."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.err = ""

    def __call__(self, *line: str, code: int = 0) -> str:
        assert main(list(line)) == code
        captured = self._capsys.readouterr()
        self.err = captured.err
        return captured.out


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys)


def chunks(folder: Path) -> dict[str, int]:
    """Return the files of chunks, with when each was written."""
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.chunk")}


def broken_off(line: list[str], folder: Path, more: int, number: signal.Signals = signal.SIGKILL) -> str:
    """Run a command until some more chunks are kept, break it off, and return what it said."""
    before = len(chunks(folder))
    command = [sys.executable, "-m", "hoplon", *line]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    ends = time.monotonic() + 300.0
    while len(chunks(folder)) < before + more:
        assert time.monotonic() < ends
        assert process.poll() is None
        time.sleep(0.002)
    process.send_signal(number)
    _, told = process.communicate(timeout=60)
    assert process.returncode != 0
    return told.decode()


def attribute(scenario: Path, points: Path, orders: int, *more: str) -> list[str]:
    options = ["--architecture", "many", "--points", str(points), "--orders", str(orders), "--json"]
    return ["attribute", str(scenario), *options, *more]


def optimise(scenario: Path, points: Path, *more: str) -> list[str]:
    budgets = [word for budget in range(1000, 9000, 1000) for word in ("--budget-musd", str(budget))]
    return ["optimise", str(scenario), "--architecture", "bare", *budgets, "--points", str(points), "--json", *more]


def test_a_sampled_attribution_that_is_killed_goes_on_where_it_was(
    scenario: Path, points: Path, tmp_path: Path, said: Said
) -> None:
    folder = tmp_path / "kept"
    line = attribute(scenario, points, 24_000, "--folder", str(folder))
    for executor in ("serial", "process"):
        broken_off([*line, "--executor", executor, "--workers", "1"], folder, 3)
    told = broken_off([*line, "--executor", "serial"], folder, 3, signal.SIGINT)
    assert "chunks are whole in" in told
    assert "the same command resumes there" in told
    kept = chunks(folder)
    resumed = said(*line, "--executor", "serial")
    assert 9 <= len(kept) < len(chunks(folder))
    assert chunks(folder).items() >= kept.items()  # none was done again
    answer = json.loads(resumed)
    assert answer["method"] == "sampled"
    assert len(answer["players"]) == RADARS + BATTERIES + 1
    assert answer["total"] > 0.1
    assert said(*attribute(scenario, points, 24_000)) == resumed
    assert not list(folder.glob(".*"))


def test_an_attribution_is_the_same_bytes_by_anybody(scenario: Path, points: Path, tmp_path: Path, said: Said) -> None:
    line = attribute(scenario, points, 80)
    first = said(*line)
    assert said(*line, "--workers", "1") == first
    assert said(*line, "--workers", "2") == first
    assert said(*line, "--executor", "dask", "--workers", "2") == first
    folder = tmp_path / "kept"
    parts = [json.loads(said(*line, "--folder", str(folder), "--shard", f"{part}/2")) for part in (2, 1, 2)]
    # the second part has the orders (5 chunks) to wait for what the first learns (1 chunk): its third run has them all
    assert [part["chunks_done"] for part in parts] == [0, 4, 2]
    kept = chunks(folder)
    assert said(*line, "--folder", str(folder), "--executor", "serial") == first
    assert chunks(folder) == kept


def test_places_are_learned_in_pieces_by_anybody(tmp_path: Path, said: Said) -> None:
    line = ["survive", "toy", "--architecture", "fast", "--json"]
    first, folder = said(*line), tmp_path / "kept"
    assert said(*line, "--workers", "2") == first
    parts = [json.loads(said(*line, "--folder", str(folder), "--shard", f"{part}/2")) for part in (1, 2)]
    done = [part["chunks_done"] for part in parts]
    assert min(done) > 1
    assert len(chunks(folder)) == sum(done)
    assert said(*line, "--folder", str(folder)) == first
    some = sorted(folder.glob("*.chunk"))[1]
    some.write_bytes(some.read_bytes()[:-1] + b"!")
    assert said(*line, "--folder", str(folder), "--executor", "serial") == first
    assert "1 damaged chunk was found and done again" in said.err


def test_losses_of_many_players_are_the_same_bytes_by_anybody(scenario: Path, points: Path, said: Said) -> None:
    line = ["survive", str(scenario), "--architecture", "many", "--points", str(points), "--most-losses", "5", "--json"]
    first = said(*line)
    assert not json.loads(first)["exact"]
    assert said(*line, "--workers", "2") == first


def test_a_search_that_is_killed_after_a_budget_goes_on_with_the_next(
    scenario: Path, points: Path, tmp_path: Path, said: Said
) -> None:
    folder = tmp_path / "kept"
    line = optimise(scenario, points, "--folder", str(folder), "--executor", "serial")
    broken_off(line, folder, 2)  # what the candidates defend, and the first budget
    kept = chunks(folder)
    resumed = said(*line)
    assert 2 <= len(kept) < len(chunks(folder)) == 10  # and every point judged again
    assert chunks(folder).items() >= kept.items()
    assert said(*optimise(scenario, points)) == resumed
    assert said(*optimise(scenario, points, "--workers", "2")) == resumed


def test_a_budget_gives_the_same_alone_and_beside_others(scenario: Path, points: Path, said: Said) -> None:
    beside = json.loads(said(*optimise(scenario, points)))["budgets"]
    line = ["optimise", str(scenario), "--architecture", "bare", "--points", str(points), "--json"]
    for place in (2, 5):
        budget = str(beside[place]["budget_musd"])
        assert json.loads(said(*line, "--budget-musd", budget))["budgets"] == [beside[place]]


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (["attribute", "--orders", "96"], "orders of the question: 80 there, 96 now"),
        (["attribute", "--orders", "80", "--level", "low"], "level of the question: base there, low now"),
        (["survive"], "question: attribute there, survive now"),
        (["robust", "--architecture", "bare"], "question: attribute there, robust now"),
    ],
)
def test_a_folder_of_another_question_is_refused(
    other: list[str], told: str, scenario: Path, points: Path, tmp_path: Path, said: Said
) -> None:
    folder = str(tmp_path / "kept")
    said(*attribute(scenario, points, 80, "--folder", folder, "--executor", "serial", "--shard", "2/2"))
    name, *options = other
    line = [name, str(scenario), "--architecture", "many", "--points", str(points), *options, "--folder", folder]
    assert said(*line, "--executor", "serial", code=1) == ""
    assert told in said.err
    assert "Take another folder" in said.err


def test_a_folder_that_holds_something_else_is_refused(
    scenario: Path, points: Path, tmp_path: Path, said: Said
) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    said(*attribute(scenario, points, 80, "--folder", str(tmp_path)), code=1)
    assert "is not empty" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("name", ["survive", "attribute", "optimise"])
def test_options_that_do_not_go_together_are_refused(name: str, said: Said) -> None:
    line = [name, "toy", "--architecture", "fast", *(["--budget-musd", "1"] if name == "optimise" else [])]
    said(*line, "--scheduler", "tcp://here:1", "--executor", "process", code=2)
    assert "--scheduler" in said.err
    if name != "optimise":  # which a scenario without candidates cannot be asked
        said(*line, "--shard", "1/2", code=2)
        assert "--folder" in said.err
