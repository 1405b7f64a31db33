"""Figures of raids: leakage beside shots per kill and inventory, with intervals."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hoplon.analysis.architectures import column_title
from hoplon.analysis.raid.runs import of_group
from hoplon.analysis.raid.sweeps import CUT_S, FALLBACK_S
from hoplon.presentation.charts.command_causes import cause_bars
from hoplon.presentation.charts.estimates import dot_panels, estimates_picture, line_panel, line_panels, series_key
from hoplon.presentation.estimates import format_estimate, format_points, format_share
from hoplon.presentation.picture import Picture, new_figure
from hoplon.presentation.raid_wording import (
    CAUSE_TITLES,
    FORM_TITLES,
    bounded_leakage,
    defence_and_raid,
    link_title,
    missiles,
    shots_per_kill,
)
from hoplon.presentation.wording import percent
from hoplon.questions.question import FigureSpec

if TYPE_CHECKING:
    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario


def figures(study: Study, answer: RaidSweeps) -> tuple[FigureSpec, ...]:
    """Return the figures of the sweeps that have settings."""
    every = (
        ("raid-doctrines", answer.doctrines, doctrines_figure),
        ("raid-sizes", answer.sizes, sizes_figure),
        ("raid-command-causes", () if answer.causes is None else answer.causes.causes, causes_figure),
        ("raid-losses", answer.losses, losses_figure),
        ("raid-cut-off", answer.cut_off, cut_off_figure),
        ("raid-decision", answer.decisions, decision_figure),
        ("raid-network", answer.latencies, network_figure),
    )
    return tuple(
        FigureSpec(name, "figures", partial(draw, study.scenario, answer)) for name, rows, draw in every if rows
    )


def doctrines_figure(scenario: Scenario, answers: RaidSweeps) -> Picture:
    """Draw leakage, shots per kill and inventory of each doctrine against both raids."""
    rows = answers.doctrines
    groups = [(group, f"“{group}”") for group in dict.fromkeys(row.group for row in rows)]
    labels = [(label, label) for label in dict.fromkeys(row.label for row in rows)]
    figure = new_figure(10.5, 1.6 + 0.27 * (len(rows) + 1.25 * len(groups)))
    dot_panels(figure, rows, groups, labels)
    firsts = "; ".join(
        f"{missiles(next(row for row in rows if row.group == group))} of {name}" for group, name in groups
    )
    heads = (
        "Leakage, shots per kill and inventory by shot doctrine",
        f"{column_title(scenario, answers.architecture)} against {firsts}; tick: magazine",
    )
    words = "; ".join(f"“{row.group}”, {row.label}: {bounded_leakage(row)} leak, {shots_per_kill(row)}" for row in rows)
    return estimates_picture(figure, "raid-doctrines", heads, scenario, answers, f"Dots with intervals. {words}.")


def causes_figure(scenario: Scenario, answers: RaidSweeps) -> Picture:
    """Draw what each cause adds to the leakage under perfect command: bars of Shapley values, first-out and last-in."""
    causes = answers.causes
    assert causes is not None
    names = [CAUSE_TITLES[cost.cause] for cost in causes.causes]
    figure = new_figure(10.5, 2.0 + 0.34 * (len(names) + 1))
    cause_bars(figure, [*names, "rule of assignment, and what the bound leaves open"], causes)
    heads = (
        "What each cause adds to the leakage under perfect command",
        f"{column_title(scenario, answers.architecture)} against {missiles(causes)} of “{causes.raid}”: "
        f"{percent(causes.least)} under perfect command, {format_share(causes.simulated)} as simulated",
    )
    words = "; ".join(
        f"{name}: {format_points(cost.shapley)} on average over every order"
        for name, cost in zip(names, causes.causes, strict=True)
    )
    more = (
        f"Bars of points of leakage. {words}; remainder: {format_points(causes.remainder)}; what leaks in all is above."
    )
    many = f"{causes.replications} replications per combination of causes"
    return estimates_picture(figure, "raid-command-causes", heads, scenario, answers, more, many, bounds=False)


def sizes_figure(scenario: Scenario, answers: RaidSweeps) -> Picture:
    """Draw leakage and inventory against the size of the raid."""
    names = list(dict.fromkeys(row.group for row in answers.sizes))
    figure = new_figure(10.5, 4.3)
    line_panels(figure, answers.sizes, "missiles of the raid", names, 0.95, 2.35)
    series_key(figure, names, (0.05, 0.22), 5)
    heads = (
        "Leakage against the size of the raid",
        f"{column_title(scenario, answers.architecture)}; mix of aims, classes and launch areas, and duration, of "
        f"“{answers.sized_raid}”, from one missile to {answers.sizes[-1].threats}",
    )
    words = "; ".join(
        f"{row.group}, {row.threats} missiles: {format_share(row.estimates['leakage'])} leak" for row in answers.sizes
    )
    return estimates_picture(figure, "raid-sizes", heads, scenario, answers, f"Lines with intervals. {words}.")


def losses_figure(scenario: Scenario, answers: RaidSweeps) -> Picture:
    """Draw leakage against the time at which the command node is lost."""
    names = {row.group: FORM_TITLES[row.group] for row in answers.losses}
    figure = new_figure(10.5, 4.3)
    line_panels(figure, answers.losses, "command node lost, s after the first launch", list(names), 0.95, 2.35)
    series_key(figure, list(names.values()), (0.05, 0.22), 5)
    heads = (
        "Loss of the command node",
        f"{defence_and_raid(scenario, answers)}; with regional nodes the first of them is lost, in a mesh the first "
        f"battery with its own; fallback after {FALLBACK_S:g} s",
    )
    words = "; ".join(
        f"{FORM_TITLES[row.group]}, {row.label}: {format_share(row.estimates['leakage'])} leak"
        for row in answers.losses
    )
    words = f"Lines with intervals. {words}."
    return estimates_picture(figure, "raid-losses", heads, scenario, answers, words, bounds=False)


def cut_off_figure(scenario: Scenario, answers: RaidSweeps) -> Picture:
    """Draw leakage after the loss of each link, with and without fallback of batteries."""
    rows = answers.cut_off
    hub = [row.label for row in of_group(rows, "hub")]
    labels = [(label, link_title(scenario, label)) for label in dict.fromkeys((*hub, *(row.label for row in rows)))]
    groups = [
        (group, f"{FORM_TITLES[group].capitalize()}: lost link") for group in dict.fromkeys(row.group for row in rows)
    ]
    figure = new_figure(10.5, 1.6 + 0.235 * (len(rows) + 1.25 * len(groups)))
    dot_panels(figure, rows, groups, labels)
    heads = (
        "Loss of a link: the element works on, cut off from the network",
        f"{defence_and_raid(scenario, answers)}; lost {CUT_S} s after the first launch, no alternate; fallback after "
        f"{FALLBACK_S:g} s; tick: magazine",
    )
    words = "; ".join(
        f"{FORM_TITLES[row.group]}, {link_title(scenario, row.label)}: {format_share(row.estimates['leakage'])} leak, "
        f"{format_estimate(row.estimates['duplicate_shots'])} duplicate shots"
        for row in rows
    )
    return estimates_picture(figure, "raid-cut-off", heads, scenario, answers, f"Dots with intervals. {words}.")


def decision_figure(scenario: Scenario, answers: RaidSweeps) -> Picture:
    """Draw leakage against the time to decide and to release."""
    rows = answers.decisions
    names = {row.group: FORM_TITLES[row.group] for row in rows}
    figure = new_figure(10.5, 4.1)
    line_panels(figure, rows, "time to decide and to release, s", list(names), 0.75, 2.35)
    heads = (
        "Leakage against consultation time",
        f"{column_title(scenario, answers.architecture)} against {missiles(rows[0])} of “{answers.raid}”, "
        f"{next(iter(names.values()))}; from a firm track to the order",
    )
    words = "; ".join(f"{row.label}: {format_share(row.estimates['leakage'])} leak" for row in rows)
    return estimates_picture(figure, "raid-decision", heads, scenario, answers, f"Line with intervals. {words}.")


def network_figure(scenario: Scenario, answers: RaidSweeps) -> Picture:
    """Draw leakage against latency, lost messages and errors of kill assessment."""
    figure = new_figure(10.5, 7.2)
    forms = {row.group: FORM_TITLES[row.group] for row in answers.latencies}
    errors = {row.group: row.group for row in answers.assessment}
    for column, (measure, title) in enumerate((("leakage", "leakage"), ("shots_per_kill", "shots per kill"))):
        for place, (rows, label, names) in enumerate(
            (
                (answers.latencies, "latency of the network, s", forms),
                (answers.links, "message delivery probability", forms),
                (answers.assessment, "kill-assessment error probability", errors),
            )
        ):
            box = (0.06 + 0.325 * place, (1.05 + 2.85 * (1 - column)) / 7.2, 0.265, 2.15 / 7.2)
            line_panel(figure, rows, label, list(names), box, measure, title, 0 if names is forms else len(forms))
    series_key(figure, list(forms.values()), (0.05, 0.16), 2, size=7.2)
    series_key(figure, list(errors.values()), (0.69, 0.16), 1, len(forms), 7.2)
    heads = (
        "Latency, lost messages and errors of kill assessment",
        f"{defence_and_raid(scenario, answers)}; a lost message is repeated after a second",
    )
    words = "; ".join(
        f"{row.group}, {row.label}: {format_share(row.estimates['leakage'])} leak"
        for row in (*answers.latencies, *answers.links, *answers.assessment)
    )
    return estimates_picture(figure, "raid-network", heads, scenario, answers, f"Lines with intervals. {words}.")
