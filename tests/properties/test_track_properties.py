"""Track quality whatever the radars: what is added never hurts, and units and turns do not matter."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hoplon.analysis.track import cut_cover
from hoplon.earth.geodesy import normal_of, position_of_normal
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME
from hoplon.flight.information import sensor_row
from hoplon.flight.sensitivity import inertial_sensitivity, inertial_state, perifocal_axes
from hoplon.sensing.quality import (
    central_fusion,
    covariance_intersection,
    impact_ellipse,
    information_history,
    launch_ellipse,
    sigma_across,
    single_best,
    state_covariance,
)
from properties.strategies import Shot, rows_of, shots

ROUNDING = 1e-4  # relative: what the inverse of an ill-conditioned matrix may lose
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@dataclass(frozen=True)
class Watcher:
    """A radar by its place [deg], update [s], sigmas [m], [rad], and the shares of free flight it holds the track."""

    latitude: float
    longitude: float
    update: float
    range_sigma: float
    angle_sigma: float
    start: float
    end: float


@st.composite
def watchers(draw: st.DrawFn) -> Watcher:
    start = draw(st.floats(0.0, 0.6))
    return Watcher(
        *(draw(st.floats(-70.0, 70.0)), draw(st.floats(-180.0, 180.0)), draw(st.floats(1.0, 10.0))),
        *(draw(st.floats(1.0, 300.0)), draw(st.floats(1e-4, 1e-2)), start, start + draw(st.floats(0.2, 0.4))),
    )


def informations(
    row: NDArray[np.float64], radars: list[Watcher], until: float, end: float = math.inf
) -> NDArray[np.float64]:
    """Return each radar's information at a share of free flight; ``end`` cuts every track at a share."""
    burnout, span = row[BURN_TIME], row[IMPACT_TIME] - row[BURN_TIME]
    tracks = np.full((len(radars), 1, 2), np.nan, dtype=np.float32)
    sensors = []
    for index, radar in enumerate(radars):
        place = position_of_normal(*normal_of(math.radians(radar.latitude), math.radians(radar.longitude)), 0.0)
        sensors.append(sensor_row(place, radar.update, radar.range_sigma, radar.angle_sigma))
        tracks[index, 0] = burnout + radar.start * span, burnout + min(radar.end, end) * span
    history, _ = information_history(
        row, tracks, np.array(sensors), np.zeros(len(radars)), np.array([burnout + until * span])
    )
    return history[0]


def position_sigma(row: NDArray[np.float64], information: NDArray[np.float64], share: float = 1.0) -> float:
    time = row[BURN_TIME] + share * (row[IMPACT_TIME] - row[BURN_TIME])
    covariance = state_covariance(row, information, time)
    return math.inf if covariance is None else math.sqrt(float(np.trace(covariance[:3, :3])))


@FEW
@given(shots(), st.lists(watchers(), min_size=2, max_size=4))
def test_another_radar_never_makes_the_bound_worse(shot: Shot, radars: list[Watcher]) -> None:
    row = rows_of(shot)[0]
    assume(row[0] == 0.0)
    parts = informations(row, radars, 1.0)
    fewer, more = central_fusion(parts[:-1], np.eye(6)), central_fusion(parts, np.eye(6))
    assert position_sigma(row, more) <= position_sigma(row, fewer) * (1.0 + ROUNDING)


