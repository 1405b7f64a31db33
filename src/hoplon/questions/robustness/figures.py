"""The figures of question 13."""

from __future__ import annotations

from functools import partial

from hoplon.analysis.architectures import figure_title
from hoplon.analysis.robustness.answer import RobustnessAnswer
from hoplon.analysis.sampling.factors import Factor
from hoplon.presentation.charts.choices import better_map, choice_bars
from hoplon.presentation.picture import Picture, source_line
from hoplon.presentation.wording import capitalised
from hoplon.questions.question import FigureSpec
from hoplon.questions.robustness.findings import input_words
from hoplon.questions.study import Study

_ENDS = (0.0, 0.5, 1.0)  # of an input's range: its low, its base value, its high


def figures(study: Study, answer: RobustnessAnswer) -> tuple[FigureSpec, ...]:
    """Return the figure of the choice, and the map of the two inputs that matter most to it."""
    if answer.choice.winner is None or not answer.samples.counted.any():
        return ()
    titles = {name: figure_title(study.scenario, name) for name in answer.choice.architectures}
    source = source_line(study.scenario.name, study.scenario.sha256)
    counted = f"{study.region}, {study.classes_title}"
    found = [FigureSpec("robustness", "figures", partial(choice_figure, answer, titles, counted, source))]
    if answer.map is not None:
        found.append(FigureSpec("robustness_map", "figures", partial(map_figure, answer, titles, counted, source)))
    return tuple(found)


def choice_figure(answer: RobustnessAnswer, titles: dict[str, str], counted: str, source: str) -> Picture:
    """Draw the value of each architecture over the samples, how often it is best, and its regret."""
    choice = answer.choice
    order = sorted(range(len(choice.architectures)), key=lambda at: -(choice.share_best[at].mean or 0.0))
    heads = (
        "How sure is the choice?",
        f"Share of the threatened people of {counted}, who are defended, in {len(answer.samples.values)} samples of "
        f"{len(answer.samples.factors) - 1} uncertain inputs;\n"
        "what contains another defends no less, so that only alternatives are a choice",
    )
    return choice_bars(
        [titles[choice.architectures[at]] for at in order],
        [float(answer.samples.base[at]) for at in order],
        [_three(choice.values[at].p05, choice.values[at].mean, choice.values[at].p95) for at in order],
        [_three(rate.low, rate.mean, rate.high) for rate in (choice.share_best[at] for at in order)],
        [_three(choice.regrets[at].mean, choice.regrets[at].p95, None)[:2] for at in order],
        heads,
        source,
        "robustness",
    )


def _three(low: float | None, mean: float | None, high: float | None) -> tuple[float, float, float]:
    return low or 0.0, mean or 0.0, high or 0.0


def map_figure(answer: RobustnessAnswer, titles: dict[str, str], counted: str, source: str) -> Picture:
    """Draw which of the two architectures that lead is better over the two inputs that matter most."""
    shown = answer.map
    assert shown is not None
    names = (titles[shown.a], titles[shown.b])
    heads = (
        "Which input turns the choice?",
        f"{names[0]} less {names[1]}: points of the threatened people of {counted};\n"
        "two inputs from low over base to high, all others at base",
    )
    first, second = shown.factors
    return better_map(
        shown.difference,
        (_axis(first), _axis(second)),
        (_ticks(first), _ticks(second)),
        names,
        heads,
        source,
        "robustness_map",
    )


def _axis(factor: Factor) -> str:
    """Return what an axis is called: the inputs, and the number that its ticks show."""
    words = capitalised(input_words(factor.name).replace("`", ""))
    return words if words == factor.paths[0] else f"{words}\n({factor.paths[0]})"


def _ticks(factor: Factor) -> list[str]:
    return [f"{factor.at(end)[factor.paths[0]]:.3g}" for end in _ENDS]
