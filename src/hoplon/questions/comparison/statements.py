"""Public statements held against the computed coverage: does each still hold, and if not, why (question 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import CAUSES
from hoplon.analysis.tally import DEFENDED, FULLY_DEFENDED, OPEN, columns, leading_cause, states
from hoplon.presentation.wording import causes, interval, listed, nations, percent
from hoplon.questions.comparison.public_record import Region, Statement
from hoplon.questions.study import LEVELS, Study
from hoplon.scenario.model import Level, Scenario

INSIDE: Final = 0.5  # [1] a region is inside if at least this share of its threatened people is defended; assumed
HOLDS, IN_PART, FAILS, UNTESTED = "holds", "holds in part", "does not hold", "cannot be tested"


@dataclass(frozen=True)
class RegionResult:
    """What came out for one region.

    Parameters
    ----------
    region : Region
        Which.
    expected : str
        ``inside`` or ``outside``.
    shares : tuple of float, or None
        Of its threatened people, defended at low, base and high; None if none is threatened.
    causes : dict
        Leading causes of its undefended people at base, with their shares.
    """

    region: Region
    expected: str
    shares: tuple[float, float, float] | None
    causes: dict[str, float]

    def agrees(self, level: Level = "base") -> bool:
        """Tell whether the region came out as expected at a level; a region that nothing threatens never does."""
        if self.shares is None:
            return False
        inside = self.shares[LEVELS.index(level)] >= INSIDE
        return inside == (self.expected == "inside")


@dataclass(frozen=True)
class Verdict:
    """A statement and what the study says to it.

    Parameters
    ----------
    statement : Statement
        What was said.
    outcome : str
        ``holds``, ``holds in part``, ``does not hold`` or ``cannot be tested``.
    sentence : str
        Why, in numbers.
    regions : tuple of RegionResult
        Region by region, where the statement names regions.
    """

    statement: Statement
    outcome: str
    sentence: str
    regions: tuple[RegionResult, ...] = ()


def testable(scenario: Scenario, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return the statements about architectures that a scenario has."""
    return tuple(item for item in statements if all(name in scenario.architectures for name in item.architectures))


def verdicts(study: Study, statements: Sequence[Statement]) -> tuple[Verdict, ...]:
    """Hold every statement about an architecture of the scenario against the results."""
    return tuple(verdict(study, item) for item in testable(study.scenario, statements))


def verdict(study: Study, statement: Statement) -> Verdict:
    """Hold one statement against the study, against the headline classes."""
    if statement.defended or statement.undefended:
        return _regions_verdict(study, statement)
    if statement.everyone:
        return _everyone_verdict(study, statement)
    if statement.more_than is not None:
        return _more_verdict(study, statement, statement.more_than)
    return _part_verdict(study, statement)


def region_result(study: Study, architecture: str, region: Region, expected: str) -> RegionResult:
    """Count one region at every level, against the headline classes."""
    shares: list[float] = []
    why: dict[str, float] = {}
    for level in LEVELS:
        coverage = study.coverage(architecture, level)
        inside = _in_region(study, region)
        threats = study.headline_threats(architecture)
        if not len(columns(coverage, threats)):
            return RegionResult(region, expected, None, {})
        state = states(coverage, threats)[inside]
        people = study.points.population[inside]
        defended, undefended = float(people[state == DEFENDED].sum()), float(people[state == OPEN].sum())
        if defended + undefended == 0.0:
            return RegionResult(region, expected, None, {})
        shares.append(defended / (defended + undefended))
        if level == "base" and undefended:
            cause = leading_cause(coverage, threats)[inside]
            lost = np.bincount(cause[state == OPEN], people[state == OPEN], len(CAUSES))
            why = {CAUSES[k]: float(lost[k]) / undefended for k in range(1, len(CAUSES)) if lost[k] > 0.0}
    return RegionResult(region, expected, (shares[0], shares[1], shares[2]), why)


def _in_region(study: Study, region: Region) -> NDArray[np.bool_]:
    inside = np.asarray(study.points.nation == region.nation)
    if region.east_of_deg is not None:
        inside &= study.points.longitude_deg >= region.east_of_deg
    if region.west_of_deg is not None:
        inside &= study.points.longitude_deg <= region.west_of_deg
    return inside


