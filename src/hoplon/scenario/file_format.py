"""The scenario file, key by key: kind of value, unit, limits and what a value outside them may have been written in.

The limits are wide: they catch a wrong unit, a wrong sign and a swapped pair, and leave judgement to the analyst.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from hoplon.scenario.containers import ListOf, MappingOf, RecordOf
from hoplon.scenario.decisions.format import ADAPT, CANDIDATE, COSTS, MONEY, ROBUSTNESS, STRATEGIC, YEAR
from hoplon.scenario.fields import SHORT_TITLE, Address, Choice, Field, Flag, Name, Nation, Reading, Text
from hoplon.scenario.marked_yaml import Listing, MarkedTable, Node, Scalar
from hoplon.scenario.model import (
    Architecture,
    Cited,
    Discrimination,
    Doctrine,
    Element,
    InterceptorType,
    LaunchArea,
    Membership,
    Network,
    QuestionScope,
    RadarType,
    Raid,
    RaidThreat,
    ReferenceRange,
    SatelliteTracking,
    SatelliteType,
    Seeker,
    Source,
    Threat,
)
from hoplon.scenario.quantities import Interval, Number, Position
from hoplon.scenario.reporting_format import HEADLINE, MILESTONE, STATEMENT
from hoplon.scenario.shot_doctrines import DoctrineName

BANDS: Final = ("X", "S", "C", "L", "UHF", "VHF")
NODE_FORMS: Final = ("hub", "alternate", "regional")
C2_FORMS: Final = ("organic", "hub", "hub_hot", "hub_cold", "regional", "mesh")
MODES: Final = ("organic", "launch_on_remote", "engage_on_remote")
ELEMENT_FORMS: Final = ("radar", "battery", "satellite", "node")

_METRES: Final = ((1e-3, "metres"),)
_MILLISECONDS: Final = ((1e-3, "milliseconds"),)
_RADIANS: Final = ((57.29577951308232, "radians"),)
_METRES_PER_SECOND: Final = ((1e-3, "m/s"),)
_PERCENT: Final = ((1e-2, "percent"),)


def _distance(lowest: float, highest: float) -> Number:
    return Number("km", lowest, highest, _METRES)


def _duration(highest: float, lowest: float = 0, open_below: bool = False) -> Number:
    return Number("s", lowest, highest, _MILLISECONDS, open_below=open_below)


_CROSS_SECTION = Number("m2", 0, 10_000, open_below=True, remedy="dBsm? A cross-section in m2 is 10^(dBsm/10)")
_PROBABILITY = Number("", 0, 1, _PERCENT)
_SEPARATION = Number("", 0, 20)
_BORESIGHT = Number("degrees", -180, 360)
_ANGLE_OF_ELEVATION = Number("degrees", -10, 90)
_LOFTS = ListOf(Number("degrees", -60, 60, plain=True), least=1, distinct=True)
_TEXT = Text()
_OF_SATELLITE_TYPE: Final = "it belongs to a satellite type"
_OF_TYPES: Final = "it belongs to the type that the element names, not to the element"
_ALWAYS_SUPPORTS: Final = (
    "it belongs to a radar type; a satellite with `tracking` supports intercepts wherever the mode admits remote tracks"
)

_EQUATION: Final[Mapping[str, Field]] = {
    "average_power_kw": Number("kW", 0, 100_000, ((1e-3, "watts"),), open_below=True),
    "aperture_m2": Number("m2", 0, 10_000, open_below=True),
    "efficiency": Number("", 0, 1, _PERCENT, open_below=True),
    "dwell_s": _duration(60, open_below=True),
    "frequency_ghz": Number("GHz", 0.03, 40, ((1e-3, "megahertz"), (1e-9, "hertz"))),
    "system_temperature_k": Number("K", 10, 10_000),
    "losses_db": Number("dB", 0, 60),
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
        "reference_range_km": _distance(1, 20_000),
        "reference_rcs_m2": _CROSS_SECTION,
        **_EQUATION,
        "required_snr_db": Number("dB", -20, 60),
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
            f"Then {float(pair[1]) * _RADIANS[0][0]:.3g} degrees",
        )


def _speeds_in_order(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse a least burnout speed above the burnout speed."""
    least, full = values.get("min_burnout_speed_km_s"), values.get("burnout_speed_km_s")
    if isinstance(least, Cited) and isinstance(full, Cited) and float(least) > float(full):
        reading.refuse(
            node.entries["min_burnout_speed_km_s"][1],
            f"{path}.min_burnout_speed_km_s",
            f"the least burnout speed must not exceed `burnout_speed_km_s`, got {float(least):g} and {float(full):g}",
        )


