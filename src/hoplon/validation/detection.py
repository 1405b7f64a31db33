"""Published numbers on detection, the radar range equation and the radio horizon."""

from __future__ import annotations

import math
from functools import partial

from hoplon.sensing.detection import (
    Fluctuation,
    albersheim_1981,
    detection_probability,
    look_detection_probability,
    required_signal_to_noise,
    shnidman_2002,
)
from hoplon.sensing.range_equation import (
    decibels,
    effective_earth_radius,
    horizon_distance,
    horizon_ground_range,
    radar_of_gain,
    ratio_of,
)
from hoplon.validation.case import Case, absolute, of_model, relative, rounded

FALSE_ALARM = 1e-6


def required_db(wanted: float, fluctuation: Fluctuation, pulses: int = 1, false_alarm: float = FALSE_ALARM) -> float:
    """Return the signal-to-noise ratio [dB] that a detection probability asks for."""
    return decibels(required_signal_to_noise(wanted, false_alarm, pulses, fluctuation))


def swerling_3(level_db: float) -> float:
    """Return the detection probability of one pulse on a Swerling 3 echo at a signal-to-noise ratio [dB]."""
    return float(detection_probability(ratio_of(level_db), FALSE_ALARM, 1, Fluctuation.SWERLING_3))


def one_look(reference_ranges: float) -> float:
    """Return the detection probability of one look at so many reference ranges of 870 km."""
    return float(look_detection_probability(870e3 * reference_ranges, 870e3))


def horizon_km(height_km: float) -> float:
    """Return the ground range of the horizon [km] from a height above a sphere of 6371 km."""
    return horizon_ground_range(height_km * 1e3, 6371e3) / 1e3


def swerling_3_closed_form(signal_to_noise: float, false_alarm: float) -> float:
    """Return the detection probability of one pulse on a Swerling 3 echo."""
    threshold, half = -math.log(false_alarm), 0.5 * signal_to_noise
    return (1.0 + threshold * half / (1.0 + half) ** 2) * math.exp(-threshold / (1.0 + half))


_SDR = "mhostetter, sdr, documentation of min_snr: 13.183490056794499"
_ALBERSHEIM = "Albersheim, Proc. IEEE 69 (1981) 839"
_SWERLING = "closed form ln Pfa / ln Pd - 1 (Swerling 1960)"
_SWERLING_3 = "closed form [1 + T(S/2)/(1+S/2)^2] exp(-T/(1+S/2)) (Swerling 1960)"
_MATHWORKS = "MathWorks, Phased Array System Toolbox"
_EXACT = relative(1e-12, "exact")

