"""Figures of question 9."""

from __future__ import annotations

from hoplon.questions.allied.answer import ContributionsAnswer
from hoplon.questions.question import FigureSpec
from hoplon.questions.study import Study


def figures(study: Study, answer: ContributionsAnswer) -> tuple[FigureSpec, ...]:
    """Return the figures of the question."""
    return ()
