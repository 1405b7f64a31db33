"""A small scenario and made-up coverages (disks around sites) for the tests of the report; no physics in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from hoplon.analysis.coverage import Coverage
from hoplon.analysis.coverage_solver import Asked, Judged
from hoplon.presentation.maps.cartography import ground_range
from hoplon.progress import Progress, silent
from hoplon.questions.requests import LEVELS
from hoplon.questions.study import Study
from hoplon.scenario import geography
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import (
    Architecture,
    Cited,
    Doctrine,
    Element,
    InterceptorType,
    LaunchArea,
    Level,
    Membership,
    Milestone,
    Network,
    Place,
    RadarType,
    ReferenceRange,
    SatelliteType,
    Scenario,
    Source,
    Threat,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hoplon.questions.question import Finding

AREAS = {"tabriz": (38.08, 46.29), "shiraz": (29.59, 52.58), "mashhad": (36.3, 59.61)}
RANGES = {
    "mrbm-1300": (1300, 400, 2003, None, None),
    "mrbm-2000": (2000, 600, 2009, None, None),
    "irbm-3500": (3500, 1500, 2015, 2013, 2020),
    "icbm-10000": (10000, 5000, 2020, 2015, 2035),
}
REACH_KM = {"sm3-ia": 750.0, "sm3-ib": 900.0, "sm3-iia": 1700.0, "gbi-2stage": 2300.0, "pac3": 60.0}


def cited(value: float, **more: Any) -> Cited:
    return Cited(float(value), **{"source": "made-up", "kind": "published"} | more)


def radar_type(band: str, search: float, track: float, most: float, halfwidth: float | None = None) -> RadarType:
    return RadarType(
        band=band,
        search=ReferenceRange(reference_range_km=cited(search), reference_rcs_m2=cited(0.01)),
        track=ReferenceRange(reference_range_km=cited(track), reference_rcs_m2=cited(0.01)),
        max_range_km=cited(most),
        elevation_deg=(cited(5), cited(80)),
        update_s=cited(1),
        range_sigma_m=cited(10),
        angle_sigma_mrad=cited(0.5),
        acquisition_s=cited(10),
        cued_acquisition_s=cited(5),
        sector_halfwidth_deg=None if halfwidth is None else cited(halfwidth),
    )


def interceptor_type(speed: float, highest: float) -> InterceptorType:
    return InterceptorType(
        burnout_speed_km_s=cited(speed, low=speed * 0.9, high=speed * 1.1),
        burn_time_s=Cited(60.0, note="nobody says"),
        intercept_altitude_km=(cited(1 if highest < 100 else 100), cited(highest)),
        max_flight_time_s=cited(500),
    )


def element(place: tuple[float, float] | None, **more: Any) -> Element:
    return Element(at=None if place is None else Place(*place), source="made-up", kind="published", **more)


ELEMENTS = {
    "dsp": element(None, satellite="dsp", owner="USA", basing="space"),
    "kurecik": element((38.35, 37.79), radar="tpy-2", boresights_deg=(105.0,), owner="USA", basing="land", from_=2011),
    "fylingdales": element((54.36, -0.67), radar="uewr", owner="GBR", basing="land"),
    "brdy": element((49.63, 13.77), radar="midcourse", owner="USA", basing="land"),
    "redzikowo-silo": element((54.48, 17.1), battery="gbi-2stage", owner="USA", basing="land", count=cited(10)),
    "redzikowo-radar": element((54.48, 17.1), radar="spy-1d", owner="USA", basing="land"),
    "redzikowo": element((54.48, 17.1), battery="sm3-iia", radars=("redzikowo-radar",), owner="USA", count=cited(24)),
    "deveselu-radar": element((44.07, 24.41), radar="spy-1d", owner="USA", basing="land"),
    "deveselu": element((44.07, 24.41), battery="sm3-ib", radars=("deveselu-radar",), owner="USA", count=cited(24)),
    "deveselu-iia": element(
        (44.07, 24.41), battery="sm3-iia", radars=("deveselu-radar",), owner="USA", count=cited(24)
    ),
    "ship-east": element((34.0, 33.0), battery="sm3-ia", owner="USA", basing="sea", count=cited(20)),
    "ship-east-radar": element((34.0, 33.0), radar="spy-1d", owner="USA", basing="sea"),
    "ship-adriatic": element(
        (39.5, 18.8), battery="sm3-ia", short_title="Adriatic ship", owner="USA", basing="sea", count=cited(20)
    ),
    "ship-adriatic-radar": element((39.5, 18.8), radar="spy-1d", owner="USA", basing="sea"),
    "ship-east-iia": element((34.0, 33.0), battery="sm3-iia", owner="USA", basing="sea", count=cited(20)),
    "ship-adriatic-iia": element(
        (39.5, 18.8), battery="sm3-iia", short_title="Adriatic ship", owner="USA", basing="sea", count=cited(20)
    ),
    "gabala": element((40.87, 47.81), radar="daryal", boresights_deg=(162.0,), owner="RUS", partner=True, until=2013),
    "patriot-berlin": element((52.52, 13.4), battery="pac3", owner="DEU", basing="land", count=cited(32)),
    "ramstein": element((49.44, 7.6), node="hub", owner="USA"),
    "uedem": element((51.66, 6.27), node="alternate", owner="DEU"),
    "poggio-renatico": element((44.79, 11.49), node="regional", owner="ITA"),
}
_EVERYWHERE = ("dsp", "fylingdales", "kurecik")
_SHIPS = ("ship-east", "ship-east-radar", "ship-adriatic", "ship-adriatic-radar")
_NODES = ("ramstein", "uedem", "poggio-renatico")
_UPPER = ("ship-east-iia", "ship-east-radar", "ship-adriatic-iia", "ship-adriatic-radar")
ARCHITECTURES = {
    "programme-of-record": ("Programme of record", 2013, (*_EVERYWHERE, "brdy", "redzikowo-silo")),
    "phase-1": ("Phase 1", 2011, (*_EVERYWHERE, *_SHIPS, *_NODES)),
    "phase-2": ("Phase 2", 2015, (*_EVERYWHERE, *_SHIPS, "deveselu", "deveselu-radar", *_NODES)),
    "phase-3": (
        "Phase 3",
        2018,
        (*_EVERYWHERE, *_UPPER, "deveselu-iia", "deveselu-radar", "redzikowo", "redzikowo-radar", *_NODES),
    ),
    "national": ("National systems side by side", 2011, ("fylingdales", "patriot-berlin")),
    "phase-1-partners": ("Phase 1 with partner radars", 2011, (*_EVERYWHERE, *_SHIPS, "gabala", *_NODES)),
    "phase-1-allied": ("Phase 1 with Allied contributions", 2011, (*_EVERYWHERE, *_SHIPS, "patriot-berlin", *_NODES)),
}


FAMILIES = {
    "national": "Side by side",
    "phase-1-partners": "With the partner radars",
    "phase-1-allied": "With the Allied contributions",
}
COMPARED_WITH = {
    "phase-1": "programme-of-record",
    "phase-2": "programme-of-record",
    "phase-3": "programme-of-record",
    "phase-1-partners": "phase-1",
    "phase-1-allied": "phase-1",
}
MILESTONES = (
    Milestone(
        date=2009.7,
        lane="decision",
        text="The phases take the place of the programme of record",
        source="made-up",
        begins=("phase-1", "phase-2", "phase-3"),
        ends=("programme-of-record",),
    ),
    Milestone(date=2007.3, lane="decision", text="A programme begins", begins=("programme-of-record",)),
    Milestone(date=2012.4, lane="command", text="A headquarters", source="Nobody (2012)"),
)


def scenario() -> Scenario:
    """A scenario with the names that the study looks for."""
    return Scenario(
        hoplon=1,
        name="sample",
        title="A made-up sample",
        nations=MappingProxyType(
            {**{n: Membership() for n in geography.EUROPE if n != "FIN"}, "FIN": Membership(2023)}
        ),
        launch_areas=MappingProxyType({n: LaunchArea(at=Place(*p), source="made-up") for n, p in AREAS.items()}),
        threats=MappingProxyType({name: threat(*numbers) for name, numbers in RANGES.items()}),
        radars=MappingProxyType(
            {
                "tpy-2": radar_type("X", 870, 1100, 2000, 60),
                "spy-1d": radar_type("S", 310, 545, 1000),
                "midcourse": radar_type("X", 1100, 1400, 6000),
                "uewr": radar_type("UHF", 4800, 4800, 5556),
                "daryal": radar_type("VHF", 6000, 6000, 7200, 55),
            }
        ),
        satellites=MappingProxyType({"dsp": SatelliteType(alert_s=cited(60), detect_s=cited(50))}),
        interceptors=MappingProxyType(
            {
                "sm3-ia": interceptor_type(3.0, 500),
                "sm3-ib": interceptor_type(3.0, 500),
                "sm3-iia": interceptor_type(4.5, 1000),
                "gbi-2stage": interceptor_type(7.0, 2000),
                "pac3": interceptor_type(1.5, 20),
            }
        ),
        elements=MappingProxyType(ELEMENTS),
        network=Network(latency_s=Cited(5.0)),
        doctrine=Doctrine(decision_s=cited(50, low=15, high=200)),
        architectures=MappingProxyType(
            {
                name: Architecture(
                    title=title,
                    year=year,
                    elements=elements,
                    doctrine=MappingProxyType({"mode": "organic"} if name == "national" else {}),
                    family=FAMILIES.get(name, "Programme of record and phases"),
                    compare_with=COMPARED_WITH.get(name),
                )
                for name, (title, year, elements) in ARCHITECTURES.items()
            }
        ),
        milestones=MILESTONES,
        statements=load_scenario("nato-europe").statements,
        raids=MappingProxyType({}),
        strategic=(),
        costs=None,
        sources=MappingProxyType({"made-up": Source("Nobody (2000), A made-up source", "https://example.org/made-up")}),
        questions=MappingProxyType({}),
    )


def threat(most: float, least: float, year: int, early: int | None, late: int | None) -> Threat:
    return Threat(
        max_range_km=cited(most),
        min_range_km=cited(least),
        burn_time_s=cited(120),
        burnout_altitude_km=cited(90),
        burnout_ground_range_km=cited(90),
        rcs_m2=MappingProxyType(
            {"X": cited(0.03, low=0.005, high=0.1), "S": cited(0.1), "UHF": cited(0.5), "VHF": cited(1.0)}
        ),
        from_=Cited(float(year), low=early, high=late, source="made-up", kind="published"),
    )


def coverage(
    sample: Scenario,
    architecture: str,
    level: Level = "base",
    points: geography.AimPoints | None = None,
    stretch: float = 1.0,
) -> Coverage:
    """Return a made-up coverage: a point is defended within a disk around a battery, larger for the longer classes."""
    points = aim_points() if points is None else points
    resolved = sample.architecture(architecture)
    factor = stretch * {"low": 0.7, "base": 1.0, "high": 1.25}[level]
    shape = (len(points.name), len(sample.threats))
    threatened = np.zeros(shape, bool)
    defended, shots = np.zeros(shape, bool), np.full(shape, -1, np.int16)
    cause = np.zeros(shape, np.int8)
    hardest = np.zeros(shape, np.int16)
    for place, (name, record) in enumerate(sample.threats.items()):
        far = np.stack(
            [ground_range(*where, points.latitude_deg, points.longitude_deg) / 1000.0 for where in AREAS.values()]
        )
        reached = (far >= record.min_range_km.value) & (far <= record.max_range_km.value)
        threatened[:, place] = reached.any(axis=0)
        hardest[:, place] = np.argmax(reached, axis=0)
        inside = np.zeros(shape[0], np.int16)
        for item in resolved.elements.values():
            if item.battery is not None and item.at is not None:
                distance = ground_range(
                    item.at.latitude_deg, item.at.longitude_deg, points.latitude_deg, points.longitude_deg
                )
                bonus = 1.0 + 0.08 * place if name != "icbm-10000" else 0.8
                inside += (distance / 1000.0 < REACH_KM[item.battery] * factor * bonus).astype(np.int16)
        defended[:, place] = (inside > 0) & threatened[:, place]
        shots[:, place] = np.where(threatened[:, place], inside, -1)
        cause[:, place] = np.where(
            threatened[:, place] & (inside == 0), 1 + (points.latitude_deg // 6 + place).astype(int) % 6, 0
        )
    return Coverage(
        sample.name,
        sample.sha256,
        architecture,
        resolved.title,
        resolved.year,
        level,
        points,
        tuple(AREAS),
        tuple(sample.threats),
        tuple(name for name, item in resolved.elements.items() if item.battery is not None),
        threatened,
        defended,
        shots,
        hardest,
        cause,
    )


@cache
def aim_points() -> geography.AimPoints:
    """Large places and a coarse land grid: enough for a picture, quick to draw."""
    places = geography.places(geography.EUROPE)
    return places.subset(places.population >= 60_000.0).concat(geography.land_grid(geography.EUROPE, 80.0))


@dataclass(frozen=True)
class Covers:
    """Made-up coverages, for what is made of them.

    Parameters
    ----------
    states : mapping
        (architecture, level) that defends everything threatened, or nothing.
    stretches : mapping
        (architecture, mode) to the factor on the reach of its batteries; by default wider the further it integrates.
    """

    states: Mapping[tuple[str, Level], bool] = field(default_factory=dict)
    stretches: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def prepare(self, asked: Sequence[Asked], points: geography.AimPoints, progress: Progress = silent) -> None:
        progress(1, 1, "nothing to prepare")

    def judge_once(
        self,
        asked: Sequence[Asked],
        points: geography.AimPoints,
        threats: Sequence[str],
        areas: Sequence[str] | None = None,
    ) -> list[Judged]:
        return judged_by(self, asked, points, threats)

    def __call__(self, asked: Asked, points: geography.AimPoints) -> Coverage:
        """Return a made-up coverage."""
        mode = asked.scenario.architecture(asked.architecture).mode
        stretch = self.stretches.get((asked.architecture, mode), STRETCHES[mode])
        made = coverage(asked.scenario, asked.architecture, asked.level, points, stretch)
        defended = self.states.get((asked.architecture, asked.level))
        if defended is None or mode != own_mode(asked.architecture):
            return made
        return replace(
            made,
            defended=made.threatened & defended,
            shots_min=np.where(made.threatened, 2 if defended else 0, -1).astype(np.int16),
            cause=np.where(made.threatened & (not defended), 3, 0).astype(np.int8),
        )


_JUDGED: dict[tuple[Any, ...], Judged] = {}


def judged_by(
    cover: Callable[[Asked, geography.AimPoints], Coverage],
    asked: Sequence[Asked],
    points: geography.AimPoints,
    threats: Sequence[str],
) -> list[Judged]:
    """Return which points are threatened and defended: nothing made up here depends on a number that is sampled."""
    found = []
    for one in asked:
        mode = one.scenario.architecture(one.architecture).mode
        key = (repr(cover), one.architecture, mode, tuple(threats), points.name.tobytes())
        if key not in _JUDGED:
            made = cover(one, points)
            chosen = [made.threats.index(name) for name in threats]
            _JUDGED[key] = (made.threatened[:, chosen], made.defended[:, chosen])
        found.append(_JUDGED[key])
    return found


STRETCHES = {"organic": 0.6, "launch_on_remote": 1.0, "engage_on_remote": 1.3}


@cache
def own_mode(architecture: str) -> str:
    """The mode that an architecture of the sample has by itself."""
    return scenario().architecture(architecture).mode


class MadeUpStudy(Study):
    """A study whose coverages are made up: no element can be left out of them, and no input sampled."""

    def first_out(self, architecture: str, key: str = "headline") -> None:
        return None

    def band(self, architecture: str, key: str = "headline") -> None:
        return None


@cache
def results() -> Study:
    """The made-up study of the sample."""
    return MadeUpStudy(scenario(), aim_points(), cover=Covers())


def with_states(made: Study, architecture: str, level: Level, defended: bool) -> Study:
    """Return a study in which one architecture at a level defends everything that is threatened, or nothing."""
    cover = _covers(made)
    states = {**cover.states, (architecture, level): defended}
    return Study(made.scenario, made.points, cover=replace(cover, states=states))


def with_stretches(made: Study, architecture: str, stretches: Mapping[str, float]) -> Study:
    """Return a study in which the batteries of one architecture reach so much farther in some modes of integration."""
    cover = _covers(made)
    told = {**cover.stretches, **{(architecture, mode): factor for mode, factor in stretches.items()}}
    return Study(made.scenario, made.points, cover=replace(cover, stretches=told))


def with_scenario(made: Study, changed: Scenario) -> Study:
    """Return a study of another scenario with the same coverages."""
    return Study(changed, made.points, cover=made.cover)


def turned(architecture: str, defended: bool) -> Study:
    """Return the made-up study in which one architecture defends everything that is threatened, or nothing."""
    made = results()
    for level in LEVELS:
        made = with_states(made, architecture, level, defended)
    return made


def _covers(made: Study) -> Covers:
    assert isinstance(made.cover, Covers)
    return made.cover


def text(found: Sequence[Finding]) -> str:
    """Return the sentences of findings, one after the other."""
    return " ".join(item.sentence for item in found)
