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
from hoplon.scenario.changes.set_apart import TYPES, members_of, set_apart
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
    _refuse_other_than_mappings(set=values)
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
    return with_set(scenario, {f"elements.{name}.at": at for name, at in new_places(scenario, places, alone).items()})


def new_places(scenario: Scenario, places: Mapping[str, Any], alone: bool = False) -> dict[str, list[float]]:
    """Return where each element stands then, as the file has it; one that is named itself stands where that says."""
    along: dict[str, list[float]] = {}
    named: dict[str, list[float]] = {}
    for name, given in places.items():
        latitude, longitude = place_of(f"the place of {name}", given)
        site = site_of(scenario.elements, name)
        members = (name,) if alone and name in scenario.elements else site
        for member in members:
            stands = scenario.elements[member].at
            if stands is None:
                raise InputError(f"{member}: it has no place that could be moved")
            altitude = (stands.altitude_m,) if stands.altitude_m else ()
            (named if member == name else along)[member] = [latitude, longitude, *altitude]
    return along | named


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
            if element not in members_of(written, name):
                raise InputError(f"{name} does not have {element!r}")
        _write_list(entry, "elements", [one for one in entry.get("elements", ()) if one not in out])
        inherited = members_of(written, entry.get("extends"))
        below = [one for one in out if one in inherited]
        _write_list(entry, "without", list(dict.fromkeys([*entry.get("without", ()), *below])))
    for entry in written.values():  # what is not inherited any more need not be taken away
        inherited = members_of(written, entry.get("extends"))
        kept = [one for one in entry.get("without", ()) if one not in out or one in inherited]
        _write_list(entry, "without", kept)
    return read_again(scenario, plain)


