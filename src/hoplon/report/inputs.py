"""Tables of what a study was given: assumptions, cited values, sources, people, provenance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hoplon.analysis.raid.sweeps import SEED
from hoplon.presentation.tables import Column, Table, Year
from hoplon.presentation.wording import nation
from hoplon.questions.question import Finding
from hoplon.scenario import geography
from hoplon.scenario.conditions import ASSUMPTIONS
from hoplon.scenario.model import Cited, Scenario
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
        assumed_table(scenario),
        cited_table(scenario),
        sources_table(scenario),
        people_table(scenario),
        provenance_table(scenario),
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
