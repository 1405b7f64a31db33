"""Maps and figures of coverage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from hoplon.analysis.architectures import (
    column_title,
    compared_architectures,
    families,
    family_title,
    figure_title,
    judged_architectures,
    other_readings,
)
from hoplon.analysis.flights import may_launch
from hoplon.analysis.tally import class_title, is_projected
from hoplon.presentation.charts.bars import Bar, ShareInterval, cause_bars, coverage_bars
from hoplon.presentation.charts.heat import Heat, share_table
from hoplon.presentation.maps.areas import Mark
from hoplon.presentation.maps.coverage import certainty_maps, coverage_map, small_maps
from hoplon.presentation.maps.raster import Ground
from hoplon.presentation.maps.single import plot_area
from hoplon.presentation.picture import Picture, source_line
from hoplon.presentation.wording import bounds, capitalised, interval, listed, nation, percent
from hoplon.questions.coverage.answer import CoverageResult, Denied, Footprints, beside_title
from hoplon.questions.question import FigureSpec
from hoplon.questions.requests import LEVELS, levels_of
from hoplon.questions.study import Study
from hoplon.scenario.titles import area_short_title


def figures(study: Study, answer: CoverageResult) -> list[FigureSpec]:
    """Return the maps and figures of coverage in the order of the page; the page of compared ones leads."""
    ground = Ground(study.points)

    def maps(name: str, draw: Callable[..., Picture], *more: Any, lead: bool = False) -> FigureSpec:
        return FigureSpec(name, "maps", partial(draw, study, *more), lead)

    def chart(name: str, draw: Callable[[Study], Picture]) -> FigureSpec:
        return FigureSpec(name, "figures", partial(draw, study))

    found = [maps("compared", _compared, ground, lead=True)]
    found += [maps(f"coverage-{name}", _coverage, ground, name) for name in compared_architectures(study.scenario)]
    found += [maps("certainty", _certainty, ground), chart("cause-bars", _cause_bars), maps("causes", _causes, ground)]
    found += [maps(f"footprints-{item.architecture}", _footprints, item) for item in answer.footprints]
    if answer.denied is not None:
        found.append(maps("denied", _denied, answer.denied))
    if answer.classes:
        found.append(maps("classes", _classes, ground, answer.classes))
    found.append(chart("class-heat", _class_heat))
    if answer.beside:
        found.append(maps(_beside_name(answer.beside), _beside, ground, answer.beside))
    found += [chart("bars", _bars), chart("nation-heat", _nation_heat)]
    others = tuple(name for name in answer.others if name not in other_readings(study.scenario))
    if others:
        found.append(maps("others", _others, ground, others))
    return found


def _under(study: Study) -> str:
    return f"{capitalised(study.region)}, members of each year, {study.classes_title}"


def _captions(study: Study, names: Sequence[str]) -> list[str]:
    return [f"{figure_title(study.scenario, name)}: {interval(study.people(name))}" for name in names]


def _source(study: Study) -> str:
    return source_line(study.scenario.name, study.scenario.sha256)


def _compared(study: Study, ground: Ground) -> Picture:
    names = compared_architectures(study.scenario)
    panels = [study.shown(name) for name in names]
    titles = (
        "Who is defended by each architecture",
        f"{_under(study)}; share of threatened people, base (worst to best corner)",
    )
    columns, captions = 4 if len(panels) == 4 else min(3, len(panels)), _captions(study, names)  # four in one row
    return small_maps(ground, study.scenario, panels, "compared", titles, columns, captions, fine=True)


def _coverage(study: Study, ground: Ground, name: str) -> Picture:
    people = study.people(name)
    told = "" if people is None else bounds(people)
    return coverage_map(ground, study.scenario, study.shown(name), f"coverage-{name}", told)


def _certainty(study: Study, ground: Ground) -> Picture:
    names = compared_architectures(study.scenario)
    panels = [(study.shown(name, "low"), study.shown(name), study.shown(name, "high")) for name in names]
    title = "What is certain, and what depends on the disputed inputs"
    return certainty_maps(
        ground, study.scenario, panels, "certainty", title, _captions(study, names), min(3, len(panels))
    )


def _causes(study: Study, ground: Ground) -> Picture:
    names = compared_architectures(study.scenario)
    panels = [study.shown(name) for name in names]
    captions = [figure_title(study.scenario, name) for name in names]
    titles = ("Why places are undefended", f"{_under(study)}; the cause that most of the classes share, base values")
    return small_maps(ground, study.scenario, panels, "causes", titles, min(3, len(panels)), captions, causes=True)


def _classes(study: Study, ground: Ground, keys: Sequence[str]) -> Picture:
    names = compared_architectures(study.scenario)
    panels = [study.shown(name, key=key) for name in names for key in keys]
    captions = [
        f"{column_title(study.scenario, shown.coverage.architecture)}, "
        f"{study.scenario.threats[shown.subject.key].max_range_km.value:,.0f} km"
        f"{' (projected)' if is_projected(study.scenario, shown.subject.key) else ''}: "
        f"{percent(shown.population_share).replace('over ', '>')}"
        for shown in panels
    ]
    titles = (
        "Class by class, for each architecture",
        f"Base values; share of threatened people of {study.region} defended against each class alone",
    )
    return small_maps(ground, study.scenario, panels, "classes", titles, len(keys), captions)


def _footprints(study: Study, found: Footprints) -> Picture:
    scenario = study.scenario
    elements = scenario.architecture(found.architecture).elements
    areas = {elements[key].title or key: (area.geometry, area.area_km2) for key, area in found.areas.items()}
    launch = scenario.launch_areas[found.launch_area]
    titles = (
        f"Footprints: {figure_title(study.scenario, found.architecture)}",
        f"Aim points that each battery alone defends against {class_title(scenario, found.threat)}, "
        f"launched from {launch.title or found.launch_area}; base values",
    )
    name = f"footprints-{found.architecture}"
    return plot_area(scenario, found.architecture, areas, titles, (), tuple(found.areas), name)


def _denied(study: Study, found: Denied) -> Picture:
    scenario = study.scenario
    areas = {figure_title(study.scenario, name): (area.geometry, area.area_km2) for name, area in found.areas.items()}
    titles = (
        f"Launch areas denied: {found.city}",
        f"Points, whatever country they lie in, from which {class_title(scenario, found.threat)} would reach "
        f"{found.city} and be engaged; base values",
    )
    marks = [Mark(found.city, *found.aim_deg, "aim")]
    marks += [
        Mark(area_short_title(scenario, name), area.at.latitude_deg, area.at.longitude_deg, "launch")
        for name, area in scenario.launch_areas.items()
        if may_launch(scenario.threats[found.threat], name)
    ]
    last = list(found.areas)[-1]
    return plot_area(scenario, last, areas, titles, marks, None, "denied")


def _beside_name(members: Sequence[str]) -> str:
    return "north-america" if beside_title(members) == "North America" else "other-nations"


def _beside(study: Study, ground: Ground, members: Sequence[str]) -> Picture:
    names = compared_architectures(study.scenario)
    panels = [study.shown(name, nations=members) for name in names]
    captions = [
        f"{figure_title(study.scenario, name)}: {percent(panel.population_share)}"
        for name, panel in zip(names, panels, strict=True)
    ]
    titles = (
        f"{capitalised(beside_title(members))}: who is defended by each architecture",
        "Classes that reach it; share of threatened people defended, base values",
    )
    return small_maps(
        ground,
        study.scenario,
        panels,
        _beside_name(members),
        titles,
        min(3, len(panels)),
        captions,
    )


def _others(study: Study, ground: Ground, chosen: Sequence[str]) -> Picture:
    panels = [study.shown(name) for name in chosen]
    captions = [
        f"{figure_title(study.scenario, name)}: {percent(panel.population_share)}"
        for name, panel in zip(chosen, panels, strict=True)
    ]
    left_out = sorted({family_title(study.scenario, name) for name in other_readings(study.scenario)})
    under = f"{_under(study)}; share of threatened people defended, base values"
    if left_out:
        under += f"\nnot drawn, variants of the same sites: {listed([f'“{title}”' for title in left_out])}"
    titles = ("The other architectures", under)
    return small_maps(ground, study.scenario, panels, "others", titles, 4, captions, shots_told=False)


def _bars(study: Study) -> Picture:
    bars = [
        Bar(
            study.scenario.architecture(name).title,
            _interval(study, name, "population_share"),
            _interval(study, name, "area_share"),
            title,
        )
        for title, names in families(study.scenario, judged_architectures(study.scenario)).items()
        for name in names
    ]
    return coverage_bars(bars, ("People and land defended by each architecture", _under(study)), _source(study), "bars")


def _interval(study: Study, name: str, key: str) -> ShareInterval | None:
    """Return a share with its corners; with base values alone where the architecture is judged at no corner."""
    judged = levels_of(study.scenario, name)
    low, base, high = (getattr(study.count(name, level if level in judged else "base"), key) for level in LEVELS)
    return None if low is None or base is None or high is None else ShareInterval(low, base, high)


def _columns(study: Study) -> tuple[list[str], tuple[tuple[str, int], ...]]:
    grouped = families(study.scenario, judged_architectures(study.scenario))
    names = [name for group in grouped.values() for name in group]
    return names, tuple((title, len(group)) for title, group in grouped.items())


def _nation_heat(study: Study) -> Picture:
    names, groups = _columns(study)
    codes = sorted({code for name in names for code in study.headline_nations(name)}, key=nation)
    values = np.full((len(codes), len(names)), np.nan)
    for column, name in enumerate(names):
        for code, share in study.nation_shares(name).items():
            if share is not None:
                values[codes.index(code), column] = share
    titles = tuple(column_title(study.scenario, name) for name in names)
    table = Heat(tuple(nation(code) for code in codes), titles, groups, values, {})
    under = (
        f"Per cent of threatened people, {study.classes_title}, base values; "
        "blank: no member in that year, or nobody threatened"
    )
    return share_table(table, ("Who is defended: nation by nation", under), _source(study), "nation-heat")


def _class_heat(study: Study) -> Picture:
    names, groups = _columns(study)
    sets = study.tally(names[0]).sets
    chosen = [place for place, entry in enumerate(sets) if entry.key != "in_year"]
    values = np.full((len(chosen), len(names)), np.nan)
    for column, name in enumerate(names):
        for row, place in enumerate(chosen):
            share = study.count(name, "base", sets[place].key).population_share
            values[row, column] = np.nan if share is None else share
    classes = study.scenario.threats
    projected = frozenset(
        row
        for row, place in enumerate(chosen)
        if sets[place].key in classes and is_projected(study.scenario, sets[place].key)
    )
    rows = tuple(study.classes_title if sets[place].key == "headline" else sets[place].title for place in chosen)
    titles = tuple(column_title(study.scenario, name) for name in names)
    under = (
        f"Per cent of the threatened people of {study.region}, members of each year, base values; "
        "blank: nobody threatened"
    ) + ("; hatched: projected class" if projected else "")
    return share_table(
        Heat(rows, titles, groups, values, {}, projected),
        ("Class by class, every architecture", under),
        _source(study),
        "class-heat",
        1.8,
    )


def _cause_bars(study: Study) -> Picture:
    names = compared_architectures(study.scenario)
    shares = [study.tally(name).cause_shares(study.headline_nations(name)) for name in names]
    counts = [study.count(name) for name in names]
    people = [count.threatened_population - count.defended_population for count in counts]
    titles = ("How many people are undefended, and why", f"{_under(study)}; base values, leading cause at each place")
    return cause_bars(
        [figure_title(study.scenario, name) for name in names], shares, people, titles, _source(study), "cause-bars"
    )
