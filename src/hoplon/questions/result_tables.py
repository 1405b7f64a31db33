"""Tables of results: coverage, causes, comparison, integration, threat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from hoplon.analysis.architectures import TITLES, compared_architectures, family, integrated_architectures
from hoplon.analysis.bounds import BOUNDS, INPUTS
from hoplon.analysis.coverage import CAUSES, Coverage
from hoplon.analysis.tally import DEFENDED, OPEN, Count, columns, leading_cause, states
from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import CAUSE_NAMES, nation
from hoplon.questions.comparison.statements import Verdict, verdicts
from hoplon.questions.net_tables import net_tables
from hoplon.questions.raids.figures import raid_tables
from hoplon.questions.study import LEVELS, MODES, StudyResults
from hoplon.scenario import geography
from hoplon.scenario.geography import NORTH_AMERICA

_SHARES = (
    Column("population_share", "people defended", "share"),
    Column("area_share", "land defended", "share"),
    Column("threatened_population", "people threatened", "people"),
    Column("defended_population", "people defended (number)", "people"),
    Column("threatened_area_km2", "land threatened", "km2"),
    Column("defended_area_km2", "land defended (area)", "km2"),
)
_STATE_WORDS = {DEFENDED: "defended", OPEN: "open"}


def result_tables(results: StudyResults) -> tuple[Table, ...]:
    """Return every table of results."""
    return (
        headline_table(results),
        headline_nations_table(results),
        plans_by_nation_table(results),
        classes_table(results),
        nation_class_table(results),
        causes_table(results),
        capitals_table(results),
        comparison_table(results),
        statements_table(verdicts(results)),
        statement_regions_table(verdicts(results)),
        ladder_table(results),
        areas_table(results),
        disputed_table(results),
        reach_table(results),
        *net_tables(results),
        *raid_tables(results.backbone),
    )


def _counts(count: Count) -> tuple[Any, ...]:
    return (
        count.population_share,
        count.area_share,
        count.threatened_population,
        count.defended_population,
        count.threatened_area_km2,
        count.defended_area_km2,
    )


def headline_table(results: StudyResults) -> Table:
    """Return the headline of each architecture at each level, with the worst-served nation and the Gini coefficient."""
    rows = []
    for name in results.scenario.architectures:
        resolved = results.scenario.architecture(name)
        for level in LEVELS:
            shares = {code: s for code, s in results.nation_shares(name, level).items() if s is not None}
            worst = min(shares, key=lambda code: (shares[code], code)) if shares else None
            rows.append(
                (
                    name,
                    resolved.title,
                    TITLES[family(results.scenario, name)],
                    resolved.year,
                    resolved.mode,
                    level,
                    *_counts(results.count(name, level)),
                    results.count(name, level, "in_year").population_share,
                    results.count(name, level, "all").population_share,
                    worst,
                    None if worst is None else shares[worst],
                    sum(share == 0.0 for share in shares.values()),
                    results.inequality(name, level),
                )
            )
    heads = (
        Column("architecture", "architecture"),
        Column("title", "title"),
        Column("family", "family"),
        Column("year", "year", "year"),
        Column("mode", "mode"),
        Column("level", "level"),
        *_SHARES,
        Column("population_share_classes_in_year", "people, classes of its year", "share"),
        Column("population_share_all_classes", "people, every class", "share"),
        Column("worst_nation", "worst-served Ally"),
        Column("worst_nation_population_share", "its share", "share"),
        Column("nations_without", "Allies with none", "number"),
        Column("gini", "Gini", "number"),
    )
    return Table("coverage_headline", "Headline coverage of NATO Europe", heads, tuple(rows))


def headline_nations_table(results: StudyResults) -> Table:
    """Return coverage by nation for every architecture and level, for the headline, the year's and all classes."""
    rows = [
        (name, level, key, code, nation(code), *_counts(results.tallies[name, level].nation(key, code)))
        for name in results.scenario.architectures
        for level in LEVELS
        for key in ("headline", "in_year", "all")
        for code in results.scenario.members(results.year(name))
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("level", "level"),
        Column("class_set", "classes"),
        Column("nation", "code"),
        Column("nation_name", "nation"),
        *_SHARES,
    )
    return Table("coverage_nations", "Coverage by nation", heads, tuple(rows))


