"""What one interceptor of each battery is worth against each flight of a raid: fixed, or the product of its factors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.defence import OPPOSITE
from hoplon.analysis.kill_chain import kill_chains
from hoplon.errors import InputError
from hoplon.sensing.discrimination import selection_probability

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.scenario.model import InterceptorType, Level, ResolvedArchitecture, Scenario

FACTORS = ("reliability", "hit_probability", "seeker", "divert_km")


class Flown(NamedTuple):
    """A flight of a raid: class, launch area, aim [deg], and its loft, or its apogee in place of one."""

    threat: str
    area: str
    aim_deg: tuple[float, float]
    loft_deg: float = 0.0
    apogee_km: float | None = None

    def __str__(self) -> str:
        """Return the flight in words; a loft of 0 goes without saying."""
        way = f", loft {self.loft_deg:g} deg" if self.loft_deg else ""
        way = way if self.apogee_km is None else f", apogee {self.apogee_km:g} km"
        return f"{self.threat} from {self.area} to {self.aim_deg[0]:g},{self.aim_deg[1]:g}{way}"


def kill_table(
    scenario: Scenario, architecture: ResolvedArchitecture, flights: Sequence[Flown], level: Level = "base"
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the single-shot kill probability of each battery's interceptor against each flight.

    An interceptor that fixes it keeps that. One that gives every factor has the product of reliability, handover,
    selection and hit (model section 6) of its first shot at the flight, with the radars that hear and discriminate by
    then; where the battery has no shot, or too few looks to predict one, the handover counts as certain and the seeker
    selects alone. One that gives no seeker has reliability times hit.

    Parameters
    ----------
    scenario : Scenario
    architecture : ResolvedArchitecture
    flights : sequence of Flown
    level : {"low", "base", "high"}
        Of kill probability: of the fixed one, or of every factor (:func:`hoplon.analysis.kill_chain.kill_chains`).

    Returns
    -------
    names : tuple of str
        Of the batteries, in the architecture's order.
    kill : ndarray, shape (batteries, flights)

    Raises
    ------
    InputError
        If an interceptor gives neither a fixed probability nor reliability and hit probability.
    """
    batteries = {name: str(element.battery) for name, element in architecture.elements.items() if element.battery}
    kinds = scenario.interceptors
    plain = {name: plain_kill(scenario, architecture, name, kinds[kind], level) for name, kind in batteries.items()}
    kill = np.array([[plain[name]] * len(flights) for name in batteries]).reshape(len(batteries), len(flights))
    factored = [name for name, kind in batteries.items() if has_factors(kinds[kind])]
    if not factored:
        return tuple(batteries), kill
    rows = {name: row for row, name in enumerate(batteries)}
    for column, flight in enumerate(flights):
        way: dict[str, Any] = {"loft_deg": flight.loft_deg, "apogee_km": flight.apogee_km, "level": level}
        chains = kill_chains(scenario, architecture.name, flight.area, flight.aim_deg, flight.threat, **way).batteries
        for name in factored:
            found = chains[name].single_shot_kill_probability if name in chains else None
            seeker = kinds[batteries[name]].seeker
            if found is None and seeker is not None:
                objects = float(round(scenario.threats[flight.threat].objects.at(OPPOSITE[level])))
                found = plain[name] * selection_probability(objects, seeker.separation.at(level))
            if found is not None:
                kill[rows[name], column] = found
    return tuple(batteries), kill


def has_factors(kind: InterceptorType) -> bool:
    """Tell whether an interceptor gives every factor, and no fixed probability in their place."""
    return kind.single_shot_kill_probability is None and all(getattr(kind, name) is not None for name in FACTORS)


def plain_kill(
    scenario: Scenario, architecture: ResolvedArchitecture, name: str, kind: InterceptorType, level: Level = "base"
) -> float:
    """Return an interceptor's fixed probability, or reliability times hit.

    Raises
    ------
    InputError
        If it gives neither, or the value is no probability.
    """
    type_name = architecture.elements[name].battery
    if kind.single_shot_kill_probability is not None:
        kill = kind.single_shot_kill_probability.at(level)
    elif kind.reliability is not None and kind.hit_probability is not None:
        kill = kind.reliability.at(level) * kind.hit_probability.at(level)
    else:
        raise InputError(
            f"interceptors.{type_name}: a raid needs `single_shot_kill_probability`, or `reliability` and "
            f"`hit_probability`; battery {name!r} of architecture {architecture.name!r} carries it"
        )
    if not 0.0 <= kill <= 1.0:
        raise InputError(f"interceptors.{type_name}: a kill probability of {kill} is not in [0, 1]")
    return kill


def kill_words(
    names: Sequence[str], flights: Sequence[Flown], kill: NDArray[np.float64]
) -> Mapping[str, float | dict[str, float]]:
    """Return the table by battery: one number where every flight has the same, else one a flight."""
    words: dict[str, float | dict[str, float]] = {}
    for name, row in zip(names, kill, strict=True):
        if len(row) and bool(np.all(row == row[0])):
            words[name] = float(row[0])
        else:
            words[name] = {str(flight): float(value) for flight, value in zip(flights, row, strict=True)}
    return words
