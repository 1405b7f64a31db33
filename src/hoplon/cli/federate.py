"""The command federate: a raid with every element its own process, over ZeroMQ."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from hoplon import api
from hoplon.cli.options import add_forms, add_raid, add_replication
from hoplon.cli.output import note, print_json, say, table
from hoplon.cli.raid_options import add_command_and_control, add_losses, flown_of, network_of
from hoplon.cli.values import number
from hoplon.errors import UsageError


def add_federate(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_raid(command)
    add_replication(command)
    add_losses(command)
    add_command_and_control(command)
    add_forms(command)
    command.add_argument(
        "--pace", type=number(1e-3, 1e6, "simulated seconds per second"), metavar="X",
        help="1 is real time; as fast as it goes when left out",
    )  # fmt: skip
    command.add_argument(
        "--patience-s", type=number(0.01, 3600, "s"), metavar="S", default=10.0,
        help="how long an element may be silent before it is lost; default: 10",
    )  # fmt: skip
    command.add_argument(
        "--bind", type=_address, metavar="tcp://ADDRESS:PORT",
        help="where the elements reach the time manager; default: this machine alone, a free port",
    )  # fmt: skip
    elsewhere = command.add_argument_group("elements on other hosts")
    elsewhere.add_argument(
        "--remote", metavar="ELEMENT", action="append", default=[],
        help="begin no process for it: it joins from elsewhere; may be repeated",
    )  # fmt: skip
    elsewhere.add_argument(
        "--join", type=_address, metavar="tcp://ADDRESS:PORT", help="be one element of a run begun elsewhere"
    )
    elsewhere.add_argument("--element", metavar="ELEMENT", help="with --join: which one")
    elsewhere.add_argument(
        "--keys", type=Path, metavar="DIR",
        help="with --remote: folder for the keys of the elements from elsewhere, ELEMENT.key; new ones for each run",
    )  # fmt: skip
    elsewhere.add_argument(
        "--key-file", type=Path, metavar="FILE",
        help="with --join: the element's key; default: the environment's HOPLON_FEDERATION_KEY",
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
        for option in ("element", "key_file"):
            if getattr(arguments, option) is not None:
                raise UsageError(
                    f"--{option.replace('_', '-')} goes with --join; an element that joins from elsewhere is named by "
                    "--remote, and its key is written to --keys"
                )
        if bool(arguments.remote) != (arguments.keys is not None):
            raise UsageError("--remote and --keys go together: a folder for the keys of the elements from elsewhere")
        return
    if arguments.element is None:
        raise UsageError("--join needs --element: who joins")
    for option in ("bind", "remote", "keys", "pace"):
        if getattr(arguments, option):
            raise UsageError(f"--{option} is the time manager's; it does not go with --join")


def answer_federate(arguments: argparse.Namespace) -> int:
    """Run one replication over many processes; a log that differs from that of one process is a failed check."""
    _refuse_mixed(arguments)
    scenario = api.load(arguments.scenario)
    conditions, links = network_of(arguments)
    raid = (scenario, arguments.architecture, arguments.raid)
    options = {"lose": arguments.lose, "c2": arguments.c2, "doctrine": arguments.doctrine, "links": links, **conditions}
    if arguments.join is not None:
        note(f"{arguments.element} joins {arguments.join}")
        joined = api.join(
            *raid, arguments.element, arguments.join, arguments.key_file, wait_s=arguments.wait_s, **options
        )
        if arguments.json:
            print_json({**api.provenance(scenario), **joined.as_json()})
        else:
            say(f"{joined.line()}; the raid is over")
        return 0
    answer = api.federate(
        *raid,
        seed=arguments.seed,
        replication=arguments.replication,
        pace=arguments.pace,
        patience_s=arguments.patience_s,
        wait_s=arguments.wait_s,
        bind=arguments.bind,
        remote=arguments.remote,
        keys=arguments.keys,
        note=note,
        **options,
    )
    if arguments.json:
        print_json({**api.provenance(scenario, arguments.seed), **answer.as_json()})
    else:
        _print(answer.as_json())
    return 0 if answer.same else 1


def _print(found: dict[str, Any]) -> None:
    for line in (*found["refused"], *found["notes"]):
        say(line)
    say(flown_of(found))
    names = ("processes", "events", "windows", "records", "dropped", "leakers", "shots")
    table(names, [tuple(found[name] for name in names)])
    for lost in found["lost"]:
        when = "; it flies on" if lost["time_s"] is None else f" at {lost['time_s']:.3f} s"
        say(f"missed: {lost['element']}{when}")
    say(f"digest of the log {found['digest']}")
    say(f"in one process    {found['digest_in_one_process']}: {'the same' if found['same'] else 'DIFFERENT'}")
