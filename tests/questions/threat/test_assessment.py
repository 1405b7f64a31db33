"""Who is within reach: shortest flights, first years, warning."""

import numpy as np
import pytest

import report_samples as samples
from hoplon.analysis.threat.assessment import assess
from hoplon.scenario.geography import AimPoints


def points() -> AimPoints:
    rows = [
        ("Ankara", "TUR", 39.93, 32.86, 5.0e6),
        ("Van", "TUR", 38.50, 43.37, 1.0e6),
        ("Berlin", "DEU", 52.52, 13.40, 3.6e6),
        ("Aachen", "DEU", 50.78, 6.08, 0.2e6),
    ]
    name, nation, latitude, longitude, people = (np.array(column) for column in zip(*rows, strict=True))
    return AimPoints(name, nation, latitude, longitude, people, np.zeros(4), np.full(4, "place"))


def test_a_class_reaches_what_lies_between_its_ranges() -> None:
    reach = assess(samples.scenario(), points=points()).reach
    assert set(reach["TUR"]) == {"mrbm-1300", "mrbm-2000", "irbm-3500"}
    assert set(reach["DEU"]) == {"irbm-3500"}
    assert reach["POL"] == {}


def test_the_shortest_flight_counts_and_only_people_in_reach_are_counted() -> None:
    turkey = assess(samples.scenario(), points=points()).reach["TUR"]["mrbm-1300"]
    assert turkey.place == "Ankara"  # Van lies within the least range of Tabriz, and beyond the greatest from elsewhere
    assert turkey.launch_area == "tabriz"
    assert turkey.population_in_reach == pytest.approx(5.0e6)
    germany = assess(samples.scenario(), points=points()).reach["DEU"]["irbm-3500"]
    assert germany.place == "Berlin"
    assert germany.population_in_reach / germany.population == pytest.approx(1.0)


def test_warning_is_impact_less_alert_and_latency() -> None:
    for by_threat in assess(samples.scenario(), points=points()).reach.values():
        for reach in by_threat.values():
            assert reach.warning_s == pytest.approx(reach.flight_time_s - 60.0 - 5.0, rel=1e-12)


def test_a_minimum_energy_flight_takes_about_as_long_as_the_books_say() -> None:
    reach = assess(samples.scenario(), points=points()).reach["DEU"]["irbm-3500"]
    # 2,900 km, surface to surface, no boost: about 880 s (minimum-energy table); the boost adds half a minute to two.
    assert 880.0 < reach.flight_time_s < 1000.0


def test_a_year_keeps_the_classes_that_exist_by_then() -> None:
    assessed = assess(samples.scenario(), year=2010, points=points())
    assert set(assessed.reach["TUR"]) == {"mrbm-1300", "mrbm-2000"}
    assert assessed.reach["DEU"] == {}
    assert "FIN" not in assessed.reach


def test_the_json_has_the_keys_of_the_command_line() -> None:
    answer = assess(samples.scenario(), points=points()).as_json()
    threat = answer["nations"]["DEU"]["threats"]["irbm-3500"]
    assert {"first_year", "flight_time_s", "warning_s"} <= set(threat)
    assert threat["first_year"] == 2015
    assert (threat["first_year_low"], threat["first_year_high"]) == (2013, 2020)


def test_the_first_year_within_reach_is_that_of_the_earliest_class() -> None:
    assessed = assess(samples.scenario(), points=points())
    assert assessed.first_within_reach("TUR") == 2003
    assert assessed.first_within_reach("DEU") == 2015
    assert assessed.first_within_reach("POL") is None
