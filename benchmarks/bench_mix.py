"""The best mix of the bundled candidates: CPU time of each budget to a proven gap, beside going through every choice.

Then what the worst loss of one and of two sites leaves, and a mix that grows by three phases (all classes in each).
The work is counted: flights and minimal winning coalitions. A mix of fifteen candidates is found both by the program
and by every choice, and the two are held against each other.
"""

from __future__ import annotations

import time
from dataclasses import replace
from types import MappingProxyType

from hoplon.analysis.mix.choices import choices_of
from hoplon.analysis.mix.enumeration import Enumeration
from hoplon.analysis.mix.paid import PaidSearch
from hoplon.analysis.mix.phases import best_growth
from hoplon.analysis.mix.problem import MixProblem, mix_problem
from hoplon.analysis.mix.program import MixProgram
from hoplon.analysis.store import Store
from hoplon.analysis.subsets.judged import threatened_places
from hoplon.analysis.subsets.scope import scope_of
from hoplon.scenario.decisions.candidates import with_copies
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

BASE = "mix-base"
FEW = 15
MARKS = 512


def problem_of(store: Store, scenario: Scenario, marks: int) -> MixProblem:
    """Return the problem of a scenario's candidates on a weighted subset of places."""
    base = scenario.architecture(BASE)
    choices, _ = choices_of(scenario, base)
    whole = scope_of(store, with_copies(scenario), [BASE])
    return mix_problem(store, whole.marked(threatened_places(whole, base), marks), base, choices)


def measure(*, once: bool) -> None:
    """Print what each budget takes, and whether the two ways agree."""
    scenario, store = load_scenario("nato-europe"), Store()
    marks = 16 if once else MARKS
    budgets = scenario.questions["Q5"].budgets_musd[:1] if once else scenario.questions["Q5"].budgets_musd
    problem_of(store, scenario, 4)  # compiled, or read from the cache
    start = time.process_time()
    problem = problem_of(store, scenario, marks)
    by = problem.values.by
    coalitions = len({one for each in by.families for one in each})
    print(
        f"{len(problem.choices)} candidates, {by.flown:,} flights, {coalitions:,} "
        f"minimal winning coalitions, learned in {time.process_time() - start:.2f} s of CPU"
    )
    for budget in budgets:
        program = MixProgram(problem)
        start = time.process_time()
        best = program.optimum(budget, problem.choices.everything)
        print(
            f"{budget:>9,.0f} M USD: {best.worth:.4f}, gap {best.gap:.1e}, {time.process_time() - start:.2f} s of CPU: "
            f"{', '.join(problem.choices.names(best.choice))}"
        )
    for losses in (1,) if once else (1, 2):
        search = PaidSearch(replace(problem, losses=losses))
        for budget in sorted(budgets, reverse=True):
            start = time.process_time()
            best = search.optimum(budget, problem.choices.everything)
            print(
                f"{budget:>9,.0f} M USD, {losses} lost: {best.worth:.4f}, gap {best.gap:.1e}, "
                f"{time.process_time() - start:.2f} s of CPU"
            )
    most = [budgets[0]] if once else [budgets[1], budgets[3], budgets[4]]
    start = time.process_time()
    growth = best_growth([problem] * len(most), most, problem.choices.everything)
    print(
        f"{len(most)} phases: {growth.worth / len(most):.4f}, bound {growth.bound / len(most):.4f}, "
        f"{time.process_time() - start:.2f} s of CPU"
    )
    names = list(scenario.candidates)[: 4 if once else FEW]
    few = replace(scenario, candidates=MappingProxyType({name: scenario.candidates[name] for name in names}))
    problem = problem_of(store, few, marks)
    for budget in budgets:
        times, found = [], []
        for search in (MixProgram(problem), Enumeration(problem)):
            start = time.process_time()
            found.append(search.optimum(budget, problem.choices.everything))
            times.append(time.process_time() - start)
        same = found[0].choice == found[1].choice
        print(
            f"{len(names)} candidates, {budget:,.0f} M USD: program {times[0]:.2f} s, every choice {times[1]:.2f} s, "
            f"{'the same choice' if same else 'DIFFERENT CHOICES'}"
        )
