"""What a cache of kernels is known by, and where it is."""

from __future__ import annotations

import ast
import os
import shutil
import tempfile
from pathlib import Path

import numba
import pytest

import hoplon
from hoplon import kernel_folder
from hoplon.kernel_cache import digest_as_run
from hoplon.kernel_folder import folder_of_kernels, kernels_digest, sources_of_kernels

PACKAGE = Path(hoplon.__file__).parent
RUN_BY_NO_KERNEL = {"errors.py", "processes.py", "progress.py", "version.py"}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a copy of the package's sources."""
    folder = tmp_path / "hoplon"
    shutil.copytree(PACKAGE, folder, ignore=lambda _, names: [n for n in names if n.endswith((".gz", ".pyc"))])
    return folder


def file_of(module: str) -> Path:
    path = PACKAGE.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imports_of(source: Path) -> set[Path]:
    found = ast.walk(ast.parse(source.read_text(encoding="utf-8")))
    return {
        file_of(node.module)
        for node in found
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("hoplon.")
    }


def test_every_file_with_a_kernel_and_what_it_imports_is_part_of_the_digest() -> None:
    known = set(sources_of_kernels(PACKAGE))
    with_kernels = {path for path in PACKAGE.rglob("*.py") if PACKAGE / "compiled.py" in imports_of(path)}
    assert with_kernels <= known
    for source in with_kernels:
        assert {path for path in imports_of(source) if path.name not in RUN_BY_NO_KERNEL} <= known, source


@pytest.mark.parametrize("name", ["constants.py", "units.py", "streams.py", "flight/arc.py", "backbone/draws.py"])
def test_a_changed_digit_is_another_digest_though_time_and_size_are_equal(package: Path, name: str) -> None:
    file = package / name
    before, kept = kernels_digest(package), file.stat()
    text = file.read_text(encoding="utf-8")
    place = next(index for index, letter in enumerate(text) if letter in "12345678")
    file.write_text(text[:place] + chr(ord(text[place]) + 1) + text[place + 1 :], encoding="utf-8")
    os.utime(file, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert file.stat().st_size == kept.st_size
    assert kernels_digest(package) != before


def test_text_that_moved_to_the_next_file_is_another_digest(package: Path) -> None:
    before = kernels_digest(package)
    first, second = package / "earth" / "geodesy.py", package / "earth" / "gravity.py"
    first_text, second_text = first.read_bytes(), second.read_bytes()
    first.write_bytes(first_text + second_text[:7])
    second.write_bytes(second_text[7:])
    assert kernels_digest(package) != before


@pytest.mark.parametrize("what", ["numba", "llvmlite", "np"])
def test_another_version_is_another_digest(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    before = kernels_digest(PACKAGE)
    monkeypatch.setattr(getattr(kernel_folder, what), "__version__", "0.1")
    assert kernels_digest(PACKAGE) != before


def test_another_option_of_numba_is_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = kernels_digest(PACKAGE)
    monkeypatch.setattr(numba.config, "BOUNDSCHECK", 1)
    assert kernels_digest(PACKAGE) != before


def test_a_user_whom_the_system_does_not_know_has_no_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    expected = tmp_path / f"hoplon-{os.geteuid()}" / "kernels-abc"
    assert folder_of_kernels("abc") == str(expected)
    assert expected.stat().st_mode & 0o777 == 0o700
    assert "NUMBA_CACHE_DIR" in capsys.readouterr().err


def test_a_function_is_known_by_the_constants_of_all_that_it_calls() -> None:
    def made(constant: str) -> str:
        known: dict[str, object] = {}
        exec(f"RATE = {constant}\ndef inner(x):\n    return RATE * x\ndef outer(x):\n    return inner(x)", known)
        return digest_as_run(known["outer"])  # type: ignore[arg-type]

    assert made("1.0") == made("1.0")
    assert len({made(constant) for constant in ("1.0", "2.0", "1", "(1.0, 2.0)")}) == 4
