"""Question 9 on the page."""

from __future__ import annotations

import shlex

from hoplon.analysis.architectures import contribution_variants
from hoplon.questions.allied.answer import ContributionsAnswer
from hoplon.questions.question import Commands, FindingList, Section
from hoplon.questions.study import Study


def section(study: Study, answer: ContributionsAnswer) -> Section:
    """Return the section of the page."""
    lines = tuple(
        shlex.join(["hoplon", "coverage", study.scenario.name, "--architecture", name])
        for name in contribution_variants(study.scenario)
    )
    return Section((FindingList(), Commands(lines)))
