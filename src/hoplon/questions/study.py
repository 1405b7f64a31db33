"""The main job: every architecture at low, base and high, the ladder of integration, the threat; counted, resumable."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from hoplon.analysis.bounds import OneAtATime, one_at_a_time
from hoplon.analysis.coverage import Coverage, aim_points, gini, headline_nations
from hoplon.analysis.coverage_solver import Asked, Cover, KernelCover
from hoplon.analysis.modes import ladder_of, with_mode
from hoplon.analysis.named_flight import NamedFlight, named_flight
from hoplon.analysis.plans import families, plans
from hoplon.analysis.raid.sweeps import BackboneAnswers, backbone_answers
from hoplon.analysis.store import Store
from hoplon.analysis.tally import Count, Tally, class_sets, tally
from hoplon.analysis.threat import ThreatAssessment, assess
from hoplon.files import replacing
from hoplon.progress import Progress, silent
from hoplon.questions.coverage.answer import Denied, Footprints, report_denied, report_footprints
from hoplon.questions.discrimination.answer import SelectionAnswers, selection_answers
from hoplon.questions.partner_radars.answer import PartnerAnswers, partner_answers
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Level, Scenario
from hoplon.version import VERSION

LEVELS: Final[tuple[Level, ...]] = ("low", "base", "high")
MODES: Final = ("organic", "launch_on_remote", "engage_on_remote")
_ONE_PIECE: Final = 100  # steps of progress of the coverages that are judged together


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
    footprints : tuple of Footprints
        What single batteries defend.
    denied : Denied or None
        From where launches at one aim are met.
    disputed : OneAtATime or None
        What each disputed input does alone.
    partners : PartnerAnswers or None
        Question 7.
    selection : SelectionAnswers or None
        Question 8.
    named : NamedFlight or None
        One flight under every plan.
    backbone : BackboneAnswers or None
        Questions 4 (second part) and 14.
    """

    scenario: Scenario
    points: AimPoints
    coverages: Mapping[tuple[str, Level], Coverage] = field(repr=False)
    tallies: Mapping[tuple[str, Level], Tally] = field(repr=False)
    ladder: Mapping[tuple[str, str], Tally] = field(repr=False)
    threat: ThreatAssessment = field(repr=False)
    footprints: tuple[Footprints, ...] = field(default=(), repr=False)
    denied: Denied | None = field(default=None, repr=False)
    disputed: OneAtATime | None = field(default=None, repr=False)
    partners: PartnerAnswers | None = field(default=None, repr=False)
    selection: SelectionAnswers | None = field(default=None, repr=False)
    named: NamedFlight | None = field(default=None, repr=False)
    backbone: BackboneAnswers | None = field(default=None, repr=False)

    def year(self, architecture: str) -> int | None:
        """Return the year of an architecture."""
        return self.scenario.architecture(architecture).year

    def europe(self, architecture: str) -> tuple[str, ...]:
        """Return the members in Europe in an architecture's year: those that the headline counts."""
        return headline_nations(self.scenario, self.year(architecture))

    def common_europe(self, architectures: Sequence[str]) -> tuple[str, ...]:
        """Return the nations in Europe that were members in the year of every one of some architectures."""
        chosen = [set(self.europe(name)) for name in architectures]
        return tuple(code for code in self.scenario.nations if all(code in members for members in chosen))

    def count(self, architecture: str, level: Level = "base", key: str = "headline") -> Count:
        """Return the people and land of NATO Europe, members of the architecture's year, against a set of classes."""
        return self.tallies[architecture, level].count(key, self.europe(architecture))

    def people(self, architecture: str, key: str = "headline") -> tuple[float, float, float] | None:
        """Return the share of NATO Europe's threatened people defended: low, base, high; None if none is threatened."""
        return self._shares(architecture, key, lambda count: count.population_share)

    def land(self, architecture: str, key: str = "headline") -> tuple[float, float, float] | None:
        """Return the share of NATO Europe's threatened land defended: low, base, high; None if none is threatened."""
        return self._shares(architecture, key, lambda count: count.area_share)

    def _shares(
        self, architecture: str, key: str, share: Callable[[Count], float | None]
    ) -> tuple[float, float, float] | None:
        low, base, high = (share(self.count(architecture, level, key)) for level in LEVELS)
        return None if low is None or base is None or high is None else (low, base, high)

    def nation_shares(self, architecture: str, level: Level = "base", key: str = "headline") -> dict[str, float | None]:
        """Return each member's share of people defended; None for one whom nothing reaches."""
        counts = self.tallies[architecture, level]
        return {code: counts.nation(key, code).population_share for code in self.europe(architecture)}

    def inequality(self, architecture: str, level: Level = "base", key: str = "headline") -> float | None:
        """Return the Gini coefficient of the threatened members' shares."""
        shares = [share for share in self.nation_shares(architecture, level, key).values() if share is not None]
        return gini(shares) if shares else None


