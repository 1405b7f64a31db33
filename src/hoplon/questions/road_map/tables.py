"""Tables of the road map: architectures with their elements, events, and what a year leaves out."""

from __future__ import annotations

from hoplon.presentation.tables import Column, Table
from hoplon.questions.road_map.answer import RoadMap
from hoplon.questions.study import Study
from hoplon.scenario.model import Element, Scenario
from hoplon.scenario.titles import citation


def tables(study: Study, _answer: RoadMap) -> tuple[Table, ...]:
    """Return architectures with their elements, events, and elements that a year leaves out."""
    return (elements_table(study.scenario), milestones_table(study.scenario), inactive_table(study.scenario))


def elements_table(scenario: Scenario) -> Table:
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


def milestones_table(scenario: Scenario) -> Table:
    """Return the events that the road map shows."""
    heads = (
        Column("year", "year", "date"),
        Column("lane", "lane"),
        Column("event", "event"),
        Column("source", "source"),
    )
    rows = tuple((item.date, item.lane, item.text, citation(scenario, item.source)) for item in scenario.milestones)
    return Table("milestones", "Events of the road map", heads, rows)


def inactive_table(scenario: Scenario) -> Table:
    """Return elements that an architecture names but its year leaves out."""
    rows = tuple(
        (name, key, reason)
        for name in scenario.architectures
        for key, reason in scenario.architecture(name).inactive.items()
    )
    heads = (Column("architecture", "architecture"), Column("element", "element"), Column("reason", "why inactive"))
    return Table("inactive_elements", "Elements that the year of an architecture leaves out", heads, rows)
