"""Seeded random cases: whole scenarios in the style of the toy one, single flights, single fly-outs with nasty corners.

Run as a program to write scenario files: ``python -m oracle.cases DIRECTORY COUNT [FIRST_SEED]``.
"""

import io
import json
import math
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

from . import earth, fan

BANDS = ("X", "S", "C", "L", "UHF", "VHF")
NATIONS = ["DEU", "POL", "TUR", "ROU", "GRC", "ITA", "NOR", "USA"]
# Greatest range [km], burn time [s], burnout altitude [km], burnout ground range [km]: round numbers in order of size.
CLASSES = [
    (300, 60, 30, 25),
    (600, 75, 50, 45),
    (1000, 90, 70, 70),
    (1300, 95, 80, 80),
    (2000, 105, 95, 100),
    (3500, 130, 120, 160),
    (5500, 180, 170, 300),
    (8000, 220, 220, 500),
    (10000, 240, 260, 650),
]


@dataclass(frozen=True)
class EngageCase:
    """One scenario file and one question to it."""

    seed: int
    text: str
    architecture: str
    area: str
    aim: tuple
    threat: str
    loft_deg: float


@dataclass(frozen=True)
class FlightCase:
    """One flight: arguments of ``trajectory``, with the kind of corner it is."""

    kind: str
    launch: tuple
    aim: tuple
    burn_time_s: float
    burnout_altitude_km: float
    burnout_ground_range_km: float
    loft_deg: float


@dataclass(frozen=True)
class FlyoutCase:
    """One fly-out: arguments of ``flyout``, with the kind of corner it is."""

    kind: str
    burnout_speed_km_s: float
    burn_time_s: float
    ground_range_km: float
    altitude_km: float
    min_elevation_deg: float
    min_burnout_speed_km_s: float | None


def pick(rng, values, weights=None):
    """Return one of some values as a plain Python object."""
    chances = None if weights is None else np.asarray(weights, float) / np.sum(weights)
    return values[int(rng.choice(len(values), p=chances))]


def between(rng, low, high, step):
    """Return a random multiple of ``step`` in [low, high], exact in binary when the step is."""
    value = low + step * int(rng.integers(0, int((high - low) / step) + 1))
    return int(value) if float(value).is_integer() else float(round(value, 9))


def wrap(longitude):
    return (longitude + 180.0) % 360.0 - 180.0


def offset(place, bearing_deg, distance_km):
    """Return a (latitude, longitude) in degrees at a bearing and distance, rounded to 0.01 degree."""
    latitude, longitude = earth.along(*np.radians(place), math.radians(bearing_deg), distance_km * 1e3)
    return [round(math.degrees(float(latitude)), 2), round(wrap(math.degrees(float(longitude))), 2)]


def bearing(place, other):
    return math.degrees(float(earth.azimuth(*np.radians(place), *np.radians(other))))


def spread(rng, low, high):
    """Return a log-uniform number with three digits."""
    return float(f"{math.exp(rng.uniform(math.log(low), math.log(high))):.3g}")