def _regions_verdict(study: Study, statement: Statement) -> Verdict:
    rows = tuple(
        region_result(study, statement.architecture, region, expected)
        for expected, regions in (("inside", statement.defended), ("outside", statement.undefended))
        for region in regions
    )
    known = [row for row in rows if row.shares is not None]
    if not known:
        return Verdict(statement, UNTESTED, "Nothing in the scenario threatens these regions.", rows)
    agreed = [row for row in known if row.agrees()]
    outcome = HOLDS if len(agreed) == len(known) else IN_PART if agreed else FAILS
    parts = [f"{row.region.name} {interval(row.shares)}" for row in known]
    sentence = f"Threatened people defended, base (low to high): {'; '.join(parts)}."
    for row in known:
        if not row.agrees():
            sentence += " " + _difference(row)
    wholly = [level for level in LEVELS if all(row.agrees(level) for row in known)]
    if wholly and wholly != list(LEVELS):
        sentence += f" The whole list comes out as stated with {listed([f'{level} inputs' for level in wholly])}."
    return Verdict(statement, outcome, sentence, rows)


def _difference(row: RegionResult) -> str:
    if row.expected == "inside":
        return f"{_capital(row.region.name)} was said to be inside and is not: {causes(row.causes)}."
    levels = [level for level in LEVELS if row.agrees(level)]
    hangs = f"; it is outside with {listed([f'{level} inputs' for level in levels])}" if levels else ""
    return f"{_capital(row.region.name)} was said to be outside and comes out inside{hangs}."


def _everyone_verdict(study: Study, statement: Statement) -> Verdict:
    name = statement.architecture
    shares = {code: share for code, share in study.nation_shares(name).items() if share is not None}
    short = {code: share for code, share in shares.items() if share < FULLY_DEFENDED}
    total = study.people(name)
    if not shares or total is None:
        return Verdict(statement, UNTESTED, "Nothing in the scenario threatens NATO Europe.")
    outcome = HOLDS if not short else IN_PART if total[1] >= FULLY_DEFENDED or len(short) < len(shares) / 2 else FAILS
    sentence = f"{interval(total)} of the threatened people of NATO Europe are defended"
    if not short:
        least = min(shares, key=lambda code: shares[code])
        return Verdict(
            statement,
            outcome,
            f"{sentence}; the worst-served Ally is {nations([least])} with {percent(shares[least])}.",
        )
    tally = study.tally(name)
    parts = []
    for code, share in sorted(short.items(), key=lambda item: item[1]):
        parts.append(f"{nations([code])} {percent(share)}: {causes(tally.cause_shares([code]))}")
    return Verdict(statement, outcome, f"{sentence}; under {percent(FULLY_DEFENDED)} are {'; '.join(parts)}.")


def _more_verdict(study: Study, statement: Statement, other: str) -> Verdict:
    name = statement.architecture
    scope = statement.scope or study.common_nations((name, other))
    mine = [study.tally(name, level).count("headline", scope).population_share for level in LEVELS]
    theirs = [study.tally(other, level).count("headline", scope).population_share for level in LEVELS]
    if None in mine or None in theirs:
        return Verdict(statement, UNTESTED, "Nothing in the scenario threatens these nations.")
    gains = [(a or 0.0) - (b or 0.0) for a, b in zip(mine, theirs, strict=True)]
    outcome = HOLDS if min(gains) > 0.0 else FAILS if max(gains) <= 0.0 or gains[1] <= 0.0 else IN_PART
    whom = nations(scope) if statement.scope else "NATO Europe (members in both years)"
    scenario = study.scenario
    sentence = (
        f"Of the threatened people of {whom}, {scenario.architecture(name).title} defends "
        f"{interval(_triple(mine))}, {scenario.architecture(other).title} {interval(_triple(theirs))}."
    )
    if outcome != HOLDS:
        why = study.tally(name).cause_shares(scope)
        if why:
            sentence += f" Causes for those left open: {causes(why)}."
    return Verdict(statement, outcome, sentence)


def _part_verdict(study: Study, statement: Statement) -> Verdict:
    name = statement.architecture
    total = study.people(name)
    if total is None:
        return Verdict(statement, UNTESTED, "Nothing in the scenario threatens NATO Europe.")
    shares = {code: share for code, share in study.nation_shares(name).items() if share is not None}
    inside = [code for code, share in shares.items() if share >= INSIDE]
    some = [code for code, share in shares.items() if 0.0 < share < INSIDE]
    outcome = HOLDS if 0.0 < total[1] < FULLY_DEFENDED else FAILS
    sentence = (
        f"{interval(total)} of the threatened people of NATO Europe are defended: most people of "
        f"{nations(inside, 'no Ally')}, and a part of {nations(some, 'no other')}."
    )
    return Verdict(statement, outcome, sentence)


def _triple(values: Sequence[float | None]) -> tuple[float, float, float]:
    low, base, high = (value or 0.0 for value in values)
    return low, base, high


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
