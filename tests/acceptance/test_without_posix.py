"""hoplon where what Python has on Unix only is absent, as on Windows: imports, main commands, processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hoplon import files
from hoplon.cli import main
from hoplon.errors import OutputError

SCRIPT = Path(__file__).resolve().parents[1] / "without_posix.py"
FLIGHT = ("--architecture", "fast", "--from", "northwest", "--aim", "44.43,26.10", "--threat", "mrbm")
IMPORT = """
import runpy, sys
runpy.run_path(sys.argv[1])["remove"]()
import importlib, pkgutil, hoplon
found = [module.name for module in pkgutil.walk_packages(hoplon.__path__, "hoplon.")]
for name in found:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(found))
"""


def without_posix(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False, timeout=300
    )


def test_every_module_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, str(SCRIPT)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 200


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "toy", "architectures"),
        ("check", "toy"),
        ("coverage", "toy", "--architecture", "fast"),
        ("engage", "toy", *FLIGHT),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_answers_the_same(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    done = without_posix(*arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert main([*arguments, "--json"]) == 0
    assert done.stdout == capsys.readouterr().out


def test_processes_begin_anew_where_nothing_forks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = ("survive", "toy", "--architecture", "fast", "--json")
    done = without_posix(*question, "--folder", str(tmp_path), "--executor", "process", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert main(question) == 0
    assert json.loads(done.stdout) == json.loads(capsys.readouterr().out)


def test_what_needs_forks_says_so_in_one_line() -> None:
    done = without_posix("federate", "toy", "--architecture", "fast", "--raid", "four")
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("federate begins its elements as forks")
    assert "hoplon play" in line


class Locks:
    """The part of Windows' module msvcrt that locks files, for two handles of one process."""

    LK_NBLCK = 2

    def __init__(self) -> None:
        self.held: list[tuple[int, int]] = []

    def locking(self, handle: int, mode: int, count: int) -> None:
        assert (mode, count) == (self.LK_NBLCK, 1)
        file = os.fstat(handle)
        if (file.st_dev, file.st_ino) in self.held:
            raise PermissionError(13, "Permission denied")
        self.held.append((file.st_dev, file.st_ino))


def test_a_folder_is_held_by_the_locks_of_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", Locks())  # type: ignore[arg-type]
    with files.held(tmp_path, "lock"), pytest.raises(OutputError, match="something else is being written there"):
        files.held(tmp_path, "lock").__enter__()
    monkeypatch.setitem(sys.modules, "msvcrt", None)  # where nothing locks, nothing is refused
    with files.held(tmp_path, "lock"), files.held(tmp_path, "lock"):
        assert (tmp_path / "lock").exists()
