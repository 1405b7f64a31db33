"""The keys of a scenario file that the questions of decision read."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from hoplon.scenario.containers import ListOf, MappingOf, RecordOf
from hoplon.scenario.decisions.records import (
    AdaptationOptions,
    Costs,
    MixCandidate,
    Move,
    RobustnessFactors,
    StrategicTrajectory,
    Surprise,
    ThreatShift,
)
from hoplon.scenario.fields import REFUSED, Field, Key, Name, Origin, Reading, Text
from hoplon.scenario.marked_yaml import MarkedTable, Node, brief
from hoplon.scenario.quantities import Number, Position

MONEY: Final = Number("million USD", 0, 1e6, ((1e-6, "USD"),))
YEAR: Final = Number("", 1900, 2200, plain=True, whole=True)
_PERCENT: Final = ((1e-2, "percent"),)
_PATHS: Final = ListOf(Text(200, one_line=True), least=1, distinct=True)


@dataclass(frozen=True, slots=True)
class ByName:
    """A mapping from names of a section of the scenario to values of one kind."""

    section: str
    kind: Field
    least: int = 0

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read every value; refuse the names that the section does not hold."""
        values = MappingOf(self.kind, least=self.least).read(node, path, reading, origin)
        if isinstance(node, MarkedTable):
            for key, _ in node.entries.values():
                if Name(self.section).read(key, path, reading, origin) is REFUSED:
                    values = REFUSED
        return values

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {**MappingOf(self.kind).schema(), "description": f"by names of `{self.section}`"}


@dataclass(frozen=True, slots=True)
class ByYear:
    """A mapping from years to values of one kind."""

    kind: Field

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read every value; the keys are years, as the file writes them."""
        values = MappingOf(self.kind).read(node, path, reading, origin)
        if not isinstance(node, MarkedTable):
            return values
        for year, (key, _) in node.entries.items():
            if not (year.isdecimal() and year.isascii() and len(year) == 4 and YEAR.holds(float(year))):
                values = reading.refuse(key, path, f"a year {YEAR.limits} was expected, got {brief(year)!r}")
        return values

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {
            "type": "object",
            "patternProperties": {"^[0-9]{4}$": self.kind.schema()},
            "additionalProperties": False,
        }


def _elements_or_copies(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse a candidate that is neither elements nor copies of them, or both, and half of the latter."""
    if "elements" in node.entries and ("like" in node.entries or "at" in node.entries):
        both = "like" if "like" in node.entries else "at"
        place = node.entries[both][0]
        reading.refuse(place, path, f"either `elements` or `like` with `at` was expected, got `elements` and `{both}`")
    elif "elements" not in node.entries:
        missing = [key for key in ("like", "at") if key not in node.entries]
        if len(missing) == 2:
            reading.refuse(node, path, "`elements`, or `like` with `at`, was expected, got neither")
        elif missing:
            reading.refuse(node, path, f"`{missing[0]}` is missing: elements are copied with `like` and `at`")


