"""Land cells of the equal-area grid as shaded areas with smooth outlines, clipped to the coast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from numpy.typing import NDArray

from hoplon.presentation.maps.windows import MapWindow
from hoplon.scenario.geography import AimPoints

Floats = NDArray[np.float64]
_FINER: Final = 4
HATCH: Final = "////"


@dataclass(frozen=True)
class LandRaster:
    """The land cells that a window shows, as a regular grid.

    Parameters
    ----------
    rows, columns : ndarray of int
        Place of each cell in the grid.
    chosen : ndarray of bool
        Which aim points these cells are, shape (n,).
    x, y : ndarray
        Eastings and northings of the grid's lines [m].
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    chosen: NDArray[np.bool_]
    x: Floats
    y: Floats

    def only(self, chosen: NDArray[np.bool_]) -> LandRaster:
        """Return the raster of some of the aim points, shape (n,), on the same grid."""
        kept = chosen[self.chosen]
        return LandRaster(self.rows[kept], self.columns[kept], self.chosen & chosen, self.x, self.y)

    def spread(self, values: NDArray[np.generic], reach: int = 2) -> Floats:
        """Return values of cells, shape (n of cells,), on the grid; cells beyond the coast take their neighbours' mean.

        Parameters
        ----------
        values : ndarray
            One number a cell.
        reach : int
            So many cells beyond the coast are filled; what lies farther stays NaN.
        """
        shape = (len(self.y), len(self.x))
        flat = self.rows * shape[1] + self.columns
        total = np.bincount(flat, np.asarray(values, float), shape[0] * shape[1]).reshape(shape)
        number = np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape)
        field = np.full(total.shape, np.nan)
        np.divide(total, number, out=field, where=number > 0)
        for _ in range(reach):
            field = _grown(field)
        return field

    def smooth(self, values: NDArray[np.generic]) -> Floats:
        """Return values spread on the grid and averaged lightly with their neighbours, for outlines without steps."""
        field = self.spread(values)
        known = np.isfinite(field)
        total = _summed(np.where(known, field, 0.0))
        weight = _summed(known.astype(float))
        return np.where(known, total / np.where(weight > 0, weight, 1.0), np.nan)


def land_raster(points: AimPoints, window: MapWindow) -> LandRaster | None:
    """Return the land cells of some aim points as a grid of a window; None if it shows none."""
    x, y = window.project(points.latitude_deg, points.longitude_deg)
    chosen = (points.kind == "land") & window.holds(x, y)
    if not chosen.any():
        return None
    spacing = 1000.0 * float(np.sqrt(points.area_km2[chosen].max()))
    x, y = x[chosen], y[chosen]
    columns = np.rint((x - x.min()) / spacing).astype(np.int64) + 3
    rows = np.rint((y - y.min()) / spacing).astype(np.int64) + 3
    return LandRaster(
        rows,
        columns,
        chosen,
        x.min() + (np.arange(columns.max() + 4) - 3) * spacing,
        y.min() + (np.arange(rows.max() + 4) - 3) * spacing,
    )


def shade(
    axes: Axes,
    raster: LandRaster,
    values: NDArray[np.generic],
    bands: Sequence[tuple[float, float, str]],
    land: PathPatch | None,
    hatches: Sequence[str | None] | None = None,
) -> None:
    """Fill the land whose smoothed value lies in a band, clipped to the coast.

    Parameters
    ----------
    axes : Axes
        The map.
    raster : LandRaster
        The grid.
    values : ndarray
        One number a cell.
    bands : sequence of tuple
        Lower bound, upper bound, colour.
    land : PathPatch or None
        The members' land.
    hatches : sequence of str or None
        A hatch for each band.
    """
    field = raster.smooth(values)
    for place, (low, high, colour) in enumerate(bands):
        inside = np.isfinite(field)
        if not inside.any() or np.nanmax(field) < low or np.nanmin(field) > high:
            continue
        hatch = hatches[place] if hatches else None
        filled = axes.contourf(
            raster.x, raster.y, field, levels=[low, high], colors=[colour], hatches=[hatch], zorder=4, extend="neither"
        )
        if land is not None:
            filled.set_clip_path(land)
        if hatch:
            filled.set_edgecolor("#FFFFFF")
            filled.set_linewidth(0.0)


def outline_of(
    axes: Axes, raster: LandRaster, values: NDArray[np.generic], colour: str, style: str, width: float = 1.2
) -> None:
    """Draw the line where the smoothed value of the land cells passes one half."""
    field = raster.smooth(values)
    if np.isfinite(field).any() and np.nanmax(field) > 0.5 > np.nanmin(field):
        axes.contour(
            raster.x, raster.y, field, levels=[0.5], colors=[colour], linestyles=[style], linewidths=width, zorder=7
        )


def classes(
    axes: Axes, raster: LandRaster, category: NDArray[np.integer], colour: Sequence[str], land: PathPatch | None
) -> None:
    """Fill land cells with the colour of their category (0 is left blank), clipped to the coast.

    Parameters
    ----------
    axes : Axes
        The map.
    raster : LandRaster
        The grid.
    category : ndarray of int
        One number a cell; number k > 0 has ``colour[k - 1]``.
    colour : sequence of str
        The colours.
    land : PathPatch or None
        The members' land.
    """
    winner = np.zeros((_FINER * (len(raster.y) - 1) + 1, _FINER * (len(raster.x) - 1) + 1), dtype=np.int64)
    greatest = np.full(winner.shape, 0.02)
    for k in range(len(colour) + 1):
        if (category == k).any():
            share = _finer(np.nan_to_num(raster.smooth(category == k)))
            winner = np.where(share > greatest, k, winner)
            greatest = np.maximum(share, greatest)
    table = np.array([[0, 0, 0, 0], *([int(c[i : i + 2], 16) for i in (1, 3, 5)] + [255] for c in colour)], np.uint8)
    image = table[winner]
    half_x, half_y = (raster.x[1] - raster.x[0]) / (2.0 * _FINER), (raster.y[1] - raster.y[0]) / (2.0 * _FINER)
    shown = axes.imshow(
        image,
        origin="lower",
        extent=(raster.x[0] - half_x, raster.x[-1] + half_x, raster.y[0] - half_y, raster.y[-1] + half_y),
        interpolation="nearest",
        aspect="equal",
        zorder=4,
    )
    if land is not None:
        shown.set_clip_path(land)


