"""The radar range equation: signal to noise and range from power, aperture or gain, and noise.

Free space, straight lines; every loss is in one factor. Ratios are ratios, not decibels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from hoplon.errors import InputError

BOLTZMANN: Final = 1.380649e-23  # [J K-1] exact, SI 2019
LIGHT_SPEED: Final = 299792458.0  # [m s-1] exact, SI 2019

# At the reference range of a radar type (model section 3), Swerling 1: Pd = Pfa^(1 / (1 + S)).
REFERENCE_DETECTION_PROBABILITY: Final = 0.9
REFERENCE_FALSE_ALARM_PROBABILITY: Final = 1e-6
REFERENCE_SIGNAL_TO_NOISE: Final = (
    math.log(REFERENCE_FALSE_ALARM_PROBABILITY) / math.log(REFERENCE_DETECTION_PROBABILITY) - 1.0
)  # [-] 21.14 dB


@dataclass(frozen=True)
class RadarEquation:
    """What the range equation needs to know of a radar.

    Attributes
    ----------
    energy : float
        Sent towards the object in one coherent look [J]: peak power times pulse length, or mean power times dwell.
    gain : float
        Of the antenna on transmission.
    aperture : float
        Effective area of the antenna on reception [m2].
    system_temperature : float
        [K].
    losses : float
        All of them, at least 1.

    Raises
    ------
    InputError
        If a number is not positive and finite, or the losses are below 1.
    """

    energy: float
    gain: float
    aperture: float
    system_temperature: float
    losses: float = 1.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not (math.isfinite(value) and value > 0.0):
                raise InputError(f"{name} must be positive and finite, got {value:g}")
        if self.losses < 1.0:
            raise InputError(f"losses must be at least 1, got {self.losses:g}; decibels? A ratio is 10^(dB/10)")

    def signal_to_noise(self, slant_range: float, cross_section: float) -> float:
        """Return the signal-to-noise ratio of one coherent look at an object.

        Parameters
        ----------
        slant_range : float
            [m], positive.
        cross_section : float
            [m2], positive.

        References
        ----------
        .. [1] Skolnik, *Introduction to Radar Systems*, 3rd ed., 2001, eq. 1.6 and 2.51, with a matched filter:
           S/N = E G A_e sigma / ((4 pi)^2 k T L R^4).
        """
        _positive("slant_range", slant_range)
        return self._strength(cross_section) / slant_range**4

    def range_for(self, signal_to_noise: float, cross_section: float) -> float:
        """Return the slant range [m] at which an object gives a signal-to-noise ratio."""
        _positive("signal_to_noise", signal_to_noise)
        return float((self._strength(cross_section) / signal_to_noise) ** 0.25)

    def _strength(self, cross_section: float) -> float:
        _positive("cross_section", cross_section)
        noise = BOLTZMANN * self.system_temperature * self.losses
        return self.energy * self.gain * self.aperture * cross_section / ((4.0 * math.pi) ** 2 * noise)


def radar_of_gain(
    peak_power: float,
    pulse_length: float,
    gain: float,
    frequency: float,
    system_temperature: float,
    losses: float = 1.0,
) -> RadarEquation:
    """Return the equation of a pulse radar with one antenna of a known gain.

    Parameters
    ----------
    peak_power : float
        [W].
    pulse_length : float
        Of one pulse, or of all that are added coherently [s].
    gain : float
        As a ratio; the effective aperture is gain x wavelength^2 / (4 pi).
    frequency : float
        [Hz].
    system_temperature : float
        [K].
    losses : float
    """
    _positive("frequency", frequency)
    wavelength = LIGHT_SPEED / frequency
    aperture = gain * wavelength * wavelength / (4.0 * math.pi)
    return RadarEquation(peak_power * pulse_length, gain, aperture, system_temperature, losses)


def radar_of_aperture(
    average_power: float,
    dwell: float,
    aperture: float,
    efficiency: float,
    frequency: float,
    system_temperature: float,
    losses: float = 1.0,
) -> RadarEquation:
    """Return the equation of a radar with one antenna of a known area.

    Parameters
    ----------
    average_power : float
        [W].
    dwell : float
        On the object in one look, added coherently [s].
    aperture : float
        Physical area [m2].
    efficiency : float
        Of the aperture, in (0, 1].
    frequency : float
        [Hz].
    system_temperature : float
        [K].
    losses : float
    """
    _positive("frequency", frequency)
    if not 0.0 < efficiency <= 1.0:
        raise InputError(f"efficiency must lie in (0, 1], got {efficiency:g}; percent?")
    wavelength = LIGHT_SPEED / frequency
    effective = efficiency * aperture
    gain = 4.0 * math.pi * effective / (wavelength * wavelength)
    return RadarEquation(average_power * dwell, gain, effective, system_temperature, losses)


def search_range(
    average_power: float,
    effective_aperture: float,
    solid_angle: float,
    frame_time: float,
    cross_section: float,
    signal_to_noise: float,
    system_temperature: float,
    losses: float = 1.0,
) -> float:
    """Return the range [m] at which a volume search sees an object; the frequency drops out.

    Parameters
    ----------
    average_power : float
        [W].
    effective_aperture : float
        [m2].
    solid_angle : float
        Searched in one frame [sr].
    frame_time : float
        [s].
    cross_section : float
        [m2].
    signal_to_noise : float
        Wanted, as a ratio.
    system_temperature : float
        [K].
    losses : float

    References
    ----------
    .. [1] Skolnik 2001, eq. 2.56, the surveillance radar equation: R^4 = P A t sigma / (4 pi k T L (S/N) Omega).
    """
    for name, value in locals().copy().items():
        _positive(name, value)
    noise = 4.0 * math.pi * BOLTZMANN * system_temperature * losses * signal_to_noise * solid_angle
    return float((average_power * effective_aperture * frame_time * cross_section / noise) ** 0.25)


def effective_earth_radius(refractivity_gradient: float, radius: float) -> float:
    """Return the radius of the Earth [m] over which a refracted ray runs straight.

    Parameters
    ----------
    refractivity_gradient : float
        dn/dh [m-1]; -39e-9 gives about 4/3.
    radius : float
        [m].

    Raises
    ------
    InputError
        If the gradient bends rays as strongly as the Earth (ducting).

    References
    ----------
    .. [1] Skolnik 2001, section 8.5: k = 1 / (1 + r dn/dh).
    """
    straight = 1.0 + radius * refractivity_gradient
    if straight <= 0.0:
        raise InputError(f"a gradient of {refractivity_gradient:g} per metre ducts: there is no effective radius")
    return radius / straight


def horizon_distance(height: float, radius: float) -> float:
    """Return the slant range [m] to the horizon from a height [m] over a sphere, sqrt(2 r h + h^2)."""
    if height < 0.0:
        raise InputError(f"height must not be negative, got {height:g}")
    return math.sqrt(2.0 * radius * height + height * height)


def horizon_ground_range(height: float, radius: float) -> float:
    """Return the ground range [m] at which an object at a height [m] stands on the horizon, r acos(r / (r + h))."""
    return radius * math.atan2(horizon_distance(height, radius), radius)


def decibels(ratio: float) -> float:
    """Return a power ratio in decibels."""
    return 10.0 * math.log10(ratio)


def ratio_of(decibel: float) -> float:
    """Return a power ratio given in decibels."""
    return float(10.0 ** (0.1 * decibel))


def _positive(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0.0):
        raise InputError(f"{name} must be positive and finite, got {value:g}")
