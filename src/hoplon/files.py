"""Files that are whole or not there: written under a temporary name, synced, renamed."""

from __future__ import annotations

import contextlib
import json
import math
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hoplon.errors import OutputError


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; on leaving without an error it becomes ``path`` in one step.

    Parameters
    ----------
    path : Path
        The file to write; its folder is made if need be.

    Raises
    ------
    OutputError
        If the file cannot be written (no permission, full disk) or is a device; nothing is left behind.
    """
    temporary: Path | None = None
    refuse_other_than_file(path)
    path = Path(os.path.realpath(path))  # a link stays, what it leads to is written
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def refuse_other_than_file(path: Path) -> None:
    """Refuse to put a file in the place of a folder, a device or a pipe.

    Raises
    ------
    OutputError
    """
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; a file was expected")
    if path.exists() and not path.is_file():
        raise OutputError(f"{path}: is a device or a pipe; the name of a file was expected")


def write_text(path: Path, text: str) -> Path:
    """Write a text file (UTF-8) whole or not at all, and return its path."""
    return write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all, and return its path."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)
    return path


def unwritable(path: Path, error: OSError) -> OutputError:
    """Return the error that tells a user why a file could not be written, and what to do."""
    reason = error.strerror or str(error)
    return OutputError(f"cannot write {path}: {reason}; free space there, or name another folder")


def writable_folder(path: Path) -> Path:
    """Make a folder and prove that a file can be written in it, before hours are spent on what goes into it.

    Raises
    ------
    OutputError
        If it is no folder, or cannot be made or written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as stream:
            stream.write(b"hoplon")
    except OSError as error:
        raise unwritable(path, error) from error
    return path


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current


def json_text(answer: Mapping[str, Any]) -> str:
    """Return an answer as the text of one JSON object; numbers that are not finite become null."""
    return json.dumps(_finite(answer), indent=1, allow_nan=False) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if hasattr(value, "tolist"):  # arrays and scalars of NumPy
        return _finite(value.tolist())
    return value
