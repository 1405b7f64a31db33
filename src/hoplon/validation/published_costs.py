"""Totals that an outside office put on options, against the sums of the bundled study that has them.

The office gives ranges, undiscounted, over 20 years. The expected value is the middle of a range and the tolerance half
its width. Development is assumed, and the options on land lie within the range by it: of these rows the one of ships,
and the sums without development on the page of the question, tell more.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from hoplon.analysis.costs.answer import cost_answer
from hoplon.scenario.load import load_scenario
from hoplon.validation.case import Case, absolute, of_model
from hoplon.validation.published import known_difference, published

_TOLD = published()["costs"]


def undiscounted_busd(study: str, architecture: str) -> float:
    """Return the undiscounted cost of an architecture over the years of its study [bn USD of the base year]."""
    told = cost_answer(load_scenario(study), (architecture,), samples=1)
    return told.costs[architecture].undiscounted.base / 1e3


def _case(option: dict[str, Any]) -> Case:
    low, high = option["between"]
    return Case(
        option["id"],
        f"20 years of {option['title']}, undiscounted",
        "bn USD",
        partial(undiscounted_busd, _TOLD["study"], option["architecture"]),
        0.5 * (low + high),
        absolute(0.5 * (high - low), f"the office's range, {low:g} to {high:g}"),
        _TOLD["source"],
        _TOLD["url"],
        known=known_difference(option),
    )


CASES = of_model("cost", "literature", map(_case, _TOLD["options"]))
