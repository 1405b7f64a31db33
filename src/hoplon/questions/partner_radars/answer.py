"""What partner radars add: earlier and more accurate track, kill probability, coverage; and the effect of losing them.

Question 7. A partner radar is a read-only feed: it is never tasked nor cued, and no architecture may depend on it. Each
architecture is evaluated without the feeds, with them, with them cut at every second of sampled flights, and with the
latency of one more node added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.architectures import (
    compared_architectures,
    counterpart,
    feeds_of,
    partner_variants,
)
from hoplon.analysis.city_sample import LARGE_CITY, Sample, capital_sample, city_sample
from hoplon.analysis.coverage import headline_nations
from hoplon.analysis.defence import LEVELS, defence_of
from hoplon.analysis.feed_cuts import CutFeeds, FeedCuts, feed_cuts
from hoplon.analysis.first_shots import FirstShotAnalysis, factors_of, main_battery, single_shot
from hoplon.progress import Progress, silent
from hoplon.questions.requests import CoverageRequest, at_every_level
from hoplon.sensing.track import tracks_of

if TYPE_CHECKING:
    from hoplon.analysis.flights import Flights
    from hoplon.analysis.named_flight import NamedFlight
    from hoplon.analysis.store import Store
    from hoplon.defence.assembly import Defence
    from hoplon.questions.study import Study
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Element, Level, ResolvedArchitecture, Scenario

CENTRE_LATENCIES: Final = (0, 5, 10, 20, 30, 45, 60)  # [s] that a joint data-exchange centre may add to a feed
MOST_CUT_FLIGHTS: Final = 60  # flights whose feed is cut at every second
EARLIER: Final = 1.0  # [s] from which a track is called earlier


@dataclass(frozen=True)
class EarlyTrack:
    """When the first firm track of any radar has been reported, by flight [s]; infinite for never.

    Attributes
    ----------
    without, with_feed : ndarray, shape (n,)
    """

    without: NDArray[np.float64] = field(repr=False)
    with_feed: NDArray[np.float64] = field(repr=False)

    @property
    def gain(self) -> NDArray[np.float64]:
        """Return how much earlier it is with the feed [s]; infinite where only the feed gives one, NaN for never."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.without - self.with_feed)

    @property
    def known(self) -> NDArray[np.float64]:
        """Return the gains on flights that have a firm track with and without the feed [s]."""
        gain = self.gain
        return np.asarray(gain[np.isfinite(gain)])

    def median_by(self, groups: NDArray[np.integer], number: int) -> NDArray[np.float64]:
        """Return the median gain of each group of flights [s], shape (number,); NaN for a group without any."""
        gain = self.gain
        medians = np.full(number, np.nan)
        for group in range(number):
            mine = gain[(groups == group) & ~np.isnan(gain)]
            if len(mine):
                middle = np.sort(mine)[(len(mine) - 1) // 2]
                medians[group] = middle if np.isfinite(middle) else np.nan
        return medians


@dataclass(frozen=True)
class MainShotChange:
    """The main shot (best first shot) at each flight, without and with the feed.

    Attributes
    ----------
    chance_without, chance_with : ndarray, shape (n,)
        Single-shot kill probability against one object; 0 where no battery has a shot.
    sigma_without, sigma_with : ndarray, shape (n,)
        Error of the predicted intercept point [m], both for the battery and the intercept of the architecture without
        the feed; infinite where it has no shot or no prediction.
    """

    chance_without: NDArray[np.float64] = field(repr=False)
    chance_with: NDArray[np.float64] = field(repr=False)
    sigma_without: NDArray[np.float64] = field(repr=False)
    sigma_with: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True)
class FeedGains:
    """What the feeds add at one level of the inputs.

    Attributes
    ----------
    early : float
        Mean early-track gain [s] over the flights that have a firm track with and without the feeds.
    earlier : float
        Share of them whose track is earlier by a second or more.
    chance : float
        Mean gain of the single-shot kill probability of the flights that are engaged without the feeds.
    engaged : int
        More flights engaged, of those to large cities and capitals.
    """

    early: float
    earlier: float
    chance: float
    engaged: int

    @classmethod
    def of(cls, early: EarlyTrack, without: NDArray[np.float64], fed: NDArray[np.float64]) -> FeedGains:
        """Return the gains from first firm tracks, and from the chances of main shots without and with the feeds."""
        known, engaged = early.known, without > 0.0
        return cls(
            early=float(known.mean()) if len(known) else 0.0,
            earlier=float(np.mean(known >= EARLIER)) if len(known) else 0.0,
            chance=float(np.mean(fed[engaged] - without[engaged])) if engaged.any() else 0.0,
            engaged=int(np.sum(fed > 0.0)) - int(np.sum(engaged)),
        )


