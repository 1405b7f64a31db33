"""What every test shares: no study prints a PDF unless its test says so, for a browser takes seconds.

Tests of an extra that is not installed are left out, as those of a browser are; on the build server they fail.
"""

import os
from importlib.util import find_spec

import pytest

os.environ["HOPLON_BROWSER"] = ""
_OF_EXTRAS = {"SALib": "unit/test_indices_by_salib.py", "geopandas": "unit/test_read_back_by_geopandas.py"}
collect_ignore = [file for extra, file in _OF_EXTRAS.items() if not (find_spec(extra) or os.environ.get("CI"))]

_LONGEST_FIRST = (
    "test_report_in_browser.py",
    "test_against_oracle.py",
    "test_kills.py",
    "test_robust_command.py",
    "test_manual_blocks.py",
    "test_small_studies.py",
    "test_comprehensive_in_browser.py",
    "test_fuzz.py",
    "test_campaign.py",
    "test_cold_study.py",
    "test_federation_elsewhere.py",
    "test_report_study.py",
    "test_filters_against_the_bound.py",
    "test_filters_look_by_look.py",
    "test_corners_of_the_study.py",
    "test_work_beside.py",
    "test_dask_alone.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that at the end no worker waits for the other."""
    place = {name: number for number, name in enumerate(_LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))
