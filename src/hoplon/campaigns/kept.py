"""Chunks of a question kept in a folder as they are done, so that work that was broken off goes on where it was.

A chunk is found by all that decides its digits, and its file carries a digest that is compared before anything else is
read of it. What is not exactly right is computed again.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from hoplon.campaigns.provenance import sources_digest
from hoplon.files import sweep, write_bytes
from hoplon.scenario.given.file import content_of
from hoplon.version import VERSION

_DIGEST: Final = 32  # [byte]
_LONGEST: Final = 1 << 30  # [byte] that are read of a chunk

Key = TypeVar("Key", bound=Hashable)
Chunk = TypeVar("Chunk")


class KeptChunks(ABC, Generic[Key, Chunk]):
    """The chunks of one question that are kept in a folder.

    Parameters
    ----------
    folder : Path or None
        Made when the first chunk is kept; None keeps the chunks in memory.
    content : sequence
        All that decides the digits beside hoplon itself: texts and numbers.
    """

    form: bytes = b"hoplon chunk 1\n"
    suffix: str = ".chunk"
    damaged: str = "the chunk kept there is damaged; it is computed again"

    def __init__(self, folder: Path | None, content: Sequence[Any]) -> None:
        self._folder = folder
        self._content = [sources_digest(), VERSION, *content] if folder is not None else []
        self._notes: dict[Path, str] = {}
        self._in_memory: dict[Key, Chunk] = {}

    @abstractmethod
    def _named(self, key: Key) -> list[int]:
        """Return the numbers that a key is."""

    @abstractmethod
    def _encoded(self, chunk: Chunk) -> bytes:
        """Return a chunk as bytes, the same for the same chunk."""

    @abstractmethod
    def _decoded(self, key: Key, body: bytes) -> Chunk:
        """Return the chunk that bytes are, or raise ValueError."""

    def _most(self, key: Key) -> int:
        """Return how long the bytes of a chunk may be."""
        return _LONGEST

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found damaged, a sentence each."""
        return tuple(self._notes.values())

    def holds(self, key: Key) -> bool:
        """Tell whether there is a chunk, whole or damaged."""
        return key in self._in_memory if self._folder is None else self._path(self._folder, key).exists()

    def sweep(self) -> None:
        """Remove what processes that are no more left half-written."""
        if self._folder is not None:
            sweep(self._folder)

    def find(self, key: Key) -> Chunk | None:
        """Return a chunk that is kept; None if there is none, or it is damaged."""
        if self._folder is None:
            return self._in_memory.get(key)
        path = self._path(self._folder, key)
        try:
            content = content_of(path, len(self.form) + _DIGEST + self._most(key) + 1)
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            content = b""
        head, body = content[: len(self.form) + _DIGEST], content[len(self.form) + _DIGEST :]
        if head == self.form + _digest(path.stem, body):
            try:
                return self._decoded(key, body)
            except (ValueError, TypeError, KeyError, IndexError):
                pass
        self._notes[path] = f"{path}: {self.damaged}"
        return None

    def keep(self, key: Key, chunk: Chunk) -> None:
        """Keep a chunk, whole or not at all; a link in its place is replaced.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        if self._folder is None:
            self._in_memory[key] = chunk
        else:
            path, body = self._path(self._folder, key), self._encoded(chunk)
            write_bytes(path, self.form + _digest(path.stem, body) + body, within=self._folder)

    def _path(self, folder: Path, key: Key) -> Path:
        name = json.dumps([*self._content, *self._named(key)])
        return folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}{self.suffix}"


def _digest(name: str, body: bytes) -> bytes:
    return hashlib.blake2b(name.encode() + b"\0" + body, digest_size=_DIGEST).digest()
