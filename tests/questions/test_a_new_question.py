"""A question is added by one folder and one word: page, contents, manifest, `hoplon ask` and `hoplon list` know it."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import hoplon.questions
from hoplon.cli import main
from hoplon.questions.question import every_question, question
from hoplon.report.study_folder import write_study
from hoplon.scenario.load import load_scenario

FILES = {
    "__init__.py": '''"""A made-up question."""

NUMBER = "Q99"
TITLE = "How many launch areas are there?"
SHORT_TITLE = "Launch areas"
''',
    "answer.py": '''"""Count launch areas."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LaunchAreas:
    number: int


def coverages(scenario):
    return ()


def answer(study):
    return LaunchAreas(len(study.scenario.launch_areas))
''',
    "findings.py": '''"""One sentence."""

from hoplon.questions.question import Finding


def findings(study, answer):
    return (Finding("Q99", f"There are {answer.number} launch areas.", {"launch_areas": answer.number}, lead=True),)
''',
    "tables.py": '''"""One table."""

from hoplon.presentation.tables import Column, Table


def tables(study, answer):
    return (Table("launch_areas", "Launch areas", (Column("number", "how many", "number"),), ((answer.number,),)),)
''',
    "figures.py": '''"""One figure."""

from functools import partial

from hoplon.presentation.picture import new_figure, picture
from hoplon.questions.question import FigureSpec


def figures(study, answer):
    return (FigureSpec("launch-areas", "figures", partial(draw, answer)),)


def draw(answer):
    return picture(new_figure(2, 1), "launch-areas", "Launch areas", f"{answer.number} launch areas")
''',
    "section.py": '''"""Its section."""

from hoplon.questions.question import Commands, FigureRef, FindingList, Prose, Section, TableRef


def section(study, answer):
    return Section(
        (
            Prose("A **made-up** question; ask `hoplon list`."),
            FindingList(),
            FigureRef("launch-areas", "Counted"),
            TableRef("launch_areas"),
            Commands(("hoplon list toy areas",)),
        )
    )
''',
}


@pytest.fixture
def launch_areas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Add the question as a developer would: a folder, and a word in the list; the list is kept short for speed."""
    folder = tmp_path / "rooms" / "launch_areas"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    monkeypatch.setattr(hoplon.questions, "__path__", [*hoplon.questions.__path__, str(folder.parent)])
    monkeypatch.setattr(hoplon.questions, "ORDER", ("threat", "launch_areas"))
    monkeypatch.setattr("os.cpu_count", lambda: 1)  # figures are drawn in this process, which knows the folder
    yield "launch_areas"
    for name in [name for name in sys.modules if name.startswith("hoplon.questions.launch_areas")]:
        del sys.modules[name]


def test_it_is_found_by_its_name_and_by_its_number(launch_areas: str) -> None:
    assert question("launch-areas").heading == "Q99. How many launch areas are there?"
    assert question("q99").name == launch_areas
    assert [item.name for item in every_question()] == ["threat", launch_areas]


def test_the_study_shows_it(launch_areas: str, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    write_study(load_scenario("toy"), folder)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert '<li><a href="#q99">Q99 Launch areas</a></li>' in page
    assert '<section id="q99">' in page
    assert "A <b>made-up</b> question; ask <code>hoplon list</code>." in page
    assert page.count("There are 2 launch areas.") == 1  # in its section; page one holds the answer of the study
    assert 'id="figure-launch-areas"' in page
    assert "<code>hoplon list toy areas</code>" in page
    assert (folder / "tables/launch_areas.csv").read_text() == "number\n2\n"
    with (folder / "manifest.csv").open(encoding="utf-8") as stream:
        files = {row["file"] for row in csv.DictReader(stream)}
    assert {"tables/launch_areas.csv", "figures/launch-areas.svg", "figures/launch-areas.png"} <= files
    with (folder / "tables/findings.csv").open(encoding="utf-8") as stream:
        assert "There are 2 launch areas." in {row["finding"] for row in csv.DictReader(stream)}


def test_the_command_line_answers_and_lists_it(launch_areas: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "toy", "launch-areas", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["findings"][0]["sentence"] == "There are 2 launch areas."
    assert told["findings"][0]["numbers"]["launch_areas"] == {"value": 2, "unit": "1"}
    assert main(["list", "toy", "questions", "--json"]) == 0
    assert launch_areas in {row["name"] for row in json.loads(capsys.readouterr().out)["questions"]}
