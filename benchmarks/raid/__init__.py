"""The raid that is measured: 20 missiles, 6 radars, 5 batteries, a hub and its hot alternate."""

from __future__ import annotations

import numpy as np

from hoplon.backbone.doctrine import FORMS, Conditions, RaidDoctrine
from hoplon.backbone.draws import LOOK_CERTAIN
from hoplon.backbone.raid_model import (
    BatteryEntry,
    NodeEntry,
    RadarEntry,
    RaidInputs,
    RaidModel,
    SatelliteEntry,
    ThreatEntry,
    build_raid_model,
)

_MISSILES, _RADARS, _BATTERIES, _FLIGHTS, _SECONDS = 20, 6, 5, 5, 900


def twenty_missiles(*, every_look: bool) -> RaidModel:
    """Lay the raid out: notional cover, launch times and probabilities; every radar looks once a second or two."""
    cover = np.full((_RADARS, _FLIGHTS, 1, 3), -1, dtype=np.int64)
    looks = np.zeros((_RADARS, _FLIGHTS, 2, _SECONDS), dtype=np.int32)
    for radar in range(_RADARS):
        for flight in range(_FLIGHTS):
            first = 90 + 70 * radar + 11 * flight
            cover[radar, flight, 0] = (first, min(first + 450, _SECONDS - 30), first)
            looks[radar, flight] = round(0.93 * LOOK_CERTAIN)
    seconds = np.arange(_SECONDS)
    tables = np.empty((_FLIGHTS, _BATTERIES, 3, _SECONDS), dtype=np.int32)
    for flight in range(_FLIGHTS):
        for battery in range(_BATTERIES):
            flyout = 120 + 0.4 * np.abs(seconds - 560 - 20 * battery - 7 * flight)
            possible = (seconds > 330 + 15 * battery) & (seconds < 820)
            times = np.where(possible, (seconds - flyout) * 1000, -(1 << 31)).astype(np.int32)
            tables[flight, battery, 0] = times
            tables[flight, battery, 1] = np.maximum.accumulate(times)
            tables[flight, battery, 2] = np.maximum.accumulate(times[::-1])[::-1]
    conditions = Conditions(availability=True, every_look=every_look)
    return build_raid_model(
        RaidInputs(
            threats=[ThreatEntry(j, 12.0 * j, j % _FLIGHTS, 100.0, _SECONDS - 5.0) for j in range(_MISSILES)],
            radars=[
                RadarEntry(100 + r, 1.0 + r % 2, 10.0, 5.0, 100, False, r < 5, 5.0, 0, 0.95) for r in range(_RADARS)
            ],
            satellites=[SatelliteEntry(200, 5.0, (60.0,) * _MISSILES, 0.99)],
            nodes=[NodeEntry(300, "hub", -1, 0.98), NodeEntry(301, "alternate", -1, 0.98)],
            batteries=[BatteryEntry(400 + b, 12, 2.0, (b,), 0, 0.95) for b in range(_BATTERIES)],
            cover=cover,
            looks=looks,
            launches=tables,
            kill=np.full((_BATTERIES, _FLIGHTS), 0.7),
            form=FORMS["hub_hot"],
            doctrine=RaidDoctrine(15.0, 30.0, 5.0, 10.0, 20.0, 20.0, 1, True, True),
            conditions=conditions,
            latency=5.0,
        )
    )
