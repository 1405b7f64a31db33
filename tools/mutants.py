"""Mutation testing: what tests catch when one operator, comparison or number of a module is another one.

``python tools/mutants.py hoplon.flight --sample 30 --seed 2``

Mutants are drawn at random with a seed over all modules of a package, and each runs in a fork of its own. The tests of
a module are those that ``tools/mutants.toml`` names, or ``--tests``. They run once, with what each of them enters and
takes noted; a mutant then meets the tests that enter its function, the cheapest first. Kernels are interpreted
(``NUMBA_DISABLE_JIT=1``), or compiled where the table says so, for modules that have none. A mutant is killed when a
test fails or takes many times as long. Mutants that no test can see are listed in the table with the reason, and
counted apart when they survive. The interval of the share killed is Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import ast
import copy
import functools
import gc
import importlib.abc
import importlib.machinery
import json
import os
import random
import signal
import sys
import tempfile
import tomllib
import traceback
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

import hypothesis
import pytest

SOURCES: Final = Path(__file__).parents[1] / "src"
TABLE: Final = Path(__file__).with_suffix(".toml")
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
        text = self.file.read_text(encoding="utf-8")
        self.tree, self._lines = ast.parse(text), text.splitlines()

    def line(self, number: int) -> str:
        """Return the text of a line."""
        return self._lines[number - 1].strip() if number else ""


def modules_of(name: str) -> list[str]:
    """Return a module's name, or those of a package's modules."""
    folder = SOURCES / name.replace(".", "/")
    if not folder.is_dir():
        return [name]
    files = sorted(file for file in folder.rglob("*.py") if file.stem != "__init__")
    return [".".join(file.relative_to(SOURCES).with_suffix("").parts) for file in files]


class Recorder:
    """Notes what each test takes and which functions of hoplon it enters; tests too long or failing are left out.

    Numbers that overflow on purpose warn where kernels are interpreted, so that such warnings count for nothing here.
    """

    def __init__(self, longest: float) -> None:
        self.seconds: dict[str, float] = {}
        self.entered: dict[str, set[tuple[str, str]]] = {}
        self.left_out: set[str] = set()
        self._longest, self._now = longest, set[tuple[str, str]]()
        signal.signal(signal.SIGPROF, self._give_up)

    def _give_up(self, *_: Any) -> None:
        raise _TooLong

    def _note(self, frame: Any, event: str, _: Any) -> None:
        code = frame.f_code
        if "/hoplon/" in code.co_filename:
            self._now.add((code.co_filename, code.co_qualname.partition(".<locals>")[0]))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: Any) -> Iterator[None]:
        """Note what the reading of a file of tests enters."""
        self._now = self.entered.setdefault(collector.nodeid, set())
        sys.settrace(self._note)
        yield
        sys.settrace(None)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        """Note what a test enters, and its processor time."""
        self._now = self.entered.setdefault(item.nodeid, set())
        begun = _spent(own=True)
        sys.settrace(self._note)
        yield
        sys.settrace(None)
        self.seconds[item.nodeid] = _spent(own=True) - begun

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        """Give up a test that takes too long, where pytest catches what is raised."""
        signal.setitimer(signal.ITIMER_PROF, self._longest)
        yield
        signal.setitimer(signal.ITIMER_PROF, 0)

    def pytest_runtest_makereport(self, call: Any, item: Any) -> None:
        """Note a test that fails or was given up."""
        if call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception):
            self.left_out.add(item.nodeid)

    def chosen(self, file: str, functions: set[str], budget: float) -> list[str]:
        """Return the tests of one mutant: those that enter its function, cheapest first, then others of their files.

        What a test file keeps is entered by the first test that asks for it, so that the others of the file count too.
        """
        good = sorted((test for test in self.seconds if test not in self.left_out), key=lambda test: self.seconds[test])
        hit = {
            test
            for test, entered in self.entered.items()
            if any(at == file and (not functions or name in functions) for at, name in entered)
        }
        files = {test.partition("::")[0] for test in hit}
        order = [test for test in good if test in hit]
        order += [test for test in good if test not in hit and test.partition("::")[0] in files]
        taken, total = [], 0.0
        for test in order:
            total += self.seconds[test]
            if taken and total > budget:
                break
            taken.append(test)
        return taken

    def told(self) -> dict[str, Any]:
        """Return what was noted, as JSON."""
        entered = {test: sorted(found) for test, found in self.entered.items()}
        return {"seconds": self.seconds, "entered": entered, "left_out": sorted(self.left_out)}

    def told_by(self, told: dict[str, Any]) -> None:
        """Take what another process noted."""
        self.seconds, self.left_out = told["seconds"], set(told["left_out"])
        self.entered = {test: {(file, name) for file, name in found} for test, found in told["entered"].items()}


class _TooLong(BaseException):
    """A test took too long."""


class Chooser:
    """Runs chosen tests alone, in their order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._place = {test: number for number, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Keep the chosen tests."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self._place), key=lambda item: self._place[item.nodeid]
        )


