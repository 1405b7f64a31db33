"""The scenario as plain dictionaries: read, and one architecture resolved. No checks: scenarios here are right."""

import math
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

INFINITE = math.inf


def load(source):
    """Return the dictionary of a YAML text or path (YAML 1.2: NO stays a string)."""
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    return YAML(typ="safe", pure=True).load(text)


def number(value, default=None):
    """Return a plain or cited number as a float."""
    if value is None:
        return default
    if isinstance(value, dict):
        value = value["value"]
    return float(value)


def merged(below, above):
    """Return two mappings merged, key by key, the second winning."""
    result = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict) and "value" not in value
        result[key] = merged(result[key], value) if both else value
    return result


def unrolled(scenario, name):
    """Return an architecture with ``extends`` and ``without`` applied."""
    written = scenario["architectures"][name]
    below = unrolled(scenario, written["extends"]) if "extends" in written else {"elements": []}
    result = {**below, **{k: v for k, v in written.items() if k not in ("elements", "extends", "without")}}
    result["network"] = merged(below.get("network", {}), written.get("network", {}))
    result["doctrine"] = merged(below.get("doctrine", {}), written.get("doctrine", {}))
    gone = set(written.get("without", []))
    kept = [e for e in below["elements"] if e not in gone]
    result["elements"] = kept + [e for e in written.get("elements", []) if e not in kept]
    return result


@dataclass(frozen=True)
class Architecture:
    """One architecture, resolved: active elements (name to dictionary), network, doctrine, year.

    ``on_grid``: whether tracks begin on whole seconds (see 9 in the package's docstring).
    """

    scenario: dict
    elements: dict
    network: dict
    doctrine: dict
    year: int | None
    on_grid: bool = True

    def of_kind(self, kind):
        """Return the active elements of a kind (``radar``, ``battery``, ``satellite``) in order."""
        return {name: e for name, e in self.elements.items() if kind in e}

    def tracking_satellites(self):
        """Return what each satellite that tracks follows, by element; in organic mode none is networked."""
        kinds = {name: self.scenario["satellites"][e["satellite"]] for name, e in self.of_kind("satellite").items()}
        return {} if self.organic else {name: kind["tracking"] for name, kind in kinds.items() if "tracking" in kind}

    def latency(self, name):
        """Return the latency of what an element reports [s]."""
        return number(self.elements[name].get("latency_s"), number(self.network.get("latency_s"), 0.0))

    @property
    def organic(self):
        return self.mode == "organic"

    @property
    def mode(self):
        return self.doctrine.get("mode", "organic")


def in_years(record, year):
    """Tell whether a record exists in a year: ``from`` inclusive, ``until`` exclusive; no year: always."""
    if year is None:
        return True
    return number(record.get("from"), -INFINITE) <= year < number(record.get("until"), INFINITE)


def resolve(scenario, name):
    """Return the named architecture with its active elements."""
    written = unrolled(scenario, name)
    year = written.get("year")
    elements = {e: scenario["elements"][e] for e in written["elements"]}
    return Architecture(
        scenario,
        {e: record for e, record in elements.items() if in_years(record, year)},
        merged(scenario.get("network", {}), written["network"]),
        merged(scenario.get("doctrine", {}), written["doctrine"]),
        year,
    )
