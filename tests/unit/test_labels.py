"""Labels that cover nothing."""

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

from hoplon.presentation.labels import Label, place_labels
from hoplon.presentation.picture import SETTINGS, new_figure


def a_map() -> Axes:
    axes = new_figure(5.0, 5.0).add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, 100.0)
    axes.set_ylim(0.0, 100.0)
    return axes


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


places = st.lists(st.tuples(st.floats(5.0, 95.0), st.floats(5.0, 95.0)), min_size=1, max_size=30)


@settings(max_examples=20, deadline=None)
@given(places)
def test_labels_that_may_be_left_out_never_cover_one_another(points: list[tuple[float, float]]) -> None:
    boxes = place_labels(a_map(), [Label(x, y, "Somewhere") for x, y in points])
    assert not any(overlap(a, b) for place, a in enumerate(boxes) for b in boxes[:place])


def test_a_label_keeps_off_a_symbol() -> None:
    symbol = (50.0, 50.0, 6.0)
    (box,) = place_labels(a_map(), [Label(50.0, 50.0, "Here", radius=6.0)], [symbol])
    centre, radius = 250.0, 6.0 * 100.0 / 72.0
    assert not overlap(box, (centre - radius, centre - radius, centre + radius, centre + radius))


def test_a_name_that_must_stand_is_written_even_in_a_crowd() -> None:
    crowd = [Label(50.0, 50.0, f"Site {number}", bold=True) for number in range(6)]
    assert len(place_labels(a_map(), crowd)) == 6


def test_a_label_is_measured_as_wide_as_it_is_drawn() -> None:
    axes = a_map()
    (box,) = place_labels(axes, [Label(20.0, 50.0, "Southern Adriatic ship", size=7.5, bold=True)])
    with mpl.rc_context(SETTINGS):
        drawn = axes.texts[0].get_window_extent()
    # The picture is drawn without hinting, where letters may run wider than hinted ones at this resolution.
    assert box[2] - box[0] == pytest.approx(drawn.width, abs=1.0)


def test_a_name_stands_elsewhere_where_its_first_place_is_taken() -> None:
    axes = a_map()
    (box,) = place_labels(axes, [Label(20.0, 20.0, "Ring", elsewhere=((80.0, 80.0),))], [(20.0, 20.0, 60.0)])
    assert box[0] > 250.0
    assert box[1] > 250.0
    assert place_labels(a_map(), [Label(20.0, 20.0, "Ring")], [(20.0, 20.0, 60.0)]) == []


def test_a_label_stays_inside_the_frame() -> None:
    (box,) = place_labels(a_map(), [Label(99.5, 99.5, "Corner of the map")])
    assert box[2] <= 500.0
    assert box[3] <= 500.0
