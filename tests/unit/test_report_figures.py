"""Figures say in words what they draw; the road map follows the scenario."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
import report_samples as samples
import shapely

from hoplon.presentation.charts.bars import Bar, Heat, Interval, cause_bars, coverage_bars, ladder_bars, share_table
from hoplon.presentation.maps.areas import Area, Mark, area_map
from hoplon.presentation.maps.cartography import geodesic_sector
from hoplon.presentation.maps.single import plot_area, plot_coverage, plot_threat
from hoplon.questions.pictures import study_pictures
from hoplon.questions.road_map.figures import road_map


def disk(latitude: float, longitude: float, radius: float) -> shapely.Polygon:
    edge = geodesic_sector(latitude, longitude, radius)
    return shapely.Polygon(list(zip(edge[1], edge[0], strict=True)))


def test_the_road_map_shows_each_phase_with_its_year_and_its_interceptors() -> None:
    shares = {"phase-1": (0.1, 0.2, 0.3)}
    picture = road_map(samples.scenario(), shares)
    assert picture is not None
    assert "Programme of record 2013; Phase 1 2011; Phase 2 2015; Phase 3 2018" in picture.alternative
    assert "Phase 2: Adriatic ship 20 sm3-ia" in picture.alternative or "Deveselu 24 sm3-ib" in picture.alternative


def test_a_scenario_without_phases_has_no_road_map() -> None:
    sample = samples.scenario()
    kept = {name: item for name, item in sample.architectures.items() if not name.startswith("phase")}
    assert road_map(replace(sample, architectures=MappingProxyType(kept)), {}) is None


def test_bars_say_their_intervals_and_who_is_not_threatened() -> None:
    bars = [Bar("One", Interval(0.1, 0.2, 0.3), Interval(0.0, 0.1, 0.2), "group"), Bar("Two", None, None, "group")]
    words = coverage_bars(bars, ("Title", "under"), "source", "bars").alternative
    assert "One 20 % (10 % to 30 %)" in words
    assert "Two" not in words


def test_a_heat_table_reads_its_cells_and_leaves_blanks_out() -> None:
    values = np.array([[0.5, np.nan], [1.0, 0.0]])
    table = Heat(("Here", "There"), ("a", "b"), (("", 2),), values, {})
    words = share_table(table, ("Title", "under"), "source", "heat").alternative
    assert "a: Here 50, There 100. b: There 0." in words


def test_the_ladder_reads_its_rungs() -> None:
    modes = {"organic": [0.1], "launch_on_remote": [0.2], "engage_on_remote": [0.3]}
    words = ladder_bars(["Phase"], modes, ["organic"], ("Title", ""), "source", "ladder").alternative
    assert "Phase: organic 10 %, launch on remote 20 %, engage on remote 30 %" in words


def test_causes_are_read_with_their_people() -> None:
    picture = cause_bars(
        ["Plan"], [{"too_low": 0.25, "out_of_reach": 0.75}], [4.0e6], ("Title", ""), "source", "causes"
    )
    assert "Plan: 4 million undefended" in picture.alternative
    assert "75 per cent out of reach" in picture.alternative


def test_footprints_are_drawn_on_the_european_map_and_denied_areas_on_a_wider_one() -> None:
    sample = samples.scenario()
    elements = sample.architecture("phase-3").elements
    near = Area("Deveselu", disk(45.0, 22.0, 6e5), 1.1e6)
    far = Area("denied", disk(33.0, 52.0, 6e5), 1.1e6)
    european = area_map(sample, [near], [], elements, ("Footprint", ""), "one")
    wider = area_map(sample, [far], [Mark("Berlin", 52.5, 13.4, "aim")], elements, ("Denied", ""), "two")
    assert "Deveselu, 1.10 million square kilometres" in european.alternative
    assert "EPSG:3035" not in wider.alternative
    assert european.svg != wider.svg


def test_a_notebook_draws_a_coverage_the_threat_and_an_area() -> None:
    sample = samples.scenario()
    covered = samples.coverage(sample, "phase-2", points=samples.aim_points())
    assert "classes of 2,000 km and more" in plot_coverage(sample, covered).alternative
    assert "MRBM, 1,300 km" in plot_coverage(sample, covered, threats=["mrbm-1300"]).alternative
    assert plot_threat(sample)._repr_svg_().startswith("<?xml")
    geometry = shapely.geometry.mapping(disk(45.0, 22.0, 5e5))
    picture = plot_area(
        sample, "phase-3", {"Deveselu": (geometry, 785_000.0)}, ("Footprint", ""), batteries=["deveselu-iia"]
    )
    assert "785,000" in picture.alternative


@pytest.mark.parametrize("kind", ["maps", "figures"])
def test_a_study_is_shown_in_maps_and_in_figures(kind: str) -> None:
    folders = [sheet.folder for sheet in study_pictures(samples.results())]
    assert folders.count(kind) >= 6
