"""Placed things in a scenario file: ``elements``."""

from __future__ import annotations

from typing import Any, Final

from hoplon.scenario.containers import ListOf, RecordOf
from hoplon.scenario.decisions.format import MONEY, YEAR
from hoplon.scenario.fields import Choice, Flag, Key, Name, Nation, Reading, Text
from hoplon.scenario.format.numbers import PROBABILITY, duration
from hoplon.scenario.marked_yaml import MarkedTable
from hoplon.scenario.model import Element
from hoplon.scenario.quantities import Number, Position

NODE_FORMS: Final = ("hub", "alternate", "regional")
ELEMENT_FORMS: Final = ("radar", "battery", "satellite", "node")

_BORESIGHT = Number("degrees", -180, 360)
_OF_TYPES: Final = "it belongs to the type that the element names, not to the element"


def _one_form(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse an element that is not exactly one of the forms, or holds what belongs to another form."""
    forms = [form for form in ELEMENT_FORMS if form in node.entries]
    if len(forms) != 1:
        got = " and ".join(forms) or "none"
        reading.refuse(node, path, f"exactly one of {', '.join(ELEMENT_FORMS)} was expected, got {got}")
        return
    form = forms[0]
    for key, wanted in {"count": "battery", "launch_interval_s": "battery", "radars": "battery"}.items():
        if form != wanted and key in node.entries:
            reading.refuse(node.entries[key][0], path, f"`{key}` belongs to a {wanted}, and this is a {form}")
    if form != "radar" and "boresights_deg" in node.entries:
        reading.refuse(
            node.entries["boresights_deg"][0], path, f"`boresights_deg` belongs to a radar, this is a {form}"
        )
    if form == "battery" and "count" not in node.entries:
        reading.refuse(node, path, "`count` is missing in this battery")
    if form == "satellite" and "at" in node.entries:
        reading.refuse(node.entries["at"][0], path, "a satellite has no place `at` on the ground")
    if form in ("radar", "battery") and "at" not in node.entries:
        reading.refuse(node, path, f"`at` is missing in this {form}: [latitude, longitude]")


def years_in_order(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse years that end before they begin."""
    first, last = values.get("from"), values.get("until")
    if isinstance(first, int) and isinstance(last, int) and first >= last:
        reading.refuse(node.entries["until"][1], path, f"`from` comes before `until`; got {first} and {last}")


def _element_rule(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    _one_form(node, values, path, reading)
    years_in_order(node, values, path, reading)


ELEMENT: Final = RecordOf(
    Element,
    {
        "radar": Key(Name("radars"), "the type of radar that it is"),
        "battery": Key(Name("interceptors"), "the type of interceptor that this battery holds"),
        "satellite": Key(Name("satellites"), "the type of satellite that it is"),
        "node": Key(Choice(NODE_FORMS), "the kind of command-and-control node that it is"),
        "owner": Key(Nation(), "nation that owns it", "none"),
        "at": Key(Position(), "where it stands; a satellite has none", "required of radars and batteries"),
        "boresights_deg": Key(
            ListOf(_BORESIGHT, distinct=True), "azimuths of a radar's faces, clockwise from north", "all round"
        ),
        "radars": Key(ListOf(Name("elements"), distinct=True), "a battery's own (organic) radars", "none"),
        "count": Key(
            Number("interceptors", 1, 100_000, whole=True),
            "interceptors in the magazine",
            "required of batteries",
        ),
        "launch_interval_s": Key(duration(3600), "least time between two launches of a battery; raids heed it"),
        "basing": Key(Choice(("land", "sea", "space")), "where it is based", "not said"),
        "partner": Key(Flag(), "a read-only feed of a partner: never tasked, never needed"),
        "latency_s": Key(duration(3600), "latency of what it reports", "that of the network"),
        "availability": Key(PROBABILITY, "probability that it works; raids and survivability draw it", "1"),
        "from": Key(YEAR, "first year in which it is active", "always"),
        "until": Key(YEAR, "year in which it is no longer active", "for good"),
        "upgrade_of": Key(Name("elements"), "the element that it replaces", "none"),
        "acquisition_musd": Key(MONEY, "cost of acquisition of one", "it adds nothing to the cost"),
        "annual_musd": Key(MONEY, "cost of operation of one, a year", "it adds nothing to the cost"),
        "ships_per_station": Key(Number("ships", 1, 20), "ships owned for one on station", "1"),
        "target_location_probability": Key(PROBABILITY, "probability that an attacker knows where it is", "1"),
        "site": Key(
            Text(64, one_line=True),
            "name of its site: radars and batteries of one site are lost together",
            "those of one owner at one place are one site",
        ),
        "hardness": Key(PROBABILITY, "probability that a blow that found it does not destroy it", "0"),
    },
    rule=_element_rule,
    misplaced={"tracking": _OF_TYPES, "supports_intercept": _OF_TYPES},
)
