"""How the defence holds under a raid, on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.presentation.raid_wording import NOTATION, raid_command
from hoplon.questions.question import Commands, FigureRef, FindingList, Prose, Section, TableRef

if TYPE_CHECKING:
    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.questions.study import Study

_METHOD = (
    "A Monte Carlo of the command and control as events: who sees, reports, decides, orders and fires, with failures "
    "at given times. Leakage is always reported with shots per kill and remaining interceptors. Settings of "
    "one comparison use common random numbers, so that intervals of their differences are narrower than their own. "
    f"{NOTATION}"
)
_LIMITS = (
    "The loss of the command node is judged at the times shown after the first launch. Raids of other sizes are drawn "
    "by systematic sampling: each replication holds the mix to within one missile of a group, all of them together "
    "exactly. What a cause of the gap costs depends on which others are switched off already. False tracks are not "
    "modelled; every missile counts the same."
)


_COLUMNS = (
    "comparison",
    "group",
    "setting",
    "threats",
    *(f"leakage_{end}" for end in ("mean", "low", "high", "bounds_low", "bounds_high")),
    "shots_per_kill_mean",
    "inventory_left_mean",
)


_PERFECT = (
    "architecture",
    "threats",
    "threats_of_raid",
    *(f"simulated_{end}" for end in ("mean", "low", "high")),
    "at_once",
    "left_open",
    "with_looks",
    *(f"gap_{end}" for end in ("mean", "low", "high")),
)


def section(study: Study, answer: RaidSweeps) -> Section:
    """Return sizes, losses, decision and network, and the commands that answer parts of them."""
    swept = (("--decision-s", answer.decisions), ("--link-availability", answer.links))
    lines = tuple(
        raid_command(study.scenario, answer, "--c2", row.group, option, f"{row.value:g}")
        for option, rows in swept
        for row in rows
    )
    return Section(
        (
            Prose(_METHOD),
            FindingList(),
            FigureRef("raid-doctrines", "Shot doctrine"),
            FigureRef("raid-sizes", "Size of the raid"),
            FigureRef("raid-command-causes", "Gap to perfect command, by cause"),
            TableRef("perfect_command", turned=True, optional=True, columns=_PERFECT),
        ),
        (
            FigureRef("raid-losses", "Loss of the command node"),
            FigureRef("raid-cut-off", "Loss of links"),
            FigureRef("raid-decision", "Time to decide"),
            FigureRef("raid-network", "Latency, lost messages and kill assessment"),
            TableRef("command_causes", folded=True, optional=True),
            TableRef("raids", folded=True, optional=True, columns=_COLUMNS),
            Prose(_LIMITS, note=True),
            Commands(lines),
        ),
    )
