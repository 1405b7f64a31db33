"""Files for other tools, a module each, found by its name: ``places`` of a scenario, ``playback`` of a raid."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

PLACES: Final = ("geojson", "czml", "kml", "geoparquet", "netcdf", "geopackage")
"""Modules with ``places(scenario, architecture)``, which returns the file's bytes."""
BINARY: Final = ("geoparquet", "netcdf", "geopackage")
"""Those of them that are no text."""
PLAYBACK: Final = ("html", "czml", "kml", "parquet")
"""Modules with ``playback(setup, played)``, which returns the file's bytes; each name is the ending of the file."""


def format_named(name: str) -> Any:
    """Return the module of a format."""
    return import_module(f"{__name__}.{name}")
