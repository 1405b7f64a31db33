"""The command engage: one engagement, explained."""

from __future__ import annotations

import argparse
from typing import Any

from hoplon import api
from hoplon.cli.options import add_file, add_flight, add_year
from hoplon.cli.output import cell, note, print_json, refuse_output, say, table, write_output


def add_engage(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_flight(command, apogee=True)
    add_year(command)
    add_file(command)
    command.add_argument(
        "--drag", action="store_true", help="let the air slow the flight before batteries that intercept below 100 km"
    )


def answer_engage(arguments: argparse.Namespace) -> int:
    """Judge one engagement and explain it."""
    refuse_output(arguments.output)
    scenario = api.load(arguments.scenario)
    found = api.engage(
        scenario,
        arguments.architecture,
        arguments.area,
        arguments.aim,
        arguments.threat,
        loft_deg=arguments.loft_deg,
        year=arguments.year,
        drag=arguments.drag,
        apogee_km=arguments.apogee_km,
    )
    if found.note:
        note(found.note)
    answer = {**found.as_json(), **write_output(found, arguments.output)}
    if arguments.json:
        print_json({**api.provenance(scenario), **answer})
        return 0
    say_flight(answer, arguments.aim, "against")
    if not answer["reachable"]:
        say(f"out of reach: {answer['reason']}")
        return 0
    say(f"flight time {answer['flight_time_s']:.0f} s")
    say("DEFENDED" if answer["defended"] else "NOT DEFENDED")
    _print_radars(answer["radars"])
    _print_batteries(answer["batteries"])
    return 0


def say_flight(answer: dict[str, Any], aim: tuple[float, float], how: str) -> None:
    """Print which flight an answer is about."""
    flight = f"{answer['threat']} from {answer['from']} to {aim[0]:g},{aim[1]:g}"
    say(f"{flight}, {how} {answer['architecture']}")


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
        (
            name,
            item["commit_s"],
            item["shots"],
            _first(item["intercepts"]),
            item["last_intercept_s"],
            item["margin_s"],
            item["margin_km"],
        )
        for name, item in batteries.items()
    ]
    if rows:
        say()
        heads = ("battery", "commit_s", "shots", "first intercept", "last_intercept_s", "margin_s", "margin_km")
        table(heads, rows)
        say()
        for name, item in batteries.items():
            say(f"{name}: {item['explanation']}")


def _first(intercepts: list[dict[str, Any]]) -> str:
    if not intercepts:
        return "none"
    first = intercepts[0]
    return (
        f"at {first['intercept_s']:.0f} s, {cell(float(first['altitude_km']))} km high, "
        f"{cell(float(first['ground_range_km']))} km away"
    )
