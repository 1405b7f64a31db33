"""Coverage of an architecture at one to three levels of the disputed inputs, with its sums, points and causes."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from hoplon.analysis.coverage import (
    CAUSES,
    Coverage,
    CoverageQuestion,
    Summary,
    aim_points,
    coverage,
    headline_nations,
    headline_threats,
    settle,
    summarise,
    threats_in_year,
)
from hoplon.analysis.defence import LEVELS
from hoplon.analysis.margins.places import PointMargins, finite, large_places, nation_margins, point_margins
from hoplon.analysis.placed.coverage_grid import coverage_arrays
from hoplon.analysis.placed.coverage_layers import class_columns, launch_area_layer, nation_layer, point_kinds
from hoplon.analysis.placed.sites import element_layer, radar_range_layer
from hoplon.analysis.records import Answer, FeatureLayer, PlacedRow, Row, provenance_of, view
from hoplon.analysis.tally import leading_cause
from hoplon.errors import InputError, UnknownNameError
from hoplon.extras import extra
from hoplon.files import no_formula
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import known_name
from hoplon.scenario.people import people_notes
from hoplon.scenario.points_file import COLUMNS, PointsFile, given_points

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    import xarray as xr

    from hoplon.analysis.store import Store
    from hoplon.scenario.model import Level, Scenario


@dataclass(frozen=True, repr=False)
class CoverageAnswer(Answer):
    """Coverage of an architecture at one to three levels of the disputed inputs.

    Attributes
    ----------
    scenario : Scenario
    levels : dict
        :class:`hoplon.analysis.coverage.Coverage` by level.
    threats : tuple of str
        Classes that count together: those that were named, else the headline's.
    nations : tuple of str
        Nations that count in it.
    given : PointsFile or None
        The file of aim points that was judged, if one was.
    notes : tuple of str
        Sentences on nations whose people are not counted region by region in the year asked for.
    margins : PointMargins or None
        Of the base level, where causes were asked for.
    whole : bool
        Whether the points are those of the scenario's nations, and none that were given.
    """

    scenario: Scenario
    levels: dict[Level, Coverage]
    threats: tuple[str, ...]
    nations: tuple[str, ...]
    given: PointsFile | None = None
    notes: tuple[str, ...] = ()
    margins: PointMargins | None = None
    whole: bool = True

    @property
    def counted(self) -> Literal["people", "points"]:
        """What the shares of people count: points where a file of them without a population was judged."""
        return "people" if self.given is None or "population" in self.given.header else "points"

    @property
    def base(self) -> Coverage:
        """The coverage at the base level, or at the only one there is."""
        return self.levels["base"] if "base" in self.levels else next(iter(self.levels.values()))

    def summary(self, threats: Sequence[str] | None = None, level: Level = "base") -> Summary:
        """Sum up over the headline's nations, against the classes that count together or others."""
        return summarise(self.at(level), self.threats if threats is None else several(threats), self.nations)

    def at(self, level: Level) -> Coverage:
        """Return the coverage at a level.

        Raises
        ------
        UnknownNameError
            If it was not judged.
        """
        if level not in self.levels:
            raise UnknownNameError("level of this coverage", str(level), self.levels)
        return self.levels[level]

    def line(self) -> str:
        """Return what was judged, and the headline, in one line."""
        level = "base" if "base" in self.levels else next(iter(self.levels))
        share = self.summary(level=level).population_share
        nobody = "nobody threatened" if self.counted == "people" else "no point threatened"
        told = nobody if share is None else f"{100 * share:.1f} % of threatened {self.counted} defended"
        judged = f"{len(self.base.points)} points, {len(self.base.threats)} classes, levels {', '.join(self.levels)}"
        return f"{self.base.architecture} of {self.scenario.name}: {told}; {judged}"

    def rows(self) -> list[Row]:
        """Return one row a nation: population and area shares by level."""
        rows: dict[str, dict[str, Any]] = {}
        for level in self.levels:
            for code, item in self.summary(level=level).nations.items():
                row = rows.setdefault(code, {"nation": code})
                row[f"population_share_{level}"] = item.population_share
                row[f"area_share_{level}"] = item.area_share
        return list(rows.values())

    def as_frame(self) -> pd.DataFrame:
        """Return one row a nation: population and area shares by level."""
        with extra("frames", "as_frame"):
            import pandas as pd

        shares = [f"{quantity}_share_{level}" for level in self.levels for quantity in ("population", "area")]
        return pd.DataFrame(self.rows(), columns=["nation", *shares]).set_index("nation").astype(float)

    def as_dataset(self) -> xr.Dataset:
        """Return the judged points as labelled arrays over point, threat and level."""
        with extra("netcdf", "as_dataset"):
            import xarray as xr

        points, levels = self.base.points, list(self.levels)
        return xr.Dataset(
            {
                name: (
                    ("level", "point", "threat"),
                    [getattr(self.levels[level], name) for level in levels],
                )
                for name in ("threatened", "defended", "shots_min")
            },
            coords={
                "level": levels,
                "threat": list(self.base.threats),
                "name": ("point", points.name),
                "nation": ("point", points.nation),
                "latitude_deg": ("point", points.latitude_deg),
                "longitude_deg": ("point", points.longitude_deg),
                "population": ("point", points.population),
                "area_km2": ("point", points.area_km2),
            },
            attrs={"scenario": self.scenario.name, "scenario_sha256": self.scenario.sha256},
        )

    def as_json(self, explain: bool = False) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        base = self.base
        present = threats_in_year(self.scenario, base.year)
        answer: dict[str, Any] = {
            "architecture": base.architecture,
            "year": base.year,
            "headline_threats": list(self.threats),
            "headline": self._levels(self.threats),
            "in_year": {
                "threats": [name for name in self.threats if name in present],
                **self._levels([name for name in self.threats if name in present]),
            },
            "all_threats": self._levels(base.threats),
            "by_threat": {name: self._levels([name]) for name in base.threats},
        }
        if self.notes:
            answer["notes"] = list(self.notes)
        if explain:
            answer["causes"] = self.causes()
        if explain and self.margins is not None:
            together = self.margins.together(self.threats)
            nations = nation_margins(base.points, together, self.nations, base.points)
            answer["margins"] = {code: item.as_json() for code, item in nations.items()}
        return answer

    def _levels(self, threats: Sequence[str]) -> dict[str, Any]:
        return {level: self.summary(threats, level).as_json() for level in self.levels}

    def points_table(self) -> list[dict[str, Any]]:
        """Return a row a point, against the classes that count together, as :meth:`summary` does.

        Returns
        -------
        list of dict
            ``name``, ``nation``, ``lat``, ``lon``, ``population`` and the answer's columns: ``threatened``,
            ``defended``, ``shots_min``, and the launch area and class hardest to meet; None where not threatened.
            With margins, ``margin_s`` and ``margin_km`` too; None where there is none.
        """
        base = self.base
        chosen = [kind for kind, name in enumerate(base.threats) if name in self.threats]
        together = None if self.margins is None else self.margins.together(self.threats)
        rows = []
        for index in range(len(base.points)):
            reached = [kind for kind in chosen if base.threatened[index, kind]]
            row: dict[str, Any] = {
                "name": str(base.points.name[index]),
                "nation": str(base.points.nation[index]),
                "lat": float(base.points.latitude_deg[index]),
                "lon": float(base.points.longitude_deg[index]),
                "population": float(base.points.population[index]),
                "threatened": bool(reached),
                "defended": bool(reached) and bool(base.defended[index, reached].all()),
                "shots_min": None,
                "hardest_area": None,
                "hardest_threat": None,
            }
            if together is not None:
                row["margin_s"] = finite(float(together.seconds[index]))
                row["margin_km"] = finite(float(together.kilometres[index]))
            if reached:
                kind = min(reached, key=lambda kind: base.shots_min[index, kind])
                row["shots_min"] = int(base.shots_min[index, kind])
                row["hardest_area"] = base.areas[base.hardest[index, kind]]
                row["hardest_threat"] = base.threats[kind]
            rows.append(row)
        return rows

    def placed_rows(self) -> list[PlacedRow]:
        """Return each point with its row of :meth:`points_table`, its cause, and the verdict of each class.

        ``cause`` is there where causes were asked for; the columns of a class end with its name
        (:func:`hoplon.analysis.placed.coverage_layers.class_columns`).
        """
        rows, points = self.points_table(), self.base.points
        if self.explained:
            causes = leading_cause(self.base, [name for name in self.threats if name in self.base.threats])
            for row, cause in zip(rows, causes, strict=True):
                row["cause"] = CAUSES[cause] or None
        for row, more in zip(rows, class_columns(self.base, self.levels, self.threats, self.margins), strict=True):
            row |= more
        places = np.asarray(shapely.points(points.longitude_deg, points.latitude_deg))
        return list(zip(places, rows, strict=True))

    def provenance(self) -> dict[str, Any]:
        """Return version, scenario and digest; nothing of a coverage is drawn at random."""
        return provenance_of(self.scenario.name, self.scenario.sha256)

    def layers(self) -> Sequence[FeatureLayer]:
        """Return points, nations, launch areas, elements, and the ranges of the radars."""
        base, first = self.base, "base" if "base" in self.levels else next(iter(self.levels))
        architecture = self.scenario.architecture(base.architecture)
        sums = {level: self.summary(level=level) for level in self.levels}
        return (
            FeatureLayer("points", "Places and land cells", self.placed_rows(), point_kinds(base.threats)),
            nation_layer(sums, first),
            launch_area_layer(self.scenario, base, self.threats, self.nations),
            element_layer(architecture.elements),
            radar_range_layer(self.scenario, architecture, base.threats, base.level),
        )

    def gridded(self) -> xr.Dataset:
        """Return points, classes and levels as labelled arrays, and the land on a regular grid."""
        return coverage_arrays(self.levels, self.base, self.threats, self.margins)

    @property
    def explained(self) -> bool:
        """Whether the causes at undefended points were asked for."""
        return self.margins is not None

    def plot(self, threats: Sequence[str] | str | None = None, level: Level = "base", *, ax: Any = None) -> Any:
        """Draw the coverage on the map: :func:`hoplon.plot`."""
        return view("plot")(self, threats, level, ax=ax)

    def points_csv(self) -> str:
        """Return the points with their results as CSV; rows that a user gave keep their cells, formulas made texts.

        Raises
        ------
        InputError
            If the file that was given has columns under the names of the answer's.
        """
        results, given = self.points_table(), self.given
        if given is not None:
            given.refuse_answers()
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        own = () if given is None else given.written_header
        added = [column for column in (results[0] if results else ()) if given is None or column not in COLUMNS]
        writer.writerow([*own, *added])
        for place, result in enumerate(results):
            cells = () if given is None else given.written(place)
            writer.writerow([*cells, *(_csv_cell(result[column]) for column in added)])
        return stream.getvalue()

    def causes(self) -> list[dict[str, Any]]:
        """Return every undefended point and class with its computed cause, base level."""
        base = self.base
        undefended = base.threatened & ~base.defended
        rows = [
            {
                "name": str(base.points.name[point]),
                "nation": str(base.points.nation[point]),
                "lat": float(base.points.latitude_deg[point]),
                "lon": float(base.points.longitude_deg[point]),
                "threat": base.threats[kind],
                "from": base.areas[base.hardest[point, kind]],
                "cause": CAUSES[base.cause[point, kind]],
            }
            for point, kind in zip(*undefended.nonzero(), strict=True)
        ]
        if self.margins is not None:
            for row, point, kind in zip(rows, *undefended.nonzero(), strict=True):
                row["margin_s"] = finite(float(self.margins.seconds[point, kind]))
                row["margin_km"] = finite(float(self.margins.kilometres[point, kind]))
        return rows


