"""Files that are served: a list made when the server starts; no path that a request names is ever opened."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hoplon.errors import InputError

STATIC: Final = Path(__file__).parent / "static"
REPORT: Final = "report.html"
_REPORT_FILES: Final = ("report.html", "comprehensive.html", "comprehensive.pdf", "results.nc", "manifest.csv")
_REPORT_FOLDERS: Final = ("tables", "maps", "figures")
_MOST_FILES: Final = 5000
_HEAD_BYTES: Final = 4096  # in which a page states its policy
_META: Final = re.compile(rb"<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"")
_HASH: Final = re.compile(rb"'sha256-[A-Za-z0-9+/]+=*'")
_SHOWN: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
"""Media types that a browser shows; everything else is downloaded."""
_DOCUMENT_POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; script-src {scripts}"
)


@dataclass(frozen=True)
class ServedFile:
    """A file that is served: its content, or where it was when the server started."""

    media_type: str
    content: bytes | None = None
    path: Path | None = None
    policy: str | None = None
    attached: str | None = None

    def read(self) -> bytes | None:
        """Return the content; None if the file is there no more, or something else is in its place."""
        if self.content is not None or self.path is None:
            return self.content
        try:
            handle = os.open(self.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
            with open(handle, "rb") as stream:
                return stream.read()
        except OSError:
            return None


def static_files(folder: Path = STATIC) -> dict[str, ServedFile]:
    """Return the built page and what belongs to it, by path, read into memory: a rebuild beside it changes nothing."""
    found = {}
    for path in _files_in(folder):
        name = path.relative_to(folder).as_posix()
        kind = _SHOWN.get(path.suffix, "application/octet-stream")
        found[f"/{name}"] = ServedFile(kind, path.read_bytes())
    if "/index.html" in found:
        found["/"] = found["/index.html"]
    return found


def report_files(folder: Path) -> dict[str, ServedFile]:
    """Return the report in the folder of a study and all that belongs to it, by path under ``/report/``.

    Raises
    ------
    InputError
        If there is no report in the folder.
    """
    if not (folder / REPORT).is_file():
        raise InputError(f"{folder}: there is no {REPORT} in it; hoplon study writes one")
    listed = [folder / name for name in _REPORT_FILES]
    for name in _REPORT_FOLDERS:
        listed += _files_in(folder / name)
    root = folder.resolve()
    found = {}
    for path in listed[:_MOST_FILES]:
        if path.is_symlink() or not path.is_file() or not path.resolve().is_relative_to(root):
            continue
        kind = _SHOWN.get(path.suffix)
        found[f"/report/{path.relative_to(folder).as_posix()}"] = ServedFile(
            kind or "application/octet-stream",
            path=path.resolve(),
            policy=_DOCUMENT_POLICY.format(scripts=_scripts_of(path)),
            attached=None if kind else path.name,
        )
    found["/report/"] = found[f"/report/{REPORT}"]
    return found


def _scripts_of(path: Path) -> str:
    """Return the scripts that a page may run: those of which it states the digest at its top, and no other."""
    if path.suffix != ".html":
        return "'none'"
    with path.open("rb") as stream:
        stated = _META.search(stream.read(_HEAD_BYTES))
    hashes = [] if stated is None else _HASH.findall(stated[1].replace(b"&#39;", b"'"))
    return b" ".join(hashes).decode() if hashes else "'none'"


def _files_in(folder: Path) -> list[Path]:
    """Return the files of a folder and of those in it, hidden ones and links left out."""
    if not folder.is_dir() or folder.is_symlink():
        return []
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in parts):
            found.append(path)
    return found
