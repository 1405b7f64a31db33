"""People, land and borders of nations in Europe and North America: aim points for coverage studies, outlines for maps.

The data travel with the package: country outlines and totals from Natural Earth 1:50m (public domain), populated
places from GeoNames (CC BY 4.0, :data:`GEONAMES_ATTRIBUTION`). Aim points lie north of the Tropic of Cancer: what is
south of it is left out, and its people are taken off the totals. Greenland and Cyprus have codes of their own and are
in no nation's outline.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.errors import InputError, UnknownNameError
from hoplon.scenario.countries import EUROPE as EUROPE
from hoplon.scenario.countries import ISO_3166_ALPHA_3, WITH_PLACES, no_places
from hoplon.scenario.countries import NORTH_AMERICA as NORTH_AMERICA

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

GEONAMES_ATTRIBUTION: Final = (
    "Populated places: GeoNames (https://www.geonames.org), licensed under Creative Commons Attribution 4.0 "
    "(https://creativecommons.org/licenses/by/4.0/); populations scaled nation by nation."
)
NATURAL_EARTH_ATTRIBUTION: Final = (
    "Country outlines and populations: Natural Earth 1:50m (https://www.naturalearthdata.com), public domain."
)

# The southern edge is that of the North Atlantic Treaty, article 6.
TROPIC_OF_CANCER_DEG: Final = 23.4365  # [deg] mean obliquity of the ecliptic of 2020, IAU 2006

POPULATION_YEAR: Final = 2019
"""Year of the totals, used for every year of a study."""

SOUTH_OF_THE_TROPIC: Final[Mapping[str, int]] = {
    "FRA": 2_170_000,  # five overseas departments: 67.07 M less 64.90 M in Europe, INSEE, 1 January 2020
    "USA": 1_415_872,  # Hawaii, US Census Bureau, Vintage 2019 estimate of 1 July 2019
}
"""People [1] within a national total who live south of the Tropic of Cancer."""

EUROPE_PROJECTION: Final = "EPSG:3035"  # ETRS89-extended, Lambert azimuthal equal-area, centre 52 N 10 E
NORTH_AMERICA_PROJECTION: Final = "+proj=laea +lat_0=50 +lon_0=-100 +datum=WGS84 +units=m"  # equal-area, as EPSG:3035

_KILOMETRE: Final = 1000.0  # [m]


@dataclass(frozen=True)
class AimPoints:
    """Points that a study asks about: populated places, or centres of land cells.

    Parameters
    ----------
    name : (n,) array of str
        Name of the place, or position of the cell.
    nation : (n,) array of str
        ISO 3166-1 alpha-3 code.
    latitude_deg, longitude_deg : (n,) array of float
        WGS 84 [deg], north and east positive, longitude in [-180, 180].
    population : (n,) array of float
        Scaled people [1]; 0 for land cells.
    area_km2 : (n,) array of float
        Area that the point stands for [km2]; 0 for places.
    kind : (n,) array of str
        ``place`` or ``land``.
    """

    name: NDArray[np.str_]
    nation: NDArray[np.str_]
    latitude_deg: NDArray[np.float64]
    longitude_deg: NDArray[np.float64]
    population: NDArray[np.float64]
    area_km2: NDArray[np.float64]
    kind: NDArray[np.str_]

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.name)

    def concat(self, other: AimPoints) -> AimPoints:
        """Return these points followed by the other ones."""
        return AimPoints(*(np.concatenate(pair) for pair in zip(self._columns(), other._columns(), strict=True)))

    def subset(self, mask: NDArray[Any]) -> AimPoints:
        """Return the points that a mask (n,) of bool, or an array of indices, selects."""
        return AimPoints(*(column[mask] for column in self._columns()))

    def _columns(self) -> tuple[NDArray[Any], ...]:
        return (
            self.name,
            self.nation,
            self.latitude_deg,
            self.longitude_deg,
            self.population,
            self.area_km2,
            self.kind,
        )


@dataclass(frozen=True)
class _Place:
    name: str
    nation: str
    latitude_deg: float
    longitude_deg: float
    population: int
    is_capital: bool


def places(nations: Sequence[str]) -> AimPoints:
    """Return the populated places of nations, scaled so that each nation sums to its official total.

    Parameters
    ----------
    nations : sequence of str
        ISO 3166-1 alpha-3 codes.

    Returns
    -------
    AimPoints
        In the order of the nations given, within a nation in that of the data file.

    Raises
    ------
    UnknownNameError
        If a code is none of ISO 3166-1.
    InputError
        If the package holds no data of a nation.

    Notes
    -----
    Places of 2,000 people and more (50,000 in the United States and Canada) stand for everyone: the people of the
    countryside are moved to them by the factor that :func:`scaling_factors` publishes.
    """
    factors = scaling_factors()
    by_nation = _places_by_nation()
    rows = [row for code in _with_data(nations) for row in by_nation[code]]
    return AimPoints(
        name=np.array([row.name for row in rows], dtype=np.str_),
        nation=np.array([row.nation for row in rows], dtype=np.str_),
        latitude_deg=np.array([row.latitude_deg for row in rows], dtype=np.float64),
        longitude_deg=np.array([row.longitude_deg for row in rows], dtype=np.float64),
        population=np.array([row.population * factors[row.nation] for row in rows], dtype=np.float64),
        area_km2=np.zeros(len(rows)),
        kind=np.full(len(rows), "place"),
    )


def population_totals() -> dict[str, int]:
    """Return the people [1] of each nation north of the Tropic of Cancer, year 2019 for every year.

    Notes
    -----
    Natural Earth's ``POP_EST`` (World Bank) less :data:`SOUTH_OF_THE_TROPIC`. The World Bank counts in France the five
    overseas departments (2.17 million) and not the overseas collectivities (0.6 million more), which it lists apart.
    """
    totals = {str(item["properties"]["iso_a3"]): int(item["properties"]["population"]) for item in _countries()}
    return {code: totals[code] - SOUTH_OF_THE_TROPIC.get(code, 0) for code in WITH_PLACES}


def scaling_factors() -> dict[str, float]:
    """Return for each nation its official total over the sum of its places [1]."""
    by_nation = _places_by_nation()
    return {code: total / sum(row.population for row in by_nation[code]) for code, total in population_totals().items()}


def capitals() -> dict[str, tuple[str, float, float]]:
    """Return for each nation the name, latitude and longitude [deg] of its capital."""
    return {
        code: (row.name, row.latitude_deg, row.longitude_deg)
        for code, rows in _places_by_nation().items()
        for row in rows
        if row.is_capital
    }


def country_names() -> dict[str, str]:
    """Return the English short name of every country by its code, for text."""
    return {str(item["properties"]["iso_a3"]): str(item["properties"]["name"]) for item in _countries()}


def borders() -> list[tuple[str, str, BaseGeometry]]:
    """Return code, name and outline of every country, WGS 84 [deg], for maps.

    Notes
    -----
    Nothing is cut off here. Outlines are not stitched across the antimeridian.
    """
    return [(str(item["properties"]["iso_a3"]), str(item["properties"]["name"]), shape) for item, shape in _shapes()]


def land_grid(nations: Sequence[str], spacing_km: float = 25.0, north_america_spacing_km: float = 100.0) -> AimPoints:
    """Return the centres of equal-area cells of the nations' land north of the Tropic of Cancer.

    Parameters
    ----------
    nations : sequence of str
        ISO 3166-1 alpha-3 codes.
    spacing_km : float
        Side of a cell in Europe [km], positive.
    north_america_spacing_km : float
        Side of a cell in the United States and Canada [km], positive.

    Returns
    -------
    AimPoints
        Each cell is given whole to the nation that its centre lies in, so every cell of a region has the same area.

    Raises
    ------
    UnknownNameError
        If a code is none of ISO 3166-1.
    InputError
        If the package holds no data of a nation.
    ValueError
        If a spacing is not positive.

    Notes
    -----
    Square cells in the Lambert azimuthal equal-area projection (EPSG:3035 in Europe, Turkey included), edges on whole
    multiples of the spacing. The number of cells times their area estimates a nation's land without bias; a nation of
    few cells (Luxembourg has five) is known to about a quarter of its area only. Inland water counts as land.
    """
    codes = _with_data(nations)
    european = [code for code in codes if code in EUROPE]
    american = [code for code in codes if code in NORTH_AMERICA]
    return _cells(european, spacing_km, EUROPE_PROJECTION).concat(
        _cells(american, north_america_spacing_km, NORTH_AMERICA_PROJECTION)
    )


def _cells(codes: Sequence[str], spacing_km: float, projection: str) -> AimPoints:
    """Return the cells of nations on one grid."""
    import shapely

    if not spacing_km > 0.0:
        raise ValueError(f"a grid spacing must be positive, got {spacing_km} km")
    outlines = {str(item["properties"]["iso_a3"]): shape for item, shape in _shapes()}
    latitude_deg, longitude_deg = _grid_centres([outlines[code] for code in codes], spacing_km, projection)
    owner = np.full(latitude_deg.size, -1)
    for number, code in enumerate(codes):
        shape = outlines[code]
        west, south, east, north = shape.bounds
        near = (latitude_deg >= south) & (latitude_deg <= north) & (longitude_deg >= west) & (longitude_deg <= east)
        candidates = np.flatnonzero(near & (owner < 0))
        shapely.prepare(shape)
        inside = shapely.contains_xy(shape, longitude_deg[candidates], latitude_deg[candidates])
        owner[candidates[inside]] = number
    order = np.argsort(owner, kind="stable")
    order = order[owner[order] >= 0]
    latitude_deg, longitude_deg = latitude_deg[order], longitude_deg[order]
    return AimPoints(
        name=np.array(
            [f"land {lat:.2f} {lon:.2f}" for lat, lon in zip(latitude_deg, longitude_deg, strict=True)], dtype=np.str_
        ),
        nation=np.array(codes, dtype=np.str_)[owner[order]] if codes else np.empty(0, dtype=np.str_),
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        population=np.zeros(order.size),
        area_km2=np.full(order.size, spacing_km**2),
        kind=np.full(order.size, "land"),
    )


def _grid_centres(
    shapes: Sequence[BaseGeometry], spacing_km: float, projection: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return latitude and longitude [deg] of the cell centres over outlines, north of the Tropic of Cancer."""
    import shapely
    from pyproj import Transformer

    corners = shapely.get_coordinates(shapes)
    corners = corners[corners[:, 1] > TROPIC_OF_CANCER_DEG]
    if not len(corners):
        return np.empty(0), np.empty(0)
    transformer = Transformer.from_crs("EPSG:4326", projection, always_xy=True)
    spacing = spacing_km * _KILOMETRE
    axes = []
    for coordinate in transformer.transform(corners[:, 0], corners[:, 1]):
        first, last = np.floor(coordinate.min() / spacing), np.ceil(coordinate.max() / spacing)
        axes.append((np.arange(first, last) + 0.5) * spacing)
    x, y = (grid.ravel() for grid in np.meshgrid(*axes))
    longitude_deg, latitude_deg = transformer.transform(x, y, direction="INVERSE")
    north = latitude_deg > TROPIC_OF_CANCER_DEG
    return latitude_deg[north], longitude_deg[north]


