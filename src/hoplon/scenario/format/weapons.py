"""What is launched in a scenario file: ``launch_areas``, ``threats``, ``interceptors``."""

from __future__ import annotations

from typing import Any, Final

from hoplon.scenario.containers import ListOf, MappingOf, RecordOf
from hoplon.scenario.fields import Key, Name, Reading
from hoplon.scenario.format.numbers import (
    CROSS_SECTION,
    LOFTS,
    METRES_PER_SECOND,
    MILLISECONDS,
    PROBABILITY,
    SEPARATION,
    distance,
)
from hoplon.scenario.format.sensors import BANDS, OF_SATELLITE_TYPE
from hoplon.scenario.marked_yaml import MarkedTable
from hoplon.scenario.model import Cited, InterceptorType, LaunchArea, Seeker, Threat
from hoplon.scenario.quantities import Interval, Number, Position


def _speeds_in_order(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse a least burnout speed above the burnout speed."""
    least, full = values.get("min_burnout_speed_km_s"), values.get("burnout_speed_km_s")
    if isinstance(least, Cited) and isinstance(full, Cited) and float(least) > float(full):
        reading.refuse(
            node.entries["min_burnout_speed_km_s"][1],
            f"{path}.min_burnout_speed_km_s",
            f"the least burnout speed must not exceed `burnout_speed_km_s`, got {float(least):g} and {float(full):g}",
        )


LAUNCH_AREA: Final = RecordOf(LaunchArea, {"at": Key(Position(), "where missiles are launched from")}, required=("at",))

THREAT: Final = RecordOf(
    Threat,
    {
        "max_range_km": Key(distance(10, 20_015), "greatest ground range"),
        "min_range_km": Key(distance(0, 20_015), "least ground range"),
        "burn_time_s": Key(Number("s", 5, 1000, MILLISECONDS), "ignition to burnout"),
        "burnout_altitude_km": Key(distance(5, 1000), "altitude at burnout"),
        "burnout_ground_range_km": Key(distance(0, 5000), "ground distance covered at burnout"),
        "rcs_m2": Key(
            MappingOf(CROSS_SECTION, keys=BANDS, least=1),
            "radar cross-section by band; radars of a band that is not here do not see the class",
        ),
        "launch_areas": Key(
            ListOf(Name("launch_areas"), distinct=True), "where it is launched from", "every launch area"
        ),
        "lofts_deg": Key(
            LOFTS,
            "angles added to the flight-path angle of least energy at burnout; each is flown: lofted (above 0) and "
            "depressed (below 0) trajectories",
        ),
        "objects": Key(Number("", 1, 10_000, whole=True), "objects in the threat complex: the warhead and look-alikes"),
        "ballistic_coefficient_kg_m2": Key(
            Number("kg/m2", 10, 100_000), "of the reentering body; `engage --drag` and numeric flight use it"
        ),
        "from": Key(Number("", 1900, 2200), "first year in which the class exists", "always"),
    },
    required=(
        "max_range_km",
        "min_range_km",
        "burn_time_s",
        "burnout_altitude_km",
        "burnout_ground_range_km",
        "rcs_m2",
    ),
    misplaced={"tracking": OF_SATELLITE_TYPE, "supports_intercept": "it belongs to a radar type"},
)

_SEEKER = RecordOf(
    Seeker,
    {
        "range_km": Key(distance(0, 5000), "range at which the seeker sees the threat complex"),
        "field_of_view_mrad": Key(Number("mrad", 0, 6300), "full width of the field of view"),
        "separation": Key(SEPARATION, "d', the distance between the two distributions in standard deviations"),
    },
    required=("range_km", "field_of_view_mrad", "separation"),
)

INTERCEPTOR: Final = RecordOf(
    InterceptorType,
    {
        "burnout_speed_km_s": Key(Number("km/s", 0.2, 11.0, METRES_PER_SECOND), "speed at burnout"),
        "burn_time_s": Key(Number("s", 0.5, 1000, MILLISECONDS), "launch to burnout"),
        "intercept_altitude_km": Key(Interval(distance(0, 5000)), "altitudes between which it can intercept"),
        "max_flight_time_s": Key(Number("s", 1, 7200, MILLISECONDS), "greatest flight time"),
        "min_elevation_deg": Key(Number("degrees", 0, 90), "least elevation of the straight boost line"),
        "min_burnout_speed_km_s": Key(
            Number("km/s", 0.05, 11.0, METRES_PER_SECOND),
            "down to which it may give up speed, to come down on a near or low point",
            "the lesser of 1 km/s and `burnout_speed_km_s`",
        ),
        "single_shot_kill_probability": Key(
            PROBABILITY,
            "fixes the product of the factors of the kill chain",
            "the product of `reliability`, handover, selection and `hit_probability`, where all four keys below "
            "are given",
        ),
        "reliability": Key(PROBABILITY, "probability that the interceptor works"),
        "hit_probability": Key(PROBABILITY, "probability of a hit on the warhead that was selected"),
        "seeker": Key(_SEEKER, "its own seeker"),
        "divert_km": Key(distance(0, 1000), "greatest divert of the kill vehicle"),
    },
    required=("burnout_speed_km_s", "burn_time_s", "intercept_altitude_km", "max_flight_time_s"),
    rule=_speeds_in_order,
)
