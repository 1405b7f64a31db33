"""The page of data sources against the data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_generated_tables_of_the_page_are_up_to_date() -> None:
    command = [sys.executable, str(ROOT / "tools" / "data_sources.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_carries_the_attribution_of_the_places() -> None:
    page = (ROOT / "docs" / "data-sources.md").read_text(encoding="utf-8")
    assert "GeoNames" in page
    assert "CC BY 4.0" in page
