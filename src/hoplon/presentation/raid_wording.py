"""Titles and phrases of sweeps of raids, for sentences, tables and figures."""

from __future__ import annotations

import shlex
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from hoplon.analysis.architectures import column_title
from hoplon.analysis.raid.sweeps import FALLS_BACK, PerfectRow
from hoplon.analysis.tally import class_title
from hoplon.presentation.estimates import bounded_share, format_estimate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.analysis.raid.command_causes import CommandCauses
    from hoplon.analysis.raid.runs import Row
    from hoplon.analysis.raid.sweeps import AimRow, RaidSweeps
    from hoplon.scenario.model import Scenario

FORM_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "organic": "each battery on its own",
        "hub": "a hub without alternate",
        "hub_fallback": "a hub without alternate, batteries fall back",
        "hub_hot": "a hub with a hot alternate",
        "hub_cold": "a hub with a cold alternate",
        "regional": "regional nodes",
        "mesh": "a mesh",
    }
)
"""Forms of command and control, and of a hub whose batteries fall back to their own radars."""


CAUSE_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "failures": "elements and links that fail",
        "latency": "latency and capacity of links",
        "decision": "time to decide",
        "detection": "missed looks",
        "support": "tracks that end before intercept or look",
        "limits": "launcher rate and track capacity",
        "magazine": "magazines that run short",
        "assessment": "errors of kill assessment",
    }
)
"""Causes of the gap to perfect command (:data:`hoplon.analysis.raid.command_causes.CAUSES`)."""

NOTATION: Final = (
    "Round brackets hold the 95 % interval of sampling, square brackets the bounds of kill probability: every factor "
    "of it (reliability, hit, seeker, divert, discrimination) at its worse and its better bound, with the same draws."
)


def bounded_leakage(row: Row) -> str:
    """Return a leakage with its interval and the bounds of kill probability: ``20 % (18 to 23) [9 to 41]``."""
    return bounded_share(row.estimates["leakage"], None if row.bounds is None else row.bounds["leakage"])


def link_title(scenario: Scenario, label: str) -> str:
    """Return what the row of a lost link is called: by the title of its element."""
    element, falls_back, _ = label.partition(FALLS_BACK)
    record = scenario.elements.get(element)
    return f"{(record and record.title) or element}{falls_back}"


def shots_per_kill(row: Row) -> str:
    """Return the interceptors launched per missile killed."""
    estimate = row.estimates["shots_per_kill"]
    return "no kill" if estimate.mean is None else f"{format_estimate(estimate)} shots per kill"


def shots_and_inventory(row: Row) -> str:
    """Return what goes with a leakage: shots per kill and the interceptors left."""
    left = format_estimate(row.estimates["inventory_left"], 1)
    return f"{shots_per_kill(row)}, {left} of {row.magazine} interceptors left"


def at_the_price(row: Row) -> str:
    """Return what goes with a leakage in short: shots per kill and interceptors left, means alone."""
    kill, left = row.estimates["shots_per_kill"].mean, row.estimates["inventory_left"].mean
    shots = "no kill" if kill is None else f"{kill:.1f} shots per kill"
    return f"{shots}, {left or 0.0:.0f} of {row.magazine} interceptors left"


def missiles(row: Row | PerfectRow | AimRow | CommandCauses) -> str:
    """Return the number of missiles that fly, of how many where some of the raid do not."""
    if row.threats == row.threats_of_raid:
        return f"{row.threats} missile{'' if row.threats == 1 else 's'}"
    return f"{row.threats} of {row.threats_of_raid} missiles"


def groups_left_out(row: Row | PerfectRow) -> str:
    """Return which groups of the raid do not fly, with the reason, as the tables have it; empty for none."""
    return "; ".join(row.groups_left_out)


def flown(row: Row | PerfectRow) -> str:
    """Return how many missiles fly and, where some do not, how many groups of the raid are left out."""
    if not row.groups_left_out:
        return missiles(row)
    number = len(row.groups_left_out)
    return f"{missiles(row)}: {number} {'group does' if number == 1 else 'groups do'} not fly, see the table raids"


def left_out_sentence(scenario: Scenario, architecture: str, raid: str, row: Row) -> str:
    """Return a sentence on the groups of a raid that do not fly against an architecture; empty where all fly."""
    if not row.groups_left_out:
        return ""
    title = column_title(scenario, architecture)
    told = groups_left_out(row)
    for name in sorted(scenario.threats, key=len, reverse=True):
        told = told.replace(f": {name} ", f": {class_title(scenario, name)} ")
    return f"Of the raid “{raid}” {missiles(row)} fly against {title}: {told}."


def different_raids_sentence(scenario: Scenario, raid: str, rows: Sequence[Row | PerfectRow]) -> str:
    """Return a sentence that leakages are not of the same missiles; empty where every architecture faces the same.

    Parameters
    ----------
    scenario : Scenario
    raid : str
    rows : sequence of Row or PerfectRow
        One for each architecture.
    """
    if len({(row.threats, row.groups_left_out) for row in rows}) < 2:
        return ""
    told = "; ".join(f"{column_title(scenario, _architecture(row))} {flown(row)}" for row in rows)
    return (
        f"The architectures do not face the same missiles of the raid “{raid}”, so that a difference of their leakage "
        f"is not one of the defences alone: {told}."
    )


def _architecture(row: Row | PerfectRow) -> str:
    return row.architecture if isinstance(row, PerfectRow) else row.group


def defence_and_raid(scenario: Scenario, answers: RaidSweeps) -> str:
    """Return the architecture that is judged, the raid and its number of missiles."""
    title = column_title(scenario, answers.architecture)
    return f"{title} against {missiles(answers.forms[0])} of “{answers.raid}”"


def raid_command(scenario: Scenario, answers: RaidSweeps, *options: str) -> str:
    """Return the command line that runs the raid of the sweeps with some options."""
    raid = ("raid", scenario.name, "--architecture", answers.architecture, "--raid", answers.raid)
    run = ("--replications", str(answers.replications), "--seed", str(answers.seed))
    return shlex.join(("hoplon", *raid, *options, *run))
