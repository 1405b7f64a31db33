"""What a scenario does not hold, so that a study cannot answer: said in words on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hoplon.analysis.architectures import compared_architectures, sentence_title
from hoplon.analysis.tally import is_flown
from hoplon.presentation.wording import listed, nations
from hoplon.questions.question import Question
from hoplon.questions.study import Study


def missing(study: Study, questions: Sequence[Question], asked: Sequence[Question]) -> tuple[str, ...]:
    """Return sentences on what is not there for the report to tell of.

    Parameters
    ----------
    study : Study
    questions : sequence of Question
        Every one.
    asked : sequence of Question
        Those that the study answers.
    """
    return (*_missing_threat(study), *_missing_defence(study), *_not_answered(study, questions, asked))


def _missing_threat(study: Study) -> Iterator[str]:
    scenario = study.scenario
    if not scenario.nations:
        yield "The scenario names no nation: there is nobody to threaten or to defend."
    if not scenario.threats:
        yield "The scenario has no threat class: nobody is threatened."
    elif not any(is_flown(scenario, name) for name in scenario.threats):
        yield "No threat class of the scenario is launched from anywhere: nobody is threatened."
    if not scenario.launch_areas:
        yield "The scenario has no launch area: nobody is threatened."
    if not (scenario.nations and scenario.threats and scenario.launch_areas):
        return
    empty = [code for code in scenario.nations if not (study.points.nation == code).any()]
    if empty:
        yield f"There is no aim point in {nations(empty)}: nothing is counted there."
    if not any(study.threat.reach.values()):
        yield f"No class of the scenario reaches any place of {nations(tuple(scenario.nations))}: nobody is threatened."


def _missing_defence(study: Study) -> Iterator[str]:
    scenario = study.scenario
    if not scenario.architectures:
        yield "The scenario has no architecture: nobody is defended."
        return
    unarmed, unwatched, outside = [], [], []
    for name in compared_architectures(scenario):
        elements = scenario.architecture(name).elements.values()
        title = sentence_title(scenario, name)
        if not any(element.battery is not None for element in elements):
            unarmed.append(title)
        elif not any(element.radar is not None for element in elements):
            unwatched.append(title)
        if scenario.nations and not study.headline_nations(name):
            outside.append(title)
    if unarmed:
        yield f"No battery in {listed(unarmed)}: nobody is defended by it, and no raid is fought."
    if unwatched:
        yield f"No radar in {listed(unwatched)}: nobody is defended by it."
    if outside:
        yield f"The headline counts no nation in the year of {listed(outside)}."


def _not_answered(study: Study, questions: Sequence[Question], asked: Sequence[Question]) -> Iterator[str]:
    left = [question.contents for question in questions if question not in asked]
    if left:
        why = "" if study.scenario.raids else " It has no raid."
        yield f"The scenario gives nothing to answer from: {'; '.join(left)}.{why}"
