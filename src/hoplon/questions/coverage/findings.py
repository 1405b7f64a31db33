"""Sentences on who is defended and who is not, made from the numbers.

No function holds a conclusion of its own: a test feeds them results turned round and sees the sentences turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from hoplon.analysis.architectures import compared_architectures, sentence_title, successive_architectures
from hoplon.analysis.coverage import CAUSES
from hoplon.analysis.tally import DEFENDED, FULLY_DEFENDED, OPEN, Tally, class_title, states
from hoplon.analysis.tally import leading_cause as leading_causes
from hoplon.presentation.wording import (
    CAUSE_PHRASES,
    MARKED,
    SAME,
    bounds,
    interval,
    leading_cause,
    listed,
    millions,
    nation,
    nation_in_text,
    nations,
    percent,
    points,
)
from hoplon.questions.coverage.answer import CoverageResult
from hoplon.questions.question import Finding
from hoplon.questions.study import Study
from hoplon.scenario.model import Level

_CORNERS: Final[tuple[Level, Level]] = ("low", "high")


def findings(study: Study, _answer: CoverageResult) -> list[Finding]:
    """Return whom each compared architecture defends and whom not, and what changes from one to the next."""
    found: list[Finding] = []
    for name in compared_architectures(study.scenario):
        found += [replace(item, subject=name) for item in architecture_findings(study, name)]
    for before, after in pairwise(successive_architectures(study.scenario)):
        if study.people(before) is not None and study.people(after) is not None:
            found.append(_step_finding(study, before, after))
    compared = compared_architectures(study.scenario)
    if any(study.people(name) is not None for name in compared):
        whole = [name for name in compared if _defends_every_nation(study, name)]
        everyone = f"at least {percent(FULLY_DEFENDED)} of the threatened people of every nation in the headline"
        names = listed([sentence_title(study.scenario, name) for name in whole])
        text = (
            f"With base values, {everyone} are defended by {names}"
            if whole
            else f"With base values, no compared architecture defends {everyone}"
        )
        key = "architectures_defending_every_nation"
        numbers = {key: float(len(whole))}
        low, high = (sum(_defends_every_nation(study, name, level) for name in compared) for level in _CORNERS)
        numbers |= {f"{key}_low": float(low), f"{key}_high": float(high)}
        text += f" ({low or 'none'} of {len(compared)} at the worst corner, {high or 'none'} at the best)"
        shares = {name: people for name in compared if (people := study.people(name)) is not None}
        most = max(shares, key=lambda name: shares[name][1])
        text += f"; {sentence_title(study.scenario, most)} defends most people, {interval(shares[most])}."
        found.append(Finding("Q2", text, numbers, lead=True))
    return found


def _step_finding(study: Study, before: str, after: str) -> Finding:
    """Say who gains and who loses from one architecture to the next."""
    scope = study.common_nations((before, after))
    change = study.nation_changes(after, before, scope)
    gain = [code for code, step in change.items() if step >= MARKED]
    lose = [code for code, step in change.items() if step <= -MARKED]
    text = (
        f"From {sentence_title(study.scenario, before)} to {sentence_title(study.scenario, after)} the share of people "
        f"defended grows by {points(MARKED)} or more in {nations(gain, 'no nation')}"
    )
    if lose:
        shares = study.nation_shares(after)
        parts = [f"{nation_in_text(code)} (to {percent(shares[code])})" for code in sorted(lose, key=nation)]
        why = leading_cause(study.tally(after).cause_shares(lose))
        text += f", and falls by as much or more in {listed(parts)}: {why}"
    numbers = {"nations_gaining": float(len(gain)), "nations_losing": float(len(lose))}
    return Finding("Q2", text + ".", numbers, lead=True)


def architecture_findings(study: Study, name: str) -> list[Finding]:
    """Say whom one architecture defends and whom not, why, and against which class it is weakest."""
    people, land = study.people(name), study.land(name)
    title = sentence_title(study.scenario, name)
    if people is None:
        return [Finding("Q2", f"{title}: nothing in the scenario threatens {study.region}.", lead=True)]
    shares = {code: share for code, share in study.nation_shares(name).items() if share is not None}
    whole = [code for code, share in shares.items() if share >= FULLY_DEFENDED]
    none = [code for code, share in shares.items() if share == 0.0]
    text = (
        f"{title} defends {percent(people[1])} of the threatened people of {study.region} against "
        f"{study.classes_title} ({_told_bounds(study, name, 'headline', people)}){_in_year(study, name)}; of the "
        f"threatened land, {interval(land)}."
    )
    numbers = {"people_low": people[0], "people": people[1], "people_high": people[2]}
    for key in ("headline", "in_year"):
        band = study.band(name, key)
        if band is not None:
            numbers |= {f"{key}_band_low": band.low, f"{key}_band_high": band.high}
    found = [Finding("Q2", text, numbers, lead=True, short=_short(study, name, people))]
    worst = min(shares, key=lambda code: (shares[code], code))
    spread = study.inequality(name)
    if min(shares.values()) >= FULLY_DEFENDED:
        text = (
            f"Its protection is equal: the least defended nation is {nation_in_text(worst)} with "
            f"{percent(shares[worst])}."
        )
    else:
        least = f" the least defended is {nation_in_text(worst)} with {percent(shares[worst])};" if not none else ""
        others = f"{len(none)} not at all{_in_brackets(none)}" if none else "every other in part"
        text = (
            f"Its protection is unequal: {len(whole)} of {len(shares)} nations {'is' if len(whole) == 1 else 'are'} "
            f"defended to {percent(FULLY_DEFENDED)} or more, {others};{least} "
            f"the Gini coefficient of the shares is {spread:.2f}."
        )
    found.append(Finding("Q2", text, {"whole": float(len(whole)), "none": float(len(none)), "gini": spread or 0.0}))
    found += _gap_findings(study, name)
    if people[2] < people[1] - SAME:
        found.append(_fall_finding(study, name, people))
    return found


def _short(study: Study, name: str, people: tuple[float, float, float]) -> str:
    """Return the shares against both sets of classes, with their corners; the table below them holds the bands."""
    threats = {entry.key: entry.threats for entry in study.class_sets(name)}
    told = (
        f"{sentence_title(study.scenario, name)} defends {interval(people)} of the threatened people of {study.region} "
        f"against {study.classes_title}"
    )
    own = study.people(name, "in_year")
    if own is None or threats["in_year"] == threats["headline"]:
        return f"{told}."
    return f"{told}, and {interval(own)} against those of them that exist in {study.year(name)}."


def _told_bounds(study: Study, name: str, key: str, people: tuple[float, float, float]) -> str:
    """Return the corners of a share, and the band of its sampled inputs where there is one."""
    band = study.band(name, key)
    if band is None and people[0] == people[2]:
        return "no input that moves it has bounds"
    told = f"worst and best corner {bounds(people)}"
    return told if band is None else f"{told}; 10 to 90 % band {percent(band.low)} to {percent(band.high)}"


def _in_year(study: Study, name: str) -> str:
    """Return what is defended against those classes alone that exist in the architecture's year."""
    year, threats = study.year(name), {entry.key: entry.threats for entry in study.class_sets(name)}
    if year is None or threats["in_year"] == threats["headline"]:
        return ""
    people = study.people(name, "in_year")
    if people is None:
        return f"; none of them that exists in {year} threatens anybody there"
    told = _told_bounds(study, name, "in_year", people)
    return f", and {percent(people[1])} against those of them that exist in {year} ({told})"


