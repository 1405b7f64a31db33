"""Path data of an SVG in fewer characters: steps from point to point instead of places, in whole hundredths."""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(r"[MLQCz]|-?\d+(?:\.\d+)?")
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
