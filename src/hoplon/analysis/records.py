"""What every answer of the library can do in a notebook: a line, rows, a frame, a small table, places on a map."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.errors import InputError
from hoplon.extras import extra
from hoplon.notebook import html_of

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

Row = Mapping[str, Any]
PlacedRow = tuple[Any, Row]
"""A geometry of shapely, or None, and the row that belongs to it."""
_VIEWS: Final[dict[str, Callable[..., Any]]] = {}


def register_views(**views: Callable[..., Any]) -> None:
    """Say which functions draw answers: drawing is above this layer, and ``hoplon.api`` names it when it is loaded.

    Parameters
    ----------
    **views : callable
        ``plot`` and ``explore``, each of an answer.
    """
    _VIEWS.update(views)


def view(name: str) -> Callable[..., Any]:
    """Return the function that draws answers, by its name.

    Raises
    ------
    InputError
        If the library's functions are not loaded yet, as after reading an answer from a pickle.
    """
    if name not in _VIEWS:
        raise InputError(f"{name}: the functions that draw are not loaded; call hoplon.{name}(result)")
    return _VIEWS[name]


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
