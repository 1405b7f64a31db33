"""How the defence holds under a raid, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.analysis.architectures import column_title
from hoplon.analysis.raid.sweeps import CUT_S, FALLBACK_S, FALLS_BACK, of_group
from hoplon.presentation.estimates import (
    NO_DIFFERENCE,
    differs_from_zero,
    format_difference,
    format_estimate,
    format_points,
    format_share,
)
from hoplon.presentation.raid_wording import FORM_TITLES, link_title, shots_and_inventory
from hoplon.presentation.wording import percent
from hoplon.questions.question import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.raid.sweeps import RaidSweeps, Row
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario


def findings(study: Study, answer: RaidSweeps) -> tuple[Finding, ...]:
    """Return what size, losses, links, delays and errors change, and what perfect command would reach."""
    scenario = study.scenario
    costs = {"release_decision_s": answer.decisions[-1].value or 0.0} if answer.decisions else {}
    decision = _sweep(answer, answer.decisions, "hub_hot", "Time to decide and to release")
    found = [
        Finding("Q14", _sizes(scenario, answer), lead=True),
        Finding("Q14", _perfect(scenario, answer)),
        *(Finding("Q14", text) for text in _losses(answer)),
        Finding("Q14", _cut_off(scenario, answer)),
        Finding("Q14", decision, costs, lead=True),
        *(Finding("Q14", text) for text in _network(answer)),
    ]
    return tuple(finding for finding in found if finding.sentence)


def _network(answers: RaidSweeps) -> list[str]:
    """Say what latency, lost messages, errors of assessment and tracks that are not recognised cost."""
    found = []
    for form in ("hub_hot", "mesh"):
        found.append(_sweep(answers, answers.latencies, form, f"Latency of the network, {FORM_TITLES[form]}"))
        found.append(_sweep(answers, answers.links, form, f"Chance that a message gets through, {FORM_TITLES[form]}"))
    for group in dict.fromkeys(row.group for row in answers.assessment):
        found.append(_sweep(answers, answers.assessment, group, f"Kill assessment, {group}"))
    return [*found, *(_association(answers, form) for form in ("hub_hot", "mesh"))]


def _association(answers: RaidSweeps, form: str) -> str:
    """Say what tracks that are not recognised cost."""
    rows = of_group(answers.association, form)
    if len(rows) < 2:
        return ""
    told = "; ".join(
        f"{percent(row.value)} {format_estimate(row.estimates['shots_per_kill'])} shots a kill, "
        f"{format_estimate(row.estimates['track_ambiguity'])} tracks a threat, "
        f"{format_share(row.estimates['leakage'])} leak"
        for row in (rows[0], *rows[2:])
    )
    last = rows[-1]
    twice = last.estimates["duplicate_shots"]
    many = (twice.mean or 0.0) > 0.05
    return f"Tracks that a node takes for another object's, {FORM_TITLES[form]}, by the chance of it: {told}. " + (
        f"At the last {format_estimate(twice)} duplicate shots a raid: a threat is engaged under each of its numbers."
        if many
        else "Few shots are doubled: a second radar holds a threat too late for another engagement, if at all."
    )


def _sizes(scenario: Scenario, answers: RaidSweeps) -> str:
    texts = []
    for group in dict.fromkeys(row.group for row in answers.sizes):
        rows = of_group(answers.sizes, group)
        small, large = rows[0], rows[-1]
        texts.append(
            f"{group}: {format_share(small.estimates['leakage'])} of {small.threats} to "
            f"{format_share(large.estimates['leakage'])} of {large.threats}, {shots_and_inventory(large)}"
        )
    return (
        f"Size of the raid “{answers.sized_raid}” against {column_title(scenario, answers.architecture)}, leakage: "
        f"{'; '.join(texts)}."
    )


def _perfect(scenario: Scenario, answers: RaidSweeps) -> str:
    """Say how far the simulated command stays behind the exact assignment."""
    texts = []
    for row in answers.perfect:
        command = row.command
        texts.append(
            f"{column_title(scenario, row.architecture)} {format_share(row.simulated)} as simulated, "
            f"{percent(command.leakage)} with every shot fired at once by the exact assignment, no less than "
            f"{percent(command.leakage_with_looks)} with looks, a gap of {format_points(command.gap)}"
        )
    if not texts:
        return ""
    return (
        f"Perfect command, raid “{answers.sized_raid}”, leakage with the same sites, magazines and chances of a shot, "
        f"every element working and every track known at once: {'; '.join(texts)}. The gap is what availability, "
        "delays, missed looks, unsupported intercepts, errors of assessment and the rule of assignment cost together."
    )


def _losses(answers: RaidSweeps) -> list[str]:
    texts = []
    for group in dict.fromkeys(row.group for row in answers.losses):
        rows = of_group(answers.losses, group)
        worst = max(rows[1:], key=lambda row: row.estimates["leakage"].mean or 0.0)
        told = format_difference(worst.difference["leakage"]) if worst.difference is not None else ""
        more = ""
        if group == "hub_fallback":
            more = _saved(rows, of_group(answers.losses, "hub"))
        elif group == "hub_cold" and worst is not rows[1]:
            more = (
                " The worst moment is shortly before the first orders: an earlier loss is made up for sooner, and "
                "after a later one what was ordered flies."
            )
        texts.append(
            f"Command lost, {_lost(group)}: leakage {format_share(rows[0].estimates['leakage'])} whole, at worst "
            f"{format_share(worst.estimates['leakage'])} ({worst.label}), {told}; {shots_and_inventory(worst)}.{more}"
        )
    return texts


def _saved(rows: Sequence[Row], waiting: Sequence[Row]) -> str:
    """Say when falling back saves the most over waiting for orders."""
    by_label = {row.label: row for row in waiting}
    pairs = [(row, by_label[row.label]) for row in rows[1:] if row.label in by_label]
    if not pairs:
        return ""
    fights, waits = max(pairs, key=lambda pair: _leaks(pair[1]) - _leaks(pair[0]))
    return (
        f" Falling back after {FALLBACK_S:g} s saves the most when the node is {fights.label}: "
        f"{format_share(fights.estimates['leakage'])} against {format_share(waits.estimates['leakage'])} with "
        "batteries that wait. It saves no more than the batteries' own radars show."
    )


def _cut_off(scenario: Scenario, answers: RaidSweeps) -> str:
    """Say what lost links cost: of the hub, of the radar and the battery that cost the most, and in a mesh."""
    hub, mesh = of_group(answers.cut_off, "hub"), of_group(answers.cut_off, "mesh")
    if len(hub) < 2 or len(mesh) < 2:
        return ""
    whole, node = hub[0], hub[1].label
    batteries = {row.label for row in mesh[1:]}
    alone = {row.label.removesuffix(FALLS_BACK): row for row in hub if row.label.endswith(FALLS_BACK)}
    texts = [f"that of the node {_cost_of(hub[1])}"]
    if node in alone:
        texts.append(f"the same, batteries falling back after {FALLBACK_S:g} s of silence {_cost_of(alone[node])}")
    for kind, rows in (
        ("radar", [row for row in hub[2:] if row.label not in batteries and not row.label.endswith(FALLS_BACK)]),
        ("battery", [row for row in hub if row.label in batteries]),
    ):
        if rows:
            worst = max(rows, key=_leaks)
            title = link_title(scenario, worst.label)
            texts.append(f"that of the {kind} that costs the most, {title}, {_cost_of(worst)}")
            if worst.label in alone:
                texts.append(f"the same, the battery falling back {_cost_of(alone[worst.label])}")
    worst = max(mesh[1:], key=_leaks)
    before, after = (format_share(row.estimates["leakage"]) for row in (whole, mesh[0]))
    return (
        f"Links lost {CUT_S} s after the first launch, one node without an alternate: leakage {before} whole; "
        f"{'; '.join(texts)}. In a mesh, {after} whole, that of {link_title(scenario, worst.label)} {_cost_of(worst)}. "
        "Batteries that do not hear each other may fire at one threat: duplicate shots are the price of fighting on."
    )


def _leaks(row: Row) -> float:
    return row.estimates["leakage"].mean or 0.0


def _cost_of(row: Row) -> str:
    """Return leakage, shots a kill and duplicate shots of a setting."""
    twice = format_estimate(row.estimates["duplicate_shots"], 2)
    kills = format_estimate(row.estimates["shots_per_kill"], 2, "no")
    return f"{format_share(row.estimates['leakage'])}, {kills} shots a kill, {twice} duplicate shots a raid"


def _lost(form: str) -> str:
    """Return what is lost of a form."""
    return "the first battery of a mesh with its node" if form == "mesh" else FORM_TITLES[form]


def _sweep(answers: RaidSweeps, rows: Sequence[Row], group: str, title: str) -> str:
    chosen = of_group(rows, group)
    if len(chosen) < 2:
        return ""
    first, last = chosen[0], chosen[-1]
    parts = [f"{row.label}: {format_share(row.estimates['leakage'])}" for row in chosen]
    told = ""
    if last.difference is not None:
        difference = last.difference["leakage"]
        more = format_difference(difference)
        clear = "" if differs_from_zero(difference) or more == NO_DIFFERENCE else ", not told from nothing"
        told = f" From {first.label} to {last.label}: {more}{clear}; {shots_and_inventory(last)}."
    means = [row.estimates["leakage"].mean or 0.0 for row in chosen]
    early = chosen[means.index(min(means))]
    sooner = early.difference["leakage"] if early is not first and early.difference else None
    if rows is answers.decisions and sooner is not None and differs_from_zero(sooner):
        told += (
            f" At {early.label} fewer leak than at {first.label}, {format_difference(sooner)}: "
            "an order given at once goes to the battery that is best on the first track alone."
        )
    return f"{title}, and leakage: {'; '.join(parts)}.{told}"
