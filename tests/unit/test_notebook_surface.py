"""What `import hoplon` offers a notebook: short words for long things, and refusals that name what was meant."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hoplon
from hoplon.analysis.coverage_answer import CoverageAnswer
from hoplon.errors import HoplonError, InputError, UnknownNameError
from hoplon.questions.question import question as known_question
from hoplon.scenario.model import Scenario

AIM = (44.43, 26.10)


@pytest.fixture(scope="module")
def toy() -> Scenario:
    return hoplon.load("toy")


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("points") / "p.csv"
    file.write_text("name,lat,lon\nBucharest,44.43,26.10\nMadrid,40.4,-3.7\n")
    return file


@pytest.fixture(scope="module")
def covered(toy: Scenario, points: Path) -> CoverageAnswer:
    return hoplon.coverage(toy, "fast", points=points, threats="mrbm", levels="base")


def test_every_name_has_a_docstring_and_is_there() -> None:
    for name in hoplon.__all__:
        if name != "__version__":
            assert inspect.getdoc(getattr(hoplon, name)), name


def test_the_study_is_a_function_and_a_package_at_once(toy: Scenario, tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.write_text("a file")
    with pytest.raises(HoplonError, match="cannot write"):
        hoplon.study(toy, file)
    import hoplon.analysis.coverage as module

    assert module.__name__ == "hoplon.analysis.coverage"


def test_what_is_drawn_is_kept_once_in_a_notebook(covered: CoverageAnswer) -> None:
    shown = hoplon.plot(covered)
    assert repr(shown).startswith("<Picture coverage-fast: ")
    assert len(repr(shown)) < 200  # beside the SVG, which a notebook keeps too
    assert len(repr(covered.explore())) < 200


def test_a_scenario_and_a_coverage_say_what_they_are_in_a_line(toy: Scenario, covered: CoverageAnswer) -> None:
    assert repr(toy) == ("<Scenario toy: 4 architectures, 6 elements, 2 threats, 2 launch_areas, 6 nations, 1 raids>")
    assert repr(covered).startswith("<CoverageAnswer fast of toy: 100.0 % of threatened points defended; 2 points")
    assert len(repr(covered)) < 200


@pytest.mark.parametrize("what_if", [True, False])
def test_shots_are_counted_up_to_those_required_unless_every_one_is_asked_for(
    toy: Scenario, tmp_path: Path, what_if: bool
) -> None:
    file = tmp_path / "p.csv"
    file.write_text("name,lat,lon\nCluj-Napoca,46.7667,23.6\nMadrid,40.4,-3.7\n")
    found = hoplon.coverage(toy, "fast", points=file, threats="irbm", levels="base", what_if=what_if)
    every = hoplon.coverage(toy, "fast", points=file, threats="irbm", levels="base", count=True)
    assert every.base.shots_min[0, 0] == 2
    assert found.base.shots_min[0, 0] == 1
    assert found.base.defended.tolist() == every.base.defended.tolist()


def test_points_come_from_a_file_and_one_name_needs_no_list(covered: CoverageAnswer) -> None:
    assert list(covered.levels) == ["base"]
    assert covered.base.threats == ("mrbm",)
    table = {row["name"]: row for row in covered.points_table()}
    assert (table["Bucharest"]["defended"], table["Madrid"]["threatened"]) == (True, False)


REFUSED: dict[str, tuple[Callable[[Any, Any], object], type[HoplonError], str]] = {
    "an aim with its numbers swapped": (
        lambda toy, _: hoplon.engage(toy, "fast", "northwest", (144.43, 26.1), "mrbm"),
        InputError,
        "aim: latitude must be from -90 to 90 degrees, got 144.43; latitude and longitude swapped",
    ),
    "an aim of text": (
        lambda toy, _: hoplon.engage(toy, "fast", "northwest", "44.43,26.1", "mrbm"),
        InputError,
        "aim: ",
    ),
    "an aim that is nowhere": (
        lambda toy, _: hoplon.denied(toy, "fast", (float("nan"), 26.1), "mrbm"),
        InputError,
        "aim: finite degrees were expected",
    ),
    "an unknown level": (
        lambda toy, _: hoplon.coverage(toy, "fast", levels=["bass"]),
        UnknownNameError,
        "did you mean 'base'",
    ),
    "no level": (lambda toy, _: hoplon.coverage(toy, "fast", levels=[]), InputError, "one or more of low, base, high"),
    "a level that was not judged": (
        lambda _, covered: covered.summary(level="low"),
        UnknownNameError,
        "unknown level of this coverage 'low'",
    ),
    "a class that was not judged": (
        lambda _, covered: hoplon.plot(covered, ["irbm"]),
        UnknownNameError,
        "unknown class of this coverage 'irbm'",
    ),
    "an architecture of a number": (
        lambda toy, _: hoplon.coverage(toy, 3),
        UnknownNameError,
        "unknown architecture '3'",
    ),
    "points of a list": (
        lambda toy, _: hoplon.coverage(toy, "fast", points=[(1, 2)]),
        InputError,
        "AimPoints or the path of a CSV file was expected, got list",
    ),
    "a plot of a scenario": (lambda toy, _: hoplon.plot(toy), InputError, "what coverage"),
    "a flight from a place by its name": (
        lambda toy, _: hoplon.trajectory("Tabriz", AIM, scenario=toy, threat="mrbm"),
        InputError,
        r"launch: \(latitude, longitude\) in degrees was expected, got 'Tabriz'",
    ),
    "a flight from numbers swapped": (
        lambda toy, _: hoplon.trajectory((146.29, 38.08), AIM, scenario=toy, threat="mrbm"),
        InputError,
        "launch: .* latitude and longitude swapped",
    ),
    "classes that were all filtered away": (
        lambda toy, _: hoplon.coverage(toy, "fast", threats=[]),
        InputError,
        "threats: one or more were expected",
    ),
    "a year of text": (
        lambda toy, _: hoplon.threat(toy, year="2015"),
        InputError,
        "year: a whole number was expected, got '2015'",
    ),
    "half a replication": (
        lambda toy, _: hoplon.raid(toy, "fast", "four", replications=10.5),
        InputError,
        "replications: a whole number was expected",
    ),
    "a word for yes or no": (
        lambda toy, _: hoplon.raid(toy, "fast", "four", perfect_sensing="no"),
        InputError,
        "perfect_sensing: true or false was expected, got 'no'",
    ),
    "a text for a number": (
        lambda toy, _: hoplon.raid(toy, "fast", "four", link_availability="x"),
        InputError,
        "link_availability: a number from 0 to 1 was expected",
    ),
    "a step of text": (
        lambda toy, _: hoplon.trajectory((38.0, 46.0), AIM, scenario=toy, threat="mrbm", step_s="1"),
        InputError,
        "step_s: a number was expected, got '1'",
    ),
    "an executor of another library": (
        lambda toy, _: hoplon.survive(toy, "fast", executor="thread"),
        UnknownNameError,
        "unknown executor 'thread'; known: serial, process, dask",
    ),
    "losses of fewer than none": (
        lambda toy, _: hoplon.survive(toy, "fast", most_losses=-1),
        InputError,
        "most_losses: 0 or more were expected",
    ),
    "classes that no question counts": (
        lambda toy, _: hoplon.sweep(toy, (), {"doctrine.decision_s": [1]}, question="threat", threats="mrbm"),
        InputError,
        "threats, areas and levels are of coverage alone",
    ),
    "a move that names no place": (
        lambda toy, _: toy.with_("fast", move=("kurecik", AIM)),
        InputError,
        "move: a mapping of names to values was expected",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_answer_is_refused_with_what_was_meant(toy: Scenario, covered: CoverageAnswer, case: str) -> None:
    call, kind, message = REFUSED[case]
    with pytest.raises(kind, match=message):
        call(toy, covered)


def test_one_loss_needs_no_list_and_a_question_may_be_its_number(toy: Scenario) -> None:
    alone, listed = (hoplon.play(toy, "fast", "four", lose=lost) for lost in ("kurecik@100", ["kurecik@100"]))
    assert alone.as_json() == listed.as_json()
    assert known_question(1).name == known_question("Q1").name == "threat"
