"""Files of answers for maps of other tools; the ending of the name decides the format."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.errors import InputError
from hoplon.files import write_bytes
from hoplon.report.formats import PLAYBACK, format_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from hoplon.analysis.records import Answer

_WRITERS: Final = {
    ".gpkg": ("geopackage", "layers"),
    ".parquet": ("geoparquet", "layers"),
    ".geojson": ("geojson", "layers"),
    ".nc": ("netcdf_layers", "layers"),
    ".kml": ("kml_layers", "layers"),
    ".kmz": ("kml_layers", "packed"),
    ".czml": ("czml_layers", "layers"),
}
"""By ending, the module and its function of the content, which returns the bytes."""
ENDINGS: Final = tuple(_WRITERS)
_PLAYBACK: Final = tuple(f".{name}" for name in PLAYBACK)
_NEEDED: Final = {
    ".parquet": ("geoparquet", "arrow"),
    ".nc": ("netcdf_layers", "arrays_library"),
    ".czml": ("czml", "czml_library"),
}
"""By ending, what gives the package that the format needs, or says how to install it."""


def known_ending(path: str | Path) -> str:
    """Return the ending of a file that is to be written.

    Raises
    ------
    InputError
        For one that is no format, with those that are.
    OutputError
        If the package that the format needs is not installed.
    """
    ending = Path(path).suffix.lower()
    if ending not in _WRITERS:
        raise InputError(f"{path}: a file ending in {', '.join(ENDINGS)} was expected")
    if ending in _NEEDED:
        _function(*_NEEDED[ending])()
    return ending


def to_file(result: Answer, path: str | Path) -> Path:
    """Write what has a place in an answer; see :meth:`hoplon.analysis.records.Answer.to_file`.

    A raid that was played has files of its own: the after-action page, the log of events (``.parquet``), and KML and
    CZML with its tracks and engagements.
    """
    from hoplon.analysis.raid.playback import PlayedRaid

    own = Path(path).suffix.lower()
    if isinstance(result, PlayedRaid) and result.setup is not None and own in _PLAYBACK:
        return write_bytes(Path(path), format_named(own.removeprefix(".")).playback(result.setup, result.played))
    from hoplon.report.formats.columns import MapContent

    ending = known_ending(path)
    arrays = result.gridded() if ending == ".nc" else None
    content = MapContent(result.line(), result.provenance(), tuple(result.layers()), arrays)
    return write_bytes(Path(path), _function(*_WRITERS[ending])(content))


def _function(module: str, name: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(import_module(f"hoplon.report.formats.{module}"), name)
    return found
