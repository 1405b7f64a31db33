"""The command completion: the script by which a shell completes commands, options, words and bundled scenarios."""

from __future__ import annotations

import argparse
from typing import Any, Final

from hoplon import api
from hoplon.cli.commands import COMMANDS
from hoplon.cli.output import print_json, say
from hoplon.cli.parser import add_options
from hoplon.cli.values import OneOf, one_of

SHELLS: Final = ("bash", "zsh", "fish")


def add_completion(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    command.add_argument("shell", metavar="SHELL", type=one_of(SHELLS), help=f"one of {', '.join(SHELLS)}")


def answer_completion(arguments: argparse.Namespace) -> int:
    """Print the script of a shell."""
    import shtab

    script = shtab.complete(_every_command(), arguments.shell)
    if arguments.json:
        print_json({**api.provenance(), "shell": arguments.shell, "script": script})
        return 0
    say(script.rstrip("\n"))
    return 0


def _every_command() -> argparse.ArgumentParser:
    """Return a parser of all commands at once, which tells what each value may be."""
    program = argparse.ArgumentParser(prog="hoplon", allow_abbrev=False)
    program.add_argument("--version", action="store_true", help="show the version")
    commands = program.add_subparsers(dest="command")
    scenarios = [row["name"] for row in api.scenarios().rows()]
    for name, command in COMMANDS.items():
        parser = commands.add_parser(name, help=command.summary, description=command.summary, allow_abbrev=False)
        add_options(parser, name)
        for action in parser._actions:
            _tell_values(action, scenarios)
    return program


def _tell_values(action: Any, scenarios: list[str]) -> None:
    """Tell the completion what the value of an option may be: words, bundled scenarios, files or folders."""
    import shtab

    words = action.type.words if isinstance(action.type, OneOf) else None
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    if words is not None:
        action.choices = tuple(words)
    elif action.dest == "what":
        action.choices = api.kinds()
    elif action.dest in ("scenario", "scenarios"):
        action.choices = (*scenarios, shtab.Choice("file"))
    elif metavar == "DIR":
        action.complete = shtab.DIRECTORY
    elif metavar.startswith("FILE"):
        action.complete = shtab.FILE
