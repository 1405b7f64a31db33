"""Write the generated tables of docs/data-sources.md: scaling factors of the population, sources of the bundled study.

``python tools/data_sources.py`` rewrites the tables in place; with ``--check`` it changes nothing and exits with 1 if
the page is out of date.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np

from hoplon.scenario import geography
from hoplon.scenario.load import load_scenario
from hoplon.scenario.people import people_by_region

PAGE = Path(__file__).resolve().parents[1] / "docs" / "data-sources.md"


def factors_table() -> str:
    """Return the table of people, sums of places, factors and land by nation."""
    nations = (*geography.EUROPE, *geography.NORTH_AMERICA)
    names = geography.country_names()
    places, land = geography.places(nations), geography.land_grid(nations)
    rows = [
        "| nation | | places | people in them | people | regions | factor | least | most | land cells | land, km² |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for code in sorted(nations, key=lambda item: names[item]):
        cells = land.area_km2[land.nation == code]
        regions = [region for region in people_by_region([code]) if region.factor is not None]
        factors = [region.factor for region in regions if region.factor is not None]
        inside, people = (sum(getattr(region, key) for region in regions) for key in ("people_in_places", "people"))
        spread = f"{people / inside:.3f} | {min(factors):.3f} | {max(factors):.3f}"
        rows.append(
            f"| {names[code]} | {code} | {np.sum(places.nation == code):,} | {inside:,} | {people:,} "
            f"| {len(regions)} | {spread} | {cells.size:,} | {cells.sum():,.0f} |"
        )
    return "\n".join(rows)


def sources_table() -> str:
    """Return the table of the bundled study's sources."""
    rows = ["| key | source | read for this study |", "|---|---|---|"]
    for key, source in load_scenario("nato-europe").sources.items():
        citation = f"[{source.citation}]({source.url})" if source.url else source.citation
        read = "yes" if source.retrieved else "no, cited from general knowledge"
        rows.append(f"| `{key}` | {citation} | {read}{f' ({source.quality})' if source.quality else ''} |")
    return "\n".join(rows)


def kinds_table() -> str:
    """Return how many numbers of the bundled study are of each kind."""
    scenario = load_scenario("nato-europe")
    kinds = [number.kind for _, number in (*scenario.cited(), *scenario.assumed())]
    rows = ["| kind | numbers |", "|---|--:|"]
    rows += [f"| {kind} | {kinds.count(kind)} |" for kind in ("measured", "published", "derived", "assumed")]
    return "\n".join(rows)


def filled(page: str) -> str:
    """Return the page with its generated tables written anew."""
    for name, table in (("factors", factors_table()), ("kinds", kinds_table()), ("sources", sources_table())):
        start, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        page, found = re.subn(
            f"{start}.*?{end}", lambda _, block=f"{start}\n{table}\n{end}": block, page, count=1, flags=re.DOTALL
        )
        if not found:
            raise SystemExit(f"{PAGE}: the marks `{start}` and `{end}` are missing")
    return page


def main() -> int:
    """Rewrite the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if the page is out of date")
    arguments = parser.parse_args()
    written = PAGE.read_text(encoding="utf-8")
    wanted = filled(written)
    if arguments.check:
        if wanted != written:
            print(f"{PAGE} is out of date: run python tools/data_sources.py")
        return int(wanted != written)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
