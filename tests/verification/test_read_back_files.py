"""Answers as files for other tools, each read back by another library than the one that wrote it.

GeoPackage: GDAL (pyogrio). GeoParquet: fastparquet and geopandas. GeoJSON: GDAL. NetCDF: netCDF-C (netCDF4), xarray,
GDAL (rasterio), and the geometries of its conventions by cf_xarray. KML: lxml against the schema of the OGC, fastkml
and GDAL. CZML: the JSON schemas of its authors (Apache-2.0, in ``tests/data/czml-schema.json.gz``).
"""

from __future__ import annotations

import gzip
import io
import itertools
import json
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import cf_xarray  # type: ignore[import-untyped]
import fastkml
import fastparquet  # type: ignore[import-untyped]
import geopandas as gpd
import jsonschema
import numpy as np
import pyogrio
import pytest
import rasterio  # type: ignore[import-untyped]
import referencing
import shapely
import xarray as xr
from lxml import etree

import hoplon
from hoplon import api
from hoplon.analysis.footprints.outline import EqualAreaPlane, Window, geojson_geometry, outline
from hoplon.analysis.placed.coverage_grid import VERDICTS
from hoplon.analysis.placed.lines import flight_line
from hoplon.analysis.placed.sites import column_names, radar_range_layer
from hoplon.analysis.records import Answer, FeatureLayer
from hoplon.cli import main
from hoplon.errors import InputError, OutputError
from hoplon.report.formats.columns import MapContent
from hoplon.report.formats.geopackage import layers as geopackage
from hoplon.scenario.geography import land_grid, places

AIM = (44.43, 26.1)
TOY = hoplon.load("toy")
DIGEST = TOY.sha256


@cache
def covered() -> Any:
    few = places(["DEU"]).subset(np.arange(0, 400, 4)).concat(land_grid(["DEU"]))
    return hoplon.coverage(TOY, "slow", points=few, explain=True, count=True, what_if=False)


ANSWERS: dict[str, Callable[[], Answer]] = {
    "coverage": covered,
    "footprint": cache(lambda: hoplon.footprint(TOY, "fast", "deveselu-fast", "mrbm", "northwest")),
    "denied": cache(lambda: hoplon.denied(TOY, "slow", AIM, "mrbm")),
    "trajectory": cache(lambda: hoplon.trajectory((38.08, 46.29), AIM, scenario=TOY, threat="mrbm", step_s=30.0)),
    "engage": cache(lambda: hoplon.engage(TOY, "fast", "northwest", AIM, "mrbm")),
    "play": cache(lambda: hoplon.play(TOY, "fast", "four", seed=2)),
    "threat": cache(lambda: hoplon.threat(TOY, threats="mrbm")),
    "survive": cache(lambda: hoplon.survive(TOY, "fast", points=places(["ROU"]))),
    "attribute": cache(lambda: hoplon.attribute(TOY, "fast", points=places(["ROU"]))),
}
SEEDS = {"play": 2, "survive": 1, "attribute": 1}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    folder = tmp_path_factory.mktemp("files")

    def written(answer: str, ending: str) -> Path:
        path = folder / f"{answer}{ending}"
        if not path.exists():
            ANSWERS[answer]().to_file(path)
        return path

    return written


Files = Callable[[str, str], Path]


def seed(answer: str) -> int | None:
    return SEEDS.get(answer)


@pytest.mark.parametrize("answer", ANSWERS)
def test_gdal_reads_every_layer_of_a_geopackage(files: Files, answer: str) -> None:
    path, layers = files(answer, ".gpkg"), ANSWERS[answer]().layers()
    assert path.read_bytes()[:16] == b"SQLite format 3\0"
    assert pyogrio.list_layers(path)[:, 0].tolist() == [layer.name for layer in layers]
    for layer in layers:
        told = pyogrio.read_info(path, layer=layer.name)
        made = json.loads(told["dataset_metadata"]["GPKG_METADATA_ITEM_1"])
        assert (made["version"], made["scenario_sha256"]) == (hoplon.__version__, DIGEST)
        assert made["seed"] == seed(answer)
        back = gpd.read_file(path, layer=layer.name)
        assert back.crs.to_epsg() == 4326
        assert len(back) == len(layer.rows)
        known = back.geometry.notna()
        assert back.geometry[known].is_valid.all()
        for column in layer.rows[0][1]:
            for got, (_, row) in zip(back[column], layer.rows, strict=True):
                assert _same(got, row[column]), (layer.name, column)
        for got, (shape, _) in zip(back.geometry, layer.rows, strict=True):
            assert (got is None) == (shape is None)
            if got is not None:
                assert got.equals_exact(shape, 1e-9) or got.symmetric_difference(shape).area < 1e-9


