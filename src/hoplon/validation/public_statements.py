"""What was said in public of who would be defended, region by region, against the computed coverage.

A statement is a map of two colours or a sentence. A region counts as defended when three quarters of its threatened
people are, against every class of the study's headline at base values, and as not defended when no more than a quarter
is: the expected value is 1 or 0, the tolerance 0.25.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from typing import Any, Final

from hoplon.analysis.coverage import Coverage
from hoplon.analysis.coverage_answer import CoverageAnswer, coverage_answer
from hoplon.analysis.store import Store
from hoplon.questions.comparison.agreement import in_region, share_of
from hoplon.scenario.geography import AimPoints, places
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario
from hoplon.scenario.reporting import StatementRegion
from hoplon.validation.case import Case, absolute, of_model
from hoplon.validation.published import known_difference, published

TWO_COLOURS: Final = absolute(0.25, "a map or a sentence: three quarters of a region's people count as defended")
STATEMENTS: Final[list[dict[str, Any]]] = published()["statements"]
_BOUNDS: Final = ("east_of_deg", "west_of_deg", "north_of_deg", "south_of_deg")


def region_of(given: dict[str, Any]) -> StatementRegion:
    """Return a region of a statement."""
    return StatementRegion(nation=given["nation"], **{key: given[key] for key in _BOUNDS if key in given})


def towns_of(statement: dict[str, Any]) -> AimPoints | None:
    """Return the towns of a statement's nations that have the least population it asks for; None for every place."""
    if "least_population" not in statement:
        return None
    points = places(tuple(dict.fromkeys(region["nation"] for region in statement["regions"])))
    return points.subset(points.population >= statement["least_population"])


def region_share(scenario: Scenario, coverage: Coverage, region: StatementRegion) -> float:
    """Return the share of a region's threatened people that are defended; not a number where nobody is threatened."""
    found = share_of(scenario, coverage, in_region(coverage.points, region))
    return float("nan") if found is None else found


@cache
def _judged(study: str, architecture: str, decision_s: float | None) -> CoverageAnswer:
    scenario = load_scenario(study)
    if decision_s is not None:
        scenario = scenario.set("doctrine.decision_s", decision_s)
    asked = next(one for one in STATEMENTS if (one["study"], one["architecture"]) == (study, architecture))
    return coverage_answer(Store(), scenario, architecture, points=towns_of(asked), levels="base", what_if=False)


def share(study: str, architecture: str, decision_s: float | None, region: StatementRegion) -> float:
    """Return the share of a region's threatened people that an architecture of a study defends."""
    answer = _judged(study, architecture, decision_s)
    return region_share(answer.scenario, answer.base, region)


def _cases() -> Iterator[Case]:
    for one in STATEMENTS:
        judged = (one["study"], one["architecture"], one.get("decision_s"))
        for region in one["regions"]:
            expected, tolerance = float(region.get("expected", 0.0)), TWO_COLOURS
            if "between" in region:
                low, high = region["between"]
                expected, tolerance = 0.5 * (low + high), absolute(0.5 * (high - low), region["reason"])
            yield Case(
                one["id"],
                one["quantity"].format(title=region["title"]),
                "1",
                partial(share, *judged, region_of(region)),
                expected,
                tolerance,
                one["source"],
                one.get("url", ""),
                known=known_difference(region),
            )


CASES = of_model("coverage", "literature", _cases())
