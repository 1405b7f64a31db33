"""Batteries and doctrine as kernels take them: a placed battery, its magazine, the times of an engagement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel
from hoplon.earth.geodesy import normal_of
from hoplon.intercept.reach import Reach, interceptor_row

MOST_SHOTS: Final = 64

# Columns of a battery row: the normal at its place (three), the scales of its reach table [columns per chord in units
# of the mean radius, lines per m], whether remote tracks commit it, the shots of its magazine, the index of its
# interceptor.
SITE_NORMAL, CHORD_SCALE, ALTITUDE_SCALE, REMOTE_COMMIT, SHOTS, REACH = 0, 3, 4, 5, 6, 7
BATTERY_COLUMNS: Final = 8


@dataclass(frozen=True)
class Battery:
    """A placed battery, SI and radians.

    Attributes
    ----------
    latitude, longitude : float
        Geodetic [rad].
    reach : int
        Index of its interceptor's table.
    own_radars : tuple of int
        Indices of its own radars.
    remote_commit : bool
        Whether any networked sensor may commit it and its looks reach it (the engagement mode).
    supporters : tuple of int
        Indices of the sensors whose held track supports its intercepts: those that the engagement mode admits and
        whose role it is.
    shots : int
        Shot opportunities its magazine allows: interceptors over interceptors a salvo.
    """

    latitude: float
    longitude: float
    reach: int
    own_radars: tuple[int, ...]
    remote_commit: bool
    supporters: tuple[int, ...]
    shots: int


class TimingRow(NamedTuple):
    """A :class:`Timing` as kernels take it.

    Attributes
    ----------
    firm_track, decision, reaction, support, handover, kill_assessment : float
        [s].
    look : bool
        Whether a salvo may follow the assessment of the one before.
    handover_error : float
        Greatest error of a predicted intercept that supports one [m]; 0 where a track held until handover does.
    central : bool
        Whether looks are fused in one place; else local tracks are intersected.
    """

    firm_track: float
    decision: float
    reaction: float
    support: float
    handover: float
    kill_assessment: float
    look: bool
    handover_error: float
    central: bool


HANDOVER_ERROR: Final = TimingRow._fields.index("handover_error")


@borrowing_kernel
def timing_of(row: NDArray[np.float64]) -> TimingRow:
    """Return a :class:`TimingRow` from its numbers in order, shape (9,)."""
    return TimingRow(row[0], row[1], row[2], row[3], row[4], row[5], row[6] > 0.0, row[7], row[8] > 0.0)


@dataclass(frozen=True)
class Timing:
    """The doctrine's times [s]; ``look`` False allows the first salvo only.

    ``handover_error`` is the greatest error [m] of a predicted intercept that supports one; None where a track held
    until the handover does. ``central`` tells whether looks are fused in one place; else local tracks are intersected.
    """

    firm_track: float
    decision: float
    reaction: float
    support: float
    handover: float
    kill_assessment: float
    look: bool
    handover_error: float | None = None
    central: bool = True

    def row(self) -> TimingRow:
        """Return the times as kernels take them."""
        return TimingRow(
            float(self.firm_track),
            float(self.decision),
            float(self.reaction),
            float(self.support),
            float(self.handover),
            float(self.kill_assessment),
            bool(self.look),
            0.0 if self.handover_error is None else float(self.handover_error),
            bool(self.central),
        )


class Batteries(NamedTuple):
    """Batteries and reach tables as kernels take them; built by :func:`batteries_of`.

    Attributes
    ----------
    rows : ndarray, shape (batteries, BATTERY_COLUMNS)
    own : ndarray, shape (batteries, sensors)
        Which radars are a battery's own.
    supporters : ndarray, shape (batteries, sensors)
        Whose held tracks support a battery's intercepts.
    interceptors : ndarray, shape (types, 7)
        :func:`hoplon.intercept.reach.interceptor_row` of each type.
    fans, times, floors : ndarray, shape (types, ...)
        Of each type's :class:`hoplon.intercept.reach.Reach`.
    """

    rows: NDArray[np.float64]
    own: NDArray[np.bool_]
    supporters: NDArray[np.bool_]
    interceptors: NDArray[np.float64]
    fans: NDArray[np.float64]
    times: NDArray[np.float32]
    floors: NDArray[np.float32]


def batteries_of(batteries: list[Battery], reaches: list[Reach], sensors: int) -> Batteries:
    """Stack batteries and the reach tables they use, for a set of so many sensors."""
    rows = np.zeros((len(batteries), BATTERY_COLUMNS))
    own, supporters = np.zeros((2, len(batteries), sensors), dtype=np.bool_)
    for index, battery in enumerate(batteries):
        reach = reaches[battery.reach]
        span = max(1.0, reach.interceptor.altitude_high - reach.interceptor.altitude_low)
        rows[index, SITE_NORMAL : SITE_NORMAL + 3] = normal_of(battery.latitude, battery.longitude)
        rows[index, CHORD_SCALE] = (reach.times.shape[1] - 1) / reach.chord
        rows[index, ALTITUDE_SCALE] = (reach.times.shape[0] - 1) / span
        rows[index, REMOTE_COMMIT] = battery.remote_commit
        rows[index, SHOTS], rows[index, REACH] = min(battery.shots, MOST_SHOTS), battery.reach
        own[index, list(battery.own_radars)] = True
        supporters[index, list(battery.supporters)] = True
    return Batteries(
        rows,
        own,
        supporters,
        np.array([interceptor_row(reach.interceptor) for reach in reaches]),
        np.array([reach.fan for reach in reaches]),
        np.array([reach.times for reach in reaches]),
        np.array([reach.floors for reach in reaches]),
    )
