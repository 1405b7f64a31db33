"""What must hold of every raid that can be laid out: accounts that balance, and no effect before its cause."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hoplon.backbone.doctrine import FORMS
from hoplon.backbone.measures import INVENTORY_LEFT, KILLS, LEAKERS, MEASURES, SHOTS
from hoplon.backbone.messages import (
    DESTINATION,
    IMPACT,
    INTERCEPT,
    KILLED,
    KIND,
    LAUNCH,
    LAUNCHED,
    LEAKED,
    OUTCOME,
    SECOND_US,
    THREAT,
    TIME,
)
from hoplon.backbone.raid_model import (
    BatteryEntry,
    Loss,
    NodeEntry,
    RadarEntry,
    RaidInputs,
    RaidModel,
    build_raid_model,
)
from hoplon.backbone.replications import log_of, rows_of
from raid_cases import Case, element, raid_inputs

SAME = [index for index, name in enumerate(MEASURES) if name != "events"]
FOUGHT = [
    index for index, name in enumerate(MEASURES) if name != "events" and "tra" not in name and "report" not in name
]
REPLICATIONS = 6
chances = st.sampled_from((0.0, 0.1, 0.5, 0.9, 1.0))


@st.composite
def cases(draw: st.DrawFn, forms: tuple[str, ...] = tuple(FORMS)) -> Case:
    """Raids of a few missiles, radars and batteries, in any architecture, with errors, delays and failures."""
    ideal = draw(st.booleans())
    errors: dict[str, object] = {
        "link_availability": draw(st.sampled_from((0.3, 0.8, 1.0))),
        "false_kill": draw(chances),
        "false_survival": draw(chances),
        "common_threat": draw(st.sampled_from((0.0, 0.2))),
    }
    return Case(
        threats=draw(st.integers(1, 5)),
        kill=draw(chances),
        batteries=draw(st.integers(1, 3)),
        count=draw(st.integers(0, 4)),
        radars=draw(st.integers(1, 4)),
        salvo=draw(st.integers(1, 3)),
        look=draw(st.booleans()),
        shots_in_time=draw(st.integers(1, 3)),
        form=draw(st.sampled_from(forms)),
        latency=draw(st.sampled_from((0.0, 2.0, 15.0))),
        interval=draw(st.sampled_from((0.0, 3.0, 40.0))),
        detection=draw(st.sampled_from((0.3, 0.9, 1.0))),
        ideal=ideal,
        capacity=draw(st.sampled_from((0, 1, 2))),
        conditions={} if ideal else errors,
    )


@st.composite
def losses(draw: st.DrawFn, case: Case) -> list[Loss]:
    """Elements lost at some time, some of them repaired."""
    nodes = case.batteries if case.form in ("organic", "mesh") else 1 if case.form == "hub" else 2
    elements = case.radars + 1 + nodes + case.batteries
    found = []
    for _ in range(draw(st.integers(0, 2))):
        time = draw(st.sampled_from((0.0, 80.0, 130.0, 210.0, 300.0, 420.0)))
        span = draw(st.sampled_from((0.0, 0.0, 40.0)))  # the moment given, or drawn from a stretch
        after = draw(st.sampled_from((None, 5.0, 90.0)))
        lost = case.threats + draw(st.integers(0, elements - 1))
        repair, until = None if after is None else time + span + after, time + span if span else None
        found.append(Loss(lost, time, repair, until))
    return found


def balances(model: RaidModel, seed: int) -> None:
    """Require that each threat ends once and each interceptor is counted once, in measures and log alike."""
    rows = rows_of(model, seed, 0, REPLICATIONS)
    assert (rows >= 0).all()
    assert (rows[:, KILLS] + rows[:, LEAKERS] == model.threats).all()
    assert (rows[:, SHOTS] + rows[:, INVENTORY_LEFT] == model.magazine).all()
    for replication in range(2):
        log = log_of(model, seed, replication)
        killed = log[(log[:, KIND] == INTERCEPT) & (log[:, OUTCOME] == KILLED)]
        leaked = log[(log[:, KIND] == IMPACT) & (log[:, OUTCOME] == LEAKED)]
        assert sorted([*killed[:, THREAT], *leaked[:, THREAT]]) == list(range(model.threats))
        launched = log[(log[:, KIND] == LAUNCH) & (log[:, OUTCOME] == LAUNCHED)]
        assert len(launched) == rows[replication, SHOTS]
        met = log[log[:, KIND] == INTERCEPT]
        assert len(met) == len(launched)  # what is launched arrives once
        assert (np.diff(log[:, TIME]) >= 0).all()


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(0, 1000))
def test_every_threat_ends_once_and_every_interceptor_is_counted_once(data: st.DataObject, seed: int) -> None:
    case = data.draw(cases())
    balances(build_raid_model(raid_inputs(case), data.draw(losses(case))), seed)


def with_spares(given: RaidInputs, form: str) -> RaidInputs:
    """The same with a radar that covers nothing and a battery without interceptors."""
    blind = RadarEntry(901, 1.0, 4.0, 2.0, 0, False, True, 4.0)
    nodes = list(given.nodes)
    if form in ("organic", "mesh"):
        nodes.append(NodeEntry(902, "unit", len(given.batteries)))
    return replace(
        given,
        radars=[*given.radars, blind],
        nodes=nodes,
        batteries=[*given.batteries, BatteryEntry(903, 0, 0.0, ())],
        cover=np.concatenate([given.cover, np.full_like(given.cover[:1], -1)]),
        looks=np.concatenate([given.looks, np.zeros_like(given.looks[:1])]),
        launches=np.concatenate([given.launches, given.launches[:, :1]], axis=1),
        kill=np.concatenate([given.kill, given.kill[:1]]),
    )


@settings(max_examples=40, deadline=None)
@given(cases(), st.integers(0, 1000))
def test_elements_that_are_never_used_change_no_draw(case: Case, seed: int) -> None:
    plain = raid_inputs(case)
    one = rows_of(build_raid_model(plain), seed, 0, REPLICATIONS)
    other = rows_of(build_raid_model(with_spares(plain, case.form)), seed, 0, REPLICATIONS)
    units = case.form in ("organic", "mesh")  # a unit more is a picture more, and engages nothing
    same = FOUGHT if units else SAME
    np.testing.assert_array_equal(one[:, same], other[:, same])


def with_feed(case: Case, seen: bool = True) -> RaidInputs:
    """The same with a last radar that is a partner's: never tasked; ``seen`` False leaves it without cover."""
    plain = raid_inputs(case)
    feed = replace(plain.radars[-1], tasked=False)
    cover = plain.cover.copy()
    if not seen:
        cover[-1] = -1
    return replace(plain, radars=[*plain.radars[:-1], feed], cover=cover)


