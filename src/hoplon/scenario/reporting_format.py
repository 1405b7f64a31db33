"""The keys of a scenario file that say how it is reported: ``headline``, ``milestones``, ``statements``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from hoplon.scenario.containers import ListOf, RecordOf
from hoplon.scenario.fields import NOTE, REFUSED, Choice, Flag, Key, Name, Nation, Origin, Reading, Text
from hoplon.scenario.marked_yaml import MarkedTable, Node
from hoplon.scenario.quantities import LATITUDE, LONGITUDE, Number
from hoplon.scenario.reporting import Headline, Milestone, Statement, StatementRegion

LANES: Final = ("decision", "command", "fielded")
_CLAIMS: Final = ("defended", "undefended", "everyone", "only_part", "more_than")
_NOTE: Final = {"note": NOTE}


@dataclass(frozen=True, slots=True)
class NationOfTheScenario(Nation):
    """An ISO 3166-1 alpha-3 code that the scenario's ``nations`` hold."""

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read a code that is in ``nations``."""
        code = Nation.read(self, node, path, reading, origin)
        known = reading.names.get("nations", ())
        if code is REFUSED or code in known:
            return code
        return reading.refuse(node, path, f"{code!r} is not in `nations`; {reading.findings.expected(code, known)}")


def _says_something(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse a statement without a claim that can be tested, or with several; regions in and out are one claim."""
    claims = [key for key in _CLAIMS if key in node.entries and values.get(key) is not False]
    kinds = {"regions" if key in ("defended", "undefended") else key for key in claims}
    if not kinds:
        reading.refuse(node, path, f"what it says is missing: one of {', '.join(_CLAIMS)} was expected")
    elif len(kinds) > 1:
        got = " and ".join(claims)
        reading.refuse(node, path, f"one claim was expected (`defended` and `undefended` are one), got {got}")
    if "scope" in node.entries and "more_than" not in node.entries:
        reading.refuse(node.entries["scope"][0], path, "`scope` belongs to `more_than`, which is missing")


_SIDES: Final = (("east_of_deg", "west_of_deg", "degrees east"), ("north_of_deg", "south_of_deg", "degrees north"))


def _sides_in_order(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse a region between two meridians, or two parallels, that holds nothing."""
    for above, below, unit in _SIDES:
        least, most = values.get(above), values.get(below)
        if isinstance(least, float) and isinstance(most, float) and least >= most:
            (over, _, _), (under, _, _) = (key.partition("_") for key in (above, below))
            reading.refuse(
                node.entries[below][1],
                path,
                f"a region {over} of {least:g} and {under} of {most:g} {unit} is empty; the two swapped?",
            )


HEADLINE: Final = RecordOf(
    Headline,
    {
        "title": Key(
            Text(100, one_line=True),
            "what the nations counted are called together",
            'the name of the one nation; else "the nations of the scenario", or, where some of them alone count, '
            '"the European '
            'nations of the scenario" or "the nations of the headline"',
        ),
        "nations": Key(
            ListOf(NationOfTheScenario(), least=1, distinct=True),
            "nations that count, as members of the architecture's year",
            "all; those in Europe, of a scenario that has only members of the North Atlantic Treaty, on both "
            "sides of the ocean",
        ),
        "classes": Key(
            ListOf(Name("threats"), least=1, distinct=True),
            "threat classes that count; one with `launch_areas: []` never does",
            "classes of 2,000 km and more",
        ),
        "classes_title": Key(
            Text(100, one_line=True),
            "what the classes are called together",
            '"classes of 2,000 km and more"; with `classes`, "the headline\'s classes"',
        ),
    },
    described=_NOTE,
)

MILESTONE: Final = RecordOf(
    Milestone,
    {
        "date": Key(Number("", 1900, 2200, plain=True), "year with its fraction: 2009.71 is mid-September 2009"),
        "lane": Key(Choice(LANES), "row of the road map that it stands in"),
        "text": Key(Text(200, one_line=True), "what happened, in a few words"),
        "source": Key(Text(one_line=True), "who says so: a citation, or a key of `sources`", "none"),
        "begins": Key(
            ListOf(Name("architectures"), distinct=True), "architectures that are decided upon with it", "none"
        ),
        "builds": Key(
            ListOf(Name("architectures"), distinct=True),
            "architectures that stand as built with it: variants (`compare_with`) of what was planned",
            "none",
        ),
        "ends": Key(ListOf(Name("architectures"), distinct=True), "architectures that are given up with it", "none"),
    },
    required=("date", "lane", "text"),
    described=_NOTE,
)

_REGION: Final = RecordOf(
    StatementRegion,
    {
        "nation": Key(Nation(), "nation that it is, or is a part of"),
        "title": Key(Text(100, one_line=True), "what a sentence calls it", "the nation's name"),
        "east_of_deg": Key(LONGITUDE, "only what lies east of this meridian", "no such limit"),
        "west_of_deg": Key(LONGITUDE, "only what lies west of this meridian", "no such limit"),
        "north_of_deg": Key(LATITUDE, "only what lies north of this parallel", "no such limit"),
        "south_of_deg": Key(LATITUDE, "only what lies south of this parallel", "no such limit"),
    },
    required=("nation",),
    rule=_sides_in_order,
    described={},
)

STATEMENT: Final = RecordOf(
    Statement,
    {
        "name": Key(Text(64, one_line=True), "short name, of which there is no other"),
        "year": Key(Number("", 1900, 2200, plain=True, whole=True), "when it was made"),
        "text": Key(Text(one_line=True), "what was said, in your words"),
        "source": Key(Text(one_line=True), "who said it where: a citation, or a key of `sources`", "none"),
        "architecture": Key(Name("architectures"), "which architecture it is about"),
        "defended": Key(ListOf(_REGION, least=1), "regions that it puts inside the defended area", "no such claim"),
        "undefended": Key(ListOf(_REGION, least=1), "regions that it puts outside the defended area", "no such claim"),
        "everyone": Key(Flag(), "it puts every nation of the headline inside"),
        "only_part": Key(Flag(), "it puts a part of them inside, and not all"),
        "more_than": Key(
            Name("architectures"),
            "the statement's architecture defends a larger share of people than this one",
            "no such claim",
        ),
        "scope": Key(
            ListOf(Nation(), least=1, distinct=True), "nations that `more_than` counts", "those of the headline"
        ),
    },
    required=("name", "year", "text", "architecture"),
    rule=_says_something,
    described=_NOTE,
)
