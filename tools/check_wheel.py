"""Build the sdist, the wheel from it, and check both: metadata, contents, and installed in empty environments.

``python tools/check_wheel.py`` installs the wheel twice, side by side: with the newest versions of what it declares,
and with the lowest. With the newest it measures the base install, follows the README's five minutes to the letter, runs
a study of ``toy`` and types a new user's script; with the lowest it runs what touches each package. ``--smoke`` leaves
out what compiles more kernels than one engagement needs; ``--python`` names another Python than the running one, which
needs hatchling, packaging, mypy.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.metadata import Metadata
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
MOST_MIB = 450  # of files that pip writes for the base install, bytecode with them
SHORT: tuple[list[str], ...] = ([], ["list"], ["engage"])  # of the README's commands
OF_VENV = {"pip", "setuptools"}
USER_SCRIPT = ROOT / "tests" / "data" / "first_script.py"
LOWEST_TESTS = ("campaign_store", "labels", "geography", "outline", "charts", "mix_games")
LONGER_TESTS = ("mix", "tables", "hitting_sets", "read_back_by_geopandas")  # which compile more kernels
SIZES = """
import importlib.metadata, json
print(json.dumps({
    one.name: sum(path.stat().st_size for file in one.files or () if (path := one.locate_file(file)).is_file())
    for one in importlib.metadata.distributions()
}))
"""
EXPORTS = """
import hoplon
dataset = hoplon.export("toy", "netcdf").content
for name in ("geojson", "czml", "kml", "geoparquet", "netcdf"):
    assert hoplon.export("toy", name).content, name
