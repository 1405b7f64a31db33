"""The best mix as a command or a study asks for it: names checked, points read, subset drawn, answers judged again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.mix.answer import Alternatives, BasedAlone, BudgetMix, MixAnswer
from hoplon.analysis.mix.choices import Choices, choices_of
from hoplon.analysis.mix.enumeration import Enumeration
from hoplon.analysis.mix.found import LISTED, NearOptimal, Search
from hoplon.analysis.mix.paid import PaidSearch
from hoplon.analysis.mix.phases import phased
from hoplon.analysis.mix.problem import SAME, MixProblem, mix_problem
from hoplon.analysis.mix.program import NODES_A_SECOND
from hoplon.analysis.subsets.judged import judged_values, threatened_places
from hoplon.analysis.subsets.scope import scope_of
from hoplon.errors import InputError
from hoplon.progress import silent
from hoplon.scenario.decisions.candidates import with_copies
from hoplon.scenario.model import known_name
from hoplon.scenario.people import people_notes
from hoplon.scenario.points_file import read_points

if TYPE_CHECKING:
    from hoplon.analysis.store import Store
    from hoplon.analysis.subsets.scope import Scope
    from hoplon.progress import Progress
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
    store: Store, scenario: Scenario, architecture: str, asked: MixAsked, progress: Progress = silent
) -> MixAnswer:
    """Return the best mix of a scenario's candidates for each budget.

    Parameters
    ----------
    store : Store
        Keeps stages.
    scenario : Scenario
    architecture : str
        What stands anyway.
    asked : MixAsked
    progress : callable

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
    wide = with_copies(scenario)
    given = read_points(asked.points).points if isinstance(asked.points, (str, Path)) else asked.points
    whole = scope_of(
        store,
        wide,
        [architecture],
        threats=asked.threats,
        areas=asked.areas,
        points=given,
        level=next(one for one in LEVELS if one == known_name("level", asked.level, LEVELS)),
        value=value,
    )
    if given is None:
        notes = (*notes, *people_notes(tuple(scenario.nations), scenario.population_year))
    marks = asked.subset or (None if asked.all_points or given is not None else MARKS)
    scope = whole
    if marks is not None:
        scope = whole.marked(threatened_places(whole, base, progress), marks)
    losses = asked.losses if objective == "worst_loss" else 0
    problem = mix_problem(store, scope, base, choices, losses=losses, progress=progress)
    limits = _Limits(asked.near, asked.listed, max(1, round(asked.time_limit_s * NODES_A_SECOND)), asked.only, progress)
    mixes = _mixes(problem, asked.budgets_musd, limits)
    told = [*notes, *_bought(choices, asked.budgets_musd)]
    grown = None
    if asked.phases:
        grown = phased(store, whole, problem, asked.phases, _usable(choices, asked.only), limits.nodes, progress)
    answer = MixAnswer(
        scenario.name,
        architecture,
        objective,
        value,
        losses,
        asked.near,
        choices.candidates,
        tuple(mixes),
        None,
        grown,
        tuple(told),
    )
    if problem.values.nothing_threatened:
        return replace(answer, notes=(*told, "nothing in scope is threatened: there is no value"))
    return _judged_again(store, whole, problem, answer, marks is not None, progress)


def _bought(choices: Choices, budgets: Sequence[float]) -> list[str]:
    """Return a warning of each budget that buys every candidate."""
    every = choices.cost_musd(choices.everything)
    return [
        f"the budget {budget:,.0f} million USD buys all {len(choices)} candidates, which cost {every:,.0f}"
        for budget in budgets
        if budget >= every
    ]


@dataclass(frozen=True)
class _Limits:
    """How far is searched."""

    near: float
    listed: int
    nodes: int
    only: str | None
    progress: Progress


def search_of(problem: MixProblem, nodes: int) -> Search:
    """Return the way to search a problem: through every choice where they are few enough."""
    if Enumeration.serves(problem):
        return Enumeration(problem)
    return PaidSearch(problem, nodes)


