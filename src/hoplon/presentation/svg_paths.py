"""Path data of an SVG in fewer characters: steps from point to point instead of places, in hundredths or tenths."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_TOKEN: Final = re.compile(r"[MLQCz]|-?\d+(?:\.\d+)?")
_RELATIVE: Final = re.compile(r"([mlqcz])([^mlqcz]*)")
_DECIMAL: Final = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
_NUMBERS: Final = {"M": 2, "L": 2, "Q": 4, "C": 6}
_HUNDREDTHS: Final = 100


def shortened(data: str) -> str:
    """Return path data of absolute commands as relative ones, each place rounded to 0.01 first.

    Parameters
    ----------
    data : str
        Commands M, L, Q, C and z with absolute coordinates, as Matplotlib writes them.

    Notes
    -----
    Steps are differences of rounded places, so that no error adds up along a path.

    References
    ----------
    W3C (2011), *Scalable Vector Graphics 1.1*, 8.3: relative commands; a command repeated, and the line after a move,
    need no letter.
    """
    tokens = _TOKEN.findall(data)
    parts: list[str] = []
    x = y = first_x = first_y = place = 0
    last = ""
    while place < len(tokens):
        command = tokens[place]
        place += 1
        if command == "z":
            parts.append("z")
            x, y, last = first_x, first_y, "z"
            continue
        number = _NUMBERS[command]
        ends = [round(float(token) * _HUNDREDTHS) for token in tokens[place : place + number]]
        place += number
        steps = [_number(end - (x if axis % 2 == 0 else y)) for axis, end in enumerate(ends)]
        x, y = ends[-2:]
        if command == "M":
            first_x, first_y = x, y
        letter = command.lower()
        repeated = letter == last or (last == "m" and letter == "l")
        parts.append(_joined(steps, "" if repeated and letter != "m" else letter))
        last = letter
    return "".join(parts)


def _joined(numbers: list[str], letter: str) -> str:
    """Return numbers after a letter or after other numbers: a space only where no letter or sign parts them."""
    text = letter
    for number in numbers:
        text += number if number.startswith("-") or text == letter != "" else f" {number}"
    return text


def _number(hundredths: int) -> str:
    whole, rest = divmod(abs(hundredths), _HUNDREDTHS)
    sign = "-" if hundredths < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{f'{rest:02d}'.rstrip('0')}"


def in_tenths(data: str) -> str:
    """Return path data that :func:`shortened` wrote with each place rounded to 0.1, and no line without length.

    Parameters
    ----------
    data : str
        Commands m, l, q, c and z with relative coordinates in hundredths.
    """
    parts: list[str] = []
    x = y = first_x = first_y = 0  # in hundredths
    shown_x = shown_y = shown_first_x = shown_first_y = 0  # in tenths
    last = ""
    for letter, text in _RELATIVE.findall(data):
        if letter == "z":
            parts.append("z")
            x, y, shown_x, shown_y, last = first_x, first_y, shown_first_x, shown_first_y, "z"
            continue
        numbers = list(map(_hundredths, _DECIMAL.findall(text)))
        command = letter
        size = _NUMBERS[letter.upper()]
        for place in range(0, len(numbers), size):
            moves = []
            for axis in range(place, place + size - 2):  # the points that bend a curve
                at, shown = (x, shown_x) if (axis - place) % 2 == 0 else (y, shown_y)
                moves.append(round((at + numbers[axis]) / 10) - shown)
            x, y = x + numbers[place + size - 2], y + numbers[place + size - 1]
            end_x, end_y = round(x / 10), round(y / 10)
            moves += (end_x - shown_x, end_y - shown_y)
            if command == "l" and moves == [0, 0]:
                continue
            shown_x, shown_y = end_x, end_y
            if command == "m":
                first_x, first_y, shown_first_x, shown_first_y = x, y, end_x, end_y
            repeated = command == last or (last == "m" and command == "l")
            parts.append(_joined([_tenths(step) for step in moves], "" if repeated and command != "m" else command))
            last = command
            command = "l" if command == "m" else command
    return "".join(parts)


@lru_cache(maxsize=65_536)
def _hundredths(token: str) -> int:
    return round(float(token) * _HUNDREDTHS)


@lru_cache(maxsize=65_536)
def _tenths(step: int) -> str:
    return _number(10 * step)
