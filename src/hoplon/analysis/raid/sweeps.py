"""Sweeps of raids through the event simulation: integration, forms of command, sizes, losses, links, delays, errors.

Every row is a Monte Carlo estimate of leakage together with shots per kill and inventory, with 95 % intervals; rows of
one comparison use common random numbers, and differences are paired.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numba
import numpy as np

from hoplon.analysis.architectures import (
    compared_architectures,
    contribution_variants,
    integrated_architectures,
    with_mode,
)
from hoplon.analysis.raid.command_causes import CommandCauses, command_causes
from hoplon.analysis.raid.inputs import missiles_of
from hoplon.analysis.raid.judged import judged_on, raids_of
from hoplon.analysis.raid.network_load import NetworkLoad, network_load
from hoplon.analysis.raid.perfect_command import PerfectCommand, batteries_with_a_shot, has_shot, perfect_command
from hoplon.analysis.raid.runs import Row, Runs, Setting
from hoplon.analysis.raid.setup import RaidSetup, aim_titles, event_log, set_up
from hoplon.analysis.raid.sizes import compositions, with_counts
from hoplon.backbone.doctrine import Conditions, doctrine_named
from hoplon.backbone.messages import IMPACT, KIND, LEAKED, OUTCOME, THREAT
from hoplon.backbone.statistics import Estimate, bounded_mean
from hoplon.progress import Progress, silent
from hoplon.scenario.conditions import FALLBACK_S as FALLBACK_S

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario

SEED: Final = 1
REPLICATIONS: Final = 250
FOLLOWED: Final = 100  # replications whose leakers are counted by aim, and by cause of the gap to perfect command
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
NOTHING_LOST: Final = "nothing lost"
FALLS_BACK: Final = ", fallback"
"""After what is cut off: batteries do not wait for orders."""
SIZES: Final = (1, 2, 4, 8, 12, 16, 24, 32, 40)
LOST_AT: Final = (0, 60, 120, 180, 240, 300, 420, 600)  # [s after the first launch]
COMPARED_DOCTRINES: Final = ("shoot-look-shoot", "salvo-look-salvo", "share", "salvo-2", "single")
CUT_S: Final = 180  # when links are lost [s after the first launch]
LINKS: Final = (1.0, 0.9, 0.75, 0.5, 0.25)
LATENCIES: Final = (0.0, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0)  # [s]
DECISIONS: Final = (0.0, 15.0, 30.0, 60.0, 90.0, 120.0, 180.0, 240.0, 300.0)  # [s]
ASSESSMENT: Final = (0.0, 0.05, 0.1, 0.2, 0.3)
ASSOCIATION: Final = (0.0, 0.05, 0.1, 0.2, 0.4)


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
    doctrines : tuple of Row
        Shot doctrines against both raids; the raid's own first.
    perfect : tuple of PerfectRow
        Leakage of the sized raid under perfect command, by architecture.
    causes : CommandCauses or None
        What each cause adds to that of the architecture judged.
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
    doctrines: tuple[Row, ...]
    losses: tuple[Row, ...]
    cut_off: tuple[Row, ...]
    links: tuple[Row, ...]
    latencies: tuple[Row, ...]
    decisions: tuple[Row, ...]
    assessment: tuple[Row, ...]
    association: tuple[Row, ...]
    perfect: tuple[PerfectRow, ...]
    causes: CommandCauses | None

    def every_row(self) -> tuple[tuple[str, Row], ...]:
        """Return every row with the name of its comparison."""
        before = ("integration", "forms", "architectures", "sizes", "doctrines", "losses", "cut_off")
        names = (*before, "links", "latencies", "decisions", "assessment", "association")
        return tuple((name, row) for name in names for row in getattr(self, name))


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
    of_own = runs.begin_all(Setting.of(other, "as in the scenario", None, setup) for other, setup in own.items())
    loads = [runs.submit(_load, scenario, runs, setting.setup, sized) for setting in of_own]
    integration = runs.begin_all(integration_settings(scenario, raid))
    progress(1, parts, "forms of command and control")
    forms = runs.begin_all(
        Setting.of(name, form, None, set_up(scenario, name, raid, c2=form, like=base)) for form in FORMS
    )
    progress(2, parts, "size of the raid")
    sizes = runs.begin_all(size_settings(scenario, name, sized, large))
    doctrines = runs.begin_all(doctrine_settings(scenario, (base,) if raid == sized else (base, large)))
    progress(3, parts, "losses, latency, decision")
    swept = {
        "losses": runs.begin_all(loss_settings(scenario, name, raid, base)),
        "cut_off": runs.begin_all(cut_settings(scenario, name, raid, base)),
        "links": runs.begin_all(_conditions(scenario, name, raid, base, "link_availability", LINKS)),
        "latencies": runs.begin_all(_latencies(scenario, name, raid, base)),
        "decisions": runs.begin_all(
            Setting.of(
                "hub_hot", f"{time:g} s", time, set_up(scenario, name, raid, c2="hub_hot", decision_s=time, like=base)
            )
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
        doctrines=runs.rows(doctrines),
        **{key: runs.rows(settings) for key, settings in swept.items()},
        perfect=tuple(_perfect(runs, of_own)),
        causes=command_causes(large, runs, min(FOLLOWED, runs.replications)),
    )
    progress(parts, parts, "counted")
    return answers


def _perfect(runs: Runs, settings: list[Setting]) -> Iterator[PerfectRow]:
    """Yield the raid against each architecture under perfect command."""
    for row, setting in zip(runs.rows(settings), settings, strict=True):
        command = perfect_command(setting.setup, row.estimates["leakage"])
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
            yield Setting.of(name, level, None, setup)


def size_settings(scenario: Scenario, name: str, raid: str, whole: RaidSetup) -> Iterator[Setting]:
    """Yield raids from one missile to forty with the mix of the whole one, under the doctrines that are compared.

    ``whole`` is the raid as it is against the architecture; a size counts missiles that fly against it.
    """
    flying = {missile.key >> 16 for missile in whole.flights.missiles}
    groups = scenario.raids[raid].threats
    counts = [missiles_of([group]) if number in flying else 0 for number, group in enumerate(groups)]
    compared = dict([("share", "share"), *reversed(doctrines_of(whole)[:2])])
    for label, doctrine in reversed(compared.items()):
        for size in SIZES:
            parts = []
            for composition, weight in compositions(counts, size):
                changed = with_counts(scenario.raids[raid], composition)
                sized = replace(scenario, raids=MappingProxyType({**scenario.raids, raid: changed}))
                parts.append((set_up(sized, name, raid, doctrine=doctrine, like=whole), weight))
            yield Setting(label, f"{size}", float(size), tuple(parts))


def doctrines_of(setup: RaidSetup) -> list[tuple[str, str | None]]:
    """Return the doctrines that are compared on a raid, by what they are called; the raid's own comes first."""
    own, chosen = setup.source.raid.doctrine, setup.doctrine
    title = own or (_salvo_title(chosen.salvo) + ("-look-salvo" if chosen.look and chosen.salvo > 1 else ""))
    title = "shoot-look-shoot" if own is None and chosen.look and chosen.salvo == 1 else title
    found: list[tuple[str, str | None]] = [(title, None)]
    for name in COMPARED_DOCTRINES:
        other = doctrine_named(name, chosen)
        if all((other.salvo, other.look, other.share) != shots for shots in _shots(setup, found)):
            found.append((name, name))
    return found