@dataclass(frozen=True)
class CentreLatency:
    """The gain of the feeds that remains with the latency of one more node.

    Attributes
    ----------
    added : tuple of float
        [s].
    gain : ndarray, shape (k,)
        Mean early-track gain [s] over the flights that have a firm track without the feed.
    earlier : ndarray, shape (k,)
        Share of these flights whose track is earlier by a second or more.
    people : ndarray, shape (k,)
        Share of the threatened people of cities defended.
    people_without, people_early : float
        The same without the feed, and with a feed that ends as soon as its first track is firm.
    """

    added: tuple[float, ...]
    gain: NDArray[np.float64] = field(repr=False)
    earlier: NDArray[np.float64] = field(repr=False)
    people: NDArray[np.float64] = field(repr=False)
    people_without: float
    people_early: float


@dataclass(frozen=True)
class FeedEffects:
    """What partner feeds change in one architecture.

    Attributes
    ----------
    architecture, variant : str
        Without and with the feeds.
    feeds : tuple of str
        Partner radars of the variant.
    early : EarlyTrack
        Over the flights to cities.
    shots : MainShotChange
        Over the flights to large cities and capitals.
    cuts : FeedCuts
        Over flights to capitals.
    latency : CentreLatency
        Over the flights to cities.
    gains : mapping
        By level of the inputs.
    availability : tuple of float, optional
        Least of the feeds' availabilities: low, base, high; None if the scenario gives none.
    """

    architecture: str
    variant: str
    feeds: tuple[str, ...]
    early: EarlyTrack
    shots: MainShotChange
    cuts: FeedCuts
    latency: CentreLatency
    gains: Mapping[Level, FeedGains]
    availability: tuple[float, float, float] | None = None

    def people_expected(self, availability: float) -> float:
        """Return the expected share of threatened people of cities defended, at an availability of the feeds.

        The feeds are available together or not at all: the expectation is the mean of the shares with and without them,
        weighted by the availability.
        """
        absent, present = self.latency.people_without, float(self.latency.people[0])
        return absent + availability * (present - absent)


