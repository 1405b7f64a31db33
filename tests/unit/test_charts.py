"""Charts say in words what they draw."""

import re

import numpy as np

from hoplon.presentation.charts.bars import Bar, ShareInterval, cause_bars, coverage_bars, integration_bars
from hoplon.presentation.charts.heat import Heat, share_table


def test_bars_say_their_intervals_and_who_is_not_threatened() -> None:
    bars = [
        Bar("One", ShareInterval(0.1, 0.2, 0.3), ShareInterval(0.0, 0.1, 0.2), "group"),
        Bar("Two", None, None, "group"),
    ]
    words = coverage_bars(bars, ("Title", "under"), "source", "bars").alternative
    assert "One 20 % (10 % to 30 %)" in words
    assert "Two" not in words


def test_a_heat_table_reads_its_cells_and_leaves_blanks_out() -> None:
    values = np.array([[0.5, np.nan], [1.0, 0.0]])
    table = Heat(("Here", "There"), ("a", "b"), (("", 2),), values, {})
    words = share_table(table, ("Title", "under"), "source", "heat").alternative
    assert "a: Here 50, There 100. b: There 0." in words


def test_levels_of_integration_are_read_with_their_shares() -> None:
    modes = {"organic": [0.1], "launch_on_remote": [0.2], "engage_on_remote": [0.3]}
    words = integration_bars(["North"], modes, ["organic"], ("Title", ""), "source", "integration").alternative
    assert "North: organic 10 %, launch on remote 20 %, engage on remote 30 %" in words


def test_causes_are_read_with_their_people() -> None:
    picture = cause_bars(
        ["North"], [{"too_low": 0.25, "out_of_reach": 0.75}], [4.0e6], ("Title", ""), "source", "causes"
    )
    assert "North: 4 million undefended" in picture.alternative
    assert "75 per cent out of reach" in picture.alternative


def test_a_dollar_is_drawn_as_a_dollar() -> None:
    for title in ("Costs $5 M or $10 M", r"A $\frac{a}{$ b"):
        drawn = coverage_bars([Bar(title, None, None, "$g$")], (title, "$u$"), "$s$", "bars").svg.decode()
        written = "".join(re.findall(r"<(?:text|tspan)[^>]*>([^<]*)", drawn))
        assert written.count("$") == 2 * title.count("$") + 6