def _with_data(nations: Iterable[str]) -> list[str]:
    """Return the codes, each once, refusing a nation that the package holds no data of."""
    codes = list(dict.fromkeys(nations))
    missing = [code for code in codes if code not in WITH_PLACES]
    for code in missing:
        if code not in ISO_3166_ALPHA_3:
            raise UnknownNameError("nation", code, WITH_PLACES)
    if missing:
        raise InputError(f"nations: {no_places(', '.join(missing))}")
    return codes


def _text(name: str) -> str:
    """Return the text of a gzipped file that travels with the package."""
    return gzip.decompress(files("hoplon.scenario").joinpath("catalogue", name).read_bytes()).decode("utf-8")


@cache
def _countries() -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(_text("countries-50m.geojson.gz"))["features"]
    return features


@cache
def _shapes() -> list[tuple[dict[str, Any], BaseGeometry]]:
    from shapely.geometry import shape

    return [(item, shape(item["geometry"])) for item in _countries()]


@cache
def _places_by_nation() -> dict[str, list[_Place]]:
    """Return the places north of the Tropic of Cancer by nation."""
    found: dict[str, list[_Place]] = {code: [] for code in WITH_PLACES}
    rows = csv.reader(io.StringIO(_text("places.csv.gz"), newline=""))  # names hold commas: "Washington, D.C."
    next(rows)
    for name, nation, latitude, longitude, population, feature in rows:
        if float(latitude) > TROPIC_OF_CANCER_DEG:
            place = _Place(name, nation, float(latitude), float(longitude), int(population), feature == "PPLC")
            found[nation].append(place)
    return found
