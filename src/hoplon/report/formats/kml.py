"""KML: the places of a scenario, and the paths of a raid with their times."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from hoplon.earth.geodesy import normal_and_altitude
from hoplon.errors import OutputError
from hoplon.report.formats.places_and_paths import (
    at,
    made,
    made_playback,
    paths_of,
    places_of,
    places_of_raid,
    title_of,
)
from hoplon.units import DEGREE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hoplon.analysis.raid.playback import Playback
    from hoplon.analysis.raid.setup import RaidSetup
    from hoplon.scenario.model import Scenario


def _kml() -> Any:
    try:
        import simplekml  # type: ignore[import-untyped]
    except ImportError:
        raise OutputError("KML needs simplekml: pip install simplekml") from None
    simplekml.Kml.resetidcounter()  # else the identifiers of a document depend on those made before it
    return simplekml


def places(scenario: Scenario, architecture: str | None) -> bytes:
    """Return the places of a scenario, or of one architecture, as a KML document, a folder a form."""
    document = _kml().Kml(name=title_of(scenario, architecture), description=escape(made(scenario)))
    folders: dict[str, Any] = {}
    for name, shown, form, place in places_of(scenario, architecture):
        if form not in folders:
            folders[form] = document.newfolder(name=form)
        point = folders[form].newpoint(name=shown, description=name)
        point.coords = [(place.longitude_deg, place.latitude_deg, float(place.altitude_m))]
    return str(document.kml()).encode()


def playback(setup: RaidSetup, played: Playback) -> bytes:
    """Return a playback as KML: places, and the paths of threats and interceptors with their times."""
    simplekml = _kml()
    title = f"{played.raid} against {played.architecture}, seed {played.seed}"
    document = simplekml.Kml(name=title, description=escape(made_playback(setup, played)))
    for name, title, _, place in places_of_raid(setup):
        point = document.newpoint(name=title, description=name)
        point.coords = [(place.longitude_deg, place.latitude_deg, float(place.altitude_m))]
    threats, shots = paths_of(setup, played)

    def fly(folder: Any, name: str, words: str, times: Any, path: Any, colour: str) -> None:
        track = folder.newgxtrack(name=name, description=words, altitudemode=simplekml.AltitudeMode.absolute)
        track.newwhen([at(float(time)).isoformat().replace("+00:00", "Z") for time in times])
        track.newgxcoord([_degrees(position) for position in path])
        track.stylemap.normalstyle.linestyle.color = colour
        track.stylemap.normalstyle.linestyle.width = 2

    flights, interceptors = document.newfolder(name="Threats"), document.newfolder(name="Interceptors")
    for threat, times, path in threats:
        fly(flights, threat.name, "leaked" if threat.leaked else "killed", times, path, "ff1f49d1")
    for number, shot, times, path in shots:
        fly(interceptors, f"{shot.battery} {number}", shot.outcome, times, path, "ff6b7300")
    return str(document.kml()).encode()


def _degrees(position: NDArray[np.float64]) -> tuple[float, float, float]:
    ux, uy, uz, altitude = normal_and_altitude(*(float(value) for value in position))
    longitude, latitude = np.arctan2(uy, ux), np.arctan2(uz, np.hypot(ux, uy))
    return round(float(longitude) / DEGREE, 6), round(float(latitude) / DEGREE, 6), round(float(altitude), 1)
