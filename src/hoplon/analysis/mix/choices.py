"""Candidates of a mix: what each adds to what stands anyway, what it costs, and which can be chosen together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.costs.standing import annuity, costs_of, element_cost, is_costed, years_of
from hoplon.errors import InputError
from hoplon.scenario.decisions.candidates import candidate_elements

if TYPE_CHECKING:
    from hoplon.scenario.model import Element, ResolvedArchitecture, Scenario

Basing = Literal["land", "sea"]
MONEY: Final = 1e-9  # relative: sums of money that differ by no more are equal
MOST_CANDIDATES: Final = 62  # bits of a choice


@dataclass(frozen=True)
class CandidateTerms:
    """A candidate: what it is, and what it costs when it is chosen alone.

    Attributes
    ----------
    name : str
    elements : tuple of str
        As the scenario writes them, copies under their own names.
    added : mapping of str to Element
        Those that do not stand anyway and are active in the year of the base.
    basing : str or None
        Of its first element that says so.
    batteries : frozenset of str
        Where its batteries are based: ``land``, ``sea``.
    cost_musd : float
    stated : bool
        Whether the scenario states the cost in place of that of the elements.
    """

    name: str
    elements: tuple[str, ...]
    added: Mapping[str, Element] = field(repr=False)
    basing: str | None
    batteries: frozenset[str]
    cost_musd: float
    stated: bool

    def as_json(self) -> dict[str, object]:
        """Return the keys of the command line's contract."""
        return {
            "name": self.name,
            "elements": list(self.elements),
            "basing": self.basing,
            "cost_musd": self.cost_musd,
        }


