"""The record that the package carries is what the cases say and hoplon computes."""

from importlib import import_module

import pytest

from hoplon.validation.record import outcomes, validation_table

MODULES = ("flight", "horizon", "dynamic", "detection", "lethality", "picture")
CASES = [case for name in MODULES for case in import_module(f"verification.{name}").CASES]
LAST_DIGIT = 1e-6  # [1] relative: other processors and libraries round the last of nine digits otherwise


def test_every_case_stands_in_the_record_and_nothing_else() -> None:
    rows = [(one.id, one.quantity, one.unit, one.reason, one.source) for one in outcomes()]
    assert rows == [(one.id, one.quantity, one.unit, one.tolerance.reason, one.source) for one in CASES]
    for case, row in zip(CASES, outcomes(), strict=True):
        assert float(row.expected) == pytest.approx(case.expected, rel=1e-8, abs=1e-300), str(case)
        assert float(row.tolerance) == pytest.approx(case.tolerance.width(case.expected), rel=6e-3), str(case)


@pytest.mark.parametrize(("place", "case"), list(enumerate(CASES)), ids=str)
def test_the_record_has_what_hoplon_computes(place: int, case) -> None:
    found = outcomes()[place]
    assert case.compute() == pytest.approx(float(found.got), rel=LAST_DIGIT, abs=1e-12)
    assert found.within


def test_the_caption_counts_what_lies_within_its_tolerance() -> None:
    assert f"{len(CASES):,} of {len(CASES):,} within" in validation_table().title
