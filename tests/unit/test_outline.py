"""Equal-area grids and outlines: areas against the geodesic area of pyproj, shapes against RFC 7946."""

import itertools

import numpy as np
import pytest
import shapely
from pyproj import Geod

from hoplon.analysis.footprints.outline import EqualAreaPlane, Window, geojson_geometry, outline

GEODESIC = Geod(ellps="WGS84")
CHORDS = 1e-5  # relative: sides straight in the plane against geodesics between the same vertices

PLACES = [
    (45.0, 25.0, 500e3),
    (10.0, 179.0, 800e3),
    (60.0, -179.9, 3000e3),
    (85.0, 30.0, 1500e3),
    (-88.0, -170.0, 900e3),
    (0.0, 0.0, 9000e3),
]


def ring_with_hole(radius):
    """Return a round mask with a hole off its centre, and its cell centres."""
    x, y = Window.about(1.1 * radius).centres(radius / 40)
    across, up = np.meshgrid(x, y)
    return (np.hypot(across, up) < radius) & ~(np.hypot(across - radius / 3, up) < radius / 4), x, y


@pytest.mark.parametrize(("latitude", "longitude", "radius"), PLACES)
def test_polygons_hold_the_area_of_their_cells(latitude, longitude, radius):
    inside, x, y = ring_with_hole(radius)
    cells = inside.sum() * (radius / 40) ** 2
    shape = shapely.geometry.shape(geojson_geometry(outline(inside, x, y), EqualAreaPlane(latitude, longitude)))
    geodesic = sum(GEODESIC.geometry_area_perimeter(polygon)[0] for polygon in shape.geoms)
    assert geodesic == pytest.approx(cells, rel=CHORDS)


@pytest.mark.parametrize(("latitude", "longitude", "radius"), PLACES)
def test_polygons_obey_rfc_7946(latitude, longitude, radius):
    inside, x, y = ring_with_hole(radius)
    shape = shapely.geometry.shape(geojson_geometry(outline(inside, x, y), EqualAreaPlane(latitude, longitude)))
    assert shape.is_valid
    west, south, east, north = shape.bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    for polygon in shape.geoms:
        assert polygon.exterior.is_ccw
        assert not any(hole.is_ccw for hole in polygon.interiors)
        longitudes = np.array(polygon.exterior.coords)[:, 0]
        assert not ((longitudes == 180).any() and (longitudes == -180).any()) or abs(latitude) > 80 or radius > 8e6


@pytest.mark.parametrize(("latitude", "longitude", "radius"), PLACES)
def test_what_lies_inside_lies_inside_its_polygon(latitude, longitude, radius):
    inside, x, y = ring_with_hole(radius)
    plane = EqualAreaPlane(latitude, longitude)
    shape = shapely.geometry.shape(geojson_geometry(outline(inside, x, y), plane))
    across, up = np.meshgrid(x, y)
    latitudes, longitudes = plane.places(across, up)
    assert (shapely.contains_xy(shape, longitudes, latitudes) == inside).mean() > 0.999


def test_a_plane_keeps_its_places():
    plane = EqualAreaPlane(48.0, 170.0)
    latitude, longitude = plane.places(np.array([0.0, 2e6, -3e6]), np.array([0.0, 1e6, -4e6]))
    x, y = plane.points(latitude, longitude)
    assert latitude[0] == pytest.approx(48.0, abs=1e-9)
    assert x == pytest.approx([0.0, 2e6, -3e6], abs=1e-3)
    assert y == pytest.approx([0.0, 1e6, -4e6], abs=1e-3)


def test_cells_cover_their_window():
    x, y = Window(-10.0, 0.0, 15.0, 5.0).centres(10.0)
    assert x.tolist() == [-7.5, 2.5, 12.5]
    assert y.tolist() == [2.5]


def test_nothing_inside_is_an_empty_outline():
    area = outline(np.zeros((3, 3), dtype=bool), np.arange(3.0), np.arange(3.0))
    assert geojson_geometry(area, EqualAreaPlane(0.0, 0.0)) == {"type": "MultiPolygon", "coordinates": []}


@pytest.mark.parametrize(("latitude", "longitude", "radius"), [*PLACES, (52.0, 178.0, 1200e3), (0.0, 180.0, 200e3)])
def test_no_vertex_is_equal_to_the_one_before(latitude, longitude, radius):
    inside, x, y = ring_with_hole(radius)
    geometry = geojson_geometry(outline(inside, x, y), EqualAreaPlane(latitude, longitude))
    for rings in geometry["coordinates"]:
        for ring in rings:
            assert len(ring) >= 4
            assert ring[0] == ring[-1]
            assert all(before != after for before, after in itertools.pairwise(ring))


def test_a_corner_beside_the_antimeridian_stays_on_its_side():
    plane = EqualAreaPlane(39.14, -121.35)  # two faces of a radar, whose outline ends some metres from the cut
    faces = [[(0.0, 0.0)], [(0.0, 0.0)]]
    for face, middle in zip(faces, (247.0, 357.0), strict=True):
        turned = middle + np.linspace(-60.0, 60.0, 121)
        longitude, latitude, _ = Geod(a=6_371_008.8, b=6_371_008.8).fwd(
            np.full(121, -121.35), np.full(121, 39.14), turned, np.full(121, 4.8e6)
        )
        face.extend(zip(*plane.points(np.asarray(latitude), np.asarray(longitude)), strict=True))
    area = shapely.MultiPolygon([shapely.union_all([shapely.Polygon(face) for face in faces])])
    shape = shapely.geometry.shape(geojson_geometry(area, plane))
    assert shape.is_valid
    for polygon in shape.geoms:
        longitudes = np.asarray(polygon.exterior.coords)[:, 0]
        assert np.abs(np.diff(longitudes)).max() < 180.0
    found = sum(abs(Geod(ellps="WGS84").geometry_area_perimeter(polygon)[0]) for polygon in shape.geoms)
    assert found == pytest.approx(area.area, rel=2e-5)  # sides are straight in the plane, the geodesics are not
