"""Estimates with their intervals as sentences and tables say them, and what is said where there is nothing to say."""

from __future__ import annotations

import pytest

from hoplon.analysis.raid.levels import KillBounds
from hoplon.backbone.statistics import Estimate
from hoplon.presentation.estimates import (
    bounded_share,
    differs_from_zero,
    format_difference,
    format_estimate,
    format_points,
    format_share,
)

NOTHING = Estimate(None, None, None)
SPACE = "\N{NO-BREAK SPACE}"


def plain(text: str) -> str:
    return text.replace(SPACE, " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_share_has_its_interval_and_the_bounds_of_kill_probability() -> None:
    share = Estimate(0.2, 0.18, 0.234)
    assert plain(format_share(share)) == "20 % (18 % to 23 %)"
    assert plain(bounded_share(share, None)) == "20 % (18 to 23)"
    assert plain(bounded_share(share, KillBounds(0.09, 0.41))) == "20 % (18 to 23) [9 to 41]"


def test_what_is_nearly_all_or_nearly_nothing_is_not_said_to_be_all_or_nothing() -> None:
    assert plain(format_share(Estimate(0.002, 0.0, 0.004))) == "under 1 % (0 % to under 1 %)"
    assert plain(format_share(Estimate(0.998, 0.995, 1.0))) == "over 99 % (over 99 % to 100 %)"


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (Estimate(1.234, 1.0, 1.5), "1.23 (1.00 to 1.50)"),
        (Estimate(2.0, 2.0, 2.0), "2.00"),  # the same each time: no interval
        (Estimate(3.0, None, None), "3.00"),
        (NOTHING, "none"),
    ],
)
def test_a_number_has_its_interval_unless_it_was_the_same_each_time(estimate: Estimate, said: str) -> None:
    assert format_estimate(estimate) == said


@pytest.mark.parametrize(
    ("estimate", "said", "differs"),
    [
        (Estimate(-0.051, -0.08, -0.02), "-5.1 points (-8.0 to -2.0)", True),
        (Estimate(0.051, 0.02, 0.08), "+5.1 points (+2.0 to +8.0)", True),
        (Estimate(0.01, -0.02, 0.04), "+1.0 points (-2.0 to +4.0)", False),
        (Estimate(0.0, 0.0, 0.0), "no difference", False),
        (NOTHING, "no difference known", False),
    ],
)
def test_a_difference_is_signed_and_says_where_none_is_known(estimate: Estimate, said: str, differs: bool) -> None:
    assert format_difference(estimate) == said
    assert differs_from_zero(estimate) is differs


def test_a_size_has_no_plus_sign() -> None:
    assert format_points(Estimate(0.051, 0.02, 0.08)) == "5.1 points (2.0 to 8.0)"
    assert format_points(NOTHING) == "unknown size"