def hatch(axes: Axes, raster: LandRaster, chosen: NDArray[np.bool_], land: PathPatch | None) -> None:
    """Hatch some land cells in white, clipped to the coast.

    Parameters
    ----------
    axes : Axes
        The map.
    raster : LandRaster
        The grid.
    chosen : ndarray of bool
        One a cell.
    land : PathPatch or None
        The members' land.
    """
    field = raster.smooth(chosen)
    if not chosen.any():
        return
    filled = axes.contourf(raster.x, raster.y, field, levels=[0.5, 2.0], colors="none", hatches=[HATCH], zorder=4.5)
    filled.set_edgecolor("white")
    filled.set_linewidth(0.0)
    if land is not None:
        filled.set_clip_path(land)


def _finer(field: Floats) -> Floats:
    """Interpolate a field linearly to a grid of ``_FINER`` times as many cells each way."""
    for axis in (0, 1):
        count = field.shape[axis]
        place = np.arange(_FINER * (count - 1) + 1) / _FINER
        low = np.minimum(place.astype(np.int64), count - 2)
        part = place - low
        part = part[:, None] if axis == 0 else part[None, :]
        field = np.take(field, low, axis) * (1.0 - part) + np.take(field, low + 1, axis) * part
    return field


def _grown(field: Floats) -> Floats:
    """Fill each unknown cell with the mean of its known neighbours."""
    known = np.isfinite(field)
    total = _summed(np.where(known, field, 0.0), centre=False)
    weight = _summed(known.astype(float), centre=False)
    grown = field.copy()
    fill = ~known & (weight > 0)
    grown[fill] = total[fill] / weight[fill]
    return grown


def _summed(field: Floats, centre: bool = True) -> Floats:
    """Sum each cell (twice) and its eight neighbours."""
    padded = np.pad(field, 1)
    total = 2.0 * field if centre else np.zeros_like(field)
    for down in range(3):
        for right in range(3):
            if (down, right) != (1, 1):
                total += padded[down : down + field.shape[0], right : right + field.shape[1]]
    return total


@dataclass(frozen=True)
class Dots:
    """Populated places merged with smaller neighbours, so that a city is one dot and not a crowd.

    Parameters
    ----------
    places : ndarray of int
        The aim points that are places in the window, shape (m,).
    dot : ndarray of int
        The dot that each belongs to, shape (m,).
    x, y : ndarray
        Where the dots stand: at the most populous place of each [m].
    """

    places: NDArray[np.int64]
    dot: NDArray[np.int64]
    x: Floats
    y: Floats

    def people(self, population: Floats, category: NDArray[np.integer], number: int) -> Floats:
        """Return the people of each dot by category of their place, shape (dots, number)."""
        both = self.dot * number + category[self.places]
        counts: Floats = np.bincount(both, population[self.places], len(self.x) * number).astype(np.float64)
        return counts.reshape(len(self.x), number)


class Ground:
    """The aim points of a study as maps need them: land as a grid, places as dots; worked out once a window.

    Parameters
    ----------
    points : AimPoints
        Places and land cells.
    """

    def __init__(self, points: AimPoints) -> None:
        self.points = points
        self._rasters: dict[MapWindow, LandRaster | None] = {}
        self._dots: dict[tuple[MapWindow, float], Dots] = {}

    def raster(self, window: MapWindow) -> LandRaster | None:
        """Return the land cells of a window; None if it shows none."""
        if window not in self._rasters:
            self._rasters[window] = land_raster(self.points, window)
        return self._rasters[window]

    def dots(self, window: MapWindow, radius: float) -> Dots:
        """Return the places of a window; a place within ``radius`` [m] of a more populous one joins it."""
        if (window, radius) not in self._dots:
            self._dots[window, radius] = merged_places(self.points, window, radius)
        return self._dots[window, radius]


def merged_places(points: AimPoints, window: MapWindow, radius: float) -> Dots:
    """Merge places of a window, the most populous first: it takes every free place within ``radius`` [m]."""
    x, y = window.project(points.latitude_deg, points.longitude_deg)
    places = np.flatnonzero((points.kind == "place") & window.holds(x, y))
    places = places[np.argsort(-points.population[places], kind="stable")]
    x, y = x[places], y[places]
    marks = np.asarray(shapely.points(x, y))
    pairs = shapely.STRtree(marks).query(marks, predicate="dwithin", distance=radius)
    ends = np.searchsorted(pairs[0], np.arange(len(places) + 1))
    dot = np.full(len(places), -1, dtype=np.int64)
    heads: list[int] = []
    for place in range(len(places)):
        if dot[place] < 0:
            near = pairs[1, ends[place] : ends[place + 1]]
            dot[near[dot[near] < 0]] = len(heads)
            heads.append(place)
    return Dots(places, dot, x[heads], y[heads])
