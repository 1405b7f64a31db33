"""Question 12 on the page."""

from __future__ import annotations

import shlex

from hoplon.questions.question import Commands, FigureRef, FindingList, Prose, Section, TableRef
from hoplon.questions.stability.answer import StabilityFound
from hoplon.questions.study import Study

_COLUMNS = (
    *("title", "burnout_speed", "judged_share", "judged_share_low", "judged_share_high"),
    *("kinematic_share", "kinematic_share_low", "kinematic_share_high"),
    *("judged_first_speed_km_s", "kinematic_first_speed_km_s"),
)
_SHOWN = ("title", "trajectory", "stated", "explanation", "judged_least_speed_km_s", "kinematic_least_speed_km_s")


def section(study: Study, answer: StabilityFound) -> Section:
    """Return the section of the page."""
    names = [word for item in answer.answers for word in ("--architecture", item.architecture)]
    return Section(
        (
            FindingList(),
            FigureRef("stability"),
            TableRef(
                "stability",
                columns=_COLUMNS,
                keep=lambda row: row["burnout_speed_km_s"] is None,
                kept="at stated speeds",
            ),
        ),
        (
            FigureRef("stability-map"),
            Prose(
                "Judged: by the architecture's own sensors, doctrine and limits, as any flight is. Kinematic: an "
                "intercept after the threat's burnout and above the interceptor's floor, launched at burnout or later; "
                "no sensor and no doctrine can do more. A speed is given to every interceptor of an architecture, its "
                "burn time and all else kept; the interval at stated speeds moves every burnout speed and the burn "
                "time of the threat to their bounds.",
                note=True,
            ),
            TableRef("stability_trajectories", folded=True, columns=_SHOWN),
            Commands((shlex.join(["hoplon", "stability", study.scenario.name, *names]),)),
        ),
    )
