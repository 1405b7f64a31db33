"""CZML: the places of a scenario, and a raid on a clock."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hoplon.extras import extra
from hoplon.report.formats.places_and_paths import (
    NamedPlace,
    at,
    made,
    made_playback,
    paths_of,
    places_of,
    places_of_raid,
    title_of,
)

if TYPE_CHECKING:
    from hoplon.analysis.raid.playback import Playback
    from hoplon.analysis.raid.setup import RaidSetup
    from hoplon.scenario.model import Scenario

_RED, _GREEN, _BLUE, _GOLD = (209, 73, 31, 255), (0, 115, 107, 255), (76, 126, 168, 200), (240, 180, 0, 255)
_COLOURS: Final = {
    "radar": _GOLD,
    "battery": (27, 42, 107, 255),
    "node": (123, 94, 167, 255),
    "launch": (122, 27, 27, 255),
}


def czml_library() -> tuple[Any, Any, Any]:
    """Return czml3, and its properties and types.

    Raises
    ------
    OutputError
        If it is not installed.
    """
    with extra("globe", "CZML"):
        import czml3
        from czml3 import properties, types
    return czml3, properties, types


def places(scenario: Scenario, architecture: str | None) -> bytes:
    """Return the places of a scenario, or of one architecture, as a CZML document."""
    czml3, _, _ = czml_library()
    head = czml3.Packet(
        id="document", name=title_of(scenario, architecture), description=escape(made(scenario)), version="1.0"
    )
    return document_bytes(czml3.Document(packets=[head, *_place_packets(places_of(scenario, architecture))]))


def document_bytes(document: Any) -> bytes:
    """Return a document as text."""
    return f"{document.dumps(indent=1)}\n".encode()


def _place_packets(shown: list[NamedPlace]) -> list[Any]:
    czml3, properties, _ = czml_library()
    packets = []
    for name, title, form, place in shown:
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


def playback(setup: RaidSetup, played: Playback) -> bytes:
    """Return a playback as CZML: places, threats, interceptors, tracks and engagements on a clock.

    A track is a line from the radar to the threat while it is held; an engagement one from the battery to the threat
    from the order to the intercept. Threats fly as the simulation has them; an interceptor's path is drawn, not flown.
    """
    czml3, properties, types = czml_library()
    elements = setup.source.architecture.elements
    ends = played.ends_s + 30.0
    whole = types.TimeInterval(start=at(0.0), end=at(ends))
    packets = [
        czml3.Packet(
            id="document",
            name=f"{played.raid} against {played.architecture}, seed {played.seed}",
            description=escape(made_playback(setup, played)),
            version="1.0",
            clock=properties.Clock(interval=whole, currentTime=at(0.0), multiplier=10.0),
        ),
        *_place_packets(places_of_raid(setup)),
    ]
    threats, shots = paths_of(setup, played)

    def moving(
        identity: str, name: str, words: str, times: Any, path: Any, rgba: tuple[int, ...], pixels: float
    ) -> Any:
        flat = np.column_stack([times, path]).ravel()
        return czml3.Packet(
            id=identity,
            name=name,
            description=words,
            availability=types.TimeInterval(start=at(times[0]), end=at(times[-1])),
            position=properties.Position(
                epoch=at(0.0),
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
                    availability=types.TimeInterval(start=at(begins), end=at(until)),
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
    return document_bytes(czml3.Document(packets=packets))