def plans_by_nation_table(results: StudyResults) -> Table:
    """Return the headline share of people by nation, one group of three columns a plan."""
    names = compared_architectures(results.scenario)
    codes = [code for code in results.scenario.nations if any(code in results.europe(name) for name in names)]
    rows = []
    for code in sorted(codes, key=nation):
        row: list[Any] = [code, nation(code)]
        for name in names:
            member = code in results.europe(name)
            for level in ("base", "low", "high"):
                row.append(results.tallies[name, level].nation("headline", code).population_share if member else None)
        rows.append(tuple(row))
    total: list[Any] = ["EUROPE", "NATO Europe"]
    for name in names:
        shares = results.people(name)
        total += [None] * 3 if shares is None else [shares[1], shares[0], shares[2]]
    rows.append(tuple(total))
    heads = [Column("nation", "code"), Column("nation_name", "nation")]
    for name in names:
        title = results.scenario.architecture(name).title
        heads += [
            Column(f"{name}_{level}", title if level == "base" else level, "share") for level in ("base", "low", "high")
        ]
    title = "Share of threatened people defended, classes of 2,000 km and more, by nation and plan"
    return Table("coverage_plans_by_nation", title, tuple(heads), tuple(rows))


def classes_table(results: StudyResults) -> Table:
    """Return coverage by class for NATO Europe and for North America, every architecture and level."""
    rows = []
    for name in results.scenario.architectures:
        for level in LEVELS:
            tally = results.tallies[name, level]
            for entry in tally.sets:
                europe = tally.count(entry.key, results.europe(name))
                america = tally.count(entry.key, NORTH_AMERICA)
                rows.append((name, level, entry.key, entry.title, "NATO Europe", *_counts(europe)))
                rows.append((name, level, entry.key, entry.title, "North America", *_counts(america)))
    heads = (
        Column("architecture", "architecture"),
        Column("level", "level"),
        Column("class_set", "classes"),
        Column("class_title", "title"),
        Column("region", "region"),
        *_SHARES,
    )
    return Table("coverage_classes", "Coverage class by class", heads, tuple(rows))


def nation_class_table(results: StudyResults) -> Table:
    """Return base coverage by nation and class for every architecture."""
    rows = []
    for name in results.scenario.architectures:
        tally = results.tallies[name, "base"]
        for code in results.scenario.members(results.year(name)):
            for entry in tally.sets[3:]:
                count = tally.nation(entry.key, code)
                if count.threatened_population:
                    rows.append((name, code, entry.key, *_counts(count)))
    heads = (Column("architecture", "architecture"), Column("nation", "code"), Column("threat", "class"), *_SHARES)
    return Table("coverage_nations_classes", "Coverage by nation and class, base values", heads, tuple(rows))


def causes_table(results: StudyResults) -> Table:
    """Return how the undefended people of each plan divide by leading cause, by nation and in all."""
    rows = []
    for name in compared_architectures(results.scenario):
        tally, europe = results.tallies[name, "base"], results.europe(name)
        for label, codes in (("EUROPE", europe), *((code, (code,)) for code in europe)):
            count = tally.count("headline", codes)
            lost = count.threatened_population - count.defended_population
            if lost > 0.0:
                shares = tally.cause_shares(codes)
                rows.append((name, label, lost, *(shares.get(cause, 0.0) for cause in CAUSES[1:])))
    heads = (
        Column("architecture", "architecture"),
        Column("nation", "nation"),
        Column("undefended_population", "people undefended", "people"),
        *(Column(f"{cause}_share", CAUSE_NAMES[cause], "share") for cause in CAUSES[1:]),
    )
    title = "Why people are undefended: leading cause, classes of 2,000 km and more, base values"
    return Table("causes", title, heads, tuple(rows))


