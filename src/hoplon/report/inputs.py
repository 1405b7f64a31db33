"""Tables of what a study was given: assumptions, cited values, sources, people, provenance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hoplon.analysis.raid.sweeps import SEED
from hoplon.presentation.tables import Column, Table, Year
from hoplon.presentation.wording import nation
from hoplon.questions.question import Finding
from hoplon.scenario.conditions import ASSUMPTIONS
from hoplon.scenario.model import Cited, Scenario
from hoplon.scenario.nations import without_data
from hoplon.scenario.people import people_by_region
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


def input_tables(scenario: Scenario, projections: Sequence[str] = ()) -> tuple[Table, ...]:
    """Return every table of inputs; provenance with the projections that the maps used."""
    return (
        assumed_table(scenario),
        cited_table(scenario),
        sources_table(scenario),
        people_table(scenario),
        regions_table(scenario),
        provenance_table(scenario, projections),
    )


def findings_table(findings: Sequence[Finding]) -> Table:
    """Return the findings as a table."""
    heads = (Column("question", "question"), Column("finding", "finding"))
    return Table("findings", "Findings", heads, tuple((item.question, item.sentence) for item in findings))


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
    """Return each nation's people and the mean factor that scales its places to them."""
    rows: list[tuple[Any, ...]] = []
    for code, membership in scenario.nations.items():
        regions = [] if without_data([code]) else people_by_region([code], scenario.population_year)
        people = sum(region.people for region in regions if region.factor is not None)
        in_places = sum(region.people_in_places for region in regions)
        rows.append(
            (
                code,
                nation(code),
                membership.from_,
                membership.until,
                people if in_places else None,
                people / in_places if in_places else None,
                len(regions) if regions and regions[0].by_region else None,
                regions[0].year if regions else None,
            )
        )
    heads = (
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column("member_from", "member from", "year"),
        Column("member_until", "until", "year"),
        Column("population", "people", "people"),
        Column("scaling_factor", "mean factor on places", "number"),
        Column("regions", "regions", "given"),
        Column("population_year", "counted in", "year"),
    )
    return Table("people", "People and how places are scaled to their regions", heads, tuple(rows))


def regions_table(scenario: Scenario) -> Table:
    """Return the people of every region, and the factor that scales its places to them."""
    known = [code for code in scenario.nations if not without_data([code])]
    rows = tuple(
        (
            region.nation,
            region.region,
            region.name,
            region.people,
            region.places,
            region.people_in_places,
            region.factor,
            region.year,
            region.source,
        )
        for region in people_by_region(known, scenario.population_year)
    )
    heads = (
        Column("nation", "nation"),
        Column("region", "region"),
        Column("region_name", "name"),
        Column("population", "people", "people"),
        Column("places", "places", "given"),
        Column("population_in_places", "people of the places before scaling", "people"),
        Column("scaling_factor", "factor on places", "number"),
        Column("population_year", "counted in", "year"),
        Column("source", "source"),
    )
    return Table("people_by_region", "People by region, and the factors on their places", heads, rows)


def provenance_table(scenario: Scenario, projections: Sequence[str] = ()) -> Table:
    """Return what made the results.

    Parameters
    ----------
    scenario : Scenario
    projections : sequence of str
        Titles of the windows that the maps used.
    """
    rows = (
        ("hoplon version", VERSION),
        ("scenario", scenario.name),
        ("scenario sha256", scenario.sha256),
        ("random seed", f"{SEED} of the raids of questions 4 and 14; nothing else is drawn at random"),
        ("borders", "Natural Earth 1:50m, public domain"),
        ("places", "GeoNames, CC BY 4.0, scaled region by region, or to the nation where no regions are known"),
        ("map projections", "; ".join(dict.fromkeys(projections)) or "no map drawn"),
    )
    return Table("provenance", "Provenance", (Column("what", "what"), Column("value", "value")), rows)
