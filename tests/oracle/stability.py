"""Section 6 of the page on decisions: strategic trajectories by burnout speed, second by second, without any short cut.

A speed is put into the file's dictionary, and the flight judged anew. The kinematic view tries every second after
burnout at or above the floor. The crossing angle takes the threat's velocity from two positions a moment apart, and the
interceptor's from the conic of its coast.
"""

import copy
import math

import numpy as np

from . import earth
from .engagement import Battery, engage_flight, remembered_flight
from .fan import burnout, flyout_solutions, slowest_of
from .scenario import number, resolve
from .sensors import picture

MOMENT = 0.01  # [s]
STRIDES = (25, 1)  # [s] one second that will do is enough, and is sought in strides first


def at_speed(scenario, speed_km_s):
    """Return the scenario with one burnout speed for every interceptor, km/s."""
    moved = copy.deepcopy(scenario)
    for kind in moved["interceptors"].values():
        kind["burnout_speed_km_s"] = speed_km_s
    return moved


def flight_of(scenario, trajectory):
    """Return the class of a strategic trajectory and its flight at the first loft."""
    threat = scenario["threats"][trajectory["threat"]]
    shape = tuple(number(threat[key]) for key in ("burn_time_s", "burnout_altitude_km", "burnout_ground_range_km"))
    ends = (tuple(float(v) for v in trajectory[end][:2]) for end in ("from", "aim"))
    return threat, remembered_flight(*ends, shape, number(threat.get("lofts_deg", [0.0])[0]))


def flyouts(element, kind, flight, times):
    """Return range [m], altitude [m], time [s], elevation and speed of the quickest fly-out to places of a flight."""
    latitude, longitude, altitude = earth.geodetic(flight.position(times))
    at = np.radians(element["at"][:2])
    distance = earth.ground_distance(at[0], at[1], latitude, longitude)
    solution = flyout_solutions(
        number(kind["burnout_speed_km_s"]) * 1e3,
        number(kind["burn_time_s"]),
        distance,
        altitude,
        math.radians(number(kind.get("min_elevation_deg"), 15.0)),
        slowest_of(kind),
    )
    return distance, altitude, *solution


def judged(scenario, architecture, trajectory):
    """Tell whether an architecture meets a trajectory, as it meets any flight."""
    threat, flight = flight_of(scenario, trajectory)
    return engage_flight(resolve(scenario, architecture), threat, flight)["defended"]


def kinematic(scenario, architecture, trajectory):
    """Tell whether any battery could be there at some second, launched at burnout or later."""
    _, flight = flight_of(scenario, trajectory)
    resolved = resolve(scenario, architecture)
    for element in resolved.of_kind("battery").values():
        if element.get("partner", False):
            continue
        kind = scenario["interceptors"][element["battery"]]
        every = np.arange(math.floor(flight.burn_time) + 1.0, flight.flight_time)
        every = every[earth.geodetic(flight.position(every))[2] >= 1e3 * number(kind["intercept_altitude_km"][0])]
        for stride in STRIDES:
            times = every[::stride]
            if (times - flyouts(element, kind, flight, times)[2] >= flight.burn_time).any():
                return True
    return False


def first_intercept(scenario, architecture, trajectory):
    """Return battery, intercept [s], altitude [km], slack [s], crossing angle [deg] of the first intercept."""
    threat, flight = flight_of(scenario, trajectory)
    resolved = resolve(scenario, architecture)
    seen = picture(resolved, threat, flight)
    found = []
    for name in resolved.of_kind("battery"):
        possible, commit = Battery(resolved, name).feasible(flight, seen)
        if possible:
            slack = max(launch for _, launch, *_ in possible) - commit
            found.append((possible[0][0], name, possible[0][2] / 1e3, slack))
    time, name, altitude, slack = min(found, key=lambda item: item[0])
    element = resolved.elements[name]
    kind = scenario["interceptors"][element["battery"]]
    angle = crossing_angle(element, kind, flight, time)
    return {"battery": name, "intercept_s": time, "altitude_km": altitude, "slack_s": slack, "angle_deg": angle}


def crossing_angle(element, kind, flight, time):
    """Return the angle between the two velocities at an intercept [deg], each from two positions a moment apart."""
    before, after = flight.position([time - MOMENT, time + MOMENT])
    at = np.radians(element["at"][:2])
    here = sphere_normal(*at)
    latitude, longitude, _ = earth.geodetic(flight.position([time]))
    there = sphere_normal(float(latitude[0]), float(longitude[0]))
    east = there - (there @ here) * here
    east /= np.linalg.norm(east)
    distance, _, _, elevation, speed = flyouts(element, kind, flight, np.array([time]))
    radius, swept, _, parameter, sigma = burnout(
        float(speed[0]), number(kind["burn_time_s"]), np.array([float(elevation[0])])
    )
    # On the conic r = p / (1 + e cos nu): velocities along and across the radius at the swept angle.
    momentum = math.sqrt(float(parameter[0]) * earth.MU)
    e_cos = float(parameter[0]) / float(radius[0]) - 1.0
    e_sin = math.sqrt(float(parameter[0])) * float(sigma[0]) / float(radius[0])
    turned = float(distance[0]) / earth.R - float(swept[0])
    cosine, sine = math.cos(turned), math.sin(turned)
    r2 = float(parameter[0]) / (1.0 + e_cos * cosine - e_sin * sine)
    up, along = earth.MU / momentum * (e_sin * cosine + e_cos * sine), momentum / r2
    psi = float(distance[0]) / earth.R
    mine = up * there + along * (math.cos(psi) * east - math.sin(psi) * here)
    theirs = after - before
    return math.degrees(math.acos(mine @ theirs / np.linalg.norm(mine) / np.linalg.norm(theirs)))


def sphere_normal(latitude, longitude):
    """Return the unit vector of a latitude and longitude [rad]."""
    return np.array(
        [math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude)]
    )