def variant(
    scenario: Scenario,
    architecture: str,
    *,
    name: str = "what-if",
    move: Mapping[str, Any] | None = None,
    off: Names = (),
    add: Names | Mapping[str, Any] = (),
    type: Mapping[str, Any] | None = None,
    threat: Mapping[str, Any] | None = None,
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
    move : mapping, optional
        Places by element or site, as :func:`moved` takes them. What is moved, and a battery whose radars are, is in
        the variant under a name of its own, ``ship-east-what-if``: the other architectures stay as they are.
    off, add : str or sequence of str
        Elements that the variant does not have, or has besides. ``add`` may be a mapping, too: by the name of a new
        element its keys as in the file, ``{"ship-west": {"battery": "sm3-ia", "at": [43, 6], "count": 20}}``.
    type : mapping, optional
        By element the type that it becomes, ``{"ship-east": "sm3-ib"}``; by type the values that it has instead,
        ``{"sm3-ib": {"burnout_speed_km_s": 3.5}}``. In the variant alone, as ``move``.
    threat, values : mapping, optional
        By class the values that it has instead, ``{"mrbm-2000": {"max_range_km": 2200}}``; values by path, as
        :func:`with_set` takes them. Both are of the scenario: they hold in every architecture of it.
    doctrine : mapping of str to object, optional
        What the variant does otherwise, by key of the file: ``{"mode": "organic", "decision_s": 60}``.
    year : int, optional
    title : str, optional

    Raises
    ------
    InputError
        If there is an architecture of that name already, or an element that is added as a new one.
    UnknownNameError, ScenarioError
        As :func:`with_set`.
    """
    base = known_name("architecture", architecture, scenario.architectures)
    parts: dict[str, Any] = {"move": move, "add": add, "type": type, "threat": threat, "values": values}
    plain = variant_plain(scenario, base, name, title, **parts, off=off, doctrine=doctrine, year=year)
    new = _of_new(move, add)
    without_them = {**parts, "move": new, "type": _of_new(type, add)}
    before = variant_plain(scenario, base, name, title, **without_them, off=off, doctrine=doctrine, year=year)
    members = members_of(before["architectures"], name)
    changed = {given: site_of(scenario.elements, given) for given in move or () if given not in new}
    changed |= {given: (given,) for given in type or () if given in scenario.elements}
    for given, there in changed.items():
        if not set(there) & set(members):
            raise InputError(f"the variant of {base} does not have {given!r}: add it, or leave it where it is")
    return read_again(scenario, set_apart(before, plain, name))


def _of_new(given: Mapping[str, Any] | None, add: Names | Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes of elements that are added as new ones."""
    new = {name for name, keys in add.items() if keys} if isinstance(add, Mapping) else set()
    return {name: change for name, change in (given or {}).items() if name in new}


def variant_plain(
    scenario: Scenario,
    architecture: str,
    name: str,
    title: str | None,
    *,
    move: Mapping[str, Any] | None = None,
    off: Names = (),
    add: Names | Mapping[str, Any] = (),
    type: Mapping[str, Any] | None = None,
    threat: Mapping[str, Any] | None = None,
    values: Mapping[str, Any] | None = None,
    doctrine: Mapping[str, Any] | None = None,
    year: int | None = None,
) -> dict[str, Any]:
    """Return what the file would say of a scenario with a variant; parameters as :func:`variant`."""
    if name in scenario.architectures:
        raise InputError(f"there is an architecture {name!r} already; give the variant another `name`")
    _refuse_other_than_mappings(move=move, type=type, threat=threat, values=values, doctrine=doctrine)
    added = _added(scenario, add)
    plain = as_plain(scenario)
    elements = plain.setdefault("elements", {})
    for element, keys in added.items():
        if keys:
            elements[element] = plain_value(keys, f"elements.{element}")
    ours = {element: place for element, place in (move or {}).items() if not added.get(element)}
    for element, at in new_places(scenario, ours).items():
        put(plain, f"elements.{element}.at", plain_value(at, f"elements.{element}.at"))
    for element, place in (move or {}).items():
        if element not in ours:
            elements[element]["at"] = list(place_of(f"the place of {element}", place))
    for of, given in (type or {}).items():
        _put_type(scenario, plain, of, given, added)
    for of, given in (threat or {}).items():
        _put_values(plain, "threats", known_name("threat", of, scenario.threats), given)
    for path, value in (values or {}).items():
        put(plain, path, None if value is None else plain_value(value, path))
    entry = variant_entry(scenario, architecture, title, off, tuple(added), doctrine, year)
    plain["architectures"][name] = plain_value(entry, f"architectures.{name}")
    return plain


def variant_entry(
    scenario: Scenario,
    architecture: str,
    title: str | None,
    off: Names,
    added: Sequence[str],
    doctrine: Mapping[str, Any] | None,
    year: int | None,
) -> dict[str, Any]:
    """Return what the file says of a variant of an architecture."""
    base = known_name("architecture", architecture, scenario.architectures)
    told = title or f"{scenario.architectures[base].title or base}: variant"
    entry: dict[str, Any] = {"extends": base, "title": told}
    without = [known_name("element", one, scenario.elements) for one in ((off,) if isinstance(off, str) else off)]
    for key, names in (("without", without), ("elements", list(added))):
        if names:
            entry[key] = names
    if doctrine:
        entry["doctrine"] = dict(doctrine)
    if year is not None:
        entry["year"] = year
    return entry


def _added(scenario: Scenario, add: Names | Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the elements that are added, a new one with its keys, one of the scenario's with none."""
    given = add if isinstance(add, Mapping) else {name: {} for name in ((add,) if isinstance(add, str) else add)}
    added: dict[str, Mapping[str, Any]] = {}
    for name, keys in given.items():
        if not keys:
            added[known_name("element", name, scenario.elements)] = {}
        elif name in scenario.elements:
            raise InputError(f"there is an element {name!r} already; give the new one another name, or add it as it is")
        else:
            added[name] = keys
    return added


def _put_type(
    scenario: Scenario, plain: dict[str, Any], of: str, given: Any, added: Mapping[str, Mapping[str, Any]]
) -> None:
    """Put the type that an element becomes, or the values that a type has instead."""
    if isinstance(given, str):
        element = of if added.get(of) else known_name("element", of, scenario.elements)
        form = next((form for form in TYPES if form in plain["elements"][element]), None)
        if form is None:
            raise InputError(f"{element}: a node has no type that could be another")
        known: Mapping[str, Any] = getattr(scenario, TYPES[form])
        plain["elements"][element][form] = known_name(f"type of {form}", given, known)
        return
    sections = {name: section for section in TYPES.values() for name in getattr(scenario, section)}
    name = known_name("type", of, sections)
    _put_values(plain, sections[name], name, given)


def _put_values(plain: dict[str, Any], section: str, name: str, given: Any) -> None:
    """Put values of one record; a bare number that replaces a cited one is assumed, whatever the record's source is."""
    if not isinstance(given, Mapping):
        raise InputError(f"{section}.{name}: a mapping from keys of the file to values was expected, got {given!r:.60}")
    record = plain[section][name]
    for key, value in given.items():
        path = f"{section}.{name}.{key}"
        bare = isinstance(value, (int, float)) and not isinstance(value, bool)
        cited = isinstance(record.get(key), dict) and "value" in record[key]
        if bare and cited:
            value = {"value": value, "kind": "assumed"}
        put(plain, path, None if value is None else plain_value(value, path))


def _refuse_other_than_mappings(**given: Any) -> None:
    for name, value in given.items():
        if value is not None and not isinstance(value, Mapping):
            raise InputError(f"{name}: a mapping of names to values was expected, got {value!r:.60}")


def _write_list(entry: dict[str, Any], key: str, names: Sequence[str]) -> None:
    """Write a list of an architecture; an empty one is left out, as the format has it by default."""
    entry.pop(key, None)
    if names:
        entry[key] = names
