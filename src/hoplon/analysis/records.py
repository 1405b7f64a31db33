"""What every answer of the library can do in a notebook: a line, rows, a frame, a small table."""

from __future__ import annotations

import html
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]
_MOST_SHOWN: Final = 20  # rows of a table in a notebook


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


def html_of(line: str, rows: Sequence[Row]) -> str:
    """Return a line and a table of the first rows as HTML; everything in them is escaped."""
    parts = [f"<p><strong>{html.escape(line)}</strong></p>"]
    if rows:
        heads = "".join(f"<th>{html.escape(str(key))}</th>" for key in rows[0])
        lines = "".join(
            f"<tr>{''.join(f'<td>{html.escape(_shown(value))}</td>' for value in row.values())}</tr>"
            for row in rows[:_MOST_SHOWN]
        )
        parts.append(f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>")
    if len(rows) > _MOST_SHOWN:
        parts.append(f"<p>and {len(rows) - _MOST_SHOWN:,} rows more</p>")
    return "".join(parts)


def _shown(value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


def place_words(place: tuple[float, float]) -> str:
    """Return latitude and longitude [deg] as options are written: ``44.43,26.1``."""
    return f"{place[0]:g},{place[1]:g}"
