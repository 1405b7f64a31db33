"""The corners of the bundled study: what is defended in the worst is so at base, and what is so at base in the best."""

import numpy as np
import pytest

from hoplon.analysis.coverage import Coverage, aim_points
from hoplon.questions.requests import LEVELS, at_every_level
from hoplon.questions.study import Study
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Level

LARGE = 30_000.0  # people of the places asked about: some 4,000; and every fifth land cell


@pytest.fixture(scope="module")
def study() -> Study:
    scenario = load_scenario("nato-europe")
    points = aim_points(scenario)
    every_fifth = np.arange(len(points)) % 5 == 0
    return Study(scenario, points.subset((points.population >= LARGE) | ((points.kind == "land") & every_fifth)))


@pytest.mark.slow
def test_no_place_is_lost_from_the_worst_corner_to_base_and_from_base_to_the_best(study: Study) -> None:
    names = tuple(study.scenario.architectures)
    study.compute(at_every_level(names))
    worse: tuple[Level, ...] = LEVELS
    for name in names:
        low, base, high = (study.coverage(name, level) for level in worse)
        for fewer, more in ((low, base), (base, high)):
            assert not lost(fewer, more), f"{name}, {fewer.level} to {more.level}"
    moved = [name for name in names if (shares := study.people(name)) is not None and shares[0] < shares[1] < shares[2]]
    assert {"programme-of-record", "phase-1", "phase-2", "phase-3", "phase-4"} <= set(moved)


def lost(fewer: Coverage, more: Coverage) -> list[str]:
    """Return where a point is defended against a class with the worse inputs, and not with the better ones."""
    assert np.array_equal(fewer.threatened, more.threatened)
    places, kinds = np.nonzero(fewer.defended & ~more.defended)
    return [
        f"{fewer.points.nation[place]} {fewer.points.name[place]} against {fewer.threats[kind]}"
        for place, kind in zip(places, kinds, strict=True)
    ]
