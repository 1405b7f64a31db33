"""Systems side by side are held against the networked architecture that they name, else against one of their year."""

from dataclasses import replace
from types import MappingProxyType

from hoplon.questions.integration.answer import networked_peers
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario


def compared_with(scenario: Scenario, architecture: str, other: str | None) -> Scenario:
    changed = replace(scenario.architectures[architecture], compare_with=other)
    return replace(scenario, architectures=MappingProxyType({**scenario.architectures, architecture: changed}))


def test_systems_side_by_side_are_held_against_the_architecture_that_they_name() -> None:
    gulf = load_scenario("gulf")
    assert networked_peers(gulf) == {"national": "gcc-2016"}
    assert networked_peers(compared_with(gulf, "national", "gcc-2022")) == {"national": "gcc-2022"}


def test_without_a_name_they_are_held_against_one_of_their_year_contributions_first() -> None:
    gulf = load_scenario("gulf")
    assert networked_peers(compared_with(gulf, "national", None)) == {"national": "gcc-2016-us"}
    assert networked_peers(load_scenario("nato-europe")) == {"national": "phase-1-allied"}