@dataclass(frozen=True)
class _Run:
    """One coverage to compute: what of, at which level, with which mode (None: its own), with causes or without."""

    architecture: str
    level: Level
    mode: str | None = None
    explain: bool = False

    @property
    def label(self) -> str:
        return f"{self.architecture}, {self.mode or self.level}".replace("_", " ")


def run_study(
    scenario: Scenario,
    cover: Cover | None = None,
    folder: Path | None = None,
    points: AimPoints | None = None,
    progress: Progress = silent,
) -> StudyResults:
    """Compute the study.

    Parameters
    ----------
    scenario : Scenario
        What to study.
    cover : callable, optional
        Computes one coverage; the kernels by default.
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
    cover = KernelCover(Store()) if cover is None else cover
    points = aim_points(scenario) if points is None else points
    groups = _groups(scenario)
    total = 1 + sum(_ONE_PIECE + len(group) for _, group in groups)
    progress(0, total, "threat")
    threat = assess(scenario, points=points)
    job = _Job(scenario, cover, folder, points, _digest_of(points))
    done = 1
    for title, group in groups:
        job.prepare(group, _within(progress, done, total, title))
        for place, run in enumerate(group):
            progress(done + _ONE_PIECE + place, total, run.label)
            job.do(run)
        done += _ONE_PIECE + len(group)
    for name in plans(scenario):
        if job.falls(name):
            progress(total - 1, total, f"{name}, why high is worse than base")
            job.do(_Run(name, "high", explain=True))
    progress(total, total, "counted")
    return StudyResults(scenario, points, job.coverages, job.tallies, job.ladder, threat)


def with_details(results: StudyResults, cover: Cover | None = None, progress: Progress = silent) -> StudyResults:
    """Return results with what takes seconds and is not kept.

    Disputed inputs one at a time, footprints, denied areas, partner feeds, discrimination, a named flight, raids.

    Parameters
    ----------
    results : StudyResults
        From :func:`run_study`.
    cover : callable, optional
        Computes one coverage; the kernels by default.
    progress : callable
        Told of each step.
    """
    store = Store()
    cover = KernelCover(store) if cover is None else cover
    progress(0, 7, "disputed inputs one at a time")
    disputed = one_at_a_time(results.scenario, cover, results.points)
    progress(1, 7, "footprints")
    footprints = report_footprints(results.scenario, store)
    progress(2, 7, "launch areas denied")
    denied = report_denied(results.scenario, store)
    progress(3, 7, "partner feeds")
    partners = partner_answers(results.scenario, results.points, store)
    progress(4, 7, "discrimination")
    selection = selection_answers(results.scenario, results.points, store)
    progress(5, 7, "one flight under every plan")
    named = named_flight(results.scenario, results.points, store)
    progress(6, 7, "raids")
    backbone = backbone_answers(results.scenario)
    progress(7, 7, "judged")
    return replace(
        results,
        disputed=disputed,
        footprints=footprints,
        denied=denied,
        partners=partners,
        selection=selection,
        named=named,
        backbone=backbone,
    )


class _Job:
    """The coverages and counts of a study as they come in."""

    def __init__(
        self, scenario: Scenario, cover: Cover, folder: Path | None, points: AimPoints, points_digest: str
    ) -> None:
        self.scenario, self.cover, self.folder = scenario, cover, folder
        self.points, self.points_digest = points, points_digest
        self.coverages: dict[tuple[str, Level], Coverage] = {}
        self.tallies: dict[tuple[str, Level], Tally] = {}
        self.ladder: dict[tuple[str, str], Tally] = {}

    def prepare(self, runs: Sequence[_Run], progress: Progress) -> None:
        """Do together what runs whose coverages are not kept have in common."""
        asked = [self._asked(run) for run in runs if not self._is_own_mode(run) and self._kept(run) is None]
        if asked:
            self.cover.prepare(asked, self.points, progress)

    def do(self, run: _Run) -> None:
        """Do one run, or take it from what is kept."""
        resolved = self.scenario.architecture(run.architecture)
        if self._is_own_mode(run):
            assert run.mode is not None
            self.ladder[run.architecture, run.mode] = self.tallies[run.architecture, "base"]
            return
        covered = self._covered(run)
        counted = tally(covered, class_sets(self.scenario, resolved.year), tuple(self.scenario.nations))
        if run.mode is None:
            self.coverages[run.architecture, run.level] = covered
            self.tallies[run.architecture, run.level] = counted
        else:
            self.ladder[run.architecture, run.mode] = counted

    def falls(self, name: str) -> bool:
        """Tell whether an architecture defends fewer with the better bounds than with base values."""
        europe = headline_nations(self.scenario, self.scenario.architecture(name).year)
        base, high = (self.tallies[name, level].count("headline", europe) for level in ("base", "high"))
        return high.defended_population < base.defended_population

    def _is_own_mode(self, run: _Run) -> bool:
        """Tell whether a run of the ladder is the architecture as it is."""
        return run.mode is not None and run.mode == self.scenario.architecture(run.architecture).mode

    def _asked(self, run: _Run) -> Asked:
        scenario = self.scenario if run.mode is None else with_mode(self.scenario, run.architecture, run.mode)
        return Asked(scenario, run.architecture, run.level, run.explain)

    def _path(self, run: _Run) -> Path | None:
        content = [self.scenario.sha256, VERSION, self.points_digest, *astuple(run)]
        name = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]
        return None if self.folder is None else self.folder / f"{name}.npz"

    def _kept(self, run: _Run) -> Coverage | None:
        path = self._path(run)
        return None if path is None else _read(path, self.points)

    def _covered(self, run: _Run) -> Coverage:
        """Return a coverage from what is kept, or compute it and keep it."""
        kept = self._kept(run)
        if kept is not None:
            return kept
        covered = self.cover(self._asked(run), self.points)
        path = self._path(run)
        if path is not None:
            _keep(path, covered)
        return covered


def _within(progress: Progress, done: int, total: int, title: str) -> Progress:
    """Return a progress for a part of the work that counts as one piece of the whole."""

    def tell(part: int, parts: int, text: str) -> None:
        progress(done + _ONE_PIECE * part // max(parts, 1), total, text or title)

    return tell


def _groups(scenario: Scenario) -> list[tuple[str, list[_Run]]]:
    """Return what to compute, what shares most stages together: base values and the ladder, then low, then high."""
    names = [name for group in families(scenario).values() for name in group]
    explained = plans(scenario)
    base = [_Run(name, "base", explain=name in explained) for name in names]
    ladder = [_Run(name, "base", mode) for name in ladder_of(scenario) for mode in MODES]
    return [
        ("every architecture, base values", base + ladder),
        ("every architecture, low", [_Run(name, "low") for name in names]),
        ("every architecture, high", [_Run(name, "high") for name in names]),
    ]


def _digest_of(points: AimPoints) -> str:
    digest = hashlib.sha256()
    for array in (points.latitude_deg, points.longitude_deg, points.population, points.area_km2):
        digest.update(np.ascontiguousarray(array, dtype=np.float64).tobytes())
    digest.update("\n".join(points.nation.tolist()).encode())
    return digest.hexdigest()


_COMPRESSION: Final = 1  # of 9: a third of the time, a few per cent larger
_NARROW: Final[Mapping[str, type[np.signedinteger[Any]]]] = {
    "shots_min": np.int16,
    "hardest": np.int16,
    "cause": np.int8,
}


def _keep(path: Path, covered: Coverage) -> None:
    """Write a coverage to a small file, whole or not at all."""
    head = {
        "scenario_name": covered.scenario_name,
        "scenario_sha256": covered.scenario_sha256,
        "architecture": covered.architecture,
        "title": covered.title,
        "year": covered.year,
        "level": covered.level,
        "areas": covered.areas,
        "threats": covered.threats,
        "batteries": covered.batteries,
    }
    arrays = {
        "head": np.array(json.dumps(head)),
        "shape": np.array(covered.defended.shape),
        "threatened": np.packbits(covered.threatened),
        "defended": np.packbits(covered.defended),
        **{name: getattr(covered, name).astype(kind) for name, kind in _NARROW.items()},
    }
    with (
        replacing(path) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as kept,
    ):
        for name, array in arrays.items():
            with kept.open(f"{name}.npy", "w") as stream:
                np.lib.format.write_array(stream, array, allow_pickle=False)


def _read(path: Path, points: AimPoints) -> Coverage | None:
    """Read a kept coverage; None if there is none, or it is damaged (it is computed again)."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as held:
            head: dict[str, Any] = json.loads(str(held["head"]))
            shape = tuple(int(size) for size in held["shape"])
            threatened, defended = (
                np.unpackbits(held[name], count=int(np.prod(shape))).astype(bool).reshape(shape)
                for name in ("threatened", "defended")
            )
            return Coverage(
                **{**head, **{name: tuple(head[name]) for name in ("areas", "threats", "batteries")}},
                points=points,
                threatened=threatened,
                defended=defended,
                shots_min=held["shots_min"],
                hardest=held["hardest"],
                cause=held["cause"],
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
