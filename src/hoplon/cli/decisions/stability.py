"""The command stability: which of a third party's strategic trajectories an architecture could engage."""

from __future__ import annotations

import argparse

from hoplon import api
from hoplon.cli.options import add_scenario
from hoplon.cli.output import cell, percent, print_json, say, shown_progress, table
from hoplon.cli.values import number


def add_stability(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_scenario(command)
    command.add_argument(
        "--architecture",
        metavar="A",
        action="append",
        help="an architecture of the scenario; may be repeated; default: those of questions.Q12",
    )
    command.add_argument(
        "--speed-km-s",
        type=number(0.1, 15.0, "km/s"),
        metavar="V",
        action="append",
        help="burnout speed that every interceptor is given; may be repeated; default: 3, 3.5, .., 9",
    )
    command.add_argument(
        "--trajectory", metavar="NAME", action="append", help="only this strategic trajectory; may be repeated"
    )


def answer_stability(arguments: argparse.Namespace) -> int:
    """Say which strategic trajectories are engaged, at the scenario's own speeds and by burnout speed."""
    scenario = api.load(arguments.scenario)
    with shown_progress() as progress:
        found = api.stability(
            scenario,
            arguments.architecture,
            speeds_km_s=arguments.speed_km_s,
            trajectories=arguments.trajectory,
            progress=progress,
        )
    if arguments.json:
        print_json({**api.provenance(scenario), **found.as_json()})
        return 0
    for place, answer in enumerate(found.answers):
        if place:
            say()
        say(answer.line())
        rows = [
            (
                "as stated",
                *(
                    f"{percent(stated.engaged.share)} ({percent(stated.low)} to {percent(stated.high)})"
                    for stated in answer.stated.values()
                ),
            )
        ]
        rows += [
            (f"{speed:g} km/s", *(percent(share.share) for share in by_view.values()))
            for speed, by_view in answer.speeds.items()
        ]
        table(("burnout speed", "engaged, judged", "engaged, kinematic"), rows)
        first = ", ".join(
            f"{view}: " + ("none up to 10.95 km/s" if speed is None else f"{speed:g} km/s")
            for view, speed in answer.first_speed_km_s.items()
        )
        say(f"least burnout speed with any engaged: {first}")
        if answer.engaged:
            say()
            heads = ("trajectory", "battery", "first intercept, s", "altitude, km", "slack, s", "crossing angle, deg")
            table(heads, [tuple(cell(value) for value in vars(item).values()) for item in answer.engaged])
        if answer.binding:
            say()
            table(
                ("not engaged", "because", "in words"),
                [(name, cause, answer.explanations[name]) for name, cause in answer.binding.items()],
            )
    return 0
