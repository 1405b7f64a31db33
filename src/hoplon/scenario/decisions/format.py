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
from hoplon.scenario.fields import REFUSED, Field, Name, Origin, Reading, Text
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
        "base_year": YEAR,
        "discount_rate": Number("", -0.1, 0.5, _PERCENT),
        "years": Number("years", 1, 100),
        "deflator": ByYear(Number("", 0, 1e6, open_below=True)),
        "development_musd": ByName("architectures", MONEY),
        "published_musd": ByName("architectures", MONEY),
    },
    required=("base_year", "discount_rate", "years"),
)

STRATEGIC: Final = RecordOf(
    StrategicTrajectory,
    {"name": Text(200, one_line=True), "from": Position(), "aim": Position(), "threat": Name("threats")},
    required=("name", "from", "aim", "threat"),
)

CANDIDATE: Final = RecordOf(
    MixCandidate,
    {
        "elements": ListOf(Name("elements"), least=1, distinct=True),
        "like": ListOf(Name("elements"), least=1, distinct=True),
        "at": Position(),
        "excludes": ListOf(Name("candidates"), distinct=True),
        "requires": ListOf(Name("candidates"), distinct=True),
        "cost_musd": MONEY,
    },
    rule=_elements_or_copies,
)

ROBUSTNESS: Final = RecordOf(
    RobustnessFactors,
    {"factors": MappingOf(_PATHS), "leave_out": ListOf(Text(200, one_line=True), distinct=True)},
    described=MappingProxyType({}),
)

_SHIFT: Final = RecordOf(
    ThreatShift,
    {"shift_years": Number("years", -200, 200), "launch_areas": ListOf(Name("launch_areas"), distinct=True)},
    rule=_changes_something,
)
_SURPRISE: Final = RecordOf(Surprise, {"threats": ByName("threats", _SHIFT, least=1)}, required=("threats",))
_MOVE: Final = RecordOf(
    Move,
    {
        "elements": ListOf(Name("elements"), distinct=True),
        "without": ListOf(Name("elements"), distinct=True),
        "lead_days": Number("days", 0, 36_525),
        "cost_musd": MONEY,
    },
    required=("lead_days",),
    rule=_moves_something,
)
ADAPT: Final = RecordOf(
    AdaptationOptions,
    {"surprises": MappingOf(_SURPRISE), "moves": MappingOf(_MOVE)},
    described=MappingProxyType({}),
)
