"""The flights of a question: which class flies from which launch area to which aim point."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hoplon.earth.geodesy import ground_range
from hoplon.flight.arc import COLUMNS, STATUS, solve_flight, solve_flight_to_apogee, solve_flights
from hoplon.units import DEGREE, KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from hoplon.analysis.store import Store
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import ResolvedArchitecture, Scenario, Threat


@dataclass(frozen=True)
class Flights:
    """Flights that exist, in order of class, area, loft and aim point.

    Attributes
    ----------
    key : str
        Digest of what the flights depend on.
    elements : ndarray, shape (n, COLUMNS)
    classes, areas : ndarray, shape (n,)
        Indices of the threat class in the scenario, and of the launch point in the list of launch points.
    points : ndarray, shape (n,)
        Index of the aim point.
    """

    key: str
    elements: NDArray[np.float64]
    classes: NDArray[np.int16]
    areas: NDArray[np.int32]
    points: NDArray[np.int32]

    def __len__(self) -> int:
        """Return the number of flights."""
        return len(self.points)

    def chosen(self, indices: NDArray[np.intp]) -> Flights:
        """Return some of the flights, in the order of their indices."""
        digest = hashlib.blake2b(indices.tobytes(), digest_size=16).hexdigest()
        return Flights(
            f"{self.key}/{digest}",
            np.ascontiguousarray(self.elements[indices]),
            self.classes[indices],
            self.areas[indices],
            self.points[indices],
        )

    def renumbered(self, first: int) -> Flights:
        """Return the same flights with aim points numbered from one of them."""
        return replace(self, key=f"{self.key}-{first}", points=self.points - np.int32(first))


def may_launch(threat: Threat, area: str) -> bool:
    """Tell whether a class is launched from an area."""
    return threat.launch_areas is None or area in threat.launch_areas


def flown_against(scenario: Scenario, architecture: ResolvedArchitecture) -> Scenario:
    """Return a scenario whose classes fly the lofts that an architecture is judged against, where it names any."""
    lofts = architecture.lofts_deg
    if lofts is None:
        return scenario
    flying = {name: replace(kind, lofts_deg=lofts) for name, kind in scenario.threats.items()}
    return replace(scenario, threats=MappingProxyType(flying))


def by_loft(scenario: Scenario) -> tuple[Scenario, ...]:
    """Return a scenario whose classes fly one loft alone, of each loft that some class flies; they share no flight."""
    lofts = sorted({loft for kind in scenario.threats.values() for loft in kind.lofts_deg})
    if len(lofts) <= 1:
        return (scenario,)
    return tuple(
        replace(
            scenario,
            threats=MappingProxyType(
                {
                    name: replace(kind, lofts_deg=(loft,) if loft in kind.lofts_deg else ())
                    for name, kind in scenario.threats.items()
                }
            ),
        )
        for loft in lofts
    )


def turning_note(ground_range_km: float, burnout_ground_range_km: float) -> str:
    """Return what to say of a flight whose aim lies nearer than its burnout, "" for any other."""
    if ground_range_km >= burnout_ground_range_km:
        return ""
    return (
        f"the aim is {ground_range_km:.0f} km away, nearer than burnout, {burnout_ground_range_km:g} km: "
        "the missile turns round in flight"
    )


def flights_content(scenario: Scenario, threats: Sequence[str], areas: Sequence[str]) -> Hashable:
    """Return what the flights of some classes from launch areas to given points depend on."""
    kinds = [(name, scenario.threats[name]) for name in threats]
    return (
        tuple(scenario.threats),
        tuple(
            (
                name,
                *(float(value) for value in (kind.min_range_km, kind.max_range_km, kind.burn_time_s)),
                *(float(value) for value in (kind.burnout_altitude_km, kind.burnout_ground_range_km)),
                tuple(kind.lofts_deg),
                kind.launch_areas if kind.launch_areas is None else tuple(kind.launch_areas),
            )
            for name, kind in kinds
        ),
        tuple((name, scenario.launch_areas[name].at) for name in areas),
    )


def flights_between(
    scenario: Scenario,
    threats: Sequence[str],
    launches: Sequence[tuple[str | None, float, float]],
    latitude_deg: ArrayLike,
    longitude_deg: ArrayLike,
) -> Flights:
    """Solve every flight of some classes from launch points to aim points, at every loft the class flies.

    Parameters
    ----------
    scenario : Scenario
    threats : sequence of str
        Classes, in the scenario's order.
    launches : sequence of (name, latitude, longitude)
        Launch points [deg]; a name that is an area of the scenario limits the classes to those launched there.
    latitude_deg, longitude_deg : array_like, shape (p,)
        Aim points [deg].

    Returns
    -------
    Flights
        Those within the class's ranges for which an arc exists.
    """
    latitudes, longitudes = np.asarray(latitude_deg, float), np.asarray(longitude_deg, float)
    names = list(scenario.threats)
    places = np.array([(lat, lon) for _, lat, lon in launches], dtype=float).reshape(-1, 1, 2)
    distances = ground_range(places[..., 0], places[..., 1], latitudes, longitudes)
    pieces: list[tuple[int, int, float, NDArray[np.int32]]] = []
    for name in threats:
        threat = scenario.threats[name]
        nearest, farthest = float(threat.min_range_km) * KILOMETRE, float(threat.max_range_km) * KILOMETRE
        for area, (area_name, _, _) in enumerate(launches):
            if area_name is not None and not may_launch(threat, area_name):
                continue
            reached = np.flatnonzero((distances[area] >= nearest) & (distances[area] <= farthest)).astype(np.int32)
            pieces += [(names.index(name), area, loft, reached) for loft in threat.lofts_deg]
    return _solved(scenario, pieces, launches, latitudes, longitudes)


def flights_of(scenario: Scenario, points: AimPoints, threats: Sequence[str], areas: Sequence[str]) -> Flights:
    """Return the flights of classes from launch areas to aim points."""
    launches = [
        (area, scenario.launch_areas[area].at.latitude_deg, scenario.launch_areas[area].at.longitude_deg)
        for area in areas
    ]
    return flights_between(scenario, threats, launches, points.latitude_deg, points.longitude_deg)


def kept_flights(
    store: Store, scenario: Scenario, points: AimPoints, kinds: tuple[str, ...], origins: tuple[str, ...]
) -> Flights:
    """Return the flights of classes from launch areas to aim points, solved once."""
    key = flights_key(scenario, points, kinds, origins)
    return store.get(key, lambda: flights_of(scenario, points, kinds, origins))


def flights_key(
    scenario: Scenario, points: AimPoints, kinds: tuple[str, ...], origins: tuple[str, ...]
) -> tuple[Hashable, ...]:
    """Return what the flights of classes from launch areas to aim points are kept under."""
    place_key = hashlib.blake2b(points.latitude_deg.tobytes() + points.longitude_deg.tobytes()).digest()
    return "flights", flights_content(scenario, kinds, origins), place_key


def one_flight(
    launch_deg: tuple[float, float],
    aim_deg: tuple[float, float],
    *,
    burn_time_s: float,
    burnout_altitude_km: float,
    burnout_ground_range_km: float,
    loft_deg: float = 0.0,
    apogee_km: float | None = None,
) -> NDArray[np.float64]:
    """Solve one flight, by its loft or, where given, by its apogee above the ellipsoid.

    Returns
    -------
    ndarray, shape (COLUMNS,)
        Elements; column ``STATUS`` says whether the flight exists.
    """
    row = np.empty(COLUMNS)
    solve = solve_flight if apogee_km is None else solve_flight_to_apogee
    solve(
        float(launch_deg[0]) * DEGREE,
        float(launch_deg[1]) * DEGREE,
        float(aim_deg[0]) * DEGREE,
        float(aim_deg[1]) * DEGREE,
        float(burn_time_s),
        float(burnout_altitude_km) * KILOMETRE,
        float(burnout_ground_range_km) * KILOMETRE,
        float(loft_deg) * DEGREE if apogee_km is None else float(apogee_km) * KILOMETRE,
        row,
    )
    return row


def _solved(
    scenario: Scenario,
    pieces: list[tuple[int, int, float, NDArray[np.int32]]],
    launches: Sequence[tuple[str | None, float, float]],
    latitudes: NDArray[np.float64],
    longitudes: NDArray[np.float64],
) -> Flights:
    sizes = [len(reached) for *_, reached in pieces]
    classes = np.repeat(np.array([kind for kind, *_ in pieces], dtype=np.int16), sizes)
    areas = np.repeat(np.array([area for _, area, *_ in pieces], dtype=np.int32), sizes)
    lofts = np.repeat(np.array([loft for *_, loft, _ in pieces], dtype=float), sizes) * DEGREE
    points = np.concatenate([reached for *_, reached in pieces]) if pieces else np.empty(0, dtype=np.int32)
    kinds = list(scenario.threats.values())
    burn = np.array([float(kind.burn_time_s) for kind in kinds])
    altitude = np.array([float(kind.burnout_altitude_km) * KILOMETRE for kind in kinds])
    downrange = np.array([float(kind.burnout_ground_range_km) * KILOMETRE for kind in kinds])
    places = np.array([(lat, lon) for _, lat, lon in launches], dtype=float).reshape(-1, 2) * DEGREE
    aims = np.stack([latitudes, longitudes], axis=-1) * DEGREE
    inputs = (places[areas], aims[points], burn[classes], altitude[classes], downrange[classes], lofts)
    digest = hashlib.blake2b(digest_size=16)
    for array in inputs:
        digest.update(np.ascontiguousarray(array).tobytes())
    elements = solve_flights(*inputs)
    flies = elements[:, STATUS] == 0.0
    if not flies.all():
        elements, classes, areas, points = elements[flies], classes[flies], areas[flies], points[flies]
    return Flights(digest.hexdigest(), elements, classes, areas, points)
