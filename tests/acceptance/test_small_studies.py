"""Studies of scenarios that lack something: a report that says what, and nothing half-written."""

import csv
import html
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = "extends: toy\nhoplon: 1\nname: small\n"
FEW = "architectures: {fast-organic: null, fast-remote: null, slow: null}\n"
NOBODY = "nobody is threatened."
CASES = {
    "nothing": ("hoplon: 1\nname: small\n", ("names no nation", "no threat class", "no architecture")),
    "no nation": (f"{HEAD}nations: []\nraids: null\n", ("The scenario names no nation",)),
    "no class": (f"{HEAD}nations: [LUX]\nthreats: {{mrbm: null, irbm: null}}\nraids: null\n", ("no threat class",)),
    "no launch area": (
        f"{HEAD}nations: [LUX]\nraids: null\nlaunch_areas: {{northwest: null, centre: null}}\n"
        "threats: {irbm: {launch_areas: null}}\n",
        ("The scenario has no launch area", NOBODY),
    ),
    "nobody within reach": (f"{HEAD}nations: [ISL]\nraids: null\n{FEW}", ("reaches any place of Iceland", NOBODY)),
    "no battery": (
        f"{HEAD}nations: [LUX]\narchitectures: {{slow: null, fast-organic: null, fast-remote: null, "
        "fast: {elements: [hub]}}\n",
        ("No battery in 4.5 km/s interceptors", "Not answered", "Q14"),
    ),
    "radars and no battery": (
        f"{HEAD}nations: [LUX, ROU]\narchitectures: {{slow: null, fast-organic: null, fast-remote: null, "
        "fast: {elements: [watch, kurecik, deveselu-radar, hub]}}\n",
        ("No battery in 4.5 km/s interceptors", "Q14"),
    ),
    "across the antimeridian": (
        f"{HEAD}nations: [NZL, FJI]\nraids: null\n{FEW}launch_areas: {{northwest: {{at: [-15.0, -179.5]}}, "
        "centre: {at: [-25.0, 178.0]}}\n",
        ("People of New Zealand and Fiji are scaled to the total of each nation (Natural Earth, 2019)", "Suva"),
    ),
    "about a pole, nobody counted": (
        f"{HEAD}nations: [ATA]\nraids: null\n{FEW}launch_areas: {{northwest: {{at: [-60.0, -60.0]}}, "
        "centre: {at: [-70.0, 100.0]}}\n",
        ("No places of Antarctica are bundled: its land is judged, its people are not counted.",),
    ),
    "smaller than a land cell": (f"{HEAD}nations: [VAT]\nraids: null\n{FEW}", ("No places of Vatican are bundled",)),
    "titles of other signs": (
        f"{HEAD}nations: [LUX]\nraids: null\narchitectures: {{slow: null, fast-organic: null, fast-remote: null, "
        "fast: {title: '=A $\\frac{a}{$ “b”'}}\nsources: {s: {citation: '@SUM(1+1)'}}\n",
        ("=A $\\frac{a}{$ “b”",),
    ),
}


def study(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "hoplon", "study", "s.yaml", "-o", "out"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_study_that_lacks_something_says_so(tmp_path: Path, case: str) -> None:
    text, said = CASES[case]
    ended = study(tmp_path, text)
    assert ended.returncode == 0, ended.stderr
    out = tmp_path / "out"
    page = html.unescape((out / "report.html").read_text(encoding="utf-8"))
    for words in said:
        assert words in page
    with (out / "manifest.csv").open(encoding="utf-8") as stream:
        named = {row["file"] for row in csv.DictReader(stream)}
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert {name for name in there if not name.startswith(".store/")} == {*named, "manifest.csv", "report.html"}
    for table in (out / "tables").glob("*.csv"):
        for row in csv.reader(io.StringIO(table.read_bytes().decode("utf-8"), newline="")):
            assert not [cell for cell in row if re.match(r"[=@\t\r]|[+-](?![0-9.])", cell)], table


@pytest.mark.slow
@pytest.mark.parametrize("through", ["file", "input"])
def test_a_script_without_a_main_guard_runs_a_study(tmp_path: Path, through: str) -> None:
    (tmp_path / "s.yaml").write_text(f"{HEAD}nations: [LUX]\nraids: null\n{FEW}")
    script = tmp_path / "script.py"
    script.write_text("import hoplon\n\nhoplon.study('s.yaml', 'out')\n")
    with script.open() as source:
        command = [sys.executable, "script.py" if through == "file" else "-"]
        ended = subprocess.run(command, cwd=tmp_path, stdin=source, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "out" / "report.html").is_file()
