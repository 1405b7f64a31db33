"""The map of reach, and the table of warning times in colour."""

from __future__ import annotations

from functools import partial

import numpy as np

from hoplon.analysis.tally import is_projected
from hoplon.analysis.threat import ThreatAssessment
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
    return drawn


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
