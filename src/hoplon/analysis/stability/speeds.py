"""Burnout speeds at which strategic trajectories are engaged: a grid of speeds, and the least with any engaged.

Where the interceptors may give up speed, a faster one reaches whatever a slower one does (model section 5), so that
the trajectories engaged only grow with the speed. That lets most speeds be left out: between two at which the same
trajectories are engaged, the same are engaged. It holds

- from the greatest of the least burnout speeds that the types state on: below it an interceptor has full speed alone,
  and a faster one cannot come down to every point that a slower one reaches;
- for one shot: with more of them required, an earlier first shot may leave no second.

Elsewhere every speed is judged by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from hoplon.analysis.architectures import with_doctrine
from hoplon.analysis.stability.views import JUDGED, Engageable, Met, StrategicFlights, at_speed
from hoplon.scenario.model import Cited

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario

DEFAULT_KM_S: Final = tuple(3.0 + 0.5 * step for step in range(13))
"""Burnout speeds judged where none are given [km/s]."""
GRID_KM_S: Final = tuple(round(2.0 + 0.05 * step, 2) for step in range(180))
"""Burnout speeds among which the least with any trajectory engaged is found [km/s]."""
_SPEEDS: Final = len(GRID_KM_S)


class SpeedScan:
    """Which strategic trajectories an architecture engages in one view, by burnout speed; each speed judged once."""

    def __init__(
        self, engageable: Engageable, scenario: Scenario, architecture: str, flights: StrategicFlights, view: str
    ) -> None:
        self._engageable, self._scenario, self._architecture = engageable, scenario, architecture
        self._flights, self._view = flights, view
        self._met: dict[float, Met] = {}
        resolved = scenario.architecture(architecture)
        types = {str(item.battery) for item in resolved.elements.values() if item.battery is not None}
        least = [float(scenario.interceptors[name].min_burnout_speed_km_s) for name in types]
        single = view != JUDGED or float(resolved.doctrine.shots_required) <= 1.0
        self.monotone_from_km_s = max(least, default=0.0) if single else np.inf
        """From here on a faster interceptor engages whatever a slower one does."""

    def met(self, speed_km_s: float) -> Met:
        """Return the trajectories engaged at a burnout speed."""
        if speed_km_s not in self._met:
            moved = at_speed(self._scenario, speed_km_s)
            self._met[speed_km_s] = self._engageable.met(moved, self._architecture, self._flights, self._view)
        return self._met[speed_km_s]

    def at(self, speeds_km_s: Sequence[float]) -> dict[float, Met]:
        """Return the trajectories engaged at each burnout speed, leaving out those between speeds of the same ones."""
        speeds = sorted(set(speeds_km_s))
        growing = [speed for speed in speeds if speed >= self.monotone_from_km_s]
        found = {speed: self.met(speed) for speed in speeds if speed not in growing}
        spans = [(0, len(growing) - 1)] if growing else []
        while spans:
            low, high = spans.pop()
            ends = self.met(growing[low]), self.met(growing[high])
            found |= {growing[low]: ends[0], growing[high]: ends[1]}
            if np.array_equal(*ends):
                found |= dict.fromkeys(growing[low + 1 : high], ends[0])
            elif high - low > 1:
                middle = (low + high) // 2
                spans += [(low, middle), (middle, high)]
        return {speed: found[speed] for speed in speeds}

    def first_km_s(self) -> float | None:
        """Return the least burnout speed of the grid with any trajectory engaged [km/s]; None for none.

        Notes
        -----
        Found by bisection, and checked at both neighbours. Where the trajectories engaged need not grow with the speed
        the speeds are judged one by one, from the least on at which interceptors that may give up more speed, and need
        one shot alone, engage any.
        """
        begin = next((place for place, speed in enumerate(GRID_KM_S) if speed >= self.monotone_from_km_s), _SPEEDS)
        if begin > 0:
            least = self._frugal().bisected(0)
            if least is None:
                return None
            found = next((place for place in range(least, begin) if self._any(place)), None)
            found = self.bisected(begin) if found is None else found
        else:
            found = self.bisected(0)
        if found is not None and found + 1 < _SPEEDS and not self._any(found + 1):
            found = next(place for place in range(_SPEEDS) if self._any(place))
        return None if found is None else GRID_KM_S[found]

    def bisected(self, begin: int) -> int | None:
        """Return the place in the grid of the least speed with any trajectory engaged, from a place on; None for none.

        Speeds that were judged already narrow it down.
        """
        if begin >= _SPEEDS:
            return None
        known = {GRID_KM_S.index(speed): bool(met.any()) for speed, met in self._met.items() if speed in GRID_KM_S}
        low = max((place for place, any_ in known.items() if not any_ and place >= begin), default=begin - 1)
        high = min((place for place, any_ in known.items() if any_ and place > low), default=_SPEEDS - 1)
        if not self._any(high):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._any(middle) else (middle, high)
        return high

    def _any(self, place: int) -> bool:
        return bool(self.met(GRID_KM_S[place]).any())

    def _frugal(self) -> SpeedScan:
        """Return the scan of interceptors that may give up more speed and need one shot: it engages what this does."""
        kinds = {
            name: replace(
                kind,
                min_burnout_speed_km_s=Cited(min(float(kind.min_burnout_speed_km_s), GRID_KM_S[0])),
            )
            for name, kind in self._scenario.interceptors.items()
        }
        scenario = with_doctrine(self._scenario, self._architecture, {"shots_required": Cited(1.0)})
        scenario = replace(scenario, interceptors=MappingProxyType(kinds))
        return SpeedScan(self._engageable, scenario, self._architecture, self._flights, self._view)
