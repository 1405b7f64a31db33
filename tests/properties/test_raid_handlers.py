"""What single handlers do, seen in the log or the measures of raids small enough to reckon by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hoplon.backbone.kernel import handle
from hoplon.backbone.layout import AT_STATE, N_OWNER, node_threat_at
from hoplon.backbone.measures import DUPLICATE_SHOTS, KILLS, REPORT_DELAY_MS, REPORTS, SHOTS, UNSUPPORTED_SHOTS
from hoplon.backbone.messages import (
    ACCEPTED,
    CUE,
    DESTINATION,
    KIND,
    LAUNCH,
    LOOKAHEAD,
    ORDER,
    SECOND,
    SECOND_US,
    SOURCE,
    THREAT,
    TIME,
    TRACK_OFF,
    TRACK_ON,
)
from hoplon.backbone.raid_model import Loss, build_raid_model
from hoplon.backbone.replications import log_of, many_rows
from raid_cases import FIRST_COVER_S, Case, element, raid_inputs, raid_model


def of_kind(log: np.ndarray, kind: int, destination: int) -> np.ndarray:
    return log[(log[:, KIND] == kind) & (log[:, DESTINATION] == destination) & (log[:, THREAT] >= 0)]


def test_a_link_carries_so_many_new_tracks_a_second() -> None:
    case = Case(6, conditions={"reports_per_second": 2.0})
    arrived = of_kind(log_of(raid_model(case), 1, 0), TRACK_ON, element(case, "node0"))[:, TIME]
    assert len(arrived) == 6
    assert (np.diff(arrived) == SECOND_US // 2).all()


def test_a_lost_message_is_sent_again_after_a_second() -> None:
    # Half of the transmissions are lost: on average one repeat, and never a part of one.
    case = Case(4, conditions={"link_availability": 0.5})
    rows = many_rows(raid_model(case), 1, 0, 300)
    assert rows[:, REPORT_DELAY_MS].sum() / rows[:, REPORTS].sum() == pytest.approx(1000.0, rel=0.15)
    reports = of_kind(log_of(raid_model(case), 1, 0), TRACK_ON, element(case, "node0"))
    assert set(((reports[:, TIME] - reports[:, SECOND]) % SECOND_US).tolist()) <= {0, LOOKAHEAD}


def test_the_tracks_of_a_lost_radar_are_dropped_after_ten_seconds_of_silence() -> None:
    case = Case(2, kill=0.0, losses=(("radar0", 250.0),))
    ended = of_kind(log_of(raid_model(case), 1, 0), TRACK_OFF, element(case, "node0"))[:, TIME]
    assert ended.tolist() == [260 * SECOND_US + LOOKAHEAD] * 2


def test_the_threat_that_has_waited_longest_is_tracked_next() -> None:
    case = Case(4, kill=1.0, capacity=1, interval=3.0, shots_in_time=8)
    begun = of_kind(log_of(raid_model(case), 1, 0), TRACK_ON, element(case, "node0"))
    assert begun[:, THREAT].tolist() == [0, 1, 2, 3]
    assert begun[0, TIME] < begun[1, TIME]


@pytest.mark.parametrize("latency", [0.0, 1.0])
def test_of_two_regions_that_decide_at_once_one_fires(latency: float) -> None:
    case = Case(4, 1.0, batteries=2, radars=2, form="regional", shots_in_time=1, latency=latency)
    rows = many_rows(raid_model(case), 1, 0, 20)
    assert (rows[:, SHOTS] == 4).all()
    assert (rows[:, DUPLICATE_SHOTS] == 0).all()


def test_of_two_claims_at_one_time_the_lower_region_has_it() -> None:
    case = Case(4, 1.0, batteries=2, radars=2, form="regional", shots_in_time=1)
    log = log_of(raid_model(case), 1, 0)
    assert set(log[log[:, KIND] == ORDER][:, SOURCE].tolist()) == {element(case, "node0")}


def test_a_launcher_is_busy_for_every_interceptor_of_a_salvo() -> None:
    # Two at 200 s each keep the launcher past the last launch in time: no second order is given.
    case = Case(2, 1.0, salvo=2, shots_in_time=3)
    laid_out = raid_inputs(case)
    laid_out = replace(laid_out, batteries=[replace(laid_out.batteries[0], launch_interval=200.0)])
    log = log_of(build_raid_model(laid_out), 1, 0)
    assert np.count_nonzero(log[:, KIND] == ORDER) == 1


def test_no_intercept_is_planned_on_a_radar_that_is_down() -> None:
    # Launch on remote: the other radar's track would do to launch, but none to hit.
    case = Case(1, 1.0, radars=2, shots_in_time=2)
    assert many_rows(build_raid_model(raid_inputs(case)), 1, 0, 1)[0][KILLS] == 1
    lost = [Loss(element(case, "radar0"), 0.0)]
    assert many_rows(build_raid_model(raid_inputs(case), lost), 1, 0, 1)[0][SHOTS] == 0


def test_a_launcher_fires_no_faster_than_its_interval() -> None:
    case = Case(3, 0.0, shots_in_time=3)
    laid_out = raid_inputs(case)
    laid_out = replace(laid_out, batteries=[replace(laid_out.batteries[0], launch_interval=20.0)])
    log = log_of(build_raid_model(laid_out), 1, 0)
    launched = log[log[:, KIND] == LAUNCH][:, TIME]
    assert len(launched) > 3
    assert (np.diff(launched) >= 20 * SECOND_US).all()


def test_a_battery_that_was_down_when_it_should_launch_keeps_its_interceptor() -> None:
    # The hub is lost with the engagement; its cold alternate asks again, and the one interceptor is still there.
    case = Case(1, 1.0, count=1, shots_in_time=4, form="hub_cold")
    down = [Loss(element(case, "battery0"), 200.0, 260.0), Loss(element(case, "node0"), 190.0)]
    row = many_rows(build_raid_model(raid_inputs(case), down), 1, 0, 1)[0]
    assert (row[SHOTS], row[KILLS]) == (1, 1)


def test_a_track_begun_too_late_supports_no_intercept() -> None:
    # Launched on the first track, which ends; the one that begins at 294 s is not yet 30 s old at the intercept.
    case = Case(1, 1.0, shots_in_time=1)
    laid_out = raid_inputs(case)
    laid_out = replace(laid_out, doctrine=replace(laid_out.doctrine, support=30.0))
    radar = element(case, "radar0")
    held = many_rows(build_raid_model(laid_out), 1, 0, 1)[0]
    broken = many_rows(build_raid_model(laid_out, [Loss(radar, 240.0, 290.0)]), 1, 0, 1)[0]
    assert (held[KILLS], held[UNSUPPORTED_SHOTS]) == (1, 0)
    assert (broken[KILLS], broken[SHOTS], broken[UNSUPPORTED_SHOTS]) == (0, 1, 1)


def test_a_battery_that_did_not_answer_is_asked_again_after_the_look() -> None:
    # Two interceptors each, three looks, none kills: the first battery is down for the first order alone.
    case = Case(1, 0.0, batteries=2, radars=2, count=2, shots_in_time=3)
    down = [Loss(element(case, "battery0"), 0.0, 200.0)]
    assert many_rows(build_raid_model(raid_inputs(case), down), 1, 0, 1)[0][SHOTS] == 3


def test_what_a_dead_region_had_claimed_its_successor_takes_up() -> None:
    # The first region claims at once and is lost before it may order; the second one orders in its place.
    case = Case(3, 1.0, batteries=2, radars=2, form="regional", shots_in_time=4)
    lost = [Loss(element(case, "node0"), FIRST_COVER_S + 16.0)]
    rows = many_rows(build_raid_model(raid_inputs(case), lost), 1, 0, 10)
    assert (rows[:, KILLS] == 3).all()


def test_of_two_batteries_that_meet_a_threat_at_one_time_the_first_heard_has_it() -> None:
    case = Case(1, batteries=2, radars=2)
    raid, node = raid_model(case), element(case, "node0")
    begin, end = (int(raid.fixed[int(raid.fixed[AT_STATE]) + node + place]) for place in (0, 1))
    mine, out, plans = raid.state[begin:end].copy(), np.zeros((64, 8), dtype=np.int64), np.zeros((3, 3), dtype=np.int64)
    for battery, sent in (("battery0", 1), ("battery1", 0)):  # one assessment, not two
        answer = [100 * SECOND_US, node, element(case, battery), 0, ACCEPTED, 0, 300 * SECOND_US, 99, 0]
        event = np.array(answer, dtype=np.int64)
        assert handle(event, np.uint64(1), raid.fixed, raid.looks, raid.launches, mine, out, plans)[0] == sent
    assert mine[node_threat_at(raid.fixed, 0) + N_OWNER] == 0


def test_the_new_node_points_the_radars_where_the_silent_one_could_not() -> None:
    # The hub is lost before the alert: its alternate, which heard it, cues the radars when it takes over.
    case = Case(1, 1.0, form="hub_cold", losses=(("node0", 0.0),))
    log = log_of(raid_model(case), 1, 0)
    cued = log[(log[:, KIND] == CUE) & (log[:, SOURCE] == element(case, "node1"))]
    assert cued[:, TIME].tolist() == [120 * SECOND_US + LOOKAHEAD]


def test_a_track_told_twice_ends_once() -> None:
    # The alternate asks the radar for its tracks at 250 s and orders; the radar is lost, and missed from 290 s on.
    case = Case(1, 1.0, form="hub_cold", shots_in_time=2)
    lost = [Loss(element(case, "node0"), 130.0), Loss(element(case, "radar0"), 280.0)]
    raid = build_raid_model(raid_inputs(case), lost)
    assert len(of_kind(log_of(raid, 1, 0), TRACK_ON, element(case, "battery0"))) == 2
    row = many_rows(raid, 1, 0, 1)[0]
    assert (row[SHOTS], row[KILLS], row[UNSUPPORTED_SHOTS]) == (1, 0, 1)


def test_of_equal_batteries_the_fuller_magazine_fires() -> None:
    case = Case(4, 1.0, batteries=2, radars=2, shots_in_time=1, count=3)
    log = log_of(raid_model(case), 1, 0)
    fired = [int((log[(log[:, KIND] == LAUNCH)][:, DESTINATION] == element(case, f"battery{b}")).sum()) for b in (0, 1)]
    assert fired == [2, 2]
