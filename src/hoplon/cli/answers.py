"""Commands that ask the study: study, engage, threat."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hoplon.cli.output import cell, percent, print_json, provenance, say, table
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
    from hoplon.progress import progress_bar

    with progress_bar() as progress:
        answer = api.study(scenario, folder, progress=progress).as_json()
    if arguments.json:
        print_json({**provenance(scenario), **answer})
        return 0
    rows = [
        {key: percent(value) if "_share" in key else value for key, value in row.items()} for row in answer["headline"]
    ]
    table(tuple(rows[0]) if rows else ("no architecture",), [tuple(row.values()) for row in rows])
    say()
    for what, path in answer["paths"].items():
        say(f"{what}: {path if isinstance(path, str) else _files(path)}")
    return 0


def _files(paths: Sequence[str]) -> str:
    folders = sorted({str(Path(path).parent) for path in paths})
    return f"{len(paths)} files in {', '.join(folders)}" if paths else "none"


def answer_engage(arguments: argparse.Namespace) -> int:
    """Judge one engagement and explain it."""
    scenario = load_scenario(arguments.scenario)
    architecture = known_name("architecture", arguments.architecture, scenario.architectures)
    area = known_name("launch area", arguments.area, scenario.launch_areas)
    threat = known_name("threat", arguments.threat, scenario.threats)
    from hoplon import api

    answer = api.engage(
        scenario,
        architecture,
        area,
        arguments.aim,
        threat,
        loft_deg=arguments.loft_deg,
        year=arguments.year,
        drag=arguments.drag,
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
