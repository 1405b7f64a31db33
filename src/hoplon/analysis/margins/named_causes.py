"""Why the hardest flight to a place is not met, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.analysis.engagement import engagement
from hoplon.intercept.obstacle import OBSTACLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hoplon.analysis.engagement import BatteryAnswer
    from hoplon.scenario.model import Level, Scenario


def cause_in_words(
    scenario: Scenario, architecture: str, area: str, aim_deg: tuple[float, float], threat: str, level: Level = "base"
) -> str:
    """Return why no battery meets the flights of a class from an area to a place: the battery that comes nearest, why.

    Parameters
    ----------
    scenario : Scenario
    architecture, area, threat : str
        Names in the scenario.
    aim_deg : tuple of float
        Latitude and longitude [deg].
    level : {"low", "base", "high"}
        Of the disputed inputs.

    Returns
    -------
    str
        ``deveselu: no radar that may support it follows the flight at the moment of intercept, 540 to 560 s; ...``;
        of the first loft that is not met; "" where every one is.
    """
    first = scenario.threats[threat].from_
    year = None if first is None else round(float(first))  # judged against classes that come after the architecture too
    for loft in scenario.threats[threat].lofts_deg:
        found = engagement(scenario, architecture, area, aim_deg, threat, float(loft), year=year, level=level)
        if found.reachable and not found.defended:
            return nearest_in_words(found.batteries)
    return ""


def nearest_in_words(batteries: Mapping[str, BatteryAnswer]) -> str:
    """Return why the battery that comes nearest to a shot has none, after its name."""
    if not batteries:
        return "no battery"
    name = max(batteries, key=lambda name: _nearness(batteries[name]))
    return f"{name}: {batteries[name].explanation}"


def _nearness(battery: BatteryAnswer) -> tuple[int, float]:
    """Return how near a battery comes to a shot: the obstacle hardest to mend first, then its time margin."""
    obstacle = OBSTACLES.index(battery.cause) if battery.cause in OBSTACLES else len(OBSTACLES)
    return obstacle, -float("inf") if battery.margin_s is None else battery.margin_s