def capitals_table(results: StudyResults) -> Table:
    """Return the state of each capital under each plan, and the cause where it is open."""
    rows = []
    for name in compared_architectures(results.scenario):
        coverage = results.coverages[name, "base"]
        threats = results.tallies[name, "base"].sets[0].threats
        state = {level: states(results.coverages[name, level], threats) for level in LEVELS}
        cause = leading_cause(coverage, threats)
        for code, (city, place) in capitals_of(results).items():
            if code not in results.europe(name):
                continue
            words = [_STATE_WORDS.get(int(state[level][place]), "not threatened") for level in LEVELS]
            against = _open_classes(coverage, threats, place)
            rows.append(
                (name, code, city, words[1], words[0], words[2], CAUSE_NAMES.get(CAUSES[cause[place]], ""), against)
            )
    heads = (
        Column("architecture", "plan"),
        Column("nation", "code"),
        Column("capital", "capital"),
        Column("base", "base"),
        Column("low", "low"),
        Column("high", "high"),
        Column("leading_cause", "cause"),
        Column("open_to", "open to (cause, hardest from)"),
    )
    return Table("capitals", "Capitals under each plan, classes of 2,000 km and more", heads, tuple(rows))


def capitals_of(results: StudyResults) -> dict[str, tuple[str, int]]:
    """Return for each nation its capital and the aim point that stands for it (the nearest place of that nation)."""
    found = {}
    points = results.points
    for code, (city, latitude, longitude) in geography.capitals().items():
        mine = np.flatnonzero((points.nation == code) & (points.kind == "place"))
        if mine.size:
            apart = np.hypot(points.latitude_deg[mine] - latitude, points.longitude_deg[mine] - longitude)
            found[code] = (city, int(mine[np.argmin(apart)]))
    return found


def _open_classes(coverage: Coverage, threats: tuple[str, ...], place: int) -> str:
    parts = []
    for column in columns(coverage, threats):
        if coverage.threatened[place, column] and not coverage.defended[place, column]:
            cause = CAUSE_NAMES.get(CAUSES[coverage.cause[place, column]], "")
            area = coverage.areas[coverage.hardest[place, column]]
            parts.append(f"{coverage.threats[column]} ({cause}, {area})")
    return "; ".join(parts)


def comparison_table(results: StudyResults) -> Table:
    """Return how each plan differs from the first, nation by nation, on the same threats."""
    names = compared_architectures(results.scenario)
    first, rest = names[0], names[1:]
    rows = []
    for code in sorted(results.common_europe(names), key=nation):
        mine = results.tallies[first, "base"].nation("headline", code).population_share
        row: list[Any] = [code, nation(code), mine]
        for name in rest:
            theirs = results.tallies[name, "base"].nation("headline", code).population_share
            row.append(None if mine is None or theirs is None else theirs - mine)
        rows.append(tuple(row))
    heads = (
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column(first, results.scenario.architecture(first).title, "share"),
        *(Column(f"{name}_difference", results.scenario.architecture(name).title, "difference") for name in rest),
    )
    title = f"Difference from {results.scenario.architecture(first).title}: share of threatened people, base values"
    return Table("comparison", title, heads, tuple(rows))


def statements_table(tested: tuple[Verdict, ...]) -> Table:
    """Return public statements and what the study says to each."""
    heads = (
        Column("key", "key"),
        Column("year", "said in", "year"),
        Column("statement", "statement"),
        Column("source", "said by"),
        Column("outcome", "outcome"),
        Column("why", "why, in numbers"),
    )
    rows = tuple(
        (
            item.statement.key,
            item.statement.year,
            item.statement.text,
            item.statement.source,
            item.outcome,
            item.sentence,
        )
        for item in tested
    )
    return Table("statements", "Public statements held against the results", heads, rows)


