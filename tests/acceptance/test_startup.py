"""The commands that should answer at once load nothing heavy; how long they take is measured by the benchmarks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import hoplon.scenario

SOURCES = Path(hoplon.scenario.__file__).parents[2]
HEAVY = {"numpy", "numba", "pandas", "pydantic", "matplotlib", "shapely", "pyproj", "xarray", "jinja2"}
LOADED = """
import sys
from hoplon.cli import main
main(sys.argv[1:])
print("loaded:", *sorted({name.split(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["list"], ["list", "toy", "threats"], ["check", "nato-europe"], ["schema"]]
)
def test_a_quick_command_loads_no_heavy_package(arguments: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = ended.stdout.splitlines()[-1].removeprefix("loaded: ").split()
    assert "hoplon" in loaded
    assert not HEAVY & set(loaded)
