"""What only some users need: what each extra brings is what is declared, and what lacks it names it before any work."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import hoplon
from hoplon.errors import OutputError
from hoplon.extras import PACKAGES, extra, missing_packages, require
from hoplon.presentation.tables import Column, Table
from hoplon.sensing.detection import detection_threshold
from hoplon.validation.record import validate

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def without(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    for name in list(sys.modules):
        if name.partition(".")[0] in modules:
            monkeypatch.delitem(sys.modules, name)
    for name in modules:
        monkeypatch.setitem(sys.modules, name, None)


def test_each_extra_brings_the_modules_that_it_says() -> None:
    found = importlib.metadata.packages_distributions()
    for name, modules in PACKAGES.items():
        declared = {Requirement(text).name.lower() for text in PROJECT["optional-dependencies"][name]}
        brought = {found[module][0].lower() for module in modules if module != "dask"}  # of distributed's own
        assert brought == declared
        assert missing_packages(name) == ()


def test_all_is_every_extra() -> None:
    (every,) = PROJECT["optional-dependencies"]["all"]
    assert Requirement(every).extras == PROJECT["optional-dependencies"].keys() - {"all"} == set(PACKAGES)


def test_nothing_of_an_extra_is_a_dependency_and_every_bound_is_a_lower_one() -> None:
    base = [Requirement(text) for text in PROJECT["dependencies"]]
    more = [Requirement(text) for name in PACKAGES for text in PROJECT["optional-dependencies"][name]]
    assert not {one.name for one in base} & {one.name for one in more}
    for one in (*base, *more):
        assert re.fullmatch(r">=[\d.]+", str(one.specifier))


@pytest.mark.parametrize(
    ("module", "name", "ask"),
    [
        ("pandas", "frames", lambda: hoplon.scenarios().as_frame()),
        ("pandas", "frames", lambda: hoplon.contents("toy").as_frame()),
        ("pandas", "frames", lambda: Table("t", "T", (Column("a", "a"),), ()).frame()),
        ("xarray", "netcdf", lambda: hoplon.trajectory((38.0, 46.3), (44.4, 26.1), threat="mrbm-2000").as_dataset()),
        ("xarray", "netcdf", lambda: hoplon.export("toy", "netcdf")),
        ("h5netcdf", "netcdf", lambda: hoplon.export("toy", "netcdf")),
        ("pyarrow", "parquet", lambda: hoplon.export("toy", "geoparquet")),
        ("czml3", "globe", lambda: hoplon.export("toy", "czml")),
        ("simplekml", "globe", lambda: hoplon.export("toy", "kml")),
        ("scipy", "validation", lambda: detection_threshold(1e-6)),
        ("scipy", "validation", lambda: validate()),
        ("zmq", "federation", lambda: hoplon.federate("toy", "fast", "four")),
    ],
)
def test_what_an_extra_lacks_is_named_with_the_command(
    module: str, name: str, ask: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, module)
    with pytest.raises(OutputError, match=rf" needs {module}, .* pip install 'hoplon\[{name}\]'$"):
        ask()


def test_long_work_is_refused_before_it_begins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without(monkeypatch, "pyarrow")
    with pytest.raises(OutputError, match=r"a log in Parquet needs pyarrow"):
        hoplon.raid("toy", "fast", "four", log=tmp_path / "log.parquet", progress=flown)
    plan = tmp_path / "plan.yaml"
    plan.write_text("hoplon_campaign: 1\narchitectures: [fast]\nraids: [four]\nreplications: 10\n", encoding="utf-8")
    with pytest.raises(OutputError, match=r"a campaign needs pyarrow"):
        hoplon.campaign("toy", plan, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def flown(done: int, total: int, what: str) -> None:
    raise AssertionError(f"{what}: begun")


def test_only_what_is_not_there_is_a_missing_extra() -> None:
    with pytest.raises(ImportError, match="no_such_name"), extra("frames", "as_frame"):
        from hoplon import no_such_name  # type: ignore[attr-defined]  # noqa: F401
    require("frames", "as_frame")


BASE = """
import sys
for name in sys.argv[1].split(","):
    sys.modules[name] = None
from hoplon.cli import main
raise SystemExit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["coverage", "toy", "--architecture", "fast", "--json"],
        ["raid", "toy", "--architecture", "fast", "--raid", "four", "--replications", "20"],
        ["ask", "toy", "elements"],
        ["trajectory", "--launch", "38.0,46.3", "--aim", "44.4,26.1", "--threat", "mrbm-2000"],
    ],
)
def test_the_base_install_answers(arguments: list[str], tmp_path: Path) -> None:
    extras = ",".join(sorted({module for modules in PACKAGES.values() for module in modules}))
    ended = subprocess.run(
        [sys.executable, "-c", BASE, extras, *arguments],
        env={**os.environ, "PYTHONPATH": str(Path(hoplon.__file__).parents[1])},
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout
