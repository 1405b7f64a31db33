"""The same answers and files in any locale, and under paths that are no UTF-8."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src"
SCENARIO = "extends: toy\nhoplon: 1\nname: x\nnations: [LUX]\narchitectures: {fast: {title: é ☃}}\n"


def hoplon(folder: Path, locale: str, *arguments: str | bytes) -> tuple[int, bytes, bytes]:
    environment = {
        **{
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("LC_", "LANG", "PYTHONUTF8", "PYTHONIO"))
        },
        "PYTHONPATH": str(SOURCES),
        "LC_ALL": locale,
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    }
    command = [sys.executable, "-W", "error", "-m", "hoplon", *arguments]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "no_SUCH.locale"])
def test_a_path_that_is_no_utf_8_is_read_and_written(tmp_path: Path, locale: str) -> None:
    folder = os.fsencode(tmp_path) + b"/d\xff\xe9 ="
    os.mkdir(folder)
    scenario = folder + b"/s\xfc.yaml"
    Path(os.fsdecode(scenario)).write_text(SCENARIO, encoding="utf-8")
    written = {}
    for form in ("kml", "geojson"):
        path = folder + b"/\xfe." + form.encode()
        code, out, err = hoplon(
            tmp_path, locale, "export", scenario, "--architecture", "fast", "--format", form, "-o", path
        )
        assert (code, b"Traceback" in err) == (0, False), err
        written[form] = Path(os.fsdecode(path)).read_bytes()
    assert "é ☃".encode() in written["kml"]
    code, out, err = hoplon(tmp_path, locale, "check", folder + b"/none\xff.yaml")
    assert (code, b"Traceback" in out + err) == (1, False)
    assert b"no such file" in out + err
    assert sorted(os.listdir(folder)) == sorted([b"s\xfc.yaml", b"\xfe.kml", b"\xfe.geojson"])
