"""Types of sensors in a scenario file: ``radars`` and ``satellites``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hoplon.scenario.containers import RecordOf
from hoplon.scenario.fields import Choice, Flag, Key, Reading
from hoplon.scenario.format.numbers import (
    CROSS_SECTION,
    PERCENT,
    RADIANS,
    SEPARATION,
    distance,
    duration,
)
from hoplon.scenario.marked_yaml import Listing, MarkedTable
from hoplon.scenario.model import Discrimination, RadarType, ReferenceRange, SatelliteTracking, SatelliteType
from hoplon.scenario.quantities import Interval, Number

BANDS: Final = ("X", "S", "C", "L", "UHF", "VHF")

_ANGLE_OF_ELEVATION = Number("degrees", -10, 90)
OF_SATELLITE_TYPE: Final = "it belongs to a satellite type"
ALWAYS_SUPPORTS: Final = (
    "it belongs to a radar type; a satellite with `tracking` supports intercepts wherever the mode admits remote tracks"
)

_EQUATION: Final[Mapping[str, Key]] = {
    "average_power_kw": Key(
        Number("kW", 0, 100_000, ((1e-3, "watts"),), open_below=True),
        "average transmitted power, for the range equation",
    ),
    "aperture_m2": Key(Number("m2", 0, 10_000, open_below=True), "area of the antenna's aperture"),
    "efficiency": Key(Number("", 0, 1, PERCENT, open_below=True), "aperture efficiency"),
    "dwell_s": Key(duration(60, open_below=True), "time on the object in one look"),
    "frequency_ghz": Key(Number("GHz", 0.03, 40, ((1e-3, "megahertz"), (1e-9, "hertz"))), "carrier frequency"),
    "system_temperature_k": Key(Number("K", 10, 10_000), "system noise temperature"),
    "losses_db": Key(Number("dB", 0, 60), "system losses"),
}


def _range_or_equation(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse a reference range beside the range equation, and half an equation."""
    given = [key for key in (*_EQUATION, "required_snr_db") if key in node.entries]
    if "reference_range_km" in node.entries:
        if given:
            place = node.entries[given[0]][0]
            reading.refuse(place, path, f"either `reference_range_km` or `{given[0]}` was expected, not both")
    elif not given:
        reading.refuse(node, path, f"`reference_range_km` is missing, or all of {', '.join(_EQUATION)}")
    else:
        missing = [key for key in _EQUATION if key not in node.entries]
        if missing:
            reading.refuse(node, path, f"the radar range equation needs {', '.join(missing)} too")


_REFERENCE_RANGE = RecordOf(
    ReferenceRange,
    {
        "reference_range_km": Key(
            distance(1, 20_000),
            "range at which the reference cross-section is seen",
            "required, or the keys of the radar range equation below, all but the last",
        ),
        "reference_rcs_m2": Key(CROSS_SECTION, "radar cross-section that the range is for"),
        **_EQUATION,
        "required_snr_db": Key(
            Number("dB", -20, 60),
            "signal-to-noise ratio that a detection needs",
            "21.14 dB: a look detects a Swerling 1 echo with a probability of 0.9 at a false-alarm probability of 1e-6",
        ),
    },
    required=("reference_rcs_m2",),
    rule=_range_or_equation,
)


