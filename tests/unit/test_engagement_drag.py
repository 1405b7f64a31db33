"""What the air does to an engagement below 100 km."""

from functools import cache

import pytest

from hoplon.analysis.engagement import Engagement, engagement
from hoplon.errors import InputError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

ADANA = (37.0, 35.4)


@cache
def nato() -> Scenario:
    return load_scenario("nato-europe")


@cache
def judged(drag: bool) -> Engagement:
    return engagement(nato(), "phase-2-allied", "tabriz", ADANA, "mrbm-1300", year=2030, drag=drag)


def test_drag_gives_the_lower_layer_more_time_and_no_more_than_the_air_takes() -> None:
    plain, slowed = (judged(drag).batteries["patriot-adana-esp"] for drag in (False, True))
    assert plain.last_intercept_s is not None
    assert slowed.last_intercept_s is not None
    # The manual's table of the numeric tier: the impact of this class over 1,200 km comes about 8 s later.
    assert 2.0 < slowed.last_intercept_s - plain.last_intercept_s < 12.0
    low, high = (float(limit) for limit in nato().interceptors["pac3"].intercept_altitude_km)
    assert all(low <= shot.altitude_km <= high for shot in slowed.intercepts)


def test_drag_leaves_the_upper_layer_and_the_radars_as_they_are() -> None:
    plain, slowed = judged(False), judged(True)
    low = {name for name in plain.batteries if name.startswith(("patriot", "sampt"))}
    assert low
    assert set(plain.batteries) - low
    for name in set(plain.batteries) - low:
        assert slowed.batteries[name] == plain.batteries[name]
    assert slowed.radars == plain.radars
    assert list(slowed.batteries) == list(plain.batteries)


def test_drag_without_a_ballistic_coefficient_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"threats\.mrbm: drag needs ballistic_coefficient_kg_m2"):
        engagement(load_scenario("toy"), "fast", "northwest", (44.43, 26.10), "mrbm", drag=True)
