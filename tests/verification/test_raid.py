"""Raids whose result is known: closed forms and exact enumerations, with the simulation inside its 99.9 % interval.

Each case is run twice: by the whole event simulation under ideal conditions (perfect sensing, no latency, no failures)
with fewer replications, and by the pure kill chain with a million.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import product

import numpy as np
import pytest

from hoplon.backbone.killchain import KillChain, run_chain
from hoplon.backbone.measures import LEAKERS, SHOTS
from hoplon.backbone.replications import many_rows
from raid_cases import Case, arena

DEVIATE = 3.2905267314919255  # normal quantile of 0.9995: a 99.9 % interval
EVENTS_RUN, CHAINS_RUN = 20_000, 1_000_000


def binomial(number: int, probability: float) -> list[float]:
    return [math.comb(number, k) * probability**k * (1 - probability) ** (number - k) for k in range(number + 1)]


@cache
def rounds(alive: int, left: int, looks: int, salvo: int, kill: float) -> tuple[float, float, float]:
    """Expected leakers, expected shots and the chance of no leaker, by enumerating what each look leaves."""
    if alive == 0 or looks == 0 or left == 0:
        return float(alive), 0.0, float(alive == 0)
    shots = min(alive * salvo, left)
    each, more = divmod(shots, alive)  # some get one shot more than the others
    lucky = [1 - (1 - kill) ** (each + 1)] * more + [1 - (1 - kill) ** each] * (alive - more)
    chances = [1.0]
    for hit in lucky:
        chances = [
            (chances[k] * (1 - hit) if k < len(chances) else 0.0) + (chances[k - 1] * hit if k else 0.0)
            for k in range(len(chances) + 1)
        ]
    leakers, fired, clear = 0.0, float(shots), 0.0
    for killed, chance in enumerate(chances):
        further = rounds(alive - killed, left - shots, looks - 1, salvo, kill)
        leakers, fired, clear = leakers + chance * further[0], fired + chance * further[1], clear + chance * further[2]
    return leakers, fired, clear


def test_enumeration_meets_the_closed_forms_of_the_reference() -> None:
    # EFF-06: four warheads, 0.8, n shots each: (1 - 0.2^n)^4.
    for shots, expected in ((2, 0.849347), (3, 0.968382), (4, 0.993615)):
        assert rounds(4, 100, 1, shots, 0.8)[2] == pytest.approx(expected, abs=5e-7)
    # EFF-13: shoot-look-shoot at 0.7, two to four looks; EFF-14: two, look, two.
    for looks, shots, killed in ((2, 1.300, 0.91), (3, 1.390, 0.973), (4, 1.417, 0.9919)):
        leakers, fired, _ = rounds(1, 100, looks, 1, 0.7)
        assert fired == pytest.approx(shots, abs=5e-4)
        assert 1 - leakers == pytest.approx(killed, abs=5e-5)
    leakers, fired, _ = rounds(1, 100, 2, 2, 0.7)
    assert fired == pytest.approx(2.18, abs=1e-12)
    assert 1 - leakers == pytest.approx(0.9919, abs=1e-12)


CASES = [
    # threats, kill, shots a look, looks, magazine
    (4, 0.8, 2, 1, 100),
    (4, 0.8, 3, 1, 100),
    (1, 0.7, 1, 2, 100),
    (1, 0.7, 1, 4, 100),
    (1, 0.7, 2, 2, 100),
    (6, 0.7, 1, 3, 8),
    (5, 0.55, 1, 4, 7),
    (3, 0.6, 1, 2, 2),
    (7, 0.35, 1, 3, 100),
    (3, 0.7, 1, 1, 0),
]


def agrees(found: np.ndarray, expected: float, name: str) -> None:
    """Require that the exact value lies in the 99.9 % interval of the mean."""
    half = DEVIATE * float(found.std()) / math.sqrt(len(found))
    assert abs(float(found.mean()) - expected) <= max(half, 1e-9), (name, found.mean(), expected, half)


@pytest.mark.parametrize(("threats", "kill", "salvo", "looks", "magazine"), CASES)
def test_events_meet_the_enumeration(threats: int, kill: float, salvo: int, looks: int, magazine: int) -> None:
    # Layers are fired threat by threat: with a salvo of more than one the enumeration holds while the magazine does.
    assert salvo == 1 or magazine >= threats * salvo * looks
    leakers, shots, clear = rounds(threats, magazine, looks, salvo, kill)
    case = Case(threats, kill, count=magazine, salvo=salvo, shots_in_time=looks)
    rows = many_rows(arena(case), 20, 0, EVENTS_RUN)
    agrees(rows[:, LEAKERS], leakers, "leakers")
    agrees(rows[:, SHOTS], shots, "shots")
    agrees(rows[:, LEAKERS] == 0, clear, "no leaker")


@pytest.mark.parametrize(("threats", "kill", "salvo", "looks", "magazine"), [*CASES, (6, 0.7, 2, 1, 10)])
def test_the_kill_chain_meets_the_enumeration(threats: int, kill: float, salvo: int, looks: int, magazine: int) -> None:
    leakers, shots, clear = rounds(threats, magazine, looks, salvo, kill)
    found = run_chain(KillChain(threats, kill, salvo, looks, magazine), CHAINS_RUN, seed=7)
    for total, squares, expected in (
        (found.leakers, found.leakers_squared, leakers),
        (found.shots, found.shots_squared, shots),
        (int(found.leaker_counts[0]), int(found.leaker_counts[0]), clear),
    ):
        mean = total / CHAINS_RUN
        half = DEVIATE * math.sqrt(max(0.0, squares / CHAINS_RUN - mean * mean) / CHAINS_RUN)
        assert abs(mean - expected) <= max(half, 1e-9)


def test_an_even_split_of_ten_shots_at_six_is_the_published_value() -> None:
    # EFF-17, coordinated: four threats get two shots, two get one: 4 (0.09) + 2 (0.3) = 0.96.
    assert rounds(6, 10, 1, 2, 0.7)[0] == pytest.approx(0.96, abs=1e-12)


def test_uncoordinated_fire_meets_the_closed_form() -> None:
    # EFF-17: 6 (1 - 0.7 / 6)^10 = 1.73539.
    expected = 6 * (1 - 0.7 / 6) ** 10
    assert expected == pytest.approx(1.73539, abs=1e-5)
    found = run_chain(KillChain(6, 0.7, magazine=10, coordinated=False), CHAINS_RUN, seed=3)
    mean = found.leakers / CHAINS_RUN
    half = DEVIATE * math.sqrt((found.leakers_squared / CHAINS_RUN - mean * mean) / CHAINS_RUN)
    assert abs(mean - expected) <= half
    assert found.shots == 10 * CHAINS_RUN


@pytest.mark.parametrize("per_raid", [False, True])
def test_a_common_factor_multiplies_once_a_warhead_or_once_a_raid(per_raid: bool) -> None:
    # EFF-10's form: P0 = (T K)^W for independent tracks, T K^W for one of the raid, with K = 1 - (1 - k)^n.
    salvo, threats, kill, track = 4, 10, 0.7, 0.99
    shot_down = 1 - (1 - kill) ** salvo
    expected = track * shot_down**threats if per_raid else (track * shot_down) ** threats
    chain = KillChain(threats, kill, salvo, 1, track=track, track_per_raid=per_raid)
    found = run_chain(chain, CHAINS_RUN, seed=5).leaker_counts[0] / CHAINS_RUN
    assert abs(found - expected) <= DEVIATE * math.sqrt(expected * (1 - expected) / CHAINS_RUN)


def test_common_failures_in_the_event_simulation() -> None:
    lost, kill = 0.2, 0.7
    rows = many_rows(arena(Case(3, kill, shots_in_time=1, conditions={"common_threat": lost})), 4, 0, EVENTS_RUN)
    agrees(rows[:, LEAKERS] == 0, ((1 - lost) * kill) ** 3, "no leaker, a factor a threat")
    rows = many_rows(arena(Case(3, kill, shots_in_time=1, conditions={"common_raid": lost})), 4, 0, EVENTS_RUN)
    agrees(rows[:, LEAKERS] == 0, (1 - lost) * kill**3, "no leaker, a factor a raid")


def test_batteries_on_their_own_shoot_at_everything_at_once() -> None:
    # Organic: each of three batteries fires once at each threat, whatever the others do.
    rows = many_rows(arena(Case(4, 0.5, batteries=3, radars=3, form="organic", shots_in_time=1)), 9, 0, EVENTS_RUN)
    assert (rows[:, SHOTS] == 12).all()
    agrees(rows[:, LEAKERS], 4 * 0.5**3, "leakers")


@pytest.mark.parametrize(("alive", "dead"), [(0.2, 0.0), (0.0, 0.3), (0.15, 0.25)])
def test_errors_of_assessment_meet_the_enumeration(alive: float, dead: float) -> None:
    """Two looks: a survivor taken for dead gets no second shot, the dead taken for a survivor gets one."""
    kill, leak, shots = 0.6, 0.0, 0.0
    for killed, wrong in product((True, False), repeat=2):
        chance = (kill if killed else 1 - kill) * (
            (dead if wrong else 1 - dead) if killed else (alive if wrong else 1 - alive)
        )
        again = killed == wrong
        shots += chance * (1 + again)
        leak += chance * (0.0 if killed else (1 - kill) if again else 1.0)
    conditions: dict[str, object] = {"false_kill": alive, "false_survival": dead}
    rows = many_rows(arena(Case(1, kill, shots_in_time=2, conditions=conditions)), 6, 0, EVENTS_RUN)
    agrees(rows[:, LEAKERS], leak, "leakers")
    agrees(rows[:, SHOTS], shots, "shots")