def prepared(tests: Sequence[str], compiled: bool, longest: float) -> Recorder:
    """Run the tests, and return what each of them takes and enters.

    With interpreted kernels they run in this process, so that forks need not import. With compiled ones they run in a
    fork, and are collected here: a process that has run parallel kernels cannot be forked.
    """
    recorder = Recorder(longest)
    if compiled:
        _run_silently(["--collect-only", *tests], [])
        with tempfile.TemporaryFile("w+") as kept:
            child = os.fork()
            if not child:
                _run_silently(tests, [recorder])
                json.dump(recorder.told(), kept)
                kept.flush()
                os._exit(0)
            _, status = os.waitpid(child, 0)
            if status:
                sys.exit(f"the run of the tests ends with {status}")
            kept.seek(0)
            recorder.told_by(json.load(kept))
    else:
        _run_silently(tests, [recorder])
    for found in gc.get_objects():
        if isinstance(found, functools._lru_cache_wrapper):
            found.cache_clear()
    return recorder


def _run_silently(tests: Sequence[str], plugins: Sequence[Any]) -> int:
    kept = [os.dup(stream) for stream in (1, 2)]
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(silence, stream)
    given = ["-q", "-p", "no:cacheprovider", "--hypothesis-seed=1", "--hypothesis-profile=mutants"]
    given += ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-W", "ignore::RuntimeWarning"]
    try:
        return int(pytest.main([*given, *tests], plugins=list(plugins)))
    finally:
        for stream, before in zip((1, 2), kept, strict=True):
            os.dup2(before, stream)


def passed(source: Source, tree: ast.Module, line: int, recorder: Recorder, budget: float) -> bool:
    """Run tests in a fork with a module changed at a line; return whether all of them pass in time."""
    functions = {name for name, _ in _functions(source.tree, line)}
    tests = recorder.chosen(str(source.file), functions, budget)
    if not tests:
        return True
    seconds = 10 + 6 * int(sum(recorder.seconds[test] for test in tests))
    child = os.fork()
    if not child:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)  # of processor time: ends the fork, as the other one does
        signal.alarm(30 * seconds)
        whole = not replaced(source, tree, line)
        if whole:
            sys.meta_path.insert(0, _Finder(source.module, tree, str(source.file)))
        _forget(whole)
        files = dict.fromkeys(test.partition("::")[0] for test in tests)
        os._exit(_run_silently(["-x", *files], [Chooser(tests)]))
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


def _spent(own: bool) -> float:
    """Return the processor time of this process, or of its forks, so far [s]."""
    told = os.times()
    return told.user + told.system if own else told.children_user + told.children_system


