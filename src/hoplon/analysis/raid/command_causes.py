"""What each cause costs of the gap between a simulated raid and perfect command, by switching causes off.

Every cause is switched off in the event simulation with common random numbers, in every combination of the others.
What one costs depends on which others are off already, so that three numbers are given: switched off first (alone),
switched off last (all others off), and its Shapley value, the mean over every order, which adds up exactly. What is
left with every cause off, above the bound of perfect command, is the rule of assignment and what the bound leaves open.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from hoplon.analysis.raid.perfect_command import least_leakage
from hoplon.backbone.draws import LOOK_CERTAIN
from hoplon.backbone.measures import LEAKERS
from hoplon.backbone.raid_model import RaidInputs, RaidModel, build_raid_model
from hoplon.backbone.statistics import Estimate, ReplicationTally, student_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hoplon.analysis.raid.runs import Runs
    from hoplon.analysis.raid.setup import RaidSetup

_SHOTS_AT_MOST: Final = 100  # of one battery at one missile


def _no_failures(inputs: RaidInputs) -> RaidInputs:
    return replace(
        inputs,
        conditions=replace(inputs.conditions, availability=False, link_availability=1.0),
        radars=[replace(entry, link=1.0) for entry in inputs.radars],
        satellites=[replace(entry, link=1.0) for entry in inputs.satellites],
        nodes=[replace(entry, link=1.0) for entry in inputs.nodes],
        batteries=[replace(entry, link=1.0) for entry in inputs.batteries],
    )


def _no_latency(inputs: RaidInputs) -> RaidInputs:
    return replace(inputs, conditions=replace(inputs.conditions, hop_share=0.0, reports_per_second=None))


def _no_decision(inputs: RaidInputs) -> RaidInputs:
    return replace(inputs, doctrine=replace(inputs.doctrine, decision=0.0))


def _no_missed_looks(inputs: RaidInputs) -> RaidInputs:
    looks = np.where(inputs.looks > 0, LOOK_CERTAIN, 0).astype(np.int32)
    return replace(inputs, looks=looks, conditions=replace(inputs.conditions, perfect_sensing=True))


def _no_end_of_track(inputs: RaidInputs) -> RaidInputs:
    """Let a flight that a radar could hold be held from then on to its end, for any battery's intercept and look."""
    cover, looks = np.full_like(inputs.cover, -1), inputs.looks.copy()
    seconds = np.arange(looks.shape[-1])
    for flight, impact in {threat.flight: threat.impact for threat in inputs.threats}.items():
        for radar in range(len(inputs.radars)):
            stays = inputs.cover[radar, flight]
            stays = stays[stays[:, 0] >= 0]
            if not len(stays):
                continue
            searched = stays[stays[:, 2] >= 0, 2]
            cover[radar, flight, 0] = (stays[0, 0], int(impact), searched.min() if len(searched) else -1)
            later = (seconds > stays[0, 1]) & (seconds <= impact)
            looks[radar, flight][:, later] = LOOK_CERTAIN
    doctrine = replace(inputs.doctrine, support=0.0, remote_support=True)
    return replace(inputs, cover=cover, looks=looks, doctrine=doctrine)


def _no_limits(inputs: RaidInputs) -> RaidInputs:
    return replace(
        inputs,
        radars=[replace(radar, capacity=0) for radar in inputs.radars],
        batteries=[replace(battery, launch_interval=0.0) for battery in inputs.batteries],
    )


def _ample_magazines(inputs: RaidInputs) -> RaidInputs:
    """Give each battery that has interceptors one for every shot that it could have time for."""
    many = max(1, len(inputs.threats)) * _SHOTS_AT_MOST
    batteries = [replace(battery, count=many if battery.count else 0) for battery in inputs.batteries]
    return replace(inputs, batteries=batteries)


def _no_errors(inputs: RaidInputs) -> RaidInputs:
    conditions = replace(inputs.conditions, false_kill=0.0, false_survival=0.0, wrong_association=0.0)
    return replace(inputs, conditions=conditions)


CAUSES: Final[Mapping[str, Callable[[RaidInputs], RaidInputs]]] = MappingProxyType(
    {
        "failures": _no_failures,
        "latency": _no_latency,
        "decision": _no_decision,
        "detection": _no_missed_looks,
        "support": _no_end_of_track,
        "limits": _no_limits,
        "magazine": _ample_magazines,
        "assessment": _no_errors,
    }
)
"""Causes, each with what switches it off."""


