from __future__ import annotations

import pytest

from hoplon.sensing.radar import range_against
from verification.horizon import CASES
from verification.table import Case


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_published_horizon_comes_out(case: Case) -> None:
    case.check()


def test_sixteen_times_the_cross_section_doubles_the_range() -> None:
    # Skolnik, Introduction to Radar Systems, 3rd ed. 2001, eq. 1.8: range goes as the fourth root of cross-section.
    assert range_against(310e3, 0.03, 0.48, 1e9) == pytest.approx(620e3, rel=1e-12)


def test_the_instrumented_range_bounds_the_range_against_a_large_cross_section() -> None:
    assert range_against(310e3, 0.03, 300.0, 1000e3) == 1000e3
