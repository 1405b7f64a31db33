"""Two architectures side by side on what decides: losses, availability, cost, interceptors, stability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.costs.answer import cost_answer
from hoplon.analysis.stability.answer import stability
from hoplon.analysis.subsets.players import players_of
from hoplon.analysis.subsets.restrictions import roster_of
from hoplon.analysis.subsets.survivability import survival
from hoplon.analysis.subsets.values import CoalitionValues
from hoplon.analysis.subsets.winning import defended_by

if TYPE_CHECKING:
    from hoplon.analysis.costs.answer import ArchitectureCost
    from hoplon.analysis.stability.answer import StabilityAnswer
    from hoplon.analysis.subsets.survivability import Survival
    from hoplon.report.compared_places import ComparedPlaces
    from hoplon.scenario.model import ResolvedArchitecture

MARKS: Final = 2_048  # of the weighted subset of places on which losses are judged where there are many
_MOST_SITES: Final = 8  # whose losses are judged on all of many places
_FEW_PLACES: Final = 4_000


@dataclass(frozen=True)
class DecisionSide:
    """One architecture of a comparison.

    Attributes
    ----------
    worst_nation_share : float or None
        Least share of the threatened people of a nation that is defended.
    interceptors : int
        Of all batteries.
    subset : mapping or None
        ``points``, ``of`` and ``error`` of the weighted subset of places that losses were judged on; None for all.
    survival : Survival or None
        What losses of its sites leave; None where nobody is threatened.
    cost : ArchitectureCost or None
        None for a scenario without ``costs``.
    stability : StabilityAnswer or None
        None for a scenario without strategic trajectories, or an architecture without batteries.
    """

    worst_nation_share: float | None
    interceptors: int
    subset: Mapping[str, Any] | None
    survival: Survival | None
    cost: ArchitectureCost | None
    stability: StabilityAnswer | None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        cost = None if self.cost is None else self.cost.as_json()
        survival, stable = self.survival, self.stability
        available = None if survival is None else survival.available
        return {
            "worst_nation_share": self.worst_nation_share,
            "by_losses": [] if survival is None else [row.as_json() for row in survival.by_losses],
            "available": None if available is None else available.as_json(),
            "subset": self.subset,
            "cost": None if cost is None else cost["total"],
            "interceptors": self.interceptors,
            "per_defended_person_usd": None if cost is None else cost["per_defended_person_usd"],
            "stability": None
            if stable is None
            else {
                **{view: share.as_json() for view, share in stable.stated.items()},
                "first_speed_km_s": dict(stable.first_speed_km_s),
            },
        }


def less(first: Any, second: Any) -> Any:
    """Return the first less the second: of numbers, and of mappings key by key; None where one is not there."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return {key: less(first[key], second[key]) for key in first if key in second}
    if isinstance(first, (int, float)) and isinstance(second, (int, float)):
        return first - second
    return None


def decision_differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the first has more than the second, of the keys of :meth:`DecisionSide.as_json`.

    Notes
    -----
    By losses: of each number of them that both can lose. Of costs and shares engaged: base values.
    """
    rows = [
        {
            "losses": one["losses"],
            **{key: less(_value(one[key]), _value(other[key])) for key in ("worst", "mean", "best", "located")},
        }
        for one, other in zip(first["by_losses"], second["by_losses"], strict=False)
    ]
    return {
        **{key: less(first[key], second[key]) for key in ("worst_nation_share", "available", "interceptors")},
        "by_losses": rows,
        "cost": less(_bases(first["cost"]), _bases(second["cost"])),
        "per_defended_person_usd": less(
            _base(first["per_defended_person_usd"]), _base(second["per_defended_person_usd"])
        ),
        "stability": less(_shares(first["stability"]), _shares(second["stability"])),
    }


def _value(cell: Any) -> Any:
    return cell.get("value", cell.get("mean")) if isinstance(cell, Mapping) else cell


def _base(spread: Mapping[str, Any] | None) -> Any:
    return None if spread is None else spread["base"]


def _bases(total: Mapping[str, Any] | None) -> Any:
    return None if total is None else {key: total[key]["base"] for key in ("undiscounted_musd", "discounted_musd")}


def _shares(told: Mapping[str, Any] | None) -> Any:
    if told is None:
        return None
    return {
        **{view: told[view]["share"] for view in ("judged", "kinematic")},
        "first_speed_km_s": told["first_speed_km_s"],
    }


def decision_sides(places: ComparedPlaces, samples: int) -> tuple[DecisionSide, ...]:
    """Return what decides between two architectures.

    Parameters
    ----------
    places : ComparedPlaces
    samples : int
        Of the costs.
    """
    scenario, names = places.scenario, places.names
    costs: Mapping[str, ArchitectureCost] = {}
    if scenario.costs is not None:
        defended = {name: places.count(name).defended_population for name in names if places.counts_people}
        costs = cost_answer(scenario, names, samples=samples).against(defended, {}).costs
    armed = [name for name in names if _interceptors(scenario.architecture(name))]
    stable: dict[str, StabilityAnswer] = {}
    if scenario.strategic and armed:
        found = stability(places.store, scenario, armed, speeds_km_s=(), progress=places.progress)
        stable = {item.architecture: item for item in found.answers}
    sides = []
    for name in names:
        shares = places.nation_shares(name).values()
        left, subset = _survival(places, name)
        sides.append(
            DecisionSide(
                min((share for share in shares if share is not None), default=None),
                _interceptors(scenario.architecture(name)),
                subset,
                left,
                costs.get(name),
                stable.get(name),
            )
        )
    return tuple(sides)


def _survival(places: ComparedPlaces, name: str) -> tuple[Survival | None, Mapping[str, Any] | None]:
    """Return what losses of an architecture's sites leave, on all places where that does not take long."""
    resolved = places.scenario.architecture(name)
    players = players_of(resolved)
    scope = places.scope
    few = places.subset is None and len(players) > _MOST_SITES and len(scope) > _FEW_PLACES
    if few:
        scope = places.few(MARKS)
    by = defended_by(places.store, scope, roster_of(places.scenario, resolved, players.players), places.progress)
    values = CoalitionValues(by)
    if values.nothing_threatened:
        return None, None
    whole = places.value(name)
    if not few or whole is None:
        return survival(values, players), None
    told = {"points": len(scope), "of": scope.of, "error": values.value(by.roster.everyone) - whole}
    return survival(values, players), told


def _interceptors(architecture: ResolvedArchitecture) -> int:
    batteries = [element for element in architecture.elements.values() if element.form == "battery"]
    return round(sum(float(element.count) for element in batteries))
