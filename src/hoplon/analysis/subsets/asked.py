"""Survivability and attribution as a command or a notebook asks for them: names checked, points read, subset drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.architectures import with_doctrine
from hoplon.analysis.defence import LEVELS
from hoplon.analysis.records import provenance_of
from hoplon.analysis.sampling.sampled_values import VALUES
from hoplon.analysis.sampling.scope import scope_as_plain
from hoplon.analysis.subsets.attribution import Attribution, attribution
from hoplon.analysis.subsets.judged import judged_by_level
from hoplon.analysis.subsets.place_shares import PlaceTable, place_shares
from hoplon.analysis.subsets.players import BY, players_of
from hoplon.analysis.subsets.restrictions import roster_of
from hoplon.analysis.subsets.scope import scope_of
from hoplon.analysis.subsets.survivability import Survival, survival
from hoplon.analysis.subsets.values import CoalitionValues
from hoplon.analysis.subsets.winning import defended_by
from hoplon.campaigns.execution import MissingChunksError
from hoplon.errors import InputError
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import known_name
from hoplon.scenario.people import people_notes
from hoplon.scenario.points_file import PointsFile, given_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.store import Store
    from hoplon.analysis.subsets.players import Players
    from hoplon.analysis.subsets.scope import Scope
    from hoplon.campaigns.driver import State
    from hoplon.campaigns.execution import Execution, WorkAsked
    from hoplon.scenario.model import Scenario

ABSENT: Final = ("nothing", "predecessor")
SUPPORTS: Final = ("held", "predicted")
_FEWEST_ORDERS: Final = 2


@dataclass(frozen=True)
class SubsetsAsked:
    """What subsets of an architecture are asked about.

    Parameters
    ----------
    threats, areas : sequence of str, optional
        Classes that count together, and launch areas; the headline's, and every one, by default.
    points : AimPoints, path, optional
        Or a CSV file of them; the places (or land) of the scenario's nations by default.
    level : {"low", "base", "high"}
    value : {"population", "area", "worst_nation"}
    subset : int, optional
        Marks of a weighted subset of the points; every point by default.
    players : {"site", "element", "owner"}
    with_satellites : bool
        Whether each satellite is a player too.
    """

    threats: Sequence[str] | None = None
    areas: Sequence[str] | None = None
    points: AimPoints | str | Path | None = None
    level: str = "base"
    value: str = "population"
    subset: int | None = None
    players: str = "site"
    with_satellites: bool = False

    def read(self) -> tuple[SubsetsAsked, PointsFile | None]:
        """Return the same, checked, with its points read, and the file that they were read from.

        Raises
        ------
        UnknownNameError
            For a level, a value or players that are none.
        InputError
            For a number of marks that is none.
        """
        for what, name, known in (
            ("level", self.level, LEVELS),
            ("value", self.value, VALUES),
            ("players", self.players, BY),
        ):
            known_name(what, name, known)
        if self.subset is not None and self.subset < 1:
            raise InputError(f"subset: one mark or more was expected, got {self.subset}")
        given, points = given_points(self.points)
        return replace(self, points=points), given

    def as_plain(self, architecture: str, **options: Any) -> dict[str, Any]:
        """Return all that is asked, as plain data; the points have been read."""
        points = self.points if isinstance(self.points, AimPoints) else None
        scope = scope_as_plain(self.threats, self.areas, points, self.level, self.value, self.subset)
        players = {"players": self.players, "with_satellites": self.with_satellites}
        return {"architecture": architecture, **scope, **players, **options}


@dataclass(frozen=True)
class Prepared:
    """What was asked, read and checked: the scope, the players, and what is known of the subset of points."""

    scope: Scope
    players: Players
    subset: dict[str, Any] | None
    notes: tuple[str, ...]
    given: PointsFile | None


def prepared(
    store: Store, scenario: Scenario, architecture: str, asked: SubsetsAsked, given: PointsFile | None, how: Execution
) -> Prepared:
    """Return whose values are asked for, in which scope; what was asked has been read."""
    points = asked.points if isinstance(asked.points, AimPoints) else None
    level = next(one for one in LEVELS if one == asked.level)
    scope = scope_of(
        store,
        scenario,
        [architecture],
        threats=asked.threats,
        areas=asked.areas,
        points=points,
        level=level,
        value=asked.value,
    )
    resolved = scenario.architecture(architecture)
    players = players_of(resolved, asked.players, with_satellites=asked.with_satellites)
    subset = None
    if asked.subset is not None:
        whole = scope
        threatened, shares = judged_by_level(store, whole, resolved, execution=how)
        scope = whole.marked(threatened, asked.subset)
        _, few = judged_by_level(store, scope, resolved)
        errors = [None if one is None or all_ is None else one - all_ for one, all_ in zip(few, shares, strict=True)]
        subset = {
            "points": len(scope),
            "of": scope.of,
            "error": {resolved.name: dict(zip(LEVELS, errors, strict=True))},
        }
    notes = () if asked.points is not None else people_notes(tuple(scenario.nations), scenario.population_year)
    return Prepared(scope, players, subset, notes, given)


def survive(
    store: Store,
    scenario: Scenario,
    architecture: str,
    asked: SubsetsAsked,
    *,
    most_losses: int | None = None,
    uncovered_share: float = 0.5,
    seed: int = 1,
    work: WorkAsked,
) -> Survival | State:
    """Return what an architecture still defends after losses; parameters of :func:`hoplon.api.survive`."""
    asked, given = asked.read()
    options: dict[str, Any] = {"most_losses": most_losses, "uncovered_share": uncovered_share, "seed": seed}
    with work.execution("survive", scenario, asked.as_plain(architecture, **options)) as how:
        try:
            ready = prepared(store, scenario, architecture, asked, given, how)
            roster = roster_of(scenario, scenario.architecture(architecture), ready.players.players)
            values = CoalitionValues(defended_by(store, ready.scope, roster, execution=how))
            found = survival(values, ready.players, **options, execution=how)
        except MissingChunksError:
            return how.state
        return (
            how.state
            if how.shard
            else replace(
                found, subset=ready.subset, notes=ready.notes, made=provenance_of(scenario.name, scenario.sha256, seed)
            )
        )


def attribute(
    store: Store,
    scenario: Scenario,
    architecture: str,
    asked: SubsetsAsked,
    *,
    absent: str = "nothing",
    support: str | None = None,
    orders: int = 256,
    seed: int = 1,
    both: bool = True,
    work: WorkAsked,
) -> Attribution | State:
    """Return what the players contribute; parameters of :func:`hoplon.api.attribute`."""
    known_name("what stands for an absent element", absent, ABSENT)
    if orders < _FEWEST_ORDERS:
        raise InputError(f"orders: {_FEWEST_ORDERS} pairs or more were expected, got {orders}")
    doctrine = scenario.architecture(architecture).doctrine
    rule = doctrine.support if support is None else known_name("support", support, SUPPORTS)
    rules = [rule]
    if both:
        rules += [other for other in SUPPORTS if other != rule and (other == "held" or doctrine.handover_error_km)]
    asked, given = asked.read()
    options: dict[str, Any] = {"absent": absent, "orders": orders, "seed": seed}
    with work.execution("attribute", scenario, asked.as_plain(architecture, rules=rules, **options)) as how:
        try:
            ready = prepared(store, _supported(scenario, architecture, rule), architecture, asked, given, how)
        except MissingChunksError:
            return how.state
        found: dict[str, Attribution] = {}
        places = None
        for each in rules:
            variant = _supported(scenario, architecture, each)
            roster = roster_of(
                variant, variant.architecture(architecture), ready.players.players, predecessors=absent == "predecessor"
            )
            try:
                by = defended_by(store, replace(ready.scope, scenario=variant), roster, execution=how)
                values = CoalitionValues(by)
                found[each] = attribution(values, ready.players, support=each, **options, execution=how)
            except MissingChunksError:  # of other shards; of the other rule something may be left to do
                continue
            if places is None and how.shard is None:
                places = place_shares(values, ready.players)
        if how.shard is not None or places is None:
            return how.state
    by_support = {str(each): found[each].contributions for each in SUPPORTS if each in found}
    table = PlaceTable(ready.scope.points, places, ready.given)
    made = provenance_of(scenario.name, scenario.sha256, seed)
    told: dict[str, Any] = {"subset": ready.subset, "notes": ready.notes, "made": made}
    return replace(found[rule], by_support=by_support, places=table, **told)


def _supported(scenario: Scenario, architecture: str, rule: str) -> Scenario:
    """Return a scenario in which an architecture's intercepts are supported by a rule."""
    if scenario.architecture(architecture).doctrine.support == rule:
        return scenario
    return with_doctrine(scenario, architecture, {"support": rule})
