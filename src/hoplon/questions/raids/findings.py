"""How the defence holds under a raid, in at most six sentences: leakage with its interval and its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.analysis.architectures import column_title, sentence_title
from hoplon.analysis.raid.judged import named_by_scenario
from hoplon.analysis.raid.runs import of_group
from hoplon.analysis.raid.sweeps import CUT_S, FALLBACK_S, FALLS_BACK, NOTHING_LOST
from hoplon.presentation.estimates import differs_from_zero, format_difference, format_points
from hoplon.presentation.raid_wording import (
    CAUSE_TITLES,
    FORM_TITLES,
    at_the_price,
    bounded_leakage,
    left_out_sentence,
    link_title,
    missiles,
)
from hoplon.presentation.wording import percent
from hoplon.questions.question import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.raid.command_causes import CommandCauses
    from hoplon.analysis.raid.runs import Row
    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario

_MOST_CAUSES = 3  # told in the sentence; the table has all


def findings(study: Study, answer: RaidSweeps) -> tuple[Finding, ...]:
    """Return what leaks, and what doctrine, size, command, losses and delays change; at most six."""
    scenario = study.scenario
    costs = {"release_decision_s": answer.decisions[-1].value or 0.0} if answer.decisions else {}
    found = [
        Finding("Q14", _leakage(scenario, answer), lead=True),
        Finding("Q14", _doctrines(answer)),
        Finding("Q14", _sizes(scenario, answer)),
        Finding("Q14", _perfect(scenario, answer)),
        Finding("Q14", f"{_losses(answer)} {_cut_off(scenario, answer)}".strip()),
        Finding("Q14", _delays(answer), costs, lead=True),
    ]
    return tuple(finding for finding in found if finding.sentence)


def _leakage(scenario: Scenario, answers: RaidSweeps) -> str:
    """Say what leaks of the raids, on which architecture they are judged and why; or that it has no shot."""
    title, raid = sentence_title(scenario, answers.architecture), f"the raid “{answers.raid}”"
    named = named_by_scenario(scenario, answers.raid) is not None
    if not answers.has_shot:
        which = f"{title}, which the scenario names," if named else "No integrated architecture"
        return (
            f"{which} has {'no' if named else 'a'} shot at {raid}: all of it leaks from {title}, on which sizes, "
            "losses, links, delays and errors are judged, and none of them makes a difference."
        )
    why = "named by the scenario"
    if not named:
        why = f"the last integrated architecture that was not given up and has a shot at {raid}"
    rows = _first_of_each(answers.doctrines)
    told = "; ".join(
        f"raid “{row.group}” ({missiles(row)}) {bounded_leakage(row)}, {at_the_price(row)}" for row in rows
    )
    left = " ".join(left_out_sentence(scenario, answers.architecture, row.group, row) for row in rows).strip()
    return f"Leakage, judged on {title} ({why}): {told}.{left and f' {left}'}"


def _first_of_each(rows: Sequence[Row]) -> list[Row]:
    """Return the first row of each group."""
    return list({row.group: row for row in reversed(rows)}.values())[::-1]


def _doctrines(answers: RaidSweeps) -> str:
    """Say what each doctrine lets through of the sized raid, and at what price in interceptors."""
    rows = of_group(answers.doctrines, answers.sized_raid)
    told = "; ".join(f"{row.label} {bounded_leakage(row)}, {at_the_price(row)}" for row in rows)
    return f"Leakage by doctrine, raid “{answers.sized_raid}”: {told}." if told else ""


def _sizes(scenario: Scenario, answers: RaidSweeps) -> str:
    texts = []
    for group in dict.fromkeys(row.group for row in answers.sizes):
        rows = of_group(answers.sizes, group)
        small, large = rows[0], rows[-1]
        texts.append(
            f"{group} {bounded_leakage(small)} with {missiles(small)} to {bounded_leakage(large)} with "
            f"{missiles(large)}, {at_the_price(large)}"
        )
    if not texts:
        return ""
    title = column_title(scenario, answers.architecture)
    return (
        f"Leakage by size of the raid “{answers.sized_raid}”, with the same mix of aims, classes and launch areas at "
        f"every size, {title}: {'; '.join(texts)}."
    )


def _perfect(scenario: Scenario, answers: RaidSweeps) -> str:
    """Say how much more leaks in the simulation than under perfect command, and what causes most of it."""
    row = next((row for row in answers.perfect if row.architecture == answers.architecture), None)
    if row is None:
        return ""
    own = next(one for one in answers.architectures if one.group == row.architecture)
    gap = row.command.gap
    least = 0.0 if row.simulated.mean is None or gap.mean is None else row.simulated.mean - gap.mean
    told = (
        f"Perfect command, {column_title(scenario, row.architecture)} against {missiles(row)} of "
        f"“{answers.sized_raid}”: {percent(least)} against {bounded_leakage(own)} as simulated, a gap of "
        f"{format_points(gap)}."
    )
    return told if answers.causes is None else f"{told} {_causes(answers.causes)}"


def _causes(causes: CommandCauses) -> str:
    """Say what the largest causes cost, switched off alone, on average and last."""
    ordered = sorted(causes.causes, key=lambda cost: -abs(cost.shapley.mean or 0.0))[:_MOST_CAUSES]
    told = "; ".join(
        f"{CAUSE_TITLES[cost.cause]} {format_points(cost.shapley)}, alone {_points(cost.first.mean)}, last "
        f"{_points(cost.last.mean)}"
        for cost in ordered
    )
    return (
        f"Causes, by the mean over every order of switching them off: {told}; rule of assignment and what the bound "
        f"leaves open {format_points(causes.remainder)}."
    )


def _points(value: float | None) -> str:
    return "unknown" if value is None else f"{100 * value:.1f}"


def _losses(answers: RaidSweeps) -> str:
    """Say what the loss of the command node costs at its worst time: in the best form, in a mesh, without alternate."""
    texts, before = [], ""
    for group in dict.fromkeys(row.group for row in answers.losses):
        rows = of_group(answers.losses, group)
        if len(rows) < 2:
            continue
        before = before or bounded_leakage(rows[0])
        worst = max(rows[1:], key=_leaks)
        lost = "a mesh, a battery with its node" if group == "mesh" else FORM_TITLES[group]
        texts.append((_leaks(worst), f"{lost} {bounded_leakage(worst)}, {worst.label}"))
    if not texts:
        return ""
    least, most = min(texts)[1], max(texts)[1]
    return (
        f"Leakage with the command node lost at the worst time, {before} with nothing lost: lowest with {least}; "
        f"highest with {most}."
    )


def _cut_off(scenario: Scenario, answers: RaidSweeps) -> str:
    """Say what leaks after the loss of the worst link of a hub, waiting and falling back."""
    hub = [row for row in of_group(answers.cut_off, "hub") if not row.label.startswith(NOTHING_LOST)]
    if not hub:
        return ""
    worst = max(hub, key=_leaks)
    alone = {row.label.removesuffix(FALLS_BACK): row for row in hub if row.label.endswith(FALLS_BACK)}
    told = f"Link of {link_title(scenario, worst.label)} lost at {CUT_S} s: {bounded_leakage(worst)}"
    if worst.label in alone:
        told += f"; batteries falling back after {FALLBACK_S:g} s of silence {bounded_leakage(alone[worst.label])}"
    return f"{told}."


def _leaks(row: Row) -> float:
    return row.estimates["leakage"].mean or 0.0


def _delays(answers: RaidSweeps) -> str:
    """Say what the time to decide changes, and which of the other delays and errors does significantly."""
    rows = of_group(answers.decisions, "hub_hot")
    if len(rows) < 2:
        return ""
    least, last = min(rows, key=_leaks), rows[-1]
    told = (
        f"Leakage by time to decide and to release: at {rows[0].label} {bounded_leakage(rows[0])}"
        + (f", least at {least.label} {bounded_leakage(least)}" if least not in (rows[0], last) else "")
        + f", at {last.label} {bounded_leakage(last)}, {at_the_price(last)}."
    )
    others = []
    for swept, title in (
        (answers.latencies, "latency"),
        (answers.links, "message delivery"),
        (answers.assessment, "kill-assessment errors"),
        (answers.association, "wrong track association"),
    ):
        ends = [of_group(swept, group)[-1] for group in dict.fromkeys(row.group for row in swept)]
        moved = [(row, row.difference["leakage"]) for row in ends if row.difference is not None]
        if moved:
            row, most = max(moved, key=lambda pair: abs(pair[1].mean or 0.0))
            sure = "" if differs_from_zero(most) else ", not significant"
            others.append(f"{title} {row.label} {format_difference(most)}{sure}")
    return f"{told} At most: {'; '.join(others)}." if others else told
