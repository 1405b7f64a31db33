"""Figures of what integration adds: coverage by mode, leakage by level and by form, the load of the network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from hoplon.analysis.architectures import column_title, contribution_variants, figure_title
from hoplon.analysis.raid.network_load import MEASURED, WATCHED
from hoplon.analysis.raid.runs import of_group
from hoplon.presentation.charts.bars import integration_bars
from hoplon.presentation.charts.estimates import bar_panel, dot_panels, estimates_picture
from hoplon.presentation.estimates import format_estimate, format_share
from hoplon.presentation.picture import Picture, new_figure, source_line
from hoplon.presentation.raid_wording import FORM_TITLES, defence_and_raid, missiles
from hoplon.presentation.wording import capitalised
from hoplon.questions.question import FigureSpec
from hoplon.questions.requests import MODES

if TYPE_CHECKING:
    from hoplon.analysis.raid.runs import Row
    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.backbone.statistics import Estimate
    from hoplon.questions.integration.answer import IntegrationAnswer
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario


def figures(study: Study, answer: IntegrationAnswer) -> tuple[FigureSpec, ...]:
    """Return the figures of coverage by mode and, where the scenario has raids, of the raid."""
    scenario, raids = study.scenario, answer.raids
    under = f"{capitalised(study.region)}, members of each year, {study.classes_title}"
    found = [FigureSpec("integration-levels", "figures", partial(modes_figure, scenario, answer, under))]
    if raids is not None:
        if raids.integration:
            found.append(FigureSpec("raid-integration", "figures", partial(raid_figure, scenario, raids)))
        if raids.forms:
            found.append(FigureSpec("raid-forms", "figures", partial(forms_figure, scenario, raids)))
        if raids.loads:
            found.append(FigureSpec("network-load", "figures", partial(network_load_figure, scenario, raids)))
    return tuple(found)


def modes_figure(scenario: Scenario, answer: IntegrationAnswer, under: str) -> Picture:
    """Draw the coverage of each integrated architecture in every mode.

    Parameters
    ----------
    scenario : Scenario
    answer : IntegrationAnswer
    under : str
        Which people are counted, against which classes.
    """
    names = list(answer.shares)
    modes = {mode: [answer.shares[name][mode] for name in names] for mode in MODES}
    own = [scenario.architecture(name).mode for name in names]
    heads = (
        "What integration adds to coverage",
        f"{under}; share of threatened people defended, same sites and interceptors, base values",
    )
    titles = [figure_title(scenario, name) for name in names]
    return integration_bars(
        titles, modes, own, heads, source_line(scenario.name, scenario.sha256), "integration-levels"
    )


def _titled(scenario: Scenario, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return each architecture with its title and the missiles that it faces."""
    firsts = {row.group: row for row in reversed(rows)}
    return [
        (group, f"{figure_title(scenario, group)}: {missiles(firsts[group])}")
        for group in dict.fromkeys(row.group for row in rows)
    ]


def raid_figure(scenario: Scenario, raids: RaidSweeps) -> Picture:
    """Draw the leakage of a raid at each level of integration of each architecture."""
    rows = raids.integration
    labels = [(row.label, row.label) for row in of_group(rows, rows[0].group)]
    groups = _titled(scenario, rows)
    figure = new_figure(10.5, 1.6 + 0.235 * (len(rows) + 1.25 * len(groups)))
    dot_panels(figure, rows, groups, labels)
    heads = (
        "What integration adds against a raid",
        f"Raid “{raids.raid}”, missiles that exist by the year of each architecture; same sites and interceptors"
        f"{', national systems included' if contribution_variants(scenario) else ''}; tick: magazine",
    )
    words = "; ".join(
        f"{dict(groups)[row.group]}, {row.label}: {format_share(row.estimates['leakage'])} leak" for row in rows
    )
    return estimates_picture(figure, "raid-integration", heads, scenario, raids, f"Dots with intervals. {words}.")


def forms_figure(scenario: Scenario, raids: RaidSweeps) -> Picture:
    """Draw the leakage of a raid with each form of command and control of the same defence, nothing lost."""
    labels = [(row.label, FORM_TITLES[row.label]) for row in raids.forms]
    figure = new_figure(10.5, 1.6 + 0.26 * len(raids.forms))
    dot_panels(figure, raids.forms, [(raids.architecture, "")], labels)
    heads = (
        "Forms of command and control of the same defence",
        f"{defence_and_raid(scenario, raids)}; elements at their given availability; tick: magazine",
    )
    words = "; ".join(f"{FORM_TITLES[row.label]}: {format_share(row.estimates['leakage'])} leak" for row in raids.forms)
    return estimates_picture(figure, "raid-forms", heads, scenario, raids, f"Dots with intervals. {words}.")


def network_load_figure(scenario: Scenario, raids: RaidSweeps) -> Picture:
    """Draw nodes, links, traffic and latency of the network of each architecture."""
    loads = raids.loads
    names = [column_title(scenario, load.architecture) for load in loads]
    panels: list[tuple[str, list[tuple[float, float, float]]]] = [
        ("nodes", [(load.nodes, load.nodes, load.nodes) for load in loads]),
        ("links", [(load.links, load.links, load.links) for load in loads]),
    ]
    for key, title in (
        ("reports_per_second", "radar reports\nper second"),
        ("busiest_second", "messages, busiest second\nof the busiest node"),
        ("latency_s", "latency of a\nnew track, s"),
    ):
        panels.append((title, [_mean_and_interval(getattr(load, key)) for load in loads]))
    height = 1.75 + 0.3 * len(loads)
    figure = new_figure(10.5, height)
    for column, (title, values) in enumerate(panels):
        box = (0.18 + 0.165 * column, 0.5 / height, 0.135, (height - 1.65) / height)
        bar_panel(figure, names if column == 0 else [""] * len(names), box, title, values)
    heads = (
        "Load on the command-and-control network",
        f"Links counted from the wiring, traffic from event logs of the raid “{raids.sized_raid}” with a report per "
        "radar look",
    )
    words = "; ".join(
        f"{name}: {load.nodes} nodes, {load.links} links, {format_estimate(load.reports_per_second, 1)} reports "
        "per second"
        for name, load in zip(names, loads, strict=True)
    )
    many = f"{WATCHED} replications, {MEASURED} for latency"
    return estimates_picture(figure, "network-load", heads, scenario, raids, f"Bars. {words}.", many, bounds=False)


def _mean_and_interval(estimate: Estimate) -> tuple[float, float, float]:
    """Return mean, low and high; an interval that is not known has no width."""
    mean = estimate.mean or 0.0
    return mean, mean if estimate.low is None else estimate.low, mean if estimate.high is None else estimate.high
