"""The places that two architectures are compared on, and what each of them defends there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import (
    CoverageQuestion,
    aim_points,
    coverage,
    headline_classes_title,
    headline_title,
    settle,
)
from hoplon.analysis.defence import LEVELS
from hoplon.analysis.subsets.judged import judged_by_level
from hoplon.analysis.subsets.scope import scope_of
from hoplon.analysis.tally import NOT_THREATENED, ClassSet, class_sets, class_title, first_year, states, tally
from hoplon.presentation.maps.shown import ShownCoverage
from hoplon.progress import Progress, silent

if TYPE_CHECKING:
    from hoplon.analysis.coverage import Coverage
    from hoplon.analysis.sampling.sampled_values import ValueKind
    from hoplon.analysis.store import Store
    from hoplon.analysis.subsets.scope import Scope
    from hoplon.analysis.tally import Count, Tally
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario

LEVEL_WORDS: Final[Mapping[Level, str]] = {"low": "worst corner", "base": "base values", "high": "best corner"}


@dataclass(frozen=True)
class ComparisonScope:
    """What a comparison counts.

    Parameters
    ----------
    threats, areas : tuple of str, optional
        Classes that count together, and launch areas; the headline's, and every one, by default.
    points : AimPoints, optional
        Each of which counts; those of the nations that are members in the years of both by default.
    level : {"low", "base", "high"}
        Of the disputed inputs; values are told at the others too.
    value : {"population", "area", "worst_nation"}
        What a value is: the share of the people or of the land that is defended, or the least of the nations' shares.
    subset : int, optional
        Marks of a weighted subset of the points that is judged in their place.
    """

    threats: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None
    points: AimPoints | None = None
    level: Level = "base"
    value: ValueKind = "population"
    subset: int | None = None


class ComparedPlaces:
    """The places of a comparison, judged for both architectures when first asked for.

    Parameters
    ----------
    store : Store
    scenario : Scenario
    names : tuple of str
        Two architectures.
    asked : ComparisonScope
    progress : callable
    cover : callable, optional
        Returns the coverage of an architecture at a level; the kernels by default.

    Attributes
    ----------
    scope : Scope
        What values count: the same places, nations and flights as of ``survive``.
    points : AimPoints
        That are judged: with land and places beside those of the scope, where no subset of them is.
    subset : mapping or None
        ``points``, ``of`` and ``error`` {architecture: {level: value of the subset less that of all}}.
    """

    def __init__(
        self,
        store: Store,
        scenario: Scenario,
        names: tuple[str, str],
        asked: ComparisonScope,
        progress: Progress = silent,
        cover: Callable[[str, Level], Coverage] | None = None,
    ) -> None:
        self.store, self.scenario, self.names, self.asked, self.progress = store, scenario, names, asked, progress
        self.scope = self._whole()
        self.subset: Mapping[str, Any] | None = None
        self.points = aim_points(scenario) if asked.points is None else asked.points
        if asked.subset is not None:
            self.scope, self.subset = self._marked(self.scope, asked.subset)
            none = np.zeros(len(self.scope))
            weights = (none, self.scope.weight) if asked.value == "area" else (self.scope.weight, none)
            self.points = replace(self.scope.points, population=weights[0], area_km2=weights[1])
        self._cover = cover
        self._coverages: dict[tuple[str, Level], Coverage] = {}
        self._tallies: dict[tuple[str, Level], Tally] = {}

    def _whole(self) -> Scope:
        asked = self.asked
        return scope_of(
            self.store,
            self.scenario,
            self.names,
            threats=asked.threats,
            areas=asked.areas,
            points=asked.points,
            level=asked.level,
            value=asked.value,
        )

    def _marked(self, whole: Scope, marks: int) -> tuple[Scope, Mapping[str, Any]]:
        resolved = [self.scenario.architecture(name) for name in self.names]
        judged = [judged_by_level(self.store, whole, one, self.progress) for one in resolved]
        scope = whole.marked(judged[0][0] | judged[1][0], marks)
        error = {}
        for one, (_, shares) in zip(resolved, judged, strict=True):
            few = judged_by_level(self.store, scope, one)[1]
            less = [None if a is None or b is None else a - b for a, b in zip(few, shares, strict=True)]
            error[one.name] = dict(zip(LEVELS, less, strict=True))
        return scope, {"points": len(scope), "of": scope.of, "error": error}

    @property
    def nations(self) -> tuple[str, ...]:
        """The nations that count: members in the years of both, or those of the points that were given."""
        return self.scope.nations

    @property
    def counts_people(self) -> bool:
        """Whether the judged places stand for people: a subset that stands for land does not."""
        return self.subset is None or self.asked.value != "area"

    @property
    def region(self) -> str:
        """What the places are called together."""
        return headline_title(self.scenario) if self.asked.points is None else "the given points"

    @property
    def classes_title(self) -> str:
        """What the flights are called together: their classes, and where they start if not from everywhere."""
        if self.asked.threats is None:
            title = headline_classes_title(self.scenario)
        else:
            title = ", ".join(class_title(self.scenario, name) for name in self.scope.threats)
        return title if self.asked.areas is None else f"{title}, from {', '.join(self.scope.areas)}"

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """Indices in ``points`` of the places of the scope, in its order."""
        if self.asked.points is not None or self.subset is not None:
            return np.arange(len(self.points))
        weight = self.points.area_km2 if self.asked.value == "area" else self.points.population
        return np.flatnonzero((weight > 0.0) & np.isin(self.points.nation, self.nations))

    def few(self, marks: int) -> Scope:
        """Return the scope on a weighted subset of the places that a flight in scope reaches, base values."""
        threatened = np.zeros(len(self._places), dtype=np.bool_)
        for name in self.names:
            covered = self.coverage(name, "base")
            threatened |= (states(covered, self.scope.threats) != NOT_THREATENED)[self._places]
        return self.scope.marked(threatened, marks)

    def prepare(self) -> None:
        """Judge the places by both architectures at every level in one pass."""
        asked = [CoverageQuestion(self.scenario, name, level) for level in LEVELS for name in self.names]
        settle(self.store, asked, self.points, self.asked.threats, self.asked.areas, self.progress)

    def _judged(self, name: str, level: Level) -> Coverage:
        return coverage(
            self.store,
            self.scenario,
            name,
            self.points,
            level=level,
            threats=self.asked.threats,
            areas=self.asked.areas,
            enough=1,
        )

    def coverage(self, name: str, level: Level | None = None) -> Coverage:
        """Return the coverage of an architecture, at the level asked about by default."""
        key = name, self.asked.level if level is None else level
        if key not in self._coverages:
            if self._cover is None and not self._coverages:
                self.prepare()
            self._coverages[key] = self._judged(*key) if self._cover is None else self._cover(*key)
        return self._coverages[key]

    def tally(self, name: str, level: Level | None = None) -> Tally:
        """Return the counts of an architecture by set of classes and nation, at the level asked about by default."""
        key = name, self.asked.level if level is None else level
        if key not in self._tallies:
            self._tallies[key] = tally(self.coverage(*key), self._sets(name), self.nations)
        return self._tallies[key]

    def _sets(self, name: str) -> tuple[ClassSet, ...]:
        """Return the sets of classes that are counted: those of the headline, or in its place those that were named."""
        year, named = self.scenario.architecture(name).year, self.scope.threats
        if self.asked.threats is None:
            return class_sets(self.scenario, year)
        title = ", ".join(class_title(self.scenario, kind) for kind in named)
        by_then = tuple(kind for kind in named if year is None or first_year(self.scenario, kind) <= year)
        return (
            ClassSet("headline", title, named),
            ClassSet("in_year", f"{title} that exist in the architecture's year", by_then),
            ClassSet("all", "every class that was named", named),
            *(ClassSet(kind, class_title(self.scenario, kind), (kind,)) for kind in named),
        )

    def count(self, name: str, level: Level | None = None, key: str = "headline") -> Count:
        """Return the people and land of the nations, threatened and defended, against a set of classes."""
        return self.tally(name, level).count(key, self.nations)

    def nation_shares(self, name: str, level: Level | None = None, key: str = "headline") -> dict[str, float | None]:
        """Return the share of each nation that is defended: of its people, or of its land where values count that."""
        counts = self.tally(name, level)
        return {code: self._share(counts.nation(key, code)) for code in self.nations}

    def value(self, name: str, level: Level | None = None, key: str = "headline") -> float | None:
        """Return the value of an architecture against a set of classes; None where nothing is threatened."""
        if self.asked.value != "worst_nation":
            return self._share(self.count(name, level, key))
        shares = self.nation_shares(name, level, key).values()
        return min((share for share in shares if share is not None), default=None)

    def _share(self, count: Count) -> float | None:
        return count.area_share if self.asked.value == "area" else count.population_share

    def shown(self, name: str) -> ShownCoverage:
        """Return what a map of an architecture shows."""
        count = self.count(name)
        subject = self.tally(name).sets[0]
        return ShownCoverage(self.coverage(name), subject, self.nations, count.population_share, count.area_share)
