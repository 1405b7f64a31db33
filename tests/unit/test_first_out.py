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


def written_out() -> FirstOut:
    """Three elements and two nations: of 200 and 0.5 people threatened."""
    return FirstOut(
        architecture="made up",
        level="base",
        threats=("far",),
        nations=("AAA", "BBB", "CCC"),
        elements=("radar", "first", "second"),
        left_out=("hub",),
        threatened=np.array([200.0, 0.5, 0.0]),
        people=np.array([[150.0, 0.5, 0.0], [0.0, 0.0, 0.0], [150.0, 0.25, 0.0], [100.0, 0.5, 0.0]]),
        defended=np.array([[True, True, False], [False, False, False], [True, True, False], [True, False, False]]),
    )


def test_shares_losses_and_carriers_are_those_of_the_rows_written_out() -> None:
    found = written_out()
    assert found.share() == pytest.approx(150.5 / 200.5, rel=1e-12)
    assert found.share("radar") == 0.0
    assert found.share("second") == pytest.approx(100.5 / 200.5, rel=1e-12)
    assert (found.share(None, "AAA"), found.share("first", "BBB"), found.share("second", "AAA")) == (0.75, 0.5, 0.5)
    assert found.share(None, "CCC") is None
    assert found.loss("radar") == found.share()
    assert found.loss("first") == pytest.approx(0.25 / 200.5, rel=1e-12)
    assert (found.loss("second", "AAA"), found.loss("first", "AAA"), found.loss("radar", "BBB")) == (0.25, 0.0, 1.0)
    assert found.loss("first", "CCC") is None
    assert [found.carriers(place) for place in range(3)] == [("radar",), ("radar", "second"), ()]
    assert "array" not in repr(found)


def test_architectures_judged_by_other_lofts_have_the_losses_of_each_alone_in_their_order() -> None:
    toy = load_scenario("toy")
    lofted = replace(toy.architectures["fast"], lofts_deg=(-8.0, 0.0, 10.0))
    scenario = replace(toy, architectures=MappingProxyType({**toy.architectures, "lofted": lofted}))
    points = thinned(scenario, 80)
    names = ("fast", "lofted", "slow")
    found = first_outs(Store(), scenario, names, points)
    assert tuple(one.architecture for one in found) == names
    for name, one in zip(names, found, strict=True):
        alone = first_out(Store(), scenario, name, points)
        np.testing.assert_array_equal(one.people, alone.people)
        np.testing.assert_array_equal(one.threatened, alone.threatened)
        check(scenario, name, points, one)
    assert found[0].share() != found[1].share()
    assert first_outs(Store(), scenario, (), points) == ()


@pytest.mark.parametrize("threats", [("mrbm",), ("irbm",), ("irbm", "mrbm"), None])
def test_classes_that_are_named_count_together(threats: tuple[str, ...] | None) -> None:
    scenario = load_scenario("toy")
    points = thinned(scenario, 80)
    found = first_out(STORE, scenario, "fast", points, threats)
    assert found.threats == (threats or headline_threats(scenario))
    told = coverage(STORE, scenario, "fast", points, enough=1)
    chosen = [told.threats.index(name) for name in found.threats]
    reached = told.threatened[:, chosen].any(axis=1)
    held = reached & (told.defended[:, chosen] | ~told.threatened[:, chosen]).all(axis=1)
    np.testing.assert_array_equal(found.defended[0], held)
    for place, code in enumerate(found.nations):
        mine = points.nation == code
        assert found.threatened[place] == pytest.approx(points.population[mine & reached].sum(), rel=1e-12)
        assert found.people[0, place] == pytest.approx(points.population[mine & held].sum(), rel=1e-12)
    assert 0.0 < (found.share() or 0.0) <= 1.0


def test_points_in_nations_that_the_headline_does_not_count_are_not_judged() -> None:
    scenario = load_scenario("toy")
    points = thinned(scenario, 80)
    elsewhere = replace(points, nation=np.where(points.nation == "TUR", "UKR", points.nation))
    found = first_out(Store(), scenario, "fast", elsewhere)
    whole = first_out(Store(), scenario, "fast", points)
    theirs = points.nation == "TUR"
    assert whole.defended[0, ~theirs].any()
    assert not found.defended[:, theirs].any()
    np.testing.assert_array_equal(found.defended[:, ~theirs], whole.defended[:, ~theirs])
    assert found.threatened[found.nations.index("TUR")] == 0.0
