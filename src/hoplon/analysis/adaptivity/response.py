"""What can be moved or added within so many days of a surprise, and what that defends."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from hoplon.errors import InputError
from hoplon.scenario.model import Architecture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hoplon.analysis.adaptivity.judged import JudgedPlaces, State
    from hoplon.analysis.adaptivity.worlds import World
    from hoplon.analysis.threat.growth import Pace
    from hoplon.scenario.model import ResolvedArchitecture, Scenario

DAYS: Final = (0, 7, 30, 90, 365, 1095)
"""After a surprise, when the best response is asked for."""
EQUAL: Final = 1e-9  # values that differ by less tie
MOST_SETS: Final = 2_000_000


@dataclass(frozen=True)
class Response:
    """The best response to a surprise within so many days.

    Attributes
    ----------
    surprise : str
    pace : {"slow", "base", "fast"}
    days : int
    value : float or None
        Of the architecture after it; None where nothing is threatened.
    moves : tuple of str
    cost_musd : float
        Of the moves [million USD].
    """

    surprise: str
    pace: Pace
    days: int
    value: float | None
    moves: tuple[str, ...]
    cost_musd: float


def sets_of_moves(moves: Sequence[str], most: int) -> list[tuple[str, ...]]:
    """Return every set of at most so many moves, the empty one too, in the order of their places.

    Raises
    ------
    InputError
        If there are more than 2,000,000.
    """
    if most < 0:
        raise InputError(f"moves: a number from 0 was expected, got {most}")
    count = sum(math.comb(len(moves), size) for size in range(min(most, len(moves)) + 1))
    if count > MOST_SETS:
        raise InputError(f"moves: {count:,} sets of at most {most} of {len(moves)} moves; ask for fewer (--moves)")
    sizes = range(min(most, len(moves)) + 1)
    places = sorted(chosen for size in sizes for chosen in itertools.combinations(range(len(moves)), size))
    return [tuple(moves[place] for place in chosen) for chosen in places]


def moved_architectures(
    scenario: Scenario, architecture: str, sets: Sequence[tuple[str, ...]]
) -> tuple[Scenario, Mapping[tuple[str, ...], str], Mapping[str, ResolvedArchitecture]]:
    """Return an architecture after each of some sets of moves, as a file that extends it has it.

    Returns
    -------
    scenario : Scenario
        With the architectures added.
    names : mapping
        Set of moves to the name of its architecture; sets that come to the same share one.
    resolved : mapping
        By that name.
    """
    moves = {} if scenario.adapt is None else scenario.adapt.moves
    written = dict(scenario.architectures)
    for chosen in sets:
        if chosen:
            elements = dict.fromkeys(name for move in chosen for name in moves[move].elements)
            without = dict.fromkeys(name for move in chosen for name in moves[move].without)
            written[_name(architecture, chosen)] = Architecture(
                extends=architecture, elements=tuple(elements), without=tuple(without)
            )
    wider = replace(scenario, architectures=MappingProxyType(written))
    first_with: dict[frozenset[str], str] = {}
    names, resolved = {}, {}
    for chosen in sets:
        found = wider.architecture(_name(architecture, chosen))
        names[chosen] = first_with.setdefault(frozenset(found.elements), found.name)
        resolved[names[chosen]] = wider.architecture(names[chosen])
    return wider, names, resolved


def _name(architecture: str, moves: tuple[str, ...]) -> str:
    return " + ".join((architecture, *moves))


def value_of(state: State, weight: NDArray[np.float64], nation: NDArray[np.intp], kind: str) -> float | None:
    """Return the share of the threatened weight that is defended; None where nothing is threatened.

    Parameters
    ----------
    state : tuple of ndarray, shape (n,)
        Threatened; threatened and not defended.
    weight : ndarray, shape (n,)
        People or land [km2].
    nation : ndarray, shape (n,)
        Of each place.
    kind : {"population", "area", "worst_nation"}
        ``worst_nation``: the least of the nations' shares.
    """
    reached, lost = weight * state[0], weight * state[1]
    if kind != "worst_nation":
        total = float(reached.sum())
        return 1.0 - float(lost.sum()) / total if total > 0.0 else None
    totals = np.bincount(nation, reached)
    held = totals > 0.0
    return float(1.0 - (np.bincount(nation, lost)[held] / totals[held]).max()) if held.any() else None


def responses(
    scenario: Scenario,
    judged: JudgedPlaces,
    names: Mapping[tuple[str, ...], str],
    year: int,
    world: World,
    weight: NDArray[np.float64],
    nation: NDArray[np.intp],
    kind: str,
) -> list[Response]:
    """Return the best response in a world within each of :data:`DAYS`; of equal ones the cheaper, then the first.

    Parameters
    ----------
    scenario : Scenario
    judged : JudgedPlaces
        By every architecture named.
    names : mapping
        Set of moves to the architecture after it.
    year : int
        Whose classes threaten.
    world : World
        Of a surprise.
    weight, nation, kind
        As of :func:`value_of`.
    """
    moves = {} if scenario.adapt is None else scenario.adapt.moves
    values = {
        name: value_of(judged.state(name, world, year), weight, nation, kind) for name in dict.fromkeys(names.values())
    }
    costs = {chosen: sum(_cost(scenario, move) for move in chosen) for chosen in names}
    found = []
    for days in DAYS:
        ready = [chosen for chosen in names if all(float(moves[move].lead_days) <= days for move in chosen)]
        most = max((value for chosen in ready if (value := values[names[chosen]]) is not None), default=None)
        best = [
            chosen
            for chosen in ready
            if most is None or ((value := values[names[chosen]]) is not None and value >= most - EQUAL)
        ]
        cheapest = min(costs[chosen] for chosen in best)
        chosen = next(item for item in best if costs[item] <= cheapest + EQUAL * max(1.0, cheapest))
        assert world.surprise is not None
        found.append(Response(world.surprise, world.pace, days, values[names[chosen]], chosen, float(costs[chosen])))
    return found


def _cost(scenario: Scenario, move: str) -> float:
    given = None if scenario.adapt is None else scenario.adapt.moves[move].cost_musd
    return 0.0 if given is None else float(given)
