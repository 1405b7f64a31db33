"""The disputed inputs one at a time."""

from dataclasses import replace

import report_samples as samples
from hoplon.analysis.bounds import Bound, disputed_inputs
from hoplon.analysis.coverage import Coverage
from hoplon.analysis.coverage_solver import Asked
from hoplon.questions.comparison.disputed import OneAtATime, one_at_a_time
from hoplon.questions.comparison.findings import disputed_findings
from hoplon.scenario.geography import AimPoints

from .made_up import made_up, text

BOTH: tuple[Bound, Bound] = ("worse", "better")
INPUTS = disputed_inputs(samples.scenario())
FLAT = OneAtATime({"phase-1": 0.5}, {("phase-1", key, bound): 0.5 for key in INPUTS for bound in BOTH}, 10, INPUTS)


class LaterDecides(samples.Covers):
    """Made-up coverages whose reach depends on the time to a decision alone."""

    def __call__(self, asked: Asked, points: AimPoints) -> Coverage:
        stretch = 0.5 if asked.scenario.doctrine.decision_s.value == 200.0 else 1.0
        return samples.coverage(asked.scenario, asked.architecture, asked.level, points, stretch)


def test_the_input_that_moves_most_decides() -> None:
    found = one_at_a_time(samples.scenario(), LaterDecides(), samples.aim_points())
    assert found.most_sensitive("phase-1")[:2] == ("decision_time", "worse")
    assert found.moved["phase-1", "cross_section", "worse"] == found.base["phase-1"]
    assert found.cities == (samples.aim_points().population >= 100_000.0).sum()
    assert found.changes_any_share


def test_inputs_that_change_nothing_are_known_as_such() -> None:
    assert not one_at_a_time(samples.scenario(), samples.Covers(), samples.aim_points()).changes_any_share


def test_the_input_that_decides_is_named_with_its_bound() -> None:
    study = made_up()
    assert disputed_findings(study, None) == []
    assert "none of the disputed inputs" in text(disputed_findings(study, FLAT))
    moved = {**FLAT.moved, ("phase-1", "burnout_speed", "worse"): 0.9}
    found = disputed_findings(study, replace(FLAT, moved=moved))
    assert "the interceptor burnout speed matters most; slower interceptors alone change" in text(found)
    assert "from 50\u00a0% to 90\u00a0%" in text(found)
    assert found[0].numbers["moved"] == found[0].numbers["burnout_speed_worse"] == 0.9
