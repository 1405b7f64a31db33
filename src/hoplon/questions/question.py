"""A finding: a plain sentence and the numbers that it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """A sentence and the numbers that it was made from.

    Parameters
    ----------
    question : str
        ``Q1`` to ``Q4``, ``Q7``, ``Q8`` or ``Q9``.
    sentence : str
        Plain words.
    numbers : mapping
        Name to value.
    subject : str
        Architecture that it goes on about; findings of one subject belong together.
    """

    question: str
    sentence: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    subject: str = ""
