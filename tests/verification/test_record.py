"""The record of validation: every outside case, what the package carries, the page, what fails and what does not."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

import hoplon
from hoplon.errors import InputError
from hoplon.validation.case import KINDS, Case, KnownDifference, absolute
from hoplon.validation.models import models
from hoplon.validation.outcome import EXPLAINED, FAILED, NOT_RUN, PASSED, outcome_of
from hoplon.validation.record import Validation, cases, outcomes, validate, validation_table

ROOT = Path(__file__).resolve().parents[2]
LAST_DIGIT = 1e-6  # [1] relative: other processors and libraries round the last of nine digits otherwise


@pytest.fixture(scope="module")
def live() -> Validation:
    return validate()


def test_no_case_fails(live: Validation) -> None:
    failed = [f"{one.id} {one.quantity}: {one.got}, expected {one.expected}" for one in live.outcomes if not one.passed]
    assert live.passed, failed
    assert live.count(NOT_RUN) == 0


def test_what_lies_outside_and_is_explained_is_known(live: Validation) -> None:
    # The office's option of ships, and how many Koreans THAAD at Seongju defends; each explained in its case.
    assert [one.id for one in live.outcomes if one.outcome == EXPLAINED] == ["COV-02", "COST-2"]


def test_the_package_carries_the_record_that_hoplon_computes(live: Validation) -> None:
    carried = outcomes()
    assert [replace(one, got="") for one in carried] == [replace(one, got="") for one in live.outcomes]
    for mine, theirs in zip(carried, live.outcomes, strict=True):
        assert float(mine.got) == pytest.approx(float(theirs.got), rel=LAST_DIGIT, abs=1e-12), mine.id


@pytest.mark.parametrize("page", ["VALIDATION.md", "docs/validation.md"])
def test_the_page_is_what_hoplon_computes(live: Validation, page: str) -> None:
    # make validate writes both, and the record.
    assert (ROOT / page).read_text(encoding="utf-8") == live.page()


def test_every_case_names_a_model_a_kind_and_a_source_that_is_not_hoplon() -> None:
    names = [model.name for model in models()]
    assert len(names) == len(set(names))
    for case in cases():
        assert case.model in names, str(case)
        assert case.kind in KINDS, str(case)
        assert case.source, str(case)
        assert "hoplon" not in case.source.lower(), str(case)
        assert case.tolerance.reason, str(case)


def test_real_flights_statements_other_codes_and_the_office_are_rows() -> None:
    rows = outcomes()
    assert sum(one.id.startswith("LOF") and one.kind == "observed flight" and bool(one.url) for one in rows) == 7
    told = " ".join(f"{one.quantity} {one.source}" for one in rows)
    for wanted in (
        "THAAD at Seongju",
        "Aegis Ashore",
        "geographiclib",
        "pyerfa",
        "PROJ",
        "Congressional Budget Office",
    ):
        assert wanted in told


def test_models_that_no_case_reaches_are_listed(live: Validation) -> None:
    reached = {case.model for case in cases()}
    listed = [row["model"] for row in live.as_json()["models_without_case"]]
    assert listed == [model.name for model in models() if model.name not in reached]
    assert {"commit", "roles", "fusion"} <= set(listed)
    section = live.page().split("## Models that no outside case reaches")[1].split("\n## ")[0]
    assert all(f"- **{name}** (" in section for name in listed)


def made_up(got: float, **more: object) -> Case:
    return replace(Case("X-01", "x", "m", lambda: got, 10.0, absolute(1.0, "so"), "a book"), **more)  # type: ignore[arg-type]


KNOWN = KnownDifference(14.0, absolute(0.5, "explained there"), "because")


@pytest.mark.parametrize(
    ("case", "outcome", "passed"),
    [
        (made_up(10.9), PASSED, True),
        (made_up(11.1), FAILED, False),
        (made_up(math.nan), FAILED, False),
        (made_up(14.3, known=KNOWN), EXPLAINED, False),
        (made_up(15.0, known=KNOWN), FAILED, False),
        (made_up(10.0, known=KNOWN), PASSED, True),
        (made_up(10.0, needs=("math", "a_library_that_nobody_has")), NOT_RUN, None),
    ],
)
def test_a_known_difference_does_not_fail_and_one_that_moved_does(
    case: Case, outcome: str, passed: bool | None
) -> None:
    found = outcome_of(case)
    assert (found.outcome, found.passed) == (outcome, passed)
    assert Validation((found,)).passed == (outcome != FAILED)


def test_a_case_without_its_library_is_said_not_to_run() -> None:
    found = outcome_of(made_up(10.0, needs=("a_library_that_nobody_has",)))
    assert (found.got, found.explanation) == ("", "needs a_library_that_nobody_has")
    page = Validation((found,)).page()
    assert "Of 1 cases: 0 within their tolerance, 1 not run." in page
    assert "- **X-01**, x:" in page.split("## Not run")[1]


def test_some_of_the_cases_by_number_are_no_record(tmp_path: Path) -> None:
    found = hoplon.validate("BAL-18")
    assert [one.id for one in found.outcomes] == ["BAL-18", "BAL-18"]
    assert found.as_json()["models_without_case"] is None
    with pytest.raises(InputError, match="a part of the cases is no record"):
        found.write(tmp_path / "VALIDATION.md")
    assert list(tmp_path.iterdir()) == []


def test_a_number_that_no_case_has_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match="begins with 'BALL'; they begin with GEO, BAL"):
        hoplon.validate(["BAL-18", "BALL"])


def test_the_caption_of_the_report_counts_what_lies_within_its_tolerance() -> None:
    within = sum(one.outcome == PASSED for one in outcomes())
    assert (
        f"of {len(outcomes()):,}, {within:,} within their tolerance, 2 outside, explained" in validation_table().title
    )
