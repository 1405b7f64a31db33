"""A what-if as a document: what is changed in one architecture of a scenario, in a form that is the same for the same.

Keys: ``architecture``, which is varied; ``move`` (element or site: [latitude, longitude]), ``off`` (elements), ``add``
(element: {} for one of the scenario, or its keys as in the file), ``type`` (element: the type that it becomes; or type:
the numbers that it has instead), ``doctrine``, ``threat`` (class: numbers), ``year``; ``scenario``, the digest of the
scenario that it was made for. Everything but ``architecture`` may be left out.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral, Real
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hoplon.errors import InputError, did_you_mean
from hoplon.scenario.given.place import place_of
from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario

PLACES_DEG: Final = 2  # decimals of a place [deg]: 0.01 degree is 1.1 km at most
MOST_CHANGES: Final = 1000
_LONGEST_NAME: Final = 64
_LONGEST_TEXT: Final = 2000
_DEEPEST: Final = 5
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_GREATEST: Final = 10**300
_EXACT: Final = 1e15  # whole numbers below it are written without a point
_KEYS: Final = ("scenario", "architecture", "move", "off", "add", "type", "doctrine", "threat", "year")
_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True)
class WhatIf:
    """What is changed in one architecture of a scenario; :meth:`of` makes one of a document.

    Attributes
    ----------
    architecture : str
        The one that is varied.
    move : mapping of str to (float, float)
        Latitude and longitude [deg] by element or site, to 0.01 degree. What stands at the same site goes along.
    off : tuple of str
        Elements that it does not have.
    add : mapping of str to mapping
        Elements that it has besides: {} for one of the scenario, else its keys as in the file.
    type : mapping of str
        By element the type that it becomes, or by type the values that it has instead.
    doctrine, threat : mapping
        Values of the doctrine, and of classes, that are others; keys as in the file.
    year : int or None
    scenario : str
        Digest of the scenario that it was made for; "" for any.
    """

    architecture: str
    move: Mapping[str, tuple[float, float]] = field(default_factory=lambda: _EMPTY)
    off: tuple[str, ...] = ()
    add: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: _EMPTY)
    type: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    doctrine: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    threat: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: _EMPTY)
    year: int | None = None
    scenario: str = ""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> WhatIf:
        """Return a what-if of a document, its parts sorted and its places rounded.

        Raises
        ------
        InputError
            For an unknown key, a place that is none, a value that no file could hold; with its path and a remedy.
        """
        given = _mapping("what-if", document)
        for key in given:
            if key not in _KEYS:
                hint = did_you_mean(key, _KEYS) or ";"
                raise InputError(f"what-if: unknown key {_short(key)}{hint} known: {', '.join(_KEYS)}")
        if "architecture" not in given:
            raise InputError("what-if: `architecture` is missing, the one that is varied")
        add = _part(given, "add", {})
        added = add if isinstance(add, Mapping) else {name: {} for name in _names("add", add)}
        made = cls(
            architecture=_name("architecture", given["architecture"]),
            move=_sorted("move", _part(given, "move", {}), _rounded),
            off=_names("off", _part(given, "off", ())),
            add=_sorted("add", added, _element),
            type=_sorted("type", _part(given, "type", {}), _typed),
            doctrine=_record("doctrine", _part(given, "doctrine", {})),
            threat=_sorted("threat", _part(given, "threat", {}), _record),
            year=_year(given.get("year")),
            scenario=_digest(given.get("scenario")),
        )
        if made.changes > MOST_CHANGES:
            raise InputError(f"what-if: at most {MOST_CHANGES:,} changes were expected, got {made.changes:,}")
        return made

    @property
    def changes(self) -> int:
        """How many things are changed."""
        parts = (self.move, self.off, self.add, self.type, self.doctrine, self.threat)
        return sum(len(part) for part in parts) + (self.year is not None)

    def document(self) -> dict[str, Any]:
        """Return the document, of texts, numbers, lists and dicts: keys sorted, parts that change nothing left out."""
        parts: dict[str, Any] = {
            "add": _plain(self.add),
            "architecture": self.architecture,
            "doctrine": _plain(self.doctrine),
            "move": {name: list(place) for name, place in self.move.items()},
            "off": list(self.off),
            "scenario": self.scenario,
            "threat": _plain(self.threat),
            "type": _plain(self.type),
            "year": self.year,
        }
        return {key: part for key, part in parts.items() if part not in ({}, [], "", None)}

    def id(self, scenario: Scenario) -> str:
        """Return the SHA-256, in hexadecimal, of the scenario, the document and hoplon's version.

        Whether the document names its scenario or not makes no difference.
        """
        document = self.document()
        document.pop("scenario", None)
        text = json.dumps([scenario.sha256, document, VERSION], separators=(",", ":"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def for_architecture(self, architecture: str) -> WhatIf:
        """Return the same changes in another architecture."""
        return WhatIf(
            architecture, self.move, self.off, self.add, self.type, self.doctrine, self.threat, self.year, self.scenario
        )


def of_document(what_if: WhatIf | Mapping[str, Any]) -> WhatIf:
    """Return a what-if, made of its document if it is not one yet."""
    return what_if if isinstance(what_if, WhatIf) else WhatIf.of(what_if)


def _part(given: Mapping[str, Any], key: str, otherwise: Any) -> Any:
    return otherwise if given.get(key) is None else given[key]


def _mapping(path: str, given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise InputError(f"{path}: a mapping was expected, got {_shape(given)}")
    for key in given:
        if not isinstance(key, str):
            raise InputError(f"{path}: names are texts, got {_short(key)}")
    return given


def _sorted(path: str, given: Any, kind: Any) -> Mapping[str, Any]:
    """Return a mapping in alphabetical order, each value as its kind has it."""
    found = _mapping(path if "." in path else f"what-if: {path}", given)
    return MappingProxyType({_name(path, name): kind(f"{path}.{name}", found[name]) for name in sorted(found)})


def _rounded(path: str, given: Any) -> tuple[float, float]:
    if not isinstance(given, Sequence) or isinstance(given, str) or any(isinstance(part, bool) for part in given):
        raise InputError(f"what-if: {path}: [latitude, longitude] in degrees was expected, got {_short(given)}")
    latitude, longitude = (round(value, PLACES_DEG) + 0.0 for value in place_of(f"what-if: {path}", given))
    return latitude, 180.0 if longitude == -180.0 else longitude


def _typed(path: str, given: Any) -> Any:
    return _name(path, given) if isinstance(given, str) else _record(path, given)


def _element(path: str, given: Any) -> Mapping[str, Any]:
    """Return the keys of an element that is added; its place is rounded as that of one that is moved."""
    found = _record(path, given)
    stands = found.get("at")
    if not isinstance(stands, tuple) or len(stands) < 2:  # the rules of the file say what is wrong
        return found
    return MappingProxyType({**found, "at": (*_rounded(f"{path}.at", stands[:2]), *stands[2:])})


def _record(path: str, given: Any) -> Mapping[str, Any]:
    if given is None:
        return _EMPTY
    found = _mapping(f"what-if: {path}", given)
    return MappingProxyType({_name(path, key): _value(f"{path}.{key}", found[key], 0) for key in sorted(found)})


def _value(path: str, given: Any, depth: int) -> Any:
    """Return what a file could hold as it is always written: mappings sorted, whole numbers without a point."""
    if given is None or isinstance(given, bool):
        return given
    if isinstance(given, str):
        if len(given) > _LONGEST_TEXT:
            raise InputError(f"what-if: {path}: a text of at most {_LONGEST_TEXT} characters was expected")
        return given
    if isinstance(given, Real):
        number = float(given) if abs(given) < _GREATEST else math.nan  # type: ignore[operator]
        if not math.isfinite(number):
            raise InputError(f"what-if: {path}: a finite number was expected, got {_short(given)}")
        return int(number) if number.is_integer() and abs(number) < _EXACT else number
    if depth < _DEEPEST and isinstance(given, Mapping):
        found = _mapping(f"what-if: {path}", given)
        return MappingProxyType({key: _value(f"{path}.{key}", found[key], depth + 1) for key in sorted(found)})
    if depth < _DEEPEST and isinstance(given, (list, tuple)) and len(given) <= MOST_CHANGES:
        return tuple(_value(f"{path}[{at}]", item, depth + 1) for at, item in enumerate(given))
    raise InputError(f"what-if: {path}: a number, a text, a list or a mapping was expected, got {_shape(given)}")


def _name(path: str, given: Any) -> str:
    if not isinstance(given, str) or not 0 < len(given) <= _LONGEST_NAME:
        wanted = f"a name of at most {_LONGEST_NAME} characters was expected"
        raise InputError(f"what-if: {path}: {wanted}, got {_short(given)}")
    return given


def _names(path: str, given: Any) -> tuple[str, ...]:
    listed = (given,) if isinstance(given, str) else given
    if not isinstance(listed, Sequence):
        raise InputError(f"what-if: {path}: a list of names was expected, got {_shape(given)}")
    return tuple(sorted({_name(path, name) for name in listed}))


def _year(given: Any) -> int | None:
    if given is None:
        return None
    whole = isinstance(given, Integral) or (isinstance(given, float) and given.is_integer())
    if isinstance(given, bool) or not whole or not _FIRST_YEAR <= given <= _LAST_YEAR:
        raise InputError(
            f"what-if: year: a whole year from {_FIRST_YEAR} to {_LAST_YEAR} was expected, got {_short(given)}"
        )
    return int(given)


def _digest(given: Any) -> str:
    if given is None or given == "":
        return ""
    if not isinstance(given, str) or len(given) != 64 or set(given) - set("0123456789abcdef"):
        wanted = "the 64 hexadecimal digits of a scenario's sha256 were expected"
        raise InputError(f"what-if: scenario: {wanted}, got {_short(given)}; leave it out for any scenario")
    return given


def _plain(value: Any) -> Any:
    """Return a value with dicts and lists for read-only mappings and tuples."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _shape(given: Any) -> str:
    return f"{type(given).__name__} {_short(given)}"


def _short(given: Any) -> str:
    """Return how a value is written, cut after 60 characters."""
    if isinstance(given, int) and abs(given) > _GREATEST:
        return "a number of more than 300 digits"
    return f"{given!r:.60}"
