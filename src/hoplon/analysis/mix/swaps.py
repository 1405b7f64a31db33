"""A good choice after losses: one that no add, drop or swap of a candidate makes better."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hoplon.analysis.mix.choices import MONEY, ceiling
from hoplon.analysis.mix.enumeration import cheapest
from hoplon.analysis.mix.found import LISTED, NearOptimal
from hoplon.analysis.mix.problem import SAME
from hoplon.analysis.subsets.tables import bits_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hoplon.analysis.mix.problem import MixProblem


@dataclass(frozen=True)
class SwapSearch:
    """Choices made better by adding, dropping or swapping one candidate, each judged after its worst loss.

    Parameters
    ----------
    problem : MixProblem
        With losses.
    """

    problem: MixProblem
    _worth: dict[int, float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def climbed(self, starts: Iterable[int], budget_musd: float, usable: int) -> int:
        """Return the best of the choices to which starts lead: no add, drop or swap of usable candidates betters it."""
        ends = [self._climbed(start, budget_musd, usable) for start in starts]
        best = max(self._worth[end] for end in ends)
        good = [end for end in ends if self._worth[end] >= best - SAME]
        return cheapest(self.problem, *self._priced(good), 1)[0]

    def near(self, budget_musd: float, usable: int, best: float, share: float, listed: int = LISTED) -> NearOptimal:
        """Return the least of the choices that the search came by within a share of the best."""
        least = (1.0 - share) * best - SAME
        choices = self.problem.choices
        good = [
            one
            for one, worth in self._worth.items()
            if worth >= least and not one & ~usable and choices.cost_musd(one) <= ceiling(budget_musd)
        ]
        kept = [one for one in good if not any(other != one and not other & ~one for other in good)]
        never = choices.everything
        for one in kept:
            never &= ~one
        return NearOptimal(0, never, cheapest(self.problem, *self._priced(kept), listed), len(kept), False)

    def _priced(self, choices: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
        found = np.array(sorted(set(choices)), dtype=np.int64)
        return found, self.problem.choices.costs_musd(found)

    def _climbed(self, start: int, budget_musd: float, usable: int) -> int:
        self._judge([start])
        while True:
            ahead = self._neighbours(start, budget_musd, usable)
            self._judge(ahead)
            better = [one for one in ahead if self._is_better(one, start)]
            if not better:
                return start
            best = max(self._worth[one] for one in better)
            good = [one for one in better if self._worth[one] >= best - SAME]
            start = cheapest(self.problem, *self._priced(good), 1)[0]

    def _is_better(self, one: int, other: int) -> bool:
        gained = self._worth[one] - self._worth[other]
        if abs(gained) > SAME:
            return gained > 0.0
        paid, known = (self.problem.choices.cost_musd(each) for each in (one, other))
        return paid < known - MONEY * max(1.0, known)

    def _neighbours(self, choice: int, budget_musd: float, usable: int) -> list[int]:
        """Return what one or two more, one less, or one for another makes of a choice, within the budget."""
        inside = bits_of(choice)
        outside = bits_of(usable & self.problem.mattering & ~choice)
        found = {choice & ~(1 << one) for one in inside} | {choice | 1 << one for one in outside}
        found |= {choice & ~(1 << one) | 1 << other for one in inside for other in outside}
        found |= {choice | 1 << one | 1 << other for one in outside for other in outside if other > one}
        made = np.array(sorted(found), dtype=np.int64)
        choices = self.problem.choices
        keep = choices.allowed(made) & (choices.costs_musd(made) <= ceiling(budget_musd))
        return [int(one) for one in made[keep]]

    def _judge(self, choices: list[int]) -> None:
        new = [one for one in choices if one not in self._worth]
        found = self.problem.worth_of(np.array(new, dtype=np.int64))
        self._worth.update(zip(new, found.tolist(), strict=True))
