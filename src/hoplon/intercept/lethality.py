"""What a shot is worth, and a raid against a magazine: closed forms (model section 6).

Each factor is an input or follows from inputs; none is the value of a real system.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hoplon.compiled import kernel
from hoplon.errors import InputError


@dataclass(frozen=True)
class ShotFactors:
    """The factors of a single-shot kill probability.

    Attributes
    ----------
    reliability : float
        That the interceptor works.
    handover : float
        That the warhead is where the seeker looks and within reach of the last correction.
    selection : float
        That the warhead is told from what looks like it.
    hit : float
        That the interceptor hits what it selected.

    Raises
    ------
    InputError
        If a factor is no probability.
    """

    reliability: float
    handover: float
    selection: float
    hit: float

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            _probability(name, value)

    @property
    def single_shot_kill_probability(self) -> float:
        """Their product."""
        return self.reliability * self.handover * self.selection * self.hit


def acquisition_radius(seeker_range: float, field_of_view: float, divert: float) -> float:
    """Return how far from the predicted point an object may be and still be met [m].

    The lesser of the radius of the seeker's field of view at its acquisition range and the reach of the divert.

    Parameters
    ----------
    seeker_range : float
        At which the seeker acquires [m].
    field_of_view : float
        Full angle [rad]; from pi on, the seeker looks all round.
    divert : float
        [m].
    """
    for name, value in (("seeker_range", seeker_range), ("field_of_view", field_of_view), ("divert", divert)):
        if not value >= 0.0:
            raise InputError(f"{name} must not be negative, got {value:g}")
    if field_of_view >= math.pi:
        return divert
    return min(seeker_range * math.tan(0.5 * field_of_view), divert)


@kernel
def handover_probability(radius: float, pip_sigma: float) -> float:
    """Return the chance that a Gaussian error of the predicted intercept point stays within a radius.

    Parameters
    ----------
    radius : float
        [m], not negative.
    pip_sigma : float
        Standard deviation along each of the two axes across the closing velocity [m], not negative; infinite for no
        prediction at all.

    Returns
    -------
    float
        1 - exp(-radius^2 / (2 pip_sigma^2)), the Rayleigh distribution.

    References
    ----------
    .. [1] Papoulis, *Probability, Random Variables and Stochastic Processes*, 3rd ed., 1991, example 6-15.
    """
    if pip_sigma == 0.0:
        return 1.0 if radius > 0.0 else 0.0
    ratio = radius / pip_sigma
    return -math.expm1(-0.5 * ratio * ratio)


@kernel
def salvo_kill_probability(single_shot_kill_probability: float, shots: float) -> float:
    """Return the chance that at least one of independent shots kills, 1 - (1 - p)^n."""
    if single_shot_kill_probability >= 1.0:
        return 1.0 if shots > 0.0 else 0.0
    return -math.expm1(shots * math.log1p(-single_shot_kill_probability))


def raid_annihilation_track_per_warhead(
    warheads: int, single_shot_kill_probability: float, shots: float, track_probability: float = 1.0
) -> float:
    """Return the chance that no warhead leaks, a track or common failure striking each warhead on its own.

    [P_track (1 - (1 - k)^n)]^W: it can never be more than P_track^W, however many shots are fired.

    References
    ----------
    .. [1] D. A. Wilkening, "A simple model for calculating ballistic missile defense effectiveness", Science and
       Global Security 8 (2000) 183-215, eq. 5.
    """
    kill = _kill(warheads, single_shot_kill_probability, shots, track_probability)
    return float((track_probability * kill) ** warheads)


def raid_annihilation_track_per_raid(
    warheads: int, single_shot_kill_probability: float, shots: float, track_probability: float = 1.0
) -> float:
    """Return the chance that no warhead leaks, a track or common failure striking the whole raid at once.

    P_track (1 - (1 - k)^n)^W: never more than P_track.
    """
    kill = _kill(warheads, single_shot_kill_probability, shots, track_probability)
    return float(track_probability * kill**warheads)


def shots_for_annihilation_track_per_warhead(
    warheads: int, single_shot_kill_probability: float, wanted: float, track_probability: float = 1.0
) -> float | None:
    """Return the shots per warhead for a chance of no leaker; None if no number of shots gives it.

    References
    ----------
    .. [1] Wilkening 2000, eq. 6: n = ln(1 - P0^(1/W) / P_track) / ln(1 - k).
    """
    _kill(warheads, single_shot_kill_probability, 1.0, track_probability)
    _probability("wanted", wanted)
    return _shots(
        wanted ** (1.0 / warheads) / track_probability if track_probability else math.inf, single_shot_kill_probability
    )


def shots_for_annihilation_track_per_raid(
    warheads: int, single_shot_kill_probability: float, wanted: float, track_probability: float = 1.0
) -> float | None:
    """Return the shots per warhead when a failure strikes the whole raid; None if no number of shots gives it."""
    _kill(warheads, single_shot_kill_probability, 1.0, track_probability)
    _probability("wanted", wanted)
    share = wanted / track_probability if track_probability else math.inf
    return _shots(share ** (1.0 / warheads), single_shot_kill_probability)


def expected_shots(single_shot_kill_probability: float, salvos: Sequence[int]) -> float:
    """Return the expected shots at one warhead when each salvo is fired only if the ones before it failed.

    Parameters
    ----------
    single_shot_kill_probability : float
    salvos : sequence of int
        Shots of each salvo, in order: ``(1, 1, 1)`` is shoot-look-shoot with three looks at most, ``(2, 2)`` is
        two-look-two, ``(4,)`` a barrage. Kill assessment is perfect.
    """
    _probability("single_shot_kill_probability", single_shot_kill_probability)
    expected, fired = 0.0, 0
    for salvo in salvos:
        if salvo < 1:
            raise InputError(f"a salvo has at least one shot, got {salvo}")
        expected += salvo * (1.0 - single_shot_kill_probability) ** fired
        fired += salvo
    return expected


def expected_leakers(warheads: int, single_shot_kill_probability: float, shots: int) -> float:
    """Return the expected leakers when shots are shared out as evenly as whole numbers allow."""
    _kill(warheads, single_shot_kill_probability, float(shots), 1.0)
    each, more = divmod(shots, warheads)
    leak = 1.0 - single_shot_kill_probability
    return more * float(leak ** (each + 1)) + (warheads - more) * float(leak**each)


def expected_leakers_uncoordinated(warheads: int, single_shot_kill_probability: float, shots: int) -> float:
    """Return the expected leakers when each shot picks its warhead at random, W (1 - k/W)^M."""
    _kill(warheads, single_shot_kill_probability, float(shots), 1.0)
    return warheads * float((1.0 - single_shot_kill_probability / warheads) ** shots)


def _shots(kill: float, single_shot_kill_probability: float) -> float | None:
    """Return n with 1 - (1 - k)^n = kill; None if there is none."""
    if kill <= 0.0:
        return 0.0
    if kill > 1.0 or single_shot_kill_probability == 0.0:
        return None
    if single_shot_kill_probability == 1.0:
        return 1.0
    return math.log1p(-kill) / math.log1p(-single_shot_kill_probability) if kill < 1.0 else None


def _kill(warheads: int, single_shot_kill_probability: float, shots: float, track_probability: float) -> float:
    if warheads < 1:
        raise InputError(f"warheads must be 1 or more, got {warheads}")
    if not shots >= 0.0:
        raise InputError(f"shots must not be negative, got {shots:g}")
    _probability("single_shot_kill_probability", single_shot_kill_probability)
    _probability("track_probability", track_probability)
    return float(salvo_kill_probability(single_shot_kill_probability, shots))


def _probability(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise InputError(f"{name} must be a probability, in [0, 1], got {value:g}; percent?")
