"""The road map in one picture: decisions, architectures, sites and blocks, command, threat, coverage by year."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from hoplon.analysis.architectures import begun, built_variant, given_up, short_title
from hoplon.analysis.tally import is_flown
from hoplon.presentation import colours
from hoplon.presentation.maps.symbols import Site, kind_of, sites
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture, source_line
from hoplon.questions.question import FigureSpec
from hoplon.questions.road_map.answer import RoadMap
from hoplon.questions.study import Study
from hoplon.scenario.model import Element, Milestone, Scenario
from hoplon.scenario.titles import interceptor_short_title, threat_short_title

_BLOCK_COLOURS: Final = ("#B9CBE4", "#7FA6D3", "#2B62A6", "#1B2A6B", "#C7B3DE", "#F1D9A2", "#BBD9C4", "#DDDDDD")
_ARCHITECTURES: Final = "Architectures"
_SITES: Final = "Interceptor sites"
_THREAT: Final = "Threat classes,\nfirst year"
_LONGEST: Final = 18  # [characters] of a line that names a lane
_LANES: Final = {"decision": "Decisions", "command": "Command\nand control", "fielded": "In the field"}
_LETTER: Final = 0.0066  # of the width of a lane, a bold letter
_MARGIN: Final = 0.1  # [year] of texts and marks from the edge of the picture
_PAST: Final = 1.4  # [year] from the left edge within which a class counts as having been there before
_BEFORE: Final = 2  # [year] shown before the first architecture where no event is told


@dataclass(frozen=True)
class _Drawn:
    """What the road map is drawn of: the answer, its scenario, when architectures begin and end, the axis of years."""

    scenario: Scenario
    answer: RoadMap
    begun: Mapping[str, float]
    given_up: Mapping[str, float]
    first: float
    last: float

    @property
    def path(self) -> tuple[str, ...]:
        """The architectures that succeed the baseline."""
        return tuple(self.answer.successors)


def figures(study: Study, answer: RoadMap) -> list[FigureSpec]:
    """Return the road map."""
    return [FigureSpec("road-map", "figures", partial(road_map, study.scenario, answer))]


def road_map(scenario: Scenario, answer: RoadMap, name: str = "road-map") -> Picture:
    """Draw the road map.

    Parameters
    ----------
    scenario : Scenario
        Architectures, elements, threat classes, events.
    answer : RoadMap
        What the road map shows, with the share of people defended.
    name : str
        Stem of the files.
    """
    events = scenario.milestones
    first, last = _years(answer, events)
    drawn = _Drawn(scenario, answer, begun(scenario), given_up(scenario), first, last)
    lanes = _lane_heights(drawn, events)
    height = 1.55 + sum(lanes.values())
    figure = new_figure(12.0, height)
    bottom = height - 0.85
    axes: dict[str, Axes] = {}
    for lane, inches in lanes.items():
        bottom -= inches
        axes[lane] = figure.add_axes((0.125, (bottom + 0.04) / height, 0.86, (inches - 0.08) / height))
        _prepare(axes[lane], first, last, lane, ticks=lane == list(lanes)[-1])
    _draw_architectures(axes[_ARCHITECTURES], drawn)
    for key, title in _LANES.items():
        if title in axes:
            _draw_milestones(axes[title], [item for item in events if item.lane == key], first, last)
    if _SITES in axes:
        _draw_sites(axes[_SITES], drawn)
    _draw_threat(axes[_THREAT], drawn)
    _draw_share(axes[_share_lane(drawn)], drawn)
    title = f"Road map of the compared architectures, {first:.0f} to {last - 1.0:.0f}"
    head(
        figure,
        title,
        "Architectures, sites, events and first years of the threat classes as the scenario has them",
    )
    note = "Hatched: given up. Lines on the threat: first year, low to high. Bars of coverage: disputed inputs."
    foot(figure, source_line(scenario.name, scenario.sha256) + "\n" + note)
    alt_text = "; ".join(f"{short_title(scenario, key)} {year}" for key, year in answer.architectures.items())
    return picture(figure, name, title, f"Timeline. {alt_text}. {_sites_in_words(drawn)}")


def _years(answer: RoadMap, events: Sequence[Milestone]) -> tuple[float, float]:
    """Return the first year of the axis and the one after its last."""
    dates = [item.date for item in events]
    years = [float(year) for year in answer.architectures.values()]
    first = min([*dates, *(years if dates else [year - _BEFORE for year in years])])
    return float(np.floor(first)), float(np.floor(max([*dates, *years])) + 1.0)


def _share_lane(drawn: _Drawn) -> str:
    return "\n".join(["People defended,", *textwrap.wrap(drawn.answer.classes_title, _LONGEST)])


def _lane_heights(drawn: _Drawn, events: Sequence[Milestone]) -> dict[str, float]:
    flown = sum(is_flown(drawn.scenario, key) for key in drawn.scenario.threats)
    heights = {
        _ARCHITECTURES: 1.05,
        "Decisions": 0.78,
        **({_SITES: 0.18 + 0.34 * many} if (many := len(_armed_sites(drawn))) else {}),
        "In the field": 0.7,
        "Command\nand control": 0.78,
        _THREAT: 0.25 + 0.185 * flown,
        _share_lane(drawn): 1.25,
    }
    told = {_LANES[item.lane] for item in events}
    return {title: inches for title, inches in heights.items() if title in told or title not in _LANES.values()}


def _prepare(axes: Axes, first: float, last: float, title: str, ticks: bool) -> None:
    axes.set_xlim(first, last)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([])
    years = np.arange(first, last)
    axes.set_xticks(years + 0.5 if ticks else [])
    if ticks:
        axes.set_xticklabels([f"{year:.0f}" for year in years], fontsize=8)
        axes.tick_params(length=0)
    for year in np.arange(first, last + 1):
        axes.axvline(year, color="#E4E7EB", lw=0.7, zorder=0)
    for spine in axes.spines.values():
        spine.set_color("#C3C8CF")
    axes.text(-0.012, 0.5, title, transform=axes.transAxes, ha="right", va="center", fontsize=8.5, weight="bold")


def _draw_architectures(axes: Axes, drawn: _Drawn) -> None:
    """Draw a bar from the decision to the planned year, and on to the end; hatched where it was given up."""
    scenario, last = drawn.scenario, drawn.last
    step = 1.0 / len(drawn.answer.architectures)
    for row, (key, year) in enumerate(drawn.answer.architectures.items()):
        middle = 1.0 - (row + 0.5) * step
        start = drawn.begun.get(key, drawn.first + _MARGIN)
        end = drawn.given_up.get(key)
        gone = end is not None
        until = end if end is not None else year
        axes.add_patch(Rectangle((start, middle - 0.16 * step), until - start, 0.32 * step, fc="#D3DAE6", ec="none"))
        if gone:
            axes.plot([until], [middle], "X", ms=7, color=colours.STATES["open"], zorder=4)
            axes.plot([until, year], [middle, middle], ls=":", color=colours.QUIET, lw=1.1)
            axes.plot([year], [middle], "o", ms=7, mfc="white", mec=colours.QUIET, mew=1.3, zorder=4)
        else:
            axes.add_patch(
                Rectangle(
                    (year, middle - 0.27 * step), last - year, 0.54 * step, fc=colours.STATES["defended"], alpha=0.8
                )
            )
            axes.plot([year], [middle], "o", ms=7, color=colours.STATES["defended"], mec="white", zorder=4)
        built = _built(scenario, key)
        tail = f"planned {year}" + (f", built {built}" if built else "") + (", given up" if gone else "")
        words = f"{short_title(scenario, key)}: {tail}"
        place = built + 0.85 if built and built < year + 4 else year + 0.25
        fits = place + _wide(words, drawn) <= last
        axes.text(
            place if fits else year - 0.2,
            middle,
            words,
            fontsize=7.6,
            va="center",
            ha="left" if fits else "right",
            color="white" if fits and not gone else colours.INK,
            weight="bold",
        )
        if built:
            axes.plot([built + 0.5], [middle], "D", ms=6, mfc="white", mec=colours.INK, zorder=5)


def _wide(words: str, drawn: _Drawn) -> float:
    """Return about how wide bold words are drawn [year]."""
    return _LETTER * len(words) * (drawn.last - drawn.first)


def _built(scenario: Scenario, architecture: str) -> int | None:
    """Return the year in which an architecture stood as built; None if no event says that it did."""
    variant = built_variant(scenario, architecture)
    return None if variant is None else scenario.architecture(variant).year


def _draw_milestones(axes: Axes, items: Sequence[Milestone], first: float, last: float) -> None:
    """Draw events as dots with their text, on as many rows as the texts need."""
    placed: list[tuple[Milestone, bool, int]] = []
    taken: list[float] = []  # how far the texts of each row reach
    for item in sorted(items, key=lambda item: item.date):
        width = 0.098 * len(item.text) + 0.35
        left = item.date + width > last
        start = item.date - width if left else item.date
        row = next((place for place, end in enumerate(taken) if end <= start), len(taken))
        if row == len(taken):
            taken.append(first)
        taken[row] = start + width
        placed.append((item, left, row))
    for item, left, row in placed:
        y = 1.0 - (row + 0.5) / len(taken)
        axes.plot([item.date], [y], "o", ms=4.5, color=colours.INK, zorder=3)
        axes.text(
            item.date + (-0.12 if left else 0.12),
            y,
            item.text,
            fontsize=7.2,
            va="center",
            ha="right" if left else "left",
            bbox={"fc": "white", "ec": "none", "pad": 0.6, "alpha": 0.85},
        )


def _armed_sites(drawn: _Drawn) -> list[Site]:
    """Return the interceptor sites of the architectures, upper layer."""
    elements: dict[str, Element] = {}
    for key in drawn.answer.architectures:
        elements |= {
            name: element
            for name, element in drawn.scenario.architecture(key).elements.items()
            if kind_of(drawn.scenario, element) in {"land_battery", "sea_battery"}
        }
    return sites(drawn.scenario, elements)


def _blocks_at(scenario: Scenario, architecture: str, site: Site) -> dict[str, float]:
    """Return interceptor types and their number at a site in an architecture."""
    blocks: dict[str, float] = {}
    for name, element in scenario.architecture(architecture).elements.items():
        if name in site.names and element.battery is not None:
            blocks[element.battery] = blocks.get(element.battery, 0.0) + element.count.value
    return blocks


def _draw_sites(axes: Axes, drawn: _Drawn) -> None:
    """Draw for each site what stands there under one architecture after the other."""
    scenario, path, last, base = drawn.scenario, drawn.path, drawn.last, drawn.answer.baseline
    found = _armed_sites(drawn)
    types = list(dict.fromkeys(block for key in path for site in found for block in _blocks_at(scenario, key, site)))
    step = 1.0 / max(len(found), 1)
    years = [float(year) for year in drawn.answer.successors.values()]
    for row, site in enumerate(found):
        middle = 1.0 - (row + 0.5) * step
        axes.text(drawn.first + _MARGIN, middle, site.label, fontsize=7.8, va="center", weight="bold", zorder=5)
        spans = [
            (years[place], [*years, last][place + 1], _blocks_at(scenario, key, site), key in drawn.given_up)
            for place, key in enumerate(path)
        ]
        if base is not None:
            blocks = _blocks_at(scenario, base, site)
            year = float(drawn.answer.architectures[base])
            following = min([start for start, _, held, _ in spans if held], default=last)
            if blocks and year < following:
                spans.insert(0, (year, following, blocks, base in drawn.given_up))
        reach = drawn.first
        for start, end, blocks, gone in _merged(spans):
            if blocks:
                beside = start < reach
                box = (start, end, middle - (0.2 * step if beside else 0.0), step * (0.45 if beside else 1.0))
                _draw_span(axes, scenario, box, blocks, types, gone)
                reach = max(reach, end)


_Span = tuple[float, float, dict[str, float], bool]


def _merged(spans: Sequence[_Span]) -> list[_Span]:
    """Join spans of the same interceptors; one that was given up shows what it would have added."""
    merged: list[_Span] = []
    for start, end, blocks, gone in spans:
        before = merged[-1] if merged else None
        if before and (before[2] == blocks or (gone and before[2].items() <= blocks.items())):
            merged[-1] = (before[0], end, before[2], before[3])
            added = {block: count for block, count in blocks.items() if block not in before[2]}
            if added:
                merged.append((start, end, added, True))
        else:
            merged.append((start, end, blocks, gone))
    return merged


def _draw_span(
    axes: Axes,
    scenario: Scenario,
    box: tuple[float, float, float, float],
    blocks: Mapping[str, float],
    types: Sequence[str],
    gone: bool,
) -> None:
    start, end, middle, step = box
    newest = list(blocks)[-1]
    face = _BLOCK_COLOURS[types.index(newest) % len(_BLOCK_COLOURS)] if newest in types else "#DDDDDD"
    axes.add_patch(
        FancyBboxPatch(
            (start + 0.04, middle - 0.36 * step),
            end - start - 0.08,
            0.72 * step,
            boxstyle="round,pad=0,rounding_size=0.08",
            fc="white" if gone else face,
            ec=colours.QUIET if gone else face,
            hatch="////" if gone else None,
            lw=0.8,
            zorder=2,
        )
    )
    text = " + ".join(f"{count:.0f} {interceptor_short_title(scenario, block)}" for block, count in blocks.items())
    ink = colours.INK if gone else colours.ink_on(face)
    back = {"fc": "white", "ec": "none", "pad": 0.8} if gone else None
    axes.text(start + 0.2, middle, text, fontsize=7.0, ha="left", va="center_baseline", color=ink, bbox=back, zorder=4)


def _draw_threat(axes: Axes, drawn: _Drawn) -> None:
    """Draw the first year of each class with its bounds; what lies before the axis stands at its edge."""
    scenario, last, past = drawn.scenario, drawn.last, drawn.first + _PAST
    flown = [key for key in scenario.threats if is_flown(scenario, key)]
    step = 1.0 / max(len(flown), 1)
    shade = list(reversed(colours.along(colours.SEQUENCE[1:-1], len(flown))))
    for row, key in enumerate(flown):
        threat = scenario.threats[key]
        middle = 1.0 - (row + 0.5) * step
        axes.text(drawn.first + _MARGIN, middle, _range_told(scenario, key, flown), fontsize=7.4, va="center", zorder=5)
        if threat.from_ is None:
            continue
        low, base, high = threat.from_.at("low"), threat.from_.value, threat.from_.at("high")
        start = max(base, past)
        axes.add_patch(Rectangle((start, middle - 0.28 * step), last - start, 0.56 * step, fc=shade[row], alpha=0.75))
        if low != high:
            axes.plot([max(low, past), max(min(high, last), past)], [middle] * 2, color=colours.INK, lw=1.3, zorder=4)
            if base >= past:
                axes.plot([base], [middle], "o", ms=4.5, color=colours.INK, zorder=4)
        bounds = f" ({low:.0f} to {high:.0f})" if low != high else ""
        text = f"since {base:.0f}" if base < past else f"{base:.0f}{bounds}"
        axes.text(
            last - 0.1,
            middle,
            text,
            fontsize=6.8,
            ha="right",
            va="center",
            color=colours.INK,
            bbox={"fc": "white", "ec": "none", "pad": 0.8, "alpha": 0.85},
            zorder=5,
        )


def _range_told(scenario: Scenario, key: str, among: Sequence[str]) -> str:
    """Return the range of a class, with its kind where another class has the same range."""
    told = {name: f"{scenario.threats[name].max_range_km.value:,.0f} km" for name in among}
    alike = sum(text == told[key] for text in told.values()) > 1
    return f"{told[key]}, {threat_short_title(scenario, key)}" if alike else told[key]


def _draw_share(axes: Axes, drawn: _Drawn) -> None:
    """Draw the share of people defended by each architecture in its year, with the interval of the disputed inputs."""
    axes.set_ylim(-0.04, 1.1)
    for level in (0.25, 0.5, 0.75):
        axes.axhline(level, color="#E4E7EB", lw=0.7, zorder=0)
        axes.text(drawn.first + 0.05, level, f"{100 * level:.0f} %", fontsize=6.5, va="center", color=colours.QUIET)
    for key, (low, base, high) in drawn.answer.people.items():
        year = drawn.answer.architectures[key]
        colour = colours.SERIES[2] if key == drawn.answer.baseline else colours.SERIES[1]
        axes.plot([year + 0.5] * 2, [low, high], color=colour, lw=5, alpha=0.35, solid_capstyle="butt")
        axes.plot([year + 0.5], [base], "o", ms=7, color=colour, mec="white")
        name = short_title(drawn.scenario, key)
        interval = f"{100 * base:.0f} % ({100 * low:.0f} to {100 * high:.0f})"
        fits = year + 0.72 + _wide(max(name, interval, key=len), drawn) <= drawn.last
        axes.text(
            year + (0.72 if fits else 0.28),
            min(max(base, 0.09), 0.9),
            f"{name}\n{interval}",
            fontsize=7.2,
            va="center",
            ha="left" if fits else "right",
            color=colour,
            weight="bold",
            linespacing=1.15,
        )


def _sites_in_words(drawn: _Drawn) -> str:
    scenario, parts = drawn.scenario, []
    for key in drawn.path:
        held = []
        for site in _armed_sites(drawn):
            blocks = _blocks_at(scenario, key, site)
            if blocks:
                text = " and ".join(
                    f"{count:.0f} {interceptor_short_title(scenario, block)}" for block, count in blocks.items()
                )
                held.append(f"{site.label} {text}")
        parts.append(f"{short_title(scenario, key)}: {', '.join(held)}")
    return ". ".join(parts) + "."
