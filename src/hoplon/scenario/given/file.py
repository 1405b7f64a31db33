"""The bytes of a file that a user names: never more than is asked for, and no waiting for a pipe without a writer."""

from __future__ import annotations

import errno
import os
import select
import stat
from pathlib import Path
from typing import Final

_PATIENCE: Final = 0.5  # for the writer of a pipe to come [s]


def content_of(path: Path, most: int) -> bytes:
    """Return what a file holds, or what comes through a pipe, as ``hoplon check <(make-scenario)``.

    Parameters
    ----------
    path : Path
    most : int
        Bytes that are read at most.

    Raises
    ------
    OSError
        If it cannot be read, or is a pipe that nothing writes to; ``strerror`` says why.
    ValueError
        If the path holds a NUL.
    """
    if not (hasattr(os, "O_NONBLOCK") and hasattr(select, "poll")):  # Windows, whose files are never pipes
        with path.open("rb") as stream:
            return stream.read(most)
    # Opening a pipe waits for a writer, for ever if there is none; so it is opened without waiting.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as stream:
        first = _first_of_pipe(handle) if stat.S_ISFIFO(os.fstat(handle).st_mode) else b""
        os.set_blocking(handle, True)
        return first + stream.read(most)


def _first_of_pipe(handle: int) -> bytes:
    """Wait for a pipe's writer; return what had to be read to tell that there is one."""
    waiting = select.poll()
    waiting.register(handle, select.POLLIN)
    if waiting.poll(1000 * _PATIENCE):
        return b""
    try:
        first = os.read(handle, 1)
    except BlockingIOError:  # somebody has it open and has not written yet
        return b""
    if not first:
        raise OSError(errno.EPIPE, "a pipe that nothing writes to")
    return first
