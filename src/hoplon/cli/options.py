"""Options that several commands share, each declared once."""

from __future__ import annotations

import argparse
import re
from typing import Any

from hoplon import api
from hoplon.cli.values import file_name, number, one_of, place, whole, year

_EXECUTORS = ("serial", "process", "dask")
_LEVELS = ("low", "base", "high")
_VALUES = ("population", "area", "worst_nation")
_PLAYERS = ("site", "element", "owner")


def add_scenario(command: argparse.ArgumentParser) -> None:
    """Add SCENARIO."""
    command.add_argument("scenario", metavar="SCENARIO", help="a scenario file, or the name of a bundled scenario")


def add_architecture(command: argparse.ArgumentParser) -> None:
    """Add SCENARIO and --architecture."""
    add_scenario(command)
    command.add_argument("--architecture", metavar="A", required=True, help="an architecture of the scenario")


def add_area(command: argparse.ArgumentParser) -> None:
    """Add --from."""
    command.add_argument("--from", dest="area", metavar="AREA", required=True, help="a launch area of the scenario")


def add_aim(command: argparse.ArgumentParser) -> None:
    """Add --aim."""
    command.add_argument("--aim", type=place("--aim"), metavar="LAT,LON", required=True, help="degrees north and east")


def add_threat(command: argparse.ArgumentParser) -> None:
    """Add --threat."""
    command.add_argument("--threat", metavar="T", required=True, help="a threat class of the scenario")


def add_loft(command: argparse.ArgumentParser) -> None:
    """Add --loft-deg."""
    command.add_argument(
        "--loft-deg", type=number(-90, 90, "degrees"), metavar="D", default=0.0, help="0 (default) is minimum energy"
    )


def add_way(command: argparse.ArgumentParser) -> None:
    """Add --loft-deg and, instead of it, --apogee-km."""
    way = command.add_mutually_exclusive_group()
    way.add_argument(
        "--loft-deg", type=number(-90, 90, "degrees"), metavar="D", default=0.0, help="0 (default) is minimum energy"
    )
    way.add_argument(
        "--apogee-km", type=number(0, 100_000, "km"), metavar="H", help="greatest altitude, in place of a loft"
    )


def add_flight(command: argparse.ArgumentParser, *, apogee: bool = False) -> None:
    """Add what one flight against an architecture is asked by; with ``apogee`` it may be given by its apogee."""
    add_architecture(command)
    add_area(command)
    add_aim(command)
    add_threat(command)
    if apogee:
        add_way(command)
    else:
        add_loft(command)


def add_year(command: argparse.ArgumentParser) -> None:
    """Add --year."""
    command.add_argument("--year", type=year, metavar="Y", help="judge in this year instead of the scenario's own")


def add_raid(command: argparse.ArgumentParser) -> None:
    """Add what a raid against an architecture is asked by, with its seed."""
    add_architecture(command)
    command.add_argument("--raid", metavar="R", required=True, help="a raid of the scenario")
    command.add_argument("--seed", type=int, metavar="K", default=1, help="of every draw; default: 1")


def add_replication(command: argparse.ArgumentParser) -> None:
    """Add --replication."""
    command.add_argument(
        "--replication", type=int, metavar="N", default=0, help="which replication; default: 0, the first of a raid"
    )


def add_forms(command: argparse.ArgumentParser) -> None:
    """Add --c2 and --doctrine."""
    command.add_argument(
        "--c2", metavar="FORM", help="organic, hub, hub_hot, hub_cold, regional or mesh; default: the architecture's"
    )
    command.add_argument(
        "--doctrine",
        metavar="D",
        help="single, salvo-N, shoot-look-shoot, salvo-look-salvo, salvo-N-look-salvo, share; default: the raid's, "
        "else the scenario's",
    )


def add_decision(command: argparse.ArgumentParser) -> None:
    """Add --decision-s."""
    command.add_argument("--decision-s", type=float, metavar="S", help="time to decide in place of the scenario's")


def add_folder(command: argparse.ArgumentParser, text: str, required: bool = True) -> None:
    """Add -o for a folder."""
    command.add_argument("-o", "--output", type=file_name, metavar="DIR", required=required, help=text)


def add_file(command: argparse.ArgumentParser) -> None:
    """Add -o for a file of the answer for other tools."""
    endings = ", ".join(api.file_endings())
    command.add_argument(
        "-o",
        "--output",
        type=file_name,
        metavar="FILE",
        help=f"also write the answer for other tools; ending in {endings}",
    )


def add_scope(command: argparse.ArgumentParser) -> None:
    """Add what a value counts: --threat, --from, --points, --level, --value, --subset."""
    command.add_argument("--threat", metavar="T", action="append", help="only this class; may be repeated")
    command.add_argument("--from", dest="area", metavar="AREA", action="append", help="only this launch area")
    command.add_argument(
        "--points", type=file_name, metavar="FILE.csv", help="judge these points: lat, lon [, name, population, nation]"
    )
    command.add_argument("--level", type=one_of(_LEVELS), metavar="LEVEL", default="base", help="low, base or high")
    command.add_argument(
        "--value", type=one_of(_VALUES), metavar="VALUE", default="population", help=f"{', '.join(_VALUES)}"
    )
    command.add_argument(
        "--subset",
        type=whole(1, 1_000_000),
        metavar="M",
        help="marks of a weighted subset of the points that is judged in place of all of them",
    )


def scope_given(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what a value counts, by the names of the arguments of a function."""
    given = ("points", "level", "value", "subset")
    return {
        "threats": arguments.threat,
        "areas": arguments.area,
        **{name: getattr(arguments, name) for name in given},
    }


def add_players(command: argparse.ArgumentParser) -> None:
    """Add who the players are: --players, --with-satellites."""
    command.add_argument(
        "--players", type=one_of(_PLAYERS), metavar="BY", default="site", help="site (default), element or owner"
    )
    command.add_argument("--with-satellites", action="store_true", help="each satellite is a player too")


def add_work(command: argparse.ArgumentParser, default: str = "process") -> None:
    """Add who does work in chunks: --executor, --scheduler, --workers, --shard."""
    command.add_argument(
        "--executor",
        type=one_of(_EXECUTORS),
        metavar=f"{{{','.join(_EXECUTORS)}}}",
        help=f"default: {default}; with --scheduler: dask",
    )
    command.add_argument("--scheduler", type=_scheduler, metavar="ADDRESS", help="a Dask scheduler, tcp://host:8786")
    command.add_argument(
        "--workers", type=whole(1, 4096), metavar="N", help="number of processes; default: one per core"
    )
    command.add_argument("--shard", metavar="I/N", help="do only part I of N, and add nothing up: for batch systems")


def _scheduler(text: str) -> str:
    found = re.fullmatch(r"(?:(?:tcp|tls|ws|wss|ucx)://)?[^\s/]+:([0-9]{1,5})", text)
    if found is None or int(found[1]) > 65_535:
        raise argparse.ArgumentTypeError(f"the address of a scheduler, tcp://host:8786, was expected, got {text[:60]}")
    return text
