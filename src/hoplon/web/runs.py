"""Long work in processes of its own: begun, told of, cancelled, its results kept until they are dropped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import secrets
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from hoplon.files import runs
from hoplon.processes import begin_forking, beginning_processes
from hoplon.web.run_process import FILES, RESULT, run
from hoplon.web.work import BusyError, ClosingError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

MOST_UNFINISHED: Final = 8
MOST_AT_ONCE: Final = 2
MOST_KEPT: Final = 16
_BEAT_S: Final = 10.0  # between two signs of life of a stream of events
_FOLDER: Final = re.compile(r"hoplon-web-(?P<process>[0-9]+)-[^-]+\Z")
_MODULE: Final = "hoplon.web.run_process"
_MEDIA_TYPES: Final = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".czml": "application/json",
    ".geojson": "application/geo+json",
    ".html": "text/html; charset=utf-8",
}
Kind = Literal["raid", "question", "coverage"]
State = Literal["waiting", "running", "done", "failed", "cancelled"]
ENDED: Final = ("done", "failed", "cancelled")


@dataclass(eq=False)
class LongRun:
    """A raid, a question or files of a coverage, under way or ended; changed in the thread of the server's loop alone.

    Attributes
    ----------
    id, kind, title : str
    asked : dict
        The request.
    work : tuple
        What the process is given.
    folder : Path
    state : {"waiting", "running", "done", "failed", "cancelled"}
    done, total : int
    text : str
        What is being done.
    error : str or None
        Why it failed.
    version : int
        Grows with every change.
    files : dict of str to Path
        What may be downloaded, by the name that a request gives.
    """

    id: str
    kind: Kind
    title: str
    asked: dict[str, Any]
    work: tuple[Any, dict[str, Any]]
    folder: Path
    state: State = "waiting"
    done: int = 0
    total: int = 0
    text: str = ""
    error: str | None = None
    version: int = 1
    files: dict[str, Path] = field(default_factory=dict)
    process: BaseProcess | None = field(default=None, repr=False)
    changed: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return what a page is told of it."""
        listed = [
            {"name": name, "media_type": media_type(path), "bytes": path.stat().st_size}
            for name, path in self.files.items()
            if path.is_file()
        ]
        told = {key: getattr(self, key) for key in ("id", "kind", "title", "state", "done", "total", "text", "error")}
        return {**told, "files": listed, "asked": self.asked}

    def tell(self, **changes: Any) -> None:
        """Change it, and wake whoever follows it."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.version += 1
        self.changed.set()
        self.changed = asyncio.Event()

    def result(self, name: str = RESULT) -> Path | None:
        """Return the file of its result, or of its playback; None where there is none."""
        path = self.folder / name
        return path if self.state == "done" and path.is_file() else None


def media_type(path: Path) -> str:
    """Return the media type of a file by its ending."""
    return _MEDIA_TYPES.get(path.suffix, "application/octet-stream")


class LongRuns:
    """Every run of a server; used in the thread of its loop."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, LongRun] = OrderedDict()
        self._folder: Path | None = None
        self._closing = False
        _sweep()

    def begin(
        self,
        kind: Kind,
        title: str,
        asked: dict[str, Any],
        scenario: Any,
        work: dict[str, Any],
    ) -> LongRun:
        """Begin a run, or let it wait until one of those under way has ended.

        Raises
        ------
        BusyError
            If too many are unfinished.
        """
        if self._closing:
            raise ClosingError("the server is ending")
        unfinished = [one for one in self._runs.values() if one.state not in ENDED]
        if len(unfinished) >= MOST_UNFINISHED:
            raise BusyError(f"{MOST_UNFINISHED} runs are under way; cancel one, or wait for its end")
        identity = secrets.token_hex(8)
        made = LongRun(identity, kind, title, asked, (scenario, work), self._home() / identity)
        self._runs[identity] = made
        for one in [one for one in self._runs.values() if one.state in ENDED][: max(0, len(self._runs) - MOST_KEPT)]:
            self._forget(one)
        self._begin_waiting()
        return made

    def get(self, identity: str) -> LongRun | None:
        """Return a run by its number."""
        return self._runs.get(identity)

    def listed(self) -> list[dict[str, Any]]:
        """Return every run, the newest first."""
        return [one.as_json() for one in reversed(self._runs.values())]

    def cancel(self, found: LongRun) -> dict[str, Any]:
        """End a run, whatever it has done, and drop its results."""
        if found.state not in ENDED:
            if found.process is not None:
                found.process.kill()
            found.tell(state="cancelled", text="cancelled")
        told = found.as_json()
        self._forget(found)
        self._begin_waiting()
        return {**told, "files": []}

    async def events(self, found: LongRun, after: int, beat_s: float = _BEAT_S) -> AsyncIterator[bytes]:
        """Yield what is told of a run as events of a stream, from after a number on, until it has ended.

        Each event holds the whole state, so that one that was missed is missed by nobody.
        """
        yield b"retry: 1000\n\n"
        while True:
            changed, version = found.changed, found.version
            if version > after:
                after = version
                kind = found.state if found.state in ENDED else "progress"
                yield f"id: {version}\nevent: {kind}\ndata: {json.dumps(found.as_json())}\n\n".encode()
            if found.state in ENDED or self._closing:
                return
            try:
                await asyncio.wait_for(changed.wait(), beat_s)
            except TimeoutError:
                yield b": \n\n"

    def close(self) -> None:
        """End every run and remove what they wrote."""
        self._closing = True
        for one in self._runs.values():
            if one.process is not None and one.state not in ENDED:
                one.process.kill()
                one.state = "cancelled"
            one.changed.set()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _home(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=f"hoplon-web-{os.getpid()}-"))
        return self._folder

    def _forget(self, one: LongRun) -> None:
        self._runs.pop(one.id, None)
        shutil.rmtree(one.folder, ignore_errors=True)

    def _begin_waiting(self) -> None:
        running = sum(one.state == "running" for one in self._runs.values())
        waiting = [one for one in self._runs.values() if one.state == "waiting"]
        for one in waiting[: max(0, MOST_AT_ONCE - running)]:
            one.folder.mkdir(mode=0o700)
            one.tell(state="running", text="begins")
            threading.Thread(target=self._follow, args=(one, asyncio.get_running_loop()), daemon=True).start()

    def _follow(self, one: LongRun, loop: asyncio.AbstractEventLoop) -> None:
        """Begin the process of a run and pass on what it says, in a thread of its own."""

        def pass_on(call: Callable[..., None], *arguments: Any) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(call, *arguments)

        try:
            told = self._begun(one)
        except Exception as error:
            pass_on(self._ended, one, "failed", f"the process could not be begun: {error}")
            return
        try:
            while True:
                kind, *rest = told.recv()
                if kind != "progress":
                    pass_on(self._ended, one, kind, rest[0])
                    break
                pass_on(self._progressed, one, *rest)
        except (EOFError, OSError):
            pass_on(self._ended, one, "failed", "its process was ended; too little memory?")
        finally:
            told.close()
            if one.process is not None:
                one.process.join()

    def _begun(self, one: LongRun) -> Connection:
        with _beginning:
            context: Any = begin_forking(_MODULE)
            receiving, sending = context.Pipe(duplex=False)
            scenario, work = one.work
            arguments = (sending, one.kind, scenario, work, str(one.folder))
            process: BaseProcess = context.Process(target=run, args=arguments, daemon=True)
            with beginning_processes():
                process.start()
            sending.close()
        one.process = process
        if one.state in ENDED or self._closing:  # cancelled as it began
            process.kill()
        found: Connection = receiving
        return found

    def _progressed(self, one: LongRun, done: int, total: int, text: str) -> None:
        if one.state == "running":
            one.tell(done=done, total=total, text=text)

    def _ended(self, one: LongRun, state: State, error: str) -> None:
        if one.state == "running":
            if state == "done":
                one.files = _files_of(one.folder / FILES)
            one.tell(state=state, error=error or None, text=state)
        self._begin_waiting()


_beginning = threading.Lock()


def _files_of(folder: Path) -> dict[str, Path]:
    """Return the files of a folder and the folders in it, by their paths from there; links are left out."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path for path in found}


def _sweep() -> None:
    """Remove the folders that servers left which are no more."""
    for entry in Path(tempfile.gettempdir()).glob("hoplon-web-*"):
        found = _FOLDER.match(entry.name)
        with contextlib.suppress(OSError):
            mine = not hasattr(os, "getuid") or entry.lstat().st_uid == os.getuid()
            if found is not None and mine and not entry.is_symlink() and not runs(int(found["process"])):
                shutil.rmtree(entry, ignore_errors=True)
