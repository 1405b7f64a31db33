"""Maps show what the numbers say, and the same numbers give the same bytes."""

import io
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import shapely
from matplotlib.image import imread

import report_samples as samples
from hoplon.analysis.tally import DEFENDED, NOT_THREATENED, OPEN, states
from hoplon.presentation import colours
from hoplon.presentation.maps.areas import Area, Mark, area_map
from hoplon.presentation.maps.cartography import geodesic_sector
from hoplon.presentation.maps.coverage import certainty_maps, coverage_map, small_maps
from hoplon.presentation.maps.layers import dot_area, radar_reference_range_km
from hoplon.presentation.maps.raster import Ground
from hoplon.presentation.maps.single import plot_area, plot_coverage, plot_threat
from hoplon.presentation.maps.symbols import sites
from hoplon.presentation.maps.unmet import unmet_people
from hoplon.presentation.maps.windows import EUROPE
from hoplon.presentation.picture import Picture
from hoplon.presentation.wording import percent
from hoplon.questions.study import Study
from hoplon.scenario.model import Place


def pixels(picture: Picture) -> Counter[str]:
    """How many pixels of the picture have exactly which colour."""
    image = np.rint(imread(io.BytesIO(picture.png))[..., :3] * 255.0).astype(int)
    codes, number = np.unique(image.reshape(-1, 3), axis=0, return_counts=True)
    return Counter(
        {"#" + "".join(f"{part:02X}" for part in code): int(n) for code, n in zip(codes, number, strict=True)}
    )


def drawn(results: Study, name: str) -> Picture:
    return coverage_map(Ground(results.points), results.scenario, results.shown(name), f"coverage-{name}")


def test_land_and_places_take_the_colour_of_their_state() -> None:
    made = samples.results()
    all_open = pixels(drawn(samples.with_states(made, "phase-1", "base", defended=False), "phase-1"))
    all_held = pixels(drawn(samples.with_states(made, "phase-1", "base", defended=True), "phase-1"))
    legend = 2_000  # pixels that the legend's samples may have
    assert all_open[colours.SHADES["open"]] > 50_000
    assert all_open[colours.SHADES["more_shots"]] < legend
    assert all_open[colours.STATES["open"]] > 2_000 > all_open[colours.STATES["defended"]]
    assert all_held[colours.SHADES["more_shots"]] > 50_000
    assert all_held[colours.SHADES["open"]] < legend
    assert all_held[colours.STATES["defended"]] > 2_000 > all_held[colours.STATES["open"]]


def test_the_same_map_has_the_same_bytes() -> None:
    first, second = (drawn(samples.results(), "phase-2") for _ in range(2))
    assert first.svg == second.svg
    assert first.png == second.png


def test_a_map_tells_no_date_and_holds_no_foreign_address() -> None:
    svg = drawn(samples.results(), "phase-2").svg.decode()
    assert "<dc:date>" not in svg
    for address in ('href="http', 'src="http', "url(http"):
        assert address not in svg


def test_the_text_for_those_who_cannot_see_names_the_capitals_on_each_side() -> None:
    made = samples.with_states(samples.results(), "phase-3", "base", defended=True)
    text = drawn(made, "phase-3").alternative
    assert "threatened and undefended: none" in text
    assert "Berlin" in text.split("undefended")[0]


def test_the_head_gives_title_year_classes_and_level() -> None:
    picture = drawn(samples.results(), "phase-3")
    people = samples.results().people("phase-3")
    assert people is not None
    assert picture.title == f"Phase 3 (2018): {percent(people[1])} of threatened people defended"
    assert "classes of 2,000 km and more" in picture.alternative


def test_a_page_of_small_maps_says_each_share_in_words() -> None:
    made = samples.results()
    panels = [made.shown(name) for name in ("phase-1", "phase-2")]
    page = small_maps(Ground(made.points), made.scenario, panels, "page", ("Two phases", ""), 2, ["one", "two"])
    share = panels[0].population_share
    assert share is not None
    assert f"one: Defended: {100 * share:.0f}" in page.alternative


def test_causes_are_drawn_in_their_colours() -> None:
    made = samples.with_states(samples.results(), "phase-1", "base", defended=False)
    panels = [made.shown("phase-1")]
    page = small_maps(Ground(made.points), made.scenario, panels, "page", ("Causes", ""), 1, ["phase 1"], causes=True)
    seen = pixels(page)
    assert seen[colours.CAUSES["out_of_reach"]] > 50_000
    assert seen[colours.CAUSES["too_low"]] < 5_000


