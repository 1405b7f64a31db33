"""What alone turns a verdict over: one element lost, one disputed input at a bound, one azimuth, a few seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from hoplon.analysis.bounds import CITY, disputed_inputs, with_bound
from hoplon.analysis.coverage_solver import Asked
from hoplon.questions.comparison.agreement import agrees, architectures_of, nations_concerned
from hoplon.scenario.paths import bounded_numbers, is_named, with_values
from hoplon.scenario.titles import record_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hoplon.analysis.bounds import Bound
    from hoplon.analysis.coverage_solver import Cover
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Scenario
    from hoplon.scenario.reporting import Statement

SECONDS: Final = 5.0  # [s] of the time to a decision: a verdict that less than this turns over is none; assumed
Kind = Literal["element", "input", "azimuth", "seconds"]
_FORMS: Final = ("radar", "satellite", "battery")  # of elements that coverage depends on
_DECISION: Final = "doctrine.decision_s"
_AZIMUTHS: Final = "boresights_deg"


@dataclass(frozen=True)
class Flip:
    """One change that alone turns a verdict at base values over.

    Parameters
    ----------
    kind : {"element", "input", "azimuth", "seconds"}
    words : str
        What is changed, as a sentence says it after "flips".
    """

    kind: Kind
    words: str


@dataclass(frozen=True)
class _Variant:
    kind: Kind
    words: str
    scenario: Scenario


def flips(scenario: Scenario, cover: Cover, points: AimPoints, statement: Statement, at_base: bool) -> tuple[Flip, ...]:
    """Return what alone turns the verdict on a statement over, one change at a time, everything else at base.

    Parameters
    ----------
    scenario : Scenario
    cover : callable
        Computes one coverage.
    points : AimPoints
        Of the study. Judged are the places of the nations concerned with 100,000 people and more; all of their places
        where those alone give another verdict at base than the study does.
    statement : Statement
    at_base : bool
        Whether the statement agrees with the study at base values.
    """
    concerned = (points.kind == "place") & np.isin(points.nation, nations_concerned(scenario, statement))
    names = architectures_of(statement)
    for judged in (points.subset(concerned & (points.population >= CITY)), points.subset(concerned)):
        if _agrees(scenario, scenario, cover, names, judged, statement) == at_base:
            break
    else:
        return ()  # the land decides, and a place alone tells nothing
    variants = tuple(_variants(scenario, names))
    cover.prepare([Asked(item.scenario, name, "base") for item in variants for name in names], judged)
    return tuple(
        Flip(item.kind, item.words)
        for item in variants
        if _agrees(scenario, item.scenario, cover, names, judged, statement) not in (None, at_base)
    )


def _agrees(
    studied: Scenario,
    scenario: Scenario,
    cover: Cover,
    names: Sequence[str],
    points: AimPoints,
    statement: Statement,
) -> bool | None:
    covered = {name: cover(Asked(scenario, name, "base", sha256=studied.sha256), points) for name in names}
    return agrees(scenario, statement, covered)


def _variants(scenario: Scenario, names: Sequence[str]) -> Iterator[_Variant]:
    active = [element for name in names for element in scenario.architecture(name).elements.items()]
    for name, element in dict(active).items():
        if element.form in _FORMS:
            yield _Variant("element", f"without {element.title or name}", _without(scenario, names, name))
    azimuths = {
        steps: number
        for steps, number in bounded_numbers(scenario).items()
        if steps[0] == "elements" and steps[1] in dict(active) and _AZIMUTHS in steps
    }
    for steps, number in azimuths.items():
        for azimuth in (number.at("low"), number.at("high")):
            if azimuth != number.value:
                owner = record_title(scenario, "elements", str(steps[1]))
                words = f"with {owner} looking to {azimuth % 360:.0f} degrees ({number.value % 360:.0f} is assumed)"
                yield _Variant("azimuth", words, with_values(scenario, {steps: azimuth}))
    bounds: tuple[Bound, ...] = ("worse", "better")
    for key, item in disputed_inputs(scenario).items():
        if _AZIMUTHS not in item.path:
            for bound in bounds:
                yield _Variant("input", f"with {item.phrase(bound)}", with_bound(scenario, key, bound))
    for change, word in ((SECONDS, "later"), (-SECONDS, "earlier")):
        moved = {
            steps: max(0.0, number.value + change) for steps, number in scenario.numbers() if is_named(_DECISION, steps)
        }
        yield _Variant("seconds", f"with releases decided {SECONDS:.0f} s {word}", with_values(scenario, moved))


def _without(scenario: Scenario, names: Sequence[str], element: str) -> Scenario:
    """Return a scenario in which some architectures, and what extends them, lack an element."""
    changed = dict(scenario.architectures)
    for name in names:
        if element in scenario.architecture(name).elements:
            changed[name] = replace(changed[name], without=(*changed[name].without, element))
    return replace(scenario, architectures=MappingProxyType(changed))
