"""The robustness of a choice asked for by itself: whose points, which classes, how many samples, done by whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.architectures import ROBUSTNESS_QUESTION, decided_architectures
from hoplon.analysis.coverage import headline_threats
from hoplon.analysis.coverage_solver import Asked
from hoplon.analysis.robustness.answer import ChoiceSamples, PointsSampled
from hoplon.analysis.robustness.designs import GIVEN, refuse_design
from hoplon.analysis.robustness.summary import Evaluation, robustness_of
from hoplon.analysis.sampling.factors import NO_EFFECT, factors_of, unused_numbers
from hoplon.analysis.sampling.kept_shares import KeptShares
from hoplon.analysis.sampling.sampled_values import Measure, SampledWork, Sampling, ValueKind, hypercube, sampled_values
from hoplon.analysis.sampling.scope import MARKS, common_nations
from hoplon.analysis.sampling.weighted_subset import weighted_subset
from hoplon.errors import InputError
from hoplon.progress import silent

if TYPE_CHECKING:
    from pathlib import Path

    from hoplon.analysis.coverage_solver import Cover
    from hoplon.analysis.robustness.answer import RobustnessAnswer
    from hoplon.campaigns.driver import Shard, State
    from hoplon.campaigns.executors import Executor
    from hoplon.progress import Progress
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario

LEVELS: Final[tuple[Level, ...]] = ("low", "base", "high")
SAMPLES: Final = 1024
SEED: Final = 1
_FEWEST: Final = 2  # architectures of a choice


@dataclass(frozen=True)
class ChoiceScope:
    """What the value of an architecture counts.

    Parameters
    ----------
    points : AimPoints
        All of them.
    threats, areas : tuple of str, optional
        Classes that count together, and launch areas; the headline's, and every one, by default.
    given : bool
        The points were given: each counts, whatever its nation.
    level : {"low", "base", "high"}
    value : {"population", "area", "worst_nation"}
    marks : int, optional
        Of the weighted subset of points; by default 1,024, and every one of points that were given.
    """

    points: AimPoints
    threats: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None
    given: bool = False
    level: Level = "base"
    value: ValueKind = "population"
    marks: int | None = None

    @property
    def weight(self) -> NDArray[np.float64]:
        """People or land that each point counts for."""
        return self.points.area_km2 if self.value == "area" else self.points.population


def chosen_between(scenario: Scenario, architectures: Sequence[str]) -> tuple[str, ...]:
    """Return the architectures to choose between: those named, or those of the scenario's question.

    Raises
    ------
    InputError
        If there are fewer than two, or one is named twice.
    """
    names = tuple(architectures) or decided_architectures(scenario)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"architecture {twice}: is named twice; a choice is between architectures that differ")
    if len(names) < _FEWEST:
        where = f"questions.{ROBUSTNESS_QUESTION}.architectures of {scenario.name}"
        there = f"{where} holds {len(names)}" if not architectures else f"got {names[0]} alone"
        raise InputError(f"architecture: two or more to choose between were expected, {there}; name them")
    return names


def robustness(
    scenario: Scenario,
    architectures: Sequence[str],
    scope: ChoiceScope,
    cover: Cover,
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
    indices: str = GIVEN,
    folder: Path | None = None,
    executor: Executor | None = None,
    shard: Shard | None = None,
    progress: Progress = silent,
    watch: Callable[[State], None] = lambda state: None,
) -> RobustnessAnswer | State:
    """Return how sure the choice between architectures is; of a shard, how far it is.

    Parameters
    ----------
    scenario : Scenario
    architectures : sequence of str
        Those of the scenario's question where none is named.
    scope : ChoiceScope
    cover : Cover
    samples, seed : int
        Of the Latin hypercube.
    indices : {"given", "sobol", "morris"}
    folder : Path, optional
        Where finished chunks are kept; the same call goes on there.
    executor : Executor, optional
        Does the chunks; in this process by default.
    shard : Shard, optional
        Do these chunks alone, and make nothing of them.
    progress, watch : callable

    Raises
    ------
    InputError
        For fewer than two architectures, or a number of samples that cannot be.
    OutputError
        If a chunk cannot be kept; those that are stay. If SALib is needed, and not there.
    """
    names = chosen_between(scenario, architectures)
    refuse_design(indices, samples)
    factors = (*factors_of(scenario, names), NO_EFFECT)
    coordinates = hypercube(factors, samples, seed)
    whole = _whole(scenario, names, scope, cover, folder, progress)
    sampling, of = replace(whole.sampling, factors=factors, coordinates=coordinates), len(scope.points)
    if not scope.given or scope.marks is not None:
        counts = whole.threatened & whole.counted
        subset = weighted_subset(scope.points, np.where(counts, scope.weight, 0.0), scope.marks or MARKS)
        sampling, of = replace(sampling, points=subset.points, weight=subset.weight), subset.of
    if shard is not None:
        return SampledWork(sampling, cover, folder).run(executor, shard, progress, watch)
    values, notes = sampled_values(sampling, cover, folder, executor, progress, watch)
    ends = {level: values[0, :, 0] if level == scope.level else _at_base(sampling, cover, level) for level in LEVELS}
    errors = {
        name: {level: _less(ends[level][at], whole.shares[level][at]) for level in LEVELS}
        for at, name in enumerate(names)
    }
    judged = ChoiceSamples(
        names,
        factors,
        unused_numbers(scenario, names),
        coordinates[1:],
        values[1:, :, 0],
        values[0, :, 0],
        PointsSampled(len(sampling.points), of, errors),
        scope.value,
        seed,
    )
    return robustness_of(
        judged, Evaluation(sampling, cover, folder, executor, progress), indices, (*whole.notes, *notes)
    )


def robustness_from(
    sampling: Sampling,
    values: NDArray[np.float64],
    architectures: Sequence[str],
    shares: Mapping[str, Mapping[Level, float | None]],
    cover: Cover,
    *,
    of: int,
    seed: int,
    folder: Path | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> RobustnessAnswer:
    """Return how sure the choice between architectures is from samples of more of them, as :func:`robustness` does.

    Parameters
    ----------
    sampling : Sampling
        Its last measure is the one that is compared.
    values : ndarray, shape (1 + n, architectures, measures)
        Base values first.
    architectures : sequence of str
        Those to choose between.
    shares : mapping of str to mapping
        Value of all points by architecture and level.
    cover : Cover
    of : int
        Points that the sampled ones stand for.
    seed : int
        Of the samples.
    folder : Path, optional
    executor : Executor, optional
        Judges what the samples do not hold; in this process by default.
    progress : callable
    """
    names, scenario = tuple(architectures), sampling.scenario
    factors = (*factors_of(scenario, names), NO_EFFECT)
    columns = [[one.name for one in sampling.factors].index(factor.name) for factor in factors]
    rows = [sampling.architectures.index(name) for name in names]
    measure = sampling.measures[-1]
    nations = measure.nations[rows[0]]
    inside = np.isin(sampling.points.nation, nations or ())
    asked = replace(
        sampling,
        architectures=names,
        points=sampling.points.subset(inside),
        weight=sampling.weight[inside],
        measures=(replace(measure, nations=(nations,) * len(names)),),
        factors=factors,
        coordinates=sampling.coordinates[:, columns],
    )
    found = values[:, rows, -1]
    ends: dict[Level, NDArray[np.float64]] = {level: _at_base(asked, cover, level) for level in LEVELS}
    errors = {
        name: {level: _less(ends[level][at], shares[name][level]) for level in LEVELS} for at, name in enumerate(names)
    }
    judged = ChoiceSamples(
        names,
        factors,
        unused_numbers(scenario, names),
        asked.coordinates[1:],
        found[1:],
        found[0],
        PointsSampled(len(asked.points), of, errors),
        measure.value,
        seed,
    )
    return robustness_of(judged, Evaluation(asked, cover, folder, executor, progress))


def _less(part: float, whole: float | None) -> float | None:
    return None if whole is None or np.isnan(part) or np.isnan(whole) else float(part - whole)


def _at_base(sampling: Sampling, cover: Cover, level: Level) -> NDArray[np.float64]:
    """Return the values of the points that are sampled at a level of the disputed inputs, all else at base."""
    base = replace(sampling, coordinates=np.full((1, len(sampling.factors)), 0.5), level=level)
    return base.row(cover, 0)[:, 0]


@dataclass(frozen=True)
class _Whole:
    """All points judged at base: what they are sampled by, which are threatened, values by level, what was damaged."""

    sampling: Sampling
    counted: NDArray[np.bool_]
    threatened: NDArray[np.bool_]
    shares: dict[Level, NDArray[np.float64]]
    notes: tuple[str, ...]


def _whole(
    scenario: Scenario,
    names: tuple[str, ...],
    scope: ChoiceScope,
    cover: Cover,
    folder: Path | None,
    progress: Progress,
) -> _Whole:
    """Judge all points at base values and both corners; what was kept is not judged again."""
    points = scope.points
    nations = None if scope.given else common_nations(scenario, names)
    counted = np.ones(len(points), dtype=bool) if nations is None else np.isin(points.nation, nations)
    measure = Measure((nations,) * len(names), value=scope.value)
    middle = np.full((1, 0), 0.5)
    sampling = Sampling(
        scenario, names, points, scope.weight, (measure,), (), middle, scope.threats, scope.areas, scope.level
    )
    size = len(LEVELS) * len(names)
    kept = KeptShares(folder, ["all points", *sampling.content()], (size + len(points),))
    found = kept.find(range(1))
    if found is None:
        threats = headline_threats(scenario) if scope.threats is None else scope.threats
        threatened, values = np.zeros(len(points), dtype=bool), []
        for place, level in enumerate(LEVELS):
            progress(place, len(LEVELS), f"every point at {level} values")
            judged = cover.judge_once([Asked(scenario, name, level) for name in names], points, threats, scope.areas)
            values += [sampling.value_of(measure, at, one) for at, one in enumerate(judged)]
            for reached, _ in judged:
                threatened |= reached.any(axis=1)
        progress(len(LEVELS), len(LEVELS), "")
        found = np.concatenate([values, threatened.astype(float)])[None]
        kept.keep(range(1), found)
    shares = found[0, :size].reshape(len(LEVELS), len(names))
    return _Whole(sampling, counted, found[0, size:] > 0.0, dict(zip(LEVELS, shares, strict=True)), kept.notes)
