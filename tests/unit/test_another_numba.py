"""A Numba that is not inside as hoplon knows it: kernels are compiled in its plain way, and one line says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import hoplon
from hoplon.backbone.statistics import _fraction, incomplete_beta
from hoplon.kernel_dispatcher import KernelDispatcher

CHANGED = """
import importlib, sys, types

module, name, what = sys.argv[1:]
numba = importlib.import_module(module)
another = types.ModuleType(module)
vars(another).update({key: value for key, value in vars(numba).items() if key != name})
if what == "empty":
    setattr(another, name, type(name, (), {}))
sys.modules[module] = another
import hoplon.compiled
sys.modules[module] = numba  # which Numba itself goes on with

from hoplon.backbone import statistics
from hoplon.kernel_folder import CompiledParts

print(type(statistics._fraction).__name__, repr(statistics.incomplete_beta(0.3, 2.5, 4.0)))
print(CompiledParts().kernels())
"""


@pytest.mark.parametrize(
    ("module", "name", "what", "told"),
    [
        ("numba.core.dispatcher", "_FunctionCompiler", "gone", "cannot import name '_FunctionCompiler'"),
        ("numba.core.dispatcher", "_FunctionCompiler", "empty", "_FunctionCompiler has no "),
        ("numba.core.codegen", "JITCodeLibrary", "gone", "cannot import name 'JITCodeLibrary'"),
        ("numba.core.codegen", "JITCodeLibrary", "empty", "JITCodeLibrary has no "),
    ],
)
def test_without_what_hoplon_builds_on_numba_compiles_plainly(
    module: str, name: str, what: str, told: str, tmp_path: Path
) -> None:
    assert isinstance(_fraction, KernelDispatcher)  # where nothing lacks
    environment = {**os.environ, "PYTHONPATH": str(Path(hoplon.__file__).parents[1]), "NUMBA_CACHE_DIR": str(tmp_path)}
    tmp_path.chmod(0o700)
    ended = subprocess.run(
        [sys.executable, "-c", CHANGED, module, name, what],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    kind, value, kept = ended.stdout.split()
    assert (kind, int(kept)) == ("CPUDispatcher", 1)
    assert float(value) == incomplete_beta(0.3, 2.5, 4.0)
    (line,) = ended.stderr.splitlines()
    assert "is not inside as hoplon knows it" in line
    assert told in line
