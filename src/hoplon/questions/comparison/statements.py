"""Public statements compared with the computed coverage: does each hold, and if not, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import CAUSES
from hoplon.analysis.tally import DEFENDED, FULLY_DEFENDED, OPEN, columns, leading_cause, states
from hoplon.presentation.wording import capitalised, causes, interval, listed, nation_in_text, nations, percent
from hoplon.questions.study import LEVELS, Shares, Study
from hoplon.scenario.model import Level, Scenario
from hoplon.scenario.reporting import Statement, StatementRegion

INSIDE: Final = 0.5  # [1] a region is inside if at least this share of its threatened people is defended; assumed
HOLDS, IN_PART, FAILS, UNTESTED = "holds", "holds in part", "does not hold", "cannot be tested"


@dataclass(frozen=True)
class RegionResult:
    """How much of one region is defended.

    Parameters
    ----------
    region : StatementRegion
        Which.
    expected : str
        ``inside`` or ``outside``.
    shares : tuple of float, or None
        Of its threatened people, defended at low, base and high; None if none is threatened.
    causes : dict
        Leading causes of its undefended people at base, with their shares.
    """

    region: StatementRegion
    expected: str
    shares: Shares | None
    causes: dict[str, float]

    @property
    def title(self) -> str:
        """What a sentence calls the region."""
        return self.region.title or nation_in_text(self.region.nation)

    @property
    def key(self) -> str:
        """What its share is called among the numbers of the sentence."""
        return self.title.removeprefix("the ").replace(" ", "_")

    def agrees(self, level: Level = "base") -> bool:
        """Tell whether the region is as expected at a level; a region that nothing threatens never is."""
        if self.shares is None:
            return False
        inside = self.shares[LEVELS.index(level)] >= INSIDE
        return inside == (self.expected == "inside")


@dataclass(frozen=True)
class Verdict:
    """A statement compared with the results.

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
    numbers : mapping
        The numbers of the sentence by name.
    """

    statement: Statement
    outcome: str
    sentence: str
    regions: tuple[RegionResult, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)


def architectures_of(statement: Statement) -> tuple[str, ...]:
    """Return the architectures that a statement is about."""
    if statement.more_than is None:
        return (statement.architecture,)
    return statement.architecture, statement.more_than


def cited_source(scenario: Scenario, statement: Statement) -> str:
    """Return who said a statement where; the citation, if it names a source of the scenario."""
    known = scenario.sources.get(statement.source)
    return statement.source if known is None else known.citation


def applicable(scenario: Scenario, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return the statements about architectures that a scenario has."""
    return tuple(item for item in statements if all(name in scenario.architectures for name in architectures_of(item)))


def verdicts(study: Study, statements: Sequence[Statement]) -> tuple[Verdict, ...]:
    """Return the verdict on every statement about architectures of the scenario."""
    return tuple(verdict(study, item) for item in applicable(study.scenario, statements))


def verdict(study: Study, statement: Statement) -> Verdict:
    """Return the verdict on one statement, against the headline classes."""
    if statement.defended or statement.undefended:
        return _regions_verdict(study, statement)
    if statement.everyone:
        return _everyone_verdict(study, statement)
    if statement.more_than is not None:
        return _more_verdict(study, statement, statement.more_than)
    return _part_verdict(study, statement)


def region_result(study: Study, architecture: str, region: StatementRegion, expected: str) -> RegionResult:
    """Return the share of one region defended at every level, against the headline classes."""
    shares: list[float] = []
    why: dict[str, float] = {}
    threats = study.headline_threats(architecture)
    inside = _in_region(study, region)
    people = study.points.population[inside]
    for level in LEVELS:
        coverage = study.coverage(architecture, level)
        if not len(columns(coverage, threats)):
            return RegionResult(region, expected, None, {})
        state = states(coverage, threats)[inside]
        defended, undefended = float(people[state == DEFENDED].sum()), float(people[state == OPEN].sum())
        if defended + undefended == 0.0:
            return RegionResult(region, expected, None, {})
        shares.append(defended / (defended + undefended))
        if level == "base" and undefended:
            cause = leading_cause(coverage, threats)[inside]
            lost = np.bincount(cause[state == OPEN], people[state == OPEN], len(CAUSES))
            why = {CAUSES[k]: float(lost[k]) / undefended for k in range(1, len(CAUSES)) if lost[k] > 0.0}
    return RegionResult(region, expected, (shares[0], shares[1], shares[2]), why)


def _in_region(study: Study, region: StatementRegion) -> NDArray[np.bool_]:
    inside = np.asarray(study.points.nation == region.nation)
    if region.east_of_deg is not None:
        inside &= study.points.longitude_deg >= region.east_of_deg
    if region.west_of_deg is not None:
        inside &= study.points.longitude_deg <= region.west_of_deg
    if region.north_of_deg is not None:
        inside &= study.points.latitude_deg >= region.north_of_deg
    if region.south_of_deg is not None:
        inside &= study.points.latitude_deg <= region.south_of_deg
    return inside


def group_shares(study: Study, architecture: str, nations: Sequence[str]) -> Shares | None:
    """Return the share of threatened people of some nations defended: low, base, high; None if none is threatened."""
    low, base, high = (study.tally(architecture, level).count("headline", nations).population_share for level in LEVELS)
    return None if low is None or base is None or high is None else (low, base, high)


