"""Footprints and denied areas hold against single engagements at places inside and outside their outlines."""

import contextlib
import io
import json
from typing import Any

import numpy as np
import pytest
from shapely.geometry import Point, shape

from hoplon.cli import main

FAST = ["toy", "--architecture", "fast"]
NORTHWEST = (38.08, 46.29)


def answer(*arguments: str) -> dict[str, Any]:
    """Run a command in this process and return its JSON."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main([*arguments, "--json"]) == 0
    parsed: dict[str, Any] = json.loads(out.getvalue())
    return parsed


def defended(latitude: float, longitude: float) -> bool:
    shown = answer("engage", *FAST, "--from", "northwest", "--threat", "mrbm", "--aim", f"{latitude},{longitude}")
    return bool(shown["reachable"] and shown["defended"])


@pytest.fixture(scope="module")
def footprint() -> dict[str, Any]:
    return answer("footprint", *FAST, "--battery", "deveselu-fast", "--threat", "mrbm", "--from", "northwest")


def test_places_well_inside_a_footprint_are_defended_and_well_outside_not(footprint: dict[str, Any]) -> None:
    area = shape(footprint["geometry"])
    edge = area.boundary
    judged = []
    for latitude in np.arange(36.0, 56.0, 2.0):
        for longitude in np.arange(14.0, 34.0, 2.0):
            place = Point(longitude, latitude)
            if edge.distance(place) > 0.5:  # degrees: well off the edge of the cells
                judged.append(area.contains(place))
                assert defended(latitude, longitude) == judged[-1], (latitude, longitude)
    assert 5 < sum(judged) < len(judged)


def test_the_area_of_a_footprint_is_that_of_its_outline(footprint: dict[str, Any]) -> None:
    """On a sphere of equal area (6371.0 km), by the cylindrical equal-area map of Lambert."""

    def equal_area_km(degrees: Any) -> Any:
        radians = np.radians(degrees)
        return np.column_stack([6371.0 * radians[:, 0], 6371.0 * np.sin(radians[:, 1])])

    import shapely

    by_outline = shapely.transform(shape(footprint["geometry"]), equal_area_km).area
    assert footprint["area_km2"] == pytest.approx(by_outline, rel=0.02)


def test_the_launch_areas_inside_a_denied_area_are_those_that_an_engagement_meets() -> None:
    for aim in ("44.43,26.10", "40.98,28.87", "52.23,21.01"):
        area = shape(answer("denied", *FAST, "--aim", aim, "--threat", "mrbm")["geometry"])
        shown = answer("engage", *FAST, "--from", "northwest", "--threat", "mrbm", "--aim", aim)
        launch = Point(NORTHWEST[1], NORTHWEST[0])
        if area.is_empty or area.boundary.distance(launch) > 0.5:
            assert area.contains(launch) == bool(shown["reachable"] and shown["defended"]), aim


def test_a_footprint_against_a_class_that_does_not_fly_from_there_is_empty_with_the_reason() -> None:
    shown = answer("footprint", *FAST, "--battery", "deveselu-fast", "--threat", "irbm", "--from", "centre")
    assert shown["area_km2"] == 0
    assert "centre" in shown["properties"]["reason"]
