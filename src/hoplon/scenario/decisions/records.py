"""Records that the questions of decision read: costs, candidates of a mix, uncertain numbers, surprises and moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from hoplon.scenario.values import Cited, Described, Place

_EMPTY: Mapping[str, Any] = MappingProxyType({})
_NO_SHIFT = Cited(0.0, note="default of the format")


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs(Described):
    """How costs are summed.

    Parameters
    ----------
    base_year : int
        Year of the prices.
    discount_rate : Cited
        A year.
    years : Cited
        Of operation.
    deflator : mapping of str to Cited
        Level of prices by year, ``"2009"``; only ratios count.
    development_musd : mapping of str to Cited
        By architecture [million USD]; those that extend it develop the same.
    """

    base_year: int
    discount_rate: Cited
    years: Cited
    deflator: Mapping[str, Cited] = field(default_factory=lambda: _EMPTY)
    development_musd: Mapping[str, Cited] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategicTrajectory(Described):
    """A trajectory of a third party's strategic missile, for the stability question."""

    name: str
    from_: Place
    aim: Place
    threat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MixCandidate(Described):
    """Elements that a mix may add to what stands anyway, all of them or none.

    Parameters
    ----------
    elements : tuple of str
        Elements of the scenario; or
    like, at : tuple of str, Place
        elements that are copied to a place.
    excludes, requires : tuple of str
        Other candidates that cannot be chosen with it, and without which it cannot be chosen.
    cost_musd : Cited or None
        In place of the cost of its elements [million USD].
    """

    elements: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    at: Place | None = None
    excludes: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    cost_musd: Cited | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessFactors:
    """How uncertain numbers are grouped, and which are left as they are, where robustness is studied.

    Parameters
    ----------
    factors : mapping of str to tuple of str
        Paths of numbers that move together, by the name of the group.
    leave_out : tuple of str
        Paths of numbers that stay at their base value.
    """

    factors: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _EMPTY)
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatShift(Described):
    """How a surprise changes one class.

    Parameters
    ----------
    shift_years : Cited
        Added to its first year: below zero it comes sooner.
    launch_areas : tuple of str or None
        In place of its own; None leaves them.
    """

    shift_years: Cited = _NO_SHIFT
    launch_areas: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprise(Described):
    """A threat that comes otherwise than it was planned against, class by class."""

    threats: Mapping[str, ThreatShift]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Described):
    """Something that can be moved or added in answer to a surprise.

    Parameters
    ----------
    elements, without : tuple of str
        Elements that are there after it, and that are there no longer.
    lead_days : Cited
        Days from the order until they stand.
    cost_musd : Cited or None
        [million USD]
    """

    elements: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    lead_days: Cited
    cost_musd: Cited | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptationOptions:
    """Surprises, and moves in answer to them, by name."""

    surprises: Mapping[str, Surprise] = field(default_factory=lambda: _EMPTY)
    moves: Mapping[str, Move] = field(default_factory=lambda: _EMPTY)
