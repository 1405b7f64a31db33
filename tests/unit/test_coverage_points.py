"""Coverage of given points: what the file of answers, the table and the map of one question say agrees."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest

import hoplon
from hoplon.analysis import coverage as judging
from hoplon.analysis import fewest_shots
from hoplon.analysis.coverage import coverage
from hoplon.analysis.coverage_answer import CoverageAnswer, coverage_answer
from hoplon.analysis.fewest_shots import Cells, flights_by_cell, hardest_flights
from hoplon.analysis.flights import Flights
from hoplon.analysis.store import Store
from hoplon.cli import main
from hoplon.errors import InputError
from hoplon.scenario.geography import AimPoints, places
from hoplon.scenario.model import Cited, LaunchArea, Place, Scenario

CITIES = "lat,lon,name,population,nation\n44.43,26.10,Bucharest,1800000,ROU\n41.01,28.95,Istanbul,15000000,TUR\n"


@pytest.fixture(scope="module")
def toy() -> Scenario:
    return hoplon.load("toy")


@pytest.fixture
def cities(tmp_path: Path) -> Path:
    file = tmp_path / "cities.csv"
    file.write_text(CITIES)
    return file


def with_grid(scenario: Scenario, number: int) -> Scenario:
    """Return a scenario with launch areas in the South Pacific before its own, none within range of a city."""
    grid = {
        f"g{place:04d}": LaunchArea(at=Place(-60.0 + 0.1 * (place % 40), -150.0 + 0.1 * (place // 40)))
        for place in range(number)
    }
    threats = {name: replace(threat, launch_areas=None) for name, threat in scenario.threats.items()}
    return replace(scenario, launch_areas={**grid, **scenario.launch_areas}, threats=threats)


@pytest.mark.parametrize("number", [3, 1000, 1998])
def test_launch_areas_out_of_range_change_nothing(toy: Scenario, cities: Path, number: int) -> None:
    farthest = max(float(threat.max_range_km) for threat in toy.threats.values())
    _, _, away = pyproj.Geod(ellps="WGS84").inv(-146.0, -56.0, 26.10, 44.43)
    assert away > 2000.0 * farthest
    gridded = with_grid(toy, number)
    bare = hoplon.coverage(with_grid(toy, 0), "fast", points=cities, levels="base", count=True)
    found = hoplon.coverage(gridded, "fast", points=cities, levels="base", count=True)
    assert found.points_table() == bare.points_table()
    assert {row["hardest_area"] for row in found.points_table()} <= set(toy.launch_areas)


def test_fewest_shots_and_their_area_are_those_of_a_plain_loop() -> None:
    rng = np.random.default_rng(7)
    cells = rng.integers(0, 40, 500)
    shots = rng.integers(0, 128, 500).astype(np.int8)
    areas = rng.integers(0, 32_767, 500).astype(np.int32)
    flights = Flights("plain", np.empty((500, 0)), (cells % 4).astype(np.int16), areas, (cells // 4).astype(np.int32))
    by_cell = flights_by_cell(Store(), Cells(("",), 10, ("a", "b", "c", "d"), ("a", "b", "c", "d")), flights)
    fewest, hardest = hardest_flights(by_cell, shots, 50)
    for cell in range(50):
        mine = [(int(shots[place]), int(areas[place])) for place in range(500) if cells[place] == cell]
        assert (fewest[cell], hardest[cell]) == min(mine, default=(-1, -1))


def test_more_launch_areas_than_an_index_tells_apart_are_refused(
    toy: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_MOST_AREAS", 3)
    points = AimPoints(*(np.empty(0, dtype=kind) for kind in ("U1", "U1", float, float, float, float, "U5")))
    with pytest.raises(InputError, match=r"5 launch areas were asked about together, and 3 is the most: name fewer"):
        coverage(Store(), with_grid(toy, 3), "fast", points)
    assert len(coverage(Store(), with_grid(toy, 1), "fast", points).areas) == 3


def test_a_flight_to_an_aim_nearer_than_burnout_is_solved_and_said_to_turn_round(
    toy: Scenario, capsys: pytest.CaptureFixture[str]
) -> None:
    near = replace(toy.threats["mrbm"], min_range_km=replace(toy.threats["mrbm"].min_range_km, value=0.0))
    scenario = replace(toy, threats={**toy.threats, "mrbm": near})
    launch = toy.launch_areas["northwest"].at
    told = {
        offset: hoplon.engage(
            scenario, "fast", "northwest", (launch.latitude_deg + offset, launch.longitude_deg), "mrbm"
        )
        for offset in (0.2, 2.0)  # 22 and 222 km north; burnout is 90 km away
    }
    assert "turns round in flight" in told[0.2].note
    assert told[0.2].reachable
    assert told[2.0].note == ""
    numbers = ["--burn-time-s", "130", "--burnout-altitude-km", "120", "--burnout-ground-range-km", "160"]
    assert main(["trajectory", "--launch", "40,40", "--aim", "40,41", *numbers]) == 0
    assert "nearer than burnout, 160 km: the missile turns round in flight" in capsys.readouterr().err


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CoverageAnswer]:
    """The same points against the headline, against one short-range class alone, and against one of each."""
    file = tmp_path_factory.mktemp("given") / "p.csv"
    file.write_text(
        "lat,lon,population,nation\n36.20,36.16,100000,TUR\n36.80,34.63,100000,TUR\n36.00,33.00,100000,TUR\n"
    )
    asked = {"headline": None, "short": ["srbm-600"], "both": ["srbm-600", "mrbm-2000"]}
    return {
        key: hoplon.coverage("nato-europe", "phase-3", points=file, threats=threats, levels="base")
        for key, threats in asked.items()
    }


@pytest.mark.parametrize("asked", ["headline", "short", "both"])
def test_the_file_of_points_and_the_table_ask_the_same_classes(judged: dict[str, CoverageAnswer], asked: str) -> None:
    answer = judged[asked]
    people = answer.base.points.population
    flags = {key: np.array([row[key] for row in answer.points_table()]) for key in ("threatened", "defended")}
    told = answer.summary()
    assert (told.threatened_population, told.defended_population) == (
        people[flags["threatened"]].sum(),
        people[flags["defended"]].sum(),
    )


def test_causes_are_told_for_the_threatened_places_that_are_open_to_each_class(
    judged: dict[str, CoverageAnswer],
) -> None:
    for answer in judged.values():
        base = answer.base
        wanted = [
            (point, threat)
            for point in range(len(base.points))
            for place, threat in enumerate(base.threats)
            if base.threatened[point, place] and not base.defended[point, place]
        ]
        names = base.points.name.tolist()
        assert [(row["name"], row["threat"]) for row in answer.causes()] == [(names[p], t) for p, t in wanted]
        assert not answer.whole
    assert any(answer.base.defended.any() for answer in judged.values())


def test_classes_that_are_named_count_together(judged: dict[str, CoverageAnswer]) -> None:
    assert judged["both"].threats == ("srbm-600", "mrbm-2000")
    assert judged["short"].threats == ("srbm-600",)
    assert [row["defended"] for row in judged["headline"].points_table()] != [
        row["defended"] for row in judged["both"].points_table()
    ]
    assert all(
        row["hardest_threat"] in (None, *judged["headline"].threats) for row in judged["headline"].points_table()
    )


def test_an_answer_fed_on_is_refused_before_any_work(
    cities: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    ask = ["coverage", "toy", "--architecture"]
    assert main([*ask, "fast", "--points", str(cities), "--points-out", str(first)]) == 0
    capsys.readouterr()
    monkeypatch.setattr("hoplon.analysis.coverage_answer.coverage", pytest.fail)
    monkeypatch.setattr("hoplon.analysis.coverage_answer.settle", pytest.fail)
    assert main([*ask, "fast-organic", "--points", str(first), "--points-out", str(second)]) == 1
    assert "first.csv:1: columns 'threatened', 'defended', 'shots_min', " in capsys.readouterr().err
    assert not second.exists()
    answer = hoplon.coverage  # the library refuses the same where the answer is written
    monkeypatch.undo()
    with pytest.raises(InputError, match="the answer is written in columns of these names"):
        answer("toy", "fast-organic", points=first, levels="base").points_csv()


def test_a_file_of_answers_has_the_answers_of_its_own_question(toy: Scenario, cities: Path) -> None:
    table = {plan: hoplon.coverage(toy, plan, points=cities, levels="base") for plan in ("fast", "fast-organic")}
    rows = {plan: list(csv.DictReader(io.StringIO(answer.points_csv()))) for plan, answer in table.items()}
    assert [row["defended"] for row in rows["fast"]] == ["true", "false"]
    assert [row["defended"] for row in rows["fast-organic"]] == ["false", "false"]


def test_without_a_population_the_table_says_points(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "p.csv"
    file.write_text("lat,lon,nation\n44.43,26.10,ROU\n41.01,28.95,TUR\n")
    assert main(["coverage", "toy", "--architecture", "fast", "--points", str(file)]) == 0
    shown = capsys.readouterr()
    assert "people" not in shown.out
    assert "threatened (points)" in shown.out
    assert "no column population: every point counts as one" in shown.err


@pytest.mark.parametrize("count", [0, 3])
def test_points_that_no_file_gave_are_written_with_every_column(toy: Scenario, count: int) -> None:
    every = hoplon.coverage(toy, "fast", points=places(("ROU", "GRC")), levels="base").base.points
    found = hoplon.coverage(toy, "fast", points=every.subset(np.arange(count)), levels="base")
    table, rows = found.points_table(), list(csv.DictReader(io.StringIO(found.points_csv())))
    assert len(rows) == len(table) == count
    for row, told in zip(rows, table, strict=True):
        assert list(row) == list(told)
        for name, value in told.items():
            words = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
            assert row[name] == ("" if value is None else words)


@pytest.mark.parametrize("population", [True, False])
def test_a_line_tells_the_share_of_people_or_points(toy: Scenario, tmp_path: Path, population: bool) -> None:
    """Of five places weighed by themselves; and of Reykjavik, which nothing reaches."""
    people = {(44.43, 26.1): 3.0, (41.01, 28.95): 7.0, (47.5, 19.0): 2.0, (39.9, 32.9): 5.0, (42.7, 23.3): 1.0}
    head, kinds = ("lat,lon,population", "people") if population else ("lat,lon", "points")
    rows = [",".join(map(str, (*at, many) if population else at)) for at, many in people.items()]
    file = tmp_path / "p.csv"
    file.write_text("\n".join([head, *rows]) + "\n")
    found = hoplon.coverage(toy, "fast", points=file, levels=("base", "low"))
    told = [(row["threatened"], row["defended"], people[row["lat"], row["lon"]]) for row in found.points_table()]
    weighed = [(reached, held, many if population else 1.0) for reached, held, many in told]
    share = sum(many for _, held, many in weighed if held) / sum(many for reached, _, many in weighed if reached)
    assert 0.0 < share < 1.0
    judged = "5 points, 2 classes, levels low, base"
    assert found.line() == f"fast of toy: {100 * share:.1f} % of threatened {kinds} defended; {judged}"
    file.write_text(f"{head}\n64.1,-21.9{',9' if population else ''}\n")
    nobody = "nobody threatened" if population else "no point threatened"
    assert f": {nobody}; 1 points" in hoplon.coverage(toy, "fast", points=file, levels="base").line()


@pytest.mark.parametrize(
    ("first", "present"), [(2030.0, ["mrbm"]), (2020.0, ["mrbm", "irbm"]), (None, ["mrbm", "irbm"])]
)
def test_the_classes_of_the_year_are_told_beside_the_headline(
    toy: Scenario, cities: Path, first: float | None, present: list[str]
) -> None:
    """The architecture is of 2020; the second class comes by then, or later."""
    later = replace(toy.threats["irbm"], from_=None if first is None else Cited(first))
    dated = replace(toy.architectures["fast"], year=2020)
    scenario = replace(toy, threats={**toy.threats, "irbm": later}, architectures={**toy.architectures, "fast": dated})
    found = hoplon.coverage(scenario, "fast", points=cities, levels="base")
    told, base = found.as_json(), found.base
    assert (told["year"], told["headline_threats"], told["in_year"]["threats"]) == (2020, ["mrbm", "irbm"], present)
    for classes, sums in (
        (present, told["in_year"]["base"]),
        (["mrbm", "irbm"], told["headline"]["base"]),
        (["irbm"], told["by_threat"]["irbm"]["base"]),
        (["mrbm"], told["by_threat"]["mrbm"]["base"]),
    ):
        columns = [base.threats.index(name) for name in classes]
        reached = base.threatened[:, columns]
        held = reached.any(axis=1) & (base.defended[:, columns] | ~reached).all(axis=1)
        people = np.array([1.8e6, 15.0e6])
        assert sums["threatened_population"] == pytest.approx(people[reached.any(axis=1)].sum())
        assert sums["defended_population"] == pytest.approx(people[held].sum())


def test_nations_without_places_and_land_are_refused_by_every_command_with_the_same_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cities: Path
) -> None:
    file = tmp_path / "overseas.yaml"
    file.write_text("extends: toy\nhoplon: 1\nname: overseas\nnations: [REU, POL, GLP]\n")
    remedy = "take the code out of `nations`, or bring aim points (`hoplon coverage --points FILE`"
    assert main(["check", str(file)]) == 1
    told = capsys.readouterr()
    found = told.out + told.err
    assert f"{file}:4:11: nations: no places and no land of REU are bundled: {remedy}" in found
    assert f"{file}:4:21: nations: no places and no land of GLP are bundled: {remedy}" in found
    assert ":4:16:" not in found
    out = tmp_path / "out"
    for command in (
        ["coverage", str(file), "--architecture", "fast"],
        ["threat", str(file)],
        ["study", str(file), "-o", str(out)],
    ):
        assert main(command) == 1
        assert f"nations: no places and no land of REU, GLP are bundled: {remedy}" in capsys.readouterr().err
    assert not (out / "report.html").exists()
    assert main(["coverage", str(file), "--architecture", "fast", "--points", str(cities)]) == 0


def test_nations_elsewhere_are_judged_and_every_command_says_how_their_people_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "asia.yaml"
    file.write_text(
        "extends: toy\nhoplon: 1\nname: asia\nnations: [ISR, TKM, VAT]\n"  # as far from the areas as classes fly
    )
    scaled = "scaled to the total of each nation (Natural Earth, 2019), not region by region"
    said = f"people of Israel and Turkmenistan are {scaled}"
    land = "no places of Vatican are bundled: its land is judged, its people are not counted"
    assert main(["check", str(file)]) == 0
    told = capsys.readouterr().out
    assert f"{file}:4:1: warning: nations: {said}" in told
    assert f"{file}:4:1: warning: nations: {land}" in told
    for command in (["coverage", str(file), "--architecture", "fast"], ["threat", str(file)]):
        assert main([*command, "--json"]) == 0
        shown = capsys.readouterr()
        assert said in shown.err
        answer = json.loads(shown.out)
        assert [note.split(":")[0] for note in answer["notes"]] == [said, land.split(":")[0]]
    assert set(answer["nations"]["VAT"]["threats"]) == {"irbm"}  # about 2,900 km from northwest: its land is in reach
    assert set(answer["nations"]) == {"ISR", "TKM", "VAT"}


OTHERS = "points in nations that are not the scenario's are judged as the others:"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            ["44.43,26.10,BGR"],
            "points in nations that are not the scenario's are judged as the others: BGR, and no point",
        ),
        (
            ["44.43,26.10,BGR", "44.5,26,ROU"],
            "points in nations that are not the scenario's are judged as the others: BGR",
        ),
        (["64.15,-21.94,POL"], "nobody is threatened: none of the classes asked about reaches any place"),
        (["44.43,26.10,ROU"], None),
    ],
)
def test_points_of_other_nations_and_places_out_of_reach_are_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: list[str], said: str | None
) -> None:
    file = tmp_path / "p.csv"
    file.write_text("\n".join(["lat,lon,nation,population", *(f"{row},1000" for row in rows), ""]))
    assert main(["coverage", "toy", "--architecture", "fast", "--points", str(file), "--json"]) == 0
    shown = capsys.readouterr()
    notes = json.loads(shown.out).get("notes", [])
    assert [line for line in shown.err.splitlines() if line] == notes
    assert len(notes) == (said is not None)
    if said is not None:
        assert notes[0].startswith(said)
        assert ("and no point" in notes[0]) == ("and no point" in said)


def test_a_nation_out_of_reach_is_said_to_be_threatened_by_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "far.yaml"
    file.write_text("extends: toy\nhoplon: 1\nname: far\nnations: [ISL]\n")
    assert main(["coverage", str(file), "--architecture", "fast"]) == 0
    assert "nobody is threatened: none of the classes" in capsys.readouterr().err


@pytest.mark.parametrize(("count", "passes"), [(False, 1), (True, 0)])
def test_what_is_asked_once_is_judged_at_every_level_in_one_pass(
    toy: Scenario, cities: Path, monkeypatch: pytest.MonkeyPatch, count: bool, passes: int
) -> None:
    """Where every shot is counted battery by battery, no pass goes before."""
    asked: list[int] = []
    judge = fewest_shots.DefenceEvaluator

    def noting(defences: Any, *rest: Any) -> Any:
        asked.append(len(defences))
        return judge(defences, *rest)

    monkeypatch.setattr(fewest_shots, "DefenceEvaluator", noting)
    disputed = replace(toy, doctrine=replace(toy.doctrine, decision_s=Cited(30.0, low=10.0, high=60.0)))
    found = coverage_answer(Store(), disputed, "fast", points=cities, count=count, what_if=False)
    assert asked == [3] * passes
    kept = hoplon.coverage(disputed, "fast", points=cities, count=count)
    assert [row["defended"] for row in found.points_table()] == [row["defended"] for row in kept.points_table()]
    assert len(asked) == passes
