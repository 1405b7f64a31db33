"""Files are whole or not there."""

import os
from pathlib import Path

import pytest

from hoplon.errors import OutputError
from hoplon.files import replacing, writable_folder, write_text


def break_off(path: Path, error: BaseException) -> None:
    """Write half a file, then fail."""
    with replacing(path) as temporary:
        temporary.write_text("half")
        raise error


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    path = write_text(tmp_path / "deep" / "table.csv", "a,b\n1,2\n")
    assert path.read_text() == "a,b\n1,2\n"
    assert os.listdir(path.parent) == ["table.csv"]


def test_what_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = write_text(tmp_path / "report.html", "old")
    with pytest.raises(KeyboardInterrupt):
        break_off(path, KeyboardInterrupt())
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.html"]


def test_a_full_disk_is_said_plainly_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    with pytest.raises(OutputError, match=r"cannot write .*No space left on device"):
        break_off(path, OSError(28, "No space left on device"))
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="cannot write"):
        writable_folder(tmp_path / "out")
    with pytest.raises(OutputError, match="cannot write"):
        write_text(tmp_path / "out" / "report.html", "x")


def test_a_device_without_room_is_refused_before_work_starts() -> None:
    with pytest.raises(OutputError):
        writable_folder(Path("/proc/nowhere"))


def test_a_device_and_a_pipe_are_never_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(OutputError, match="is a device or a pipe; the name of a file was expected"):
            write_text(path, "x")
        assert not path.is_file()


def test_what_a_link_leads_to_is_written_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    link = tmp_path / "report.html"
    link.symlink_to(tmp_path / "kept" / "report.html")
    write_text(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "kept" / "report.html").read_text() == "new"
