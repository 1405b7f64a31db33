"""The main job: every architecture at low, base and high, the ladder of integration, the threat; counted, resumable."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from hoplon.scenario.geography import NORTH_AMERICA, AimPoints, land_grid, places
from hoplon.scenario.model import Level, ResolvedArchitecture, Scenario
from hoplon.study.coverage import Coverage
from hoplon.study.families import PROGRAMME, families, phases, plans
from hoplon.study.progress import Progress, silent
from hoplon.study.tally import Count, Tally, class_sets, gini, tally
from hoplon.study.threat import ThreatAssessment, assess
from hoplon.study.writing import replacing
from hoplon.version import VERSION

LEVELS: Final[tuple[Level, ...]] = ("low", "base", "high")
MODES: Final = ("organic", "launch_on_remote", "engage_on_remote")
Cover = Callable[[Scenario, ResolvedArchitecture, Level, AimPoints], Coverage]
"""Computes the coverage of a resolved architecture at a level over some aim points."""


@dataclass(frozen=True)
class StudyResults:
    """Everything that the study computed.

    Parameters
    ----------
    scenario : Scenario
        What was studied.
    points : AimPoints
        Places and land cells of every nation of the scenario.
    coverages : mapping
        (architecture, level) to coverage.
    tallies : mapping
        (architecture, level) to counts.
    ladder : mapping
        (architecture, mode) to counts at base values.
    threat : ThreatAssessment
        Question 1.
    """

    scenario: Scenario
    points: AimPoints
    coverages: Mapping[tuple[str, Level], Coverage] = field(repr=False)
    tallies: Mapping[tuple[str, Level], Tally] = field(repr=False)
    ladder: Mapping[tuple[str, str], Tally] = field(repr=False)
    threat: ThreatAssessment = field(repr=False)

    def year(self, architecture: str) -> int | None:
        """Return the year of an architecture."""
        return self.scenario.architecture(architecture).year

    def europe(self, architecture: str) -> tuple[str, ...]:
        """Return the members in Europe in an architecture's year: those that the headline counts."""
        return tuple(code for code in self.scenario.members(self.year(architecture)) if code not in NORTH_AMERICA)

    def common_europe(self, architectures: Sequence[str]) -> tuple[str, ...]:
        """Return the nations in Europe that were members in the year of every one of some architectures."""
        chosen = [set(self.europe(name)) for name in architectures]
        return tuple(code for code in self.scenario.nations if all(code in members for members in chosen))

    def count(self, architecture: str, level: Level = "base", key: str = "headline") -> Count:
        """Return the people and land of NATO Europe, members of the architecture's year, against a set of classes."""
        return self.tallies[architecture, level].count(key, self.europe(architecture))

    def people(self, architecture: str, key: str = "headline") -> tuple[float, float, float] | None:
        """Return the share of NATO Europe's threatened people defended: low, base, high; None if none is threatened."""
        shares = [self.count(architecture, level, key).population_share for level in LEVELS]
        return None if any(share is None for share in shares) else tuple(share or 0.0 for share in shares)  # type: ignore[return-value]

    def land(self, architecture: str, key: str = "headline") -> tuple[float, float, float] | None:
        """Return the share of NATO Europe's threatened land defended: low, base, high; None if none is threatened."""
        shares = [self.count(architecture, level, key).area_share for level in LEVELS]
        return None if any(share is None for share in shares) else tuple(share or 0.0 for share in shares)  # type: ignore[return-value]

    def nation_shares(self, architecture: str, level: Level = "base", key: str = "headline") -> dict[str, float | None]:
        """Return each member's share of people defended; None for one whom nothing reaches."""
        counts = self.tallies[architecture, level]
        return {code: counts.nation(key, code).population_share for code in self.europe(architecture)}

    def inequality(self, architecture: str, level: Level = "base", key: str = "headline") -> float | None:
        """Return the Gini coefficient of the threatened members' shares."""
        return gini([share for share in self.nation_shares(architecture, level, key).values() if share is not None])


@dataclass(frozen=True)
class _Run:
    """One coverage to compute: what of, at which level, with which mode (None: its own)."""

    architecture: str
    level: Level
    mode: str | None = None

    @property
    def label(self) -> str:
        return f"{self.architecture}, {self.mode or self.level}".replace("_", " ")