def test_certainty_is_drawn_from_the_three_levels() -> None:
    made = samples.results()
    for level in ("low", "base", "high"):
        made = samples.with_states(made, "phase-1", level, defended=level != "low")
    panel = (made.shown("phase-1", "low"), made.shown("phase-1"), made.shown("phase-1", "high"))
    seen = pixels(certainty_maps(Ground(made.points), made.scenario, [panel], "certainty", "Certainty", ["phase 1"], 1))
    assert seen[colours.CERTAINTY["base"]] > 50_000
    assert seen[colours.CERTAINTY["always"]] < 5_000


def test_a_state_needs_every_class_that_reaches_the_point() -> None:
    coverage = samples.coverage(samples.scenario(), "phase-1")
    state = states(coverage, coverage.threats)
    assert ((state == NOT_THREATENED) == ~coverage.threatened.any(axis=1)).all()
    some_open = (coverage.threatened & ~coverage.defended).any(axis=1)
    assert ((state == OPEN) == some_open).all()
    assert ((state == DEFENDED) == (coverage.threatened.any(axis=1) & ~some_open)).all()


def test_dots_together_stand_for_everybody_in_the_window() -> None:
    points = samples.aim_points()
    dots = Ground(points).dots(EUROPE, 40e3)
    people = dots.people(points.population, np.zeros(len(points), dtype=np.int64), 1)
    x, y = EUROPE.project(points.latitude_deg, points.longitude_deg)
    assert people.sum() == pytest.approx(points.population[EUROPE.holds(x, y)].sum(), rel=1e-12)
    assert len(dots.x) < (points.kind == "place").sum()


def test_the_area_of_a_dot_is_proportional_to_people() -> None:
    one, ten = dot_area(np.array([1.0e6, 1.0e7]))
    assert ten == pytest.approx(10.0 * one, rel=1e-12)


def test_a_radar_is_drawn_to_its_range_against_the_base_warhead() -> None:
    sample = samples.scenario()
    search, track = radar_reference_range_km(sample, sample.radars["tpy-2"])
    assert search == pytest.approx(870.0 * 3.0**0.25, rel=1e-12)  # 0.03 m2 against a reference of 0.01 m2
    assert track == pytest.approx(1100.0 * 3.0**0.25, rel=1e-12)
    assert radar_reference_range_km(sample, sample.radars["uewr"])[0] == 5556.0  # the instrumented range binds


def test_elements_of_one_site_share_a_name_and_a_ship_hides_its_radar() -> None:
    sample = samples.scenario()
    found = {site.label: site.kinds for site in sites(sample, sample.architecture("phase-3").elements)}
    assert found["Deveselu"] == ["land_battery", "radar"]
    assert found["Adriatic ship"] == ["sea_battery"]
    assert found["Ramstein"] == ["hub"]


def disk(latitude: float, longitude: float, radius: float) -> shapely.Polygon:
    edge = geodesic_sector(latitude, longitude, radius)
    return shapely.Polygon(list(zip(edge[1], edge[0], strict=True)))


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


def test_a_map_tells_a_name_once_and_heads_no_empty_part_of_its_legend() -> None:
    made = samples.results()
    berlin = replace(made.scenario.elements["patriot-berlin"], short_title="Berlin")
    near = replace(berlin, at=Place(52.9, 13.4))
    elements = {**made.scenario.elements, "patriot-berlin": berlin, "patriot-north": near}
    national = replace(made.scenario.architectures["national"], elements=("patriot-berlin", "patriot-north"))
    changed = replace(
        made.scenario, elements=elements, architectures={**made.scenario.architectures, "national": national}
    )
    svg = coverage_map(Ground(made.points), changed, made.shown("national"), "map").svg.decode()
    areas = [area for name, area in made.scenario.launch_areas.items() if name in unmet_people(made.shown("national"))]
    assert svg.count(">Berlin<") == 1
    assert ">Sites<" in svg
    assert ">Radars<" not in svg
    assert ">Launch areas not met<" in svg
    inside = [EUROPE.holds(*EUROPE.project(area.at.latitude_deg, area.at.longitude_deg)) for area in areas]
    assert (">people undefended from there<" in svg) == any(inside)
    assert (">the same, off the map in this direction<" in svg) == (not all(inside))
