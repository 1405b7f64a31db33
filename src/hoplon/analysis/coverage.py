"""Coverage: which people and which land an architecture defends, and why it does not where it does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.defence import defence_of
from hoplon.analysis.fewest_shots import (
    NOT_THREATENED,
    Cells,
    FewestShots,
    JudgedBy,
    fewest_of,
    fewest_shots,
    flights_by_cell,
    kept_fewest,
    settle_cells,
)
from hoplon.analysis.flights import by_loft, flights_key, flown_against, kept_flights
from hoplon.analysis.what_if.bound import what_if_shots
from hoplon.errors import HoplonError, InputError
from hoplon.progress import silent
from hoplon.scenario.geography import EUROPE, NORTH_AMERICA, AimPoints, country_names, land_grid, places
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from hoplon.analysis.flights import Flights
    from hoplon.analysis.store import Store
    from hoplon.defence.assembly import Defence
    from hoplon.progress import Progress
    from hoplon.scenario.model import Level, Scenario

CAUSES: Final = ("", "never_seen", "seen_too_late", "out_of_reach", "too_low", "too_high", "no_support")
HEADLINE_RANGE_KM: Final = 2000.0  # where a scenario names no classes, the headline takes those of this range and more
_MOST_AREAS: Final = int(np.iinfo(np.int16).max)  # of the index of the launch area hardest to meet, and of what is kept
_CAUSE_OF_OBSTACLE: Final = np.array(
    [CAUSES.index(name) for name in ("", "out_of_reach", "too_low", "too_high", "never_seen", "seen_too_late")]
    + [CAUSES.index("no_support")],
    dtype=np.int8,
)


@dataclass(frozen=True)
class Coverage:
    """Which aim points an architecture defends against which classes.

    Attributes
    ----------
    scenario_name, scenario_sha256, architecture, title : str
    year : int or None
        Of the architecture.
    level : {"low", "base", "high"}
        Of the disputed inputs.
    points : AimPoints
        n aim points.
    areas, threats, batteries : tuple of str
    threatened : ndarray, shape (n, threats)
        Whether some launch area reaches the point with the class.
    defended : ndarray, shape (n, threats)
        Whether every flight of the class that reaches the point meets the shots required of one battery.
    shots_min : ndarray, shape (n, threats)
        Fewest shots, by the best battery, over those flights; -1 where not threatened.
    hardest : ndarray, shape (n, threats)
        Index in ``areas`` of the flight with the fewest shots; -1 where not threatened.
    cause : ndarray, shape (n, threats)
        Index in CAUSES; 0 where defended, not threatened, or not asked for.
    method : {"kept", "bound", "full"}
        Whether the answer was known; or only the flights were judged that what is known leaves open
        (:mod:`hoplon.analysis.what_if.bound`); or every flight was.
    why : str
        Why every flight was judged, of a what-if; else "".
    """

    scenario_name: str
    scenario_sha256: str
    architecture: str
    title: str
    year: int | None
    level: Level
    points: AimPoints
    areas: tuple[str, ...]
    threats: tuple[str, ...]
    batteries: tuple[str, ...]
    threatened: NDArray[np.bool_]
    defended: NDArray[np.bool_]
    shots_min: NDArray[np.int16]
    hardest: NDArray[np.int16]
    cause: NDArray[np.int8]
    method: str = "full"
    why: str = ""


@dataclass(frozen=True)
class NationSummary:
    """Share of a nation's threatened people and area that is defended; None where nothing is threatened."""

    population_share: float | None
    threatened_population: float
    defended_population: float
    area_share: float | None


@dataclass(frozen=True)
class Summary:
    """Coverage of some nations against some classes together."""

    population_share: float | None
    area_share: float | None
    threatened_population: float
    defended_population: float
    threatened_area_km2: float
    defended_area_km2: float
    nations: Mapping[str, NationSummary]
    worst_nation: str | None
    gini: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "population_share": self.population_share,
            "area_share": self.area_share,
            "threatened_population": self.threatened_population,
            "defended_population": self.defended_population,
            "threatened_area_km2": self.threatened_area_km2,
            "defended_area_km2": self.defended_area_km2,
            "nations": {
                code: {
                    "population_share": nation.population_share,
                    "threatened_population": nation.threatened_population,
                    "defended_population": nation.defended_population,
                    "area_share": nation.area_share,
                }
                for code, nation in self.nations.items()
            },
            "worst_nation": self.worst_nation,
            "gini": self.gini,
        }


