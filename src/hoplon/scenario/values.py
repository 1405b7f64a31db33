"""What the records of a scenario hold: numbers with their bounds and source, places, and read-only mappings."""

from __future__ import annotations

import copyreg
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

Kind = Literal["measured", "published", "derived", "assumed"]
Level = Literal["low", "base", "high"]


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _reduced(mapping: MappingProxyType[Any, Any]) -> tuple[Any, tuple[dict[Any, Any]]]:
    return _read_only, (dict(mapping),)


copyreg.pickle(MappingProxyType, _reduced)  # records hold read-only mappings, and travel to other processes


@dataclass(frozen=True, slots=True)
class Cited:
    """A number with its bounds and where it comes from.

    Parameters
    ----------
    value : float
        The base value, in the unit that the key names.
    low, high : float or None
        Bounds that robustness studies sample; None when the file gives none.
    source : str or None
        Key in the scenario's ``sources``.
    kind : str
        One of measured, published, derived, assumed.
    note : str
        Free text.
    """

    value: float
    low: float | None = None
    high: float | None = None
    source: str | None = None
    kind: Kind = "assumed"
    note: str = ""

    def at(self, level: Level) -> float:
        """Return the value at a level; a bound that is not given falls back to the base value."""
        bound = {"low": self.low, "base": self.value, "high": self.high}[level]
        return self.value if bound is None else bound

    def __float__(self) -> float:
        """Return the base value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the WGS 84 ellipsoid: latitude [deg north], longitude [deg east], altitude [m]."""

    latitude_deg: float
    longitude_deg: float
    altitude_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What every record may carry: titles for text and for figures, source, kind of its plain numbers, a note."""

    title: str | None = None
    short_title: str | None = None
    source: str | None = None
    kind: Kind | None = None
    note: str = ""
