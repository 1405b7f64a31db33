"""What a choice of candidates is worth: the share that the base with them defends, losses of their sites included."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.subsets.family_values import FamilyValues
from hoplon.analysis.subsets.players import Player, players_of
from hoplon.analysis.subsets.restrictions import roster_of
from hoplon.analysis.subsets.tables import bits_of, mask_of
from hoplon.analysis.subsets.values import CoalitionValues
from hoplon.analysis.subsets.winning import defended_by
from hoplon.defence.winning_sets import MOST_PLAYERS
from hoplon.errors import InputError
from hoplon.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hoplon.analysis.mix.choices import Choices
    from hoplon.analysis.store import Store
    from hoplon.analysis.subsets.scope import Scope
    from hoplon.analysis.subsets.winning import DefendedBy
    from hoplon.campaigns.execution import Execution
    from hoplon.progress import Progress
    from hoplon.scenario.model import Element, ResolvedArchitecture, Scenario

SAME: Final = 1e-9  # values that differ by no more are equal
NO_SITE: Final = -1


@dataclass(frozen=True)
class Pieces:
    """What the elements of the candidates are, in pieces that come and go together.

    Parameters
    ----------
    players : tuple of Player
        A piece each: elements that the same candidates bring and, where sites are lost, that stand at one site.
    brought : tuple of int
        By piece, the candidates any of which brings it.
    site : tuple of int
        By piece, the site with which it is lost; -1 for what cannot be lost.
    """

    players: tuple[Player, ...]
    brought: tuple[int, ...]
    site: tuple[int, ...]

    @property
    def sites(self) -> tuple[int, ...]:
        """By site, the pieces that are lost with it."""
        count = max(self.site, default=NO_SITE) + 1
        return tuple(mask_of(place for place, one in enumerate(self.site) if one == site) for site in range(count))

    def of(self, choice: int) -> int:
        """Return the pieces of a choice."""
        return mask_of(place for place, brought in enumerate(self.brought) if brought & choice)

    def of_each(self, choices: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the pieces of choices, shape (m,)."""
        found = np.zeros(len(choices), dtype=np.int64)
        for place, brought in enumerate(self.brought):
            found |= ((choices & brought) != 0).astype(np.int64) << place
        return found


def pieces_of(choices: Choices, base: ResolvedArchitecture, *, by_site: bool) -> Pieces:
    """Return the elements of the candidates in pieces.

    Parameters
    ----------
    choices : Choices
    base : ResolvedArchitecture
    by_site : bool
        Whether sites are lost, so that elements of two sites are two pieces.
    """
    brought: dict[str, int] = {}
    elements: dict[str, Element] = {}
    for place, candidate in enumerate(choices.candidates):
        for name, element in candidate.added.items():
            brought[name] = brought.get(name, 0) | 1 << place
            elements[name] = element
    site: dict[str, int] = {}
    if by_site:
        alone = replace(base, elements=MappingProxyType(elements))
        for number, player in enumerate(players_of(alone, "site").players):
            site.update(dict.fromkeys(player.elements, number))
    groups: dict[tuple[int, int], list[str]] = {}
    for name, mask in brought.items():
        groups.setdefault((mask, site.get(name, NO_SITE)), []).append(name)
    return Pieces(
        tuple(Player(names[0], tuple(names)) for names in groups.values()),
        tuple(mask for mask, _ in groups),
        tuple(one for _, one in groups),
    )