def aim_points(scenario: Scenario) -> AimPoints:
    """Return the populated places and the land cells of every nation of a scenario, whatever its years.

    Raises
    ------
    InputError
        If the package holds neither places nor land of a nation.
    """
    nations = tuple(scenario.nations)
    return places(nations, scenario.population_year).concat(land_grid(nations))


def headline_threats(scenario: Scenario) -> tuple[str, ...]:
    """Return the classes that the headline counts: those that the scenario names, or of 2,000 km and more.

    A class that is launched from nowhere (one of the stability question alone) never counts.
    """
    named = None if scenario.headline is None else scenario.headline.classes
    return tuple(
        name
        for name, threat in scenario.threats.items()
        if threat.launch_areas != ()
        and (float(threat.max_range_km) >= HEADLINE_RANGE_KM if named is None else name in named)
    )


def headline_classes_title(scenario: Scenario) -> str:
    """Return what the classes that the headline counts are called together."""
    headline = scenario.headline
    if headline is not None and headline.classes_title is not None:
        return headline.classes_title
    if headline is not None and headline.classes is not None:
        return "the headline's classes"
    return f"classes of {HEADLINE_RANGE_KM:,.0f} km and more"


def headline_nations(scenario: Scenario, year: int | None) -> tuple[str, ...]:
    """Return the nations that the headline counts and that are members in a year, all of them without a year.

    They are those that the scenario names, or every one; of a scenario of the North Atlantic Treaty alone, with members
    on both sides of the ocean, those in Europe.
    """
    members = scenario.members(year)
    if scenario.headline is not None and scenario.headline.nations is not None:
        return tuple(nation for nation in members if nation in scenario.headline.nations)
    if not set(scenario.nations) <= {*EUROPE, *NORTH_AMERICA}:
        return members
    return tuple(nation for nation in members if nation in EUROPE) or members


def headline_title(scenario: Scenario) -> str:
    """Return what the nations that the headline counts are called together."""
    if scenario.headline is not None and scenario.headline.title is not None:
        return scenario.headline.title
    counted = headline_nations(scenario, None)
    if len(counted) == 1:
        return country_names().get(counted[0], counted[0])
    if len(counted) == len(scenario.nations):
        return "the nations of the scenario"
    named = scenario.headline is not None and scenario.headline.nations is not None
    return "the nations of the headline" if named else "the European nations of the scenario"


def threats_in_year(scenario: Scenario, year: int | None, bound: Level = "base") -> tuple[str, ...]:
    """Return the classes that exist in a year, by their first year at a bound; every class without a year."""
    return tuple(
        name
        for name, threat in scenario.threats.items()
        if year is None or threat.from_ is None or threat.from_.at(bound) <= year
    )


def coverage(
    store: Store,
    scenario: Scenario,
    architecture: str,
    points: AimPoints,
    *,
    level: Level = "base",
    threats: Sequence[str] | None = None,
    areas: Sequence[str] | None = None,
    explain: bool = False,
    enough: int | None = None,
    what_if: bool = False,
    step: float = stages.MAP_STEP,
    sha256: str = "",
) -> Coverage:
    """Judge every aim point of an architecture.

    Parameters
    ----------
    store : Store
        Keeps the stages.
    scenario : Scenario
    architecture : str
    points : AimPoints
    level : {"low", "base", "high"}
        Of the disputed inputs.
    threats, areas : sequence of str, optional
        Classes and launch areas; every one of the scenario by default.
    explain : bool
        Compute the cause at undefended points.
    enough : int, optional
        Count shots only up to this number, or up to the shots required where those are more: several times cheaper,
        and the same points are defended. Every shot is counted by default, battery by battery.
    what_if : bool
        Count up to enough battery by battery and keep that, for questions in which few of them differ; of what is
        moved with its radar, judge only the flights that the rest leaves open.
    step : float
        Node spacing along flights [s].
    sha256 : str
        Digest that the answer carries in place of the scenario's own, which takes longer than some answers.

    Raises
    ------
    UnknownNameError
        If the scenario lacks a name.
    InputError
        If there are more launch areas than can be told apart (32,767).
    """
    resolved = scenario.architecture(architecture)
    defence = defence_of(scenario, resolved, level)
    kinds = _known("threat", threats, scenario.threats)
    origins = _known("launch area", areas, scenario.launch_areas)
    if len(origins) > _MOST_AREAS:
        raise InputError(
            f"{len(origins):,} launch areas were asked about together, and {_MOST_AREAS:,} is the most: "
            "name fewer of them (--from), and ask again for the others"
        )
    flown = flown_against(scenario, resolved)
    required = max(enough or 0, defence.shots_required)
    cells = Cells(flights_key(flown, points, kinds, origins), len(points), kinds, tuple(scenario.threats))
    cause, method, why = np.zeros(cells.shape, dtype=np.int8), "full", ""
    if enough is not None and not (what_if or explain):
        found = _settled(store, flown, points, origins, cells, JudgedBy(defence, required), step)
    else:
        flights = kept_flights(store, flown, points, kinds, origins)
        if enough is None:
            best = stages.shots(store, flights, defence, step).max(axis=0, initial=0)
        elif what_if:
            asked = what_if_shots(store, flights, defence, required, step)
            best, method, why = asked.best, asked.method, asked.why
        else:
            best = stages.most_shots(store, flights, defence, required, step)
        found = fewest_shots(cells, flights_by_cell(store, cells, flights), best)
        if explain:
            cause = _causes(store, flights, defence, best, cells, step)
    threatened = found.fewest != NOT_THREATENED
    return Coverage(
        scenario_name=scenario.name,
        scenario_sha256=sha256 or scenario.sha256,
        architecture=resolved.name,
        title=resolved.title,
        year=resolved.year,
        level=level,
        points=points,
        areas=tuple(origins),
        threats=tuple(kinds),
        batteries=defence.battery_names,
        threatened=threatened,
        defended=threatened & (found.fewest >= defence.shots_required),
        shots_min=found.fewest,
        hardest=found.hardest,
        cause=cause,
        method=method,
        why=why,
    )


