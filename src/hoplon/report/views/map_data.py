"""What an interactive map holds: borders, points with their results, sites and launch areas, as plain numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from hoplon.analysis.coverage import CAUSES
from hoplon.analysis.tally import class_title, fewest_shots, leading_cause, states
from hoplon.presentation.colours import STATE_LABELS
from hoplon.presentation.maps.cartography import countries
from hoplon.presentation.maps.coverage import coverage_window
from hoplon.presentation.maps.single import shown_coverage
from hoplon.presentation.maps.symbols import KINDS, sites
from hoplon.presentation.maps.windows import MapWindow, grown
from hoplon.presentation.wording import CAUSE_PHRASES, capitalised, nation

if TYPE_CHECKING:
    from hoplon.analysis.coverage_answer import CoverageAnswer
    from hoplon.presentation.maps.shown import ShownCoverage

UNIT: Final = 100.0  # [m] of the whole numbers that places are given in
_BORDERS: Final = 1500.0  # [m] by which borders are simplified at most
_MARGIN: Final = 1.5e6  # [m] about everything, in which borders are drawn too
_FARTHEST: Final = 3.5e6  # [m] from the points, a site or launch area is left off the map
_STATES: Final = ("not_threatened", "open", "defended")  # in the order of their numbers


def map_data(result: CoverageAnswer) -> dict[str, Any]:
    """Return what the page draws of a coverage, as its script reads it.

    Parameters
    ----------
    result : CoverageAnswer

    Returns
    -------
    dict
        Places are whole numbers of 100 m east and north on the map, latitudes and longitudes of a hundredth of a
        degree. Of the points: ``state`` (0 not threatened, 1 threatened and undefended, 2 defended), ``shots`` (-1
        where not threatened), and numbers of ``nations``, ``classes``, ``areas`` and ``causes``.
    """
    judged = result.base
    shown = shown_coverage(result.scenario, judged, result.threats, result.nations, result.counted)
    chosen = np.flatnonzero(shown.chosen)
    points = judged.points.subset(shown.chosen)
    home = coverage_window(result.scenario, shown)
    x, y = home.project(points.latitude_deg, points.longitude_deg)
    window, marks = _everything(result, home, x, y)
    together = shown.subject.threats
    codes = list(dict.fromkeys(points.nation.tolist()))
    hardest = _hardest(result, shown, chosen)
    causes = leading_cause(judged, together)[chosen] if result.explained else np.zeros(len(chosen), np.int8)
    return {
        "unit_km": UNIT / 1000.0,
        "view": _whole([home.x_min, home.y_min, home.x_max, home.y_max]),
        "people": result.counted == "people",
        "explained": result.explained,
        "borders": _borders(window, shown.nations),
        "coasts": set(codes) <= {code for code, _ in countries(window, _BORDERS)},
        "nations": [nation(code) if code else "" for code in codes],
        "classes": [class_title(result.scenario, name) for name in judged.threats],
        "areas": [result.scenario.launch_areas[name].title or name for name in judged.areas],
        "causes": [CAUSE_PHRASES.get(name, "") for name in CAUSES],
        "states": [capitalised(STATE_LABELS[name]) for name in _STATES],
        "points": {
            "x": _whole(x),
            "y": _whole(y),
            "lat": _whole(100.0 * UNIT * points.latitude_deg),
            "lon": _whole(100.0 * UNIT * points.longitude_deg),
            "land": (points.kind == "land").astype(int).tolist(),
            "side": _whole(1000.0 * np.sqrt(points.area_km2)),
            "name": [
                "" if kind == "land" else name
                for name, kind in zip(points.name.tolist(), points.kind.tolist(), strict=True)
            ],
            "nation": [codes.index(code) for code in points.nation.tolist()],
            "people": np.rint(points.population).astype(int).tolist(),
            "state": states(judged, together)[chosen].tolist(),
            "shots": fewest_shots(judged, together)[chosen].tolist(),
            "class": hardest[0].tolist(),
            "area": hardest[1].tolist(),
            "cause": causes.tolist(),
        },
        **marks,
    }


def _hardest(
    result: CoverageAnswer, shown: ShownCoverage, chosen: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return class and launch area of the flight with the fewest shots at each point; -1 where none reaches it."""
    judged = result.base
    kinds = np.array([kind for kind, name in enumerate(judged.threats) if name in shown.subject.threats])
    threatened = judged.threatened[np.ix_(chosen, kinds)]
    shots = np.where(threatened, judged.shots_min[np.ix_(chosen, kinds)], np.iinfo(np.int16).max)
    kind = kinds[shots.argmin(axis=1)]
    reached = threatened.any(axis=1)
    return np.where(reached, kind, -1), np.where(reached, judged.hardest[chosen, kind], -1)


