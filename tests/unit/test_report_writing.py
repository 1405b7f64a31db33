"""Files are whole or not there."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hoplon.analysis.sampling.kept_shares import KeptShares
from hoplon.backbone.measures import MEASURES
from hoplon.campaigns.store import Chunk, read_chunk, write_chunk
from hoplon.errors import OutputError
from hoplon.files import held, kept_in, replacing, sweep, writable_folder, write_text


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


def test_no_link_inside_a_folder_is_followed(tmp_path: Path) -> None:
    folder, others = tmp_path / "out", tmp_path / "others"
    folder.mkdir()
    others.mkdir()
    mine = write_text(tmp_path / "mine", "mine")
    (folder / "report.html").symlink_to("../mine")
    (folder / "tables").symlink_to(others)
    write_text(folder / "report.html", "new", within=folder)
    write_text(folder / "tables" / "findings.csv", "new", within=folder)
    assert mine.read_text() == "mine"
    assert os.listdir(others) == []
    for path in (folder / "report.html", folder / "tables", folder / "tables" / "findings.csv"):
        assert not path.is_symlink()
    assert (folder / "tables" / "findings.csv").read_text() == "new"
    (folder / ".store").symlink_to(others)
    assert not kept_in(folder).is_symlink()


def test_no_link_among_chunks_is_followed(tmp_path: Path) -> None:
    mine, others, folder = write_text(tmp_path / "mine", "mine"), tmp_path / "others", tmp_path / "chunks"
    others.mkdir()
    shares = KeptShares(folder, ["a question"], (2,))
    shares.keep(range(1), np.ones((1, 2)))
    (kept,) = folder.iterdir()
    kept.unlink()
    kept.symlink_to(mine)
    assert shares.find(range(1)) is None
    shares.keep(range(1), np.ones((1, 2)))
    (folder / "chunks").symlink_to(others)
    write_chunk(folder, "a campaign", Chunk(0, 0, 1, 1, np.zeros((1, len(MEASURES)), dtype=np.int64)))
    assert mine.read_text() == "mine"
    assert os.listdir(others) == []
    assert shares.find(range(1)) is not None
    assert read_chunk(folder, "a campaign", 0) is not None


def test_what_is_no_file_among_the_kept_coverages_goes_or_is_told_before_any_work(tmp_path: Path) -> None:
    store = kept_in(tmp_path)
    (store / "a.coverage").write_bytes(b"kept")
    os.mkfifo(store / "b.coverage")
    assert [entry.name for entry in kept_in(tmp_path).iterdir()] == ["a.coverage"]
    (store / "c.coverage").mkdir()
    with pytest.raises(OutputError, match=r"c\.coverage: is a folder; files alone are kept"):
        kept_in(tmp_path)


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    host, gone = socket.gethostname(), subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = f".hoplon-{host}-{gone.pid}-0.tmp"
    kept = (f".hoplon-{host}-{os.getppid()}-0.tmp", ".hoplon-elsewhere-1-0.tmp", ".hoplon-notes.tmp", "table.csv")
    for name in (left, *kept):
        (tmp_path / name).write_text("half")
    with replacing(tmp_path / "report.html") as temporary:
        temporary.write_text("half")
        sweep(tmp_path)
        assert temporary.exists()
        assert str(os.getpid()) in temporary.name
    assert set(os.listdir(tmp_path)) == {"report.html", *kept}


def test_a_folder_is_held_by_one_and_the_lock_outlives_nobody(tmp_path: Path) -> None:
    with held(tmp_path, ".lock"):
        with (
            pytest.raises(OutputError, match="something else is being written there; wait until it is done"),
            held(tmp_path, ".lock"),
        ):
            pass
        assert (tmp_path / ".lock").exists()
    assert os.listdir(tmp_path) == []
    hold = "import os, pathlib, sys; from hoplon.files import held; one = held(pathlib.Path(sys.argv[1]), '.lock')"
    subprocess.run([sys.executable, "-c", f"{hold}; one.__enter__(); os._exit(9)", str(tmp_path)], check=False)
    assert os.listdir(tmp_path) == [".lock"]
    with held(tmp_path, ".lock"):
        pass
    assert os.listdir(tmp_path) == []
