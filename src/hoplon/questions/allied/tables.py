"""Tables of question 9."""

from __future__ import annotations

from hoplon.presentation.tables import Table
from hoplon.questions.allied.answer import ContributionsAnswer
from hoplon.questions.study import Study


def tables(study: Study, answer: ContributionsAnswer) -> tuple[Table, ...]:
    """Return the tables of the question."""
    return ()
