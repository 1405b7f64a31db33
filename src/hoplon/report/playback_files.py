"""Playback for other tools: CZML on a clock, KML; and the places of a scenario in both."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hoplon.analysis.raid.playback import interceptor_track, threat_track
from hoplon.earth.geodesy import normal_and_altitude
from hoplon.errors import OutputError
from hoplon.units import DEGREE
from hoplon.version import VERSION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hoplon.analysis.raid.playback import Playback, Shot, ThreatStory
    from hoplon.analysis.raid.setup import RaidSetup
    from hoplon.scenario.model import Element, LaunchArea, Place, Scenario

EPOCH: Final = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
"""First launch of a playback: a date that means nothing."""
STEP_S: Final = 5.0
_RED, _GREEN, _BLUE, _GOLD = (209, 73, 31, 255), (0, 115, 107, 255), (76, 126, 168, 200), (240, 180, 0, 255)
_COLOURS: Final = {
    "radar": _GOLD,
    "battery": (27, 42, 107, 255),
    "node": (123, 94, 167, 255),
    "launch": (122, 27, 27, 255),
}


def _czml() -> tuple[Any, Any, Any]:
    try:
        import czml3
        from czml3 import properties, types
    except ImportError:
        raise OutputError("CZML needs czml3: pip install czml3") from None
    return czml3, properties, types


def _kml() -> Any:
    try:
        import simplekml  # type: ignore[import-untyped]
    except ImportError:
        raise OutputError("KML needs simplekml: pip install simplekml") from None
    simplekml.Kml.resetidcounter()  # else the identifiers of a document depend on those made before it
    return simplekml


def _at(time_s: float) -> datetime.datetime:
    return EPOCH + datetime.timedelta(microseconds=round(time_s * 1e6))


def _samples(begins: float, ends: float, step: float = STEP_S) -> NDArray[np.float64]:
    whole = np.arange(np.ceil(begins / step), np.floor(ends / step) + 1.0) * step
    return np.unique(np.concatenate([[begins], whole[(whole > begins) & (whole < ends)], [ends]]))


def placed(elements: Mapping[str, Element], areas: Mapping[str, LaunchArea]) -> list[tuple[str, str, str, Place]]:
    """Return name, title, form and place of everything that has a place."""
    found = [(name, area.title or name, "launch", area.at) for name, area in areas.items()]
    found += [
        (name, element.title or name, str(element.form), element.at)
        for name, element in elements.items()
        if element.at is not None
    ]
    return found


def _place_packets(places: list[tuple[str, str, str, Place]]) -> list[Any]:
    czml3, properties, _ = _czml()
    packets = []
    for name, title, form, place in places:
        packets.append(
            czml3.Packet(
                id=f"place/{name}",
                name=title,
                description=form.replace("launch", "launch area"),
                position=properties.Position(
                    cartographicDegrees=[place.longitude_deg, place.latitude_deg, float(place.altitude_m)]
                ),
                point=properties.Point(
                    pixelSize=8.0,
                    color=properties.Color(rgba=list(_COLOURS.get(form, _BLUE))),
                    outlineColor=properties.Color(rgba=[255, 255, 255, 255]),
                    outlineWidth=1.0,
                ),
                label=_label(properties, title),
            )
        )
    return packets


def _label(properties: Any, text: str) -> Any:
    return properties.Label(
        text=text,
        font="12px sans-serif",
        horizontalOrigin="LEFT",
        pixelOffset={"cartesian2": [10.0, 0.0]},
        fillColor=properties.Color(rgba=[255, 255, 255, 255]),
    )


def places_czml(places: list[tuple[str, str, str, Place]], title: str, scenario: Scenario) -> str:
    """Return places of a scenario as a CZML document."""
    czml3, _, _ = _czml()
    head = czml3.Packet(id="document", name=title, description=_made(scenario), version="1.0")
    return str(czml3.Document(packets=[head, *_place_packets(places)]).dumps(indent=1)) + "\n"


def places_kml(places: list[tuple[str, str, str, Place]], title: str, scenario: Scenario) -> str:
    """Return places of a scenario as a KML document, a folder a form."""
    document = _kml().Kml(name=title, description=_made(scenario))
    folders: dict[str, Any] = {}
    for name, shown, form, place in places:
        if form not in folders:
            folders[form] = document.newfolder(name=form)
        point = folders[form].newpoint(name=shown, description=name)
        point.coords = [(place.longitude_deg, place.latitude_deg, float(place.altitude_m))]
    return str(document.kml())


def _paths(
    setup: RaidSetup, played: Playback, elements: Mapping[str, Element]
) -> tuple[list[tuple[ThreatStory, NDArray[np.float64], NDArray[np.float64]]], list[tuple[str, Shot, Any, Any]]]:
    """Return times and positions of every threat and of every interceptor."""
    threats, shots = [], []
    for threat in played.threats:
        times = _samples(threat.launched_s, threat.ends_s)
        threats.append((threat, times, threat_track(setup, threat.number, times)))
        for number, shot in enumerate(threat.shots):
            place = elements[shot.battery].at
            if place is None:
                continue
            times = _samples(shot.launch_s, shot.intercept_s)
            meets = threat_track(setup, threat.number, np.array([shot.intercept_s]))[0]
            path = interceptor_track(place, meets, shot.launch_s, shot.intercept_s, times)
            shots.append((f"{threat.number + 1}/{number + 1}", shot, times, path))
    return threats, shots


def _made(scenario: Scenario) -> str:
    """Say what made a document, and from what."""
    return f"hoplon {VERSION}, scenario {scenario.name} {scenario.sha256}"


def _played(setup: RaidSetup, played: Playback) -> str:
    """Say what made a playback, and from what."""
    return f"{_made(setup.source.scenario)}, seed {played.seed}, replication {played.replication}"


def playback_czml(setup: RaidSetup, played: Playback, elements: Mapping[str, Element]) -> str:
    """Return a playback as CZML: places, threats, interceptors, tracks and engagements on a clock.

    A track is a line from the radar to the threat while it is held; an engagement one from the battery to the threat
    from the order to the intercept. Threats fly as the simulation has them; an interceptor's path is drawn, not flown.
    """
    czml3, properties, types = _czml()
    ends = played.ends_s + 30.0
    whole = types.TimeInterval(start=_at(0.0), end=_at(ends))
    packets = [
        czml3.Packet(
            id="document",
            name=f"{played.raid} against {played.architecture}, seed {played.seed}",
            description=_played(setup, played),
            version="1.0",
            clock=properties.Clock(interval=whole, currentTime=_at(0.0), multiplier=10.0),
        ),
        *_place_packets(placed({name: elements[name] for name in setup.elements if name in elements}, {})),
    ]
    threats, shots = _paths(setup, played, elements)

    def moving(
        identity: str, name: str, words: str, times: Any, path: Any, rgba: tuple[int, ...], pixels: float
    ) -> Any:
        flat = np.column_stack([times, path]).ravel()
        return czml3.Packet(
            id=identity,
            name=name,
            description=words,
            availability=types.TimeInterval(start=_at(times[0]), end=_at(times[-1])),
            position=properties.Position(
                epoch=_at(0.0),
                interpolationAlgorithm="LAGRANGE",
                interpolationDegree=3,
                cartesian=[round(float(value), 3) for value in flat],
            ),
            point=properties.Point(pixelSize=pixels, color=properties.Color(rgba=list(rgba))),
            path=properties.Path(
                leadTime=0.0,
                trailTime=3600.0,
                width=2.0,
                material=properties.PolylineMaterial(
                    solidColor=properties.SolidColorMaterial(color={"rgba": list(rgba)})
                ),
            ),
        )

    for threat, times, path in threats:
        words = "leaked" if threat.leaked else "killed"
        packets.append(moving(f"threat/{threat.number + 1}", threat.name, words, times, path, _RED, 9.0))
    for number, shot, times, path in shots:
        words = f"from {shot.battery}: {shot.outcome}"
        packets.append(moving(f"interceptor/{number}", shot.battery, words, times, path, _GREEN, 6.0))
    for threat in played.threats:
        lines = [(f"track/{track.radar}", track.radar, track.begins_s, track.ends_s, _BLUE) for track in threat.tracks]
        lines += [
            (f"engagement/{i + 1}", s.battery, s.launch_s, s.intercept_s, _GREEN) for i, s in enumerate(threat.shots)
        ]
        for place, (identity, who, begins, until, rgba) in enumerate(lines):
            until = min(until, threat.ends_s)
            if until <= begins or who not in elements or elements[who].at is None:
                continue
            packets.append(
                czml3.Packet(
                    id=f"{identity}/{threat.number + 1}/{place + 1}",
                    name=f"{who} on {threat.name}",
                    availability=types.TimeInterval(start=_at(begins), end=_at(until)),
                    polyline=properties.Polyline(
                        positions=properties.PositionList(
                            references=[f"place/{who}#position", f"threat/{threat.number + 1}#position"]
                        ),
                        width=1.0,
                        arcType="NONE",
                        material=properties.PolylineMaterial(
                            solidColor=properties.SolidColorMaterial(color={"rgba": list(rgba)})
                        ),
                    ),
                )
            )
    return str(czml3.Document(packets=packets).dumps(indent=1)) + "\n"


def playback_kml(setup: RaidSetup, played: Playback, elements: Mapping[str, Element]) -> str:
    """Return a playback as KML: places, and the paths of threats and interceptors with their times."""
    simplekml = _kml()
    title = f"{played.raid} against {played.architecture}, seed {played.seed}"
    document = simplekml.Kml(name=title, description=_played(setup, played))
    for name, title, _, place in placed({n: elements[n] for n in setup.elements if n in elements}, {}):
        point = document.newpoint(name=title, description=name)
        point.coords = [(place.longitude_deg, place.latitude_deg, float(place.altitude_m))]
    threats, shots = _paths(setup, played, elements)

    def fly(folder: Any, name: str, words: str, times: Any, path: Any, colour: str) -> None:
        track = folder.newgxtrack(name=name, description=words, altitudemode=simplekml.AltitudeMode.absolute)
        track.newwhen([_at(float(time)).isoformat().replace("+00:00", "Z") for time in times])
        track.newgxcoord([_degrees(position) for position in path])
        track.stylemap.normalstyle.linestyle.color = colour
        track.stylemap.normalstyle.linestyle.width = 2

    flights, interceptors = document.newfolder(name="Threats"), document.newfolder(name="Interceptors")
    for threat, times, path in threats:
        fly(flights, threat.name, "leaked" if threat.leaked else "killed", times, path, "ff1f49d1")
    for number, shot, times, path in shots:
        fly(interceptors, f"{shot.battery} {number}", shot.outcome, times, path, "ff6b7300")
    return str(document.kml())


def _degrees(position: NDArray[np.float64]) -> tuple[float, float, float]:
    ux, uy, uz, altitude = normal_and_altitude(*(float(value) for value in position))
    longitude, latitude = np.arctan2(uy, ux), np.arctan2(uz, np.hypot(ux, uy))
    return round(float(longitude) / DEGREE, 6), round(float(latitude) / DEGREE, 6), round(float(altitude), 1)
