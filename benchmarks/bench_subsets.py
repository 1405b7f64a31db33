"""Coverage of every subset of an architecture's sites, against coalitions judged one by one by coverage, CPU time.

For each architecture: the flights, the coalitions judged a flight, the time a flight; that of one coalition judged as a
coverage of the restricted architecture over the same places in the same run, and how many of those would take as long;
places whose answer differs over random coalitions; the residual of the Shapley values.
"""

from __future__ import annotations

import time

import numpy as np

from hoplon.analysis import stages
from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import flights_of, flown_against
from hoplon.analysis.store import Store
from hoplon.analysis.subsets.attribution import attribution
from hoplon.analysis.subsets.players import players_of
from hoplon.analysis.subsets.restrictions import roster_of
from hoplon.analysis.subsets.scope import scope_of
from hoplon.analysis.subsets.survivability import survival
from hoplon.analysis.subsets.values import CoalitionValues
from hoplon.analysis.subsets.winning import defended_by
from hoplon.scenario.load import load_scenario

CASES = (("phase-3", "site", 0), ("phase-3-allied", "site", 512), ("phase-3-allied", "site", 2048))
COALITIONS = 48


def measure(*, once: bool) -> None:
    """Print the time of the subsets of each architecture, beside that of coalitions one by one."""
    scenario = load_scenario("nato-europe")
    store = Store()
    for architecture, by, marks in CASES[:1] if once else CASES:
        resolved = scenario.architecture(architecture)
        players = players_of(resolved, by)
        scope = scope_of(store, scenario, [architecture])
        if once or marks:
            scope = scope.marked(np.ones(len(scope), dtype=np.bool_), 64 if once else marks)
        roster = roster_of(scenario, resolved, players.players)
        few = scope.chosen(np.arange(min(8, len(scope))))
        defended_by(store, few, roster)  # compiled, or read from the cache
        start = time.process_time()
        found = defended_by(Store(), scope, roster)
        learned = time.process_time() - start
        values = CoalitionValues(found)
        survival(values, players)
        survived = time.process_time() - start - learned
        shares = attribution(values, players, support="held")
        attributed = time.process_time() - start - learned - survived
        flights = flights_of(flown_against(scenario, resolved), scope.points, scope.threats, scope.areas)
        random = np.random.default_rng(1)
        differ, alone = 0, []
        for coalition in random.integers(0, roster.everyone + 1, COALITIONS).tolist():
            start = time.process_time()
            defence = defence_of(scenario, roster.restricted(coalition))
            shots = stages.most_shots(Store(), flights, defence, defence.shots_required)
            alone.append(time.process_time() - start)
            met = found.threatened.copy()
            met[flights.points[shots < defence.shots_required]] = False
            differ += int((met != found.defended(coalition)).sum())
        one = float(np.mean(alone))
        print(
            f"{architecture}, {len(players)} players, {len(scope):,} places: {found.flown:,} flights, "
            f"{found.judged / found.flown:.1f} coalitions judged and {1e6 * learned / found.flown:.0f} us a flight; "
            f"{learned:.2f} s for all {1 << len(players):,}, one alone {one:.3f} s: {learned / one:.1f} of them"
        )
        print(
            f"  losses {survived:.2f} s, shares {attributed:.2f} s, residual {shares.residual or 0.0:.1e}; "
            f"{differ} of {COALITIONS * len(scope):,} answers differ from coalitions one by one"
        )
