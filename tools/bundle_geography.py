"""Make the bundled data of people, places and nations from the files that they are taken from.

``python tools/bundle_geography.py FOLDER`` reads ``places.csv.gz``, ``places-world.csv.gz``, ``regions.csv`` and
``countries-50m.geojson.gz`` in the folder and writes them, clipped, with ``nations.csv``, to the catalogue; the same
files give the same bytes. With ``--check`` nothing is written, and the exit code is 1 if a bundled file differs.

- ``places.csv.gz``: places of nations whose people are known by region, with their region.
- ``places-world.csv.gz``: places of every other nation that ISO 3166-1 has; their regions are left out, for no totals
  are known of them, and so is Kosovo, which has no code there.
- ``regions.csv``: people by region with the source; regions without any place are added with their people, so that it
  can be said who is counted nowhere.
- ``nations.csv``: what is known of each nation, one row for every code of ISO 3166-1 with an outline: its people where
  they are not known by region, the edge of the area that is studied, its land there, the projection of its land grid.
- ``countries-50m.geojson.gz``: as it is.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from pyproj import Geod
from shapely import box
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from hoplon.scenario.countries import ISO_3166_ALPHA_3

CATALOGUE: Final = Path(__file__).resolve().parents[1] / "src" / "hoplon" / "scenario" / "catalogue"
EUROSTAT: Final = "Eurostat, table tgs00096"
CENSUSES: Final = {
    "USA": "US Census Bureau, census of 1 April 2020",
    "CAN": "Statistics Canada, census of May 2016",
}
"""Where the column 2018 of a nation is a census of another year."""

# Regions without a place of 50,000 people, from the same censuses; with them and Hawaii (1,455,271) the states add up
# to the 331,449,281 people of the census of 2020, and the provinces and territories to the 35,151,728 of 2016.
WITHOUT_PLACES: Final = (
    ("US-VT", "Vermont", "USA", 643_077),
    ("US-WV", "West Virginia", "USA", 1_793_716),
    ("CA-09", "Prince Edward Island", "CAN", 142_907),
    ("CA-12", "Yukon", "CAN", 35_874),
    ("CA-13", "Northwest Territories", "CAN", 41_786),
    ("CA-14", "Nunavut", "CAN", 35_944),
)
TROPIC_OF_CANCER_DEG: Final = 23.4365  # [deg] mean obliquity of the ecliptic of 2020, IAU 2006
NORTH_AMERICA: Final = ("CAN", "USA")  # of the nations with people by region; the others of them are in Europe
GRIDS: Final = {
    "europe": "EPSG:3035",  # ETRS89-extended, Lambert azimuthal equal-area, centre 52 N 10 E
    "north-america": "+proj=laea +lat_0=50 +lon_0=-100 +datum=WGS84 +units=m",
}
NATION_COLUMNS: Final = (
    *("nation", "name", "people", "people_year", "treaty_area", "southern_limit_deg", "places", "land_km2", "grid"),
    *("capital", "capital_lat", "capital_lon"),
)
_GEOD: Final = Geod(ellps="WGS84")


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file, gzipped or not."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def csv_of(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> bytes:
    """Return rows as CSV."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8")


