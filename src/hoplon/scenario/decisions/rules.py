"""The rules that hold between what the questions of decision read and the rest of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from hoplon.scenario.findings import Findings
from hoplon.scenario.marked_yaml import MarkedTable
from hoplon.scenario.model import Scenario, Steps, path_text
from hoplon.scenario.paths import has_bounds, is_named, names_a_number, path_fault
from hoplon.scenario.tree import key_place, node_at

Rule = Callable[[Scenario, MarkedTable, Findings], None]
DUMMY: Final = "dummy"
"""Name of the factor that moves nothing: no group of numbers can have it."""


def copies_have_a_place(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse a candidate that copies a satellite to a place."""
    for name, candidate in scenario.candidates.items():
        for place, element in enumerate(candidate.like):
            if scenario.elements[element].satellite is not None:
                findings.error(
                    node_at(root, "candidates", name, "like", place),
                    f"candidates.{name}.like: {element!r} is a satellite, which stands at no place; name it in "
                    "`elements` of a candidate",
                )


def candidates_differ(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse a candidate of the same elements as another, or of the same copies at the same place."""
    seen: dict[object, str] = {}
    for name, candidate in scenario.candidates.items():
        same = (frozenset(candidate.elements), frozenset(candidate.like), candidate.at)
        if same in seen:
            findings.error(
                key_place(root, "candidates", name),
                f"candidates.{name}: the same elements at the same place as candidate {seen[same]!r}; leave one out",
            )
        seen.setdefault(same, name)


def candidates_can_be_chosen(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse a candidate that excludes or requires itself, or requires one that it excludes or two that do so."""
    for name, candidate in scenario.candidates.items():
        for key, others in (("excludes", candidate.excludes), ("requires", candidate.requires)):
            if name in others:
                node = node_at(root, "candidates", name, key, others.index(name))
                findings.error(node, f"candidates.{name}.{key}: another candidate was expected, got the same one")
        if (pair := _impossible_pair(scenario, name)) is not None:
            others = tuple(one for one in pair if one != name)
            why = " and ".join(repr(one) for one in others) + (
                ", which exclude" if len(others) > 1 else ", and the two exclude"
            )
            findings.error(
                key_place(root, "candidates", name),
                f"candidates.{name}: no set can hold it: it requires {why} each other",
            )


def _impossible_pair(scenario: Scenario, candidate: str) -> tuple[str, str] | None:
    """Return two candidates that exclude each other of one with all that it requires; None if there are none."""
    together = {candidate: None}
    ahead = [candidate]
    while ahead:
        for needed in scenario.candidates[ahead.pop()].requires:
            if needed not in together:
                together[needed] = None
                ahead.append(needed)
    for first in together:
        for second in scenario.candidates[first].excludes:
            if second in together and second != first:
                return first, second
    return None


def _factor_paths(scenario: Scenario) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every path of ``robustness``, with the place where it stands."""
    if scenario.robustness is not None:
        for name, paths in scenario.robustness.factors.items():
            yield from ((("robustness", "factors", name, place), path) for place, path in enumerate(paths))
        left_out = enumerate(scenario.robustness.leave_out)
        yield from ((("robustness", "leave_out", place), path) for place, path in left_out)


def factors_name_numbers(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse a path of ``robustness`` that names no number with bounds.

    One of another file, or of a scenario changed in Python, may have lost its bounds, as for ``disputed``.
    """
    for place, path in _factor_paths(scenario):
        node = node_at(root, *place)
        if (node.file != root.file or not node.line) and names_a_number(scenario, path):
            continue
        if fault := path_fault(scenario, path, findings):
            findings.error(node, f"{path_text(place)}: {fault}")


def factors_share_no_number(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse a number that two factors name, and a factor under the name of the one that moves nothing."""
    if scenario.robustness is None:
        return
    factors = scenario.robustness.factors
    if DUMMY in factors:
        place = key_place(root, "robustness", "factors", DUMMY)
        findings.error(place, f"robustness.factors: {DUMMY!r} is the factor that moves nothing; another name is needed")
    owners: dict[Steps, str] = {}
    numbers = [steps for steps, number in scenario.numbers() if has_bounds(number)] if len(factors) > 1 else []
    for name, paths in factors.items():
        for at, path in enumerate(paths):
            taken = [steps for steps in numbers if is_named(path, steps) and owners.setdefault(steps, name) != name]
            if taken:
                findings.error(
                    node_at(root, "robustness", "factors", name, at),
                    f"robustness.factors.{name}: {path_text(taken[0])} is in the factor {owners[taken[0]]!r} already; "
                    "a number moves with one factor",
                )


def deflator_holds_the_base_year(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Warn of price levels without that of the base year: no figure can be brought to other prices."""
    costs = scenario.costs
    if costs is not None and costs.deflator and str(costs.base_year) not in costs.deflator:
        findings.warning(
            node_at(root, "costs", "deflator"),
            f"costs.deflator: {costs.base_year}, the base year, is missing: no cost can be given at other prices",
        )


def surprises_change_something(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Warn of a surprise that shifts the first year of a class without one: the class always exists."""
    for name, surprise in (scenario.adapt.surprises if scenario.adapt is not None else {}).items():
        for threat, shift in surprise.threats.items():
            if float(shift.shift_years) and scenario.threats[threat].from_ is None:
                findings.warning(
                    node_at(root, "adapt", "surprises", name, "threats", threat, "shift_years"),
                    f"adapt.surprises.{name}.threats.{threat}: the class has no first year `from`: it always exists, "
                    "and shift_years changes nothing",
                )


ERROR_RULES: Final[tuple[Rule, ...]] = (
    copies_have_a_place,
    candidates_differ,
    candidates_can_be_chosen,
    factors_name_numbers,
    factors_share_no_number,
)
WARNING_RULES: Final[tuple[Rule, ...]] = (deflator_holds_the_base_year, surprises_change_something)
