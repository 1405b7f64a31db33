"""check, list and export print what a scenario holds, as tables and as JSON."""

import contextlib
import io
import json
import math
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
import shapely
import xarray as xr

from hoplon.cli import main
from hoplon.scenario import load
from hoplon.scenario.load import bundled_names, load_scenario
from hoplon.scenario.marked_yaml import parsed
from hoplon.version import VERSION

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0
    parsed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return parsed


def test_every_answer_carries_version_scenario_hash_and_seed(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["check", str(SMALL)], ["list", str(SMALL)], ["export", str(SMALL), "--format", "geojson"]):
        shown = answer(capsys, *command)
        assert shown["version"] == VERSION
        assert shown["scenario"] == "small"
        assert shown["scenario_sha256"] == load_scenario(SMALL).sha256
        assert shown["seed"] is None


def test_check_passes_with_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    shown = answer(capsys, "check", str(SMALL))
    assert shown["errors"] == []
    assert [(item["line"], item["column"]) for item in shown["warnings"]] == [(54, 3), *[(55, 3)] * 5]
    assert (
        shown["warnings"][0]["message"]
        == "architecture 'later': element 'watch' is inactive (until 2015, over in 2016)"
    )


def test_check_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(SMALL)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{SMALL}:54:3: warning: architecture 'later'")
    assert lines[-1] == (
        "small: no errors, 6 warnings; 3 architectures, 4 elements, 1 threat class, 1 launch area, 3 nations"
    )


def test_check_of_a_refused_file_ends_with_one_and_lists_every_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("hoplon: 1\nname: a\ntitel: x\nthreat: {}\n")
    assert main(["check", str(file)]) == 1
    printed = capsys.readouterr()
    assert printed.out == f"{file}: refused, 2 errors\n"
    assert printed.err.splitlines()[0] == f"{file}:3:1: unknown key 'titel'; did you mean 'title'?"
    assert main(["check", str(file), "--json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert [(item["line"], item["column"]) for item in shown["errors"]] == [(3, 1), (4, 1)]


def test_list_names_what_a_scenario_holds(capsys: pytest.CaptureFixture[str]) -> None:
    shown = answer(capsys, "list", str(SMALL))
    assert shown["architectures"][0] == {
        "name": "whole",
        "title": "All of it",
        "year": 2013,
        "mode": "launch_on_remote",
    }
    assert [item["name"] for item in shown["threats"]] == ["medium"]
    assert [item["name"] for item in shown["radars"]] == ["forward"]
    assert [item["name"] for item in shown["interceptors"]] == ["exo"]
    assert shown["areas"] == [{"name": "east", "title": "east", "latitude_deg": 35.0, "longitude_deg": 50.0}]
    assert shown["raids"] == [{"name": "four", "title": "four", "missiles": 4}]


def test_list_of_one_kind_is_a_table_with_units_in_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", str(SMALL), "threats"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "name    title   min_range_km  max_range_km  first_year",
        "medium  medium           600          2000        2009",
    ]


def test_export_places_as_geojson_longitude_first(capsys: pytest.CaptureFixture[str]) -> None:
    shown = answer(capsys, "export", str(SMALL), "--format", "geojson")
    assert shown["type"] == "FeatureCollection"
    by_name = {feature["properties"]["name"]: feature for feature in shown["features"]}
    assert set(by_name) == {"east", "eye", "shield", "hub"}
    assert by_name["eye"]["geometry"] == {"type": "Point", "coordinates": [37.79, 38.35, 2085.0]}
    assert by_name["shield"]["properties"]["interceptors"] == 24


def test_export_of_an_architecture_holds_its_active_elements(capsys: pytest.CaptureFixture[str]) -> None:
    shown = answer(capsys, "export", str(SMALL), "--format", "geojson", "--architecture", "alone")
    assert [feature["id"] for feature in shown["features"]] == ["east", "shield", "hub"]


def test_a_document_goes_to_a_stream_that_takes_text_alone() -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["export", "toy", "--format", "kml"]) == 0
    assert out.getvalue().startswith("<?xml")


def test_export_writes_a_file_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "places.geojson"
    assert main(["export", str(SMALL), "--format", "geojson", "-o", str(file)]) == 0
    assert json.loads(file.read_text())["type"] == "FeatureCollection"
    assert [entry.name for entry in tmp_path.iterdir()] == ["places.geojson"]
    assert capsys.readouterr().out == ""