scenarios = hoplon.scenarios()
assert len(scenarios.as_frame()) == len(scenarios.rows()) > 0
assert len(hoplon.export("toy", "geojson").to_geodataframe()) > 0
assert hoplon.validate("DET").passed
assert hoplon.export("toy", "netcdf").content == dataset
"""


class Environment:
    """A virtual environment that holds nothing but what is installed here."""

    def __init__(self, python: str, folder: Path) -> None:
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
        self.folder, self.work = folder, folder / "work"
        self.work.mkdir()
        hidden = ("PYTHONPATH", "VIRTUAL_ENV", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME")
        self._variables = {name: value for name, value in os.environ.items() if name not in hidden}
        self._variables |= {"NUMBA_CACHE_DIR": str(folder / "kernels"), "HOPLON_BROWSER": "", "MPLBACKEND": "agg"}

    def program(self, name: str) -> str:
        """Return the path of a program of the environment."""
        return str(self.folder / "bin" / name)

    def run(self, *command: str, inside: Path | None = None) -> str:
        """Run a program; return what it prints, refuse one that fails."""
        ended = subprocess.run(
            command, cwd=inside or self.work, env=self._variables, capture_output=True, text=True, check=False
        )
        if ended.returncode:
            raise SystemExit(f"{shlex.join(command)}: exit code {ended.returncode}\n{ended.stdout}{ended.stderr}")
        return ended.stdout

    def install(self, *arguments: str) -> None:
        """Install by pip, binary packages alone."""
        quiet = ("--quiet", "--disable-pip-version-check", "--only-binary", ":all:")
        self.run(self.program("python"), "-m", "pip", "install", *quiet, *arguments)


def built(folder: Path) -> Path:
    """Build the sdist and, from what is in it, the wheel."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder)], cwd=ROOT, check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    source = folder / archive.name.removesuffix(".tar.gz")
    for name in ("tests/conftest.py", "tools/check_wheel.py", "docs/data-sources.md", "requirements.txt", "Makefile"):
        if not (source / name).is_file():
            raise SystemExit(f"{archive.name}: {name} is not in it")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=source, check=True
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def check_contents(wheel: Path) -> Metadata:
    """Check what is in the wheel, and what it says of itself."""
    with zipfile.ZipFile(wheel) as file:
        names = [name for name in file.namelist() if not name.endswith("/")]
        head = next(name.partition("/")[0] for name in names if ".dist-info/" in name)
        told = Metadata.from_email(file.read(f"{head}/METADATA"), validate=True)
        licences = file.read(f"{head}/licenses/docs/data-sources.md").decode()
    wrong = [name for name in names if not name.startswith(("hoplon/", f"{head}/")) or "__pycache__" in name]
    tracked = subprocess.run(
        ["git", "ls-files", "src/hoplon"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    wrong += sorted({name.removeprefix("src/") for name in tracked} ^ {name for name in names if name[:7] == "hoplon/"})
    data = [name for name in names if re.match(r"hoplon/(scenario|validation)/.*\.(gz|csv|ya?ml)$", name)]
    wrong += [f"{name}: no licence" for name in data if f"`{name.rpartition('/')[2]}`" not in licences]
    if "hoplon/py.typed" not in names or f"{head}/licenses/LICENSE" not in names or not data:
        wrong.append("py.typed, LICENSE or data")
    if told.description_content_type != "text/markdown" or not told.license_expression or not told.classifiers:
        wrong.append("METADATA")
    if wrong:
        raise SystemExit(f"{wheel.name}: missing or astray: {', '.join(wrong)}")
    print(f"{wheel.name}: {len(names)} files, {wheel.stat().st_size / 2**20:.1f} MiB, {told.license_expression}")
    return told


def five_minutes() -> tuple[list[list[str]], str, dict[str, str]]:
    """Return the commands of the README's five minutes, its Python, and its files by their names."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Five minutes")[2]
    blocks = re.findall(r"(?:<!-- file: (\S+) -->\n)?```(\w*)\n(.*?)```", text, re.DOTALL)
    lines = "".join(code for _, kind, code in blocks if kind == "sh").replace("\\\n", " ").splitlines()
    commands = [words for line in lines if (words := shlex.split(line, comments=True))]
    example = next(code for _, kind, code in blocks if kind == "python")
    return commands, example, {name: code for name, _, code in blocks if name}


def check_newest(python: str, folder: Path, wheel: Path, whole: bool) -> None:
    """Check the wheel with the newest versions of what it declares, without and then with its extras."""
    made = Environment(python, folder)
    made.install(str(wheel))
    sizes = json.loads(made.run(made.program("python"), "-c", SIZES))
    mib = {name: size / 2**20 for name, size in sizes.items() if name not in OF_VENV}
    greatest = sorted(mib, key=lambda name: -mib[name])[:8]
    print(f"base install {sum(mib.values()):.0f} MiB:", ", ".join(f"{name} {mib[name]:.0f}" for name in greatest))
    if sum(mib.values()) > MOST_MIB:
        raise SystemExit(f"base install: more than {MOST_MIB} MiB")
    made.run(made.program("python"), "-W", "error", "-c", "import hoplon")
    mypy = (sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--python-executable", made.program("python"))
    made.run(*mypy, str(USER_SCRIPT))
    commands, example, files = five_minutes()
    for name, text in files.items():
        (made.work / name).write_text(text, encoding="utf-8")
    for command in commands:
        if whole or command[1:2] in SHORT:
            made.run(made.program("hoplon"), *command[1:])
    if whole:
        made.run(made.program("hoplon"), "study", "toy", "-o", "toy")
        made.run(made.program("hoplon"), "doctor")
    made.install(f"{wheel}[all]")
    if whole:
        made.run(made.program("python"), "-c", example)
    made.run(made.program("python"), "-c", EXPORTS)
    print(
        f"newest versions: the README's five minutes ({'whole' if whole else 'in part'}), every format, a typed script"
    )


def check_lowest(python: str, folder: Path, wheel: Path, declared: Sequence[Requirement], whole: bool) -> None:
    """Check the wheel with the lowest versions that it declares."""
    made = Environment(python, folder)
    lowest = made.work / "lowest.txt"
    bounds = dict.fromkeys(f"{one.name}=={next(iter(one.specifier)).version}" for one in declared)
    lowest.write_text("\n".join(bounds), encoding="utf-8")
    dev = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    tested = re.findall(r"^(?:pytest|hypothesis)==.*", dev, re.MULTILINE)
    made.install("--no-compile", "--constraint", str(lowest), f"{wheel}[all]", *tested)
    made.run(made.program("python"), "-W", "error", "-c", "import hoplon")
    flight = ("--launch", "38,46.3", "--aim", "44.4,26.1", "--threat", "mrbm-2000")
    made.run(made.program("hoplon"), "trajectory", *flight)
    made.run(made.program("python"), "-c", EXPORTS)
    quiet = ("-q", "-p", "no:cacheprovider", "-W", "ignore::DeprecationWarning", "-W", "ignore::FutureWarning")
    files = [f"tests/unit/test_{name}.py" for name in (*LOWEST_TESTS, *(LONGER_TESTS if whole else ()))]
    said = made.run(made.program("python"), "-m", "pytest", *quiet, *files, inside=ROOT)
    print("lowest versions:", ", ".join(bounds))
    print("lowest versions:", said.strip().splitlines()[-1])


def main() -> None:
    """Build and check."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--python", default=sys.executable)
    asked.add_argument("--smoke", action="store_true")
    asked.add_argument("--only", choices=("newest", "lowest"))
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="hoplon-wheel-") as name:
        folder = Path(name)
        wheel = built(folder)
        told = check_contents(wheel)
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        extras = [text for key, texts in project["optional-dependencies"].items() if key != "all" for text in texts]
        declared = [Requirement(text) for text in (*project["dependencies"], *extras)]
        required = {one.name.lower() for one in told.requires_dist or ()}
        if {one.name.lower() for one in declared} != required - {"hoplon"}:
            raise SystemExit(f"{wheel.name}: what it requires is not what pyproject.toml declares")
        with ThreadPoolExecutor() as side_by_side:
            parts = []
            if given.only != "lowest":
                parts.append(side_by_side.submit(check_newest, given.python, folder / "newest", wheel, not given.smoke))
            if given.only != "newest":
                parts.append(
                    side_by_side.submit(check_lowest, given.python, folder / "lowest", wheel, declared, not given.smoke)
                )
            for part in parts:
                part.result()


if __name__ == "__main__":
    main()
