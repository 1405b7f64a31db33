"""Coverage of NATO Europe by phase 3: with nothing kept, and asked again with one battery or site changed.

Every answer asked again is held against the same question with nothing kept, in the same run: the ratio of their times
is printed, and that no aim point differs. Batteries in wall time; a site that is moved step by step with its radar,
bounded by the rest of the defence against every flight judged, in processor time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from hoplon.analysis.coverage import Coverage, aim_points, coverage
from hoplon.analysis.flights import kept_flights
from hoplon.analysis.store import Store
from hoplon.analysis.what_if.point_sets import SetName
from hoplon.api import WhatIfs, apply
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Place, Scenario

ARCHITECTURE = "phase-3"


def moved(scenario: Scenario, battery: str) -> Scenario:
    """Return the scenario with a battery some 50 km farther south."""
    element = scenario.elements[battery]
    assert element.at is not None
    place = Place(element.at.latitude_deg - 0.5, element.at.longitude_deg)
    return replace(scenario, elements={**scenario.elements, battery: replace(element, at=place)})


def without(scenario: Scenario, battery: str) -> Scenario:
    """Return the scenario with a battery switched off."""
    architecture = scenario.architectures[ARCHITECTURE]
    kept = tuple(name for name in architecture.elements if name != battery)
    changed = replace(architecture, elements=kept)
    return replace(scenario, architectures={**scenario.architectures, ARCHITECTURE: changed})


def measure(*, once: bool) -> None:
    """Print the time of each question, which is asked once."""
    scenario = load_scenario("nato-europe")
    everywhere = aim_points(scenario)
    points = everywhere.subset(np.arange(len(everywhere)) % (400 if once else 1) == 0)
    batteries = [name for name in scenario.architectures[ARCHITECTURE].elements if scenario.elements[name].battery]

    def ask(store: Store, asked: Scenario) -> tuple[Coverage, float]:
        start = time.perf_counter()
        answer = coverage(store, asked, ARCHITECTURE, points, enough=1, what_if=True)
        return answer, time.perf_counter() - start

    ask(Store(), scenario)  # compiled, or read from the cache
    store = Store()
    print(f"{len(points)} aim points; nothing kept: {ask(store, scenario)[1]:.2f} s")
    forms: dict[str, Callable[[Scenario, str], Scenario]] = {"moved": moved, "switched off": without}
    for name, form in forms.items():
        for battery in batteries:
            asked = form(scenario, battery)
            answer, again = ask(store, asked)
            fresh, alone = ask(Store(), asked)
            differ = int((fresh.defended != answer.defended).sum())
            print(
                f"{battery} {name}: {again:.3f} s, nothing kept {alone:.2f} s: {again / alone:.3f} x; "
                f"{differ} answers differ"
            )
    for set_name in ("coarse",) if once else ("coarse", "exact"):
        measure_sites(WhatIfs(scenario), set_name, steps=2 if once else 6)


def measure_sites(asked: WhatIfs, set_name: SetName, steps: int) -> None:
    """Print the processor time of one step of each site that is moved: bounded, and judged anew."""
    points = asked.points(set_name).points
    asked.prepare({"architecture": ARCHITECTURE}, set=set_name)
    for name in ("ship-east-iia", "ship-adriatic-iia", "deveselu-iia", "kurecik"):
        place = asked.scenario.elements[name].at
        assert place is not None
        bounded, alone, differ = [], [], 0
        for step in range(1, steps + 1):
            at = [place.latitude_deg - 0.3 * step, place.longitude_deg + 0.2 * step]
            document = {"architecture": ARCHITECTURE, "move": {name: at}}
            found = asked.verdict(document, set_name, hand=[name])
            bounded.append(found.cpu_ms)
            moved = apply(asked.scenario, document)
            store = Store()
            kept_flights(store, moved, points, tuple(moved.threats), tuple(moved.launch_areas))
            start = time.process_time()
            fresh = coverage(store, moved, "what-if", points, enough=1)
            alone.append(1000.0 * (time.process_time() - start))
            differ += int((fresh.defended != found.defended).sum())
        step_ms, anew_ms = float(np.median(bounded)), float(np.median(alone))
        print(
            f"{set_name} ({len(points)} points), site of {name} moved, {found.judged} of {found.flights} judged: "
            f"{step_ms:.0f} ms, every flight {anew_ms:.0f} ms: {step_ms / anew_ms:.3f} x; {differ} answers differ"
        )
