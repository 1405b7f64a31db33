"""Commands about one flight: trajectory, flyout."""

from __future__ import annotations

import argparse
from typing import Any

from hoplon import api
from hoplon.cli.options import add_aim, add_file, add_way
from hoplon.cli.output import cell, note, print_json, refuse_output, say, table, write_output
from hoplon.cli.values import number, place
from hoplon.errors import UsageError

_BY_NUMBERS = ("burn_time_s", "burnout_altitude_km", "burnout_ground_range_km")


def add_trajectory(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    command.add_argument(
        "--launch", type=place("--launch"), metavar="LAT,LON", required=True, help="degrees north and east"
    )
    add_aim(command)
    by_class = command.add_argument_group("a class of a scenario")
    by_class.add_argument("--scenario", metavar="S", help=f"default: {api.DEFAULT_SCENARIO}")
    by_class.add_argument("--threat", metavar="T", help="a threat class of the scenario")
    by_numbers = command.add_argument_group("or a class of your own")
    by_numbers.add_argument("--burn-time-s", type=number(1, 1000, "s"), metavar="S", help="ignition to burnout [s]")
    by_numbers.add_argument(
        "--burnout-altitude-km", type=number(1, 1000, "km"), metavar="KM", help="altitude at burnout [km]"
    )
    by_numbers.add_argument(
        "--burnout-ground-range-km",
        type=number(0, 5000, "km"),
        metavar="KM",
        help="ground distance covered at burnout [km]",
    )
    add_way(command)
    command.add_argument(
        "--step-s", type=number(0.1, 3600, "s"), metavar="N", default=10.0, help="time between samples [s]; default: 10"
    )
    add_file(command)


def answer_trajectory(arguments: argparse.Namespace) -> int:
    """Compute one threat flight; an aim out of reach is an answer."""
    _refuse_mixed(arguments)
    refuse_output(arguments.output)
    scenario = None
    asked: dict[str, Any] = {key: getattr(arguments, key) for key in _BY_NUMBERS}
    if arguments.threat is not None:
        scenario = api.load(arguments.scenario or api.DEFAULT_SCENARIO)
        asked = {"scenario": scenario, "threat": arguments.threat}
    found = api.trajectory(
        arguments.launch,
        arguments.aim,
        **asked,
        loft_deg=arguments.loft_deg,
        apogee_km=arguments.apogee_km,
        step_s=arguments.step_s,
    )
    if found.note:
        note(found.note)
    answer = {**found.as_json(), **write_output(found, arguments.output)}
    if arguments.json:
        print_json({**api.provenance(scenario), **answer})
        return 0
    if not answer["reachable"]:
        say(f"out of reach: {answer['reason']}")
    table(("quantity", "value"), [(key, value) for key, value in answer.items() if _single(value)])
    if answer["samples"]:
        say()
        table(("t_s", "latitude_deg", "longitude_deg", "altitude_km"), answer["samples"])
    return 0


def _single(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _refuse_mixed(arguments: argparse.Namespace) -> None:
    """Refuse a class of a scenario beside the numbers of another, and half of either."""
    given = [key for key in _BY_NUMBERS if getattr(arguments, key) is not None]
    options = ", ".join(f"--{key.replace('_', '-')}" for key in _BY_NUMBERS)
    if arguments.threat is not None:
        if given:
            raise UsageError(f"trajectory: either --threat, or {options}; not both")
    elif arguments.scenario is not None:
        raise UsageError("trajectory: --scenario needs --threat, a class of that scenario")
    elif len(given) < len(_BY_NUMBERS):
        raise UsageError(f"trajectory: --threat T (of --scenario S), or all of {options}, was expected")


def add_flyout(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    command.add_argument(
        "--burnout-speed-km-s", type=number(0.1, 11, "km/s"), metavar="V", required=True, help="speed at burnout [km/s]"
    )
    command.add_argument(
        "--burn-time-s", type=number(0.1, 1000, "s"), metavar="T", required=True, help="launch to burnout [s]"
    )
    command.add_argument(
        "--ground-range-km",
        type=number(0, 20_015, "km"),
        metavar="X",
        required=True,
        help="of the point, from the launcher [km]",
    )
    command.add_argument(
        "--altitude-km", type=number(0, 20_000, "km"), metavar="H", required=True, help="of the point [km]"
    )
    command.add_argument(
        "--min-elevation-deg",
        type=number(0, 90, "degrees"),
        metavar="E",
        default=15.0,
        help="least elevation of the boost [degrees]; default: 15",
    )
    command.add_argument(
        "--min-burnout-speed-km-s",
        type=number(0.05, 11, "km/s"),
        metavar="V0",
        help="down to which it may give up speed; default: 1, or the burnout speed where that is less",
    )


def answer_flyout(arguments: argparse.Namespace) -> int:
    """Compute the least fly-out time; null when no flight passes the point."""
    found = api.flyout(
        burnout_speed_km_s=arguments.burnout_speed_km_s,
        burn_time_s=arguments.burn_time_s,
        ground_range_km=arguments.ground_range_km,
        altitude_km=arguments.altitude_km,
        min_elevation_deg=arguments.min_elevation_deg,
        min_burnout_speed_km_s=arguments.min_burnout_speed_km_s,
    )
    if arguments.json:
        print_json({**api.provenance(), **found.as_json()})
    elif found.time_s is None:
        say("no flight passes that ground range and altitude")
    else:
        say(f"least fly-out time {cell(float(found.time_s))} s")
    return 0