def run_study(
    scenario: Scenario,
    cover: Cover,
    folder: Path | None = None,
    points: AimPoints | None = None,
    progress: Progress = silent,
) -> StudyResults:
    """Compute the study.

    Parameters
    ----------
    scenario : Scenario
        What to study.
    cover : callable
        Computes one coverage.
    folder : Path, optional
        Where finished coverages are kept, so that a study that was broken off goes on where it was; nothing is kept
        without it.
    points : AimPoints, optional
        The aim points; places and land grid of every nation by default.
    progress : callable
        Told of each step.

    Returns
    -------
    StudyResults

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    nations = tuple(scenario.nations)
    points = places(nations).concat(land_grid(nations)) if points is None else points
    runs = list(_runs(scenario))
    total = len(runs) + 1
    progress(0, total, "threat")
    threat = assess(scenario, points=points)
    digest = _digest_of(points)
    coverages: dict[tuple[str, Level], Coverage] = {}
    tallies: dict[tuple[str, Level], Tally] = {}
    ladder: dict[tuple[str, str], Tally] = {}
    for done, run in enumerate(runs, start=1):
        progress(done, total, run.label)
        resolved = scenario.architecture(run.architecture)
        sets = class_sets(scenario, resolved.year)
        if run.mode is not None and run.mode == resolved.mode:
            ladder[run.architecture, run.mode] = tallies[run.architecture, "base"]
            continue
        coverage = _computed(scenario, cover, folder, points, digest, run, resolved)
        counted = tally(coverage, sets, nations)
        if run.mode is None:
            coverages[run.architecture, run.level] = coverage
            tallies[run.architecture, run.level] = counted
        else:
            ladder[run.architecture, run.mode] = counted
    progress(total, total, "counted")
    return StudyResults(scenario, points, coverages, tallies, ladder, threat)


def _runs(scenario: Scenario) -> Iterator[_Run]:
    """Yield what to compute: plans first, every level; then the other families; then the ladder of the phases."""
    plan = plans(scenario)
    others = [name for names in families(scenario).values() for name in names if name not in plan]
    for name in (*plan, *others):
        for level in ("base", "low", "high"):
            yield _Run(name, level)
    for name in ladder_of(scenario):
        for mode in MODES:
            yield _Run(name, "base", mode)


def ladder_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures whose integration is varied: the phases, or the plans of a scenario without phases."""
    return phases(scenario) or tuple(name for name in plans(scenario) if name != PROGRAMME)


def with_mode(resolved: ResolvedArchitecture, mode: str) -> ResolvedArchitecture:
    """Return an architecture with another mode, and all else as it is."""
    doctrine = replace(resolved.doctrine, mode=mode)  # type: ignore[arg-type]
    return replace(resolved, mode=mode, doctrine=doctrine, c2="organic" if mode == "organic" else resolved.c2)


def _computed(
    scenario: Scenario,
    cover: Cover,
    folder: Path | None,
    points: AimPoints,
    digest: str,
    run: _Run,
    resolved: ResolvedArchitecture,
) -> Coverage:
    """Return a coverage from what is kept, or compute it and keep it."""
    name = _key(scenario, digest, run)
    kept = None if folder is None else _read(folder / f"{name}.npz", points)
    if kept is not None:
        return kept
    coverage = cover(scenario, resolved if run.mode is None else with_mode(resolved, run.mode), run.level, points)
    if folder is not None:
        _keep(folder / f"{name}.npz", coverage)
    return coverage


def _key(scenario: Scenario, digest: str, run: _Run) -> str:
    """Return the content that a coverage depends on, hashed."""
    content = [scenario.sha256, VERSION, digest, run.architecture, run.level, run.mode]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def _digest_of(points: AimPoints) -> str:
    digest = hashlib.sha256()
    for array in (points.latitude_deg, points.longitude_deg, points.population, points.area_km2):
        digest.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())
    digest.update("\n".join(points.nation.tolist()).encode())
    return digest.hexdigest()


_NARROW: Final[Mapping[str, type[np.signedinteger[Any]]]] = {
    "shots_min": np.int16,
    "hardest": np.int16,
    "cause": np.int8,
}


def _keep(path: Path, coverage: Coverage) -> None:
    """Write a coverage to a small file, whole or not at all."""
    head = {
        "scenario_name": coverage.scenario_name,
        "scenario_sha256": coverage.scenario_sha256,
        "architecture": coverage.architecture,
        "title": coverage.title,
        "year": coverage.year,
        "level": coverage.level,
        "areas": coverage.areas,
        "threats": coverage.threats,
        "batteries": coverage.batteries,
    }
    arrays = {name: getattr(coverage, name).astype(kind) for name, kind in _NARROW.items()}
    with replacing(path) as temporary:
        np.savez_compressed(
            temporary,
            allow_pickle=False,
            head=np.array(json.dumps(head)),
            shape=np.array(coverage.defended.shape),
            threatened=np.packbits(coverage.threatened),
            defended=np.packbits(coverage.defended),
            **arrays,
        )


def _read(path: Path, points: AimPoints) -> Coverage | None:
    """Read a kept coverage; None if there is none, or it is damaged (it is computed again)."""
    try:
        with np.load(path, allow_pickle=False) as held:
            head = json.loads(str(held["head"]))
            shape = tuple(int(size) for size in held["shape"])
            size = int(np.prod(shape))
            bits = {
                name: np.unpackbits(held[name], count=size).astype(bool).reshape(shape)
                for name in ("threatened", "defended")
            }
            arrays = {name: held[name] for name in _NARROW}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    for name in ("areas", "threats", "batteries"):
        head[name] = tuple(head[name])
    return Coverage(points=points, **head, **bits, **arrays)
