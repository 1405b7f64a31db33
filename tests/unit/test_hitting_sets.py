"""The sets that hit every minimal winning coalition; whom they leave are the maximal losing ones: by enumeration."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from hoplon.defence.winning_sets import _families_for, _hit, _known

PLAYERS = 7


def minimal_hitting_sets(family: list[int]) -> set[int]:
    """Return them by going through every set of players, smaller ones first."""
    found: set[int] = set()
    for size in range(PLAYERS + 1):
        for chosen in combinations(range(PLAYERS), size):
            mask = sum(1 << player for player in chosen)
            if all(mask & each for each in family) and not any(other & ~mask == 0 for other in found):
                found.add(mask)
    return found


@pytest.mark.parametrize("number", range(40))
def test_the_hitting_sets_are_those_of_enumeration_after_every_coalition(number: int) -> None:
    random = np.random.default_rng(number)
    known = _families_for(64, 1024)
    known.hitting[0], known.counts[2] = 0, 1
    family: list[int] = []
    for mask in random.permutation(np.arange(1, 1 << PLAYERS)).tolist():
        if len(family) == 6 or any(each & ~mask == 0 or mask & ~each == 0 for each in family):
            continue
        family.append(mask)
        assert _hit(mask, known)
        hitting = known.hitting[: known.counts[2]].tolist()
        assert len(hitting) == len(set(hitting))
        assert set(hitting) == minimal_hitting_sets(family)


def test_what_wins_and_loses_by_what_is_known() -> None:
    known = _families_for(8, 8)
    known.winning[0], known.losing[0] = 0b011, 0b1100
    known.counts[0], known.counts[1] = 1, 1
    assert _known(0b0111, known) == 1
    assert _known(0b0100, known) == 0
    assert _known(0b1101, known) == -1


def test_without_room_it_says_so() -> None:
    known = _families_for(2, 2)
    known.hitting[0], known.counts[2] = 0, 1
    assert not _hit(0b111, known)
