"""Closed forms of models that no publication has numbers of: a vertical shot, the miss of a handover, a Gini."""

from __future__ import annotations

import math
from functools import partial
from typing import Final

from hoplon.analysis.coverage import gini
from hoplon.intercept.flyout import flyout_time
from hoplon.intercept.lethality import handover_probability
from hoplon.validation.case import Case, absolute, of_model, rounded

_ENERGY: Final = "energy and a quadrature: burn + integral of dr / sqrt(2 (E + mu / r)) from burnout up"
_VERTICAL: Final = {(3000.0, 150): 67.2096, (4500.0, 300): 84.7973, (6700.0, 800): 142.8179}  # [m/s], [km]: [s]
_FIFTEEN_DEGREES: Final = math.radians(15.0)

_FLYOUT: Final = (
    Case(
        "FLO-01",
        f"fly-out straight up to {altitude} km, {speed / 1e3:g} km/s after 30 s",
        "s",
        partial(flyout_time, speed, 30.0, _FIFTEEN_DEGREES, 0.0, 1e3 * altitude),
        expected,
        absolute(0.05, "a tenth of what the model page allows a fly-out time"),
        _ENERGY,
    )
    for (speed, altitude), expected in _VERTICAL.items()
)
_HANDOVER: Final = (
    Case(
        "EFF-20",
        f"handover within {radius:g} standard deviations",
        "1",
        partial(handover_probability, radius, 1.0),
        expected,
        rounded(4),
        "tables of chi-square with two degrees of freedom: 5.991 at 0.95, 9.210 at 0.99",
    )
    for radius, expected in ((math.sqrt(5.991), 0.95), (math.sqrt(9.210), 0.99))
)
_GINI: Final = (
    Case(
        "GIN-01",
        f"Gini coefficient of {name}",
        "1",
        partial(gini, shares),
        expected,
        absolute(1e-12, "exact"),
        source,
    )
    for name, shares, expected, source in (
        ("nine nations, one of which is defended", (0.0,) * 8 + (1.0,), 8.0 / 9.0, "closed form (n - 1)/n"),
        ("shares 1 to 5", (1.0, 2.0, 3.0, 4.0, 5.0), 4.0 / 15.0, "closed form (n^2 - 1)/(3 n (n + 1))"),
    )
)
CASES = (
    *of_model("fly-out", "closed form", _FLYOUT),
    *of_model("handover", "closed form", _HANDOVER),
    *of_model("Gini coefficient", "closed form", _GINI),
)
