"""The keys of a scenario file that say how it is reported: ``headline``, ``milestones``, ``statements``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from hoplon.scenario.containers import ListOf, RecordOf
from hoplon.scenario.fields import REFUSED, Choice, Flag, Name, Nation, Origin, Reading, Text
from hoplon.scenario.marked_yaml import MarkedTable, Node
from hoplon.scenario.quantities import LATITUDE, LONGITUDE, Number
from hoplon.scenario.reporting import Headline, Milestone, Statement, StatementRegion

LANES: Final = ("decision", "command", "fielded")
_CLAIMS: Final = ("defended", "undefended", "everyone", "only_part", "more_than")
_NOTE: Final = {"note": Text()}


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
        "title": Text(100, one_line=True),
        "nations": ListOf(NationOfTheScenario(), least=1, distinct=True),
        "classes": ListOf(Name("threats"), least=1, distinct=True),
        "classes_title": Text(100, one_line=True),
    },
    described=_NOTE,
)

MILESTONE: Final = RecordOf(
    Milestone,
    {
        "date": Number("", 1900, 2200, plain=True),
        "lane": Choice(LANES),
        "text": Text(200, one_line=True),
        "source": Text(one_line=True),
        "begins": ListOf(Name("architectures"), distinct=True),
        "builds": ListOf(Name("architectures"), distinct=True),
        "ends": ListOf(Name("architectures"), distinct=True),
    },
    required=("date", "lane", "text"),
    described=_NOTE,
)

_REGION: Final = RecordOf(
    StatementRegion,
    {
        "nation": Nation(),
        "title": Text(100, one_line=True),
        "east_of_deg": LONGITUDE,
        "west_of_deg": LONGITUDE,
        "north_of_deg": LATITUDE,
        "south_of_deg": LATITUDE,
    },
    required=("nation",),
    rule=_sides_in_order,
    described={},
)

STATEMENT: Final = RecordOf(
    Statement,
    {
        "name": Text(64, one_line=True),
        "year": Number("", 1900, 2200, plain=True, whole=True),
        "text": Text(one_line=True),
        "source": Text(one_line=True),
        "architecture": Name("architectures"),
        "defended": ListOf(_REGION, least=1),
        "undefended": ListOf(_REGION, least=1),
        "everyone": Flag(),
        "only_part": Flag(),
        "more_than": Name("architectures"),
        "scope": ListOf(Nation(), least=1, distinct=True),
    },
    required=("name", "year", "text", "architecture"),
    rule=_says_something,
    described=_NOTE,
)
