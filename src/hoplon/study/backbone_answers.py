"""What the backbone adds, and how it holds under a raid: questions 4 and 14, from the event simulation.

Every row is a Monte Carlo estimate of leakage together with shots a kill and inventory, with 95 % intervals; rows of
one comparison face the same luck, and differences are paired.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hoplon.backbone.doctrine import Conditions
from hoplon.backbone.messages import IMPACT, KIND, LEAKED, OUTCOME, THREAT
from hoplon.backbone.replications import many_rows
from hoplon.backbone.statistics import Estimate, PairedTally, Tally
from hoplon.scenario.model import Cited
from hoplon.study.backbone_load import BackboneLoad, backbone_load, mean_of
from hoplon.study.families import families, plans
from hoplon.study.modes import ladder_of, with_mode
from hoplon.study.progress import Progress, silent
from hoplon.study.raid import RaidSetup, event_log, set_up

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hoplon.scenario.model import Raid, Scenario

SEED: Final = 1
REPLICATIONS: Final = 250
FOLLOWED: Final = 100  # replications whose leakers are counted by aim
RUNGS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "side by side": ("organic", "organic"),
        "shared early warning": ("organic", "organic"),
        "launch on remote": ("launch_on_remote", "hub"),
        "engage on remote": ("engage_on_remote", "hub"),
        "full integration": ("engage_on_remote", "hub_hot"),
    }
)
"""Steps of integration: mode and information architecture; the second one adds the satellites' alerts to the first."""
FORMS: Final = ("organic", "hub", "hub_hot", "hub_cold", "regional", "mesh")
SIZES: Final = (1, 2, 4, 8, 12, 16, 24, 32, 40)
LOST_AT: Final = (0, 60, 120, 180, 240, 300, 420, 600)  # [s after the first launch]
LINKS: Final = (1.0, 0.9, 0.75, 0.5, 0.25)
LATENCIES: Final = (0.0, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0)  # [s]
DECISIONS: Final = (0.0, 15.0, 30.0, 60.0, 90.0, 120.0, 180.0, 240.0, 300.0)  # [s]
ASSESSMENT: Final = (0.0, 0.05, 0.1, 0.2, 0.3)


@dataclass(frozen=True)
class Row:
    """One setting of a comparison.

    Attributes
    ----------
    group, label : str
        What is compared (an architecture, a form), and the setting.
    value : float or None
        Of the setting, where it is a number.
    threats, magazine, replications : int
    estimates : mapping of str to Estimate
    difference : mapping of str to Estimate or None
        From the first setting of the group, replication by replication under the same luck; None for that setting.
    """

    group: str
    label: str
    value: float | None
    threats: int
    magazine: int
    replications: int
    estimates: Mapping[str, Estimate]
    difference: Mapping[str, Estimate] | None = None


@dataclass(frozen=True)
class AimRow:
    """What leaks of the missiles at one aim: name, missiles, mean leakage with its interval."""

    aim: str
    threats: int
    leakage: Estimate


@dataclass(frozen=True)
class BackboneAnswers:
    """Questions 4 and 14.

    Attributes
    ----------
    replications, seed : int
    architecture, raid, sized_raid : str
        Where the forms and the sweeps are judged; the raid of the integration and the one whose size is varied.
    aims : tuple of AimRow
        What leaks of the raid by aim.
    integration, forms, plans : tuple of Row
        Question 4.
    loads : tuple of BackboneLoad
        What each plan's backbone carries.
    sizes, losses, links, latencies, decisions, assessment : tuple of Row
        Question 14.
    """

    replications: int
    seed: int
    architecture: str
    raid: str
    sized_raid: str
    aims: tuple[AimRow, ...]
    integration: tuple[Row, ...]
    forms: tuple[Row, ...]
    plans: tuple[Row, ...]
    loads: tuple[BackboneLoad, ...]
    sizes: tuple[Row, ...]
    losses: tuple[Row, ...]
    links: tuple[Row, ...]
    latencies: tuple[Row, ...]
    decisions: tuple[Row, ...]
    assessment: tuple[Row, ...]

    def every_row(self) -> tuple[tuple[str, Row], ...]:
        """Return every row with the name of its comparison."""
        names = ("integration", "forms", "plans", "sizes", "losses", "links", "latencies", "decisions", "assessment")
        return tuple((name, row) for name in names for row in getattr(self, name))


