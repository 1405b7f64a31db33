"""Shares of sampled scenarios kept in a folder, so that samples that were broken off go on where they were.

A part of a sample is found by all that decides its digits, and its file carries a digest that is compared before
anything else is read of it. What is not exactly right is computed again.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.campaigns.provenance import sources_digest
from hoplon.files import sweep, write_bytes
from hoplon.scenario.given.file import content_of
from hoplon.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FORMAT: Final = b"hoplon shares 1\n"
_DIGEST: Final = 32  # [byte]
_KIND: Final = np.dtype("<f8")


class KeptShares:
    """The parts of one sample that are kept in a folder.

    Parameters
    ----------
    folder : Path or None
        Made when the first part is kept; None keeps the parts in memory.
    content : sequence
        All that decides the digits beside hoplon itself: texts and numbers.
    shape : tuple of int
        Of one row of a part.
    """

    def __init__(self, folder: Path | None, content: Sequence[Any], shape: tuple[int, ...]) -> None:
        self._folder, self._shape = folder, shape
        self._content = [sources_digest(), VERSION, *content] if folder is not None else []
        self._notes: dict[Path, str] = {}
        self._in_memory: dict[range, NDArray[np.float64]] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found damaged, a sentence each."""
        return tuple(self._notes.values())

    def holds(self, rows: range) -> bool:
        """Tell whether there is a part, whole or damaged."""
        return rows in self._in_memory if self._folder is None else self._path(self._folder, rows).exists()

    def sweep(self) -> None:
        """Remove what processes that are no more left half-written."""
        if self._folder is not None:
            sweep(self._folder)

    def find(self, rows: range) -> NDArray[np.float64] | None:
        """Return the rows of a part that are kept; None if there are none, or they are damaged."""
        if self._folder is None:
            return self._in_memory.get(rows)
        path, size = self._path(self._folder, rows), len(rows) * int(np.prod(self._shape)) * _KIND.itemsize
        try:
            content = content_of(path, len(_FORMAT) + _DIGEST + size + 1)
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            content = b""
        body = content[len(_FORMAT) + _DIGEST :]
        if len(body) != size or content[: -size or None] != _FORMAT + _digest(path.stem, body):
            self._notes[path] = f"{path}: the sampled shares kept there are damaged; they are computed again"
            return None
        return np.frombuffer(body, _KIND).astype(np.float64).reshape(len(rows), *self._shape)

    def keep(self, rows: range, shares: NDArray[np.float64]) -> None:
        """Keep the rows of a part, whole or not at all.

        Raises
        ------
        OutputError
            If they cannot be written.
        """
        if self._folder is None:
            self._in_memory[rows] = shares
        else:
            path, body = self._path(self._folder, rows), np.ascontiguousarray(shares, _KIND).tobytes()
            write_bytes(path, _FORMAT + _digest(path.stem, body) + body)

    def _path(self, folder: Path, rows: range) -> Path:
        name = json.dumps([*self._content, rows.start, rows.stop])
        return folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.shares"


def _digest(name: str, body: bytes) -> bytes:
    return hashlib.blake2b(name.encode() + b"\0" + body, digest_size=_DIGEST).digest()
