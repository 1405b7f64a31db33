"""Raids whose result is known: closed forms and exact enumerations, with the simulation inside its 99.9 % interval.

Each case is run twice: by the whole event simulation under ideal conditions (perfect sensing, no latency, no failures)
with fewer replications, and by the pure kill chain with a million.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from hoplon.backbone.killchain import RaidKillChain, run_chain
from hoplon.backbone.measures import LEAKERS, SHOTS
from hoplon.backbone.replications import many_rows
from raid_cases import Case, raid_model
from verification.raid_closed_forms import CASES, DEVIATE, ClosedForm, by_chain, by_events, rounds

EVENTS_RUN, CHAINS_RUN = 20_000, 1_000_000


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


def agrees(found: np.ndarray, expected: float, name: str) -> None:
    """Require that the exact value lies in the 99.9 % interval of the mean."""
    half = DEVIATE * float(found.std()) / math.sqrt(len(found))
    assert abs(float(found.mean()) - expected) <= max(half, 1e-9), (name, found.mean(), expected, half)


@pytest.mark.parametrize("case", [case for case in CASES if case.events], ids=lambda case: case.name)
def test_events_meet_the_enumeration(case: ClosedForm) -> None:
    # Layers are fired threat by threat: with a salvo of more than one the enumeration holds while the magazine does.
    assert case.salvo == 1 or case.magazine >= case.threats * case.salvo * case.looks
    found = by_events(case, EVENTS_RUN)
    assert all(found.agrees(case.exact())), (found, case.exact())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_kill_chain_meets_the_enumeration(case: ClosedForm) -> None:
    found = by_chain(case, CHAINS_RUN)
    assert all(found.agrees(case.exact())), (found, case.exact())


def test_an_even_split_of_ten_shots_at_six_is_the_published_value() -> None:
    # EFF-17, coordinated: four threats get two shots, two get one: 4 (0.09) + 2 (0.3) = 0.96.
    assert rounds(6, 10, 1, 2, 0.7)[0] == pytest.approx(0.96, abs=1e-12)


def test_uncoordinated_fire_leaks_the_published_value() -> None:
    # EFF-17: 6 (1 - 0.7 / 6)^10 = 1.73539; that none leaks, by enumerating who is hit by two shots at two threats.
    leakers, shots, _ = ClosedForm("", 6, 0.7, 1, 1, 10, coordinated=False).exact()
    assert leakers == pytest.approx(1.73539, abs=1e-5)
    assert shots == 10
    two_at_two = ClosedForm("", 2, 0.7, 1, 1, 2, coordinated=False).exact()
    assert two_at_two[2] == pytest.approx(0.7 * 0.7 / 2)


@pytest.mark.parametrize("per_raid", [False, True])
def test_a_common_factor_multiplies_once_a_warhead_or_once_a_raid(per_raid: bool) -> None:
    # EFF-10's form: P0 = (T K)^W for independent tracks, T K^W for one of the raid, with K = 1 - (1 - k)^n.
    salvo, threats, kill, track = 4, 10, 0.7, 0.99
    shot_down = 1 - (1 - kill) ** salvo
    expected = track * shot_down**threats if per_raid else (track * shot_down) ** threats
    chain = RaidKillChain(threats, kill, salvo, 1, track=track, track_per_raid=per_raid)
    found = run_chain(chain, CHAINS_RUN, seed=5).leaker_counts[0] / CHAINS_RUN
    assert abs(found - expected) <= DEVIATE * math.sqrt(expected * (1 - expected) / CHAINS_RUN)


def test_common_failures_in_the_event_simulation() -> None:
    lost, kill = 0.2, 0.7
    rows = many_rows(raid_model(Case(3, kill, shots_in_time=1, conditions={"common_threat": lost})), 4, 0, EVENTS_RUN)
    agrees(rows[:, LEAKERS] == 0, ((1 - lost) * kill) ** 3, "no leaker, a factor a threat")
    rows = many_rows(raid_model(Case(3, kill, shots_in_time=1, conditions={"common_raid": lost})), 4, 0, EVENTS_RUN)
    agrees(rows[:, LEAKERS] == 0, (1 - lost) * kill**3, "no leaker, a factor a raid")


def test_batteries_on_their_own_shoot_at_everything_at_once() -> None:
    # Organic: each of three batteries fires once at each threat, whatever the others do.
    rows = many_rows(raid_model(Case(4, 0.5, batteries=3, radars=3, form="organic", shots_in_time=1)), 9, 0, EVENTS_RUN)
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
    rows = many_rows(raid_model(Case(1, kill, shots_in_time=2, conditions=conditions)), 6, 0, EVENTS_RUN)
    agrees(rows[:, LEAKERS], leak, "leakers")
    agrees(rows[:, SHOTS], shots, "shots")
