"""Kernels kept on disk: damaged, written by others, without a home, and of yesterday's source; real processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import hoplon
from hoplon.kernel_folder import kernels_digest

PACKAGE = Path(hoplon.__file__).parent
KERNELS = f"kernels-{kernels_digest(PACKAGE)}"
# From 39 N 127 E to 13.45 N 144.8 E: a great circle of 3,336 km on a sphere of 6,371 km.
TRAJECTORY = (
    *("-m", "hoplon", "trajectory", "--launch=39,127", "--aim=13.45,144.8", "--burn-time-s", "130"),
    *("--burnout-altitude-km", "120", "--burnout-ground-range-km", "160"),
)
RATE = "from hoplon.compiled import kernel\nRATE = {}\n@kernel\ndef rate(x):\n    return RATE * x\n"
CALLER = (
    "from hoplon.compiled import kernel\nfrom rates import rate\n@kernel\ndef twice(x):\n    return rate(x) + rate(x)\n"
    "print(twice(3.0))\n"
)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with nothing in the environment but what is given."""
    given = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(PACKAGE.parent), **environment}
    return subprocess.run([sys.executable, *arguments], env=given, capture_output=True, text=True, check=False)


def answered(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr
    assert "ground_range_km                 3336" in done.stdout


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a cache that holds the kernels of the command, and what the command said that compiled them."""
    folder = tmp_path_factory.mktemp("warm") / "cache"
    done = run(*TRAJECTORY, "--json", NUMBA_CACHE_DIR=str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    return folder, done.stdout


@pytest.fixture(scope="module")
def warm(compiled: tuple[Path, str]) -> Path:
    """Return a cache that holds the kernels of the command."""
    return compiled[0]


def test_what_is_read_back_says_the_same_to_the_last_digit(compiled: tuple[Path, str]) -> None:
    folder, said = compiled
    files = {path: path.stat().st_mtime_ns for path in folder.rglob("*.entry.*")}
    again = run(*TRAJECTORY, "--json", NUMBA_CACHE_DIR=str(folder))
    assert (again.returncode, again.stdout, again.stderr) == (0, said, "")
    assert files
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.entry.*")} == files  # nothing compiled anew
    answered(run(*TRAJECTORY, NUMBA_CACHE_DIR=str(folder)))


def copied(warm: Path, to: Path) -> Path:
    shutil.copytree(warm, to)
    to.chmod(0o700)
    return to


def cut(file: Path) -> None:
    os.truncate(file, 100)


def halve(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def empty(file: Path) -> None:
    os.truncate(file, 0)


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("damage", [cut, halve, empty, flip])
@pytest.mark.parametrize("kind", ["entry", "called"])
def test_damaged_kernels_are_compiled_again_with_one_note(
    warm: Path, tmp_path: Path, kind: str, damage: Callable[[Path], None]
) -> None:
    folder = copied(warm, tmp_path / "cache")
    damaged = next(folder.rglob(f"*.{kind}.*"))
    for file in folder.rglob(f"*.{kind}.*"):
        damage(file)
    if kind == "called":  # it is read where an entry has to be compiled
        for file in folder.rglob("*.entry.*"):
            file.unlink()
    before = damaged.read_bytes()
    done = run(*TRAJECTORY, NUMBA_CACHE_DIR=str(folder))
    answered(done)
    assert done.stderr.splitlines() == [
        f"hoplon: {folder / KERNELS}: compiled kernels are damaged there; they are compiled again"
    ]
    assert damaged.read_bytes() != before
    assert run(*TRAJECTORY, NUMBA_CACHE_DIR=str(folder)).stderr == ""


def shared_itself(folder: Path) -> None:
    folder.chmod(0o777)


def shared_with_group(folder: Path) -> None:
    folder.chmod(0o770)


def shared_inside(folder: Path) -> None:
    (folder / KERNELS).chmod(0o755)
    next(folder.rglob("*.entry.*")).chmod(0o666)


def shared_kernels(folder: Path) -> None:
    (folder / KERNELS).chmod(0o777)


@pytest.mark.parametrize("share", [shared_itself, shared_with_group, shared_inside, shared_kernels])
def test_a_folder_that_others_can_write_is_refused(warm: Path, tmp_path: Path, share: Callable[[Path], None]) -> None:
    user_wide = tmp_path / "hoplon"
    folder = copied(warm, user_wide)
    share(folder)
    for environment in ({"NUMBA_CACHE_DIR": str(folder)}, {"XDG_CACHE_HOME": str(tmp_path)}):
        done = run(*TRAJECTORY, **environment)
        assert done.returncode == 1
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1
        assert "other users can write" in done.stderr
        assert "NUMBA_CACHE_DIR" in done.stderr


def test_what_was_copied_and_is_ones_own_is_closed_to_others(warm: Path, tmp_path: Path) -> None:
    folder = copied(warm, tmp_path / "cache")
    (folder / KERNELS).chmod(0o755)
    done = run(*TRAJECTORY, NUMBA_CACHE_DIR=str(folder))
    answered(done)
    assert done.stderr == ""
    assert (folder / KERNELS).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "environment",
    [{"HOME": "/nonexistent"}, {"NUMBA_CACHE_DIR": "{file}/cache"}, {"XDG_CACHE_HOME": "{file}"}, {"HOME": "{file}"}],
)
def test_without_a_folder_that_can_be_written_kernels_are_kept_among_the_temporary_files(
    warm: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "file").touch()
    own = copied(warm, tmp_path / f"hoplon-{os.geteuid()}")
    given = {name: value.format(file=tmp_path / "file") for name, value in environment.items()}
    done = run(*TRAJECTORY, TMPDIR=str(tmp_path), **given)
    answered(done)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"hoplon: compiled kernels are kept in {own} (")
    assert "NUMBA_CACHE_DIR" in line


def test_a_temporary_folder_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    theirs = tmp_path / f"hoplon-{os.geteuid()}"
    theirs.mkdir()
    theirs.chmod(0o777)
    (tmp_path / "rates.py").write_text(RATE.format("1.0"))
    (tmp_path / "caller.py").write_text(CALLER)
    done = run(str(tmp_path / "caller.py"), TMPDIR=str(tmp_path), HOME="/nonexistent")
    assert (done.returncode, done.stdout) == (0, "6.0\n"), done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("hoplon: compiled kernels are not kept (")
    assert "NUMBA_CACHE_DIR" in line
    assert list(theirs.iterdir()) == []


def test_a_kernel_of_yesterdays_constant_is_not_read_back(tmp_path: Path) -> None:
    rates, caller = tmp_path / "rates.py", tmp_path / "caller.py"
    caller.write_text(CALLER)
    cache = str(tmp_path / "cache")
    rates.write_text(RATE.format("1.0"))
    os.utime(rates, (1e9, 1e9))
    assert run(str(caller), NUMBA_CACHE_DIR=cache).stdout == "6.0\n"
    rates.write_text(RATE.format("2.0"))
    os.utime(rates, (1e9, 1e9))
    # The same time and size: Python runs the bytecode it kept; what it compiles must not pass for the new source's.
    assert run(str(caller), NUMBA_CACHE_DIR=cache).stdout == "6.0\n"
    shutil.rmtree(tmp_path / "__pycache__")
    assert run(str(caller), NUMBA_CACHE_DIR=cache).stdout == "12.0\n"
    assert run("-B", str(caller), NUMBA_CACHE_DIR=cache).stdout == "12.0\n"


def test_several_processes_compile_each_kernel_once_and_keep_every_signature(tmp_path: Path) -> None:
    (tmp_path / "rates.py").write_text(RATE.format("2"))
    (tmp_path / "caller.py").write_text(
        "import sys\nfrom numba.core import event\nfrom hoplon.compiled import kernel\nfrom rates import rate\n"
        "@kernel\ndef twice(x):\n    return rate(x) + rate(x)\n"
        "with event.install_recorder('numba:compile') as seen:\n    found = [twice(eval(x)) for x in sys.argv[1:]]\n"
        "print(found, sum(e.is_start for _, e in seen.buffer))\n"
    )
    cache = str(tmp_path / "cache")
    given = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(PACKAGE.parent), "NUMBA_CACHE_DIR": cache}
    orders = [("1", "1.5", "True"), ("1.5", "True", "1"), ("True", "1", "1.5"), ("1.5", "1", "True")]
    expected = {"1": "4", "1.5": "6.0", "True": "4"}  # 2 x + 2 x

    def all_at_once() -> list[tuple[str, int]]:
        begun = [
            subprocess.Popen([sys.executable, str(tmp_path / "caller.py"), *order], env=given, stdout=-1, text=True)
            for order in orders
        ]
        ended = [process.communicate()[0].rsplit(" ", 1) for process in begun]
        return [(found, int(count)) for found, count in ended]

    answers = [f"[{', '.join(expected[x] for x in order)}]" for order in orders]
    first = all_at_once()
    assert [found for found, _ in first] == answers
    assert sum(count for _, count in first) == 2 * 3  # two kernels of three signatures
    assert all_at_once() == [(answer, 0) for answer in answers]
