"""How the defence holds under a raid, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.analysis.architectures import column_title, sentence_title
from hoplon.analysis.raid.judged import named_by_scenario
from hoplon.analysis.raid.runs import of_group
from hoplon.analysis.raid.sweeps import CUT_S, FALLBACK_S, FALLS_BACK
from hoplon.presentation.estimates import (
    NO_DIFFERENCE,
    differs_from_zero,
    format_difference,
    format_estimate,
    format_points,
    format_share,
)
from hoplon.presentation.raid_wording import (
    FORM_TITLES,
    different_raids_sentence,
    left_out_sentence,
    link_title,
    missiles,
    shots_and_inventory,
    shots_per_kill,
)
from hoplon.presentation.wording import percent
from hoplon.questions.question import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.raid.runs import Row
    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario


def findings(study: Study, answer: RaidSweeps) -> tuple[Finding, ...]:
    """Return what size, losses, links, delays and errors change, and what perfect command would reach."""
    scenario = study.scenario
    costs = {"release_decision_s": answer.decisions[-1].value or 0.0} if answer.decisions else {}
    title = f"time to decide and to release, {column_title(scenario, answer.architecture)}"
    decision = _sweep(answer, answer.decisions, "hub_hot", title)
    found = [
        Finding("Q14", _judged(scenario, answer), lead=not answer.has_shot),
        Finding("Q14", _left_out(scenario, answer)),
        Finding("Q14", _sizes(scenario, answer), lead=True),
        Finding("Q14", _perfect(scenario, answer)),
        *(Finding("Q14", text) for text in _losses(answer)),
        Finding("Q14", _cut_off(scenario, answer)),
        Finding("Q14", decision, costs, lead=True),
        *(Finding("Q14", text) for text in _network(answer)),
    ]
    return tuple(finding for finding in found if finding.sentence)


def _judged(scenario: Scenario, answers: RaidSweeps) -> str:
    """Say which architecture the sweeps are judged on, and why; or that none has a shot at the raid."""
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
    return f"Sizes, losses, links, delays and errors are judged on {title}: {why}."


def _left_out(scenario: Scenario, answers: RaidSweeps) -> str:
    """Say which groups of the two raids do not fly against the architecture that is judged; empty where all fly."""
    name = answers.architecture
    rows = {answers.raid: answers.forms[0]}
    rows[answers.sized_raid] = next(row for row in answers.architectures if row.group == name)
    texts = (left_out_sentence(scenario, name, raid, row) for raid, row in rows.items())
    return " ".join(text for text in texts if text)


def _network(answers: RaidSweeps) -> list[str]:
    """Say what latency, lost messages, errors of kill assessment and wrong track association change."""
    found = []
    for form in ("hub_hot", "mesh"):
        found.append(_sweep(answers, answers.latencies, form, f"network latency, {FORM_TITLES[form]}"))
        found.append(_sweep(answers, answers.links, form, f"message delivery probability, {FORM_TITLES[form]}"))
    for group in dict.fromkeys(row.group for row in answers.assessment):
        found.append(_sweep(answers, answers.assessment, group, f"probability of a kill-assessment error, {group}"))
    return [*found, *(_association(answers, form) for form in ("hub_hot", "mesh"))]


def _association(answers: RaidSweeps, form: str) -> str:
    """Say what wrong track association changes."""
    rows = of_group(answers.association, form)
    if len(rows) < 2:
        return ""
    told = "; ".join(
        f"{percent(row.value)}: {shots_per_kill(row)}, "
        f"{format_estimate(row.estimates['track_ambiguity'])} tracks per threat, "
        f"leakage {format_share(row.estimates['leakage'])}"
        for row in (rows[0], *rows[2:])
    )
    last = rows[-1]
    twice = last.estimates["duplicate_shots"]
    many = (twice.mean or 0.0) > 0.05
    return f"Wrong track association, {FORM_TITLES[form]}, by its probability: {told}. " + (
        f"At the last {format_estimate(twice)} duplicate shots per raid: a threat is engaged under each track number."
        if many
        else "Duplicate shots are rare: a second radar holds a threat too late for another engagement, if at all."
    )


def _sizes(scenario: Scenario, answers: RaidSweeps) -> str:
    texts = []
    for group in dict.fromkeys(row.group for row in answers.sizes):
        rows = of_group(answers.sizes, group)
        small, large = rows[0], rows[-1]
        texts.append(
            f"{group} {format_share(small.estimates['leakage'])} of {small.threats} to "
            f"{format_share(large.estimates['leakage'])} of {large.threats}, {shots_and_inventory(large)}"
        )
    title = column_title(scenario, answers.architecture)
    return f"Leakage by number of missiles of the raid “{answers.sized_raid}”, {title}: {'; '.join(texts)}."


def _perfect(scenario: Scenario, answers: RaidSweeps) -> str:
    """Say how much more leaks in the simulation than under the exact assignment."""
    texts = []
    for row in answers.perfect:
        command = row.command
        texts.append(
            f"{column_title(scenario, row.architecture)} {format_share(row.simulated)} of {missiles(row)} as "
            f"simulated, {percent(command.leakage)} with every shot fired at once by the exact assignment, a lower "
            f"bound of {percent(command.leakage_with_looks)} with shoot-look-shoot, a gap of "
            f"{format_points(command.gap)}"
        )
    if not texts:
        return ""
    different = different_raids_sentence(scenario, answers.sized_raid, answers.perfect)
    return (
        f"Perfect command, raid “{answers.sized_raid}”, leakage with the same sites, magazines and kill "
        f"probabilities, every element working and every track known at once: {'; '.join(texts)}. The gap is the joint "
        "effect of availability, delays, missed detections, unsupported intercepts, errors of kill assessment and the "
        f"assignment rule.{different and f' {different}'}"
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
                " The worst time is shortly before the first orders: after an earlier loss the alternate takes over in "
                "time, and after a later one the interceptors already ordered fly."
            )
        texts.append(
            f"Command node lost, {_lost(group)}: leakage {format_share(rows[0].estimates['leakage'])} with nothing "
            f"lost, at worst {format_share(worst.estimates['leakage'])} ({worst.label}), {told}; "
            f"{shots_and_inventory(worst)}.{more}"
        )
    return texts


def _saved(rows: Sequence[Row], waiting: Sequence[Row]) -> str:
    """Say when falling back lowers the leakage most, compared with waiting for orders."""
    by_label = {row.label: row for row in waiting}
    pairs = [(row, by_label[row.label]) for row in rows[1:] if row.label in by_label]
    if not pairs:
        return ""
    fights, waits = max(pairs, key=lambda pair: _leaks(pair[1]) - _leaks(pair[0]))
    if _leaks(fights) >= _leaks(waits):
        return f" Falling back after {FALLBACK_S:g} s lowers the leakage at none of these times."
    return (
        f" Falling back after {FALLBACK_S:g} s lowers the leakage most when the node is {fights.label}: "
        f"{format_share(fights.estimates['leakage'])} against {format_share(waits.estimates['leakage'])} with "
        "batteries that wait for orders. A battery alone engages no more than its own radars detect."
    )


def _cut_off(scenario: Scenario, answers: RaidSweeps) -> str:
    """Say what leaks after the loss of a link: of the hub, of the worst radar and battery, and in a mesh."""
    hub, mesh = of_group(answers.cut_off, "hub"), of_group(answers.cut_off, "mesh")
    if len(hub) < 2 or len(mesh) < 2:
        return ""
    whole, node = hub[0], hub[1].label
    batteries = {row.label for row in mesh[1:]}
    alone = {row.label.removesuffix(FALLS_BACK): row for row in hub if row.label.endswith(FALLS_BACK)}
    texts = [f"link of the node {_cost_of(hub[1])}"]
    if node in alone:
        texts.append(f"the same, batteries falling back after {FALLBACK_S:g} s of silence {_cost_of(alone[node])}")
    for kind, rows in (
        ("radar", [row for row in hub[2:] if row.label not in batteries and not row.label.endswith(FALLS_BACK)]),
        ("battery", [row for row in hub if row.label in batteries]),
    ):
        if rows:
            worst = max(rows, key=_leaks)
            title = link_title(scenario, worst.label)
            texts.append(f"worst link of a {kind}, {title}, {_cost_of(worst)}")
            if worst.label in alone:
                texts.append(f"the same, the battery falling back {_cost_of(alone[worst.label])}")
    worst = max(mesh[1:], key=_leaks)
    before, after = (format_share(row.estimates["leakage"]) for row in (whole, mesh[0]))
    return (
        f"Links lost {CUT_S} s after the first launch, a hub without alternate: leakage {before} with nothing lost; "
        f"{'; '.join(texts)}. In a mesh, {after} with nothing lost, link of {link_title(scenario, worst.label)} "
        f"{_cost_of(worst)}. Batteries that do not hear each other may fire duplicate shots at the same threat."
    )


def _leaks(row: Row) -> float:
    return row.estimates["leakage"].mean or 0.0


def _cost_of(row: Row) -> str:
    """Return leakage, shots per kill and duplicate shots of a setting."""
    twice = format_estimate(row.estimates["duplicate_shots"], 2)
    return f"{format_share(row.estimates['leakage'])}, {shots_per_kill(row)}, {twice} duplicate shots per raid"


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
        clear = "" if differs_from_zero(difference) or more == NO_DIFFERENCE else ", not significant at 95 %"
        told = f" From {first.label} to {last.label}: {more}{clear}; {shots_and_inventory(last)}."
    means = [row.estimates["leakage"].mean or 0.0 for row in chosen]
    early = chosen[means.index(min(means))]
    sooner = early.difference["leakage"] if early not in (first, last) and early.difference else None
    several = any(load.batteries > 1 for load in answers.loads if load.architecture == answers.architecture)
    if rows is answers.decisions and sooner is not None and differs_from_zero(sooner):
        why = ": an order given at once goes to the battery that is best on the first track alone" if several else ""
        told += f" At {early.label} leakage is lower than at {first.label}, {format_difference(sooner)}{why}."
    return f"Leakage by {title}: {'; '.join(parts)}.{told}"
