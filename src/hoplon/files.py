"""Files that are whole or not there: written under a temporary name, synced, renamed; and folders held by one process.

A temporary name tells the machine and the process that writes it, so that whoever writes there next removes what was
left by one that was killed.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import os
import re
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from hoplon.errors import OutputError

STORE: Final = ".store"
"""Folder, in that of a study, of the coverages that are kept."""
_TEMPORARY: Final = re.compile(r"\.hoplon-(?P<host>.+)-(?P<process>[0-9]+)-[0-9]+\.tmp\Z")
_FORGOTTEN_S: Final = 86_400.0  # [s] after which what another machine began to write is taken to be left behind
_MAY_BE_ASKED: Final = 0x1000  # Windows: PROCESS_QUERY_LIMITED_INFORMATION
_ACCESS_DENIED: Final = 5
_STILL_ACTIVE: Final = 259
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
_begun = itertools.count()
_writing: set[str] = set()  # what this process is writing


@contextlib.contextmanager
def replacing(path: Path, *, within: Path | None = None) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; on leaving without an error it becomes ``path`` in one step.

    Parameters
    ----------
    path : Path
        The file to write; its folder is made if need be. What a link leads to is written.
    within : Path, optional
        A folder under which no link is followed: one that stands for the file, or for a folder on the way to it, is
        replaced. So a folder that somebody hands over cannot lead to other files of the user.

    Raises
    ------
    OutputError
        If the file cannot be written (no permission, full disk) or is a device; nothing is left behind.
    """
    temporary: Path | None = None
    refuse_other_than_file(path, within=within)
    try:
        if within is None:
            path = Path(os.path.realpath(path))
            path.parent.mkdir(parents=True, exist_ok=True)
        else:
            own_folder(path.parent, within)
        sweep(path.parent)
        temporary = _temporary_in(path.parent)
        yield temporary
        with temporary.open("r+b") as stream:  # Windows syncs what can be written alone
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
        os.replace(temporary, path)
        _writing.discard(str(temporary))
        temporary = None
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
            _writing.discard(str(temporary))


def _temporary_in(folder: Path) -> Path:
    """Make an empty file whose name tells this process."""
    while True:
        temporary = folder / f".hoplon-{socket.gethostname()}-{os.getpid()}-{next(_begun)}.tmp"
        _writing.add(str(temporary))
        try:
            os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:  # of a process that had the same number
            continue
        except OSError:
            _writing.discard(str(temporary))
            raise
        return temporary


def sweep(folder: Path) -> None:
    """Remove from a folder what processes that are no more left half-written."""
    with contextlib.suppress(OSError):
        for entry in list(os.scandir(folder)):
            found = _TEMPORARY.match(entry.name)
            if (
                found is not None
                and entry.path not in _writing
                and _is_left(entry, found["host"], int(found["process"]))
            ):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)


def _is_left(entry: os.DirEntry[str], host: str, process: int) -> bool:
    if host != socket.gethostname():
        with contextlib.suppress(OSError):
            return time.time() - entry.stat(follow_symlinks=False).st_mtime > _FORGOTTEN_S
        return False
    return process == os.getpid() or not runs(process)


def runs(process: int) -> bool:
    """Tell whether a process of this machine is there, by its number."""
    if os.name == "nt":  # where os.kill would end it
        return _runs_on_windows(process)
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _runs_on_windows(process: int) -> bool:
    """Tell whether a process is there: one that may not be opened is, one that has ended has an exit code."""
    import ctypes

    system = getattr(ctypes, "windll").kernel32  # noqa: B009, not there elsewhere, as types are checked
    handle = system.OpenProcess(_MAY_BE_ASKED, 0, process)
    if not handle:
        return bool(system.GetLastError() == _ACCESS_DENIED)
    code = ctypes.c_ulong()
    told = system.GetExitCodeProcess(handle, ctypes.byref(code))
    system.CloseHandle(handle)
    return not told or code.value == _STILL_ACTIVE


