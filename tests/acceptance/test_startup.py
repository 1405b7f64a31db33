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


ROUND_TRIP = """
import sys
from pathlib import Path
from hoplon.campaigns import work
from hoplon.campaigns.results import write_results
from hoplon.campaigns.plan import Plan
from hoplon.campaigns.store import Chunk, read_chunk, write_chunk
import numpy as np
folder = Path(sys.argv[1])
work.make_ready()
write_chunk(folder, "name", Chunk(0, 0, 4, 24, np.ones((3, 16), dtype=np.int64)))
assert read_chunk(folder, "name", 0) is not None
write_results(folder, Plan(("a",), ("r",)), iter([]))
print("loaded:", *sorted({name.split(".")[0] for name in sys.modules}))
"""


def test_a_worker_of_a_campaign_loads_no_pandas(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ROUND_TRIP, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = ended.stdout.splitlines()[-1].removeprefix("loaded: ").split()
    assert "pyarrow" in loaded
    assert "pandas" not in loaded
