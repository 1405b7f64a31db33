"""Values of options: places, numbers within limits, words, years, names of files."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence

from hoplon import api
from hoplon.errors import InputError, did_you_mean


def decimal(text: str) -> float:
    """Read a number as it is written everywhere else: Python alone takes ``4_4`` and the digits of other scripts.

    Raises
    ------
    ValueError
    """
    if "_" in text or not text.isascii():
        raise ValueError(text)
    return float(text)


def file_name(text: str) -> str:
    """Read the name of a file or folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("a name was expected, got nothing")
    return text


def place(option: str) -> Callable[[str], tuple[float, float]]:
    """Return the reader of an option that is a place, ``LAT,LON`` in degrees north and east."""

    def read(text: str) -> tuple[float, float]:
        parts = text.split(",")
        try:
            latitude, longitude = (decimal(part) for part in parts)
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"LAT,LON in degrees north and east was expected, as 44.43,26.10; got {text[:60]!r}"
            ) from None
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            raise InputError(f"{option}: finite degrees were expected, got {text[:60]}")
        return api.place_of(option, (latitude, longitude))

    return read


def number(lowest: float, highest: float, unit: str) -> Callable[[str], float]:
    """Return the reader of an option that is a number within limits."""

    def read(text: str) -> float:
        try:
            value = decimal(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"a number in {unit} was expected, got {text[:60]!r}") from None
        if not lowest <= value <= highest:  # false for nan
            other = "km" in unit and lowest <= value / 1000 <= highest
            hint = f"; in {unit.replace('km', 'm')}? Then {value / 1000:g}" if other else ""
            raise argparse.ArgumentTypeError(f"must be from {lowest:g} to {highest:g} {unit}, got {text[:60]}{hint}")
        return value

    return read


class OneOf:
    """The reader of an option that is one of some words; the completion of shells asks it for them.

    Parameters
    ----------
    words : sequence of str
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)

    def __call__(self, text: str) -> str:
        """Return the word that was given."""
        if text not in self.words:
            listed = ", ".join(self.words)
            raise argparse.ArgumentTypeError(
                f"one of {listed} was expected, got {text[:60]!r}{did_you_mean(text, self.words)}"
            )
        return text


def one_of(words: Sequence[str]) -> OneOf:
    """Return the reader of an option that is one of some words."""
    return OneOf(words)


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """Return the reader of an option that is a whole number within limits."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and lowest <= int(text) <= highest):
            raise argparse.ArgumentTypeError(f"a whole number from {lowest} to {highest} was expected, got {text[:40]}")
        return int(text)

    return read


def year(text: str) -> int:
    """Read a year."""
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a year was expected, got {text[:60]!r}") from None
    if not 1900 <= value <= 2200:
        raise argparse.ArgumentTypeError(f"a year from 1900 to 2200 was expected, got {value}")
    return value
