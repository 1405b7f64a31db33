"""Maps anywhere in the world: nations whole across the antimeridian and a pole, lines that do not cross the map."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from matplotlib.figure import Figure
from matplotlib.path import Path

from hoplon.presentation.maps.cartography import base_map, connected, geodesic_sector, label_graticule, projected
from hoplon.presentation.maps.windows import (
    EUROPE,
    NORTH_AMERICA,
    WIDE,
    MapWindow,
    wide_window,
    window_about,
    window_of,
    world_about,
)
from hoplon.scenario import geography
from hoplon.scenario.values import Place

_ELLIPSOID = pyproj.Geod(ellps="WGS84")
_RADIUS = 6371008.8  # [m] mean radius of the Earth, IUGG

# A window that leaves nothing of the nation out, and the nation.
WHOLE = {
    "Fiji, across the antimeridian": (window_about([-21.0, -12.0], [176.0, -176.0]), "FJI"),
    "New Zealand": (window_about([-53.0, -29.0], [165.0, -175.0]), "NZL"),
    "Russia, with the antimeridian inside": (window_about([40.0, 82.0, 60.0, 60.0], [90.0, 90.0, 20.0, -165.0]), "RUS"),
    "Russia, about the pole": (window_about([35.0, 35.0, 35.0], [0.0, 120.0, -120.0]), "RUS"),
    "Canada, about the pole, cut by the edge in longitude": (
        window_about([35.0, 35.0, 35.0], [90.0, 210.0, -30.0]),
        "CAN",
    ),
    "Antarctica, about the pole": (window_about([-58.0, -58.0, -58.0], [0.0, 120.0, -120.0]), "ATA"),
    "Bahrain alone": (window_about([26.0], [50.5]), "BHR"),
    "the United States on a map of the Pacific": (world_about([120.0, -150.0, -60.0]), "USA"),
    "France on a map of the Pacific, cut by its edge": (world_about([120.0, -150.0, -60.0]), "FRA"),
}


def outline_of(code: str) -> shapely.Geometry:
    return shapely.union_all([shape for found, _, shape in geography.borders() if found == code])


@pytest.mark.parametrize("where", WHOLE)
def test_a_nation_is_drawn_with_its_area_on_the_ellipsoid(where: str) -> None:
    window, code = WHOLE[where]
    outline = outline_of(code)
    true = sum(abs(_ELLIPSOID.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(outline))
    drawn = projected(outline, window)
    assert drawn.is_valid
    assert drawn.area == pytest.approx(true, rel=0.004)  # sides straight on the map against geodesics


@pytest.mark.parametrize(
    ("window", "code", "place"),
    [
        (window_about([66.0, 66.0, 65.0], [170.0, -170.0, -160.0]), "RUS", (67.5, 180.0)),  # Chukotka
        (window_about([35.0, 35.0, 35.0], [0.0, 120.0, -120.0]), "RUS", (67.5, 180.0)),
        (window_about([35.0, 35.0, 35.0], [90.0, 210.0, -30.0]), "CAN", (65.0, -90.0)),  # the far meridian of this map
        (window_about([-58.0, -58.0, -58.0], [0.0, 120.0, -120.0]), "ATA", (-87.0, 180.0)),
        (window_about([-58.0, -58.0, -58.0], [0.0, 120.0, -120.0]), "ATA", (-90.0, 0.0)),
    ],
)
def test_no_border_is_drawn_where_data_or_map_cut_a_nation(
    window: MapWindow, code: str, place: tuple[float, float]
) -> None:
    drawn = projected(outline_of(code), window)
    here = shapely.Point(*(float(value) for value in window.project(*place)))
    assert drawn.contains(here)
    assert drawn.boundary.distance(here) > 50e3


def test_a_map_of_the_pacific_has_its_edge_where_nobody_is() -> None:
    window = world_about([127.0, 144.0, -150.0, -75.0])
    assert "Equal Earth about" in window.title
    middle = (window.clip_deg[0] + window.clip_deg[2]) / 2.0
    assert abs((middle - (127.0 + 285.0) / 2.0 + 180.0) % 360.0 - 180.0) <= 5.0  # the middle of 127 E to 75 W
    x, _ = window.project([35.0, 40.0], [140.0, -75.0])
    assert 0.0 < x[1] - x[0] < 15e6  # New York lies to the right of Tokyo, and not by way of Europe
    assert world_about([-75.0, 0.0, 140.0]).title == "Equal Earth"


@pytest.mark.parametrize("apex", [(50.0, 8.0), (40.0, -20.0), (75.0, 100.0), (-75.0, -160.0)])
def test_a_ring_that_leaves_the_map_at_one_edge_comes_back_at_the_other_with_no_line_between(
    apex: tuple[float, float],
) -> None:
    window = world_about([120.0, -150.0, -60.0])  # its edge is about the meridian of 30 E
    x, y = connected(window, *geodesic_sector(*apex, 4.0e6))
    steps = np.hypot(np.diff(x), np.diff(y))
    assert np.nanmax(steps) < 1.5e6
    straight = np.hypot(*(np.diff(part) for part in window.project(*geodesic_sector(*apex, 4.0e6))))
    assert straight.max() > 8e6  # drawn without a break it would cross the map
    assert np.isnan(x).sum() == (straight > 6.0e6).sum() or np.isnan(x).sum() >= 1


def test_a_line_within_the_map_has_no_break() -> None:
    window = window_about([-40.0, -10.0], [165.0, -170.0])
    x, y = connected(window, *geodesic_sector(-18.0, 178.0, 1.0e6))  # across the antimeridian
    assert np.isfinite(x).all()
    cap = 2.0 * np.pi * _RADIUS**2 * (1.0 - np.cos(1.0e6 / _RADIUS))
    assert shapely.Polygon(np.column_stack([x, y])).area == pytest.approx(cap, rel=0.01)  # sphere against ellipsoid


def test_an_area_cut_at_the_antimeridian_is_drawn_in_one_piece() -> None:
    window = window_about([-30.0, -5.0], [165.0, -165.0])
    cut = shapely.MultiPolygon([shapely.box(174.0, -25.0, 180.0, -12.0), shapely.box(-180.0, -25.0, -173.0, -12.0)])
    drawn = projected(cut, window)
    assert drawn.geom_type == "Polygon"
    dense = shapely.segmentize(cut, 0.1)
    true = sum(abs(_ELLIPSOID.geometry_area_perimeter(part)[0]) for part in dense.geoms)
    assert drawn.area == pytest.approx(true, rel=1e-3)


def test_a_nation_of_the_north_atlantic_treaty_is_tinted_as_far_south_as_it_is_studied() -> None:
    window = window_about([15.0, 60.0], [140.0, -120.0])
    base = base_map(window, ("USA", "GUM"))

    def inside(path: Path, latitude: float, longitude: float) -> bool:
        return bool(path.contains_point(tuple(float(value) for value in window.project(latitude, longitude))))

    assert inside(base.members, 64.0, -150.0)
    assert not inside(base.members, 19.6, -155.5)  # Hawaii: no places of it are bundled
    assert inside(base.others, 19.6, -155.5)


LAUNCH = {"gulf": [Place(31.3, 48.7), Place(15.4, 44.2)], "pacific": [Place(39.2, 127.4)]}


def test_nations_outside_europe_have_a_window_of_their_own_with_the_launch_areas() -> None:
    for study, nations in (("gulf", ("SAU", "OMN", "KWT")), ("pacific", ("JPN", "KOR", "GUM"))):
        points = geography.places(nations).concat(geography.land_grid(nations))
        for window in (
            window_of(nations, points, LAUNCH[study]),
            window_of(nations, None, LAUNCH[study]),
            wide_window(nations, points.latitude_deg, points.longitude_deg, LAUNCH[study]),
        ):
            assert window not in (EUROPE, WIDE, NORTH_AMERICA)
            assert window.holds(*window.project(points.latitude_deg, points.longitude_deg)).all()
            assert all(window.holds(*window.project(area.latitude_deg, area.longitude_deg)) for area in LAUNCH[study])


def test_european_nations_keep_their_windows_whatever_the_launch_areas() -> None:
    romania = geography.places(("ROU",))
    assert window_of(("ROU",), romania, LAUNCH["gulf"]) is EUROPE
    assert wide_window(("ROU",), romania.latitude_deg, romania.longitude_deg, LAUNCH["gulf"]) is WIDE


@pytest.mark.parametrize(("nation", "widest_km"), [("BHR", 500.0), ("SGP", 500.0), ("FJI", 1500.0), ("GUM", 500.0)])
def test_one_small_nation_fills_a_fair_part_of_its_map(nation: str, widest_km: float) -> None:
    window = window_of((nation,), geography.places((nation,)))
    assert (window.x_max - window.x_min) / 1000.0 <= widest_km
    assert window.graticule_step_deg <= 2.0 or nation == "FJI"
    assert window.scale_km * 1000.0 < 0.4 * (window.x_max - window.x_min)
    assert len(base_map(window, (nation,)).members.vertices) > 3


def test_svalbard_is_shown_without_the_world() -> None:
    window = window_about([78.2, 78.9, 80.0], [15.6, 11.9, 27.0])
    assert (window.x_max - window.x_min) < 1.2e6
    assert base_map(window, ("NOR",)).members.contains_point([float(value) for value in window.project(79.0, 17.0)])


def test_degrees_run_on_across_the_antimeridian() -> None:
    window = window_about([-25.0, -12.0], [168.0, -168.0])
    axes = Figure().add_subplot()
    label_graticule(axes, base_map(window, ("FJI",)))
    texts = [text.get_text() for text in axes.texts]
    assert {"170°E", "180°", "170°W"} <= set(texts)
    assert len(texts) == len(set(texts))
