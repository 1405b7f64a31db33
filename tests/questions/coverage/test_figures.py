"""Coverage, threat and road map are shown in maps and in figures."""

import io
import pickle
from types import MappingProxyType
from typing import Any

import pytest

import report_samples as samples
from hoplon.questions.question import FigureRef, FigureSpec, question


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
        assert drawn <= {block.name for block in room.section(made, answer).blocks if isinstance(block, FigureRef)}


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
