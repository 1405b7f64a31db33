"""KML: the places of a scenario, and the paths of a raid with their times."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree

import numpy as np

from hoplon.earth.geodesy import normal_and_altitude
from hoplon.extras import extra
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


_KML: Final = "{http://www.opengis.net/kml/2.2}"
_GX: Final = "{http://www.google.com/kml/ext/2.2}"
_HEAD: Final = ("name", "visibility", "open", "address", "phoneNumber", "Snippet", "snippet", "description")
ElementTree.register_namespace("", _KML[1:-1])
ElementTree.register_namespace("gx", _GX[1:-1])
ElementTree.register_namespace("atom", "http://www.w3.org/2005/Atom")


def _kml() -> Any:
    with extra("globe", "KML"):
        import simplekml  # type: ignore[import-untyped]
    simplekml.Kml.resetidcounter()  # else the identifiers of a document depend on those made before it
    return simplekml


def _written(document: Any) -> bytes:
    """Return a document as the schema of KML 2.2 has it.

    Identifiers are names and begin with a letter, and what a folder is called comes before its styles; simplekml gives
    numbers, and writes styles first.
    """
    root = ElementTree.fromstring(document.kml())
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", f"id-{element.get('id')}")
        if element.tag in (f"{_KML}styleUrl", f"{_KML}targetHref") and (element.text or "").startswith("#"):
            element.text = f"#id-{str(element.text)[1:]}"
        if element.tag == f"{_GX}Track":  # how altitudes are meant comes before the times and places
            element[:] = sorted(element, key=lambda part: part.tag != f"{_KML}altitudeMode")
        if element.tag in (f"{_KML}Document", f"{_KML}Folder"):
            element[:] = sorted(element, key=_place_of)
    ElementTree.indent(root, "  ")
    content: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content + b"\n"


def _place_of(element: ElementTree.Element) -> int:
    """Return where a part of a folder belongs: what it is called, its styles, what is in it."""
    name = element.tag.removeprefix(_KML)
    if name in _HEAD:
        return _HEAD.index(name)
    return len(_HEAD) + (name not in ("Style", "StyleMap"))


def places(scenario: Scenario, architecture: str | None) -> bytes:
    """Return the places of a scenario, or of one architecture, as a KML document, a folder a form."""
    document = _kml().Kml(name=title_of(scenario, architecture), description=escape(made(scenario)))
    folders: dict[str, Any] = {}
    for name, shown, form, place in places_of(scenario, architecture):
        if form not in folders:
            folders[form] = document.newfolder(name=form)
        point = folders[form].newpoint(name=shown, description=name)
        point.coords = [(place.longitude_deg, place.latitude_deg, float(place.altitude_m))]
    return _written(document)


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
    return _written(document)


def _degrees(position: NDArray[np.float64]) -> tuple[float, float, float]:
    ux, uy, uz, altitude = normal_and_altitude(*(float(value) for value in position))
    longitude, latitude = np.arctan2(uy, ux), np.arctan2(uz, np.hypot(ux, uy))
    return round(float(longitude) / DEGREE, 6), round(float(latitude) / DEGREE, 6), round(float(altitude), 1)