def _settled(
    store: Store,
    flown: Scenario,
    points: AimPoints,
    origins: tuple[str, ...],
    cells: Cells,
    asked: JudgedBy,
    step: float,
) -> FewestShots:
    """Return the fewest shots at a flight to each cell, kept or found up to the first flight that is not met."""
    parts = []
    for part in by_loft(flown):
        mine = replace(cells, key=flights_key(part, points, cells.kinds, origins))
        found = kept_fewest(store, mine, asked, step)
        if found is None:
            settle_cells(store, mine, kept_flights(store, part, points, cells.kinds, origins), [asked], step)
            found = kept_fewest(store, mine, asked, step)
        assert found is not None
        parts.append(found)
    return fewest_of(parts)


class CoverageQuestion(NamedTuple):
    """What :func:`settle` is asked: an architecture, shots that are enough, and whether causes will be asked for."""

    scenario: Scenario
    architecture: str
    level: Level
    enough: int = 1
    explain: bool = False


def settle(
    store: Store,
    questions: Sequence[CoverageQuestion],
    points: AimPoints,
    threats: Sequence[str] | None = None,
    areas: Sequence[str] | None = None,
    progress: Progress = silent,
) -> None:
    """Judge the aim points by several architectures in one pass, so that :func:`coverage` finds the answers kept.

    Parameters
    ----------
    store : Store
    questions : sequence of CoverageQuestion
        Of scenarios that differ in anything but their threats' flights and launch areas; architectures may name lofts
        of their own.
    points : AimPoints
    threats, areas : sequence of str, optional
        As :func:`coverage`.
    progress : callable
    """
    if not questions:
        return
    scenario = questions[0].scenario
    kinds = _known("threat", threats, scenario.threats)
    origins = _known("launch area", areas, scenario.launch_areas)
    groups: dict[tuple[Hashable, ...], tuple[Scenario, list[JudgedBy]]] = {}
    for question in questions:
        resolved = question.scenario.architecture(question.architecture)
        defence = defence_of(question.scenario, resolved, question.level)
        judged = JudgedBy(defence, max(question.enough, defence.shots_required), question.explain)
        flown = flown_against(scenario, resolved)
        for part in (flown,) if question.explain else by_loft(flown):
            groups.setdefault(flights_key(part, points, kinds, origins), (part, []))[1].append(judged)
    first = flights_key(scenario, points, kinds, origins)
    done, total = 0, sum(len(asked) for _, asked in groups.values())
    for key, (part, asked) in groups.items():
        flights = kept_flights(store, part, points, kinds, origins)
        cells = Cells(key, len(points), kinds, tuple(scenario.threats))
        settle_cells(store, cells, flights, asked, progress=_within(progress, done, len(asked), total))
        done += len(asked)
        if key != first and not any(judged.whole for judged in asked):  # a variant, of which the answers are kept
            store.drop(key)


