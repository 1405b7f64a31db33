"""Binary answers: a header in JSON that lists planes of numbers, and the planes, which a page reads as typed arrays.

``u32`` (little-endian) length of the header; the header, padded with spaces so that what follows begins at a multiple
of 8; the planes, each at a multiple of 8 from there.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MEDIA_TYPE: Final = "application/vnd.hoplon.planes"
_ALIGNED: Final = 8  # bytes
_CODES: Final = {
    "u1": "u1",
    "u2": "<u2",
    "u4": "<u4",
    "i4": "<i4",
    "f4": "<f4",
    "f8": "<f8",
}


@dataclass(frozen=True)
class Plane:
    """One array of an answer: its name, the kind of its numbers, its shape, its bytes."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    content: bytes


def plane(name: str, dtype: str, values: NDArray[Any]) -> Plane:
    """Return a plane of numbers: u1, u2, u4, i4, f4 or f8."""
    return Plane(name, dtype, values.shape, np.ascontiguousarray(values, dtype=_CODES[dtype]).tobytes())


def bits(name: str, flags: NDArray[np.bool_]) -> Plane:
    """Return a plane of flags: bit i of a row is bit ``i & 7`` of its byte ``i >> 3``; each row begins with a byte."""
    return Plane(name, "bits", flags.shape, np.packbits(flags, axis=-1, bitorder="little").tobytes())


def texts(name: str, words: Sequence[str]) -> Plane:
    """Return a plane of texts, joined by the ends of lines, which none of them holds."""
    lines = [word.replace("\n", " ").replace("\r", " ") for word in words]
    return Plane(name, "utf8", (len(lines),), "\n".join(lines).encode())


def packed(header: Mapping[str, Any], planes: Sequence[Plane]) -> bytes:
    """Return a binary answer."""
    listed, parts, offset = [], [], 0
    for one in planes:
        gap = -offset % _ALIGNED
        parts += [bytes(gap), one.content]
        offset += gap
        listed.append(
            {
                "name": one.name,
                "dtype": one.dtype,
                "offset": offset,
                "length": len(one.content),
                "shape": list(one.shape),
            }
        )
        offset += len(one.content)
    text = json.dumps({**header, "planes": listed}, allow_nan=False).encode()
    text += b" " * (-(4 + len(text)) % _ALIGNED)
    return b"".join([struct.pack("<I", len(text)), text, *parts])
