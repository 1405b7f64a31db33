"""Charts of single answers: those of the questions, with one architecture a panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.costs.answer import CostAnswer
from hoplon.analysis.stability.answer import StabilityAnswer, StabilityAnswers
from hoplon.analysis.stability.views import JUDGED, KINEMATIC
from hoplon.analysis.subsets.survivability import VALUE_TITLES, Survival
from hoplon.errors import InputError
from hoplon.presentation.charts.costs import cost_bars, cost_years, draw_cost_years
from hoplon.presentation.charts.degradation import degradation_curve, degradation_curves, draw_degradation
from hoplon.presentation.charts.engaged_shares import EngagedShares, draw_engaged_shares, engaged_shares_figure
from hoplon.presentation.picture import source_line
from hoplon.report.comparison import ArchitectureComparison
from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.analysis.records import Answer
    from hoplon.presentation.picture import Picture

_COUNTED: Final = {
    "population_share": "of the threatened people",
    "area_share": "of the threatened land",
    "worst_nation": "of the threatened people of the nation defended least",
}


def chart(result: Answer, ax: Any = None) -> Picture | Any:
    """Draw an answer that has a chart.

    Parameters
    ----------
    result : Answer
    ax : matplotlib Axes, optional
        Drawn into, and returned.

    Raises
    ------
    InputError
        If there is no chart of it, or it has several panels and ``ax`` is given.
    """
    for kind, draw in _CHARTS.items():
        if isinstance(result, kind):
            return draw(result, ax)
    raise InputError(
        f"plot: what coverage(), survive(), cost(), stability(), compare() or sweep() returns was expected, got "
        f"{type(result).__name__}"
    )


def _losses(result: Survival, ax: Any) -> Picture | Any:
    curve = degradation_curve(result.architecture, result)
    if not curve.losses:
        raise InputError("plot: nothing is threatened, so that there is no share to draw")
    if ax is not None:
        draw_degradation(ax, curve, max(curve.losses))
        return ax
    heads = (
        "What is left after losses of sites",
        f"Share {_COUNTED[VALUE_TITLES[result.value]]}; over every set of so many sites",
    )
    return degradation_curves([curve], heads, _source(result), "survivability")


def _costs(result: CostAnswer, ax: Any) -> Picture | Any:
    bars = [cost_bars(name, cost) for name, cost in result.costs.items()]
    if ax is not None:
        item = _only(bars, "cost")
        draw_cost_years(
            ax, item, (item.years[0], item.years[-1]), max(map(sum, zip(item.bought, item.run, strict=True)))
        )
        return ax
    heads = ("Cost by year", f"Billion USD at prices of {result.price_year}, not discounted")
    return cost_years(bars, heads, _source(result), "cost-years")


def _stability(result: StabilityAnswers | StabilityAnswer, ax: Any) -> Picture | Any:
    answers = (result,) if isinstance(result, StabilityAnswer) else result.answers
    panels = [
        EngagedShares(
            item.architecture,
            tuple(item.speeds),
            tuple(shares[JUDGED].share for shares in item.speeds.values()),
            tuple(shares[KINEMATIC].share for shares in item.speeds.values()),
            (),
        )
        for item in answers
    ]
    if ax is not None:
        draw_engaged_shares(ax, _only(panels, "stability"), 1)
        return ax
    heads = (
        "Strategic trajectories engaged, against burnout speed",
        "Share of the trajectories that could be intercepted in time; no kill and no number of interceptors is meant",
    )
    return engaged_shares_figure(panels, heads, "", _source(result), "stability")


def _comparison(result: ArchitectureComparison, ax: Any) -> Picture:
    if ax is not None:
        raise InputError("plot: the map of a comparison is a picture of its own; leave ax out")
    return result.picture


def _source(result: Answer) -> str:
    """Return what the last line of a picture says of where it comes from."""
    made = result.provenance()
    if "scenario_sha256" not in made:
        return f"hoplon {VERSION}"
    drawn = () if made["seed"] is None else (f"seed {made['seed']}",)
    return source_line(made["scenario"], made["scenario_sha256"], *drawn)


def _only(panels: list[Any], command: str) -> Any:
    if len(panels) != 1:
        raise InputError(
            f"plot: {len(panels)} architectures need {len(panels)} panels; leave ax out, or ask {command} of one"
        )
    return panels[0]


_CHARTS: Final[dict[type[Any], Callable[[Any, Any], Any]]] = {
    Survival: _losses,
    CostAnswer: _costs,
    StabilityAnswer: _stability,
    StabilityAnswers: _stability,
    ArchitectureComparison: _comparison,
}
