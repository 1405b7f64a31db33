"""The doctrine that shares a magazine: the event simulation against an enumeration of the rule, written anew here."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from hoplon.backbone import messages as on
from hoplon.backbone.measures import LEAKERS, SHOTS
from hoplon.backbone.replications import log_of, many_rows
from raid_cases import Case, raid_model

DEVIATE = 3.2905267314919255  # normal quantile of 0.9995: a 99.9 % interval
REPLICATIONS = 20_000
MOST = 4  # interceptors at the last look


def salvos(threats: int, stock: int, salvo: int, last: bool) -> list[int]:
    """Interceptors that each of so many threats gets in turn: a share of what is left then."""
    given = []
    for waiting in range(threats, 0, -1):
        parts = waiting * (1 if last or stock == 1 else 2)
        number = min(stock, max(1, stock // parts), MOST if last or stock == 1 else salvo)
        given.append(number)
        stock -= number
    return given


@cache
def expected(threats: int, stock: int, looks: int, salvo: int, kill: float) -> tuple[float, float]:
    """Return expected leakers and shots, by enumerating which threats each look leaves."""
    if threats == 0 or looks == 0 or stock == 0:
        return float(threats), 0.0
    given = salvos(threats, stock, salvo, looks == 1)
    leakers, shots = 0.0, float(sum(given))
    for outcome in range(1 << threats):
        chance, alive, lost = 1.0, 0, 0
        for threat, number in enumerate(given):
            missed = (1 - kill) ** number
            if outcome >> threat & 1:
                chance *= missed
                alive, lost = alive + (number > 0), lost + (number == 0)
            else:
                chance *= 1 - missed
        if chance > 0.0:
            later = expected(alive, stock - sum(given), looks - 1, salvo, kill)
            leakers += chance * (later[0] + lost)
            shots += chance * later[1]
    return leakers, shots


def test_the_shares_of_small_magazines_are_those_worked_by_hand() -> None:
    assert salvos(4, 100, 2, last=False) == [2, 2, 2, 2]  # enough for a salvo now and one at the next look
    assert salvos(4, 6, 2, last=False) == [1, 1, 1, 1]  # 6 // 8, 5 // 6, 4 // 4, 3 // 2
    assert salvos(3, 7, 2, last=True) == [2, 2, 3]  # 7 // 3, 5 // 2, 3 // 1: nothing is left
    assert salvos(1, 24, 2, last=True) == [4]


@pytest.mark.parametrize(
    ("threats", "magazine", "looks", "salvo", "kill"),
    [
        (4, 6, 2, 2, 0.7),
        (3, 7, 1, 2, 0.6),
        (4, 100, 2, 2, 0.5),
        (5, 3, 2, 2, 0.7),
        (2, 5, 3, 2, 0.45),
        (1, 3, 2, 1, 0.5),
    ],
)
def test_the_simulation_meets_the_enumeration(threats: int, magazine: int, looks: int, salvo: int, kill: float) -> None:
    case = Case(threats, kill, count=magazine, salvo=salvo, share=True, shots_in_time=looks)
    rows = many_rows(raid_model(case), 31, 0, REPLICATIONS)
    for column, value in zip((LEAKERS, SHOTS), expected(threats, magazine, looks, salvo, kill), strict=True):
        half = DEVIATE * float(rows[:, column].std()) / math.sqrt(REPLICATIONS)
        assert abs(float(rows[:, column].mean()) - value) <= max(half, 1e-9), (column, rows[:, column].mean(), value)


def test_with_a_short_magazine_sharing_lets_less_through_than_a_salvo_of_two() -> None:
    shared, greedy = (
        many_rows(raid_model(Case(4, 0.7, count=6, salvo=2, share=share, shots_in_time=2)), 5, 0, REPLICATIONS)
        for share in (True, False)
    )
    assert shared[:, LEAKERS].mean() + 0.3 < greedy[:, LEAKERS].mean()
    assert shared[:, SHOTS].max() <= 6


def test_with_a_full_magazine_the_first_salvo_is_that_of_salvo_look_salvo() -> None:
    shared, usual = (
        log_of(raid_model(Case(4, 0.7, count=100, salvo=2, share=share, shots_in_time=3)), 5, 0)
        for share in (True, False)
    )
    firsts = []
    for log in (shared, usual):
        launches = log[(log[:, on.KIND] == on.LAUNCH)]
        first = launches[:, on.TIME].min()
        firsts.append(launches[launches[:, on.TIME] < first + on.SECOND_US * 60][:, on.THREAT].tolist())
    assert firsts[0] == firsts[1]
    assert len(firsts[0]) == 8


def test_the_greatest_salvo_of_the_last_look_is_an_assumption_of_raids() -> None:
    shots = []
    for most in (1, 4, 9):
        conditions: dict[str, object] = {"last_look_salvo": most}
        case = Case(1, 0.0, count=50, salvo=2, share=True, shots_in_time=1, conditions=conditions)
        shots.append(many_rows(raid_model(case), 1, 0, 3)[:, SHOTS])
    assert np.array_equal(np.array(shots), [[1] * 3, [4] * 3, [9] * 3])
