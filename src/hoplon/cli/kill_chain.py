"""The command kill-chain: what one shot is worth, factor by factor, and who tells the warhead apart."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from hoplon.cli.output import cell, print_json, provenance, say, table
from hoplon.cli.values import number, place

Command = Callable[[str, str, str], argparse.ArgumentParser]


def register(command: Command) -> None:
    """Add the command and its options; ``command`` takes a name, a module and a summary, and returns a parser."""
    parser = command(
        "kill-chain", "kill_chain", "what one shot is worth, factor by factor, and who tells the warhead apart"
    )
    parser.set_defaults(run=lambda: answer_kill_chain)
    parser.add_argument("scenario", metavar="SCENARIO", help="a scenario file, or the name of a bundled scenario")
    parser.add_argument("--architecture", metavar="A", required=True, help="an architecture of the scenario")
    parser.add_argument("--from", dest="area", metavar="AREA", required=True, help="a launch area of the scenario")
    parser.add_argument("--aim", type=place("--aim"), metavar="LAT,LON", required=True)
    parser.add_argument("--threat", metavar="T", required=True, help="a threat class of the scenario")
    parser.add_argument("--loft-deg", type=number(-90, 90, "degrees"), metavar="D", default=0.0, help="default: 0")
    parser.add_argument(
        "--objects", type=_objects, metavar="N", help="warhead and look-alikes, in place of the class's own number"
    )
    parser.add_argument(
        "--pip-sigma-m",
        type=number(0, 1e6, "m"),
        metavar="M",
        help="error of the predicted intercept point, in place of the one that the track gives",
    )
    parser.add_argument(
        "--level",
        choices=("low", "base", "high"),
        default="base",
        help="every factor at the bound worse for the defence (low), as stated, or at the better one; default: base",
    )


def _objects(text: str) -> int:
    value = number(1, 1_000_000, "objects")(text)
    if value != int(value):
        raise argparse.ArgumentTypeError(f"a whole number was expected, got {text[:60]}")
    return int(value)


def answer_kill_chain(arguments: argparse.Namespace) -> int:
    """Judge one engagement and print each factor."""
    from hoplon.scenario.load import load_scenario
    from hoplon.scenario.model import known_name

    scenario = load_scenario(arguments.scenario)
    architecture = known_name("architecture", arguments.architecture, scenario.architectures)
    area = known_name("launch area", arguments.area, scenario.launch_areas)
    threat = known_name("threat", arguments.threat, scenario.threats)
    from hoplon.analysis.kill_chain import kill_chains

    answer = kill_chains(
        scenario,
        architecture,
        area,
        arguments.aim,
        threat,
        loft_deg=arguments.loft_deg,
        objects=arguments.objects,
        pip_sigma_m=arguments.pip_sigma_m,
        level=arguments.level,
    ).as_json()
    if arguments.json:
        print_json({**provenance(scenario), **answer})
        return 0
    latitude, longitude = arguments.aim
    say(f"{threat} from {area} to {latitude:g},{longitude:g}, against {architecture}")
    if not answer["reachable"]:
        say(f"out of reach: {answer['reason']}")
        return 0
    say(f"{answer['objects']} objects that look alike; every factor is an assumption of the scenario")
    _print_factors(answer["batteries"])
    _print_selection(answer["batteries"])
    return 0


def _print_factors(batteries: dict[str, Any]) -> None:
    head = ("battery", "reliability", "handover", "selection", "hit", "one shot", "shots", "all shots", "remark")
    rows = [
        (
            name,
            chain["reliability"],
            chain["handover"] and chain["handover"]["probability"],
            chain["selection"] and chain["selection"]["probability"],
            chain["hit"],
            chain["single_shot_kill_probability"],
            chain["shots"],
            chain["kill_probability"],
            chain["reason"] or ("fixed in the scenario" if chain["fixed"] else _handover(chain["handover"])),
        )
        for name, chain in batteries.items()
    ]
    if rows:
        say()
        table(head, rows)


def _handover(handover: dict[str, Any]) -> str:
    sigma, radius = cell(float(handover["pip_sigma_m"])), cell(float(handover["radius_km"]))
    return f"error {sigma} m within {radius} km ({handover['bound_by']})"


def _print_selection(batteries: dict[str, Any]) -> None:
    rows = [
        (name, chain["selection"]["done_by"], *_chances(chain["selection"]), _radars(chain["selection"]["radars"]))
        for name, chain in batteries.items()
        if chain["selection"] is not None
    ]
    if rows:
        say()
        head = ("battery", "selected by", "all", "radars alone", "seeker alone", "by chance", "at launch", "radars")
        table(head, rows)


def _chances(selection: dict[str, Any]) -> list[float]:
    return [selection[key] for key in ("probability", "radars_alone", "seeker_alone", "by_chance", "at_launch")]


def _radars(radars: dict[str, Any]) -> str:
    return (
        ", ".join(
            f"{name} (d' {cell(float(radar['separation']))}, from {cell(float(radar['discriminates_s']))} s)"
            for name, radar in radars.items()
        )
        or "none"
    )