def _gap_findings(study: Study, name: str) -> list[Finding]:
    """Say how many people are undefended, why, and against which class most."""
    tally, counted = study.tally(name), study.headline_nations(name)
    count = tally.count("headline", counted)
    lost = count.threatened_population - count.defended_population
    shares = tally.cause_shares(counted)
    if not shares:
        return []
    leading = max(shares, key=lambda cause: shares[cause])
    text = (
        f"It leaves {millions(lost)} people undefended; for {percent(shares[leading])} of them {CAUSE_PHRASES[leading]}"
        f"{_weakest_class(study, tally, counted)}."
    )
    return [Finding("Q2", text, {"undefended_population": lost, leading: shares[leading]})]


def _fall_finding(study: Study, name: str, people: tuple[float, float, float]) -> Finding:
    """Say who loses, and why, where the better bounds of the disputed inputs defend fewer than base values."""
    base, high = study.coverage(name), study.coverage(name, "high")
    threats = study.headline_threats(name)
    lost = (states(base, threats) == DEFENDED) & (states(high, threats) == OPEN)
    lost &= np.isin(study.points.nation, study.headline_nations(name))
    weight = np.where(lost, study.points.population, 0.0)
    votes = np.bincount(leading_causes(high, threats), weight, len(CAUSES))
    before, after = study.nation_shares(name), study.nation_shares(name, "high")
    losers = [code for code, share in before.items() if share is not None and share - (after[code] or 0.0) >= MARKED]
    text = (
        f"The better bounds of the disputed inputs do not help everywhere: with them it defends {percent(people[2])}, "
        f"less than with base values; {nations(losers)} {'lose' if len(losers) != 1 else 'loses'}"
    )
    if votes[1:].any():
        leading = CAUSES[1 + int(np.argmax(votes[1:]))]
        text += f", where then {CAUSE_PHRASES[leading]}"
    return Finding("Q2", text + ".", {"fall": people[1] - people[2]})


def _weakest_class(study: Study, tally: Tally, counted: Sequence[str]) -> str:
    by_class = {
        key: share
        for key in (entry.key for entry in tally.sets)
        if key in tally.sets[0].threats and (share := tally.count(key, counted).population_share) is not None
    }
    if not by_class:
        return ""
    weakest = min(by_class, key=lambda key: by_class[key])
    return f"; it is weakest against {class_title(study.scenario, weakest)}, with {percent(by_class[weakest])} defended"


def _in_brackets(codes: Sequence[str]) -> str:
    return f" ({nations(codes)})" if codes else ""


def _defends_every_nation(study: Study, name: str, level: Level = "base") -> bool:
    shares = [share for share in study.nation_shares(name, level).values() if share is not None]
    return bool(shares) and min(shares) >= FULLY_DEFENDED
