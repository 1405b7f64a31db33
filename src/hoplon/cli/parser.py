"""From arguments to a command and its options; only the options of the command that is asked for are built."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import takewhile
from typing import Any, Final, NoReturn

from hoplon.cli.commands import COMMANDS, function_of
from hoplon.errors import did_you_mean

_DIGITS: Final = frozenset("0123456789.")


class Parser(argparse.ArgumentParser):
    """The options of one command; knows minus signs before places and names the nearest word for a wrong one."""

    def __init__(self, name: str) -> None:
        summary = COMMANDS[name].summary
        description = f"{summary[0].upper()}{summary[1:]}."
        super().__init__(prog=f"hoplon {name}", description=description, allow_abbrev=False)
        add_options(self, name)
        self.set_defaults(command=name)

    def parse(self, argv: Sequence[str]) -> argparse.Namespace:
        """Parse options; ``--aim -33.9,18.4`` is a place, not an option."""
        words = joined(argv)
        for word in takewhile(lambda word: word != "--", words):
            option = word.partition("=")[0]
            if option.startswith("--") and not self.has(option):
                self.error(f"unknown option {option}{did_you_mean(option, self._option_string_actions)}")
        return self.parse_args(words)

    def has(self, option: str) -> bool:
        """Tell whether the command has an option."""
        return option in self._option_string_actions


def add_options(parser: argparse.ArgumentParser, name: str) -> None:
    """Add the options of a command."""
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    function_of(name, "add")(parser)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Parse a command line that begins with a command.

    Raises
    ------
    SystemExit
        With 2 after wrong usage, with 0 after ``--help``.
    """
    name = argv[0].replace("_", "-")
    if name not in COMMANDS:
        _refuse_command(argv, name)
    return Parser(name).parse(argv[1:])


def _refuse_command(argv: Sequence[str], name: str) -> NoReturn:
    """Say which command may have been meant, or that an option stands before it."""
    if not name.startswith("-"):
        _refuse(f"unknown command {argv[0]!r}{did_you_mean(name, COMMANDS)}")
    command = next((word for word in argv if word in COMMANDS), None)
    if command is not None and Parser(command).has(argv[0].partition("=")[0]):
        _refuse(f"{argv[0]} stands after the command: hoplon {command} ... {argv[0]}")
    _refuse(f"a command was expected, got {argv[0]}")


def run(arguments: argparse.Namespace) -> int:
    """Run the command that was parsed and return the exit status."""
    answer: Any = function_of(arguments.command, "answer")
    return int(answer(arguments))


def _refuse(message: str) -> NoReturn:
    import sys

    sys.stderr.write(f"usage: hoplon COMMAND [options]\nhoplon: error: {message}\nhoplon --help lists the commands\n")
    raise SystemExit(2)


def joined(argv: Sequence[str]) -> list[str]:
    """Join an option with a value that begins with a minus sign and a digit, which argparse takes for an option."""
    joined_arguments: list[str] = []
    for argument in argv:
        before = joined_arguments[-1] if joined_arguments else ""
        negative = argument[:1] == "-" and argument[1:2] in _DIGITS
        if negative and before.startswith("--") and "=" not in before and before != "--":
            joined_arguments[-1] = f"{before}={argument}"
        else:
            joined_arguments.append(argument)
    return joined_arguments
