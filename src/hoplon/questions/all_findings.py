"""Findings: plain sentences made from the numbers, one question after the other.

Every function takes results and returns sentences; none holds a conclusion of its own. A test feeds them results turned
round and sees the sentences turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from hoplon.analysis.architectures import (
    PROGRAMME,
    compared_architectures,
    contribution_variants,
    counterpart,
    families,
    integrated_architectures,
    short_title,
    side_by_side,
    successive_architectures,
)
from hoplon.analysis.bounds import BOUNDS, INPUTS
from hoplon.analysis.coverage import CAUSES
from hoplon.analysis.tally import DEFENDED, OPEN, Tally, class_title, first_year, leading_cause, states
from hoplon.analysis.threat import Reach
from hoplon.presentation.wording import (
    CAUSE_PHRASES,
    interval,
    listed,
    millions,
    minutes,
    nation,
    nation_in_text,
    nations,
    percent,
    points,
)
from hoplon.questions.backbone_statements import backbone_findings
from hoplon.questions.comparison.statements import ALL, verdicts
from hoplon.questions.net_findings import partner_findings, selection_findings
from hoplon.questions.question import Finding
from hoplon.questions.study import LEVELS, MODES, StudyResults
from hoplon.scenario.geography import NORTH_AMERICA

_SAME: Final = 0.005  # [1] shares that differ by less are called equal
_MARKED: Final = 0.05  # [1] a nation is called better or worse served from this difference on


def findings(results: StudyResults) -> tuple[Finding, ...]:
    """Return every finding, in the order of the questions."""
    return (
        *threat_findings(results),
        *coverage_findings(results),
        *comparison_findings(results),
        *integration_findings(results),
        *addition_findings(results, "partners", "Q7", "the partner radars"),
        *partner_findings(results),
        *selection_findings(results),
        *backbone_findings(results.scenario, results.backbone),
        *addition_findings(results, "allied", "Q9", "the Allied contributions"),
    )


def threat_findings(results: StudyResults) -> list[Finding]:
    """Say who is within reach of what, from when, with what warning (question 1)."""
    scenario = results.scenario
    europe = [code for code in scenario.nations if code not in NORTH_AMERICA]
    since = {code: results.threat.first_within_reach(code) for code in europe}
    years = sorted({first_year(scenario, name) for name in scenario.threats} - {float("-inf")})
    steps = []
    for year in years:
        reached = [code for code, first in since.items() if first is not None and first <= year]
        if reached:
            steps.append((int(year), reached))
    found: list[Finding] = []
    if steps:
        grown = [step for place, step in enumerate(steps) if place == 0 or len(step[1]) > len(steps[place - 1][1])]
        words = [f"{len(reached)} of {len(europe)} from {year}" for year, reached in grown]
        text = (
            f"Of the nations of NATO Europe (today's members), {listed(words)} lie at least in part within reach "
            "of some class."
        )
        found.append(Finding("Q1", text, {f"nations_in_reach_{year}": float(len(reached)) for year, reached in grown}))
    never = [code for code, first in since.items() if first is None]
    if never:
        found.append(Finding("Q1", f"No class of the scenario reaches {nations(never)}.", {"never": float(len(never))}))
    shortest = _shortest_warning(results, europe)
    if shortest is not None:
        code, name, reach = shortest
        area = scenario.launch_areas[reach.launch_area].title or reach.launch_area
        text = (
            f"The shortest warning is {minutes(reach.warning_s or 0.0)}, at {reach.place} ({nation(code)}), "
            f"against {class_title(scenario, name)} from {area}; the flight takes {minutes(reach.flight_time_s)}."
        )
        found.append(Finding("Q1", text, {"warning_s": reach.warning_s or 0.0, "flight_time_s": reach.flight_time_s}))
    return found


def _shortest_warning(results: StudyResults, europe: Sequence[str]) -> tuple[str, str, Reach] | None:
    warned = [
        (reach.warning_s, code, name, reach)
        for code in europe
        for name, reach in results.threat.reach.get(code, {}).items()
        if reach.warning_s is not None
    ]
    if not warned:
        return None
    _, code, name, reach = min(warned, key=lambda item: item[:3])
    return code, name, reach


def coverage_findings(results: StudyResults) -> list[Finding]:
    """Say who is defended and who is left out, plan by plan (question 2)."""
    found: list[Finding] = []
    for name in compared_architectures(results.scenario):
        found += [replace(item, subject=name) for item in plan_findings(results, name)]
    for before, after in pairwise(successive_architectures(results.scenario)):
        found.append(_step_finding(results, before, after))
    closed = [name for name in successive_architectures(results.scenario) if _closed(results, name)]
    text = (
        f"At least {percent(ALL)} of the people of every Ally in Europe are defended with base values by "
        f"{listed([_title(results, name) for name in closed])}."
        if closed
        else f"No phase defends at least {percent(ALL)} of the people of every Ally in Europe with base values."
    )
    if successive_architectures(results.scenario):
        found.append(Finding("Q2", text, {"phases_closed": float(len(closed))}))
    return found


def _step_finding(results: StudyResults, before: str, after: str) -> Finding:
    """Say who gains and who loses from one phase to the next."""
    scope = results.common_europe((before, after))
    change = _change(results, after, before, scope)
    gain = [code for code, step in change.items() if step >= _MARKED]
    lose = [code for code, step in change.items() if step <= -_MARKED]
    text = (
        f"From {_title(results, before)} to {_title(results, after)} the share of people defended grows by "
        f"{points(_MARKED)} or more in {nations(gain, 'no Ally')}"
    )
    if lose:
        shares = results.nation_shares(after)
        parts = [f"{nation_in_text(code)} (to {percent(shares[code])})" for code in sorted(lose, key=nation)]
        why = _why(results.tallies[after, "base"].cause_shares(lose))
        text += f", and falls by as much or more in {listed(parts)}: {why}"
    return Finding("Q2", text + ".", {"gain": float(len(gain)), "lose": float(len(lose))})


def _change(results: StudyResults, name: str, other: str, scope: Sequence[str]) -> dict[str, float]:
    """Return how much larger each nation's share is with one architecture than with another."""
    mine, theirs = results.tallies[name, "base"], results.tallies[other, "base"]
    change = {}
    for code in scope:
        a, b = mine.nation("headline", code).population_share, theirs.nation("headline", code).population_share
        if a is not None and b is not None:
            change[code] = a - b
    return change


