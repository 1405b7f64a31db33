"""Public statements compared with the computed coverage: does each hold, at which levels, what turns it over, and why.

A verdict has one of five outcomes. It is read from the two corners of the disputed inputs and from base values; it is
open where nothing threatens those whom the statement is about, and where at base values it turns on less than 5 s of
the time to a decision or on one assumed azimuth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from hoplon.analysis.coverage import CAUSES
from hoplon.analysis.tally import FULLY_DEFENDED, OPEN, leading_cause, states
from hoplon.presentation.wording import capitalised, causes, interval, listed, nation_in_text, nations, percent
from hoplon.questions.comparison.agreement import INSIDE, agrees, architectures_of, in_region, share_of
from hoplon.questions.comparison.flips import SECONDS, Flip, flips
from hoplon.questions.requests import LEVELS
from hoplon.questions.study import Shares, Study

if TYPE_CHECKING:
    from hoplon.scenario.model import Level, Scenario
    from hoplon.scenario.reporting import Statement, StatementRegion

HOLDS: Final = "holds at every level"
HOLDS_AT_BASE: Final = "holds at base only"
UNDECIDED: Final = "open"
FAILS_AT_BASE: Final = "fails at base"
FAILS: Final = "fails at every level"
OUTCOMES: Final = (HOLDS, HOLDS_AT_BASE, UNDECIDED, FAILS_AT_BASE, FAILS)
_LISTED: Final = 4  # changes that turn a verdict over and that its sentence names; the table names them all
_CORNERS: Final = {"low": "in the worst corner", "base": "at base", "high": "in the best corner"}
Levels = tuple[bool | None, bool | None, bool | None]
"""Whether a statement agrees in the worst corner, at base, in the best corner."""


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
        One of :data:`OUTCOMES`.
    sentence : str
        Why, in numbers.
    regions : tuple of RegionResult
        Region by region, where the statement names regions.
    numbers : mapping
        The numbers of the sentence by name.
    levels : tuple
        Whether it agrees in the worst corner, at base, in the best corner; None where nothing is threatened.
    flips : tuple of Flip
        What alone turns it over at base values.
    """

    statement: Statement
    outcome: str
    sentence: str
    regions: tuple[RegionResult, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    levels: Levels = (None, None, None)
    flips: tuple[Flip, ...] = ()


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
    levels = _levels(study, statement)
    found = _numbered(study, statement, levels)
    at_base = levels[1]
    if at_base is None:
        return found
    assert study.cover is not None  # only a study that was sent to a process that draws has none
    turned = flips(study.scenario, study.cover, study.points, statement, at_base)
    sentence = " ".join(part for part in (found.sentence, _at_levels(levels), _turned_over(turned)) if part)
    return replace(found, outcome=outcome_of(levels, turned), sentence=sentence, levels=levels, flips=turned)


def _levels(study: Study, statement: Statement) -> Levels:
    names = architectures_of(statement)
    low, base, high = (
        agrees(study.scenario, statement, {name: study.coverage(name, level) for name in names}) for level in LEVELS
    )
    return low, base, high


def outcome_of(levels: Levels, turned: Sequence[Flip]) -> str:
    """Return the outcome of a verdict.

    Parameters
    ----------
    levels : tuple
        Whether the statement agrees in the worst corner, at base, in the best corner.
    turned : sequence of Flip
        What alone turns it over at base values.
    """
    if levels[1] is None or any(item.kind in ("seconds", "azimuth") for item in turned):
        return UNDECIDED
    if levels[1]:
        return HOLDS if all(levels) else HOLDS_AT_BASE
    return FAILS_AT_BASE if any(levels) else FAILS


def _at_levels(levels: Levels) -> str:
    """Return in which corner the verdict is another than at base; "" if in none."""
    other = [_CORNERS[name] for name, value in zip(LEVELS, levels, strict=True) if value != levels[1]]
    if not other:
        return ""
    return f"It {'fails' if levels[1] else 'holds'} {listed(other)}."


def _turned_over(turned: Sequence[Flip]) -> str:
    """Return what alone turns a verdict over, the reasons for which it is open first; "" if nothing does."""
    if not turned:
        return ""
    first = [item for item in turned if item.kind in ("seconds", "azimuth")]
    named = [*first, *(item for item in turned if item not in first)]
    rest = len(named) - _LISTED
    words = "; ".join(item.words for item in named[:_LISTED])
    why = ""
    if first:
        what = {"seconds": f"less than {SECONDS:.0f} s", "azimuth": "one assumed azimuth"}
        why = f"It turns on {listed([what[kind] for kind in dict.fromkeys(item.kind for item in first)])}. "
    return f"{why}Flips {words}{f'; and {rest} more' if rest > 0 else ''}."


def _numbered(study: Study, statement: Statement, levels: Levels) -> Verdict:
    """Return a verdict with the numbers of its sentence."""
    if statement.defended or statement.undefended:
        return _regions_verdict(study, statement)
    if statement.everyone:
        return _everyone_verdict(study, statement)
    if statement.more_than is not None:
        return _more_verdict(study, statement, statement.more_than, agreed=levels[1] is True)
    return _part_verdict(study, statement)


def region_result(study: Study, architecture: str, region: StatementRegion, expected: str) -> RegionResult:
    """Return the share of one region defended at every level, against the headline classes."""
    shares: list[float] = []
    why: dict[str, float] = {}
    threats = study.headline_threats(architecture)
    inside = in_region(study.points, region)
    people = study.points.population[inside]
    for level in LEVELS:
        coverage = study.coverage(architecture, level)
        share = share_of(study.scenario, coverage, inside)
        if share is None:
            return RegionResult(region, expected, None, {})
        shares.append(share)
        if level == "base" and share < 1.0:
            undefended = states(coverage, threats)[inside] == OPEN
            cause = leading_cause(coverage, threats)[inside]
            lost = np.bincount(cause[undefended], people[undefended], len(CAUSES))
            total = float(people[undefended].sum())
            why = {CAUSES[k]: float(lost[k]) / total for k in range(1, len(CAUSES)) if lost[k] > 0.0}
    return RegionResult(region, expected, (shares[0], shares[1], shares[2]), why)


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
        return Verdict(statement, UNDECIDED, "Nothing in the scenario threatens these regions.", rows)
    agreed = [row for row, _ in known if row.agrees()]
    parts = [f"{row.title} {interval(shares)}" for row, shares in known]
    sentence = f"{len(agreed)} of {len(known)} regions are as stated. Threatened people defended, base (low to high): "
    sentence += f"{'; '.join(parts)}."
    numbers: dict[str, float] = {}
    for row, shares in known:
        numbers |= by_level(row.key, shares)
        if not row.agrees():
            sentence += " " + _difference(row)
            if row.expected == "inside":
                numbers |= {f"{row.key}_{cause}": share for cause, share in row.causes.items()}
    return Verdict(statement, UNDECIDED, sentence, rows, numbers)


def _difference(row: RegionResult) -> str:
    if row.expected == "inside":
        return f"{capitalised(row.title)} was said to be inside and is not: {causes(row.causes)}."
    levels = [_CORNERS[level] for level in LEVELS if row.agrees(level)]
    otherwise = f"; it is outside {listed(levels)}" if levels else ""
    return f"{capitalised(row.title)} was said to be outside and is inside{otherwise}."


def _everyone_verdict(study: Study, statement: Statement) -> Verdict:
    name = statement.architecture
    shares = {code: share for code, share in study.nation_shares(name).items() if share is not None}
    short = {code: share for code, share in shares.items() if share < FULLY_DEFENDED}
    total = study.people(name)
    if not shares or total is None:
        return Verdict(statement, UNDECIDED, f"Nothing in the scenario threatens {study.region}.")
    sentence = f"{interval(total)} of the threatened people of {study.region} are defended"
    numbers = by_level("people", total)
    if not short:
        least = min(shares, key=lambda code: shares[code])
        numbers[least] = shares[least]
        sentence += f"; the worst-served nation is {nations([least])} with {percent(shares[least])}."
        return Verdict(statement, UNDECIDED, sentence, numbers=numbers)
    parts = []
    for code, share in sorted(short.items(), key=lambda item: item[1]):
        why = study.tally(name).cause_shares([code])
        parts.append(f"{nations([code])} {percent(share)}: {causes(why)}")
        numbers |= {code: share, **{f"{code}_{cause}": part for cause, part in why.items()}}
    sentence += f"; under {percent(FULLY_DEFENDED)} are {len(short)} of {len(shares)} nations: {'; '.join(parts)}."
    return Verdict(statement, UNDECIDED, sentence, numbers=numbers)


def _more_verdict(study: Study, statement: Statement, other: str, *, agreed: bool) -> Verdict:
    name = statement.architecture
    scope = statement.scope or study.common_nations((name, other))
    mine, theirs = group_shares(study, name, scope), group_shares(study, other, scope)
    if mine is None or theirs is None:
        return Verdict(statement, UNDECIDED, "Nothing in the scenario threatens these nations.")
    whom = nations(scope) if statement.scope else f"{study.region} (members in both years)"
    scenario = study.scenario
    sentence = (
        f"Of the threatened people of {whom}, {scenario.architecture(name).title} defends "
        f"{interval(mine)}, {scenario.architecture(other).title} {interval(theirs)}."
    )
    numbers = by_level("people", mine) | by_level("other", theirs)
    if not agreed:
        why = study.tally(name).cause_shares(scope)
        if why:
            sentence += f" Causes for those undefended: {causes(why)}."
            numbers |= why
    return Verdict(statement, UNDECIDED, sentence, numbers=numbers)


def _part_verdict(study: Study, statement: Statement) -> Verdict:
    name = statement.architecture
    total = study.people(name)
    if total is None:
        return Verdict(statement, UNDECIDED, f"Nothing in the scenario threatens {study.region}.")
    shares = {code: share for code, share in study.nation_shares(name).items() if share is not None}
    inside = [code for code, share in shares.items() if share >= INSIDE]
    some = [code for code, share in shares.items() if 0.0 < share < INSIDE]
    sentence = (
        f"{interval(total)} of the threatened people of {study.region} are defended: most people of "
        f"{nations(inside, 'no nation')}, and a part of {nations(some, 'no other')}."
    )
    return Verdict(statement, UNDECIDED, sentence, numbers=by_level("people", total))
