"""How sure the choice between architectures is: the samples, and everything that is made of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.records import Answer, Row
from hoplon.analysis.robustness.decision import ArchitectureChoice
from hoplon.analysis.robustness.indices import FactorIndex
from hoplon.analysis.robustness.switching import Switch
from hoplon.analysis.sampling.factors import NO_EFFECT

if TYPE_CHECKING:
    from hoplon.analysis.sampling.factors import Factor
    from hoplon.scenario.model import Level


@dataclass(frozen=True)
class PointsSampled:
    """The points that are judged in every sample, in place of all of them.

    Attributes
    ----------
    points, of : int
        How many are judged, and how many they stand for.
    errors : mapping of str to mapping
        By architecture and level, the value of the points judged less that of all; None where nothing is threatened.
    """

    points: int
    of: int
    errors: Mapping[str, Mapping[Level, float | None]]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "points": self.points,
            "of": self.of,
            "error": {name: dict(error) for name, error in self.errors.items()},
        }


@dataclass(frozen=True)
class ChoiceSamples:
    """Samples of every input with bounds, and the values of the architectures that are chosen between.

    Attributes
    ----------
    architectures : tuple of str
    factors : tuple of Factor
        The one that moves nothing is last.
    unused : tuple of str
        Paths of numbers with bounds that no coverage depends on.
    coordinates : ndarray, shape (n, factors)
    values : ndarray, shape (n, architectures)
        NaN where a sample does not count.
    base : ndarray, shape (architectures,)
    subset : PointsSampled
    value : str
        What values are: a share of people, of land, or of the worst defended nation.
    seed : int
    """

    architectures: tuple[str, ...]
    factors: tuple[Factor, ...]
    unused: tuple[str, ...]
    coordinates: NDArray[np.float64]
    values: NDArray[np.float64]
    base: NDArray[np.float64]
    subset: PointsSampled
    value: str
    seed: int

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Which samples count: those in which every architecture has a value."""
        return np.asarray(~np.isnan(self.values).any(axis=1))

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Every two architectures, in order."""
        return tuple(combinations(range(len(self.architectures)), 2))

    def csv_text(self) -> str:
        """Return the samples as CSV: a row each, with coordinates and values to 17 digits."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        coordinates = [f"u.{factor.name}" for factor in self.factors]
        writer.writerow(["sample", *coordinates, *(f"value.{name}" for name in self.architectures), "invalid"])
        for place, counted in enumerate(self.counted):
            numbers = (*self.coordinates[place].tolist(), *self.values[place].tolist())
            cells = ("" if np.isnan(number) else f"{number:.17g}" for number in numbers)
            writer.writerow([place, *cells, "false" if counted else "true"])
        return stream.getvalue()


@dataclass(frozen=True)
class TwoFactorMap:
    """The difference between two architectures over two factors, all others at base.

    Attributes
    ----------
    a, b : str
    factors : tuple of Factor
        That along the first axis, and that along the second.
    coordinates : ndarray, shape (9,)
        Of either factor.
    difference : ndarray, shape (9, 9)
        Value of a less that of b; NaN where there is none.
    """

    a: str
    b: str
    factors: tuple[Factor, Factor]
    coordinates: NDArray[np.float64]
    difference: NDArray[np.float64]

    def as_json(self) -> dict[str, Any]:
        """Return the map as plain data."""
        found = [[_known(value) for value in row] for row in self.difference.tolist()]
        names = [factor.name for factor in self.factors]
        return {"a": self.a, "b": self.b, "factors": names, "at": self.coordinates.tolist(), "difference": found}