def plan_findings(results: StudyResults, name: str) -> list[Finding]:
    """Say whom one architecture defends, whom it leaves out, why, and against which class it is weakest."""
    people, land = results.people(name), results.land(name)
    if people is None:
        return [Finding("Q2", f"{_title(results, name)}: nothing in the scenario threatens NATO Europe.")]
    shares = {code: share for code, share in results.nation_shares(name).items() if share is not None}
    whole = [code for code, share in shares.items() if share >= ALL]
    none = [code for code, share in shares.items() if share == 0.0]
    text = (
        f"{_title(results, name)} defends {interval(people)} of the threatened people of NATO Europe and "
        f"{interval(land)} of the threatened land against classes of 2,000 km and more."
    )
    numbers = {"people_low": people[0], "people": people[1], "people_high": people[2]}
    found = [Finding("Q2", text, numbers)]
    worst = min(shares, key=lambda code: (shares[code], code))
    spread = results.inequality(name)
    if min(shares.values()) >= ALL:
        text = (
            f"Under it every Ally is served alike: the worst served is {nation_in_text(worst)} with "
            f"{percent(shares[worst])}."
        )
    else:
        least = f" the worst served is {nation_in_text(worst)} with {percent(shares[worst])};" if not none else ""
        text = (
            f"Under it security is divided: {len(whole)} of {len(shares)} Allies are defended to {percent(ALL)} or "
            f"more, {len(none) or 'none'} not at all{_in_brackets(none)};{least} the Gini coefficient of the shares is "
            f"{spread:.2f}."
        )
    found.append(Finding("Q2", text, {"whole": float(len(whole)), "none": float(len(none)), "gini": spread or 0.0}))
    found += _gap_findings(results, name)
    if people[2] < people[1] - _SAME:
        found.append(_fall_finding(results, name, people))
    return found