def coverage_answer(
    store: Store,
    scenario: Scenario,
    architecture: str,
    *,
    threats: Sequence[str] | str | None = None,
    areas: Sequence[str] | str | None = None,
    points: AimPoints | str | Path | None = None,
    levels: Sequence[Level] | Level = LEVELS,
    year: int | None = None,
    explain: bool = False,
    count: bool = False,
    what_if: bool,
    for_points_csv: bool = False,
) -> CoverageAnswer:
    """Judge the aim points of an architecture; the parameters are those of :func:`hoplon.api.coverage`."""
    nations = tuple(scenario.nations)
    given, everywhere = given_points(points)
    if given is not None and for_points_csv:
        given.refuse_answers()
    notes = people_notes(nations, scenario.population_year) if everywhere is None else ()
    if everywhere is None:
        everywhere = store.get(("aim points", nations, scenario.population_year), lambda: aim_points(scenario))
    present = threats_in_year(scenario, year)
    threats, areas = (None if names is None else several(names) for names in (threats, areas))
    wanted = [known_name("level", level, LEVELS) for level in several(levels)]
    if not wanted:
        raise InputError(f"levels: one or more of {', '.join(LEVELS)} were expected")
    chosen = [level for level in LEVELS if level in wanted]
    kinds = [name for name in (threats or scenario.threats) if year is None or name in present]
    if not (count or what_if):
        asked = [CoverageQuestion(scenario, architecture, level, 1, explain and level == "base") for level in chosen]
        settle(store, asked, everywhere, kinds, areas)
    results: dict[Level, Coverage] = {
        level: coverage(
            store,
            scenario,
            architecture,
            everywhere,
            level=level,
            threats=kinds,
            areas=areas,
            explain=explain and level == "base",
            enough=None if count else 1,
            what_if=what_if,
        )
        for level in chosen
    }
    judged = next(iter(results.values()))
    together, nations = counted(scenario, judged, threats)
    if points is not None:
        nations = tuple(dict.fromkeys(everywhere.nation.tolist()))
        notes += _other_nations(scenario, nations)
    if not judged.threatened.any():
        classes = "none of the classes asked about reaches any place from the launch areas asked about"
        notes += (f"nobody is threatened: {classes}",)
    margins = None
    if explain and "base" in results:
        near = large_places(everywhere) if points is None else None
        margins = point_margins(
            store, scenario, architecture, everywhere, threats=judged.threats, areas=judged.areas, reach=near
        )
    return CoverageAnswer(scenario, results, together, nations, given, notes, margins, points is None)


def counted(
    scenario: Scenario, judged: Coverage, threats: Sequence[str] | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the classes and the nations that the headline of a coverage counts together.

    Those classes that were named, else the headline's; the headline's nations that are members in its year.
    """
    together = judged.threats
    if not threats:
        together = tuple(name for name in headline_threats(scenario) if name in judged.threats) or judged.threats
    return together, headline_nations(scenario, judged.year)


def _other_nations(scenario: Scenario, nations: Sequence[str]) -> tuple[str, ...]:
    """Say which nations of given points are none of the scenario's."""
    others = [code for code in nations if code and code not in scenario.nations]
    if not others:
        return ()
    listed = ", ".join(sorted(others))
    none = "" if len(others) < len([code for code in nations if code]) else ", and no point is in one that is"
    return (f"points in nations that are not the scenario's are judged as the others: {listed}{none}",)


def several(names: Sequence[str] | str) -> Sequence[str]:
    """Return names; one name needs no list."""
    return (names,) if isinstance(names, str) else names


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return no_formula(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
