"""Losses as they are written: ``ELEMENT@T``, ``ELEMENT@T1..T2``, each with ``-REPAIRED`` at its end.

``ELEMENT/link`` in place of ``ELEMENT`` is its link alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hoplon.errors import InputError

LONGEST_SPAN: Final = 8000.0
"""Longest stretch in which the moment of a loss is drawn [s]: its microseconds times 2^30 fit 64 bits."""

LINK: Final = "/link"
"""What names the link of an element, after it."""

_NUMBER: Final = r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
_FORM: Final = re.compile(rf"(.+)@{_NUMBER}(?:\.\.{_NUMBER})?(?:-{_NUMBER})?")


@dataclass(frozen=True)
class NamedLoss:
    """An element lost at a time, or at a moment drawn evenly between two, and repaired at another; times in seconds.

    Attributes
    ----------
    element : str
    time : float
        After the first launch.
    until : float or None
        The other end of the stretch; None for a loss at ``time``.
    repair : float or None
        None for never.
    link : bool
        Its link alone is lost.
    """

    element: str
    time: float
    until: float | None
    repair: float | None
    link: bool = False


def loss_of(text: str) -> NamedLoss:
    """Read a loss.

    Raises
    ------
    InputError
        If it is not of that form, before the first launch, repaired before it is lost, or drawn from a stretch that
        runs backwards or is too long.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise InputError(
            f"{text}: ELEMENT@SECONDS, ELEMENT@FROM..TO, or either with -REPAIRED was expected; ELEMENT/link is its "
            "link alone"
        )
    time = float(found[2])
    until, repair = (None if number is None else float(number) for number in (found[3], found[4]))
    if time < 0.0:
        raise InputError(f"{text}: {time:g} s is before the first launch; a time of 0 s or more was expected")
    if not time < 1e9:
        raise InputError(f"{text}: {time:g} s is no time of a raid")
    if until is not None and not time < until <= time + LONGEST_SPAN:
        raise InputError(f"{text}: a stretch that ends up to {LONGEST_SPAN:g} s after it begins was expected")
    last = time if until is None else until
    if repair is not None and not last < repair < 1e9:
        raise InputError(
            f"{text}: repaired at {repair:g} s; a time of a raid after the loss at {last:g} s was expected"
        )
    element, link = found[1].removesuffix(LINK), found[1].endswith(LINK)
    return NamedLoss(element, time, until, repair, link)
