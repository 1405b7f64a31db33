"""What ``hoplon`` says of itself: without arguments, with --help, with --version."""

from __future__ import annotations

from typing import Final

from hoplon.cli.commands import COMMANDS
from hoplon.version import VERSION

VERSION_LINE: Final = f"hoplon {VERSION}\n"
WELCOME: Final = f"""\
hoplon {VERSION}: open, reproducible architecture studies of territorial ballistic-missile defence.

Who is defended, by which architecture, and why not? Type next:

  hoplon study nato-europe -o study     the whole study: report, maps, tables
  hoplon list                           the bundled scenarios and what is in them
  hoplon engage toy --architecture fast --from northwest --aim 44.43,26.10 --threat mrbm
                                        one engagement, explained
  hoplon check FILE                     check a scenario file of your own
  hoplon --help                         every command
"""


def help_text() -> str:
    """Return every command with its summary."""
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:{width}}  {command.summary}" for name, command in COMMANDS.items())
    return f"""\
usage: hoplon COMMAND [options]

Open architecture studies of territorial ballistic-missile defence.

COMMAND is one of:

{commands}

options:
  -h, --help  show this text; hoplon COMMAND --help shows the options of a command
  --version   show the version
  --json      of every command: print one JSON object and nothing else
"""
