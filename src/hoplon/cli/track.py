"""The command track: how well each radar and the sensor network know one flight."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from typing import Any, Final

from hoplon import api
from hoplon.cli.engage import say_flight
from hoplon.cli.options import add_flight, add_year
from hoplon.cli.output import print_json, say, table
from hoplon.cli.values import number, one_of

FUSIONS: Final = ("central", "covariance_intersection", "single_best")
_LINES: Final = 12  # of a printed table; JSON has them all


def add_track(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_flight(command)
    command.add_argument(
        "--lose", type=_loss, metavar="SENSOR@T", action="append", help="switch a sensor off at T s; may be repeated"
    )
    command.add_argument(
        "--fusion",
        type=one_of(FUSIONS),
        metavar=f"{{{','.join(FUSIONS)}}}",
        help="how looks are fused; default: as the architecture's c2 has it",
    )
    command.add_argument(
        "--step-s", type=number(1, 3600, "s"), metavar="N", default=10.0, help="time between samples [s]; default: 10"
    )
    add_year(command)


def _loss(text: str) -> tuple[str, float]:
    name, _, moment = text.rpartition("@")
    try:
        time = float(moment)
    except ValueError:
        time = math.nan
    if not name or not time >= 0.0 or math.isinf(time):
        raise argparse.ArgumentTypeError(f"SENSOR@SECONDS was expected, as forward@300; got {text[:60]!r}")
    return name, time


def answer_track(arguments: argparse.Namespace) -> int:
    """Say who sees a flight when, and how well it is known; never is an answer."""
    scenario = api.load(arguments.scenario)
    answer = api.track(
        scenario,
        arguments.architecture,
        arguments.area,
        arguments.aim,
        arguments.threat,
        loft_deg=arguments.loft_deg,
        year=arguments.year,
        lose=dict(arguments.lose or ()),
        fusion=arguments.fusion,
        step_s=arguments.step_s,
    ).as_json()
    if arguments.json:
        print_json({**api.provenance(scenario), **answer})
        return 0
    say_flight(answer, arguments.aim, "seen by")
    if not answer["reachable"]:
        say(f"out of reach: {answer['reason']}")
        return 0
    say(f"flight time {answer['flight_time_s']:.0f} s, burnout at {answer['burnout_s']:.0f} s")
    if answer["never_seen"]:
        say("no sensor ever sees it")
        return 0
    _print_radars(answer["radars"])
    _print_network(answer["net"], answer["fusion"])
    _print_batteries(answer["batteries"], answer["handover_error_km"])
    return 0


def _print_radars(radars: dict[str, Any]) -> None:
    rows = []
    for name, radar in radars.items():
        last = radar["samples"][-1] if radar["samples"] else {}
        tracks = ", ".join(f"{on:.0f} to {off:.0f}" for on, off in radar["track_s"]) or "never"
        rows.append((name, tracks, radar["firm_s"], last.get("looks", 0), last.get("position_sigma_m")))
    say()
    table(("sensor", "track_s", "firm_s", "looks", "position_sigma_m at impact"), rows)


def _print_network(net: dict[str, Any] | None, fusion: str) -> None:
    say()
    if net is None:
        say("no network: every battery has its own radars alone")
        return
    say(f"the sensor network, fusion {fusion}; one-sigma impact ellipse")
    rows = []
    for sample in _thinned(net["samples"]):
        ellipse = sample["impact_ellipse"] or {}
        rows.append(
            (
                *(sample[key] for key in ("time_s", "looks", "position_sigma_m", "velocity_sigma_m_s")),
                *(ellipse.get(key) for key in ("semi_major_km", "semi_minor_km", "azimuth_deg")),
            )
        )
    head = ("time_s", "looks", "position_sigma_m", "velocity_sigma_m_s")
    table((*head, "semi_major_km", "semi_minor_km", "azimuth_deg"), rows)


def _print_batteries(batteries: dict[str, Any], limit: float | None) -> None:
    rows = [
        (name, candidate["intercept_s"], candidate["looks"], candidate["pip_sigma_m"])
        for name, candidates in batteries.items()
        for candidate in _thinned(candidates)
    ]
    if rows:
        say()
        say("predicted-intercept error" + ("" if limit is None else f"; handover allows {limit:g} km"))
        table(("battery", "intercept_s", "looks", "pip_sigma_m"), rows)


def _thinned(samples: Sequence[Any]) -> Sequence[Any]:
    """Return no more samples than a table has lines, the first and the last among them."""
    if len(samples) <= _LINES:
        return samples
    return [samples[round(index * (len(samples) - 1) / (_LINES - 1))] for index in range(_LINES)]
