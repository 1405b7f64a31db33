"""First-out losses: what an architecture loses when one of its elements is left out, and nothing else changes.

The first-out loss of an element is the share of the threatened people who are defended by the whole architecture, less
the share defended by the architecture without that element (last in, in the terms of the Shapley value). Cues, tracks,
earliest launches and support are worked out anew each time: what a radar or a satellite carries is what is lost
with it, not what it sees. Losses do not add up: two elements that stand in for each other lose nothing one by one.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.architectures import without_element
from hoplon.analysis.coverage import headline_nations, headline_threats
from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import Flights, flown_against, kept_flights
from hoplon.analysis.sampling.once import by_aim
from hoplon.defence.assembly import Defence, DefenceEvaluator
from hoplon.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.store import Store
    from hoplon.progress import Progress
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario

FORMS: Final = ("radar", "satellite", "battery")  # of elements that coverage depends on
_FLIGHTS_A_PIECE: Final = 40_000
_WHOLE: Final = 0  # the row of nothing left out


@dataclass(frozen=True)
class FirstOut:
    """What one architecture defends whole, and with each of its elements left out.

    Attributes
    ----------
    architecture : str
    level : {"low", "base", "high"}
        Of the disputed inputs.
    threats : tuple of str
        Classes that count together.
    nations : tuple of str
        Those whose people are counted.
    elements : tuple of str
        Radars, satellites and batteries of the architecture, as it lists them; e of them.
    left_out : tuple of str
        Its other elements, which coverage does not depend on.
    threatened : ndarray, shape (nations,)
        People threatened.
    people : ndarray, shape (1 + e, nations)
        People defended: by the whole architecture, then with each element left out.
    defended : ndarray, shape (1 + e, points)
        Whether each aim point is.
    """

    architecture: str
    level: Level
    threats: tuple[str, ...]
    nations: tuple[str, ...]
    elements: tuple[str, ...]
    left_out: tuple[str, ...]
    threatened: NDArray[np.float64] = field(repr=False)
    people: NDArray[np.float64] = field(repr=False)
    defended: NDArray[np.bool_] = field(repr=False)

    def share(self, element: str | None = None, nation: str | None = None) -> float | None:
        """Return the share of the threatened people defended without an element, or by the whole architecture.

        Parameters
        ----------
        element : str, optional
            Left out.
        nation : str, optional
            Whose people; those of every nation by default.

        Returns
        -------
        float or None
            None where nobody is threatened.
        """
        row = _WHOLE if element is None else 1 + self.elements.index(element)
        chosen = slice(None) if nation is None else [self.nations.index(nation)]
        threatened = float(self.threatened[chosen].sum())
        return float(self.people[row, chosen].sum()) / threatened if threatened > 0.0 else None

    def loss(self, element: str, nation: str | None = None) -> float | None:
        """Return the first-out loss of an element: the share defended by all, less the share defended without it."""
        whole, without = self.share(None, nation), self.share(element, nation)
        return None if whole is None or without is None else whole - without

    def carriers(self, point: int) -> tuple[str, ...]:
        """Return the elements any of which, left out alone, leaves a defended aim point undefended."""
        if not self.defended[_WHOLE, point]:
            return ()
        return tuple(name for name, met in zip(self.elements, self.defended[1:, point], strict=True) if not met)


def first_out(
    store: Store, scenario: Scenario, architecture: str, points: AimPoints, threats: Sequence[str] | None = None
) -> FirstOut:
    """Return the first-out losses of one architecture; parameters as :func:`first_outs`."""
    return first_outs(store, scenario, (architecture,), points, threats)[0]


def first_outs(
    store: Store,
    scenario: Scenario,
    architectures: Sequence[str],
    points: AimPoints,
    threats: Sequence[str] | None = None,
    level: Level = "base",
    progress: Progress = silent,
) -> tuple[FirstOut, ...]:
    """Return the first-out losses of several architectures, all judged in one pass over the flights.

    Parameters
    ----------
    store : Store
        Keeps the stages.
    scenario : Scenario
    architectures : sequence of str
    points : AimPoints
    threats : sequence of str, optional
        Classes that count together; the headline's by default.
    level : {"low", "base", "high"}
        Of the disputed inputs.
    progress : callable

    Returns
    -------
    tuple of FirstOut
        Of the headline's nations that are members in the year of each architecture.
    """
    wanted = headline_threats(scenario) if threats is None else tuple(threats)
    resolved = [scenario.architecture(name) for name in architectures]
    by_lofts: dict[tuple[float, ...] | None, list[str]] = {}
    for one in resolved:
        by_lofts.setdefault(one.lofts_deg, []).append(one.name)
    if len(by_lofts) > 1:  # they are judged against other flights
        groups = (first_outs(store, scenario, names, points, threats, level, progress) for names in by_lofts.values())
        by_name = {item.architecture: item for group in groups for item in group}
        return tuple(by_name[one.name] for one in resolved)
    flown = flown_against(scenario, resolved[0]) if resolved else scenario
    every = kept_flights(store, flown, points, tuple(scenario.threats), tuple(scenario.launch_areas))
    kinds = [list(scenario.threats).index(name) for name in wanted]
    nations = {code for item in resolved for code in headline_nations(scenario, item.year)}
    counted = np.isin(every.classes, kinds) & np.isin(points.nation, sorted(nations))[every.points]
    flights = every.chosen(np.flatnonzero(counted))
    elements = [tuple(name for name, item in one.elements.items() if item.form in FORMS) for one in resolved]
    defences = [
        [defence_of(scenario, one, level), *(defence_of(scenario, without_element(one, name), level) for name in names)]
        for one, names in zip(resolved, elements, strict=True)
    ]
    asked = [defence for group in defences for defence in group]
    threatened = np.zeros(len(points), dtype=np.bool_)
    threatened[flights.points] = True
    defended = iter(_defended(store, flown, flights, asked, len(points), progress))
    found = []
    for one, names, group in zip(resolved, elements, defences, strict=True):
        held = threatened & np.array([next(defended) for _ in group])
        codes = headline_nations(scenario, one.year)
        people = np.array([np.where(points.nation == code, points.population, 0.0) for code in codes])
        people = people.reshape(len(codes), len(points))
        found.append(
            FirstOut(
                architecture=one.name,
                level=level,
                threats=wanted,
                nations=codes,
                elements=names,
                left_out=tuple(name for name in one.elements if name not in names),
                threatened=people @ threatened,
                people=held @ people.T,
                defended=held,
            )
        )
    return tuple(found)


def _defended(
    store: Store, flown: Scenario, flights: Flights, defences: Sequence[Defence], points: int, progress: Progress
) -> NDArray[np.bool_]:
    """Return whether each aim point is met at every flight to it, by each defence; shape (defences, points).

    Of an aim point that is open to one flight, the later flights are not judged.
    """
    order, edges = by_aim(flown, flights, points)
    required = [defence.shots_required for defence in defences]
    least = np.array(required)[:, np.newaxis]
    held = np.ones((len(defences), points), dtype=np.bool_)
    evaluator = DefenceEvaluator(defences, required, lambda kind: stages.reach(store, kind), stages.MAP_STEP)
    pieces = max(1, len(flights) // _FLIGHTS_A_PIECE)
    ends = np.unique(edges[np.linspace(0, len(edges) - 1, pieces + 1).round().astype(int)])
    for piece, (first, end) in enumerate(itertools.pairwise(ends.tolist())):
        progress(piece, len(ends) - 1, "first-out losses")
        some = order[first:end]
        aims, inside = flights.points[some], edges[(edges >= first) & (edges <= end)] - first
        best = evaluator.shots(flights.elements[some], flights.classes[some], (aims, inside))
        for row, unmet in zip(held, best < least, strict=True):
            row[aims[unmet]] = False
    return held
