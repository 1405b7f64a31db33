"""The columns of a scenario's places in tables for other tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Feature = Mapping[str, Any]
"""A GeoJSON feature of a point."""
TEXTS: Final = ("form", "type", "title", "owner", "basing")
NUMBERS: Final = {"from": "year", "until": "year", "interceptors": "1"}


def longitude_latitude_altitude(feature: Feature) -> tuple[float, float, float]:
    """Return the place of a feature [deg, deg, m]."""
    longitude, latitude, *altitude = feature["geometry"]["coordinates"]
    return longitude, latitude, altitude[0] if altitude else 0.0
