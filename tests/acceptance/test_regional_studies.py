"""The bundled studies of the Gulf and the Pacific: sound data, types alike in every study, the public record."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import shapely

from hoplon.api import coverage
from hoplon.api import study as run_study
from hoplon.scenario import geography
from hoplon.scenario.load import bundled_names, checked, load_scenario
from hoplon.scenario.model import Scenario

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ("gulf", "pacific")
SHARED = ("radars", "satellites", "interceptors")

# Latitude, longitude of city centres (GeoNames).
CITIES = {
    "Abu Dhabi": (24.45, 54.38, "ARE"),
    "Muscat": (23.58, 58.41, "OMN"),
    "Seoul": (37.57, 126.98, "KOR"),
    "Incheon": (37.46, 126.71, "KOR"),
    "Busan": (35.18, 129.08, "KOR"),
    "Daegu": (35.87, 128.60, "KOR"),
    "Tokyo": (35.69, 139.69, "JPN"),
    "Sapporo": (43.06, 141.35, "JPN"),
    "Fukuoka": (33.61, 130.42, "JPN"),
    "Naha": (26.21, 127.68, "JPN"),
    "Dededo": (13.52, 144.84, "GUM"),
}


def at(*names: str) -> geography.AimPoints:
    latitude, longitude, nation = zip(*(CITIES[name] for name in names), strict=True)
    count = len(names)
    return geography.AimPoints(
        *(np.array(names), np.array(nation), np.array(latitude), np.array(longitude)),
        *(np.ones(count), np.zeros(count), np.full(count, "place")),
    )


def defended(study: str, architecture: str, *names: str) -> dict[str, bool]:
    """Whether cities are defended against every class of the headline that reaches them."""
    answer = coverage(load_scenario(study), architecture, points=at(*names), levels=("base",)).base
    open_to = answer.threatened & ~answer.defended
    assert answer.threatened.any(axis=1).all()
    return dict(zip(names, (~open_to.any(axis=1)).tolist(), strict=True))


@pytest.mark.parametrize("study", STUDIES)
def test_a_bundled_study_loads_and_is_warned_of_nothing_but_what_it_means(study: str) -> None:
    assert study in bundled_names()
    _, warnings = checked(study)
    told = [item.message for item in warnings]
    assert len(told) == 2
    assert any("scaled to the total of each nation" in message for message in told)
    assert any("nothing commands it as a whole" in message for message in told)


@pytest.mark.parametrize("study", STUDIES)
def test_types_of_the_same_name_are_the_same_in_every_study(study: str) -> None:
    here, there = load_scenario(study), load_scenario("nato-europe")
    for section in SHARED:
        mine, theirs = getattr(here, section), getattr(there, section)
        shared = set(mine) & set(theirs)
        assert len(shared) >= 2
        assert {name: mine[name] for name in shared} == {name: theirs[name] for name in shared}


def test_the_tool_that_copies_the_types_has_nothing_to_do() -> None:
    command = [sys.executable, str(ROOT / "tools" / "shared_types.py"), "--check"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("study", STUDIES)
def test_what_stands_on_land_stands_on_land_and_ships_at_sea(study: str) -> None:
    land = shapely.union_all([shape for _, _, shape in geography.borders()])
    near = land.buffer(0.15)  # [deg] the outlines are those of 1:50 million; the smallest islands are not in them
    for name, element in load_scenario(study).elements.items():
        if element.at is None or name in ("fps5-shimokoshiki", "cobra-dane", "cobra-dane-guiding"):
            continue
        here = shapely.Point(element.at.longitude_deg, element.at.latitude_deg)
        assert near.contains(here) if element.basing == "land" else not land.contains(here), name


@pytest.mark.parametrize("study", STUDIES)
def test_every_number_of_a_study_is_sourced_or_assumed_and_directions_are_assumed(study: str) -> None:
    scenario = load_scenario(study)
    cited = dict(scenario.cited())
    assert all(number.source in scenario.sources for number in cited.values())
    assert not [path for path in cited if "boresights_deg" in path]
    assert {item.source for item in scenario.statements} <= set(scenario.sources)
    assert {item.source for item in scenario.milestones} <= set(scenario.sources)


def test_thaad_defends_abu_dhabi_and_nothing_defends_muscat() -> None:
    # Oman has no missile defence of its own; the nearest THAAD, at Dubai, is 360 km away, beyond its published 200 km.
    assert defended("gulf", "gcc-2016", "Abu Dhabi", "Muscat") == {"Abu Dhabi": True, "Muscat": False}


def test_thaad_at_seongju_alone_defends_the_south_and_not_the_seoul_area() -> None:
    # JoongAng Daily, 14 September 2017.
    found = defended("pacific", "seongju-alone", "Seoul", "Incheon", "Busan", "Daegu")
    assert found == {"Seoul": False, "Incheon": False, "Busan": True, "Daegu": True}


def test_two_aegis_ashore_sites_defend_japan_and_thaad_defends_guam() -> None:
    # The Japanese press of December 2017; the homeland security adviser of Guam, 9 August 2017.
    assert all(defended("pacific", "aegis-ashore-alone", "Tokyo", "Sapporo", "Fukuoka", "Naha").values())
    assert defended("pacific", "pacific-2015", "Dededo") == {"Dededo": True}


def reduced(scenario: Scenario, architectures: tuple[str, ...], threats: tuple[str, ...]) -> Scenario:
    """A scenario with a few of the architectures and classes, and without raids."""
    assert scenario.headline is not None
    return replace(
        scenario,
        architectures=MappingProxyType({name: scenario.architectures[name] for name in architectures}),
        threats=MappingProxyType({name: scenario.threats[name] for name in threats}),
        raids=MappingProxyType({}),
        questions=MappingProxyType({}),
        milestones=(),
        statements=(),
        headline=replace(scenario.headline, classes=threats),
    )


def test_the_map_of_a_study_elsewhere_says_its_own_projection() -> None:
    from hoplon.presentation.maps.single import plot_coverage

    scenario = reduced(load_scenario("gulf"), ("gcc-2012", "gcc-2016"), ("srbm-700", "mrbm-1300"))
    drawn = plot_coverage(scenario, coverage(scenario, "gcc-2016", levels=("base",)).base)
    assert "Capitals defended: Abu Dhabi" in drawn.alternative
    text = drawn.svg.decode()
    assert "LAEA centred on" in text
    assert "EPSG:3035" not in text
    assert "Europe" not in text


@pytest.mark.parametrize(
    ("study", "architectures", "threats", "city"),
    [
        ("gulf", ("gcc-2012", "gcc-2016"), ("srbm-700",), "Abu Dhabi"),
        ("pacific", ("pacific-2010", "pacific-2015"), ("mrbm-1300",), "Tokyo"),
    ],
)
def test_a_small_form_of_the_study_is_reported(
    study: str, architectures: tuple[str, ...], threats: tuple[str, ...], city: str, tmp_path: Path
) -> None:
    scenario = load_scenario(study)
    small = replace(
        reduced(scenario, architectures, threats),
        nations=MappingProxyType({CITIES[city][2]: scenario.nations[CITIES[city][2]]}),
    )
    small = replace(small, headline=None)
    made = run_study(small, tmp_path / "study")
    text = (tmp_path / "study" / "report.html").read_text(encoding="utf-8")
    assert made
    assert (tmp_path / "study" / "maps" / f"coverage-{architectures[-1]}.svg").exists()
    told = text.replace("© European Union", "")  # the licence of the people by region stands under every study
    for wrong in ("NATO Europe", "European", ">None<", ">nan<"):
        assert wrong not in told
