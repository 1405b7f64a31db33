"""The growth of the threat, held against distances on a sphere and first years read from the scenario."""

from __future__ import annotations

import math

import numpy as np
import pytest

import report_samples as samples
from hoplon.analysis.coverage import headline_nations
from hoplon.analysis.threat.assessment import ThreatAssessment, assess
from hoplon.analysis.threat.growth import FieldedYear, threat_growth
from hoplon.questions.question import FigureRef, TableRef
from hoplon.questions.threat.figures import figures
from hoplon.questions.threat.findings import growth_findings
from hoplon.questions.threat.section import section
from hoplon.questions.threat.tables import tables
from hoplon.scenario.geography import AimPoints
from questions.threat.test_assessment import points

BOUNDS = {"slow": 2, "base": 0, "fast": 1}  # of (value, low, high)


def first_year(name: str, pace: str) -> int:
    _, _, *years = samples.RANGES[name]
    return years[BOUNDS[pace]] or years[0]


def reaches(name: str, latitude: float, longitude: float) -> bool:
    """Tell by the haversine formula whether a class reaches a place from any area."""
    most, least, *_ = samples.RANGES[name]
    for lat, lon in samples.AREAS.values():
        north, south = math.radians(lat), math.radians(latitude)
        square = math.sin((north - south) / 2) ** 2
        square += math.cos(north) * math.cos(south) * math.sin(math.radians(lon - longitude) / 2) ** 2
        if least <= 2 * 6371.0088 * math.asin(math.sqrt(square)) <= most:
            return True
    return False


def grown(where: AimPoints) -> ThreatAssessment:
    from dataclasses import replace

    scenario = samples.scenario()
    assessed = assess(scenario, points=where)
    return replace(
        assessed, growth=threat_growth(scenario, assessed.places, assessed.reach, headline_nations(scenario, None))
    )


def test_years_count_the_people_whom_a_class_that_exists_reaches() -> None:
    where = points()
    answer = grown(where)
    seen = set()
    for pace in BOUNDS:
        for row in answer.growth[pace].years:
            classes = {name for name in samples.RANGES if first_year(name, pace) <= row.year}
            within = [
                any(reaches(name, *place) for name in classes)
                for place in zip(where.latitude_deg, where.longitude_deg, strict=True)
            ]
            assert set(row.classes) == classes
            assert row.population_in_reach == pytest.approx(float(where.population[within].sum()))
            assert row.nations_in_reach == len(set(where.nation[within].tolist()))
            seen.add(round(row.population_in_reach))
    assert len(seen) >= 3
    years = [row.year for row in answer.growth["base"].years]
    assert years == list(range(2003, 2036))  # the first class at any pace, the last one at its late bound
    assert all([row.year for row in growth.years] == years for growth in answer.growth.values())


def test_first_years_follow_the_pace() -> None:
    answer = grown(points())
    assert [answer.growth[pace].first_years["DEU"] for pace in ("fast", "base", "slow")] == [2013, 2015, 2020]
    assert {answer.growth[pace].first_years["TUR"] for pace in BOUNDS} == {2003}
    assert answer.growth["base"].first_years["POL"] is None


def test_the_json_has_the_keys_of_the_command_line() -> None:
    paces = grown(points()).as_json()["paces"]
    assert set(paces) == {"slow", "base", "fast"}
    assert paces["base"]["nations"]["DEU"] == {"first_year": 2015}
    assert set(paces["base"]["years"][0]) == {"year", "classes", "population_in_reach", "nations_in_reach"}


def test_the_growth_is_told_with_its_years_early_and_late() -> None:
    told = [item.sentence for item in growth_findings(grown(points()))]
    assert "million in one nation from 2003" in told[0]
    assert "from 2015 (2013 when fast, 2020 when slow)" in told[0]
    assert told[1] == "First within reach, from 2003 on: Turkey."


def test_growth_has_its_figures_and_tables() -> None:
    from dataclasses import replace

    made = samples.results()
    answer = grown(points())
    rows = tuple(
        FieldedYear(row.year, "phase-1" if row.year >= 2011 else None, 0.5) for row in answer.growth["base"].years
    )
    answer = replace(answer, fielded=dict.fromkeys(BOUNDS, rows))
    blocks = section(made, answer).every
    names = {table.name for table in tables(made, answer)}
    assert {item.name for item in blocks if isinstance(item, TableRef)} == names
    drawn = {spec.name: spec for spec in figures(made, answer)}
    assert {item.name for item in blocks if isinstance(item, FigureRef)} == set(drawn)
    assert "from 2015" in drawn["threat-growth"].draw().alternative
    assert "Germany 2015" in drawn["threat-first-years"].draw().alternative
    table = next(table for table in tables(made, answer) if table.name == "threat_growth")
    assert table.rows[0][5:] == ("", 0.5)
    assert np.isclose(float(table.rows[-1][3]), answer.growth["fast"].years[-1].population_in_reach)
