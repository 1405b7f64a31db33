"""Sentences cut to the lines that a page has for them."""

from __future__ import annotations

from typing import Final

_ENDS: Final = (". ", "; ", ": ", ", ")
_LEAST: Final = 0.45  # [1] of the length that a cut keeps


def shortened_sentence(sentence: str, most: int) -> str:
    """Return a sentence of at most so many characters, cut where a clause ends, with ``…`` for what is left out.

    Parameters
    ----------
    sentence : str
    most : int
        Characters, those that mark the cut among them.
    """
    if len(sentence) <= most:
        return sentence
    room = sentence[: most - 2]
    for end in _ENDS:
        cut = room.rfind(end)
        if cut >= _LEAST * most and room[: cut + 1].count("(") == room[: cut + 1].count(")"):
            return f"{room[:cut]}{'.' if end == '. ' else ''} …"
    return f"{room[: room.rfind(' ')].rstrip(',;:(')} …"
