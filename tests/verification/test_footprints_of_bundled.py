"""Footprints and areas denied of the bundled scenarios: valid, turned, cut at the antimeridian, no vertex twice."""

import itertools
from dataclasses import replace

import pytest
import shapely
from pyproj import Geod

import hoplon
from hoplon.analysis.footprints.footprint import DefendedArea
from hoplon.scenario.model import Place, Scenario

GEODESIC = Geod(ellps="WGS84")
CHORDS = 2e-3  # relative: sides of a 120th of the area, straight in the plane, against geodesics, and corners cut off


def _any_battery(scenario: Scenario) -> DefendedArea:
    """Return the first footprint that is not empty, of the last architecture that has one."""
    for name in reversed(scenario.architectures):
        elements = scenario.architecture(name).elements
        batteries = [battery for battery, element in elements.items() if element.battery is not None]
        for battery, threat, area in itertools.product(batteries, scenario.threats, scenario.launch_areas):
            found = hoplon.footprint(scenario, name, battery, threat, area)
            if found.area_km2 > 0.0:
                return found
    raise AssertionError("nothing defends anything")


def _moved_to(latitude: float, longitude: float) -> Scenario:
    """Return the toy scenario with everything moved by one turn, so that its battery stands at a place."""
    toy = hoplon.load("toy")
    old = toy.elements["deveselu-fast"].at
    assert old is not None

    def there(at: Place | None) -> Place | None:
        if at is None:
            return None
        azimuth, _, distance = GEODESIC.inv(old.longitude_deg, old.latitude_deg, at.longitude_deg, at.latitude_deg)
        east, north, _ = GEODESIC.fwd(longitude, latitude, azimuth, distance)
        return Place(north, east, at.altitude_m)

    areas = {name: replace(area, at=there(area.at)) for name, area in toy.launch_areas.items()}
    elements = {name: replace(element, at=there(element.at)) for name, element in toy.elements.items()}
    return replace(toy, launch_areas=areas, elements=elements)


def _of_the_moved(latitude: float, longitude: float) -> DefendedArea:
    return hoplon.footprint(_moved_to(latitude, longitude), "fast", "deveselu-fast", "mrbm", "northwest")


AREAS = {
    "toy": lambda: _any_battery(hoplon.load("toy")),
    "nato-europe": lambda: _any_battery(hoplon.load("nato-europe")),
    "gulf": lambda: _any_battery(hoplon.load("gulf")),
    "pacific": lambda: _any_battery(hoplon.load("pacific")),
    "on the antimeridian": lambda: _of_the_moved(44.0, 180.0),
    "beside the North Pole": lambda: _of_the_moved(88.5, 20.0),
    "denied, on the antimeridian": lambda: hoplon.denied(_moved_to(44.0, 179.0), "fast", (44.0, 179.5), "mrbm"),
}


@pytest.mark.parametrize("name", AREAS)
def test_an_area_is_polygons_that_any_reader_takes(name: str) -> None:
    found = AREAS[name]()
    shape = shapely.geometry.shape(dict(found.geometry))
    assert shape.is_valid
    assert not shape.is_empty
    for polygon in found.geometry["coordinates"]:
        for place, ring in enumerate(polygon):
            assert ring[0] == ring[-1]
            assert shapely.LinearRing(ring).is_ccw == (place == 0)
            assert all(before != after for before, after in itertools.pairwise(ring))
            assert all(-180.0 <= longitude <= 180.0 and -90.0 <= latitude <= 90.0 for longitude, latitude in ring)
            jumps = [pair for pair in itertools.pairwise(ring) if abs(pair[0][0] - pair[1][0]) > 180.0]
            assert all(abs(latitude) > 89.99 for pair in jumps for _, latitude in pair)
    geodesic = sum(GEODESIC.geometry_area_perimeter(part)[0] for part in shape.geoms) / 1e6
    assert geodesic == pytest.approx(found.area_km2, rel=CHORDS)
    if "antimeridian" in name:
        west, _, east, _ = shape.bounds
        assert (west, east) == (-180.0, 180.0)
