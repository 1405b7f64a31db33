"""What is found for one budget: the best choice with its proof, and those that come near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from hoplon.analysis.mix.problem import MixProblem

LISTED: Final = 20  # alternatives that are listed
EXACT_GAP: Final = 1e-6
_NOTHING: Final = 1e-9


@dataclass(frozen=True)
class Optimum:
    """The best choice found, and a bound that no choice exceeds.

    Parameters
    ----------
    choice : int
    worth : float
    bound : float
    """

    choice: int
    worth: float
    bound: float

    @property
    def gap(self) -> float:
        """Share of the worth by which the bound exceeds it."""
        return max(0.0, self.bound - self.worth) / max(self.worth, _NOTHING)

    @property
    def exact(self) -> bool:
        """Whether the bound proves it the best."""
        return self.gap <= EXACT_GAP


@dataclass(frozen=True)
class NearOptimal:
    """Least choices that come within a share of the best: none of their parts does.

    Parameters
    ----------
    must, never : int
        Candidates in all of them, and in none.
    alternatives : tuple of int
        The cheapest of them.
    total : int
        How many there are.
    every : bool
        Whether all of them were found; else ``total`` is a lower bound, and ``never`` speaks of those found.
    """

    must: int
    never: int
    alternatives: tuple[int, ...]
    total: int
    every: bool


class Search(Protocol):
    """A way to find the best choice for a budget."""

    @property
    def problem(self) -> MixProblem:
        """What is searched."""

    def optimum(self, budget_musd: float, usable: int) -> Optimum:
        """Return the best choice of usable candidates: of those as good the cheapest, then the first."""

    def near(self, budget_musd: float, usable: int, best: float, share: float, listed: int = LISTED) -> NearOptimal:
        """Return the least choices of usable candidates that come within a share of the best worth."""
