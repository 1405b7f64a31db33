"""A scenario under study: the coverages and counts that its questions share, each computed when first needed, and kept.

Finished coverages are kept in a folder, so that a study that was broken off resumes where it was.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from hoplon.analysis.architectures import (
    built_variant,
    compared_architectures,
    counterpart,
    sampled_architectures,
    with_doctrine,
)
from hoplon.analysis.corners import disputed_paths
from hoplon.analysis.coverage import (
    Coverage,
    aim_points,
    gini,
    headline_classes_title,
    headline_nations,
    headline_title,
)
from hoplon.analysis.coverage_solver import Asked, Cover, KernelCover
from hoplon.analysis.first_out import FirstOut, first_outs
from hoplon.analysis.kept_coverages import CoverageRun, KeptCoverages
from hoplon.analysis.named_flight import NamedFlight, named_flight
from hoplon.analysis.raid.sweeps import RaidSweeps, raid_sweeps
from hoplon.analysis.robustness.answer import RobustnessAnswer
from hoplon.analysis.sampling.band import Band
from hoplon.analysis.store import Store
from hoplon.analysis.tally import ClassSet, Count, Tally, class_sets, tally
from hoplon.analysis.threat.assessment import ThreatAssessment, assess
from hoplon.presentation.maps.shown import ShownCoverage
from hoplon.processes import Beside
from hoplon.progress import Progress, silent
from hoplon.questions.requests import LEVELS, CoverageRequest
from hoplon.questions.samples import StudySamples
from hoplon.questions.site_games import SiteGame, SiteGames
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Cited, Level, Scenario

Shares = tuple[float, float, float]
"""Low, base, high."""
_HANDOVER_ERROR: Final = Cited(5.0, note="where the doctrine gives none")  # [km] of a predicted intercept; assumed
_ONE_PIECE: Final = 100  # steps of progress of the coverages that are judged together


class Study:
    """A scenario under study.

    Parameters
    ----------
    scenario : Scenario
        What is studied.
    points : AimPoints, optional
        Places and land cells; those of every nation of the scenario by default.
    folder : Path, optional
        Where finished coverages are kept; nothing is kept without it.
    cover : callable, optional
        Computes one coverage; the kernels by default.
    progress : callable
        Told of each step of long work.

    Raises
    ------
    OutputError
        When a coverage is computed and the folder cannot be written.
    """

    def __init__(
        self,
        scenario: Scenario,
        points: AimPoints | None = None,
        folder: Path | None = None,
        cover: Cover | None = None,
        progress: Progress = silent,
    ) -> None:
        self.scenario = scenario
        self.given_points = points is not None
        self.points = aim_points(scenario) if points is None else points
        self.store = Store()
        self.progress = progress
        self.cover: Cover | None = KernelCover(self.store) if cover is None else cover
        self._kept = None if folder is None else KeptCoverages(folder, scenario, self.points)
        self._coverages: dict[tuple[str, Level], Coverage] = {}
        self._tallies: dict[tuple[str, Level], Tally] = {}
        self._varied_tallies: dict[CoverageRequest, Tally] = {}
        self._first_outs: dict[tuple[str, str], FirstOut] = {}
        self._beside: dict[str, Beside] = {}
        self._samples = StudySamples(folder)
        self._site_games = SiteGames()

    def __repr__(self) -> str:
        """Return what is studied, and how much of it has been computed."""
        return f"<Study of {self.scenario.name}: {len(self._coverages)} coverages computed>"

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels to processes that draw: what was computed, and nothing that computes."""
        kept = {**self.__dict__, "store": None, "cover": None, "progress": silent, "_kept": None}
        kept |= {"_first_outs": {}, "_beside": {}, "_site_games": SiteGames()}
        for name in ("named_flight", "raid_sweeps"):  # large, and part of the answers that need them
            kept.pop(name, None)
        return kept

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found damaged in the folder, and computed again, a sentence each."""
        return (*(() if self._kept is None else self._kept.notes), *self._samples.notes)

    # --- coverages and counts ----------------------------------------------------------------------------------

    def coverage(self, architecture: str, level: Level = "base") -> Coverage:
        """Return the coverage of an architecture at a level; causes are known where it is compared.

        Causes are computed at base values for the architectures that the study compares, and at high values for those
        of them that defend fewer people there than with base values.
        """
        if (architecture, level) not in self._coverages:
            self._judge(architecture, level)
        return self._coverages[architecture, level]

    def tally(self, architecture: str, level: Level = "base") -> Tally:
        """Return the counts of people and land of an architecture at a level."""
        if (architecture, level) not in self._tallies:
            self._judge(architecture, level)
        return self._tallies[architecture, level]

    def mode_tally(self, architecture: str, mode: str) -> Tally:
        """Return the counts of an architecture in another mode of integration, base values."""
        return self._varied(CoverageRequest(architecture, mode=mode))

    def reading_tally(self, architecture: str, support: str, shots: int) -> Tally:
        """Return the counts of an architecture with another reading of its doctrine, base values.

        Parameters
        ----------
        architecture : str
        support : {"held", "predicted"}
            Whether a held track or the network's prediction supports an intercept; a prediction within the doctrine's
            ``handover_error_km``, or 5 km where it gives none.
        shots : int
            Shots of one battery that every flight must meet.
        """
        return self._varied(CoverageRequest(architecture, support=support, shots=shots))

    def support_share(self, architecture: str, support: str) -> float | None:
        """Return the share of the headline's people defended with another rule of support, base values.

        Parameters
        ----------
        architecture : str
        support : {"held", "predicted"}
            As of :meth:`reading_tally`; the shots required are the doctrine's own.
        """
        counts = self._varied(CoverageRequest(architecture, support=support))
        return counts.count("headline", self.headline_nations(architecture)).population_share

    def _varied(self, item: CoverageRequest) -> Tally:
        if not self._changes(item):
            return self.tally(item.architecture)
        if item not in self._varied_tallies:
            run = self._run(item)
            self._varied_tallies[item] = self._counted(run, self._covered(run))
        return self._varied_tallies[item]

    def _changes(self, item: CoverageRequest | CoverageRun) -> dict[str, Any]:
        """Return what of the doctrine of an architecture is otherwise than the scenario has it."""
        resolved = self.scenario.architecture(item.architecture)
        changes: dict[str, Any] = {}
        if item.mode not in (None, resolved.mode):
            changes["mode"] = item.mode
        if item.support not in (None, resolved.doctrine.support):
            changes["support"] = item.support
            changes["handover_error_km"] = resolved.doctrine.handover_error_km or _HANDOVER_ERROR
        if item.shots is not None and item.shots != round(float(resolved.doctrine.shots_required)):
            changes["shots_required"] = Cited(float(item.shots))
        return changes

    def compute(self, requests: Sequence[CoverageRequest], progress: Progress | None = None) -> None:
        """Compute several coverages, those together that share most stages: base values and modes, low, high."""
        progress = self.progress if progress is None else progress
        groups = [
            (f"every architecture, {title}", [item for item in dict.fromkeys(requests) if item.level == level])
            for level, title in (("base", "base values"), ("low", "low"), ("high", "high"))
        ]
        total, done = sum(_ONE_PIECE + len(group) for _, group in groups if group), 0
        for title, group in groups:
            if not group:
                continue
            missing = [run for run in map(self._run, group) if self._misses(run) and self._found(run) is None]
            if missing:
                self.solver.prepare(
                    [self._asked(run) for run in missing], self.points, _within(progress, done, total, title)
                )
            for place, item in enumerate(group):
                progress(done + _ONE_PIECE + place, total, item.label)
                if item.varied:
                    self._varied(item)
                else:
                    self.tally(item.architecture, item.level)
            done += _ONE_PIECE + len(group)
        progress(total, total, "counted")

    def _run(self, item: CoverageRequest) -> CoverageRun:
        explain = (
            not item.varied and item.level == "base" and item.architecture in compared_architectures(self.scenario)
        )
        return CoverageRun(item.architecture, item.level, item.mode, explain, item.support, item.shots)

    def _misses(self, run: CoverageRun) -> bool:
        """Tell whether a run is still to be done."""
        item = CoverageRequest(run.architecture, run.level, run.mode, run.support, run.shots)
        if not item.varied:
            return (run.architecture, run.level) not in self._coverages
        return bool(self._changes(item)) and item not in self._varied_tallies

    def _judge(self, architecture: str, level: Level) -> None:
        run = self._run(CoverageRequest(architecture, level))
        self._keep(run, self._covered(run))
        if level == "high" and architecture in compared_architectures(self.scenario) and self._falls(architecture):
            run = CoverageRun(architecture, level, explain=True)
            self._keep(run, self._covered(run))

    def _keep(self, run: CoverageRun, covered: Coverage) -> None:
        self._coverages[run.architecture, run.level] = covered
        self._tallies[run.architecture, run.level] = self._counted(run, covered)

    def _falls(self, name: str) -> bool:
        """Tell whether an architecture defends fewer people with the better bounds than with base values."""
        base, high = (self.count(name, level).defended_population for level in LEVELS[1:])
        return high < base

    def _counted(self, run: CoverageRun, covered: Coverage) -> Tally:
        year = self.scenario.architecture(run.architecture).year
        return tally(covered, class_sets(self.scenario, year), tuple(self.scenario.nations))

    def _asked(self, run: CoverageRun) -> Asked:
        changes = self._changes(run)
        scenario = with_doctrine(self.scenario, run.architecture, changes) if changes else self.scenario
        return Asked(scenario, run.architecture, run.level, run.explain)

    def _found(self, run: CoverageRun) -> Coverage | None:
        """Return a coverage that is kept; None if there is none."""
        return None if self._kept is None else self._kept.find(run)

    def _covered(self, run: CoverageRun) -> Coverage:
        """Return a coverage from what is kept, or compute it and keep it."""
        kept = self._found(run)
        if kept is not None:
            return kept
        covered = self.solver(self._asked(run), self.points)
        if self._changes(run):  # of a scenario with another doctrine: part of the answers of the one that was given
            covered = replace(covered, scenario_sha256=self.scenario.sha256)
        if self._kept is not None:
            self._kept.keep(run, covered)
        return covered

    # --- the band of sampled inputs -----------------------------------------------------------------------------

    @property
    def sampled_architectures(self) -> tuple[str, ...]:
        """The architectures that have a band: those compared, and what was built of them."""
        return sampled_architectures(self.scenario)

    def band(self, architecture: str, key: str = "headline") -> Band | None:
        """Return the 10 to 90 % band of the share of people defended, every input with bounds sampled.

        Parameters
        ----------
        architecture : str
        key : {"headline", "in_year"}
            The classes of the headline, or those of them that exist in the architecture's year.

        Returns
        -------
        Band or None
            None where no input has bounds, or nobody is threatened.
        """
        return self._samples.band(self, architecture, key)

    @property
    def robustness(self) -> RobustnessAnswer | None:
        """How sure the choice between the architectures of question 13 is; None where no input of theirs has bounds."""
        return self._samples.robustness(self)

    @property
    def solver(self) -> Cover:
        """What computes coverages.

        Raises
        ------
        RuntimeError
            In a process that the study was sent to.
        """
        if self.cover is None:
            raise RuntimeError("a study that was sent to another process computes nothing more")
        return self.cover

    @property
    def disputed(self) -> tuple[str, ...]:
        """The paths of the inputs that make the corners."""
        return disputed_paths(self.scenario)

    # --- what several questions share ---------------------------------------------------------------------------

    @cached_property
    def threat(self) -> ThreatAssessment:
        """Who is within whose reach."""
        return assess(self.scenario, points=self.points)

    @cached_property
    def named_flight(self) -> NamedFlight | None:
        """One flight under every compared architecture; None if no class reaches a capital."""
        return named_flight(self.scenario, self.points, self.store)

    @cached_property
    def raid_sweeps(self) -> RaidSweeps | None:
        """The Monte Carlo of raids; None for a scenario without raids."""
        found = self.beside("raids")
        return found[0] if found else raid_sweeps(self.scenario)

    @contextlib.contextmanager
    def working_beside(self, works: Mapping[str, tuple[Callable[..., Any], tuple[Any, ...]]]) -> Iterator[None]:
        """Do work that needs no coverage in processes of its own while this lasts: each keeps one core busy.

        Parameters
        ----------
        works : mapping
            Name of a question to a function and its arguments, as :meth:`Question.beside` tells them.
        """
        with contextlib.ExitStack() as begun:
            try:
                for name, (function, arguments) in works.items():
                    self._beside[name] = begun.enter_context(Beside(function, *arguments))
                yield
            finally:
                self._beside.clear()

    def beside(self, name: str) -> tuple[Any, ...]:
        """Return what was found beside for a question, once it is there; nothing where it has to be found here."""
        return self._beside[name].results() if name in self._beside else ()

    def first_out(self, architecture: str, key: str = "headline") -> FirstOut | None:
        """Return the first-out losses of an architecture against a set of classes; None if nobody is threatened.

        Those of the compared architectures, and of what was built of them, are found together in one pass.
        """
        if (architecture, key) not in self._first_outs:
            built = (built_variant(self.scenario, name) for name in compared_architectures(self.scenario))
            names = dict.fromkeys((architecture, *compared_architectures(self.scenario), *filter(None, built)))
            year = self.scenario.architecture(architecture).year if key == "in_year" else None
            threats = next(entry.threats for entry in class_sets(self.scenario, year) if entry.key == key)
            found = first_outs(self.store, self.scenario, tuple(names), self.points, threats, progress=self.progress)
            self._first_outs |= {(item.architecture, key): item for item in found}
        losses = self._first_outs[architecture, key]
        return None if losses.share() is None else losses

    def site_game(
        self, architecture: str, nations: Sequence[str] | None = None, *, satellites: bool = False
    ) -> SiteGame | None:
        """Return the value of every subset of an architecture's sites, over a weighted subset of places, base values.

        Parameters
        ----------
        architecture : str
        nations : sequence of str, optional
            Whose people count; those of the headline in the architecture's year by default.
        satellites : bool
            Of its satellites, in place of its sites, which then always stand.

        Returns
        -------
        SiteGame or None
            None where nobody is threatened.
        """
        counted = self.headline_nations(architecture) if nations is None else nations
        return self._site_games.game(self, architecture, counted, satellites=satellites)

    # --- the headline --------------------------------------------------------------------------------------

    @property
    def region(self) -> str:
        """What the nations that the headline counts are called together."""
        return headline_title(self.scenario)

    @property
    def classes_title(self) -> str:
        """What the classes that the headline counts are called together."""
        return headline_classes_title(self.scenario)

    def year(self, architecture: str) -> int | None:
        """Return the year of an architecture."""
        return self.scenario.architecture(architecture).year

    def headline_nations(self, architecture: str) -> tuple[str, ...]:
        """Return the nations that the headline counts in an architecture's year."""
        return headline_nations(self.scenario, self.year(architecture))

    def common_nations(self, architectures: Sequence[str]) -> tuple[str, ...]:
        """Return the nations that the headline counts in the year of every one of some architectures."""
        chosen = [set(self.headline_nations(name)) for name in architectures]
        return tuple(code for code in self.scenario.nations if all(code in members for members in chosen))

    def class_sets(self, architecture: str) -> tuple[ClassSet, ...]:
        """Return the sets of classes that are counted, the headline's first."""
        return self.tally(architecture).sets

    def headline_threats(self, architecture: str) -> tuple[str, ...]:
        """Return the classes that count together in the headline."""
        return self.class_sets(architecture)[0].threats

    def count(self, architecture: str, level: Level = "base", key: str = "headline") -> Count:
        """Return the people and land of the headline's nations, threatened and defended, against a set of classes."""
        return self.tally(architecture, level).count(key, self.headline_nations(architecture))

    def people(self, architecture: str, key: str = "headline") -> Shares | None:
        """Return the share of threatened people defended: low, base, high; None if none is threatened."""
        return self._three(architecture, key, lambda count: count.population_share)

    def land(self, architecture: str, key: str = "headline") -> Shares | None:
        """Return the share of threatened land defended: low, base, high; None if none is threatened."""
        return self._three(architecture, key, lambda count: count.area_share)

    def _three(self, architecture: str, key: str, share: Callable[[Count], float | None]) -> Shares | None:
        low, base, high = (share(self.count(architecture, level, key)) for level in LEVELS)
        return None if low is None or base is None or high is None else (low, base, high)

    def nation_shares(self, architecture: str, level: Level = "base", key: str = "headline") -> dict[str, float | None]:
        """Return the share of people defended of each nation that the headline counts; None if nothing reaches it."""
        counts = self.tally(architecture, level)
        return {code: counts.nation(key, code).population_share for code in self.headline_nations(architecture)}

    def nation_changes(self, name: str, other: str, nations: Sequence[str]) -> dict[str, float]:
        """Return how much larger each nation's share is with one architecture than with another, base values."""
        mine, theirs = self.tally(name), self.tally(other)
        change = {}
        for code in nations:
            a, b = mine.nation("headline", code).population_share, theirs.nation("headline", code).population_share
            if a is not None and b is not None:
                change[code] = a - b
        return change

    def additions(self, variants: Sequence[str]) -> dict[str, tuple[Shares, Shares]]:
        """Return the shares of people defended without and with an addition, by the architecture that is added to.

        Parameters
        ----------
        variants : sequence of str
            Architectures that are others with something added.
        """
        steps = {}
        for name in variants:
            stem = counterpart(self.scenario, name)
            with_it = self.people(name)
            without = self.people(stem) if stem is not None else None
            if stem is not None and with_it is not None and without is not None:
                steps[stem] = (without, with_it)
        return steps

    def inequality(self, architecture: str, level: Level = "base", key: str = "headline") -> float | None:
        """Return the Gini coefficient of the threatened nations' shares; None if none is threatened."""
        shares = [share for share in self.nation_shares(architecture, level, key).values() if share is not None]
        return gini(shares) if shares else None

    def shown(
        self,
        architecture: str,
        level: Level = "base",
        key: str = "headline",
        nations: Sequence[str] | None = None,
    ) -> ShownCoverage:
        """Return what a map of an architecture at a level against a set of classes shows."""
        counts = self.tally(architecture, level)
        codes = self.headline_nations(architecture) if nations is None else tuple(nations)
        subject = next(entry for entry in counts.sets if entry.key == key)
        count = counts.count(key, codes)
        return ShownCoverage(
            self.coverage(architecture, level), subject, codes, count.population_share, count.area_share
        )


def _within(progress: Progress, done: int, total: int, title: str) -> Progress:
    """Return a progress for a part of the work that counts as one piece of the whole."""

    def tell(part: int, parts: int, text: str) -> None:
        progress(done + _ONE_PIECE * part // max(parts, 1), total, text or title)

    return tell