def _elevation_not_in_radians(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse a highest elevation below pi/2: an angle in radians, for no radar looks along the horizon alone."""
    pair, item = values.get("elevation_deg"), node.get("elevation_deg")
    if isinstance(pair, tuple) and isinstance(item, Listing) and float(pair[1]) <= 1.6:
        reading.refuse(
            item,
            f"{path}.elevation_deg",
            f"the highest elevation must be more than 1.6 degrees, got {float(pair[1]):g}; written in radians? "
            f"Then {float(pair[1]) * RADIANS[0][0]:.3g} degrees",
        )


def _alert_or_tracking(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse half an alert, and a satellite that neither warns nor tracks."""
    given = [key for key in ("alert_s", "detect_s") if key in node.entries]
    if len(given) == 1:
        missing = "detect_s" if given == ["alert_s"] else "alert_s"
        reading.refuse(node, path, f"`{missing}` is missing: an alert needs `alert_s` and `detect_s`")
    elif not given and "tracking" not in node.entries:
        reading.refuse(node, path, "`alert_s` and `detect_s`, or `tracking`, or all three were expected, got none")


_DISCRIMINATION = RecordOf(
    Discrimination,
    {
        "range_km": Key(distance(0, 20_000), "range at which it tells the warhead from look-alikes"),
        "reference_rcs_m2": Key(CROSS_SECTION, "cross-section that the range is for"),
        "separation": Key(SEPARATION, "d', the distance between the two distributions in standard deviations"),
    },
    required=("range_km", "reference_rcs_m2", "separation"),
)

RADAR: Final = RecordOf(
    RadarType,
    {
        "band": Key(Choice(BANDS), "frequency band; decides which cross-section of a class counts"),
        "search": Key(_REFERENCE_RANGE, "range against a cross-section, searching"),
        "track": Key(_REFERENCE_RANGE, "the same once cued"),
        "min_range_km": Key(distance(0, 20_000), "least range", "0"),
        "max_range_km": Key(distance(5, 20_000), "instrumented range: the greatest, whatever the cross-section"),
        "elevation_deg": Key(
            Interval(_ANGLE_OF_ELEVATION),
            "elevation limits. Whatever they are, the Earth ends the view: below zero a radar on a height sees "
            "down to the "
            "edge of the ellipsoid (-1.47 degrees from 2,085 m)",
        ),
        "sector_halfwidth_deg": Key(
            Number("degrees", 4, 180, RADIANS), "half the width of the sector about each boresight", "all round"
        ),
        "update_s": Key(duration(600, lowest=0.01), "time between looks"),
        "range_sigma_m": Key(
            Number("m", 1e-3, 10_000, ((1e3, "kilometres"),)), "standard deviation of a look in range"
        ),
        "angle_sigma_mrad": Key(Number("mrad", 1e-6, 100), "standard deviation of a look in angle"),
        "acquisition_s": Key(duration(600), "unbroken search cover before a track starts"),
        "cued_acquisition_s": Key(duration(600), "the same in track cover, once cued"),
        "requires_cue": Key(Flag(), "it starts no track without a cue"),
        "supports_intercept": Key(
            Flag(),
            "its held track supports an intercept (`support: held`); false: its track cues and commits only",
            "true in the bands X, C and S, false in L, UHF and VHF",
        ),
        "capacity": Key(Number("tracks", 1, 1e6, whole=True), "tracks that it holds at once", "no limit"),
        "discrimination": Key(_DISCRIMINATION, "how it tells the warhead from look-alikes", "it does not"),
    },
    required=(
        "band",
        "search",
        "track",
        "max_range_km",
        "elevation_deg",
        "update_s",
        "range_sigma_m",
        "angle_sigma_mrad",
        "acquisition_s",
        "cued_acquisition_s",
    ),
    rule=_elevation_not_in_radians,
    misplaced={"tracking": OF_SATELLITE_TYPE, "alert_s": OF_SATELLITE_TYPE, "detect_s": OF_SATELLITE_TYPE},
)

_TRACKING = RecordOf(
    SatelliteTracking,
    {
        "acquisition_s": Key(duration(3600), "burnout to track"),
        "min_altitude_km": Key(
            distance(0, 5000), "it follows the body against the background of space, at this altitude or higher"
        ),
        "update_s": Key(duration(600, lowest=0.01), "time between looks"),
        "position_sigma_m": Key(Number("m", 1e-3, 1e6), "standard deviation of a look in each direction"),
    },
    required=("acquisition_s", "update_s", "position_sigma_m"),
    misplaced={"supports_intercept": ALWAYS_SUPPORTS, "discrimination": "a satellite discriminates nothing"},
)

SATELLITE: Final = RecordOf(
    SatelliteType,
    {
        "alert_s": Key(duration(3600), "ignition to alert", "required with `detect_s`, and without `tracking`"),
        "detect_s": Key(
            duration(3600), "a class that burns no longer than this is not detected", "required with `alert_s`"
        ),
        "tracking": Key(
            _TRACKING,
            "what it follows after burnout: an idealised constellation without gaps",
            "it warns of launches, and follows nothing",
        ),
    },
    rule=_alert_or_tracking,
    misplaced={"supports_intercept": ALWAYS_SUPPORTS, "discrimination": "a satellite discriminates nothing"},
)
