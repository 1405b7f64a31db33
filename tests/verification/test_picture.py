"""The rows TRK-04 and TRK-05 of the verification table."""

from __future__ import annotations

import pytest

from hoplon.validation.case import Case
from hoplon.validation.picture import CASES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_distance_of_two_pictures_is_the_published_one(case: Case) -> None:
    case.check()
