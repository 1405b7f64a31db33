"""Tables of coverage hold the counts of the study."""

import csv
import io

import pytest

import report_samples as samples
from hoplon.presentation.tables import Table
from hoplon.questions.coverage.answer import CoverageResult
from hoplon.questions.coverage.section import nations_grid
from hoplon.questions.coverage.tables import tables
from hoplon.questions.requests import LEVELS
from hoplon.questions.study import Study


def read(table: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.csv_text())))


def shown(study: Study) -> dict[str, Table]:
    return {table.name: table for table in tables(study, CoverageResult((), None, (), (), ()))}


def test_the_headline_table_holds_the_counts_of_the_study() -> None:
    made = samples.results()
    rows = {(row["architecture"], row["level"]): row for row in read(shown(made)["coverage_headline"])}
    for name in made.scenario.architectures:
        for level in LEVELS:
            share = made.count(name, level).population_share
            assert share is not None
            assert float(rows[name, level]["population_share"]) == pytest.approx(share, abs=5e-7)


def test_nations_of_the_table_sum_to_its_total() -> None:
    made = samples.results()
    tables = shown(made)
    europe = made.headline_nations("phase-2")
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
    assert "FIN" not in made.headline_nations("phase-3")
    nations = {row["nation"] for row in read(shown(made)["coverage_nations"])}
    assert "FIN" not in nations


def test_causes_of_a_row_sum_to_one() -> None:
    for row in read(shown(samples.results())["causes"]):
        shares = [float(value) for key, value in row.items() if key.endswith("_share")]
        assert sum(shares) == pytest.approx(1.0, abs=1e-5)


def test_the_grid_of_the_page_has_the_numbers_of_its_table() -> None:
    made = samples.results()
    grid = nations_grid(made)
    rows = read(shown(made)[grid.name])
    assert len(grid.rows) == len(rows)
    for cells, row in zip(grid.rows, rows, strict=True):
        assert cells[0].text == row["nation_name"]
        for cell, name in zip(cells[1:], ("programme-of-record", "phase-1", "phase-2", "phase-3"), strict=True):
            levels = (("value", "base"), ("low", "low"), ("high", "high"))
            assert cell.data == {key: row[f"{name}_{level}"] for key, level in levels}
    assert grid.totals == {len(rows) - 1}
