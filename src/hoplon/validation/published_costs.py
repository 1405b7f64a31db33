"""What the Congressional Budget Office put on its options of 2009, against the sums of the bundled study.

The office gives ranges, undiscounted, over 20 years, at prices of 2009. The expected value is the middle of a range and
the tolerance half its width. Development is assumed, and options 1, 3 and 4 lie within the range by it: of these rows
the one of option 2, and the sums without development on the page of the question, tell more.
"""

from __future__ import annotations

from functools import partial

from hoplon.analysis.costs.answer import cost_answer
from hoplon.scenario.load import load_scenario
from hoplon.validation.case import Case, KnownDifference, absolute, of_model, relative

_OFFICE = (
    "Congressional Budget Office, Options for Deploying Missile Defenses in Europe, February 2009, in Defense Daily"
)
_URL = (
    "https://defensedaily.com/study-says-using-aegis-ships-instead-of-european-missile-defense-would-cost-"
    "twice-as-much-as-emd/congress"
)
_SHIPS = KnownDifference(
    30.4,
    relative(0.01, "the sum was explained item by item at this value"),
    "operation of ships: USD 60 million a year for each of nine hulls, where the estimate of 2007 has 60 million for a "
    "station, three hulls; with a third of it option 2 costs 23.2 bn. Hulls are at the price of new destroyers",
)
_RANGES = {"cbo-1": (9.0, 14.0), "cbo-2": (18.0, 26.0), "cbo-3": (9.0, 14.0), "cbo-4": (9.0, 14.0)}


def undiscounted_busd(architecture: str) -> float:
    """Return the undiscounted cost of an architecture of the bundled study over 20 years [bn USD of 2009]."""
    told = cost_answer(load_scenario("nato-europe"), (architecture,), samples=1)
    return told.costs[architecture].undiscounted.base / 1e3


CASES = of_model(
    "cost",
    "literature",
    (
        Case(
            f"COST-{name[-1]}",
            f"20 years of option {name[-1]}, undiscounted",
            "bn USD",
            partial(undiscounted_busd, name),
            0.5 * (low + high),
            absolute(0.5 * (high - low), f"the office's range, {low:g} to {high:g}"),
            _OFFICE,
            _URL,
            known=_SHIPS if name == "cbo-2" else None,
        )
        for name, (low, high) in _RANGES.items()
    ),
)
