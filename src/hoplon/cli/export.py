"""The command export: a scenario's places for other tools."""

from __future__ import annotations

import argparse
from pathlib import Path

from hoplon import api
from hoplon.cli.options import add_scenario
from hoplon.cli.output import note, print_document, print_json, refuse_unwritable
from hoplon.cli.values import file_name, one_of
from hoplon.errors import InputError, UsageError

_NO_TEXT = ("geoparquet", "netcdf", "geopackage")
_ENDINGS = {
    ".geojson": "geojson",
    ".czml": "czml",
    ".kml": "kml",
    ".parquet": "geoparquet",
    ".nc": "netcdf",
    ".gpkg": "geopackage",
}


def add_export(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    formats = api.place_formats()
    add_scenario(command)
    command.add_argument("--architecture", metavar="A", help="only the elements active in this architecture")
    command.add_argument(
        "--format",
        type=one_of(formats),
        metavar="FORMAT",
        help=f"one of {', '.join(formats)}; default: what the ending of -o says",
    )
    command.add_argument(
        "-o", "--output", type=file_name, metavar="FILE", help="file to write; standard output when left out"
    )


def answer_export(arguments: argparse.Namespace) -> int:
    """Write the places of a scenario, or of one architecture, in a format of other tools."""
    if arguments.format is None:
        arguments.format = _format_of(arguments.output)
    if arguments.output is None and arguments.format in _NO_TEXT:
        raise UsageError(f"export: --format {arguments.format} needs -o FILE: it is no text")
    if arguments.output is None and arguments.json and arguments.format != "geojson":
        raise UsageError(
            f"export: --json with --format {arguments.format} needs -o FILE: its text is not one JSON object"
        )
    scenario = api.load(arguments.scenario)
    if arguments.output is not None:
        refuse_unwritable(arguments.output)
    found = api.export(scenario, arguments.format, arguments.output, arguments.architecture)
    if arguments.output is None:
        print_document(found.content)
    elif arguments.json:
        print_json({**api.provenance(scenario), "path": arguments.output, "features": len(found.features)})
    else:
        note(f"{arguments.output}: {len(found.features)} features written")
    return 0


def _format_of(output: str | None) -> str:
    """Return the format that the ending of a file says.

    Raises
    ------
    UsageError
        Without a file.
    InputError
        For another ending.
    """
    if output is None:
        raise UsageError("export: --format, or -o with a file whose ending says the format, was expected")
    ending = Path(output).suffix.lower()
    if ending not in _ENDINGS:
        raise InputError(f"{output}: a file ending in {', '.join(_ENDINGS)} was expected, or --format")
    return _ENDINGS[ending]