@dataclass(frozen=True, repr=False)
class RobustnessAnswer(Answer):
    """How sure the choice between architectures is.

    Attributes
    ----------
    scenario : str
    samples : ChoiceSamples
    choice : ArchitectureChoice
    method : {"given", "sobol", "morris"}
        Of the indices.
    indices : tuple of tuple of FactorIndex
        By architecture, factors in order.
    pair_indices : tuple of tuple of FactorIndex
        Of the difference of each pair, in the order of ``choice.pairs``.
    switches : tuple of tuple of Switch
        Of each pair, for the factors that count, the strongest first.
    noise_floor, dummy_index : float or None
        What the index of a factor without an effect exceeds hardly ever; the greatest index of the one that moves
        nothing.
    contained : tuple of bool
        Of each pair, whether one architecture fields all that the other fields, and more.
    led_by : tuple of str, optional
        The two best alternatives of which neither contains the other; the two best where every one does.
    map : TwoFactorMap, optional
        Of those two over the two factors that matter most to the difference.
    notes : tuple of str
        What was found damaged in the folder, and computed again.
    """

    scenario: str
    samples: ChoiceSamples
    choice: ArchitectureChoice
    method: str
    indices: tuple[tuple[FactorIndex, ...], ...]
    pair_indices: tuple[tuple[FactorIndex, ...], ...]
    switches: tuple[tuple[Switch, ...], ...]
    noise_floor: float | None
    dummy_index: float | None
    contained: tuple[bool, ...]
    led_by: tuple[str, str] | None = None
    map: TwoFactorMap | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def seed(self) -> int:
        """Of the Latin hypercube."""
        return self.samples.seed

    @property
    def invalid(self) -> int:
        """How many samples do not count, for bounds cross in them or nothing is threatened."""
        return int((~self.samples.counted).sum())

    @property
    def sound(self) -> bool:
        """Whether the factor that moves nothing has no more of an index than chance gives it."""
        return self.dummy_index is None or self.noise_floor is None or self.dummy_index <= self.noise_floor

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        samples, choice = self.samples, self.choice
        names = samples.architectures
        return {
            "architectures": list(names),
            "samples": len(samples.values),
            "invalid": self.invalid,
            "factors": [_factor(one) for one in samples.factors],
            "unused": list(samples.unused),
            "subset": samples.subset.as_json(),
            "base": {name: _known(value) for name, value in zip(names, samples.base.tolist(), strict=True)},
            "value": {
                name: {"mean": one.mean, "p05": one.p05, "p95": one.p95}
                for name, one in zip(names, choice.values, strict=True)
            },
            "share_best": {name: rate.as_json() for name, rate in zip(names, choice.share_best, strict=True)},
            "regret": {
                name: {"mean": one.mean, "p95": one.p95, "max": one.greatest}
                for name, one in zip(names, choice.regrets, strict=True)
            },
            "pairs": [
                {
                    **pair.as_json(),
                    "contained": contained,
                    "indices": [one.as_json() for one in indices],
                    "switches": [one.as_json() for one in switches],
                }
                for pair, contained, indices, switches in zip(
                    choice.pairs, self.contained, self.pair_indices, self.switches, strict=True
                )
            ],
            "indices": {
                name: [one.as_json() for one in found] for name, found in zip(names, self.indices, strict=True)
            },
            "index_method": self.method,
            "rank_agreement": choice.rank_agreement,
            "noise_floor": self.noise_floor,
            "dummy_index": self.dummy_index,
            "sound": self.sound,
            "best": choice.winner,
            "decided": choice.decided,
            "map": None if self.map is None else self.map.as_json(),
        }

    def line(self) -> str:
        """Return which architecture is best in how many samples, in one line."""
        winner = self.choice.winner
        if winner is None:
            return f"{self.scenario}: nothing is threatened"
        rate = self.choice.share_best[self.choice.architectures.index(winner)]
        told = "no sample counts" if rate.mean is None else f"the best in {100.0 * rate.mean:.0f} % of them"
        return f"{self.scenario}: {len(self.samples.values)} samples, {winner} {told}"

    def rows(self) -> Sequence[Row]:
        """Return a row for each architecture."""
        choice, base = self.choice, self.samples.base
        return [
            {
                "architecture": name,
                "base": _known(float(base[place])),
                "value_mean": choice.values[place].mean,
                "value_p05": choice.values[place].p05,
                "value_p95": choice.values[place].p95,
                "share_best": choice.share_best[place].mean,
                "share_best_low": choice.share_best[place].low,
                "share_best_high": choice.share_best[place].high,
                "regret_mean": choice.regrets[place].mean,
                "regret_p95": choice.regrets[place].p95,
                "regret_max": choice.regrets[place].greatest,
            }
            for place, name in enumerate(choice.architectures)
        ]

    def pair_rows(self) -> list[dict[str, Any]]:
        """Return a row for each two architectures."""
        return [
            {
                "a": pair.a,
                "b": pair.b,
                "contained": contained,
                "a_better": pair.a_better.mean,
                "a_better_low": pair.a_better.low,
                "a_better_high": pair.a_better.high,
                "b_better": pair.b_better.mean,
                "b_better_low": pair.b_better.low,
                "b_better_high": pair.b_better.high,
                "decided": pair.decided,
            }
            for pair, contained in zip(self.choice.pairs, self.contained, strict=True)
        ]

    def index_rows(self) -> list[dict[str, Any]]:
        """Return a row for each architecture or pair (``b`` is empty or not) and factor with its index."""
        owners = [(name, "") for name in self.choice.architectures] + [(pair.a, pair.b) for pair in self.choice.pairs]
        return [
            {"a": a, "b": b, **one.as_json()}
            for (a, b), found in zip(owners, (*self.indices, *self.pair_indices), strict=True)
            for one in found
        ]


def _factor(factor: Factor) -> dict[str, Any]:
    numbers = {
        path: {"low": number.at("low"), "value": number.value, "high": number.at("high")}
        for path, number in zip(factor.paths, factor.numbers.values(), strict=True)
    }
    return {"name": factor.name, "paths": list(factor.paths), "numbers": numbers}


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def dummy_index(factors: Sequence[Factor], found: NDArray[np.float64]) -> float | None:
    """Return the greatest index that the factor which moves nothing has, over everything that has one."""
    mine = found[[factor.name for factor in factors].index(NO_EFFECT.name)]
    there = mine[~np.isnan(mine)]
    return float(there.max()) if len(there) else None
