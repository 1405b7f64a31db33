"""Types of sensors: radars, and satellites that warn of a launch, follow the body after burnout, or both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hoplon.scenario.values import Cited, Described

_HUNDRED: Final = Cited(100.0, note="default of the format")
SUPPORTING_BANDS: Final = ("X", "C", "S")
"""Bands of radars that support intercepts where the type does not say; of the others early track alone is claimed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRange(Described):
    """Range at which a radar sees a reference cross-section, stated or by the radar range equation.

    Either ``reference_range_km`` or everything that the equation needs is given
    (:func:`hoplon.analysis.radar_range.reference_range_km` returns the range of both). ``required_snr_db`` None stands
    for detection with a probability of 0.9 at a false-alarm probability of 1e-6, Swerling 1.
    """

    reference_rcs_m2: Cited
    reference_range_km: Cited | None = None
    average_power_kw: Cited | None = None
    aperture_m2: Cited | None = None
    efficiency: Cited | None = None
    dwell_s: Cited | None = None
    frequency_ghz: Cited | None = None
    system_temperature_k: Cited | None = None
    losses_db: Cited | None = None
    required_snr_db: Cited | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrimination(Described):
    """How far, and how well, a radar tells the warhead from what looks like it; ``separation`` is d'."""

    range_km: Cited
    reference_rcs_m2: Cited
    separation: Cited


@dataclass(frozen=True, slots=True, kw_only=True)
class RadarType(Described):
    """A type of radar; no ``sector_halfwidth_deg``: all round; ``elevation_deg`` is (lowest, highest).

    ``supports_intercept`` None stands for the rule of the format, which :attr:`may_support` applies.
    """

    band: str
    search: ReferenceRange
    track: ReferenceRange
    max_range_km: Cited
    elevation_deg: tuple[Cited, Cited]
    update_s: Cited
    range_sigma_m: Cited
    angle_sigma_mrad: Cited
    acquisition_s: Cited
    cued_acquisition_s: Cited
    min_range_km: Cited | None = None
    sector_halfwidth_deg: Cited | None = None
    requires_cue: bool = False
    supports_intercept: bool | None = None
    capacity: Cited | None = None
    discrimination: Discrimination | None = None

    @property
    def may_support(self) -> bool:
        """Whether its held track supports an intercept; where the file does not say, the band decides."""
        return self.band in SUPPORTING_BANDS if self.supports_intercept is None else self.supports_intercept


@dataclass(frozen=True, slots=True, kw_only=True)
class SatelliteTracking(Described):
    """What a satellite type follows after burnout: wait, least altitude of the body, time and error of a look."""

    acquisition_s: Cited
    update_s: Cited
    position_sigma_m: Cited
    min_altitude_km: Cited = _HUNDRED


@dataclass(frozen=True, slots=True, kw_only=True)
class SatelliteType(Described):
    """An infrared satellite type: alert time and the least burn time that it detects, or tracking, or both."""

    alert_s: Cited | None = None
    detect_s: Cited | None = None
    tracking: SatelliteTracking | None = None

    def alert_of(self, burn_time_s: float) -> float | None:
        """Return when the type warns of a class that burns so long [s]; None where it does not detect it."""
        if self.alert_s is None or self.detect_s is None or not burn_time_s > float(self.detect_s):
            return None
        return float(self.alert_s)