class Runs:
    """Rows of measures of setups, each run once, so that settings are compared under the same luck."""

    def __init__(self, replications: int, seed: int) -> None:
        self.replications, self.seed = replications, seed

    def _run(self, setup: RaidSetup) -> NDArray[np.int64]:
        return many_rows(setup.arena, self.seed, 0, self.replications)

    def rows(self, settings: Sequence[tuple[str, str, float | None, RaidSetup]]) -> tuple[Row, ...]:
        """Return the rows of settings (group, label, value, setup); those that no missile reaches are left out."""
        first: dict[str, tuple[RaidSetup, Any]] = {}
        found = []
        flown = [setting for setting in settings if setting[3].flights.missiles]
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            every = list(pool.map(self._run, [setup for *_, setup in flown]))
        for (group, label, value, setup), counted in zip(flown, every, strict=True):
            tally = Tally(len(setup.flights.missiles))
            tally.add(counted)
            difference: Mapping[str, Estimate] | None = None
            if group in first and len(first[group][0].flights.missiles) == len(setup.flights.missiles):
                paired = PairedTally(len(setup.flights.missiles))
                paired.add(counted, first[group][1])
                difference = paired.estimates()
            first.setdefault(group, (setup, counted))
            found.append(
                Row(
                    group,
                    label,
                    value,
                    len(setup.flights.missiles),
                    setup.arena.magazine,
                    self.replications,
                    tally.estimates(setup.arena.magazine),
                    difference,
                )
            )
        return tuple(found)


def backbone_answers(
    scenario: Scenario, replications: int = REPLICATIONS, seed: int = SEED, progress: Progress = silent
) -> BackboneAnswers | None:
    """Answer questions 4 and 14; None for a scenario without raids or without architectures to compare.

    Parameters
    ----------
    scenario : Scenario
    replications : int
        Of every setting.
    seed : int
    progress : callable
        Told of each part.
    """
    if not scenario.raids or not plans(scenario):
        return None
    raid, sized = raids_of(scenario)
    name = last_integrated(scenario)
    base = set_up(scenario, name, raid)
    large = set_up(scenario, name, sized)
    if not base.flights.missiles or not large.flights.missiles:
        return None
    runs, parts = Runs(replications, seed), 5
    progress(0, parts, "integration")
    integration = runs.rows(integration_settings(scenario, raid))
    progress(1, parts, "information architectures")
    forms = runs.rows([(name, form, None, set_up(scenario, name, raid, c2=form, like=base)) for form in FORMS])
    own = {plan: set_up(scenario, plan, sized) for plan in plans(scenario)}
    of_plans = runs.rows([(plan, "as planned", None, setup) for plan, setup in own.items()])
    progress(2, parts, "load of the backbone")
    loads = tuple(
        backbone_load(scenario, plan, sized, setup, seed) for plan, setup in own.items() if setup.flights.missiles
    )
    progress(3, parts, "size of the raid")
    sizes = runs.rows(size_settings(scenario, name, sized))
    progress(4, parts, "losses, latency, decision")
    answers = BackboneAnswers(
        replications,
        seed,
        name,
        raid,
        sized,
        aim_rows(scenario, base, seed),
        integration,
        forms,
        of_plans,
        loads,
        sizes,
        runs.rows(loss_settings(scenario, name, raid, base)),
        runs.rows(_conditions(scenario, name, raid, base, "link_availability", LINKS)),
        runs.rows(_latencies(scenario, name, raid, base)),
        runs.rows(
            [
                (form, f"{time:g} s", time, set_up(scenario, name, raid, c2=form, decision_s=time, like=base))
                for form in ("hub_hot",)
                for time in DECISIONS
            ]
        ),
        runs.rows(_assessment(scenario, name, raid, base)),
    )
    progress(parts, parts, "counted")
    return answers


def aim_rows(scenario: Scenario, setup: RaidSetup, seed: int, replications: int = FOLLOWED) -> tuple[AimRow, ...]:
    """Return the leakage by aim of a raid, from the logs of some replications; intervals after Student."""
    titles = {
        (group.aim.latitude_deg, group.aim.longitude_deg): group.title
        or f"{group.aim.latitude_deg:g}, {group.aim.longitude_deg:g}"
        for group in scenario.raids[setup.raid].threats
    }
    aims = [missile.aim_deg for missile in setup.flights.missiles]
    leaked = np.zeros((replications, len(aims)))
    for replication in range(replications):
        log = event_log(setup, seed, replication)
        fallen = (log[:, KIND] == IMPACT) & (log[:, OUTCOME] == LEAKED)
        leaked[replication, log[fallen, THREAT]] = 1.0
    found = []
    for aim in dict.fromkeys(aims):
        mine = [place for place, other in enumerate(aims) if other == aim]
        shares = leaked[:, mine].mean(axis=1)
        estimate = mean_of([float(share) for share in shares], 1.0)
        found.append(AimRow(titles[aim], len(mine), estimate))
    return tuple(found)


