"""Path data in fewer characters lead through the same places."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoplon.presentation.svg_paths import in_tenths, shortened

hundredths = st.integers(-300_000, 300_000)
points = st.tuples(hundredths, hundredths)
SIZES = {"M": 1, "L": 1, "Q": 2, "C": 3}
curves = st.sampled_from(["L", "Q", "C"]).flatmap(
    lambda letter: st.tuples(st.just(letter), st.lists(points, min_size=SIZES[letter], max_size=SIZES[letter]))
)
subpaths = st.tuples(points, st.lists(curves, max_size=6), st.booleans())


def absolute(path: list[tuple[str, list[tuple[int, int]]]]) -> str:
    """As Matplotlib writes it: a command a line, absolute places."""
    lines = [" ".join([letter, *(f"{x / 100:g} {y / 100:g}" for x, y in places)]) for letter, places in path]
    return " \n".join(lines)


def followed(data: str) -> list[tuple[str, list[tuple[int, int]]]]:
    """Read relative path data by the letter of SVG 1.1, 8.3, and return absolute commands in hundredths."""
    found: list[tuple[str, list[tuple[int, int]]]] = []
    here = start = (0, 0)
    for letter, text in re.findall(r"([mlqcz])([^mlqcz]*)", data):
        if letter == "z":
            found.append(("z", []))
            here = start
            continue
        numbers = [round(float(token) * 100) for token in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)]
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        command = letter.upper()
        while pairs:
            size = SIZES[command]
            places = [(here[0] + dx, here[1] + dy) for dx, dy in pairs[:size]]
            pairs, here = pairs[size:], places[-1]
            found.append((command, places))
            if command == "M":
                start, command = here, "L"
    return found


@given(st.lists(subpaths, min_size=1, max_size=4))
def test_a_shortened_path_leads_through_the_same_places(
    drawn: list[tuple[tuple[int, int], list[tuple[str, list[tuple[int, int]]]], bool]],
) -> None:
    path: list[tuple[str, list[tuple[int, int]]]] = []
    for begin, commands, closed in drawn:
        path += [("M", [begin]), *commands, *([("z", [])] if closed else [])]
    assert followed(shortened(absolute(path))) == path


@pytest.mark.parametrize(
    ("given_data", "expected"),
    [
        ("M 10 20 \nL 30 20 \nL 30 5.126 \nz\n", "m10 20 20 0 0-14.87z"),
        ("M 0.5 0 \nM 1 0 \nL 1.004 0 \n", "m.5 0m.5 0 0 0"),
        ("", ""),
    ],
)
def test_paths_written_by_hand(given_data: str, expected: str) -> None:
    assert shortened(given_data) == expected


@given(st.lists(points, min_size=2, max_size=40))
def test_a_path_in_tenths_leads_past_every_place_within_half_a_tenth(places: list[tuple[int, int]]) -> None:
    (x, y), *rest = places
    given_data = shortened(f"M {x / 100} {y / 100} " + " ".join(f"L {a / 100} {b / 100}" for a, b in rest))
    reached = [place for _, ends in followed(in_tenths(given_data)) for place in ends]
    assert all(number % 10 == 0 for place in reached for number in place)
    for place in places:
        assert min(max(abs(place[0] - a), abs(place[1] - b)) for a, b in reached) <= 5
    assert all(before != after for before, after in pairwise(reached))


def test_paths_in_tenths_written_by_hand() -> None:
    assert in_tenths("m10 20 20 .04 0-14.87z") == "m10 20 20 0 0-14.8z"
    assert in_tenths("m0 0 .04 0 .04 0 .04 0") == "m0 0 .1 0"  # steps add up before they are rounded
    assert in_tenths("m1 1 0 3zm5 5 1 0") == "m1 1 0 3zm5 5 1 0"
