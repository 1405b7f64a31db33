"""Sentences of question 3: pairs of architectures, disputed inputs, verdicts on public statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hoplon.analysis.architectures import baseline, sentence_title, successive_architectures
from hoplon.analysis.bounds import BOUNDS, INPUTS
from hoplon.presentation.wording import MARKED, SAME, interval, leading_cause, nations, percent, points
from hoplon.questions.comparison.answer import ComparisonAnswer
from hoplon.questions.comparison.disputed import OneAtATime
from hoplon.questions.comparison.statements import Verdict
from hoplon.questions.question import Finding
from hoplon.questions.study import LEVELS, Shares, Study

_QUESTION: Final = "Q3"


def findings(study: Study, answer: ComparisonAnswer) -> list[Finding]:
    """Return each pair of architectures compared, what each disputed input decides, and the verdicts on statements."""
    found: list[Finding] = []
    base = baseline(study.scenario)
    if base is not None:
        for name in successive_architectures(study.scenario):
            found += [replace(item, subject=name) for item in pair_findings(study, name, base)]
    found += disputed_findings(study, answer.disputed)
    found += [verdict_finding(item) for item in answer.verdicts]
    return found


def pair_findings(study: Study, name: str, other: str) -> list[Finding]:
    """Say what one architecture does better and worse than another, for the nations that are members in both years."""
    scope = study.common_nations((name, other))
    mine, theirs = _levels(study, name, scope), _levels(study, other, scope)
    if mine is None or theirs is None:
        return []
    gain = mine[1] - theirs[1]
    if abs(gain) < SAME:
        compared = f"as much as {sentence_title(study.scenario, other)}"
    else:
        compared = f"{points(gain)} {'more' if gain > 0 else 'less'} than {sentence_title(study.scenario, other)}"
    text = (
        f"Of the threatened people of {_scope(study, scope, (name, other))}, {sentence_title(study.scenario, name)} "
        f"defends {interval(mine)}, {compared} with {interval(theirs)}{_hangs(mine, theirs)}."
    )
    found = [Finding(_QUESTION, text, {"gain": gain, "people": mine[1], "other": theirs[1]}, lead=True)]
    change = study.nation_changes(name, other, scope)
    better = [code for code, step in change.items() if step >= MARKED]
    worse = [code for code, step in change.items() if step <= -MARKED]
    text = f"Better served by it by {points(MARKED)} or more: {nations(better)}; worse served: {nations(worse)}"
    if worse:
        text += f", where people are left open because {leading_cause(study.tally(name).cause_shares(worse))}"
    found.append(Finding(_QUESTION, text + ".", {"better": float(len(better)), "worse": float(len(worse))}))
    return found


def _levels(study: Study, name: str, scope: Sequence[str]) -> Shares | None:
    low, base, high = (study.tally(name, level).count("headline", scope).population_share for level in LEVELS)
    return None if low is None or base is None or high is None else (low, base, high)


def _scope(study: Study, scope: Sequence[str], names: Sequence[str]) -> str:
    """Name the nations that the headline counts in the years of every architecture, and who is left out of them."""
    out = {code for name in names for code in study.headline_nations(name)} - set(scope)
    return f"{study.region} without {nations(sorted(out))}" if out else study.region


def _hangs(mine: Shares, theirs: Shares) -> str:
    """Say whether the order of two architectures is the same at each level and across their intervals."""
    signs = {(a > b) - (a < b) for a, b in zip(mine, theirs, strict=True)}
    if mine[0] > theirs[2] or mine[2] < theirs[0]:
        return "; the intervals do not overlap"
    if len(signs) == 1:
        return "; the order is the same at every level, though the intervals overlap"
    return "; the order hangs on the disputed inputs"


def disputed_findings(study: Study, disputed: OneAtATime | None) -> list[Finding]:
    """Say which of the disputed inputs decides, plan by plan."""
    if disputed is None:
        return []
    found = []
    for name, base in disputed.base.items():
        title = sentence_title(study.scenario, name)
        decisive, bound, share = disputed.decisive(name)
        if abs(share - base) < SAME:
            text = f"{title}: none of the disputed inputs alone moves the share of city people defended."
        else:
            pairs = [
                f"{BOUNDS[key, 'worse']} {percent(disputed.moved[name, key, 'worse'])}, "
                f"{BOUNDS[key, 'better']} {percent(disputed.moved[name, key, 'better'])}"
                for key in INPUTS
            ]
            text = (
                f"{title}: of the disputed inputs the {INPUTS[decisive]} decides most; "
                f"{BOUNDS[decisive, bound]} alone take the share of the threatened people of cities defended from "
                f"{percent(base)} to {percent(share)} (one at a time: {'; '.join(pairs)})."
            )
        found.append(Finding(_QUESTION, text, {"base": base, "moved": share}, name))
    return found


def verdict_finding(item: Verdict) -> Finding:
    """Return a verdict as a finding: whole for the tables, cut to its outcome for the summary."""
    said = f"“{item.statement.text}” ({item.statement.year}): {item.outcome}."
    return Finding(_QUESTION, f"{said} {item.sentence}", lead=True, summary=said, listed=False)
