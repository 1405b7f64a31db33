"""Projection, scale bars, geodesic shapes, land."""

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hoplon.presentation.maps.cartography import base_map, geodesic_sector, ground_range, scale_bar_width
from hoplon.presentation.maps.windows import (
    ATLANTIC_ISLANDS,
    EUROPE,
    NORTH_AMERICA,
    WIDE,
    MapWindow,
    window_about,
    window_of,
)
from hoplon.scenario import geography

_ELLIPSOID = pyproj.Geod(ellps="WGS84")
_SPHERE = pyproj.Geod(a=6371008.8, b=6371008.8)


@pytest.mark.parametrize("window", [EUROPE, WIDE, ATLANTIC_ISLANDS, NORTH_AMERICA])
@pytest.mark.parametrize("distance_km", [250.0, 500.0, 1000.0])
def test_a_scale_bar_stands_for_its_geodesic_distance_at_the_centre(window: MapWindow, distance_km: float) -> None:
    width = scale_bar_width(window, distance_km * 1000.0)
    x, y = window.centre
    to_degrees = pyproj.Transformer.from_crs(window.crs, "EPSG:4326", always_xy=True)
    longitude, latitude = to_degrees.transform([x - width / 2.0, x + width / 2.0], [y, y])
    _, _, there = _ELLIPSOID.inv(longitude[0], latitude[0], longitude[1], latitude[1])
    assert there == pytest.approx(distance_km * 1000.0, rel=1e-9)


def test_the_european_map_is_epsg_3035() -> None:
    easting, northing = EUROPE.project(52.0, 10.0)
    assert (float(easting), float(northing)) == pytest.approx((4321000.0, 3210000.0), abs=0.01)


@given(st.floats(30.0, 70.0), st.floats(-20.0, 45.0))
def test_places_come_back_from_the_map(latitude: float, longitude: float) -> None:
    back = EUROPE.locate(*EUROPE.project(latitude, longitude))
    assert (float(back[0]), float(back[1])) == pytest.approx((latitude, longitude), abs=1e-7)


@given(st.floats(-70.0, 70.0), st.floats(-180.0, 180.0), st.floats(-70.0, 70.0), st.floats(-180.0, 180.0))
def test_ground_range_agrees_with_a_second_method_on_the_mean_sphere(a: float, b: float, c: float, d: float) -> None:
    _, _, expected = _SPHERE.inv(b, a, d, c)
    assert float(ground_range(a, b, c, d)) == pytest.approx(expected, rel=1e-6, abs=1.0)


def test_a_sector_keeps_its_range_and_opens_to_both_sides_of_its_azimuth() -> None:
    latitude, longitude = geodesic_sector(38.35, 37.79, 900e3, 105.0, 60.0)
    azimuth, _, distance = _SPHERE.inv(
        np.full(latitude.shape, 37.79), np.full(latitude.shape, 38.35), longitude, latitude
    )
    assert distance.max() == pytest.approx(900e3, rel=1e-9)
    arc = distance > 899e3
    assert arc.sum() == 181
    assert azimuth[arc].min() == pytest.approx(45.0, abs=1e-6)
    assert azimuth[arc].max() == pytest.approx(165.0, abs=1e-6)


def test_a_sector_all_round_is_a_circle_without_its_apex() -> None:
    latitude, longitude = geodesic_sector(50.0, 10.0, 500e3)
    _, _, distance = _SPHERE.inv(np.full(latitude.shape, 10.0), np.full(latitude.shape, 50.0), longitude, latitude)
    assert distance == pytest.approx(np.full(latitude.shape, 500e3), rel=1e-9)


def test_members_are_tinted_and_others_are_not() -> None:
    base = base_map(EUROPE, ("DEU", "POL"))
    berlin, warsaw, paris = (EUROPE.project(*place) for place in ((52.52, 13.4), (52.23, 21.01), (48.86, 2.35)))
    for x, y in (berlin, warsaw):
        assert base.members.contains_point((float(x), float(y)))
    assert not base.members.contains_point((float(paris[0]), float(paris[1])))
    assert base.others.contains_point((float(paris[0]), float(paris[1])))