def _gap_findings(results: StudyResults, name: str) -> list[Finding]:
    """Say why people are left open, and against which class most."""
    tally, europe = results.tallies[name, "base"], results.europe(name)
    count = tally.count("headline", europe)
    lost = count.threatened_population - count.defended_population
    shares = tally.cause_shares(europe)
    if not shares:
        return []
    leading = max(shares, key=lambda cause: shares[cause])
    text = (
        f"It leaves {millions(lost)} people open; for {percent(shares[leading])} of them {CAUSE_PHRASES[leading]}"
        f"{_weakest_class(results, tally, europe)}."
    )
    return [Finding("Q2", text, {"open_population": lost, leading: shares[leading]})]


def _fall_finding(results: StudyResults, name: str, people: tuple[float, float, float]) -> Finding:
    """Say who loses, and why, where the better bounds of the disputed inputs defend fewer than base values."""
    base, high = results.coverages[name, "base"], results.coverages[name, "high"]
    threats = results.tallies[name, "base"].sets[0].threats
    lost = (states(base, threats) == DEFENDED) & (states(high, threats) == OPEN)
    lost &= np.isin(results.points.nation, results.europe(name))
    weight = np.where(lost, results.points.population, 0.0)
    votes = np.bincount(leading_cause(high, threats), weight, len(CAUSES))
    before, after = results.nation_shares(name), results.nation_shares(name, "high")
    losers = [code for code, share in before.items() if share is not None and share - (after[code] or 0.0) >= _MARKED]
    text = (
        f"The disputed inputs do not all pull one way: with their better bounds it defends {percent(people[2])}, fewer "
        f"than with base values; {nations(losers)} {'lose' if len(losers) != 1 else 'loses'}"
    )
    if votes[1:].any():
        leading = CAUSES[1 + int(np.argmax(votes[1:]))]
        text += f", where then {CAUSE_PHRASES[leading]}"
    return Finding("Q2", text + ".", {"fall": people[1] - people[2]})


def _weakest_class(results: StudyResults, tally: Tally, europe: Sequence[str]) -> str:
    by_class = {
        key: share
        for key in (entry.key for entry in tally.sets)
        if key in tally.sets[0].threats and (share := tally.count(key, europe).population_share) is not None
    }
    if not by_class:
        return ""
    weakest = min(by_class, key=lambda key: by_class[key])
    return (
        f"; it is weakest against {class_title(results.scenario, weakest)}, with {percent(by_class[weakest])} defended"
    )


def _in_brackets(codes: Sequence[str]) -> str:
    return f" ({nations(codes)})" if codes else ""


def _closed(results: StudyResults, name: str) -> bool:
    shares = [share for share in results.nation_shares(name).values() if share is not None]
    return bool(shares) and min(shares) >= ALL


def comparison_findings(results: StudyResults) -> list[Finding]:
    """Compare each phase with the programme of record on the same threats and nations (question 3)."""
    found: list[Finding] = []
    if PROGRAMME in results.scenario.architectures:
        for name in successive_architectures(results.scenario):
            found += [replace(item, subject=name) for item in pair_findings(results, name, PROGRAMME)]
    found += disputed_findings(results)
    for item in verdicts(results):
        text = f"“{item.statement.text}” ({item.statement.year}): {item.outcome}. {item.sentence}"
        found.append(Finding("Q3", text))
    return found


