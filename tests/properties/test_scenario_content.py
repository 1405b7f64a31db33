"""Whatever value of a scenario is changed to, its digest tells, and what is written is read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

import scenario_samples as samples
from hoplon.scenario.load import load_scenario, read_again
from hoplon.scenario.model import Cited, Scenario

SMALL = load_scenario(samples.SMALL)
NUMBERS = st.floats(10.0, 20_015.0)
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40)
CITED = st.builds(
    lambda numbers, source, note, derived: Cited(
        numbers[1], numbers[0], numbers[2], source, "derived" if derived else "published" if source else "assumed", note
    ),
    st.tuples(NUMBERS, NUMBERS, NUMBERS).map(sorted),
    st.sampled_from((None, "report")),
    TEXTS,
    st.booleans(),
)


def with_source(citation: str, greatest: Cited, boresights: list[float]) -> Scenario:
    medium = replace(SMALL.threats["medium"], max_range_km=greatest, min_range_km=Cited(0.0))
    medium = replace(medium, burnout_ground_range_km=Cited(5.0))
    eye = replace(SMALL.elements["eye"], boresights_deg=tuple(map(Cited, boresights)))
    return replace(
        SMALL,
        threats={"medium": medium},
        elements={**SMALL.elements, "eye": eye},
        sources={"report": replace(SMALL.sources["report"], citation=citation)},
    )


PARTS = st.tuples(TEXTS, CITED, st.lists(st.floats(-180.0, 180.0), unique=True, max_size=4))


@given(PARTS, PARTS)
def test_digests_are_equal_if_the_content_is(
    one: tuple[str, Cited, list[float]], other: tuple[str, Cited, list[float]]
) -> None:
    first, second = with_source(*one), with_source(*other)
    assert (first.sha256 == second.sha256) == (first == second)
    assert with_source(*one).sha256 == first.sha256


@given(PARTS)
def test_what_is_written_is_read_back(parts: tuple[str, Cited, list[float]]) -> None:
    scenario = with_source(*parts)
    assert read_again(scenario) == scenario
    with TemporaryDirectory() as folder:
        file = Path(folder, "written.yaml")
        file.write_text(scenario.to_yaml(), encoding="utf-8")
        again = load_scenario(file)
    assert again == scenario
    assert again.sha256 == scenario.sha256
