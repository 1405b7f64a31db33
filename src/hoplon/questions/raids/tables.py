"""Tables of raids: every setting of every sweep, and perfect command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.presentation.raid_wording import CAUSE_TITLES, groups_left_out
from hoplon.presentation.tables import Column, Table

if TYPE_CHECKING:
    from hoplon.analysis.raid.command_causes import CommandCauses
    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.questions.study import Study


def tables(study: Study, answer: RaidSweeps) -> tuple[Table, ...]:
    """Return every setting of every sweep, and perfect command architecture by architecture."""
    causes = () if answer.causes is None else (command_causes_table(answer.causes),)
    return settings_table(answer), perfect_command_table(answer), *causes


def settings_table(answers: RaidSweeps) -> Table:
    """Return leakage, shots and inventory of every setting with their 95 % intervals."""
    measures = {
        "leakage": "leakage",
        "p_no_leaker": "probability of no leaker",
        "shots_per_kill": "shots per kill",
        "shots_per_threat": "shots per threat",
        "inventory_left": "interceptors left",
        "duplicate_shots": "duplicate shots per raid",
    }
    columns = [Column("comparison", "comparison"), Column("group", "group"), Column("setting", "setting")]
    columns += [Column(key, key, "number") for key in ("threats", "threats_of_raid")]
    columns += [Column("groups_left_out", "groups of the raid left out")]
    columns += [Column(key, key, "number") for key in ("magazine", "replications")]
    for name, title in measures.items():
        kind = "share" if name in ("leakage", "p_no_leaker") else "number"
        columns += [Column(f"{name}_{end}", f"{title}, {end}", kind) for end in ("mean", "low", "high")]
    columns += [
        Column(f"leakage_bounds_{end}", f"leakage at the bounds of kill probability, {end}", "share")
        for end in ("low", "high")
    ]
    columns += [
        Column(f"leakage_difference_{end}", f"paired difference of leakage, {end}", "difference")
        for end in ("mean", "low", "high")
    ]
    rows = []
    for name, row in answers.every_row():
        cells: list[object] = [name, row.group, row.label, row.threats, row.threats_of_raid, groups_left_out(row)]
        cells += [row.magazine, row.replications]
        for measure in measures:
            estimate = row.estimates[measure]
            cells += [estimate.mean, estimate.low, estimate.high]
        cells += [None] * 2 if row.bounds is None else [row.bounds["leakage"].low, row.bounds["leakage"].high]
        change = None if row.difference is None else row.difference["leakage"]
        cells += [None] * 3 if change is None else [change.mean, change.low, change.high]
        rows.append(tuple(cells))
    return Table("raids", "Raids: leakage, shots and inventory with 95 % intervals", tuple(columns), tuple(rows))


def command_causes_table(causes: CommandCauses) -> Table:
    """Return what each cause adds to the leakage under perfect command; the Shapley values and the rest add up."""
    ends = ("mean", "low", "high")
    columns = [Column("cause", "cause")]
    for key, title in (
        ("shapley", "mean over every order"),
        ("first", "switched off alone"),
        ("last", "switched off last"),
    ):
        columns += [Column(f"{key}_{end}", f"{title}, {end}", "difference") for end in ends]
    rows: list[tuple[object, ...]] = [("leakage under perfect command, ample magazines", causes.least, *[None] * 8)]
    for cost in causes.causes:
        cells = [getattr(estimate, end) for estimate in (cost.shapley, cost.first, cost.last) for end in ends]
        rows.append((CAUSE_TITLES[cost.cause], *cells))
    rest, whole = causes.remainder, causes.simulated
    rows.append(("rule of assignment, and what the bound leaves open", rest.mean, rest.low, rest.high, *[None] * 6))
    rows.append(("leakage as simulated", whole.mean, whole.low, whole.high, *[None] * 6))
    rows.append(("beside it: what the magazines cost perfect command", causes.magazine, *[None] * 8))
    title = f"Gap of the raid “{causes.raid}” to perfect command, by cause"
    return Table("command_causes", title, tuple(columns), tuple(rows))


def perfect_command_table(answers: RaidSweeps) -> Table:
    """Return leakage as simulated and under perfect command, architecture by architecture."""
    ends = ("mean", "low", "high")
    columns = [Column("architecture", "architecture"), Column("threats", "missiles that fly", "number")]
    columns += [Column("threats_of_raid", "missiles of the raid", "number")]
    columns += [Column("groups_left_out", "groups of the raid left out")]
    columns += [Column(f"simulated_{end}", f"leakage as simulated, {end}", "share") for end in ends]
    columns += [
        Column("at_once", "exact assignment, every shot at once", "share"),
        Column("left_open", "optimality gap of the search", "share"),
        Column("with_looks", "lower bound with shoot-look-shoot", "share"),
    ]
    columns += [Column(f"gap_{end}", f"gap to the simulation, {end}", "difference") for end in ends]
    rows = []
    for row in answers.perfect:
        command = row.command
        simulated = (row.simulated.mean, row.simulated.low, row.simulated.high)
        exact = (command.leakage, command.left_open, command.leakage_with_looks)
        gap = (command.gap.mean, command.gap.low, command.gap.high)
        flown = (row.threats, row.threats_of_raid, groups_left_out(row))
        rows.append((row.architecture, *flown, *simulated, *exact, *gap))
    return Table("perfect_command", "Raids under perfect command", tuple(columns), tuple(rows))
