"""What sentences, tables and figures call candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario


def candidate_title(scenario: Scenario, name: str) -> str:
    """Return the title of a candidate up to its first comma, or its name."""
    return (scenario.candidates[name].title or name).partition(",")[0]


def candidate_titles(scenario: Scenario, names: Sequence[str]) -> list[str]:
    """Return the titles of candidates."""
    return [candidate_title(scenario, name) for name in names]
