"""Single pictures for notebooks and the command line: of a coverage, of the threat, of an area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

from hoplon.analysis.coverage import Coverage, headline_nations, headline_threats
from hoplon.analysis.tally import ClassSet, class_sets, class_title, tally
from hoplon.presentation import colours
from hoplon.presentation.maps.areas import Mark, area_map, area_of_geojson
from hoplon.presentation.maps.coverage import coverage_map, coverage_title, draw_coverage
from hoplon.presentation.maps.raster import Ground
from hoplon.presentation.maps.reach import reach_map
from hoplon.presentation.maps.shown import ShownCoverage
from hoplon.presentation.picture import Picture
from hoplon.scenario.geography import land_grid
from hoplon.scenario.model import Scenario

_LEGEND_INCH: Final = 6.5  # [inch] axes lower than this have a small legend below them


def plot_coverage(
    scenario: Scenario,
    covered: Coverage,
    threats: Sequence[str] | None = None,
    nations: Sequence[str] | None = None,
    counted: Literal["people", "points"] = "people",
) -> Picture:
    """Draw a coverage on a map.

    Parameters
    ----------
    scenario : Scenario
        Whose sites and radars.
    covered : Coverage
        What was judged.
    threats : sequence of str, optional
        Classes counted together; the headline's by default, or all that the coverage holds if it lacks them.
    nations : sequence of str, optional
        Nations counted; by default those that the headline counts in the architecture's year.
    counted : {"people", "points"}
        What the share of people counts: points where they were given without a population.
    """
    shown = shown_coverage(scenario, covered, threats, nations, counted)
    return coverage_map(Ground(covered.points), scenario, shown, f"coverage-{covered.architecture}")


def draw_on(
    axes: Axes,
    scenario: Scenario,
    covered: Coverage,
    threats: Sequence[str] | None = None,
    nations: Sequence[str] | None = None,
    counted: Literal["people", "points"] = "people",
) -> Axes:
    """Draw a coverage into axes, with its title, and return them; the parameters are those of :func:`plot_coverage`."""
    shown = shown_coverage(scenario, covered, threats, nations, counted)
    figure = axes.get_figure(root=True)
    assert figure is not None
    canvas = figure.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        FigureCanvasAgg(figure)  # on which labels are measured
    try:
        height = axes.get_window_extent().height / figure.dpi
        draw_coverage(axes, Ground(covered.points), scenario, shown, small=height < _LEGEND_INCH)
    finally:
        figure.set_canvas(canvas)
    axes.set_title(coverage_title(scenario, shown), loc="left", fontsize=10, color=colours.INK)
    return axes


def shown_coverage(
    scenario: Scenario,
    covered: Coverage,
    threats: Sequence[str] | None = None,
    nations: Sequence[str] | None = None,
    counted: Literal["people", "points"] = "people",
) -> ShownCoverage:
    """Return what a map of a coverage shows; the parameters are those of :func:`plot_coverage`."""
    wanted = tuple(threats) if threats is not None else tuple(headline_threats(scenario))
    held = tuple(name for name in wanted if name in covered.threats) or covered.threats
    known = {entry.threats: entry for entry in class_sets(scenario, covered.year)}
    listed = ", ".join(class_title(scenario, name) for name in held)
    subject = known.get(held, ClassSet("chosen", listed, held))
    codes = tuple(nations) if nations is not None else headline_nations(scenario, covered.year)
    count = tally(covered, (subject,), codes).count(subject.key, codes)
    return ShownCoverage(covered, subject, codes, count.population_share, count.area_share, counted)


def plot_threat(scenario: Scenario) -> Picture:
    """Draw who is within reach of which class."""
    return reach_map(Ground(land_grid(tuple(scenario.nations))), scenario)


def plot_area(
    scenario: Scenario,
    architecture: str,
    areas: Mapping[str, tuple[Mapping[str, Any], float]],
    titles: tuple[str, str],
    marks: Sequence[Mark] = (),
    batteries: Sequence[str] | None = None,
    name: str = "area",
) -> Picture:
    """Draw footprints or denied areas.

    Parameters
    ----------
    scenario : Scenario
        Whose sites.
    architecture : str
        Which of them.
    areas : mapping
        Label to GeoJSON (geometry, feature or collection) and size [km2].
    titles : tuple of str
        Title and subtitle.
    marks : sequence of Mark
        Launch areas and aims to name.
    batteries : sequence of str, optional
        Draw these batteries alone, with every radar; every battery by default. Nodes are left out.
    name : str
        Stem of the files.
    """
    elements = {
        key: element
        for key, element in scenario.architecture(architecture).elements.items()
        if element.node is None and (batteries is None or element.battery is None or key in batteries)
    }
    shapes = [area_of_geojson(label, geometry, size) for label, (geometry, size) in areas.items()]
    return area_map(scenario, shapes, marks, elements, titles, name, headline_nations(scenario, None))
