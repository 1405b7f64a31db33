"""Section 7: one engagement in three modes, support held, shoot-look-shoot."""

import functools
import math

import numpy as np

from . import earth
from .fan import remembered_times, slowest_of
from .flight import NoFlightError, fly
from .scenario import INFINITE, Architecture, in_years, number, resolve
from .sensors import first_alert, may_support, picture


def refusal(architecture, area, aim_deg, threat, threat_name, loft_deg):
    """Return why a pair is refused before any flight is computed, or None."""
    scenario = architecture.scenario
    if "launch_areas" in threat and area not in threat["launch_areas"]:
        return f"{threat_name} is not launched from {area}"
    if not in_years(threat, architecture.year):
        return f"{threat_name} does not exist in {architecture.year}"
    if float(loft_deg) not in [number(loft) for loft in threat.get("lofts_deg", [0.0])]:
        return f"{threat_name} does not fly a loft of {loft_deg} degrees"
    launch = np.radians(scenario["launch_areas"][area]["at"][:2])
    distance = float(earth.ground_distance(*launch, *np.radians(aim_deg))) / 1e3
    if distance < number(threat.get("min_range_km"), 0.0):
        return "below the least range"
    if distance > number(threat["max_range_km"]):
        return "beyond the greatest range"
    return None


def threat_flight(scenario, area, aim_deg, threat, loft_deg):
    """Return the Flight of a class from an area to an aim, or raise NoFlightError."""
    return remembered_flight(
        tuple(float(v) for v in scenario["launch_areas"][area]["at"][:2]),
        tuple(float(v) for v in aim_deg),
        tuple(number(threat[key]) for key in ("burn_time_s", "burnout_altitude_km", "burnout_ground_range_km")),
        float(loft_deg),
    )


@functools.lru_cache(maxsize=256)
def remembered_flight(launch_deg, aim_deg, shape, loft_deg):
    """Return the Flight, computed once for each question (a refusal is raised anew each time)."""
    burn_time, height, run = shape
    launch, aim = tuple(np.radians(launch_deg)), tuple(np.radians(aim_deg))
    return fly(launch, aim, burn_time, height * 1e3, run * 1e3, math.radians(loft_deg))


def firm_time(intervals, burnout, firm_s):
    """Return when a radar's track becomes firm: its first interval that lasts until then."""
    for on, off in intervals:
        firm = max(on, burnout) + firm_s
        if off >= firm:
            return firm
    return INFINITE


