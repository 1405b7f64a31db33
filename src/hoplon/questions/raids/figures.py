"""Figures of questions 4 and 14: each leakage over its shots a kill and inventory, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from matplotlib.lines import Line2D

from hoplon.analysis.architectures import column_title
from hoplon.analysis.raid.sweeps import CUT_S, FALLBACK_S
from hoplon.presentation import colours
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture, source_line
from hoplon.presentation.tables import Column, Table
from hoplon.questions.backbone_statements import FORM_WORDS, figure, link_title, of_group, share

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hoplon.analysis.raid.sweeps import RaidSweeps, Row
    from hoplon.scenario.model import Scenario

_MEASURES: Final = (
    ("leakage", "share that leaks"),
    ("shots_per_kill", "shots a kill"),
    ("inventory_left", "interceptors left"),
)
_MARKERS: Final = ("o", "s", "D", "^", "v", "P")
_DASHES: Final = ("-", (0, (6, 2)), (0, (3, 1.5)), (0, (1, 1)), (0, (6, 2, 1, 2)))


def raid_pictures(scenario: Scenario, answers: RaidSweeps | None) -> list[tuple[str, Callable[[], Picture | None]]]:
    """Return the figures of questions 4 and 14 in the order of the page: folder, and what draws each."""
    if answers is None:
        return []
    return [
        ("figures", partial(integration_figure, scenario, answers)),
        ("figures", partial(forms_figure, scenario, answers)),
        ("figures", partial(loads_figure, scenario, answers)),
        ("figures", partial(sizes_figure, scenario, answers)),
        ("figures", partial(losses_figure, scenario, answers)),
        ("figures", partial(cut_off_figure, scenario, answers)),
        ("figures", partial(consultation_figure, scenario, answers)),
        ("figures", partial(network_figure, scenario, answers)),
    ]


def _look(axes: Axes, measure: str, title: str, last: bool, along: str = "x") -> None:
    axes.grid(axis="both" if along == "x" else "x", color="#E4E7EB", lw=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=7.5)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#9AA3AE")
    axes.set_title(title, fontsize=8.6, loc="left", color=colours.INK)
    if measure == "leakage":
        ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
        words = [f"{100 * tick:.0f} %" for tick in ticks]
        if along == "x":
            axes.set_ylim(0.0, 1.03)
            axes.set_yticks(ticks, words)
        else:
            axes.set_xlim(-0.02, 1.03)
            axes.set_xticks(ticks, words)


def _finish(
    figure_: Figure, name: str, heads: tuple[str, str], scenario: Scenario, answers: RaidSweeps, words: str
) -> Picture:
    head(figure_, *heads)
    more = (
        f"seed {answers.seed}, {answers.replications} replications a point, same luck throughout; bars and bands: "
        "95 % intervals"
    )
    foot(figure_, source_line(scenario.name, scenario.sha256, more))
    return picture(figure_, name, heads[0], words)


def _ladders(
    figure_: Figure, rows: Sequence[Row], groups: Sequence[tuple[str, str]], labels: Sequence[tuple[str, str]]
) -> None:
    """Draw a dot with its interval a row, rows stacked by group, a column a measure."""
    height = figure_.get_figheight()
    order = [(group, label) for group, _ in groups for label, _ in labels if _find(rows, group, label) is not None]
    for column, (measure, title) in enumerate(_MEASURES):
        axes = figure_.add_axes((0.27 + 0.245 * column, 0.55 / height, 0.215, (height - 1.55) / height))
        _look(axes, measure, title, False, "y")
        place, ticks = 0.0, []
        for number, (group, name) in enumerate(groups):
            mine = [label for other, label in order if other == group]
            if not mine:
                continue
            if column == 0 and name:
                axes.text(
                    -0.02, place + 0.1, name, transform=axes.get_yaxis_transform(), fontsize=8, weight="bold",
                    ha="right", va="center", color=colours.INK,
                )  # fmt: skip
            place += 0.9 if name else 0.0
            for label in mine:
                row = _find(rows, group, label)
                assert row is not None
                _dot(axes, row, measure, place, number)
                if column == 0:
                    axes.text(
                        -0.02, place, dict(labels)[label], transform=axes.get_yaxis_transform(), fontsize=7.8,
                        ha="right", va="center", color=colours.INK,
                    )  # fmt: skip
                ticks.append(place)
                place += 1.0
            place += 0.35
        axes.set_yticks(ticks, [""] * len(ticks))
        axes.set_ylim(place - 0.3, -0.6)
        if measure == "inventory_left":
            axes.set_xlim(0.0, 1.05 * max(row.magazine for row in rows))
        if measure == "shots_per_kill":
            axes.set_xlim(0.9, max(axes.get_xlim()[1], 2.0))
        axes.grid(axis="y", color="#F1F2F4", lw=0.8)


def _dot(axes: Axes, row: Row, measure: str, place: float, number: int) -> None:
    estimate = row.estimates[measure]
    if estimate.mean is None or estimate.low is None or estimate.high is None:
        axes.text(
            0.03, place, "no kill", transform=axes.get_yaxis_transform(), fontsize=7, va="center", color=colours.QUIET
        )
        return
    colour = colours.SERIES[number % len(colours.SERIES)]
    axes.plot([estimate.low, estimate.high], [place, place], color=colour, lw=2.2, solid_capstyle="butt")
    axes.plot([estimate.mean], [place], "o", ms=4.6, color=colour, mec="white", mew=0.6)
    if measure == "inventory_left":
        axes.plot([row.magazine], [place], "|", ms=8, color=colours.QUIET)


def _find(rows: Sequence[Row], group: str, label: str) -> Row | None:
    return next((row for row in rows if row.group == group and row.label == label), None)


def _titled(scenario: Scenario, rows: Sequence[Row]) -> list[tuple[str, str]]:
    found = []
    for group in dict.fromkeys(row.group for row in rows):
        first = of_group(rows, group)[0]
        year = scenario.architecture(group).year
        found.append(
            (group, f"{column_title(scenario, group)}{'' if year is None else f', {year}'}: {first.threats} missiles")
        )
    return found


def integration_figure(scenario: Scenario, answers: RaidSweeps) -> Picture | None:
    """Draw the steps of integration of each phase."""
    rows = answers.integration
    if not rows:
        return None
    labels = [(row.label, row.label) for row in of_group(rows, rows[0].group)]
    groups = _titled(scenario, rows)
    figure_ = new_figure(10.5, 1.6 + 0.235 * (len(rows) + 1.25 * len(groups)))
    _ladders(figure_, rows, groups, labels)
    heads = (
        "What integration adds against a raid",
        f"Raid “{answers.raid}”, missiles that exist in the year of each plan; same sites and interceptors, national "
        "systems included; tick: magazine",
    )
    words = "; ".join(f"{dict(groups)[row.group]}, {row.label}: {share(row.estimates['leakage'])} leak" for row in rows)
    return _finish(figure_, "raid-integration", heads, scenario, answers, f"Dots with intervals. {words}.")


def _against(scenario: Scenario, answers: RaidSweeps) -> str:
    """Return which defence stands against how many missiles."""
    title = column_title(scenario, answers.architecture)
    return f"{title} against {answers.forms[0].threats} missiles of “{answers.raid}”"


def forms_figure(scenario: Scenario, answers: RaidSweeps) -> Picture | None:
    """Draw the information architectures beside one another, nothing lost, and the plans."""
    if not answers.forms:
        return None
    labels = [(row.label, FORM_WORDS[row.label]) for row in answers.forms]
    figure_ = new_figure(10.5, 1.6 + 0.26 * len(answers.forms))
    _ladders(figure_, answers.forms, [(answers.architecture, "")], labels)
    heads = (
        "Who commands: information architectures of the same defence",
        f"{_against(scenario, answers)}; elements work with their given availability; tick: magazine",
    )
    words = "; ".join(f"{FORM_WORDS[row.label]}: {share(row.estimates['leakage'])} leak" for row in answers.forms)
    return _finish(figure_, "raid-forms", heads, scenario, answers, f"Dots with intervals. {words}.")


def loads_figure(scenario: Scenario, answers: RaidSweeps) -> Picture | None:
    """Draw what each plan's backbone is made of and carries."""
    loads = answers.loads
    if not loads:
        return None
    names = [column_title(scenario, load.architecture) for load in loads]
    panels: list[tuple[str, list[tuple[float, float, float]]]] = [
        ("nodes", [(load.nodes, load.nodes, load.nodes) for load in loads]),
        ("links", [(load.links, load.links, load.links) for load in loads]),
    ]
    for key, title in (
        ("reports_per_second", "radar reports\na second"),
        ("busiest_second", "messages, busiest second\nof the busiest node"),
        ("latency_s", "latency of a\nnew track, s"),
    ):
        values = []
        for load in loads:
            estimate = getattr(load, key)
            mean = estimate.mean or 0.0
            values.append(
                (mean, mean if estimate.low is None else estimate.low, mean if estimate.high is None else estimate.high)
            )
        panels.append((title, values))
    height = 1.75 + 0.3 * len(loads)
    figure_ = new_figure(10.5, height)
    for column, (title, values) in enumerate(panels):
        axes = figure_.add_axes((0.18 + 0.165 * column, 0.5 / height, 0.135, (height - 1.65) / height))
        _look(axes, "", title, False, "y")
        most = max(mean for mean, _, _ in values)
        digits = 0 if all(low == high == round(mean) for mean, low, high in values) else 2 if most < 5.0 else 1
        for place, (mean, low, high) in enumerate(values):
            axes.barh(place, mean, height=0.62, color=colours.SERIES[0], alpha=0.75)
            if high > low:
                axes.plot([low, high], [place, place], color=colours.STATES["open"], lw=2.0)
            axes.text(max(high, mean), place, f" {mean:.{digits}f}", fontsize=7.5, va="center", color=colours.INK)
        axes.set_xlim(0.0, 1.28 * max(max(high for _, _, high in values), 1e-9))
        axes.set_yticks(range(len(names)), names if column == 0 else [""] * len(names), fontsize=8)
        axes.invert_yaxis()
    heads = (
        "What the phases changed for the backbone",
        f"Counted from the wiring and the event logs of the raid “{answers.sized_raid}”, each look of a radar a report",
    )
    words = "; ".join(
        f"{name}: {load.nodes} nodes, {load.links} links, {figure(load.reports_per_second, 1)} reports a second"
        for name, load in zip(names, loads, strict=True)
    )
    return _finish(figure_, "backbone-load", heads, scenario, answers, f"Bars. {words}.")


