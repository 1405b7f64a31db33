"""Doctrine of a raid in seconds and numbers; doctrines and information architectures that have a name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from hoplon.backbone.layout import HUB, HUB_COLD, HUB_HOT, MESH, ORGANIC, REGIONAL
from hoplon.errors import UnknownNameError
from hoplon.scenario.conditions import Conditions as Conditions
from hoplon.scenario.shot_doctrines import DOCTRINES as DOCTRINES
from hoplon.scenario.shot_doctrines import shot_doctrine_named

FORMS: Final = {
    "organic": ORGANIC,
    "hub": HUB,
    "hub_hot": HUB_HOT,
    "hub_cold": HUB_COLD,
    "regional": REGIONAL,
    "mesh": MESH,
}
"""The information architectures."""


@dataclass(frozen=True)
class RaidDoctrine:
    """Who may shoot on whose track, when, and how often; times in seconds.

    Attributes
    ----------
    firm_track, decision, reaction, support, handover, kill_assessment : float
        As in the scenario's doctrine (model section 7).
    salvo : int
        Interceptors a shot opportunity; with ``share`` at most, but for the last look.
    look : bool
        Whether a further shot may follow a kill assessment.
    remote_support : bool
        Whether any radar of the network supports an intercept (engage on remote).
    share : bool
        Whether each magazine is shared over the threats that it may still have to meet (see
        :mod:`hoplon.backbone.sharing`).
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
    share: bool = False


def doctrine_named(name: str, given: RaidDoctrine) -> RaidDoctrine:
    """Return a doctrine with the shots that a name says.

    Parameters
    ----------
    name : str
        ``single``; ``salvo-N``; ``shoot-look-shoot``; ``salvo-look-salvo``, with the salvo of the scenario, at least 2;
        ``salvo-N-look-salvo``; ``share``, as salvo-look-salvo while the magazine lasts.

    Raises
    ------
    UnknownNameError
        For another name.
    """
    shots = shot_doctrine_named(name, given.salvo)
    return replace(given, salvo=shots.salvo, look=shots.look, share=shots.share)


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