def pair_findings(results: StudyResults, name: str, other: str) -> list[Finding]:
    """Say what one architecture does better and worse than another, for the nations that are members in both years."""
    scope = results.common_europe((name, other))
    mine, theirs = _levels(results, name, scope), _levels(results, other, scope)
    if mine is None or theirs is None:
        return []
    gain = mine[1] - theirs[1]
    if abs(gain) < _SAME:
        compared = f"as much as {_title(results, other)}"
    else:
        compared = f"{points(gain)} {'more' if gain > 0 else 'less'} than {_title(results, other)}"
    text = (
        f"Of the threatened people of {_scope(results, scope, (name, other))}, {_title(results, name)} defends "
        f"{interval(mine)}, {compared} with {interval(theirs)}{_hangs(mine, theirs)}."
    )
    found = [Finding("Q3", text, {"gain": gain, "people": mine[1], "other": theirs[1]})]
    change = _change(results, name, other, scope)
    better = [code for code, step in change.items() if step >= _MARKED]
    worse = [code for code, step in change.items() if step <= -_MARKED]
    text = f"Better served by it by {points(_MARKED)} or more: {nations(better)}; worse served: {nations(worse)}"
    if worse:
        text += f", where people are left open because {_why(results.tallies[name, 'base'].cause_shares(worse))}"
    found.append(Finding("Q3", text + ".", {"better": float(len(better)), "worse": float(len(worse))}))
    return found


def _scope(results: StudyResults, scope: Sequence[str], names: Sequence[str]) -> str:
    """Name the Allies of Europe that are members in the years of every architecture, and who is left out of them."""
    out = {code for name in names for code in results.europe(name)} - set(scope)
    return f"NATO Europe without {nations(sorted(out))}" if out else "NATO Europe"


def _why(shares: Mapping[str, float]) -> str:
    leading = max(shares, key=lambda cause: shares[cause])
    return f"{CAUSE_PHRASES[leading]} ({percent(shares[leading])} of them)"


def disputed_findings(results: StudyResults) -> list[Finding]:
    """Say which of the disputed inputs decides, plan by plan."""
    if results.disputed is None:
        return []
    found = []
    for name, base in results.disputed.base.items():
        decisive, bound, share = results.disputed.decisive(name)
        if abs(share - base) < _SAME:
            text = (
                f"{_title(results, name)}: none of the disputed inputs alone moves the share of city people defended."
            )
        else:
            pairs = [
                f"{BOUNDS[key, 'worse']} {percent(results.disputed.moved[name, key, 'worse'])}, "
                f"{BOUNDS[key, 'better']} {percent(results.disputed.moved[name, key, 'better'])}"
                for key in INPUTS
            ]
            text = (
                f"{_title(results, name)}: of the disputed inputs the {INPUTS[decisive]} decides most; "
                f"{BOUNDS[decisive, bound]} alone take the share of the threatened people of cities defended from "
                f"{percent(base)} to {percent(share)} (one at a time: {'; '.join(pairs)})."
            )
        found.append(Finding("Q3", text, {"base": base, "moved": share}, name))
    return found


def _hangs(mine: tuple[float, float, float], theirs: tuple[float, float, float]) -> str:
    """Say whether the order of two architectures is the same at each level and across their intervals."""
    signs = {(a > b) - (a < b) for a, b in zip(mine, theirs, strict=True)}
    if mine[0] > theirs[2] or mine[2] < theirs[0]:
        return "; the intervals do not overlap"
    if len(signs) == 1:
        return "; the order is the same at every level, though the intervals overlap"
    return "; the order hangs on the disputed inputs"


