"""Every command with its options."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Final, NoReturn

from hoplon.cli import campaign, federate, kill_chain, play, raid, track
from hoplon.cli.values import file_name, number, place, year
from hoplon.version import VERSION

WELCOME: Final = f"""\
hoplon {VERSION}: open, reproducible architecture studies of territorial ballistic-missile defence.

Who is defended, by which architecture, and why not? Type next:

  hoplon study nato-europe -o study     the whole study: report, maps, tables
  hoplon list                           the bundled scenarios and what is in them
  hoplon engage nato-europe --architecture phase-2 --from tabriz --aim 44.43,26.10 --threat mrbm-2000
                                        one engagement, explained
  hoplon check FILE                     check a scenario file of your own
  hoplon --help                         every command
"""

LISTED: Final = ("architectures", "threats", "radars", "satellites", "interceptors", "elements", "areas", "raids")


class Parser(argparse.ArgumentParser):
    """An argument parser that knows minus signs before places and names the nearest word for a wrong one."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def parse(self, argv: Sequence[str]) -> argparse.Namespace:
        """Parse arguments; ``--aim -33.9,18.4`` is a place, not an option."""
        arguments, unknown = self.parse_known_args(joined(argv))
        if unknown:
            command: Parser = arguments.parser
            command.error(f"unrecognized arguments: {' '.join(unknown)}")
        return arguments

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and what is near, then end with 2."""
        super().error(message + self._near(message))

    def _near(self, message: str) -> str:
        from hoplon.scenario.findings import nearest

        wrong = re.search(r"invalid choice: '([^']*)' \(choose from (.*)\)", message)
        unknown = re.search(r"unrecognized arguments: (--[^ =]+)", message)
        near = None
        if wrong:
            near = nearest(wrong[1], [word.strip(" '") for word in wrong[2].split(",")])
        elif unknown and unknown[1] in self._option_string_actions:
            return f"; {unknown[1]} stands after the command: {self.prog} ... {unknown[1]}"
        elif unknown:
            near = nearest(unknown[1], list(self._option_string_actions))
        return f"; did you mean {near}?" if near else ""


def joined(argv: Sequence[str]) -> list[str]:
    """Join an option with a value that begins with a minus sign and a digit, which argparse takes for an option."""
    joined_arguments: list[str] = []
    for argument in argv:
        before = joined_arguments[-1] if joined_arguments else ""
        if re.match(r"-[0-9.]", argument) and before.startswith("--") and "=" not in before and before != "--":
            joined_arguments[-1] = f"{before}={argument}"
        else:
            joined_arguments.append(argument)
    return joined_arguments


def _lazily(module: str, function: str) -> Callable[[], Any]:
    """Return what imports a command's module when it is run."""
    return lambda: getattr(import_module(f"hoplon.cli.{module}"), function)


