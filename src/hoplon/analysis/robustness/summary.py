"""From samples to an answer: the choice, the indices of the factors, and where the choice switches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.architectures import contains
from hoplon.analysis.robustness.answer import ChoiceSamples, RobustnessAnswer, TwoFactorMap, dummy_index
from hoplon.analysis.robustness.decision import ArchitectureChoice, choice_between
from hoplon.analysis.robustness.designs import GIVEN, design_of, indices_of_design
from hoplon.analysis.robustness.indices import FactorIndex, indices_of, noise_floor, resamples
from hoplon.analysis.robustness.switching import GRID, MOST_FACTORS, STEPS, Switch, switching_steps
from hoplon.analysis.sampling.factors import NO_EFFECT
from hoplon.analysis.sampling.sampled_values import Sampling, sampled_values
from hoplon.campaigns.executors import Executor
from hoplon.progress import silent

if TYPE_CHECKING:
    from pathlib import Path

    from hoplon.analysis.coverage_solver import Cover
    from hoplon.progress import Progress

_FEW = 64  # samples that this process does sooner than others begin


class Evaluation:
    """Judges the compared architectures at further coordinates, as the samples were judged.

    Parameters
    ----------
    sampling : Sampling
        Of the samples; its first measure is what is compared.
    cover : Cover
    folder : Path, optional
        Where what is judged is kept.
    executor : Executor, optional
        Does more than a few; in this process by default.
    progress : callable
    """

    def __init__(
        self,
        sampling: Sampling,
        cover: Cover,
        folder: Path | None = None,
        executor: Executor | None = None,
        progress: Progress = silent,
    ) -> None:
        self.sampling, self._cover, self._folder = sampling, cover, folder
        self._executor, self._progress = executor, progress
        self.notes: tuple[str, ...] = ()

    def at(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values, shape (n, architectures), at coordinates, shape (n, factors)."""
        executor = self._executor if len(coordinates) > _FEW else None
        asked = replace(self.sampling, coordinates=coordinates)
        values, notes = sampled_values(asked, self._cover, self._folder, executor, self._progress)
        self.notes += notes
        return np.asarray(values[:, :, 0])

    def one_moved(self, places: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
        """Return the values with one factor, by its index, at a step of its range each and all else at base."""
        coordinates = np.full((len(places), len(self.sampling.factors)), 0.5)
        for row, (factor, step) in zip(coordinates, places, strict=True):
            row[factor] = step / STEPS
        return self.at(coordinates)


def robustness_of(
    samples: ChoiceSamples, evaluation: Evaluation, method: str = GIVEN, notes: Sequence[str] = ()
) -> RobustnessAnswer:
    """Return how sure the choice between architectures is.

    Parameters
    ----------
    samples : ChoiceSamples
    evaluation : Evaluation
        Judges what the samples do not hold: along factors that count, and over the two that matter most.
    method : {"given", "sobol", "morris"}
        Of the indices.
    notes : sequence of str
        What the answer is to tell.
    """
    scenario, counted = evaluation.sampling.scenario, samples.counted
    values, coordinates = samples.values[counted], samples.coordinates[counted]
    choice = choice_between(samples.architectures, samples.base, values)
    names = [factor.name for factor in samples.factors]
    floor = noise_floor(len(values), len(names))
    if method == GIVEN:
        found = indices_of(coordinates, _with_differences(samples, values), resamples(samples.seed, len(values)))
    else:
        design = design_of(method, names, len(samples.values), samples.seed)
        judged = _with_differences(samples, evaluation.at(design))
        found, floor = indices_of_design(method, names, design, judged, samples.seed), None
    index, low, high = found
    listed = [
        tuple(
            _index(name, float(index[factor, column]), float(low[factor, column]), float(high[factor, column]), floor)
            for factor, name in enumerate(names)
        )
        for column in range(index.shape[1])
    ]
    alone, together = listed[: len(samples.architectures)], listed[len(samples.architectures) :]
    strongest = [_strongest(one) for one in together]
    contained = tuple(contains(scenario, one.a, one.b) != contains(scenario, one.b, one.a) for one in choice.pairs)
    led_by = _led_by(samples, choice, contained)
    return RobustnessAnswer(
        scenario.name,
        samples,
        choice,
        method,
        tuple(alone),
        tuple(together),
        _switches(samples, evaluation, strongest),
        floor,
        dummy_index(samples.factors, found[0]),
        contained,
        led_by,
        None if led_by is None else _map(samples, evaluation, led_by, together),
        (*notes, *evaluation.notes),
    )


def _with_differences(samples: ChoiceSamples, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values by architecture, and after them the difference of each pair."""
    differences = [values[:, a] - values[:, b] for a, b in samples.pairs]
    return np.column_stack([values, *differences])


def _index(factor: str, index: float, low: float, high: float, floor: float | None) -> FactorIndex:
    least = low if floor is None else index  # a design's own interval tells where there is no floor
    counts = bool(least > (0.0 if floor is None else floor))
    ends = [None if np.isnan(number) else number for number in (index, low, high)]
    return FactorIndex(factor, ends[0], ends[1], ends[2], counts)


def _strongest(indices: Sequence[FactorIndex]) -> list[int]:
    """Return the places of the factors that count, the strongest first."""
    counted = [place for place, one in enumerate(indices) if one.counts and one.factor != NO_EFFECT.name]
    return sorted(counted, key=lambda place: -(indices[place].index or 0.0))[:MOST_FACTORS]


def _switches(
    samples: ChoiceSamples, evaluation: Evaluation, strongest: Sequence[Sequence[int]]
) -> tuple[tuple[Switch, ...], ...]:
    asked = [(factor, a, b) for (a, b), factors in zip(samples.pairs, strongest, strict=True) for factor in factors]
    found = iter(switching_steps(asked, evaluation.one_moved))
    return tuple(tuple(_switch(samples, factor, next(found)) for factor in factors) for factors in strongest)


def _switch(samples: ChoiceSamples, factor: int, at: float | None) -> Switch:
    moved = samples.factors[factor]
    return Switch(moved.name, at, {} if at is None else moved.at(at))


def _led_by(samples: ChoiceSamples, choice: ArchitectureChoice, contained: Sequence[bool]) -> tuple[str, str] | None:
    """Return the two best architectures at base values of which neither contains the other; else the two best."""
    if choice.winner is None:
        return None
    order = sorted(range(len(choice.architectures)), key=lambda place: -samples.base[place])
    rank = {choice.architectures[place]: at for at, place in enumerate(order)}
    apart = [one for one, within in zip(choice.pairs, contained, strict=True) if not within] or list(choice.pairs)
    best = min(apart, key=lambda one: sorted((rank[one.a], rank[one.b])), default=None)
    if best is None:
        return None
    first, second = sorted((best.a, best.b), key=lambda name: rank[name])
    return first, second


def _map(
    samples: ChoiceSamples,
    evaluation: Evaluation,
    led_by: tuple[str, str],
    together: Sequence[Sequence[FactorIndex]],
) -> TwoFactorMap | None:
    """Return the difference of two architectures over the two factors that matter most to it."""
    a, b = (samples.architectures.index(name) for name in led_by)
    indices = together[samples.pairs.index((min(a, b), max(a, b)))]
    known = [place for place, one in enumerate(indices) if one.index is not None and one.factor != NO_EFFECT.name]
    strongest = sorted(known, key=lambda place: -(indices[place].index or 0.0))[:2]
    if len(strongest) < len(("along", "across")):
        return None
    first, second = strongest
    steps = np.linspace(0.0, 1.0, GRID)
    coordinates = np.full((GRID * GRID, len(samples.factors)), 0.5)
    coordinates[:, first], coordinates[:, second] = (axis.ravel() for axis in np.meshgrid(steps, steps, indexing="ij"))
    values = evaluation.at(coordinates)
    difference = (values[:, a] - values[:, b]).reshape(GRID, GRID)
    return TwoFactorMap(*led_by, (samples.factors[first], samples.factors[second]), steps, difference)