def threat_class(rng, row):
    """Return one threat type around a row of CLASSES."""
    reach, burn, height, run = row
    scale = float(rng.uniform(0.85, 1.15))
    burn = between(rng, round(burn * 0.8), round(burn * 1.3), pick(rng, [1, 0.5]))
    lofts = pick(rng, [None, [0], [0, 10], [-5, 0, 8], [15, 30], [-10, 0]], [4, 1, 1, 1, 1, 1])
    record = {
        "max_range_km": reach,
        "min_range_km": between(rng, 0, reach // 2, 50),
        "burn_time_s": burn,
        "burnout_altitude_km": round(height * scale),
        "burnout_ground_range_km": round(run * float(rng.uniform(0.7, 1.3))),
        "rcs_m2": {band: spread(rng, 0.005, 1.0) for band in BANDS},
    }
    return record | ({"lofts_deg": lofts} if lofts else {})


def radar_type(rng):
    """Return one radar type."""
    search = spread(rng, 200, 4000)
    record = {
        "band": pick(rng, BANDS),
        "search": {"reference_range_km": search, "reference_rcs_m2": pick(rng, [0.01, 0.03, 0.1, 1.0])},
        "track": {"reference_range_km": round(search * float(rng.uniform(0.9, 2.0))), "reference_rcs_m2": 0.03},
        "max_range_km": between(rng, 500, 6000, 250),
        "elevation_deg": [pick(rng, [0, 1.5, 3, 5, 10, 20]), pick(rng, [60, 75, 85, 90])],
        "update_s": pick(rng, [1, 2, 5]),
        "range_sigma_m": 30,
        "angle_sigma_mrad": 1.5,
        "acquisition_s": pick(rng, [0, 2.5, 5, 10, 20, 30]),
        "cued_acquisition_s": pick(rng, [0, 1, 2.5, 5, 10]),
    }
    if rng.random() < 0.6:
        record["sector_halfwidth_deg"] = pick(rng, [20, 45, 60, 90, 120])
    if rng.random() < 0.3:
        record["min_range_km"] = pick(rng, [10, 50, 150, 300])
    if rng.random() < 0.2:
        record["requires_cue"] = True
    return record


def interceptor_type(rng):
    """Return one interceptor type, from short lower-layer ones to fast upper-layer ones."""
    speed = between(rng, 2.0, 9.0, 0.25)
    low = pick(rng, [0, 3, 10, 25, 50, 80, 90, 100, 150], [1, 1, 1, 1, 3, 3, 3, 2, 1])
    record = {
        "burnout_speed_km_s": speed,
        "burn_time_s": between(rng, 10, 40 + round(12 * speed), 2.5),
        "intercept_altitude_km": [low, low + pick(rng, [15, 40, 100, 300, 500, 1500], [1, 1, 1, 2, 3, 3])],
        "max_flight_time_s": pick(rng, [90, 200, 300, 500, 700, 1200], [1, 2, 3, 4, 4, 4]),
        "single_shot_kill_probability": 0.7,
    }
    if rng.random() < 0.6:
        record["min_elevation_deg"] = pick(rng, [0, 1, 5, 10, 25, 40, 60], [3, 2, 2, 2, 2, 1, 1])
    if rng.random() < 0.3:
        record["min_burnout_speed_km_s"] = pick(rng, [0.5, 1.5, 2.0, speed])
    return record


def radar_element(rng, launch, aim, distance_km, partner_chance):
    """Return one radar somewhere about the flight's corridor, its boresights loosely towards it."""
    toward = bearing(launch, aim)
    way = offset(launch, toward, distance_km * float(rng.uniform(0.0, 1.15)))
    place = offset(way, float(rng.uniform(0, 360)), float(rng.uniform(0, min(900.0, 0.5 * distance_km))))
    record = {"radar": pick(rng, ["radar-a", "radar-b", "radar-c"]), "at": place}
    if rng.random() < 0.4:
        place.append(between(rng, 0, 3000, 100))
    if rng.random() < 0.7:
        centre = bearing(place[:2], pick(rng, [launch, way, aim])) + float(rng.uniform(-60, 60))
        faces = [round(centre) % 360] + ([round(centre + 120) % 360] if rng.random() < 0.3 else [])
        record["boresights_deg"] = faces
    if rng.random() < partner_chance:
        record["partner"] = True
    return record


def elements(rng, launch, aim, distance_km):
    """Return the placed things and, apart, the names of radars and batteries."""
    things = {"hub": {"node": "hub", "at": [49.44, 7.6], "owner": "DEU"}}
    for i in range(int(rng.integers(0, 3))):
        things[f"watch-{i}"] = {"satellite": pick(rng, ["warn-a", "warn-b"])}
    radars = [f"radar-{i}" for i in range(int(rng.integers(1, 6)))]
    for name in radars:
        things[name] = radar_element(rng, launch, aim, distance_km, 0.2)
    for i in range(int(rng.integers(1, 4))):
        site = offset(
            aim, float(rng.uniform(0, 360)), float(rng.uniform(0, 1.0)) ** 2 * min(1500.0, 0.6 * distance_km + 20.0)
        )
        ours = [r for r in radars if "partner" not in things[r]]
        own = list(rng.permutation(ours)[: int(rng.integers(0, 3))])
        if rng.random() < 0.6:
            beside = f"beside-{i}"
            things[beside] = {"radar": pick(rng, ["radar-a", "radar-b", "radar-c"]), "at": list(site)}
            own.append(beside)
        things[f"battery-{i}"] = {
            "battery": pick(rng, ["fast", "slow", "middle"]),
            "count": pick(rng, [1, 2, 3, 10, 24]),
            "launch_interval_s": 2,
            "at": site,
            "radars": [str(r) for r in own],
        }
    for thing in things.values():
        thing.setdefault("owner", pick(rng, NATIONS))
        if "battery" not in thing and "node" not in thing and rng.random() < 0.4:
            thing["latency_s"] = pick(rng, [0, 0.5, 1.25, 3, 8, 20])
        if rng.random() < 0.08:
            thing["from"] = pick(rng, [2008, 2012, 2016])
        elif rng.random() < 0.08:
            thing["until"] = pick(rng, [2009, 2012, 2018])
    return things


def doctrine(rng):
    """Return a doctrine with every number drawn."""
    record = {
        "mode": pick(rng, ["organic", "launch_on_remote", "engage_on_remote"], [1, 2, 3]),
        "firm_track_s": pick(rng, [0, 5, 15, 20.5, 40], [2, 2, 3, 3, 1]),
        "decision_s": pick(rng, [0, 10, 30, 50, 120], [2, 3, 3, 2, 1]),
        "reaction_s": pick(rng, [0, 2.5, 5, 10]),
        "handover_s": pick(rng, [0, 5, 20, 60]),
        "kill_assessment_s": pick(rng, [0, 5, 20, 60]),
        "salvo": pick(rng, [1, 1, 2, 3]),
        "shots_required": pick(rng, [1, 1, 2]),
        "look": bool(rng.random() < 0.8),
    }
    if rng.random() < 0.5:
        record["support_s"] = pick(rng, [0, 5, 20, 45])
    return record


def architectures(rng, things):
    """Return two architectures: everything, and one that extends it without some and with other rules."""
    names = list(things)
    base = {"title": "all", "elements": names, "c2": "hub"}
    if rng.random() < 0.3:
        base["year"] = pick(rng, [2009, 2012, 2016])
    gone = [n for n in names if rng.random() < 0.15 and not n.startswith("battery")]
    other = {"extends": "all", "title": "other", "doctrine": {"decision_s": pick(rng, [5, 25, 90])}}
    if gone:
        other["without"] = gone
    if rng.random() < 0.4:
        other["doctrine"]["mode"] = pick(rng, ["organic", "launch_on_remote", "engage_on_remote"])
    if rng.random() < 0.4:
        other["network"] = {"latency_s": pick(rng, [0, 1, 6])}
    return {"all": base, "other": other}


def add_roles_and_followers(rng, scenario):
    """Say of some radar types whether they support intercepts, and add tracking satellites."""
    for record in scenario["radars"].values():
        if rng.random() < 0.4:
            record["supports_intercept"] = bool(rng.random() < 0.5)
    for name in "ab":
        tracking = {
            "acquisition_s": pick(rng, [0, 5, 12.5, 30, 90]),
            "update_s": pick(rng, [0.5, 1, 4]),
            "position_sigma_m": pick(rng, [50, 200, 1000]),
        }
        if rng.random() < 0.6:
            tracking["min_altitude_km"] = pick(rng, [0, 50, 90, 150, 300, 700])
        warns = {"alert_s": pick(rng, [20, 50]), "detect_s": 40} if rng.random() < 0.4 else {}
        scenario["satellites"][f"follow-{name}"] = warns | {"tracking": tracking}
    for i in range(pick(rng, [0, 1, 2], [4, 4, 2])):
        element = {"satellite": pick(rng, ["follow-a", "follow-b"]), "owner": pick(rng, NATIONS)}
        if rng.random() < 0.5:
            element["latency_s"] = pick(rng, [0, 1.25, 5, 20])
        if rng.random() < 0.2:
            element["partner"] = True
        scenario["elements"][f"follower-{i}"] = element
        scenario["architectures"]["all"]["elements"].append(f"follower-{i}")


def engage_case(seed):
    """Return one random scenario with a question, the same for the same seed."""
    rng = np.random.default_rng([20071, seed])
    row = pick(rng, CLASSES, [1, 1, 2, 2, 3, 3, 3, 2, 2])
    threat = threat_class(rng, row)
    launch = [round(float(rng.uniform(-65, 72)), 2), round(float(rng.uniform(-180, 180)), 2)]
    share = float(rng.uniform(0.15, 1.0)) if rng.random() < 0.95 else float(rng.uniform(1.0, 1.3))
    distance = max(share * row[0], min(threat["min_range_km"] * 1.02 + 5.0, row[0]) if rng.random() < 0.95 else 0.0)
    aim = offset(launch, float(rng.uniform(0, 360)), distance)
    things = elements(rng, launch, aim, distance)
    scenario = {
        "hoplon": 1,
        "name": f"case-{seed}",
        "title": f"Random case {seed}",
        "nations": NATIONS,
        "launch_areas": {"here": {"at": launch}, "there": {"at": offset(launch, 45.0, 300.0)}},
        "threats": {"class": threat, "spare": threat_class(rng, pick(rng, CLASSES))},
        "radars": {f"radar-{x}": radar_type(rng) for x in "abc"},
        "satellites": {
            "warn-a": {"alert_s": pick(rng, [30, 45.5, 60]), "detect_s": pick(rng, [30, 50])},
            "warn-b": {"alert_s": pick(rng, [40, 90]), "detect_s": pick(rng, [20, 100])},
        },
        "interceptors": {x: interceptor_type(rng) for x in ("fast", "slow", "middle")},
        "elements": things,
        "network": {"latency_s": pick(rng, [0, 0.5, 2, 5])},
        "doctrine": doctrine(rng),
        "architectures": architectures(rng, things),
    }
    add_roles_and_followers(np.random.default_rng([20075, seed]), scenario)
    text = io.StringIO()
    dumper = YAML(typ="safe", pure=True)
    dumper.width = 200
    dumper.sort_base_mapping_type_on_output = False
    dumper.dump(scenario, text)
    loft = pick(rng, threat.get("lofts_deg", [0]))
    return EngageCase(
        seed,
        text.getvalue(),
        pick(rng, ["all", "other"]),
        pick(rng, ["here", "there"], [9, 1]),
        tuple(aim),
        "class",
        loft,
    )


FLIGHT_KINDS = ["plain", "pole", "antimeridian", "loft", "depressed", "short", "long", "extreme"]


def flight_case(seed):
    """Return one random flight; one in four sits in a corner."""
    rng = np.random.default_rng([20072, seed])
    kind = pick(rng, FLIGHT_KINDS, [12, 1, 1, 2, 2, 1, 1, 2])
    row = pick(rng, CLASSES)
    launch = [float(rng.uniform(-75, 75)), float(rng.uniform(-180, 180))]
    distance = row[0] * float(rng.uniform(0.2, 1.0))
    toward, loft = float(rng.uniform(0, 360)), 0.0
    if kind == "pole":
        launch[0] = pick(rng, [-89.9, 89.5, 85.0, -85.0])
    elif kind == "antimeridian":
        launch[1], toward = pick(rng, [179.5, -179.5]), pick(rng, [90.0, 270.0])
    elif kind == "loft":
        loft = float(rng.uniform(0, 45))
    elif kind == "depressed":
        loft = float(rng.uniform(-30, 0))
    elif kind == "extreme":
        loft, distance = float(rng.uniform(-80, 80)), float(rng.uniform(0.0, 1.5)) * distance
    elif kind == "short":
        distance = row[3] * float(rng.uniform(0.5, 1.5))
    elif kind == "long":
        row, distance = CLASSES[-1], float(rng.uniform(10000, 19500))
    return FlightCase(
        kind,
        tuple(launch),
        tuple(offset(launch, toward, distance)),
        row[1] * float(rng.uniform(0.8, 1.3)),
        row[2] * float(rng.uniform(0.8, 1.2)),
        row[3] * float(rng.uniform(0.7, 1.3)),
        loft,
    )


def envelope(speed, burn, altitude, least):
    """Return the greatest ground range [m] at an altitude over a fine fan, NaN if none."""
    angles = np.radians(np.linspace(least, 90.0, 4001))
    both = [fan.crossing(speed, burn, angles, altitude, falling)[0] for falling in (False, True)]
    reached = np.concatenate(both)
    return float(np.nanmax(reached)) if np.isfinite(reached).any() else math.nan


def flyout_case(seed):
    """Return one random fly-out; most sit in a corner."""
    rng = np.random.default_rng([20073, seed])
    kinds = [
        "plain",
        "vertical",
        "near-vertical",
        "below-burnout",
        "at-burnout",
        "under-apogee",
        "envelope",
        "steep",
        "fast",
        "far",
    ]
    kind = pick(rng, kinds, [4, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    speed, burn = float(rng.uniform(1.0, 7.5)), float(rng.uniform(5, 120))
    least = pick(rng, [0.0, 15.0, float(rng.uniform(0, 60)), 89.0])
    if kind == "fast":
        speed = float(rng.uniform(9.0, 10.9))
    if kind == "steep":
        least = float(rng.uniform(75, 89.9))
    if kind == "far":
        speed, least = float(rng.uniform(6.8, 10.0)), float(rng.uniform(0, 30))
    angle = math.radians(float(rng.uniform(least, 90.0)))
    radius, swept, alpha, parameter, _ = fan.burnout(speed * 1e3, burn, np.array([angle]))
    level, summit = float(radius[0]) - earth.R, float(fan.apogee_radius(alpha, parameter)[0]) - earth.R
    top = min(summit, 3e6)
    height = float(rng.uniform(0.0, 1.1)) * top
    reach = envelope(speed * 1e3, burn, height, least)
    distance = float(rng.uniform(0.0, 1.15)) * (min(reach, 2.0e7) if math.isfinite(reach) else 1e6)
    if kind == "vertical":
        distance = 0.0
    elif kind == "near-vertical":
        distance = float(10.0 ** rng.uniform(-3, 4))
    elif kind == "below-burnout":
        height = level * float(rng.uniform(0.0, 0.999))
        distance *= float(rng.uniform(0.5, 1.0))
    elif kind == "at-burnout":
        height, distance = level, earth.R * float(swept[0])
    elif kind == "under-apogee" and math.isfinite(summit):
        height = summit * (1.0 - float(10.0 ** rng.uniform(-9, -3)))
        at = float(fan.crossing(speed * 1e3, burn, np.array([angle]), height, pick(rng, [False, True]))[0][0])
        distance = at * (1.0 + pick(rng, [0.0, 1e-6, -1e-6, 1e-3, -1e-3])) if math.isfinite(at) else distance
    elif kind == "envelope" and math.isfinite(reach):
        distance = min(reach, 2.0e7) * (1.0 - float(10.0 ** rng.uniform(-6, -2)))
    elif kind == "far":
        distance = float(rng.uniform(8e6, 2.0e7))
    distance = min(max(distance, 0.0), 2.0015e7)
    slowest = pick(rng, [None, float(rng.uniform(0.2, 1.0)) * speed, speed], [4, 2, 1])
    return FlyoutCase(kind, speed, burn, distance / 1e3, max(height, 0.0) / 1e3, least, slowest)


def main(folder, count, first=0):
    """Write scenario files and their questions to a folder."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    questions = []
    for seed in range(first, first + count):
        case = engage_case(seed)
        (Path(folder) / f"case-{seed}.yaml").write_text(case.text, encoding="utf-8")
        questions.append({k: v for k, v in asdict(case).items() if k != "text"})
    (Path(folder) / "questions.json").write_text(json.dumps(questions, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