def _lines(
    figure_: Figure,
    rows: Sequence[Row],
    x_label: str,
    names: dict[str, str],
    box: tuple[float, float, float, float],
    measure: str,
    title: str,
    first: int = 0,
) -> None:
    axes = figure_.add_axes(box)
    _look(axes, measure, title, False)
    for number, group in enumerate(names, start=first):
        mine = [
            row for row in of_group(rows, group) if row.value is not None and row.estimates[measure].mean is not None
        ]
        x = [row.value or 0.0 for row in mine]
        means = [row.estimates[measure].mean or 0.0 for row in mine]
        lows, highs = ([getattr(row.estimates[measure], end) or 0.0 for row in mine] for end in ("low", "high"))
        colour = colours.SERIES[number % len(colours.SERIES)]
        axes.fill_between(x, lows, highs, color=colour, alpha=0.16, lw=0)
        axes.plot(
            x, means, color=colour, ls=_DASHES[number % len(_DASHES)], marker=_MARKERS[number % len(_MARKERS)], ms=3.6,
            lw=2.3 - 0.25 * (number - first),
        )  # fmt: skip
    if measure == "inventory_left":
        axes.set_ylim(0.0, 1.05 * max(row.magazine for row in rows))
    if measure == "shots_per_kill":
        axes.set_ylim(min(1.0, axes.get_ylim()[0]), max(axes.get_ylim()[1], 2.0))
    axes.set_xlabel(x_label, fontsize=7.8, color=colours.INK)


