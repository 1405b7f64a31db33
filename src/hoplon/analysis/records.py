"""What every answer of the library can do in a notebook: a line, rows, a frame, a small table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hoplon.notebook import html_of

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]


class Answer(ABC):
    """An answer: one line that says what was asked and what came of it, and rows."""

    @abstractmethod
    def line(self) -> str:
        """Return what was asked and what came of it, in one line."""

    def rows(self) -> Sequence[Row]:
        """Return the rows of the answer; every row has the same keys, with the unit in the key."""
        return ()

    def as_frame(self) -> pd.DataFrame:
        """Return the rows as a table of pandas."""
        import pandas as pd

        return pd.DataFrame([dict(row) for row in self.rows()])

    def __repr__(self) -> str:
        """Return the line."""
        return f"<{type(self).__name__} {self.line()}>"

    def _repr_html_(self) -> str:
        """Show the line and the first rows in a notebook."""
        return html_of(self.line(), self.rows())


def place_words(place: tuple[float, float]) -> str:
    """Return latitude and longitude [deg] as options are written: ``44.43,26.1``."""
    return f"{place[0]:g},{place[1]:g}"
