"""What may be said between elements of a federation: all that a raid says, and nothing that leaves its tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from hoplon.backbone import messages as on
from hoplon.backbone.federation.event_rules import EventRules
from hoplon.backbone.layout import ELEMENTS
from hoplon.backbone.replications import log_of
from raid_cases import Case, element, raid_model

CASE = Case(threats=4, batteries=2, radars=2, latency=1.0, ideal=False, form="hub", kill=0.5)
FORMS = ("organic", "hub", "hub_hot", "hub_cold", "regional", "mesh")


def said(case: Case, replications: int = 10) -> Iterator[tuple[int, ...]]:
    """Return every event of some replications that one element sends another."""
    model = raid_model(case)
    for replication in range(replications):
        for row in log_of(model, 1, replication):
            if row[on.DESTINATION] != row[on.SOURCE]:
                yield tuple(row[: on.EVENT_COLUMNS].tolist())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "more", [{}, {"conditions": {"wrong_association": 0.5}}, {"conditions": {"every_look": True, "fallback": 60.0}}]
)
def test_whatever_a_raid_says_may_be_said(form: str, more: dict[str, dict[str, object]]) -> None:
    case = replace(CASE, form=form, **more)
    losses = (("radar0", 150.0), ("battery1", 200.0), ("node0", 250.0))
    for lost in ((), losses):
        given = replace(case, losses=lost)
        rules = EventRules(raid_model(given))
        events = list(said(given))
        assert len(events) > 50
        refused = [event for event in events if not rules.allow(event)]
        assert refused == []


@pytest.mark.parametrize("form", FORMS)
def test_no_number_may_leave_the_tables_of_the_raid(form: str) -> None:
    case = replace(CASE, form=form)
    model = raid_model(case)
    rules, elements = EventRules(model), int(model.fixed[ELEMENTS])
    for event in set(said(case, 3)):
        for column, wrong in (
            (on.TIME, 1 << 62),
            (on.TIME, -2),
            (on.DESTINATION, elements),
            (on.DESTINATION, -1),
            (on.SOURCE, elements + 2),
            (on.SOURCE, -1),
            (on.SEQUENCE, -1),
            (on.SEQUENCE, 1 << 40),
            (on.KIND, 99),
            (on.THREAT, 300),
            (on.THREAT, 10**9),
            (on.THREAT, -2),
            (on.FIRST, 1 << 62),
            (on.SECOND, 1 << 62),
        ):
            changed = list(event)
            changed[column] = wrong
            assert not rules.allow(tuple(changed)), (event, column, wrong)


def test_nobody_speaks_in_the_name_of_another_or_gives_orders_that_are_not_his_to_give() -> None:
    rules = EventRules(raid_model(CASE))
    hub, radar, battery = (element(CASE, name) for name in ("node0", "radar0", "battery0"))
    order = (10**8, battery, hub, 0, on.ORDER, 0, 400 * on.WINDOW + 500, 1)
    assert rules.allow(order, hub)
    assert not rules.allow(order, radar)
    assert not rules.allow((10**8, battery, radar, 0, *order[4:]), radar)
    other = element(CASE, "radar1") - radar
    assert not rules.allow((10**8, hub, radar, 0, on.TRACK_ON, 0, other, 10**7), radar)
    assert not rules.allow((10**8, hub, radar, 0, on.TRACK_OFF, -1, 0, on.COVER_ENDED), radar)
    assert not rules.allow((10**8, 1, battery, 0, on.INTERCEPT, 0, 0, 1), battery)
