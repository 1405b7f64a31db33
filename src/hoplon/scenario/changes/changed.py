"""Changed scenarios, from Python: a value set, a site moved, elements taken out, a variant of an architecture.

Each gives a new scenario and leaves the one it starts from as it is. A change is written into what the file would say
(:func:`hoplon.scenario.written.as_plain`) and read by the rules of the file, so that what is refused in a file is
refused here, with its path. A number that is set bare replaces the whole cited value under it, bounds and source too,
as it does in a file that ``extends`` another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hoplon.errors import InputError
from hoplon.scenario.changes.plain_paths import put
from hoplon.scenario.changes.sites import site_of
from hoplon.scenario.given.place import place_of
from hoplon.scenario.load import read_again
from hoplon.scenario.model import Scenario, known_name
from hoplon.scenario.written import as_plain, plain_value

if TYPE_CHECKING:
    Names = str | Sequence[str]


def with_set(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return a scenario in which some values are other ones.

    Parameters
    ----------
    scenario : Scenario
    values : mapping of str to object
        By path in the file, as ``elements.ship-east.at`` or ``interceptors.silo.intercept_altitude_km[0]``: a number,
        a text, a list, a mapping of the keys of the file or a record of the scenario; None takes the key away, so that
        the format's default holds.

    Raises
    ------
    UnknownNameError
        If the path leads through a name that the scenario does not hold.
    InputError
        If a path is none, or a value is nothing that a file could hold.
    ScenarioError
        If the rules of the file refuse what comes of it.
    """
    plain = as_plain(scenario)
    for path, value in values.items():
        put(plain, path, None if value is None else plain_value(value, path))
    return read_again(scenario, plain)


def moved(scenario: Scenario, places: Mapping[str, Any], *, alone: bool = False) -> Scenario:
    """Return a scenario in which some sites stand elsewhere.

    Parameters
    ----------
    scenario : Scenario
    places : mapping of str to pair of float
        Latitude and longitude [degrees north and east] by the name of an element, or of a ``site``. The altitude of
        what is moved stays.
    alone : bool
        Move the element alone; else with it what stands at the same site: hull, radar and magazine of a ship.

    Raises
    ------
    UnknownNameError, InputError, ScenarioError
        As :func:`with_set`.
    """
    values: dict[str, Any] = {}
    for name, given in places.items():
        latitude, longitude = place_of(f"the place of {name}", given)
        site = site_of(scenario.elements, name)
        members = (name,) if alone and name in scenario.elements else site
        for member in members:
            stands = scenario.elements[member].at
            if stands is None:
                raise InputError(f"{member}: it has no place that could be moved")
            altitude = (stands.altitude_m,) if stands.altitude_m else ()
            values[f"elements.{member}.at"] = [latitude, longitude, *altitude]
    return with_set(scenario, values)


def without(scenario: Scenario, names: Sequence[str], architecture: str | None = None) -> Scenario:
    """Return a scenario in which some elements stand in no architecture, or not in one and those that extend it.

    Parameters
    ----------
    scenario : Scenario
    names : sequence of str
        Elements; what is known of them stays in the scenario.
    architecture : str, optional
        The one that they are taken out of; every architecture by default.

    Raises
    ------
    UnknownNameError
        If there is no such element or architecture.
    InputError
        If the architecture does not have the element.
    """
    out = [known_name("element", name, scenario.elements) for name in names]
    plain = as_plain(scenario)
    written: dict[str, Any] = plain.get("architectures", {})
    if architecture is None:
        for entry in written.values():
            _write_list(entry, "elements", [one for one in entry.get("elements", ()) if one not in out])
    else:
        name = known_name("architecture", architecture, scenario.architectures)
        entry = written[name]
        for element in out:
            if not _has(written, name, element):
                raise InputError(f"{name} does not have {element!r}")
        _write_list(entry, "elements", [one for one in entry.get("elements", ()) if one not in out])
        below = [one for one in out if _has(written, entry.get("extends"), one)]
        _write_list(entry, "without", list(dict.fromkeys([*entry.get("without", ()), *below])))
    for entry in written.values():  # what is not inherited any more need not be taken away
        kept = [one for one in entry.get("without", ()) if one not in out or _has(written, entry.get("extends"), one)]
        _write_list(entry, "without", kept)
    return read_again(scenario, plain)


def variant(
    scenario: Scenario,
    architecture: str,
    *,
    name: str = "what-if",
    move: Mapping[str, Any] | None = None,
    off: Names = (),
    add: Names = (),
    values: Mapping[str, Any] | None = None,
    doctrine: Mapping[str, Any] | None = None,
    year: int | None = None,
    title: str | None = None,
) -> Scenario:
    """Return a scenario with one architecture more: a variant of one that it has.

    Parameters
    ----------
    scenario : Scenario
    architecture : str
        The one that the variant extends.
    name : str
        Of the variant.
    move, values : mapping, optional
        As :func:`moved` and :func:`with_set` take them; they hold in every architecture of the scenario returned.
    off, add : str or sequence of str
        Elements that the variant does not have, or has besides.
    doctrine : mapping of str to object, optional
        What the variant does otherwise, by key of the file: ``{"mode": "organic", "decision_s": 60}``.
    year : int, optional
    title : str, optional

    Raises
    ------
    InputError
        If there is an architecture of that name already.
    UnknownNameError, ScenarioError
        As :func:`with_set`.
    """
    base = known_name("architecture", architecture, scenario.architectures)
    if name in scenario.architectures:
        raise InputError(f"there is an architecture {name!r} already; give the variant another `name`")
    changed = moved(scenario, move) if move else scenario
    entry: dict[str, Any] = {"extends": base, "title": title or f"{changed.architectures[base].title or base}: variant"}
    for key, given in (("without", off), ("elements", add)):
        wanted = (given,) if isinstance(given, str) else given
        if wanted:
            entry[key] = [known_name("element", one, scenario.elements) for one in wanted]
    if doctrine:
        entry["doctrine"] = dict(doctrine)
    if year is not None:
        entry["year"] = year
    return with_set(changed, {**(values or {}), f"architectures.{name}": entry})


def _has(written: Mapping[str, Any], architecture: str | None, element: str) -> bool:
    """Tell whether an architecture, as plain data, has an element or inherits it."""
    while architecture is not None:
        entry = written[architecture]
        if element in entry.get("without", ()):
            return False
        if element in entry.get("elements", ()):
            return True
        architecture = entry.get("extends")
    return False


def _write_list(entry: dict[str, Any], key: str, names: Sequence[str]) -> None:
    """Write a list of an architecture; an empty one is left out, as the format has it by default."""
    entry.pop(key, None)
    if names:
        entry[key] = names