def _changes_something(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    if not {"shift_years", "launch_areas"} & node.entries.keys():
        reading.refuse(node, path, "`shift_years` or `launch_areas` was expected, got neither")


def _moves_something(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse a move of nothing, and one that adds what it takes away."""
    added, removed = (values.get(key) for key in ("elements", "without"))
    if not any((added, removed)):
        got = "no name in either" if {"elements", "without"} & node.entries.keys() else "neither"
        reading.refuse(node, path, f"`elements` or `without` was expected, got {got}")
    if (
        isinstance(added, tuple)
        and isinstance(removed, tuple)
        and (both := [name for name in added if name in removed])
    ):
        reading.refuse(node.entries["without"][0], path, f"{both[0]!r} is in `elements` and in `without`")


COSTS: Final = RecordOf(
    Costs,
    {
        "base_year": Key(YEAR, "year of the prices"),
        "discount_rate": Key(Number("", -0.1, 0.5, _PERCENT), "real discount rate, a year"),
        "years": Key(Number("years", 1, 100), "years of operation"),
        "deflator": Key(
            ByYear(Number("", 0, 1e6, open_below=True)),
            "level of prices by year, `{2009: 1, 2013: 1.071}`; only ratios count. For figures at other prices "
            "(`--price-year`)",
            "none",
        ),
        "development_musd": Key(
            ByName("architectures", MONEY),
            "cost of development by architecture; one without an entry has that of the nearest that it extends",
            "0 for each",
        ),
        "published_musd": Key(
            ByName("architectures", MONEY),
            "totals of other studies by architecture, undiscounted and at the prices of the base year: shown "
            "beside the sums and part of none",
            "none",
        ),
    },
    required=("base_year", "discount_rate", "years"),
)

STRATEGIC: Final = RecordOf(
    StrategicTrajectory,
    {
        "name": Key(Text(200, one_line=True), "what the trajectory is called"),
        "from": Key(Position(), "where the missile is launched from"),
        "aim": Key(Position(), "what it is aimed at"),
        "threat": Key(Name("threats"), "its class"),
    },
    required=("name", "from", "aim", "threat"),
)

CANDIDATE: Final = RecordOf(
    MixCandidate,
    {
        "elements": Key(
            ListOf(Name("elements"), least=1, distinct=True),
            "elements of the scenario that it adds, all or none",
            "copies: `like` and `at`",
        ),
        "like": Key(
            ListOf(Name("elements"), least=1, distinct=True), "elements that copies are made of", "required with `at`"
        ),
        "at": Key(Position(), "where the copies stand", "required with `like`"),
        "excludes": Key(ListOf(Name("candidates"), distinct=True), "candidates that cannot be chosen with it", "none"),
        "requires": Key(
            ListOf(Name("candidates"), distinct=True), "candidates without which it cannot be chosen", "none"
        ),
        "cost_musd": Key(MONEY, "its discounted standing cost", "that of its elements"),
    },
    rule=_elements_or_copies,
)

ROBUSTNESS: Final = RecordOf(
    RobustnessFactors,
    {
        "factors": Key(
            MappingOf(_PATHS), "groups of numbers that one cause moves, `{NAME: [paths]}`", "the groups of the method"
        ),
        "leave_out": Key(
            ListOf(Text(200, one_line=True), distinct=True), "paths of numbers that stay at their base value", "none"
        ),
    },
    described=MappingProxyType({}),
)

_SHIFT: Final = RecordOf(
    ThreatShift,
    {
        "shift_years": Key(
            Number("years", -200, 200), "added to the first year of the class: -3 is three years sooner"
        ),
        "launch_areas": Key(
            ListOf(Name("launch_areas"), distinct=True), "where it is launched from, in place of its own", "its own"
        ),
    },
    rule=_changes_something,
)
_SURPRISE: Final = RecordOf(
    Surprise, {"threats": Key(ByName("threats", _SHIFT, least=1), "what changes, by class")}, required=("threats",)
)
_MOVE: Final = RecordOf(
    Move,
    {
        "elements": Key(ListOf(Name("elements"), distinct=True), "elements that it puts there", "none"),
        "without": Key(
            ListOf(Name("elements"), distinct=True),
            "elements that it takes away; one that is not there is no fault",
            "none",
        ),
        "lead_days": Key(Number("days", 0, 36_525), "from the order until it is done"),
        "cost_musd": Key(MONEY, "what it costs", "0"),
    },
    required=("lead_days",),
    rule=_moves_something,
)
ADAPT: Final = RecordOf(
    AdaptationOptions,
    {
        "surprises": Key(MappingOf(_SURPRISE), "by name: changes of the threat that were not foreseen", "none"),
        "moves": Key(MappingOf(_MOVE), "by name: what can be moved or added in answer", "none"),
    },
    described=MappingProxyType({}),
)
