"""The best mix for each budget: what is found, with its proof, its alternatives, and what land or sea alone gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hoplon.analysis.records import Answer, Row

if TYPE_CHECKING:
    from hoplon.analysis.mix.choices import CandidateTerms

VALUE_TITLES = {
    "population": "people defended",
    "area": "land defended",
    "worst_nation": "share of the nation worst off",
    "worst_loss": "left after the worst loss",
}


@dataclass(frozen=True)
class Alternatives:
    """Least sets of candidates that come within a share of the best, none of whose parts does.

    Attributes
    ----------
    must, never : tuple of str
        Candidates in all of them, and in none.
    sets : tuple of tuple of str
        The cheapest, at most 20.
    total : int
        How many there are.
    every : bool
        Whether all were found; else the total is a lower bound.
    values, costs_musd : tuple of float
        Of each set.
    """

    must: tuple[str, ...]
    never: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...]
    total: int
    every: bool
    values: tuple[float, ...] = ()
    costs_musd: tuple[float, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "must": list(self.must),
            "never": list(self.never),
            "alternatives": [list(names) for names in self.sets],
            "alternatives_total": self.total,
            "alternatives_exact": self.every,
            "alternatives_value": list(self.values),
            "alternatives_cost_musd": list(self.costs_musd),
        }


@dataclass(frozen=True)
class BasedAlone:
    """The best of candidates with no battery based elsewhere than on land, or at sea.

    ``after_loss`` is what the worst loss of one of its sites leaves.
    """

    value: float | None
    cost_musd: float
    chosen: tuple[str, ...]
    after_loss: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "value": self.value,
            "cost_musd": self.cost_musd,
            "chosen": list(self.chosen),
            "after_worst_loss": self.after_loss,
        }


@dataclass(frozen=True)
class BudgetMix:
    """The best mix for one budget.

    Attributes
    ----------
    budget_musd : float
    value : float or None
        Of the objective, on the points that were searched; None where nothing is threatened.
    value_full : float or None
        The same judged again on all points.
    bound : float or None
        That no choice within the budget exceeds.
    gap : float or None
    exact : bool
        Whether the bound proves the choice best, to 1e-6 of its value.
    chosen : tuple of str
    cost_musd : float
    near : Alternatives
    land, sea : BasedAlone
    mix_dominates : bool
        Whether the best exceeds both by more than 1e-9.
    after_loss : float or None
        What the worst loss of one of its sites leaves, whatever the objective; None where sites were not told apart.
    """

    budget_musd: float
    value: float | None
    value_full: float | None
    bound: float | None
    gap: float | None
    exact: bool
    chosen: tuple[str, ...]
    cost_musd: float
    near: Alternatives
    land: BasedAlone
    sea: BasedAlone
    mix_dominates: bool
    after_loss: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "budget_musd": self.budget_musd,
            "value": self.value,
            "value_full": self.value_full,
            "bound": self.bound,
            "gap": self.gap,
            "exact": self.exact,
            "chosen": list(self.chosen),
            "cost_musd": self.cost_musd,
            "near_optimal": self.near.as_json(),
            "land_only": self.land.as_json(),
            "sea_only": self.sea.as_json(),
            "mix_dominates": self.mix_dominates,
            "after_worst_loss": self.after_loss,
        }


@dataclass(frozen=True)
class PhaseMix:
    """What stands after one phase of a mix that grows by the years; ``value_full`` is judged again on all points."""

    year: int
    budget_musd: float
    value: float | None
    value_full: float | None
    chosen: tuple[str, ...]
    cost_musd: float

    def as_json(self) -> dict[str, Any]:
        """Return its keys."""
        return {
            "year": self.year,
            "budget_musd": self.budget_musd,
            "value": self.value,
            "value_full": self.value_full,
            "chosen": list(self.chosen),
            "cost_musd": self.cost_musd,
        }


@dataclass(frozen=True)
class PhasedMix:
    """The best mix that grows by phases: none gives up what an earlier one chose.

    Attributes
    ----------
    phases : tuple of PhaseMix
    value : float or None
        Mean of the phases' values, of those in whose year something is threatened; None where there is none.
    bound : float or None
        That no such mean exceeds.
    gap : float or None
    exact : bool
        Whether the bound proves it the best, to 1e-6 of its value.
    """

    phases: tuple[PhaseMix, ...]
    value: float | None
    bound: float | None
    gap: float | None
    exact: bool

    def as_json(self) -> dict[str, Any]:
        """Return its keys."""
        return {
            "value": self.value,
            "bound": self.bound,
            "gap": self.gap,
            "exact": self.exact,
            "phases": [phase.as_json() for phase in self.phases],
        }


@dataclass(frozen=True, repr=False)
class MixAnswer(Answer):
    """The best mix of candidates for each budget.

    Attributes
    ----------
    scenario_name, architecture : str
        The architecture is what stands anyway.
    objective, value : str
        ``value`` is what is counted, before losses where the objective is ``worst_loss``.
    losses : int
        Sites lost; 0 unless the objective is ``worst_loss``.
    near_share : float
    candidates : tuple of CandidateTerms
    budgets : tuple of BudgetMix
    subset : mapping or None
        ``points``, ``of`` and ``error`` of the weighted subset that was searched: the greatest difference between the
        value there and on all points, over the budgets.
    phased : PhasedMix or None
    notes : tuple of str
    """

    scenario_name: str
    architecture: str
    objective: str
    value: str
    losses: int
    near_share: float
    candidates: tuple[CandidateTerms, ...]
    budgets: tuple[BudgetMix, ...]
    subset: dict[str, Any] | None
    phased: PhasedMix | None = None
    notes: tuple[str, ...] = ()

    @property
    def subset_points(self) -> int:
        """Number of places of the weighted subset; 0 where every place was searched."""
        return 0 if self.subset is None else int(self.subset["points"])

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "architecture": self.architecture,
            "objective": self.objective,
            "value": self.value,
            "losses": self.losses,
            "near": self.near_share,
            "candidates": [item.as_json() for item in self.candidates],
            "budgets": [item.as_json() for item in self.budgets],
            "subset": self.subset,
            **({} if self.phased is None else {"phased": self.phased.as_json()}),
            "notes": list(self.notes),
        }

    def line(self) -> str:
        """Return what each budget gives in one line."""
        told = [
            f"{item.budget_musd:,.0f} million USD: " + ("-" if item.value is None else f"{100.0 * item.value:.1f} %")
            for item in self.budgets
        ]
        return f"{self.scenario_name}, added to {self.architecture}, {VALUE_TITLES[self.objective]}: {'; '.join(told)}"

    def rows(self) -> Sequence[Row]:
        """Return a row a budget."""
        return [
            {
                "budget_musd": item.budget_musd,
                "value": item.value,
                "value_full": item.value_full,
                "bound": item.bound,
                "gap": item.gap,
                "exact": item.exact,
                "cost_musd": item.cost_musd,
                "chosen": ", ".join(item.chosen),
                "land_only": item.land.value,
                "sea_only": item.sea.value,
                "mix_dominates": item.mix_dominates,
            }
            for item in self.budgets
        ]
