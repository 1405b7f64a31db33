"""The tables of docs/dynamic-flight.md: how far the kinematic tier lies from the numeric one, by class and range."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from hoplon.constants import MEAN_RADIUS
from hoplon.earth.atmosphere import STANDARD_GRAVITY
from hoplon.earth.geodesy import azimuth_to, ground_range
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS, apogee, flight_state, solve_flights
from hoplon.flight.motion import (
    EARTH,
    V2_COEFFICIENT,
    V2_MACH,
    Drag,
    Surroundings,
    altitude_of,
    drag_of_ballistic_coefficient,
)
from hoplon.flight.powered import REENTRY_ALTITUDE, DynamicFlight, Event, Stage, Vehicle, fall, launch
from hoplon.flight.reentry import arc_state, fall_time
from hoplon.flight.shooting import farthest_pitch_over
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import LaunchArea, Threat

SHARES = (0.5, 0.9)  # of a class's greatest range
BEARING = 310.0  # [deg] from the launch area, towards Europe
ROUND = Surroundings(oblateness=0.0)
NO_AIR = Surroundings(surface_density=0.0, scale_height=7200.0)  # [kg m-3], [m]: what the height is does not matter
_STEP = 1e-3  # [m s-1], relative, of the differences that aim a burnout velocity


@dataclass(frozen=True)
class Comparison:
    """One flight by both tiers."""

    row: NDArray[np.float64]
    aim_deg: tuple[float, float]
    coefficient: float

    def burnout(self) -> NDArray[np.float64]:
        """Return the state at which the two-body arc begins."""
        state = np.empty(6)
        arc_state(self.row, self.row[BURN_TIME], state)
        return state

    def flown(self, state: NDArray[np.float64], surroundings: Surroundings) -> DynamicFlight:
        """Return the numeric flight from a state at burnout."""
        drag, mass = drag_of_ballistic_coefficient(self.coefficient)
        start = float(self.row[BURN_TIME])
        return fall(state[:3], state[3:], drag, mass, start=start, sample_step=1.0, surroundings=surroundings)

    def missed(self, impact: Event) -> tuple[float, float]:
        """Return how far beyond the aim, and to the right of the way there, an impact lies [m]."""
        place = math.degrees(impact.latitude), math.degrees(impact.longitude)
        distance = float(ground_range(*self.aim_deg, *place))
        forward = math.radians(BEARING) if distance == 0.0 else self._heading()
        bearing = azimuth_to(*np.radians([*self.aim_deg, *place]))
        return distance * math.cos(bearing - forward), distance * math.sin(bearing - forward)

    def _heading(self) -> float:
        """Return the bearing of the flight as it passes the aim [rad]."""
        x, y, z, *_ = self.burnout()
        latitude = math.asin(z / math.sqrt(x * x + y * y + z * z))
        return float(azimuth_to(*np.radians(self.aim_deg), latitude, math.atan2(y, x))) + math.pi

    def aimed(self) -> DynamicFlight:
        """Return the numeric flight whose burnout velocity is changed, in size and heading, until it meets the aim."""
        state = self.burnout()
        for _ in range(12):
            found = self.flown(state, EARTH)
            miss = np.array(self.missed(landed(found)))
            if np.linalg.norm(miss) < 1.0:
                return found
            slopes = [np.array(self.missed(landed(self.flown(other, EARTH)))) - miss for other in varied(state)]
            state = mixed(state, np.linalg.solve(np.array(slopes).T, -miss))
        raise ValueError("the burnout velocity could not be aimed")


def landed(flight: DynamicFlight) -> Event:
    """Return the impact of a flight that has one."""
    if flight.impact is None:
        raise ValueError("the flight does not come down")
    return flight.impact


def mixed(state: NDArray[np.float64], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a state with its velocity lengthened and turned about the vertical by so many steps."""
    up = state[:3] / np.linalg.norm(state[:3])
    turn = _STEP * steps[1]
    velocity = state[3:] * (1.0 + _STEP * steps[0])
    across, along = np.cross(up, velocity), up * (up @ velocity)
    turned = along + (velocity - along) * math.cos(turn) + across * math.sin(turn)
    return np.concatenate([state[:3], turned])


