"""Raids laid out by hand: one flight, made-up cover and launch times, so that what must come out is known exactly."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from hoplon.backbone.doctrine import FORMS, Conditions, RaidDoctrine
from hoplon.backbone.draws import LOOK_CERTAIN
from hoplon.backbone.raid_model import (
    BatteryEntry,
    Loss,
    NodeEntry,
    RadarEntry,
    RaidInputs,
    RaidModel,
    SatelliteEntry,
    ThreatEntry,
    build_raid_model,
)

IMPACT_S, BURNOUT_S, FLYOUT_S = 900, 60, 50
ACQUISITION_S, FIRM_S, DECISION_S, REACTION_S, ASSESSMENT_S = 4.0, 10.0, 5.0, 5.0, 20.0
FIRST_COVER_S, LAST_COVER_S = 100, 899
NEVER_LAUNCH = -(1 << 31)
SHOT_CYCLE_S = ASSESSMENT_S + REACTION_S + FLYOUT_S + 1.0  # from one intercept to the next, on whole seconds


@dataclass(frozen=True)
class Case:
    """What differs from case to case; the rest is above."""

    threats: int = 1
    kill: float = 0.7
    batteries: int = 1
    count: int = 100
    radars: int = 1
    salvo: int = 1
    look: bool = True
    share: bool = False
    shots_in_time: int = 8  # looks that fit between the first and the last possible intercept
    form: str = "hub"
    latency: float = 0.0
    interval: float = 0.0  # between ignitions
    detection: float = 1.0
    ideal: bool = True
    capacity: int = 0
    keys: tuple[int, ...] = ()
    losses: tuple[tuple[str, float], ...] = ()
    conditions: dict[str, object] = field(default_factory=dict)


def launch_times(shots: int, seconds: int) -> np.ndarray:
    """Intercepts from 300 s on, as many seconds long as lets ``shots`` shots follow each other."""
    times = np.full(seconds, NEVER_LAUNCH, dtype=np.int64)
    last = int(300 + SHOT_CYCLE_S * (shots - 1) + 10)
    for second in range(300, min(last, seconds - 1) + 1):
        times[second] = (second - FLYOUT_S) * 1000
    return np.array([times, np.maximum.accumulate(times), np.maximum.accumulate(times[::-1])[::-1]])


def raid_inputs(case: Case) -> RaidInputs:
    seconds = IMPACT_S + 1
    cover = np.full((case.radars, 1, 1, 3), -1, dtype=np.int64)
    cover[:, 0, 0] = (FIRST_COVER_S, LAST_COVER_S, FIRST_COVER_S)
    looks = np.full((case.radars, 1, 2, seconds), round(case.detection * LOOK_CERTAIN), dtype=np.int32)
    unit = case.form in ("organic", "mesh")
    roles = (
        ["unit"] * case.batteries
        if unit
        else {"hub": ["hub"], "regional": ["regional"] * 2}.get(case.form, ["hub", "alternate"])
    )
    keys = case.keys or tuple(range(1, case.batteries + 1))
    conditions = Conditions(availability=False, reports_per_second=None)
    conditions = replace(conditions.ideal() if case.ideal else conditions, **case.conditions)
    return RaidInputs(
        threats=[ThreatEntry(j, j * case.interval, 0, BURNOUT_S, IMPACT_S) for j in range(case.threats)],
        radars=[
            RadarEntry(1000 + r, 1.0, ACQUISITION_S, 2.0, case.capacity, False, True, case.latency, r % 2)
            for r in range(case.radars)
        ],
        satellites=[SatelliteEntry(2000, case.latency, (70.0,) * case.threats)],
        nodes=[
            *(NodeEntry(3000 + n, role, n if unit else -1) for n, role in enumerate(roles)),
            *(NodeEntry(3500 + b, "unit", b) for b in range(waiting_units(case))),
        ],
        batteries=[BatteryEntry(keys[b], case.count, 0.0, (b % case.radars,), b % 2) for b in range(case.batteries)],
        cover=cover,
        looks=looks,
        launches=np.array([[launch_times(case.shots_in_time, seconds)] * case.batteries], dtype=np.int32),
        kill=np.full((case.batteries, 1), case.kill),
        form=FORMS[case.form],
        doctrine=RaidDoctrine(
            FIRM_S, DECISION_S, REACTION_S, 0.0, 0.0, ASSESSMENT_S, case.salvo, case.look, False, case.share
        ),
        conditions=conditions,
        latency=case.latency,
    )


def waiting_units(case: Case) -> int:
    """Units that wait for the silence of a node, numbered after the nodes."""
    return case.batteries if "fallback" in case.conditions and case.form not in ("organic", "mesh") else 0


def element(case: Case, name: str) -> int:
    """Number of radar0, satellite0, node0, battery0 and so on."""
    form, index = name.rstrip("0123456789"), int(name[len(name.rstrip("0123456789")) :])
    nodes = case.batteries if case.form in ("organic", "mesh") else 1 if case.form == "hub" else 2
    nodes += waiting_units(case)
    before = {"radar": 0, "satellite": case.radars, "node": case.radars + 1, "battery": case.radars + 1 + nodes}
    return case.threats + before[form] + index


def raid_model(case: Case) -> RaidModel:
    return build_raid_model(raid_inputs(case), [Loss(element(case, name), time) for name, time in case.losses])
