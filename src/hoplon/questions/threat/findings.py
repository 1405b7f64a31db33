"""Sentences on who is within reach of what, from when, and with what warning."""

from __future__ import annotations

from collections.abc import Sequence

from hoplon.analysis.coverage import headline_nations
from hoplon.analysis.tally import class_title, first_year
from hoplon.analysis.threat import ThreatAssessment, ThreatReach
from hoplon.presentation.wording import listed, minutes, nation, nations
from hoplon.questions.question import Finding
from hoplon.questions.study import Study


def findings(study: Study, answer: ThreatAssessment) -> list[Finding]:
    """Return how many nations are within reach from which year, who never is, and the shortest warning."""
    scenario = study.scenario
    counted = headline_nations(scenario, None)
    since = {code: answer.first_within_reach(code) for code in counted}
    years = sorted({first_year(scenario, name) for name in scenario.threats} - {float("-inf")})
    steps = []
    for year in years:
        reached = [code for code, first in since.items() if first is not None and first <= year]
        if reached:
            steps.append((int(year), reached))
    found: list[Finding] = []
    if steps:
        grown = [step for place, step in enumerate(steps) if place == 0 or len(step[1]) > len(steps[place - 1][1])]
        words = [f"{len(reached)} of {len(counted)} from {year}" for year, reached in grown]
        text = (
            f"Of the nations of {study.region} (today's members), {listed(words)} lie at least in part within reach "
            "of some class."
        )
        numbers = {f"nations_in_reach_{year}": float(len(reached)) for year, reached in grown}
        found.append(Finding("Q1", text, numbers, lead=True))
    never = [code for code, first in since.items() if first is None]
    if never:
        text = f"No class of the scenario reaches {nations(never)}."
        found.append(Finding("Q1", text, {"never": float(len(never))}, lead=True))
    shortest = _shortest_warning(answer, counted)
    if shortest is not None:
        code, name, reach = shortest
        area = scenario.launch_areas[reach.launch_area].title or reach.launch_area
        text = (
            f"The shortest warning is {minutes(reach.warning_s or 0.0)}, at {reach.place} ({nation(code)}), "
            f"against {class_title(scenario, name)} from {area}; the flight takes {minutes(reach.flight_time_s)}."
        )
        numbers = {"warning_s": reach.warning_s or 0.0, "flight_time_s": reach.flight_time_s}
        found.append(Finding("Q1", text, numbers, lead=True))
    return found


def _shortest_warning(answer: ThreatAssessment, codes: Sequence[str]) -> tuple[str, str, ThreatReach] | None:
    """Return nation, class and flight of the shortest warning; None if nobody is warned."""
    warned = [
        (reach.warning_s, code, name, reach)
        for code in codes
        for name, reach in answer.reach.get(code, {}).items()
        if reach.warning_s is not None
    ]
    if not warned:
        return None
    _, code, name, reach = min(warned, key=lambda item: item[:3])
    return code, name, reach
