"""The functions of the library that draw an answer; nothing heavy is imported before one is called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoplon.errors import InputError
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from hoplon.analysis.coverage_answer import CoverageAnswer
    from hoplon.analysis.records import Answer
    from hoplon.presentation.picture import Picture
    from hoplon.report.views.interactive_map import InteractiveMap
    from hoplon.scenario.model import Level


def plot(
    result: Answer, threats: Sequence[str] | str | None = None, level: Level = "base", *, ax: Any = None
) -> Picture | Any:
    """Draw an answer: a coverage, losses, costs by year, strategic stability, a comparison, a sweep.

    Parameters
    ----------
    result : CoverageAnswer, Survival, CostAnswer, StabilityAnswers, ArchitectureComparison or Sweep
        From :func:`hoplon.coverage`, ``survive``, ``cost``, ``stability``, ``compare``, ``sweep``.
    threats : sequence of str or str, optional
        Classes counted together, of a coverage; by default those that the answer counts together.
    level : {"low", "base", "high"}
        Which of the levels of a coverage.
    ax : matplotlib Axes, optional
        Drawn into, and returned. By default the answer is a picture of its own.

    Returns
    -------
    Picture or matplotlib Axes
        A picture has ``svg`` and ``png`` bytes; a notebook shows it.

    Raises
    ------
    InputError
        If there is no picture of such an answer; if ``ax`` is given where one picture has several panels.
    UnknownNameError
        If a class or the level is not of this coverage.
    """
    from hoplon.analysis.coverage_answer import CoverageAnswer
    from hoplon.report.sweeps import Sweep
    from hoplon.report.views.charts import chart

    if isinstance(result, CoverageAnswer):
        return _map(result, threats, level, ax)
    if threats is not None or level != "base":
        raise InputError("plot: threats and level are of a coverage alone")
    return result.plot(ax=ax) if isinstance(result, Sweep) else chart(result, ax)


def explore(result: CoverageAnswer, path: str | Path | None = None) -> InteractiveMap:
    """Return a coverage as a map to look around in: one HTML page that asks nothing of any network.

    Parameters
    ----------
    result : CoverageAnswer
        From :func:`coverage`; with ``explain=True`` undefended points tell their cause.
    path : str or Path, optional
        File to write the page to.

    Returns
    -------
    InteractiveMap
        ``html``, the page; a notebook shows it.

    Raises
    ------
    InputError
        If ``result`` is no coverage.
    OutputError
        If the file cannot be written.
    """
    from hoplon.analysis.coverage_answer import CoverageAnswer
    from hoplon.report.views.interactive_map import interactive_map

    if not isinstance(result, CoverageAnswer):
        raise InputError(f"explore: what coverage() returns was expected, got {type(result).__name__}")
    shown = interactive_map(result)
    if path is not None:
        shown.write(path)
    return shown


def _map(result: CoverageAnswer, threats: Sequence[str] | str | None, level: Level, ax: Any) -> Picture | Any:
    from hoplon.presentation.maps.single import draw_on, plot_coverage

    judged = result.at(level)
    wanted = result.threats if threats is None else (threats,) if isinstance(threats, str) else threats
    named = [known_name("class of this coverage", name, judged.threats) for name in wanted]
    if ax is None:
        return plot_coverage(result.scenario, judged, named, result.nations, result.counted)
    return draw_on(ax, result.scenario, judged, named, result.nations, result.counted)
