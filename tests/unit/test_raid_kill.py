"""Kill probabilities of raids: fixed, plain, or the product of the factors."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from hoplon.analysis.kill_chain import kill_chains
from hoplon.analysis.raid.kill import Flown, kill_table, kill_words
from hoplon.errors import InputError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Scenario

FLOWN = Flown("irbm-3500", "tabriz", (52.23, 21.01))


def changed(scenario: Scenario, kind: str, **values: Any) -> Scenario:
    kinds = {**scenario.interceptors, kind: replace(scenario.interceptors[kind], **values)}
    return replace(scenario, interceptors=MappingProxyType(kinds))


def test_a_fixed_probability_is_kept() -> None:
    scenario = changed(load_scenario("nato-europe"), "sm3-iia", single_shot_kill_probability=Cited(0.41))
    names, kill = kill_table(scenario, scenario.architecture("phase-3"), [FLOWN])
    assert kill[names.index("redzikowo"), 0] == 0.41


def test_factors_multiply_to_what_the_kill_chain_says() -> None:
    scenario = load_scenario("nato-europe")
    names, kill = kill_table(scenario, scenario.architecture("phase-3"), [FLOWN])
    chains = kill_chains(scenario, "phase-3", "tabriz", (52.23, 21.01), "irbm-3500").batteries
    chain = chains["redzikowo"]
    assert chain.handover is not None
    assert chain.selection is not None
    assert kill[names.index("redzikowo"), 0] == chain.single_shot_kill_probability
    expected = 0.92 * 0.87 * chain.handover.probability * chain.selection.probability
    assert kill[names.index("redzikowo"), 0] == pytest.approx(expected, abs=1e-12)


def test_many_lookalikes_lower_the_kill_probability() -> None:
    scenario = load_scenario("nato-europe")
    threats = {**scenario.threats, "irbm-3500": replace(scenario.threats["irbm-3500"], objects=Cited(20.0))}
    crowded = replace(scenario, threats=MappingProxyType(threats))
    architecture = scenario.architecture("phase-3")
    alone, among = (kill_table(case, architecture, [FLOWN])[1] for case in (scenario, crowded))
    assert (among < alone).all()


def test_an_interceptor_without_a_seeker_has_reliability_times_hit() -> None:
    scenario = changed(load_scenario("nato-europe"), "sm3-iia", seeker=None)
    names, kill = kill_table(scenario, scenario.architecture("phase-3"), [FLOWN])
    assert kill[names.index("redzikowo"), 0] == pytest.approx(0.92 * 0.87)


def test_an_interceptor_with_neither_is_refused_by_name() -> None:
    scenario = changed(load_scenario("nato-europe"), "sm3-iia", hit_probability=None)
    with pytest.raises(InputError, match=r"interceptors.sm3-iia: a raid needs .* 'ship-east-iia' .* carries it"):
        kill_table(scenario, scenario.architecture("phase-3"), [FLOWN])


def test_words_give_one_number_where_every_flight_has_the_same() -> None:
    scenario = load_scenario("nato-europe")
    names, kill = kill_table(scenario, scenario.architecture("phase-3"), [FLOWN, FLOWN])
    kill[0] = (0.5, 0.6)
    words = kill_words(names, [FLOWN, FLOWN._replace(threat="mrbm-2000")], kill)
    assert words[names[0]] == {"irbm-3500 from tabriz to 52.23,21.01": 0.5, "mrbm-2000 from tabriz to 52.23,21.01": 0.6}
    assert isinstance(words[names[1]], float)
