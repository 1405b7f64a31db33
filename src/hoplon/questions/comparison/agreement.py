"""Whether a public statement agrees with coverages: at a level, and with one thing changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import headline_nations, headline_threats
from hoplon.analysis.tally import DEFENDED, FULLY_DEFENDED, OPEN, columns, states

if TYPE_CHECKING:
    from hoplon.analysis.coverage import Coverage
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Scenario
    from hoplon.scenario.reporting import Statement, StatementRegion

INSIDE: Final = 0.5  # [1] a region is inside if at least this share of its threatened people is defended; assumed


def architectures_of(statement: Statement) -> tuple[str, ...]:
    """Return the architectures that a statement is about."""
    if statement.more_than is None:
        return (statement.architecture,)
    return statement.architecture, statement.more_than


def in_region(points: AimPoints, region: StatementRegion) -> NDArray[np.bool_]:
    """Return which aim points a region of a statement holds, shape (n,)."""
    inside = np.asarray(points.nation == region.nation)
    if region.east_of_deg is not None:
        inside &= points.longitude_deg >= region.east_of_deg
    if region.west_of_deg is not None:
        inside &= points.longitude_deg <= region.west_of_deg
    if region.north_of_deg is not None:
        inside &= points.latitude_deg >= region.north_of_deg
    if region.south_of_deg is not None:
        inside &= points.latitude_deg <= region.south_of_deg
    return inside


def nations_concerned(scenario: Scenario, statement: Statement) -> tuple[str, ...]:
    """Return the nations whose people a statement is judged by."""
    regions = (*statement.defended, *statement.undefended)
    if regions:
        return tuple(dict.fromkeys(region.nation for region in regions))
    if statement.more_than is not None and statement.scope:
        return statement.scope
    years = [scenario.architecture(name).year for name in architectures_of(statement)]
    counted = [set(headline_nations(scenario, year)) for year in years]
    return tuple(code for code in scenario.nations if all(code in members for members in counted))


def agrees(scenario: Scenario, statement: Statement, coverages: Mapping[str, Coverage]) -> bool | None:
    """Tell whether a statement agrees with the coverages of the architectures that it is about.

    Parameters
    ----------
    scenario : Scenario
    statement : Statement
    coverages : mapping
        Architecture to its coverage of the nations concerned.

    Returns
    -------
    bool or None
        None where nothing threatens those whom it is about.
    """
    mine = coverages[statement.architecture]
    codes = nations_concerned(scenario, statement)
    if statement.defended or statement.undefended:
        told = [(region, True) for region in statement.defended] + [(region, False) for region in statement.undefended]
        shares = [(share_of(scenario, mine, in_region(mine.points, region)), wanted) for region, wanted in told]
        known = [(share >= INSIDE) == wanted for share, wanted in shares if share is not None]
        return all(known) if known else None
    if statement.everyone:
        each = [share_of(scenario, mine, np.asarray(mine.points.nation == code)) for code in codes]
        threatened = [share for share in each if share is not None]
        return all(share >= FULLY_DEFENDED for share in threatened) if threatened else None
    whole = _together(scenario, mine, codes)
    if statement.more_than is not None:
        other = _together(scenario, coverages[statement.more_than], codes)
        return None if whole is None or other is None else whole > other
    return None if whole is None else 0.0 < whole < FULLY_DEFENDED


def _together(scenario: Scenario, coverage: Coverage, codes: Sequence[str]) -> float | None:
    return share_of(scenario, coverage, np.isin(coverage.points.nation, codes))


def share_of(scenario: Scenario, coverage: Coverage, inside: NDArray[np.bool_]) -> float | None:
    """Return the share of some aim points' threatened people who are defended against the headline's classes."""
    threats = headline_threats(scenario)
    if not len(columns(coverage, threats)):
        return None
    state, people = states(coverage, threats)[inside], coverage.points.population[inside]
    defended, undefended = float(people[state == DEFENDED].sum()), float(people[state == OPEN].sum())
    return None if defended + undefended == 0.0 else defended / (defended + undefended)
