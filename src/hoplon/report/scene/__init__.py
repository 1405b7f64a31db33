"""What an interactive map of a scenario shows, as plain data: the web application draws it, and computes nothing.

Nothing heavy is imported until a function needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hoplon.scenario.given.scenario import name_in, names_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hoplon.analysis.raid.playback import PlayedRaid
    from hoplon.report.scene.projection import Borders
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario


def document(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario holds, with the projection of its map: see :mod:`hoplon.report.scene.scene_document`."""
    from hoplon.report.scene.scene_document import scene_document

    return scene_document(scenario)


def first_architecture(scenario: Scenario) -> str | None:
    """Return the architecture that a map begins with; None for a scenario without any."""
    from hoplon.report.scene.scene_document import first_architecture

    return first_architecture(scenario)


def elements(scenario: Scenario, architecture: str, level: Level = "base") -> dict[str, Any]:
    """Return what a map draws of one architecture: itself, its active elements, the ranges of its radars at a level.

    Raises
    ------
    UnknownNameError
        If there is no such architecture.
    """
    from hoplon.report.scene.placed_elements import elements_document
    from hoplon.report.scene.scene_document import architecture_row

    resolved = scenario.architecture(name_in(scenario, "architecture", architecture))
    return {"architecture": architecture_row(scenario, resolved), **elements_document(scenario, resolved, level)}


def points_on_map(scenario: Scenario, points: AimPoints) -> dict[str, NDArray[np.float32]]:
    """Return ``x`` and ``y`` of aim points on the map, and ``side`` of the land that each stands for, all [m]."""
    from hoplon.report.scene.projection import points_on_map

    return points_on_map(scenario, points)


def borders(scenario: Scenario, *, globe: bool = False) -> Borders:
    """Return the outlines of countries on the map of a scenario [m], or on the globe [deg]."""
    from hoplon.report.scene.projection import globe_borders, map_borders

    return globe_borders(scenario) if globe else map_borders(scenario)


def paths(
    scenario: Scenario,
    architecture: str,
    place: tuple[float, float],
    threats: Sequence[str] | None = None,
    areas: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return the flights to a place, latitude and longitude [deg]; of every class and launch area by default.

    Raises
    ------
    UnknownNameError
        For a name that the scenario does not hold.
    """
    from hoplon.report.scene.flight_paths import paths_to

    chosen = names_in(scenario, "threat", threats)
    origins = names_in(scenario, "launch area", areas)
    return paths_to(
        scenario,
        name_in(scenario, "architecture", architecture),
        place,
        tuple(scenario.threats) if chosen is None else chosen,
        tuple(scenario.launch_areas) if origins is None else origins,
    )


def playback(played: PlayedRaid) -> dict[str, Any]:
    """Return a raid that :func:`hoplon.play` returned as a map with a clock draws it."""
    from hoplon.report.scene.raid_playback import playback_document

    return playback_document(played)
