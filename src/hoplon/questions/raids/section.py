"""How the defence holds under a raid, on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.presentation.raid_wording import raid_command
from hoplon.questions.question import Commands, FigureRef, FindingList, Prose, Section, TableRef

if TYPE_CHECKING:
    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.questions.study import Study

_METHOD = (
    "A Monte Carlo of the command and control as events: who sees, reports, decides, orders and fires, with failures "
    "at given times. Leakage never stands alone: it is read with the shots a kill and the interceptors left. Settings "
    "of one comparison face the same luck, so that their differences are narrower than their own intervals."
)
_LIMITS = (
    "A loss of the node in command is judged at the times shown after the first launch. The drop with few missiles in "
    "the figure of sizes is one of aims: the first missile flies to the first aim. No tracks of what is not there; "
    "every missile is worth the same."
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
            FigureRef("raid-sizes", "Size of the raid"),
            FigureRef("raid-losses", "Command lost"),
            FigureRef("raid-cut-off", "Links lost"),
            FigureRef("raid-decision", "Consultation"),
            FigureRef("raid-network", "Links and assessment"),
            TableRef("perfect_command", folded=True, turned=True, optional=True),
            TableRef("raids", folded=True, optional=True),
            Prose(_LIMITS, note=True),
            Commands(lines),
        )
    )
