"""The bundled study against what the public record and the design of the study say."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import pytest
from ruamel.yaml import YAML
from shapely import get_coordinates
from shapely.geometry import Point
from shapely.ops import unary_union

from hoplon.scenario import geography
from hoplon.scenario.decisions.candidates import with_copies
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

# Name, year, mode of each architecture.
ARCHITECTURES = {
    "programme-of-record": (2013, "engage_on_remote"),
    "phase-1": (2011, "launch_on_remote"),
    "phase-2": (2015, "launch_on_remote"),
    "phase-3": (2018, "engage_on_remote"),
    "phase-4": (2020, "engage_on_remote"),
    "phase-3-without-ptss": (2018, "engage_on_remote"),
    "phase-2-as-built": (2016, "launch_on_remote"),
    "phase-3-as-built": (2024, "engage_on_remote"),
    "cbo-1": (2015, "engage_on_remote"),
    "cbo-2": (2015, "engage_on_remote"),
    "cbo-3": (2015, "engage_on_remote"),
    "cbo-4": (2015, "engage_on_remote"),
    "programme-of-record-partners": (2013, "engage_on_remote"),
    "phase-1-partners": (2011, "launch_on_remote"),
    "phase-2-partners": (2015, "launch_on_remote"),
    "phase-3-partners": (2018, "engage_on_remote"),
    "phase-4-partners": (2020, "engage_on_remote"),
    "phase-1-allied": (2011, "launch_on_remote"),
    "phase-2-allied": (2015, "launch_on_remote"),
    "phase-3-allied": (2018, "engage_on_remote"),
    "phase-4-allied": (2020, "engage_on_remote"),
    "programme-of-record-early-warning-guides": (2013, "engage_on_remote"),
    "phase-1-early-warning-guides": (2011, "launch_on_remote"),
    "phase-2-early-warning-guides": (2015, "launch_on_remote"),
    "phase-3-early-warning-guides": (2018, "engage_on_remote"),
    "phase-4-early-warning-guides": (2020, "engage_on_remote"),
    "programme-of-record-lofts": (2013, "engage_on_remote"),
    "phase-1-lofts": (2011, "launch_on_remote"),
    "phase-2-lofts": (2015, "launch_on_remote"),
    "phase-3-lofts": (2018, "engage_on_remote"),
    "phase-4-lofts": (2020, "engage_on_remote"),
    "phase-2-reinforced": (2015, "launch_on_remote"),
    "phase-3-reinforced": (2019, "engage_on_remote"),
    "national": (2011, "organic"),
    "mix-base": (2018, "engage_on_remote"),
}

# Plans that counted on tracking satellites, and what extends them; not what was built of them.
TRACKED_FROM_SPACE = {
    *(
        f"phase-{phase}{end}"
        for phase in (3, 4)
        for end in ("", "-partners", "-allied", "-early-warning-guides", "-lofts")
    ),
    "phase-3-reinforced",
}

# Interceptors of each battery that counts on a map: type and number of them, by architecture.
UPPER_LAYER = {
    "programme-of-record": [("gbi-2stage", 10)],
    "phase-1": [("sm3-ia", 20), ("sm3-ia", 20)],
    "phase-2": [("sm3-ib", 20), ("sm3-ib", 20), ("sm3-ib", 24)],
    "phase-3": [("sm3-iia", 20), ("sm3-iia", 20), ("sm3-iia", 24), ("sm3-iia", 24)],
    "phase-4": [("sm3-iia", 20), ("sm3-iia", 20), ("sm3-iia", 24), ("sm3-iia", 24), ("sm3-iib", 24), ("sm3-iib", 24)],
    "cbo-1": [("gbi-2stage", 10)],
    "cbo-2": [("sm3-iia", 20), ("sm3-iia", 20), ("sm3-iia", 20)],
    "cbo-3": [("sm3-iia", 10), ("sm3-iia", 10)],
    "cbo-4": [("kei", 10), ("kei", 10)],
}

STRATEGIC = ("strategic-10000", "strategic-10000-liquid")

# Years of accession, NATO.
ACCESSION = {
    1949: "BEL CAN DNK FRA GBR ISL ITA LUX NLD NOR PRT USA",
    1952: "GRC TUR",
    1955: "DEU",
    1982: "ESP",
    1999: "CZE HUN POL",
    2004: "BGR EST LTU LVA ROU SVK SVN",
    2009: "ALB HRV",
    2017: "MNE",
    2020: "MKD",
    2023: "FIN",
    2024: "SWE",
}

# Country that an element on land stands in; owners may be others (the Americans in Poland, the Russians in Azerbaijan).
HOSTS = {
    "fylingdales": "GBR",
    "incirlik": "TUR",
    "souda": "GRC",
    "sigonella": "ITA",
    "rota": "ESP",
    "kogalniceanu": "ROU",
    "redzikowo-silo": "POL",
    "redzikowo": "POL",
    "brdy": "CZE",
    "por-hub": "USA",
    "kurecik": "TUR",
    "deveselu": "ROU",
    "ramstein": "DEU",
    "uedem": "DEU",
    "poggio-renatico": "ITA",
    "gabala": "AZE",
    "armavir": "RUS",
    "armavir-southeast": "RUS",
    "patriot-berlin": "DEU",
    "patriot-amsterdam": "NLD",
    "patriot-athens": "GRC",
    "patriot-madrid": "ESP",
    "patriot-gaziantep": "TUR",
    "patriot-kahramanmaras": "TUR",
    "patriot-adana": "TUR",
    "patriot-bucharest": "ROU",
    "sampt-paris": "FRA",
    "sampt-rome": "ITA",
    "sampt-kahramanmaras": "TUR",
    "thaad-deveselu": "ROU",
    "thaad-diyarbakir": "TUR",
    "cbo-radar-azerbaijan": "AZE",
    "cbo-radar-qatar": "QAT",
    "cbo-ramstein": "DEU",
    "cbo-incirlik": "TUR",
    "forward-radar-south": "TUR",
    "patriot-lent": "TUR",
    "thaad-lent": "ROU",
}


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the distance on the mean sphere of 6371.0088 km, by the haversine formula."""
    p1, p2, dl = math.radians(lat1), math.radians(lat2), math.radians(lon2 - lon1)
    half = math.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(dl / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))


