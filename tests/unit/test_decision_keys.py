"""What a scenario gives to the questions of decision: keys, refusals with their place, candidates as elements."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import hoplon
import scenario_samples as samples
from hoplon.analysis.corners import at_corner
from hoplon.errors import ScenarioError, UnknownNameError
from hoplon.scenario.decisions.candidates import architecture_with_candidates, candidate_elements, with_copies
from hoplon.scenario.decisions.records import MixCandidate
from hoplon.scenario.load import checked, load_scenario
from hoplon.scenario.model import Place, Scenario
from hoplon.scenario.paths import with_values

HEAD = "hoplon: 1\nname: mine\nextends: small.yaml\n"
MIX = """elements:
  eye: {site: hill, latency_s: {value: 3, low: 1, high: 8}}
  gun: {battery: exo, count: 4, at: [44, 24], radars: [eye, far], upgrade_of: shield, from: 2014, acquisition_musd: 5}
  far: {radar: forward, at: [10, 10]}
candidates:
  inland: {elements: [shield, gun]}
  coast: {like: [eye, gun, hub], at: [36.5, 25.25, 10]}
  bare: {like: [gun], at: [30, 30]}
"""


@pytest.fixture
def mix(tmp_path: Path) -> Scenario:
    return load_scenario(file_of(tmp_path, MIX))


def file_of(folder: Path, text: str) -> Path:
    """Write a file that extends the small scenario."""
    (folder / samples.SMALL.name).write_bytes(samples.SMALL.read_bytes())
    file = folder / "s.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    return file


REFUSED = {
    "a copy without a place": (
        "candidates:\n  a: {like: [shield]}\n",
        "s.yaml:5:6: candidates.a: `at` is missing: elements are copied with `like` and `at`",
    ),
    "a place without copies": (
        "candidates:\n  a: {at: [1, 2]}\n",
        "s.yaml:5:6: candidates.a: `like` is missing: elements are copied with `like` and `at`",
    ),
    "neither elements nor copies": (
        "candidates:\n  a: {title: A}\n",
        "s.yaml:5:6: candidates.a: `elements`, or `like` with `at`, was expected, got neither",
    ),
    "elements and copies": (
        "candidates:\n  a: {elements: [eye], like: [shield], at: [1, 2]}\n",
        "s.yaml:5:24: candidates.a: either `elements` or `like` with `at` was expected, got `elements` and `like`",
    ),
    "an unknown element": (
        "candidates:\n  a: {elements: [shild]}\n",
        "s.yaml:5:18: candidates.a.elements[0]: 'shild' is not in `elements`; did you mean 'shield'?",
    ),
    "an unknown candidate": (
        "candidates:\n  north: {elements: [eye], excludes: [nort]}\n",
        "s.yaml:5:39: candidates.north.excludes[0]: 'nort' is not in `candidates`; did you mean 'north'?",
    ),
    "a copy of a satellite": (
        "candidates:\n  a: {like: [shield, watch], at: [1, 2]}\n",
        "s.yaml:5:22: candidates.a.like: 'watch' is a satellite, which stands at no place; name it in `elements` of a "
        "candidate",
    ),
    "a candidate that excludes itself": (
        "candidates:\n  a: {elements: [eye], excludes: [a]}\n",
        "s.yaml:5:35: candidates.a.excludes: another candidate was expected, got the same one",
    ),
    "two that require and exclude each other": (
        "candidates:\n  a: {elements: [eye], requires: [b]}\n  b: {elements: [shield], excludes: [a]}\n",
        "s.yaml:5:3: candidates.a: no set can hold it: it requires 'b', and the two exclude each other",
    ),
    "one that requires two that exclude each other, by way of another": (
        "candidates:\n  a: {elements: [eye], requires: [b, c]}\n  b: {elements: [shield], requires: [d]}\n"
        "  c: {elements: [hub], excludes: [d]}\n  d: {elements: [watch]}\n",
        "s.yaml:5:3: candidates.a: no set can hold it: it requires 'c' and 'd', which exclude each other",
    ),
    "the same candidate twice": (
        "candidates:\n  a: {elements: [eye, shield]}\n  b: {elements: [shield, eye], cost_musd: 3}\n",
        "s.yaml:6:3: candidates.b: the same elements at the same place as candidate 'a'; leave one out",
    ),
    "a cost in dollars": (
        "candidates:\n  a: {elements: [eye], cost_musd: 30000000}\n",
        "s.yaml:5:35: candidates.a.cost_musd: must be from 0 to 1e+06 million USD, got 30000000; written in USD? Then "
        "30 million USD",
    ),
    "a hardness in per cent": (
        "elements:\n  eye: {hardness: 50}\n",
        "s.yaml:5:19: elements.eye.hardness: must be from 0 to 1, got 50; written in percent? Then 0.5",
    ),
    "development of an unknown architecture": (
        "costs: {development_musd: {whol: 3}}\n",
        "s.yaml:4:28: costs.development_musd: 'whol' is not in `architectures`; did you mean 'whole'?",
    ),
    "prices of no year": (
        "costs: {deflator: {2009: 1, now: 2}}\n",
        "s.yaml:4:29: costs.deflator: a year from 1900 to 2200 was expected, got 'now'",
    ),
    "a price level of zero": (
        "costs: {deflator: {2009: 0}}\n",
        "s.yaml:4:26: costs.deflator.2009: must be more than 0 and at most 1e+06, got 0",
    ),
    "a factor of nothing": (
        "robustness: {factors: {seen: [threats.medium.max_rang_km]}}\n",
        "s.yaml:4:31: robustness.factors.seen[0]: 'threats.medium.max_rang_km' names no number of the scenario; "
        "did you mean 'threats.medium.max_range_km'?",
    ),
    "a factor of a number without bounds": (
        "robustness: {leave_out: [threats.medium.burn_time_s]}\n",
        "s.yaml:4:26: robustness.leave_out[0]: 'threats.medium.burn_time_s': threats.medium.burn_time_s has no bounds; "
        "give `low` or `high` beside the `value`",
    ),
    "a number in two factors": (
        "robustness: {factors: {a: [threats.*.from], b: [doctrine.decision_s, threats.medium]}}\n",
        "s.yaml:4:70: robustness.factors.b: threats.medium.from is in the factor 'a' already; a number moves with one "
        "factor",
    ),
    "a factor called dummy": (
        "robustness: {factors: {dummy: [doctrine.decision_s]}}\n",
        "s.yaml:4:24: robustness.factors: 'dummy' is the factor that moves nothing; another name is needed",
    ),
    "a surprise of nothing": (
        "adapt: {surprises: {a: {threats: {medium: {title: A}}}}}\n",
        "s.yaml:4:43: adapt.surprises.a.threats.medium: `shift_years` or `launch_areas` was expected, got neither",
    ),
    "a surprise of an unknown class": (
        "adapt: {surprises: {a: {threats: {medum: {shift_years: 1}}}}}\n",
        "s.yaml:4:35: adapt.surprises.a.threats: 'medum' is not in `threats`; did you mean 'medium'?",
    ),
    "a move without its time": (
        "adapt: {moves: {a: {elements: [eye]}}}\n",
        "s.yaml:4:20: `lead_days` is missing in adapt.moves.a",
    ),
    "a move of nothing": (
        "adapt: {moves: {a: {lead_days: 3}}}\n",
        "s.yaml:4:20: adapt.moves.a: `elements` or `without` was expected, got neither",
    ),
    "a move of no name": (
        "adapt: {moves: {a: {lead_days: 3, elements: [], without: []}}}\n",
        "s.yaml:4:20: adapt.moves.a: `elements` or `without` was expected, got no name in either",
    ),
    "a move that takes away what it adds": (
        "adapt: {moves: {a: {lead_days: 3, elements: [eye], without: [eye]}}}\n",
        "s.yaml:4:52: adapt.moves.a: 'eye' is in `elements` and in `without`",
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_wrong_is_refused_with_its_place_and_a_remedy(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file_of(tmp_path, text))
    assert expected in str(caught.value).replace(f"{tmp_path}/", "").splitlines()


def test_two_that_require_each_other_are_allowed(tmp_path: Path) -> None:
    text = "candidates:\n  a: {elements: [eye], requires: [b]}\n  b: {elements: [shield], requires: [a]}\n"
    assert list(load_scenario(file_of(tmp_path, text)).candidates) == ["a", "b"]


def test_prices_without_the_base_year_and_a_shift_of_what_always_exists_are_warned_about(tmp_path: Path) -> None:
    text = (
        "costs: {deflator: {2013: 1.07}}\n"
        "threats: {medium: {from: null}}\n"
        "adapt: {surprises: {soon: {threats: {medium: {shift_years: -3}}}}}\n"
    )
    said = [str(warning).replace(f"{tmp_path}/", "") for warning in checked(file_of(tmp_path, text))[1]]
    assert "s.yaml:4:19: costs.deflator: 2009, the base year, is missing: no cost can be given at other prices" in said
    assert any("s.yaml:6:60: adapt.surprises.soon.threats.medium: the class has no first year" in line for line in said)


def test_keys_of_an_extended_file_are_laid_over_name_by_name(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        HEAD + "candidates:\n  a: {elements: [eye], cost_musd: {value: 3, low: 1}}\n  b: {elements: [shield]}\n"
        "costs: {deflator: {2009: 1, 2013: 1.07}, development_musd: {whole: 5}}\n"
        "adapt: {moves: {m: {elements: [eye], lead_days: 3}}}\n"
        "robustness: {factors: {f: [doctrine.decision_s]}, leave_out: [threats]}\n",
        encoding="utf-8",
    )
    file = file_of(tmp_path, "")
    file.write_text(
        "hoplon: 1\nname: mine\nextends: base.yaml\ncandidates: {a: {cost_musd: 4}, b: null}\n"
        "costs: {deflator: {2013: 1.08}}\nadapt: {moves: {m: {lead_days: {value: 9, low: 2}}}}\n"
        "doctrine: {decision_s: 30}\n",  # it fixes the number that a factor of the other file moves
        encoding="utf-8",
    )
    scenario = load_scenario(file)
    assert scenario.candidates["a"].elements == ("eye",)
    cost = scenario.candidates["a"].cost_musd
    assert cost is not None
    assert (cost.value, cost.low) == (4.0, None)
    assert list(scenario.candidates) == ["a"]
    assert scenario.costs is not None
    assert scenario.adapt is not None
    assert {year: level.value for year, level in scenario.costs.deflator.items()} == {"2009": 1.0, "2013": 1.08}
    assert scenario.costs.development_musd["whole"].value == 5
    assert (scenario.adapt.moves["m"].lead_days.low, scenario.adapt.moves["m"].elements) == (2, ("eye",))


def test_a_scenario_without_the_keys_has_the_digest_that_it_had_before_them() -> None:
    assert load_scenario(samples.SMALL).sha256 == "0434141400137fbfe0e850dbb113488e989f2b4121f669f26c7a0d7d47ba58c9"


# Candidates as elements


def test_a_candidate_of_elements_is_those_elements(mix: Scenario) -> None:
    assert dict(candidate_elements(mix, "inland")) == {name: mix.elements[name] for name in ("shield", "gun")}


def test_a_copy_is_its_original_at_another_place_with_the_own_radars_that_are_copied_with_it(mix: Scenario) -> None:
    copies = candidate_elements(mix, "coast")
    assert list(copies) == ["coast/eye", "coast/gun", "coast/hub"]
    place = Place(36.5, 25.25, 10)
    assert copies["coast/gun"] == replace(
        mix.elements["gun"], at=place, radars=("coast/eye", "far"), upgrade_of=None
    )  # `shield`, whose upgrade it was, stays behind
    assert copies["coast/eye"] == replace(mix.elements["eye"], at=place, site="coast/hill")
    assert copies["coast/hub"].at == place
    assert candidate_elements(mix, "bare")["bare/gun"].radars == ("eye", "far")


def test_candidates_are_added_to_what_stands_anyway_each_element_once(mix: Scenario) -> None:
    base = mix.architecture("later")  # 2016: watch is inactive from 2015
    chosen = architecture_with_candidates(mix, "later", ["inland", "bare"])
    assert list(chosen.elements) == [*base.elements, "gun", "bare/gun"]
    assert (chosen.name, chosen.year, chosen.mode, chosen.doctrine) == ("later", 2016, base.mode, base.doctrine)
    assert dict(chosen.inactive) == dict(base.inactive)
    assert architecture_with_candidates(mix, "later", []) == base


def test_an_element_of_a_candidate_outside_its_years_is_inactive(mix: Scenario) -> None:
    chosen = architecture_with_candidates(mix, "whole", ["bare"])  # 2013
    assert "bare/gun" not in chosen.elements
    assert chosen.inactive["bare/gun"] == "from 2014, after 2013"


def test_an_unknown_candidate_is_refused_with_the_nearest(mix: Scenario) -> None:
    with pytest.raises(UnknownNameError, match="unknown candidate 'coats'; did you mean 'coast'"):
        candidate_elements(mix, "coats")
    with pytest.raises(UnknownNameError, match="candidate"):
        architecture_with_candidates(mix, "later", ["inlan"])


def test_numbers_of_copies_move_as_those_of_every_other_element(mix: Scenario) -> None:
    wider = with_copies(mix)
    assert list(wider.elements) == [*mix.elements, "coast/eye", "coast/gun", "coast/hub", "bare/gun"]
    moved = with_values(wider, {("elements", "coast/eye", "latency_s"): 7.0})
    assert moved.elements["coast/eye"].latency_s is not None
    assert float(moved.elements["coast/eye"].latency_s) == 7.0
    assert wider.sha256 != mix.sha256


def test_copies_stand_at_the_corners_of_the_disputed_inputs(tmp_path: Path) -> None:
    scenario = with_copies(load_scenario(file_of(tmp_path, MIX + "disputed: [elements.*.latency_s]\n")))
    chosen = architecture_with_candidates(scenario, "whole", ["coast"])
    for level, latency in (("low", 8.0), ("base", 3.0), ("high", 1.0)):
        _, there = at_corner(scenario, chosen, level)  # type: ignore[arg-type]
        latencies = [float(there.elements[name].latency_s or 0) for name in ("eye", "coast/eye")]
        assert latencies == [latency, latency]


def test_a_candidate_of_python_is_checked_as_one_of_a_file(mix: Scenario) -> None:
    wrong = replace(mix, candidates={"a": MixCandidate(elements=("nothing",))})
    with pytest.raises(ScenarioError, match=r"candidates\.a\.elements\[0\]: 'nothing' is not in `elements`"):
        hoplon.coverage(wrong, "later")


# The bundled study


def test_every_candidate_of_the_bundled_study_can_be_costed_and_fires_from_its_own_radar() -> None:
    nato = load_scenario("nato-europe")
    assert len(nato.candidates) == 25
    for name in nato.candidates:
        elements = candidate_elements(nato, name)
        assert any(element.acquisition_musd or element.annual_musd for element in elements.values())
        for element in elements.values():
            assert set(element.radars) <= set(elements)
        chosen = architecture_with_candidates(nato, "mix-base", [name])
        assert set(elements) <= set(chosen.elements)  # all of them are active in the year of the base
