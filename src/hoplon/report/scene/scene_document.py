"""The document of a scene: what a scenario holds, as an interactive map and its panels need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.architectures import compared_architectures, judged_architectures
from hoplon.analysis.coverage import headline_classes_title, headline_nations, headline_threats, headline_title
from hoplon.analysis.defence import LEVELS
from hoplon.analysis.tally import class_title
from hoplon.presentation.wording import nation
from hoplon.report.scene.numbers import numbers_of, plain_number
from hoplon.report.scene.placed_elements import element_rows, radar_type_rows
from hoplon.report.scene.projection import home_projection
from hoplon.scenario.format.architectures import C2_FORMS
from hoplon.scenario.geography import GEONAMES_ATTRIBUTION, NATURAL_EARTH_ATTRIBUTION, PEOPLE_ATTRIBUTION
from hoplon.scenario.shot_doctrines import DOCTRINES

if TYPE_CHECKING:
    from hoplon.scenario.model import Cited, InterceptorType, Raid, ResolvedArchitecture, Scenario

_MODES: Final = ("organic", "launch_on_remote", "engage_on_remote")
_SUPPORTS: Final = ("held", "predicted")
_DOCTRINE: Final = (
    "firm_track_s",
    "decision_s",
    "reaction_s",
    "handover_s",
    "kill_assessment_s",
    "support_s",
    "support",
    "handover_error_km",
    "salvo",
    "shots_required",
    "look",
    "protect",
)


def scene_document(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario holds: map, nations, classes, launch areas, architectures, elements, types, raids.

    The questions that it asks are :func:`hoplon.api.contents`'s, for finding them out takes seconds.
    Numbers that a user may change come with their bounds, unit, kind and path; ``radars`` with the ranges that the
    model computes against each class.
    """
    counted = headline_threats(scenario)
    nations = headline_nations(scenario, None)
    return {
        "projection": home_projection(scenario),
        "levels": list(LEVELS),
        "modes": list(_MODES),
        "supports": list(_SUPPORTS),
        "c2": list(C2_FORMS),
        "shot_doctrines": list(DOCTRINES),
        "nations": [
            {
                "code": code,
                "name": nation(code),
                "from": member.from_,
                "until": member.until,
                "headline": code in nations,
            }
            for code, member in scenario.nations.items()
        ],
        "headline": {
            "title": headline_title(scenario),
            "classes_title": headline_classes_title(scenario),
            "classes": list(counted),
        },
        "classes": [
            {
                "name": name,
                "title": class_title(scenario, name),
                "headline": name in counted,
                "max_range_km": plain_number(item.max_range_km, f"threats.{name}.max_range_km"),
                "min_range_km": plain_number(item.min_range_km, f"threats.{name}.min_range_km"),
                "burn_time_s": plain_number(item.burn_time_s, f"threats.{name}.burn_time_s"),
                "rcs_m2": {
                    band: plain_number(size, f"threats.{name}.rcs_m2.{band}") for band, size in item.rcs_m2.items()
                },
                "lofts_deg": list(item.lofts_deg),
                "from": _optional(item.from_, f"threats.{name}.from"),
                "launch_areas": None if item.launch_areas is None else list(item.launch_areas),
            }
            for name, item in scenario.threats.items()
        ],
        "launch_areas": [
            {"name": name, "title": item.title or name, "lat": item.at.latitude_deg, "lon": item.at.longitude_deg}
            for name, item in scenario.launch_areas.items()
        ],
        "architectures": [architecture_row(scenario, scenario.architecture(name)) for name in scenario.architectures],
        "elements": element_rows(scenario),
        "radars": radar_type_rows(scenario),
        "interceptors": [_interceptor(name, item) for name, item in scenario.interceptors.items()],
        "satellites": [{"name": name, "title": item.title or name} for name, item in scenario.satellites.items()],
        "raids": [_raid(name, item) for name, item in scenario.raids.items()],
        "attribution": [NATURAL_EARTH_ATTRIBUTION, GEONAMES_ATTRIBUTION, PEOPLE_ATTRIBUTION],
    }


def first_architecture(scenario: Scenario) -> str | None:
    """Return the architecture that a map begins with: the last that the study compares and judges, else the last."""
    judged = judged_architectures(scenario)
    among = [name for name in compared_architectures(scenario) if name in judged] or list(scenario.architectures)
    return among[-1] if among else None


def architecture_row(scenario: Scenario, architecture: ResolvedArchitecture) -> dict[str, Any]:
    """Return an architecture with what it extends applied: active elements, doctrine, latency."""
    written = scenario.architectures.get(architecture.name)
    return {
        "name": architecture.name,
        "title": architecture.title,
        "year": architecture.year,
        "extends": None if written is None else written.extends,
        "family": None if written is None else written.family,
        "compared": architecture.name in compared_architectures(scenario),
        "mode": architecture.mode,
        "c2": architecture.c2,
        "elements": list(architecture.elements),
        "inactive": dict(architecture.inactive),
        "doctrine": numbers_of(architecture.doctrine, "doctrine", _DOCTRINE),
        "latency_s": plain_number(architecture.network.latency_s, "network.latency_s"),
        "members": list(scenario.members(architecture.year)),
    }


def _interceptor(name: str, item: InterceptorType) -> dict[str, Any]:
    path = f"interceptors.{name}"
    low, high = (
        plain_number(one, f"{path}.intercept_altitude_km[{place}]")
        for place, one in enumerate(item.intercept_altitude_km)
    )
    return {
        "name": name,
        "title": item.title or name,
        "burnout_speed_km_s": plain_number(item.burnout_speed_km_s, f"{path}.burnout_speed_km_s"),
        "max_flight_time_s": plain_number(item.max_flight_time_s, f"{path}.max_flight_time_s"),
        "intercept_altitude_km": [low, high],
    }


def _raid(name: str, item: Raid) -> dict[str, Any]:
    return {
        "name": name,
        "title": item.title or name,
        "missiles": int(sum(float(group.count) for group in item.threats)),
        "judged_on": item.judged_on,
        "doctrine": item.doctrine,
        "groups": [
            {
                "threat": group.threat,
                "from": group.from_,
                "aim": [group.aim.latitude_deg, group.aim.longitude_deg],
                "title": group.title,
                "count": int(float(group.count)),
            }
            for group in item.threats
        ],
    }


def _optional(number: Cited | None, path: str) -> Any:
    return None if number is None else plain_number(number, path)
