"""Commands about scenario files: check, schema, list."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from hoplon.cli.arguments import LISTED
from hoplon.cli.output import note, print_json, provenance, say, table
from hoplon.errors import ScenarioError, UnknownNameError, UsageError
from hoplon.scenario.findings import Finding
from hoplon.scenario.load import bundled_names, checked, load_scenario
from hoplon.scenario.model import Element, Scenario

DEFAULT_SCENARIO: Final = "nato-europe"


def answer_check(arguments: argparse.Namespace) -> int:
    """Check a scenario file; 1 when it is refused."""
    try:
        scenario, warnings = checked(arguments.scenario)
    except ScenarioError as error:
        note(str(error))
        if arguments.json:
            answer = {"errors": [_finding(item) for item in error.findings], "warnings": []}
            print_json({**provenance(), "scenario": None, "scenario_sha256": None, "seed": None, **answer})
        else:
            say(f"{arguments.scenario}: refused, {_count(len(error.findings), 'error')}")
        return 1
    if arguments.json:
        print_json({**provenance(scenario), "errors": [], "warnings": [_finding(item) for item in warnings]})
        return 0
    _print_warnings(warnings, arguments.scenario)
    held = ", ".join(
        _count(len(getattr(scenario, section)), singular)
        for section, singular in (
            ("architectures", "architecture"),
            ("elements", "element"),
            ("threats", "threat class"),
            ("launch_areas", "launch area"),
            ("nations", "nation"),
        )
    )
    say(f"{scenario.name}: no errors, {_count(len(warnings), 'warning')}; {held}")
    return 0


def _print_warnings(warnings: Sequence[Finding], checked_name: str) -> None:
    """Print the warnings; those in a bundled scenario that a file extends are counted: its user cannot mend them."""
    bundled = {f"{other}.yaml": other for other in bundled_names()}
    bundled = {} if checked_name.replace("_", "-") in (*bundled, *bundled.values()) else bundled
    elsewhere = Counter(bundled[item.file] for item in warnings if item.file in bundled)
    for item in warnings:
        if item.file not in bundled:
            say(f"{item.file}:{item.line}:{item.column}: warning: {item.message}")
    for other, many in elsewhere.items():
        say(f"{_count(many, 'warning')} in {other}, which it extends: hoplon check {other} shows them")


def _count(number: int, singular: str) -> str:
    ending = "" if number == 1 else "es" if singular.endswith("s") else "s"
    return f"{number} {singular}{ending}"


def _finding(item: Finding) -> dict[str, Any]:
    return {"file": item.file, "line": item.line, "column": item.column, "message": item.message}


def answer_schema(arguments: argparse.Namespace) -> int:
    """Print the JSON Schema of the scenario file."""
    from hoplon.scenario.schema import json_schema

    print_json({**json_schema(), **provenance()})
    return 0


def answer_list(arguments: argparse.Namespace) -> int:
    """List the bundled scenarios, or what a scenario holds."""
    name, what = arguments.scenario, arguments.what
    if what is None and name in LISTED:
        name, what = None, name
    if what is not None and what not in LISTED:
        raise UsageError(str(UnknownNameError("list", what, LISTED)))
    overview = name is None and what is None
    scenario = load_scenario(name or DEFAULT_SCENARIO)
    answer: dict[str, list[dict[str, Any]]] = {}
    if overview:
        answer["scenarios"] = [_bundled(bundled, scenario) for bundled in bundled_names()]
    answer |= {kind: ROWS[kind](scenario) for kind in (LISTED if what is None else (what,))}
    if arguments.json:
        print_json({**provenance(scenario), **answer})
        return 0
    for kind in ("scenarios", "architectures") if overview else tuple(answer):
        if len(answer) > 1:
            say("Bundled scenarios" if kind == "scenarios" else f"{kind.capitalize()} of {scenario.name}")
        table(tuple(answer[kind][0]) if answer[kind] else ("none",), [tuple(row.values()) for row in answer[kind]])
        if len(answer) > 1:
            say()
    if overview:
        say(f"hoplon list SCENARIO [WHAT] shows more; WHAT is one of {', '.join(LISTED)}.")
    return 0


def _bundled(name: str, default: Scenario) -> dict[str, Any]:
    scenario = default if name == default.name else load_scenario(name)
    return {"name": name, "title": scenario.title}


def _architectures(scenario: Scenario) -> list[dict[str, Any]]:
    resolved = map(scenario.architecture, scenario.architectures)
    return [{"name": item.name, "title": item.title, "year": item.year, "mode": item.mode} for item in resolved]


def _threats(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": item.title or name,
            "min_range_km": float(item.min_range_km),
            "max_range_km": float(item.max_range_km),
            "first_year": None if item.from_ is None else int(float(item.from_)),
        }
        for name, item in scenario.threats.items()
    ]


def _radars(scenario: Scenario) -> list[dict[str, Any]]:
    from hoplon.analysis.radar_range import reference_range_km

    return [
        {
            "name": name,
            "title": item.title or name,
            "band": item.band,
            "search_range_km": reference_range_km(item.search),
            "at_rcs_m2": float(item.search.reference_rcs_m2),
            "max_range_km": float(item.max_range_km),
        }
        for name, item in scenario.radars.items()
    ]


def _satellites(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {"name": name, "title": item.title or name, "alert_s": float(item.alert_s), "detect_s": float(item.detect_s)}
        for name, item in scenario.satellites.items()
    ]


def _interceptors(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": item.title or name,
            "burnout_speed_km_s": float(item.burnout_speed_km_s),
            "lowest_intercept_km": float(item.intercept_altitude_km[0]),
            "highest_intercept_km": float(item.intercept_altitude_km[1]),
            "max_flight_time_s": float(item.max_flight_time_s),
        }
        for name, item in scenario.interceptors.items()
    ]


def _elements(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": item.title or name,
            "form": item.form,
            "type": _type(item),
            "owner": item.owner,
            "latitude_deg": None if item.at is None else item.at.latitude_deg,
            "longitude_deg": None if item.at is None else item.at.longitude_deg,
            "from": item.from_,
            "until": item.until,
        }
        for name, item in scenario.elements.items()
    ]


def _type(element: Element) -> str | None:
    return element.radar or element.battery or element.satellite or element.node


def _areas(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": item.title or name,
            "latitude_deg": item.at.latitude_deg,
            "longitude_deg": item.at.longitude_deg,
        }
        for name, item in scenario.launch_areas.items()
    ]


def _raids(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {"name": name, "title": item.title or name, "missiles": int(sum(float(group.count) for group in item.threats))}
        for name, item in scenario.raids.items()
    ]


ROWS: Final[Mapping[str, Callable[[Scenario], list[dict[str, Any]]]]] = {
    "architectures": _architectures,
    "threats": _threats,
    "radars": _radars,
    "satellites": _satellites,
    "interceptors": _interceptors,
    "elements": _elements,
    "areas": _areas,
    "raids": _raids,
}
