"""Aim points of nations, populated places and land, and outlines for maps.

The data travel with the package: country outlines and national totals from Natural Earth 1:50m (public domain),
populated places from GeoNames (CC BY 4.0, :data:`GEONAMES_ATTRIBUTION`), people by region from Eurostat and the
censuses of the United States and Canada (:mod:`hoplon.scenario.people`). Of the members of the North Atlantic Treaty
what lies south of its area (article 6: the Tropic of Cancer) is left out; of any other nation nothing is. Greenland and
Cyprus have codes of their own and are in no member's outline.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.errors import InputError
from hoplon.scenario.nations import EUROPE as EUROPE
from hoplon.scenario.nations import NORTH_AMERICA as NORTH_AMERICA
from hoplon.scenario.nations import capitals as capitals
from hoplon.scenario.nations import country_names as country_names
from hoplon.scenario.nations import nation_records, text, with_data
from hoplon.scenario.people import place_records, scaled_people

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

GEONAMES_ATTRIBUTION: Final = (
    "Populated places: GeoNames (https://www.geonames.org), licensed under Creative Commons Attribution 4.0 "
    "(https://creativecommons.org/licenses/by/4.0/); populations scaled region by region, or nation by nation where no "
    "totals of regions are known."
)
PEOPLE_ATTRIBUTION: Final = (
    "People by region: Eurostat, table tgs00096 (\u00a9 European Union, reuse with attribution); US Census Bureau, "
    "2020; Statistics Canada, 2016."
)
NATURAL_EARTH_ATTRIBUTION: Final = (
    "Country outlines, and people of nations without regions: Natural Earth 1:50m (https://www.naturalearthdata.com), "
    "public domain."
)

TROPIC_OF_CANCER_DEG: Final = 23.4365  # [deg] mean obliquity of the ecliptic of 2020, IAU 2006

EUROPE_PROJECTION: Final = "EPSG:3035"  # ETRS89-extended, Lambert azimuthal equal-area, centre 52 N 10 E
NORTH_AMERICA_PROJECTION: Final = "+proj=laea +lat_0=50 +lon_0=-100 +datum=WGS84 +units=m"  # equal-area, as EPSG:3035

CELLS_KM: Final = ((4e6, 100.0), (1e6, 50.0), (2000.0, 25.0), (400.0, 10.0), (0.0, 5.0))
"""Least land of a nation [km2], and the side of its land cells [km]; the first that holds counts."""

_KILOMETRE: Final = 1000.0  # [m]
_LIMITS: Final = {
    "latitude_deg": (-90.0, 90.0, "degrees north"),
    "longitude_deg": (-180.0, 180.0, "degrees east"),
    "population": (0.0, 1e10, "people"),
    "area_km2": (0.0, 6e8, "km2"),
}


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

    Raises
    ------
    InputError
        If the arrays are not of one length, or a number is none, not finite, or out of its range.
    """

    name: NDArray[np.str_]
    nation: NDArray[np.str_]
    latitude_deg: NDArray[np.float64]
    longitude_deg: NDArray[np.float64]
    population: NDArray[np.float64]
    area_km2: NDArray[np.float64]
    kind: NDArray[np.str_]

    def __post_init__(self) -> None:
        """Hold the numbers as floats and the texts as texts, refused where they are none."""
        for key in ("name", "nation", "kind"):
            object.__setattr__(self, key, _texts(key, getattr(self, key)))
        for key, limits in _LIMITS.items():
            object.__setattr__(self, key, _numbers(key, getattr(self, key), *limits))
        for key in ("nation", *_LIMITS, "kind"):
            if len(getattr(self, key)) != len(self.name):
                raise InputError(
                    f"points: {key}: {len(self.name)} values were expected, one a name, got {len(getattr(self, key))}"
                )

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.name)

    def digest(self) -> str:
        """Return the BLAKE2b digest of all that the points are."""
        found = hashlib.blake2b(digest_size=16)
        for numbers in (self.latitude_deg, self.longitude_deg, self.population, self.area_km2):
            found.update(np.ascontiguousarray(numbers, "<f8").tobytes())
        for texts in (self.name, self.nation, self.kind):
            found.update("\0".join(texts.tolist()).encode() + b"\0\0")
        return found.hexdigest()

    def concat(self, other: AimPoints) -> AimPoints:
        """Return these points followed by the other ones; its arrays are read-only."""
        return _read_only(np.concatenate(pair) for pair in zip(self.columns(), other.columns(), strict=True))

    def subset(self, mask: NDArray[Any]) -> AimPoints:
        """Return the points that a mask (n,) of bool, or an array of indices, selects; its arrays are read-only."""
        return _read_only(column[mask] for column in self.columns())

    def columns(self) -> tuple[NDArray[Any], ...]:
        """Return the arrays, in the order of the parameters."""
        return (
            self.name,
            self.nation,
            self.latitude_deg,
            self.longitude_deg,
            self.population,
            self.area_km2,
            self.kind,
        )


