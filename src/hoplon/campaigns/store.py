"""Chunks as files: one Parquet file each, whole or not there, with a digest of what is in it."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.kernel import MOST_ELEMENTS
from hoplon.backbone.measures import LEAKERS, MEASURES
from hoplon.errors import OutputError
from hoplon.files import own_folder, runs
from hoplon.scenario.given.file import content_of

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_FOLDER: Final = "chunks"
_COLUMNS: Final = ["replication", *MEASURES]
_LONGEST: Final = 1 << 29  # bytes that are read of a chunk
_IN_A_FOLDER: Final = 1000
MOST_REPLICATIONS: Final = 1_000_000
"""Of a chunk."""
_MOST: Final = 1 << 48  # of any measure of a replication: a raid of 9000 years in milliseconds
_TEMPORARY = re.compile(r"\.[^.]+\.(?P<host>.+)\.(?P<process>[0-9]+)\.tmp\Z")
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class Chunk:
    """What a chunk holds: rows of measures, shape (replications, measures), and what the raid was."""

    number: int
    first: int
    threats: int
    magazine: int
    rows: NDArray[np.int64]

    @property
    def digest(self) -> bytes:
        """Return the BLAKE2b digest of the numbers, little-endian: no file format enters it."""
        head = np.array([self.number, self.first, self.threats, self.magazine, *self.rows.shape], dtype="<i8")
        digest = hashlib.blake2b(head.tobytes(), digest_size=16)
        digest.update(np.ascontiguousarray(self.rows, dtype="<i8").tobytes())
        return digest.digest()


def path_of(folder: Path, number: int) -> Path:
    """Return where a chunk's file is."""
    return folder / _FOLDER / f"{number // _IN_A_FOLDER:06d}" / f"{number:09d}.parquet"


def write_chunk(folder: Path, campaign: str, chunk: Chunk) -> None:
    """Write a chunk under a temporary name, flush it to the disk, and give it its own; no link on the way is followed.

    Raises
    ------
    OutputError
        If the disk is full or cannot be written; no file is left then.
    """
    content = _encoded(campaign, chunk)
    path = path_of(folder, chunk.number)
    try:
        own_folder(path.parent, folder)
        with whole_file(path) as stream:
            stream.write(content)
    except OSError as error:
        raise refusal(path, error) from None


def temporary_of(path: Path) -> Path:
    """Return the name under which this process writes a file that is not whole yet."""
    return path.parent / f".{path.name.replace('.', '-')}.{socket.gethostname()}.{os.getpid()}.tmp"


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that will be there whole or not at all: flushed to the disk, then given its name."""
    temporary = temporary_of(path)
    try:
        with temporary.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    with contextlib.suppress(OSError):  # folders cannot be flushed everywhere
        above = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(above)
        finally:
            os.close(above)


def refusal(path: Path, error: OSError) -> OutputError:
    """Return the exception that says why a file could not be written, and what to do."""
    if error.errno in _FULL:
        return OutputError(
            f"{path}: {error.strerror}: the disk, the quota or the limit of file sizes is reached. Every chunk written "
            "is whole: make room, and the same command goes on from there"
        )
    return OutputError(f"{path}: {error.strerror or error}")


def _encoded(campaign: str, chunk: Chunk) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers = np.arange(chunk.first, chunk.first + len(chunk.rows), dtype=np.int64)
    columns = np.vstack([numbers, chunk.rows.T])
    table = pa.Table.from_arrays(
        [column_of(column) for column in columns],
        names=_COLUMNS,
        metadata={
            "hoplon.campaigns": campaign,
            "hoplon.chunk": str(chunk.number),
            "hoplon.first": str(chunk.first),
            "hoplon.threats": str(chunk.threats),
            "hoplon.magazine": str(chunk.magazine),
            "hoplon.digest": chunk.digest.hex(),
        },
    )
    stream = pa.BufferOutputStream()
    pq.write_table(table, stream, compression="zstd")
    content: bytes = stream.getvalue().to_pybytes()
    return content


def column_of(values: NDArray[Any], missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """Return whole numbers or floats as a column of Arrow.

    Arrow's own conversion imports pandas to see whether it was given something of it, which takes half a second.

    Parameters
    ----------
    values : ndarray of int64 or float64
    missing : ndarray of bool, optional
        Where there is no value.
    """
    import pyarrow as pa

    kind = {"i": pa.int64(), "f": pa.float64()}[values.dtype.kind]
    there = None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [there, pa.py_buffer(np.ascontiguousarray(values))])


def read_chunk(folder: Path, campaign: str, number: int, count: int | None = None) -> Chunk | None:
    """Return a chunk that is there, whole and of this campaign; None for one to be done, or done again.

    Parameters
    ----------
    folder : Path
    campaign : str
    number : int
    count : int, optional
        Replications that it holds: a file that says otherwise at its end is not decoded. Any number that a plan may
        give a chunk when left out.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        content = content_of(path_of(folder, number), _LONGEST)
    except OSError:
        return None
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        if not _footer_fits(file, campaign, number, count):
            return None
        return _checked(file.read(use_threads=False), number)
    except (pa.ArrowException, OSError, ValueError, KeyError, UnicodeDecodeError, OverflowError, MemoryError):
        return None


