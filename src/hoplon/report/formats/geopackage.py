"""GeoPackage: layers as tables of one SQLite database, with nothing but the standard library and Shapely.

The same content gives the same bytes: the times that the format asks for are fixed.

References
----------
OGC 12-128r18, *GeoPackage Encoding Standard*, version 1.3.1: clauses 1.1 (contents, reference systems), 2.1 (features),
annex F.8 (metadata extension).
"""

from __future__ import annotations

import json
import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import shapely

from hoplon.analysis.placed.sites import radar_range_layer
from hoplon.analysis.records import provenance_of
from hoplon.report.formats.columns import MapContent, cells, column_types, place_layer, turned
from hoplon.report.formats.geojson import places_geojson
from hoplon.report.formats.places_and_paths import title_of
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from hoplon.analysis.records import FeatureLayer
    from hoplon.scenario.model import Scenario

_APPLICATION_ID: Final = 0x47504B47  # "GPKG"
_USER_VERSION: Final = 10301
_WGS_84: Final = 4326
_MADE: Final = "2000-01-01T00:00:00.000Z"  # the same for every file
_SQL_TYPES: Final = {bool: "BOOLEAN", int: "INTEGER", float: "REAL", str: "TEXT"}
_WKT: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_METADATA: Final = "gpkg_metadata"
_TABLES: Final = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
"""


def places(scenario: Scenario, architecture: str | None) -> bytes:
    """Return launch areas and elements as a GeoPackage; of one architecture also how far its radars reach."""
    shown: tuple[FeatureLayer, ...] = (place_layer(places_geojson(scenario, architecture)["features"]),)
    if architecture is not None:
        resolved = scenario.architecture(known_name("architecture", architecture, scenario.architectures))
        shown += (radar_range_layer(scenario, resolved, tuple(scenario.threats)),)
    made = provenance_of(scenario.name, scenario.sha256)
    return layers(MapContent(title_of(scenario, architecture), made, shown))


def layers(content: MapContent) -> bytes:
    """Return a GeoPackage with a table for each layer; what made it stands in its metadata, as JSON."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(f"PRAGMA application_id = {_APPLICATION_ID}; PRAGMA user_version = {_USER_VERSION};")
        database.executescript(_TABLES)
        database.executemany(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
            [
                ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinates"),
                ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinates"),
                ("WGS 84 geodetic", _WGS_84, "EPSG", _WGS_84, _WKT, "longitude, latitude [deg] on WGS 84"),
            ],
        )
        for layer in content.layers:
            _add_layer(database, layer)
        _add_metadata(database, content)
        database.commit()
        return bytes(database.serialize())


def _add_layer(database: sqlite3.Connection, layer: FeatureLayer) -> None:
    types, shapes = column_types(layer), [turned(shape) for shape, _ in layer.rows]
    known = [shape for shape in shapes if shape is not None and not shape.is_empty]
    bounds = shapely.total_bounds(known).tolist() if known else [None] * 4
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
        (layer.name, layer.name, layer.title, _MADE, *bounds, _WGS_84),
    )
    forms = {shape.geom_type.upper() for shape in known}
    has_z = {bool(shape.has_z) for shape in known}
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, ?, 0)",
        (layer.name, forms.pop() if len(forms) == 1 else "GEOMETRY", _WGS_84, _dimension(has_z)),
    )
    columns = ["fid INTEGER PRIMARY KEY NOT NULL", "geom GEOMETRY"]
    columns += [f"{_quoted(key)} {_SQL_TYPES[kind]}" for key, kind in types.items()]
    database.execute(f"CREATE TABLE {_quoted(layer.name)} ({', '.join(columns)})")
    places = ", ".join("?" * (2 + len(types)))
    database.executemany(
        f"INSERT INTO {_quoted(layer.name)} VALUES ({places})",
        [
            (number + 1, None if shape is None else geometry_blob(shape), *row.values())
            for number, (shape, row) in enumerate(zip(shapes, cells(layer, types), strict=True))
        ],
    )


def _dimension(has_z: set[bool]) -> int:
    """Return 0 where no geometry has altitudes, 1 where all have, 2 where some have."""
    return 2 if len(has_z) > 1 else int(True in has_z)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def geometry_blob(shape: Any) -> bytes:
    """Return a geometry as a GeoPackage holds it: header, envelope unless it is a point, well-known binary.

    References
    ----------
    OGC 12-128r18, clause 2.1.3: flags are byte order (bit 0), contents of the envelope (bits 1 to 3), empty (bit 4).
    """
    empty = bool(shape.is_empty)
    envelope = b""
    flags = 0b00000001 | (0b00010000 if empty else 0)
    if not empty and shape.geom_type != "Point":
        west, south, east, north = shape.bounds
        envelope, flags = struct.pack("<4d", west, east, south, north), flags | 0b00000010
    wkb: bytes = shapely.to_wkb(shape, byte_order=1, flavor="iso")
    return b"GP" + struct.pack("<BBi", 0, flags, _WGS_84) + envelope + wkb


def _add_metadata(database: sqlite3.Connection, content: MapContent) -> None:
    told = json.dumps({"title": content.title, "made_by": "hoplon", **content.provenance})
    database.execute(
        "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'https://json-schema.org/', 'application/json', ?)", (told,)
    )
    database.execute(
        "INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?, 1, NULL)", (_MADE,)
    )
    database.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', "
        "'http://www.geopackage.org/spec131/#extension_metadata', 'read-write')",
        [(_METADATA,), (f"{_METADATA}_reference",)],
    )