def test_borders_of_the_map_keep_the_area_of_a_country_to_one_per_cent() -> None:
    base = base_map(EUROPE, ("POL",))
    drawn = shapely.Polygon(max(base.members.to_polygons(), key=len)).area
    outline = next(shape for code, _, shape in geography.borders() if code == "POL")
    true = abs(pyproj.Geod(ellps="WGS84").geometry_area_perimeter(outline)[0])
    assert drawn == pytest.approx(true, rel=0.01)


def points_at(*places: tuple[float, float], kind: str = "place") -> geography.AimPoints:
    latitude, longitude = np.array(places, dtype=float).T
    count = len(places)
    return geography.AimPoints(
        *(np.full(count, "p"), np.full(count, "")),
        latitude,
        longitude,
        *(np.ones(count), np.zeros(count)),
        np.full(count, kind),
    )


ELSEWHERE = {
    "the Aleutians, across the antimeridian": [(61.2, -149.9), (51.88, -176.65), (52.9, 172.9)],
    "Tokyo alone": [(35.7, 139.7)],
    "the Pacific, north and south": [(35.7, 139.7), (-33.9, 151.2), (21.3, -157.9)],
    "about the South Pole": [(-77.8, 166.7), (-67.6, 62.9), (-64.8, -64.1)],
    "continents apart": [(35.7, 139.7), (-33.9, 151.2), (51.5, 0.1), (40.0, -75.0)],
}


@pytest.mark.parametrize("where", ELSEWHERE)
def test_the_map_shows_the_points_wherever_they_are(where: str) -> None:
    window = window_of(("USA", "ROU"), points_at(*ELSEWHERE[where]))
    latitude, longitude = np.array(ELSEWHERE[where], dtype=float).T
    assert window.holds(*window.project(latitude, longitude)).all()
    assert window not in (EUROPE, NORTH_AMERICA)
    assert 1.0 < window.aspect < 2.1
    west, south, east, north = window.clip_deg
    turned = (longitude - west) % 360.0 + west
    assert ((west <= turned) & (turned <= east) & (south <= latitude) & (latitude <= north)).all()


def test_land_is_drawn_on_both_sides_of_the_antimeridian() -> None:
    window = window_about([66.0, 66.0, 65.0], [170.0, -170.0, -160.0])
    base = base_map(window, ("RUS", "USA"))
    for latitude, longitude in ((66.5, 178.0), (66.5, -178.0), (65.0, -160.0)):  # Chukotka east and west of it, Alaska
        assert base.members.contains_point(tuple(float(value) for value in window.project(latitude, longitude)))


def test_a_map_is_equal_area_wherever_it_is() -> None:
    for places in ELSEWHERE.values():
        window = window_of((), points_at(*places))
        latitude, longitude = places[0]
        ring = (longitude + np.array([0.0, 1.0, 1.0, 0.0]), latitude + np.array([0.0, 0.0, 0.5, 0.5]))
        x, y = window.project(ring[1], ring[0])
        on_map = 0.5 * abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))))
        truth = abs(_ELLIPSOID.polygon_area_perimeter(*ring)[0])
        assert on_map == pytest.approx(truth, rel=0.003)  # sides straight on the map against geodesics


def test_bundled_nations_keep_their_maps() -> None:
    europe = geography.places(geography.EUROPE).concat(geography.land_grid(geography.EUROPE))
    assert window_of(geography.EUROPE, europe) is EUROPE
    assert window_of(("NOR",), europe.subset(europe.nation == "NOR")) is EUROPE  # without most of Svalbard
    america = geography.land_grid(geography.NORTH_AMERICA)
    assert window_of(geography.NORTH_AMERICA, america) is NORTH_AMERICA
    assert window_of(("ROU",), points_at((64.0, -150.0), (50.0, -100.0))) is NORTH_AMERICA
