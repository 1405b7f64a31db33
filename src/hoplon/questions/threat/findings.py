"""Sentences on who is within reach of what, from when, and with what warning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hoplon.analysis.coverage import headline_nations
from hoplon.analysis.tally import class_title, first_year
from hoplon.analysis.threat.assessment import ThreatAssessment, ThreatReach
from hoplon.analysis.threat.growth import ThreatGrowth
from hoplon.presentation.wording import listed, millions, minutes, nation, nations
from hoplon.questions.question import Finding
from hoplon.questions.study import Study

_STEP: Final = 0.01  # a change of people in reach that is told; assumed


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
    found += growth_findings(answer)
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


def growth_findings(answer: ThreatAssessment) -> list[Finding]:
    """Return how many people come within reach when, and who first; nothing without the growth of the threat."""
    if "base" not in answer.growth or not answer.growth["base"].years:
        return []
    base = answer.growth["base"]
    parts: list[str] = []
    numbers: dict[str, float] = {}
    reached = 0.0
    for row in base.years:
        if row.population_in_reach <= reached * (1.0 + _STEP):
            continue
        reached = row.population_in_reach
        others = {pace: _year_of(answer.growth[pace], reached) for pace in ("fast", "slow") if pace in answer.growth}
        when = [
            f"{'after ' + str(answer.growth['slow'].years[-1].year) if year is None else year} when {pace}"
            for pace, year in others.items()
            if year != row.year
        ]
        parts.append(
            f"{millions(reached)} in {counted(row.nations_in_reach)} from {row.year}"
            + (f" ({', '.join(when)})" if when else "")
        )
        numbers |= {f"population_{row.year}": reached}
        numbers |= {f"{pace}_year": float(year) for pace, year in others.items() if year is not None}
    told = "; ".join(parts)
    text = f"People within reach of some class, first years as stated and in brackets at their bounds: {told}."
    found = [Finding("Q1", text, numbers, lead=True)]
    years = {code: year for code, year in base.first_years.items() if year is not None}
    if years:
        first = min(years.values())
        codes = [code for code, year in years.items() if year == first]
        text = f"First within reach, from {first} on: {nations(codes)}."
        found.append(Finding("Q1", text, {"first_year": float(first), "nations": float(len(codes))}))
    return found


def counted(number: int) -> str:
    """Return a number of nations as text."""
    return "one nation" if number == 1 else f"{number} nations"


def _year_of(growth: ThreatGrowth, people: float) -> int | None:
    """Return the first year in which so many people are within reach, to a per cent; None for none."""
    return next((row.year for row in growth.years if row.population_in_reach >= people * (1.0 - _STEP)), None)


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