def _within(progress: Progress, done: int, share: int, total: int) -> Progress:
    """Return a progress for a part of the work that is so large a share of the whole."""

    def tell(part: int, parts: int, text: str) -> None:
        progress(done * max(parts, 1) + share * part, total * max(parts, 1), text)

    return tell


def _known(kind: str, names: Sequence[str] | None, known: Mapping[str, Any]) -> tuple[str, ...]:
    """Return names as the scenario spells them, in its order."""
    if names is None:
        return tuple(known)
    wanted = {known_name(kind, name, known) for name in names}
    return tuple(name for name in known if name in wanted)


def _causes(
    store: Store,
    flights: Flights,
    defence: Defence,
    best: NDArray[np.int8],
    cells: Cells,
    step: float,
) -> NDArray[np.int8]:
    """Return the cause of each undefended cell: of its flights without enough shots, the obstacle hardest to mend."""
    undefended = np.flatnonzero(best < defence.shots_required)
    found = stages.causes(store, flights, defence, undefended, step)
    hardest = np.full(cells.points * len(cells.kinds), len(_CAUSE_OF_OBSTACLE), dtype=np.int8)
    np.minimum.at(hardest, cells.of(flights)[undefended], found)
    hardest[hardest == len(_CAUSE_OF_OBSTACLE)] = 0
    return np.asarray(_CAUSE_OF_OBSTACLE[hardest].reshape(cells.shape))


def summarise(result: Coverage, threats: Sequence[str] | None = None, nations: Sequence[str] | None = None) -> Summary:
    """Sum up a coverage over nations, against classes together.

    Parameters
    ----------
    result : Coverage
    threats : sequence of str, optional
        Classes; all of the coverage by default. A point is defended if it is against each of them that reaches it.
    nations : sequence of str, optional
        Nations; all that the points belong to by default.

    Notes
    -----
    The worst nation has the least share of its threatened people defended, the first by name of several. Gini: of
    the nations' population shares, unweighted, over the nations threatened.
    """
    names = result.threats if threats is None else tuple(threats)
    missing = [name for name in names if name not in result.threats]
    if missing:
        raise HoplonError(f"this coverage holds no class {missing[0]!r}; it holds {', '.join(result.threats)}")
    chosen = [result.threats.index(name) for name in names]
    points = result.points
    threatened = result.threatened[:, chosen].any(axis=1)
    defended = threatened & (result.defended[:, chosen] | ~result.threatened[:, chosen]).all(axis=1)
    codes = tuple(dict.fromkeys(points.nation.tolist())) if nations is None else tuple(nations)
    by_nation, sums = {}, np.zeros(4)
    for code in codes:
        mine = points.nation == code
        amounts = np.array(
            [
                values[mine & state].sum()
                for values in (points.population, points.area_km2)
                for state in (threatened, defended)
            ]
        )
        sums += amounts
        by_nation[code] = NationSummary(
            population_share=_share(amounts[1], amounts[0]),
            threatened_population=float(amounts[0]),
            defended_population=float(amounts[1]),
            area_share=_share(amounts[3], amounts[2]),
        )
    shares = {code: item.population_share for code, item in by_nation.items() if item.population_share is not None}
    return Summary(
        population_share=_share(sums[1], sums[0]),
        area_share=_share(sums[3], sums[2]),
        threatened_population=float(sums[0]),
        defended_population=float(sums[1]),
        threatened_area_km2=float(sums[2]),
        defended_area_km2=float(sums[3]),
        nations=by_nation,
        worst_nation=min(shares, key=lambda code: (shares[code], code)) if shares else None,
        gini=gini(list(shares.values())) if shares else None,
    )


def _share(part: float, whole: float) -> float | None:
    return float(min(1.0, part / whole)) if whole > 0.0 else None


def gini(shares: Sequence[float]) -> float:
    """Return the Gini coefficient of some shares: 0 when all are equal (also when all are 0).

    References
    ----------
    .. [1] Sen, *On Economic Inequality*, 1973, eq. 2.8.2: mean absolute difference over twice the mean.
    """
    values = np.sort(np.asarray(shares, dtype=float))
    total = values.sum()
    if total <= 0.0:
        return 0.0
    ranks = np.arange(1, len(values) + 1)
    return float((2.0 * ranks - len(values) - 1.0) @ values / (len(values) * total))
