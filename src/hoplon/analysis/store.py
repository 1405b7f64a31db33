"""What a study keeps between questions: results of a stage, found again by the content they depend on.

A stage's result is kept under the inputs that decide it, so that a what-if recomputes only what its change reaches:
moving a battery leaves trajectories, radar cover and tracks; moving a radar leaves the trajectories. The least
recently used results are dropped when the store is full.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeVar, cast

import numpy as np

_Result = TypeVar("_Result")

DEFAULT_BYTES: Final = 900_000_000  # [byte] leaves room within 2 GB for the work of one stage


class Store:
    """Results by content, at most ``limit`` bytes of them.

    Parameters
    ----------
    limit : int
        Greatest size of the arrays kept [byte].
    """

    def __init__(self, limit: int = DEFAULT_BYTES) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _Result]) -> _Result:
        """Return what is kept under a key; compute and keep it when it is not there."""
        found = self.find(key)
        if found is None:
            found = make()
            self.keep(key, found)
        return cast(_Result, found)

    def find(self, key: Hashable) -> Any | None:
        """Return what is kept under a key, or None."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, key: Hashable, result: Any) -> None:
        """Keep a result, dropping the least recently used ones beyond the limit."""
        size = _bytes_of(result)
        with self._lock:
            if key in self._kept:
                self._bytes -= self._kept.pop(key)[1]
            self._kept[key] = (result, size)
            self._bytes += size
            while self._bytes > self._limit and len(self._kept) > 1:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._bytes -= dropped

    def drop(self, key: Hashable) -> None:
        """Drop what is kept under a key, if anything is."""
        with self._lock:
            self._bytes -= self._kept.pop(key, (None, 0))[1]

    def __reduce__(self) -> tuple[type[Store], tuple[int]]:
        """Be pickled and copied without what is kept: an answer that asked this store is sent to another process."""
        return Store, (self._limit,)

    def __len__(self) -> int:
        """Return how many results are kept."""
        return len(self._kept)


def _bytes_of(result: Any) -> int:
    if isinstance(result, np.ndarray):
        return int(result.nbytes)
    if isinstance(result, (list, tuple)):
        return sum(_bytes_of(item) for item in result)
    if is_dataclass(result):
        return sum(_bytes_of(getattr(result, field.name)) for field in fields(result))
    return 64