def _same(got: Any, given: Any) -> bool:
    """Tell whether a reader has the value that was written; it has NaN, or nothing, where there was none."""
    if given is None or given != given:
        return bool(got is None or got != got)
    return bool(got == given)


@pytest.mark.parametrize("answer", [name for name in ANSWERS if name != "play"])
def test_fastparquet_and_geopandas_read_geoparquet(files: Files, answer: str) -> None:
    path, layer = files(answer, ".parquet"), ANSWERS[answer]().layers()[0]
    plain = fastparquet.ParquetFile(io.BytesIO(path.read_bytes()))
    told = {str(key): value for key, value in plain.key_value_metadata.items()}
    geo = json.loads(told["geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    assert set(geo["columns"]["geometry"]) <= {"encoding", "geometry_types", "bbox", "orientation"}
    assert (told["version"], told["scenario"], told["scenario_sha256"]) == (hoplon.__version__, "toy", DIGEST)
    frame = plain.to_pandas()
    assert frame.columns.tolist() == [*layer.rows[0][1], "geometry"]
    shapes = shapely.from_wkb(frame["geometry"].to_list())
    assert {shape.geom_type for shape in shapes} == {
        form.split()[0] for form in geo["columns"]["geometry"]["geometry_types"]
    }
    assert np.allclose(geo["columns"]["geometry"]["bbox"], shapely.total_bounds(shapes))
    back = gpd.read_parquet(path)
    assert back.crs.to_string() == "OGC:CRS84"
    assert back.geometry.is_valid.all()
    assert len(back) == len(layer.rows)


@pytest.mark.parametrize("answer", ANSWERS)
def test_gdal_reads_geojson_turned_by_the_right_hand_rule(files: Files, answer: str) -> None:
    path, layers = files(answer, ".geojson"), ANSWERS[answer]().layers()
    read = json.loads(path.read_text())
    assert (read["version"], read["scenario_sha256"], read["seed"]) == (hoplon.__version__, DIGEST, seed(answer))
    back = gpd.read_file(path)
    assert back.crs.to_epsg() == 4326
    assert len(back) == sum(len(layer.rows) for layer in layers)
    if len(layers) > 1:
        assert back["layer"].tolist() == [layer.name for layer in layers for _ in layer.rows]
    for feature in read["features"]:
        for polygon in _polygons(feature["geometry"]):
            for place, ring in enumerate(polygon):
                assert shapely.LinearRing(ring).is_ccw == (place == 0)
                assert all(before != after for before, after in itertools.pairwise(ring))


def _polygons(geometry: Any) -> list[Any]:
    if geometry is None or "Polygon" not in geometry["type"]:
        return []
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


@cache
def schema_of_kml() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(Path(fastkml.__file__).parent / "schema" / "ogckml22.xsd"))


@pytest.mark.parametrize("answer", ANSWERS)
def test_kml_is_valid_against_the_schema_of_the_ogc(files: Files, answer: str) -> None:
    path = files(answer, ".kml")
    document = etree.parse(path)
    schema = schema_of_kml()
    assert schema.validate(document), schema.error_log
    assert fastkml.kml.KML.parse(path).features
    text = path.read_text()
    assert DIGEST in text
    assert hoplon.__version__ in text


def test_a_document_that_breaks_the_schema_is_found(files: Files) -> None:
    text = files("footprint", ".kml").read_text().replace('id="document"', 'id="1"')
    assert not schema_of_kml().validate(etree.fromstring(text.encode()))


@pytest.mark.parametrize("answer", ["footprint", "survive", "engage"])
def test_gdal_and_fastkml_read_the_features_of_kml(files: Files, answer: str) -> None:
    layers = ANSWERS[answer]().layers()
    placed = sum(shape is not None for layer in layers for shape, _ in layer.rows) + sum(len(x.paths) for x in layers)
    read = fastkml.kml.KML.parse(files(answer, ".kml"))
    assert sum(1 for _ in fastkml.utils.find_all(read, of_type=fastkml.Placemark)) == placed
    packed = files(answer, ".kmz")
    assert zipfile.ZipFile(packed).namelist() == ["doc.kml"]
    for layer in layers:
        back = gpd.read_file(packed, layer=layer.name)  # of a packed document without the columns
        assert len(back) >= sum(shape is not None for shape, _ in layer.rows)
        back = gpd.read_file(files(answer, ".kml"), layer=layer.name)
        row = layer.rows[0][1]
        numbers = [key for key, value in row.items() if isinstance(value, float)]
        for key in numbers:
            assert back.iloc[0][key] == pytest.approx(row[key], rel=1e-12)


@cache
def schema_of_czml() -> jsonschema.Draft7Validator:
    packed = Path(__file__).parents[1] / "data" / "czml-schema.json.gz"
    schemas = json.loads(gzip.decompress(packed.read_bytes()))["schemas"]
    known = [(schema["$id"], referencing.Resource.from_contents(schema)) for schema in schemas]
    document = next(schema for schema in schemas if schema["title"] == "Document")
    return jsonschema.Draft7Validator(document, registry=referencing.Registry().with_resources(known))


@pytest.mark.parametrize("answer", [name for name in ANSWERS if name not in ("coverage", "play")])
def test_czml_keeps_to_the_schemas_of_its_authors(files: Files, answer: str) -> None:
    packets = json.loads(files(answer, ".czml").read_text())
    assert [error.message for error in schema_of_czml().iter_errors(packets)] == []
    assert packets[0]["id"] == "document"
    assert DIGEST in packets[0]["description"]
    names = [packet["id"] for packet in packets]
    assert len(set(names)) == len(names)
    layers = ANSWERS[answer]().layers()
    drawn = {name.rsplit("/", name.count("/") - 1)[0] if name.count("/") > 1 else name for name in names[1:]}
    assert len(drawn) == sum(shape is not None for layer in layers for shape, _ in layer.rows)


def test_czml_that_breaks_the_schemas_is_found() -> None:
    wrong = [{"id": "document", "version": "1.0"}, {"id": "a", "properties": {"share": 0.5}}]
    assert any(schema_of_czml().iter_errors(wrong))


def test_the_flight_of_a_trajectory_passes_its_samples_in_kml_and_czml(files: Files) -> None:
    samples = ANSWERS["trajectory"]().samples  # type: ignore[attr-defined]
    name = {"gx": "http://www.google.com/kml/ext/2.2"}
    track = etree.parse(files("trajectory", ".kml")).findall(".//gx:Track/gx:coord", name)
    read = np.array([[float(part) for part in str(coord.text).split()] for coord in track])
    assert np.allclose(read[:, :2], samples[:, [2, 1]], atol=1e-6)
    assert np.allclose(read[:, 2], 1000.0 * samples[:, 3], atol=0.06)
    packets = json.loads(files("trajectory", ".czml").read_text())
    flown = next(packet for packet in packets if packet["id"] == "flight/1")
    numbers = np.array(flown["position"]["cartographicDegrees"]).reshape(-1, 4)
    assert np.allclose(numbers[:, [0, 2, 1]], samples[:, :3], atol=1e-6)
    assert flown["availability"].startswith("2030-01-01T00:00:00")


@pytest.fixture
def opened(files: Files) -> Iterator[Callable[[str], xr.DataTree]]:
    trees: list[xr.DataTree] = []

    def tree(answer: str) -> xr.DataTree:
        trees.append(xr.open_datatree(files(answer, ".nc"), engine="netcdf4"))
        return trees[-1]

    yield tree
    for one in trees:
        one.close()


@pytest.mark.parametrize("answer", ANSWERS)
def test_xarray_reads_netcdf_through_netcdf_c(opened: Callable[[str], xr.DataTree], answer: str) -> None:
    tree = opened(answer)
    assert (tree.attrs["Conventions"], tree.attrs["hoplon_version"]) == ("CF-1.8", hoplon.__version__)
    assert tree.attrs["scenario_sha256"] == DIGEST
    assert tree.attrs["seed"] == ("none" if seed(answer) is None else seed(answer))
    for node in tree.subtree:
        for name, variable in node.to_dataset(inherit=False).variables.items():
            told = {**variable.attrs, **variable.encoding}
            assert told.get("long_name") or name in ("geometry_container",), name
            if variable.dtype.kind == "f" and name != "crs":
                assert "units" in told or "flag_values" in told, name


def test_a_coverage_in_netcdf_says_what_its_table_says(opened: Callable[[str], xr.DataTree]) -> None:
    data, table = opened("coverage").to_dataset(), covered().points_table()
    words = str(VERDICTS["flag_meanings"]).split()
    base = data["level_name"].values.tolist().index("base")
    verdicts = data["verdict_together"].isel(level=base).values
    for row, verdict, latitude in zip(table, verdicts, data["point_latitude"].values, strict=True):
        wanted = "not_threatened" if not row["threatened"] else "defended" if row["defended"] else "undefended"
        assert words[int(verdict)] == wanted
        assert latitude == row["lat"]
    judged = covered().base
    for place, name in enumerate(data["threat_name"].values.tolist()):
        column = judged.threats.index(name)
        told = [words[int(verdict)] for verdict in data["verdict"].isel(level=base, threat=place).values]
        pairs = zip(judged.threatened[:, column], judged.defended[:, column], strict=True)
        assert told == ["not_threatened" if not a else "defended" if b else "undefended" for a, b in pairs]
    shots = data["shots_min"].isel(level=base).values
    fewest = np.nanmin(np.where(np.isnan(shots), np.inf, shots), axis=0)
    assert [None if not np.isfinite(value) else int(value) for value in fewest] == [row["shots_min"] for row in table]
    nations = opened("coverage")["nations"].to_dataset()
    assert nations["nation"].values.tolist() == ["DEU"]
    assert float(nations["population_share_base"][0]) == covered().summary().nations["DEU"].population_share


def test_gdal_reads_the_land_of_a_coverage_where_it_lies(files: Files) -> None:
    with rasterio.open(f"netcdf:{files('coverage', '.nc')}:land_verdict_together") as raster:
        assert raster.crs.to_epsg() == 4326
        assert raster.crs.is_geographic
        read = raster.read(1)
        points = covered().base.points
        land = np.flatnonzero(points.kind == "land")
        rows, columns = rasterio.transform.rowcol(
            raster.transform, points.longitude_deg[land], points.latitude_deg[land]
        )
    table = covered().points_table()
    wanted = [0 if not row["threatened"] else 2 if row["defended"] else 1 for row in (table[place] for place in land)]
    assert len(set(wanted)) > 1
    same = np.mean(read[np.asarray(rows, int), np.asarray(columns, int)] == wanted)
    assert same > 0.97  # a node up to half a step away may lie in the next cell
    side = np.sqrt(points.area_km2[land].sum())
    cell = (np.radians(raster.res[0]) * 6371.0) ** 2 * np.cos(np.radians(51.1))
    assert (read >= 0).sum() * cell == pytest.approx(side**2, rel=0.15)  # cells reach over the border by half a side


def test_cf_xarray_reads_the_polygons_of_a_footprint(files: Files) -> None:
    with xr.open_dataset(files("footprint", ".nc"), engine="netcdf4") as data:
        back = cf_xarray.cf_to_shapely(data, container="geometry_container").values[0]
    area = ANSWERS["footprint"]()
    shape = area.placed_rows()[0][0]
    assert back.symmetric_difference(shape).area < 1e-9
    assert back.area == pytest.approx(shape.area, rel=1e-12)


def test_a_trajectory_in_netcdf_is_one_of_the_conventions(files: Files) -> None:
    samples = ANSWERS["trajectory"]().samples  # type: ignore[attr-defined]
    with xr.open_dataset(files("trajectory", ".nc"), engine="netcdf4") as data:
        assert data.attrs["featureType"] == "trajectory"
        assert data["trajectory_id"].attrs["cf_role"] == "trajectory_id"
        assert data["row_size"].attrs["sample_dimension"] == "flight_obs"
        assert data["row_size"].values.tolist() == [len(samples)]
        seconds = (data["time"].values - data["time"].values[0]) / np.timedelta64(1, "s")
        assert np.allclose(seconds, samples[:, 0], atol=1e-3)
        assert np.allclose(data["altitude"].values, 1000.0 * samples[:, 3])
        names = {key: data[key].attrs["standard_name"] for key in ("latitude", "longitude", "altitude")}
        assert names == {
            "latitude": "latitude",
            "longitude": "longitude",
            "altitude": "height_above_reference_ellipsoid",
        }


@pytest.mark.parametrize("ending", api.file_endings())
@pytest.mark.parametrize("answer", ["footprint", "engage", "play"])
def test_the_same_answer_is_the_same_bytes(files: Files, tmp_path: Path, answer: str, ending: str) -> None:
    again = ANSWERS[answer]().to_file(tmp_path / f"again{ending}")
    assert again.read_bytes() == files(answer, ending).read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == [again.name]


def test_another_ending_is_refused_with_those_that_are_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match=r"a file ending in \.gpkg, \.parquet, \.geojson, \.nc, \.kml, \.kmz, \.czml"):
        ANSWERS["footprint"]().to_file(tmp_path / "x.shp")
    arguments = ["trajectory", "--launch", "38,46", "--aim", "44,26", "--threat", "mrbm", "--scenario", "toy"]
    assert main([*arguments, "-o", str(tmp_path / "x.shp")]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert ".gpkg" in printed.err
    assert list(tmp_path.iterdir()) == []


def test_without_pyarrow_geoparquet_says_so_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(OutputError, match="GeoParquet needs pyarrow, which is not installed: pip install"):
        api.check_ending(tmp_path / "x.parquet")


COMMANDS: dict[str, list[str]] = {
    "footprint": [
        "toy",
        "--architecture",
        "fast",
        "--battery",
        "deveselu-fast",
        "--threat",
        "mrbm",
        "--from",
        "northwest",
    ],
    "trajectory": [
        "--launch",
        "38.08,46.29",
        "--aim",
        "44.43,26.1",
        "--threat",
        "mrbm",
        "--scenario",
        "toy",
        "--step-s",
        "30",
    ],
    "engage": ["toy", "--architecture", "fast", "--from", "northwest", "--aim", "44.43,26.1", "--threat", "mrbm"],
    "threat": ["toy", "--threat", "mrbm"],
    "play": ["toy", "--architecture", "fast", "--raid", "four", "--seed", "2"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_writes_what_the_function_returns(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    path = tmp_path / "out.gpkg"
    assert main([command, *COMMANDS[command], "-o", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["path"] == str(path)
    assert path.read_bytes() == files(command, ".gpkg").read_bytes()


def test_places_of_an_architecture_with_the_ranges_of_its_radars(tmp_path: Path) -> None:
    path = tmp_path / "places.gpkg"
    assert main(["export", "toy", "--architecture", "fast", "-o", str(path)]) == 0
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["places", "radar_ranges"]
    ranges = gpd.read_file(path, layer="radar_ranges")
    kind = TOY.radars["forward-x"]
    section = float(TOY.threats["mrbm"].rcs_m2["X"])
    told = 870.0 * (section / 0.01) ** 0.25 if float(kind.search.reference_range_km or 0) == 870.0 else np.nan
    row = ranges[(ranges.radar == "kurecik") & (ranges.threat == "mrbm") & (ranges["mode"] == "search")].iloc[0]
    assert row.range_km == pytest.approx(min(told, float(kind.max_range_km)), rel=1e-12)


def test_a_radar_reaches_as_far_as_it_says_on_the_mean_sphere() -> None:
    layer = radar_range_layer(TOY, TOY.architecture("fast"), ("mrbm",))
    for shape, row in layer.rows:
        at = TOY.elements[row["radar"]].at
        assert at is not None
        here = np.radians([at.latitude_deg, at.longitude_deg])
        there = np.radians(shapely.get_coordinates(shape)[:, ::-1])
        away = np.sin(here[0]) * np.sin(there[:, 0]) + np.cos(here[0]) * np.cos(there[:, 0]) * np.cos(
            there[:, 1] - here[1]
        )
        assert 6371.0088 * np.arccos(np.clip(away, -1, 1)).max() == pytest.approx(row["range_km"], rel=1e-5)


def test_a_flight_across_the_antimeridian_is_cut_there() -> None:
    path = np.array([[0, 10, 178, 0], [1, 11, 179, 100], [2, 13, -179, 300], [3, 14, -178, 0]], dtype=float)
    line = flight_line(path)
    assert line is not None
    first, second = (np.array(part.coords) for part in line.geoms)
    assert first[-1].tolist() == [180.0, 12.0, 200.0]
    assert second[0].tolist() == [-180.0, 12.0, 200.0]
    assert np.abs(np.diff(first[:, 0])).max() <= 1.0


def test_columns_of_classes_have_names_of_their_own() -> None:
    found = column_names(["irbm-3500", "irbm.3500", "low"])
    assert list(found.values()) == ["irbm_3500", "irbm_3500_2", "low_2"]


def test_a_hole_and_an_island_stay_what_they_are(tmp_path: Path) -> None:
    inside = np.ones((9, 9), dtype=bool)
    inside[2:7, 2:7], inside[4, 4] = False, True
    x, y = Window.about(900e3).centres(200e3)
    shape = shapely.geometry.shape(geojson_geometry(outline(inside, x, y), EqualAreaPlane(0.0, 179.0)))
    path = tmp_path / "x.gpkg"
    path.write_bytes(geopackage(MapContent("x", {}, (FeatureLayer("area", "x", [(shape, {"a": 1})]),))))
    back = gpd.read_file(path).geometry.iloc[0]
    assert back.equals(shape)
    assert back.is_valid
