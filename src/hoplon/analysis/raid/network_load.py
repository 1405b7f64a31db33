"""The command-and-control network of an architecture: nodes, links, reports per second, latency, use of links."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.raid.setup import RaidSetup, event_log, set_up
from hoplon.backbone.doctrine import Conditions
from hoplon.backbone.layout import (
    AT_ONCE,
    DEAF,
    FIRST_BATTERY,
    FIRST_NODE,
    FIRST_RADAR,
    FIRST_SATELLITE,
    IF_BOUND,
    NODES,
)
from hoplon.backbone.messages import DESTINATION, KIND, SECOND_US, SOURCE, THREAT, TIME, TRACK_OFF, TRACK_ON, UPDATE
from hoplon.backbone.raid_model import RaidInputs
from hoplon.backbone.replications import many_rows
from hoplon.backbone.statistics import Estimate, ReplicationTally, student_quantile
from hoplon.backbone.wiring import Wiring, wiring_of

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario

_STRETCH: Final = 10  # [s] over which the use of a link is counted
WATCHED: Final = 8  # replications whose every look is followed
MEASURED: Final = 64  # replications whose latency is counted
_REPORTS: Final = (TRACK_ON, TRACK_OFF, UPDATE)


@dataclass(frozen=True)
class NetworkLoad:
    """The network of one architecture under one raid.

    Attributes
    ----------
    architecture, c2 : str
    nodes, radars, satellites, batteries : int
        Nodes of command and control; what reports to them; what they order.
    links : int
        Pairs of elements between which messages may pass over the network, of a node and its successor included.
    reports_per_second : Estimate
        Radar reports that reach all nodes together, each look an update, from the first report to the last.
    busiest_second : Estimate
        Messages that the busiest node handles in its busiest second.
    link_use : Estimate
        Share of its link's capacity that the busiest radar uses in its busiest ten seconds.
    latency_s : Estimate
        Of new tracks, from the radar to a node.
    messages_per_threat : Estimate
        Messages over the network per missile, updates left out.
    """

    architecture: str
    c2: str
    nodes: int
    radars: int
    satellites: int
    batteries: int
    links: int
    reports_per_second: Estimate
    busiest_second: Estimate
    link_use: Estimate
    latency_s: Estimate
    messages_per_threat: Estimate


def network_load(
    scenario: Scenario,
    architecture: str,
    raid: str,
    setup: RaidSetup,
    seed: int,
    counted: NDArray[np.int64] | None = None,
) -> NetworkLoad:
    """Return nodes and links, counted from the wiring, and traffic, from logs in which each radar look is an event.

    Parameters
    ----------
    scenario : Scenario
    architecture, raid : str
    setup : RaidSetup
        Of the two, as in the scenario.
    seed : int
    counted : ndarray, optional
        Measures of the first replications of ``setup``, if it was run before.
    """
    every = set_up(scenario, architecture, raid, conditions=Conditions(every_look=True), like=setup)
    capacity = Conditions().reports_per_second
    rates, busiest, uses, messages = [], [], [], []
    for replication in range(WATCHED):
        log = event_log(every, seed, replication)
        rate, second, use = loads_of(log, every.model.fixed, capacity)
        rates.append(rate)
        busiest.append(second)
        uses.append(use)
        messages.append(messages_of(log, every.model.fixed) / len(setup.flights.missiles))
    tally = ReplicationTally(len(setup.flights.missiles))
    if counted is None or len(counted) < MEASURED:
        counted = many_rows(setup.model, seed, 0, MEASURED)
    tally.add(counted[:MEASURED])
    return NetworkLoad(
        architecture,
        setup.c2,
        len(setup.inputs.nodes),
        len(setup.inputs.radars),
        len(setup.inputs.satellites),
        len(setup.inputs.batteries),
        links_of(setup.inputs),
        mean_of(rates),
        mean_of(busiest),
        mean_of(uses),
        tally.estimates(setup.model.magazine)["track_latency_s"],
        mean_of(messages),
    )


def mean_of(values: list[float]) -> Estimate:
    """Return a mean that cannot be negative with its interval after Student, which ends at 0."""
    mean = math.fsum(values) / len(values)
    if len(values) < 2:
        return Estimate(mean, None, None)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values))
    half = student_quantile(len(values) - 1) * spread
    return Estimate(mean, max(0.0, mean - half), mean + half)


def wiring_of_inputs(inputs: RaidInputs) -> Wiring:
    """Return who hears whom among the elements of a raid."""
    return wiring_of(
        inputs.form,
        [node.role for node in inputs.nodes],
        [node.battery for node in inputs.nodes],
        [radar.home for radar in inputs.radars],
        [battery.home for battery in inputs.batteries],
        [battery.own_radars for battery in inputs.batteries],
    )


def links_of(inputs: RaidInputs) -> int:
    """Return how many pairs of elements exchange messages over the network while every node works."""
    wiring = wiring_of_inputs(inputs)

    def linked(table: NDArray[np.int64], homes: list[int]) -> int:
        far = (table != DEAF) & (table != AT_ONCE)
        if not wiring.regional:  # a node that is told nothing until it takes over has no link of its own
            far[np.array(wiring.active) == 0] &= table[np.array(wiring.active) == 0] != IF_BOUND
        else:
            far &= np.arange(len(table))[:, np.newaxis] == np.array(homes, dtype=int)
        return int(np.count_nonzero(far))

    networked = bool(np.any(wiring.hears != DEAF)) and not np.all((wiring.hears == DEAF) | (wiring.hears == AT_ONCE))
    links = linked(wiring.hears, [radar.home for radar in inputs.radars])
    links += linked(wiring.listens, [battery.home for battery in inputs.batteries])
    if networked:
        links += len(inputs.satellites) * len(inputs.nodes)
    if wiring.regional:
        links += len(inputs.nodes) * (len(inputs.nodes) - 1) // 2
    return links


def loads_of(log: NDArray[np.int64], fixed: NDArray[np.int64], capacity: float | None) -> tuple[float, float, float]:
    """Return reports per second, messages of the busiest node's busiest second, and the busiest link's use."""
    source, destination, seconds = log[:, SOURCE], log[:, DESTINATION], log[:, TIME] // SECOND_US
    of_node = (destination >= fixed[FIRST_NODE]) & (destination < fixed[FIRST_BATTERY])
    of_radar = (source >= fixed[FIRST_RADAR]) & (source < fixed[FIRST_SATELLITE])
    reports = of_node & of_radar & np.isin(log[:, KIND], _REPORTS) & (log[:, THREAT] >= 0)
    if not reports.any():
        return 0.0, 0.0, 0.0
    lasts = (log[reports, TIME].max() - log[reports, TIME].min()) / SECOND_US
    rate = float(np.count_nonzero(reports) / max(lasts, 1.0))
    heard = of_node & (source != destination)
    busiest = float(_most(destination[heard], seconds[heard]))
    copies = max(1, int(fixed[NODES]))
    busiest_radar = max(
        _most(source[reports & (destination == node)], seconds[reports & (destination == node)] // _STRETCH)
        for node in range(int(fixed[FIRST_NODE]), int(fixed[FIRST_NODE]) + copies)
    )
    return rate, busiest, busiest_radar / capacity / _STRETCH if capacity else 0.0


def messages_of(log: NDArray[np.int64], fixed: NDArray[np.int64]) -> int:
    """Return the messages between different elements, updates left out."""
    source, destination = log[:, SOURCE], log[:, DESTINATION]
    inside = (source >= fixed[FIRST_RADAR]) & (destination >= fixed[FIRST_RADAR]) & (source != destination)
    end = fixed[FIRST_BATTERY] + (log[:, DESTINATION].max(initial=0) - fixed[FIRST_BATTERY]) + 1
    return int(np.count_nonzero(inside & (source < end) & (log[:, KIND] != UPDATE) & (log[:, THREAT] >= 0)))


def _most(who: NDArray[np.int64], second: NDArray[np.int64]) -> int:
    """Return the greatest number of events of one element in one second."""
    if not len(who):
        return 0
    _, counts = np.unique(who * (1 << 32) + second, return_counts=True)
    return int(counts.max())
