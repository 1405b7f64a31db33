"""The command play: one replication of a raid played back, as a page or on a clock."""

from __future__ import annotations

import argparse
from pathlib import Path

from hoplon import api
from hoplon.cli.options import add_decision, add_forms, add_raid, add_replication
from hoplon.cli.output import note, print_json, refuse_unwritable
from hoplon.cli.raid_options import add_command_and_control, add_losses, network_of
from hoplon.errors import InputError


def add_play(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_raid(command)
    add_replication(command)
    add_losses(command)
    add_command_and_control(command)
    add_forms(command)
    add_decision(command)
    endings = ", ".join(api.playback_formats())
    command.add_argument("-o", "--output", metavar="FILE", required=True, help=f"file ending in {endings}")


def answer_play(arguments: argparse.Namespace) -> int:
    """Play one replication back; a raid of which no missile reaches its aim is refused."""
    path, endings = Path(arguments.output), api.playback_formats()
    if path.suffix.lower() not in endings:
        raise InputError(f"{path}: a file ending in {', '.join(endings)} was expected")
    scenario = api.load(arguments.scenario)
    refuse_unwritable(path)
    conditions, links = network_of(arguments)
    found = api.play(
        scenario,
        arguments.architecture,
        arguments.raid,
        path,
        seed=arguments.seed,
        replication=arguments.replication,
        lose=arguments.lose,
        c2=arguments.c2,
        doctrine=arguments.doctrine,
        decision_s=arguments.decision_s,
        links=links,
        **conditions,
    )
    if arguments.json:
        print_json({**api.provenance(scenario, arguments.seed), **found.as_json()})
    else:
        for line in found.refused:
            note(line)
        note(f"{path}: {found.line()}")
    return 0
