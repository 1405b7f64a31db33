"""Doctrine, network and errors of a raid in seconds and probabilities; the forms of both that have a name."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from hoplon.backbone.layout import HUB, HUB_COLD, HUB_HOT, MESH, ORGANIC, REGIONAL
from hoplon.errors import InputError, UnknownNameError

FORMS: Final = {
    "organic": ORGANIC,
    "hub": HUB,
    "hub_hot": HUB_HOT,
    "hub_cold": HUB_COLD,
    "regional": REGIONAL,
    "mesh": MESH,
}
"""The information architectures."""

DOCTRINES: Final = ("single", "salvo-N", "shoot-look-shoot", "salvo-look-salvo", "salvo-N-look-salvo")


@dataclass(frozen=True)
class Doctrine:
    """Who may shoot on whose track, when, and how often; times in seconds.

    Attributes
    ----------
    firm_track, decision, reaction, support, handover, kill_assessment : float
        As in the scenario's doctrine (model section 7).
    salvo : int
        Interceptors a shot opportunity.
    look : bool
        Whether a further shot may follow a kill assessment.
    remote_support : bool
        Whether any radar of the network supports an intercept (engage on remote).
    """

    firm_track: float
    decision: float
    reaction: float
    support: float
    handover: float
    kill_assessment: float
    salvo: int = 1
    look: bool = True
    remote_support: bool = False


@dataclass(frozen=True)
class Conditions:
    """What the scenario does not give: every value is assumed, and printed with each result.

    Attributes
    ----------
    hop_share : float
        Share of a report's latency that each of its two hops takes (sensor to node, node to shooter).
    fixed_share : float
        Share of a hop that is fixed; the rest is exponential.
    link_availability : float
        Probability that a transmission gets through; a lost one is repeated after ``repeat`` seconds.
    repeat : float
        [s].
    reports_per_second : float or None
        What the link of a radar carries; None for no limit. New and ended tracks go before updates.
    stale : float
        Silence after which the tracks of a radar are dropped [s].
    answer : float
        Time after which an order without an answer is given to another battery [s], beyond the latency.
    hot_switch, cold_switch : float
        From the loss of a node to command by another that shares its picture, or that begins empty [s].
    false_kill, false_survival : float
        Probability that a kill assessment takes a survivor for dead, the dead for a survivor.
    common_threat, common_raid : float
        Probability that every shot at a threat fails together, at the whole raid.
    hits_of_looks : float
        Share of the looks of an acquisition that must see the threat (3 of 5).
    spare_looks : int
        Looks that a plan allows a radar, not yet holding the track, to miss.
    false_alarm : float
        Probability of a false alarm a look, which sets the detection threshold.
    perfect_sensing : bool
        Every look inside cover sees.
    availability : bool
        Draw which elements work from their availability; else all do.
    every_look : bool
        Simulate every look and update as an event.
    early_warning : bool
        Batteries on their own get the satellites' alerts, which cue their own radars; networked forms always do.
    wrong_association : float
        Probability that a node does not recognise a radar's track as that of a threat which another radar holds, and
        gives it a second track number.
    fallback : float or None
        Silence of its node after which a battery with radars of its own fights by them, until the node is heard again
        [s]; None: it waits for orders.
    """

    hop_share: float = 0.5
    fixed_share: float = 0.5
    link_availability: float = 1.0
    repeat: float = 1.0
    reports_per_second: float | None = 19.0
    stale: float = 10.0
    answer: float = 5.0
    hot_switch: float = 10.0
    cold_switch: float = 120.0
    false_kill: float = 0.05
    false_survival: float = 0.05
    common_threat: float = 0.0
    common_raid: float = 0.0
    hits_of_looks: float = 0.6
    spare_looks: int = 2
    false_alarm: float = 1e-6
    perfect_sensing: bool = False
    availability: bool = True
    every_look: bool = False
    early_warning: bool = False
    wrong_association: float = 0.0
    fallback: float | None = None

    def ideal(self) -> Conditions:
        """Return the same with perfect sensing, no latency, no losses and no errors of assessment."""
        return replace(
            self,
            hop_share=0.0,
            link_availability=1.0,
            reports_per_second=None,
            false_kill=0.0,
            false_survival=0.0,
            wrong_association=0.0,
            perfect_sensing=True,
            availability=False,
        )


def doctrine_named(name: str, given: Doctrine) -> Doctrine:
    """Return a doctrine with the shots that a name says.

    Parameters
    ----------
    name : str
        ``single``; ``salvo-N``; ``shoot-look-shoot``; ``salvo-look-salvo``, with the salvo of the scenario, at least 2;
        ``salvo-N-look-salvo``.

    Raises
    ------
    UnknownNameError
        For another name.
    """
    if name == "single":
        return replace(given, salvo=1, look=False)
    if name == "shoot-look-shoot":
        return replace(given, salvo=1, look=True)
    if name == "salvo-look-salvo":
        return replace(given, salvo=max(2, given.salvo), look=True)
    salvo = re.fullmatch(r"salvo-([1-9][0-9]?)(-look-salvo)?", name)
    if salvo is None:
        raise UnknownNameError("doctrine", name, DOCTRINES)
    return replace(given, salvo=int(salvo[1]), look=salvo[2] is not None)


def form_named(name: str) -> int:
    """Return the number of an information architecture.

    Raises
    ------
    UnknownNameError
        With the nearest known name.
    """
    folded = name.replace("-", "_")
    if folded not in FORMS:
        raise UnknownNameError("information architecture (c2)", name, FORMS)
    return FORMS[folded]


def probability(name: str, value: float) -> float:
    """Return a probability, or refuse it.

    Raises
    ------
    InputError
        Outside [0, 1], NaN included.
    """
    if not 0.0 <= value <= 1.0:
        raise InputError(f"{name} must lie in [0, 1], got {value}")
    return value