def _everything(
    result: CoverageAnswer, home: MapWindow, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[MapWindow, dict[str, Any]]:
    """Return the window that holds points, sites and launch areas too, and the latter two."""
    scenario, seen = result.scenario, grown(home, x[np.isfinite(x)], y[np.isfinite(y)])
    near = replace(
        seen,
        x_min=seen.x_min - _FARTHEST,
        x_max=seen.x_max + _FARTHEST,
        y_min=seen.y_min - _FARTHEST,
        y_max=seen.y_max + _FARTHEST,
    )
    found = sites(scenario, scenario.architecture(result.base.architecture).elements)
    placed = [(site, *_on(near, site.latitude_deg, site.longitude_deg)) for site in found]
    launches = [
        (scenario.launch_areas[name].title or name, *_on(near, at.latitude_deg, at.longitude_deg))
        for name, at in ((name, scenario.launch_areas[name].at) for name in result.base.areas)
    ]
    kept = [(site, east, north) for site, east, north in placed if east is not None and north is not None]
    thrown = [(title, east, north) for title, east, north in launches if east is not None and north is not None]
    held = grown(seen, [east for _, east, _ in [*kept, *thrown]], [north for _, _, north in [*kept, *thrown]])
    window = grown(held, [held.x_min - _MARGIN, held.x_max + _MARGIN], [held.y_min - _MARGIN, held.y_max + _MARGIN])
    return window, {
        "kinds": {key: symbol.label for key, symbol in KINDS.items() if any(key in site.kinds for site, *_ in kept)},
        "sites": [
            {"x": _whole(east), "y": _whole(north), "kinds": site.kinds, "label": site.label, "elements": site.names}
            for site, east, north in kept
        ],
        "launches": [{"x": _whole(east), "y": _whole(north), "label": title} for title, east, north in thrown],
        "off": sorted({site.label for site, east, _ in placed if east is None}),
    }


def _on(window: MapWindow, latitude_deg: float, longitude_deg: float) -> tuple[float | None, float | None]:
    """Return a place on the map [m]; None where it is not on it."""
    x, y = (float(value) for value in window.project(latitude_deg, longitude_deg))
    return (x, y) if bool(window.holds(x, y)) else (None, None)


def _borders(window: MapWindow, members: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the rings of every country: its first vertex, then the steps to the next."""
    drawn = []
    for code, shape in countries(window, _BORDERS):
        rings = []
        for part in shapely.get_parts(shape):
            if part.geom_type != "Polygon":
                continue
            for ring in (part.exterior, *part.interiors):
                corners = np.rint(shapely.get_coordinates(ring) / UNIT).astype(np.int64)[:-1]
                steps = np.diff(corners, axis=0)
                moved = np.concatenate([corners[:1], steps[np.any(steps != 0, axis=1)]])
                if len(moved) > 2:
                    rings.append(moved.ravel().tolist())
        if rings:
            drawn.append({"member": code in members, "rings": rings})
    return drawn


def _whole(metres: ArrayLike) -> Any:
    """Return lengths [m] as whole numbers of the unit."""
    return np.rint(np.nan_to_num(np.asarray(metres, float)) / UNIT).astype(np.int64).tolist()