def statement_regions_table(tested: tuple[Verdict, ...]) -> Table:
    """Return the regions that statements name, with what came out."""

    def lines() -> Iterator[tuple[Any, ...]]:
        for item in tested:
            for row in item.regions:
                shares = row.shares or (None, None, None)
                yield (
                    item.statement.key,
                    row.region.name,
                    row.expected,
                    shares[1],
                    shares[0],
                    shares[2],
                    "yes" if row.agrees() else "no",
                    "; ".join(f"{CAUSE_NAMES[cause]} {share:.2f}" for cause, share in row.causes.items()),
                )

    heads = (
        Column("key", "statement"),
        Column("region", "region"),
        Column("said_to_be", "said to be"),
        Column("population_share_base", "defended, base", "share"),
        Column("population_share_low", "low", "share"),
        Column("population_share_high", "high", "share"),
        Column("agrees", "agrees"),
        Column("causes", "why open (share of the open)"),
    )
    return Table("statement_regions", "Regions named in the statements of 2007", heads, tuple(lines()))


def ladder_table(results: StudyResults) -> Table:
    """Return each phase with each mode of integration, base values."""
    rows = []
    for name in integrated_architectures(results.scenario):
        for mode in MODES:
            counted = results.ladder.get((name, mode))
            if counted is not None:
                own = results.scenario.architecture(name).mode == mode
                rows.append(
                    (name, mode, "yes" if own else "no", *_counts(counted.count("headline", results.europe(name))))
                )
    heads = (Column("architecture", "plan"), Column("mode", "mode"), Column("by_plan", "by plan"), *_SHARES)
    return Table("integration", "The ladder of integration: same sites, same interceptors", heads, tuple(rows))


def disputed_table(results: StudyResults) -> Table:
    """Return what each disputed input does alone, over the cities of Europe."""
    rows: list[tuple[Any, ...]] = []
    if results.disputed is not None:
        for (name, key, bound), share in results.disputed.moved.items():
            base = results.disputed.base[name]
            rows.append((name, INPUTS[key], BOUNDS[key, bound], share, base, share - base))
    heads = (
        Column("architecture", "plan"),
        Column("input", "input"),
        Column("bound", "bound"),
        Column("population_share", "city people defended", "share"),
        Column("population_share_base", "base", "share"),
        Column("difference", "difference", "difference"),
    )
    count = 0 if results.disputed is None else results.disputed.cities
    title = f"The disputed inputs one at a time: {count:,} European places of 100,000 people and more"
    return Table("disputed_inputs", title, heads, tuple(rows))


def areas_table(results: StudyResults) -> Table:
    """Return the sizes of the footprints and denied areas that the report draws."""
    rows: list[tuple[Any, ...]] = [
        (
            "footprint",
            found.architecture,
            battery,
            found.threat,
            found.launch_area,
            None,
            area.area_km2,
            area.spacing_km,
        )
        for found in results.footprints
        for battery, area in found.areas.items()
    ]
    if results.denied is not None:
        found_denied = results.denied
        rows += [
            ("denied", name, None, found_denied.threat, None, found_denied.city, area.area_km2, area.spacing_km)
            for name, area in found_denied.areas.items()
        ]
    heads = (
        Column("kind", "kind"),
        Column("architecture", "plan"),
        Column("battery", "battery"),
        Column("threat", "class"),
        Column("launch_area", "from"),
        Column("aim", "aim"),
        Column("area_km2", "area", "km2"),
        Column("spacing_km", "cells of, km", "number"),
    )
    return Table("areas", "Footprints of single batteries, and launch areas denied", heads, tuple(rows))


def reach_table(results: StudyResults) -> Table:
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
        for code, by_threat in results.threat.reach.items()
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
    return Table(
        "threat_reach", "Within whose reach: shortest flight and warning by nation and class", heads, tuple(rows)
    )
