"""Mutation testing: what tests catch when one operator, comparison or number of a module is another one.

``python tools/mutants.py hoplon.flight.ballistic --tests tests/verification/test_flight.py --sample 60``

Mutants are drawn at random with a seed, and each runs in a fork of its own with kernels interpreted
(``NUMBA_DISABLE_JIT=1``); ``--compiled`` runs them with compiled kernels, for a module that has none. The process runs
the tests once and forgets what they kept; a fork changes the one function, or, where the change is outside of any,
reads all of hoplon again with the one module changed. A mutant is killed when a test fails or takes many times as long.
A package stands for all its modules, and ``--sample`` mutants are drawn over them. The interval of the share killed is
Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import ast
import copy
import functools
import gc
import importlib.abc
import importlib.machinery
import os
import random
import signal
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

SOURCES: Final = Path(__file__).parents[1] / "src"
_SAY_NOTHING: Final = ("annotation", "returns", "decorator_list", "type_comment", "exc")
_OTHER: Final[dict[type[ast.AST], tuple[type[ast.AST], ...]]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,), ast.Mod: (ast.Mult,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,),
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.And: (ast.Or,), ast.Or: (ast.And,),
}  # fmt: skip


def changes(tree: ast.Module) -> list[tuple[int, str, Any]]:
    """Return every change of a module: line, what it does, and a function that makes it in a copy of the tree."""
    found: list[tuple[int, str, Any]] = []
    for place, node in enumerate(walked(tree)):
        for told, change in _of(node):
            found.append((getattr(node, "lineno", 0), told, (place, change)))
    return found


def walked(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that decide what is computed: no annotations, messages, decorators or texts."""
    yield tree
    for name, value in ast.iter_fields(tree):
        if name in _SAY_NOTHING or isinstance(tree, ast.JoinedStr):
            continue
        if isinstance(tree, ast.keyword) and tree.arg == "strict":  # of zip: it guards, and computes nothing
            continue
        for child in value if isinstance(value, list) else [value]:
            of_types = isinstance(child, ast.If) and getattr(child.test, "id", "") == "TYPE_CHECKING"
            if isinstance(child, ast.AST) and not isinstance(child, (ast.Import, ast.ImportFrom)) and not of_types:
                yield from walked(child)


def _of(node: ast.AST) -> Iterator[tuple[str, Any]]:
    if isinstance(node, (ast.BinOp, ast.AugAssign, ast.BoolOp)):
        for other in _OTHER.get(type(node.op), ()):
            told = f"{type(node.op).__name__} to {other.__name__}"
            yield told, lambda it, other=other: setattr(it, "op", other())
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in _OTHER.get(type(node.ops[0]), ()):
            told = f"{type(node.ops[0]).__name__} to {other.__name__}"
            yield told, lambda it, other=other: setattr(it, "ops", [other()])
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "a minus left out", lambda it: setattr(it, "op", ast.UAdd())
    elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield "condition turned", lambda it: setattr(it, "test", ast.UnaryOp(ast.Not(), it.test))
    elif isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        value = node.value
        other = (not value) if isinstance(value, bool) else value + 1 if isinstance(value, int) else value * 1.1 or 1.0
        yield f"{value} to {other}", lambda it: setattr(it, "value", other)


def changed(tree: ast.Module, change: tuple[int, Any]) -> ast.Module:
    """Return a copy of a module with one change made."""
    mutant = copy.deepcopy(tree)
    place, make = change
    make(next(node for at, node in enumerate(walked(mutant)) if at == place))
    return ast.fix_missing_locations(mutant)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module as a mutant."""

    def __init__(self, module: str, tree: ast.Module, file: str) -> None:
        self._module, self._tree, self._file = module, tree, file

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name != self._module:
            return None
        return importlib.machinery.ModuleSpec(name, self, origin=self._file)

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = self._file
        exec(compile(self._tree, self._file, "exec"), module.__dict__)


class Source:
    """One module, and its tree."""

    def __init__(self, module: str) -> None:
        plain = SOURCES / module.replace(".", "/")
        self.module = module
        self.file = plain / "__init__.py" if plain.is_dir() else plain.with_suffix(".py")
        self.tree = ast.parse(self.file.read_text(encoding="utf-8"))


def modules_of(name: str) -> list[str]:
    """Return a module's name, or those of a package's modules."""
    folder = SOURCES / name.replace(".", "/")
    if not folder.is_dir():
        return [name]
    files = sorted(file for file in folder.rglob("*.py") if file.stem != "__init__")
    return [".".join(file.relative_to(SOURCES).with_suffix("").parts) for file in files]


def prepared(tests: Sequence[str], compiled: bool) -> bool:
    """Run the tests in this process, so that forks need not import; return whether they pass.

    With compiled kernels they are collected alone: a process that has run parallel kernels cannot be forked.
    """
    status = _run_silently(["--collect-only", *tests] if compiled else tests)
    for found in gc.get_objects():
        if isinstance(found, functools._lru_cache_wrapper):
            found.cache_clear()
    return status == 0


def _run_silently(tests: Sequence[str]) -> int:
    import pytest

    kept = [os.dup(stream) for stream in (1, 2)]
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(silence, stream)
    try:
        return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=1", *tests]))
    finally:
        for stream, before in zip((1, 2), kept, strict=True):
            os.dup2(before, stream)


def passed(source: Source, tree: ast.Module, line: int, tests: Sequence[str], seconds: int) -> bool:
    """Run tests in a fork with a module changed at a line; return whether all of them pass in time."""
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_PROF, seconds)  # of processor time: ends the fork, as the other one does
        signal.alarm(30 * seconds)
        whole = bool(line) and not replaced(source, tree, line)
        if whole:
            sys.meta_path.insert(0, _Finder(source.module, tree, str(source.file)))
        _forget(whole)
        os._exit(_run_silently(tests))
    _, status = os.waitpid(child, 0)
    return status == 0


def _forget(whole: bool) -> None:
    """Forget the tests and the cases of validation, which compute as they are read; or all of hoplon too."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        tests = file.startswith(str(SOURCES.parent / "tests"))
        if tests or name.startswith("hoplon.validation") or (whole and name.partition(".")[0] == "hoplon"):
            del sys.modules[name]