class Battery:
    """What one battery may use: the sensors admitted for commit and for support, each with its latency."""

    def __init__(self, architecture, name):
        self.element = architecture.elements[name]
        self.type = architecture.scenario["interceptors"][self.element["battery"]]
        self.doctrine = architecture.doctrine
        radars = architecture.of_kind("radar")
        own = {r: 0.0 for r in self.element.get("radars", []) if r in radars}
        tracking = architecture.tracking_satellites()
        networked = {r: architecture.latency(r) for r in (*radars, *tracking)} | own
        self.commit_radars = own if architecture.mode == "organic" else networked
        admitted = networked if architecture.mode == "engage_on_remote" else own
        roles = {r for r, e in radars.items() if may_support(architecture.scenario["radars"][e["radar"]])}
        self.support_radars = {r: latency for r, latency in admitted.items() if r in roles or r in tracking}

    def commit(self, seen, burnout):
        """Return the commit time, infinite without a firm track."""
        firm = [
            firm_time(seen[r]["tracks"], burnout, number(self.doctrine["firm_track_s"])) + latency
            for r, latency in self.commit_radars.items()
        ]
        return min([*firm, INFINITE]) + number(self.doctrine["decision_s"]) + number(self.doctrine["reaction_s"])

    def supported(self, seen, t):
        """Tell whether support holds for an intercept at t."""
        begun, handover = number(self.doctrine.get("support_s"), 10.0), number(self.doctrine["handover_s"])
        return any(
            on + begun + latency <= t and on <= t and off >= t - handover
            for r, latency in self.support_radars.items()
            for on, off in seen[r]["tracks"]
        )

    def eyes(self, seen, start):
        """Tell whether a look has eyes after an intercept at ``start``."""
        end = start + number(self.doctrine["kill_assessment_s"])
        return any(on <= end and off >= start for r in self.commit_radars for on, off in seen[r]["tracks"])

    def feasible(self, flight, seen):
        """Return every feasible (intercept, launch, altitude, ground range) on the grid, and the commit time."""
        commit = self.commit(seen, flight.burn_time)
        if not math.isfinite(commit):
            return [], commit
        low, high = (1e3 * number(limit) for limit in self.type["intercept_altitude_km"])
        times = np.arange(0.0, math.floor(flight.flight_time) + 1.0)
        times = times[(times > flight.burn_time) & (times < flight.flight_time)]
        latitude, longitude, altitude = earth.geodetic(flight.position(times))
        at = np.radians(self.element["at"][:2])
        distance = earth.ground_distance(at[0], at[1], latitude, longitude)
        # An intercept cannot come sooner than commit plus the boost: the rest is not worth a fan.
        worth = (altitude >= low) & (altitude <= high) & (times >= commit + number(self.type["burn_time_s"]))
        worth &= np.array([self.supported(seen, t) for t in times], dtype=bool)
        chosen = np.nonzero(worth)[0]
        flights = remembered_times(
            number(self.type["burnout_speed_km_s"]) * 1e3,
            number(self.type["burn_time_s"]),
            distance[chosen],
            altitude[chosen],
            math.radians(number(self.type.get("min_elevation_deg"), 15.0)),
            slowest_of(self.type),
        )
        return [
            (float(times[i]), float(times[i] - time), float(altitude[i]), float(distance[i]))
            for i, time in zip(chosen, flights, strict=True)
            if times[i] - time >= commit and time <= number(self.type.get("max_flight_time_s"), INFINITE)
        ], commit

    def shots(self, possible, seen):
        """Return the greedy shoot-look-shoot sequence out of the feasible intercepts."""
        salvo = number(self.doctrine.get("salvo"), 1.0)
        rounds = (
            math.floor(number(self.element.get("count"), INFINITE) / salvo + 1e-9)
            if "count" in self.element
            else INFINITE
        )
        if not self.doctrine.get("look", True):
            rounds = min(rounds, 1)
        again = number(self.doctrine["kill_assessment_s"]) + number(self.doctrine["reaction_s"])
        taken = []
        for shot in possible:
            if len(taken) >= rounds:
                break
            if not taken:
                taken.append(shot)
            elif shot[0] > taken[-1][0] and shot[1] >= taken[-1][0] + again:
                if not self.eyes(seen, taken[-1][0]):
                    break
                taken.append(shot)
        return taken


def finite(value):
    return float(value) if math.isfinite(value) else None


def engage_flight(architecture, threat, flight):
    """Return the answer of one flight against one architecture."""
    seen = picture(architecture, threat, flight)
    batteries = {}
    for name, element in architecture.of_kind("battery").items():
        if element.get("partner", False):
            continue
        battery = Battery(architecture, name)
        possible, commit = battery.feasible(flight, seen)
        shots = battery.shots(possible, seen)
        batteries[name] = {
            "commit_s": finite(commit),
            "shots": len(shots),
            "intercepts": [
                {"launch_s": s[1], "intercept_s": s[0], "altitude_km": s[2] / 1e3, "ground_range_km": s[3] / 1e3}
                for s in shots
            ],
            "last_intercept_s": possible[-1][0] if possible else None,
        }
    wanted = number(architecture.doctrine.get("shots_required"), 1.0)
    alert = INFINITE if architecture.organic else first_alert(architecture, threat)
    return {
        "flight_time_s": flight.flight_time,
        "radars": {n: {"cue_s": finite(r["cue"]), "track_s": r["tracks"]} for n, r in seen.items()},
        "batteries": batteries,
        "defended": any(b["shots"] >= wanted for b in batteries.values()),
        "warning_s": finite(flight.flight_time - alert),
    }


def engage(scenario, architecture, area, aim_deg, threat, loft_deg=0.0):
    """Return the JSON keys of ``hoplon engage`` for one (architecture, launch area, aim, class, loft)."""
    if not isinstance(architecture, Architecture):
        architecture = resolve(scenario, architecture)
    record = scenario["threats"][threat]
    refused = {"flight_time_s": None, "radars": {}, "batteries": {}, "defended": False, "warning_s": None}
    reason = refusal(architecture, area, aim_deg, record, threat, loft_deg)
    if reason is None:
        try:
            flight = threat_flight(scenario, area, aim_deg, record, loft_deg)
        except NoFlightError as no:
            reason = str(no)
    if reason is not None:
        return {"reachable": False, "reason": reason} | refused
    return {"reachable": True, "reason": None} | engage_flight(architecture, record, flight)
