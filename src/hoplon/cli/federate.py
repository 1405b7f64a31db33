"""The command federate: a raid with every element its own process, over ZeroMQ."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoplon.cli.output import note, print_json, provenance, say, table
from hoplon.cli.raid_options import add_command_and_control, add_losses, network_of
from hoplon.cli.values import number
from hoplon.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hoplon.analysis.raid.setup import RaidSetup
    from hoplon.backbone.federation.manager import Manager
    from hoplon.cli.arguments import Parser
    from hoplon.scenario.model import Scenario


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
    add_losses(parser)
    add_command_and_control(parser)
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
    elsewhere = parser.add_argument_group("elements on other hosts")
    elsewhere.add_argument(
        "--remote", metavar="ELEMENT", action="append", default=[],
        help="begin no process for it: it joins from elsewhere; may be repeated",
    )  # fmt: skip
    elsewhere.add_argument(
        "--join", type=_address, metavar="tcp://ADDRESS:PORT", help="be one element of a run begun elsewhere"
    )
    elsewhere.add_argument("--element", metavar="ELEMENT", help="with --join: which one")
    elsewhere.add_argument(
        "--token-file", type=Path, metavar="FILE",
        help="what lets an element in, the same on both sides; with --remote a new one is made if there is none",
    )  # fmt: skip
    elsewhere.add_argument(
        "--wait-s", type=number(0.01, 86_400, "s"), metavar="S", default=300.0,
        help="how long one side waits for the other; default: 300",
    )  # fmt: skip


def _address(text: str) -> str:
    found = re.fullmatch(r"tcp://[^\s/]+:(?:([0-9]{1,5})|\*)", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"tcp://ADDRESS:PORT was expected, got {text[:60]}")
    if found[1] is not None and int(found[1]) > 65_535:
        raise argparse.ArgumentTypeError(f"a port of at most 65535 was expected, got {found[1]}")
    return text


def _refuse_mixed(arguments: argparse.Namespace) -> None:
    """Refuse options of the one side on the other."""
    if arguments.join is None:
        if arguments.element is not None:
            raise UsageError("--element goes with --join; an element that joins from elsewhere is named by --remote")
        if bool(arguments.remote) != (arguments.token_file is not None):
            raise UsageError("--remote and --token-file go together: the token lets the element in")
        return
    if arguments.element is None or arguments.token_file is None:
        raise UsageError("--join needs --element and --token-file: who joins, and what lets it in")
    for option in ("bind", "remote", "pace"):
        if getattr(arguments, option):
            raise UsageError(f"--{option} is the time manager's; it does not go with --join")


def answer_federate(arguments: argparse.Namespace) -> int:
    """Run one replication over many processes; a log that differs from that of one process is a failed check."""
    _refuse_mixed(arguments)
    from hoplon.scenario.load import load_scenario

    scenario = load_scenario(arguments.scenario)
    from hoplon.analysis.raid import federation
    from hoplon.analysis.raid.setup import set_up
    from hoplon.backbone.doctrine import Conditions
    from hoplon.backbone.federation.manager import LOOPBACK

    whole, links = network_of(arguments)
    setup = set_up(
        scenario,
        arguments.architecture,
        arguments.raid,
        losses=arguments.lose,
        doctrine=arguments.doctrine,
        c2=arguments.c2,
        conditions=Conditions(**whole),
        links=links,
    )
    if arguments.join is not None:
        return _join(arguments, scenario, setup)
    token = federation.token_of(arguments.token_file, made=True) if arguments.remote else b""

    def watch(manager: Manager, window: int) -> None:
        if window == -1 and arguments.remote:
            note(f"time manager at {manager.address}; waits for {', '.join(arguments.remote)}")
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
        remote=arguments.remote,
        token=token,
        patience_to_join=arguments.wait_s,
    )
    found = answer.as_json()
    if arguments.json:
        print_json({**provenance(scenario, arguments.seed), **found})
    else:
        _print(found)
    return 0 if answer.same else 1


def _join(arguments: argparse.Namespace, scenario: Scenario, setup: RaidSetup) -> int:
    """Be one element of a run whose time manager is elsewhere."""
    from hoplon.analysis.raid import federation

    token = federation.token_of(arguments.token_file)
    note(f"{arguments.element} joins {arguments.join}")
    handled, dropped = federation.join_federation(setup, arguments.element, arguments.join, token, arguments.wait_s)
    if arguments.json:
        found = {"element": arguments.element, "events": handled, "dropped": dropped}
        print_json({**provenance(scenario), **found})
    else:
        say(f"{arguments.element}: {handled} events handled, {dropped} messages dropped; the raid is over")
    return 0


def _print(found: dict[str, Any]) -> None:
    names = ("processes", "events", "windows", "records", "dropped", "leakers", "shots")
    table(names, [tuple(found[name] for name in names)])
    for lost in found["lost"]:
        when = "; it flies on" if lost["time_s"] is None else f" at {lost['time_s']:.3f} s"
        say(f"missed: {lost['element']}{when}")
    say(f"digest of the log {found['digest']}")
    say(f"in one process    {found['digest_in_one_process']}: {'the same' if found['same'] else 'DIFFERENT'}")
