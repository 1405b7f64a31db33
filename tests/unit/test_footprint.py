"""Footprints and areas denied: the search and the measure on shapes whose area is known, then the records."""

import math

import numpy as np
import pytest
import shapely

from hoplon import api
from hoplon.analysis.footprints import footprint as subject
from hoplon.analysis.footprints.outline import EqualAreaPlane
from hoplon.analysis.store import Store
from hoplon.constants import MEAN_RADIUS
from hoplon.errors import UnknownNameError

BUCHAREST = (44.43, 26.10)
# Relative error of the area of a disc counted in cells about 120 across: a few cells of some 11,000.
COUNTED = 0.003


def discs(plane, *shapes):
    """Return a question that is answered yes within discs of the plane, given as (x, y, radius) [m]."""

    def defends(latitude, longitude):
        x, y = plane.points(latitude, longitude)
        return np.any([np.hypot(x - east, y - north) < radius for east, north, radius in shapes], axis=0)

    return defends


@pytest.mark.parametrize("radius", [8e3, 150e3, 2.5e6])
@pytest.mark.parametrize("centre", [(45.0, 25.0), (62.0, 179.5), (-89.0, 10.0)])
def test_a_disc_about_the_centre_has_its_area(centre, radius):
    plane = EqualAreaPlane(*centre)
    spacing, area, geometry = subject._measured(discs(plane, (0.0, 0.0, radius)), plane, 12e6, None)
    assert area * 1e6 == pytest.approx(math.pi * radius**2, rel=COUNTED)
    assert spacing * 1e3 < radius / 20
    assert shapely.geometry.shape(geometry).is_valid


def test_parts_near_and_far_are_both_found():
    plane = EqualAreaPlane(40.0, 30.0)
    shapes = ((0.0, 0.0, 30e3), (3e6, -1e6, 600e3))
    _, area, geometry = subject._measured(discs(plane, *shapes), plane, 8e6, 10.0)
    assert area * 1e6 == pytest.approx(math.pi * (30e3**2 + 600e3**2), rel=COUNTED)
    assert len(geometry["coordinates"]) == 2


def test_an_area_that_the_search_only_touches_is_followed_to_its_end():
    plane = EqualAreaPlane(0.0, 0.0)

    def strip(latitude, longitude):
        x, y = plane.points(latitude, longitude)
        return (np.abs(y) < 20e3) & (x > -10e3) & (x < 1.2e6)

    _, area, _ = subject._measured(strip, plane, 5e6, 1.0)
    assert area == pytest.approx(1210.0 * 40.0, rel=0.05)  # the strip is 40 cells wide, or 41


def test_nothing_defended_is_an_empty_area():
    plane = EqualAreaPlane(0.0, 0.0)
    assert subject._measured(discs(plane, (0.0, 0.0, 0.0)), plane, 3e6, None) == (
        None,
        0.0,
        {"type": "MultiPolygon", "coordinates": []},
    )


def test_the_search_reaches_as_far_as_the_class_flies():
    plane = EqualAreaPlane(10.0, 20.0)
    seen = []

    def nowhere(latitude, longitude):
        seen.append(np.hypot(*plane.points(latitude, longitude)).max())
        return np.zeros(latitude.shape, dtype=bool)

    subject._measured(nowhere, plane, 3e6, None)
    assert max(seen) >= 2.0 * MEAN_RADIUS * math.sin(1.5e6 / MEAN_RADIUS) * 0.97


@pytest.fixture(scope="module")
def toy():
    return api.load("toy")


@pytest.fixture(scope="module")
def slow(toy):
    return subject.footprint(Store(), toy, toy.architecture("slow"), "deveselu", "mrbm", "northwest", spacing_km=40.0)


def test_a_footprint_is_a_geojson_feature(slow):
    answer = slow.as_json()
    assert answer["type"] == "Feature"
    assert answer["area_km2"] == answer["properties"]["area_km2"] == slow.area_km2 > 0.0
    assert answer["properties"]["battery"] == "deveselu"
    assert answer["properties"]["from"] == "northwest"
    assert shapely.contains_xy(shapely.geometry.shape(answer["geometry"]), BUCHAREST[1], BUCHAREST[0])


def test_finer_cells_tell_the_same_area(slow, toy):
    fine = subject.footprint(Store(), toy, toy.architecture("slow"), "deveselu", "mrbm", "northwest", spacing_km=20.0)
    assert fine.area_km2 == pytest.approx(slow.area_km2, rel=0.05)


def test_a_footprint_lies_within_reach_of_the_class(slow):
    launch = np.array([38.08, 46.29])
    corners = shapely.get_coordinates(shapely.geometry.shape(slow.geometry))
    from hoplon.earth.geodesy import ground_range

    distance = ground_range(*launch, corners[:, 1], corners[:, 0])
    # A corner lies half a cell's diagonal beyond the centre of its cell at most.
    assert distance.max() < 2000e3 + 30e3
    assert distance.min() > 600e3 - 30e3


def test_a_class_that_is_not_launched_there_says_so(toy):
    answer = subject.footprint(Store(), toy, toy.architecture("slow"), "deveselu", "irbm", "centre")
    assert answer.area_km2 == 0.0
    assert answer.reason == "irbm is not launched from centre"
    assert answer.as_json()["geometry"] == {"type": "MultiPolygon", "coordinates": []}


def test_unknown_names_are_refused(toy):
    with pytest.raises(UnknownNameError, match="deveselu"):
        subject.footprint(Store(), toy, toy.architecture("slow"), "develu", "mrbm", "northwest")
    with pytest.raises(UnknownNameError, match="mrbm"):
        subject.denied(Store(), toy, toy.architecture("slow"), BUCHAREST, "mrbn")


def test_an_area_denied_holds_the_launch_area_whose_shot_is_met(toy):
    answer = subject.denied(Store(), toy, toy.architecture("slow"), BUCHAREST, "mrbm", spacing_km=100.0)
    shape = shapely.geometry.shape(answer.geometry)
    assert shapely.contains_xy(shape, 46.29, 38.08)
    assert not shapely.contains_xy(shape, 26.10, 44.43)
    assert answer.as_json()["properties"]["aim"] == list(BUCHAREST)


@pytest.mark.parametrize("centre", [(45.0, 25.0), (0.0, 100.0), (-89.0, 10.0)])
def test_cells_off_the_globe_are_not_asked_about(centre):
    asked = []

    def everywhere(latitude, longitude):
        asked.append((latitude, longitude))
        return np.ones(latitude.shape, dtype=bool)

    plane = EqualAreaPlane(*centre)
    inside, _, _ = subject._judged(everywhere, plane, subject.Window.about(13.0e6), 26e6 / 800)
    (places,) = asked
    assert np.isfinite(places).all()
    assert np.abs(places[0]).max() <= 90.0
    # Of the whole ellipsoid, 510.066 million km2 (GRS 80), but for the cells that its edge cuts.
    assert inside.sum() * (26e3 / 800) ** 2 == pytest.approx(510.066e6, rel=0.01)
