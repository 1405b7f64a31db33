"""One question asked alone: a question is a folder, and needs to be named in one list only."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import hoplon
from hoplon import api, questions
from hoplon.cli import main
from hoplon.errors import InputError, OutputError, UnknownNameError
from hoplon.presentation.tables import Column, Table
from hoplon.scenario.model import Scenario
from hoplon.units import unit_of

EVERY = questions.ORDER
FILES = {
    "__init__": 'NUMBER, TITLE, SHORT_TITLE = "Q99", "How many points <are> there?", "Points"\n',
    "answer": """
from dataclasses import dataclass
from hoplon.questions.requests import CoverageRequest

@dataclass(frozen=True)
class Points:
    nations: tuple
    counts: tuple
    defended: float

def coverages(scenario):
    return (CoverageRequest("fast"),) if "fast" in scenario.architectures else ()

def answer(study):
    if "fast" not in study.scenario.architectures:
        return None
    nations, counts = zip(*((code, int((study.points.nation == code).sum())) for code in study.scenario.nations))
    return Points(nations, counts, study.count("fast").population_share)
""",
    "findings": """
from hoplon.questions.question import Finding

def findings(study, answer):
    numbers = {"points": float(sum(answer.counts)), "least_warning_s": 300.0, "share": answer.defended}
    return [Finding("Q99", f"There are {sum(answer.counts)} points.", numbers, lead=True)]
""",
    "tables": """
from hoplon.presentation.tables import Column, Table

def tables(study, answer):
    columns = (Column("nation", "Nation"), Column("points", "Points", "number"), Column("flight_s", "Flight", "number"))
    rows = tuple((code, count, None) for code, count in zip(answer.nations, answer.counts))
    return [Table("points_by_nation", "Points by nation", columns, rows)]
""",
    "figures": """
from functools import partial
from hoplon.presentation.picture import Picture
from hoplon.questions.question import FigureSpec

def draw(name):
    return Picture(name, "Points", "A point.", b"<svg/>", b"png")

def figures(study, answer):
    return [FigureSpec(name, folder, partial(draw, name)) for name, folder in (("bars", "figures"), ("dots", "maps"))]
""",
    "section": """
from hoplon.questions.question import Commands, FindingList, Section

def section(study, answer):
    return Section((FindingList(), Commands((f"hoplon check {study.scenario.name}",))))
""",
}


@pytest.fixture(autouse=True)
def made_up(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay a question beside the others: six files in a folder and a word in the list."""
    rooms = tmp_path_factory.mktemp("rooms")
    (rooms / "point_count").mkdir()
    for name, text in FILES.items():
        (rooms / "point_count" / f"{name}.py").write_text(text)
    monkeypatch.setattr(questions, "__path__", [*questions.__path__, str(rooms)])
    monkeypatch.setattr(questions, "ORDER", ("point_count",))
    for name in ("", *(f".{name}" for name in FILES)):
        monkeypatch.delitem(sys.modules, f"hoplon.questions.point_count{name}", raising=False)


@pytest.fixture(scope="module")
def toy() -> Scenario:
    return hoplon.load("toy")


@pytest.fixture
def points(tmp_path: Path) -> Path:
    file = tmp_path / "p.csv"
    file.write_text("name,lat,lon,nation\nBucharest,44.43,26.10,ROU\nWarsaw,52.2,21.0,POL\n")
    return file


def test_a_question_answers_by_its_name_and_by_its_number(toy: Scenario, points: Path) -> None:
    for name in ("point-count", "q99"):
        answer = hoplon.ask(toy, name, points=points)
        assert (answer.name, answer.number) == ("point_count", "Q99")
        assert answer.findings[0].sentence == "There are 2 points."


def test_its_answer_says_what_it_was_made_from_and_the_unit_of_every_number(toy: Scenario, points: Path) -> None:
    told = hoplon.ask(toy, "point_count", points=points).as_json()
    assert (told["scenario"], told["scenario_sha256"], told["seed"]) == ("toy", toy.sha256, None)
    numbers = told["findings"][0]["numbers"]
    assert numbers["least_warning_s"] == {"value": 300.0, "unit": "s"}
    assert numbers["points"] == {"value": 2.0, "unit": "1"}
    assert told["tables"][0]["columns"][2] == {"key": "flight_s", "title": "Flight", "kind": "number", "unit": "s"}
    assert told["figures"] == [{"name": "bars", "folder": "figures"}, {"name": "dots", "folder": "maps"}]
    assert told["commands"] == ["hoplon check toy"]
    assert json.loads(json.dumps(told)) == told


