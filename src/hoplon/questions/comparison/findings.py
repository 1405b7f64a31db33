"""Sentences of question 3: pairs of architectures, sensitivity to disputed inputs, verdicts on public statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hoplon.analysis.architectures import baseline, compared_architectures, sentence_title
from hoplon.presentation.wording import MARKED, SAME, interval, leading_cause, nations, percent, points
from hoplon.questions.comparison.answer import ComparisonAnswer
from hoplon.questions.comparison.disputed import OneAtATime
from hoplon.questions.comparison.statements import Verdict, by_level, group_shares
from hoplon.questions.question import Finding
from hoplon.questions.study import Shares, Study

_QUESTION: Final = "Q3"


def findings(study: Study, answer: ComparisonAnswer) -> list[Finding]:
    """Return each architecture compared with the baseline, the sensitivity of each, and the verdicts on statements."""
    found: list[Finding] = []
    base = baseline(study.scenario)
    if base is not None:
        for name in compared_architectures(study.scenario):
            if name != base:
                found += [replace(item, subject=name) for item in pair_findings(study, name, base)]
    found += disputed_findings(study, answer.disputed)
    found += [verdict_finding(item) for item in answer.verdicts]
    return found


def pair_findings(study: Study, name: str, other: str) -> list[Finding]:
    """Return what one architecture defends more and less than another, for the nations counted in both years."""
    scope = study.common_nations((name, other))
    mine, theirs = group_shares(study, name, scope), group_shares(study, other, scope)
    if mine is None or theirs is None:
        return []
    gain = mine[1] - theirs[1]
    if abs(gain) < SAME:
        compared = f"as much as {sentence_title(study.scenario, other)}"
    else:
        compared = f"{points(gain)} {'more' if gain > 0 else 'less'} than {sentence_title(study.scenario, other)}"
    text = (
        f"Of the threatened people of {_scope(study, scope, (name, other))}, {sentence_title(study.scenario, name)} "
        f"defends {interval(mine)}, {compared} with {interval(theirs)}{_ranking(mine, theirs)}."
    )
    numbers = {"gain": gain, **by_level("people", mine), **by_level("other", theirs)}
    found = [Finding(_QUESTION, text, numbers, lead=True)]
    change = study.nation_changes(name, other, scope)
    better = [code for code, step in change.items() if step >= MARKED]
    worse = [code for code, step in change.items() if step <= -MARKED]
    text = f"Better served by it by {points(MARKED)} or more: {nations(better)}; worse served: {nations(worse)}"
    numbers = {"better": float(len(better)), "worse": float(len(worse))}
    if worse:
        why = study.tally(name).cause_shares(worse)
        text += f", where people are undefended because {leading_cause(why)}"
        numbers |= why
    found.append(Finding(_QUESTION, text + ".", numbers))
    return found


def _scope(study: Study, scope: Sequence[str], names: Sequence[str]) -> str:
    """Return the name of the headline's nations, and who is not counted because of the year of an architecture."""
    out = {code for name in names for code in study.headline_nations(name)} - set(scope)
    return f"{study.region} without {nations(sorted(out))}" if out else study.region


def _ranking(mine: Shares, theirs: Shares) -> str:
    """Return whether the ranking of two architectures is the same at each level and across their corners."""
    signs = {(a > b) - (a < b) for a, b in zip(mine, theirs, strict=True)}
    if mine[0] > theirs[2] or mine[2] < theirs[0]:
        return "; the worst corner of one is above the best of the other"
    if len(signs) == 1:
        return "; the ranking is the same at base and in both corners"
    return "; the ranking depends on the disputed inputs"


def disputed_findings(study: Study, disputed: OneAtATime | None) -> list[Finding]:
    """Return which of the disputed inputs changes the share of city people defended most, for each architecture."""
    if disputed is None:
        return []
    found = []
    for name, base in disputed.base.items():
        short = ""
        title = sentence_title(study.scenario, name)
        key, bound, share = disputed.most_sensitive(name)
        if abs(share - base) < SAME:
            text = f"{title}: none of the disputed inputs alone changes the share of city people defended."
        else:
            moved_most = disputed.inputs[key]
            pairs = [
                f"{item.worse} {percent(disputed.moved[name, entry, 'worse'])}, "
                f"{item.better} {percent(disputed.moved[name, entry, 'better'])}"
                for entry, item in disputed.inputs.items()
            ]
            told = (
                f"{title}: of the disputed inputs the {moved_most.title} matters most; "
                f"{moved_most.phrase(bound)} alone change the share of the threatened people of cities defended from "
                f"{percent(base)} to {percent(share)}"
            )
            text, short = f"{told} (one at a time: {'; '.join(pairs)}).", f"{told}."
        moved = {f"{entry}_{end}": value for (owner, entry, end), value in disputed.moved.items() if owner == name}
        found.append(Finding(_QUESTION, text, {"base": base, "moved": share, **moved}, name, short=short))
    return found


def verdict_finding(item: Verdict) -> Finding:
    """Return a verdict as a finding: whole for the tables, cut to its outcome for the summary."""
    said = f"“{item.statement.text}” ({item.statement.year}): {item.outcome}."
    return Finding(_QUESTION, f"{said} {item.sentence}", item.numbers, lead=True, summary=said, listed=False)
