"""Sweeps of raids through the event simulation: integration, forms of command, sizes, losses, links, delays, errors.

Every row is a Monte Carlo estimate of leakage together with shots per kill and inventory, with 95 % intervals; rows of
one comparison use common random numbers, and differences are paired.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numba
import numpy as np

from hoplon.analysis.architectures import (
    compared_architectures,
    contribution_variants,
    integrated_architectures,
    with_mode,
)
from hoplon.analysis.raid.inputs import missiles_of
from hoplon.analysis.raid.judged import judged_on, raids_of
from hoplon.analysis.raid.network_load import NetworkLoad, network_load
from hoplon.analysis.raid.perfect_command import PerfectCommand, has_shot, perfect_command
from hoplon.analysis.raid.setup import RaidSetup, aim_titles, event_log, set_up
from hoplon.backbone.doctrine import Conditions
from hoplon.backbone.messages import IMPACT, KIND, LEAKED, OUTCOME, THREAT
from hoplon.backbone.replications import many_rows
from hoplon.backbone.statistics import Estimate, PairedTally, ReplicationTally, bounded_mean
from hoplon.progress import Progress, silent
from hoplon.scenario.conditions import FALLBACK_S as FALLBACK_S
from hoplon.scenario.model import Cited

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hoplon.backbone.raid_model import RaidModel
    from hoplon.scenario.model import Raid, Scenario

_Found = TypeVar("_Found")

SEED: Final = 1
REPLICATIONS: Final = 250
FOLLOWED: Final = 100  # replications whose leakers are counted by aim
INTEGRATION_LEVELS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "side by side": ("organic", "organic"),
        "shared early warning": ("organic", "organic"),
        "launch on remote": ("launch_on_remote", "hub"),
        "engage on remote": ("engage_on_remote", "hub"),
        "full integration": ("engage_on_remote", "hub_hot"),
    }
)
"""Mode and form of command and control of each level; the second one adds the satellites' alerts to the first."""
FORMS: Final = ("organic", "hub", "hub_hot", "hub_cold", "regional", "mesh")
FALLS_BACK: Final = ", fallback"
"""After what is cut off: batteries do not wait for orders."""
SIZES: Final = (1, 2, 4, 8, 12, 16, 24, 32, 40)
LOST_AT: Final = (0, 60, 120, 180, 240, 300, 420, 600)  # [s after the first launch]
CUT_S: Final = 180  # when links are lost [s after the first launch]
LINKS: Final = (1.0, 0.9, 0.75, 0.5, 0.25)
LATENCIES: Final = (0.0, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0)  # [s]
DECISIONS: Final = (0.0, 15.0, 30.0, 60.0, 90.0, 120.0, 180.0, 240.0, 300.0)  # [s]
ASSESSMENT: Final = (0.0, 0.05, 0.1, 0.2, 0.3)
ASSOCIATION: Final = (0.0, 0.05, 0.1, 0.2, 0.4)


@dataclass(frozen=True)
class Row:
    """One setting of a comparison.

    Attributes
    ----------
    group, label : str
        What is compared (an architecture, a form), and the setting.
    value : float or None
        Of the setting, where it is a number.
    threats, threats_of_raid : int
        Missiles that fly, and missiles of the raid.
    groups_left_out : tuple of str
        Groups of the raid that do not fly, with the reason.
    magazine, replications : int
    estimates : mapping of str to Estimate
    difference : mapping of str to Estimate or None
        From the first setting of the group, replication by replication with common random numbers; None for that
        setting.
    """

    group: str
    label: str
    value: float | None
    threats: int
    threats_of_raid: int
    groups_left_out: tuple[str, ...]
    magazine: int
    replications: int
    estimates: Mapping[str, Estimate]
    difference: Mapping[str, Estimate] | None = None


@dataclass(frozen=True)
class AimRow:
    """What leaks of the missiles at one aim: name, missiles that fly, of how many, mean leakage with its interval."""

    aim: str
    threats: int
    threats_of_raid: int
    leakage: Estimate


