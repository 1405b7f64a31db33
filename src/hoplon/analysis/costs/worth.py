"""What a cost is set against: people defended, and missiles of a raid that do not leak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from hoplon.analysis.coverage import CoverageQuestion, headline_nations, headline_threats, settle, summarise
from hoplon.analysis.coverage_answer import coverage_answer
from hoplon.analysis.raid.result import raid_setup
from hoplon.analysis.raid.setup import raid
from hoplon.progress import silent
from hoplon.scenario.points_file import given_points

if TYPE_CHECKING:
    from pathlib import Path

    from hoplon.analysis.store import Store
    from hoplon.progress import Progress
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Scenario

REPLICATIONS: Final = 1000


def common_nations(scenario: Scenario, architectures: Sequence[str]) -> tuple[str, ...]:
    """Return the nations that the headline counts in the years of all of some architectures."""
    counted = [set(headline_nations(scenario, scenario.architecture(name).year)) for name in architectures]
    return tuple(code for code in scenario.nations if all(code in nations for nations in counted))


def people_defended(
    store: Store,
    scenario: Scenario,
    architectures: Sequence[str],
    points: AimPoints | str | Path | None = None,
    progress: Progress = silent,
) -> tuple[dict[str, float], bool]:
    """Return the people whom architectures defend against the headline's classes, and whether points count as one each.

    Parameters
    ----------
    store : Store
        Keeps the stages.
    scenario : Scenario
    architectures : sequence of str
        The same nations count for all of them: the headline's that are members in the years of all.
    points : AimPoints or path, optional
        Every one of them counts, in place of those of the scenario's nations.
    progress : callable
    """
    given, everywhere = given_points(points)
    threats = headline_threats(scenario)
    found: dict[str, float] = {}
    for place, name in enumerate(architectures):
        progress(place, len(architectures), f"{name}: people defended")
        answer = coverage_answer(
            store, scenario, name, threats=threats, points=everywhere, levels=("base",), what_if=False
        )
        if not place:  # the others are judged together, and found again below
            asked = [CoverageQuestion(scenario, other, "base") for other in architectures[1:]]
            settle(store, asked, answer.base.points, answer.base.threats)
        nations = common_nations(scenario, architectures) if answer.whole else answer.nations
        found[name] = summarise(answer.base, answer.threats, nations).defended_population
    progress(len(architectures), len(architectures), "people defended")
    return found, given is not None and "population" not in given.header


def leakers_avoided(
    scenario: Scenario, architectures: Sequence[str], name: str, seed: int, progress: Progress = silent
) -> dict[str, float]:
    """Return how many missiles of a raid do not leak, the mean of 1,000 replications; those that fly count.

    Parameters
    ----------
    scenario : Scenario
    architectures : sequence of str
    name : str
        Of the raid.
    seed : int
        Of every draw.
    progress : callable
    """
    found = {}
    for architecture in architectures:
        answer = raid(raid_setup(scenario, architecture, name), REPLICATIONS, seed, progress=progress)
        leakage = answer.estimates["leakage"].mean if answer.threats else None
        if leakage is not None:
            found[architecture] = answer.threats * (1.0 - leakage)
    return found