def test_its_tables_come_as_frames_and_as_labelled_arrays(toy: Scenario, points: Path) -> None:
    answer = hoplon.ask(toy, "point_count", points=points)
    frame = answer.as_frame("points_by_nation")
    assert dict(zip(frame.nation, frame.points, strict=True))["ROU"] == 1
    assert answer.as_frame().keys() == {"points_by_nation"}
    tree = answer.as_dataset()
    table = tree["points_by_nation"]
    assert (table["flight_s"].attrs["units"], table["points"].attrs["long_name"]) == ("s", "Points")
    assert np.isnan(table["flight_s"].to_numpy()).all()
    assert tree.attrs["question"] == "point_count"
    with pytest.raises(UnknownNameError, match="did you mean 'points_by_nation'"):
        answer.as_frame("points_by_nations")


def test_it_shows_itself_in_a_notebook_with_everything_escaped(toy: Scenario, points: Path) -> None:
    answer = hoplon.ask(toy, "point_count", points=points)
    assert repr(answer) == "<QuestionAnswer toy: Q99. How many points <are> there?: 1 findings, 1 tables>"
    shown = answer._repr_html_()
    assert "&lt;are&gt;" in shown
    assert "<are>" not in shown
    assert [picture.name for picture in answer.figures()] == ["bars", "dots"]


def test_a_question_that_the_scenario_does_not_ask_is_refused_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("hoplon: 1\nname: s\n")
    scenario = hoplon.load(file)
    with pytest.raises(InputError, match=r"^s does not ask the question 'point_count' \(.*\); it asks: none$"):
        hoplon.ask(scenario, "point_count", folder=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert main(["ask", str(file), "point_count"]) == 1
    assert api.contents(scenario, "questions").kinds == {"questions": []}


def test_the_toy_asks_no_question_that_its_answer_then_refuses(monkeypatch: pytest.MonkeyPatch, toy: Scenario) -> None:
    monkeypatch.setattr(questions, "ORDER", EVERY)
    asked = [row["name"] for row in api.contents(toy, "questions").rows()]
    assert asked == ["threat", "coverage", "integration", "survivability", "elements", "raids"]


def test_whether_a_question_is_asked_is_found_without_computing(toy: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def computed(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("hoplon.questions.study.aim_points", computed)
    assert api.contents(toy, "questions").rows() == [
        {"name": "point_count", "number": "Q99", "title": "How many points <are> there?"}
    ]


def test_the_command_lists_asks_and_writes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["list", "toy", "questions"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[:2] == ["point_count", "Q99"]
    folder = tmp_path / "answer"
    assert main(["ask", "toy", "point_count", "-o", str(folder), "--json"]) == 0
    printed = capsys.readouterr()
    shown = json.loads(printed.out)
    assert "drawn: bars" in printed.err
    written = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert [path for path in written if not path.startswith(".store/")] == [
        "answer.json",
        "figures/bars.png",
        "figures/bars.svg",
        "maps/dots.png",
        "maps/dots.svg",
        "tables/points_by_nation.csv",
    ]
    assert any(path.startswith(".store/") for path in written)
    paths = shown.pop("paths")
    assert json.loads((folder / "answer.json").read_text()) == shown
    assert paths["answer"] == [str(folder / "answer.json")]
    assert main(["ask", "toy", "point_count"]) == 0
    assert f"- {shown['findings'][0]['sentence']}" in capsys.readouterr().out


def test_an_unknown_question_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["ask", "toy", "point_cont"]) == 1
    assert "unknown question 'point_cont'; did you mean 'point_count'?" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert main(["ask", "toy", "point_count", "-o", str(tmp_path / "file")]) == 1
    with pytest.raises(OutputError):
        hoplon.ask("toy", "point_count", folder=tmp_path / "file")


def test_a_table_gives_its_rows_as_data() -> None:
    columns = (Column("nation", "Nation"), Column("area_km2", "Area", "km2"), Column("share", "Share", "share"))
    table = Table("t", "T", columns, (("ROU", np.float64(2.5), float("nan")), ("POL", None, 0.5)))
    assert table.as_json()["rows"] == [["ROU", 2.5, None], ["POL", None, 0.5]]
    assert [column["unit"] for column in table.as_json()["columns"]] == [None, "km2", "1"]
    assert table.frame().columns.tolist() == ["nation", "area_km2", "share"]


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("warning_s", "s"),
        ("area_km2", "km2"),
        ("range_km", "km"),
        ("sigma_m", "m"),
        ("loft_deg", "degree"),
        ("burnout_speed_km_s", "km/s"),
        ("messages_per_s", "1/s"),
        ("reports_per_second", "1/s"),
        ("shots_per_kill", "1"),
        ("leakage", "1"),
        ("classes", "1"),
    ],
)
def test_the_end_of_a_name_is_its_unit(name: str, unit: str) -> None:
    assert unit_of(name) == unit
