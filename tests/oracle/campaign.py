"""Hold the package against the oracle on seeded cases: ``python -m oracle.campaign KIND FIRST LAST``.

KIND is engage, coverage, flight or flyout.

The only module here that imports the package under test. Each function returns what differs, as text, and which
differences sit on an edge (explained by a small move of an input).
"""

import functools
import math
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from hoplon import api
from hoplon.scenario.geography import AimPoints

from . import cases, earth, edges, fan, flight, territory
from .scenario import load, resolve

SPEED, APOGEE, POSITION = 0.5e-3, 0.2, 100.0  # [km/s], [km], [m] tolerances of the page


def engage_differences(seed, folder):
    """Return differences and edges of one random engagement."""
    case = cases.engage_case(seed)
    path = Path(folder) / f"case-{seed}.yaml"
    path.write_text(case.text, encoding="utf-8")
    answer = api.engage(
        api.load(path), case.architecture, case.area, tuple(case.aim), case.threat, loft_deg=float(case.loft_deg)
    )
    return edges.differences(load(case.text), case, answer.as_json())


def flight_differences(seed, _=None):
    """Return differences of one random flight: times, speeds, apogee and positions."""
    case = cases.flight_case(seed)
    shape = (case.burn_time_s, case.burnout_altitude_km, case.burnout_ground_range_km, case.loft_deg)
    mine = flight.trajectory(case.launch, case.aim, *shape)
    theirs = api.trajectory(
        tuple(case.launch),
        tuple(case.aim),
        burn_time_s=shape[0],
        burnout_altitude_km=shape[1],
        burnout_ground_range_km=shape[2],
        loft_deg=shape[3],
    ).as_json()
    solved = theirs.get("flight_time_s") is not None
    if solved != mine["reachable"]:
        return [f"solved {solved} ({theirs.get('reason')}), oracle {mine['reason']}"], []
    if not solved:
        return [], []
    tolerances = {
        "ground_range_km": 1e-6,
        "flight_time_s": edges.FLIGHT_TIME,
        "burnout_speed_km_s": SPEED,
        "burnout_flight_path_angle_deg": 0.01,
        "apogee_km": APOGEE,
        "azimuth_deg": 0.01,
    }
    found = [
        f"{key} {theirs[key]}, oracle {mine[key]}"
        for key, most in tolerances.items()
        if abs(theirs[key] - mine[key]) > most
    ]
    path = flight.fly(
        tuple(np.radians(case.launch)),
        tuple(np.radians(case.aim)),
        shape[0],
        shape[1] * 1e3,
        shape[2] * 1e3,
        math.radians(shape[3]),
    )
    samples = np.array(theirs["samples"])
    here = earth.ecef(np.radians(samples[:, 1]), np.radians(samples[:, 2]), samples[:, 3] * 1e3)
    # Beyond its own impact by the tolerance of the flight time the oracle has no position.
    apart = np.linalg.norm(here - path.position(np.minimum(samples[:, 0], path.flight_time)), axis=-1)
    if apart.max() > POSITION:
        found.append(f"position {apart.max():.1f} m apart at {samples[int(apart.argmax()), 0]} s")
    return found, []


def aim_points(seed, case, count=6):
    """Return the aim of a case and points about it (latitude, longitude) in degrees."""
    rng = np.random.default_rng([20074, seed])
    return [tuple(case.aim)] + [
        tuple(cases.offset(case.aim, float(rng.uniform(0, 360)), float(rng.uniform(0, 900)))) for _ in range(count - 1)
    ]


