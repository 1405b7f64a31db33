"""A place that a user gives beside the scenario: an option or an argument."""

from __future__ import annotations

import math
from typing import Any

from hoplon.errors import InputError


def place_of(what: str, given: Any, east: float = 180.0) -> tuple[float, float]:
    """Return a place, refused if it is none.

    Parameters
    ----------
    what : str
        The option or argument, for messages.
    given : pair of float
        Latitude and longitude [degrees north and east].
    east : float
        Greatest longitude.

    Raises
    ------
    InputError
        If it is no pair of numbers, or off the Earth; a swapped pair is named.
    """
    try:
        latitude, longitude = (math.nan if isinstance(value, (str, bytes, bool)) else float(value) for value in given)
    except (TypeError, ValueError):
        raise InputError(f"{what}: (latitude, longitude) in degrees was expected, got {given!r:.60}") from None
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        raise InputError(f"{what}: finite degrees were expected, got {given!r:.60}")
    if 90 < abs(latitude) <= 180 and abs(longitude) <= 90:
        raise InputError(
            f"{what}: latitude must be from -90 to 90 degrees, got {latitude:g}; "
            f"latitude and longitude swapped? Then {longitude:g},{latitude:g}"
        )
    for name, value, least, most in (("latitude", latitude, -90.0, 90.0), ("longitude", longitude, -180.0, east)):
        if not least <= value <= most:
            raise InputError(f"{what}: {name} must be from {least:g} to {most:g} degrees, got {value:g}")
    return latitude, longitude