def integration_findings(results: StudyResults) -> list[Finding]:
    """Say what integration adds at the level of coverage (question 4, first part)."""
    found: list[Finding] = []
    for name in side_by_side(results.scenario):
        found += _national_findings(results, name)
    for name in integrated_architectures(results.scenario):
        rungs = {mode: _rung(results, name, mode) for mode in MODES}
        if any(share is None for share in rungs.values()):
            continue
        organic, launch, engage = (rungs[mode] or 0.0 for mode in MODES)
        text = (
            f"{_title(results, name)} with the same sites and interceptors defends {percent(organic)} of the "
            f"threatened people if each battery sees for itself, {percent(launch)} if it may launch on the track of "
            f"others, and {percent(engage)} if it may also be guided by it: the first step {_adds(organic, launch)}, "
            f"the second {_adds(launch, engage)}."
        )
        found.append(Finding("Q4", text, {"organic": organic, "launch_on_remote": launch, "engage_on_remote": engage}))
    return found


def _national_findings(results: StudyResults, name: str) -> list[Finding]:
    """Compare systems side by side with the networked architecture of the same systems and year."""
    scenario = results.scenario
    year = results.year(name)
    peers = [other for other in contribution_variants(scenario) if results.year(other) == year and other != name] or [
        other for other in successive_architectures(scenario) if results.year(other) == year
    ]
    mine = results.people(name)
    if mine is None:
        return []
    text = f"{_title(results, name)} defend {interval(mine)} of the threatened people of NATO Europe"
    numbers = {"people": mine[1]}
    theirs = results.people(peers[0]) if peers else None
    if theirs is not None:
        numbers["networked"] = theirs[1]
        text += f"; {_title(results, peers[0])}, networked, {interval(theirs)}: {_added(mine[1], theirs[1])}"
    return [Finding("Q4", text + ".", numbers)]


def addition_findings(results: StudyResults, kind: str, question: str, what: str) -> list[Finding]:
    """Say what a family of additions (partner radars, Allied contributions) changes, plan by plan."""
    steps: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {}
    for name in families(results.scenario).get(kind, ()):
        stem = counterpart(results.scenario, name)
        with_it = results.people(name)
        without = results.people(stem) if stem is not None else None
        if stem is not None and with_it is not None and without is not None:
            steps[stem] = (without, with_it)
    if not steps:
        return []
    found = []
    for level, words in ((1, "with base values"), (0, "with the disputed inputs at their worse bounds")):
        gains = {stem: with_it[level] - without[level] for stem, (without, with_it) in steps.items()}
        most = max(gains, key=lambda stem: gains[stem])
        end = (
            f"most to {_title(results, most)} ({points(gains[most])})"
            if gains[most] >= _SAME
            else "nothing of note to any plan"
        )
        parts = [
            f"{_title(results, stem)} {percent(a[level])} to {percent(b[level])}" for stem, (a, b) in steps.items()
        ]
        text = f"At the level of coverage, {words}, {what} add {end}; threatened people defended: {'; '.join(parts)}."
        found.append(Finding(question, text, gains))
    return found


def _levels(results: StudyResults, name: str, scope: Iterable[str]) -> tuple[float, float, float] | None:
    codes = tuple(scope)
    shares = [results.tallies[name, level].count("headline", codes).population_share for level in LEVELS]
    if any(share is None for share in shares):
        return None
    low, base, high = (share or 0.0 for share in shares)
    return low, base, high


def _rung(results: StudyResults, name: str, mode: str) -> float | None:
    counted = results.ladder.get((name, mode))
    return None if counted is None else counted.count("headline", results.europe(name)).population_share


def _added(before: float, after: float) -> str:
    step = after - before
    if abs(step) < _SAME:
        return "nothing added"
    return f"{points(step)} {'added' if step > 0 else 'lost'}"


def _adds(before: float, after: float) -> str:
    step = after - before
    if abs(step) < _SAME:
        return "adds nothing"
    return f"{'adds' if step > 0 else 'takes'} {points(step)}"


def _title(results: StudyResults, name: str) -> str:
    resolved = results.scenario.architecture(name)
    title = short_title(results.scenario, name)
    year = "" if resolved.year is None or str(resolved.year) in title else f" ({resolved.year})"
    return f"{title}{year}"
