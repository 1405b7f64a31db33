"""A scenario's records as plain data in the form of the file, as YAML, and the digest of what they say.

What is written is read back equal (:func:`hoplon.scenario.load.read_again`): names are those of the file, a number is
written with its bounds and source, and what the format gives by default is left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from numbers import Real
from typing import Any, Final

from hoplon.errors import InputError
from hoplon.scenario.values import Cited, Place

_EXACT: Final = 1e15  # whole numbers below it are written without a point
_WRITTEN_WHOLE: Final = ("network", "doctrine")  # the file names every key that they need, defaults too
_ORDERED: Final = ("factors", "surprises", "moves")  # the order of their names decides that of tables
_LONGEST_LINE: Final = 120


def as_plain(scenario: Any, *, sort: bool = False) -> dict[str, Any]:
    """Return a scenario as plain data: what the file says, once everything that it extends is laid under it.

    Parameters
    ----------
    scenario : Scenario
    sort : bool
        Put the keys whose order says nothing (bands of a cross-section, what an architecture sets otherwise than the
        scenario) in alphabetical order. The order of the sections' names decides that of tables, and stays.

    Returns
    -------
    dict
        Of texts, numbers, flags, lists and dicts.

    Raises
    ------
    InputError
        If a value is nothing that a scenario could hold; the message names its path.
    """
    plain: dict[str, Any] = {}
    for name, key, _ in _entries(scenario.__class__):
        value = getattr(scenario, name)
        if value is None or (isinstance(value, (Mapping, Sequence)) and not len(value)):
            continue
        if isinstance(value, Mapping):  # a section: the order of its names stays
            plain[key] = {_name(of, key): _plain(item, f"{key}.{of}", sort) for of, item in value.items()}
        elif key in _WRITTEN_WHOLE and is_dataclass(value):
            plain[key] = _record(value, key, sort, whole=True)
        else:
            plain[key] = _plain(value, key, sort)
    return plain


def plain_value(value: Any, path: str) -> Any:
    """Return one value as plain data: a text, a number, a flag, a record of the scenario, or a list or dict of such.

    Raises
    ------
    InputError
        If it is nothing that a scenario could hold; the message names the path.
    """
    return _plain(value, path, False)


def as_yaml(plain: Mapping[str, Any]) -> str:
    """Return plain data as YAML text."""
    import yaml

    text: str = yaml.dump(
        plain,
        Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper),
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=_LONGEST_LINE,
    )
    return text


def digest_of(plain: Mapping[str, Any]) -> str:
    """Return the SHA-256 of plain data, in hexadecimal."""
    return hashlib.sha256(json.dumps(plain, separators=(",", ":")).encode()).hexdigest()


@cache
def _entries(record: type) -> tuple[tuple[str, str, Any], ...]:
    """Return attribute, key of the file and default of each field, the default as plain data; MISSING for none."""
    return tuple(
        (entry.name, entry.name.rstrip("_"), _default(entry.default, entry.default_factory))
        for entry in fields(record)
        if entry.init
    )


def _default(value: Any, factory: Any) -> Any:
    if factory is not MISSING:
        value = factory()
    return value if value is MISSING or value is None else _plain(value, "", False)


def _plain(value: Any, path: str, sort: bool) -> Any:
    if value is None or isinstance(value, (str, bool)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Cited):
        return _cited(value, path)
    if isinstance(value, (float, int, Real)):  # an abstract class is slow to ask
        return _number(value, path)
    if isinstance(value, Place):
        place = [value.latitude_deg, value.longitude_deg, value.altitude_m]
        return [_plain(item, f"{path}[{at}]", sort) for at, item in enumerate(place[: 3 if value.altitude_m else 2])]
    if isinstance(value, Mapping):
        names = sorted(value, key=str) if sort and not path.endswith(_ORDERED) else value
        return {_name(name, path): _plain(value[name], f"{path}.{name}", sort) for name in names}
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{path}[{at}]", sort) for at, item in enumerate(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return _record(value, path, sort)
    raise InputError(f"{path}: a number, a text, a list or a record was expected, got {type(value).__name__}")


def _record(record: Any, path: str, sort: bool, whole: bool = False) -> dict[str, Any]:
    """Return what a record says beyond the defaults of the format; with them where it is written whole."""
    plain = {}
    for name, key, default in _entries(record.__class__):
        value = getattr(record, name)
        if value is None and default is None:
            continue
        written = _plain(value, f"{path}.{key}", sort)
        if written != default or type(written) is not type(default) or (whole and written != ""):
            plain[key] = written
    return plain


def _cited(number: Cited, path: str) -> dict[str, Any]:
    plain = {"value": _plain(number.value, f"{path}.value", False)}
    for key in ("low", "high", "source"):
        if (value := getattr(number, key)) is not None:
            plain[key] = _plain(value, f"{path}.{key}", False)
    if number.kind != ("assumed" if number.source is None else "published"):
        plain["kind"] = _plain(number.kind, f"{path}.kind", False)
    if number.note != "":
        plain["note"] = _plain(number.note, f"{path}.note", False)
    return plain


def _number(value: float | Real, path: str) -> float | int:
    try:
        number = float(value)
    except OverflowError:
        raise InputError(f"{path}: a finite number was expected, got one beyond 1e308") from None
    return int(number) if abs(number) < _EXACT and number.is_integer() else number


def _name(name: Any, path: str) -> str:
    if not isinstance(name, str):
        raise InputError(f"{path}: names are texts, got {name!r}")
    return str(name)
