"""The road map follows the scenario."""

import re
from dataclasses import replace
from types import MappingProxyType

import report_samples as samples
from hoplon.questions.road_map.answer import RoadMap, answer
from hoplon.questions.road_map.figures import road_map
from hoplon.questions.road_map.tables import tables


def test_the_road_map_shows_each_architecture_with_its_year_and_its_interceptors() -> None:
    years = {"programme-of-record": 2013, "phase-1": 2011, "phase-2": 2015, "phase-3": 2018}
    shares = {"phase-1": (0.1, 0.2, 0.3)}
    picture = road_map(
        samples.scenario(), RoadMap(years, "programme-of-record", shares, "classes of 2,000 km and more")
    )
    assert "Programme of record 2013; Phase 1 2011; Phase 2 2015; Phase 3 2018" in picture.alternative
    assert "Phase 2: Adriatic ship 20 sm3-ia" in picture.alternative or "Deveselu 24 sm3-ib" in picture.alternative


def test_the_answer_holds_the_years_of_the_architectures_and_who_is_defended() -> None:
    made = samples.results()
    found = answer(made)
    assert found is not None
    assert found.architectures == {"programme-of-record": 2013, "phase-1": 2011, "phase-2": 2015, "phase-3": 2018}
    assert list(found.successors) == ["phase-1", "phase-2", "phase-3"]
    assert found.people["phase-2"] == made.people("phase-2")


def test_a_scenario_with_one_compared_architecture_has_no_road_map() -> None:
    made = samples.results()
    kept = {name: item for name, item in made.scenario.architectures.items() if not name.startswith("phase")}
    fewer = replace(made.scenario, architectures=MappingProxyType(kept))
    assert answer(samples.with_scenario(made, fewer)) is None


def test_architectures_without_a_year_have_no_road_map() -> None:
    made = samples.results()
    timeless = {name: replace(item, year=None) for name, item in made.scenario.architectures.items()}
    without = replace(made.scenario, architectures=MappingProxyType(timeless))
    assert answer(samples.with_scenario(made, without)) is None


def test_the_axis_holds_every_event_and_every_year() -> None:
    picture = road_map(samples.scenario(), RoadMap({"phase-1": 2011, "phase-3": 2018}, None, {}, "every class"))
    assert picture.title == "Road map of the compared architectures, 2007 to 2018"


def test_a_scenario_without_events_has_a_road_map_from_before_its_first_architecture() -> None:
    without = replace(samples.scenario(), milestones=())
    picture = road_map(without, RoadMap({"phase-1": 2011, "phase-3": 2018}, None, {}, "every class"))
    assert picture.title == "Road map of the compared architectures, 2009 to 2018"


def test_a_source_of_an_event_is_cited_in_full() -> None:
    made = samples.results()
    found = answer(made)
    assert found is not None
    events = {table.name: table for table in tables(made, found)}["milestones"]
    assert [row[3] for row in events.rows] == ["Nobody (2000), A made-up source", "", "Nobody (2012)"]


def test_the_year_of_an_event_has_no_fraction_on_the_page() -> None:
    made = samples.results()
    found = answer(made)
    assert found is not None
    events = {table.name: table for table in tables(made, found)}["milestones"]
    assert {row[0][1] for row in events.cells()} == {row[0][0].split(".")[0] for row in events.cells()}


def test_words_of_the_last_year_stand_left_of_its_mark_and_no_lane_is_empty() -> None:
    scenario = samples.scenario()
    named = replace(scenario.architectures["phase-3"], title="The last of all the architectures, of many words")
    lower = replace(scenario, architectures={**scenario.architectures, "phase-3": named}, milestones=())
    shown = RoadMap({"phase-1": 2011, "phase-3": 2018}, None, {"phase-3": (0.5, 0.6, 0.7)}, "every class")
    svg = road_map(lower, shown).svg.decode()
    assert re.search(r"text-anchor: end[^>]*>The last of[^<]*: planned 2018<", svg)
    assert "60 % (50 to 70)" in svg
    assert 'viewBox="0 0 864 ' in svg  # 12 inches: no text sticks out, which would enlarge it
    assert "Interceptor sites" in svg
    radars = {key: replace(item, elements=("fylingdales",)) for key, item in lower.architectures.items()}
    assert "Interceptor sites" not in road_map(replace(lower, architectures=radars), shown).svg.decode()


def test_classes_of_one_range_are_told_apart() -> None:
    scenario = samples.scenario()
    other = replace(scenario.threats["mrbm-1300"], short_title="MRBM elsewhere")
    alike = replace(scenario, threats={**scenario.threats, "other": other})
    svg = road_map(alike, RoadMap({"phase-1": 2011}, None, {}, "every class")).svg.decode()
    assert ">1,300 km, MRBM<" in svg
    assert ">1,300 km, MRBM elsewhere<" in svg
    assert ">2,000 km<" in svg
