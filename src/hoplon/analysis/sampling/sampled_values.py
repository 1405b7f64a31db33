"""Values of architectures in samples of every input with bounds: the share of what is threatened that is defended.

The same samples serve every architecture, and the coordinate of a factor in a sample depends on nothing but its name,
the seed and the number of samples: the values of an architecture are the same alone and beside others.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numba
import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import headline_threats, threats_in_year
from hoplon.analysis.coverage_solver import Asked
from hoplon.analysis.sampling.factors import crossed, sampled
from hoplon.analysis.sampling.hypercube import hypercube_column
from hoplon.analysis.sampling.kept_shares import KeptShares
from hoplon.campaigns.driver import Running, Shard, State
from hoplon.campaigns.executors import Executor, Order, Serial
from hoplon.campaigns.provenance import sources_digest
from hoplon.errors import InputError, OutputError
from hoplon.progress import silent

if TYPE_CHECKING:
    from hoplon.analysis.coverage_solver import Cover, Judged
    from hoplon.analysis.sampling.factors import Factor
    from hoplon.progress import Progress
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario

ValueKind = Literal["population", "area", "worst_nation"]
VALUES: Final[tuple[ValueKind, ...]] = ("population", "area", "worst_nation")
MOST_SAMPLES: Final = 100_000
_CHUNK: Final = 16  # samples that are done and kept together
_IN_THE_MIDDLE: Final = 0.5  # coordinate of the base value


@dataclass(frozen=True)
class Measure:
    """What is counted of each architecture in a sample.

    Parameters
    ----------
    nations : tuple of (tuple of str or None)
        By architecture, whose points count; None for every point.
    in_year : bool
        Only the classes that exist in the architecture's year count.
    value : {"population", "area", "worst_nation"}
        Share of the weight that is defended, or the least of the nations' shares.
    """

    nations: tuple[tuple[str, ...] | None, ...]
    in_year: bool = False
    value: ValueKind = "population"


@dataclass(frozen=True)
class Sampling:
    """What is sampled.

    Parameters
    ----------
    scenario : Scenario
    architectures : tuple of str
    points : AimPoints
        p points.
    weight : ndarray, shape (p,)
        People or land [km2] that each stands for.
    measures : tuple of Measure
    factors : tuple of Factor
    coordinates : ndarray, shape (n, factors)
        Of each sample, in [0, 1]; 1/2 is the base value.
    threats, areas : tuple of str, optional
        Classes that count together, and launch areas; the headline's in each sample, and every one, by default.
    level : {"low", "base", "high"}
        Of the disputed inputs, whose bounds take the place of what is sampled.
    """

    scenario: Scenario
    architectures: tuple[str, ...]
    points: AimPoints
    weight: NDArray[np.float64]
    measures: tuple[Measure, ...]
    factors: tuple[Factor, ...]
    coordinates: NDArray[np.float64]
    threats: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None
    level: Level = "base"

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.coordinates)

    @property
    def shape(self) -> tuple[int, int]:
        """Architectures and measures."""
        return len(self.architectures), len(self.measures)

    def content(self) -> list[Any]:
        """Return all that decides the values beside hoplon itself, as plain data."""
        points = self.points
        digest = hashlib.blake2b(digest_size=16)
        places = (points.latitude_deg, points.longitude_deg, self.weight, self.coordinates)
        for array in places:
            digest.update(np.ascontiguousarray(array, "<f8").tobytes())
        digest.update("\0".join(points.nation.tolist()).encode())
        return [
            self.scenario.sha256,
            digest.hexdigest(),
            list(self.architectures),
            [[list(map(_listed, one.nations)), one.in_year, one.value] for one in self.measures],
            [factor.name for factor in self.factors],
            _listed(self.threats),
            _listed(self.areas),
            self.level,
        ]

    def row(self, cover: Cover, place: int) -> NDArray[np.float64]:
        """Return the values of one sample, shape (architectures, measures); NaN where a sample does not count."""
        coordinates = dict(zip((one.name for one in self.factors), self.coordinates[place].tolist(), strict=True))
        scenario = sampled(self.scenario, self.factors, coordinates)
        threats = headline_threats(scenario) if self.threats is None else self.threats
        values = np.full(self.shape, np.nan)
        counted = [at for at, name in enumerate(self.architectures) if not crossed(scenario, name)]
        if not counted or not threats or not len(self.points):
            return values
        asked = [Asked(scenario, self.architectures[at], self.level) for at in counted]
        judged = cover.judge_once(asked, self.points, threats, self.areas)
        for at, found in zip(counted, judged, strict=True):
            present = threats_in_year(scenario, scenario.architecture(self.architectures[at]).year)
            in_year = np.array([name in present for name in threats], dtype=bool)
            for column, measure in enumerate(self.measures):
                classes = in_year if measure.in_year else np.ones(len(threats), dtype=bool)
                values[at, column] = self.value_of(measure, at, (found[0][:, classes], found[1][:, classes]))
        return values

    def value_of(self, measure: Measure, at: int, judged: Judged) -> float:
        """Return the value of an architecture, by its place, from which points it defends; NaN where none counts."""
        threatened, defended = judged
        nations = measure.nations[at]
        reached = np.asarray(threatened.any(axis=1))
        if nations is not None:
            reached &= np.isin(self.points.nation, nations)
        safe = np.asarray(reached & (defended | ~threatened).all(axis=1))
        if measure.value != "worst_nation":
            return _share(self.weight, reached, safe)
        shares = []
        for code in dict.fromkeys(self.points.nation[reached].tolist()):
            mine = np.asarray(self.points.nation == code)
            shares.append(_share(self.weight, reached & mine, safe & mine))
        there = [share for share in shares if not np.isnan(share)]
        return min(there) if there else np.nan


def _share(weight: NDArray[np.float64], reached: NDArray[np.bool_], safe: NDArray[np.bool_]) -> float:
    total = float(weight[reached].sum())
    return min(1.0, float(weight[safe].sum()) / total) if total > 0.0 else np.nan


def _listed(names: Sequence[str] | None) -> list[str] | None:
    return None if names is None else list(names)


def hypercube(factors: Sequence[Factor], samples: int, seed: int) -> NDArray[np.float64]:
    """Return the base values and a Latin hypercube, coordinates of shape (1 + samples, factors).

    Raises
    ------
    InputError
        If there is less than one sample, or more than the most that are allowed.
    """
    if not 1 <= samples <= MOST_SAMPLES:
        raise InputError(f"samples: from 1 to {MOST_SAMPLES:,} were expected, got {samples:,}")
    columns = [hypercube_column(seed, factor.name, samples) for factor in factors]
    found = np.full((1 + samples, len(factors)), _IN_THE_MIDDLE)
    for column, coordinates in enumerate(columns):
        found[1:, column] = coordinates
    return found


@dataclass(frozen=True)
class _SampledCell:
    """What a worker is sent: everything that the samples of a chunk need.

    Attributes
    ----------
    sampling : Sampling
    cover : Cover
    kept : KeptShares
    sources : str
        What the digest of hoplon's sources must be.
    """

    sampling: Sampling
    cover: Cover
    kept: KeptShares
    sources: str

    def rows(self, first: int, count: int) -> NDArray[np.float64]:
        """Judge samples: a pure function of the cell and their numbers."""
        if sources_digest() != self.sources:
            raise InputError("a worker has other sources of hoplon than the driver: install the same version on both")
        if multiprocessing.parent_process() is not None:  # a worker, one of as many as there are cores
            numba.set_num_threads(1)
        return np.array([self.sampling.row(self.cover, place) for place in range(first, first + count)])

    def keep(self, number: int, first: int, parts: Sequence[NDArray[np.float64]]) -> None:
        """Keep the values of a chunk, which come in parts."""
        values = np.concatenate(parts)
        self.kept.keep(range(first, first + len(values)), values)


class SampledWork:
    """Samples of inputs, done in chunks and kept as they are done.

    Parameters
    ----------
    sampling : Sampling
    cover : Cover
        Judges the sampled scenarios.
    folder : Path, optional
        Where finished chunks are kept; in memory without one.
    """

    unit = "samples"

    def __init__(self, sampling: Sampling, cover: Cover, folder: Path | None = None) -> None:
        self.sampling, self.folder = sampling, folder
        self._kept = KeptShares(folder, sampling.content(), sampling.shape)
        self._cell = _SampledCell(sampling, cover, self._kept, sources_digest())

    @property
    def chunks(self) -> int:
        """Return how many chunks there are."""
        return -(-len(self.sampling) // _CHUNK)

    def _rows(self, number: int) -> range:
        return range(number * _CHUNK, min(len(self.sampling), (number + 1) * _CHUNK))

    def count(self, number: int) -> int:
        """Return the samples of a chunk."""
        return len(self._rows(number))

    def begun(self, number: int) -> bool:
        """Tell whether there is anything of a chunk."""
        return self._kept.holds(self._rows(number))

    def whole(self, number: int) -> bool:
        """Tell whether a chunk is there and whole."""
        return self._kept.find(self._rows(number)) is not None

    def sweep(self) -> None:
        """Remove what is half-written."""
        self._kept.sweep()

    def order(self, number: int) -> Order:
        """Return what a worker is to do for a chunk."""
        rows = self._rows(number)
        return Order(self._cell, number, rows.start, len(rows))

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found damaged in the folder, a sentence each."""
        return self._kept.notes

    def values(self) -> NDArray[np.float64]:
        """Return the values that are kept, shape (n, architectures, measures); NaN where a sample does not count.

        Raises
        ------
        OutputError
            If some cannot be read back: without them others would stand in their places.
        """
        found = [self._kept.find(self._rows(number)) for number in range(self.chunks)]
        whole = [part for part in found if part is not None]
        if len(whole) != len(found):
            raise OutputError(
                f"{self.folder}: {len(found) - len(whole)} of {len(found)} chunks were kept and cannot be read back; "
                "is something else writing there? The same command goes on"
            )
        return np.concatenate(whole)

    def run(
        self,
        executor: Executor | None = None,
        shard: Shard | None = None,
        progress: Progress = silent,
        watch: Callable[[State], None] = lambda state: None,
    ) -> State:
        """Do every chunk of a shard that is not kept; return how many there are, and how many were kept.

        Raises
        ------
        OutputError
            If a chunk cannot be kept; those that are stay.
        """
        running = Running(self, self.order, executor or Serial(), shard or Shard(), progress, watch)
        with contextlib.closing(running):
            running.finish()
        return running.state


def sampled_values(
    sampling: Sampling,
    cover: Cover,
    folder: Path | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
    watch: Callable[[State], None] = lambda state: None,
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return the values of every sample, and what was found damaged in the folder.

    Parameters
    ----------
    sampling : Sampling
    cover : Cover
    folder : Path, optional
        Where finished chunks are kept.
    executor : Executor, optional
        Does the chunks; in this process by default.
    progress, watch : callable
        Told how far it is, at each step and after each chunk.

    Returns
    -------
    values : ndarray, shape (n, architectures, measures)
        NaN where a sample does not count.
    notes : tuple of str

    Raises
    ------
    OutputError
        If a chunk cannot be kept.
    """
    with contextlib.ExitStack() as open_:
        if folder is None and executor is not None and not isinstance(executor, Serial):
            folder = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="hoplon-samples-")))
        work = SampledWork(sampling, cover, folder)
        work.run(executor, None, progress, watch)
        return work.values(), work.notes
