"""What is asked of a raid beside its scenario, in one record."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from hoplon.backbone.doctrine import RaidDoctrine, doctrine_named
from hoplon.errors import InputError
from hoplon.scenario.conditions import DECISION, Conditions
from hoplon.scenario.model import Cited

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.scenario.model import Level, ResolvedArchitecture, Scenario


@dataclass(frozen=True)
class RaidSettings:
    """What is asked of a raid beside its scenario; what is left out is the scenario's own.

    Attributes
    ----------
    losses : sequence of str
        Seconds after the first launch, as :func:`hoplon.backbone.losses.loss_of` reads them.
    doctrine : str or None
        One of :data:`hoplon.backbone.doctrine.DOCTRINES`, in place of the raid's own and of the scenario's salvo and
        look.
    c2 : str or None
        Information architecture in place of the scenario's.
    conditions : Conditions
        What the scenario does not give.
    decision_s : float or None
        Time to decide in place of the scenario's [s].
    level : {"low", "base", "high"}
        Of kill probability: every factor at the bound worse for the defence, as stated, or better.
    latency_s : float or None
        Latency of the network in place of the scenario's, that of elements with one of their own included [s].
    links : mapping of str to float
        Chance that a message passes the link of an element, beside that of the whole network.

    Raises
    ------
    InputError
        If a time is outside its limits.
    """

    losses: Sequence[str] = ()
    doctrine: str | None = None
    c2: str | None = None
    conditions: Conditions = field(default_factory=Conditions)
    decision_s: float | None = None
    level: Level = "base"
    latency_s: float | None = None
    links: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what is outside its limits."""
        if self.latency_s is not None and not 0.0 <= self.latency_s < math.inf:
            raise InputError(f"a latency must be 0 s or more, got {self.latency_s}")
        if self.decision_s is not None and (fault := DECISION.fault(self.decision_s, f"{self.decision_s}")):
            raise InputError(f"time to decide: {fault}")

    def architecture_of(self, scenario: Scenario, name: str) -> ResolvedArchitecture:
        """Return an architecture of a scenario, with the latency asked for."""
        resolved = scenario.architecture(name)
        return resolved if self.latency_s is None else _with_latency(resolved, self.latency_s)

    def doctrine_for(self, architecture: ResolvedArchitecture, c2: str, of_raid: str | None = None) -> RaidDoctrine:
        """Return the doctrine of an architecture with the raid's and what is asked for in its place."""
        chosen = doctrine_of(architecture)
        named = of_raid if self.doctrine is None else self.doctrine
        if named is not None:
            chosen = doctrine_named(named, chosen)
        if self.decision_s is not None:
            chosen = replace(chosen, decision=self.decision_s)
        return replace(chosen, remote_support=False) if c2 == "organic" else chosen


def doctrine_of(architecture: ResolvedArchitecture) -> RaidDoctrine:
    """Return the doctrine of an architecture."""
    given = architecture.doctrine
    return RaidDoctrine(
        firm_track=float(given.firm_track_s),
        decision=float(given.decision_s),
        reaction=float(given.reaction_s),
        support=float(given.support_s),
        handover=float(given.handover_s),
        kill_assessment=float(given.kill_assessment_s),
        salvo=max(1, round(float(given.salvo))),
        look=given.look,
        remote_support=architecture.mode == "engage_on_remote",
    )


def _with_latency(architecture: ResolvedArchitecture, latency_s: float) -> ResolvedArchitecture:
    latency = Cited(latency_s)
    elements = {
        name: element if element.latency_s is None else replace(element, latency_s=latency)
        for name, element in architecture.elements.items()
    }
    network = replace(architecture.network, latency_s=latency)
    return replace(architecture, elements=MappingProxyType(elements), network=network)
