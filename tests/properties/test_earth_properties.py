from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoplon.constants import MEAN_RADIUS
from hoplon.earth.geodesy import ground_range, normal_and_altitude, normal_of, position_of_normal

LATITUDES, LONGITUDES = st.floats(-90.0, 90.0), st.floats(-180.0, 180.0)


@given(LATITUDES, LONGITUDES, st.floats(-1e3, 5e6))
def test_a_place_comes_back_from_its_position(latitude: float, longitude: float, altitude: float) -> None:
    normal = normal_of(math.radians(latitude), math.radians(longitude))
    *found, height = normal_and_altitude(*position_of_normal(*normal, altitude))
    assert height == pytest.approx(altitude, abs=1e-3)
    assert found == pytest.approx(normal, abs=2e-9)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_ground_range_is_a_distance(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> None:
    there = float(ground_range(lat_a, lon_a, lat_b, lon_b))
    assert there == float(ground_range(lat_b, lon_b, lat_a, lon_a))
    assert 0.0 <= there <= math.pi * MEAN_RADIUS * (1.0 + 1e-12)
    assert float(ground_range(lat_a, lon_a, lat_a, lon_a)) == 0.0


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_no_way_round_is_shorter_than_the_great_circle(
    lat_a: float, lon_a: float, lat_b: float, lon_b: float, lat_c: float, lon_c: float
) -> None:
    direct = float(ground_range(lat_a, lon_a, lat_c, lon_c))
    round_about = float(ground_range(lat_a, lon_a, lat_b, lon_b)) + float(ground_range(lat_b, lon_b, lat_c, lon_c))
    assert direct <= round_about + 1e-6
