"""An architecture may be judged against other lofts than its classes fly by themselves."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

import hoplon
from hoplon.analysis.coverage import Coverage, CoverageQuestion, coverage, settle
from hoplon.analysis.stages import EVERY
from hoplon.analysis.store import Store
from hoplon.scenario.geography import places
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

LOFTS = (-8.0, 0.0, 10.0)


@pytest.fixture(scope="module")
def toy() -> Scenario:
    sample = load_scenario("toy")
    lofted = replace(sample.architectures["fast"], lofts_deg=LOFTS)
    more = {"lofted": lofted, "extending": replace(lofted, extends="lofted", elements=(), lofts_deg=None)}
    return replace(sample, architectures=MappingProxyType({**sample.architectures, **more}))


def flying(scenario: Scenario, loft: float) -> Scenario:
    """Return the scenario with every class at one loft alone, said by the class."""
    kinds = {name: replace(kind, lofts_deg=(loft,)) for name, kind in scenario.threats.items()}
    return replace(scenario, threats=MappingProxyType(kinds))


def judged(scenario: Scenario, architecture: str) -> Coverage:
    towns = places(("ROU", "BGR", "TUR"))
    return coverage(Store(), scenario, architecture, towns.subset(towns.population > 20_000), enough=1)


def test_a_point_is_defended_if_it_is_at_each_loft_alone(toy: Scenario) -> None:
    found = judged(toy, "lofted")
    alone = [judged(flying(toy, loft), "fast") for loft in LOFTS]
    assert np.array_equal(found.threatened, np.any([one.threatened for one in alone], axis=0))
    met = np.all([one.defended | ~one.threatened for one in alone], axis=0)
    assert np.array_equal(found.defended, met & found.threatened)
    assert found.defended.sum() < judged(toy, "fast").defended.sum()


def test_lofts_are_handed_on_to_what_extends_the_architecture(toy: Scenario) -> None:
    assert toy.architecture("extending").lofts_deg == LOFTS
    assert toy.architecture("fast").lofts_deg is None


def test_architectures_judged_together_keep_their_lofts(toy: Scenario) -> None:
    towns = places(("ROU", "BGR", "TUR"))
    towns = towns.subset(towns.population > 20_000)
    store, told = Store(), []
    both = [CoverageQuestion(toy, "fast", "base"), CoverageQuestion(toy, "lofted", "base")]
    settle(store, both, towns, progress=lambda part, parts, _: told.append(part / parts))
    assert told == [0.0, 0.5, 0.75]  # both at the loft that they share, then one at each of the others
    for name in ("fast", "lofted"):
        together = coverage(store, toy, name, towns, enough=1)
        assert np.array_equal(together.defended, judged(toy, name).defended), name
    counted = coverage(store, toy, "lofted", towns)  # every shot, of flights that are not kept
    alone = [coverage(Store(), flying(toy, loft), "fast", towns) for loft in LOFTS]
    fewest = np.min([np.where(one.threatened, one.shots_min, EVERY) for one in alone], axis=0)
    assert np.array_equal(counted.shots_min, np.where(counted.threatened, fewest, -1))


def test_a_single_flight_may_have_the_lofts_of_the_architecture_alone(toy: Scenario) -> None:
    area, threat = next(iter(toy.launch_areas)), next(iter(toy.threats))
    asked = {"loft_deg": 10.0}
    assert hoplon.engage(toy, "lofted", area, (44.43, 26.1), threat, **asked).reachable
    refused = hoplon.engage(toy, "fast", area, (44.43, 26.1), threat, **asked)
    assert not refused.reachable
    assert "does not fly at a loft of 10" in str(refused.reason)
