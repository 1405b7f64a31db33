"""Tables of inputs list every number that is assumed."""

import csv
import io
from dataclasses import asdict

import pytest

import report_samples as samples
from hoplon.backbone.doctrine import Conditions
from hoplon.presentation.tables import Table
from hoplon.report.inputs import assumed_table, cited_table, provenance_table
from hoplon.report.study_folder import projections
from hoplon.scenario.load import load_scenario


def read(table: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.csv_text())))


def test_every_assumed_number_is_listed() -> None:
    sample = samples.scenario()
    rows = read(assumed_table(sample))
    assert [row["path"] for row in rows] == [path for path, _ in sample.assumed()]
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


def test_a_year_among_the_inputs_has_no_separator_of_thousands() -> None:
    sample = samples.scenario()
    for row in (*assumed_table(sample).cells(), *cited_table(sample).cells()):
        if row[0][0].endswith(".from"):
            assert "," not in row[1][1]


def test_provenance_names_the_windows_that_the_maps_use() -> None:
    shown = projections(samples.results())
    assert shown[0] == "LAEA centred on 45° N 27° E"  # the wide one of Europe, for reach
    assert "LAEA Europe (EPSG:3035)" in shown
    rows = dict(provenance_table(samples.scenario(), ("Equal Earth", "Another", "Equal Earth")).rows)
    assert rows["map projections"] == "Equal Earth; Another"
    assert dict(provenance_table(samples.scenario()).rows)["map projections"] == "no map drawn"
