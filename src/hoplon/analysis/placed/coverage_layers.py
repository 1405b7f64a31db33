"""A coverage as layers of a map: points with the verdict of each class, nations, launch areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from hoplon.analysis.coverage import CAUSES, Coverage
from hoplon.analysis.footprints.outline import nation_outlines
from hoplon.analysis.placed.sites import column_names, finite_or_none
from hoplon.analysis.records import FeatureLayer, PlacedRow
from hoplon.analysis.tally import DEFENDED, columns, states
from hoplon.scenario.geography import country_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.analysis.coverage import Summary
    from hoplon.analysis.margins.places import PointMargins
    from hoplon.scenario.model import Level, Scenario

CLASS_KINDS: Final = {
    "threatened": bool,
    "defended": bool,
    "shots_min": int,
    "margin_s": float,
    "margin_km": float,
    "cause": str,
}


def class_columns(
    base: Coverage, levels: Mapping[Level, Coverage], threats: Sequence[str], margins: PointMargins | None
) -> list[dict[str, Any]]:
    """Return, for each point, what stands beside its row against the classes together.

    Parameters
    ----------
    base : Coverage
        Of the level that the row is about.
    levels : mapping of str to Coverage
        The others give ``defended_low`` and ``defended_high``.
    threats : sequence of str
        The classes that count together.
    margins : PointMargins or None
        Where causes were asked for.

    Returns
    -------
    list of dict
        ``kind``, ``area_km2``, then a column for each class: ``threatened_``, ``defended_``, ``shots_min_`` and, with
        margins, ``margin_s_``, ``margin_km_`` and ``cause_``, each with the name of the class; None where it does not
        reach the point.
    """
    rows: list[dict[str, Any]] = [
        {"kind": str(kind), "area_km2": float(area)}
        for kind, area in zip(base.points.kind, base.points.area_km2, strict=True)
    ]
    for level, coverage in levels.items():
        if level != base.level:
            held = states(coverage, threats) == DEFENDED
            for row, value in zip(rows, held.tolist(), strict=True):
                row[f"defended_{level}"] = value
    for place, (name, ending) in enumerate(column_names(base.threats).items()):
        threatened = base.threatened[:, place].tolist()
        defended, shots = base.defended[:, place].tolist(), base.shots_min[:, place].tolist()
        for row, reached, held, many in zip(rows, threatened, defended, shots, strict=True):
            row[f"threatened_{ending}"] = reached
            row[f"defended_{ending}"] = held if reached else None
            row[f"shots_min_{ending}"] = many if reached else None
        if margins is not None:
            column = margins.threats.index(name)
            seconds, kilometres = margins.seconds[:, column].tolist(), margins.kilometres[:, column].tolist()
            causes = base.cause[:, place].tolist()
            for row, time, distance, cause in zip(rows, seconds, kilometres, causes, strict=True):
                row[f"margin_s_{ending}"] = finite_or_none(time)
                row[f"margin_km_{ending}"] = finite_or_none(distance)
                row[f"cause_{ending}"] = CAUSES[cause] or None
    return rows


def point_kinds(threats: Sequence[str]) -> dict[str, type]:
    """Return the types of the columns of points that may hold nothing."""
    kinds: dict[str, type] = {"hardest_area": str, "hardest_threat": str, **CLASS_KINDS}
    for ending in column_names(threats).values():
        kinds |= {f"{name}_{ending}": kind for name, kind in CLASS_KINDS.items()}
    return kinds


def nation_layer(sums: Mapping[Level, Summary], first: Level) -> FeatureLayer:
    """Return the outline of each nation with its shares at each level, and the people threatened and defended."""
    nations = [code for code in sums[first].nations if code]
    outlines, titles = nation_outlines(tuple(nations)), country_names()
    rows: list[PlacedRow] = []
    for code in nations:
        found = sums[first].nations[code]
        row: dict[str, Any] = {"nation": code, "title": titles.get(code, code)}
        for level, sum_ in sums.items():
            row[f"population_share_{level}"] = sum_.nations[code].population_share
            row[f"area_share_{level}"] = sum_.nations[code].area_share
        row["threatened_population"] = found.threatened_population
        row["defended_population"] = found.defended_population
        rows.append((outlines.get(code), row))
    kinds: dict[str, type] = {f"{name}_{level}": float for level in sums for name in ("population_share", "area_share")}
    return FeatureLayer("nations", "Nations", rows, kinds)


def undefended_from(coverage: Coverage, threats: Sequence[str], nations: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    """Return which points are undefended by the launch area of the hardest flight at them, shape (n,), by launch area.

    The hardest flight of a class is the one with the fewest shots. A point that several classes leave undefended from
    several areas counts under each of these.
    """
    chosen = columns(coverage, threats)
    counted = np.isin(coverage.points.nation, nations)
    undefended = coverage.threatened[:, chosen] & ~coverage.defended[:, chosen] & counted[:, None]
    hardest = coverage.hardest[:, chosen]
    return {name: (undefended & (hardest == place)).any(axis=1) for place, name in enumerate(coverage.areas)}


def launch_area_layer(
    scenario: Scenario, coverage: Coverage, threats: Sequence[str], nations: Sequence[str]
) -> FeatureLayer:
    """Return each launch area with the people and land that its flights leave undefended (:func:`undefended_from`)."""
    points = coverage.points
    rows: list[PlacedRow] = []
    for name, there in undefended_from(coverage, threats, nations).items():
        area = scenario.launch_areas[name]
        row = {
            "name": name,
            "title": area.title or name,
            "unmet": bool(there.any()),
            "undefended_population": float(points.population[there].sum()),
            "undefended_points": int(there.sum()),
            "undefended_area_km2": float(points.area_km2[there].sum()),
        }
        rows.append((shapely.Point(area.at.longitude_deg, area.at.latitude_deg), row))
    return FeatureLayer("launch_areas", "Launch areas, with what their flights leave undefended", rows)
