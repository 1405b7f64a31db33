"""Tables of the threat classes, and of reach, flight and warning time by nation."""

from __future__ import annotations

from hoplon.analysis.tally import class_title, is_flown
from hoplon.analysis.threat.assessment import ThreatAssessment
from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import nation
from hoplon.questions.study import Study
from hoplon.scenario.model import Scenario


def tables(study: Study, answer: ThreatAssessment) -> tuple[Table, ...]:
    """Return the classes, and who is within reach of them."""
    grown = (growth_table(answer), first_years_table(answer)) if answer.growth else ()
    return (classes_table(study.scenario), reach_table(answer), *grown)


def classes_table(scenario: Scenario) -> Table:
    """Return the threat classes."""
    rows = []
    for name, threat in scenario.threats.items():
        first = threat.from_
        areas = scenario.launch_areas if threat.launch_areas is None else threat.launch_areas
        rows.append(
            (
                name,
                class_title(scenario, name) if is_flown(scenario, name) else f"{name} (stability question only)",
                threat.min_range_km.value,
                threat.max_range_km.value,
                None if first is None else first.value,
                None if first is None else first.at("low"),
                None if first is None else first.at("high"),
                threat.burn_time_s.value,
                threat.burnout_altitude_km.value,
                ", ".join(areas),
            )
        )
    heads = (
        Column("threat", "class"),
        Column("title", "title"),
        Column("min_range_km", "least range, km", "number"),
        Column("max_range_km", "greatest range, km", "number"),
        Column("first_year", "first year", "year"),
        Column("first_year_low", "early", "year"),
        Column("first_year_high", "late", "year"),
        Column("burn_time_s", "burn, s", "number"),
        Column("burnout_altitude_km", "burnout altitude, km", "number"),
        Column("launch_areas", "launched from"),
    )
    return Table("threat_classes", "Threat classes: notional, no claim about any real missile", heads, tuple(rows))


def reach_table(answer: ThreatAssessment) -> Table:
    """Return who is within reach of which class, from when, with what warning."""
    rows = [
        (
            code,
            nation(code),
            threat,
            reach.first_year,
            reach.first_year_low,
            reach.first_year_high,
            reach.flight_time_s,
            reach.warning_s,
            reach.launch_area,
            reach.place,
            reach.population_in_reach / reach.population if reach.population else None,
        )
        for code, by_threat in answer.reach.items()
        for threat, reach in by_threat.items()
    ]
    heads = (
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column("threat", "class"),
        Column("first_year", "first year", "year"),
        Column("first_year_low", "early", "year"),
        Column("first_year_high", "late", "year"),
        Column("flight_time_s", "flight", "seconds"),
        Column("warning_s", "warning", "seconds"),
        Column("launch_area", "from"),
        Column("place", "to"),
        Column("population_share_in_reach", "people in reach", "share"),
    )
    return Table("threat_reach", "Reach: shortest flight and warning time by nation and class", heads, tuple(rows))


def growth_table(answer: ThreatAssessment) -> Table:
    """Return who is within reach in each year at each pace, and what the architecture fielded defends."""
    rows = []
    for pace, growth in answer.growth.items():
        fielded = {item.year: item for item in answer.fielded.get(pace, ())}
        for row in growth.years:
            stood = fielded.get(row.year)
            rows.append(
                (
                    *(pace, row.year, ", ".join(row.classes), row.population_in_reach, row.nations_in_reach),
                    *(("", None) if stood is None else (stood.architecture or "", stood.share)),
                )
            )
    heads = (
        Column("pace", "pace"),
        Column("year", "year", "year"),
        Column("classes", "classes"),
        Column("population_in_reach", "people in reach", "people"),
        Column("nations_in_reach", "nations in reach", "number"),
        Column("architecture", "fielded"),
        Column("population_share", "defended", "share"),
    )
    return Table("threat_growth", "The threat by year, and what is fielded against it", heads, tuple(rows))


def first_years_table(answer: ThreatAssessment) -> Table:
    """Return the first year within reach of each nation, at each pace."""
    paces = list(answer.growth)
    rows = [
        (code, nation(code), *(answer.growth[pace].first_years.get(code) for pace in paces)) for code in answer.reach
    ]
    heads = (
        Column("nation", "code"),
        Column("nation_name", "nation"),
        *(Column(f"first_year_{pace}", f"first year, {pace}", "year") for pace in paces),
    )
    return Table("threat_first_years", "First year within reach, by nation", heads, tuple(rows))
