"""The first second at which a tracked flight is within range of a site, against every second looked at."""

import math

import numpy as np
import pytest

from hoplon.flight.arc import BURN_TIME, COLUMNS, IMPACT_TIME, flight_position, solve_flight
from hoplon.sensing.telling import WholeSeconds

AIMS = ((0.70, 0.45), (0.65, 0.60), (0.80, 0.30))  # latitude and longitude [rad]


@pytest.mark.parametrize("seed", range(3))
def test_the_first_second_within_range_is_that_of_every_second(seed):
    rng = np.random.default_rng(seed)
    elements = np.zeros((len(AIMS), COLUMNS))
    for row, aim in zip(elements, AIMS, strict=True):
        solve_flight(0.62, 0.90, *aim, 99.5 + rng.random(), 120e3, 150e3, 0.0, row)
        assert row[0] == 0.0
    sites = np.array([flight_position(row, rng.uniform(0.2, 0.9) * row[IMPACT_TIME]) for row in elements])
    sites = np.vstack([sites, rng.uniform(-1.0, 1.0, 3) * 1e5 + sites[0]])
    begins = np.sort(rng.uniform(50.0, 900.0, (len(sites), len(elements), 2, 2)), axis=-1)
    tracks = np.sort(begins.reshape(len(sites), len(elements), 4), axis=-1).reshape(begins.shape).astype(np.float32)
    tracks[1, :, 1] = np.nan
    tracks[2, 0] = np.nan
    chosen = np.array([2, 0, 1, 0])
    reaches = rng.uniform(1e5, 1.2e6, (len(sites), len(chosen)))
    reaches[3, 1] = 0.0
    found = WholeSeconds(elements).first_within(chosen, tracks, sites, reaches)
    met = 0
    for radar, site in enumerate(sites):
        for column, flight in enumerate(chosen):
            row = elements[flight]
            expected = math.inf
            for second in range(math.ceil(row[BURN_TIME]), math.floor(row[IMPACT_TIME]) + 1):
                held = any(on <= second <= off for on, off in tracks[radar, flight])
                apart = math.dist(flight_position(row, float(second)), site)
                if reaches[radar, column] > 0.0 and held and apart <= reaches[radar, column]:
                    expected = second
                    break
            assert found[radar, column] == expected
            met += expected < math.inf
    assert met >= 4