def _texts(key: str, given: Any) -> NDArray[np.str_]:
    found = np.asarray(given)
    if found.dtype.kind == "U" and found.ndim == 1:
        return found
    items = list(given) if found.ndim == 1 else []
    if found.ndim != 1 or not all(isinstance(item, str) for item in items):
        raise InputError(f"points: {key}: texts in one row were expected")
    return np.array(items, dtype=np.str_)


def _numbers(key: str, given: Any, least: float, most: float, unit: str) -> NDArray[np.float64]:
    found = np.asarray(given)
    if found.ndim != 1 or (found.size and found.dtype.kind not in "fiu") or np.ma.is_masked(given):
        raise InputError(f"points: {key}: numbers in one row were expected, none masked")
    numbers = found.astype(np.float64, copy=False)
    inside = (numbers >= least) & (numbers <= most)
    if not inside.all():
        at = int(np.argmin(inside))
        raise InputError(f"points: {key}[{at}]: must be from {least:g} to {most:g} {unit}, got {numbers[at]:g}")
    return numbers


def _read_only(columns: Iterable[NDArray[Any]]) -> AimPoints:
    """Return points that nobody can change: those of a scenario are shared by every answer about it."""
    made = tuple(columns)
    for column in made:
        column.flags.writeable = False
    return AimPoints(*made)


def places(nations: Sequence[str], year: int | None = None) -> AimPoints:
    """Return the populated places of nations, scaled so that each region sums to its official count.

    Parameters
    ----------
    nations : sequence of str
        ISO 3166-1 alpha-3 codes.
    year : int, optional
        Of the people; :data:`hoplon.scenario.people.POPULATION_YEAR` by default.

    Returns
    -------
    AimPoints
        In the order of the nations given, within a nation in that of the data file. A nation without places has none.

    Raises
    ------
    UnknownNameError
        If a code is none of ISO 3166-1.
    InputError
        If the package holds neither places nor land of a nation, or no people by region of the year.

    Notes
    -----
    Places of 2,000 people and more (50,000 in the United States and Canada, 15,000 outside the members of the North
    Atlantic Treaty) stand for everyone: the people of the countryside are moved to the places of their region by the
    factor that :func:`hoplon.scenario.people.people_by_region` publishes.
    """
    codes = with_data(nations)
    rows = [row for code in codes for row in place_records(code)]
    return AimPoints(
        name=np.array([row.name for row in rows], dtype=np.str_),
        nation=np.array([code for code in codes for _ in place_records(code)], dtype=np.str_),
        latitude_deg=np.array([row.latitude_deg for row in rows], dtype=np.float64),
        longitude_deg=np.array([row.longitude_deg for row in rows], dtype=np.float64),
        population=np.array([people for code in codes for people in scaled_people(code, year)], dtype=np.float64),
        area_km2=np.zeros(len(rows)),
        kind=np.full(len(rows), "place"),
    )


def borders() -> list[tuple[str, str, BaseGeometry]]:
    """Return code, name and outline of every country, WGS 84 [deg], for maps.

    Notes
    -----
    Nothing is cut off here. Outlines are not stitched across the antimeridian.
    """
    return [(str(item["properties"]["iso_a3"]), str(item["properties"]["name"]), shape) for item, shape in _shapes()]


def cell_km(nation: str) -> float:
    """Return the side of the land cells of a nation [km], by its land: :data:`CELLS_KM`."""
    land_km2 = nation_records()[nation].land_km2
    return next(side for least, side in CELLS_KM if land_km2 >= least)


