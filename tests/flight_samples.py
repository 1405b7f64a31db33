"""Made-up flights, and made-up answers on partner radars and discrimination: no physics in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import report_samples as samples
from hoplon.analysis.city_sample import Sample
from hoplon.analysis.feed_cuts import FeedCuts
from hoplon.analysis.flights import Flights
from hoplon.analysis.named_flight import BatteryTimeline, NamedFlight, RadarTimeline, Timeline
from hoplon.flight.arc import COLUMNS
from hoplon.questions.discrimination.answer import SelectedShots, WarheadSelection
from hoplon.questions.partner_radars.answer import (
    CentreLatency,
    EarlyTrack,
    FeedEffects,
    FeedGains,
    MainShotChange,
    PartnerRadars,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNT = 6  # flights: three places, two launch areas each


def sample() -> Sample:
    """Six flights of the class of 3,500 km: from tabriz and mashhad to three places."""
    points = samples.aim_points()
    places = points.subset(np.flatnonzero(points.kind == "place")[:3])
    flights = Flights(
        "made-up",
        np.zeros((COUNT, COLUMNS)),
        np.full(COUNT, list(samples.RANGES).index("irbm-3500"), dtype=np.int16),
        np.array([0, 2] * 3, dtype=np.int16),
        np.array([0, 0, 1, 1, 2, 2], dtype=np.int32),
    )
    return Sample(places, tuple(samples.AREAS), tuple(samples.RANGES), flights)


def cuts(worse: int = 0, different: int = 0) -> FeedCuts:
    second = np.arange(300.0)
    return FeedCuts(
        COUNT, 1800, 600, worse, 0, 0, different, second, np.minimum(second, 20.0), np.full(300, COUNT, np.int64)
    )


def feed_effects(
    gain: Sequence[float] = (0.0, 30.0, 0.0, 40.0, 0.0, 50.0),
    people: tuple[float, float, float] = (0.5, 0.5, 0.5),
    cut: FeedCuts | None = None,
) -> FeedEffects:
    """Phase 1 with Gabala: seconds gained by flight; people defended without, with early track alone, with the feed."""
    without = np.full(COUNT, 300.0)
    chance = np.array([0.7, 0.7, 0.7, 0.0, 0.7, 0.7])
    sigma = np.where(chance > 0.0, 100.0, np.inf)
    latency = CentreLatency(
        (0.0, 30.0, 60.0),
        np.array([20.0, 10.0, 2.0]),
        np.array([0.5, 0.4, 0.1]),
        np.array([people[2]] * 3),
        people[0],
        people[1],
    )
    return FeedEffects(
        "phase-1",
        "phase-1-partners",
        ("gabala",),
        EarlyTrack(without, without - np.array(gain)),
        MainShotChange(chance, chance, sigma, 0.5 * sigma),
        cuts() if cut is None else cut,
        latency,
        {
            "low": FeedGains(12.0, 0.4, 0.0, 0),
            "base": FeedGains(20.0, 0.5, 0.01, 0),
            "high": FeedGains(25.0, 0.6, 0.02, 1),
        },
        (0.5, 0.9, 1.0),
    )


def selected(radars: float = 2.5, seeker: float = 1.5) -> SelectedShots:
    """Two shots of the Adriatic ship: radar discrimination 30 s before the launch of the first, none at the second."""
    return SelectedShots(
        architecture="phase-1",
        flights=np.array([0, 1]),
        battery=("ship-adriatic", "ship-adriatic"),
        launch=np.array([200.0, 220.0]),
        intercept=np.array([500.0, 520.0]),
        reliability=np.array([0.9, 0.9]),
        handover=np.array([1.0, 0.8]),
        hit=np.array([0.5, 0.5]),
        radars=np.array([radars, 0.0]),
        radars_at_launch=np.array([radars, 0.0]),
        seeker=np.array([seeker, seeker]),
        received=np.array([170.0, np.inf]),
    )


def named() -> NamedFlight:
    """A flight that one radar tracks and one ship meets."""
    radar = RadarTimeline("kurecik", ((100.0, 300.0),), ((120.0, 300.0),), ((110.0, 300.0),), 175.0)
    ship = BatteryTimeline("ship-adriatic", 240.0, 260.0, 600.0)
    second = np.array([200.0, 400.0, 800.0])
    line = Timeline("phase-1", (radar,), (ship,), second, np.array([np.inf, 90.0, 40.0]), np.array([80.0, 50.0, 30.0]))
    return NamedFlight("irbm-3500", "tabriz", "Rome", "ITA", (41.9, 12.5), 160.0, 900.0, (line,))


def partner_radars(effects: FeedEffects | None = None) -> PartnerRadars:
    """A made-up answer on partner radars."""
    flown = sample()
    return PartnerRadars(flown, flown, {"phase-1": feed_effects() if effects is None else effects}, named())


def warhead_selection(shots: SelectedShots | None = None) -> WarheadSelection:
    """A made-up answer on discrimination."""
    chosen = selected() if shots is None else shots
    return WarheadSelection(sample(), {"phase-1": chosen}, {"phase-1": {"low": chosen, "high": chosen}})
