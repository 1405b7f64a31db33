"""Made-up answers to questions 7 and 8, for the tests of what is said and drawn of them; no physics in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import report_samples as samples

from hoplon.analysis.city_sample import Sample
from hoplon.analysis.feed_cuts import FeedCuts
from hoplon.analysis.flights import Flights
from hoplon.analysis.named_flight import BatteryTimeline, NamedFlight, RadarTimeline, Timeline
from hoplon.flight.arc import COLUMNS
from hoplon.questions.discrimination.answer import SelectedShots, SelectionAnswers
from hoplon.questions.partner_radars.answer import (
    BetterShots,
    CentreLatency,
    EarlyTrack,
    Gains,
    PartnerAnswer,
    PartnerAnswers,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.questions.study import StudyResults

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


def answer(
    gain: Sequence[float] = (0.0, 30.0, 0.0, 40.0, 0.0, 50.0),
    people: tuple[float, float, float] = (0.5, 0.5, 0.5),
    cut: FeedCuts | None = None,
) -> PartnerAnswer:
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
    return PartnerAnswer(
        "phase-1",
        "phase-1-partners",
        ("gabala",),
        EarlyTrack(without, without - np.array(gain)),
        BetterShots(chance, chance, sigma, 0.5 * sigma),
        cuts() if cut is None else cut,
        latency,
        {"low": Gains(12.0, 0.4, 0.0, 0), "base": Gains(20.0, 0.5, 0.01, 0), "high": Gains(25.0, 0.6, 0.02, 1)},
        (0.5, 0.9, 1.0),
    )


def selected(radars: float = 2.5, seeker: float = 1.5) -> SelectedShots:
    """Two shots of the Adriatic ship: radars tell 30 s before the launch of the first, never at the second."""
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
        told=np.array([170.0, np.inf]),
    )


def named() -> NamedFlight:
    """A flight that one radar tracks and one ship meets."""
    radar = RadarTimeline("kurecik", ((100.0, 300.0),), ((120.0, 300.0),), ((110.0, 300.0),), 175.0)
    ship = BatteryTimeline("ship-adriatic", 240.0, 260.0, 600.0)
    second = np.array([200.0, 400.0, 800.0])
    line = Timeline("phase-1", (radar,), (ship,), second, np.array([np.inf, 90.0, 40.0]), np.array([80.0, 50.0, 30.0]))
    return NamedFlight("irbm-3500", "tabriz", "Rome", "ITA", 160.0, 900.0, (line,))


def results(known: PartnerAnswer | None = None, shots: SelectedShots | None = None) -> StudyResults:
    """The made-up study with made-up answers to questions 7 and 8."""
    flown, told = sample(), selected() if shots is None else shots
    return replace(
        samples.results(),
        partners=PartnerAnswers(flown, flown, {"phase-1": answer() if known is None else known}),
        selection=SelectionAnswers(flown, {"phase-1": told}, {"phase-1": {"low": told, "high": told}}),
        named=named(),
    )