def land_grid(nations: Sequence[str], spacing_km: float | None = None) -> AimPoints:
    """Return the centres of equal-area cells of the nations' land in the area studied.

    Parameters
    ----------
    nations : sequence of str
        ISO 3166-1 alpha-3 codes.
    spacing_km : float, optional
        Side of a cell [km], positive; by default that of :func:`cell_km`: 25 km, 50 km from a million km2 of land on,
        100 km from four million on, and 10 or 5 km for the smallest nations.

    Returns
    -------
    AimPoints
        Each cell is given whole to the nation that its centre lies in. A nation that no centre lies in has one point,
        inside its largest part, that stands for all its land.

    Raises
    ------
    UnknownNameError
        If a code is none of ISO 3166-1.
    InputError
        If the package holds neither places nor land of a nation.
    ValueError
        If a spacing is not positive.

    Notes
    -----
    Square cells in a Lambert azimuthal equal-area projection, edges on whole multiples of the spacing: one grid for the
    members of the North Atlantic Treaty in Europe (EPSG:3035, Turkey included), one for those in North America, one
    about the middle of each other nation. The number of cells times their area estimates a nation's land without bias;
    a nation of few cells (Luxembourg has five) is known to about a quarter of its area only. Inland water counts as
    land.
    """
    if spacing_km is not None and not spacing_km > 0.0:
        raise ValueError(f"a grid spacing must be positive, got {spacing_km} km")
    grids: dict[tuple[str, float], list[str]] = {}
    for code in with_data(nations):
        spacing = cell_km(code) if spacing_km is None else spacing_km
        grids.setdefault((nation_records()[code].grid, spacing), []).append(code)
    found = [_cells(codes, spacing, projection) for (projection, spacing), codes in grids.items()]
    if not found:
        return places(())
    return AimPoints(*(np.concatenate(columns) for columns in zip(*(part.columns() for part in found), strict=True)))


def _cells(codes: Sequence[str], spacing_km: float, projection: str) -> AimPoints:
    """Return the cells of nations on one grid."""
    import shapely

    outlines = {code: _studied_outline(code) for code in codes}
    latitude_deg, longitude_deg = _grid_centres(list(outlines.values()), spacing_km, projection)
    owner = np.full(latitude_deg.size, -1)
    for number, shape in enumerate(outlines.values()):
        west, south, east, north = shape.bounds
        near = (latitude_deg >= south) & (latitude_deg <= north) & (longitude_deg >= west) & (longitude_deg <= east)
        candidates = np.flatnonzero(near & (owner < 0))
        shapely.prepare(shape)
        inside = shapely.contains_xy(shape, longitude_deg[candidates], latitude_deg[candidates])
        owner[candidates[inside]] = number
    centres = np.flatnonzero(owner >= 0)
    owner, latitude_deg, longitude_deg = owner[centres], latitude_deg[centres], longitude_deg[centres]
    area_km2 = np.full(centres.size, spacing_km**2)
    for number, code in enumerate(codes):
        if not (owner == number).any():
            point = max(shapely.get_parts(outlines[code]), key=lambda part: part.area).representative_point()
            owner = np.append(owner, number)
            latitude_deg, longitude_deg = np.append(latitude_deg, point.y), np.append(longitude_deg, point.x)
            area_km2 = np.append(area_km2, nation_records()[code].land_km2)
    order = np.argsort(owner, kind="stable")
    latitude_deg, longitude_deg = latitude_deg[order], longitude_deg[order]
    return AimPoints(
        name=np.array(
            [f"land {lat:.2f} {lon:.2f}" for lat, lon in zip(latitude_deg, longitude_deg, strict=True)], dtype=np.str_
        ),
        nation=np.array(codes, dtype=np.str_)[owner[order]],
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        population=np.zeros(order.size),
        area_km2=area_km2[order],
        kind=np.full(order.size, "land"),
    )


def _grid_centres(
    shapes: Sequence[BaseGeometry], spacing_km: float, projection: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return latitude and longitude [deg] of the cell centres over outlines."""
    import shapely
    from pyproj import Transformer

    corners = shapely.get_coordinates(shapes)
    transformer = Transformer.from_crs("EPSG:4326", projection, always_xy=True)
    spacing = spacing_km * _KILOMETRE
    axes = []
    for coordinate in transformer.transform(corners[:, 0], corners[:, 1]):
        first, last = np.floor(coordinate.min() / spacing), np.ceil(coordinate.max() / spacing)
        axes.append((np.arange(first, last) + 0.5) * spacing)
    x, y = (grid.ravel() for grid in np.meshgrid(*axes))
    longitude_deg, latitude_deg = transformer.transform(x, y, direction="INVERSE")
    on_globe = np.isfinite(latitude_deg) & np.isfinite(longitude_deg)
    return latitude_deg[on_globe], longitude_deg[on_globe]


def _studied_outline(nation: str) -> BaseGeometry:
    """Return all parts of a nation that lie in the area studied."""
    import shapely

    parts = [shape for item, shape in _shapes() if item["properties"]["iso_a3"] == nation]
    whole = parts[0] if len(parts) == 1 else shapely.union_all(parts)
    limit = nation_records()[nation].southern_limit_deg
    if limit is None or whole.bounds[1] >= limit:
        return whole
    return shapely.intersection(whole, shapely.box(-180.0, limit, 180.0, 90.0))


@cache
def _countries() -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(text("countries-50m.geojson.gz"))["features"]
    return features


@cache
def _shapes() -> list[tuple[dict[str, Any], BaseGeometry]]:
    from shapely.geometry import shape

    return [(item, shape(item["geometry"])) for item in _countries()]
