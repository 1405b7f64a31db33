"""Footprints and areas denied against the oracle on a coarse grid of points, off the boundary by a cell."""

import copy
from pathlib import Path

import numpy as np
import pytest
import shapely

import oracle
from hoplon import api
from hoplon.analysis.footprints.footprint import denied, footprint
from hoplon.analysis.footprints.outline import EqualAreaPlane, Window
from hoplon.analysis.store import Store

TOY = Path(api.__file__).parent / "scenario" / "catalogue" / "toy.yaml"
SPACING_KM = 20.0
GRID = 8  # points along each side of the coarse grid


def verdicts(area, centre):
    """Return coarse grid points about an area, inside or not; those near its boundary are left out.

    About an empty area: points within 800 km of the centre, none inside.
    """
    shape = shapely.geometry.shape(area.geometry)
    plane = EqualAreaPlane(*centre)
    corners = shapely.get_coordinates(shape)
    x, y = plane.points(corners[:, 1], corners[:, 0])
    window = Window.about(800e3)
    if x.size:
        margin = 0.15 * max(np.ptp(x), np.ptp(y))
        window = Window(x.min() - margin, y.min() - margin, x.max() + margin, y.max() + margin)
    across, up = window.centres((window.east - window.west) / GRID)
    latitude, longitude = (v.ravel() for v in plane.places(*np.meshgrid(across, up)))
    in_plane = shapely.MultiPoint(np.column_stack([x, y]))
    for lat, lon, point in zip(latitude, longitude, np.column_stack(plane.points(latitude, longitude)), strict=True):
        if not x.size or shapely.Point(point).distance(in_plane) > 2e3 * area.spacing_km:
            yield (float(lat), float(lon)), bool(shapely.contains_xy(shape, lon, lat))


@pytest.fixture(scope="module")
def toy():
    return oracle.load(TOY), api.load("toy")


@pytest.mark.parametrize(
    ("architecture", "battery", "threat"),
    [
        ("slow", "deveselu", "mrbm"),
        pytest.param("fast-remote", "deveselu-fast", "irbm", marks=pytest.mark.slow),
        pytest.param("fast-organic", "deveselu-fast", "irbm", marks=pytest.mark.slow),
    ],
)
def test_footprints_hold_the_points_that_the_oracle_defends(toy, architecture, battery, threat):
    plain, scenario = toy
    area = footprint(
        Store(), scenario, scenario.architecture(architecture), battery, threat, "northwest", spacing_km=SPACING_KM
    )
    judged = list(verdicts(area, (44.07, 24.41)))
    assert len(judged) > 30
    wrong = [
        aim
        for aim, inside in judged
        if inside != oracle.engage(plain, architecture, "northwest", aim, threat)["defended"]
    ]
    assert wrong == []


@pytest.mark.slow
def test_areas_denied_hold_the_launches_that_the_oracle_meets(toy):
    plain, scenario = toy
    aim = (44.43, 26.10)
    area = denied(Store(), scenario, scenario.architecture("slow"), aim, "mrbm", spacing_km=50.0)
    judged = list(verdicts(area, aim))
    assert len(judged) > 30
    wrong = []
    for launch, inside in judged:
        moved = copy.deepcopy(plain)
        moved["launch_areas"]["northwest"] = {"at": list(launch)}
        if inside != oracle.engage(moved, "slow", "northwest", aim, "mrbm")["defended"]:
            wrong.append(launch)
    assert wrong == []
