"""Tables: the CSV and the page show the same numbers."""

import csv
import io
import math
from dataclasses import asdict

import pytest
import report_samples as samples

from hoplon.backbone.doctrine import Conditions
from hoplon.presentation.tables import Column, Table, Year, plain, worded
from hoplon.report.inputs import assumed_table
from hoplon.report.study_folder import study_tables
from hoplon.scenario.load import load_scenario


def read(table: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.csv_text())))


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
    tables = study_tables(samples.results())
    for row in (*tables["assumptions"].cells(), *tables["cited_values"].cells()):
        if row[0][0].endswith(".from"):
            assert "," not in row[1][1]
    assert {row[0][1] for row in tables["milestones"].cells()} == {
        row[0][0].split(".")[0] for row in tables["milestones"].cells()
    }


@pytest.mark.parametrize("kind", ["text", "share", "people", "seconds", "number", "given", "year", "date"])
def test_nothing_is_nothing(kind: str) -> None:
    assert plain(None, kind) == ""
    assert plain(math.nan, kind) == ""
    assert worded(None, kind) == "–"


def test_cells_carry_commas_quotes_and_lines_through_csv() -> None:
    table = Table("t", "T", (Column("a", "a"), Column("b_km", "b", "number")), (('x, "y"\nz', 1.5),))
    assert read(table) == [{"a": 'x, "y"\nz', "b_km": "1.5"}]


def test_the_headline_table_holds_the_counts_of_the_study() -> None:
    made = samples.results()
    rows = {(row["architecture"], row["level"]): row for row in read(study_tables(made)["coverage_headline"])}
    for name in made.scenario.architectures:
        for level in ("low", "base", "high"):
            share = made.count(name, level).population_share  # type: ignore[arg-type]
            assert share is not None
            assert float(rows[name, level]["population_share"]) == pytest.approx(share, abs=5e-7)


def test_nations_of_the_table_sum_to_its_total() -> None:
    made = samples.results()
    tables = study_tables(made)
    europe = made.europe("phase-2")
    rows = [
        row
        for row in read(tables["coverage_nations"])
        if (row["architecture"], row["level"], row["class_set"]) == ("phase-2", "base", "headline")
        and row["nation"] in europe
    ]
    assert sum(float(row["defended_population"]) for row in rows) == pytest.approx(
        made.count("phase-2").defended_population, abs=len(rows)
    )


def test_members_of_later_years_are_not_counted() -> None:
    made = samples.results()
    assert "FIN" not in made.europe("phase-3")
    nations = {row["nation"] for row in read(study_tables(made)["coverage_nations"])}
    assert "FIN" not in nations


def test_every_assumed_number_is_listed() -> None:
    made = samples.results()
    rows = read(study_tables(made)["assumptions"])
    assert [row["path"] for row in rows] == [path for path, _ in made.scenario.assumed()]
    assert {row["kind"] for row in rows} == {"assumed"}


def test_every_number_that_raids_assume_is_listed() -> None:
    toy = load_scenario("toy")
    listed = {row["path"]: float(row["value"]) for row in read(assumed_table(toy))}
    assert all(path in listed for path, _ in toy.assumed())
    # What is a switch and no number is left out: whether looks are perfect, whether availability is drawn, and so on.
    numbers = {name: value for name, value in asdict(Conditions()).items() if not isinstance(value, bool)}
    assert numbers["fallback"] is None  # but where question 14 asks for it
    numbers["fallback"] = 30.0
    assert {f"event_simulation.{name}" for name in numbers} == {path for path in listed if path.startswith("event_")}
    for name, value in numbers.items():
        assert listed[f"event_simulation.{name}"] == pytest.approx(value, abs=1e-9)


def test_columns_are_named_with_their_unit() -> None:
    for table in study_tables(samples.results()).values():
        for column in table.columns:
            if column.kind == "km2":
                assert column.key.endswith("_km2")
            if column.kind == "seconds":
                assert column.key.endswith("_s")
            if column.kind == "degrees":
                assert column.key.endswith("_deg")


def test_causes_of_a_row_sum_to_one() -> None:
    for row in read(study_tables(samples.results())["causes"]):
        shares = [float(value) for key, value in row.items() if key.endswith("_share")]
        assert sum(shares) == pytest.approx(1.0, abs=1e-5)
