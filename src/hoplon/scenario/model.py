"""The frozen records of a scenario: field names are the keys of the file, numbers carry their bounds and their source.

Kilometres, degrees and seconds as in the file; the conversion to SI units happens where kernels are called
(:mod:`hoplon.analysis`). A key that Python reserves gets an underscore (``from`` is ``from_``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, Literal

from hoplon.errors import InputError, UnknownNameError
from hoplon.notebook import html_of
from hoplon.scenario.decisions.records import AdaptationOptions as AdaptationOptions
from hoplon.scenario.decisions.records import Costs as Costs
from hoplon.scenario.decisions.records import MixCandidate as MixCandidate
from hoplon.scenario.decisions.records import Move as Move
from hoplon.scenario.decisions.records import RobustnessFactors as RobustnessFactors
from hoplon.scenario.decisions.records import StrategicTrajectory as StrategicTrajectory
from hoplon.scenario.decisions.records import Surprise as Surprise
from hoplon.scenario.decisions.records import ThreatShift as ThreatShift
from hoplon.scenario.numbers import Steps as Steps
from hoplon.scenario.numbers import cited_numbers
from hoplon.scenario.numbers import path_text as path_text
from hoplon.scenario.reporting import Headline as Headline
from hoplon.scenario.reporting import Milestone as Milestone
from hoplon.scenario.reporting import Statement as Statement
from hoplon.scenario.sensor_types import Discrimination as Discrimination
from hoplon.scenario.sensor_types import RadarType as RadarType
from hoplon.scenario.sensor_types import ReferenceRange as ReferenceRange
from hoplon.scenario.sensor_types import SatelliteTracking as SatelliteTracking
from hoplon.scenario.sensor_types import SatelliteType as SatelliteType
from hoplon.scenario.values import Cited as Cited
from hoplon.scenario.values import Described as Described
from hoplon.scenario.values import Kind as Kind
from hoplon.scenario.values import Level as Level
from hoplon.scenario.values import Place as Place
from hoplon.scenario.written import as_plain, as_yaml, digest_of

_EMPTY: Mapping[str, Any] = MappingProxyType({})
_ZERO, _ONE, _TEN, _FIFTEEN = (Cited(value, note="default of the format") for value in (0.0, 1.0, 10.0, 15.0))
_ONE_KM_S = Cited(1.0, note="default of the format; never above burnout_speed_km_s")
_NO_BATTERY = Cited(0.0, note="not a battery")
_MOST_SHOWN: Final = 6  # names of a kind in a notebook


@dataclass(frozen=True, slots=True)
class Source:
    """A work that values are taken from."""

    citation: str
    url: str | None = None
    retrieved: bool | None = None
    quality: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """The years in which a nation is a member: ``from_`` <= year < ``until``; None is open."""

    from_: int | None = None
    until: int | None = None
    source: str | None = None
    note: str = ""

    def holds(self, year: int | None) -> bool:
        """Tell whether the nation is a member in a year; without a year every nation listed is."""
        return year is None or (
            (self.from_ is None or self.from_ <= year) and (self.until is None or year < self.until)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchArea(Described):
    """A place that missiles may be launched from."""

    at: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat(Described):
    """A class of ballistic missile; ``rcs_m2`` by radar band, ``launch_areas`` None for every area."""

    max_range_km: Cited
    min_range_km: Cited
    burn_time_s: Cited
    burnout_altitude_km: Cited
    burnout_ground_range_km: Cited
    rcs_m2: Mapping[str, Cited]
    launch_areas: tuple[str, ...] | None = None
    lofts_deg: tuple[float, ...] = (0.0,)
    objects: Cited = _ONE
    ballistic_coefficient_kg_m2: Cited | None = None
    from_: Cited | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeker(Described):
    """An interceptor's own seeker; ``separation`` is d'."""

    range_km: Cited
    field_of_view_mrad: Cited
    separation: Cited


@dataclass(frozen=True, slots=True, kw_only=True)
class InterceptorType(Described):
    """An interceptor type; a fixed ``single_shot_kill_probability`` replaces the factors."""

    burnout_speed_km_s: Cited
    burn_time_s: Cited
    intercept_altitude_km: tuple[Cited, Cited]
    max_flight_time_s: Cited
    min_elevation_deg: Cited = _FIFTEEN
    min_burnout_speed_km_s: Cited = _ONE_KM_S
    single_shot_kill_probability: Cited | None = None
    reliability: Cited | None = None
    hit_probability: Cited | None = None
    seeker: Seeker | None = None
    divert_km: Cited | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Element(Described):
    """A placed thing: exactly one of ``radar``, ``battery``, ``satellite`` (type names) and ``node`` (its form).

    Elements of one ``site`` are lost together; ``hardness`` is the probability that a blow that found it leaves it.
    """

    radar: str | None = None
    battery: str | None = None
    satellite: str | None = None
    node: str | None = None
    owner: str | None = None
    at: Place | None = None
    boresights_deg: tuple[Cited, ...] = ()
    radars: tuple[str, ...] = ()
    count: Cited = _NO_BATTERY
    launch_interval_s: Cited = _ZERO
    basing: Literal["land", "sea", "space"] | None = None
    partner: bool = False
    latency_s: Cited | None = None
    availability: Cited | None = None
    from_: int | None = None
    until: int | None = None
    upgrade_of: str | None = None
    acquisition_musd: Cited | None = None
    annual_musd: Cited | None = None
    ships_per_station: Cited | None = None
    target_location_probability: Cited | None = None
    site: str | None = None
    hardness: Cited | None = None

    @property
    def form(self) -> Literal["radar", "battery", "satellite", "node"]:
        """What the element is."""
        if self.radar is not None:
            return "radar"
        if self.battery is not None:
            return "battery"
        return "satellite" if self.satellite is not None else "node"

    def inactive_reason(self, year: int | None) -> str | None:
        """Say why the element is inactive in a year; None when it is active, or when no year is given."""
        if year is None:
            return None
        if self.from_ is not None and year < self.from_:
            return f"from {self.from_}, after {year}"
        if self.until is not None and year >= self.until:
            return f"until {self.until}, over in {year}"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Network(Described):
    """The network that carries alerts, tracks and orders."""

    latency_s: Cited = _ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctrine(Described):
    """Who may shoot on whose track, and when."""

    mode: Literal["organic", "launch_on_remote", "engage_on_remote"] = "launch_on_remote"
    firm_track_s: Cited = _ZERO
    decision_s: Cited = _ZERO
    reaction_s: Cited = _ZERO
    handover_s: Cited = _ZERO
    kill_assessment_s: Cited = _ZERO
    support_s: Cited = _TEN
    support: Literal["held", "predicted"] = "held"
    handover_error_km: Cited | None = None
    salvo: Cited = _ONE
    shots_required: Cited = _ONE
    look: bool = True
    protect: Literal["territory", "places", "forces"] = "territory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture(Described):
    """An architecture as written: ``network`` and ``doctrine`` hold the overrides alone, by field name.

    ``lofts_deg``, where given, stands in place of that of every class, in coverage and single engagements.
    """

    year: int | None = None
    extends: str | None = None
    elements: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    c2: str | None = None
    network: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    doctrine: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    lofts_deg: tuple[float, ...] | None = None
    family: str | None = None
    compare_with: str | None = None
    column_title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedArchitecture:
    """An architecture with what it extends applied: active elements, inactive ones with the reason, doctrine."""

    name: str
    title: str
    year: int | None
    c2: str
    mode: str
    elements: Mapping[str, Element]
    inactive: Mapping[str, str]
    network: Network
    doctrine: Doctrine
    lofts_deg: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RaidThreat(Described):
    """One group of a raid: ``count`` missiles of a class, ``interval_s`` apart, from an area to an aim point.

    They fly at ``loft_deg``, or to ``apogee_km``; without either at the first loft of the class.
    """

    threat: str
    from_: str
    aim: Place
    count: Cited = _ONE
    interval_s: Cited = _ZERO
    loft_deg: float | None = None
    apogee_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Raid(Described):
    """A raid: the groups of missiles that make it.

    ``judged_on`` is the architecture that it is judged on, ``doctrine`` the name of the shot doctrine that meets it
    (:data:`hoplon.scenario.shot_doctrines.DOCTRINES`); without one the architecture's salvo and look hold.
    """

    threats: tuple[RaidThreat, ...]
    judged_on: str | None = None
    doctrine: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionScope(Described):
    """A question that the study answers, with the architectures, classes and raids it is put to.

    ``base`` is what a mix is added to, ``budgets_musd`` what it may cost [million USD].
    """

    architectures: tuple[str, ...] = ()
    threats: tuple[str, ...] = ()
    raids: tuple[str, ...] = ()
    base: str | None = None
    budgets_musd: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Scenario:
    """A whole scenario, checked; mappings keep the order of the file.

    One that ``dataclasses.replace`` made of it is checked when a function of :mod:`hoplon` takes it
    (:func:`hoplon.scenario.given.scenario.loaded_scenario`); ``checked`` tells the two apart. ``extends`` is the
    bundled scenario or file that its file extends; empty for one that extends none.
    """

    hoplon: int
    name: str
    title: str
    nations: Mapping[str, Membership]
    launch_areas: Mapping[str, LaunchArea]
    threats: Mapping[str, Threat]
    radars: Mapping[str, RadarType]
    satellites: Mapping[str, SatelliteType]
    interceptors: Mapping[str, InterceptorType]
    elements: Mapping[str, Element]
    network: Network
    doctrine: Doctrine
    architectures: Mapping[str, Architecture]
    raids: Mapping[str, Raid]
    strategic: tuple[StrategicTrajectory, ...]
    costs: Costs | None
    sources: Mapping[str, Source]
    questions: Mapping[str, QuestionScope]
    headline: Headline | None = None
    disputed: tuple[str, ...] | None = None
    milestones: tuple[Milestone, ...] = ()
    statements: tuple[Statement, ...] = ()
    population_year: int | None = None
    candidates: Mapping[str, MixCandidate] = field(default_factory=lambda: _EMPTY)
    robustness: RobustnessFactors | None = None
    adapt: AdaptationOptions | None = None
    checked: bool = field(default=False, init=False, compare=False)
    extends: str = field(default="", init=False, compare=False)
    _sha256: str = field(default="", init=False, compare=False)

    def __repr__(self) -> str:
        """Return its name and what it holds; every record of it would fill pages of a notebook."""
        kinds = ("architectures", "elements", "threats", "launch_areas", "nations", "raids")
        return f"<Scenario {self.name}: {', '.join(f'{len(getattr(self, kind))} {kind}' for kind in kinds)}>"

    @property
    def sha256(self) -> str:
        """SHA-256 of the content: of every value, and of the order of names, however a file writes them.

        Raises
        ------
        InputError
            If a value is nothing that a scenario could hold.
        """
        if self._sha256:
            return self._sha256
        digest = digest_of(_settled(self, as_plain(self, sort=True)))
        if self.checked:  # what the loader makes cannot change; the lists and mappings of anyone else can
            object.__setattr__(self, "_sha256", digest)
        return digest

    def to_yaml(self) -> str:
        """Return the text of a file that is read as a scenario equal to this one, whole: it extends no other."""
        return as_yaml(_settled(self, as_plain(self)))

    def set(self, path: str | Mapping[str, Any], value: Any = ...) -> Scenario:
        """Return a scenario in which a value is another one, or several are: by path in the file, as ``elements.x.at``.

        None takes a key away, so that the format's default holds. See :func:`hoplon.scenario.changes.changed.with_set`;
        a path without a value, or a value beside a mapping, raises :class:`InputError`.
        """
        if (value is ...) == isinstance(path, str):
            raise InputError("set: a path and its value were expected (None takes the key away), or {path: value, ...}")
        changed: Scenario = _changes().with_set(self, {path: value} if isinstance(path, str) else path)
        return changed

    def move(self, site: str, at: Sequence[float], *, alone: bool = False) -> Scenario:
        """Return a scenario in which a site stands elsewhere, at (latitude, longitude) [degrees].

        See :func:`hoplon.scenario.changes.changed.moved`.
        """
        changed: Scenario = _changes().moved(self, {site: at}, alone=alone)
        return changed

    def without(self, *names: str, architecture: str | None = None) -> Scenario:
        """Return a scenario in which elements stand in no architecture, or not in one and in what extends it.

        See :func:`hoplon.scenario.changes.changed.without`.
        """
        changed: Scenario = _changes().without(self, names, architecture)
        return changed

    def with_(self, architecture: str, **variant: Any) -> Scenario:
        """Return a scenario with one architecture more, ``what-if``: a variant of one that it has.

        ``move``, ``off``, ``add``, ``type``, ``threat``, ``values``, ``doctrine``, ``year``, ``name``, ``title``: see
        :func:`hoplon.scenario.changes.changed.variant`.
        """
        changed: Scenario = _changes().variant(self, architecture, **variant)
        return changed

    def _repr_html_(self) -> str:
        """Show what the scenario holds in a notebook."""
        kinds = ("nations", "launch_areas", "threats", "elements", "architectures", "raids", "questions")
        rows = [
            {"kind": kind, "number": len(held), "names": _few(held)} for kind in kinds if (held := getattr(self, kind))
        ]
        return html_of(f"{self.title}: scenario {self.name}, {self.sha256[:12]}", rows)

    def members(self, year: int | None) -> tuple[str, ...]:
        """Return the nations that are members in a year, in the order of the file."""
        return tuple(nation for nation, membership in self.nations.items() if membership.holds(year))

    def lineage(self, name: str) -> tuple[Architecture, ...]:
        """Return an architecture and all it extends, the most distant ancestor first.

        Raises
        ------
        UnknownNameError
            If the scenario has no architecture of that name.
        """
        chain: list[Architecture] = []
        current: str | None = known_name("architecture", name, self.architectures)
        while current is not None:
            chain.append(self.architectures[current])
            current = chain[-1].extends
        return tuple(reversed(chain))

    def architecture(self, name: str) -> ResolvedArchitecture:
        """Return an architecture with what it extends applied and elements out of their years set aside.

        ``_`` may stand for ``-`` in the name.

        Raises
        ------
        UnknownNameError
            If the scenario has no architecture of that name.
        """
        name = known_name("architecture", name, self.architectures)
        names: dict[str, None] = {}
        year, c2 = None, "hub"
        lofts: tuple[float, ...] | None = None
        network: dict[str, Any] = {}
        doctrine: dict[str, Any] = {}
        for written in self.lineage(name):
            names.update(dict.fromkeys(written.elements))
            for removed in written.without:
                names.pop(removed, None)
            year = written.year if written.year is not None else year
            c2 = written.c2 or c2
            lofts = written.lofts_deg or lofts
            network.update(written.network)
            doctrine.update(written.doctrine)
        merged = replace(self.doctrine, **doctrine)
        reasons = {element: self.elements[element].inactive_reason(year) for element in names}
        return ResolvedArchitecture(
            name=name,
            title=self.architectures[name].title or name,
            year=year,
            c2="organic" if merged.mode == "organic" else c2,
            mode=merged.mode,
            elements=MappingProxyType({key: self.elements[key] for key, reason in reasons.items() if reason is None}),
            inactive=MappingProxyType({key: reason for key, reason in reasons.items() if reason is not None}),
            network=replace(self.network, **network),
            doctrine=merged,
            lofts_deg=lofts,
        )

    def assumed(self) -> list[tuple[str, Cited]]:
        """Return every number that is assumed, defaults of the format included, as (path, number)."""
        return [(path_text(steps), number) for steps, number in self.numbers() if number.kind == "assumed"]

    def cited(self) -> list[tuple[str, Cited]]:
        """Return every number that is not assumed, as (path, number)."""
        return [(path_text(steps), number) for steps, number in self.numbers() if number.kind != "assumed"]

    def numbers(self) -> Iterator[tuple[Steps, Cited]]:
        """Yield every cited number with the keys and places that lead to it in the file."""
        return cited_numbers(self, ())


def _few(names: Collection[str]) -> str:
    """Return the first of some names."""
    shown = ", ".join(tuple(names)[:_MOST_SHOWN])
    return shown if len(names) <= _MOST_SHOWN else f"{shown} and {len(names) - _MOST_SHOWN} more"


def _changes() -> Any:
    """Return the module that changes scenarios; the loader that it builds on is built on these records."""
    return import_module("hoplon.scenario.changes.changed")


def _settled(scenario: Scenario, plain: dict[str, Any]) -> dict[str, Any]:
    """Leave out of ``disputed`` what has lost its bounds: it moves nothing, and a file that names it is refused."""
    if "disputed" in plain:
        names_bounds = import_module("hoplon.scenario.paths").names_bounds
        plain["disputed"] = [path for path in plain["disputed"] if names_bounds(scenario, path)] or plain["disputed"]
    return plain


def known_name(kind: str, name: str, known: Collection[str]) -> str:
    """Return the name as the scenario spells it; ``_`` may stand for ``-``.

    Raises
    ------
    UnknownNameError
        With the nearest known name.
    """
    if not isinstance(name, str):
        raise UnknownNameError(kind, repr(name), known)
    if name in known:
        return name
    folded = name.replace("_", "-")
    for candidate in known:
        if candidate.replace("_", "-") == folded:
            return candidate
    raise UnknownNameError(kind, name, known)
