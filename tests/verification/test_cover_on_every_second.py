"""Cover from nodes twenty seconds apart against that of nodes a second apart.

What a radar sees for less than twenty seconds, and what it loses for less, lies between two nodes: a warhead that comes
down past a radar of short reach, one that crosses the cone above a radar, the corner of a sector.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.flight.arc import STATUS
from hoplon.sensing.cover import FIRST, LAST, SEARCH_FIRST, cover_of
from hoplon.sensing.radar import Radar
from properties.strategies import SPHERE, Shot, rows_of

KINDS = {  # track and search range [km], elevation limits, boresights, half of the sector [deg]
    "short": (90.0, 60.0, 0.0, 85.0, (), None),
    "naval": (740.0, 420.0, 0.0, 85.0, (), None),
    "forward": (1450.0, 1150.0, 5.0, 80.0, (110.0,), 60.0),
    "early warning": (3300.0, 3300.0, 3.0, 85.0, (40.0, 160.0), 60.0),
    "on a height": (900.0, 600.0, -5.0, 90.0, (90.0,), 45.0),
}


def radar(kind: str, at: tuple[float, float]) -> Radar:
    """Return a radar of a kind at a place [deg]."""
    track, search, low, high, boresights, halfwidth = KINDS[kind]
    return Radar(
        latitude=math.radians(at[0]),
        longitude=math.radians(at[1]),
        altitude=1500.0 if low < 0.0 else 0.0,
        search_ranges=(search * 1e3,),
        track_ranges=(track * 1e3,),
        minimum_range=0.0,
        elevation_low=math.radians(low),
        elevation_high=math.radians(high),
        boresights=tuple(math.radians(boresight) for boresight in boresights),
        sector_halfwidth=None if halfwidth is None else math.radians(halfwidth),
        acquisition=10.0,
        cued_acquisition=2.0,
        requires_cue=False,
        tasked=True,
        latency=0.0,
        update=1.0,
        range_sigma=100.0,
        angle_sigma=1e-3,
    )


@pytest.fixture(scope="module")
def flights() -> NDArray[np.float64]:
    """Return flights of 500 to 4,500 km that come down within 400 km of 45 N 20 E."""
    generator = np.random.default_rng(20)
    rows = []
    while len(rows) < 600:
        aim_longitude, aim_latitude, _ = SPHERE.fwd(20, 45, generator.uniform(0, 360), 4e5 * generator.random() ** 0.5)
        distance = generator.uniform(5e5, 4.5e6)
        longitude, latitude, _ = SPHERE.fwd(aim_longitude, aim_latitude, generator.uniform(60, 150), distance)
        scale = math.sqrt(distance / 2e6)
        loft = math.radians(generator.uniform(-5.0, 15.0))
        shot = Shot(
            (latitude, longitude), (aim_latitude, aim_longitude), 100.0 * scale, 80e3 * scale, 80e3 * scale**2, loft
        )
        found = rows_of(shot)
        if found[0, STATUS] == 0.0:
            rows.append(found[0])
    return np.array(rows)


@pytest.mark.parametrize("kind", list(KINDS))
def test_cover_between_nodes_is_found_to_the_second(flights: NDArray[np.float64], kind: str) -> None:
    sensors = [radar(kind, at) for at in ((45.0, 20.0), (44.0, 22.0), (46.5, 18.5), (47.5, 27.0))]
    classes = np.zeros(len(flights), dtype=np.int16)
    seen = 0
    both = (cover_of(flights, classes, sensors, step) for step in (20.0, 1.0))
    for coarse, fine in zip(*both, strict=True):
        for one, other in zip(coarse, fine, strict=True):
            one, other = one[one[:, FIRST] >= 0], other[other[:, FIRST] >= 0]
            seen += len(other)
            assert one.shape == other.shape
            assert np.abs(one.astype(int) - other)[:, [FIRST, LAST]].max(initial=0) <= 1
            known = (one[:, SEARCH_FIRST] >= 0) & (other[:, SEARCH_FIRST] >= 0)
            assert np.abs(one.astype(int) - other)[known, SEARCH_FIRST].max(initial=0) <= 1
    assert seen > 100