def _salvo_title(salvo: int) -> str:
    return "single" if salvo == 1 else f"salvo-{salvo}"


def _shots(setup: RaidSetup, known: list[tuple[str, str | None]]) -> list[tuple[int, bool, bool]]:
    chosen = [setup.doctrine if name is None else doctrine_named(name, setup.doctrine) for _, name in known]
    return [(one.salvo, one.look, one.share) for one in chosen]


def doctrine_settings(scenario: Scenario, setups: Sequence[RaidSetup]) -> Iterator[Setting]:
    """Yield each doctrine against raids; the raid's own is the first."""
    for setup in setups:
        for label, doctrine in doctrines_of(setup):
            laid_out = set_up(scenario, setup.architecture, setup.raid, doctrine=doctrine, like=setup)
            yield Setting.of(setup.raid, label, None, laid_out)


def loss_settings(scenario: Scenario, name: str, raid: str, base: RaidSetup) -> Iterator[Setting]:
    """Yield the command node lost at times: without, with a cold and with a hot alternate, in a region, in a mesh."""
    alone = Conditions(fallback=FALLBACK_S)
    for group in ("hub", "hub_fallback", "hub_cold", "hub_hot", "regional", "mesh"):
        form, conditions = group.removesuffix("_fallback"), alone if group.endswith("_fallback") else None
        whole = set_up(scenario, name, raid, c2=form, conditions=conditions, like=base)
        yield Setting.of(group, NOTHING_LOST, None, whole)
        first = whole.elements[len(whole.inputs.radars) + len(whole.inputs.satellites)]
        lost = first.removesuffix(" (unit)")
        for time in LOST_AT:
            losses = [f"{lost}@{time}"]
            setup = set_up(scenario, name, raid, c2=form, losses=losses, conditions=conditions, like=base)
            yield Setting.of(group, f"lost at {time} s", float(time), setup)


