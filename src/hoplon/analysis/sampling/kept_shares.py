"""Shares of sampled scenarios kept in a folder, rows of one sample at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.campaigns.kept import KeptChunks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_KIND: Final = np.dtype("<f8")


class KeptShares(KeptChunks[range, NDArray[np.float64]]):
    """The parts of one sample that are kept in a folder, each found by its rows.

    Parameters
    ----------
    folder : Path or None
        Made when the first part is kept; None keeps the parts in memory.
    content : sequence
        All that decides the digits beside hoplon itself: texts and numbers.
    shape : tuple of int
        Of one row of a part.
    """

    form = b"hoplon shares 1\n"
    suffix = ".shares"
    damaged = "the sampled shares kept there are damaged; they are computed again"

    def __init__(self, folder: Path | None, content: Sequence[Any], shape: tuple[int, ...]) -> None:
        super().__init__(folder, content)
        self._shape = shape

    def _named(self, key: range) -> list[int]:
        return [key.start, key.stop]

    def _most(self, key: range) -> int:
        return len(key) * int(np.prod(self._shape)) * _KIND.itemsize

    def _encoded(self, chunk: NDArray[np.float64]) -> bytes:
        return np.ascontiguousarray(chunk, _KIND).tobytes()

    def _decoded(self, key: range, body: bytes) -> NDArray[np.float64]:
        return np.frombuffer(body, _KIND).astype(np.float64).reshape(len(key), *self._shape)