@dataclass(frozen=True)
class PartnerRadars:
    """Question 7.

    Attributes
    ----------
    cities, large : Sample
        Flights to cities, and to large cities.
    effects : mapping
        Architecture to what its partner radars change.
    named : NamedFlight, optional
        One flight under every compared architecture.
    """

    cities: Sample = field(repr=False)
    large: Sample = field(repr=False)
    effects: Mapping[str, FeedEffects] = field(repr=False)
    named: NamedFlight | None = field(default=None, repr=False)


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the coverages of the architectures that have a variant with partner radars, and of the variants."""
    names = []
    for variant in partner_variants(scenario) if _pairs(scenario) else ():
        stem = counterpart(scenario, variant)
        names += [variant] if stem is None else [stem, variant]
    names = list(dict.fromkeys(names))
    return (*at_every_level(names), *(CoverageRequest(name, support="predicted") for name in names))


def answer(study: Study) -> PartnerRadars | None:
    """Return the answer to question 7; None if no architecture has a variant with partner radars."""
    found = partner_radars(study.scenario, study.points, study.store, study.progress)
    return None if found is None else replace(found, named=study.named_flight)


def partner_radars(
    scenario: Scenario, points: AimPoints, store: Store, progress: Progress = silent
) -> PartnerRadars | None:
    """Return what partner radars change in every compared architecture with such a variant; None if there is none.

    Parameters
    ----------
    scenario : Scenario
    points : AimPoints
        The study's.
    store : Store
    progress : callable
        Told of each architecture.
    """
    pairs = _pairs(scenario)
    if not pairs:
        return None
    cities = city_sample(scenario, points)
    if not len(cities.flights):
        return None
    large = city_sample(scenario, points, LARGE_CITY)
    capitals = capital_sample(scenario, points).thinned(MOST_CUT_FLIGHTS)
    effects = {}
    for place, (name, variant) in enumerate(pairs):
        progress(place, len(pairs), f"{name}, partner radars")
        effects[name] = _effects(scenario, store, (name, variant), cities, large, capitals)
    return PartnerRadars(cities, large, effects)


def _pairs(scenario: Scenario) -> list[tuple[str, str]]:
    """Return the compared architectures that have a variant with active partner radars, each with the variant."""
    found = {}
    for variant in partner_variants(scenario):
        stem = counterpart(scenario, variant)
        if stem is not None and feeds_of(scenario.architecture(variant)):
            found[stem] = variant
    return [(name, found[name]) for name in compared_architectures(scenario) if name in found]


def _effects(
    scenario: Scenario, store: Store, names: tuple[str, str], cities: Sample, large: Sample, capitals: Sample
) -> FeedEffects:
    architectures = (scenario.architecture(names[0]), scenario.architecture(names[1]))
    defences = (defence_of(scenario, architectures[0]), defence_of(scenario, architectures[1]))
    without, fed = (
        FirstShotAnalysis(store, scenario, *pair, cities.flights) for pair in zip(architectures, defences, strict=True)
    )
    early = EarlyTrack(without.first_firm_track, fed.first_firm_track)
    shots = _main_shot_change(scenario, store, architectures, defences, large)
    gains: dict[Level, FeedGains] = {"base": FeedGains.of(early, shots.chance_without, shots.chance_with)}
    for level in ("low", "high"):
        gains[level] = _gains_at(scenario, store, architectures, level, cities, large)
    feeds = feeds_of(architectures[1])
    return FeedEffects(
        architecture=names[0],
        variant=names[1],
        feeds=feeds,
        early=early,
        shots=shots,
        cuts=feed_cuts(store, scenario, architectures, defences, capitals.flights),
        latency=_centre_latency(scenario, store, architectures, defences, cities, early.without),
        gains={level: gains[level] for level in LEVELS},
        availability=_availability([architectures[1].elements[name] for name in feeds]),
    )


def _availability(feeds: Sequence[Element]) -> tuple[float, float, float] | None:
    """Return the least availability of some feeds at low, base and high; None if none gives one."""
    given = [feed.availability for feed in feeds if feed.availability is not None]
    if not given:
        return None
    low, base, high = (min(value.at(level) for value in given) for level in LEVELS)
    return low, base, high


def _gains_at(
    scenario: Scenario,
    store: Store,
    architectures: tuple[ResolvedArchitecture, ResolvedArchitecture],
    level: Level,
    cities: Sample,
    large: Sample,
) -> FeedGains:
    """Return what the feeds add at a level of the inputs."""
    firm, chances = [], []
    for architecture in architectures:
        defence = defence_of(scenario, architecture, level)
        firm.append(FirstShotAnalysis(store, scenario, architecture, defence, cities.flights).first_firm_track)
        shots = FirstShotAnalysis(store, scenario, architecture, defence, large.flights).first_shots()
        chances.append(single_shot(shots, factors_of(scenario, architecture, defence)).max(axis=0, initial=0.0))
    return FeedGains.of(EarlyTrack(firm[0], firm[1]), chances[0], chances[1])


def _main_shot_change(
    scenario: Scenario,
    store: Store,
    architectures: tuple[ResolvedArchitecture, ResolvedArchitecture],
    defences: tuple[Defence, Defence],
    sample: Sample,
) -> MainShotChange:
    never, fed = (
        FirstShotAnalysis(store, scenario, architecture, defence, sample.flights)
        for architecture, defence in zip(architectures, defences, strict=True)
    )
    shots, more = never.first_shots(), fed.first_shots()
    chances = single_shot(shots, factors_of(scenario, architectures[0], defences[0]))
    fed_chances = single_shot(more, factors_of(scenario, architectures[1], defences[1]))
    main = main_battery(shots, chances)
    count = len(sample.flights)
    before, after, places = np.full(count, np.inf), np.full(count, np.inf), np.zeros(count, dtype=np.intp)
    again = np.full((len(defences[1].batteries), count), np.inf)
    for flight in np.flatnonzero(main >= 0):
        battery = int(main[flight])
        before[flight] = shots.pip_sigma[battery, flight]
        place = defences[1].battery_names.index(defences[0].battery_names[battery])
        again[place, flight] = shots.intercept[battery, flight]
        places[flight] = place
    sigmas, shot = fed.pip_sigmas(again), np.flatnonzero(main >= 0)
    after[shot] = sigmas[places[shot], shot]
    return MainShotChange(chances.max(axis=0, initial=0.0), fed_chances.max(axis=0, initial=0.0), before, after)


def with_added_latency(defence: Defence, added: float) -> Defence:
    """Return a defence whose partner feeds have some seconds more of latency."""
    radars = tuple(replace(r, latency=r.latency + added) if r.partner else r for r in defence.radars)
    satellites = tuple(replace(s, latency=s.latency + added) if s.partner else s for s in defence.satellites)
    return replace(defence, radars=radars, satellites=satellites)


def _centre_latency(
    scenario: Scenario,
    store: Store,
    architectures: tuple[ResolvedArchitecture, ResolvedArchitecture],
    defences: tuple[Defence, Defence],
    sample: Sample,
    without: NDArray[np.float64],
) -> CentreLatency:
    swept = [with_added_latency(defences[1], float(added)) for added in CENTRE_LATENCIES]
    every = [defences[0], *swept]
    required = [defence.shots_required for defence in every]
    stages.settle(store, sample.flights, every, required)
    members = headline_nations(scenario, architectures[0].year)
    met = [
        stages.most_shots(store, sample.flights, defence, number) >= number
        for defence, number in zip(every, required, strict=True)
    ]
    people = [_people_defended(sample, members, found) for found in met]
    early = np.zeros(len(sample.flights), dtype=np.bool_)
    dependent = np.flatnonzero(met[1] & ~met[0])
    early[dependent] = _early_alone(scenario, store, architectures[1], defences[1], sample.chosen(dependent))
    known = np.flatnonzero(np.isfinite(without))
    gains, earlier = [], []
    touched = _touched(store, defences[1], sample.flights)[known]
    part = sample.flights.chosen(known[touched])
    covers = [cover[known[touched]] for cover in stages.covers(store, sample.flights, defences[1])]
    for defence in swept:
        tracks = tracks_of(covers, defence.sensors, part.classes, np.array(defence.alerts), networked=defence.networked)
        firm = FirstShotAnalysis(store, scenario, architectures[1], defence, part, tracks).first_firm_track
        gain = np.zeros(len(known))
        gain[touched] = without[known[touched]] - firm
        gains.append(float(gain.mean()) if len(gain) else 0.0)
        earlier.append(float(np.mean(gain >= EARLIER)) if len(gain) else 0.0)
    return CentreLatency(
        added=tuple(float(added) for added in CENTRE_LATENCIES),
        gain=np.array(gains),
        earlier=np.array(earlier),
        people=np.array(people[1:]),
        people_without=people[0],
        people_early=_people_defended(sample, members, met[0] | early),
    )


def _touched(store: Store, defence: Defence, flights: Flights) -> NDArray[np.bool_]:
    """Return which flights partner radars ever track: the feeds change no other."""
    partner = np.array([sensor.partner for sensor in defence.sensors], dtype=np.bool_)
    return np.asarray((stages.tracks(store, flights, defence).intervals[partner] >= 0.0).any(axis=(0, 2, 3)))


def _early_alone(
    scenario: Scenario, store: Store, architecture: ResolvedArchitecture, defence: Defence, sample: Sample
) -> NDArray[np.bool_]:
    """Return at which flights some battery has a shot if the feeds end once one of their tracks is firm, shape (n,)."""
    fed = CutFeeds(store, scenario, architecture, defence, sample.flights)
    firm = FirstShotAnalysis(store, scenario, architecture, defence, sample.flights).firm[fed.partner].min(axis=0)
    cut = fed.cut_at(np.arange(len(sample.flights)), np.where(np.isfinite(firm), np.ceil(firm), 0.0))
    return np.asarray(cut.shoots().any(axis=0))


def _people_defended(sample: Sample, members: Sequence[str], met: NDArray[np.bool_]) -> float:
    """Return the share of the threatened people of the sampled places at which every flight is engaged."""
    flights, places = np.zeros(len(sample.places)), np.zeros(len(sample.places))
    np.add.at(flights, sample.flights.points, 1.0)
    np.add.at(places, sample.flights.points, met.astype(float))
    threatened = (flights > 0.0) & np.isin(sample.places.nation, members)
    people = sample.places.population
    whole = float(people[threatened].sum())
    return float(people[threatened & (places == flights)].sum()) / whole if whole > 0.0 else 0.0