@dataclass(frozen=True)
class CauseCost:
    """What a cause costs of the raid, as a share that leaks: switched off first, on average over orders, and last."""

    cause: str
    first: Estimate
    shapley: Estimate
    last: Estimate


@dataclass(frozen=True)
class CommandCauses:
    """The gap to perfect command, cause by cause.

    Perfect command here has ample magazines: that magazines run short is one of the causes, and ``magazine`` says how
    much of what it costs no command could save.

    Attributes
    ----------
    architecture, raid : str
    threats, threats_of_raid : int
    groups_left_out : tuple of str
    replications : int
    simulated : Estimate
        Leakage with every cause on.
    causes : tuple of CauseCost
        Their Shapley values add up to the difference between every cause on and every cause off.
    remainder : Estimate
        Leakage with every cause off, less that of perfect command: rule of assignment, duplicate shots, and what the
        bound leaves open.
    least : float
        Leakage under perfect command with ample magazines.
    magazine : float
        What the magazines as they are add to it.
    """

    architecture: str
    raid: str
    threats: int
    threats_of_raid: int
    groups_left_out: tuple[str, ...]
    replications: int
    simulated: Estimate
    causes: tuple[CauseCost, ...]
    remainder: Estimate
    least: float
    magazine: float


def command_causes(setup: RaidSetup, runs: Runs, replications: int) -> CommandCauses | None:
    """Divide the gap of a raid to perfect command among its causes; None where no missile flies.

    Parameters
    ----------
    setup : RaidSetup
        Without given losses.
    runs : Runs
        Settings that it ran before are not run again.
    replications : int
        Of each combination, the first ones.
    """
    threats, names = len(setup.flights.missiles), tuple(CAUSES)
    if not threats:
        return None
    subsets = [frozenset(off) for size in range(len(names) + 1) for off in combinations(names, size)]
    looks: dict[bytes, NDArray[np.int32]] = {}  # equal ones are one array, by which equal models are told
    begun = {off: runs.begin(setup, 0, replications, _without(setup.inputs, off, looks)) for off in subsets}
    leaked = {off: future.result()[:, LEAKERS] / threats for off, future in begun.items()}
    tally = ReplicationTally(threats)
    tally.add(begun[frozenset()].result())
    simulated = tally.leakage()
    every = frozenset(names)
    bound, least = (
        least_leakage(replace(setup, inputs=inputs)) for inputs in (setup.inputs, _ample_magazines(setup.inputs))
    )
    costs = tuple(
        CauseCost(
            name,
            _mean(leaked[frozenset()] - leaked[frozenset({name})]),
            _mean(_shapley(name, names, leaked)),
            _mean(leaked[every - {name}] - leaked[every]),
        )
        for name in names
    )
    rest = _mean(leaked[every])
    remainder = Estimate(*(None if end is None else end - least for end in (rest.mean, rest.low, rest.high)))
    return CommandCauses(
        setup.architecture,
        setup.raid,
        threats,
        setup.threats_of_raid,
        setup.flights.refused,
        replications,
        simulated,
        costs,
        remainder,
        least,
        bound - least,
    )


def _without(inputs: RaidInputs, off: frozenset[str], known: dict[bytes, NDArray[np.int32]]) -> RaidModel:
    for name, switch in CAUSES.items():
        inputs = switch(inputs) if name in off else inputs
    looks = known.setdefault(inputs.looks.tobytes(), inputs.looks)
    return build_raid_model(replace(inputs, looks=looks))


def _shapley(
    name: str, names: tuple[str, ...], leaked: Mapping[frozenset[str], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return a cause's Shapley value in each replication."""
    others = [other for other in names if other != name]
    total = np.zeros_like(leaked[frozenset()])
    for size in range(len(names)):
        weight = math.factorial(size) * math.factorial(len(names) - size - 1) / math.factorial(len(names))
        for off in combinations(others, size):
            total += weight * (leaked[frozenset(off)] - leaked[frozenset({*off, name})])
    return total


def _mean(values: NDArray[np.float64]) -> Estimate:
    """Return the mean over replications with Student's interval."""
    mean, n = float(values.mean()), len(values)
    if n < 2:
        return Estimate(mean, None, None)
    half = student_quantile(n - 1) * float(values.std(ddof=1)) / math.sqrt(n)
    return Estimate(mean, mean - half, mean + half)