@dataclass(frozen=True)
class PerfectRow:
    """The raid against one architecture as simulated and under perfect command."""

    architecture: str
    threats: int
    threats_of_raid: int
    groups_left_out: tuple[str, ...]
    simulated: Estimate
    command: PerfectCommand


@dataclass(frozen=True)
class RaidSweeps:
    """Every sweep of a scenario's raids.

    Attributes
    ----------
    replications, seed : int
    architecture : str
        The one that forms of command, sizes, losses, links, delays and errors are judged on.
    has_shot : bool
        Whether it can launch at any missile of the raid; if it cannot, no integrated architecture can that was not
        given up, unless the scenario named it.
    raid, sized_raid : str
        The raid of the sweeps and the one whose size is varied.
    aims : tuple of AimRow
        Leakage of the raid by aim point.
    integration : tuple of Row
        Levels of integration by architecture.
    forms : tuple of Row
        Forms of command and control, nothing lost.
    architectures : tuple of Row
        The sized raid against each compared architecture.
    loads : tuple of NetworkLoad
        What the network of each compared architecture carries.
    sizes, losses, cut_off, links, latencies, decisions, assessment, association : tuple of Row
        Size of the raid; loss of the command node; loss of links; probability that a message arrives; latency; time to
        decide; errors of kill assessment; wrong track association.
    perfect : tuple of PerfectRow
        Leakage of the sized raid under perfect command, by architecture.
    """

    replications: int
    seed: int
    architecture: str
    has_shot: bool
    raid: str
    sized_raid: str
    aims: tuple[AimRow, ...]
    integration: tuple[Row, ...]
    forms: tuple[Row, ...]
    architectures: tuple[Row, ...]
    loads: tuple[NetworkLoad, ...]
    sizes: tuple[Row, ...]
    losses: tuple[Row, ...]
    cut_off: tuple[Row, ...]
    links: tuple[Row, ...]
    latencies: tuple[Row, ...]
    decisions: tuple[Row, ...]
    assessment: tuple[Row, ...]
    association: tuple[Row, ...]
    perfect: tuple[PerfectRow, ...]

    def every_row(self) -> tuple[tuple[str, Row], ...]:
        """Return every row with the name of its comparison."""
        before = ("integration", "forms", "architectures", "sizes", "losses", "cut_off")
        names = (*before, "links", "latencies", "decisions", "assessment", "association")
        return tuple((name, row) for name in names for row in getattr(self, name))


def of_group(rows: Sequence[Row], group: str) -> list[Row]:
    """Return the rows of a group in order."""
    return [row for row in rows if row.group == group]


Setting = tuple[str, str, float | None, RaidSetup]
"""Group, label, value and what is run."""


class Runs:
    """Rows of measures of setups, each run once, so that settings are compared with common random numbers.

    They run on every core while further settings are laid out.
    """

    def __init__(self, replications: int, seed: int) -> None:
        self.replications, self.seed = replications, seed
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1)
        self._begun: dict[tuple[Any, ...], tuple[RaidModel, Future[NDArray[np.int64]]]] = {}

    def __enter__(self) -> Runs:
        """Return itself; nothing runs yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the threads; what is not begun is not run."""
        self._pool.shutdown(cancel_futures=True)

    def begin(self, setup: RaidSetup) -> Future[NDArray[np.int64]]:
        """Begin to run a setup; one with the same model as another is that one's run."""
        model = setup.model
        written = (model.fixed, model.schedule, model.failures, model.state)
        key = (id(model.looks), id(model.launches), *(part.tobytes() for part in written))
        if key not in self._begun:  # the model is kept, so that no other array gets its place in memory
            future = self._pool.submit(many_rows, model, self.seed, 0, self.replications)
            self._begun[key] = model, future
        return self._begun[key][1]

    def submit(self, work: Callable[..., _Found], *arguments: Any) -> Future[_Found]:
        """Begin other work beside the runs."""
        return self._pool.submit(work, *arguments)

    def begin_all(self, settings: Iterable[Setting]) -> list[Setting]:
        """Begin to run settings as they are laid out; those that no missile reaches are left out."""
        begun = []
        for setting in settings:
            if setting[3].flights.missiles:
                self.begin(setting[3])
                begun.append(setting)
        return begun

    def rows(self, settings: Iterable[Setting]) -> tuple[Row, ...]:
        """Return the rows of settings."""
        first: dict[str, tuple[RaidSetup, NDArray[np.int64]]] = {}
        found = []
        for group, label, value, setup in self.begin_all(settings):
            counted, threats = self.begin(setup).result(), len(setup.flights.missiles)
            tally = ReplicationTally(threats)
            tally.add(counted)
            difference: Mapping[str, Estimate] | None = None
            if group in first and len(first[group][0].flights.missiles) == threats:
                paired = PairedTally(threats)
                paired.add(counted, first[group][1])
                difference = paired.estimates()
            first.setdefault(group, (setup, counted))
            magazine = setup.model.magazine
            estimates = tally.estimates(magazine)
            flown = (threats, setup.threats_of_raid, setup.flights.refused)
            found.append(Row(group, label, value, *flown, magazine, self.replications, estimates, difference))
        return tuple(found)


