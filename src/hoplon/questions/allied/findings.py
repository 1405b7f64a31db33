"""Sentences of question 9."""

from __future__ import annotations

from hoplon.analysis.architectures import sentence_title
from hoplon.presentation.wording import addition_sentences
from hoplon.questions.allied.answer import ContributionsAnswer
from hoplon.questions.question import Finding
from hoplon.questions.study import Study


def findings(study: Study, answer: ContributionsAnswer) -> list[Finding]:
    """Return what contributions change, with base values and at the worse bounds of the disputed inputs."""
    titles = {name: sentence_title(study.scenario, name) for name in answer.steps}
    told = addition_sentences("the Allied contributions", answer.steps, titles)
    return [Finding("Q9", text, gains) for text, gains in told]
