"""First-out losses are what coverage says of the architecture with the element left out."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoplon import api
from hoplon.analysis import first_out as passes
from hoplon.analysis.coverage import aim_points, coverage, headline_nations, headline_threats, summarise
from hoplon.analysis.first_out import FirstOut, first_out, first_outs
from hoplon.analysis.sampling import once
from hoplon.analysis.store import Store
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Scenario

STORE = Store()
EQUAL = 1e-9


def thinned(scenario: Scenario, most: int) -> AimPoints:
    points = aim_points(scenario)
    return points.subset(np.unique(np.linspace(0, len(points) - 1, most).round().astype(int)))


def left_out(scenario: Scenario, architecture: str, element: str) -> Scenario:
    """Return the scenario as its file would be with the element under ``without``."""
    written = scenario.architectures[architecture]
    changed = replace(written, without=(*written.without, element))
    if element in changed.elements:  # the file lists it itself: a child that leaves it out says the same
        changed = replace(changed, elements=tuple(name for name in changed.elements if name != element))
        changed = replace(changed, without=written.without)
    return replace(scenario, architectures=MappingProxyType({**scenario.architectures, architecture: changed}))


def check(scenario: Scenario, architecture: str, points: AimPoints, found: FirstOut) -> None:
    nations = headline_nations(scenario, scenario.architecture(architecture).year)
    threats = headline_threats(scenario)
    for element in (None, *found.elements):
        asked = scenario if element is None else left_out(scenario, architecture, element)
        told = summarise(coverage(STORE, asked, architecture, points, enough=1), threats, nations)
        assert found.share(element) == pytest.approx(told.population_share, abs=EQUAL)
        for code in nations:
            assert found.share(element, code) == pytest.approx(told.nations[code].population_share, abs=EQUAL)


@pytest.mark.parametrize("architecture", ["slow", "fast", "fast-organic", "fast-remote"])
def test_toy_losses_are_differences_of_coverages(architecture: str) -> None:
    scenario = load_scenario("toy")
    points = thinned(scenario, 400)
    check(scenario, architecture, points, first_out(STORE, scenario, architecture, points))


def test_losses_of_several_architectures_in_one_pass_are_those_of_each_alone() -> None:
    scenario = load_scenario("toy")
    points = thinned(scenario, 200)
    names = tuple(scenario.architectures)
    for one in first_outs(Store(), scenario, names, points):
        alone = first_out(Store(), scenario, one.architecture, points)
        np.testing.assert_array_equal(one.people, alone.people)
        np.testing.assert_array_equal(one.defended, alone.defended)


def test_a_pass_in_many_pieces_finds_what_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario, told = load_scenario("toy"), []
    points = thinned(scenario, 200)
    whole = first_out(Store(), scenario, "fast", points)
    monkeypatch.setattr(once, "_A_PART", 10)
    monkeypatch.setattr(passes, "_FLIGHTS_A_PIECE", 25)
    (found,) = first_outs(Store(), scenario, ["fast"], points, progress=lambda *at: told.append(at[:2]))
    np.testing.assert_array_equal(found.people, whole.people)
    np.testing.assert_array_equal(found.defended, whole.defended)
    pieces = [at for at in told if at[1] > 1]
    assert pieces == [(piece, len(pieces)) for piece in range(len(pieces))]
    assert len(pieces) > 3


@pytest.mark.parametrize(("architecture", "few"), [("phase-2", 3), ("phase-3", 4), ("programme-of-record", 3)])
def test_losses_of_the_bundled_study_are_differences_of_coverages(architecture: str, few: int) -> None:
    scenario = load_scenario("nato-europe")
    points = thinned(scenario, 150)
    found = first_out(STORE, scenario, architecture, points)
    chosen = sorted(found.elements, key=lambda name: -(found.loss(name) or 0.0))[:few]
    chosen += [name for name in found.elements if scenario.elements[name].satellite and name not in chosen]
    assert (found.loss(chosen[0]) or 0.0) > 0.0
    assert architecture != "programme-of-record" or (found.loss("sbirs") or 0.0) > 0.0  # or nothing is seen of it here
    keep = [0, *(1 + found.elements.index(name) for name in chosen)]
    some = replace(found, elements=tuple(chosen), people=found.people[keep], defended=found.defended[keep])
    check(scenario, architecture, points, some)


@given(
    st.sets(st.sampled_from(["watch", "kurecik", "deveselu-radar", "deveselu", "deveselu-fast"]), min_size=1),
    st.sampled_from(["organic", "launch_on_remote", "engage_on_remote"]),
    st.integers(1, 2),
    st.floats(0.0, 200.0),
)
@settings(max_examples=15, deadline=None)
def test_losses_of_any_architecture_are_differences_of_coverages(
    elements: set[str], mode: str, required: int, decision: float
) -> None:
    toy = load_scenario("toy")
    doctrine = {"mode": mode, "shots_required": number(required), "decision_s": number(decision)}
    made = replace(toy.architectures["slow"], elements=tuple(sorted(elements)), doctrine=MappingProxyType(doctrine))
    scenario = replace(toy, architectures=MappingProxyType({**toy.architectures, "slow": made}))
    points = thinned(scenario, 60)
    check(scenario, "slow", points, first_out(Store(), scenario, "slow", points))


def number(value: float) -> Cited:
    return Cited(float(value), kind="assumed")


def test_nodes_are_no_elements_that_coverage_depends_on() -> None:
    scenario = load_scenario("toy")
    found = first_out(STORE, scenario, "fast", thinned(scenario, 50))
    assert found.left_out == ("hub",)
    assert found.elements == ("watch", "kurecik", "deveselu-radar", "deveselu-fast")


def test_what_carries_a_place_is_what_leaves_it_undefended() -> None:
    scenario = load_scenario("toy")
    points = thinned(scenario, 200)
    found = first_out(STORE, scenario, "slow", points)
    place = int(np.flatnonzero(found.defended[0])[0])
    for element in found.elements:
        told = api.coverage(left_out(scenario, "slow", element), "slow", points=points, levels="base")
        row = told.points_table()[place]
        assert (element in found.carriers(place)) == (not row["defended"])
