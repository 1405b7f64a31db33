"""What question 15 computes: regret and saving of waiting, and the best responses to surprises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hoplon.analysis.adaptivity.answer import AdaptivityAnswer, adaptivity
from hoplon.analysis.robustness.run import ChoiceScope
from hoplon.questions.requests import CoverageRequest

if TYPE_CHECKING:
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario

MARKS: Final = 1024  # of the weighted subset of points


@dataclass(frozen=True)
class AdaptivityFound:
    """The answer, of a weighted subset of points, and how far that is off all of them.

    Attributes
    ----------
    answer : AdaptivityAnswer
    error : float or None
        Share of people that the last architecture of the plan defends against the classes of its year, of the subset
        less of all points; None where nobody is threatened.
    """

    answer: AdaptivityAnswer
    error: float | None


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the coverage of the last architecture of the plan."""
    plan = plan_of_question(scenario)
    return [CoverageRequest(plan[-1])] if plan else ()


def plan_of_question(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures of the scenario's question, where costs say how many years are looked at."""
    asked = scenario.questions.get("Q15")
    return asked.architectures if asked is not None and scenario.costs is not None else ()


def answer(study: Study) -> AdaptivityFound | None:
    """Return the answer; None for a scenario whose question names no plan, or without costs, classes, launch areas."""
    scenario, plan = study.scenario, plan_of_question(study.scenario)
    if not plan or not scenario.threats or not scenario.launch_areas:
        return None
    scope = ChoiceScope(study.points, given=study.given_points, marks=MARKS)
    found = adaptivity(study.store, scenario, plan, scope, progress=study.progress)
    whole = study.count(plan[-1], key="in_year").population_share
    error = None if found.planned is None or whole is None else found.planned - whole
    return AdaptivityFound(found, error)