def by_level(name: str, shares: Shares) -> dict[str, float]:
    """Return shares at low, base and high by name: ``people_low``, ``people``, ``people_high``."""
    return {f"{name}_low": shares[0], name: shares[1], f"{name}_high": shares[2]}


def _regions_verdict(study: Study, statement: Statement) -> Verdict:
    rows = tuple(
        region_result(study, statement.architecture, region, expected)
        for expected, regions in (("inside", statement.defended), ("outside", statement.undefended))
        for region in regions
    )
    known = [(row, row.shares) for row in rows if row.shares is not None]
    if not known:
        return Verdict(statement, UNTESTED, "Nothing in the scenario threatens these regions.", rows)
    agreed = [row for row, _ in known if row.agrees()]
    outcome = HOLDS if len(agreed) == len(known) else IN_PART if agreed else FAILS
    parts = [f"{row.title} {interval(shares)}" for row, shares in known]
    sentence = f"Threatened people defended, base (low to high): {'; '.join(parts)}."
    numbers: dict[str, float] = {}
    for row, shares in known:
        numbers |= by_level(row.key, shares)
        if not row.agrees():
            sentence += " " + _difference(row)
            if row.expected == "inside":
                numbers |= {f"{row.key}_{cause}": share for cause, share in row.causes.items()}
    wholly = [level for level in LEVELS if all(row.agrees(level) for row, _ in known)]
    if wholly and wholly != list(LEVELS):
        sentence += f" Every region is as stated with {listed([f'{level} inputs' for level in wholly])}."
    return Verdict(statement, outcome, sentence, rows, numbers)


def _difference(row: RegionResult) -> str:
    if row.expected == "inside":
        return f"{capitalised(row.title)} was said to be inside and is not: {causes(row.causes)}."
    levels = [level for level in LEVELS if row.agrees(level)]
    otherwise = f"; it is outside with {listed([f'{level} inputs' for level in levels])}" if levels else ""
    return f"{capitalised(row.title)} was said to be outside and is inside{otherwise}."


def _everyone_verdict(study: Study, statement: Statement) -> Verdict:
    name = statement.architecture
    shares = {code: share for code, share in study.nation_shares(name).items() if share is not None}
    short = {code: share for code, share in shares.items() if share < FULLY_DEFENDED}
    total = study.people(name)
    if not shares or total is None:
        return Verdict(statement, UNTESTED, f"Nothing in the scenario threatens {study.region}.")
    outcome = HOLDS if not short else IN_PART if total[1] >= FULLY_DEFENDED or len(short) < len(shares) / 2 else FAILS
    sentence = f"{interval(total)} of the threatened people of {study.region} are defended"
    numbers = by_level("people", total)
    if not short:
        least = min(shares, key=lambda code: shares[code])
        numbers[least] = shares[least]
        sentence += f"; the worst-served nation is {nations([least])} with {percent(shares[least])}."
        return Verdict(statement, outcome, sentence, numbers=numbers)
    parts = []
    for code, share in sorted(short.items(), key=lambda item: item[1]):
        why = study.tally(name).cause_shares([code])
        parts.append(f"{nations([code])} {percent(share)}: {causes(why)}")
        numbers |= {code: share, **{f"{code}_{cause}": part for cause, part in why.items()}}
    sentence += f"; under {percent(FULLY_DEFENDED)} are {'; '.join(parts)}."
    return Verdict(statement, outcome, sentence, numbers=numbers)


def _more_verdict(study: Study, statement: Statement, other: str) -> Verdict:
    name = statement.architecture
    scope = statement.scope or study.common_nations((name, other))
    mine, theirs = group_shares(study, name, scope), group_shares(study, other, scope)
    if mine is None or theirs is None:
        return Verdict(statement, UNTESTED, "Nothing in the scenario threatens these nations.")
    gains = [a - b for a, b in zip(mine, theirs, strict=True)]
    outcome = HOLDS if min(gains) > 0.0 else FAILS if max(gains) <= 0.0 or gains[1] <= 0.0 else IN_PART
    whom = nations(scope) if statement.scope else f"{study.region} (members in both years)"
    scenario = study.scenario
    sentence = (
        f"Of the threatened people of {whom}, {scenario.architecture(name).title} defends "
        f"{interval(mine)}, {scenario.architecture(other).title} {interval(theirs)}."
    )
    numbers = by_level("people", mine) | by_level("other", theirs)
    if outcome != HOLDS:
        why = study.tally(name).cause_shares(scope)
        if why:
            sentence += f" Causes for those undefended: {causes(why)}."
            numbers |= why
    return Verdict(statement, outcome, sentence, numbers=numbers)


def _part_verdict(study: Study, statement: Statement) -> Verdict:
    name = statement.architecture
    total = study.people(name)
    if total is None:
        return Verdict(statement, UNTESTED, f"Nothing in the scenario threatens {study.region}.")
    shares = {code: share for code, share in study.nation_shares(name).items() if share is not None}
    inside = [code for code, share in shares.items() if share >= INSIDE]
    some = [code for code, share in shares.items() if 0.0 < share < INSIDE]
    outcome = HOLDS if 0.0 < total[1] < FULLY_DEFENDED else FAILS
    sentence = (
        f"{interval(total)} of the threatened people of {study.region} are defended: most people of "
        f"{nations(inside, 'no nation')}, and a part of {nations(some, 'no other')}."
    )
    return Verdict(statement, outcome, sentence, numbers=by_level("people", total))