def own_folder(folder: Path, within: Path) -> Path:
    """Make a folder under another and return it; a link on the way from there is replaced by a folder."""
    within.mkdir(parents=True, exist_ok=True)
    here = within
    for part in folder.relative_to(within).parts:
        here = here / part
        if here.is_symlink():
            here.unlink()
        here.mkdir(exist_ok=True)
    return folder


def kept_in(folder: Path) -> Path:
    """Make the folder of the coverages that are kept in a study's folder, and return it; no link in it is followed.

    Raises
    ------
    OutputError
        If it cannot be written, or a folder stands where a file is kept: that is said before anything is computed.
    """
    store = own_folder(folder / STORE, folder)
    for entry in list(store.iterdir()):
        if not entry.is_symlink() and entry.is_dir():
            raise OutputError(
                f"{entry}: is a folder; files alone are kept in {store}: remove it, or name another folder"
            )
        if not entry.is_file() or entry.is_symlink():  # a pipe, a socket, a link
            entry.unlink()
    sweep(store)
    return writable_folder(store)


def refuse_other_than_file(path: Path, *, within: Path | None = None) -> None:
    """Refuse to put a file in the place of a folder, a device or a pipe.

    Parameters
    ----------
    path : Path
    within : Path, optional
        A folder under which links are replaced and not followed.

    Raises
    ------
    OutputError
    """
    if within is not None and path.is_symlink():
        return
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; a file was expected")
    if path.exists() and not path.is_file():
        raise OutputError(f"{path}: is a device or a pipe; the name of a file was expected")


def write_text(path: Path, text: str, *, within: Path | None = None) -> Path:
    """Write a text file (UTF-8) whole or not at all, and return its path; ``within`` as for :func:`replacing`."""
    return write_bytes(path, text.encode("utf-8"), within=within)


def write_bytes(path: Path, content: bytes, *, within: Path | None = None) -> Path:
    """Write a file whole or not at all, and return its path; ``within`` as for :func:`replacing`."""
    with replacing(path, within=within) as temporary:
        temporary.write_bytes(content)
    return path


@contextlib.contextmanager
def held(folder: Path, lock: str) -> Iterator[None]:
    """Hold a folder for this process alone, by a lock on a file that ends with the process, however it ends.

    Parameters
    ----------
    folder : Path
    lock : str
        Path of the file from there; it is removed at the end.

    Raises
    ------
    OutputError
        If somebody else holds the folder, or the file cannot be made.
    """
    path = folder / lock
    try:
        handle = _locked(path)
    except BlockingIOError:
        raise OutputError(
            f"{folder}: something else is being written there; wait until it is done, or name another folder"
        ) from None
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        os.close(handle)
        if os.name == "nt":  # where a file that is open cannot be removed
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _lock(handle: int) -> None:
    """Lock an open file for this process, or raise BlockingIOError; OSError where nothing locks."""
    try:
        import fcntl
    except ImportError:  # Windows
        _lock_on_windows(handle)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lock_on_windows(handle: int) -> None:
    try:
        lock: Any = import_module("msvcrt")
    except ImportError:
        raise OSError("no locks") from None
    try:
        lock.locking(handle, lock.LK_NBLCK, 1)
    except OSError as error:
        raise BlockingIOError(error.errno, "locked") from error


def _locked(path: Path) -> int:
    while True:
        if path.is_symlink():
            path.unlink()
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)  # which no process begun from here inherits
        try:
            _lock(handle)
        except BlockingIOError:
            os.close(handle)
            raise
        except OSError:  # a file system without locks
            return handle
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        os.close(handle)  # who held it has removed the file meanwhile


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


def no_formula(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula: an apostrophe before one that begins like it.

    References
    ----------
    OWASP, CSV Injection: cells that begin with ``=``, ``+``, ``-``, ``@``, a tab or a line's end are evaluated.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


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
