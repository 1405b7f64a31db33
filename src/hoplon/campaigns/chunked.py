"""Questions whose answer comes in chunks: each a pure function of the question and the chunk's number.

The work of a question is what the driver of campaigns runs, by the same executors; its chunks are whatever the question
says they are, and the same whoever does them, where and in which order.
"""

from __future__ import annotations

import io
import json
import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

from hoplon.campaigns.executors import Order
from hoplon.campaigns.kept import KeptChunks
from hoplon.campaigns.provenance import sources_digest
from hoplon.errors import InputError

Chunk = TypeVar("Chunk")


class ChunkedQuestion(Protocol[Chunk]):
    """A question that can be sent to another process.

    Attributes
    ----------
    unit : str
        What chunks are made of, in the plural.
    """

    unit: str

    @property
    def chunks(self) -> int:
        """Return how many chunks there are."""

    def count(self, number: int) -> int:
        """Return how many units a chunk holds."""

    def chunk(self, number: int) -> Chunk:
        """Return a chunk: the same by whomever it is done."""

    def content(self) -> Sequence[Any]:
        """Return all that decides the chunks beside hoplon itself: texts and numbers."""

    def encoded(self, chunk: Chunk) -> bytes:
        """Return a chunk as bytes."""

    def decoded(self, number: int, body: bytes) -> Chunk:
        """Return the chunk that bytes are, or raise ValueError."""


class KeptAnswers(KeptChunks[int, Chunk]):
    """The chunks of a question that are kept, each found by its number."""

    def __init__(self, folder: Path | None, question: ChunkedQuestion[Chunk]) -> None:
        super().__init__(folder, [] if folder is None else question.content())
        self._question = question

    def _named(self, key: int) -> list[int]:
        return [key]

    def _encoded(self, chunk: Chunk) -> bytes:
        return self._question.encoded(chunk)

    def _decoded(self, key: int, body: bytes) -> Chunk:
        return self._question.decoded(key, body)


@dataclass(frozen=True)
class _QuestionCell(Generic[Chunk]):
    """What a worker is sent: the question, where its chunks are kept, and what the digest of hoplon's sources must be.

    That is empty where nothing is kept, and no other process does it.
    """

    question: ChunkedQuestion[Chunk]
    kept: KeptAnswers[Chunk]
    sources: str

    def rows(self, first: int, count: int) -> Chunk:
        """Return the chunk ``first``; an order is for one."""
        if self.sources and sources_digest() != self.sources:
            raise InputError("a worker has other sources of hoplon than the driver: install the same version on both")
        if multiprocessing.parent_process() is not None:  # a worker, one of as many as there are cores
            numba.set_num_threads(1)
        return self.question.chunk(first)

    def keep(self, number: int, first: int, parts: Sequence[Chunk]) -> None:
        """Keep a chunk."""
        self.kept.keep(number, parts[0])


class QuestionWork(Generic[Chunk]):
    """The chunks of a question, done one by one and kept as they are done.

    Parameters
    ----------
    question : ChunkedQuestion
    folder : Path, optional
        Where finished chunks are kept; in memory without one.
    """

    def __init__(self, question: ChunkedQuestion[Chunk], folder: Path | None = None) -> None:
        self.unit = question.unit
        self._question, self._kept = question, KeptAnswers(folder, question)
        self._cell = _QuestionCell(question, self._kept, "" if folder is None else sources_digest())

    @property
    def chunks(self) -> int:
        """Return how many chunks there are."""
        return self._question.chunks

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found damaged in the folder, a sentence each."""
        return self._kept.notes

    def count(self, number: int) -> int:
        """Return how many units a chunk holds."""
        return self._question.count(number)

    def begun(self, number: int) -> bool:
        """Tell whether there is anything of a chunk."""
        return self._kept.holds(number)

    def whole(self, number: int) -> bool:
        """Tell whether a chunk is there and whole."""
        return self._kept.find(number) is not None

    def sweep(self) -> None:
        """Remove what is half-written."""
        self._kept.sweep()

    def order(self, number: int) -> Order:
        """Return what a worker is to do for a chunk, which is not cut."""
        return Order(self._cell, number, number, 1)

    def found(self) -> list[Chunk] | None:
        """Return every chunk in order; None if one is missing."""
        found = [self._kept.find(number) for number in range(self.chunks)]
        return None if any(chunk is None for chunk in found) else [chunk for chunk in found if chunk is not None]


def json_bytes(plain: Any) -> bytes:
    """Return plain data as bytes; numbers are read back to the last digit."""
    return json.dumps(plain, separators=(",", ":"), allow_nan=True).encode()


def array_bytes(array: NDArray[np.float64]) -> bytes:
    """Return an array as bytes, with its shape."""
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.ascontiguousarray(array, "<f8"), allow_pickle=False)
    return stream.getvalue()


def array_from(body: bytes) -> NDArray[np.float64]:
    """Return the array that bytes are.

    Raises
    ------
    ValueError
        If they are none.
    """
    found: NDArray[np.float64] = np.lib.format.read_array(io.BytesIO(body), allow_pickle=False)
    return found
