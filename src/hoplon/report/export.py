"""The places of a scenario in a format of other tools."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from hoplon.analysis.records import Answer, FeatureLayer, PlacedRow, Row, provenance_of
from hoplon.files import write_bytes
from hoplon.report.formats import BINARY, PLACES, format_named
from hoplon.report.formats.columns import place_layer
from hoplon.report.formats.geojson import places_geojson
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario


@dataclass(frozen=True, repr=False)
class ExportedPlaces(Answer):
    """The places of a scenario as a file for other tools.

    Attributes
    ----------
    scenario : str
    file_format : str
    content : bytes
        Of the file.
    features : tuple of dict
        GeoJSON features of the places.
    path : Path or None
        The file that it was written to.
    scenario_sha256 : str
    """

    scenario: str
    file_format: str
    content: bytes
    features: tuple[dict[str, Any], ...]
    path: Path | None
    scenario_sha256: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the path and how many places it holds."""
        return {"path": None if self.path is None else str(self.path), "features": len(self.features)}

    def placed_rows(self) -> list[PlacedRow]:
        """Return each place with its properties."""
        return [(shapely.geometry.shape(item["geometry"]), item["properties"]) for item in self.features]

    def provenance(self) -> dict[str, Any]:
        """Return version, scenario and digest."""
        return provenance_of(self.scenario, self.scenario_sha256)

    def layers(self) -> tuple[FeatureLayer, ...]:
        """Return the places."""
        return (place_layer(self.features),)

    @property
    def text(self) -> str:
        """The file as text.

        Raises
        ------
        ValueError
            For a format that is no text.
        """
        if self.file_format in BINARY:
            raise ValueError(f"{self.file_format} is no text; its bytes are `content`")
        return self.content.decode()

    def line(self) -> str:
        """Return how many places, in which format, in one line."""
        return f"{self.scenario}: {len(self.features)} places as {self.file_format}, {len(self.content):,} bytes"

    def rows(self) -> list[Row]:
        """Return a row for each place."""
        return [
            {
                "name": feature["id"],
                "longitude_deg": feature["geometry"]["coordinates"][0],
                "latitude_deg": feature["geometry"]["coordinates"][1],
                "form": feature["properties"]["form"],
                "title": feature["properties"]["title"],
            }
            for feature in self.features
        ]


def export_places(scenario: Scenario, file_format: str, path: Path | None, architecture: str | None) -> ExportedPlaces:
    """Return, and write to a file if one is named, the places of a scenario or of one architecture.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    OutputError
        If the file cannot be written; it is written whole or not at all.
    """
    file_format = known_name("format", file_format, PLACES)
    content: bytes = format_named(file_format).places(scenario, architecture)
    if path is not None:
        write_bytes(path, content)
    features = tuple(places_geojson(scenario, architecture)["features"])
    return ExportedPlaces(scenario.name, file_format, content, features, path, scenario.sha256)
