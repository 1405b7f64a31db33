"""The command track: how well each radar and the net know one flight."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from hoplon.cli.output import print_json, provenance, say, table
from hoplon.cli.values import number, place, year

if TYPE_CHECKING:
    from hoplon.cli.arguments import Parser

FUSIONS: Final = ("central", "covariance_intersection", "single_best")
_LINES: Final = 12  # of a printed table; JSON has them all


def add_track(command: Callable[[str, str, str], Parser]) -> None:
    """Add the command to the command line."""
    added = command("track", "track", "how early and how well each radar, and the net, know one flight")
    added.add_argument("scenario", metavar="SCENARIO", help="a scenario file, or the name of a bundled scenario")
    added.add_argument("--architecture", metavar="A", required=True, help="an architecture of the scenario")
    added.add_argument("--from", dest="area", metavar="AREA", required=True, help="a launch area of the scenario")
    added.add_argument("--aim", type=place("--aim"), metavar="LAT,LON", required=True)
    added.add_argument("--threat", metavar="T", required=True, help="a threat class of the scenario")
    added.add_argument(
        "--lose", type=_loss, metavar="RADAR@T", action="append", help="switch a radar off at T s; may be repeated"
    )
    added.add_argument("--fusion", choices=FUSIONS, help="default: as the architecture's c2 has it")
    added.add_argument("--loft-deg", type=number(-90, 90, "degrees"), metavar="D", default=0.0, help="default: 0")
    added.add_argument("--step-s", type=number(1, 3600, "s"), metavar="N", default=10.0, help="default: 10")
    added.add_argument("--year", type=year, metavar="Y", help="judge in this year instead of the scenario's own")


def _loss(text: str) -> tuple[str, float]:
    name, _, moment = text.rpartition("@")
    try:
        time = float(moment)
    except ValueError:
        time = math.nan
    if not name or not time >= 0.0 or math.isinf(time):
        raise argparse.ArgumentTypeError(f"RADAR@SECONDS was expected, as forward@300; got {text[:60]!r}")
    return name, time


def answer_track(arguments: argparse.Namespace) -> int:
    """Say who sees a flight when, and how well it is known; never is an answer."""
    from hoplon.scenario.load import load_scenario
    from hoplon.scenario.model import known_name

    scenario = load_scenario(arguments.scenario)
    architecture = known_name("architecture", arguments.architecture, scenario.architectures)
    area = known_name("launch area", arguments.area, scenario.launch_areas)
    threat = known_name("threat", arguments.threat, scenario.threats)
    from hoplon.analysis.track import track

    answer = track(
        scenario,
        architecture,
        area,
        arguments.aim,
        threat,
        loft_deg=arguments.loft_deg,
        year=arguments.year,
        lose=dict(arguments.lose or ()),
        fusion=arguments.fusion,
        step_s=arguments.step_s,
    ).as_json()
    if arguments.json:
        print_json({**provenance(scenario), **answer})
        return 0
    latitude, longitude = arguments.aim
    say(f"{threat} from {area} to {latitude:g},{longitude:g}, seen by {architecture}")
    if not answer["reachable"]:
        say(f"out of reach: {answer['reason']}")
        return 0
    say(f"flight time {answer['flight_time_s']:.0f} s, burnout at {answer['burnout_s']:.0f} s")
    if answer["never_seen"]:
        say("no radar ever sees it")
        return 0
    _print_radars(answer["radars"])
    _print_net(answer["net"], answer["fusion"])
    _print_batteries(answer["batteries"], answer["handover_error_km"])
    return 0


def _print_radars(radars: dict[str, Any]) -> None:
    rows = []
    for name, radar in radars.items():
        last = radar["samples"][-1] if radar["samples"] else {}
        tracks = ", ".join(f"{on:.0f} to {off:.0f}" for on, off in radar["track_s"]) or "never"
        rows.append((name, tracks, radar["firm_s"], last.get("looks", 0), last.get("position_sigma_m")))
    say()
    table(("radar", "track_s", "firm_s", "looks", "position_sigma_m at impact"), rows)


def _print_net(net: dict[str, Any] | None, fusion: str) -> None:
    say()
    if net is None:
        say("no network: every battery has its own radars alone")
        return
    say(f"the net, fusion {fusion}; one-sigma impact ellipse")
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