@settings(max_examples=8, deadline=None)
@given(cases(("hub", "hub_hot", "regional", "mesh")), st.integers(0, 1000))
def test_a_partner_feed_can_be_cut_at_every_event(case: Case, seed: int) -> None:
    """Accounts balance, and nothing that happened before the cut changes."""
    case = replace(case, radars=max(case.radars, 2), threats=min(case.threats, 3))
    given = with_feed(case)
    whole = log_of(build_raid_model(given), seed, 0)
    feed = element(case, f"radar{case.radars - 1}")
    for time in np.unique(whole[:, TIME]):
        cut = build_raid_model(given, [Loss(feed, float(time) / SECOND_US)])
        row, log = rows_of(cut, seed, 0, 1)[0], log_of(cut, seed, 0)
        assert row[KILLS] + row[LEAKERS] == case.threats
        assert row[SHOTS] + row[INVENTORY_LEFT] == cut.magazine
        before, after = whole[whole[:, TIME] < time], log[log[:, TIME] < time]
        np.testing.assert_array_equal(before, after)


@settings(max_examples=15, deadline=None)
@given(cases(("hub", "hub_hot", "regional", "mesh")), st.integers(0, 1000))
def test_a_feed_that_was_cut_at_once_is_a_feed_that_was_never_there(case: Case, seed: int) -> None:
    """The feed is never needed: without it the rest does all that it does where the feed sees nothing."""
    case = replace(case, radars=max(case.radars, 2))
    feed = element(case, f"radar{case.radars - 1}")
    cut = rows_of(build_raid_model(with_feed(case), [Loss(feed, 0.0)]), seed, 0, REPLICATIONS)
    never = rows_of(build_raid_model(with_feed(case, seen=False)), seed, 0, REPLICATIONS)
    np.testing.assert_array_equal(cut[:, SAME], never[:, SAME])


@settings(max_examples=10, deadline=None)
@given(cases(("hub", "hub_hot", "regional", "mesh")), st.integers(0, 1000))
def test_a_partner_feed_is_never_told_where_to_look(case: Case, seed: int) -> None:
    case = replace(case, radars=max(case.radars, 2))
    feed = element(case, f"radar{case.radars - 1}")
    log = log_of(build_raid_model(with_feed(case)), seed, 0)
    senders = set(log[log[:, DESTINATION] == feed][:, 2].tolist())
    model = build_raid_model(with_feed(case))
    threats, nodes_and_more = model.threats, int(model.fixed[9])
    told = [sender for sender in senders if threats <= sender and sender != feed and sender < nodes_and_more]
    assert told == []