def regions_of(given: list[dict[str, str]], places: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return the regions with their sources, those without places at the end of their nation's.

    Raises
    ------
    SystemExit
        If a place is in no region, a region in another nation, or a region without people or places is not accounted
        for.
    """
    held = Counter((place["nation"], place["region"]) for place in places)
    listed = {(row["nation"], row["region"]) for row in given}
    if wrong := sorted(set(held) - listed):
        raise SystemExit(f"places in regions that regions.csv does not hold: {wrong}")
    if wrong := sorted(listed - set(held)):
        raise SystemExit(f"regions without places: {wrong}")
    if wrong := sorted({row[0] for row in WITHOUT_PLACES} & {row["region"] for row in given}):
        raise SystemExit(f"regions that are said to have no place and are listed: {wrong}")
    found = [dict(row, source=CENSUSES.get(row["nation"], EUROSTAT)) for row in given]
    for region, name, nation, people in WITHOUT_PLACES:
        row = {"region": region, "name": name, "nation": nation, "population_2018": str(people)}
        found.append(dict(row, source=CENSUSES[nation]))
    order = {row["nation"]: place for place, row in reversed(list(enumerate(found)))}
    return sorted(found, key=lambda row: order[row["nation"]])


def nations_of(
    features: list[dict[str, Any]], by_region: set[str], places: list[dict[str, str]]
) -> list[dict[str, Any]]:
    """Return what is known of each nation."""
    capitals = {place["nation"]: place for place in places if place["feature_code"] == "PPLC"}
    held = Counter(place["nation"] for place in places)
    parts: dict[str, list[dict[str, Any]]] = {}
    for feature in features:
        if feature["properties"]["iso_a3"] in ISO_3166_ALPHA_3:
            parts.setdefault(feature["properties"]["iso_a3"], []).append(feature)
    rows = []
    for code in sorted(parts):
        largest = max(parts[code], key=lambda feature: feature["properties"]["population"])["properties"]
        area = ("north-america" if code in NORTH_AMERICA else "europe") if code in by_region else ""
        outline = [shape(feature["geometry"]) for feature in parts[code]]
        if area:
            outline = [part.intersection(box(-180, TROPIC_OF_CANCER_DEG, 180, 90)) for part in outline]
        capital = capitals.get(code)
        rows.append(
            {
                "nation": code,
                "name": largest["name"],
                "people": "" if area else sum(feature["properties"]["population"] for feature in parts[code]),
                "people_year": "" if area else largest["population_year"],
                "treaty_area": area,
                "southern_limit_deg": TROPIC_OF_CANCER_DEG if area else "",
                "places": held[code],
                "land_km2": f"{land_km2(outline):.6g}",
                "grid": GRIDS[area] if area else own_grid(outline),
                "capital": "" if capital is None else capital["name"],
                "capital_lat": "" if capital is None else capital["lat"],
                "capital_lon": "" if capital is None else capital["lon"],
            }
        )
    return rows


def land_km2(outline: Sequence[BaseGeometry]) -> float:
    """Return the area of outlines on the ellipsoid [km2]."""
    return sum(abs(_GEOD.geometry_area_perimeter(part)[0]) for part in outline) / 1e6


def own_grid(outline: Sequence[BaseGeometry]) -> str:
    """Return an equal-area projection about the middle of outlines: the mean of the directions to their parts."""
    east = north = up = 0.0
    for part in (polygon for item in outline for polygon in getattr(item, "geoms", [item])):
        longitude, latitude = (math.radians(value) for value in (part.centroid.x, part.centroid.y))
        weight = part.area * math.cos(latitude)
        east += weight * math.cos(latitude) * math.cos(longitude)
        north += weight * math.cos(latitude) * math.sin(longitude)
        up += weight * math.sin(latitude)
    latitude, longitude = math.degrees(math.atan2(up, math.hypot(east, north))), math.degrees(math.atan2(north, east))
    return f"+proj=laea +lat_0={round(latitude)} +lon_0={round(longitude)} +datum=WGS84 +units=m"


def bundle(folder: Path) -> dict[str, bytes]:
    """Return the bundled files by name."""
    places, world = rows_of(folder / "places.csv.gz"), rows_of(folder / "places-world.csv.gz")
    regions, outlines = rows_of(folder / "regions.csv"), (folder / "countries-50m.geojson.gz").read_bytes()
    by_region = {row["nation"] for row in regions}
    if wrong := sorted({place["nation"] for place in places} ^ by_region):
        raise SystemExit(f"nations with places or regions alone: {wrong}")
    if wrong := sorted({place["nation"] for place in world} & by_region):
        raise SystemExit(f"nations in both lists of places: {wrong}")
    elsewhere = [place for place in world if place["nation"] in ISO_3166_ALPHA_3]
    if wrong := sorted(row["region"] for row in regions if not row["population_2018"]):
        raise SystemExit(f"regions without people in 2018: {wrong}")
    years = [column for column in regions[0] if column.startswith("population_")]
    nations = nations_of(json.loads(gzip.decompress(outlines))["features"], by_region, [*places, *elsewhere])
    if wrong := sorted({place["nation"] for place in elsewhere} - {row["nation"] for row in nations}):
        raise SystemExit(f"nations with places and no outline: {wrong}")
    columns = ("name", "nation", "lat", "lon", "population")
    return {
        "places.csv.gz": gzip.compress(csv_of((*columns, "region"), places), 9, mtime=0),
        "places-world.csv.gz": gzip.compress(csv_of(columns, elsewhere), 9, mtime=0),
        "regions.csv": csv_of(("region", "name", "nation", *years, "source"), regions_of(regions, places)),
        "nations.csv": csv_of(NATION_COLUMNS, nations),
        "countries-50m.geojson.gz": outlines,
    }


def main() -> int:
    """Write the bundled files, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the files are that the bundled ones are made from")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a bundled file differs")
    arguments = parser.parse_args()
    differing = 0
    for name, content in bundle(arguments.folder).items():
        path = CATALOGUE / name
        if path.exists() and path.read_bytes() == content:
            continue
        differing += 1
        if arguments.check:
            print(f"{path} differs from what {arguments.folder} gives")
        else:
            path.write_bytes(content)
    return int(arguments.check and differing > 0)


if __name__ == "__main__":
    raise SystemExit(main())