def _three(figure_: Figure, rows: Sequence[Row], x_label: str, names: dict[str, str], top: float, high: float) -> None:
    height = figure_.get_figheight()
    for column, (measure, title) in enumerate(_MEASURES):
        box = (0.06 + 0.325 * column, top / height, 0.265, high / height)
        _lines(figure_, rows, x_label, names, box, measure, title)


def _key(figure_: Figure, names: Sequence[str], bottom: float) -> None:
    handles = [
        Line2D(
            [], [], color=colours.SERIES[n % len(colours.SERIES)], ls=_DASHES[n % len(_DASHES)],
            marker=_MARKERS[n % len(_MARKERS)], ms=4, lw=1.8, label=name,
        )
        for n, name in enumerate(names)
    ]  # fmt: skip
    height = figure_.get_figheight()
    figure_.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.05, bottom / height), ncols=5, fontsize=7.4,
        frameon=False, handlelength=3.4,
    )  # fmt: skip


def sizes_figure(scenario: Scenario, answers: RaidSweeps) -> Picture | None:
    """Draw leakage and inventory against the size of the raid."""
    if not answers.sizes:
        return None
    names = {row.group: row.group for row in answers.sizes}
    figure_ = new_figure(10.5, 4.3)
    _three(figure_, answers.sizes, "missiles of the raid", names, 0.95, 2.35)
    _key(figure_, list(names), 0.22)
    heads = (
        "How the defence holds under larger raids",
        f"{column_title(scenario, answers.architecture)}; the aims of “{answers.sized_raid}” in its own time, from one "
        f"missile to {answers.sizes[-1].threats}",
    )
    words = "; ".join(
        f"{row.group}, {row.threats} missiles: {share(row.estimates['leakage'])} leak" for row in answers.sizes
    )
    return _finish(figure_, "raid-sizes", heads, scenario, answers, f"Lines with intervals. {words}.")


