"""The bundled study where version 0.1 was corrected: roles of sensors, deployments, one rule for every type, names."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

# First and last year of deployments that are on the public record (Army Recognition, October 2015; Defense News,
# October 2019; CSIS, August 2019).
DEPLOYED = {
    "patriot-gaziantep": ("USA", 2013, 2015),
    "patriot-kahramanmaras": ("DEU", 2013, 2015),
    "patriot-adana": ("NLD", 2013, 2014),
    "patriot-adana-esp": ("ESP", 2015, None),
    "sampt-kahramanmaras": ("ITA", 2016, 2019),
    "thaad-deveselu": ("USA", 2019, 2019),
}


@pytest.fixture(scope="module")
def study() -> Scenario:
    return load_scenario("nato-europe")


def test_early_warning_radars_guide_in_their_variant_alone_and_are_the_same_otherwise(study: Scenario) -> None:
    for name in study.architectures:
        supporting = {
            study.radars[element.radar].band
            for element in study.architecture(name).elements.values()
            if element.radar is not None and study.radars[element.radar].may_support
        }
        guides = name.endswith("-early-warning-guides")
        assert supporting <= ({"X", "C", "S", "UHF"} if guides else {"X", "C", "S"}), name
        assert ("UHF" in supporting) == guides, name
    plain, guiding = study.radars["uewr"], study.radars["uewr-guiding"]
    assert replace(guiding, supports_intercept=None, title=plain.title, note=plain.note) == plain
    plain_site, guiding_site = study.elements["fylingdales"], study.elements["fylingdales-guiding"]
    assert replace(guiding_site, radar="uewr", title=plain_site.title, short_title=None) == plain_site


def test_deployments_begin_and_end_when_the_record_says(study: Scenario) -> None:
    for name, (owner, first, last) in DEPLOYED.items():
        for key in (name, f"{name}-radar"):
            element = study.elements[key]
            assert element.owner == owner
            assert element.inactive_reason(first) is None
            assert element.inactive_reason(first - 1) is not None
            assert (element.inactive_reason(2024) is None) == (last is None)
            if last is not None:
                assert element.inactive_reason(last) is None
                assert element.inactive_reason(last + 1) is not None


def test_a_nation_has_one_battery_of_a_lower_layer_type_in_a_year(study: Scenario) -> None:
    for name in ("phase-1-allied", "phase-2-allied", "phase-3-allied", "phase-4-allied"):
        elements = study.architecture(name).elements.values()
        owners = [item.owner for item in elements if item.battery in ("pac3", "pac3-mse", "aster30")]
        assert len(owners) == len(set(owners)), name


def test_reinforcements_of_the_united_states_are_a_family_of_their_own(study: Scenario) -> None:
    for name in ("phase-1-allied", "phase-2-allied", "phase-3-allied", "phase-4-allied"):
        plan = study.architecture(name.removesuffix("-allied"))
        added = [item for key, item in study.architecture(name).elements.items() if key not in plan.elements]
        assert "USA" not in {item.owner for item in added}, name
    for name, battery in (("phase-2-reinforced", "patriot-gaziantep"), ("phase-3-reinforced", "thaad-deveselu")):
        plan = study.architecture(str(study.architectures[name].compare_with))
        added = set(study.architecture(name).elements) - set(plan.elements)
        assert added == {battery, f"{battery}-radar"}
        assert study.architectures[name].family == "United States reinforcements"


def test_options_of_the_budget_office_and_projected_classes_are_called_so(study: Scenario) -> None:
    for number in (1, 2, 3, 4):
        written = study.architectures[f"cbo-{number}"]
        assert f"Option {number} after CBO 2009, our placing" in str(written.title)
        assert "our placing" in str(written.short_title)
    for name, threat in study.threats.items():
        projected = float(threat.max_range_km) >= 3500 and not name.startswith("strategic-")
        assert ("(projected)" in str(threat.title)) == projected, name


def test_one_rule_of_least_elevation_and_one_of_speed_given_up_hold_for_every_type(study: Scenario) -> None:
    swing = {
        end: math.sin(a) / a for end, a in (("low", math.radians(120)), ("base", math.pi / 2), ("high", math.pi / 3))
    }
    for name, kind in study.interceptors.items():
        low, high = (12, 25) if name == "gbi-2stage" else (10, 20)
        elevation = kind.min_elevation_deg
        assert [elevation.at("low"), elevation.at("base"), elevation.at("high")] == [low, 15, high], name
        if kind.single_shot_kill_probability is None or name == "thaad":  # the upper layer
            for end, part in swing.items():
                slowest = kind.min_burnout_speed_km_s.at(end)
                # rounded to 0.1 km/s
                assert slowest == pytest.approx(part * float(kind.burnout_speed_km_s), abs=0.051), (name, end)


def test_thaad_meets_targets_no_farther_than_its_published_range(study: Scenario) -> None:
    thaad = study.interceptors["thaad"]
    speed, burn = float(thaad.burnout_speed_km_s), float(thaad.burn_time_s)
    farthest = speed * burn / 2 + speed * (
        float(thaad.max_flight_time_s) - burn
    )  # slant, without gravity: never reached
    assert 200 <= farthest <= 200 * 1.06  # TRT World 2017: 200 km


def test_ranges_computed_at_13_db_say_so_and_their_low_bound_is_the_range_at_the_anchor(study: Scenario) -> None:
    carried = 10 ** ((13 - 10 * math.log10(math.log(1e-6) / math.log(0.9) - 1)) / 40)  # fourth root of the ratio
    for kind, mode in (("tpy-2", "search"), ("tpy-2", "track"), ("spy-1d", "track")):
        reference = getattr(study.radars[kind], mode).reference_range_km
        assert "anchored" in reference.note
        assert reference.at("low") == pytest.approx(carried * float(reference), abs=0.5)
