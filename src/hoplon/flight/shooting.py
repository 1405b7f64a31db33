"""Shooting: the pitch-over or the cutoff, and the azimuth, with which a vehicle's computed impact meets an aim.

The tolerance is a convergence tolerance of the computation: no accuracy of any real system is meant.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

import numpy as np

from hoplon.earth.geodesy import azimuth_to, ground_range
from hoplon.flight.motion import EARTH, Surroundings
from hoplon.flight.powered import DynamicFlight, Vehicle, launch
from hoplon.units import KILOMETRE

TOLERANCE: Final = 100.0  # [m] model section 2.2
_ROUNDS: Final = 30
_LEAST_PITCH, _MOST_PITCH = math.radians(0.05), math.radians(45.0)
_SCAN: Final = 40  # pitch-overs tried before the farthest flight is refined
_SMALLEST_BURN: Final = 1e-3  # [s] left between the last ignition and the cutoff
_GOLDEN: Final = 0.5 * (math.sqrt(5.0) - 1.0)


@dataclass(frozen=True)
class AimedFlight:
    """The answer of a shooting; numbers and flight are None where no flight meets the aim.

    Attributes
    ----------
    reason : str or None
        Why there is none.
    pitch_over, azimuth : float or None
        [rad].
    cutoff : float or None
        When the thrust ends [s].
    miss : float or None
        Of the computed impact [m].
    flight : DynamicFlight or None
    """

    reason: str | None
    pitch_over: float | None = None
    azimuth: float | None = None
    cutoff: float | None = None
    miss: float | None = None
    flight: DynamicFlight | None = None


@dataclass(frozen=True)
class _Range:
    """From where, and which way, a vehicle is tried."""

    vehicle: Vehicle
    latitude: float
    longitude: float
    surroundings: Surroundings

    def fly(self, azimuth: float, pitch_over: float, cutoff: float, sample_step: float = math.inf) -> DynamicFlight:
        return launch(
            self.vehicle,
            self.latitude,
            self.longitude,
            azimuth,
            pitch_over,
            cutoff=cutoff,
            sample_step=sample_step,
            surroundings=self.surroundings,
        )

    def reached(self, azimuth: float, pitch_over: float, cutoff: float) -> float:
        """Return the ground range [m]; infinite for a flight that does not come down."""
        found = self.fly(azimuth, pitch_over, cutoff).ground_range
        return math.inf if found is None else found


def farthest_pitch_over(
    vehicle: Vehicle,
    launch_latitude: float,
    launch_longitude: float,
    azimuth: float,
    surroundings: Surroundings = EARTH,
) -> tuple[float, float]:
    """Return the pitch-over [rad] that takes a vehicle farthest with all its propellant, and that ground range [m].

    An infinite range means that some flight does not come down.
    """
    place = _Range(vehicle, launch_latitude, launch_longitude, surroundings)
    return _farthest(place, azimuth)


@lru_cache(maxsize=256)
def _farthest(place: _Range, azimuth: float) -> tuple[float, float]:
    burn = place.vehicle.burn_time
    tried = np.geomspace(_LEAST_PITCH, _MOST_PITCH, _SCAN)
    reached = [place.reached(azimuth, float(pitch), burn) for pitch in tried]
    best = int(np.argmax(reached))
    low, high = float(tried[max(best - 1, 0)]), float(tried[min(best + 1, _SCAN - 1)])
    if math.isinf(reached[best]):
        return float(tried[best]), math.inf
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = (place.reached(azimuth, pitch, burn) for pitch in (left, right))
    while high - low > 1e-6:
        if at_left < at_right:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = place.reached(azimuth, right, burn)
        else:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = place.reached(azimuth, left, burn)
    middle = 0.5 * (low + high)
    return middle, place.reached(azimuth, middle, burn)


def aim_by_cutoff(
    vehicle: Vehicle,
    launch_deg: tuple[float, float],
    aim_deg: tuple[float, float],
    *,
    sample_step: float = math.inf,
    surroundings: Surroundings = EARTH,
) -> AimedFlight:
    """Meet an aim with the pitch-over of the farthest flight, ending the thrust early.

    Parameters
    ----------
    vehicle : Vehicle
    launch_deg, aim_deg : tuple of float
        Latitude and longitude [deg].
    sample_step : float
        Of the flight returned [s].
    surroundings : Surroundings

    Returns
    -------
    AimedFlight
        An aim out of reach is an answer, with the reason.
    """
    place, distance, bearing = _asked(vehicle, launch_deg, aim_deg, surroundings)
    pitch, farthest = _farthest(place, round(bearing, 9))
    least = max(vehicle.burn_time - vehicle.stages[-1].burn_time, vehicle.vertical_rise) + _SMALLEST_BURN
    refused = _refusal(vehicle, distance, farthest, place.reached(bearing, pitch, least))
    if refused is not None:
        return AimedFlight(refused)
    return _shoot(
        place,
        aim_deg,
        bearing,
        distance,
        lambda azimuth, cutoff: (azimuth, pitch, cutoff),
        (least, vehicle.burn_time),
        sample_step,
    )


def aim_by_pitch_over(
    vehicle: Vehicle,
    launch_deg: tuple[float, float],
    aim_deg: tuple[float, float],
    *,
    lofted: bool = True,
    sample_step: float = math.inf,
    surroundings: Surroundings = EARTH,
) -> AimedFlight:
    """Meet an aim with all the propellant, by a steeper (lofted) or a flatter pitch-over than the farthest flight's.

    Parameters
    ----------
    vehicle : Vehicle
    launch_deg, aim_deg : tuple of float
        Latitude and longitude [deg].
    lofted : bool
        The steeper of the two solutions.
    sample_step : float
        Of the flight returned [s].
    surroundings : Surroundings

    Returns
    -------
    AimedFlight
        An aim out of reach is an answer, with the reason.
    """
    place, distance, bearing = _asked(vehicle, launch_deg, aim_deg, surroundings)
    pitch, farthest = _farthest(place, round(bearing, 9))
    end = _LEAST_PITCH if lofted else _MOST_PITCH
    refused = _refusal(vehicle, distance, farthest, place.reached(bearing, end, vehicle.burn_time))
    if refused is not None:
        return AimedFlight(refused)
    return _shoot(
        place,
        aim_deg,
        bearing,
        distance,
        lambda azimuth, turned: (azimuth, turned, vehicle.burn_time),
        (end, pitch),
        sample_step,
    )


def _asked(
    vehicle: Vehicle, launch_deg: tuple[float, float], aim_deg: tuple[float, float], surroundings: Surroundings
) -> tuple[_Range, float, float]:
    """Return the place of launch, the ground range [m] and the bearing [rad] of the aim."""
    latitude, longitude = math.radians(launch_deg[0]), math.radians(launch_deg[1])
    bearing = azimuth_to(latitude, longitude, math.radians(aim_deg[0]), math.radians(aim_deg[1]))
    distance = float(ground_range(*launch_deg, *aim_deg))
    return _Range(vehicle, latitude, longitude, surroundings), distance, float(bearing)


def _refusal(vehicle: Vehicle, distance: float, farthest: float, nearest: float) -> str | None:
    """Say why an aim is out of reach; None when it is not."""
    if distance < vehicle.least_range:
        return (
            f"{distance / KILOMETRE:.0f} km away, within the least range of the class, "
            f"{vehicle.least_range / KILOMETRE:.0f} km"
        )
    if distance > farthest:
        return f"{distance / KILOMETRE:.0f} km away, beyond the greatest range, {farthest / KILOMETRE:.0f} km"
    if distance < nearest:
        return (
            f"{distance / KILOMETRE:.0f} km away, nearer than this way of flying reaches, {nearest / KILOMETRE:.0f} km"
        )
    return None


def _shoot(
    place: _Range,
    aim_deg: tuple[float, float],
    bearing: float,
    distance: float,
    settings: Callable[[float, float], tuple[float, float, float]],
    limits: tuple[float, float],
    sample_step: float,
) -> AimedFlight:
    """Turn the azimuth and set the control, in turn, until the impact meets the aim.

    ``settings`` makes azimuth, pitch-over and cutoff of an azimuth and a control; over ``limits`` the ground range
    crosses the distance.
    """
    azimuth = bearing
    for _ in range(_ROUNDS):
        control = _control(partial(_excess, place, settings, azimuth, distance), limits)
        flight = place.fly(*settings(azimuth, control))
        impact = flight.impact
        if impact is None:
            return AimedFlight(flight.reason)
        place_deg = math.degrees(impact.latitude), math.degrees(impact.longitude)
        miss = float(ground_range(*place_deg, *aim_deg))
        if miss <= 0.01 * TOLERANCE:
            final = place.fly(*settings(azimuth, control), sample_step)
            turned, pitch, cutoff = settings(azimuth, control)
            return AimedFlight(None, pitch, turned % (2.0 * math.pi), cutoff, miss, final)
        azimuth += bearing - azimuth_to(place.latitude, place.longitude, impact.latitude, impact.longitude)
    return AimedFlight(f"the shooting did not converge in {_ROUNDS} rounds")


def _excess(
    place: _Range,
    settings: Callable[[float, float], tuple[float, float, float]],
    azimuth: float,
    distance: float,
    control: float,
) -> float:
    """Return how far a flight goes beyond a distance [m]."""
    return place.reached(*settings(azimuth, control)) - distance


def _control(excess: Callable[[float], float], limits: tuple[float, float]) -> float:
    """Return the control in the limits at which the range is right, by regula falsi; the nearer limit if it is not."""
    low, high = limits
    at_low, at_high = excess(low), excess(high)
    if at_low * at_high > 0.0:
        return low if abs(at_low) < abs(at_high) else high
    middle = low
    for _ in range(80):
        width = at_high - at_low
        middle = (
            0.5 * (low + high) if not math.isfinite(width) or width == 0.0 else high - at_high * (high - low) / width
        )
        found = excess(middle)
        if abs(found) < 0.1 or abs(high - low) < 1e-13:
            break
        if found * at_high < 0.0:
            low, at_low = high, at_high
        else:
            at_low *= 0.5
        high, at_high = middle, found
    return middle
