"""Which pictures a study is shown in, each as a call to be made when its turn comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from hoplon.analysis.architectures import (
    TITLES,
    column_title,
    compared_architectures,
    families,
    integrated_architectures,
)
from hoplon.analysis.bounds import INPUTS
from hoplon.analysis.flights import may_launch
from hoplon.analysis.tally import class_title
from hoplon.presentation.charts.bars import (
    Bar,
    Heat,
    Interval,
    cause_bars,
    coverage_bars,
    ladder_bars,
    share_table,
    tornado,
    warning_table,
)
from hoplon.presentation.maps.areas import Mark
from hoplon.presentation.maps.cartography import NORTH_AMERICA
from hoplon.presentation.maps.coverage import certainty_maps, coverage_map, small_maps
from hoplon.presentation.maps.raster import Ground
from hoplon.presentation.maps.reach import reach_map
from hoplon.presentation.maps.shown import ShownCoverage
from hoplon.presentation.maps.single import plot_area
from hoplon.presentation.picture import Picture, source_line
from hoplon.presentation.wording import bounds, interval, nation, percent
from hoplon.questions.coverage.answer import Footprints
from hoplon.questions.net_pictures import flight_pictures, partner_pictures, selection_pictures
from hoplon.questions.raids.figures import raid_pictures
from hoplon.questions.road_map.figures import road_map
from hoplon.questions.study import MODES, StudyResults
from hoplon.scenario import geography
from hoplon.scenario.model import Level

_UNDER: Final = "NATO Europe, members of each year, classes of 2,000 km and more"


@dataclass(frozen=True)
class Sheet:
    """A picture to be drawn.

    Attributes
    ----------
    folder : str
        ``maps`` or ``figures``.
    draw : callable
        Returns the picture, or None where there is nothing to show.
    early : bool
        Whether it shows coverage and threat alone, nothing of :func:`hoplon.questions.study.with_details`.
    """

    folder: str
    draw: Callable[[], Picture | None]
    early: bool


def study_pictures(results: StudyResults) -> list[Sheet]:
    """Return the pictures of a study in the order of the page."""
    ground = Ground(results.points)

    def early(folder: str, draw: Callable[..., Picture | None], *more: Any) -> Sheet:
        return Sheet(folder, partial(draw, results, *more), True)

    def late(folder: str, draw: Callable[..., Picture | None], *more: Any) -> Sheet:
        return Sheet(folder, partial(draw, results, *more), False)

    details = (
        *partner_pictures(results, ground, partial(shown_of, results)),
        *flight_pictures(results),
        *selection_pictures(results),
        *raid_pictures(results.scenario, results.backbone),
    )
    return [
        early("maps", _phases, ground),
        early("maps", _reach, ground),
        early("figures", _warning),
        early("figures", _road_map),
        *(early("maps", _coverage, ground, name) for name in compared_architectures(results.scenario)),
        early("maps", _certainty, ground),
        late("figures", _disputed),
        early("figures", _cause_bars),
        early("maps", _causes, ground),
        *(late("maps", _footprints, found) for found in results.footprints),
        late("maps", _denied),
        early("maps", _classes, ground),
        early("figures", _class_heat),
        early("maps", _north_america, ground),
        early("figures", _bars),
        early("figures", _nation_heat),
        early("maps", _others, ground),
        early("figures", _ladder),
        *(Sheet(folder, draw, False) for folder, draw in details),
    ]


def shown_of(
    results: StudyResults,
    name: str,
    level: Level = "base",
    key: str = "headline",
    nations: Sequence[str] | None = None,
) -> ShownCoverage:
    """Return what a map of an architecture at a level against a set of classes shows."""
    tally = results.tallies[name, level]
    codes = results.europe(name) if nations is None else tuple(nations)
    subject = next(entry for entry in tally.sets if entry.key == key)
    count = tally.count(key, codes)
    return ShownCoverage(results.coverages[name, level], subject, codes, count.population_share, count.area_share)


def _title(results: StudyResults, name: str) -> str:
    resolved = results.scenario.architecture(name)
    return column_title(results.scenario, name) + ("" if resolved.year is None else f", {resolved.year}")


def _captions(results: StudyResults, names: Sequence[str]) -> list[str]:
    return [f"{_title(results, name)}: {interval(results.people(name))}" for name in names]


def _source(results: StudyResults) -> str:
    return source_line(results.scenario.name, results.scenario.sha256)


def _phases(results: StudyResults, ground: Ground) -> Picture:
    names = compared_architectures(results.scenario)
    panels = [shown_of(results, name) for name in names]
    heads = ("Who is defended, plan by plan", f"{_UNDER}; share of threatened people, base (low to high)")
    return small_maps(ground, results.scenario, panels, "phases", heads, min(3, len(panels)), _captions(results, names))


def _reach(results: StudyResults, ground: Ground) -> Picture:
    return reach_map(ground, results.scenario)


def _coverage(results: StudyResults, ground: Ground, name: str) -> Picture:
    people = results.people(name)
    told = "" if people is None else bounds(people)
    return coverage_map(ground, results.scenario, shown_of(results, name), f"coverage-{name}", told)


def _certainty(results: StudyResults, ground: Ground) -> Picture:
    names = compared_architectures(results.scenario)
    panels = [
        (shown_of(results, name, "low"), shown_of(results, name), shown_of(results, name, "high")) for name in names
    ]
    title = "What is settled, and what hangs on the disputed inputs"
    return certainty_maps(ground, panels, "certainty", title, _captions(results, names), min(3, len(panels)))


def _causes(results: StudyResults, ground: Ground) -> Picture:
    names = compared_architectures(results.scenario)
    panels = [shown_of(results, name) for name in names]
    captions = [_title(results, name) for name in names]
    heads = ("Why places are left open", f"{_UNDER}; the cause that most of the classes share, base values")
    return small_maps(ground, results.scenario, panels, "causes", heads, min(3, len(panels)), captions, causes=True)


def _classes(results: StudyResults, ground: Ground) -> Picture | None:
    names = compared_architectures(results.scenario)
    keys = [key for key in results.tallies[names[0], "base"].sets[0].threats if _reaches_europe(results, key)]
    if not keys:
        return None
    panels = [shown_of(results, name, key=key) for name in names for key in keys]
    captions = [
        f"{column_title(results.scenario, shown.coverage.architecture)}, "
        f"{results.scenario.threats[shown.subject.key].max_range_km.value:,.0f} km: "
        f"{percent(shown.population_share).replace('over ', '>')}"
        for shown in panels
    ]
    heads = (
        "Class by class, plan by plan",
        "Base values; share of threatened people of NATO Europe defended against each class alone",
    )
    return small_maps(ground, results.scenario, panels, "classes", heads, len(keys), captions)


def _reaches_europe(results: StudyResults, key: str) -> bool:
    name = compared_architectures(results.scenario)[0]
    return results.count(name, "base", key).threatened_population > 0.0


def _footprints(results: StudyResults, found: Footprints) -> Picture:
    scenario = results.scenario
    elements = scenario.architecture(found.architecture).elements
    areas = {elements[key].title or key: (area.geometry, area.area_km2) for key, area in found.areas.items()}
    launch = scenario.launch_areas[found.launch_area]
    heads = (
        f"Footprints: {_title(results, found.architecture)}",
        f"Aim points that each battery alone defends against {class_title(scenario, found.threat)}, "
        f"launched from {launch.title or found.launch_area}; base values",
    )
    name = f"footprints-{found.architecture}"
    return plot_area(scenario, found.architecture, areas, heads, (), tuple(found.areas), name)


def _denied(results: StudyResults) -> Picture | None:
    found = results.denied
    if found is None:
        return None
    scenario = results.scenario
    areas = {_title(results, name): (area.geometry, area.area_km2) for name, area in found.areas.items()}
    heads = (
        f"Launch areas denied: {found.city}",
        f"Points, whatever country they lie in, from which {class_title(scenario, found.threat)} would reach "
        f"{found.city} and be met; base values",
    )
    marks = [Mark(found.city, *found.aim_deg, "aim")]
    marks += [
        Mark(name.replace("-", " ").capitalize(), area.at.latitude_deg, area.at.longitude_deg, "launch")
        for name, area in scenario.launch_areas.items()
        if may_launch(scenario.threats[found.threat], name)
    ]
    last = list(found.areas)[-1]
    return plot_area(scenario, last, areas, heads, marks, None, "denied")


def _north_america(results: StudyResults, ground: Ground) -> Picture | None:
    members = tuple(code for code in geography.NORTH_AMERICA if code in results.scenario.nations)
    names = compared_architectures(results.scenario)
    if not members or not results.tallies[names[0], "base"].count("headline", members).threatened_population:
        return None
    panels = [shown_of(results, name, nations=members) for name in names]
    captions = [
        f"{_title(results, name)}: {percent(panel.population_share)}" for name, panel in zip(names, panels, strict=True)
    ]
    heads = (
        "North America: who is defended, plan by plan",
        "Classes that reach it; share of threatened people defended, base values, land cells of 100 km",
    )
    return small_maps(
        ground,
        results.scenario,
        panels,
        "north-america",
        heads,
        min(3, len(panels)),
        captions,
        window=NORTH_AMERICA,
    )


def _others(results: StudyResults, ground: Ground) -> Picture | None:
    chosen = [
        name
        for key, names in families(results.scenario).items()
        if key != "plans"
        for name in names
        if name not in compared_architectures(results.scenario)
    ]
    if not chosen:
        return None
    panels = [shown_of(results, name) for name in chosen]
    captions = [
        f"{_title(results, name)}: {percent(panel.population_share)}"
        for name, panel in zip(chosen, panels, strict=True)
    ]
    heads = ("The other architectures", f"{_UNDER}; share of threatened people defended, base values")
    return small_maps(ground, results.scenario, panels, "others", heads, 4, captions, shots_told=False)


def _road_map(results: StudyResults) -> Picture | None:
    shares = {name: results.people(name) for name in compared_architectures(results.scenario)}
    return road_map(results.scenario, {name: share for name, share in shares.items() if share is not None})


def _warning(results: StudyResults) -> Picture:
    scenario = results.scenario
    reach = results.threat.reach
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
    heads = (
        "Warning time, minutes",
        "Shortest flight to any place of the nation, less satellite alert and its latency; blank: out of reach",
    )
    names = tuple(f"{scenario.threats[key].max_range_km.value:,.0f} km" for key in flown)
    table = Heat(tuple(nation(code) for code in codes), names, (("", len(flown)),), values, notes)
    return warning_table(table, heads, _source(results), "threat-warning")


def _bars(results: StudyResults) -> Picture:
    bars = [
        Bar(
            results.scenario.architecture(name).title,
            _interval(results.people(name)),
            _interval(results.land(name)),
            TITLES[key],
        )
        for key, names in families(results.scenario).items()
        for name in names
    ]
    return coverage_bars(bars, ("People and land defended by each architecture", _UNDER), _source(results), "bars")


def _interval(shares: tuple[float, float, float] | None) -> Interval | None:
    return None if shares is None else Interval(*shares)


def _columns(results: StudyResults) -> tuple[list[str], tuple[tuple[str, int], ...]]:
    grouped = families(results.scenario)
    names = [name for group in grouped.values() for name in group]
    return names, tuple((TITLES[key], len(group)) for key, group in grouped.items())


def _nation_heat(results: StudyResults) -> Picture:
    names, groups = _columns(results)
    codes = sorted((code for code in results.scenario.nations if code not in geography.NORTH_AMERICA), key=nation)
    values = np.full((len(codes), len(names)), np.nan)
    for column, name in enumerate(names):
        for code, share in results.nation_shares(name).items():
            if share is not None:
                values[codes.index(code), column] = share
    titles = tuple(column_title(results.scenario, name) for name in names)
    table = Heat(tuple(nation(code) for code in codes), titles, groups, values, {})
    under = "Per cent of threatened people, classes of 2,000 km and more, base values; blank: no member in that year"
    return share_table(table, ("Who is defended: nation by nation", under), _source(results), "nation-heat")


def _class_heat(results: StudyResults) -> Picture:
    names, groups = _columns(results)
    sets = results.tallies[names[0], "base"].sets
    chosen = [place for place, entry in enumerate(sets) if entry.key != "in_year"]
    values = np.full((len(chosen), len(names)), np.nan)
    for column, name in enumerate(names):
        for row, place in enumerate(chosen):
            share = results.count(name, "base", sets[place].key).population_share
            values[row, column] = np.nan if share is None else share
    rows = tuple("2,000 km and more" if sets[place].key == "headline" else sets[place].title for place in chosen)
    titles = tuple(column_title(results.scenario, name) for name in names)
    under = (
        "Per cent of the threatened people of NATO Europe, members of each year, base values; blank: nobody threatened"
    )
    return share_table(
        Heat(rows, titles, groups, values, {}),
        ("Class by class, every architecture", under),
        _source(results),
        "class-heat",
        1.45,
    )


def _ladder(results: StudyResults) -> Picture | None:
    names = [name for name in integrated_architectures(results.scenario) if (name, MODES[0]) in results.ladder]
    if not names:
        return None
    modes = {
        mode: [results.ladder[name, mode].count("headline", results.europe(name)).population_share for name in names]
        for mode in MODES
    }
    own = [results.scenario.architecture(name).mode for name in names]
    heads = (
        "What sharing tracks adds",
        f"{_UNDER}; share of threatened people defended, same sites and interceptors, base values",
    )
    return ladder_bars([_title(results, name) for name in names], modes, own, heads, _source(results), "ladder")


def _disputed(results: StudyResults) -> Picture | None:
    found = results.disputed
    if found is None or not found.base:
        return None
    moved = {
        words: [(found.moved[name, key, "worse"], found.moved[name, key, "better"]) for name in found.base]
        for key, words in INPUTS.items()
    }
    heads = (
        "Which disputed input decides",
        f"Each alone at its bounds; threatened people of {found.cities:,} European places of 100,000 and more",
    )
    names = [_title(results, name) for name in found.base]
    return tornado(names, list(found.base.values()), moved, heads, _source(results), "disputed")


def _cause_bars(results: StudyResults) -> Picture:
    names = compared_architectures(results.scenario)
    shares = [results.tallies[name, "base"].cause_shares(results.europe(name)) for name in names]
    counts = [results.count(name) for name in names]
    people = [count.threatened_population - count.defended_population for count in counts]
    heads = ("How many are left open, and why", f"{_UNDER}; base values, leading cause at each place")
    return cause_bars([_title(results, name) for name in names], shares, people, heads, _source(results), "cause-bars")
