"""Tables of what a study was given: assumptions, cited values, sources, people, provenance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from hoplon.analysis.raid.sweeps import FALLBACK_S, SEED
from hoplon.backbone.doctrine import Conditions
from hoplon.presentation.tables import Column, Table, Year
from hoplon.presentation.wording import nation
from hoplon.questions.question import Finding
from hoplon.scenario import geography
from hoplon.scenario.model import Cited, Scenario
from hoplon.version import VERSION

_CONDITIONS: Final = {
    "hop_share": "share of a report's latency that each of its two hops takes",
    "fixed_share": "share of a hop that is fixed; the rest is exponential",
    "link_availability": "chance that a transmission gets through; swept in question 14",
    "repeat": "s, after which a lost transmission is repeated",
    "reports_per_second": "what the link of a radar carries",
    "stale": "s of silence after which the tracks of a radar are dropped",
    "answer": "s, beyond the latency, after which an order without an answer is given to another battery",
    "hot_switch": "s from the loss of a node to command by another that shares its picture",
    "cold_switch": "s from the loss of a node to command by another that begins empty",
    "fallback": "s of silence of its node after which a battery fights by its own radars, in question 14",
    "wrong_association": "chance that a track of a known threat is taken for another object; swept in question 14",
    "false_kill": "chance that a survivor is taken for dead; swept in question 14",
    "false_survival": "chance that the dead is taken for a survivor; swept in question 14",
    "common_threat": "chance that every shot at a threat fails together",
    "common_raid": "chance that every shot of a raid fails together",
    "hits_of_looks": "share of the looks of an acquisition that must see the threat",
    "spare_looks": "looks that a plan allows a radar, not yet holding the track, to miss",
    "false_alarm": "chance of a false alarm a look, which sets the detection threshold",
}
"""The numbers of :class:`hoplon.backbone.doctrine.Conditions`, in words; times in seconds."""
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
        values = {**asdict(Conditions()), "fallback": FALLBACK_S}  # a raid has none unless it is asked for
        rows += tuple(
            (f"event_simulation.{name}", float(values[name]), None, None, "assumed", None, note)
            for name, note in _CONDITIONS.items()
            if values[name] is not None
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
