"""Partner feeds lost at any second of a flight: the gain that remains, and whether any result depends on the feeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.first_shots import FirstShotAnalysis
from hoplon.analysis.flights import Flights
from hoplon.analysis.track import cut_cover
from hoplon.flight.arc import IMPACT_TIME
from hoplon.sensing.track import Tracks, tracks_of

if TYPE_CHECKING:
    from hoplon.analysis.store import Store
    from hoplon.defence.assembly import Defence
    from hoplon.scenario.model import ResolvedArchitecture, Scenario

_ROWS_A_PIECE: Final = 40_000
_TIME_TOLERANCE: Final = 1e-3  # [s], of single-precision track times
_ERROR_TOLERANCE: Final = 1.0 + 1e-9  # errors within this factor are called equal


@dataclass(frozen=True)
class FeedCuts:
    """An architecture with its partner feeds cut at every second of sampled flights.

    Attributes
    ----------
    flights : int
        Sampled.
    cuts : int
        Pairs of flight and second of the cut, from ignition to impact.
    evaluated : int
        Those among them that differ from the second before, each evaluated by itself: a cut before a feed's first track
        equals one at ignition, a cut after its last track leaves the whole feed.
    worse_tracks, worse_shots : int
        Pairs in which the first firm track comes later than without the feed; in which some battery that has a shot
        without the feed has none.
    worse_predictions : int
        Flights whose predicted intercept point, at the intercept made without the feed, has a larger error with the
        feed, whole or cut halfway.
    different_at_zero : int
        Flights on which a feed cut at ignition gives another track or shot than the architecture without the feed.
    second : ndarray, shape (k,)
        [s after ignition].
    gain : ndarray, shape (k,)
        Mean gain of the first firm track [s] over the flights, if the feeds are cut then.
    met : ndarray, shape (k,)
        Flights at which some battery has a shot, if the feeds are cut then.
    """

    flights: int
    cuts: int
    evaluated: int
    worse_tracks: int
    worse_shots: int
    worse_predictions: int
    different_at_zero: int
    second: NDArray[np.float64] = field(repr=False)
    gain: NDArray[np.float64] = field(repr=False)
    met: NDArray[np.int64] = field(repr=False)

    @property
    def never_worse(self) -> bool:
        """Return whether no cut leaves the architecture worse than it is without the feed."""
        return not (self.worse_tracks or self.worse_shots or self.worse_predictions or self.different_at_zero)


class CutFeeds:
    """An architecture with its partner feeds over sampled flights, to be cut at any second.

    Parameters
    ----------
    store : Store
    scenario : Scenario
    architecture : ResolvedArchitecture
        With the feeds.
    defence : Defence
        Of the architecture.
    flights : Flights
    """

    def __init__(
        self, store: Store, scenario: Scenario, architecture: ResolvedArchitecture, defence: Defence, flights: Flights
    ) -> None:
        self._store, self._scenario, self._architecture = store, scenario, architecture
        self.defence, self.flights = defence, flights
        self.partner = np.array([sensor.partner for sensor in defence.sensors], dtype=np.bool_)
        self._covers = stages.covers(store, flights, defence)

    def seconds(self, whole: Tracks) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the first and last whole second at which a cut matters, each shape (n,); NaN where none does."""
        fed = whole.intervals[self.partner].astype(np.float64)
        starts, ends = fed[..., 0], fed[..., 1]
        held = starts >= 0.0
        first = np.floor(np.where(held, starts, np.inf).min(axis=(0, 2), initial=np.inf))
        last = np.ceil(np.where(held, ends, -np.inf).max(axis=(0, 2), initial=-np.inf))
        nothing = ~np.isfinite(first)
        return np.where(nothing, np.nan, first), np.where(nothing, np.nan, last)

    def cut_at(self, chosen: NDArray[np.intp], seconds: NDArray[np.float64]) -> FirstShotAnalysis:
        """Return the first shots at flights with the feeds cut at a second each.

        Parameters
        ----------
        chosen : ndarray, shape (m,)
            Indices of the flights; one may occur several times.
        seconds : ndarray, shape (m,)
            When the feeds of each are cut [s after ignition].
        """
        flights, sensors = self.flights, self.defence.sensors
        part = Flights(
            "", flights.elements[chosen], flights.classes[chosen], flights.areas[chosen], flights.points[chosen]
        )
        covers = []
        for place, cover in enumerate(self._covers):
            rows = cover[chosen]
            covers.append(
                cut_cover(rows, seconds[:, np.newaxis], sensors[place].acquisition) if self.partner[place] else rows
            )
        tracks = tracks_of(
            covers, sensors, part.classes, np.array(self.defence.alerts), networked=self.defence.networked
        )
        return FirstShotAnalysis(self._store, self._scenario, self._architecture, self.defence, part, tracks)