def _mixes(problem: MixProblem, budgets: Sequence[float], limits: _Limits) -> list[BudgetMix]:
    choices = problem.choices
    land, sea = choices.without_batteries("sea"), choices.without_batteries("land")
    usable = _usable(choices, limits.only)
    if problem.values.nothing_threatened:
        nothing = BasedAlone(None, 0.0, ())
        none = Alternatives((), choices.names(choices.everything), ((),), 1, True)
        return [
            BudgetMix(budget, None, None, None, None, True, (), 0.0, none, nothing, nothing, False)
            for budget in budgets
        ]
    search = search_of(problem, limits.nodes)
    found: dict[float, BudgetMix] = {}
    for place, budget in enumerate(sorted(set(budgets), reverse=True)):  # a cheap best of more is the best of less
        limits.progress(place, len(budgets), f"best mix for {budget:,.0f} million USD")
        best = search.optimum(budget, usable)
        near = search.near(budget, usable, best.worth, limits.near, limits.listed)
        alone = [search.optimum(budget, mine) for mine in (land, sea)]
        based = [
            BasedAlone(
                one.worth,
                choices.cost_musd(one.choice),
                choices.names(one.choice),
                problem.after_one_loss(one.choice),
            )
            for one in alone
        ]
        found[budget] = BudgetMix(
            budget_musd=budget,
            value=best.worth,
            value_full=None,
            bound=best.bound,
            gap=best.gap,
            exact=best.exact,
            chosen=choices.names(best.choice),
            cost_musd=choices.cost_musd(best.choice),
            near=_named(problem, near),
            land=based[0],
            sea=based[1],
            mix_dominates=all(best.worth > one.worth + SAME for one in alone),
            after_loss=problem.after_one_loss(best.choice),
        )
    limits.progress(len(budgets), len(budgets), "best mixes")
    return [found[budget] for budget in budgets]


def _usable(choices: Choices, only: str | None) -> int:
    """Return the candidates without a battery based elsewhere than on land, or at sea."""
    if only is None:
        return choices.everything
    return choices.without_batteries("sea" if only == "land" else "land")


def _named(problem: MixProblem, near: NearOptimal) -> Alternatives:
    choices = problem.choices
    return Alternatives(
        choices.names(near.must),
        choices.names(near.never),
        tuple(choices.names(one) for one in near.alternatives),
        near.total,
        near.every,
        tuple(problem.worth(one) for one in near.alternatives),
        tuple(choices.cost_musd(one) for one in near.alternatives),
    )


def _judged_again(
    store: Store, whole: Scope, problem: MixProblem, answer: MixAnswer, marked: bool, progress: Progress
) -> MixAnswer:
    """Return the answer with the value of each mix on all points, from the judge, and the error of the subset."""
    places = {item.name: place for place, item in enumerate(answer.candidates)}
    chosen = [sum(1 << places[name] for name in mix.chosen) for mix in answer.budgets]
    judged: dict[int, list[int]] = {}
    standing: dict[tuple[str, ...], int] = {}
    architectures: list[ResolvedArchitecture] = []
    for choice in chosen:
        for one in problem.after_losses(choice):
            key = tuple(one.elements)
            if key not in standing:
                standing[key] = len(architectures)
                architectures.append(one)
            judged.setdefault(choice, []).append(standing[key])
    values = judged_values(store, whole, architectures, progress)
    full = {
        choice: min((value for one in mine if (value := values[one]) is not None), default=None)
        for choice, mine in judged.items()
    }
    mixes = tuple(replace(mix, value_full=full[choice]) for mix, choice in zip(answer.budgets, chosen, strict=True))
    subset: dict[str, Any] | None = None
    if marked:
        errors = [
            abs(mix.value - mix.value_full) for mix in mixes if mix.value is not None and mix.value_full is not None
        ]
        subset = {
            "points": len(problem.values.by.scope),
            "of": problem.values.by.scope.of,
            "error": max(errors, default=None),
        }
    return replace(answer, budgets=mixes, subset=subset)
