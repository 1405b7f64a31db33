"""What every answer of the library can do in a notebook: a line, rows, a frame, a small table, places on a map."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from hoplon.errors import InputError
from hoplon.extras import extra
from hoplon.notebook import html_of
from hoplon.version import VERSION

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from hoplon.scenario.model import Scenario

Row = Mapping[str, Any]
PlacedRow = tuple[Any, Row]
"""A geometry of shapely, or None, and the row that belongs to it."""
_VIEWS: Final[dict[str, Callable[..., Any]]] = {}


def register_views(**views: Callable[..., Any]) -> None:
    """Say which functions draw and write answers: these are above this layer, and ``hoplon.api`` names them.

    Parameters
    ----------
    **views : callable
        ``plot``, ``explore`` and ``to_file``, each of an answer.
    """
    _VIEWS.update(views)


def view(name: str) -> Callable[..., Any]:
    """Return the function that draws or writes answers, by its name.

    Raises
    ------
    InputError
        If the library's functions are not loaded yet, as after reading an answer from a pickle.
    """
    if name not in _VIEWS:
        raise InputError(f"{name}: the functions of the library are not loaded; import hoplon.api first")
    return _VIEWS[name]


@dataclass(frozen=True)
class FeatureLayer:
    """Features of one kind with their columns, as geographic information systems have them.

    Attributes
    ----------
    name : str
        Lower case, digits and underscores.
    title : str
    rows : sequence of PlacedRow
        Geometry (WGS 84 [deg], longitude first) and row of each feature; every row has the same keys.
    kinds : mapping of str to type
        Of columns that may hold nothing, whose type their values then cannot tell: bool, int, float or str.
    paths : sequence of ndarray, shapes (m, 4)
        Of each feature that flies: time [s], latitude and longitude [deg], altitude [m]; none where nothing flies.
    """

    name: str
    title: str
    rows: Sequence[PlacedRow]
    kinds: Mapping[str, type] = field(default_factory=dict)
    paths: Sequence[NDArray[np.float64]] = ()


def provenance_of(scenario: str, scenario_sha256: str, seed: int | None = None) -> dict[str, Any]:
    """Return what every answer and file carries: version, scenario, its digest, and the seed where there is one."""
    return {"version": VERSION, "scenario": scenario, "scenario_sha256": scenario_sha256, "seed": seed}


class Answer(ABC):
    """An answer: one line that says what was asked and what came of it, and rows."""

    @abstractmethod
    def line(self) -> str:
        """Return what was asked and what came of it, in one line."""

    def rows(self) -> Sequence[Row]:
        """Return the rows of the answer; every row has the same keys, with the unit in the key."""
        return ()

    def as_frame(self) -> pd.DataFrame:
        """Return the rows as a table of pandas.

        Raises
        ------
        OutputError
            If pandas is not installed.
        """
        with extra("frames", "as_frame"):
            import pandas as pd

        return pd.DataFrame([dict(row) for row in self.rows()])

    def placed_rows(self) -> Sequence[PlacedRow]:
        """Return a geometry (WGS 84 [deg], longitude first) and a row for each thing that has a place.

        Raises
        ------
        InputError
            If nothing of this answer has a place.
        """
        raise InputError(f"{type(self).__name__}: nothing of it has a place on a map; as_frame() has its rows")

    def to_geodataframe(self) -> gpd.GeoDataFrame:
        """Return what has a place as a table of geopandas, in EPSG:4326.

        Raises
        ------
        InputError
            If nothing of this answer has a place.
        OutputError
            If geopandas is not installed.
        """
        placed = self.placed_rows()
        with extra("geo", "to_geodataframe"):
            import geopandas as gpd

        shapes = gpd.GeoSeries([shape for shape, _ in placed], crs="EPSG:4326")
        return gpd.GeoDataFrame([dict(row) for _, row in placed], geometry=shapes)

    def made_from(self, scenario: Scenario, seed: int | None = None) -> Self:
        """Return the answer, which says from now on which scenario and seed it was made from.

        The answer's own attributes are what was computed; this stands beside them, and answers are equal without it.
        """
        object.__setattr__(self, "_made", provenance_of(scenario.name, scenario.sha256, seed))  # of frozen records
        return self

    def provenance(self) -> dict[str, Any]:
        """Return what the answer was made by and from: version, and scenario, digest and seed where there are any."""
        return dict(getattr(self, "_made", {"version": VERSION}))

    def layers(self) -> Sequence[FeatureLayer]:
        """Return what has a place as layers for maps of other tools; the first holds :meth:`placed_rows`.

        Raises
        ------
        InputError
            If nothing of this answer has a place.
        """
        return (FeatureLayer("features", self.line(), self.placed_rows()),)

    def gridded(self) -> xr.Dataset | None:
        """Return the answer as the labelled arrays of a NetCDF file; None where its layers are written."""
        return None

    def to_file(self, path: str | Path) -> Path:
        """Write what has a place to a file for other tools, whole or not at all, and return its path.

        Parameters
        ----------
        path : str or Path
            Its ending decides the format: ``.gpkg`` (GeoPackage), ``.parquet`` (GeoParquet, the first layer),
            ``.geojson``, ``.nc`` (NetCDF, CF), ``.kml``, ``.kmz``, ``.czml``.

        Raises
        ------
        InputError
            For another ending, or if nothing of this answer has a place.
        OutputError
            If the file cannot be written, or a package that the format needs is not installed.
        """
        written: Path = view("to_file")(self, path)
        return written

    def plot(self, *, ax: Any = None) -> Any:
        """Draw the answer: :func:`hoplon.plot`."""
        return view("plot")(self, ax=ax)

    def explore(self, path: str | Path | None = None) -> Any:
        """Return the answer as a map to look around in: :func:`hoplon.explore`."""
        return view("explore")(self, path)

    def __repr__(self) -> str:
        """Return the line."""
        return f"<{type(self).__name__} {self.line()}>"

    def _repr_html_(self) -> str:
        """Show the line and the first rows in a notebook."""
        return html_of(self.line(), self.rows())


def place_words(place: tuple[float, float]) -> str:
    """Return latitude and longitude [deg] as options are written: ``44.43,26.1``."""
    return f"{place[0]:g},{place[1]:g}"