def losses_figure(scenario: Scenario, answers: RaidSweeps) -> Picture | None:
    """Draw leakage against the time at which the node in command is lost."""
    if not answers.losses:
        return None
    names = {row.group: FORM_WORDS[row.group] for row in answers.losses}
    figure_ = new_figure(10.5, 4.3)
    _three(figure_, answers.losses, "node in command lost, s after the first launch", names, 0.95, 2.35)
    _key(figure_, list(names.values()), 0.22)
    heads = (
        "Losing the node in command",
        f"{_against(scenario, answers)}; with regional nodes the first of them is lost, in a mesh the first battery "
        f"with its own; fallback after {FALLBACK_S:g} s",
    )
    words = "; ".join(
        f"{FORM_WORDS[row.group]}, {row.label}: {share(row.estimates['leakage'])} leak" for row in answers.losses
    )
    return _finish(figure_, "raid-losses", heads, scenario, answers, f"Lines with intervals. {words}.")


def cut_off_figure(scenario: Scenario, answers: RaidSweeps) -> Picture | None:
    """Draw what each lost link costs, and what it costs where batteries fall back."""
    rows = answers.cut_off
    if not rows:
        return None
    hub = [row.label for row in of_group(rows, "hub")]
    labels = [(label, link_title(scenario, label)) for label in dict.fromkeys((*hub, *(row.label for row in rows)))]
    groups = [
        (group, f"{FORM_WORDS[group].capitalize()}: lost link") for group in dict.fromkeys(row.group for row in rows)
    ]
    figure_ = new_figure(10.5, 1.6 + 0.235 * (len(rows) + 1.25 * len(groups)))
    _ladders(figure_, rows, groups, labels)
    heads = (
        "Losing a link: the element works on, but nobody hears it and it hears nobody",
        f"{_against(scenario, answers)}; lost {CUT_S} s after the first launch, no alternate; fallback after "
        f"{FALLBACK_S:g} s; tick: magazine",
    )
    words = "; ".join(
        f"{FORM_WORDS[row.group]}, {link_title(scenario, row.label)}: {share(row.estimates['leakage'])} leak, "
        f"{figure(row.estimates['duplicate_shots'])} duplicate shots"
        for row in rows
    )
    return _finish(figure_, "raid-cut-off", heads, scenario, answers, f"Dots with intervals. {words}.")


def consultation_figure(scenario: Scenario, answers: RaidSweeps) -> Picture | None:
    """Draw what consultation time costs."""
    rows = answers.decisions
    if not rows:
        return None
    names = {row.group: FORM_WORDS[row.group] for row in rows}
    figure_ = new_figure(10.5, 4.1)
    _three(figure_, rows, "time to decide and to release, s", names, 0.75, 2.35)
    heads = (
        "What consultation time costs",
        f"{column_title(scenario, answers.architecture)} against {rows[0].threats} missiles of “{answers.raid}”, "
        f"{next(iter(names.values()))}; from a firm track to the order",
    )
    words = "; ".join(f"{row.label}: {share(row.estimates['leakage'])} leak" for row in rows)
    return _finish(figure_, "raid-decision", heads, scenario, answers, f"Line with intervals. {words}.")


def network_figure(scenario: Scenario, answers: RaidSweeps) -> Picture | None:
    """Draw leakage against latency, lost messages and errors of kill assessment."""
    if not answers.latencies:
        return None
    figure_ = new_figure(10.5, 7.2)
    forms = {row.group: FORM_WORDS[row.group] for row in answers.latencies}
    errors = {row.group: row.group for row in answers.assessment}
    for column, (measure, title) in enumerate((("leakage", "share that leaks"), ("shots_per_kill", "shots a kill"))):
        for place, (rows, label, names) in enumerate(
            (
                (answers.latencies, "latency of the network, s", forms),
                (answers.links, "chance that a message gets through", forms),
                (answers.assessment, "errors of kill assessment, share", errors),
            )
        ):
            box = (0.06 + 0.325 * place, (1.05 + 2.85 * (1 - column)) / 7.2, 0.265, 2.15 / 7.2)
            _lines(figure_, rows, label, names, box, measure, title, 0 if names is forms else len(forms))
    height = figure_.get_figheight()
    for left, names, first in ((0.05, forms, 0), (0.69, errors, len(forms))):
        handles = [
            Line2D([], [], color=colours.SERIES[n], ls=_DASHES[n], marker=_MARKERS[n], ms=4, lw=1.8, label=name)
            for n, name in enumerate(names.values(), start=first)
        ]
        figure_.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(left, 0.16 / height), ncols=2 if left < 0.5 else 1,
            fontsize=7.2, frameon=False, handlelength=3.4,
        )  # fmt: skip
    heads = (
        "Slow links, lost messages, wrong assessments",
        f"{_against(scenario, answers)}; a lost message is repeated after a second",
    )
    words = "; ".join(
        f"{row.group}, {row.label}: {share(row.estimates['leakage'])} leak"
        for row in (*answers.latencies, *answers.links, *answers.assessment)
    )
    return _finish(figure_, "raid-network", heads, scenario, answers, f"Lines with intervals. {words}.")


