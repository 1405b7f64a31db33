"""The section of the page with the road map."""

from __future__ import annotations

from hoplon.questions.question import FigureRef, FindingList, Section, TableRef
from hoplon.questions.road_map.answer import RoadMap
from hoplon.questions.study import Study


def section(_study: Study, _answer: RoadMap) -> Section:
    """Return findings, figure and events; inactive elements folded."""
    return Section(
        (
            FindingList(),
            FigureRef("road-map"),
            TableRef("milestones", optional=True, summary="Events and their sources"),
        ),
        (
            TableRef(
                "inactive_elements",
                folded=True,
                optional=True,
                summary="Elements that the year of an architecture leaves out",
            ),
        ),
    )
