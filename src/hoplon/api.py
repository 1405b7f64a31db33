"""What ``import hoplon`` offers, for notebooks and for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoplon.analysis import trajectory as _trajectory
from hoplon.analysis.coverage import (
    Coverage,
    Summary,
    aim_points,
    headline_nations,
    headline_threats,
    settle,
    summarise,
    threats_in_year,
)
from hoplon.analysis.coverage import coverage as _coverage
from hoplon.analysis.defence import LEVELS
from hoplon.analysis.engagement import Engagement, engagement
from hoplon.analysis.footprint import DefendedArea
from hoplon.analysis.footprint import denied as _denied
from hoplon.analysis.footprint import footprint as _footprint
from hoplon.analysis.store import Store
from hoplon.errors import InputError, UnknownNameError
from hoplon.scenario.given_place import place_of
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import xarray as xr

    from hoplon.analysis.threat import ThreatAssessment
    from hoplon.analysis.trajectory import Trajectory
    from hoplon.presentation.picture import Picture
    from hoplon.progress import Progress
    from hoplon.report.study_folder import StudyReport
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario

STORE = Store()
"""What the calls of this process keep between them."""


def load(path_or_name: str | Path) -> Scenario:
    """Return a scenario from a file, or a bundled one by its name.

    Raises
    ------
    ScenarioError
        With file, line and column.
    """
    return load_scenario(path_or_name)


def _scenario(scenario: Scenario | str | Path) -> Scenario:
    return load_scenario(scenario) if isinstance(scenario, (str, Path)) else scenario


def trajectory(
    launch: tuple[float, float],
    aim: tuple[float, float],
    *,
    burn_time_s: float,
    burnout_altitude_km: float,
    burnout_ground_range_km: float,
    loft_deg: float = 0.0,
    step_s: float = 10.0,
) -> Trajectory:
    """Solve one flight; places are (latitude, longitude) in degrees."""
    return _trajectory.trajectory(
        launch,
        aim,
        burn_time_s=burn_time_s,
        burnout_altitude_km=burnout_altitude_km,
        burnout_ground_range_km=burnout_ground_range_km,
        loft_deg=loft_deg,
        step_s=step_s,
    )


def flyout(
    *,
    burnout_speed_km_s: float,
    burn_time_s: float,
    ground_range_km: float,
    altitude_km: float,
    min_elevation_deg: float = 15.0,
) -> float | None:
    """Return the least fly-out time to a point [s], None when no path reaches it."""
    return _trajectory.flyout(
        burnout_speed_km_s=burnout_speed_km_s,
        burn_time_s=burn_time_s,
        ground_range_km=ground_range_km,
        altitude_km=altitude_km,
        min_elevation_deg=min_elevation_deg,
    )


def engage(
    scenario: Scenario | str | Path,
    architecture: str,
    area: str,
    aim: tuple[float, float],
    threat: str,
    loft_deg: float = 0.0,
    year: int | None = None,
    drag: bool = False,
) -> Engagement:
    """Judge one flight by an architecture and explain the answer; ``aim`` is (latitude, longitude) in degrees.

    With ``drag`` the air slows the flight below 100 km before the batteries that intercept there alone.
    """
    place = place_of("aim", aim)
    return engagement(_scenario(scenario), architecture, area, place, threat, loft_deg, year, drag=drag)


@dataclass(frozen=True, repr=False)
class CoverageAnswer:
    """Coverage of an architecture at one to three levels of the disputed inputs.

    Attributes
    ----------
    scenario : Scenario
    levels : dict
        :class:`hoplon.analysis.coverage.Coverage` by level.
    threats : tuple of str
        Classes that count together in the headline.
    nations : tuple of str
        Nations that count in it.
    """

    scenario: Scenario
    levels: dict[Level, Coverage]
    threats: tuple[str, ...]
    nations: tuple[str, ...]

    @property
    def base(self) -> Coverage:
        """The coverage at the base level, or at the only one there is."""
        return self.levels["base"] if "base" in self.levels else next(iter(self.levels.values()))

    def summary(self, threats: Sequence[str] | None = None, level: Level = "base") -> Summary:
        """Sum up over the headline's nations, against its classes or others."""
        return summarise(self.at(level), self.threats if threats is None else _several(threats), self.nations)

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

    def __repr__(self) -> str:
        """Return what was judged, and the headline."""
        level = "base" if "base" in self.levels else next(iter(self.levels))
        share = self.summary(level=level).population_share
        told = "nobody threatened" if share is None else f"{100 * share:.1f} % of threatened people defended"
        judged = f"{len(self.base.points)} points, {len(self.base.threats)} classes, levels {', '.join(self.levels)}"
        return f"<CoverageAnswer {self.base.architecture} of {self.scenario.name}: {told}; {judged}>"

    def as_frame(self) -> pd.DataFrame:
        """Return one row a nation: population and area shares by level."""
        import pandas as pd

        columns = {}
        for level in self.levels:
            nations = self.summary(level=level).nations
            columns[f"population_share_{level}"] = {code: item.population_share for code, item in nations.items()}
            columns[f"area_share_{level}"] = {code: item.area_share for code, item in nations.items()}
        return pd.DataFrame(columns).rename_axis("nation")

    def as_dataset(self) -> xr.Dataset:
        """Return the judged points as labelled arrays over point, threat and level."""
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
        if explain:
            answer["causes"] = self.causes()
        return answer

    def _levels(self, threats: Sequence[str]) -> dict[str, Any]:
        return {level: self.summary(threats, level).as_json() for level in self.levels}

    def causes(self) -> list[dict[str, Any]]:
        """Return every undefended point and class with its computed cause, base level."""
        return self._rows(only_undefended=True)

    def points_table(self) -> list[dict[str, Any]]:
        """Return a row a point: threatened, defended, shots_min, and the launch area and class hardest to meet."""
        base = self.base
        rows = []
        for index in range(len(base.points)):
            threatened = base.threatened[index]
            row: dict[str, Any] = {
                "name": str(base.points.name[index]),
                "nation": str(base.points.nation[index]),
                "lat": float(base.points.latitude_deg[index]),
                "lon": float(base.points.longitude_deg[index]),
                "population": float(base.points.population[index]),
                "threatened": bool(threatened.any()),
                "defended": bool(threatened.any() and (base.defended[index] | ~threatened).all()),
                "shots_min": None,
                "hardest_area": None,
                "hardest_threat": None,
            }
            if threatened.any():
                kind = min(
                    (kind for kind in range(len(base.threats)) if threatened[kind]),
                    key=lambda kind: base.shots_min[index, kind],
                )
                row["shots_min"] = int(base.shots_min[index, kind])
                row["hardest_area"] = base.areas[base.hardest[index, kind]]
                row["hardest_threat"] = base.threats[kind]
            rows.append(row)
        return rows

    def _rows(self, *, only_undefended: bool) -> list[dict[str, Any]]:
        from hoplon.analysis.coverage import CAUSES

        base = self.base
        undefended = base.threatened & ~base.defended if only_undefended else base.threatened
        return [
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


def coverage(
    scenario: Scenario | str | Path,
    architecture: str,
    *,
    threats: Sequence[str] | str | None = None,
    areas: Sequence[str] | str | None = None,
    points: AimPoints | str | Path | None = None,
    levels: Sequence[Level] | Level = LEVELS,
    year: int | None = None,
    explain: bool = False,
    count: bool = False,
    what_if: bool = True,
) -> CoverageAnswer:
    """Judge the aim points of an architecture.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    architecture : str
    threats, areas : sequence of str or str, optional
        Classes and launch areas; all by default.
    points : AimPoints, path, optional
        Aim points, or a CSV file of them; the populated places and land cells of the scenario's nations by default.
    levels : sequence of {"low", "base", "high"}, or one of them
        Of the three disputed inputs.
    year : int, optional
        Only classes that exist in that year.
    explain : bool
        Compute the cause at undefended points (base level).
    count : bool
        Count every shot of every battery, for ``shots_min``; else shots are counted up to those required.
    what_if : bool
        Keep what each battery does: asked again with one of them moved, or with a subset of them, the answer comes in
        a fraction of a second. False is cheaper for a question that is asked once.
    """
    loaded = _scenario(scenario)
    resolved = loaded.architecture(architecture)
    nations = tuple(loaded.nations)
    everywhere = STORE.get(("aim points", nations), lambda: aim_points(loaded)) if points is None else _points(points)
    present = threats_in_year(loaded, year)
    threats, areas = (None if names is None else _several(names) for names in (threats, areas))
    wanted = [known_name("level", level, LEVELS) for level in _several(levels)]
    if not wanted:
        raise InputError(f"levels: one or more of {', '.join(LEVELS)} were expected")
    levels = [level for level in LEVELS if level in wanted]
    kinds = [name for name in (threats or loaded.threats) if year is None or name in present]
    if not (count or what_if):
        settle(STORE, [(loaded, architecture, level, 1) for level in levels], everywhere, kinds, areas)
    results: dict[Level, Coverage] = {
        level: _coverage(
            STORE,
            loaded,
            architecture,
            everywhere,
            level=level,
            threats=kinds,
            areas=areas,
            explain=explain and level == "base",
            enough=None if count else 1,
            what_if=what_if,
        )
        for level in levels
    }
    judged = next(iter(results.values()))
    headline = tuple(name for name in headline_threats(loaded) if name in judged.threats) or judged.threats
    nations = headline_nations(loaded, resolved.year)
    if points is not None:
        nations = tuple(dict.fromkeys(everywhere.nation.tolist()))
    return CoverageAnswer(loaded, results, headline, nations)


def _several(names: Sequence[str] | str) -> Sequence[str]:
    return (names,) if isinstance(names, str) else names


def _points(points: AimPoints | str | Path) -> AimPoints:
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.points_file import read_points

    if isinstance(points, (str, Path)):
        return read_points(points).points
    if not isinstance(points, AimPoints):
        raise InputError(f"points: AimPoints or the path of a CSV file was expected, got {type(points).__name__}")
    return points


def footprint(scenario: Scenario | str | Path, architecture: str, battery: str, threat: str, area: str) -> DefendedArea:
    """Return the area that one battery defends against a class from a launch area."""
    loaded = _scenario(scenario)
    return _footprint(STORE, loaded, loaded.architecture(architecture), battery, threat, area)


def denied(scenario: Scenario | str | Path, architecture: str, aim: tuple[float, float], threat: str) -> DefendedArea:
    """Return the launch points against which an architecture defends an aim, (latitude, longitude) in degrees."""
    loaded = _scenario(scenario)
    return _denied(STORE, loaded, loaded.architecture(architecture), place_of("aim", aim), threat)


def plot(result: CoverageAnswer, threats: Sequence[str] | str | None = None, level: Level = "base") -> Picture:
    """Draw a coverage on the map of Europe.

    Parameters
    ----------
    result : CoverageAnswer
        From :func:`coverage`.
    threats : sequence of str or str, optional
        Classes counted together; the headline's by default.
    level : {"low", "base", "high"}
        Which of its levels.

    Returns
    -------
    Picture
        ``svg`` and ``png`` bytes; a notebook shows it.
    """
    from hoplon.presentation.maps.single import plot_coverage

    if not isinstance(result, CoverageAnswer):
        raise InputError(f"plot: what coverage() returns was expected, got {type(result).__name__}")
    judged = result.at(level)
    if threats is not None:
        threats = [known_name("class of this coverage", name, judged.threats) for name in _several(threats)]
    return plot_coverage(result.scenario, judged, threats, result.nations)


def threat(scenario: Scenario | str | Path, year: int | None = None) -> ThreatAssessment:
    """Return who is within whose reach, from which year, with what warning."""
    from hoplon.analysis.threat import assess

    return assess(_scenario(scenario), year)


def study(scenario: Scenario | str | Path, folder: str | Path, progress: Progress | None = None) -> StudyReport:
    """Run the whole study of a scenario and write its report to a folder.

    Raises
    ------
    OutputError
        If something cannot be written; the report is written last, whole or not at all.
    """
    from hoplon.progress import silent
    from hoplon.report.study_folder import write_study

    return write_study(_scenario(scenario), Path(folder), silent if progress is None else progress)
