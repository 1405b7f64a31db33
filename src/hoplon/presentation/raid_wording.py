"""Titles and phrases of sweeps of raids, for sentences, tables and figures."""

from __future__ import annotations

import shlex
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from hoplon.analysis.architectures import column_title
from hoplon.analysis.raid.sweeps import FALLS_BACK
from hoplon.presentation.estimates import format_estimate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hoplon.analysis.raid.sweeps import RaidSweeps, Row
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


def defence_and_raid(scenario: Scenario, answers: RaidSweeps) -> str:
    """Return the architecture that is judged, the raid and its number of missiles."""
    title = column_title(scenario, answers.architecture)
    return f"{title} against {answers.forms[0].threats} missiles of “{answers.raid}”"


def raid_command(scenario: Scenario, answers: RaidSweeps, *options: str) -> str:
    """Return the command line that runs the raid of the sweeps with some options."""
    raid = ("raid", scenario.name, "--architecture", answers.architecture, "--raid", answers.raid)
    run = ("--replications", str(answers.replications), "--seed", str(answers.seed))
    return shlex.join(("hoplon", *raid, *options, *run))