@contextmanager
def _one_thread_a_kernel() -> Iterator[None]:
    """Run parallel kernels on one thread: the raids run on the others, and a few flights are not worth a start."""
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        yield
    finally:
        numba.set_num_threads(before)


def raid_sweeps(
    scenario: Scenario, replications: int = REPLICATIONS, seed: int = SEED, progress: Progress = silent
) -> RaidSweeps | None:
    """Return every sweep; None without raids or architectures to compare, or where the one judged has no battery.

    Parameters
    ----------
    scenario : Scenario
    replications : int
        Of every setting.
    seed : int
    progress : callable
        Told of each part.
    """
    if not scenario.raids or not compared_architectures(scenario):
        return None
    with _one_thread_a_kernel(), Runs(replications, seed) as runs:
        return _answers(scenario, runs, progress)


def _answers(scenario: Scenario, runs: Runs, progress: Progress) -> RaidSweeps | None:
    raid, sized = raids_of(scenario)
    base = judged_on(scenario, raid)
    name, seed, parts = base.architecture, runs.seed, 5
    large = set_up(scenario, name, sized)
    if not base.flights.missiles or not large.flights.missiles or not base.inputs.batteries:
        return None
    of_aims = runs.submit(aim_rows, scenario, base, seed)
    progress(0, parts, "integration")
    own = {
        other: large if other == name else set_up(scenario, other, sized) for other in compared_architectures(scenario)
    }
    of_own = runs.begin_all((other, "as in the scenario", None, setup) for other, setup in own.items())
    loads = [runs.submit(_load, scenario, runs, setup, sized) for *_, setup in of_own]
    integration = runs.begin_all(integration_settings(scenario, raid))
    progress(1, parts, "forms of command and control")
    forms = runs.begin_all((name, form, None, set_up(scenario, name, raid, c2=form, like=base)) for form in FORMS)
    progress(2, parts, "size of the raid")
    sizes = runs.begin_all(size_settings(scenario, name, sized, large))
    progress(3, parts, "losses, latency, decision")
    swept = {
        "losses": runs.begin_all(loss_settings(scenario, name, raid, base)),
        "cut_off": runs.begin_all(cut_settings(scenario, name, raid, base)),
        "links": runs.begin_all(_conditions(scenario, name, raid, base, "link_availability", LINKS)),
        "latencies": runs.begin_all(_latencies(scenario, name, raid, base)),
        "decisions": runs.begin_all(
            ("hub_hot", f"{time:g} s", time, set_up(scenario, name, raid, c2="hub_hot", decision_s=time, like=base))
            for time in DECISIONS
        ),
        "assessment": runs.begin_all(_assessment(scenario, name, raid, base)),
        "association": runs.begin_all(_conditions(scenario, name, raid, base, "wrong_association", ASSOCIATION)),
    }
    progress(4, parts, "load on the network")
    answers = RaidSweeps(
        runs.replications,
        seed,
        name,
        has_shot(base),
        raid,
        sized,
        aims=of_aims.result(),
        integration=runs.rows(integration),
        forms=runs.rows(forms),
        architectures=runs.rows(of_own),
        loads=tuple(load.result() for load in loads),
        sizes=runs.rows(sizes),
        **{key: runs.rows(settings) for key, settings in swept.items()},
        perfect=tuple(_perfect(runs, of_own)),
    )
    progress(parts, parts, "counted")
    return answers


