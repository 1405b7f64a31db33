"""What a scenario holds, kind by kind, and what a check of its file finds; nothing heavy is imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.records import Answer, Row
from hoplon.errors import ScenarioError, UnknownNameError
from hoplon.extras import extra
from hoplon.scenario.findings import Diagnostic
from hoplon.scenario.load import bundled_names, bundled_title, checked, load_scenario
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    import pandas as pd

    from hoplon.scenario.model import Element, Scenario


@dataclass(frozen=True, repr=False)
class ScenarioContents(Answer):
    """What a scenario holds.

    Attributes
    ----------
    scenario : str
    kinds : dict
        Rows by kind: ``architectures``, ``threats``, ...
    """

    scenario: str
    kinds: dict[str, list[dict[str, Any]]]

    def as_json(self) -> dict[str, Any]:
        """Return the rows by kind."""
        return deepcopy(self.kinds)

    def line(self) -> str:
        """Return how many there are of each kind, in one line."""
        return f"{self.scenario}: {', '.join(f'{len(rows)} {kind}' for kind, rows in self.kinds.items())}"

    def rows(self, kind: str | None = None) -> Sequence[Row]:
        """Return the rows of a kind; those of the first one by default.

        Raises
        ------
        UnknownNameError
        """
        name = next(iter(self.kinds)) if kind is None else known_name("kind", kind, self.kinds)
        return deepcopy(self.kinds[name])

    def as_frame(self, kind: str | None = None) -> pd.DataFrame:
        """Return the rows of a kind as a table of pandas."""
        with extra("frames", "as_frame"):
            import pandas as pd

        return pd.DataFrame([dict(row) for row in self.rows(kind)])


@dataclass(frozen=True, repr=False)
class BundledScenarios(Answer):
    """The scenarios that come with hoplon.

    Attributes
    ----------
    titles : dict
        By name.
    """

    titles: dict[str, str]

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """Load each of them, by name."""
        return {name: load_scenario(name) for name in self.titles}

    def as_json(self) -> dict[str, Any]:
        """Return names and titles."""
        return {"scenarios": [*map(dict, self.rows())]}

    def line(self) -> str:
        """Return the names in one line."""
        return ", ".join(self.titles)

    def rows(self) -> list[Row]:
        """Return a row for each scenario."""
        return [{"name": name, "title": title} for name, title in self.titles.items()]


@dataclass(frozen=True, repr=False)
class ScenarioCheck(Answer):
    """What a check of a scenario file found.

    Attributes
    ----------
    given : str
        The path or name that was checked.
    scenario : Scenario or None
        None when the file is refused.
    errors, warnings : tuple of Diagnostic
    message : str
        Why the file is refused, a line for each error.
    """

    given: str
    scenario: Scenario | None
    errors: tuple[Diagnostic, ...]
    warnings: tuple[Diagnostic, ...]
    message: str = ""

    @property
    def passed(self) -> bool:
        """Tell whether the file is a scenario."""
        return self.scenario is not None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {key: [*map(_placed, getattr(self, key))] for key in ("errors", "warnings")}

    def line(self) -> str:
        """Return how many errors and warnings there are, in one line."""
        if self.scenario is None:
            return f"{self.given}: refused, {counted(len(self.errors), 'error')}"
        held = ", ".join(counted(len(getattr(self.scenario, section)), singular) for section, singular in _COUNTED)
        return (
            f"{self.scenario.name}: no errors, {counted(sum(item.many for item in self.warnings), 'warning')}; {held}"
        )

    def rows(self) -> list[Row]:
        """Return a row for each finding."""
        found = (("error", self.errors), ("warning", self.warnings))
        return [{"severity": severity, **_placed(item)} for severity, items in found for item in items]

    def warnings_elsewhere(self) -> dict[str, int]:
        """Return how many warnings lie in bundled scenarios that the file extends, which its user cannot mend."""
        bundled = {f"{other}.yaml": other for other in bundled_names()}
        if self.given.replace("_", "-") in (*bundled, *bundled.values()):
            return {}
        many: Counter[str] = Counter()
        for item in self.warnings:
            if item.file in bundled:
                many[bundled[item.file]] += item.many
        return dict(many)


_COUNTED: Final = (
    ("architectures", "architecture"),
    ("elements", "element"),
    ("threats", "threat class"),
    ("launch_areas", "launch area"),
    ("nations", "nation"),
)


def counted(number: int, singular: str) -> str:
    """Return a number of things: ``2 threat classes``."""
    ending = "" if number == 1 else "es" if singular.endswith("s") else "s"
    return f"{number} {singular}{ending}"


def _placed(item: Diagnostic) -> dict[str, Any]:
    return {"file": item.file, "line": item.line, "column": item.column, "message": item.message}


def check(path_or_name: str | Path) -> ScenarioCheck:
    """Check a scenario file; a refusal is an answer."""
    try:
        scenario, warnings = checked(path_or_name)
    except ScenarioError as error:
        return ScenarioCheck(str(path_or_name), None, error.findings, (), str(error))
    return ScenarioCheck(str(path_or_name), scenario, (), warnings).made_from(scenario)


def bundled() -> BundledScenarios:
    """Return the scenarios that come with hoplon."""
    return BundledScenarios({name: bundled_title(name) for name in bundled_names()})


def contents(scenario: Scenario, what: str | None = None) -> ScenarioContents:
    """Return what a scenario holds: every kind, or one.

    Raises
    ------
    UnknownNameError
        If there is no such kind.
    """
    if what is not None and what not in ROWS:
        raise UnknownNameError("list", what, ROWS)
    return ScenarioContents(scenario.name, {kind: ROWS[kind](scenario) for kind in (ROWS if what is None else (what,))})


def _architectures(scenario: Scenario) -> list[dict[str, Any]]:
    resolved = map(scenario.architecture, scenario.architectures)
    return [{"name": item.name, "title": item.title, "year": item.year, "mode": item.mode} for item in resolved]


def _threats(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": item.title or name,
            "min_range_km": float(item.min_range_km),
            "max_range_km": float(item.max_range_km),
            "first_year": None if item.from_ is None else int(float(item.from_)),
        }
        for name, item in scenario.threats.items()
    ]


def _radars(scenario: Scenario) -> list[dict[str, Any]]:
    from hoplon.analysis.radar_range import reference_range_km

    return [
        {
            "name": name,
            "title": item.title or name,
            "band": item.band,
            "search_range_km": reference_range_km(item.search),
            "at_rcs_m2": float(item.search.reference_rcs_m2),
            "max_range_km": float(item.max_range_km),
            "supports_intercept": item.may_support,
        }
        for name, item in scenario.radars.items()
    ]


def _satellites(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": item.title or name,
            "alert_s": None if item.alert_s is None else float(item.alert_s),
            "detect_s": None if item.detect_s is None else float(item.detect_s),
            "track_after_burnout_s": None if item.tracking is None else float(item.tracking.acquisition_s),
        }
        for name, item in scenario.satellites.items()
    ]


def _interceptors(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": item.title or name,
            "burnout_speed_km_s": float(item.burnout_speed_km_s),
            "lowest_intercept_km": float(item.intercept_altitude_km[0]),
            "highest_intercept_km": float(item.intercept_altitude_km[1]),
            "max_flight_time_s": float(item.max_flight_time_s),
        }
        for name, item in scenario.interceptors.items()
    ]


def _elements(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": item.title or name,
            "form": item.form,
            "type": _type(item),
            "owner": item.owner,
            "latitude_deg": None if item.at is None else item.at.latitude_deg,
            "longitude_deg": None if item.at is None else item.at.longitude_deg,
            "from": item.from_,
            "until": item.until,
        }
        for name, item in scenario.elements.items()
    ]


def _type(element: Element) -> str | None:
    return element.radar or element.battery or element.satellite or element.node


def _areas(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": item.title or name,
            "latitude_deg": item.at.latitude_deg,
            "longitude_deg": item.at.longitude_deg,
        }
        for name, item in scenario.launch_areas.items()
    ]


def _raids(scenario: Scenario) -> list[dict[str, Any]]:
    return [
        {"name": name, "title": item.title or name, "missiles": int(sum(float(group.count) for group in item.threats))}
        for name, item in scenario.raids.items()
    ]


ROWS: Final[Mapping[str, Callable[[Scenario], list[dict[str, Any]]]]] = {
    "architectures": _architectures,
    "threats": _threats,
    "radars": _radars,
    "satellites": _satellites,
    "interceptors": _interceptors,
    "elements": _elements,
    "areas": _areas,
    "raids": _raids,
}
