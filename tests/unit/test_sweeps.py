"""Sweeps of one or two inputs: each row is what the command says of a file with that value."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import matplotlib.figure
import pytest

import hoplon
from hoplon.errors import HoplonError, InputError
from hoplon.report import sweeps
from hoplon.scenario.load import load_scenario

TOY = load_scenario("toy")
SPEED = "interceptors.exo-45.burnout_speed_km_s"
DECISION = "doctrine.decision_s"
FEW = """\
lat,lon,name,population,nation
44.43,26.10,Bucharest,100,ROU
41.0,29.0,Istanbul,300,TUR
52.2,21.0,Warsaw,50,POL
"""


@pytest.fixture
def few(tmp_path: Path) -> Path:
    path = tmp_path / "few.csv"
    path.write_text(FEW, encoding="utf-8")
    return path


def test_every_row_is_the_coverage_of_the_changed_scenario(few: Path) -> None:
    found = hoplon.sweep(TOY, ["fast", "slow"], {DECISION: [0, 400, 600]}, points=few, levels=("base", "low"))
    rows = found.as_frame().to_dict("records")
    assert [(row[DECISION], row["architecture"]) for row in rows] == list(
        itertools.product([0, 400, 600], ["fast", "slow"])
    )
    shares = set()
    for row in rows:
        changed = TOY.set(DECISION, row[DECISION])
        one = hoplon.coverage(changed, row["architecture"], points=few, levels=("base", "low"))
        assert row["population_share"] == one.summary().population_share
        assert row["population_share_low"] == one.summary(level="low").population_share
        assert row["defended_population"] == one.summary().defended_population
        shares.add(row["population_share"])
    assert len(shares) > 1, "the sweep must move something"


def test_two_inputs_are_combined(few: Path) -> None:
    found = hoplon.sweep(TOY, "fast", {DECISION: [0, 600], SPEED: [3.0, 4.5]}, points=few)
    assert [(row[DECISION], row[SPEED]) for row in found.rows()] == [(0, 3), (0, 4.5), (600, 3), (600, 4.5)]
    assert b"<svg" in found.plot().svg


def test_a_sweep_is_an_array_over_its_inputs(few: Path) -> None:
    found = hoplon.sweep(TOY, ["fast", "slow"], {DECISION: [0, 600], SPEED: [3.0, 4.5]}, points=few)
    data = found.as_dataset()
    assert dict(data.sizes) == {DECISION: 2, SPEED: 2, "architecture": 2}
    for row in found.rows():
        here = data["population_share"].sel({key: row[key] for key in (DECISION, SPEED, "architecture")})
        assert here.item() == row["population_share"]
    assert len({row["population_share"] for row in found.rows()}) > 1
    said = found.as_json()
    for row in found.rows():
        row.clear()
    assert found.as_json() == said


def test_a_question_is_swept_with_its_own_tables(few: Path) -> None:
    found = hoplon.sweep(TOY, (), {"threats.mrbm.max_range_km": [1000, 2000]}, question="threat", points=few)
    for reach in (1000, 2000):
        alone = hoplon.ask(TOY.set("threats.mrbm.max_range_km", reach), "threat", points=few)
        for table in alone.tables:
            stacked = [row for row in found.rows(table.name) if row["threats.mrbm.max_range_km"] == reach]
            held = [{key: value for key, value in row.items() if not key.startswith("threats.")} for row in stacked]
            assert held == alone.as_frame(table.name).astype(object).to_dict("records")
    with pytest.raises(HoplonError, match="the table has no rows"):
        found.as_dataset("threat_growth")


def test_runs_kept_in_a_folder_are_not_made_again_and_damaged_ones_are(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kept"
    first = hoplon.sweep(TOY, "fast", {DECISION: [0, 400]}, points=few, folder=folder)
    assert len(list(folder.iterdir())) == 2
    judged: list[Any] = []
    whole = sweeps._coverage_of

    def counted(*given: Any) -> Any:
        one = whole(*given)

        def of(scenario: Any) -> Any:
            judged.append(scenario)
            return one.of(scenario)

        return sweeps._Judged(one.asked, one.content, of)

    monkeypatch.setattr(sweeps, "_coverage_of", counted)
    again = hoplon.sweep(TOY, "fast", {DECISION: [0, 400, 600]}, points=few, folder=folder)
    assert len(judged) == 1
    assert again.rows()[:2] == first.rows()
    path = sorted(folder.iterdir())[0]
    path.write_text(path.read_text().replace('"fast"', '"slow"'), encoding="utf-8")
    assert hoplon.sweep(TOY, "fast", {DECISION: [0, 400, 600]}, points=few, folder=folder).rows() == again.rows()
    assert len(judged) == 2
    other = next(one for one in folder.iterdir() if one != path and one.read_bytes() != path.read_bytes())
    other.write_bytes(path.read_bytes())  # whole, and of another run
    assert hoplon.sweep(TOY, "fast", {DECISION: [0, 400, 600]}, points=few, folder=folder).rows() == again.rows()
    assert len(judged) == 3
    path.write_text("[" * 100_000, encoding="utf-8")
    assert hoplon.sweep(TOY, "fast", {DECISION: [0, 400, 600]}, points=few, folder=folder).rows() == again.rows()
    changed = TOY.set(SPEED, 4.0)
    hoplon.sweep(changed, "fast", {DECISION: [0]}, points=few, folder=folder)
    assert len(judged) == 5


@pytest.mark.parametrize(
    ("architectures", "inputs", "said"),
    [
        ("fast", {}, "one or two inputs"),
        ("fast", {DECISION: []}, "one or two inputs"),
        ("fast", {DECISION: "60"}, "one or two inputs"),
        ("fast", {DECISION: [1], SPEED: [4], "doctrine.salvo": [1]}, "one or two inputs"),
        ("fast", {DECISION: range(10_001)}, "10,000 combinations at most"),
        ((), {DECISION: [1]}, "an architecture, or a question"),
        ("fastt", {DECISION: [1]}, "did you mean 'fast'"),
        ("fast", {"doctrine.decision": [1]}, "did you mean 'decision_s'"),
        ("fast", {DECISION: [60, -1]}, "decision_s"),
    ],
)
def test_a_sweep_of_nothing_is_refused_before_anything_is_computed(
    architectures: Any, inputs: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "_kept", lambda *_: pytest.fail("computed"))
    with pytest.raises(HoplonError, match=said):
        hoplon.sweep(TOY, architectures, inputs)


def test_lines_are_drawn_into_axes_with_the_values_of_the_rows(few: Path) -> None:
    found = hoplon.sweep(TOY, ["fast", "slow"], {DECISION: [600, 0]}, points=few)
    axes = matplotlib.figure.Figure().add_subplot()
    assert found.plot("defended_population", ax=axes) is axes
    drawn = {line.get_label(): line for line in axes.lines if not line.get_label().startswith("_")}
    for name, line in drawn.items():
        wanted = {row[DECISION]: row["defended_population"] for row in found.rows() if row["architecture"] == name}
        assert dict(zip(line.get_xdata().tolist(), line.get_ydata().tolist(), strict=True)) == wanted
    assert set(drawn) == {"fast", "slow"}
    with pytest.raises(HoplonError, match="did you mean 'defended_population'"):
        found.plot("defended_populatio")


def test_two_tables_do_not_fit_into_one_pair_of_axes(few: Path) -> None:
    found = hoplon.sweep(TOY, ["fast", "slow"], {DECISION: [0], SPEED: [4.5]}, points=few)
    with pytest.raises(InputError, match="fast, slow"):
        found.plot(ax=matplotlib.figure.Figure().add_subplot())
