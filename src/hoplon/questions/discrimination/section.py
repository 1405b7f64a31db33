"""The section of question 8 on the page."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from hoplon.analysis.architectures import compared_architectures
from hoplon.questions.discrimination.answer import SHOWN_OBJECTS
from hoplon.questions.question import Block, Commands, FigureRef, FindingList, Prose, Section, TableRef

if TYPE_CHECKING:
    from hoplon.questions.discrimination.answer import WarheadSelection
    from hoplon.questions.study import Study


_COLUMNS = (
    "architecture",
    "threat",
    "launch_area",
    "shots",
    *(f"kill_probability_{source}" for source in ("both", "radars", "seeker", "neither")),
    "radar_discrimination_by_handover",
)


def section(study: Study, answer: WarheadSelection) -> Section:
    """Return the section of question 8."""
    blocks: list[Block] = [
        Prose(
            "One warhead among objects that look alike is selected by the separations d' of the radars that hold it in "
            "track within their discrimination range by handover, and of the interceptor's own seeker. The main shot "
            "at a flight is the architecture's best first shot."
        ),
        FindingList(),
        FigureRef("selection-sources"),
        TableRef("discrimination", folded=True, optional=True),
    ]
    more: list[Block] = [
        FigureRef("selection-objects"),
        FigureRef("kill-chain", "The kill chain"),
        FigureRef("selection-time", "Radar or seeker, and when"),
        FigureRef("selection-map"),
        TableRef("discrimination_by_threat", folded=True, columns=_COLUMNS),
        Prose(
            "Number of objects, separations, seekers, diverts, reliability and hit probability are assumed: swept "
            "inputs, none the value of a real system.",
            note=True,
        ),
    ]
    named = study.named_flight
    if named is not None:
        asked = (*named.options(), "--objects", str(SHOWN_OBJECTS))
        names = compared_architectures(study.scenario)
        lines = (
            shlex.join(["hoplon", "kill-chain", study.scenario.name, "--architecture", name, *asked]) for name in names
        )
        more.append(Commands(tuple(lines)))
    return Section(tuple(blocks), tuple(more))
