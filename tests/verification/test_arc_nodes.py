"""The arc carried from node to node by series, against Kepler's equation solved anew at each second."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from hoplon.flight.arc import BURN_TIME, COLUMNS, ECCENTRICITY, IMPACT_TIME, MEAN_ANOMALY, MEAN_MOTION, solve_flight
from hoplon.flight.sensitivity import NODE_SPACING, most_arc_nodes, on_arc, place_arc_nodes

EARTH_RATE = 7.292115e-5  # [rad s-1] WGS 84
ROUNDING = 2e-11  # of some 200 nodes, each right to 1 part in 10^12 or better: a tenth of a millimetre
FLIGHTS = {  # aim latitude and longitude [rad], loft [rad]
    "short": (0.62, 0.72, 0.0),
    "lofted": (0.65, 0.65, 0.5),
    "intercontinental": (0.9, -1.4, 0.0),
}


@pytest.mark.parametrize("name", FLIGHTS)
def test_a_flight_carried_from_node_to_node_is_where_keplers_equation_puts_it(name: str) -> None:
    latitude, longitude, loft = FLIGHTS[name]
    row = np.zeros(COLUMNS)
    solve_flight(0.6, 0.6, latitude, longitude, 120.0, 120e3, 150e3, loft, row)
    nodes = np.full((most_arc_nodes(row.reshape(1, -1)), 5), np.nan)
    place_arc_nodes(row, nodes)
    assert np.isfinite(nodes).all()  # as many as are needed
    shape, free = row[ECCENTRICITY], row[IMPACT_TIME] - row[BURN_TIME]
    assert (len(nodes) - 1) * NODE_SPACING >= free
    for since in np.linspace(0.0, free, 37):
        mean = row[MEAN_ANOMALY] + row[MEAN_MOTION] * since
        anomaly = brentq(lambda it, mean=mean: it - shape * math.sin(it) - mean, mean - 1.0, mean + 1.0, xtol=1e-15)
        turn = EARTH_RATE * (row[BURN_TIME] + since)
        expected = [math.cos(anomaly), math.sin(anomaly), math.cos(turn), math.sin(turn)]
        assert on_arc(nodes, shape, row[MEAN_MOTION], float(since)) == pytest.approx(expected, abs=ROUNDING)
