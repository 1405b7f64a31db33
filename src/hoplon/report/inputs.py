"""Tables of what the study was fed: road map, milestones, classes, assumptions, sources, people, provenance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hoplon.analysis.raid.sweeps import SEED
from hoplon.analysis.tally import class_title, is_flown
from hoplon.presentation.tables import Column, Table, Year
from hoplon.presentation.wording import nation
from hoplon.questions.comparison.public_record import MILESTONES
from hoplon.questions.question import Finding
from hoplon.scenario import geography
from hoplon.scenario.conditions import ASSUMPTIONS
from hoplon.scenario.model import Cited, Element, Scenario
from hoplon.scenario.quantities import Number
from hoplon.version import VERSION

_YEARS: Final = frozenset({"from", "until", "year"})
_NUMBER_HEADS = (
    Column("path", "what"),
    Column("value", "value", "given"),
    Column("low", "low", "given"),
    Column("high", "high", "given"),
    Column("kind", "kind"),
    Column("source", "source"),
    Column("note", "note"),
)


def input_tables(scenario: Scenario) -> tuple[Table, ...]:
    """Return every table of inputs."""
    return (
        road_map_table(scenario),
        milestones_table(),
        classes_table(scenario),
        assumed_table(scenario),
        cited_table(scenario),
        sources_table(scenario),
        people_table(scenario),
        inactive_table(scenario),
        provenance_table(scenario),
    )


def findings_table(findings: Sequence[Finding]) -> Table:
    """Return the findings as a table."""
    heads = (Column("question", "question"), Column("finding", "finding"))
    return Table("findings", "Findings", heads, tuple((item.question, item.sentence) for item in findings))


def road_map_table(scenario: Scenario) -> Table:
    """Return every architecture with its elements."""
    rows = []
    for name in scenario.architectures:
        resolved = scenario.architecture(name)
        for key, element in resolved.elements.items():
            at = element.at
            rows.append(
                (
                    name,
                    resolved.year,
                    key,
                    element.form,
                    _type_of(element),
                    element.owner,
                    element.basing,
                    None if at is None else at.latitude_deg,
                    None if at is None else at.longitude_deg,
                    element.count.value if element.battery is not None else None,
                )
            )
    heads = (
        Column("architecture", "architecture"),
        Column("year", "year", "year"),
        Column("element", "element"),
        Column("form", "form"),
        Column("type", "type"),
        Column("owner", "owner"),
        Column("basing", "basing"),
        Column("latitude_deg", "latitude", "degrees"),
        Column("longitude_deg", "longitude", "degrees"),
        Column("interceptors", "interceptors", "number"),
    )
    return Table("road_map", "Architectures and their elements", heads, tuple(rows))


def _type_of(element: Element) -> str | None:
    return element.radar or element.battery or element.satellite or element.node


def milestones_table() -> Table:
    """Return the events that the road map shows."""
    heads = (
        Column("year", "year", "date"),
        Column("lane", "lane"),
        Column("event", "event"),
        Column("source", "source"),
    )
    return Table(
        "milestones", "Events of the road map", heads, tuple((m.year, m.lane, m.text, m.source) for m in MILESTONES)
    )


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


def _number_row(path: str, number: Cited) -> tuple[Any, ...]:
    values: list[float | None] = [number.value, number.low, number.high]
    if path.rsplit(".", 1)[-1] in _YEARS:
        values = [None if value is None else Year(value) for value in values]
    return (path, *values, number.kind, number.source, number.note)


def assumed_table(scenario: Scenario) -> Table:
    """Return everything assumed: by the scenario, and by the event simulation of raids, which no scenario gives."""
    rows = tuple(_number_row(path, number) for path, number in scenario.assumed())
    if scenario.raids:
        rows += tuple(
            (f"event_simulation.{name}", float(one.value), None, None, "assumed", None, one.note)
            for name, one in ASSUMPTIONS.items()
            if isinstance(one.kind, Number) and one.value is not None
        )
    return Table("assumptions", f"Everything assumed: {len(rows):,} numbers", _NUMBER_HEADS, rows)


def cited_table(scenario: Scenario) -> Table:
    """Return every number that has a source."""
    rows = tuple(_number_row(path, number) for path, number in scenario.cited())
    return Table("cited_values", f"Everything cited: {len(rows):,} numbers", _NUMBER_HEADS, rows)


def sources_table(scenario: Scenario) -> Table:
    """Return the works that values are taken from."""
    rows = tuple((key, source.citation, source.url) for key, source in scenario.sources.items())
    heads = (Column("source", "key"), Column("citation", "work"), Column("url", "address"))
    return Table("sources", f"Sources: {len(rows)} works", heads, rows)


def people_table(scenario: Scenario) -> Table:
    """Return each nation's total and the factor that scales its places to it."""
    totals, factors = geography.population_totals(), geography.scaling_factors()
    rows = tuple(
        (code, nation(code), membership.from_, membership.until, totals.get(code), factors.get(code))
        for code, membership in scenario.nations.items()
    )
    heads = (
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column("member_from", "member from", "year"),
        Column("member_until", "until", "year"),
        Column("population", "people", "people"),
        Column("scaling_factor", "factor on places", "number"),
    )
    return Table("people", "People and how places are scaled to national totals", heads, rows)


def inactive_table(scenario: Scenario) -> Table:
    """Return elements that an architecture names but its year leaves out."""
    rows = tuple(
        (name, key, reason)
        for name in scenario.architectures
        for key, reason in scenario.architecture(name).inactive.items()
    )
    heads = (Column("architecture", "architecture"), Column("element", "element"), Column("reason", "why inactive"))
    return Table("inactive_elements", "Elements that the year of an architecture leaves out", heads, rows)


def provenance_table(scenario: Scenario) -> Table:
    """Return what made the results."""
    rows = (
        ("hoplon version", VERSION),
        ("scenario", scenario.name),
        ("scenario sha256", scenario.sha256),
        ("random seed", f"{SEED} of the raids of questions 4 and 14; nothing else is drawn at random"),
        ("borders", "Natural Earth 1:50m, public domain"),
        ("places", "GeoNames, CC BY 4.0, scaled to national totals"),
        ("projection", "Lambert azimuthal equal-area, EPSG:3035; North America: centred on 50° N 100° W"),
    )
    return Table("provenance", "Provenance", (Column("what", "what"), Column("value", "value")), rows)
