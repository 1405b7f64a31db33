"""Tables of coverage: the headline, by nation, by class, by cause, capitals, and sizes of areas."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from hoplon.analysis.architectures import compared_architectures, family_title, judged_architectures
from hoplon.analysis.coverage import CAUSES, Coverage
from hoplon.analysis.margins.named_causes import cause_in_words
from hoplon.analysis.tally import DEFENDED, OPEN, Count, columns, leading_cause, states
from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import CAUSE_NAMES, nation
from hoplon.questions.coverage.answer import CoverageResult, beside_headline, beside_title
from hoplon.questions.requests import LEVELS, READINGS, levels_of
from hoplon.questions.study import Study
from hoplon.scenario import geography

_CORNERS: Final = {"low": "worst corner", "high": "best corner"}
TOTAL: Final = "TOTAL"  # in place of the code of a nation: all that the headline counts together
_SHARES: Final = (
    Column("population_share", "people defended", "share"),
    Column("area_share", "land defended", "share"),
    Column("threatened_population", "people threatened", "people"),
    Column("defended_population", "people defended (number)", "people"),
    Column("threatened_area_km2", "land threatened", "km2"),
    Column("defended_area_km2", "land defended (area)", "km2"),
)
_SHOT_WORDS: Final = {1: "one shot", 2: "two shots"}
_STATE_WORDS: Final = {DEFENDED: "defended", OPEN: "undefended"}


def tables(study: Study, answer: CoverageResult) -> tuple[Table, ...]:
    """Return the tables of coverage."""
    return (
        headline_table(study),
        readings_table(study),
        headline_nations_table(study),
        shares_by_nation_table(study),
        classes_table(study),
        nation_class_table(study),
        causes_table(study),
        capitals_table(study),
        areas_table(answer),
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


def headline_table(study: Study) -> Table:
    """Return the headline of each architecture at each level, with the worst-served nation and the Gini coefficient."""
    rows = []
    for name in judged_architectures(study.scenario):
        resolved = study.scenario.architecture(name)
        for level in levels_of(study.scenario, name):
            shares = {code: s for code, s in study.nation_shares(name, level).items() if s is not None}
            worst = min(shares, key=lambda code: (shares[code], code)) if shares else None
            rows.append(
                (
                    name,
                    resolved.title,
                    family_title(study.scenario, name),
                    resolved.year,
                    resolved.mode,
                    level,
                    *_counts(study.count(name, level)),
                    study.count(name, level, "in_year").population_share,
                    study.count(name, level, "all").population_share,
                    worst,
                    None if worst is None else shares[worst],
                    sum(share == 0.0 for share in shares.values()),
                    study.inequality(name, level),
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
        Column("worst_nation", "least defended nation"),
        Column("worst_nation_population_share", "its share", "share"),
        Column("nations_without", "nations with none defended", "number"),
        Column("gini", "Gini", "number"),
    )
    return Table("coverage_headline", f"Headline coverage of {study.region}", heads, tuple(rows))


def readings_table(study: Study) -> Table:
    """Return the headline of the compared architectures, and of what was built, with corners, band and readings.

    Two rows an architecture: the classes that exist in its year, and every class of the headline.
    """
    rows = []
    for name in study.sampled_architectures:
        resolved = study.scenario.architecture(name)
        for entry in study.class_sets(name)[1::-1]:
            people, band = study.people(name, entry.key), study.band(name, entry.key)
            corners = (None, None, None) if people is None else people
            ends: tuple[Any, ...] = (None,) * 5
            if band is not None:
                ends = (band.low, band.median, band.high, band.samples, band.subset_error)
            nations = study.headline_nations(name)
            read = [
                study.reading_tally(name, support, shots).count(entry.key, nations).population_share
                for support, shots in READINGS
            ]
            rows.append(
                (
                    name,
                    resolved.title,
                    resolved.year,
                    entry.key,
                    entry.title,
                    corners[1],
                    corners[0],
                    corners[2],
                    *ends,
                    *read,
                    resolved.doctrine.support,
                    round(float(resolved.doctrine.shots_required)),
                )
            )
    heads = (
        Column("architecture", "architecture"),
        Column("title", "title"),
        Column("year", "year", "year"),
        Column("class_set", "classes"),
        Column("class_title", "title of the classes"),
        Column("population_share", "people defended", "share"),
        Column("population_share_low", "worst corner", "share"),
        Column("population_share_high", "best corner", "share"),
        Column("band_low", "band, 10 %", "share"),
        Column("band_median", "50 %", "share"),
        Column("band_high", "90 %", "share"),
        Column("band_samples", "samples", "number"),
        Column("band_subset_error", "error of the sampled places", "difference"),
        *(
            Column(f"{support}_{shots}_shot{'s' if shots > 1 else ''}", f"{support}, {_SHOT_WORDS[shots]}", "share")
            for support, shots in READINGS
        ),
        Column("support", "own support"),
        Column("shots_required", "own shots required", "number"),
    )
    title = f"Headline of {study.region}: classes of the year and every class, corners, band, readings"
    return Table("headline_readings", title, heads, tuple(rows))


def headline_nations_table(study: Study) -> Table:
    """Return coverage by nation for every architecture and level, for the headline, the year's and all classes."""
    rows = [
        (name, level, key, code, nation(code), *_counts(study.tally(name, level).nation(key, code)))
        for name in judged_architectures(study.scenario)
        for level in levels_of(study.scenario, name)
        for key in ("headline", "in_year", "all")
        for code in study.scenario.members(study.year(name))
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


def shares_by_nation_table(study: Study) -> Table:
    """Return the headline share of people by nation, one group of three columns per architecture."""
    names = compared_architectures(study.scenario)
    codes = [code for code in study.scenario.nations if any(code in study.headline_nations(name) for name in names)]
    rows = []
    for code in sorted(codes, key=nation):
        row: list[Any] = [code, nation(code)]
        for name in names:
            member = code in study.headline_nations(name)
            for level in ("base", "low", "high"):
                row.append(study.tally(name, level).nation("headline", code).population_share if member else None)
        rows.append(tuple(row))
    total: list[Any] = [TOTAL, study.region]
    for name in names:
        shares = study.people(name)
        total += [None] * 3 if shares is None else [shares[1], shares[0], shares[2]]
    rows.append(tuple(total))
    heads = [Column("nation", "code"), Column("nation_name", "nation")]
    for name in names:
        title = study.scenario.architecture(name).title
        heads += [Column(f"{name}_{level}", _CORNERS.get(level, title), "share") for level in ("base", "low", "high")]
    title = f"Share of threatened people defended, {study.classes_title}, by nation and architecture"
    return Table("coverage_by_nation", title, tuple(heads), tuple(rows))


def classes_table(study: Study) -> Table:
    """Return coverage by class for the nations of the headline, and for those beside it."""
    rows = []
    for name in judged_architectures(study.scenario):
        others = beside_headline(study, name)
        for level in levels_of(study.scenario, name):
            tally = study.tally(name, level)
            for entry in tally.sets:
                counted = tally.count(entry.key, study.headline_nations(name))
                rows.append((name, level, entry.key, entry.title, study.region, *_counts(counted)))
                if others:
                    beside = tally.count(entry.key, others)
                    rows.append((name, level, entry.key, entry.title, beside_title(others), *_counts(beside)))
    heads = (
        Column("architecture", "architecture"),
        Column("level", "level"),
        Column("class_set", "classes"),
        Column("class_title", "title"),
        Column("region", "region"),
        *_SHARES,
    )
    return Table("coverage_classes", "Coverage class by class", heads, tuple(rows))


def nation_class_table(study: Study) -> Table:
    """Return base coverage by nation and class for every architecture."""
    rows = []
    for name in judged_architectures(study.scenario):
        tally = study.tally(name)
        for code in study.scenario.members(study.year(name)):
            for entry in tally.sets[3:]:
                count = tally.nation(entry.key, code)
                if count.threatened_population:
                    rows.append((name, code, entry.key, *_counts(count)))
    heads = (Column("architecture", "architecture"), Column("nation", "code"), Column("threat", "class"), *_SHARES)
    return Table("coverage_nations_classes", "Coverage by nation and class, base values", heads, tuple(rows))


def causes_table(study: Study) -> Table:
    """Return how the undefended people of each architecture divide by leading cause, by nation and in all."""
    rows = []
    for name in compared_architectures(study.scenario):
        tally, counted = study.tally(name), study.headline_nations(name)
        for label, codes in ((TOTAL, counted), *((code, (code,)) for code in counted)):
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
    title = f"Why people are undefended: leading cause, {study.classes_title}, base values"
    return Table("causes", title, heads, tuple(rows))


def capitals_table(study: Study) -> Table:
    """Return the state of each capital under each architecture, and the cause where it is undefended."""
    rows = []
    for name in compared_architectures(study.scenario):
        coverage = study.coverage(name)
        threats = study.headline_threats(name)
        state = {level: states(study.coverage(name, level), threats) for level in LEVELS}
        cause = leading_cause(coverage, threats)
        for code, (city, place) in capitals_of(study).items():
            if code not in study.headline_nations(name):
                continue
            words = [_STATE_WORDS.get(int(state[level][place]), "not threatened") for level in LEVELS]
            against = _undefended_against(coverage, threats, place)
            leading, why = CAUSE_NAMES.get(CAUSES[cause[place]], ""), _why(study, coverage, threats, place)
            rows.append((name, code, city, words[1], words[0], words[2], leading, against, why))
    heads = (
        Column("architecture", "architecture"),
        Column("nation", "code"),
        Column("capital", "capital"),
        Column("base", "base"),
        Column("low", "worst corner"),
        Column("high", "best corner"),
        Column("leading_cause", "cause"),
        Column("undefended_against", "undefended against (cause, hardest from)"),
        Column("why", "the first of them in words"),
    )
    return Table("capitals", f"Capitals under each architecture, {study.classes_title}", heads, tuple(rows))


def capitals_of(study: Study) -> dict[str, tuple[str, int]]:
    """Return for each nation its capital and the aim point that stands for it (the nearest place of that nation)."""
    found = {}
    points = study.points
    for code, (city, latitude, longitude) in geography.capitals(study.scenario.nations).items():
        mine = np.flatnonzero((points.nation == code) & (points.kind == "place"))
        if mine.size:
            apart = np.hypot(points.latitude_deg[mine] - latitude, points.longitude_deg[mine] - longitude)
            found[code] = (city, int(mine[np.argmin(apart)]))
    return found


def _undefended_against(coverage: Coverage, threats: tuple[str, ...], place: int) -> str:
    parts = []
    for column in columns(coverage, threats):
        if coverage.threatened[place, column] and not coverage.defended[place, column]:
            cause = CAUSE_NAMES.get(CAUSES[coverage.cause[place, column]], "")
            area = coverage.areas[coverage.hardest[place, column]]
            parts.append(f"{coverage.threats[column]} ({cause}, {area})")
    return "; ".join(parts)


def _why(study: Study, coverage: Coverage, threats: tuple[str, ...], place: int) -> str:
    """Return why the hardest flight of the first class that a place is undefended against is not met."""
    for column in columns(coverage, threats):
        if coverage.threatened[place, column] and not coverage.defended[place, column]:
            area = coverage.areas[coverage.hardest[place, column]]
            aim = (float(study.points.latitude_deg[place]), float(study.points.longitude_deg[place]))
            return cause_in_words(study.scenario, coverage.architecture, area, aim, coverage.threats[column])
    return ""


def areas_table(answer: CoverageResult) -> Table:
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
        for found in answer.footprints
        for battery, area in found.areas.items()
    ]
    if answer.denied is not None:
        denied = answer.denied
        rows += [
            ("denied", name, None, denied.threat, None, denied.city, area.area_km2, area.spacing_km)
            for name, area in denied.areas.items()
        ]
    heads = (
        Column("kind", "kind"),
        Column("architecture", "architecture"),
        Column("battery", "battery"),
        Column("threat", "class"),
        Column("launch_area", "from"),
        Column("aim", "aim point"),
        Column("area_km2", "area", "km2"),
        Column("spacing_km", "cells of, km", "number"),
    )
    return Table("areas", "Footprints of single batteries, and launch areas denied", heads, tuple(rows))