@dataclass(frozen=True)
class MixProblem:
    """What every choice of candidates is worth in a scope.

    Parameters
    ----------
    scenario : Scenario
    base : ResolvedArchitecture
        What stands anyway.
    choices : Choices
    pieces : Pieces
    values : CoalitionValues
        Of the pieces.
    losses : int
        Sites of the chosen candidates that are lost; the value is what the worst such loss leaves.
    """

    scenario: Scenario
    base: ResolvedArchitecture
    choices: Choices
    pieces: Pieces = field(repr=False)
    values: CoalitionValues = field(repr=False)
    losses: int = 0

    def worth(self, choice: int) -> float:
        """Return what a choice is worth, its places summed one by one as a coverage is."""
        coalition = self.pieces.of(choice)
        return min(self.values.value(coalition & ~lost) for lost in self.losses_of(coalition))

    def worth_of(self, choices: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what choices are worth, shape (m,)."""
        coalitions = self.pieces.of_each(choices)
        if not self.losses:
            return self.values.values(coalitions)
        left = [[coalition & ~lost for lost in self.losses_of(coalition)] for coalition in coalitions.tolist()]
        starts = np.cumsum([0, *(len(each) for each in left)])[:-1]
        found = self.values.values(np.array([one for each in left for one in each], dtype=np.int64))
        return np.minimum.reduceat(found, starts) if len(left) else np.empty(0)

    def after_one_loss(self, choice: int) -> float | None:
        """Return what the worst loss of one site of a choice leaves; None where sites were not told apart."""
        return replace(self, losses=1).worth(choice) if self.pieces.sites or not self.pieces.players else None

    def losses_of(self, coalition: int) -> tuple[int, ...]:
        """Return the pieces lost with each set of sites that is lost; one set, of none, where none stands."""
        standing = [mine & coalition for mine in self.pieces.sites if mine & coalition]
        count = min(self.losses, len(standing))
        return tuple(_joined(lost) for lost in combinations(standing, count))

    def ranked_losses(self, choice: int) -> list[tuple[float, int]]:
        """Return what each loss of sites of a choice leaves, and the pieces lost; the worst first, then as listed."""
        coalition = self.pieces.of(choice)
        losses = self.losses_of(coalition)
        left = self.values.values(np.array([coalition & ~lost for lost in losses], dtype=np.int64))
        return [(float(left[place]), losses[place]) for place in np.argsort(left, kind="stable")]

    def architecture(self, choice: int) -> ResolvedArchitecture:
        """Return the base with a choice, for any judge."""
        return self.values.by.roster.restricted(self.pieces.of(choice))

    def after_losses(self, choice: int) -> tuple[ResolvedArchitecture, ...]:
        """Return the base with a choice after each of the losses that its worth is the least of."""
        coalition, roster = self.pieces.of(choice), self.values.by.roster
        return tuple(roster.restricted(coalition & ~lost) for lost in self.losses_of(coalition))

    @property
    def harmless(self) -> bool:
        """Whether no candidate can take away what another defends: so it is where one shot is required."""
        return bool(self.values.by.families) or not self.values.by.flights

    @cached_property
    def deciding(self) -> tuple[int, ...]:
        """The pieces on which a value depends; all of them where the loss of another may count in place of theirs."""
        if self.losses and not self.harmless:
            return tuple(range(len(self.pieces.players)))
        by, found = self.values.by, 0
        for kind in np.flatnonzero(self.values.weights.any(axis=1)):
            if by.kinds:
                found |= mask_of(by.kinds[kind].players)
            elif all(by.families[flight] for flight in by.flights[kind]):  # else no choice defends the place
                found |= _joined(least for flight in by.flights[kind] for least in by.families[flight])
        return bits_of(found)

    @cached_property
    def mattering(self) -> int:
        """The candidates on whom a value, a cost of nothing or another candidate may depend.

        A candidate on which no place depends, that costs something and that none needs is in no least choice.
        """
        found = _joined(self.pieces.brought[place] for place in self.deciding)
        alone = [
            sum(charge for payers, charge in self.choices.charges if payers == 1 << place) for place in _range(self)
        ]
        found |= mask_of(place for place in _range(self) if not alone[place] > 0.0)
        while True:
            needed = found | _joined(self.choices.needs[place] for place in bits_of(found))
            if needed == found:
                return found
            found = needed


def _range(problem: MixProblem) -> range:
    return range(len(problem.choices))


def _joined(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def mix_problem(
    store: Store,
    scope: Scope,
    base: ResolvedArchitecture,
    choices: Choices,
    *,
    losses: int = 0,
    progress: Progress = silent,
    execution: Execution | None = None,
) -> MixProblem:
    """Learn what every choice of candidates is worth.

    Parameters
    ----------
    store : Store
    scope : Scope
        Of a scenario whose elements hold the copies of the candidates too.
    base : ResolvedArchitecture
    choices : Choices
    losses : int
        Sites of the chosen candidates that are lost.
    progress : callable
    execution : Execution, optional
        Does the pieces, and tells its own progress; this process by default, with nothing kept.

    Raises
    ------
    InputError
        If the candidates have more pieces, or a place depends on more of them, than can be judged.
    """
    pieces = pieces_of(choices, base, by_site=True)
    if len(pieces.players) > MOST_PLAYERS and not losses:
        pieces = pieces_of(choices, base, by_site=False)
    added = {name: element for item in choices.candidates for name, element in item.added.items()}
    roster = roster_of(scope.scenario, base, pieces.players, added=added)
    try:
        by = defended_by(store, scope, roster, progress, tabulated=False, execution=execution)
    except InputError as refused:
        raise InputError(f"candidates of {scope.scenario.name}: {refused}") from None
    return MixProblem(scope.scenario, base, choices, pieces, values_of(by), losses)


def values_of(by: DefendedBy) -> CoalitionValues:
    """Return the values of coalitions of pieces, from their flights where games are not tabulated."""
    return CoalitionValues(by) if by.kinds else FamilyValues(by)