def _said(schema: pa.Schema) -> dict[str, str]:
    return {key.decode(): text.decode() for key, text in (schema.metadata or {}).items()}


def _footer_fits(file: pq.ParquetFile, campaign: str, number: int, count: int | None) -> bool:
    """Tell whether a file says at its end that it is the chunk asked for; nothing of it is decoded for that."""
    import pyarrow as pa

    schema, footer = file.schema_arrow, file.metadata
    said = _said(schema)
    if said.get("hoplon.campaigns") != campaign or said.get("hoplon.chunk") != str(number):
        return False
    if schema.names != _COLUMNS or schema.types != [pa.int64()] * len(_COLUMNS):
        return False
    groups = [footer.row_group(index) for index in range(footer.num_row_groups)]
    sizes = [group.column(index).total_uncompressed_size for group in groups for index in range(group.num_columns)]
    rows = footer.num_rows
    fits = 0 < rows <= MOST_REPLICATIONS if count is None else rows == count
    most = 16 * rows + 65_536  # bytes of a column: numbers, or a dictionary of them and places in it
    return fits and rows == sum(group.num_rows for group in groups) and all(size <= most for size in sizes)


def _checked(table: pa.Table, number: int) -> Chunk | None:
    said = _said(table.schema)
    columns = [table.column(name).combine_chunks() for name in _COLUMNS]
    if any(column.null_count for column in columns):
        return None
    count = table.num_rows
    counted, *measures = (
        np.frombuffer(column.buffers()[1], dtype=np.int64, count=count, offset=8 * column.offset) for column in columns
    )
    first = int(said["hoplon.first"])
    rows = np.stack(measures, axis=-1)
    chunk = Chunk(number, first, int(said["hoplon.threats"]), int(said["hoplon.magazine"]), rows)
    if not _possible(chunk):
        return None
    whole = chunk.digest.hex() == said["hoplon.digest"] and np.array_equal(counted, np.arange(first, first + count))
    return chunk if whole else None


def _possible(chunk: Chunk) -> bool:
    """Tell whether the numbers are such as a raid can come to, so that they can be added up."""
    rows = chunk.rows
    if not (0 <= chunk.threats <= MOST_ELEMENTS and chunk.magazine >= 0) or rows.min() < 0:
        return False
    return bool(rows[:, LEAKERS].max() <= chunk.threats and rows.max() <= _MOST)


def sweep(folder: Path) -> int:
    """Remove what processes of this machine that are no more left half-written; return how many files."""
    return _removed(folder.glob(".*.tmp")) + sweep_chunks(folder)


def sweep_chunks(folder: Path) -> int:
    """Remove half-written chunks alone, whose writers have ended; return how many files."""
    return _removed((folder / _FOLDER).glob("*/.*.tmp"))


def _removed(files: Iterable[Path]) -> int:
    removed = 0
    for file in files:
        found = _TEMPORARY.match(file.name)
        if found is None or found["host"] != socket.gethostname() or _runs(int(found["process"])):
            continue
        with contextlib.suppress(OSError):
            file.unlink()
            removed += 1
    return removed


def _runs(process: int) -> bool:
    if process == os.getpid():
        return False  # a worker that is no more had this number
    return runs(process)
