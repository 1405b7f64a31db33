"""What integration adds, in sentences: coverage, then a raid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.analysis.architectures import column_title, sentence_title
from hoplon.analysis.raid.runs import of_group
from hoplon.presentation.estimates import format_estimate, format_share
from hoplon.presentation.raid_wording import (
    FORM_TITLES,
    different_raids_sentence,
    flown,
    left_out_sentence,
    missiles,
    shots_and_inventory,
)
from hoplon.presentation.wording import SAME, interval, listed, percent, points
from hoplon.questions.question import Finding
from hoplon.questions.requests import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.backbone.statistics import Estimate
    from hoplon.questions.integration.answer import IntegrationAnswer
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario


def findings(study: Study, answer: IntegrationAnswer) -> tuple[Finding, ...]:
    """Return what integration adds at the level of coverage and, where the scenario has raids, against a raid."""
    raids = () if answer.raids is None else raid_findings(study.scenario, answer.raids)
    return (*coverage_findings(study, answer), *raids)


def coverage_findings(study: Study, answer: IntegrationAnswer) -> tuple[Finding, ...]:
    """Return what systems side by side defend, and what each mode of integration adds to an architecture."""
    compared = (_side_by_side(study, name, peer) for name, peer in answer.networked.items())
    modes = (_modes(study, name, shares) for name, shares in answer.shares.items())
    return tuple(finding for finding in (*compared, *modes) if finding is not None)


def _modes(study: Study, name: str, shares: Mapping[str, float | None]) -> Finding | None:
    """Say what each step of integration adds; None where nobody is threatened."""
    known = [share for share in (shares[mode] for mode in MODES) if share is not None]
    if len(known) < len(MODES):
        return None
    organic, launch, engage = known
    text = (
        f"{sentence_title(study.scenario, name)} with the same sites and interceptors defends {percent(organic)} of "
        f"the threatened people if each battery has its own radars alone, {percent(launch)} if it may launch on the "
        f"tracks of others, and {percent(engage)} if these may also guide the intercept: the first step "
        f"{_adds(organic, launch)}, the second {_adds(launch, engage)}."
    )
    return Finding("Q4", text, dict(zip(MODES, known, strict=True)), lead=True)


def _side_by_side(study: Study, name: str, peer: str | None) -> Finding | None:
    """Compare systems side by side with the networked architecture of the same systems and year."""
    mine = study.people(name)
    if mine is None:
        return None
    text = (
        f"{sentence_title(study.scenario, name)}, not networked: {interval(mine)} of the threatened people of "
        f"{study.region} defended"
    )
    numbers = {"people": mine[1]}
    theirs = None if peer is None else study.people(peer)
    if peer is not None and theirs is not None:
        numbers["networked"] = theirs[1]
        title = sentence_title(study.scenario, peer)
        text += f"; {title}, networked, {interval(theirs)}: {_added(mine[1], theirs[1])}"
    return Finding("Q4", text + ".", numbers, lead=True)


def _added(before: float, after: float) -> str:
    step = after - before
    if abs(step) < SAME:
        return "nothing added"
    return f"{points(step)} {'added' if step > 0 else 'lost'}"


def _adds(before: float, after: float) -> str:
    step = after - before
    if abs(step) < SAME:
        return "adds nothing"
    return f"{'adds' if step > 0 else 'takes away'} {points(step)}"


def raid_findings(scenario: Scenario, raids: RaidSweeps) -> tuple[Finding, ...]:
    """Return leakage by level of integration, by form of command and by aim point, and the load on the network."""
    found = []
    for group in dict.fromkeys(row.group for row in raids.integration):
        rows = of_group(raids.integration, group)
        steps = "; ".join(f"{row.label} {format_share(row.estimates['leakage'])}" for row in rows)
        last = rows[-1]
        text = (
            f"{column_title(scenario, group)}, same sites and interceptors, leakage of the raid “{raids.raid}” "
            f"({flown(last)}): {steps}. With {last.label}: "
            f"{shots_and_inventory(last)}."
        )
        numbers = {"raid_threats": float(last.threats), "threats_of_raid": float(last.threats_of_raid)}
        numbers |= {row.label: float(row.estimates["leakage"].mean or 0.0) for row in rows}
        found.append(Finding("Q4", text, numbers, group, lead=True))
    firsts = {row.group: row for row in reversed(raids.integration)}
    different = different_raids_sentence(scenario, raids.raid, [firsts[group] for group in reversed(firsts)])
    if different:
        found.append(Finding("Q4", different, {row.group: float(row.threats) for row in firsts.values()}))
    numbers = {"raid_threats": float(raids.forms[0].threats)}
    texts = (_forms(scenario, raids), *_loads(scenario, raids), _by_aim(scenario, raids))
    return (*found, *(Finding("Q4", text, numbers) for text in texts))


def _forms(scenario: Scenario, raids: RaidSweeps) -> str:
    """Say what leaks with each form of command and control, and which of them fires twice."""
    rows = raids.forms
    told = listed([f"{FORM_TITLES[row.label]} {format_share(row.estimates['leakage'])}" for row in rows])
    twice = [row for row in rows if (row.estimates["duplicate_shots"].mean or 0.0) > 0.05]
    text = (
        f"Leakage of the raid “{raids.raid}” ({flown(rows[0])}) against "
        f"{column_title(scenario, raids.architecture)} by form of command "
        f"and control, elements at their given availability: {told}; with {FORM_TITLES[rows[-1].label]} "
        f"{shots_and_inventory(rows[-1])}. "
    )
    if twice:
        most = max(twice, key=lambda row: row.estimates["duplicate_shots"].mean or 0.0)
        return text + (
            f"With {FORM_TITLES[most.label]} {format_estimate(most.estimates['duplicate_shots'])} shots per raid are "
            "duplicates, fired while another battery's is in flight: assignment messages arrive late."
        )
    return text + (
        "Duplicate shots are rare: a region claims a threat when it begins to decide, not when it orders, and the "
        "earlier claim holds."
    )


def _loads(scenario: Scenario, raids: RaidSweeps) -> list[str]:
    """Say how many nodes, links and messages each architecture's network has, beside the first one's."""
    if len(raids.loads) < 2:
        return []
    first = raids.loads[0]
    than = column_title(scenario, first.architecture)
    texts = []
    for load in raids.loads[1:]:
        later = f"{format_estimate(load.latency_s, 1)} s"
        latency = f"{later}, unchanged" if _same(load.latency_s, first.latency_s) else later
        texts.append(
            f"Network of {column_title(scenario, load.architecture)}: {load.nodes} {_nodes(load.nodes)} and "
            f"{load.links} links against {first.nodes} and {first.links} in {than}; "
            f"{format_estimate(load.reports_per_second, 1)} radar reports per second against "
            f"{format_estimate(first.reports_per_second, 1)}; "
            f"{format_estimate(load.busiest_second, 0)} messages in the busiest second of the busiest node against "
            f"{format_estimate(first.busiest_second, 0)}; the busiest radar uses {format_share(load.link_use)} of the "
            f"capacity of its link; new-track latency is {latency}."
        )
    return texts


def _nodes(count: int) -> str:
    return "node" if count == 1 else "nodes"


def _same(one: Estimate, other: Estimate) -> bool:
    return one.mean is not None and other.mean is not None and abs(one.mean - other.mean) < 0.1 * other.mean


def _by_aim(scenario: Scenario, raids: RaidSweeps) -> str:
    """Say what leaks at each aim point, and that the simulation prefers none."""
    whole = left_out_sentence(scenario, raids.architecture, raids.raid, raids.forms[0])
    told = listed([f"{row.aim} {format_share(row.leakage)} of {missiles(row)}" for row in raids.aims])
    return (
        "Preferential defence of forces, places or territory does not enter the simulation: every missile counts the "
        "same and is engaged in the order in which its track becomes firm. Leakage by aim point under "
        f"{column_title(scenario, raids.architecture)}: {told}."
        f"{whole and f' {whole}'}"
    )