@FEW
@given(shots(), st.lists(watchers(), min_size=1, max_size=3), st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_more_looks_never_make_the_bound_worse(shot: Shot, radars: list[Watcher], one: float, two: float) -> None:
    row = rows_of(shot)[0]
    assume(row[0] == 0.0)
    early, late = (informations(row, radars, share).sum(axis=0) for share in sorted((one, two)))
    assert position_sigma(row, late) <= position_sigma(row, early) * (1.0 + ROUNDING)


@FEW
@given(shots(), st.lists(watchers(), min_size=2, max_size=3), st.floats(0.0, 1.0))
def test_a_feed_cut_in_flight_leaves_no_less_than_a_net_that_never_had_it(
    shot: Shot, radars: list[Watcher], cut: float
) -> None:
    row = rows_of(shot)[0]
    assume(row[0] == 0.0)
    without = informations(row, radars[1:], 1.0).sum(axis=0)
    feed = informations(row, radars[:1], 1.0, end=cut)[0]
    assert position_sigma(row, without + feed) <= position_sigma(row, without) * (1.0 + ROUNDING)


@FEW
@given(shots(), st.lists(watchers(), min_size=1, max_size=3), st.floats(-180.0, 180.0))
def test_turning_the_earth_under_everything_changes_nothing(
    shot: Shot, radars: list[Watcher], longitude: float
) -> None:
    row, turned = rows_of(shot, shot.turned(longitude))
    assume(row[0] == 0.0)
    moved = [replace(radar, longitude=radar.longitude + longitude) for radar in radars]
    # Looks at the very end of a track may fall on either side of it when the flight time differs by rounding.
    one = position_sigma(row, informations(row, radars, 1.0).sum(axis=0))
    other = position_sigma(turned, informations(turned, moved, 1.0).sum(axis=0))
    if math.isfinite(one):
        assert abs(other / one - 1.0) < 0.02


@FEW
@given(shots(), st.lists(watchers(), min_size=1, max_size=3), st.floats(0.1, 10.0))
def test_errors_scale_with_the_sigmas(shot: Shot, radars: list[Watcher], factor: float) -> None:
    row = rows_of(shot)[0]
    assume(row[0] == 0.0)
    scaled = [
        replace(radar, range_sigma=factor * radar.range_sigma, angle_sigma=factor * radar.angle_sigma)
        for radar in radars
    ]
    one, other = (position_sigma(row, informations(row, some, 1.0).sum(axis=0)) for some in (radars, scaled))
    if math.isfinite(one) and math.isfinite(other):
        assert abs(other / (factor * one) - 1.0) < ROUNDING


@FEW
@given(shots(), st.lists(watchers(), min_size=2, max_size=4))
def test_central_fusion_beats_intersection_and_the_best_radar(shot: Shot, radars: list[Watcher]) -> None:
    row = rows_of(shot)[0]
    assume(row[0] == 0.0)
    parts, asked = informations(row, radars, 1.0), inertial_sensitivity(row, float(row[IMPACT_TIME]))[:3]
    central, fused, best = (fusion(parts, asked) for fusion in (central_fusion, covariance_intersection, single_best))
    assert position_sigma(row, central) <= position_sigma(row, fused) * (1.0 + ROUNDING)
    assert position_sigma(row, fused) <= position_sigma(row, best) * (1.0 + ROUNDING)


@FEW
@given(shots(), st.lists(watchers(), min_size=2, max_size=4), st.floats(0.5, 1.0))
def test_another_radar_never_makes_intersected_tracks_worse(shot: Shot, radars: list[Watcher], until: float) -> None:
    row = rows_of(shot)[0]
    assume(row[0] == 0.0)
    parts, asked = informations(row, radars, until), inertial_sensitivity(row, float(row[IMPACT_TIME]))[:3]
    fewer, more = covariance_intersection(parts[:-1], asked), covariance_intersection(parts, asked)
    assert position_sigma(row, more) <= position_sigma(row, fewer) * (1.0 + ROUNDING)


@FEW
@given(shots(), st.lists(watchers(), min_size=2, max_size=3), st.floats(0.3, 0.8))
def test_launch_and_impact_ellipses_never_grow(shot: Shot, radars: list[Watcher], share: float) -> None:
    row = rows_of(shot)[0]
    assume(row[0] == 0.0)
    early, late = (informations(row, radars, until).sum(axis=0) for until in (share, 1.0))
    for ellipse_of in (impact_ellipse, launch_ellipse):
        before, after = ellipse_of(row, early), ellipse_of(row, late)
        if before is not None and after is not None:
            assert after.semi_major <= before.semi_major * (1.0 + ROUNDING)
            assert 0.0 <= after.semi_minor <= after.semi_major
            assert 0.0 <= after.azimuth < math.pi


@FEW
@given(shots(), st.lists(watchers(), min_size=2, max_size=3))
def test_the_impact_ellipse_is_the_scatter_of_perturbed_flights(shot: Shot, radars: list[Watcher]) -> None:
    row = rows_of(shot)[0]
    assume(row[0] == 0.0)
    information = informations(row, radars, 1.0).sum(axis=0)
    covariance = state_covariance(row, information, float(row[IMPACT_TIME]))
    ellipse = impact_ellipse(row, information)
    assume(covariance is not None and ellipse is not None)
    assert covariance is not None
    assert ellipse is not None
    # In the plane across the velocity the error is what it is on the ground, foreshortened: never more than there.
    velocity = inertial_state(row, float(row[IMPACT_TIME]))[3:]
    on_ground = math.hypot(ellipse.semi_major, ellipse.semi_minor)
    assert math.sqrt(2.0) * sigma_across(covariance, velocity) <= on_ground * 1.3 + 1e-3
    assert perifocal_axes(row).shape == (3, 3)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200), st.floats(0.0, 300.0))
def test_a_radar_switched_off_sees_nothing_later(first: int, length: int, search: int, time: float) -> None:
    cover = np.array([[first, first + length, first + min(search, length)], [-1, -1, -1]], dtype=np.int16)
    cut = cut_cover(cover, time, 10.0)
    assert (cut[..., 1] <= time).all()
    assert (cut[1] == -1).all()
    if cut[0, 0] >= 0:
        assert cut[0, 0] == first
        assert cut[0, 2] == -1 or cut[0, 2] + 10.0 <= time
