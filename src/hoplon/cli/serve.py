"""The command serve: the web application, on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hoplon import api
from hoplon.cli.output import note, print_json, say
from hoplon.cli.values import file_name, whole


def add_serve(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    command.add_argument(
        "scenario",
        metavar="SCENARIO",
        nargs="?",
        default=api.DEFAULT_SCENARIO,
        help=f"a scenario file, or the name of a bundled scenario; default: {api.DEFAULT_SCENARIO}",
    )
    command.add_argument("--architecture", metavar="A", help="the architecture that the page begins with")
    command.add_argument(
        "--port", type=whole(0, 65_535), metavar="N", help="default: 8765, or the first free one after it; 0: any"
    )
    command.add_argument(
        "--address",
        metavar="ADDRESS",
        default="127.0.0.1",
        help="address in numbers that is listened on; default: 127.0.0.1, which this machine alone can reach",
    )
    command.add_argument(
        "--study", type=file_name, metavar="DIR", help="folder of a finished study, whose report is shown too"
    )
    command.add_argument("--no-browser", action="store_true", help="open no browser; the link is printed")


def answer_serve(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    checked = api.check(arguments.scenario)
    scenario = api.load(arguments.scenario)
    from hoplon.web.start import Served, serve

    bundled = {row["name"] for row in api.scenarios().rows()}
    served = Served(
        scenario,
        "bundled" if str(arguments.scenario).replace("_", "-") in bundled else "file",
        arguments.architecture,
        None if arguments.study is None else Path(arguments.study),
        tuple(item.message for item in checked.warnings),
    )
    if not arguments.json:
        say(f"hoplon serve: {scenario.title}; Ctrl-C ends it")

    def tell(link: str, port: int, warning: str) -> None:
        if arguments.json:
            print_json({**api.provenance(scenario), "link": link, "address": arguments.address, "port": port})
        else:
            say(link)
        sys.stdout.flush()
        if warning:
            note(warning)

    return serve(
        served,
        address=arguments.address,
        port=arguments.port,
        browser=not arguments.no_browser,
        say=tell,
        ended=lambda: note("hoplon serve: ended"),
    )
