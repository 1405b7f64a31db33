"""Commands that ask the study: study, engage, threat."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from hoplon.cli.output import cell, print_json, progress, provenance, say, table
from hoplon.errors import OutputError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import known_name


def answer_study(arguments: argparse.Namespace) -> int:
    """Run the whole study into a folder."""
    scenario = load_scenario(arguments.scenario)
    folder = Path(arguments.output)
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder}: is a file; a folder was expected")
    from hoplon import api

    answer = api.study(scenario, folder, progress=progress).as_json()
    if arguments.json:
        print_json({**provenance(scenario), **answer})
        return 0
    headline = answer.get("headline")
    if isinstance(headline, list) and headline:
        table(tuple(headline[0]), [tuple(row.values()) for row in headline])
    for path in _paths(answer.get("paths")):
        say(path)
    return 0


def _paths(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [path for item in value.values() for path in _paths(item)]
    if isinstance(value, (list, tuple)):
        return [path for item in value for path in _paths(item)]
    return [] if value is None else [str(value)]


def answer_engage(arguments: argparse.Namespace) -> int:
    """Judge one engagement and explain it."""
    scenario = load_scenario(arguments.scenario)
    architecture = known_name("architecture", arguments.architecture, scenario.architectures)
    area = known_name("launch area", arguments.area, scenario.launch_areas)
    threat = known_name("threat", arguments.threat, scenario.threats)
    from hoplon import api

    answer = api.engage(
        scenario, architecture, area, arguments.aim, threat, loft_deg=arguments.loft_deg, year=arguments.year
    ).as_json()
    if arguments.json:
        print_json({**provenance(scenario), **answer})
        return 0
    latitude, longitude = arguments.aim
    say(f"{threat} from {area} to {latitude:g},{longitude:g}, against {architecture}")
    if not answer["reachable"]:
        say(f"out of reach: {answer['reason']}")
        return 0
    say(f"flight time {answer['flight_time_s']:.0f} s")
    say("DEFENDED" if answer["defended"] else "NOT DEFENDED")
    _print_radars(answer["radars"])
    _print_batteries(answer["batteries"])
    return 0


def _print_radars(radars: dict[str, Any]) -> None:
    rows = [
        (name, radar["cue_s"], ", ".join(f"{on:.0f} to {off:.0f}" for on, off in radar["track_s"]) or "never")
        for name, radar in radars.items()
    ]
    if rows:
        say()
        table(("radar", "cue_s", "track_s"), rows)


def _print_batteries(batteries: dict[str, Any]) -> None:
    rows = [
        (name, item["commit_s"], item["shots"], _first(item["intercepts"]), item["last_intercept_s"])
        for name, item in batteries.items()
    ]
    if rows:
        say()
        table(("battery", "commit_s", "shots", "first intercept", "last_intercept_s"), rows)


def _first(intercepts: list[dict[str, Any]]) -> str:
    if not intercepts:
        return "none"
    first = intercepts[0]
    return (
        f"at {first['intercept_s']:.0f} s, {cell(float(first['altitude_km']))} km high, "
        f"{cell(float(first['ground_range_km']))} km away"
    )


def answer_threat(arguments: argparse.Namespace) -> int:
    """Say who is within whose reach, with flight and warning times."""
    scenario = load_scenario(arguments.scenario)
    from hoplon import api

    answer = api.threat(scenario, year=arguments.year).as_json()
    if arguments.json:
        print_json({**provenance(scenario), **answer})
        return 0
    rows = [
        (nation, name, reach["first_year"], reach["flight_time_s"], reach["warning_s"])
        for nation, entry in answer["nations"].items()
        for name, reach in entry["threats"].items()
    ]
    table(("nation", "threat", "first_year", "flight_time_s", "warning_s"), rows)
    return 0
