"""A line and a small table as a notebook shows them."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

_MOST_SHOWN: Final = 20  # rows of a table


def html_of(line: str, rows: Sequence[Mapping[str, Any]]) -> str:
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
