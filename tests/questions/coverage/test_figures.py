"""Coverage, threat and road map are shown in maps and in figures."""

import io
import pickle
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

import report_samples as samples
from hoplon.presentation.maps.windows import NORTH_AMERICA, window_of
from hoplon.questions.question import FigureRef, FigureSpec, question
from hoplon.questions.study import Study
from hoplon.scenario import geography
from hoplon.scenario.model import Membership


def every_figure() -> list[FigureSpec]:
    made = samples.with_scenario(samples.results(), samples.scenario())
    found: list[FigureSpec] = []
    for name in ("threat", "road_map", "coverage"):
        room = question(name)
        made.compute(room.coverages(made.scenario))
        found += room.figures(made, room.answer(made))
    return found


@pytest.mark.parametrize("kind", ["maps", "figures"])
def test_a_study_is_shown_in_maps_and_in_figures(kind: str) -> None:
    assert sum(figure.folder == kind for figure in every_figure()) >= 6


def test_every_figure_but_the_leading_one_stands_in_its_section() -> None:
    made = samples.results()
    for name in ("threat", "road_map", "coverage"):
        room = question(name)
        answer = room.answer(made)
        drawn = {figure.name for figure in room.figures(made, answer) if not figure.lead}
        assert drawn <= {block.name for block in room.section(made, answer).every if isinstance(block, FigureRef)}


def read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


class ScenarioPickler(pickle.Pickler):
    """Pickles the read-only mappings of a scenario too, as the processes that draw do."""

    def reducer_override(self, value: Any) -> Any:
        return (read_only, (dict(value),)) if isinstance(value, MappingProxyType) else NotImplemented


@pytest.mark.parametrize("name", ["nation-heat", "threat-warning", "road-map", "coverage-phase-2"])
def test_a_figure_is_drawn_the_same_in_another_process(name: str) -> None:
    figure = next(item for item in every_figure() if item.name == name)
    stream = io.BytesIO()
    ScenarioPickler(stream).dump(figure)
    here, there = figure.draw(), pickle.loads(stream.getvalue()).draw()
    assert there.name == name
    assert there.svg == here.svg


def american() -> Study:
    """A study of one nation, in North America."""
    nations = MappingProxyType({"USA": Membership()})
    places = geography.places(["USA"])
    points = places.subset(places.population >= 300_000.0).concat(geography.land_grid(["USA"], 300.0))
    return Study(replace(samples.scenario(), nations=nations), points, cover=samples.Covers())


def test_a_study_of_one_nation_in_north_america_is_drawn_there() -> None:
    made, room = american(), question("coverage")
    answer = room.answer(made)
    figures = {figure.name: figure for figure in room.figures(made, answer)}
    assert "north-america" not in figures  # the other maps show it already
    assert "United States of America" in figures["nation-heat"].draw().alternative
    assert window_of(made.headline_nations("phase-1")) is NORTH_AMERICA


def test_a_scenario_without_nations_classes_or_launch_areas_does_not_ask_who_is_defended() -> None:
    sample, room = samples.scenario(), question("coverage")
    nothing: MappingProxyType[str, Any] = MappingProxyType({})
    for empty in (
        replace(sample, nations=nothing),
        replace(sample, threats=nothing),
        replace(sample, launch_areas=nothing),
        replace(sample, architectures=nothing),
    ):
        made = samples.with_scenario(samples.results(), empty)
        assert room.coverages(empty) == ()
        assert room.answer(made) is None
