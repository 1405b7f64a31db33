"""Maps of a change of a share by nation, in steps of colour: losses on one side, gains on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch, PathPatch

from hoplon.presentation import colours
from hoplon.presentation.maps.cartography import base_map, draw_base
from hoplon.presentation.maps.coverage import DATA_SOURCES, page_of_maps
from hoplon.presentation.maps.windows import window_of
from hoplon.presentation.picture import Picture, foot, picture
from hoplon.presentation.wording import nation, points
from hoplon.scenario.geography import places

_EDGES: Final = (-0.30, -0.10, -0.02, 0.02, 0.10, 0.30)
_COLOURS: Final = ("#A6611A", "#D8B365", "#F0E3C2", "#F5F5F5", "#C9E8E2", "#5AB4AC", "#01665E")
_LABELS: Final = (
    "30 points and more lower",
    "10 to 30 points lower",
    "2 to 10 points lower",
    "within 2 points",
    "2 to 10 points higher",
    "10 to 30 points higher",
    "30 points and more higher",
)
_MOST_TOLD: Final = 5  # nations of a map in its text


def step_of(change: float) -> int:
    """Return the step of colour of a change of a share: 3 for one within two points, fewer for losses."""
    return sum(change >= edge if edge > 0.0 else change > edge for edge in _EDGES)


def change_maps(
    changes: Mapping[str, Mapping[str, float]],
    nations: Sequence[str],
    titles: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw how the share of each nation changes, one map for each caption.

    Parameters
    ----------
    changes : mapping
        Caption to nation to change of a share in [-1, 1]; nations that are not in it are left white.
    nations : sequence of str
        Those that the maps show.
    titles : tuple of str
        Title and subtitle.
    source : str
        What the numbers were made with and from.
    name : str
        Stem of the files.
    """
    shown = tuple(nations)
    columns, captions = min(3, len(changes)), list(changes)
    window = window_of(shown, places(shown))

    def draw(axes: Axes, place: int) -> None:
        draw_base(axes, base_map(window, shown, 4000.0 * columns), 0.3)
        by_step: dict[int, list[str]] = {}
        for code, change in changes[captions[place]].items():
            by_step.setdefault(step_of(change), []).append(code)
        for step, codes in by_step.items():
            land = base_map(window, tuple(codes), 4000.0 * columns).members
            axes.add_artist(PathPatch(land, fc=_COLOURS[step], ec=colours.BORDER, lw=0.4, zorder=6))

    handles: list[Artist] = [
        Patch(fc=colour, ec=colours.BORDER, lw=0.4, label=label)
        for colour, label in zip(_COLOURS, _LABELS, strict=True)
    ]
    figure = page_of_maps(window, len(captions), columns, titles, captions, draw, handles)
    foot(figure, " · ".join((source, window.title, DATA_SOURCES)))
    return picture(figure, name, titles[0], f"{titles[0]}. {titles[1]}. {_in_words(changes)}")


def _in_words(changes: Mapping[str, Mapping[str, float]]) -> str:
    parts = []
    for caption, by_nation in changes.items():
        largest = sorted(by_nation, key=lambda code: -abs(by_nation[code]))[:_MOST_TOLD]
        told = ", ".join(
            f"{nation(code)} {points(by_nation[code])} {'higher' if by_nation[code] > 0 else 'lower'}"
            for code in largest
            if by_nation[code]
        )
        parts.append(f"{caption}: {told or 'no change'}")
    return f"{'; '.join(parts)}."
