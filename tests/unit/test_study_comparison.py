"""Folders of studies side by side: every number that moved, and nothing that did not."""

import csv
from pathlib import Path

import pytest

from hoplon.errors import InputError
from hoplon.report.study_comparison import CsvTable, compare_studies, moved_cells

NUMBERS = "path,value,low,high,kind,source,note\n"


def study(folder: Path, share: str, speed: str = "4.5", more: str = "") -> Path:
    tables = folder / "tables"
    tables.mkdir(parents=True)
    (folder / "manifest.csv").write_text("file,sha256\n")
    (tables / "provenance.csv").write_text(f"what,value\nhoplon version,0.1\nscenario,s\nscenario sha256,{speed}\n")
    (tables / "assumptions.csv").write_text(
        f"{NUMBERS}interceptors.exo.burnout_speed_km_s,{speed},3,5,assumed,,\n{more}"
    )
    (tables / "coverage_headline.csv").write_text(
        f"architecture,year,level,population_share\nnorth,2018,low,0.1\nnorth,2018,base,{share}\nsouth,,base,0.25\n"
    )
    (tables / "coverage_nations.csv").write_text(
        "architecture,level,class_set,nation,population_share\n"
        f"north,base,headline,ROU,{share}\nnorth,base,all,ROU,0.9\nnorth,base,headline,ITA,\n"
    )
    return folder


def test_the_same_study_twice_differs_in_nothing(tmp_path: Path) -> None:
    found = compare_studies(study(tmp_path / "a", "0.5"), study(tmp_path / "b", "0.5"))
    assert (found.inputs, found.moved) == ((), ())
    assert "the same for every architecture" in found.sentences()[1]
    assert found.picture() is None


def test_a_number_that_moved_stands_with_its_row_and_column(tmp_path: Path) -> None:
    found = compare_studies(study(tmp_path / "a", "0.5"), study(tmp_path / "b", "0.75", "5", "x.y,1,,,assumed,,\n"))
    assert {(item.table, item.row, item.column, item.first, item.second) for item in found.moved} == {
        ("coverage_headline", "north · base", "population_share", 0.5, 0.75),
        ("coverage_nations", "north · base · headline · ROU", "population_share", 0.5, 0.75),
    }
    assert [(item.path, item.first and item.first["value"], item.second["value"]) for item in found.inputs] == [
        ("interceptors.exo.burnout_speed_km_s", 4.5, 5.0),
        ("x.y", None, 1.0),
    ]
    answer = found.as_json()
    assert answer["headline"][0] == {"architecture": "north", "a": 0.5, "b": 0.75, "difference": -0.25}
    assert answer["nations"] == {"ROU": {"north": {"a": 0.5, "b": 0.75}}}
    paths = found.write(tmp_path / "out")
    with (tmp_path / "out" / "comparison_moved.csv").open() as stream:
        assert len(list(csv.reader(stream))) == 3
    told = (tmp_path / "out" / "comparison_tables.csv").read_text().splitlines()
    assert told[1:] == ["coverage_headline,1,0,0", "coverage_nations,1,0,0"]
    assert "50&nbsp;%" in (page := Path(paths["report"]).read_text()) or "50\u00a0%" in page


def test_rows_alike_are_told_apart_by_their_place() -> None:
    first = CsvTable(("name", "n"), (("a", "1"), ("a", "2"), ("b", "3")))
    second = CsvTable(("name", "n"), (("a", "1"), ("a", "5"), ("c", "3")))
    assert [(item.row, item.column, item.first, item.second) for item in moved_cells("t", first, second)] == [
        ("a (2)", "n", 2.0, 5.0),
        ("b", "row", "there", None),
        ("c", "row", None, "there"),
    ]


@pytest.mark.parametrize("lacks", ["folder", "manifest.csv", "tables/provenance.csv"])
def test_what_is_no_study_is_refused_by_name(tmp_path: Path, lacks: str) -> None:
    first, second = study(tmp_path / "a", "0.5"), tmp_path / "b"
    if lacks != "folder":
        study(second, "0.5")
        (second / lacks).unlink()
    with pytest.raises(InputError, match=r"b: .*hoplon study SCENARIO"):
        compare_studies(first, second)


def test_one_folder_twice_is_refused(tmp_path: Path) -> None:
    folder = study(tmp_path / "a", "0.5")
    with pytest.raises(InputError, match="twice"):
        compare_studies(folder, tmp_path / "a" / ".." / "a")


@pytest.mark.parametrize("damaged", [b"\xff\xfe,", b"a,b\n1\n", b"a,b\n\n1,2,3\n", b"a,a\n1,2\n"])
def test_a_damaged_table_is_named(tmp_path: Path, damaged: bytes) -> None:
    first, second = study(tmp_path / "a", "0.5"), study(tmp_path / "b", "0.5")
    (second / "tables" / "coverage_headline.csv").write_bytes(damaged)
    with pytest.raises(InputError, match=r"coverage_headline\.csv: a table of a study was expected"):
        compare_studies(first, second)


LOSSES = ("architecture", "losses", "worst_population_share", "lost", "ties")
MIX = ("budget_musd", "chosen", "cost_musd", "share")
WAITING = ("surprise", "pace", "wait_years", "exposure_million_person_years")


@pytest.mark.parametrize(
    ("head", "first", "second", "moved"),
    [
        (  # a set that is lost is an answer, and how many are lost tells rows apart
            LOSSES,
            (("north", "0", "0.9", "", "1"), ("north", "1", "0.5", "a", "1"), ("north", "2", "0.1", "a; b", "1")),
            (("north", "0", "0.9", "", "1"), ("north", "1", "0.4", "c", "1"), ("north", "3", "0", "a; b; c", "1")),
            [
                ("north · losses 1", "worst_population_share", 0.5, 0.4),
                ("north · losses 1", "lost", "a", "c"),
                ("north · losses 2", "row", "there", None),
                ("north · losses 3", "row", None, "there"),
            ],
        ),
        (  # the second study has a budget more in the middle
            MIX,
            (("2500", "a", "2000", "0.5"), ("8000", "a; b", "6000", "0.75")),
            (("2500", "a", "2000", "0.5"), ("5000", "b", "4000", "0.6"), ("8000", "a; c", "7000", "0.75")),
            [
                ("budget_musd 8000", "chosen", "a; b", "a; c"),
                ("budget_musd 8000", "cost_musd", 6000.0, 7000.0),
                ("budget_musd 5000", "row", None, "there"),
            ],
        ),
        (
            WAITING,
            (("none", "base", "0", "1.5"), ("none", "base", "1", "2.5"), ("sooner", "base", "0", "3")),
            (("none", "base", "0", "1.5"), ("none", "base", "1", "2.75"), ("sooner", "base", "0", "3")),
            [("none · base · wait_years 1", "exposure_million_person_years", 2.5, 2.75)],
        ),
    ],
)
def test_rows_are_matched_by_what_they_are_of_and_answers_in_words_are_compared(
    head: tuple[str, ...], first: tuple[tuple[str, ...], ...], second: tuple[tuple[str, ...], ...], moved: list[object]
) -> None:
    found = moved_cells("t", CsvTable(head, first), CsvTable(head, second))
    assert [(item.row, item.column, item.first, item.second) for item in found] == moved
