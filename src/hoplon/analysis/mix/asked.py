"""The best mix as a command or a study asks for it: names checked, points read, subset drawn, answers judged again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hoplon.analysis.mix.answer import BudgetMix, MixAnswer
from hoplon.analysis.mix.budgets import SearchLimits, mixes_of, usable_of
from hoplon.analysis.mix.choices import Choices, choices_of
from hoplon.analysis.mix.found import LISTED
from hoplon.analysis.mix.phases import phased
from hoplon.analysis.mix.problem import MixProblem, mix_problem, values_of
from hoplon.analysis.mix.program import NODES_A_SECOND
from hoplon.analysis.sampling.sampled_values import VALUES
from hoplon.analysis.sampling.scope import scope_as_plain
from hoplon.analysis.subsets.judged import judged_places, share_of, threatened_places
from hoplon.analysis.subsets.scope import scope_of
from hoplon.campaigns.execution import MissingChunksError
from hoplon.errors import InputError
from hoplon.scenario.decisions.candidates import with_copies
from hoplon.scenario.model import known_name
from hoplon.scenario.people import people_notes
from hoplon.scenario.points_file import given_points

if TYPE_CHECKING:
    from hoplon.analysis.store import Store
    from hoplon.analysis.subsets.scope import Scope
    from hoplon.campaigns.driver import State
    from hoplon.campaigns.execution import Execution, WorkAsked
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import ResolvedArchitecture, Scenario

OBJECTIVES: Final = ("population", "area", "worst_nation", "worst_loss")
BASINGS: Final = ("land", "sea")
MARKS: Final = 512
LEVELS: Final = ("low", "base", "high")
_MOST_MARKS: Final = 1_000_000


@dataclass(frozen=True)
class MixAsked:
    """What a mix is asked about.

    Parameters
    ----------
    budgets_musd : sequence of float
    objective : {"population", "area", "worst_nation", "worst_loss"}, optional
        ``value`` by default.
    losses : int
        Sites lost, of the objective ``worst_loss``.
    most : int, optional
        Candidates at most.
    near : float
        Alternatives come within this share of the best.
    listed : int
        Alternatives that are listed, and looked for where not every choice is gone through.
    only : {"land", "sea"}, optional
        Candidates without a battery based elsewhere.
    threats, areas, points, level, value, subset
        As :class:`hoplon.analysis.subsets.asked.SubsetsAsked`; of the scenario's own points 512 marks by default.
    all_points : bool
        Search on every point.
    time_limit_s : float
        Of each search for an optimum, kept as a number of nodes of the search, so that digits repeat.
    phases : sequence of (int, float)
        Years with what may be spent by then, for a mix that grows.
    also : sequence of str
        Other objectives for which the best of each budget is told beside: ``worst_nation``, ``worst_loss`` (not judged
        again on all points).
    """

    budgets_musd: Sequence[float] = ()
    objective: str | None = None
    losses: int = 1
    most: int | None = None
    near: float = 0.02
    listed: int = LISTED
    only: str | None = None
    threats: Sequence[str] | None = None
    areas: Sequence[str] | None = None
    points: AimPoints | str | Path | None = None
    level: str = "base"
    value: str = "population"
    subset: int | None = None
    all_points: bool = False
    time_limit_s: float = 60.0
    phases: Sequence[tuple[int, float]] = ()
    also: Sequence[str] = ()

    def as_plain(self, architecture: str, points: AimPoints | None, objective: str, value: str) -> dict[str, Any]:
        """Return all that is asked, as plain data, with its points read."""
        scope = scope_as_plain(self.threats, self.areas, points, self.level, value, self.subset)
        numbers = {name: getattr(self, name) for name in ("losses", "most", "near", "listed", "only", "all_points")}
        spent = {"budgets_musd": list(self.budgets_musd), "phases": [list(one) for one in self.phases]}
        limit = {"time_limit_s": self.time_limit_s, "also": list(self.also)}
        return {"architecture": architecture, "objective": objective, **scope, **numbers, **spent, **limit}


def _checked(asked: MixAsked) -> tuple[str, str]:
    """Return the objective and the value that it counts.

    Raises
    ------
    InputError
        For a number that is none, or is too small.
    """
    for budget in [*asked.budgets_musd, *(amount for _, amount in asked.phases)]:
        if not math.isfinite(budget) or budget < 0.0:
            hint = "; for one that buys everything give 1e9" if budget == math.inf else ""
            raise InputError(f"budget_musd: a number of million USD from 0 was expected, got {budget:g}{hint}")
    if not asked.budgets_musd and not asked.phases:
        raise InputError("budget_musd: one budget or more was expected, got none")
    years = [year for year, _ in asked.phases]
    amounts = [amount for _, amount in asked.phases]
    if years != sorted(set(years)) or amounts != sorted(amounts):
        raise InputError("phases: years that rise, and budgets that do not fall, were expected")
    if asked.losses < 0:
        raise InputError(f"losses: a number from 0 was expected, got {asked.losses}")
    if asked.most is not None and asked.most < 0:
        raise InputError(f"most: a number from 0 was expected, got {asked.most}")
    if not 0.0 <= asked.near <= 1.0:
        raise InputError(f"near: a share from 0 to 1 was expected, got {asked.near:g}")
    if not asked.time_limit_s > 0.0:
        raise InputError(f"time_limit_s: more than 0 s was expected, got {asked.time_limit_s:g}")
    if asked.subset is not None and not 1 <= asked.subset <= _MOST_MARKS:
        raise InputError(f"subset: from 1 to {_MOST_MARKS:,} marks were expected, got {asked.subset:,}")
    if asked.subset is not None and asked.all_points:
        raise InputError("all_points and subset: one of the two was expected, got both")
    if asked.only is not None:
        known_name("basing", asked.only, BASINGS)
    objective = known_name("objective", asked.objective or asked.value, OBJECTIVES)
    return objective, asked.value if objective == "worst_loss" else objective


def optimise(
    store: Store, scenario: Scenario, architecture: str, asked: MixAsked, work: WorkAsked
) -> MixAnswer | State:
    """Return the best mix of a scenario's candidates for each budget.

    Parameters
    ----------
    store : Store
        Keeps stages.
    scenario : Scenario
    architecture : str
        What stands anyway.
    asked : MixAsked
    work : WorkAsked
        Who does it; of a shard the answer says how far it is.

    Raises
    ------
    UnknownNameError
        For a name that the scenario lacks.
    InputError
        For a number out of range, a scenario without candidates or costs, or candidates that cannot be judged.
    """
    objective, value = _checked(asked)
    base = scenario.architecture(architecture)
    choices, notes = choices_of(scenario, base, most=asked.most)
    given = given_points(asked.points)[1]
    whole = scope_of(
        store,
        with_copies(scenario),
        [architecture],
        threats=asked.threats,
        areas=asked.areas,
        points=given,
        level=next(one for one in LEVELS if one == known_name("level", asked.level, LEVELS)),
        value=value,
    )
    if given is None:
        notes = (*notes, *people_notes(tuple(scenario.nations), scenario.population_year))
    plain = asked.as_plain(architecture, given, objective, value)
    with work.execution("optimise", scenario, plain) as how:
        try:
            found = _searched(store, whole, choices, base, asked, objective, how)
        except MissingChunksError:
            return how.state
        return how.state if how.shard else replace(found, notes=(*notes, *found.notes))


def _searched(
    store: Store,
    whole: Scope,
    choices: Choices,
    base: ResolvedArchitecture,
    asked: MixAsked,
    objective: str,
    how: Execution,
) -> MixAnswer:
    """Return the best mixes, searched on a subset of the points or on all of them, and judged again on all."""
    given = asked.points is not None
    marks = asked.subset or (None if asked.all_points or given else MARKS)
    scope = whole if marks is None else whole.marked(threatened_places(whole, base, execution=how), marks)
    losses = asked.losses if objective == "worst_loss" else 0
    problem = mix_problem(store, scope, base, choices, losses=losses, execution=how)
    limits = SearchLimits(asked.near, asked.listed, max(1, round(asked.time_limit_s * NODES_A_SECOND)), asked.only)
    mixes = mixes_of(problem, asked.budgets_musd, limits, how)
    growing = None
    if asked.phases:
        growing = phased(
            store, whole, problem, asked.phases, usable_of(choices, asked.only), limits.nodes, execution=how
        )
    beside = {
        other: tuple(mixes_of(_with_objective(problem, other, asked.losses), asked.budgets_musd, limits, how))
        for other in asked.also
    }
    told = _bought(choices, asked.budgets_musd)
    answer = MixAnswer(
        whole.scenario.name,
        base.name,
        objective,
        whole.value,
        losses,
        asked.near,
        choices.candidates,
        tuple(mixes),
        None,
        growing,
        tuple(told),
        beside,
        _out_of_reach(problem) if "worst_nation" in asked.also else {},
    )
    if problem.values.nothing_threatened:
        return replace(answer, notes=(*told, "nothing in scope is threatened: there is no value"))
    return _judged_again(store, whole, problem, answer, marks is not None, how)


def _bought(choices: Choices, budgets: Sequence[float]) -> list[str]:
    """Return a warning of each budget that buys every candidate."""
    every = choices.cost_musd(choices.everything)
    return [
        f"the budget {budget:,.0f} million USD buys all {len(choices)} candidates, which cost {every:,.0f}"
        for budget in budgets
        if budget >= every
    ]


def _with_objective(problem: MixProblem, objective: str, losses: int) -> MixProblem:
    """Return a problem with another objective that counts the same people at the same places."""
    if objective == "worst_loss":
        return replace(problem, losses=losses)
    by = problem.values.by
    kind = next(one for one in VALUES if one == known_name("objective beside", objective, ("worst_nation",)))
    return replace(problem, values=values_of(replace(by, scope=replace(by.scope, value=kind))), losses=0)


def _out_of_reach(problem: MixProblem) -> dict[str, tuple[str, ...]]:
    """Return, by basing, the nations of which every candidate based there together defends no place."""
    choices, values = problem.choices, problem.values
    found = {}
    kept = {"land": choices.without_batteries("sea"), "sea": choices.without_batteries("land")}
    for basing, usable in kept.items():
        met, codes = values.amounts(problem.pieces.of(usable)), values.by.scope.nations
        found[basing] = tuple(codes[place] for place in np.flatnonzero((values.threatened > 0.0) & ~(met > 0.0)))
    return found


def _judged_again(
    store: Store, whole: Scope, problem: MixProblem, answer: MixAnswer, marked: bool, how: Execution
) -> MixAnswer:
    """Return the answer with the value of each mix on all points, from the judge, and the error of the subset."""
    places = {item.name: place for place, item in enumerate(answer.candidates)}
    standing: dict[tuple[str, ...], int] = {}
    architectures: list[ResolvedArchitecture] = []

    def rows_of(mix: BudgetMix, mine: MixProblem) -> list[int]:
        """Return the places among the architectures of what a mix is after each loss, put there if they are new."""
        found = []
        for one in mine.after_losses(sum(1 << places[name] for name in mix.chosen)):
            key = tuple(one.elements)
            if key not in standing:
                standing[key] = len(architectures)
                architectures.append(one)
            found.append(standing[key])
        return found

    sets = {answer.objective: (answer.budgets, problem, whole.value)}
    for objective, mixes in answer.beside.items():
        if objective != "worst_loss":
            mine = _with_objective(problem, objective, 0)
            sets[objective] = mixes, mine, mine.values.by.scope.value
    rows = {name: [rows_of(mix, mine) for mix in mixes] for name, (mixes, mine, _) in sets.items()}
    threatened, defended = judged_places(store, whole, architectures, execution=how)
    full: dict[str, tuple[BudgetMix, ...]] = {}
    for name, (mixes, _, kind) in sets.items():
        counted = replace(whole, value=kind)
        least = [[share_of(counted, threatened, defended[row]) for row in mine] for mine in rows[name]]
        full[name] = tuple(
            replace(mix, value_full=min((value for value in values if value is not None), default=None))
            for mix, values in zip(mixes, least, strict=True)
        )
    judged = full.pop(answer.objective)
    subset: dict[str, Any] | None = None
    if marked:
        errors = [
            abs(mix.value - mix.value_full) for mix in judged if mix.value is not None and mix.value_full is not None
        ]
        subset = {
            "points": len(problem.values.by.scope),
            "of": problem.values.by.scope.of,
            "error": max(errors, default=None),
        }
    return replace(answer, budgets=judged, subset=subset, beside={**answer.beside, **full})