def varied(state: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the state with its velocity one step longer, and one step turned."""
    return mixed(state, np.array([1.0, 0.0])), mixed(state, np.array([0.0, 1.0]))


def comparison(threat: Threat, area: LaunchArea, share: float) -> Comparison:
    """Return the flight of a class at a share of its greatest range."""
    if threat.ballistic_coefficient_kg_m2 is None:
        raise ValueError("a class without a ballistic coefficient")
    origin = (area.at.latitude_deg, area.at.longitude_deg)
    sphere = Geod(a=MEAN_RADIUS, b=MEAN_RADIUS)
    longitude, latitude, _ = sphere.fwd(origin[1], origin[0], BEARING, share * 1e3 * float(threat.max_range_km))
    burnout = 1e3 * float(threat.burnout_altitude_km), 1e3 * float(threat.burnout_ground_range_km)
    columns = (np.array([value]) for value in (float(threat.burn_time_s), *burnout, 0.0))
    row = solve_flights(np.radians([origin]), np.radians([(latitude, longitude)]), *columns)[0]
    if row[STATUS] != 0.0:
        raise ValueError("the class does not fly that far")
    return Comparison(row, (latitude, longitude), float(threat.ballistic_coefficient_kg_m2))


def kinematic_errors() -> str:
    """Return the table of the kinematic tier's errors."""
    scenario = load_scenario("nato-europe")
    area = scenario.launch_areas["semnan"]
    head = (
        "| class | range, km | flight, s | same burnout: impact later, s | of which drag, s | impact moved along, km "
        "| across, km | apogee higher, km | aimed: impact later, s | half-way higher, km "
        "| below 100 km: kinematic, s | aimed, s |"
    )
    lines = [
        _errors(name, threat, area, share)
        for name, threat in scenario.threats.items()
        if threat.ballistic_coefficient_kg_m2 is not None
        for share in SHARES
    ]
    return "\n".join([head, "|---" + "|--:" * 11 + "|", *lines, ""])


def _errors(name: str, threat: Threat, area: LaunchArea, share: float) -> str:
    flight = comparison(threat, area, share)
    row = flight.row
    impact = float(row[IMPACT_TIME])
    same, no_drag = flight.flown(flight.burnout(), EARTH), flight.flown(flight.burnout(), NO_AIR)
    aimed = flight.aimed()
    along, across = flight.missed(landed(same))
    half = int(np.argmin(np.abs(aimed.times - 0.5 * impact)))
    _, _, _, altitude, _, _, _ = flight_state(row, float(aimed.times[half]))
    high = same.apogee
    cells = (
        f"{share * float(threat.max_range_km):.0f}",
        f"{impact:.0f}",
        f"{landed(same).time - impact:+.1f}",
        f"{landed(same).time - landed(no_drag).time:+.1f}",
        f"{along / 1e3:+.1f}",
        f"{across / 1e3:+.1f}",
        "-" if high is None else f"{(high.altitude - apogee(row)) / 1e3:+.1f}",
        f"{landed(aimed).time - impact:+.1f}",
        f"{(altitude_of(aimed.states[half]) - altitude) / 1e3:+.1f}",
        f"{impact - fall_time(row, REENTRY_ALTITUDE):.1f}",
        "-" if aimed.reentry is None else f"{landed(aimed).time - aimed.reentry.time:.1f}",
    )
    return f"| {name} | " + " | ".join(cells) + " |"


def vehicles() -> dict[str, Vehicle]:
    """Return the vehicles of the table of boosts: one historic, two generic ones of round numbers, all assumed."""
    drag = Drag(math.pi * 0.825**2, V2_MACH, V2_COEFFICIENT)
    slender, blunt = Drag(1.1, V2_MACH, V2_COEFFICIENT), Drag(0.6, V2_MACH, V2_COEFFICIENT)
    historic = Vehicle((Stage(27461 * STANDARD_GRAVITY, 210.0, 210.0 * 8900.0 / 27461.0, 4000.0),), 975.0, drag, drag)
    one = Vehicle((Stage(280e3, 235.0, 95.0, 2200.0),), 900.0, slender, blunt)
    two = Vehicle((Stage(480e3, 240.0, 75.0, 3000.0), Stage(120e3, 275.0, 85.0, 900.0)), 800.0, slender, blunt)
    return {"V-2 (historic)": historic, "generic, one stage": one, "generic, two stages": two}


def boosts() -> str:
    """Return the table of boosts: the integrated ones, and how far the kinematic shape lies from them."""
    head = (
        "| vehicle | lift-off, t | burn, s | burnout km/s | angle, deg | altitude, km | ground range, km | apogee, km "
        "| range, km | flight, s | kinematic altitude at 1/4, 1/2, 3/4 of the burn, km | integrated, km |"
    )
    lines = [_boost(name, vehicle) for name, vehicle in vehicles().items()]
    return "\n".join([head, "|---" + "|--:" * 11 + "|", *lines, ""])


def _boost(name: str, vehicle: Vehicle) -> str:
    place = (math.radians(52.0), math.radians(4.0))
    heading = math.radians(BEARING)
    pitch, _ = farthest_pitch_over(vehicle, *place, heading)
    flight = launch(vehicle, *place, heading, pitch, sample_step=vehicle.burn_time / 4.0)
    burnout, top, impact = flight.burnout, flight.apogee, flight.impact
    if burnout is None or top is None or impact is None or flight.ground_range is None:
        raise ValueError(f"{name} does not fly")
    away = float(ground_range(*np.degrees([*place, burnout.latitude, burnout.longitude])))
    quarters = [flight.states[int(np.argmin(np.abs(flight.times - 0.25 * n * vehicle.burn_time)))] for n in (1, 2, 3)]
    shaped = ", ".join(f"{burnout.altitude / 1e3 * (n / 4.0) ** 2:.0f}" for n in (1, 2, 3))
    flown = ", ".join(f"{altitude_of(state) / 1e3:.0f}" for state in quarters)
    cells = (
        f"{vehicle.lift_off_mass / 1e3:.1f}",
        f"{vehicle.burn_time:.0f}",
        f"{burnout.speed / 1e3:.2f}",
        f"{math.degrees(burnout.flight_path_angle):.0f}",
        f"{burnout.altitude / 1e3:.0f}",
        f"{away / 1e3:.0f}",
        f"{top.altitude / 1e3:.0f}",
        f"{flight.ground_range / 1e3:.0f}",
        f"{impact.time:.0f}",
        shaped,
        flown,
    )
    return f"| {name} | " + " | ".join(cells) + " |"
