"""Which places some architectures defend in several worlds: every flight of any world judged once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.adaptivity.worlds import launched_in_any
from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import Flights, flights_of, flown_against
from hoplon.progress import silent

if TYPE_CHECKING:
    from hoplon.analysis.adaptivity.worlds import World
    from hoplon.analysis.store import Store
    from hoplon.progress import Progress
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, ResolvedArchitecture, Scenario

_TOGETHER: Final = 256  # defences judged in one pass

State = tuple[NDArray[np.bool_], NDArray[np.bool_]]
"""Whether each place is threatened, and whether it is threatened and not defended."""


class JudgedPlaces:
    """The places that architectures defend in each of some worlds.

    Parameters
    ----------
    store : Store
        Keeps the stages.
    scenario : Scenario
    worlds : sequence of World
        Of the same classes.
    points : AimPoints
        n places.
    level : {"low", "base", "high"}
        Of the disputed inputs.
    """

    def __init__(
        self, store: Store, scenario: Scenario, worlds: Sequence[World], points: AimPoints, level: Level = "base"
    ) -> None:
        self._store, self._scenario, self.points, self._level = store, scenario, points, level
        self._wider = launched_in_any(scenario, worlds)
        self._threats = tuple(worlds[0].areas)
        self._areas = tuple(scenario.launch_areas)
        self._kinds = {name: list(scenario.threats).index(name) for name in self._threats}
        self._flights: dict[tuple[float, ...] | None, Flights] = {}
        self._met: dict[str, tuple[Flights, NDArray[np.bool_]]] = {}
        self._chosen: dict[tuple[str, str, tuple[str, ...]], NDArray[np.intp]] = {}
        self._states: dict[tuple[str | None, str, tuple[str, ...]], State] = {}

    def threatened(self) -> NDArray[np.bool_]:
        """Return whether some class reaches each place in some world, at its own lofts."""
        found = np.zeros(len(self.points), dtype=np.bool_)
        found[self._flown(None, self._wider).points] = True
        return found

    def _flown(self, lofts: tuple[float, ...] | None, scenario: Scenario) -> Flights:
        if lofts not in self._flights:
            self._flights[lofts] = flights_of(scenario, self.points, self._threats, self._areas)
        return self._flights[lofts]

    def judge(
        self, scenario: Scenario, architectures: Mapping[str, ResolvedArchitecture], progress: Progress = silent
    ) -> None:
        """Judge every flight by some architectures.

        Parameters
        ----------
        scenario : Scenario
            That holds them: the one of the places, with architectures added.
        architectures : mapping
            By the names that they are asked for by.
        progress : callable
        """
        by_lofts: dict[tuple[float, ...] | None, list[str]] = {}
        for name, resolved in architectures.items():
            by_lofts.setdefault(resolved.lofts_deg, []).append(name)
        groups = [
            (lofts, names[start : start + _TOGETHER])
            for lofts, names in by_lofts.items()
            for start in range(0, len(names), _TOGETHER)
        ]
        for place, (lofts, names) in enumerate(groups):
            flights = self._flown(lofts, flown_against(self._wider, architectures[names[0]]))
            defences = [defence_of(scenario, architectures[name], self._level) for name in names]
            enough = [defence.shots_required for defence in defences]
            done = _part_of(progress, place, len(groups))
            stages.settle(self._store, flights, defences, enough, progress=done)
            for name, defence in zip(names, defences, strict=True):
                shots = stages.most_shots(self._store, flights, defence, defence.shots_required)
                self._met[name] = flights, shots >= defence.shots_required

    def state(self, architecture: str | None, world: World, year: int) -> State:
        """Return which places the classes of a year threaten in a world, and which of them are not defended.

        Parameters
        ----------
        architecture : str or None
            One that was judged; None where nothing stands yet.
        world : World
        year : int
        """
        threatened = np.zeros(len(self.points), dtype=np.bool_)
        undefended = threatened.copy()
        for threat in world.classes_in(year):
            reached, open_ = self._of_class(architecture, threat, world.areas[threat])
            threatened |= reached
            undefended |= open_
        return threatened, undefended

    def _of_class(self, architecture: str | None, threat: str, areas: tuple[str, ...]) -> State:
        key = architecture, threat, areas
        if key not in self._states:
            if architecture is None:
                flights = self._flown(None, self._wider)
                met = np.zeros(len(flights), dtype=np.bool_)
            else:
                flights, met = self._met[architecture]
            mine = self._flights_of(flights, threat, areas)
            reached = np.zeros(len(self.points), dtype=np.bool_)
            open_ = reached.copy()
            reached[flights.points[mine]] = True
            open_[flights.points[mine[~met[mine]]]] = True
            self._states[key] = reached, open_
        return self._states[key]

    def _flights_of(self, flights: Flights, threat: str, areas: tuple[str, ...]) -> NDArray[np.intp]:
        key = flights.key, threat, areas
        if key not in self._chosen:
            places = np.array([self._areas.index(area) for area in areas], dtype=np.int64)
            mine = (flights.classes == self._kinds[threat]) & np.isin(flights.areas, places)
            self._chosen[key] = np.flatnonzero(mine)
        return self._chosen[key]


def _part_of(progress: Progress, part: int, parts: int) -> Progress:
    def tell(done: int, total: int, text: str) -> None:
        progress(part * max(total, 1) + done, parts * max(total, 1), text)

    return tell
