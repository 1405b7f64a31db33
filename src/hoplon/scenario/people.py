"""People of nations, region by region where totals of regions are known, and the factors that scale places to them.

GeoNames counts districts beside the city that holds them, and lacks villages: the places of a region sum to between
0.05 and 1.4 of the people that are counted there. So the places of each region are multiplied by one factor, after
which they sum to the official count of the region. Where no totals of regions are bundled, the nation is one region.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

from hoplon.errors import InputError
from hoplon.scenario.nations import country_names, nation_records, text, with_data

POPULATION_YEAR: Final = 2018
"""Of people by region, on 1 January, where a scenario does not say; used for every year of a study."""

NATIONAL_TOTALS: Final = "Natural Earth 1:50m (World Bank and others), total of the nation"
_PEOPLE_OF: Final = "population_"


class PlaceRecord(NamedTuple):
    """A populated place as the bundle has it; ``region`` is empty where no totals of regions are known."""

    name: str
    latitude_deg: float
    longitude_deg: float
    people: int
    region: str


@dataclass(frozen=True, slots=True)
class RegionPeople:
    """People of one region.

    Parameters
    ----------
    nation : str
        ISO 3166-1 alpha-3 code.
    region, name : str
        NUTS 2016 level 2, state or province; the nation's own code and name where it is one region.
    people : int
        Official count.
    places : int
        Number of places [1].
    people_in_places : int
        People of the places before scaling.
    factor : float or None
        ``people / people_in_places``; None for a region without a place, whose people are counted nowhere.
    year : int
        Of the count: 1 January, a census, or the year of the national total.
    source : str
        Of the count.
    by_region : bool
        False where the nation is one region.
    """

    nation: str
    region: str
    name: str
    people: int
    places: int
    people_in_places: int
    factor: float | None
    year: int
    source: str
    by_region: bool


@dataclass(frozen=True, slots=True)
class _Region:
    code: str
    name: str
    people: Mapping[int, int]  # by column of the file
    source: str


def population_years() -> tuple[int, ...]:
    """Return the years that people by region are held for."""
    return _regions()[0]


def population_year_of(nation: str, year: int | None = None) -> int:
    """Return the year that a nation's people are counted in when a year is asked for.

    Parameters
    ----------
    nation : str
        ISO 3166-1 alpha-3 code.
    year : int, optional
        :data:`POPULATION_YEAR` by default.

    Returns
    -------
    int
        The year itself where every region is known in it; else the nearest in which every one is, the later of two. Of
        a nation without people by region it is the year of its total.

    Raises
    ------
    InputError
        If people by region are held for no nation in that year.
    """
    wanted = POPULATION_YEAR if year is None else year
    years, regions = _regions()
    if wanted not in years:
        raise InputError(f"population_year: {no_people_in(wanted)}")
    record = nation_records().get(nation)
    if record is not None and record.people_year is not None:
        return record.people_year
    held = [one for one in years if all(one in region.people for region in regions.get(nation, ()))]
    return min(held, key=lambda one: (abs(one - wanted), -one))


def no_people_in(year: int) -> str:
    """Say that people by region are not held for a year, and for which they are."""
    years = population_years()
    return f"people by region are held for {years[0]} to {years[-1]}, got {year}"


def people_by_region(nations: Iterable[str], year: int | None = None) -> tuple[RegionPeople, ...]:
    """Return people, places and factor of every region of nations.

    Parameters
    ----------
    nations : iterable of str
        ISO 3166-1 alpha-3 codes.
    year : int, optional
        Of the counts; :data:`POPULATION_YEAR` by default. A nation that lacks regions in it is counted in the nearest
        year that has them all (:func:`population_year_of`).

    Returns
    -------
    tuple of RegionPeople
        In the order of the nations given, within a nation in that of the data file. A nation without any place, and a
        region without one, is there with no factor.

    Raises
    ------
    UnknownNameError
        If a code is none of ISO 3166-1.
    InputError
        If the package holds neither places nor land of a nation, or no people by region of the year.
    """
    return tuple(region for code in with_data(nations) for region in _people_of(code, population_year_of(code, year)))


@cache
def _people_of(nation: str, year: int) -> tuple[RegionPeople, ...]:
    count: dict[str, int] = {}
    total: dict[str, int] = {}
    for place in place_records(nation):
        count[place.region] = count.get(place.region, 0) + 1
        total[place.region] = total.get(place.region, 0) + place.people
    record = nation_records()[nation]
    if record.by_region:
        _, regions = _regions()
        counts = [
            (
                region.code,
                region.code,
                region.name,
                region.people[year],
                _counted_in(region.source, year),
                region.source,
            )
            for region in regions[nation]
        ]
    else:
        assert record.people is not None
        counts = [("", nation, record.name, record.people, year, NATIONAL_TOTALS)]
    return tuple(
        RegionPeople(
            nation=nation,
            region=code,
            name=name,
            people=people,
            places=count.get(key, 0),
            people_in_places=total.get(key, 0),
            factor=people / total[key] if total.get(key) else None,
            year=counted,
            source=source,
            by_region=record.by_region,
        )
        for key, code, name, people, counted, source in counts
    )


def _counted_in(source: str, column: int) -> int:
    """Return the year of a count: that of the census that its source names, or of the column."""
    census = re.search(r"census of .*?(\d{4})", source)
    return int(census[1]) if census else column


def scaled_people(nation: str, year: int | None = None) -> list[float]:
    """Return the people of each place of a nation, scaled region by region, in the order of :func:`place_records`."""
    regions = _people_of(nation, population_year_of(nation, year))
    factors = {region.region if region.by_region else "": region.factor for region in regions}
    return [place.people * (factors[place.region] or 0.0) for place in place_records(nation)]


def people_notes(nations: Sequence[str], year: int | None = None) -> tuple[str, ...]:
    """Return sentences on nations whose people are not counted region by region in the year asked for.

    Parameters
    ----------
    nations : sequence of str
        ISO 3166-1 alpha-3 codes; those that the package holds nothing of are passed over.
    year : int, optional
        As for :func:`people_by_region`.
    """
    records = nation_records()
    known = [code for code in dict.fromkeys(nations) if code in records]
    empty = [code for code in known if not records[code].places]
    whole = [code for code in known if code not in empty and not records[code].by_region]
    notes = []
    if whole:
        years = sorted({held for code in whole if (held := records[code].people_year) is not None})
        told = f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"
        each, its = ("the", "its") if len(whole) == 1 else ("each", "their")
        notes.append(
            f"people of {_named(whole)} are scaled to the total of {each} nation (Natural Earth, {told}), not region "
            f"by region: no totals of {its} regions are bundled"
        )
    if empty:
        its = "its" if len(empty) == 1 else "their"
        notes.append(f"no places of {_named(empty)} are bundled: {its} land is judged, {its} people are not counted")
    if year is None or year == POPULATION_YEAR:  # every region is known in it
        return tuple(notes)
    others: dict[int, list[str]] = {}
    for code in known:
        if records[code].by_region and (counted := population_year_of(code, year)) != year:
            others.setdefault(_counted_in(_regions()[1][code][0].source, counted), []).append(code)
    notes += [
        f"people of {_named(codes)} are those of {counted}: not every region is known in {year}"
        for counted, codes in others.items()
    ]
    return tuple(notes)


def _named(codes: Sequence[str]) -> str:
    """Return the names of nations; the code of one without an outline."""
    names = country_names()
    *others, last = [names.get(code, code) for code in codes]
    return f"{', '.join(others)} and {last}" if others else last


@cache
def _regions() -> tuple[tuple[int, ...], dict[str, tuple[_Region, ...]]]:
    """Return the years held, and the regions of each nation."""
    reader = csv.DictReader(io.StringIO(text("regions.csv"), newline=""))
    years = [
        int(column.removeprefix(_PEOPLE_OF)) for column in reader.fieldnames or () if column.startswith(_PEOPLE_OF)
    ]
    found: dict[str, list[_Region]] = {}
    for row in reader:
        people = {year: int(row[f"{_PEOPLE_OF}{year}"]) for year in years if row[f"{_PEOPLE_OF}{year}"]}
        found.setdefault(row["nation"], []).append(_Region(row["region"], row["name"], people, row["source"]))
    return tuple(years), {nation: tuple(regions) for nation, regions in found.items()}


def place_records(nation: str) -> Sequence[PlaceRecord]:
    """Return the bundled places of a nation, in the order of the data file; none if there are none."""
    by_region = nation_records()[nation].by_region
    return _places("places.csv.gz" if by_region else "places-world.csv.gz").get(nation, ())


@cache
def _places(name: str) -> dict[str, list[PlaceRecord]]:
    """Return the places of a file by nation."""
    found: dict[str, list[PlaceRecord]] = {}
    rows: Any = csv.reader(io.StringIO(text(name), newline=""))  # names hold commas: "Washington, D.C."
    next(rows)
    for place, nation, latitude, longitude, people, *region in rows:
        record = PlaceRecord(place, float(latitude), float(longitude), int(people), region[0] if region else "")
        found.setdefault(nation, []).append(record)
    return found