def feed_cuts(
    store: Store,
    scenario: Scenario,
    architectures: tuple[ResolvedArchitecture, ResolvedArchitecture],
    defences: tuple[Defence, Defence],
    flights: Flights,
) -> FeedCuts:
    """Return the effect of cutting the partner feeds of an architecture at every second of every sampled flight.

    Parameters
    ----------
    store : Store
    scenario : Scenario
    architectures, defences : tuple
        Of the architecture without and with the feeds.
    flights : Flights
    """
    never = FirstShotAnalysis(store, scenario, architectures[0], defences[0], flights)
    fed = CutFeeds(store, scenario, architectures[1], defences[1], flights)
    whole = FirstShotAnalysis(store, scenario, architectures[1], defences[1], flights)
    count = len(flights)
    first, last = fed.seconds(whole.tracks)
    at_zero = fed.cut_at(np.arange(count), np.zeros(count))
    names = [defences[1].battery_names.index(name) for name in defences[0].battery_names]
    shot_without, shot_at_zero = never.shoots(), at_zero.shoots()[names]
    different = _different(never, at_zero, defences) | (shot_without != shot_at_zero).any(axis=0)
    longest = int(np.max(flights.elements[:, IMPACT_TIME], initial=0.0)) + 1
    gain, met = np.zeros((count, longest)), np.zeros((count, longest), dtype=np.bool_)
    met[:] = np.asarray(shot_without.any(axis=0))[:, np.newaxis]
    touched = np.flatnonzero(np.isfinite(first))
    lengths = (last[touched] - first[touched] + 1.0).astype(np.int64)
    of_flight = np.repeat(touched, lengths)
    second = np.concatenate([np.arange(first[flight], last[flight] + 1.0) for flight in touched] or [np.empty(0)])
    worse_tracks = worse_shots = 0
    for begin in range(0, len(of_flight), _ROWS_A_PIECE):
        rows, cut = of_flight[begin : begin + _ROWS_A_PIECE], second[begin : begin + _ROWS_A_PIECE]
        analysis = fed.cut_at(rows, cut)
        with_it, without = analysis.first_firm_track, never.first_firm_track[rows]
        shots = analysis.shoots()
        worse_tracks += int(np.count_nonzero(with_it > without + _TIME_TOLERANCE))
        worse_shots += int(np.count_nonzero((shot_without[:, rows] & ~shots[names]).any(axis=0)))
        place = np.minimum(cut.astype(np.int64), longest - 1)
        both = np.isfinite(with_it) & np.isfinite(without)
        gain[rows[both], place[both]] = without[both] - with_it[both]
        met[rows, place] = shots.any(axis=0)
    for flight in touched:
        end = min(int(last[flight]), longest - 1)
        gain[flight, end:], met[flight, end:] = gain[flight, end], met[flight, end]
    impacts = flights.elements[:, IMPACT_TIME]
    return FeedCuts(
        flights=count,
        cuts=int(np.sum(np.floor(impacts) + 1.0)),
        evaluated=len(of_flight) + count,
        worse_tracks=worse_tracks,
        worse_shots=worse_shots,
        worse_predictions=_worse_predictions(never, whole, fed, names, (first, last)),
        different_at_zero=int(np.count_nonzero(different)),
        second=np.arange(longest, dtype=np.float64),
        gain=gain.mean(axis=0) if count else np.zeros(longest),
        met=met.sum(axis=0),
    )


def _different(
    never: FirstShotAnalysis, at_zero: FirstShotAnalysis, defences: tuple[Defence, Defence]
) -> NDArray[np.bool_]:
    """Return on which flights a feed cut at ignition gives another track than the architecture without the feed."""
    common = [defences[1].sensor_names.index(name) for name in defences[0].sensor_names]
    others = [place for place in range(len(defences[1].sensors)) if place not in common]
    mine, theirs = never.tracks.intervals, at_zero.tracks.intervals[common]
    slots = min(mine.shape[2], theirs.shape[2])
    same = np.array_equal(mine[:, :, slots:], np.full_like(mine[:, :, slots:], np.nan), equal_nan=True)
    differs = ~np.all((mine[:, :, :slots] == theirs[:, :, :slots]) | np.isnan(mine[:, :, :slots]), axis=(0, 2, 3))
    differs |= np.any(np.isnan(mine[:, :, :slots]) != np.isnan(theirs[:, :, :slots]), axis=(0, 2, 3))
    differs |= np.any(~np.isnan(theirs[:, :, slots:]), axis=(0, 2, 3)) | (not same)
    return np.asarray(differs | np.any(~np.isnan(at_zero.tracks.intervals[others]), axis=(0, 2, 3)))


def _worse_predictions(
    never: FirstShotAnalysis,
    whole: FirstShotAnalysis,
    fed: CutFeeds,
    names: list[int],
    span: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> int:
    """Return on how many flights the feeds' updates make the error of the intercept made without them larger."""
    count = len(never.flights)
    halfway = np.floor(0.5 * (span[0] + span[1]))
    cut = fed.cut_at(np.arange(count), np.where(np.isfinite(halfway), halfway, 0.0))
    shots = never.first_shots()
    known = np.isfinite(shots.pip_sigma)
    again = np.full((len(fed.defence.batteries), count), np.inf)
    again[names] = np.where(known, shots.intercept, np.inf)
    more = np.where(known, np.maximum(whole.pip_sigmas(again)[names], cut.pip_sigmas(again)[names]), 0.0)
    return int(np.count_nonzero((more > np.where(known, shots.pip_sigma, np.inf) * _ERROR_TOLERANCE).any(axis=0)))
