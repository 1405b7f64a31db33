"""The section of the page on the threat."""

from __future__ import annotations

import shlex

from hoplon.analysis.threat.assessment import RULE, ThreatAssessment
from hoplon.questions.question import Block, Commands, FigureRef, FindingList, Prose, Section, TableRef
from hoplon.questions.study import Study

_COLUMNS = (
    "title",
    "min_range_km",
    "max_range_km",
    "first_year",
    "first_year_low",
    "first_year_high",
    "burn_time_s",
    "burnout_altitude_km",
    "launch_areas",
)


def section(study: Study, answer: ThreatAssessment) -> Section:
    """Return findings, map of reach, classes; warning times and reach by nation folded."""
    blocks: list[Block] = [FindingList(), FigureRef("threat-reach")]
    if not any(answer.reach.values()):
        blocks.append(Prose("No class reaches any place of any nation: there is no warning time to show."))
    blocks.append(
        TableRef("threat_classes", columns=_COLUMNS, keep=lambda row: row["launch_areas"] != "", kept="those launched")
    )
    more: tuple[Block, ...] = (
        FigureRef("threat-growth"),
        FigureRef("threat-first-years"),
        FigureRef("threat-warning"),
        Prose(RULE, note=True),
        TableRef("threat_reach", folded=True, summary="Reach, flight and warning time by nation and class"),
        *(
            (
                TableRef("threat_growth", folded=True, summary="The threat by year at each pace"),
                TableRef("threat_first_years", folded=True, summary="First year within reach, by nation and pace"),
            )
            if answer.growth
            else ()
        ),
        Commands((shlex.join(("hoplon", "threat", study.scenario.name)),)),
    )
    return Section(tuple(blocks), more)
