"""The road map says nothing of its own: its numbers are those of the other questions."""

from __future__ import annotations

from hoplon.questions.question import Finding
from hoplon.questions.road_map.answer import RoadMap
from hoplon.questions.study import Study


def findings(_study: Study, _answer: RoadMap) -> list[Finding]:
    """Return no sentence."""
    return []