def interval(part: int, whole: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    z, share = 1.96, part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * (share * (1 - share) / whole + z * z / (4 * whole * whole)) ** 0.5
    return middle - half, middle + half


class Table:
    """Which tests are meant for a module, and which mutants no test can see."""

    def __init__(self) -> None:
        told = tomllib.loads(TABLE.read_text(encoding="utf-8"))
        self.groups: dict[str, list[str]] = told.get("groups", {})
        self._tests: dict[str, Any] = told["tests"]
        self._equivalent = {(one["module"], one["line"], one["change"]) for one in told.get("equivalent", ())}

    def tests(self, module: str) -> tuple[tuple[str, ...], bool]:
        """Return a module's tests, of the longest name that begins it, and whether its kernels stay compiled."""
        names = [name for name in self._tests if f"{module}.".startswith(f"{name}.")]
        if not names:
            sys.exit(f"no tests for {module} in {TABLE}: name them with --tests")
        entry = self._tests[max(names, key=len)]
        return tuple(entry["files"]), bool(entry.get("compiled", False))

    def equivalent(self, source: Source, line: int, told: str) -> bool:
        """Return whether a mutant is listed as one that changes nothing."""
        return (source.module, source.line(line), told) in self._equivalent


def judged(
    tests: Sequence[str], compiled: bool, mutants: Sequence[tuple[Source, int, str, Any]], given: argparse.Namespace
) -> Iterator[tuple[Source, int, str, bool]]:
    """Yield each mutant of one group of tests, and whether it survives; a fork of its own holds what was imported."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        sys.excepthook = lambda *told: (traceback.print_exception(*told), os._exit(1))
        os.close(read)
        if not compiled:
            os.environ["NUMBA_DISABLE_JIT"] = "1"
        for name in ("numba", "numpy", "scipy.optimize", "pandas", "xarray", "pyarrow", "shapely"):
            if find_spec(name.partition(".")[0]):
                __import__(name)
        recorder = prepared(tests, compiled, given.longest)
        if recorder.left_out:
            print(f"  left out, longer than {given.longest:g} s or failing: {', '.join(sorted(recorder.left_out))}")
            sys.stdout.flush()
        if not passed(mutants[0][0], mutants[0][0].tree, 0, recorder, given.budget / 4):
            print(f"the tests fail on {mutants[0][0].module} as it is, read again", flush=True)
            os._exit(1)
        for number, (source, line, _, change) in enumerate(mutants):
            survives = passed(source, changed(source.tree, change), line, recorder, given.budget)
            os.write(write, f"{number} {int(survives)}\n".encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        for row in told:
            number, survives = map(int, row.split())
            yield *mutants[number][:3], bool(survives)
    _, status = os.waitpid(child, 0)
    if status:
        sys.exit(f"the tests end early on hoplon as it is: {' '.join(tests)}")


def main() -> int:
    """Make mutants of modules, and print which survive and how many do not."""
    parser = argparse.ArgumentParser(prog="python tools/mutants.py", description=__doc__)
    parser.add_argument("module", nargs="+", help="or package, or group of the table, as hoplon.flight.ballistic")
    parser.add_argument("--tests", nargs="+", metavar="TEST", help=f"in place of those of {TABLE.name}")
    parser.add_argument("--sample", type=int, default=30, metavar="N", help="mutants of each name; default: 30")
    parser.add_argument("--seed", type=int, default=1, metavar="K")
    parser.add_argument("--compiled", action="store_true", help="run kernels compiled; with --tests")
    parser.add_argument("--longest", type=float, default=10.0, metavar="S", help="leave longer tests out; default: 10")
    parser.add_argument("--budget", type=float, default=20.0, metavar="S", help="tests of one mutant; default: 20 s")
    given = parser.parse_args()
    sys.path[:0] = [str(SOURCES), str(SOURCES.parent / "tests")]
    hypothesis.settings.register_profile(
        "mutants", phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate), database=None
    )
    table = Table()
    for name in given.module:
        modules = [module for part in table.groups.get(name, (name,)) for module in modules_of(part)]
        every = [(source, *one) for source in map(Source, modules) for one in changes(source.tree)]
        sample = random.Random(given.seed).sample(every, min(given.sample, len(every)))
        groups: dict[tuple[tuple[str, ...], bool], list[Any]] = {}
        for one in sorted(sample, key=lambda one: (one[0].module, one[1])):
            group = (tuple(given.tests), given.compiled) if given.tests else table.tests(one[0].module)
            groups.setdefault(group, []).append(one)
        killed = equivalent = 0
        by_module: dict[str, list[int]] = {}
        for (tests, compiled), mutants in groups.items():
            for source, line, told, survives in judged(tests, compiled, mutants, given):
                same = survives and table.equivalent(source, line, told)
                killed += not survives
                equivalent += same
                counts = by_module.setdefault(source.module, [0, 0, 0])
                counts[0] += not survives
                counts[1] += 1
                counts[2] += same
                if survives:
                    where = f"{source.file.relative_to(SOURCES.parent)}:{line}: {told}"
                    print(f"  {'changes nothing' if same else 'survives'}: {where}: {source.line(line)}", flush=True)
        for module, (dead, drawn, same) in by_module.items():
            print(f"    {module}: {dead} of {drawn}" + (f", {same} change nothing" if same else ""))
        print(f"{name}, seed {given.seed}: {_told(killed, len(sample))} of {len(every)} mutants", end="")
        print(f"; without {equivalent} that change nothing {_told(killed, len(sample) - equivalent)}", flush=True)
    return 0


def _told(killed: int, of: int) -> str:
    low, high = interval(killed, of)
    return f"{killed} of {of} killed, {killed / of:.0%} ({low:.0%} to {high:.0%})"


if __name__ == "__main__":
    sys.exit(main())
