"""Commands about areas: footprint, denied."""

from __future__ import annotations

import argparse
from typing import Any

from hoplon import api
from hoplon.cli.options import add_aim, add_architecture, add_area, add_file, add_threat
from hoplon.cli.output import print_json, refuse_output, say, write_output


def add_footprint(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_architecture(command)
    command.add_argument("--battery", metavar="B", required=True, help="a battery of the architecture")
    add_threat(command)
    add_area(command)
    add_file(command)


def answer_footprint(arguments: argparse.Namespace) -> int:
    """Outline the area that one battery defends."""
    refuse_output(arguments.output)
    scenario = api.load(arguments.scenario)
    area = api.footprint(scenario, arguments.architecture, arguments.battery, arguments.threat, arguments.area)
    found = {**area.as_json(), **write_output(area, arguments.output)}
    asked = found["properties"]
    title = f"{asked['battery']} defends against {asked['threat']} from {asked['from']}"
    return _print_polygon(arguments, api.provenance(scenario), found, title)


def add_denied(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_architecture(command)
    add_aim(command)
    add_threat(command)
    add_file(command)


def answer_denied(arguments: argparse.Namespace) -> int:
    """Outline the launch points against which an aim point is defended."""
    refuse_output(arguments.output)
    scenario = api.load(arguments.scenario)
    area = api.denied(scenario, arguments.architecture, arguments.aim, arguments.threat)
    found = {**area.as_json(), **write_output(area, arguments.output)}
    latitude, longitude = arguments.aim
    asked = found["properties"]
    title = f"{asked['architecture']} denies {asked['threat']} launches at {latitude:g},{longitude:g} from"
    return _print_polygon(arguments, api.provenance(scenario), found, title)


def _print_polygon(
    arguments: argparse.Namespace, provenance: dict[str, Any], answer: dict[str, Any], title: str
) -> int:
    if arguments.json:
        print_json({**provenance, **answer})
    else:
        say(f"{title}: {answer['area_km2']:,.0f} km2")
        reason = answer["properties"]["reason"]
        say("--json prints the outline as GeoJSON." if reason is None else f"nothing to defend against: {reason}")
    return 0
