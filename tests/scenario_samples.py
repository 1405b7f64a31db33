"""A scenario with a record of every type and every optional value, and every way to change one value of a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

SMALL = Path(__file__).parent / "data" / "small.yaml"
SECTIONS = ("nations", "launch_areas", "threats", "radars", "satellites", "interceptors", "elements", "architectures")
SECTIONS += ("raids", "sources", "questions", "candidates")
ORDERED = (*SECTIONS, "robustness.factors", "adapt.surprises", "adapt.moves")  # the order of names is that of tables
MORE = """
nations: {DEU: {}, NOR: {from: 1949, source: report, note: a founder}, ROU: {from: 2004, until: 2030}}
threats:
  medium: {launch_areas: [east], lofts_deg: [0, 10], objects: 3, ballistic_coefficient_kg_m2: 5000, title: A class}
radars:
  forward:
    capacity: 20
    min_range_km: 10
    requires_cue: true
    supports_intercept: false
    discrimination: {range_km: 700, reference_rcs_m2: 0.01, separation: {value: 2, low: 1, high: 3, note: a note}}
    track:
      reference_range_km: null
      reference_rcs_m2: 0.01
      average_power_kw: 60
      aperture_m2: 9
      efficiency: 0.6
      dwell_s: 0.1
      frequency_ghz: 10
      system_temperature_k: 500
      losses_db: 8
      required_snr_db: 13
satellites:
  follower:
    tracking: {acquisition_s: 20, update_s: 2, position_sigma_m: {value: 200, low: 100}, min_altitude_km: 90}
interceptors:
  exo:
    single_shot_kill_probability: null
    min_elevation_deg: 20
    reliability: 0.9
    hit_probability: {value: 0.8, kind: derived}
    divert_km: 5
    seeker: {range_km: 300, field_of_view_mrad: 20, separation: 2}
elements:
  shield: {basing: land, availability: 0.9, acquisition_musd: 100, annual_musd: 7, short_title: Shield}
  ship: {battery: exo, count: 8, at: [40, 20], basing: sea, ships_per_station: 3, upgrade_of: shield}
  eye: {partner: true, latency_s: 3, target_location_probability: 0.8, site: hill, hardness: {value: 0.5, high: 0.9}}
architectures:
  whole: {network: {latency_s: 4}, doctrine: {salvo: 2, decision_s: 20, look: false}, family: Plans}
  later: {compare_with: whole, column_title: Later}
raids:
  four: {judged_on: whole, note: a raid}
costs:
  base_year: 2009
  discount_rate: 0.03
  years: 20
  deflator: {2009: 1, 2013: {value: 1.07, kind: derived}}
  development_musd: {whole: {value: 1000, low: 500, high: 2000, note: a note}, later: 10}
candidates:
  both: {elements: [shield, eye], excludes: [south], cost_musd: {value: 300, low: 200}, title: Both}
  south: {like: [ship], at: [35, 25], note: a note}
  north: {like: [ship], at: [55, 5, 10], requires: [south]}
robustness:
  factors: {seen: [elements.*.hardness, threats.medium.max_range_km], money: [candidates.both.cost_musd]}
  leave_out: [costs]
adapt:
  surprises:
    sooner: {title: Sooner, threats: {medium: {shift_years: {value: -3, low: -5}, launch_areas: [east]}}}
    elsewhere: {threats: {medium: {launch_areas: [east]}}}
  moves:
    added: {title: Ship, elements: [ship], lead_days: {value: 5, low: 2, high: 10}, cost_musd: 3, source: report}
    moved: {elements: [ship], without: [eye], lead_days: 90}
headline: {title: The three, nations: [DEU, NOR], classes: [medium], classes_title: The class, note: counted}
milestones:
  - {date: 2010.5, lane: decision, text: Begun, source: report, begins: [whole], note: a note}
  - {date: 2012, lane: fielded, text: Built, builds: [whole], ends: [later]}
statements:
  - {name: one, year: 2009, text: Part, architecture: whole, defended: [{nation: ROU, east_of_deg: 25, title: East}]}
  - {name: two, year: 2010, text: More, architecture: later, more_than: whole, scope: [DEU]}
  - {name: three, year: 2011, text: All, architecture: whole, everyone: true, source: report}
"""


def full(folder: Path) -> Scenario:
    """Return a scenario with a record of every type."""
    file = folder / "full.yaml"
    (file.parent / SMALL.name).write_bytes(SMALL.read_bytes())  # a file extends one of its own folder
    file.write_text(f"hoplon: 1\nname: full\nextends: {SMALL.name}\n{MORE}", encoding="utf-8")
    return load_scenario(file)


def changes(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (path, the same with one value of it changed) for every value, and for the order of what has several."""
    if is_dataclass(value):
        for entry in fields(value):
            if entry.init:
                for where, changed in changes(getattr(value, entry.name), f"{path}.{entry.name}"):
                    yield where, replace(value, **{entry.name: changed})
    elif isinstance(value, Mapping):
        for key in value:
            for where, changed in changes(value[key], f"{path}[{key}]"):
                yield where, {**value, key: changed}
        if len(value) > 1 and path.strip(".") in ORDERED:
            yield f"{path} turned", dict(reversed(value.items()))
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            for where, changed in changes(item, f"{path}[{place}]"):
                yield where, (*value[:place], changed, *value[place + 1 :])
        if value != value[::-1]:
            yield f"{path} turned", value[::-1]
        yield f"{path} and one more", (*value, value[0] if value else "hub")
    else:
        yield path, changed_value(value)


def changed_value(value: Any) -> Any:
    """Return another value of the same kind; a text for what is not given."""
    if value is None:
        return "given"
    if isinstance(value, bool):
        return not value
    return value + "x" if isinstance(value, str) else value + 1