@pytest.fixture(scope="module")
def study() -> Scenario:
    return load_scenario("nato-europe")


@pytest.fixture(scope="module")
def written() -> Mapping[str, Any]:
    text = files("hoplon.scenario").joinpath("catalogue", "nato-europe.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = YAML(typ="safe").load(text)
    return loaded


@pytest.fixture(scope="module")
def nearest_land_km(study: Scenario) -> dict[str, float]:
    """Distance from each launch area to the nearest land of a member (vertices of the outlines)."""
    shores = [shape for code, _, shape in geography.borders() if code in study.nations]
    vertices = [vertex for vertex in get_coordinates(shores) if vertex[1] > 23.5]
    return {
        name: min(great_circle_km(area.at.latitude_deg, area.at.longitude_deg, lat, lon) for lon, lat in vertices)
        for name, area in study.launch_areas.items()
    }


def records_of_numbers(value: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every {value: ...} of the file with its path."""
    if isinstance(value, Mapping):
        if "value" in value:
            yield path, value
        for key, item in value.items():
            yield from records_of_numbers(item, f"{path}.{key}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from records_of_numbers(item, f"{path}[{place}]")


def test_the_architectures_their_years_and_their_modes_are_those_of_the_record(study: Scenario) -> None:
    found = {}
    for name in study.architectures:
        resolved = study.architecture(name)
        found[name] = (resolved.year, resolved.mode)
    assert found == ARCHITECTURES


@pytest.mark.parametrize("architecture", UPPER_LAYER)
def test_each_plan_has_its_interceptors(study: Scenario, architecture: str) -> None:
    elements = study.architecture(architecture).elements.values()
    batteries = sorted((element.battery, float(element.count)) for element in elements if element.battery is not None)
    assert batteries == sorted(UPPER_LAYER[architecture])


def test_an_aegis_ashore_site_as_built_holds_24_interceptors_in_all(study: Scenario) -> None:
    for architecture in ("phase-2-as-built", "phase-3-as-built"):
        elements = study.architecture(architecture).elements
        sites: dict[str, float] = {}
        for element in elements.values():
            if element.battery is not None and element.basing == "land":
                assert element.at is not None
                key = f"{element.at.latitude_deg} {element.at.longitude_deg}"
                sites[key] = sites.get(key, 0.0) + float(element.count)
        assert set(sites.values()) == {24.0}
    assert len(sites) == 2


def test_warning_satellites_and_fylingdales_are_in_every_architecture(study: Scenario) -> None:
    for name in study.architectures:
        resolved = study.architecture(name)
        satellites = {key for key, element in resolved.elements.items() if element.satellite is not None}
        assert resolved.year is not None
        assert satellites - {"ptss"} == ({"dsp"} if resolved.year < 2013 else {"sbirs"})
        guides = name.endswith("-early-warning-guides")
        assert ("fylingdales" in resolved.elements) != guides
        assert ("fylingdales-guiding" in resolved.elements) == guides


def test_tracking_satellites_are_in_the_later_plans_and_in_nothing_that_was_built(study: Scenario) -> None:
    found = {name for name in study.architectures if "ptss" in study.architecture(name).elements}
    assert found == TRACKED_FROM_SPACE
    planned, without = study.architecture("phase-3"), study.architecture("phase-3-without-ptss")
    assert set(planned.elements) - set(without.elements) == {"ptss"}
    assert set(without.elements) < set(planned.elements)
    tracking = study.satellites["ptss"].tracking
    assert tracking is not None
    assert [float(tracking.acquisition_s), float(tracking.min_altitude_km), float(tracking.update_s)] == [20, 100, 5]
    sigma = tracking.position_sigma_m
    assert [sigma.at("low"), sigma.at("base"), sigma.at("high")] == [100, 300, 1000]


def test_the_programme_of_record_has_a_hub_of_its_own_and_no_alternate(study: Scenario) -> None:
    for name in ("programme-of-record", "cbo-1", "programme-of-record-partners"):
        nodes = {key: element.node for key, element in study.architecture(name).elements.items() if element.node}
        assert nodes == {"por-hub": "hub"}


def test_the_phases_are_commanded_by_the_alliance(study: Scenario) -> None:
    for name in ("phase-1", "phase-2", "phase-3", "phase-4", "phase-3-as-built", "phase-4-allied"):
        nodes = {key: element.node for key, element in study.architecture(name).elements.items() if element.node}
        assert nodes == {"ramstein": "hub", "uedem": "alternate", "poggio-renatico": "regional"}


def test_national_is_phase_1_with_the_allies_and_without_the_backbone(study: Scenario) -> None:
    together, alone = study.architecture("phase-1-allied"), study.architecture("national")
    assert set(together.elements) - set(alone.elements) == {"ramstein", "uedem", "poggio-renatico"}
    assert set(alone.elements) <= set(together.elements)
    assert alone.c2 == "organic"


def test_partner_radars_stand_in_their_years_and_are_never_needed(study: Scenario) -> None:
    for plan, standing in {
        "programme-of-record": {"armavir", "armavir-southeast"},
        "phase-1": {"gabala", "armavir"},
        "phase-2": {"armavir", "armavir-southeast"},
        "phase-3": {"armavir", "armavir-southeast"},
        "phase-4": {"armavir", "armavir-southeast"},
    }.items():
        with_them, without = study.architecture(f"{plan}-partners"), study.architecture(plan)
        assert set(with_them.elements) - set(without.elements) == standing
        assert all(with_them.elements[name].partner for name in standing)
        assert not any(element.partner for element in without.elements.values())
        assert {element.owner for element in with_them.elements.values() if element.partner} == {"RUS"}
    for name in ("gabala", "armavir", "armavir-southeast"):
        radar = study.elements[name].radar
        assert radar is not None
        assert study.radars[radar].discrimination is None


def test_every_interceptor_type_stands_in_some_architecture(study: Scenario) -> None:
    active = {
        element.battery
        for name in study.architectures
        for element in study.architecture(name).elements.values()
        if element.battery is not None
    }
    assert active == set(study.interceptors)


def test_allied_contributions_add_to_a_phase_and_take_nothing_away(study: Scenario) -> None:
    for year, phase in ((2011, "phase-1"), (2015, "phase-2"), (2018, "phase-3"), (2020, "phase-4")):
        allied, plan = study.architecture(f"{phase}-allied"), study.architecture(phase)
        assert set(plan.elements) < set(allied.elements)
        added = {element.owner for key, element in allied.elements.items() if key not in plan.elements}
        assert {"NLD", "ESP", "ITA", "FRA", "NOR", "GBR", "DEU", "GRC"} <= added
        assert ("nld-frigate-ewc" in allied.elements) == (year >= 2019)
        assert "patriot-gaziantep" not in allied.elements


def test_a_ship_or_a_site_shoots_with_a_radar_of_its_own_in_the_same_place(study: Scenario) -> None:
    for name, element in study.elements.items():
        if element.battery is not None and name != "redzikowo-silo":
            assert element.radars
            assert {study.elements[radar].at for radar in element.radars} == {element.at}
    assert study.elements["redzikowo-silo"].radars == ()
    assert study.elements["deveselu"].radars == ("deveselu-radar",)
    assert study.elements["deveselu-radar"].radar == "spy-1d"


def test_members_joined_when_nato_says(study: Scenario) -> None:
    joined = {code: year for year, codes in ACCESSION.items() for code in codes.split()}
    assert {code: membership.from_ for code, membership in study.nations.items()} == joined
    assert len(study.members(2009)) == 28
    assert len(study.members(2024)) == 32
    assert len(set(study.members(2024)) & set(geography.EUROPE)) == 30


def test_a_class_is_listed_where_it_reaches_a_member_and_nowhere_else(
    study: Scenario, nearest_land_km: dict[str, float]
) -> None:
    for name, threat in study.threats.items():
        if name in STRATEGIC:
            assert threat.launch_areas == ()
            continue
        short_range = name.startswith("srbm")
        reaching = {
            area
            for area, distance_km in nearest_land_km.items()
            if distance_km <= float(threat.max_range_km) and (area != "levant" or short_range)
        }
        assert threat.launch_areas is not None
        assert set(threat.launch_areas) == reaching, name


def test_the_distances_that_decide_are_those_stated_in_the_file(nearest_land_km: dict[str, float]) -> None:
    text = files("hoplon.scenario").joinpath("catalogue", "nato-europe.yaml").read_text(encoding="utf-8")
    for area, distance_km in nearest_land_km.items():
        assert f"{area} {distance_km:.0f}" in text
    assert nearest_land_km["tabriz"] == pytest.approx(155, abs=2)


def test_every_number_names_its_source_or_is_assumed(written: Mapping[str, Any]) -> None:
    numbers = list(records_of_numbers({key: item for key, item in written.items() if key != "sources"}, ""))
    assert len(numbers) > 500
    for path, number in numbers:
        assert set(number) <= {"value", "low", "high", "source", "kind", "note"}, path
        assert number["kind"] in ("measured", "published", "derived", "assumed"), path
        assert (number["kind"] == "assumed") or number["source"] in written["sources"], path
        assert ("source" in number) == (number["kind"] != "assumed"), path
        bounds = [number.get("low", number["value"]), number["value"], number.get("high", number["value"])]
        assert bounds == sorted(bounds), path


def test_every_record_names_its_source_or_is_assumed(study: Scenario, written: Mapping[str, Any]) -> None:
    for name in study.elements:
        record = written["elements"][name]
        assert record.get("source") in written["sources"] or record["kind"] == "assumed", name
    for name in study.launch_areas:
        record = written["launch_areas"][name]
        assert record.get("source") in written["sources"] or record["kind"] == "assumed", name


def test_every_source_is_used_and_says_what_it_is(written: Mapping[str, Any]) -> None:
    text = files("hoplon.scenario").joinpath("catalogue", "nato-europe.yaml").read_text(encoding="utf-8")
    body = text.split("\nsources:\n")[0]
    for key, source in written["sources"].items():
        assert len(source["citation"]) > 10
        assert key in body, key
        assert "leaks" not in source.get("url", "")


def test_the_disputed_inputs_carry_the_bounds_of_the_dispute(study: Scenario) -> None:
    def bounds(number: Any) -> tuple[float, float, float]:
        return number.at("low"), number.at("base"), number.at("high")

    for name, threat in study.threats.items():
        if not name.startswith("srbm"):
            assert bounds(threat.rcs_m2["X"]) == (0.005, 0.03, 0.1)
            assert bounds(threat.rcs_m2["S"]) == (0.01, 0.1, 0.3)
            assert float(threat.rcs_m2["UHF"]) == 0.5
    speeds = {name: bounds(interceptor.burnout_speed_km_s) for name, interceptor in study.interceptors.items()}
    assert speeds["sm3-ia"] == (3.0, 3.0, 3.5)
    assert speeds["sm3-iia"] == (4.3, 4.5, 5.5)
    assert speeds["sm3-iib"] == (5.0, 5.5, 6.0)
    assert speeds["gbi-2stage"] == (6.3, 7.0, 9.0)
    assert bounds(study.doctrine.decision_s) == (15, 50, 200)
    assert bounds(study.doctrine.handover_s) == (10, 20, 60)
    assert bounds(study.doctrine.kill_assessment_s) == (10, 20, 60)
    assert float(study.network.latency_s) == 5


def test_factors_of_an_upper_layer_shot_multiply_to_the_catalogue_value(study: Scenario) -> None:
    # Value and bounds of the single-shot kill probability in the notional catalogue of the study.
    catalogue = {
        "sm3-ia": (0.5, 0.75, 0.85),
        "sm3-ib": (0.5, 0.8, 0.9),
        "sm3-iia": (0.33, 0.8, 0.9),
        "sm3-iib": (0.4, 0.7, 0.85),
        "gbi-2stage": (0.3, 0.5, 0.8),
        "kei": (0.6, 0.6, 0.6),
    }
    upper = {name for name, item in study.interceptors.items() if item.single_shot_kill_probability is None}
    assert upper == set(catalogue)
    for name, (low, base, high) in catalogue.items():
        interceptor = study.interceptors[name]
        assert interceptor.reliability is not None
        assert interceptor.hit_probability is not None
        for level, expected in (("low", low), ("base", base), ("high", high)):
            product = interceptor.reliability.at(level) * interceptor.hit_probability.at(level)  # type: ignore[arg-type]
            assert product == pytest.approx(expected, abs=0.005), (name, level)


def test_tracking_ranges_follow_from_searching_ranges(study: Scenario) -> None:
    for name, radar in study.radars.items():
        search, track = float(radar.search.reference_range_km), float(radar.track.reference_range_km)
        if name == "tpy-2":
            assert track == 1100
        elif name == "spy-1d":
            assert (search, track) == (310, 545)
        else:
            assert track / search == pytest.approx(1.25 if radar.band in ("X", "S", "C") else 1.0)
        assert float(radar.track.reference_rcs_m2) == float(radar.search.reference_rcs_m2)


def test_the_golf_ball_and_the_warhead_are_one_published_radar(study: Scenario) -> None:
    # 165 km against the 0.0025 m2 of a golf ball in S band, by the fourth root
    search = study.radars["spy-1d"].search
    scaled = 165 * (float(search.reference_rcs_m2) / 0.0025) ** 0.25
    assert float(search.reference_range_km) == pytest.approx(scaled, rel=0.02)


def test_elements_on_land_stand_in_their_country_and_ships_at_sea(study: Scenario) -> None:
    borders = {code: shape for code, _, shape in geography.borders()}
    everything = unary_union(list(borders.values()))
    for name, element in with_copies(study).elements.items():
        if element.at is None:
            assert element.basing == "space"
            continue
        place = Point(element.at.longitude_deg, element.at.latitude_deg)
        if element.basing == "sea":
            assert not everything.contains(place), name
        else:
            place_name = name.partition("/")[0]  # what a candidate copies stands where the candidate is
            stem = max((host for host in HOSTS if place_name.startswith(host)), key=len)
            assert borders[HOSTS[stem]].contains(place), name


def test_every_missile_of_a_raid_reaches_its_aim_point(study: Scenario) -> None:
    assert {"few", "bundled"} <= set(study.raids)
    for raid in study.raids.values():
        for group in raid.threats:
            threat, area = study.threats[group.threat], study.launch_areas[group.from_].at
            distance_km = great_circle_km(
                area.latitude_deg, area.longitude_deg, group.aim.latitude_deg, group.aim.longitude_deg
            )
            assert float(threat.min_range_km) <= distance_km <= float(threat.max_range_km)
            assert threat.launch_areas is not None
            assert group.from_ in threat.launch_areas


@pytest.mark.parametrize(("threat", "burn_s", "places"), [(STRATEGIC[0], 180, 4), (STRATEGIC[1], 270, 4)])
def test_the_stability_question_flies_each_place_to_three_cities(
    study: Scenario, threat: str, burn_s: float, places: int
) -> None:
    assert len(study.strategic) == 24
    listed = [entry for entry in study.strategic if entry.threat == threat]
    assert len(listed) == len({(entry.from_, entry.aim) for entry in listed}) == 3 * places
    assert len({entry.from_ for entry in listed}) == places
    assert len({entry.aim for entry in listed}) == 3
    assert float(study.threats[threat].burn_time_s) == burn_s
    for entry in listed:
        flown = study.threats[entry.threat]
        distance_km = great_circle_km(
            entry.from_.latitude_deg, entry.from_.longitude_deg, entry.aim.latitude_deg, entry.aim.longitude_deg
        )
        assert float(flown.min_range_km) <= distance_km <= float(flown.max_range_km)


def test_one_place_of_the_stability_question_is_a_control_east_of_the_urals(study: Scenario) -> None:
    east = {entry.name.split()[0] for entry in study.strategic if entry.from_.longitude_deg > 70}
    assert east == {"Uzhur"}


def test_classes_keep_their_order_and_their_first_years(study: Scenario) -> None:
    classes = [threat for name, threat in study.threats.items() if name not in STRATEGIC]
    assert [float(threat.max_range_km) for threat in classes] == [300, 600, 1000, 1300, 2000, 3500, 5500, 8000, 10000]
    assert [float(threat.min_range_km) for threat in classes] == [50, 150, 300, 400, 600, 1500, 2500, 4000, 5000]
    years = [
        (threat.from_.at("low"), threat.from_.at("base"), threat.from_.at("high")) for threat in classes if threat.from_
    ]
    assert years == [
        *[(1990, 1990, 1990)] * 2,
        *[(2003, 2003, 2003)] * 2,
        (2009, 2009, 2009),
        (2013, 2015, 2020),
        (2017, 2020, 2030),
        *[(2015, 2020, 2035)] * 2,
    ]


def test_the_programme_of_record_costs_what_congress_was_told(study: Scenario) -> None:
    elements = study.architecture("programme-of-record").elements.values()
    total_musd = sum(float(element.acquisition_musd) for element in elements if element.acquisition_musd is not None)
    assert total_musd == pytest.approx(4040)  # CRS RL34051: USD 4.04 bn to 2013


def test_ships_at_three_stations_cost_about_what_the_budget_office_said(study: Scenario) -> None:
    total_musd = 0.0
    for element in study.architecture("cbo-2").elements.values():
        if element.node is not None:
            continue  # command is not in the office's figure
        ships = 1.0 if element.ships_per_station is None else float(element.ships_per_station)
        if element.acquisition_musd is not None:
            total_musd += ships * float(element.acquisition_musd)
        if element.annual_musd is not None:
            total_musd += 20 * ships * float(element.annual_musd)
    # USD 18 to 26 bn in 20 years; a tenth on either side for notional operating costs
    assert 18 * 0.9 <= total_musd / 1000 <= 26 * 1.1


def test_the_toy_is_bundled_too() -> None:
    toy = load_scenario("toy")
    assert set(toy.architectures) == {"slow", "fast", "fast-organic", "fast-remote"}