_DETECTION = [
    Case(
        "DET-01",
        "signal to noise, steady, Pd 0.9, Pfa 1e-6",
        "dB",
        partial(required_db, 0.9, Fluctuation.STEADY),
        13.183490056794499,
        absolute(1e-9, "both exact; the source inverts to about 1e-12"),
        _SDR,
    ),
    Case(
        "DET-02",
        "Albersheim, Pd 0.9, Pfa 1e-6",
        "dB",
        partial(albersheim_1981, 0.9, FALSE_ALARM),
        13.1145,
        rounded(4),
        _ALBERSHEIM,
    ),
    Case(
        "DET-02",
        "Albersheim against the exact value",
        "dB",
        partial(albersheim_1981, 0.9, FALSE_ALARM),
        13.183490,
        absolute(0.2, "the error that its author states"),
        _SDR,
    ),
    Case(
        "DET-04",
        "signal to noise, Swerling 1, Pd 0.9",
        "dB",
        partial(required_db, 0.9, Fluctuation.SWERLING_1),
        21.1436,
        rounded(4),
        _SWERLING,
    ),
    Case(
        "DET-04",
        "signal to noise, Swerling 1, Pd 0.5",
        "dB",
        partial(required_db, 0.5, Fluctuation.SWERLING_1),
        12.7719,
        rounded(4),
        _SWERLING,
    ),
    *(
        Case(
            "DET-05",
            f"detection probability, Swerling 3, {level} dB",
            "1",
            partial(swerling_3, level),
            swerling_3_closed_form(10.0 ** (0.1 * level), FALSE_ALARM),
            _EXACT,
            _SWERLING_3,
        )
        for level in (0, 10, 17, 25)
    ),
    Case(
        "DET-06",
        "detection probability at the reference range",
        "1",
        partial(one_look, 1.0),
        0.9,
        _EXACT,
        "the definition of the reference range",
    ),
    Case(
        "DET-06",
        "detection probability at twice the reference range",
        "1",
        partial(one_look, 2.0),
        1e-6 ** (1.0 / (1.0 + (math.log(1e-6) / math.log(0.9) - 1.0) / 16.0)),
        _EXACT,
        "closed form Pfa^(1/(1+S)), S falling with the fourth power of range",
    ),
    *(
        Case(
            "DET-07",
            f"Shnidman, steady, N = {pulses}, against the exact value",
            "dB",
            partial(shnidman_2002, 0.9, FALSE_ALARM, pulses, Fluctuation.STEADY),
            exact,
            absolute(0.5, "the error that its author states"),
            "generalised Marcum function, SciPy's noncentral chi-square inverted",
        )
        for pulses, exact in ((1, 13.183490), (10, 5.267487), (100, -1.256591))
    ),
]

_RANGE = [
    Case(
        "RAD-01",
        "range at 6 dB, 10 GHz, 1 MW, 10 us, 20 dB gain, 1 m2, 290 K",
        "m",
        lambda: radar_of_gain(1e6, 10e-6, ratio_of(20), 10e9, 290.0).range_for(ratio_of(6), 1.0),
        41057.0,
        relative(1e-4, "printed to the metre"),
        f"{_MATHWORKS}, radareqrng",
    ),
    Case(
        "RAD-03",
        "signal to noise at 50 km, 1 GHz, 1 MW, 0.2 us, 20 dB gain, 1 m2, 290 K",
        "dB",
        lambda: decibels(radar_of_gain(1e6, 0.2e-6, ratio_of(20), 1e9, 290.0).signal_to_noise(50e3, 1.0)),
        5.5868,
        absolute(1e-3, "printed to 1e-4 dB, constants of the source unknown"),
        f"{_MATHWORKS}, radareqsnr",
    ),
]

_HORIZON = [
    Case(
        "HOR-01",
        "effective Earth radius at a gradient of -39e-9 per metre",
        "m",
        partial(effective_earth_radius, -39e-9, 6371e3),
        8.4774e6,
        relative(1e-4, "printed to five digits"),
        f"{_MATHWORKS}, effearthradius",
    ),
    Case(
        "HOR-02",
        "horizon from 30 m",
        "m",
        partial(horizon_distance, 30.0, 8.4774e6),
        22553.0,
        relative(1e-4, "printed to the metre"),
        "closed form sqrt(2 R h + h^2)",
    ),
    *(
        Case(
            "HOR-03",
            f"ground range of the horizon from {height} km",
            "km",
            partial(horizon_km, height),
            expected,
            rounded(1),
            "closed form R acos(R/(R + h))",
        )
        for height, expected in ((100, 1121.5), (200, 1575.9), (300, 1917.9), (500, 2445.5), (1000, 3357.3))
    ),
]

_OTHER_CODE = (_SDR, f"{_MATHWORKS}, effearthradius")
CASES = (
    *(
        one
        for case in _DETECTION
        for one in of_model(
            "detection probability",
            "other code"
            if case.source in _OTHER_CODE
            else "literature"
            if case.source == _ALBERSHEIM
            else "closed form",
            [case],
        )
    ),
    *of_model("radar range equation", "other code", _RANGE),
    *of_model("horizon of a refracting atmosphere", "other code", _HORIZON[:1]),
    *of_model("horizon of a refracting atmosphere", "closed form", _HORIZON[1:]),
)
