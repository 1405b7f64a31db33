"""OSPA and GOSPA distances against the values in another code's own tests."""

from __future__ import annotations

import math

import numpy as np

from hoplon.sensing.measures import gospa_distance, ospa_distance
from hoplon.validation.case import Case, absolute, of_model, relative, rounded

TRUTHS = np.array([[100.0 * index] for index in range(5)])
CUTOFF = 10.0
_OSPA = "dstl/Stone-Soup, test_ospametric.py @06477ce"
_GOSPA = "dstl/Stone-Soup, metric tests"
_EXACT = relative(1e-12, "exact")


def _ospa(offset: float, order: float) -> float:
    """Return the distance of five objects and four tracks, each off by the offset."""
    return ospa_distance(TRUTHS, TRUTHS[:4] + offset, CUTOFF, order)


_DISTANCES = [
    Case("TRK-04", "OSPA, offset 0.5, p = 1", "m", lambda: _ospa(0.5, 1.0), 2.4, absolute(1e-9, "exact"), _OSPA),
    Case("TRK-04", "OSPA, offset 0.2, p = 1", "m", lambda: _ospa(0.2, 1.0), 2.16, absolute(1e-9, "exact"), _OSPA),
    Case("TRK-04", "OSPA, offset 0.5, p = 2", "m", lambda: _ospa(0.5, 2.0), 4.49444, rounded(5), _OSPA),
    Case("TRK-04", "OSPA, offset 0.2, p = 2", "m", lambda: _ospa(0.2, 2.0), 4.47571, rounded(5), _OSPA),
    Case("TRK-04", "OSPA, offset 0.5, p infinite", "m", lambda: _ospa(0.5, math.inf), 10.0, _EXACT, _OSPA),
    Case("TRK-04", "OSPA, offset 0.2, p infinite", "m", lambda: _ospa(0.2, math.inf), 10.0, _EXACT, _OSPA),
    Case("TRK-05", "GOSPA, offset 0.5", "m", lambda: gospa_distance(TRUTHS, TRUTHS + 0.5, CUTOFF), 2.5, _EXACT, _GOSPA),
    Case("TRK-05", "GOSPA, offset 1", "m", lambda: gospa_distance(TRUTHS, TRUTHS + 1.0, CUTOFF), 5.0, _EXACT, _GOSPA),
]

CASES = of_model("distance of two pictures", "other code", _DISTANCES)
