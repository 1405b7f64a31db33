"""Tables: the CSV and the page show the same numbers."""

import csv
import io
import math

import pytest

import report_samples as samples
from hoplon.presentation.tables import Column, Table, Year, plain, worded
from hoplon.questions.question import question


def test_a_value_is_plain_in_the_file_and_in_words_on_the_page() -> None:
    assert plain(0.83333333, "share") == "0.833333"
    assert worded(0.83333333, "share") == "83\u00a0%"
    assert plain(1234567.4, "people") == "1234567"
    assert worded(1234567.4, "people") == "1.23 M"
    assert plain(2015.0, "year") == "2015"
    assert plain(70000.0, "km2") == "70000"
    assert worded(10000.0, "number") == "10,000"
    assert plain(0.0, "share") == "0"
    assert worded(-0.4361, "difference") == "-44 points"
    assert worded(0.0314, "difference") == "+3.1 points"
    assert worded(0.0004, "difference") == worded(-0.0004, "difference") == "0"
    assert worded(0.04361, "number") == "0.0436"
    assert worded(999.6, "number") == "1,000"


def test_a_year_has_no_separator_of_thousands() -> None:
    assert worded(2009.71, "date") == "2009"
    assert plain(2009.71, "date") == "2009.71"
    assert worded(Year(1990.0), "given") == "1990"
    assert worded(3000.0, "given") == "3,000"
    assert worded(787.5, "given") == "787.5"


@pytest.mark.parametrize("kind", ["text", "share", "people", "seconds", "number", "given", "year", "date"])
def test_nothing_is_nothing(kind: str) -> None:
    assert plain(None, kind) == ""
    assert plain(math.nan, kind) == ""
    assert worded(None, kind) == "–"


def test_cells_carry_commas_quotes_and_lines_through_csv() -> None:
    table = Table("t", "T", (Column("a", "a"), Column("b_km", "b", "number")), (('x, "y"\nz', 1.5),))
    assert list(csv.DictReader(io.StringIO(table.csv_text()))) == [{"a": 'x, "y"\nz', "b_km": "1.5"}]


@pytest.mark.parametrize("name", ["threat", "road_map", "coverage"])
def test_columns_are_named_with_their_unit(name: str) -> None:
    made, room = samples.results(), question(name)
    for table in room.tables(made, room.answer(made)):
        for column in table.columns:
            if column.kind == "km2":
                assert column.key.endswith("_km2")
            if column.kind == "seconds":
                assert column.key.endswith("_s")
            if column.kind == "degrees":
                assert column.key.endswith("_deg")


def test_no_cell_of_text_is_a_formula_and_no_number_is_touched() -> None:
    cells = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "plain = text", "")
    columns = (Column("told", "told"), Column("change", "change", "difference"))
    table = Table("t", "T", columns, tuple((cell, -0.5) for cell in cells))
    rows = list(csv.reader(io.StringIO(table.csv_text(), newline="")))[1:]
    assert [row[0] for row in rows] == [*(f"'{cell}" for cell in cells[:8]), "plain = text", ""]
    assert {row[1] for row in rows} == {"-0.5"}
    assert table.cells()[0][0][1] == "=1+1"
