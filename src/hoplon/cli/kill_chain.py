"""The command kill-chain: what one shot is worth, factor by factor, and which sensor discriminates the warhead."""

from __future__ import annotations

import argparse
from typing import Any

from hoplon import api
from hoplon.cli.engage import say_flight
from hoplon.cli.options import add_flight
from hoplon.cli.output import cell, print_json, say, table
from hoplon.cli.values import number, one_of, whole


def add_kill_chain(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_flight(command, apogee=True)
    command.add_argument(
        "--objects",
        type=whole(1, 1_000_000),
        metavar="N",
        help="warhead and look-alikes, in place of the class's own number",
    )
    command.add_argument(
        "--pip-sigma-m",
        type=number(0, 1e6, "m"),
        metavar="M",
        help="error of the predicted intercept point, in place of the one that the track gives",
    )
    command.add_argument(
        "--level",
        type=one_of(api.LEVELS),
        metavar="{low,base,high}",
        default="base",
        help="kill probability: every factor of it at the bound worse for the defence (low), as stated, or at the "
        "better one; default: base",
    )


def answer_kill_chain(arguments: argparse.Namespace) -> int:
    """Judge one engagement and print each factor."""
    scenario = api.load(arguments.scenario)
    answer = api.kill_chain(
        scenario,
        arguments.architecture,
        arguments.area,
        arguments.aim,
        arguments.threat,
        loft_deg=arguments.loft_deg,
        apogee_km=arguments.apogee_km,
        objects=arguments.objects,
        pip_sigma_m=arguments.pip_sigma_m,
        level=arguments.level,
    ).as_json()
    if arguments.json:
        print_json({**api.provenance(scenario), **answer})
        return 0
    say_flight(answer, arguments.aim, "against")
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
