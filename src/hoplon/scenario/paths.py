"""Numbers of a scenario by their path in the file, as ``disputed`` names them; a scenario with some of them moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from hoplon.scenario.findings import Findings
from hoplon.scenario.model import Cited, Scenario, Steps, path_text

if TYPE_CHECKING:
    from collections.abc import Iterator

ANY: Final = "*"
_OVERRIDDEN: Final = ("doctrine", "network")  # what an architecture may set otherwise than the scenario


def has_bounds(number: Cited) -> bool:
    """Tell whether a number may be another than its base value."""
    return number.at("low") < number.value or number.at("high") > number.value


class SameScenario:
    """A scenario as a key: it is the same object, for equal ones take longer to compare than what is kept to make."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __hash__(self) -> int:
        """Return the same number for the same object."""
        return id(self.scenario)

    def __eq__(self, other: object) -> bool:
        """Tell whether the other is the same object."""
        return isinstance(other, SameScenario) and other.scenario is self.scenario


def bounded_numbers(scenario: Scenario) -> Mapping[Steps, Cited]:
    """Return every number of a scenario that has a bound beside its value, in the order of the format."""
    return _bounded_numbers(SameScenario(scenario))


@lru_cache(maxsize=16)
def _bounded_numbers(same: SameScenario) -> Mapping[Steps, Cited]:
    return MappingProxyType({steps: number for steps, number in same.scenario.numbers() if has_bounds(number)})


def is_named(path: str, steps: Steps) -> bool:
    """Tell whether a path names a number: the number itself, or something that holds it.

    Parameters
    ----------
    path : str
        Keys as in the file, with a point between them; ``*`` for any one name, ``[0]`` for a place in a list. A path
        of the scenario's ``doctrine`` or ``network`` names what architectures set in its place, too.
    steps : tuple of str and int
        The keys and places of a number.
    """
    if steps[0] == "architectures" and len(steps) > 2 and steps[2] in _OVERRIDDEN and _names(path, steps[2:]):
        return True
    return _names(path, steps)


def _names(path: str, steps: Steps) -> bool:
    if not path:
        return True
    if not steps:
        return False
    words = (f"[{steps[0]}]", f"[{ANY}]") if isinstance(steps[0], int) else (steps[0], ANY)
    return any(
        path.startswith(word)
        and (not (rest := path[len(word) :]) or rest[0] in ".[")
        and _names(rest.removeprefix("."), steps[1:])
        for word in words
    )


def names_a_number(scenario: Scenario, path: str) -> bool:
    """Tell whether a path names any number of a scenario, with bounds or without."""
    return any(is_named(path, steps) for steps, _ in scenario.numbers())


def names_bounds(scenario: Scenario, path: str) -> bool:
    """Tell whether a path names a number of a scenario that has bounds."""
    return any(is_named(path, steps) for steps in bounded_numbers(scenario))


def path_fault(scenario: Scenario, path: str, findings: Findings) -> str:
    """Return what is wrong with a path that is to name numbers with bounds, "" if nothing is."""
    if names_bounds(scenario, path):
        return ""
    bounded = bounded_numbers(scenario)
    named = [steps for steps, _ in scenario.numbers() if is_named(path, steps)]
    if named:
        those = path_text(named[0]) if len(named) == 1 else f"none of the {len(named)} numbers that it names"
        said = f"{those} has no bounds" if len(named) == 1 else f"{those} has bounds"
        return f"{path!r}: {said}; give `low` or `high` beside the `value`"
    known = dict.fromkeys(form for steps in bounded for form in _forms(path, steps))
    return f"{path!r} names no number of the scenario; {findings.expected(path, known)}"


def _forms(path: str, steps: Steps) -> Iterator[str]:
    """Yield a number's path as one might write it: in full, and with any name where the path has any name."""
    yield path_text(steps)
    if ANY in path and len(steps) > 2:
        yield path_text((steps[0], ANY, *steps[2:]))


def with_values(scenario: Scenario, values: Mapping[Steps, float]) -> Scenario:
    """Return a scenario in which some numbers have other values, and all else is as it is.

    Parameters
    ----------
    scenario : Scenario
    values : mapping of steps to float
        The value of each number that is moved, by the keys and places that lead to it.
    """
    return cast(Scenario, _moved(scenario, [(steps, value) for steps, value in values.items()]))


def _moved(record: Any, values: Sequence[tuple[Steps, float]]) -> Any:
    """Return a record, mapping, list or number with the values at some paths below it replaced."""
    if not values:
        return record
    if isinstance(record, Cited):
        return replace(record, value=float(values[0][1]))
    below: dict[str | int, list[tuple[Steps, float]]] = {}
    for (first, *rest), value in values:
        below.setdefault(first, []).append((tuple(rest), value))
    if isinstance(record, Mapping):
        return MappingProxyType({key: _moved(item, below.get(key, ())) for key, item in record.items()})
    if isinstance(record, tuple):
        return tuple(_moved(item, below.get(place, ())) for place, item in enumerate(record))
    attributes = {str(key) if hasattr(record, str(key)) else f"{key}_": parts for key, parts in below.items()}
    return replace(record, **{name: _moved(getattr(record, name), parts) for name, parts in attributes.items()})