def _alert_or_tracking(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse half an alert, and a satellite that neither warns nor tracks."""
    given = [key for key in ("alert_s", "detect_s") if key in node.entries]
    if len(given) == 1:
        missing = "detect_s" if given == ["alert_s"] else "alert_s"
        reading.refuse(node, path, f"`{missing}` is missing: an alert needs `alert_s` and `detect_s`")
    elif not given and "tracking" not in node.entries:
        reading.refuse(node, path, "`alert_s` and `detect_s`, or `tracking`, or all three were expected, got none")


def _one_form(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse an element that is not exactly one of the forms, or holds what belongs to another form."""
    forms = [form for form in ELEMENT_FORMS if form in node.entries]
    if len(forms) != 1:
        got = " and ".join(forms) or "none"
        reading.refuse(node, path, f"exactly one of {', '.join(ELEMENT_FORMS)} was expected, got {got}")
        return
    form = forms[0]
    for key, wanted in {"count": "battery", "launch_interval_s": "battery", "radars": "battery"}.items():
        if form != wanted and key in node.entries:
            reading.refuse(node.entries[key][0], path, f"`{key}` belongs to a {wanted}, and this is a {form}")
    if form != "radar" and "boresights_deg" in node.entries:
        reading.refuse(
            node.entries["boresights_deg"][0], path, f"`boresights_deg` belongs to a radar, this is a {form}"
        )
    if form == "battery" and "count" not in node.entries:
        reading.refuse(node, path, "`count` is missing in this battery")
    if form == "satellite" and "at" in node.entries:
        reading.refuse(node.entries["at"][0], path, "a satellite has no place `at` on the ground")
    if form in ("radar", "battery") and "at" not in node.entries:
        reading.refuse(node, path, f"`at` is missing in this {form}: [latitude, longitude]")


def _years_in_order(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    first, last = values.get("from"), values.get("until")
    if isinstance(first, int) and isinstance(last, int) and first >= last:
        reading.refuse(node.entries["until"][1], path, f"`from` comes before `until`; got {first} and {last}")


def _element_rule(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    _one_form(node, values, path, reading)
    _years_in_order(node, values, path, reading)


LAUNCH_AREA = RecordOf(LaunchArea, {"at": Position()}, required=("at",))

THREAT = RecordOf(
    Threat,
    {
        "max_range_km": _distance(10, 20_015),
        "min_range_km": _distance(0, 20_015),
        "burn_time_s": Number("s", 5, 1000, _MILLISECONDS),
        "burnout_altitude_km": _distance(5, 1000),
        "burnout_ground_range_km": _distance(0, 5000),
        "rcs_m2": MappingOf(_CROSS_SECTION, keys=BANDS, least=1),
        "launch_areas": ListOf(Name("launch_areas"), distinct=True),
        "lofts_deg": _LOFTS,
        "objects": Number("", 1, 10_000, whole=True),
        "ballistic_coefficient_kg_m2": Number("kg/m2", 10, 100_000),
        "from": Number("", 1900, 2200),
    },
    required=(
        "max_range_km",
        "min_range_km",
        "burn_time_s",
        "burnout_altitude_km",
        "burnout_ground_range_km",
        "rcs_m2",
    ),
    misplaced={"tracking": _OF_SATELLITE_TYPE, "supports_intercept": "it belongs to a radar type"},
)

_DISCRIMINATION = RecordOf(
    Discrimination,
    {"range_km": _distance(0, 20_000), "reference_rcs_m2": _CROSS_SECTION, "separation": _SEPARATION},
    required=("range_km", "reference_rcs_m2", "separation"),
)

RADAR = RecordOf(
    RadarType,
    {
        "band": Choice(BANDS),
        "search": _REFERENCE_RANGE,
        "track": _REFERENCE_RANGE,
        "min_range_km": _distance(0, 20_000),
        "max_range_km": _distance(5, 20_000),
        "elevation_deg": Interval(_ANGLE_OF_ELEVATION),
        "sector_halfwidth_deg": Number("degrees", 4, 180, _RADIANS),
        "update_s": _duration(600, lowest=0.01),
        "range_sigma_m": Number("m", 1e-3, 10_000, ((1e3, "kilometres"),)),
        "angle_sigma_mrad": Number("mrad", 1e-6, 100),
        "acquisition_s": _duration(600),
        "cued_acquisition_s": _duration(600),
        "requires_cue": Flag(),
        "supports_intercept": Flag(),
        "capacity": Number("tracks", 1, 1e6, whole=True),
        "discrimination": _DISCRIMINATION,
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
    misplaced={"tracking": _OF_SATELLITE_TYPE, "alert_s": _OF_SATELLITE_TYPE, "detect_s": _OF_SATELLITE_TYPE},
)

_TRACKING = RecordOf(
    SatelliteTracking,
    {
        "acquisition_s": _duration(3600),
        "min_altitude_km": _distance(0, 5000),
        "update_s": _duration(600, lowest=0.01),
        "position_sigma_m": Number("m", 1e-3, 1e6),
    },
    required=("acquisition_s", "update_s", "position_sigma_m"),
    misplaced={"supports_intercept": _ALWAYS_SUPPORTS, "discrimination": "a satellite discriminates nothing"},
)

SATELLITE = RecordOf(
    SatelliteType,
    {"alert_s": _duration(3600), "detect_s": _duration(3600), "tracking": _TRACKING},
    rule=_alert_or_tracking,
    misplaced={"supports_intercept": _ALWAYS_SUPPORTS, "discrimination": "a satellite discriminates nothing"},
)

_SEEKER = RecordOf(
    Seeker,
    {"range_km": _distance(0, 5000), "field_of_view_mrad": Number("mrad", 0, 6300), "separation": _SEPARATION},
    required=("range_km", "field_of_view_mrad", "separation"),
)

INTERCEPTOR = RecordOf(
    InterceptorType,
    {
        "burnout_speed_km_s": Number("km/s", 0.2, 11.0, _METRES_PER_SECOND),
        "burn_time_s": Number("s", 0.5, 1000, _MILLISECONDS),
        "intercept_altitude_km": Interval(_distance(0, 5000)),
        "max_flight_time_s": Number("s", 1, 7200, _MILLISECONDS),
        "min_elevation_deg": Number("degrees", 0, 90),
        "min_burnout_speed_km_s": Number("km/s", 0.05, 11.0, _METRES_PER_SECOND),
        "single_shot_kill_probability": _PROBABILITY,
        "reliability": _PROBABILITY,
        "hit_probability": _PROBABILITY,
        "seeker": _SEEKER,
        "divert_km": _distance(0, 1000),
    },
    required=("burnout_speed_km_s", "burn_time_s", "intercept_altitude_km", "max_flight_time_s"),
    rule=_speeds_in_order,
)

ELEMENT = RecordOf(
    Element,
    {
        "radar": Name("radars"),
        "battery": Name("interceptors"),
        "satellite": Name("satellites"),
        "node": Choice(NODE_FORMS),
        "owner": Nation(),
        "at": Position(),
        "boresights_deg": ListOf(_BORESIGHT, distinct=True),
        "radars": ListOf(Name("elements"), distinct=True),
        "count": Number("interceptors", 1, 100_000, whole=True),
        "launch_interval_s": _duration(3600),
        "basing": Choice(("land", "sea", "space")),
        "partner": Flag(),
        "latency_s": _duration(3600),
        "availability": _PROBABILITY,
        "from": YEAR,
        "until": YEAR,
        "upgrade_of": Name("elements"),
        "acquisition_musd": MONEY,
        "annual_musd": MONEY,
        "ships_per_station": Number("ships", 1, 20),
        "target_location_probability": _PROBABILITY,
        "site": Text(64, one_line=True),
        "hardness": _PROBABILITY,
    },
    rule=_element_rule,
    misplaced={"tracking": _OF_TYPES, "supports_intercept": _OF_TYPES},
)

NETWORK = RecordOf(Network, {"latency_s": _duration(3600)}, required=("latency_s",))

DOCTRINE = RecordOf(
    Doctrine,
    {
        "mode": Choice(MODES),
        "firm_track_s": _duration(3600),
        "decision_s": _duration(3600),
        "reaction_s": _duration(3600),
        "handover_s": _duration(3600),
        "kill_assessment_s": _duration(3600),
        "support_s": _duration(3600),
        "support": Choice(("held", "predicted")),
        "handover_error_km": _distance(0, 1000),
        "salvo": Number("interceptors", 1, 100, whole=True),
        "shots_required": Number("shots", 1, 100, whole=True),
        "look": Flag(),
        "protect": Choice(("territory", "places", "forces")),
    },
    required=("mode", "firm_track_s", "decision_s", "reaction_s", "handover_s", "kill_assessment_s"),
)


def _overrides(record: RecordOf) -> RecordOf:
    """Return the keys of a record, none required, kept as a mapping by attribute name in the order of the format."""
    order = (*record.keys, *record.described)

    def overrides(**values: Any) -> Mapping[str, Any]:
        return MappingProxyType({key: values[key] for key in order if key in values})

    return RecordOf(overrides, record.keys, described=record.described)


ARCHITECTURE = RecordOf(
    Architecture,
    {
        "year": YEAR,
        "extends": Name("architectures"),
        "elements": ListOf(Name("elements"), distinct=True),
        "without": ListOf(Name("elements"), distinct=True),
        "c2": Choice(C2_FORMS),
        "network": _overrides(NETWORK),
        "doctrine": _overrides(DOCTRINE),
        "lofts_deg": _LOFTS,
        "family": Text(100, one_line=True),
        "compare_with": Name("architectures"),
        "column_title": SHORT_TITLE,
    },
)


def _one_way(node: MarkedTable, values: dict[str, Any], path: str, reading: Reading) -> None:
    """Refuse a flight that is given by its loft and by its apogee."""
    if "loft_deg" in node.entries and "apogee_km" in node.entries:
        place = node.entries["apogee_km"][0]
        reading.refuse(place, path, "either `loft_deg` or `apogee_km` was expected, got both: a flight has one way")


_RAID_THREAT = RecordOf(
    RaidThreat,
    {
        "threat": Name("threats"),
        "from": Name("launch_areas"),
        "aim": Position(),
        "count": Number("missiles", 1, 10_000, whole=True),
        "interval_s": _duration(86_400),
        "loft_deg": Number("degrees", -60, 60, plain=True),
        "apogee_km": Number("km", 1, 100_000, _METRES, plain=True),
    },
    required=("threat", "from", "aim"),
    rule=_one_way,
)
RAID = RecordOf(
    Raid,
    {
        "threats": ListOf(_RAID_THREAT, least=1),
        "judged_on": Name("architectures"),
        "doctrine": DoctrineName(),
    },
    required=("threats",),
)

SOURCE = RecordOf(
    Source,
    {"citation": _TEXT, "url": Address(), "retrieved": Flag(), "quality": _TEXT, "note": _TEXT},
    required=("citation",),
    described={},
)

QUESTION = RecordOf(
    QuestionScope,
    {
        "architectures": ListOf(Name("architectures"), distinct=True),
        "threats": ListOf(Name("threats"), distinct=True),
        "raids": ListOf(Name("raids"), distinct=True),
    },
)

_MEMBERSHIP = RecordOf(
    Membership,
    {"from": YEAR, "until": YEAR, "source": Name("sources"), "note": _TEXT},
    rule=_years_in_order,
    described={},
)


class Nations:
    """A list of codes, or a mapping from codes to membership."""

    def read(self, node: Node, path: str, reading: Reading, origin: Any) -> Any:
        """Read the members, in the order of the file."""
        if isinstance(node, Listing):
            codes = ListOf(Nation(), distinct=True).read(node, path, reading, origin)
            return dict.fromkeys(codes, Membership()) if isinstance(codes, tuple) else codes
        if not isinstance(node, MarkedTable):
            return reading.refuse(node, path, f"a list of ISO 3166-1 alpha-3 codes was expected, got {node.shape}")
        members = {}
        for code, (key, item) in node.entries.items():
            Nation().read(key, path, reading, origin)
            always = isinstance(item, Scalar) and item.value is None
            members[code] = Membership() if always else _MEMBERSHIP.read(item, f"{path}.{code}", reading, origin)
        return members

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        code = Nation().schema()
        membership = {"anyOf": [_MEMBERSHIP.schema(), {"type": "null"}]}
        by_code = {"type": "object", "patternProperties": {code["pattern"]: membership}, "additionalProperties": False}
        return {"anyOf": [{"type": "array", "items": code, "uniqueItems": True}, by_code]}


SECTIONS: Final[Mapping[str, RecordOf]] = {
    "launch_areas": LAUNCH_AREA,
    "threats": THREAT,
    "radars": RADAR,
    "satellites": SATELLITE,
    "interceptors": INTERCEPTOR,
    "elements": ELEMENT,
    "architectures": ARCHITECTURE,
    "candidates": CANDIDATE,
    "raids": RAID,
    "sources": SOURCE,
    "questions": QUESTION,
}

FORMAT_VERSION: Final = Number("", 1, 1, plain=True, whole=True)

TOP: Final[Mapping[str, Field]] = {
    "hoplon": FORMAT_VERSION,
    "name": Text(64, one_line=True),
    "title": Text(200, one_line=True),
    "nations": Nations(),
    "population_year": YEAR,
    **{section: MappingOf(record) for section, record in SECTIONS.items()},
    "network": NETWORK,
    "doctrine": DOCTRINE,
    "strategic": ListOf(STRATEGIC),
    "costs": COSTS,
    "robustness": ROBUSTNESS,
    "adapt": ADAPT,
    "headline": HEADLINE,
    "disputed": ListOf(Text(200, one_line=True), least=1, distinct=True),
    "milestones": ListOf(MILESTONE),
    "statements": ListOf(STATEMENT),
}
