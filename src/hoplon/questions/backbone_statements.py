"""Questions 4 and 14 in sentences, made from the numbers of :mod:`hoplon.analysis.raid.sweeps`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hoplon.analysis.architectures import column_title
from hoplon.analysis.raid.sweeps import CUT_S, FALLBACK_S, FALLS_BACK
from hoplon.presentation.wording import listed, percent
from hoplon.questions.question import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.raid.sweeps import RaidSweeps, Row
    from hoplon.backbone.statistics import Estimate
    from hoplon.scenario.model import Scenario

FORM_WORDS = {
    "organic": "each battery on its own",
    "hub": "one node",
    "hub_fallback": "one node, batteries fall back",
    "hub_hot": "a hub with a hot alternate",
    "hub_cold": "a hub with a cold alternate",
    "regional": "regional nodes",
    "mesh": "a mesh",
}


NO_CHANGE: Final = "no difference"


def share(estimate: Estimate) -> str:
    """Return a share with its interval: ``20 % (18 % to 23 %)``."""
    return f"{percent(estimate.mean)} ({percent(estimate.low)} to {percent(estimate.high)})"


def figure(estimate: Estimate, decimals: int = 2, none: str = "none") -> str:
    """Return a number with its interval, unless it was the same each time; ``none`` where there is none."""
    if estimate.mean is None:
        return none
    if estimate.low is None or estimate.high is None or estimate.low == estimate.high:
        return f"{estimate.mean:.{decimals}f}"
    return f"{estimate.mean:.{decimals}f} ({estimate.low:.{decimals}f} to {estimate.high:.{decimals}f})"


def link_title(scenario: Scenario, label: str) -> str:
    """Return what the row of a lost link is called: by the title of its element."""
    element, falls_back, _ = label.partition(FALLS_BACK)
    record = scenario.elements.get(element)
    return f"{(record and record.title) or element}{falls_back}"


def cost(row: Row) -> str:
    """Return the price that goes with a leakage: shots a kill and what is left."""
    kills = figure(row.estimates["shots_per_kill"], 2, "no")
    return f"{kills} shots a kill, {figure(row.estimates['inventory_left'], 1)} of {row.magazine} interceptors left"


def differs(estimate: Estimate) -> bool:
    """Tell whether a difference is told from nothing at 95 %."""
    return estimate.low is not None and estimate.high is not None and (estimate.low > 0.0 or estimate.high < 0.0)


def change(estimate: Estimate) -> str:
    """Return a paired difference in points with its interval."""
    if estimate.mean is None or estimate.low is None or estimate.high is None:
        return "no difference known"
    if estimate.low == estimate.high == 0.0:
        return NO_CHANGE
    return f"{100 * estimate.mean:+.1f} points ({100 * estimate.low:+.1f} to {100 * estimate.high:+.1f})"


def of_group(rows: Sequence[Row], group: str) -> list[Row]:
    """Return the rows of a group in order."""
    return [row for row in rows if row.group == group]


def backbone_findings(scenario: Scenario, answers: RaidSweeps | None) -> tuple[Finding, ...]:
    """Return the findings of questions 4 (second part) and 14; none without raids."""
    if answers is None:
        return ()
    return (*integration_sentences(scenario, answers), *_stress(scenario, answers))


def integration_sentences(scenario: Scenario, answers: RaidSweeps) -> tuple[Finding, ...]:
    """Return what integration adds against a raid (question 4)."""
    found = []
    for group in dict.fromkeys(row.group for row in answers.integration):
        rows = of_group(answers.integration, group)
        steps = "; ".join(f"{row.label} {share(row.estimates['leakage'])}" for row in rows)
        last = rows[-1]
        text = (
            f"{column_title(scenario, group)}, same sites and interceptors: of {last.threats} missiles of the raid "
            f"“{answers.raid}” that exist by then leak: {steps}. In full {cost(last)}."
        )
        numbers = {"raid_threats": float(last.threats)}
        numbers |= {row.label: float(row.estimates["leakage"].mean or 0.0) for row in rows}
        found.append(Finding("Q4", text, numbers, group))
    raid = {"raid_threats": float(answers.forms[0].threats)}
    found.append(Finding("Q4", _forms(scenario, answers), raid))
    found += [Finding("Q4", text, raid) for text in (*_loads(scenario, answers), _protect(scenario, answers))]
    return tuple(found)


def _forms(scenario: Scenario, answers: RaidSweeps) -> str:
    rows = answers.forms
    told = listed([f"{FORM_WORDS[row.label]} {share(row.estimates['leakage'])}" for row in rows])
    twice = [row for row in rows if (row.estimates["duplicate_shots"].mean or 0.0) > 0.05]
    text = (
        f"With nothing lost but what its availability takes away, {column_title(scenario, answers.architecture)} lets "
        f"through of “{answers.raid}”: {told}; {cost(rows[-1])}. "
    )
    if twice:
        most = max(twice, key=lambda row: row.estimates["duplicate_shots"].mean or 0.0)
        return text + (
            f"{FORM_WORDS[most.label].capitalize()} fire {figure(most.estimates['duplicate_shots'])} shots a raid "
            "while another's is in flight: word of who has taken a threat comes late."
        )
    return text + (
        "Hardly a shot is fired twice: a region claims a threat when it begins to decide, not when it orders, and the "
        "earlier claim stands."
    )


def _loads(scenario: Scenario, answers: RaidSweeps) -> list[str]:
    if len(answers.loads) < 2:
        return []
    first = answers.loads[0]
    than = column_title(scenario, first.architecture)
    texts = []
    for load in answers.loads[1:]:
        later = f"{figure(load.latency_s, 1)} s"
        latency = f"{later}, as before" if _same(load.latency_s, first.latency_s) else later
        texts.append(
            f"{column_title(scenario, load.architecture)}: {load.nodes} nodes and {load.links} links against "
            f"{first.nodes} and {first.links} in {than}; {figure(load.reports_per_second, 1)} radar reports a second "
            f"against {figure(first.reports_per_second, 1)}; {figure(load.busiest_second, 0)} messages in the busiest "
            f"second of the busiest node against {figure(first.busiest_second, 0)}; the busiest radar fills "
            f"{share(load.link_use)} of its link; word of a new track takes {latency}."
        )
    return texts


def _same(one: Estimate, other: Estimate) -> bool:
    return one.mean is not None and other.mean is not None and abs(one.mean - other.mean) < 0.1 * other.mean


def _protect(scenario: Scenario, answers: RaidSweeps) -> str:
    told = listed([f"{row.aim} {share(row.leakage)} of {row.threats}" for row in answers.aims])
    return (
        "Forces, places or territory: the doctrine's choice of what to protect does not enter the simulation, in which "
        "every missile counts the same and is shot at in the order in which its track is firm. What is protected shows "
        f"in what leaks by aim under {column_title(scenario, answers.architecture)}: {told}."
    )


def _stress(scenario: Scenario, answers: RaidSweeps) -> tuple[Finding, ...]:
    found = [_sizes(scenario, answers), _perfect(scenario, answers)]
    found += _losses(answers)
    found += [_cut_off(scenario, answers)]
    found += [_sweep(answers, answers.decisions, "hub_hot", "Time to decide and to release")]
    for form in ("hub_hot", "mesh"):
        found.append(_sweep(answers, answers.latencies, form, f"Latency of the network, {FORM_WORDS[form]}"))
        found.append(_sweep(answers, answers.links, form, f"Chance that a message gets through, {FORM_WORDS[form]}"))
    for group in dict.fromkeys(row.group for row in answers.assessment):
        found.append(_sweep(answers, answers.assessment, group, f"Kill assessment, {group}"))
    found += [_association(answers, form) for form in ("hub_hot", "mesh")]
    costs = {"release_decision_s": answers.decisions[-1].value or 0.0} if answers.decisions else {}
    return tuple(Finding("Q14", text, costs if text.startswith("Time to decide") else {}) for text in found if text)


def _association(answers: RaidSweeps, form: str) -> str:
    """Say what tracks that are not recognised cost."""
    rows = of_group(answers.association, form)
    if len(rows) < 2:
        return ""
    told = "; ".join(
        f"{percent(row.value)} {figure(row.estimates['shots_per_kill'])} shots a kill, "
        f"{figure(row.estimates['track_ambiguity'])} tracks a threat, {share(row.estimates['leakage'])} leak"
        for row in (rows[0], *rows[2:])
    )
    last = rows[-1]
    twice = last.estimates["duplicate_shots"]
    many = (twice.mean or 0.0) > 0.05
    return f"Tracks that a node takes for another object's, {FORM_WORDS[form]}, by the chance of it: {told}. " + (
        f"At the last {figure(twice)} duplicate shots a raid: a threat is engaged under each of its numbers."
        if many
        else "Few shots are doubled: a second radar holds a threat too late for another engagement, if at all."
    )


def _sizes(scenario: Scenario, answers: RaidSweeps) -> str:
    texts = []
    for group in dict.fromkeys(row.group for row in answers.sizes):
        rows = of_group(answers.sizes, group)
        small, large = rows[0], rows[-1]
        texts.append(
            f"{group}: {share(small.estimates['leakage'])} of {small.threats} to "
            f"{share(large.estimates['leakage'])} of {large.threats}, {cost(large)}"
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
            f"{column_title(scenario, row.architecture)} {share(row.simulated)} as simulated, "
            f"{percent(command.leakage)} with every shot fired at once by the exact assignment, no less than "
            f"{percent(command.leakage_with_looks)} with looks, a gap of {points(command.gap)}"
        )
    if not texts:
        return ""
    return (
        f"Perfect command, raid “{answers.sized_raid}”, leakage with the same sites, magazines and chances of a shot, "
        f"every element working and every track known at once: {'; '.join(texts)}. The gap is what availability, "
        "delays, missed looks, unsupported intercepts, errors of assessment and the rule of assignment cost together."
    )


def points(estimate: Estimate) -> str:
    """Return a difference in points with its interval."""
    if estimate.mean is None or estimate.low is None or estimate.high is None:
        return "unknown size"
    low, high = 100 * estimate.low, 100 * estimate.high
    return f"{100 * estimate.mean:.1f} points ({low:.1f} to {high:.1f})"


def _losses(answers: RaidSweeps) -> list[str]:
    texts = []
    for group in dict.fromkeys(row.group for row in answers.losses):
        rows = of_group(answers.losses, group)
        worst = max(rows[1:], key=lambda row: row.estimates["leakage"].mean or 0.0)
        told = change(worst.difference["leakage"]) if worst.difference is not None else ""
        more = ""
        if group == "hub_fallback":
            more = _saved(rows, of_group(answers.losses, "hub"))
        elif group == "hub_cold" and worst is not rows[1]:
            more = (
                " The worst moment is shortly before the first orders: an earlier loss is made up for sooner, and "
                "after a later one what was ordered flies."
            )
        texts.append(
            f"Command lost, {_lost(group)}: leakage {share(rows[0].estimates['leakage'])} whole, at worst "
            f"{share(worst.estimates['leakage'])} ({worst.label}), {told}; {cost(worst)}.{more}"
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
        f"{share(fights.estimates['leakage'])} against {share(waits.estimates['leakage'])} with batteries that wait. "
        "It saves no more than the batteries' own radars show."
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
    before, after = (share(row.estimates["leakage"]) for row in (whole, mesh[0]))
    return (
        f"Links lost {CUT_S} s after the first launch, one node without an alternate: leakage {before} whole; "
        f"{'; '.join(texts)}. In a mesh, {after} whole, that of {link_title(scenario, worst.label)} {_cost_of(worst)}. "
        "Batteries that do not hear each other may fire at one threat: duplicate shots are the price of fighting on."
    )


def _leaks(row: Row) -> float:
    return row.estimates["leakage"].mean or 0.0


def _cost_of(row: Row) -> str:
    """Return leakage, shots a kill and duplicate shots of a setting."""
    twice = figure(row.estimates["duplicate_shots"], 2)
    kills = figure(row.estimates["shots_per_kill"], 2, "no")
    return f"{share(row.estimates['leakage'])}, {kills} shots a kill, {twice} duplicate shots a raid"


def _lost(form: str) -> str:
    """Return what is lost of a form."""
    return "the first battery of a mesh with its node" if form == "mesh" else FORM_WORDS[form]


def _sweep(answers: RaidSweeps, rows: Sequence[Row], group: str, title: str) -> str:
    chosen = of_group(rows, group)
    if len(chosen) < 2:
        return ""
    first, last = chosen[0], chosen[-1]
    parts = [f"{row.label}: {share(row.estimates['leakage'])}" for row in chosen]
    told = ""
    if last.difference is not None:
        more = change(last.difference["leakage"])
        clear = "" if differs(last.difference["leakage"]) or more == NO_CHANGE else ", not told from nothing"
        told = f" From {first.label} to {last.label}: {more}{clear}; {cost(last)}."
    means = [row.estimates["leakage"].mean or 0.0 for row in chosen]
    early = chosen[means.index(min(means))]
    if rows is answers.decisions and early is not first and early.difference and differs(early.difference["leakage"]):
        told += (
            f" At {early.label} fewer leak than at {first.label}, {change(early.difference['leakage'])}: "
            "an order given at once goes to the battery that is best on the first track alone."
        )
    return f"{title}, and leakage: {'; '.join(parts)}.{told}"
