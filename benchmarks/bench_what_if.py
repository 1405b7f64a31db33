"""Coverage of NATO Europe by phase 3: with nothing kept, and asked again with one battery changed, wall time.

Every answer asked again is held against the same question with nothing kept, in the same run: the ratio of their times
is printed, and that no aim point differs.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Place, Scenario
from hoplon.study.coverage import Coverage, aim_points, coverage
from hoplon.study.store import Store

ARCHITECTURE, MOVED = "phase-3", "redzikowo"


def moved(scenario: Scenario, degrees: float) -> Scenario:
    """Return the scenario with one battery moved to the south."""
    element = scenario.elements[MOVED]
    assert element.at is not None
    place = Place(element.at.latitude_deg - degrees, element.at.longitude_deg)
    return replace(scenario, elements={**scenario.elements, MOVED: replace(element, at=place)})


def without(scenario: Scenario, *_: float) -> Scenario:
    """Return the scenario with one battery switched off."""
    architecture = scenario.architectures[ARCHITECTURE]
    kept = tuple(name for name in architecture.elements if name != MOVED)
    changed = replace(architecture, elements=kept)
    return replace(scenario, architectures={**scenario.architectures, ARCHITECTURE: changed})


def measure(*, once: bool) -> None:
    """Print the time of each question."""
    scenario = load_scenario("nato-europe")
    everywhere = aim_points(scenario)
    points = everywhere.subset(np.arange(len(everywhere)) % (400 if once else 1) == 0)

    def ask(store: Store, asked: Scenario) -> tuple[Coverage, float]:
        start = time.perf_counter()
        answer = coverage(store, asked, ARCHITECTURE, points, enough=1, what_if=True)
        return answer, time.perf_counter() - start

    ask(Store(), scenario)  # compiled, or read from the cache
    store, rounds = Store(), 1 if once else 5
    print(f"{len(points)} aim points; nothing kept: {ask(store, scenario)[1]:.2f} s")
    forms: dict[str, Callable[[Scenario, float], Scenario]] = {"moved": moved, "switched off": without}
    for name, form in forms.items():
        spent, differ = [], 0
        for number in range(rounds):
            asked = form(scenario, 0.1 + 0.3 * number)
            answer, seconds = ask(store, asked)
            spent.append(seconds)
        fresh, alone = ask(Store(), asked)
        differ = int((fresh.defended != answer.defended).sum())
        again = statistics.median(spent)
        print(
            f"{MOVED} {name}: {again:.3f} s (median of {rounds}), nothing kept {alone:.2f} s: {again / alone:.3f} x; "
            f"{differ} answers differ"
        )
