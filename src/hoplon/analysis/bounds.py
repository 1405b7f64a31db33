"""The disputed inputs of a scenario one at a time: what they are called, and a scenario with one of them at a bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from hoplon.analysis.corners import LESS, NEITHER, better_with, disputed_numbers, disputed_paths, kind_of
from hoplon.scenario.paths import bounded_numbers, with_values
from hoplon.scenario.titles import record_title

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario

Bound = Literal["worse", "better"]
CITY: Final = 100_000.0  # [1] people of a place that counts as a city here
_KEYS: Final = {
    "threats.*.rcs_m2": "cross_section",
    "threats.*.rcs_m2.*": "cross_section",
    "interceptors.*.burnout_speed_km_s": "burnout_speed",
    "doctrine.decision_s": "decision_time",
}
_WORDS: Final[Mapping[tuple[str, ...], tuple[str, str, str]]] = {
    ("threats", "rcs_m2"): (
        "warhead cross-section",
        "smaller warhead cross-sections",
        "larger warhead cross-sections",
    ),
    ("interceptors", "burnout_speed_km_s"): ("interceptor burnout speed", "slower interceptors", "faster interceptors"),
    ("interceptors", "min_elevation_deg"): ("least launch elevation", "steeper launches", "flatter launches"),
    ("doctrine", "decision_s"): ("time to a release decision", "later release decisions", "earlier release decisions"),
    ("radars", "search", "reference_range_km"): ("radar search range", "shorter search ranges", "longer search ranges"),
    ("radars", "track", "reference_range_km"): ("radar track range", "shorter track ranges", "longer track ranges"),
    ("elements", "boresights_deg"): (
        "radar azimuth",
        "azimuths at their lower bounds",
        "azimuths at their upper bounds",
    ),
}


@dataclass(frozen=True)
class DisputedInput:
    """One of the disputed inputs.

    Parameters
    ----------
    key : str
        A short name, or the path.
    path : str
        As ``disputed`` of the scenario names it.
    title : str
        What sentences call it.
    worse, better : str
        What it is called at its bounds: worse and better for the defence, or lower and upper where neither is.
    """

    key: str
    path: str
    title: str
    worse: str
    better: str

    def phrase(self, bound: Bound) -> str:
        """Return what the input is called at a bound."""
        return self.worse if bound == "worse" else self.better


def disputed_inputs(scenario: Scenario) -> dict[str, DisputedInput]:
    """Return the disputed inputs of a scenario that have bounds, by their keys, in the order of the file."""
    found: dict[str, DisputedInput] = {}
    for path in disputed_paths(scenario):
        numbers = disputed_numbers(scenario, path)
        if not numbers:
            continue
        key = _KEYS.get(path, path)
        key = path if key in found else key
        kinds = {kind_of(steps) for steps in numbers}
        title, *ends = _WORDS.get(kinds.pop(), ("", "", "")) if len(kinds) == 1 else ("", "", "")
        named = path.split(".")[1] if path.count(".") > 1 and path.split(".")[0] != "threats" else "*"
        if title and named != "*":
            owner = record_title(scenario, path.split(".")[0], named)
            title, ends = f"{title} of {owner}", [_owned(end, owner) for end in ends]
        if not title:
            directed = all(better_with(steps) != NEITHER for steps in numbers)
            title, ends = path, [f"{path} at its {word} bound" for word in _ends(directed)]
        found[key] = DisputedInput(key, path, title, *ends)
    return found


def _owned(end: str, owner: str) -> str:
    """Return what the input of one record is called at a bound: ``azimuths of North at their lower bounds``."""
    what, at, bound = end.partition(" at ")
    return f"{what} of {owner}{at}{bound}"


def _ends(directed: bool) -> tuple[str, str]:
    return ("worse", "better") if directed else ("lower", "upper")


def with_bound(scenario: Scenario, key: str, bound: Bound) -> Scenario:
    """Return a scenario in which one disputed input stands at the bound worse or better for the defence.

    Parameters
    ----------
    scenario : Scenario
        At base.
    key : str
        Of :func:`disputed_inputs`.
    bound : str
        ``worse`` or ``better``; the lower and the upper bound of a number that has no worse end.
    """
    bounded = bounded_numbers(scenario)
    values = {}
    for steps in disputed_numbers(scenario, disputed_inputs(scenario)[key].path):
        low = (bound == "worse") != (better_with(steps) == LESS)
        values[steps] = bounded[steps].at("low" if low else "high")
    return with_values(scenario, values)


def has_bounds(scenario: Scenario) -> bool:
    """Tell whether any disputed input of a scenario has a bound beside its base value."""
    return bool(disputed_numbers(scenario))
