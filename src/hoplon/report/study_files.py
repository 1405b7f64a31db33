"""The files of a study's folder: written together at the end, those of an older study there removed."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from hoplon.files import STORE, held, kept_in, refuse_other_than_file, sweep, writable_folder, write_text
from hoplon.scenario.given.file import content_of

_FOLDERS: Final = ("tables", "maps", "figures")
_RESULTS: Final = "results.nc"
_REPORT: Final = "report.html"
_COMPREHENSIVE: Final = "comprehensive"
_MANIFEST: Final = "manifest.csv"
_JOURNAL: Final = f"{STORE}/files"  # what may be there of a study that was broken off
_LOCK: Final = f"{STORE}/.lock"
_MOST: Final = 1 << 24  # [byte] read of a manifest


class StudyFiles:
    """A folder that holds one study: the files that its manifest names, the manifest, the report, what is kept.

    No link in it is followed: what is one is replaced. The folder itself may be a link.

    Parameters
    ----------
    folder : Path
        Made if need be.

    Raises
    ------
    OutputError
        If it is no folder, or cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = writable_folder(folder)

    @property
    def report(self) -> Path:
        """The report."""
        return self.folder / _REPORT

    @property
    def results(self) -> Path:
        """The labelled results."""
        return self.folder / _RESULTS

    @property
    def comprehensive(self) -> Path:
        """The comprehensive report."""
        return self.folder / f"{_COMPREHENSIVE}.html"

    @property
    def comprehensive_pdf(self) -> Path:
        """The comprehensive report as PDF."""
        return self.folder / f"{_COMPREHENSIVE}.pdf"

    @property
    def manifest(self) -> Path:
        """The list of the files."""
        return self.folder / _MANIFEST

    @contextlib.contextmanager
    def open_store(self) -> Iterator[Path]:
        """Hold the folder for this process alone, remove what was left half-written, yield where coverages are kept.

        Raises
        ------
        OutputError
            If another study is being written there.
        """
        store = kept_in(self.folder)
        with held(self.folder, _LOCK):
            for name in ("", *_FOLDERS):
                sweep(self.folder / name)
            yield store

    @contextlib.contextmanager
    def replace(self, names: Sequence[str], scenario_sha256: str) -> Iterator[None]:
        """Write files, manifest and report here; on leaving without an error, remove what is left of an older study.

        Parameters
        ----------
        names : sequence of str
            Paths of the files to be written, from the folder.
        scenario_sha256 : str
            Of the scenario: an older report of another one is removed first.

        Raises
        ------
        OutputError
            If a folder stands where a file is to be written; nothing is written then.
        """
        for name in (*names, _MANIFEST, _REPORT):
            refuse_other_than_file(self.folder / name, within=self.folder)
        named, scenarios = self._manifested()
        older = {*named, *self._journal()} - {*names}
        if scenarios - {scenario_sha256}:
            for path in (self.report, self.manifest):
                path.unlink(missing_ok=True)
        write_text(
            self.folder / _JOURNAL, "".join(f"{name}\n" for name in sorted({*older, *names})), within=self.folder
        )
        yield
        for name in sorted(older):
            self._remove(name)
        for name in _FOLDERS:
            with contextlib.suppress(OSError):  # somebody else's file is in it
                (self.folder / name).rmdir()
        with contextlib.suppress(OSError):
            (self.folder / _JOURNAL).unlink()

    def _manifested(self) -> tuple[set[str], set[str]]:
        """Return the files that the manifest names, and the scenarios that they were made from."""
        rows = list(csv.DictReader(io.StringIO(self._text(_MANIFEST))))
        names = {str(row.get("file")) for row in rows}
        return set(filter(_of_a_study, names)), {str(row.get("scenario_sha256")) for row in rows}

    def _journal(self) -> set[str]:
        return set(filter(_of_a_study, self._text(_JOURNAL).splitlines()))

    def _text(self, name: str) -> str:
        """Return a text of the folder; nothing for one that is not there, or a link."""
        path = self.folder / name
        if path.is_symlink():
            return ""
        with contextlib.suppress(OSError, UnicodeDecodeError, csv.Error):
            return content_of(path, _MOST).decode("utf-8")
        return ""

    def _remove(self, name: str) -> None:
        path = self.folder / name
        if path.parent.is_symlink():
            return
        with contextlib.suppress(OSError):
            path.unlink()


def _of_a_study(name: str) -> bool:
    """Tell whether a path is one that a study writes to, and leads nowhere else."""
    parts = PurePosixPath(name).parts
    alone = {_RESULTS, f"{_COMPREHENSIVE}.html", f"{_COMPREHENSIVE}.pdf"}
    return name in alone or (len(parts) == 2 and parts[0] in _FOLDERS and parts[1] != "..")