def cut_settings(scenario: Scenario, name: str, raid: str, base: RaidSetup) -> Iterator[Setting]:
    """Yield links lost in the raid: of the hub, a radar, a battery; of a battery in a mesh.

    A battery, and every battery without its hub, waits for orders, or falls back to its own radars; that they may fall
    back changes a raid in which no link is lost too. Left out are radars in whose cover no missile of the raid comes
    and batteries without a shot at any: without their link the same is fired and leaks.
    """
    every = base.elements[len(base.elements) - len(base.inputs.batteries) :]
    batteries = [battery for battery, shot in zip(every, batteries_with_a_shot(base), strict=True) if shot]
    alone = Conditions(fallback=FALLBACK_S)
    for form in ("hub", "mesh"):
        whole = set_up(scenario, name, raid, c2=form, like=base)
        yield Setting.of(form, NOTHING_LOST, None, whole)
        radars, satellites = whole.elements[: len(whole.inputs.radars)], len(whole.inputs.satellites)
        nodes = () if form == "mesh" else whole.elements[len(radars) + satellites :][:1]
        if form == "hub":
            falling = set_up(scenario, name, raid, c2=form, conditions=alone, like=base)
            yield Setting.of(form, f"{NOTHING_LOST}{FALLS_BACK}", None, falling)
        sees = np.asarray((whole.inputs.cover[:, :, :, 0] >= 0).any(axis=(1, 2)))
        seeing = [radar for radar, seen in zip(radars, sees.tolist(), strict=True) if seen]
        for element in (*nodes, *(() if form == "mesh" else seeing), *batteries):
            cut = [f"{element}/link@{CUT_S}"]
            yield Setting.of(form, element, None, set_up(scenario, name, raid, c2=form, losses=cut, like=base))
            if form == "hub" and element not in radars:
                setup = set_up(scenario, name, raid, c2=form, losses=cut, conditions=alone, like=base)
                yield Setting.of(form, f"{element}{FALLS_BACK}", None, setup)


def _conditions(
    scenario: Scenario, name: str, raid: str, base: RaidSetup, key: str, values: Sequence[float]
) -> Iterator[Setting]:
    for form in ("hub_hot", "mesh"):
        for value in values:
            changed: dict[str, Any] = {key: value}
            setup = set_up(scenario, name, raid, c2=form, conditions=Conditions(**changed), like=base)
            yield Setting.of(form, f"{value:g}", value, setup)


def _assessment(scenario: Scenario, name: str, raid: str, base: RaidSetup) -> Iterator[Setting]:
    for group, key in (
        ("surviving threats assessed as killed", "false_kill"),
        ("killed threats assessed as surviving", "false_survival"),
    ):
        for value in ASSESSMENT:
            errors: dict[str, Any] = {"false_kill": 0.0, "false_survival": 0.0, key: value}
            setup = set_up(scenario, name, raid, conditions=Conditions(**errors), like=base)
            yield Setting.of(group, f"{100 * value:g} %", value, setup)


def _latencies(scenario: Scenario, name: str, raid: str, base: RaidSetup) -> Iterator[Setting]:
    for form in ("hub_hot", "mesh"):
        for value in LATENCIES:
            setup = set_up(scenario, name, raid, c2=form, like=base, latency_s=value)
            yield Setting.of(form, f"{value:g} s", value, setup)
