"""Places and great circles against PROJ, a code of other hands."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest

from hoplon.constants import MEAN_RADIUS
from hoplon.earth.geodesy import azimuth_to, ground_range, normal_and_altitude, normal_of, position_of_normal
from hoplon.scenario.geography import EUROPE, places
from hoplon.scenario.load import load_scenario
from hoplon.validation.case import Case
from hoplon.validation.geodesy import CASES

TO_ECEF = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
SPHERE = pyproj.Geod(a=MEAN_RADIUS, b=MEAN_RADIUS)
PLACES = [
    (latitude, longitude, altitude)
    for latitude in (-90.0, -41.3, 0.0, 1e-6, 38.35, 54.5, 89.999, 90.0)
    for longitude in (-180.0, -77.0, 0.0, 37.79, 179.9)
    for altitude in (-100.0, 0.0, 2085.0, 450e3, 4000e3)
]


@pytest.mark.parametrize(("latitude", "longitude", "altitude"), PLACES)
def test_a_place_has_the_position_that_proj_gives(latitude: float, longitude: float, altitude: float) -> None:
    normal = normal_of(math.radians(latitude), math.radians(longitude))
    expected = TO_ECEF.transform(longitude, latitude, altitude)
    # A micrometre: rounding of double precision at an Earth radius is a nanometre.
    assert position_of_normal(*normal, altitude) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("latitude", "longitude", "altitude"), PLACES)
def test_a_position_has_the_place_that_proj_gives(latitude: float, longitude: float, altitude: float) -> None:
    ux, uy, uz, height = normal_and_altitude(*TO_ECEF.transform(longitude, latitude, altitude))
    # One metre on the ground and 1 cm in height: a hundredth of the 100 m that the model allows a position.
    assert height == pytest.approx(altitude, abs=0.01)
    expected = normal_of(math.radians(latitude), math.radians(longitude))
    assert (ux, uy, uz) == pytest.approx(expected, abs=1.0 / MEAN_RADIUS)


@pytest.mark.parametrize("launch", [(38.08, 46.29), (-10.0, 179.0), (0.0, 0.0), (89.0, 10.0)])
@pytest.mark.parametrize("aim", [(51.51, -0.13), (41.01, 28.98), (-33.0, -70.0), (64.0, -21.9)])
def test_great_circles_have_the_length_and_azimuth_that_proj_gives(
    launch: tuple[float, float], aim: tuple[float, float]
) -> None:
    azimuth, _, length = SPHERE.inv(launch[1], launch[0], aim[1], aim[0])
    assert float(ground_range(*launch, *aim)) == pytest.approx(length, abs=0.01)
    found = azimuth_to(*np.radians(launch), *np.radians(aim))
    assert math.remainder(math.degrees(found) - azimuth, 360.0) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_erfa_geographiclib_and_proj_are_met(case: Case) -> None:
    case.check()


@pytest.mark.parametrize(
    ("study", "nations", "people"), [("nato-europe", EUROPE, 2.92e6), ("gulf", None, 4.7e4), ("pacific", None, 4.7e5)]
)
def test_geodesics_would_move_the_edge_of_reach_by_as_few_people_as_the_manual_says(
    study: str, nations: tuple[str, ...] | None, people: float
) -> None:
    scenario = load_scenario(study)
    aims = places(tuple(nations or scenario.nations))
    ellipsoid, moved = pyproj.Geod(ellps="WGS84"), {}
    for name, kind in scenario.threats.items():
        by_sphere, by_geodesic = np.zeros((2, len(aims.name)), dtype=bool)
        for area in kind.launch_areas or scenario.launch_areas:
            at = scenario.launch_areas[area].at
            sphere = ground_range(at.latitude_deg, at.longitude_deg, aims.latitude_deg, aims.longitude_deg)
            start = (np.full(len(aims.name), value) for value in (at.longitude_deg, at.latitude_deg))
            by_sphere |= sphere <= 1e3 * float(kind.max_range_km)
            by_geodesic |= ellipsoid.inv(*start, aims.longitude_deg, aims.latitude_deg)[2] <= 1e3 * float(
                kind.max_range_km
            )
        moved[name] = float(aims.population[by_sphere != by_geodesic].sum())
    assert 0.95 * people <= max(moved.values()) <= people
