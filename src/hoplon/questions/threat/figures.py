"""The map of reach, and the table of warning times in colour."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.architectures import column_title
from hoplon.analysis.tally import first_year, is_projected
from hoplon.analysis.threat.assessment import ThreatAssessment
from hoplon.presentation.charts.growth import first_years_figure, growth_figure
from hoplon.presentation.charts.heat import Heat, warning_table
from hoplon.presentation.maps.raster import Ground
from hoplon.presentation.maps.reach import reach_map
from hoplon.presentation.picture import Picture, source_line
from hoplon.presentation.wording import nation
from hoplon.questions.question import FigureSpec
from hoplon.questions.study import Study
from hoplon.scenario.model import Scenario


def figures(study: Study, answer: ThreatAssessment) -> list[FigureSpec]:
    """Return the map of reach; the warning times too where somebody is within reach."""
    drawn = [FigureSpec("threat-reach", "maps", partial(reach_map, Ground(study.points), study.scenario))]
    if any(answer.reach.values()):
        drawn.append(FigureSpec("threat-warning", "figures", partial(_warning_times, study.scenario, answer)))
    if answer.growth and answer.growth["base"].years:
        drawn.append(FigureSpec("threat-growth", "figures", partial(_growth, study.scenario, answer, study.region)))
    if any(year is not None for growth in answer.growth.values() for year in growth.first_years.values()):
        drawn.append(FigureSpec("threat-first-years", "figures", partial(_first_years, study.scenario, answer)))
    return drawn


def _growth(scenario: Scenario, answer: ThreatAssessment, region: str) -> Picture:
    """Draw the people within reach by year, and the share that the architecture fielded defends."""
    years = np.array([row.year for row in answer.growth["base"].years], dtype=float)
    people: dict[str, NDArray[np.float64]] = {
        pace: np.array([row.population_in_reach for row in growth.years]) for pace, growth in answer.growth.items()
    }
    shares: dict[str, NDArray[np.float64]] = {
        pace: np.array([np.nan if row.share is None else row.share for row in rows])
        for pace, rows in answer.fielded.items()
        if rows
    }
    begun = [
        (first, f"{scenario.threats[name].max_range_km.value:,.0f} km")
        for name in answer.places.reached
        if np.isfinite(first := first_year(scenario, name))
    ]
    begun.sort(key=lambda item: float(item[1].split()[0].replace(",", "")))
    stages: dict[str, int] = {}
    for row in answer.fielded.get("base", ()):
        if row.architecture is not None:
            stages.setdefault(column_title(scenario, row.architecture), row.year)
    heads = (
        f"People of {region} within reach, and what is fielded against it",
        "First years of the classes as stated; band: at their early and late bounds",
    )
    source = source_line(scenario.name, scenario.sha256)
    return growth_figure(years, people, shares, begun, [(year, name) for name, year in stages.items()], heads, source)


def _first_years(scenario: Scenario, answer: ThreatAssessment) -> Picture:
    """Draw the first year within reach of each nation, early to late."""
    early, stated, late = (answer.growth[pace].first_years for pace in ("fast", "base", "slow"))
    rows = [(nation(code), early.get(code), stated.get(code), late.get(code)) for code in answer.reach]
    heads = (
        "First year within reach, by nation",
        "Of any class, as stated; bar: from its early to its late bound; nations out of reach are left out",
    )
    return first_years_figure(rows, heads, source_line(scenario.name, scenario.sha256))


def _warning_times(scenario: Scenario, answer: ThreatAssessment) -> Picture:
    """Draw the warning time of each nation against each class that reaches some nation."""
    reach = answer.reach
    flown = [key for key in scenario.threats if any(key in reach[code] for code in reach)]

    def shortest(code: str) -> float:
        return min((record.flight_time_s for record in reach[code].values()), default=np.inf)

    codes = sorted(reach, key=lambda code: (shortest(code), code))
    values = np.full((len(codes), len(flown)), np.nan)
    notes = {}
    for row, code in enumerate(codes):
        for column, key in enumerate(flown):
            record = reach[code].get(key)
            if record is not None and record.warning_s is not None:
                values[row, column] = record.warning_s
            elif record is not None:
                notes[row, column] = "no alert"
    projected = frozenset(place for place, key in enumerate(flown) if is_projected(scenario, key))
    heads = (
        "Warning time, minutes",
        "Shortest flight to any place of the nation, less satellite alert and its latency; blank: out of reach"
        + ("; hatched: projected class" if projected else ""),
    )
    names = tuple(f"{scenario.threats[key].max_range_km.value:,.0f} km" for key in flown)
    table = Heat(
        tuple(nation(code) for code in codes), names, (("", len(flown)),), values, notes, hatched_columns=projected
    )
    return warning_table(table, heads, source_line(scenario.name, scenario.sha256), "threat-warning")
