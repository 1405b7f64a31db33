"""Sensors, batteries and defences as the kernels of :mod:`hoplon.defence.evaluation` take them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BITS = 6  # of the place of a defence's bit in a word of 64


class SensorTable(NamedTuple):
    """The radars and satellites of all defences, and the sets of them that defences share.

    Attributes
    ----------
    radars, boresights, search_squared, track_squared : ndarray
        :func:`hoplon.sensing.radar.sensor_arrays` of every sensor.
    cueing : ndarray, shape (radars, 5)
        :func:`hoplon.sensing.track.cueing_rows` of them.
    track_starts : ndarray, shape (classes, radars)
        :func:`hoplon.sensing.track.track_starts` of them.
    sensors : ndarray, shape (radars, SENSOR_COLUMNS)
        :func:`hoplon.sensing.radar.sensor_rows` of them.
    members : ndarray, shape (sets, m)
        The radars of each set, the first ``sizes`` of a row valid.
    sizes : ndarray, shape (sets,)
    networked : ndarray, shape (sets,)
    alerts : ndarray, shape (sets, classes)
        When the first alert reaches every node [s].
    """

    radars: NDArray[np.float64]
    boresights: NDArray[np.float64]
    search_squared: NDArray[np.float64]
    track_squared: NDArray[np.float64]
    cueing: NDArray[np.float64]
    track_starts: NDArray[np.float64]
    sensors: NDArray[np.float64]
    members: NDArray[np.int16]
    sizes: NDArray[np.int16]
    networked: NDArray[np.bool_]
    alerts: NDArray[np.float64]


class BatteryTable(NamedTuple):
    """The batteries of all defences.

    Attributes
    ----------
    rows, own, supporters, interceptors, fans, times, floors : ndarray
        Fields of :class:`hoplon.intercept.battery.Batteries`.
    own_radars : ndarray, shape (batteries, r)
        Places of a battery's own radars in its defence's set; -1 pads.
    sites : ndarray, shape (batteries,)
        Equal for batteries of one type at one place.
    """

    rows: NDArray[np.float64]
    own: NDArray[np.bool_]
    supporters: NDArray[np.bool_]
    interceptors: NDArray[np.float64]
    fans: NDArray[np.float64]
    times: NDArray[np.float32]
    floors: NDArray[np.float32]
    own_radars: NDArray[np.int16]
    sites: NDArray[np.int64]


class DefenceTable(NamedTuple):
    """The defences.

    Attributes
    ----------
    radar_sets : ndarray, shape (defences,)
        The set of radars of each.
    timings : ndarray, shape (defences, 9)
        The fields of :class:`hoplon.intercept.battery.TimingRow` in order.
    required_shots : ndarray, shape (defences,)
        Shots beyond which none are counted.
    opened_below : ndarray, shape (defences,)
        Where flights are judged by aim: shots below which a flight opens its aim to a defence; 0 where none does.
    subsets : ndarray, shape (defences, words)
        Bits of the defences whose shots a defence has too, where one shot is required; none elsewhere.
    supersets : ndarray, shape (defences, words)
        Bits of the defences that have a shot wherever a defence has one.
    first_batteries : ndarray, shape (defences + 1,)
        The first battery of each in the table of batteries.
    """

    radar_sets: NDArray[np.int16]
    timings: NDArray[np.float64]
    required_shots: NDArray[np.int16]
    opened_below: NDArray[np.int16]
    subsets: NDArray[np.int64]
    supersets: NDArray[np.int64]
    first_batteries: NDArray[np.int32]
