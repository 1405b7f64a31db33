"""What CZML and KML show: places, the paths of threats and interceptors, and what made them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hoplon.analysis.raid.paths import interceptor_track, sample_times, threat_track
from hoplon.scenario.model import known_name
from hoplon.version import VERSION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hoplon.analysis.raid.playback import Playback, Shot, ThreatStory
    from hoplon.analysis.raid.setup import RaidSetup
    from hoplon.scenario.model import Element, LaunchArea, Place, Scenario

NamedPlace = tuple[str, str, str, "Place"]
"""Name, title, form and place."""
EPOCH: Final = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
"""First launch of a playback: a date that means nothing."""


def at(time_s: float) -> datetime.datetime:
    """Return the moment so many seconds after the first launch."""
    return EPOCH + datetime.timedelta(microseconds=round(time_s * 1e6))


def elements_of(scenario: Scenario, architecture: str | None) -> Mapping[str, Element]:
    """Return the elements active in an architecture; every element of the scenario without one.

    Raises
    ------
    UnknownNameError
        If the scenario has no such architecture.
    """
    if architecture is None:
        return scenario.elements
    return scenario.architecture(known_name("architecture", architecture, scenario.architectures)).elements


def title_of(scenario: Scenario, architecture: str | None) -> str:
    """Return the title of an architecture, or of the scenario without one."""
    return scenario.title if architecture is None else scenario.architecture(architecture).title


def placed(elements: Mapping[str, Element], areas: Mapping[str, LaunchArea]) -> list[NamedPlace]:
    """Return name, title, form and place of everything that has a place."""
    found = [(name, area.title or name, "launch", area.at) for name, area in areas.items()]
    found += [
        (name, element.title or name, str(element.form), element.at)
        for name, element in elements.items()
        if element.at is not None
    ]
    return found


def places_of(scenario: Scenario, architecture: str | None) -> list[NamedPlace]:
    """Return the launch areas and the elements of a scenario, or of one architecture."""
    return placed(elements_of(scenario, architecture), scenario.launch_areas)


def places_of_raid(setup: RaidSetup) -> list[NamedPlace]:
    """Return the elements that take part in a raid."""
    elements = setup.source.architecture.elements
    return placed({name: elements[name] for name in setup.elements if name in elements}, {})


def paths_of(
    setup: RaidSetup, played: Playback
) -> tuple[list[tuple[ThreatStory, NDArray[np.float64], NDArray[np.float64]]], list[tuple[str, Shot, Any, Any]]]:
    """Return times and positions of every threat and of every interceptor."""
    elements = setup.source.architecture.elements
    threats, shots = [], []
    for threat in played.threats:
        times = sample_times(threat.launched_s, threat.ends_s)
        threats.append((threat, times, threat_track(setup, threat.number, times)))
        for number, shot in enumerate(threat.shots):
            place = elements[shot.battery].at
            if place is None:
                continue
            times = sample_times(shot.launch_s, shot.intercept_s)
            meets = threat_track(setup, threat.number, np.array([shot.intercept_s]))[0]
            path = interceptor_track(place, meets, shot.launch_s, shot.intercept_s, times)
            shots.append((f"{threat.number + 1}/{number + 1}", shot, times, path))
    return threats, shots


def made(scenario: Scenario) -> str:
    """Say what made a document, and from what."""
    return f"hoplon {VERSION}, scenario {scenario.name} {scenario.sha256}"


def made_playback(setup: RaidSetup, played: Playback) -> str:
    """Say what made a playback, from what, and which groups of the raid do not fly."""
    run = f"{made(setup.source.scenario)}, seed {played.seed}, replication {played.replication}"
    if not played.refused:
        return run
    flown = f"{len(played.threats)} of the raid's {played.threats_of_raid} missiles fly"
    return f"{run}; {flown}: {'; '.join(played.refused)}"
