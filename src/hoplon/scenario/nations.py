"""What the package knows of each nation of the world: names, totals, the area studied, land, capitals.

One row of ``catalogue/nations.csv`` a nation, made by ``tools/bundle_geography.py``.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from hoplon.errors import InputError, UnknownNameError
from hoplon.scenario.countries import ISO_3166_ALPHA_3

_CATALOGUE: Final = Path(__file__).parent / "catalogue"  # plain: importlib.resources alone would take 12 ms


@dataclass(frozen=True, slots=True)
class NationRecord:
    """What is known of a nation.

    Parameters
    ----------
    nation, name : str
        ISO 3166-1 alpha-3 code, and English short name.
    people : int or None
        Of the whole nation, in ``people_year``; None where people are known by region
        (:mod:`hoplon.scenario.people`).
    people_year : int or None
    treaty_area : str
        ``europe`` or ``north-america`` for members of the North Atlantic Treaty, else empty.
    southern_limit_deg : float or None
        What lies south of it is not in the area studied [deg]; None where all of a nation is.
    places : int
        Number of its bundled places.
    land_km2 : float
        Area of its outline in the area studied, inland water included [km2].
    grid : str
        Equal-area projection of its land grid, for PROJ.
    capital : tuple of (str, float, float) or None
        Name, latitude, longitude [deg]; None where GeoNames marks no place of the bundle as the capital.
    """

    nation: str
    name: str
    people: int | None
    people_year: int | None
    treaty_area: str
    southern_limit_deg: float | None
    places: int
    land_km2: float
    grid: str
    capital: tuple[str, float, float] | None

    @property
    def by_region(self) -> bool:
        """Whether people are known by region."""
        return self.people is None


@cache
def nation_records() -> Mapping[str, NationRecord]:
    """Return what is known of every nation with an outline, by its code."""
    return MappingProxyType({row["nation"]: _record(row) for row in csv.DictReader(io.StringIO(text("nations.csv")))})


def _record(row: Mapping[str, str]) -> NationRecord:
    return NationRecord(
        row["nation"],
        row["name"],
        int(row["people"]) if row["people"] else None,
        int(row["people_year"]) if row["people_year"] else None,
        row["treaty_area"],
        float(row["southern_limit_deg"]) if row["southern_limit_deg"] else None,
        int(row["places"]),
        float(row["land_km2"]),
        row["grid"],
        (row["capital"], float(row["capital_lat"]), float(row["capital_lon"])) if row["capital"] else None,
    )


def _in_treaty_area(part: str) -> tuple[str, ...]:
    return tuple(code for code, record in nation_records().items() if record.treaty_area == part)


def text(name: str) -> str:
    """Return the text of a file that travels with the package; of one that ends in ``.gz``, unpacked."""
    content = (_CATALOGUE / name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")


EUROPE: Final = _in_treaty_area("europe")
"""Members of the North Atlantic Treaty in Europe, Turkey among them, of any year (the scenario says who is one)."""

NORTH_AMERICA: Final = _in_treaty_area("north-america")


def without_data(nations: Iterable[str]) -> tuple[str, ...]:
    """Return the nations, each once, of which the package holds neither places nor land.

    Notes
    -----
    They are the codes of ISO 3166-1 without an outline of their own: parts of other nations (Réunion is in France's
    outline), and specks. ``hoplon check``, coverage, study and threat refuse the same ones, all by this function.
    """
    return tuple(code for code in dict.fromkeys(nations) if code not in nation_records())


def no_data(nations: Sequence[str]) -> str:
    """Say that the package has neither places nor land of nations, and what to do."""
    return (
        f"no places and no land of {', '.join(nations)} are bundled: take the code out of `nations`, or bring aim "
        "points (`hoplon coverage --points FILE`; in Python, `points`), which may lie in any nation"
    )


def with_data(nations: Iterable[str]) -> list[str]:
    """Return the nations, each once.

    Raises
    ------
    UnknownNameError
        If a code is none of ISO 3166-1.
    InputError
        If the package holds neither places nor land of one.
    """
    codes = list(dict.fromkeys(nations))
    for code in codes:
        if code not in ISO_3166_ALPHA_3:
            raise UnknownNameError("nation", code, tuple(nation_records()))
    if missing := without_data(codes):
        raise InputError(f"nations: {no_data(missing)}")
    return codes


def country_names() -> dict[str, str]:
    """Return the English short name of every nation by its code, for text."""
    return {code: record.name for code, record in nation_records().items()}


def capitals(nations: Iterable[str] | None = None) -> dict[str, tuple[str, float, float]]:
    """Return name, latitude and longitude [deg] of the capitals of nations, of all by default, by code.

    A nation of which GeoNames marks no place of the bundle as the capital is left out.
    """
    records = nation_records()
    codes = records if nations is None else [code for code in dict.fromkeys(nations) if code in records]
    return {code: capital for code in codes if (capital := records[code].capital) is not None}
