"""Who is within reach of which class, how that grows, and what is fielded against it (question 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hoplon.analysis.architectures import compared_architectures
from hoplon.analysis.coverage import headline_nations, headline_threats
from hoplon.analysis.tally import DEFENDED, OPEN, states
from hoplon.analysis.threat.growth import PACES, FieldedYear, Pace, first_year_at, threat_growth
from hoplon.questions.requests import CoverageRequest

if TYPE_CHECKING:
    from hoplon.analysis.threat.assessment import ThreatAssessment
    from hoplon.analysis.threat.growth import ThreatYear
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the coverages of the architectures that are fielded one after the other."""
    return [CoverageRequest(name) for name in fielded_in_turn(scenario)]


def fielded_in_turn(scenario: Scenario) -> tuple[str, ...]:
    """Return the plan of the question on waiting, where its architectures are compared and their years rise."""
    named = scenario.questions["Q15"].architectures if "Q15" in scenario.questions else ()
    years = [scenario.architecture(name).year for name in named]
    known = [year for year in years if year is not None]
    rise = len(known) == len(years) and known == sorted(set(known))
    return named if rise and set(named) <= set(compared_architectures(scenario)) else ()


def answer(study: Study) -> ThreatAssessment | None:
    """Return the reach of every class against every nation; None for a scenario without classes or launch areas."""
    scenario = study.scenario
    if not (scenario.threats and scenario.launch_areas):
        return None
    assessed = study.threat
    growth = threat_growth(scenario, assessed.places, assessed.reach, headline_nations(scenario, None))
    fielded = {pace: _fielded(study, growth[pace].years, pace) for pace in PACES} if fielded_in_turn(scenario) else {}
    return replace(assessed, growth=growth, fielded=fielded)


def _fielded(study: Study, years: Sequence[ThreatYear], pace: Pace) -> tuple[FieldedYear, ...]:
    """Return what the plan defends each year against the headline's classes that exist at a pace."""
    scenario, plan = study.scenario, fielded_in_turn(study.scenario)
    begun = {name: scenario.architecture(name).year or 0 for name in plan}
    counted = headline_nations(scenario, begun[plan[-1]])
    shares: dict[tuple[str, tuple[str, ...]], float | None] = {}
    found = []
    for row in years:
        year = row.year
        stood = [name for name in plan if begun[name] <= year]
        classes = tuple(
            name for name in headline_threats(scenario) if first_year_at(scenario.threats[name], pace) <= year
        )
        key = (stood[-1] if stood else "", classes)
        if key not in shares:
            shares[key] = _share(study, stood[-1] if stood else plan[0], classes, counted, stands=bool(stood))
        found.append(FieldedYear(year, stood[-1] if stood else None, shares[key]))
    return tuple(found)


def _share(
    study: Study, architecture: str, classes: tuple[str, ...], counted: Sequence[str], *, stands: bool
) -> float | None:
    """Return the share of the people threatened by some classes that an architecture defends; 0 before it stands."""
    covered = study.coverage(architecture)
    state = states(covered, classes)
    people = np.where(np.isin(covered.points.nation, list(counted)), covered.points.population, 0.0)
    defended, undefended = (float(people[state == wanted].sum()) for wanted in (DEFENDED, OPEN))
    if defended + undefended == 0.0:
        return None
    return defended / (defended + undefended) if stands else 0.0
