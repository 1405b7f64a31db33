"""Losses of elements: how they are written, and the moments that are drawn for them."""

from __future__ import annotations

import numpy as np
import pytest

from hoplon.analysis.raid.result import raid_setup
from hoplon.backbone.losses import NamedLoss, loss_of
from hoplon.backbone.messages import CUT, DESTINATION, FAIL, KIND, MENDED, REPAIR, SECOND_US, SWITCH, TIME
from hoplon.backbone.raid_model import Loss, build_raid_model
from hoplon.backbone.replications import log_of
from hoplon.errors import InputError, UnknownNameError
from hoplon.scenario.load import load_scenario
from raid_cases import Case, element, raid_inputs

REPLICATIONS = 300


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kurecik@60", NamedLoss("kurecik", 60.0, None, None)),
        ("kurecik@1.5e2-300", NamedLoss("kurecik", 150.0, None, 300.0)),
        ("kurecik@60..300", NamedLoss("kurecik", 60.0, 300.0, None)),
        ("kurecik/link@60", NamedLoss("kurecik", 60.0, None, None, True)),
        ("deveselu (unit)/link@60..90-300", NamedLoss("deveselu (unit)", 60.0, 90.0, 300.0, True)),
        (" assumed hub@0..90.5-1e3 ", NamedLoss("assumed hub", 0.0, 90.5, 1000.0)),
    ],
)
def test_a_loss_is_read(text: str, expected: NamedLoss) -> None:
    assert loss_of(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kurecik", "ELEMENT@SECONDS"),
        ("kurecik@soon", "ELEMENT@SECONDS"),
        ("kurecik@60..", "ELEMENT@SECONDS"),
        ("kurecik/link", "ELEMENT/link is its link alone"),
        ("kurecik@-5..60", "before the first launch"),
        ("kurecik@300..60", "a stretch that ends"),
        ("kurecik@0..9000", "a stretch that ends"),
        ("kurecik@60..300-200", "repaired at 200 s"),
        ("kurecik@2e9", "no time of a raid"),
    ],
)
def test_a_loss_that_cannot_be_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        loss_of(text)


def moments(form: str, name: str, kind: int, repair: float | None = None, *, link: bool = False) -> np.ndarray:
    """Return the times of a kind of event at an element lost between 60 and 300 s, in each replication [s]."""
    case = Case(2, 0.7, batteries=2, radars=2, form=form)
    model = build_raid_model(raid_inputs(case), [Loss(element(case, name), 60.0, repair, 300.0, link)])
    found = []
    for replication in range(REPLICATIONS):
        log = log_of(model, 4, replication)
        mine = log[(log[:, KIND] == kind) & (log[:, DESTINATION] == element(case, name))]
        found.append(mine[:, TIME] / SECOND_US)
    return np.concatenate(found)


def test_the_moment_of_a_loss_is_drawn_evenly_from_its_stretch() -> None:
    times = moments("hub", "radar0", FAIL)
    assert len(times) == REPLICATIONS
    assert times.min() >= 60.0
    assert times.max() < 300.0
    assert len(np.unique(times)) == REPLICATIONS
    # Mean and standard deviation of an even distribution over 240 s, within 4 standard errors.
    assert abs(times.mean() - 180.0) < 4.0 * 240.0 / np.sqrt(12.0 * REPLICATIONS)
    assert abs(times.std() - 240.0 / np.sqrt(12.0)) < 4.0 * 240.0 / np.sqrt(60.0 * REPLICATIONS)


def test_every_architecture_loses_the_element_at_the_same_moment() -> None:
    np.testing.assert_array_equal(moments("hub", "radar0", FAIL), moments("mesh", "radar0", FAIL))


def test_the_moment_of_a_lost_link_is_drawn_apart_from_that_of_its_element() -> None:
    times, others = moments("hub", "radar0", CUT, link=True), moments("hub", "radar0", FAIL)
    assert abs(times.mean() - 180.0) < 4.0 * 240.0 / np.sqrt(12.0 * REPLICATIONS)
    assert abs(np.corrcoef(times, others)[0, 1]) < 4.0 / np.sqrt(REPLICATIONS)
    np.testing.assert_array_equal(times, moments("mesh", "radar0", CUT, link=True))


def test_a_battery_and_its_unit_lose_their_link_together() -> None:
    case = Case(2, 0.7, batteries=2, radars=2, form="mesh")
    log = log_of(build_raid_model(raid_inputs(case), [Loss(element(case, "battery0"), 60.0, 90.0, link=True)]), 4, 0)
    both = sorted([element(case, "node0"), element(case, "battery0")])
    for kind, time in ((CUT, 60), (MENDED, 90)):
        assert log[log[:, KIND] == kind][:, [TIME, DESTINATION]].tolist() == [[time * SECOND_US, e] for e in both]


def test_command_passes_after_the_drawn_moment_and_the_repair_stays_where_it_is() -> None:
    case = Case(2, 0.7, batteries=2, radars=2, form="hub_hot")
    node = element(case, "node0")
    model = build_raid_model(raid_inputs(case), [Loss(node, 60.0, 400.0, 300.0)])
    for replication in range(20):
        log = log_of(model, 4, replication)
        lost = log[(log[:, KIND] == FAIL) & (log[:, DESTINATION] == node), TIME]
        passed = log[log[:, KIND] == SWITCH, TIME]
        np.testing.assert_array_equal(passed - lost, [round(raid_inputs(case).conditions.hot_switch * SECOND_US)])
        assert log[(log[:, KIND] == REPAIR) & (log[:, DESTINATION] == node), TIME] / SECOND_US == [400.0]


def test_a_battery_and_its_unit_are_lost_together() -> None:
    case = Case(2, 0.7, batteries=2, radars=2, form="mesh")
    model = build_raid_model(raid_inputs(case), [Loss(element(case, "battery0"), 60.0, None, 300.0)])
    for replication in range(20):
        log = log_of(model, 4, replication)
        lost = log[log[:, KIND] == FAIL, TIME]
        assert len(lost) == 2
        assert lost[0] == lost[1]


def test_what_plays_no_part_is_lost_without_effect_and_that_is_said() -> None:
    toy = load_scenario("toy")
    setup = raid_setup(toy, "fast", "four", c2="organic", lose=("hub@60", "kurecik@60"))
    told = [note for note in setup.notes if note.endswith("its loss changes nothing")]
    assert told == ["hub plays no part in this information architecture: its loss changes nothing"]
    assert "hub" not in setup.elements
    assert "kurecik" in setup.elements


def test_an_element_that_the_architecture_has_not_cannot_be_lost() -> None:
    toy = load_scenario("toy")
    with pytest.raises(UnknownNameError, match="element of fast in --lose"):
        raid_setup(toy, "fast", "four", lose=("deveselu@60",))