def test_export_as_geoparquet_is_read_by_other_libraries(tmp_path: Path) -> None:
    file = tmp_path / "places.parquet"
    assert main(["export", str(SMALL), "--format", "geoparquet", "-o", str(file)]) == 0
    read = pyarrow.parquet.read_table(file)
    told = json.loads(read.schema.metadata[b"geo"])
    assert (told["version"], told["primary_column"]) == ("1.1.0", "geometry")
    assert told["columns"]["geometry"]["encoding"] == "WKB"
    assert told["columns"]["geometry"]["geometry_types"] == ["Point", "Point Z"]
    rows = {row["name"]: row for row in read.to_pylist()}
    assert set(rows) == {"east", "eye", "shield", "hub"}
    eye, hub = (shapely.from_wkb(rows[name]["geometry"]) for name in ("eye", "hub"))
    assert (eye.x, eye.y, eye.z) == (37.79, 38.35, 2085.0)
    assert (hub.has_z, hub.x, hub.y) == (False, 7.60, 49.44)
    assert (rows["shield"]["interceptors"], rows["eye"]["boresights_deg"]) == (24, [105.0])
    west, south, east, north = told["columns"]["geometry"]["bbox"]
    assert all(west <= shapely.from_wkb(row["geometry"]).x <= east for row in rows.values())
    assert all(south <= shapely.from_wkb(row["geometry"]).y <= north for row in rows.values())


def test_export_as_netcdf_is_read_as_labelled_arrays(tmp_path: Path) -> None:
    file = tmp_path / "places.nc"
    assert main(["export", str(SMALL), "--format", "netcdf", "-o", str(file)]) == 0
    with xr.open_dataset(file, engine="h5netcdf") as read:
        eye = read.sel(place="eye")
        assert (float(eye.latitude_deg), float(eye.longitude_deg), float(eye.altitude_m)) == (38.35, 37.79, 2085.0)
        assert (str(eye.form.item()), str(eye.type.item())) == ("radar", "forward")
        assert float(read.sel(place="shield").interceptors) == 24
        assert math.isnan(float(eye.interceptors))
        assert read.attrs["scenario"] == "small"


@pytest.mark.parametrize("arguments", [["geoparquet"], ["netcdf"], ["kml", "--json"], ["czml", "--json"]])
def test_what_standard_output_cannot_hold_needs_a_file(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(["export", str(SMALL), "--format", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "needs -o FILE" in printed.err


def test_a_file_in_no_folder_is_refused_with_path_and_cause(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["export", str(SMALL), "--format", "geojson", "-o", str(tmp_path / "no" / "x.json")]) == 1
    assert capsys.readouterr().err == f"{tmp_path}/no/x.json: there is no folder {tmp_path}/no\n"


def test_an_unknown_architecture_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(SMALL), "--format", "geojson", "--architecture", "hole"]) == 1
    assert "unknown architecture 'hole'; did you mean 'whole'?" in capsys.readouterr().err


def test_warnings_in_a_bundled_scenario_are_counted_for_a_file_that_extends_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("hoplon: 1\nname: s\nextends: toy\narchitectures: {bare: {elements: [hub]}}\n")
    assert main(["check", str(file)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == f"{file}:4:17: warning: architecture 'bare': it has no battery"
    assert printed[-2] == "1 warning in toy, which it extends: hoplon check toy shows them"
    assert printed[-1].startswith("s: no errors, 3 warnings; ")
    assert main(["check", "toy"]) == 0
    assert capsys.readouterr().out.startswith("toy.yaml:")
    assert len(answer(capsys, "check", str(file))["warnings"]) == 3


def test_the_overview_reads_one_scenario_in_full_and_of_the_others_the_title_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = {name: load_scenario(name).title for name in bundled_names()}
    lines: list[int] = []
    monkeypatch.setattr(load, "parsed", lambda text, *more: lines.append(text.count("\n")) or parsed(text, *more))
    assert {row["name"]: row["title"] for row in answer(capsys, "list")["scenarios"]} == titles
    assert sorted(lines)[-2] < 40 < 1000 < max(lines)