def _perfect(runs: Runs, settings: list[Setting]) -> Iterator[PerfectRow]:
    """Yield the raid against each architecture under perfect command."""
    for row, (*_, setup) in zip(runs.rows(settings), settings, strict=True):
        command = perfect_command(setup, row.estimates["leakage"])
        if command is not None:
            flown = (row.threats, row.threats_of_raid, row.groups_left_out)
            yield PerfectRow(row.group, *flown, row.estimates["leakage"], command)


def _load(scenario: Scenario, runs: Runs, setup: RaidSetup, raid: str) -> NetworkLoad:
    return network_load(scenario, setup.architecture, raid, setup, runs.seed, runs.begin(setup).result())


def aim_rows(scenario: Scenario, setup: RaidSetup, seed: int, replications: int = FOLLOWED) -> tuple[AimRow, ...]:
    """Return the leakage by aim of a raid, from the logs of some replications."""
    raid = scenario.raids[setup.raid]
    titles = aim_titles(raid)
    aims = [missile.aim_deg for missile in setup.flights.missiles]
    leaked = np.zeros((replications, len(aims)), dtype=np.int64)
    for replication in range(replications):
        log = event_log(setup, seed, replication)
        fallen = (log[:, KIND] == IMPACT) & (log[:, OUTCOME] == LEAKED)
        leaked[replication, log[fallen, THREAT]] = 1
    found = []
    for aim in dict.fromkeys(aims):
        mine = [place for place, other in enumerate(aims) if other == aim]
        counts = leaked[:, mine].sum(axis=1)
        estimate = bounded_mean(replications, int(counts.sum()), int((counts * counts).sum()), len(mine))
        there = [group for group in raid.threats if (group.aim.latitude_deg, group.aim.longitude_deg) == aim]
        found.append(AimRow(titles[aim], len(mine), missiles_of(there), estimate.divided(len(mine))))
    return tuple(found)


def integration_settings(scenario: Scenario, raid: str) -> Iterator[Setting]:
    """Yield the levels of integration of each architecture, with national contributions where the scenario has them."""
    for name in contribution_variants(scenario) or integrated_architectures(scenario):
        base = set_up(scenario, name, raid)
        if not base.flights.missiles:
            continue
        laid_out = {base.mode: base}
        for level, (mode, form) in INTEGRATION_LEVELS.items():
            changed = laid_out[mode].source.scenario if mode in laid_out else with_mode(scenario, name, mode)
            conditions = Conditions(early_warning=level == "shared early warning")
            like = laid_out.get(mode, base)
            setup = set_up(changed, name, raid, c2=form, conditions=conditions, like=like)
            laid_out.setdefault(mode, setup)
            yield name, level, None, setup


def resized(raid: Raid, size: int) -> Raid:
    """Return a raid of so many missiles at the same aims in the same time, shared out in proportion."""
    counts = np.array([max(0, round(float(group.count))) for group in raid.threats], dtype=float)
    exact = size * counts / counts.sum()
    shared = np.floor(exact).astype(int)
    for place in np.argsort(-(exact - shared), kind="stable")[: size - int(shared.sum())]:
        shared[place] += 1
    groups = []
    for group, number in zip(raid.threats, shared, strict=True):
        lasts = (float(group.count) - 1.0) * float(group.interval_s)
        gap = lasts / max(int(number) - 1, 1)
        if number:
            groups.append(replace(group, count=Cited(float(number)), interval_s=Cited(gap)))
    return replace(raid, threats=tuple(groups))