def replaced(source: Source, tree: ast.Module, line: int) -> bool:
    """Give the function around a line its code in a changed tree; return False where there is none."""
    if source.module not in sys.modules:
        return False
    codes, names = [compile(tree, str(source.file), "exec")], {name for name, _ in _functions(source.tree, line)}
    while codes:
        code = codes.pop()
        codes += [item for item in code.co_consts if isinstance(item, CodeType)]
        if code.co_qualname in names:
            function = _function(sys.modules[source.module], code.co_qualname)
            if function is None or function.__code__.co_freevars != code.co_freevars:
                return False
            function.__code__ = code
            return True
    return False


def _functions(tree: ast.Module, line: int) -> Iterator[tuple[str, ast.AST]]:
    """Yield the function or the method around a line, with its name in the module; none for its header."""
    for item in tree.body:
        for prefix, node in (
            [("", item), *((f"{item.name}.", each) for each in item.body)]
            if isinstance(item, ast.ClassDef)
            else [("", item)]
        ):
            if isinstance(node, ast.FunctionDef) and node.body[0].lineno <= line <= (node.end_lineno or 0):
                yield f"{prefix}{node.name}", node


def _function(module: ModuleType, name: str) -> FunctionType | None:
    """Return a function or method of a module under whatever it is wrapped in."""
    found: Any = module
    for part in name.split("."):
        found = vars(found).get(part)
    for _ in range(5):
        if isinstance(found, FunctionType) and not hasattr(found, "__wrapped__"):
            return found
        for inside in ("fget", "func", "__func__", "__wrapped__"):
            if hasattr(found, inside):
                found = getattr(found, inside)
                break
    return None


def _spent() -> float:
    """Return the processor time of the forks so far [s]."""
    told = os.times()
    return told.children_user + told.children_system


def interval(part: int, whole: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    z, share = 1.96, part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return middle - half, middle + half


def main() -> int:
    """Make mutants of modules, and print which survive and how many do not."""
    parser = argparse.ArgumentParser(prog="python tools/mutants.py", description=__doc__)
    parser.add_argument("module", nargs="+", help="or package, as hoplon.flight.ballistic")
    parser.add_argument("--tests", nargs="+", required=True, metavar="TEST")
    parser.add_argument("--sample", type=int, default=60, metavar="N", help="mutants of each name; default: 60")
    parser.add_argument("--seed", type=int, default=1, metavar="K")
    parser.add_argument("--compiled", action="store_true", help="run kernels compiled")
    given = parser.parse_args()
    if not given.compiled:
        os.environ["NUMBA_DISABLE_JIT"] = "1"
    sys.path[:0] = [str(SOURCES), str(SOURCES.parent / "tests")]
    for name in ("numba", "numpy", "scipy.optimize", "pandas", "xarray", "pyarrow", "shapely", "pytest"):
        if find_spec(name.partition(".")[0]):
            __import__(name)
    if not prepared(given.tests, given.compiled):
        print("the tests fail on hoplon as it is")
        return 1
    for name in given.module:
        sources = {module: Source(module) for module in modules_of(name)}
        begun = _spent()
        if not passed(next(iter(sources.values())), ast.Module([], []), 0, given.tests, 600):
            print(f"{name}: the tests fail on the module as it is")
            return 1
        seconds = 20 + int(8 * (_spent() - begun))
        every = [(source, *one) for source in sources.values() for one in changes(source.tree)]
        sample = random.Random(given.seed).sample(every, min(given.sample, len(every)))
        killed = 0
        for source, line, told, change in sorted(sample, key=lambda one: (one[0].module, one[1])):
            survived = passed(source, changed(source.tree, change), line, given.tests, seconds)
            killed += not survived
            if survived:
                print(f"  survives: {source.file.relative_to(SOURCES.parent)}:{line}: {told}", flush=True)
        low, high = interval(killed, len(sample))
        print(f"{name}: {killed} of {len(sample)} killed, {killed / len(sample):.0%} ", end="")
        print(f"({low:.0%} to {high:.0%}) of {len(every)} mutants", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