def parser() -> Parser:
    """Return the parser of the whole command line."""
    top = Parser(prog="hoplon", description="Open architecture studies of territorial ballistic-missile defence.")
    top.add_argument("--version", action="version", version=f"hoplon {VERSION}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)

    def command(name: str, module: str, summary: str) -> Parser:
        added: Parser = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        added.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        added.set_defaults(run=_lazily(module, f"answer_{name}"), parser=added)
        return added

    study = command("study", "answers", "the whole study: every architecture, every question, report with maps")
    _scenario(study)
    study.add_argument(
        "-o", "--output", type=file_name, metavar="DIR", required=True, help="folder for the report and its tables"
    )

    check = command("check", "scenarios", "check a scenario file: errors and warnings with line and column")
    check.add_argument("scenario", metavar="FILE", help="a scenario file, or the name of a bundled scenario")

    command("schema", "scenarios", "print the JSON Schema of the scenario file, for editors")

    listing = command("list", "scenarios", "list the bundled scenarios, or what a scenario holds")
    listing.add_argument("scenario", metavar="SCENARIO", nargs="?", help="default: nato-europe")
    listing.add_argument("what", metavar="WHAT", nargs="?", help=f"one of {', '.join(LISTED)}")

    campaign.register(command)
    federate.register(command)

    _flights(command)
    _engagements(command)

    threat = command("threat", "answers", "who is within whose reach, with flight and warning times")
    _scenario(threat)
    _year(threat)

    export = command("export", "exports", "hand a scenario's places over to other tools")
    _scenario(export)
    export.add_argument("--architecture", metavar="A", help="only the elements active in this architecture")
    export.add_argument("--format", choices=("geojson", "czml", "kml", "geoparquet", "netcdf"), required=True)
    export.add_argument(
        "-o", "--output", type=file_name, metavar="FILE", help="file to write; standard output when left out"
    )
    return top


def _flights(command: Callable[[str, str, str], Parser]) -> None:
    trajectory = command("trajectory", "flights", "one threat flight from a launch point to an aim point")
    trajectory.add_argument("--launch", type=place("--launch"), metavar="LAT,LON", required=True)
    trajectory.add_argument("--aim", type=place("--aim"), metavar="LAT,LON", required=True)
    by_class = trajectory.add_argument_group("a class of a scenario")
    by_class.add_argument("--scenario", metavar="S", help="default: nato-europe")
    by_class.add_argument("--threat", metavar="T", help="a threat class of the scenario")
    by_numbers = trajectory.add_argument_group("or a class of your own")
    by_numbers.add_argument("--burn-time-s", type=number(1, 1000, "s"), metavar="S")
    by_numbers.add_argument("--burnout-altitude-km", type=number(1, 1000, "km"), metavar="KM")
    by_numbers.add_argument("--burnout-ground-range-km", type=number(0, 5000, "km"), metavar="KM")
    _loft(trajectory)
    trajectory.add_argument("--step-s", type=number(0.1, 3600, "s"), metavar="N", default=10.0, help="default: 10")

    flyout = command("flyout", "flights", "least time in which an interceptor reaches a ground range and altitude")
    flyout.add_argument("--burnout-speed-km-s", type=number(0.1, 11, "km/s"), metavar="V", required=True)
    flyout.add_argument("--burn-time-s", type=number(0.1, 1000, "s"), metavar="T", required=True)
    flyout.add_argument("--ground-range-km", type=number(0, 20_015, "km"), metavar="X", required=True)
    flyout.add_argument("--altitude-km", type=number(0, 20_000, "km"), metavar="H", required=True)
    flyout.add_argument(
        "--min-elevation-deg", type=number(0, 90, "degrees"), metavar="E", default=15.0, help="default: 15"
    )


def _engagements(command: Callable[[str, str, str], Parser]) -> None:
    engage = command("engage", "answers", "one engagement, explained: who saw it when, who could shoot when")
    _scenario(engage)
    _architecture(engage)
    engage.add_argument("--from", dest="area", metavar="AREA", required=True, help="a launch area of the scenario")
    engage.add_argument("--aim", type=place("--aim"), metavar="LAT,LON", required=True)
    engage.add_argument("--threat", metavar="T", required=True, help="a threat class of the scenario")
    _loft(engage)
    _year(engage)
    engage.add_argument(
        "--drag", action="store_true", help="let the air slow the flight before batteries that intercept below 100 km"
    )

    coverage = command("coverage", "areas", "who is threatened, and who is defended")
    _scenario(coverage)
    _architecture(coverage)
    coverage.add_argument("--threat", metavar="T", action="append", help="only this class; may be repeated")
    coverage.add_argument("--from", dest="area", metavar="AREA", action="append", help="only this launch area")
    coverage.add_argument(
        "--points", type=file_name, metavar="FILE.csv", help="judge these points: lat, lon [, name, population, nation]"
    )
    coverage.add_argument(
        "--points-out", type=file_name, metavar="FILE.csv", help="write each point with threatened, defended, shots"
    )
    coverage.add_argument("--explain", action="store_true", help="with the computed cause at each undefended point")
    _year(coverage)

    kill_chain.register(command)
    track.add_track(command)
    raid.register(command)
    play.register(command)

    footprint = command("footprint", "areas", "the area that one battery defends")
    _scenario(footprint)
    _architecture(footprint)
    footprint.add_argument("--battery", metavar="B", required=True, help="a battery of the architecture")
    footprint.add_argument("--threat", metavar="T", required=True)
    footprint.add_argument("--from", dest="area", metavar="AREA", required=True)

    denied = command("denied", "areas", "the launch points against which an aim point is defended")
    _scenario(denied)
    _architecture(denied)
    denied.add_argument("--aim", type=place("--aim"), metavar="LAT,LON", required=True)
    denied.add_argument("--threat", metavar="T", required=True)


def _scenario(command: Parser) -> None:
    command.add_argument("scenario", metavar="SCENARIO", help="a scenario file, or the name of a bundled scenario")


def _architecture(command: Parser) -> None:
    command.add_argument("--architecture", metavar="A", required=True, help="an architecture of the scenario")


def _loft(command: Parser) -> None:
    command.add_argument(
        "--loft-deg", type=number(-90, 90, "degrees"), metavar="D", default=0.0, help="0 (default) is minimum energy"
    )


def _year(command: Parser) -> None:
    command.add_argument("--year", type=year, metavar="Y", help="judge in this year instead of the scenario's own")