def raid_tables(answers: RaidSweeps | None) -> tuple[Table, ...]:
    """Return the tables of questions 4 and 14: every row, loads, perfect command; empty ones without raids."""
    measures = ("leakage", "p_no_leaker", "shots_per_kill", "shots_per_threat", "inventory_left", "duplicate_shots")
    columns = [Column("comparison", "comparison"), Column("group", "of"), Column("setting", "setting")]
    columns += [Column(key, key, "number") for key in ("threats", "magazine", "replications")]
    for name in measures:
        kind = "share" if name in ("leakage", "p_no_leaker") else "number"
        columns += [
            Column(f"{name}_{end}", f"{name.replace('_', ' ')}, {end}", kind) for end in ("mean", "low", "high")
        ]
    columns += [
        Column(f"leakage_difference_{end}", f"paired difference of leakage, {end}", "difference")
        for end in ("mean", "low", "high")
    ]
    rows = []
    for name, row in answers.every_row() if answers is not None else ():
        cells: list[object] = [name, row.group, row.label, row.threats, row.magazine, row.replications]
        for measure in measures:
            estimate = row.estimates[measure]
            cells += [estimate.mean, estimate.low, estimate.high]
        change = None if row.difference is None else row.difference["leakage"]
        cells += [None] * 3 if change is None else [change.mean, change.low, change.high]
        rows.append(tuple(cells))
    raids = Table("raids", "Raids: leakage, shots and inventory with 95 % intervals", tuple(columns), tuple(rows))
    return raids, _load_table(answers), _perfect_table(answers)


def _load_table(answers: RaidSweeps | None) -> Table:
    counts = ("nodes", "radars", "satellites", "batteries", "links")
    estimates = ("reports_per_second", "busiest_second", "link_use", "latency_s", "messages_per_threat")
    columns = [Column("architecture", "plan"), Column("c2", "command and control")]
    columns += [Column(key, key, "number") for key in counts]
    for name in estimates:
        columns += [
            Column(f"{name}_{end}", f"{name.replace('_', ' ')}, {end}", "number") for end in ("mean", "low", "high")
        ]
    rows = []
    for load in answers.loads if answers is not None else ():
        cells: list[object] = [load.architecture, load.c2, *(getattr(load, key) for key in counts)]
        for name in estimates:
            estimate = getattr(load, name)
            cells += [estimate.mean, estimate.low, estimate.high]
        rows.append(tuple(cells))
    return Table("backbone_load", "What the backbones are made of and carry", tuple(columns), tuple(rows))


def _perfect_table(answers: RaidSweeps | None) -> Table:
    ends = ("mean", "low", "high")
    columns = [Column("architecture", "plan"), Column("threats", "missiles", "number")]
    columns += [Column(f"simulated_{end}", f"leakage as simulated, {end}", "share") for end in ends]
    columns += [
        Column("at_once", "exact assignment, every shot at once", "share"),
        Column("left_open", "left open by the search", "share"),
        Column("with_looks", "least of any command with looks", "share"),
    ]
    columns += [Column(f"gap_{end}", f"gap, {end}", "difference") for end in ends]
    rows = []
    for row in answers.perfect if answers is not None else ():
        command = row.command
        simulated = (row.simulated.mean, row.simulated.low, row.simulated.high)
        exact = (command.leakage, command.left_open, command.leakage_with_looks)
        gap = (command.gap.mean, command.gap.low, command.gap.high)
        rows.append((row.architecture, row.threats, *simulated, *exact, *gap))
    return Table("perfect_command", "Raids under perfect command", tuple(columns), tuple(rows))