def coverage_differences(seed, folder):
    """Return differences and edges of the map: whether each of a few points is threatened, and its fewest shots."""
    case = cases.engage_case(seed)
    path = Path(folder) / f"case-{seed}.yaml"
    path.write_text(case.text, encoding="utf-8")
    aims = aim_points(seed, case)
    points = AimPoints(
        name=np.array([f"point-{i}" for i in range(len(aims))]),
        nation=np.full(len(aims), "DEU"),
        latitude_deg=np.array([aim[0] for aim in aims], dtype=float),
        longitude_deg=np.array([aim[1] for aim in aims], dtype=float),
        population=np.ones(len(aims)),
        area_km2=np.zeros(len(aims)),
        kind=np.full(len(aims), "place"),
    )
    threats = [case.threat]
    loaded = api.load(path)
    theirs = api.coverage(loaded, case.architecture, threats=threats, points=points, levels="base", count=True).base
    scenario = load(case.text)
    readings = [replace(resolve(scenario, case.architecture), on_grid=on_grid) for on_grid in (True, False)]

    @functools.cache  # the second reading is asked only about a point where the first gives something else
    def row_of(reading, i):
        return territory.coverage(scenario, readings[reading], [aims[i]], threats)[case.threat][0]

    found, edge = [], []
    for i, aim in enumerate(aims):
        answer = {
            "threatened": theirs.threatened[i, 0],
            "defended": theirs.defended[i, 0],
            "shots_min": theirs.shots_min[i, 0],
        }
        if any(all(answer[key] == row_of(reading, i)[key] for key in answer) for reading in (0, 1)):
            continue
        near = explained_point(readings, aim, case.threat, answer) or one_shot_off(answer, row_of(0, i))
        (edge if near else found).append(f"{aim}: {answer}, oracle {row_of(0, i)}, {near}")
    return found, edge


def explained_point(readings, aim, threat, answer):
    """Return the small move of an input that gives an answer about one point, or None."""
    for reading in readings:
        for name, other in edges.moved(reading):
            row = territory.coverage(other.scenario, other, [aim], [threat])[threat][0]
            if all(row[key] == value for key, value in answer.items()):
                return name
    return None


def one_shot_off(answer, row):
    """Return why one shot more or less is an edge: maps sample a flight more coarsely than the oracle's second.

    A feasible window of a second or two may slip through; whether the point is defended has to agree.
    """
    same = answer["threatened"] == row["threatened"] and answer["defended"] == row["defended"]
    return "a window of seconds" if same and abs(int(answer["shots_min"]) - row["shots_min"]) == 1 else None


def alike(a, b):
    """Tell whether two fly-out times agree to the page's tolerance."""
    return a == b or abs(a - b) <= max(edges.FLYOUT_TIME, edges.FLYOUT_SHARE * b)


def flyout_differences(seed, _=None):
    """Return differences and edges of one random fly-out."""
    case = cases.flyout_case(seed)
    answer = api.flyout(
        burnout_speed_km_s=case.burnout_speed_km_s,
        burn_time_s=case.burn_time_s,
        ground_range_km=case.ground_range_km,
        altitude_km=case.altitude_km,
        min_elevation_deg=case.min_elevation_deg,
        min_burnout_speed_km_s=case.min_burnout_speed_km_s,
    )
    theirs = math.inf if answer.time_s is None else answer.time_s
    x, h = case.ground_range_km * 1e3, case.altitude_km * 1e3
    rocket = (case.burnout_speed_km_s * 1e3, case.burn_time_s)
    least, slowest = math.radians(case.min_elevation_deg), case.min_burnout_speed_km_s
    limits = (least, 1e3 * (min(1.0, case.burnout_speed_km_s) if slowest is None else slowest))
    mine = float(fan.flyout_times(*rocket, [x], [h], *limits)[0])
    if alike(theirs, mine):
        return [], []
    moves = [
        (x + dx, h + dh) for dx in (-1.0, 0.0, 1.0, -1e-4 * x, 1e-4 * x) for dh in (-1.0, 0.0, 1.0, -1e-4 * h, 1e-4 * h)
    ]
    points = np.array([move for move in moves if min(move) >= 0.0])
    text = f"{case}: {theirs}, oracle {mine}"
    if any(alike(theirs, float(time)) for time in fan.flyout_times(*rocket, points[:, 0], points[:, 1], *limits)):
        return [], [text]
    return [text], []


KINDS = {
    "engage": engage_differences,
    "coverage": coverage_differences,
    "flight": flight_differences,
    "flyout": flyout_differences,
}


def main(kind, first, last):
    """Run a range of seeds and say every difference, every edge and a count."""
    counts = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, last):
            found, edge = KINDS[kind](seed, folder)
            counts["bad" if found else "edge" if edge else "same"] += 1
            sys.stdout.writelines(f"BAD {kind} {seed}: {text}\n" for text in found)
            sys.stdout.writelines(f"edge {kind} {seed}: {text}\n" for text in edge)
            sys.stdout.flush()
    sys.stdout.write(f"{kind} {first} {last} {dict(counts)}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
