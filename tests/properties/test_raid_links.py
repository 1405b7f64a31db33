"""Links of their own: what passes without one, who notices, and what is made up for once it works again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoplon.backbone.layout import AT_ONCE, FIRST_BATTERY, FIRST_NODE, FIRST_RADAR, hears, listens
from hoplon.backbone.measures import (
    DUPLICATE_SHOTS,
    INVENTORY_LEFT,
    KILLS,
    LEAKERS,
    MEASURES,
    REPORT_DELAY_MS,
    REPORTS,
    SHOTS,
    TRACKED_MS,
    TRACKS_MS,
    UNSUPPORTED_SHOTS,
)
from hoplon.backbone.messages import (
    CUT,
    DESTINATION,
    DESTROYED,
    FIRST,
    HEARD,
    KIND,
    LAUNCH,
    LOOKAHEAD,
    MENDED,
    ORDER,
    OUTCOME,
    REPORT_TO,
    SECOND,
    SECOND_US,
    SILENT,
    SOURCE,
    SUPPORT,
    SWITCH,
    THREAT,
    TIME,
    TRACK_OFF,
    TRACK_ON,
    UNHEARD,
)
from hoplon.backbone.raid_model import Loss, RaidInputs, RaidModel, build_raid_model
from hoplon.backbone.replications import log_of, many_rows
from properties.test_any_raid import balances, cases
from raid_cases import FIRST_COVER_S, LAST_COVER_S, Case, element, raid_inputs, raid_model

TRACK_S = FIRST_COVER_S + 2.0  # when a radar of a case, which a satellite has cued, begins to hold


def cut(case: Case, name: str, time: float, repair: float | None = None) -> Loss:
    return Loss(element(case, name), time, repair, link=True)


def events(log: np.ndarray, kind: int, destination: int) -> np.ndarray:
    return log[(log[:, KIND] == kind) & (log[:, DESTINATION] == destination) & (log[:, THREAT] >= 0)]


def seconds(rows: np.ndarray) -> list[float]:
    return (rows[:, TIME] / SECOND_US).round(1).tolist()


def test_a_radar_without_a_link_tracks_for_its_own_battery_alone() -> None:
    case = Case(1, 1.0, form="mesh", batteries=2, radars=2)
    log = log_of(build_raid_model(raid_inputs(case), [cut(case, "radar0", 0.0)]), 1, 0)
    told = log[(log[:, KIND] == TRACK_ON) & (log[:, SOURCE] == element(case, "radar0"))]
    assert set(told[:, DESTINATION].tolist()) == {element(case, "node0"), element(case, "battery0")}


def test_the_tracks_of_a_radar_without_a_link_are_dropped_after_ten_seconds_of_silence() -> None:
    case = Case(2, 0.0)
    log = log_of(build_raid_model(raid_inputs(case), [cut(case, "radar0", 250.0)]), 1, 0)
    ended = events(log, TRACK_OFF, element(case, "node0"))
    assert seconds(ended) == [260.0, 260.0]
    assert set(ended[:, SECOND].tolist()) == {SILENT}
    assert seconds(events(log, TRACK_OFF, element(case, "battery0"))) == [LAST_COVER_S] * 2  # its own radar serves it


def test_a_radar_reports_what_it_holds_when_its_link_works_again() -> None:
    case = Case(2, 0.0)
    log = log_of(build_raid_model(raid_inputs(case), [cut(case, "radar0", 250.0, 280.0)]), 1, 0)
    assert seconds(events(log, TRACK_ON, element(case, "node0"))) == [TRACK_S, TRACK_S, 280.0, 280.0]
    assert seconds(events(log, TRACK_ON, element(case, "battery0"))) == [TRACK_S, TRACK_S]


def test_a_radar_tells_late_of_what_it_saw_destroyed_without_a_link() -> None:
    # The other radar's node is told at once; the node of the first one when the link works again.
    case = Case(1, 1.0, radars=2)
    alone = log_of(build_raid_model(raid_inputs(case), [cut(case, "radar0", 295.0, 303.0)]), 1, 0)
    ended = events(alone, TRACK_OFF, element(case, "node0"))
    killed = 300.0
    assert ended[ended[:, FIRST] == 1][:, TIME].tolist() == [int(killed * SECOND_US) + 3 * LOOKAHEAD]
    late = ended[ended[:, FIRST] == 0]
    assert late[:, SECOND].tolist() == [DESTROYED]
    assert late[:, TIME].tolist() == [303 * SECOND_US + LOOKAHEAD]


def test_a_short_cut_is_not_noticed() -> None:
    case = Case(2, 0.0)
    log = log_of(build_raid_model(raid_inputs(case), [cut(case, "radar0", 250.0, 255.0)]), 1, 0)
    assert seconds(events(log, TRACK_OFF, element(case, "node0"))) == [LAST_COVER_S] * 2


def test_a_battery_without_a_link_gets_no_order_and_the_next_one_fires() -> None:
    case = Case(2, 1.0, batteries=2, radars=2, shots_in_time=4)
    log = log_of(build_raid_model(raid_inputs(case), [cut(case, "battery0", 0.0)]), 1, 0)
    to_first = events(log, ORDER, element(case, "battery0"))
    assert len(to_first) > 0
    assert set(to_first[:, OUTCOME].tolist()) == {UNHEARD}
    assert set(log[log[:, KIND] == LAUNCH][:, DESTINATION].tolist()) == {element(case, "battery1")}


def test_a_battery_calls_its_node_when_its_link_works_again() -> None:
    case = Case(1, 0.0, count=7, shots_in_time=4)
    log = log_of(build_raid_model(raid_inputs(case), [cut(case, "battery0", 0.0, 210.0)]), 1, 0)
    called = log[log[:, KIND] == HEARD]
    assert called[:, [DESTINATION, FIRST]].tolist() == [[element(case, "node0"), 7]]
    answered = log[(log[:, KIND] == REPORT_TO) & (log[:, DESTINATION] == element(case, "battery0"))]
    assert answered[:, TIME].tolist() == [210 * SECOND_US + 2 * LOOKAHEAD]


def test_nothing_supports_from_afar_what_a_battery_without_a_link_launched() -> None:
    # Engage on remote: the interceptor of battery 0 flies on the track of radar 1, which is not its own.
    case = Case(1, 1.0, radars=2, shots_in_time=1)
    laid_out = raid_inputs(case)
    cover = laid_out.cover.copy()
    cover[0] = -1
    remote = replace(laid_out, cover=cover, doctrine=replace(laid_out.doctrine, remote_support=True))
    whole = many_rows(build_raid_model(remote), 1, 0, 1)[0]
    torn = many_rows(build_raid_model(remote, [cut(case, "battery0", 290.0)]), 1, 0, 1)[0]
    mended = many_rows(build_raid_model(remote, [cut(case, "battery0", 290.0, 295.0)]), 1, 0, 1)[0]
    assert (whole[KILLS], whole[UNSUPPORTED_SHOTS]) == (1, 0)
    assert (torn[KILLS], torn[UNSUPPORTED_SHOTS]) == (0, 1)
    assert (mended[KILLS], mended[UNSUPPORTED_SHOTS]) == (1, 0)
    log = log_of(build_raid_model(remote, [cut(case, "battery0", 290.0, 295.0)]), 1, 0)
    assert seconds(events(log, SUPPORT, element(case, "battery0")))[1] == 295.0


def test_a_hub_without_a_link_orders_nothing_and_takes_up_what_still_flies_when_heard_again() -> None:
    case = Case(1, 1.0, shots_in_time=8)
    lost = many_rows(build_raid_model(raid_inputs(case), [cut(case, "node0", 110.0)]), 1, 0, 1)[0]
    assert (lost[SHOTS], lost[LEAKERS]) == (0, 1)
    laid_out = build_raid_model(raid_inputs(case), [cut(case, "node0", 110.0, 400.0)])
    back, log = many_rows(laid_out, 1, 0, 1)[0], log_of(laid_out, 1, 0)
    assert (back[SHOTS], back[KILLS]) == (1, 1)
    assert seconds(log[log[:, KIND] == ORDER]) == [400.0]


def test_a_radar_lost_after_its_link_is_missed_all_the_same() -> None:
    case = Case(1, 0.0)
    lost = [cut(case, "radar0", 250.0), Loss(element(case, "radar0"), 255.0)]
    ended = events(log_of(build_raid_model(raid_inputs(case), lost), 1, 0), TRACK_OFF, element(case, "node0"))
    assert seconds(ended) == [265.0]


def test_a_link_that_is_lost_twice_was_lost_the_first_time() -> None:
    case = Case(1, 0.0)
    lost = [cut(case, "radar0", 250.0), cut(case, "radar0", 255.0)]
    assert seconds(
        events(log_of(build_raid_model(raid_inputs(case), lost), 1, 0), TRACK_OFF, element(case, "node0"))
    ) == [260.0]


def test_a_hub_looks_again_at_what_it_last_saw_while_its_link_was_lost() -> None:
    # The shot misses at 300 s, five seconds after the cut: the hub has no word of it, and fires again at 400 s.
    case = Case(1, 0.0, shots_in_time=8)
    log = log_of(build_raid_model(raid_inputs(case), [cut(case, "node0", 295.0, 400.0)]), 1, 0)
    assert seconds(log[log[:, KIND] == ORDER])[1] == 400.0


def test_a_hub_heard_again_gives_every_battery_another_chance() -> None:
    # The battery is down for the first order, and nobody says that it works again.
    case = Case(1, 1.0, shots_in_time=8)
    lost = [Loss(element(case, "battery0"), 0.0, 150.0), cut(case, "node0", 200.0, 250.0)]
    assert many_rows(build_raid_model(raid_inputs(case), lost[:1]), 1, 0, 1)[0][SHOTS] == 0
    assert many_rows(build_raid_model(raid_inputs(case), lost), 1, 0, 1)[0][SHOTS] == 1


def test_a_hub_counts_no_interceptor_that_it_could_not_order() -> None:
    case = Case(1, 1.0, count=1, shots_in_time=8)
    assert many_rows(build_raid_model(raid_inputs(case), [cut(case, "node0", 110.0, 400.0)]), 1, 0, 1)[0][SHOTS] == 1


def test_a_region_heard_again_asks_its_own_radars() -> None:
    case = Case(1, 0.0, batteries=2, radars=2, form="regional")
    log = log_of(build_raid_model(raid_inputs(case), [cut(case, "node0", 200.0, 205.0)]), 1, 0)
    asked = log[(log[:, KIND] == REPORT_TO) & (log[:, SOURCE] == element(case, "node0"))]
    assert sorted(asked[:, DESTINATION].tolist()) == [element(case, "radar0"), element(case, "battery0")]


def test_a_unit_cut_off_does_not_plan_on_radars_that_it_cannot_hear() -> None:
    # Engage on remote, own radar blind from 200 s on: the other radar would support, but not without the net.
    case = Case(1, 0.0, batteries=2, radars=2, form="mesh")
    laid_out = raid_inputs(case)
    cover = laid_out.cover.copy()
    cover[0, 0, 0] = (100, 200, 100)
    remote = replace(laid_out, cover=cover, doctrine=replace(laid_out.doctrine, remote_support=True))
    fired = [
        np.count_nonzero(events(log_of(build_raid_model(remote, lost), 1, 0), LAUNCH, element(case, "battery0")))
        for lost in ([], [cut(case, "battery0", 104.0)])
    ]
    assert fired[0] > 0
    assert fired[1] == 0


def test_the_alternate_takes_over_from_a_node_without_a_link_unless_it_is_heard_in_time() -> None:
    case = Case(2, 0.7, batteries=2, radars=2, form="hub_hot")
    for repair, switches, first in ((None, 1, []), (400.0, 1, [1]), (205.0, 0, [0])):
        log = log_of(build_raid_model(raid_inputs(case), [cut(case, "node0", 200.0, repair)]), 1, 0)
        assert np.count_nonzero(log[:, KIND] == SWITCH) == switches
        assert log[log[:, KIND] == MENDED][:, FIRST].tolist() == first


def test_of_two_nodes_that_both_worked_on_one_commands_after_the_cut() -> None:
    case = Case(6, 0.3, batteries=2, radars=2, form="hub_hot", interval=60.0)
    log = log_of(build_raid_model(raid_inputs(case), [cut(case, "node0", 150.0, 300.0)]), 1, 0)
    late = log[(log[:, KIND] == ORDER) & (log[:, TIME] > 301 * SECOND_US)]
    assert set(late[:, SOURCE].tolist()) == {element(case, "node1")}


def test_a_unit_cut_off_from_a_mesh_fights_on_and_may_fire_at_what_another_has() -> None:
    case = Case(4, 0.5, batteries=2, radars=2, form="mesh", shots_in_time=3)
    whole = many_rows(build_raid_model(raid_inputs(case)), 1, 0, 40)
    torn = many_rows(build_raid_model(raid_inputs(case), [cut(case, "battery0", 0.0)]), 1, 0, 40)
    assert whole[:, DUPLICATE_SHOTS].sum() == 0
    assert torn[:, DUPLICATE_SHOTS].sum() > 0
    assert torn[:, SHOTS].sum() > whole[:, SHOTS].sum()


def test_two_halves_of_a_net_number_their_tracks_apart() -> None:
    case = Case(1, 0.0, batteries=2, radars=2, form="mesh")
    rows = many_rows(build_raid_model(raid_inputs(case), [cut(case, "battery0", 500.0)]), 1, 0, 1)[0]
    doubled = rows[TRACKS_MS] - rows[TRACKED_MS]
    # Two pictures from the cut on, until cover ends.
    assert doubled == pytest.approx(1000 * (LAST_COVER_S - 500), abs=10)
    assert rows[TRACKED_MS] == pytest.approx(1000 * (LAST_COVER_S - TRACK_S), abs=10)


def test_an_organic_battery_needs_no_link() -> None:
    case = Case(3, 0.6, batteries=2, radars=2, form="organic")
    torn = [cut(case, name, 0.0) for name in ("battery0", "radar0", "battery1")]
    same = [index for index, name in enumerate(MEASURES) if name != "events"]
    np.testing.assert_array_equal(
        many_rows(build_raid_model(raid_inputs(case), torn), 1, 0, 20)[:, same],
        many_rows(raid_model(case), 1, 0, 20)[:, same],
    )


def with_links(case: Case, **chances: float) -> RaidInputs:
    laid_out = raid_inputs(case)
    groups = {"radar": "radars", "satellite": "satellites", "node": "nodes", "battery": "batteries"}
    for name, chance in chances.items():
        key, place = groups[name.rstrip("0123456789")], int(name[-1])
        entries = list(getattr(laid_out, key))
        entries[place] = replace(entries[place], link=chance)
        laid_out = replace(laid_out, **{key: entries})
    return laid_out


@pytest.mark.parametrize(
    ("chances", "repeats"),
    # The chance of a transmission from radar to node is the product of both links; 1/p - 1 repeats, a second each.
    [({"radar0": 0.5}, 1.0), ({"node0": 0.25}, 3.0), ({"radar0": 0.5, "node0": 0.5}, 3.0), ({"battery0": 0.1}, 0.0)],
)
def test_messages_are_repeated_by_the_links_they_pass(chances: dict[str, float], repeats: float) -> None:
    rows = many_rows(build_raid_model(with_links(Case(4), **chances)), 1, 0, 400)
    delay = rows[:, REPORT_DELAY_MS].sum() / rows[:, REPORTS].sum() / 1000.0
    assert delay == pytest.approx(repeats, rel=0.12, abs=0.01)


def test_a_link_that_always_works_changes_no_digit() -> None:
    case = Case(4, ideal=False, batteries=2, radars=2, form="hub_hot", latency=2.0)
    lossy = {"link_availability": 0.7}
    plain = build_raid_model(raid_inputs(replace(case, conditions=lossy)))
    other = build_raid_model(with_links(replace(case, conditions=lossy), radar1=1.0))
    np.testing.assert_array_equal(log_of(plain, 3, 0), log_of(other, 3, 0))


@st.composite
def cuts(draw: st.DrawFn, case: Case) -> list[Loss]:
    """Links and elements lost at some time, some of them repaired."""
    nodes = case.batteries if case.form in ("organic", "mesh") else 1 if case.form == "hub" else 2
    elements = case.radars + 1 + nodes + case.batteries
    found = []
    for _ in range(draw(st.integers(1, 3))):
        time = draw(st.sampled_from((0.0, 80.0, 130.0, 210.0, 300.0, 420.0)))
        after = draw(st.sampled_from((None, 5.0, 90.0)))
        lost = case.threats + draw(st.integers(0, elements - 1))
        until = time + 40.0 if draw(st.booleans()) else None
        repair = None if after is None else (until or time) + after
        found.append(Loss(lost, time, repair, until, draw(st.sampled_from((True, True, False)))))
    return found


def nothing_passes_a_lost_link(raid: RaidModel, log: np.ndarray) -> None:
    """Follow the cuts of a log, and require that no message over the network is sent or handled by what is cut off."""
    lost: set[int] = set()
    since: dict[int, int] = {}
    first_node, first_battery = int(raid.fixed[FIRST_NODE]), int(raid.fixed[FIRST_BATTERY])
    first_radar, elements = int(raid.fixed[FIRST_RADAR]), int(raid.fixed[FIRST_BATTERY]) + raid.batteries
    for event in log:
        source, destination = int(event[SOURCE]), int(event[DESTINATION])
        if event[KIND] == CUT:
            lost.add(destination)
            since[destination] = int(event[TIME])
        elif event[KIND] == MENDED:
            lost.discard(destination)
        if event[OUTCOME] == UNHEARD:
            assert destination in lost
            continue
        if destination not in lost or source == destination or source >= elements or source < first_radar:
            continue
        near, far = sorted((source, destination))  # handled although cut off: they must stand side by side
        node, other = (near, far) if near >= first_node else (far, near)
        if near >= first_radar and far >= first_battery and near < first_node:
            continue  # a radar and its own battery
        assert first_node <= node < first_battery
        if other >= first_battery:
            assert listens(raid.fixed, node - first_node, other - first_battery) == AT_ONCE
        else:
            assert hears(raid.fixed, node - first_node, other - first_radar) == AT_ONCE


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(0, 1000))
def test_accounts_balance_whatever_links_are_lost(data: st.DataObject, seed: int) -> None:
    case = data.draw(cases())
    raid = build_raid_model(raid_inputs(case), data.draw(cuts(case)))
    balances(raid, seed)
    nothing_passes_a_lost_link(raid, log_of(raid, seed, 0))


@settings(max_examples=30, deadline=None)
@given(cases(), st.integers(0, 1000), st.data())
def test_nothing_before_the_cut_changes(case: Case, seed: int, data: st.DataObject) -> None:
    elements = int(build_raid_model(raid_inputs(case)).fixed[FIRST_BATTERY]) + case.batteries
    lost = data.draw(st.integers(case.threats, elements - 1))
    whole = log_of(build_raid_model(raid_inputs(case)), seed, 0)
    torn = log_of(build_raid_model(raid_inputs(case), [Loss(lost, 210.0, link=True)]), seed, 0)
    before = 210 * SECOND_US
    np.testing.assert_array_equal(whole[whole[:, TIME] < before], torn[torn[:, TIME] < before])


@settings(max_examples=30, deadline=None)
@given(cases(), st.integers(0, 1000))
def test_every_link_lost_leaves_each_battery_to_itself(case: Case, seed: int) -> None:
    """No order over the network is heard; a hub's batteries fire nothing, a mesh's what their own radars show."""
    first = case.threats
    elements = int(build_raid_model(raid_inputs(case)).fixed[FIRST_BATTERY]) + case.batteries
    raid = build_raid_model(raid_inputs(case), [Loss(number, 0.0, link=True) for number in range(first, elements)])
    rows = many_rows(raid, seed, 0, 4)
    assert (rows[:, KILLS] + rows[:, LEAKERS] == case.threats).all()
    assert (rows[:, SHOTS] + rows[:, INVENTORY_LEFT] == raid.magazine).all()
    if case.form not in ("mesh", "organic"):
        assert (rows[:, SHOTS] == 0).all()
