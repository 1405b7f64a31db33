"""Published numbers on salvos and raids, and the closed forms of selection among look-alikes."""

from __future__ import annotations

import math
from functools import partial

from hoplon.intercept.lethality import (
    expected_leakers,
    expected_leakers_uncoordinated,
    expected_shots,
    raid_annihilation_track_per_warhead,
    salvo_kill_probability,
    shots_for_annihilation_track_per_warhead,
)
from hoplon.sensing.discrimination import selection_probability
from hoplon.validation.case import Case, absolute, of_model, relative, rounded

_EXACT = relative(1e-12, "exact")
_CLOSED = "closed form"
_SELECT = absolute(1e-9, "the accuracy that the model asks for")


def required_track() -> float:
    """Return the track probability below which ten warheads cannot be stopped with a chance of 0.8, by bisection."""
    low, high = 0.9, 1.0
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        if shots_for_annihilation_track_per_warhead(10, 0.7, 0.8, middle) is None:
            low = middle
        else:
            high = middle
    return high


def shots_needed(track: float) -> float:
    """Return the shots at each of ten warheads for a chance of 0.8 that none leaks, by the track probability."""
    shots = shots_for_annihilation_track_per_warhead(10, 0.7, 0.8, track)
    assert shots is not None
    return shots


_SALVOS = [
    Case(
        "EFF-01",
        "four shots at 10/18",
        "1",
        partial(salvo_kill_probability, 10 / 18, 4.0),
        0.9609815,
        rounded(6),
        "1 - (8/18)^4; Panda and Narang 2017 through Popular Mechanics: 97 percent",
    ),
    Case(
        "EFF-02",
        "four shots at 0.5",
        "1",
        partial(salvo_kill_probability, 0.5, 4.0),
        0.9375,
        _EXACT,
        "Grego, UCS, 2017: 94 percent",
    ),
    *(
        Case(
            "EFF-06",
            f"no leaker of four warheads, {shots} shots each at 0.8",
            "1",
            partial(raid_annihilation_track_per_warhead, 4, 0.8, float(shots)),
            expected,
            rounded(6),
            _CLOSED,
        )
        for shots, expected in ((2, 0.849347), (3, 0.968382), (4, 0.993615))
    ),
    Case("EFF-10", "shots each with a track at 0.99", "1", partial(shots_needed, 0.99), 3.6606, rounded(4), _CLOSED),
    Case("EFF-10", "shots each with a sure track", "1", partial(shots_needed, 1.0), 3.168, rounded(3), _CLOSED),
    Case("EFF-10", "least track probability", "1", required_track, 0.977933, rounded(6), _CLOSED),
    *(
        Case(
            "EFF-13",
            f"expected shots, shoot-look-shoot with {looks} looks, 0.7",
            "1",
            partial(expected_shots, 0.7, (1,) * looks),
            expected,
            _EXACT,
            "geometric sum",
        )
        for looks, expected in ((2, 1.3), (3, 1.39), (4, 1.417))
    ),
    *(
        Case(
            "EFF-13",
            f"kill with {shots} looks, 0.7",
            "1",
            partial(salvo_kill_probability, 0.7, float(shots)),
            expected,
            _EXACT,
            _CLOSED,
        )
        for shots, expected in ((2, 0.91), (3, 0.973), (4, 0.9919))
    ),
    Case(
        "EFF-14",
        "expected shots, two-look-two, 0.7",
        "1",
        partial(expected_shots, 0.7, (2, 2)),
        2.18,
        _EXACT,
        _CLOSED,
    ),
    Case(
        "EFF-17",
        "leakers of six, ten shots at random, 0.7",
        "1",
        partial(expected_leakers_uncoordinated, 6, 0.7, 10),
        1.73539,
        rounded(5),
        _CLOSED,
    ),
    Case(
        "EFF-17",
        "leakers of six, ten shots shared out, 0.7",
        "1",
        partial(expected_leakers, 6, 0.7, 10),
        0.96,
        _EXACT,
        _CLOSED,
    ),
]

_SELECTION = [
    *(
        Case(
            "SEL-01",
            f"select one of two at a separation of {separation}",
            "1",
            partial(selection_probability, 2.0, separation),
            0.5 * math.erfc(-0.5 * separation),
            _SELECT,
            "closed form Phi(d'/sqrt 2), Green and Swets 1966",
        )
        for separation in (0.5, 1.0, 3.0, 6.0)
    ),
    *(
        Case(
            "SEL-02",
            f"select one of {objects} that look alike",
            "1",
            partial(selection_probability, float(objects), 0.0),
            1.0 / objects,
            _SELECT,
            "symmetry",
        )
        for objects in (3, 10, 1000)
    ),
]

CASES = (
    *of_model("salvos and raids in closed form", "literature", _SALVOS[:2]),
    *of_model("salvos and raids in closed form", "closed form", _SALVOS[2:]),
    *of_model("selection among look-alikes", "closed form", _SELECTION),
)
