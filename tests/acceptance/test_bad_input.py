"""Wrong input to the real process ends with a clear message, exit status 1 or 2, no traceback, nothing written."""

import json
import os
import resource
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import hoplon.scenario

SOURCES = Path(hoplon.scenario.__file__).parents[2]  # the process runs in another folder than the tests
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCES), os.environ.get("PYTHONPATH", "")])}
HOPLON = [sys.executable, "-m", "hoplon.cli"]
TOY = "toy"
BOMB = "hoplon: 1\nx0: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"x{level}: &x{level} [{', '.join([f'*x{level - 1}'] * 10)}]\n" for level in range(1, 12)
)
HEAD = "hoplon: 1\nname: bad\nextends: toy\n"  # wrong lines begin at line 4


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run hoplon in a folder; the bound of the contract with users is 2 s, here of processor time, doubled."""
    return subprocess.run(
        [*HOPLON, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (4, 5)),
    )


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


BAD: dict[str, tuple[str | bytes, str]] = {
    "malformed": ("hoplon: 1\nthreats: {a: [1, 2}\n", "s.yaml:2:19: not well-formed YAML"),
    "unknown key": (HEAD + "titel: x\n", "s.yaml:4:1: unknown key 'titel'; did you mean 'title'?"),
    "duplicate key": (HEAD + "title: x\ntitle: y\n", "s.yaml:5:1: duplicate key 'title'"),
    "metres": (
        HEAD + "threats:\n  mrbm: {max_range_km: 2000000}\n",
        "s.yaml:5:24: threats.mrbm.max_range_km: must be from 10 to 20015 km, got 2000000; written in metres?",
    ),
    "sign": (
        HEAD + "doctrine:\n  decision_s: -30\n",
        "s.yaml:5:15: doctrine.decision_s: must be from 0 to 3600 s, got -30",
    ),
    "swapped": (
        HEAD + "elements: {kurecik: {at: [137.79, 38.35]}}\n",
        "s.yaml:4:27: elements.kurecik.at: latitude must be from -90 to 90 degrees north, got 137.79; latitude and "
        "longitude swapped?",
    ),
    "unknown name": (
        HEAD + "elements: {kurecik: {radar: foward-x}}\n",
        "s.yaml:4:29: elements.kurecik.radar: 'foward-x' is not in `radars`; did you mean 'forward-x'?",
    ),
    "cycle of architectures": (
        HEAD + "architectures: {fast: {extends: fast-remote}}\n",
        "s.yaml:4:33: architectures.fast.extends: the architectures extend each other: fast -> fast-remote -> fast",
    ),
    "cycle of files": ("hoplon: 1\nextends: s.yaml\nname: bad\n", "s.yaml:2:10: extends: the files extend each other"),
    "deep nesting": (f"threats: {'[' * 10_000}{']' * 10_000}", "s.yaml:1:41: nested deeper than 32 levels"),
    "50 MB": (b"hoplon: 1\nname: a\n" + b"x: 1\n" * 10_000_000, "s.yaml:1:1: larger than 4 MiB"),
    "alias bomb": (BOMB, "s.yaml:6:55: more than 100000 values"),
    "binary garbage": (bytes(range(256)) * 1000, "s.yaml:2:118: byte 0x80 is not UTF-8"),
    "empty": ("", "s.yaml:1:1: the file is empty"),
    "not a number": (
        HEAD + "network: {latency_s: .nan}\n",
        "s.yaml:4:22: network.latency_s: a finite number was expected",
    ),
    "infinite": (HEAD + "network: {latency_s: .inf}\n", "s.yaml:4:22: network.latency_s: a finite number was expected"),
    "a list at the top": ("- 1\n- 2\n", "s.yaml:1:1: a list of 2 at the top; a mapping was expected"),
    "code": ('!!python/object/apply:os.system ["touch executed"]\n', "s.yaml:1:1: tag 'tag:yaml.org,2002:python/"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("command", ["check", "study"])
def test_a_bad_scenario_is_refused_and_nothing_is_written(tmp_path: Path, command: str, case: str) -> None:
    content, message = BAD[case]
    (tmp_path / "s.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    ended = run(tmp_path, command, "s.yaml", *(["-o", "out"] if command == "study" else []))
    assert ended.returncode == 1
    assert ended.stderr.startswith(message), ended.stderr[:500]
    assert "Traceback" not in ended.stderr
    assert files(tmp_path) == {"s.yaml"}


def test_a_refused_check_as_json_is_one_object_with_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(HEAD + "titel: x\n")
    ended = run(tmp_path, "check", "s.yaml", "--json")
    assert ended.returncode == 1
    assert [(item["line"], item["column"]) for item in json.loads(ended.stdout)["errors"]] == [(4, 1)]


@pytest.mark.parametrize("wrong", ["nowhere.yaml", "folder", "nato-europ", "folder/nowhere.yaml"])
def test_a_missing_file_a_folder_and_an_unknown_name_are_refused(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "folder").mkdir()
    ended = run(tmp_path, "check", wrong)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"{wrong}:1:1: ")
    assert "Traceback" not in ended.stderr
    assert files(tmp_path) == {"folder"}


ENGAGE = ["engage", TOY, "--architecture", "fast", "--from", "northwest", "--threat", "mrbm", "--aim"]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ([*ENGAGE, "126.1,44.43"], 1, "latitude and longitude swapped? Then 44.43,126.1"),
        ([*ENGAGE, "nan,26.1"], 1, "finite degrees were expected"),
        ([*ENGAGE, "44.43"], 2, "LAT,LON in degrees north and east was expected"),
        (["engage", TOY, "--architecture", "fats", *ENGAGE[4:], "44,26"], 1, "did you mean 'fast'?"),
        (["coverage", TOY, "--architecture", "fast", "--threat", "mrmb"], 1, "did you mean 'mrbm'?"),
        (["coverage", TOY, "--architecture", "fast", "--from", "northwst"], 1, "did you mean 'northwest'?"),
        (["coverage", TOY, "--architecture", "fast", "--points", "no.csv"], 1, "no.csv: cannot be read: No such file"),
        (
            ["coverage", TOY, "--architecture", "fast", "--points", "bad.csv"],
            1,
            "bad.csv:2: lat: must be from -90 to 90",
        ),
        (["coverage", TOY, "--architecture", "fast", "--points-out", "no/x.csv"], 1, "no/x.csv: there is no folder no"),
        (["footprint", TOY, "--architecture", "fast", "--battery", "devselu", *ENGAGE[4:8]], 1, "unknown battery"),
        (
            ["export", TOY, "--format", "geojson", "-o", "/dev/null"],
            1,
            "/dev/null: is a device or a pipe; the name",
        ),
        (["raid", TOY, *ENGAGE[2:4], "--raid", "four", "--log", "/dev/null"], 1, "/dev/null: is a device or a pipe"),
        (["study", TOY, "-o", "bad.csv"], 1, "bad.csv: is a file; a folder was expected"),
        (["list", "nato-europe", "radar"], 2, "did you mean 'radars'?"),
        (["enagge"], 2, "did you mean 'engage'?"),
    ],
)
def test_bad_arguments_are_refused_with_what_is_near(
    tmp_path: Path, arguments: list[str], status: int, message: str
) -> None:
    (tmp_path / "bad.csv").write_text("lat,lon\n126.1,44.43\n")
    ended = run(tmp_path, *arguments)
    assert ended.returncode == status, ended.stderr
    assert message in ended.stderr
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert files(tmp_path) == {"bad.csv"}


def test_a_reader_that_leaves_ends_the_process_without_a_traceback(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*HOPLON, "schema"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait(timeout=10) == 141
    assert process.stderr.read() == ""
    process.stderr.close()


def test_a_terminal_that_knows_no_letters_of_the_text_gets_signs_for_them(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("hoplon: 1\nname: s\nraids: {}\nlaunch_areas: {a: {title: Słupsk, at: [1, 2]}}\n")
    ended = subprocess.run(
        [*HOPLON, "list", "s.yaml", "areas"],
        cwd=tmp_path,
        env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert b"S?upsk" in ended.stdout


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [["schema"], ["list", "toy"], ["check", "toy", "--json"]])
def test_a_full_disk_under_the_output_is_one_line_and_status_one(
    tmp_path: Path, arguments: list[str], unbuffered: str
) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*HOPLON, *arguments],
            cwd=tmp_path,
            env={**ENVIRONMENT, "PYTHONUNBUFFERED": unbuffered},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr == "hoplon: No space left on device: free disk space and retry\n"


def test_closed_streams_end_no_command_and_no_file_gets_their_number(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(HEAD + "titel: x\n")
    command = f"{shlex.join([*HOPLON, 'check', 's.yaml'])} <&- >&- 2>&-"
    assert subprocess.run(command, shell=True, cwd=tmp_path, env=ENVIRONMENT, check=False).returncode == 1
    command = f"{shlex.join([*HOPLON, 'export', 'toy', '--format', 'geojson', '-o', 'x.json'])} >&-"
    ended = subprocess.run(command, shell=True, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr.decode()) == (0, "x.json: 7 features written\n")
    assert len(json.loads((tmp_path / "x.json").read_text())["features"]) == 7


def test_the_package_runs_as_the_command(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "hoplon", "--version"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.startswith("hoplon ")


def test_a_document_is_utf_8_whatever_the_terminal_knows(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(HEAD + "launch_areas: {a: {title: Słupsk, at: [1, 2]}}\n", encoding="utf-8")
    ended = subprocess.run(
        [*HOPLON, "export", "s.yaml", "--format", "kml"],
        cwd=tmp_path,
        env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert "Słupsk" in ended.stdout.decode("utf-8")
