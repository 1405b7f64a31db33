"""A coverage as a map to look around in: one page with its script, style and data, and nothing from outside."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from hoplon.errors import InputError
from hoplon.files import write_text
from hoplon.presentation.maps.coverage import DATA_SOURCES, LEVELS
from hoplon.presentation.picture import source_line
from hoplon.presentation.wording import capitalised, nation, percent
from hoplon.report.page import page_templates, template_source
from hoplon.report.views.map_data import map_data

if TYPE_CHECKING:
    from hoplon.analysis.coverage_answer import CoverageAnswer

_HEIGHT: Final = 620  # [px] in a notebook
_MOST_POINTS: Final = 200_000


@dataclass(frozen=True)
class InteractiveMap:
    """A map to look around in.

    Parameters
    ----------
    title : str
    html : str
        The page; it needs nothing but itself.
    """

    title: str
    html: str = field(repr=False)

    def write(self, path: str | Path) -> Path:
        """Write the page to a file and return its path.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        return write_text(Path(path), self.html)

    def _repr_html_(self) -> str:
        """Show the page in a notebook, in a frame that can run its script and nothing else."""
        return (
            f'<iframe sandbox="allow-scripts" title="{escape(self.title)}" width="100%" height="{_HEIGHT}" '
            f'style="border:0" srcdoc="{escape(self.html)}"></iframe>'
        )


def interactive_map(result: CoverageAnswer) -> InteractiveMap:
    """Return the map of a coverage at its base level, against the classes that count together.

    Parameters
    ----------
    result : CoverageAnswer

    Raises
    ------
    InputError
        If it has more than 200,000 points.
    """
    judged, scenario = result.base, result.scenario
    if len(judged.points) > _MOST_POINTS:
        raise InputError(
            f"explore: {_MOST_POINTS:,} points at most were expected, got {len(judged.points):,}; "
            "to_geodataframe() has no such limit"
        )
    data = map_data(result)
    summary = result.summary(level=judged.level)
    architecture = scenario.architecture(judged.architecture)
    year = "" if judged.year is None else f", {judged.year}"
    told = (
        f"no threatened {result.counted}"
        if summary.population_share is None
        else f"{percent(summary.population_share)} of the threatened {result.counted} defended"
    )
    title = f"{architecture.title}{year}: {told}"
    script, style = template_source("explore.js").strip(), template_source("explore.css").strip()
    packed = base64.b64encode(zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 9)).decode("ascii")
    page = (
        page_templates()
        .get_template("explore.html.j2")
        .render(
            title=title,
            subtitle=f"{capitalised(', '.join(data['classes'][place] for place in _together(result)))}; "
            f"{LEVELS[judged.level]}",
            script=Markup(script),
            script_hash=_digest(script),
            style=Markup(style),
            style_hash=_digest(style),
            data=packed,
            people=data["people"],
            kinds=data["kinds"],
            launches=bool(data["launches"]),
            land=any(data["points"]["land"]),
            off=data["off"],
            rows=_rows(result, data),
            source=source_line(scenario.name, scenario.sha256, DATA_SOURCES),
        )
    )
    return InteractiveMap(title, page)


def _together(result: CoverageAnswer) -> list[int]:
    return [place for place, name in enumerate(result.base.threats) if name in result.threats]


def _rows(result: CoverageAnswer, data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of the table of nations, those with the most undefended people first."""
    rows = []
    for code, item in result.summary(level=result.base.level).nations.items():
        name = nation(code) if code else "no nation"
        rows.append(
            {
                "name": name,
                "place": data["nations"].index(name) if name in data["nations"] else None,
                "threatened": item.threatened_population,
                "open": item.threatened_population - item.defended_population,
                "people": percent(item.population_share),
                "area": percent(item.area_share),
            }
        )
    return sorted(rows, key=lambda row: (-row["open"], row["name"]))


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
