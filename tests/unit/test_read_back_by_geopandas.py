"""Answers as tables of geopandas: read back from a file, each place is where it was asked about."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

import hoplon

FEW = """\
lat,lon,name,population,nation
44.43,26.10,Bucharest,100,ROU
41.0,29.0,Istanbul,300,TUR
52.2,21.0,Warsaw,50,POL
38.7,-9.1,Lisboa,70,PRT
"""


@pytest.fixture
def few(tmp_path: Path) -> Path:
    path = tmp_path / "few.csv"
    path.write_text(FEW, encoding="utf-8")
    return path


def read_back(frame: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    assert frame.crs.to_epsg() == 4326
    frame.to_file(path, driver="GeoJSON")
    back = gpd.read_file(path)
    assert back.crs.to_epsg() == 4326
    assert back.geometry.is_valid.all()
    return back


def test_points_of_a_coverage_with_the_columns_of_their_table(few: Path, tmp_path: Path) -> None:
    covered = hoplon.coverage("toy", "slow", points=few, levels="base", explain=True)
    back = read_back(covered.to_geodataframe(), tmp_path / "points.geojson")
    table = covered.points_table()
    each = [f"{name}_mrbm" for name in ("threatened", "defended", "shots_min", "margin_s", "margin_km", "cause")]
    classes = [*each, *(name.replace("mrbm", "irbm") for name in each)]
    assert list(back.columns) == [*table[0], "cause", "kind", "area_km2", *classes, "geometry"]
    assert list(zip(back.geometry.x, back.geometry.y, strict=True)) == [
        (26.1, 44.43),
        (29, 41),
        (21, 52.2),
        (-9.1, 38.7),
    ]
    assert back["defended"].tolist() == [row["defended"] for row in table]
    open_points = back["threatened"] & ~back["defended"]
    assert open_points.any()
    assert (back["cause"].notna() == open_points).all()
    plain = hoplon.coverage("toy", "slow", points=few, levels="base").to_geodataframe()
    without = [name for name in back.columns if not name.startswith(("margin", "cause"))]
    assert list(plain.columns) == without


def test_an_area_denied_is_polygons_of_its_size(tmp_path: Path) -> None:
    area = hoplon.footprint("toy", "fast", next(iter(_batteries("fast"))), "mrbm", "northwest")
    back = read_back(area.to_geodataframe(), tmp_path / "area.geojson")
    assert back.loc[0, "kind"] == "footprint"
    measured = back.to_crs("EPSG:6933").area.iloc[0] / 1e6  # cylindrical equal-area
    assert measured == pytest.approx(area.area_km2, rel=0.02)


def _batteries(architecture: str) -> list[str]:
    elements = hoplon.load("toy").architecture(architecture).elements
    return [name for name, element in elements.items() if element.battery is not None]


def test_nations_of_a_threat_and_of_a_comparison_hold_their_capitals(few: Path, tmp_path: Path) -> None:
    capitals = {"ROU": (26.1, 44.43), "POL": (21.0, 52.2), "TUR": (32.85, 39.92)}
    found = hoplon.threat("toy").to_geodataframe()
    compared = hoplon.compare("toy", "fast", "slow", points=few, samples=10).to_geodataframe()
    assert list(compared.columns) == ["nation", "a", "b", "difference", "geometry"]
    assert {"nation", "threat"} <= set(found.columns)
    for place, frame in enumerate((found, compared)):
        back = read_back(frame, tmp_path / f"nations{place}.geojson")
        for code, capital in capitals.items():
            rows = back[back["nation"] == code]
            assert len(rows), code
            assert rows.geometry.contains(shapely.Point(capital)).all()


def test_a_flight_and_the_batteries_of_an_engagement(tmp_path: Path) -> None:
    launch, aim = (36.0, 50.0), (44.43, 26.1)
    flown = hoplon.trajectory(
        launch, aim, burn_time_s=90.0, burnout_altitude_km=80.0, burnout_ground_range_km=60.0, step_s=60.0
    )
    back = read_back(flown.to_geodataframe(), tmp_path / "flight.geojson")
    assert (back.geometry.iloc[-1].x, back.geometry.iloc[-1].y) == pytest.approx((26.1, 44.43), abs=1e-6)
    data = flown.as_dataset()
    assert data["altitude_km"].sel(t_s=60.0).item() == flown.samples[flown.samples[:, 0] == 60.0][0, 3]
    data["altitude_km"].values[:] = 0.0  # the caller's own
    assert flown.as_dataset()["altitude_km"].max() > 100.0
    engaged = hoplon.engage("toy", "fast", "northwest", aim, "mrbm")
    back = read_back(engaged.to_geodataframe(), tmp_path / "batteries.geojson")
    for row in back.itertuples():
        at = hoplon.load("toy").architecture("fast").elements[row.battery].at
        assert at is not None
        assert (row.geometry.x, row.geometry.y) == (at.longitude_deg, at.latitude_deg)
    places = hoplon.export("toy", "geojson")
    assert read_back(places.to_geodataframe(), tmp_path / "places.geojson").shape[0] == len(places.features)
