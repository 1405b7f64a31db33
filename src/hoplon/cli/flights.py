"""Commands about one flight: trajectory, flyout."""

from __future__ import annotations

import argparse
from typing import Any

from hoplon.cli.output import cell, print_json, provenance, say, table
from hoplon.cli.scenarios import DEFAULT_SCENARIO
from hoplon.errors import UsageError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario, Threat, known_name

_BY_NUMBERS = ("burn_time_s", "burnout_altitude_km", "burnout_ground_range_km")


def answer_trajectory(arguments: argparse.Namespace) -> int:
    """Compute one threat flight; an aim out of reach is an answer."""
    scenario, threat = _threat_class(arguments)
    from hoplon import api

    flown = {key: getattr(arguments if threat is None else threat, key) for key in _BY_NUMBERS}
    answer = api.trajectory(
        launch=arguments.launch,
        aim=arguments.aim,
        **{key: float(value) for key, value in flown.items()},
        loft_deg=arguments.loft_deg,
        step_s=arguments.step_s,
    ).as_json()
    if threat is not None:
        answer = _within_reach(answer, threat)
    if arguments.json:
        print_json({**provenance(scenario), **answer})
        return 0
    if not answer.get("reachable", True):
        say(f"out of reach: {answer.get('reason')}")
    table(("quantity", "value"), [(key, value) for key, value in answer.items() if _single(value)])
    if answer.get("samples"):
        say()
        table(("t_s", "latitude_deg", "longitude_deg", "altitude_km"), answer["samples"])
    return 0


def _single(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _threat_class(arguments: argparse.Namespace) -> tuple[Scenario | None, Threat | None]:
    """Return the class that the options name, or neither when they give its numbers."""
    given = [key for key in _BY_NUMBERS if getattr(arguments, key) is not None]
    options = ", ".join(f"--{key.replace('_', '-')}" for key in _BY_NUMBERS)
    if arguments.threat is not None:
        if given:
            raise UsageError(f"trajectory: either --threat, or {options}; not both")
        scenario = load_scenario(arguments.scenario or DEFAULT_SCENARIO)
        return scenario, scenario.threats[known_name("threat", arguments.threat, scenario.threats)]
    if arguments.scenario is not None:
        raise UsageError("trajectory: --scenario needs --threat, a class of that scenario")
    if len(given) < len(_BY_NUMBERS):
        raise UsageError(f"trajectory: --threat T (of --scenario S), or all of {options}, was expected")
    return None, None


def _within_reach(answer: dict[str, Any], threat: Threat) -> dict[str, Any]:
    """Judge a flight by the reach of its class."""
    distance, least, most = answer.get("ground_range_km"), float(threat.min_range_km), float(threat.max_range_km)
    if distance is None or least <= distance <= most:
        return answer
    reason = f"{distance:.0f} km is outside the reach of the class, {least:g} to {most:g} km"
    return {**answer, "reachable": False, "reason": reason}


def answer_flyout(arguments: argparse.Namespace) -> int:
    """Compute the least fly-out time; null when no flight passes the point."""
    from hoplon import api

    asked = {
        "burnout_speed_km_s": arguments.burnout_speed_km_s,
        "burn_time_s": arguments.burn_time_s,
        "ground_range_km": arguments.ground_range_km,
        "altitude_km": arguments.altitude_km,
        "min_elevation_deg": arguments.min_elevation_deg,
    }
    time = api.flyout(**asked)
    if arguments.json:
        print_json({**provenance(), **asked, "time_s": time})
    elif time is None:
        say("no flight passes that ground range and altitude")
    else:
        say(f"least fly-out time {cell(float(time))} s")
    return 0