@dataclass(frozen=True)
class Choices:
    """Which candidates can be chosen together, and what that costs. A choice is a number with a bit a candidate.

    Parameters
    ----------
    candidates : tuple of CandidateTerms
        In the scenario's order.
    charges : tuple of (int, float)
        Candidates any of which brings a charge, and the charge [million USD]: what several share is paid once.
    needs : tuple of int
        By candidate, those without which it cannot be chosen.
    rivals : tuple of int
        By candidate, those with which it cannot be chosen.
    most : int or None
        Candidates that can be chosen at most.
    """

    candidates: tuple[CandidateTerms, ...]
    charges: tuple[tuple[int, float], ...]
    needs: tuple[int, ...]
    rivals: tuple[int, ...]
    most: int | None = None

    def __len__(self) -> int:
        """Return the number of candidates."""
        return len(self.candidates)

    @property
    def everything(self) -> int:
        """The choice of all candidates."""
        return (1 << len(self.candidates)) - 1

    def without_batteries(self, basing: Basing) -> int:
        """Return the candidates of which no battery is based on land, or at sea."""
        kept = (place for place, item in enumerate(self.candidates) if basing not in item.batteries)
        return sum(1 << place for place in kept)

    def names(self, choice: int) -> tuple[str, ...]:
        """Return the candidates of a choice in order."""
        return tuple(item.name for place, item in enumerate(self.candidates) if choice >> place & 1)

    def cost_musd(self, choice: int) -> float:
        """Return what a choice costs [million USD]."""
        return float(sum(charge for payers, charge in self.charges if payers & choice))

    def costs_musd(self, choices: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what choices cost [million USD], shape (m,)."""
        total = np.zeros(len(choices))
        for payers, charge in self.charges:
            total[(choices & payers) != 0] += charge
        return total

    def allowed(self, choices: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether what excludes, what requires and the greatest number allow each choice, shape (m,)."""
        found = np.ones(len(choices), dtype=np.bool_)
        for place, (needs, rivals) in enumerate(zip(self.needs, self.rivals, strict=True)):
            if needs or rivals:
                chosen = (choices >> place & 1) == 1
                found &= ~chosen | (((choices & needs) == needs) & ((choices & rivals) == 0))
        if self.most is not None and self.most < len(self):
            found &= np.bitwise_count(choices) <= self.most
        return found

    def is_allowed(self, choice: int) -> bool:
        """Tell whether a choice is allowed."""
        return bool(self.allowed(np.array([choice], dtype=np.int64))[0])

    def first_in_order(self, choices: NDArray[np.int64]) -> int:
        """Return the first of choices in lexicographic order of the places of their candidates."""
        left, done = choices, 0
        while True:
            rest = left & ~np.int64(done)
            if (rest == 0).any():
                return done
            least = rest & -rest
            first = int(least.min())
            left, done = left[least == first], done | first


def within(cost_musd: float, budget_musd: float) -> bool:
    """Tell whether a budget pays a cost, equal sums included."""
    return cost_musd <= ceiling(budget_musd)


def ceiling(budget_musd: float) -> float:
    """Return the greatest cost that counts as no more than a budget."""
    return budget_musd + MONEY * max(1.0, abs(budget_musd))


def choices_of(
    scenario: Scenario, base: ResolvedArchitecture, *, most: int | None = None
) -> tuple[Choices, tuple[str, ...]]:
    """Return the candidates of a scenario for an architecture, and what a reader must be told about them.

    Parameters
    ----------
    scenario : Scenario
    base : ResolvedArchitecture
        What stands anyway.
    most : int, optional
        Candidates that can be chosen at most.

    Raises
    ------
    InputError
        If the scenario has no candidates or no ``costs``, more candidates than can be judged, or one with a radar or a
        battery without a cost.
    """
    if not scenario.candidates:
        raise InputError(
            f"{scenario.name}: no `candidates`, of which a mix could be chosen; "
            "give each a name with `elements`, or `like` and `at`"
        )
    if len(scenario.candidates) > MOST_CANDIDATES:
        raise InputError(
            f"candidates: {len(scenario.candidates)} were given, and {MOST_CANDIDATES} is the most that a mix is "
            "chosen of; leave some out"
        )
    costs = costs_of(scenario)
    worth = annuity(float(costs.discount_rate), years_of(costs))
    elements = {name: dict(candidate_elements(scenario, name)) for name in scenario.candidates}
    places = {name: place for place, name in enumerate(scenario.candidates)}
    notes: list[str] = []
    charges: dict[int, float] = {}
    payers: dict[str, int] = {}
    priced: dict[str, float] = {}
    added: dict[str, dict[str, Element]] = {}
    for name, written in scenario.candidates.items():
        added[name] = _added(name, elements[name], base, notes)
        if written.cost_musd is not None:
            charges[1 << places[name]] = charges.get(1 << places[name], 0.0) + float(written.cost_musd)
            continue
        _refuse_uncosted(name, elements[name], notes)
        for element, item in added[name].items():
            payers[element] = payers.get(element, 0) | 1 << places[name]
            priced[element] = element_cost(element, item).standing_musd(worth)
    for element, mask in payers.items():
        charges[mask] = charges.get(mask, 0.0) + priced[element]
    paid = tuple((mask, charge) for mask, charge in charges.items() if charge > 0.0)
    terms = tuple(
        CandidateTerms(
            name,
            tuple(elements[name]),
            added[name],
            next((item.basing for item in elements[name].values() if item.basing is not None), None),
            frozenset(item.basing for item in elements[name].values() if item.form == "battery" and item.basing),
            sum(charge for mask, charge in paid if mask >> places[name] & 1),
            written.cost_musd is not None,
        )
        for name, written in scenario.candidates.items()
    )
    needs, rivals = [0] * len(terms), [0] * len(terms)
    for name, written in scenario.candidates.items():
        needs[places[name]] |= _mask(written.requires, places)
        for other in written.excludes:
            rivals[places[name]] |= 1 << places[other]
            rivals[places[other]] |= 1 << places[name]
    return Choices(terms, paid, tuple(needs), tuple(rivals), most), tuple(notes)


def _mask(names: Sequence[str], places: Mapping[str, int]) -> int:
    return sum(1 << places[name] for name in names)


def _added(
    candidate: str, elements: Mapping[str, Element], base: ResolvedArchitecture, notes: list[str]
) -> dict[str, Element]:
    """Return the elements that a candidate adds: those that are active and do not stand anyway."""
    found = {}
    for name, element in elements.items():
        reason = element.inactive_reason(base.year)
        if name in base.elements:
            notes.append(f"candidate {candidate}: {name} stands in {base.name} anyway, and is not paid for again")
        elif reason is not None:
            notes.append(f"candidate {candidate}: {name} is inactive ({reason}): it adds and costs nothing")
        else:
            found[name] = element
    return found


def _refuse_uncosted(candidate: str, elements: Mapping[str, Element], notes: list[str]) -> None:
    """Refuse a radar or battery without a cost; tell of other elements without one."""
    for name, element in elements.items():
        if is_costed(element):
            continue
        if element.form in ("radar", "battery"):
            raise InputError(
                f"candidates.{candidate}: the {element.form} {name!r} has no cost; give it acquisition_musd or "
                "annual_musd, or the candidate a cost_musd"
            )
        notes.append(f"candidate {candidate}: {name} has no cost, and counts as nothing")
