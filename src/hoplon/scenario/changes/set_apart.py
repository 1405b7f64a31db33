"""What a variant changes, under names of its own, so that the other architectures of the file stay as they are."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any, Final

TYPES: Final = {"radar": "radars", "battery": "interceptors", "satellite": "satellites"}
"""The section of the types, by the form of an element."""


def members_of(written: Mapping[str, Any], architecture: str | None) -> list[str]:
    """Return the elements of an architecture, those that it inherits first, of architectures as plain data."""
    lineage = []
    while architecture is not None:
        lineage.append(written[architecture])
        architecture = lineage[-1].get("extends")
    found: dict[str, None] = {}
    for entry in reversed(lineage):
        found.update(dict.fromkeys(entry.get("elements", ())))
        for name in entry.get("without", ()):
            found.pop(name, None)
    return list(found)


def set_apart(before: Mapping[str, Any], after: dict[str, Any], variant: str) -> dict[str, Any]:
    """Return what the file says of a variant, with what is changed in it alone.

    Parameters
    ----------
    before, after : dict
        The file with the variant, without and with what its elements and types have instead. ``after`` is changed.
    variant : str
        The architecture. Each of its elements that differs is there once more, as ``NAME-VARIANT``, and so is a type
        that does, and a battery whose radars do; the elements and types that others name are those of before.
    """
    types = {form: _types_apart(before, after, section, variant) for form, section in TYPES.items()}
    known, made = before["elements"], after["elements"]
    members = members_of(after["architectures"], variant)
    apart: dict[str, dict[str, Any]] = {}
    for name in members:
        entry = {key: types.get(key, {}).get(_text(value), value) for key, value in made[name].items()}
        if name in known and entry != known[name]:
            apart[name] = entry
    for name in members:
        if name in known and any(radar in apart for radar in made[name].get("radars", ())):
            apart.setdefault(name, dict(made[name]))
    names = {name: _free_name(f"{name}-{variant}", made) for name in apart}
    for name in known:
        made[name] = known[name]
    for name, entry in apart.items():
        made[names[name]] = entry
    for name in (*(names[one] for one in apart), *(one for one in members if one not in known)):
        if "radars" in made[name]:
            made[name] = {**made[name], "radars": [names.get(radar, radar) for radar in made[name]["radars"]]}
    _exchange(after["architectures"][variant], [name for name in members if name in apart], names)
    return after


def _types_apart(before: Mapping[str, Any], after: dict[str, Any], section: str, variant: str) -> dict[str, str]:
    """Give each type that differs a name of its own; return the names."""
    names: dict[str, str] = {}
    for name, entry in list(after.get(section, {}).items()):
        if entry != before[section].get(name, entry):
            names[name] = _free_name(f"{name}-{variant}", after[section])
            after[section][names[name]] = entry
            after[section][name] = before[section][name]
    return names


def _exchange(entry: dict[str, Any], apart: list[str], names: Mapping[str, str]) -> None:
    """Write the new names into the variant: for an element that it lists, or beside one that it inherits."""
    listed = entry.get("elements", [])
    inherited = [name for name in apart if name not in listed]
    elements = [names.get(name, name) for name in listed] + [names[name] for name in inherited]
    without = [*entry.get("without", ()), *inherited]
    for key, value in (("without", without), ("elements", elements)):
        entry.pop(key, None)
        if value:
            entry[key] = value


def _free_name(wanted: str, taken: Container[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
