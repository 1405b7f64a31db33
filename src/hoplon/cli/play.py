"""The command play: one replication of a raid told again, as a page or on a clock."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from hoplon.cli.output import note, print_json, provenance, refuse_unwritable
from hoplon.cli.raid_options import add_command_and_control, add_losses, network_of
from hoplon.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hoplon.cli.arguments import Parser

_ENDINGS = (".html", ".czml", ".kml", ".parquet")


def register(add: Callable[[str, str, str], Parser]) -> None:
    """Add the command with its options.

    Parameters
    ----------
    add : callable
        Adds a command by name, module and summary, and returns its parser.
    """
    command = add("play", "play", "one replication of a raid told again: after-action page, CZML, KML, event log")
    command.add_argument("scenario", metavar="SCENARIO", help="a scenario file, or the name of a bundled scenario")
    command.add_argument("--architecture", metavar="A", required=True, help="an architecture of the scenario")
    command.add_argument("--raid", metavar="R", required=True, help="a raid of the scenario")
    command.add_argument("--seed", type=int, metavar="K", default=1, help="default: 1")
    command.add_argument("--replication", type=int, metavar="N", default=0, help="which replication; default: 0")
    add_losses(command)
    add_command_and_control(command)
    command.add_argument("--c2", metavar="FORM", help="organic, hub, hub_hot, hub_cold, regional or mesh")
    command.add_argument("--doctrine", metavar="D", help="as of the command raid")
    command.add_argument("--decision-s", type=float, metavar="S", help="time to decide in place of the scenario's")
    command.add_argument("-o", "--output", metavar="FILE", required=True, help=f"file ending in {', '.join(_ENDINGS)}")


def answer_play(arguments: argparse.Namespace) -> int:
    """Tell one replication; a raid of which no missile reaches its aim is refused."""
    from hoplon.scenario.load import load_scenario

    path = Path(arguments.output)
    ending = path.suffix.lower()
    if ending not in _ENDINGS:
        raise InputError(f"{path}: a file ending in {', '.join(_ENDINGS)} was expected")
    scenario = load_scenario(arguments.scenario)
    refuse_unwritable(path)
    from hoplon.analysis.raid.playback import play
    from hoplon.analysis.raid.setup import set_up, write_log
    from hoplon.backbone.doctrine import Conditions
    from hoplon.files import write_text

    whole, links = network_of(arguments)
    setup = set_up(
        scenario,
        arguments.architecture,
        arguments.raid,
        losses=arguments.lose,
        doctrine=arguments.doctrine,
        c2=arguments.c2,
        decision_s=arguments.decision_s,
        conditions=Conditions(**whole),
        links=links,
    )
    played = play(setup, arguments.seed, arguments.replication)
    if ending == ".parquet":
        write_log(setup, arguments.seed, path, arguments.replication)
    elif ending == ".html":
        from hoplon.report.after_action import after_action_page

        write_text(path, after_action_page(played, scenario.name, scenario.sha256))
    else:
        from hoplon.report import playback_files

        told = playback_files.playback_czml if ending == ".czml" else playback_files.playback_kml
        write_text(path, told(setup, played, scenario.architecture(arguments.architecture).elements))
    found = {
        "architecture": played.architecture,
        "raid": played.raid,
        "c2": played.c2,
        "replication": played.replication,
        "threats": len(played.threats),
        "leakers": played.leakers,
        "shots": played.shots,
        "events": played.events,
        "refused": list(setup.flights.refused),
        "notes": list(setup.notes),
        "path": str(path),
    }
    if arguments.json:
        print_json({**provenance(scenario, arguments.seed), **found})
    else:
        note(f"{path}: {found['threats']} threats, {found['leakers']} leaked, {found['shots']} interceptors launched")
    return 0
