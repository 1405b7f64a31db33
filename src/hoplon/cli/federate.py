"""The command federate: a raid with every element its own process, over ZeroMQ."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from hoplon.cli.output import note, print_json, provenance, say, table
from hoplon.cli.values import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from hoplon.backbone.federation.manager import Manager
    from hoplon.cli.arguments import Parser


def register(command: Callable[[str, str, str], Parser]) -> None:
    """Add the command and its options; ``command`` takes a name, a module and a summary, and returns a parser."""
    parser = command("federate", "federate", "a raid with every element its own process, and the same log as in one")
    parser.set_defaults(run=lambda: answer_federate)
    parser.add_argument("scenario", metavar="SCENARIO", help="a scenario file, or the name of a bundled scenario")
    parser.add_argument("--architecture", metavar="A", required=True, help="an architecture of the scenario")
    parser.add_argument("--raid", metavar="R", required=True, help="a raid of the scenario")
    parser.add_argument("--c2", metavar="FORM", help="organic, hub, hub_hot, hub_cold, regional or mesh")
    parser.add_argument(
        "--doctrine", metavar="D", help="single, salvo-N, shoot-look-shoot, salvo-look-salvo; default: the scenario's"
    )
    parser.add_argument("--lose", metavar="ELEMENT@T", action="append", default=[], help="as in the command raid")
    parser.add_argument("--seed", type=int, metavar="K", default=1, help="default: 1")
    parser.add_argument("--replication", type=int, metavar="N", default=0, help="default: 0, the first of a raid")
    parser.add_argument(
        "--pace", type=number(1e-3, 1e6, "simulated seconds a second"), metavar="X",
        help="1 is real time; as fast as it goes when left out",
    )  # fmt: skip
    parser.add_argument(
        "--patience-s", type=number(0.01, 3600, "s"), metavar="S", default=10.0,
        help="how long an element may be silent before it is lost; default: 10",
    )  # fmt: skip
    parser.add_argument(
        "--bind", type=_address, metavar="tcp://ADDRESS:PORT",
        help="where the elements reach the time manager; default: this machine alone, a free port",
    )  # fmt: skip


def _address(text: str) -> str:
    if not re.fullmatch(r"tcp://[^\s/]+:([0-9]{1,5}|\*)", text):
        raise argparse.ArgumentTypeError(f"tcp://ADDRESS:PORT was expected, got {text[:60]}")
    return text


def answer_federate(arguments: argparse.Namespace) -> int:
    """Run one replication over many processes; a log that differs from that of one process is a failed check."""
    from hoplon.scenario.load import load_scenario

    scenario = load_scenario(arguments.scenario)
    from hoplon.backbone.federation.manager import LOOPBACK
    from hoplon.study import federation
    from hoplon.study.raid import set_up

    setup = set_up(
        scenario,
        arguments.architecture,
        arguments.raid,
        losses=arguments.lose,
        doctrine=arguments.doctrine,
        c2=arguments.c2,
    )

    def watch(manager: Manager, window: int) -> None:
        if window == 0 and arguments.pace is not None:
            note(f"time manager at {manager.address}")
            for element, process in sorted(manager.processes.items()):
                note(f"process {process}: {setup.names[element]}")

    answer = federation.federate(
        setup,
        arguments.seed,
        arguments.replication,
        pace=arguments.pace,
        bind=arguments.bind or LOOPBACK,
        patience=arguments.patience_s,
        watch=watch,
    )
    found = answer.as_json()
    if arguments.json:
        print_json({**provenance(scenario, arguments.seed), **found})
    else:
        _print(found)
    return 0 if answer.same else 1


def _print(found: dict[str, Any]) -> None:
    names = ("processes", "events", "windows", "records", "dropped", "leakers", "shots")
    table(names, [tuple(found[name] for name in names)])
    for lost in found["lost"]:
        when = "; it flies on" if lost["time_s"] is None else f" at {lost['time_s']:.3f} s"
        say(f"missed: {lost['element']}{when}")
    say(f"digest of the log {found['digest']}")
    say(f"in one process    {found['digest_in_one_process']}: {'the same' if found['same'] else 'DIFFERENT'}")
