"""Outlines of any cells about any place, the antimeridian and the poles included: polygons as RFC 7946 has them."""

import itertools

import numpy as np
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hoplon.analysis.footprints.outline import EqualAreaPlane, Window, geojson_geometry, outline

HALF_M = (100e3, 500e3, 1500e3)
BOUNDARY_DEG = 1e-4  # about twice the half-width of the cut along the antimeridian, which ends at a pole


@st.composite
def _cells(draw):
    """Return a plane, and which cells of a grid about its centre are inside."""
    latitude = draw(st.one_of(st.floats(-90, 90), st.sampled_from([90.0, -90.0, 89.9, -89.99, 85.0])))
    longitude = draw(st.one_of(st.floats(-180, 180), st.sampled_from([180.0, -180.0, 179.99, 0.0])))
    side, half = draw(st.integers(2, 8)), draw(st.sampled_from(HALF_M))
    inside = np.array(draw(st.lists(st.booleans(), min_size=side * side, max_size=side * side))).reshape(side, side)
    return latitude, longitude, half, inside


CORNER_ON_THE_ANTIMERIDIAN = np.array(
    [
        [1, 0, 1, 0, 0, 1],
        [0, 1, 0, 0, 0, 0],
        [1, 0, 1, 0, 0, 0],
        [1, 1, 0, 0, 1, 0],
        [1, 1, 0, 1, 1, 1],
        [1, 1, 1, 0, 0, 0],
    ],
    dtype=bool,
)
SIDE_THROUGH_THE_POLE = np.array([[0, 0], [1, 0]], dtype=bool)


@settings(max_examples=25, deadline=None)
@given(_cells())
@example((-90.0, 0.0, 100e3, CORNER_ON_THE_ANTIMERIDIAN))
@example((90.0, 0.0, 500e3, SIDE_THROUGH_THE_POLE))
def test_any_outline_obeys_rfc_7946_and_holds_its_cells(cells):
    latitude, longitude, half, inside = cells
    x, y = Window.about(half).centres(2.0 * half / inside.shape[0])
    plane = EqualAreaPlane(latitude, longitude)
    geometry = geojson_geometry(outline(inside, x, y), plane)
    shape = shapely.geometry.shape(geometry)
    assert shape.is_valid, shapely.is_valid_reason(shape)
    for polygon in geometry["coordinates"]:
        for place, ring in enumerate(polygon):
            assert ring[0] == ring[-1]
            assert len(ring) >= 4
            assert shapely.LinearRing(ring).is_ccw == (place == 0)
            for (west, south), (east, north) in itertools.pairwise(ring):
                assert (west, south) != (east, north)
                assert abs(west - east) <= 180.0 or min(abs(south), abs(north)) > 89.99
    across, up = np.meshgrid(x, y)
    latitudes, longitudes = plane.places(across, up)
    held = shapely.intersects_xy(shape, longitudes, latitudes)
    other = held != inside
    edge = shapely.distance(shapely.boundary(shape), shapely.points(longitudes[other], latitudes[other]))
    assert (edge < BOUNDARY_DEG).all()
