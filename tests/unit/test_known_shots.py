"""Shots found once at a flight are found again by the same question, and by no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hoplon.intercept.battery import Timing
from hoplon.intercept.known_shots import KnownShots, known_shots, recall, remember, write_question
from hoplon.intercept.windows import Windows

TIMING = Timing(4.0, 30.0, 5.0, 3.0, 7.0, 11.0, True)
SUPPORT, ASSESSMENT = ((10.0, 20.0), (30.0, 40.0)), ((50.0, 60.0), (70.0, 80.0), (90.0, 95.0))
ASKED: dict[str, Any] = {"commit": 100.0, "timing": TIMING, "limit": 3, "support": SUPPORT, "assessment": ASSESSMENT}
FIRST = np.array([[1.0, 2.0, 3.0, 4.0]])


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def nothing_known(sites: int = 2) -> KnownShots:
    found: KnownShots = plain(known_shots)(sites)
    for room in (found.question, found.questions, found.firsts):
        room[:] = np.nan  # what nobody wrote is equal to nothing
    return found


def ask(known: KnownShots, site: int = 0, number: int = 5, **changes: Any) -> bool:
    asked = ASKED | changes
    spans = [Windows(np.array(asked[key]).reshape(-1, 2), len(asked[key])) for key in ("support", "assessment")]
    given = (asked["commit"], asked["timing"].row(), asked["limit"], *spans)
    return bool(plain(write_question)(known, site, number, *given))


def again(known: KnownShots, site: int = 0, number: int = 5, **changes: Any) -> tuple[int, int, list[float]] | None:
    """Return the shots, the second and the first intercept that are known of a question; None where none are."""
    assert ask(known, site, number, **changes)
    first = np.zeros((1, 4))
    entry = plain(recall)(known, site, first)
    if entry < 0:
        assert entry == -1
        assert not first.any()
        return None
    return int(known.shots[site, entry]), int(known.seconds[site, entry]), first[0].tolist()


def told(known: KnownShots, shots: int, site: int = 0, number: int = 5, **changes: Any) -> None:
    assert ask(known, site, number, **changes)
    plain(remember)(known, site, shots, 100 * shots, FIRST * shots)


OTHERS: dict[str, dict[str, Any]] = {
    "an earlier launch": {"commit": 99.0},
    "fewer salvos": {"limit": 2},
    "a longer assessment": {"timing": replace(TIMING, kill_assessment=12.0)},
    "another reaction": {"timing": replace(TIMING, reaction=6.0)},
    "no look": {"timing": replace(TIMING, look=False)},
    "fewer windows": {"support": SUPPORT[:1]},
    "fewer assessments": {"assessment": ASSESSMENT[:2]},
    "no windows": {"support": (), "assessment": ()},
    "the same numbers": {"support": (*SUPPORT, ASSESSMENT[0]), "assessment": ASSESSMENT[1:]},
}
for _key, _spans in (("support", SUPPORT), ("assessment", ASSESSMENT)):
    for _place, _end in np.ndindex(len(_spans), 2):
        _moved = np.array(_spans)
        _moved[_place, _end] += 1.0
        OTHERS[f"window {_place} of {_key}, end {_end}"] = {_key: tuple(_moved.tolist())}


@pytest.mark.parametrize("other", OTHERS)
def test_a_question_is_known_by_everything_that_it_asks(other: str) -> None:
    known = nothing_known()
    assert again(known) is None
    told(known, 2)
    assert again(known) == (2, 200, [2.0, 4.0, 6.0, 8.0])
    assert again(known, **OTHERS[other]) is None
    told(known, 3, **OTHERS[other])
    assert again(known, **OTHERS[other]) == (3, 300, [3.0, 6.0, 9.0, 12.0])
    assert again(known) == (2, 200, [2.0, 4.0, 6.0, 8.0])


def test_without_a_look_the_reaction_is_none_of_the_question_and_is_no_reaction_of_a_second() -> None:
    known, blind = nothing_known(), replace(TIMING, look=False)
    told(known, 1, timing=blind)
    assert again(known, timing=replace(blind, reaction=1.0)) == (1, 100, FIRST[0].tolist())
    assert again(known, timing=replace(TIMING, reaction=1.0)) is None


def test_sites_know_nothing_of_each_other_and_a_new_flight_is_not_known() -> None:
    known = nothing_known()
    told(known, 1)
    assert again(known, site=1) is None
    told(known, 4, site=1)
    assert again(known, site=1) == (4, 400, [4.0, 8.0, 12.0, 16.0])
    assert again(known) == (1, 100, [1.0, 2.0, 3.0, 4.0])
    assert again(known, number=6) is None
    assert again(known, number=5) is None  # written over
    assert again(known, site=1) == (4, 400, [4.0, 8.0, 12.0, 16.0])


def test_of_more_than_eight_questions_the_oldest_are_forgotten() -> None:
    known = nothing_known()
    for place in range(20):
        told(known, place, commit=float(place))
        held = [commit for commit in range(20) if again(known, commit=float(commit)) is not None]
        assert held == list(range(max(0, place - 7), place + 1))


@pytest.mark.parametrize("key", ["support", "assessment"])
def test_a_question_of_more_than_six_windows_is_not_kept(key: str) -> None:
    spans = tuple((float(place), place + 0.5) for place in range(7))
    known, more = nothing_known(), {key: spans}
    assert not ask(known, 0, 5, **more)
    both: dict[str, Any] = {"support": spans[:6], "assessment": spans[1:]}
    told(known, 2, **both)
    assert again(known, **both) == (2, 200, [2.0, 4.0, 6.0, 8.0])