def size_settings(scenario: Scenario, name: str, raid: str, whole: RaidSetup | None = None) -> Iterator[Setting]:
    """Yield raids from one missile to forty, under the architecture's doctrine and with salvos of two.

    ``whole`` is the raid as it is against the architecture, if it was laid out before.
    """
    for size in SIZES:
        changed = resized(scenario.raids[raid], size)
        sized = replace(scenario, raids=MappingProxyType({**scenario.raids, raid: changed}))
        every = len(changed.threats) == len(scenario.raids[raid].threats)
        single = set_up(sized, name, raid, like=whole if every else None)
        yield "shoot-look-shoot", f"{size}", float(size), single
        double = set_up(sized, name, raid, doctrine="salvo-2-look-salvo", like=single)
        yield "shoot-look-shoot in salvos of two", f"{size}", float(size), double


def loss_settings(scenario: Scenario, name: str, raid: str, base: RaidSetup) -> Iterator[Setting]:
    """Yield the command node lost at times: without, with a cold and with a hot alternate, in a region, in a mesh."""
    alone = Conditions(fallback=FALLBACK_S)
    for group in ("hub", "hub_fallback", "hub_cold", "hub_hot", "regional", "mesh"):
        form, conditions = group.removesuffix("_fallback"), alone if group.endswith("_fallback") else None
        whole = set_up(scenario, name, raid, c2=form, conditions=conditions, like=base)
        yield group, "nothing lost", None, whole
        first = whole.elements[len(whole.inputs.radars) + len(whole.inputs.satellites)]
        lost = first.removesuffix(" (unit)")
        for time in LOST_AT:
            losses = [f"{lost}@{time}"]
            setup = set_up(scenario, name, raid, c2=form, losses=losses, conditions=conditions, like=base)
            yield group, f"lost at {time} s", float(time), setup


def cut_settings(scenario: Scenario, name: str, raid: str, base: RaidSetup) -> Iterator[Setting]:
    """Yield links lost in the raid: of the hub, a radar, a battery; of a battery in a mesh.

    A battery, and every battery without its hub, waits for orders, or falls back to its own radars.
    """
    batteries = base.elements[len(base.elements) - len(base.inputs.batteries) :]
    for form in ("hub", "mesh"):
        whole = set_up(scenario, name, raid, c2=form, like=base)
        yield form, "nothing lost", None, whole
        radars, satellites = whole.elements[: len(whole.inputs.radars)], len(whole.inputs.satellites)
        nodes = () if form == "mesh" else whole.elements[len(radars) + satellites :][:1]
        for element in (*nodes, *(() if form == "mesh" else radars), *batteries):
            cut = [f"{element}/link@{CUT_S}"]
            yield form, element, None, set_up(scenario, name, raid, c2=form, losses=cut, like=base)
            if form == "hub" and element not in radars:
                alone = Conditions(fallback=FALLBACK_S)
                setup = set_up(scenario, name, raid, c2=form, losses=cut, conditions=alone, like=base)
                yield form, f"{element}{FALLS_BACK}", None, setup


def _conditions(
    scenario: Scenario, name: str, raid: str, base: RaidSetup, key: str, values: Sequence[float]
) -> Iterator[Setting]:
    for form in ("hub_hot", "mesh"):
        for value in values:
            changed: dict[str, Any] = {key: value}
            setup = set_up(scenario, name, raid, c2=form, conditions=Conditions(**changed), like=base)
            yield form, f"{value:g}", value, setup


def _assessment(scenario: Scenario, name: str, raid: str, base: RaidSetup) -> Iterator[Setting]:
    for group, key in (
        ("surviving threats assessed as killed", "false_kill"),
        ("killed threats assessed as surviving", "false_survival"),
    ):
        for value in ASSESSMENT:
            errors: dict[str, Any] = {"false_kill": 0.0, "false_survival": 0.0, key: value}
            setup = set_up(scenario, name, raid, conditions=Conditions(**errors), like=base)
            yield group, f"{100 * value:g} %", value, setup


def _latencies(scenario: Scenario, name: str, raid: str, base: RaidSetup) -> Iterator[Setting]:
    for form in ("hub_hot", "mesh"):
        for value in LATENCIES:
            setup = set_up(scenario, name, raid, c2=form, like=base, latency_s=value)
            yield form, f"{value:g} s", value, setup
