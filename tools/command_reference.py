"""Write the options of every command into docs/command-line.md, from the parsers of the command line.

``python tools/command_reference.py`` rewrites them in place; with ``--check`` it changes nothing and exits with 1 if
the page is out of date.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from hoplon.cli.commands import COMMANDS
from hoplon.cli.parser import Parser

PAGE = Path(__file__).resolve().parents[1] / "docs" / "command-line.md"
HEAD = "| option | without it | meaning |\n|---|---|---|"


def block(name: str) -> str:
    """Return what a command does, how it is called, and its options."""
    parser = Parser(name)
    summary = COMMANDS[name].summary
    actions = [action for action in parser._actions if not {"--help", "--json"} & set(action.option_strings)]
    rivals = {
        action: [rival for rival in group._group_actions if rival is not action]
        for group in parser._mutually_exclusive_groups
        for action in group._group_actions
    }
    usage = " ".join(
        [f"hoplon {name}"]
        + [_usage(action) for action in actions if not action.option_strings]
        + [_spelt(action) for action in actions if action.option_strings and action.required]
        + ["[options]"]
    )
    rows = [_row(action, rivals.get(action, [])) for action in actions]
    table = ["", HEAD, *rows] if rows else []
    return "\n".join((f"{summary[0].upper()}{summary[1:]}.", "", "```text", usage, "```", *table))


def _usage(action: argparse.Action) -> str:
    name = _metavar(action)
    if action.nargs == "?":
        return f"[{name}]"
    return f"[{name} ..]" if action.nargs == "*" else name


def _metavar(action: argparse.Action) -> str:
    found = action.metavar if isinstance(action.metavar, str) else " ".join(action.metavar or ()) or action.dest.upper()
    return f"{found} {found} .." if action.nargs == "+" and action.option_strings else found


def _spelt(action: argparse.Action) -> str:
    """Return an option with its value, or an argument, as it is typed."""
    if not action.option_strings:
        return _metavar(action)
    name = max(action.option_strings, key=len)
    return name if action.nargs == 0 else f"{name} {_metavar(action)}"


def _row(action: argparse.Action, rivals: list[argparse.Action]) -> str:
    names = [*(f"`{short}`" for short in action.option_strings if not short.startswith("--")), f"`{_spelt(action)}`"]
    required = action.required if action.option_strings else action.nargs not in ("?", "*")
    meaning = (action.help or "").replace("%%", "%")
    if told := re.search(r"(?:^|; )default: ([^;]+)(?=;|$)", meaning):
        meaning = meaning.replace(told[0], "")
    given = (
        None
        if action.default in (None, False, [], argparse.SUPPRESS)
        else f"{action.default:g}"
        if isinstance(action.default, float)
        else f"{action.default}"
    )
    default = told[1] if told else given or ""
    if action.choices:
        meaning = f"{meaning}; one of {', '.join(f'`{word}`' for word in action.choices)}"
    if isinstance(action, argparse._AppendAction) and "repeated" not in meaning:
        meaning += "; may be repeated"
    if rivals:
        meaning += f"; not with {' and '.join(f'`{max(rival.option_strings, key=len)}`' for rival in rivals)}"
    meaning = meaning.removeprefix("; ")
    cells = (", ".join(names), "**required**" if required else default, meaning)
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def filled(page: str) -> str:
    """Return the page with the block of every command written anew."""
    for name in COMMANDS:
        start, end = f"<!-- begin {name} -->", "<!-- end -->"
        new = f"{start}\n{block(name)}\n{end}".replace("\\", r"\\")
        page, found = re.subn(f"{start}.*?{end}", new, page, count=1, flags=re.DOTALL)
        if not found:
            raise SystemExit(f"{PAGE.name}: the marks `{start}` and `{end}` are missing")
    return page


def main() -> int:
    """Write or check the page; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if the page is out of date")
    check = parser.parse_args().check
    old = PAGE.read_text(encoding="utf-8")
    new = filled(old)
    if new != old and not check:
        PAGE.write_text(new, encoding="utf-8")
    print("out of date" if new != old else "every command is up to date")
    return int(check and new != old)


if __name__ == "__main__":
    sys.exit(main())