def raids_of(scenario: Scenario) -> tuple[str, str]:
    """Return the raid that is aimed at the most places, and the largest one."""
    aims = {
        name: len({(g.aim.latitude_deg, g.aim.longitude_deg) for g in raid.threats}) for name, raid in _all(scenario)
    }
    sizes = {name: sum(float(group.count) for group in raid.threats) for name, raid in _all(scenario)}
    return max(aims, key=lambda name: (aims[name], sizes[name])), max(sizes, key=lambda name: sizes[name])


def _all(scenario: Scenario) -> list[tuple[str, Raid]]:
    return list(scenario.raids.items())


def last_integrated(scenario: Scenario) -> str:
    """Return the plan that the forms and sweeps are judged on: the last but one of the phases, else the last plan.

    The last phase was given up in 2013; the one before it is the last that was built.
    """
    ladder = ladder_of(scenario)
    if len(ladder) > 1:
        return ladder[-2]
    return (ladder or plans(scenario))[-1]


def integration_settings(scenario: Scenario, raid: str) -> list[tuple[str, str, float | None, RaidSetup]]:
    """Return the steps of integration of each phase, the Allies' own systems among its elements where given."""
    found: list[tuple[str, str, float | None, RaidSetup]] = []
    for name in families(scenario).get("allied", ()) or ladder_of(scenario):
        base = set_up(scenario, name, raid)
        if not base.flights.missiles:
            continue
        for rung, (mode, form) in RUNGS.items():
            changed = with_mode(scenario, name, mode)
            conditions = Conditions(early_warning=rung == "shared early warning")
            found.append((name, rung, None, set_up(changed, name, raid, c2=form, conditions=conditions, like=base)))
    return found


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


def size_settings(scenario: Scenario, name: str, raid: str) -> list[tuple[str, str, float | None, RaidSetup]]:
    """Return raids from one missile to forty, under the doctrine of the plan and with salvos of two."""
    found: list[tuple[str, str, float | None, RaidSetup]] = []
    for size in SIZES:
        sized = {**scenario.raids, raid: resized(scenario.raids[raid], size)}
        changed = replace(scenario, raids=MappingProxyType(sized))
        single = set_up(changed, name, raid)
        found.append(("shoot-look-shoot", f"{size}", float(size), single))
        double = set_up(changed, name, raid, doctrine="salvo-2-look-salvo", like=single)
        found.append(("two, look, two", f"{size}", float(size), double))
    return found


def loss_settings(
    scenario: Scenario, name: str, raid: str, base: RaidSetup
) -> list[tuple[str, str, float | None, RaidSetup]]:
    """Return the command node lost at times: without, with a cold and with a hot alternate, in a region, in a mesh."""
    found: list[tuple[str, str, float | None, RaidSetup]] = []
    for form in ("hub", "hub_cold", "hub_hot", "regional", "mesh"):
        whole = set_up(scenario, name, raid, c2=form, like=base)
        found.append((form, "nothing lost", None, whole))
        first = whole.elements[len(whole.parts.radars) + len(whole.parts.satellites)]
        lost = first.removesuffix(" (unit)")
        for time in LOST_AT:
            setup = set_up(scenario, name, raid, c2=form, losses=[f"{lost}@{time}"], like=base)
            found.append((form, f"lost at {time} s", float(time), setup))
    return found


def _conditions(
    scenario: Scenario, name: str, raid: str, base: RaidSetup, key: str, values: Sequence[float]
) -> list[tuple[str, str, float | None, RaidSetup]]:
    changes: list[tuple[float, dict[str, Any]]] = [(value, {key: value}) for value in values]
    return [
        (form, f"{value:g}", value, set_up(scenario, name, raid, c2=form, conditions=Conditions(**change), like=base))
        for form in ("hub_hot", "mesh")
        for value, change in changes
    ]


def _assessment(
    scenario: Scenario, name: str, raid: str, base: RaidSetup
) -> list[tuple[str, str, float | None, RaidSetup]]:
    found: list[tuple[str, str, float | None, RaidSetup]] = []
    for group, key in (("survivors taken for dead", "false_kill"), ("the dead taken for survivors", "false_survival")):
        for value in ASSESSMENT:
            errors: dict[str, Any] = {"false_kill": 0.0, "false_survival": 0.0, key: value}
            setup = set_up(scenario, name, raid, conditions=Conditions(**errors), like=base)
            found.append((group, f"{100 * value:g} %", value, setup))
    return found


def _latencies(
    scenario: Scenario, name: str, raid: str, base: RaidSetup
) -> list[tuple[str, str, float | None, RaidSetup]]:
    found: list[tuple[str, str, float | None, RaidSetup]] = []
    for form in ("hub_hot", "mesh"):
        for value in LATENCIES:
            setup = set_up(scenario, name, raid, c2=form, like=base, latency_s=value)
            found.append((form, f"{value:g} s", value, setup))
    return found
